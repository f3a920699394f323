"""The kinds of error a user can meet, each with its exit code.

Every message says what was expected, what came, and what to do.
"""

from __future__ import annotations

__all__ = ["FramingError", "InputError", "LockedError", "RunError"]


class FramingError(Exception):
    """Base of all errors raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class InputError(FramingError, ValueError):
    """The user's file, name, setting or argument is wrong; a `ValueError` too."""

    exit_code = 2


class LockedError(FramingError):
    """Another run holds the lock."""

    exit_code = 75


class RunError(FramingError):
    """A run failed on our side: a notebook raised, a kernel died, an output is missing."""

    exit_code = 1
