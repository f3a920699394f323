"""Tests of framing/discovery."""
