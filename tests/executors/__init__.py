"""Tests of framing/executors."""
