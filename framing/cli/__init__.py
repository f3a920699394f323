"""The command line: the only room that prints."""

from framing.cli.app import app, main

__all__ = ["app", "main"]
