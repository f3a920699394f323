"""Coding: what did people say? Samples with known chances, sheets, gold labels."""
