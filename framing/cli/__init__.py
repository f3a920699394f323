"""The command line: the only wing that prints."""

from framing.cli.app import app, main

__all__ = ["app", "main"]
