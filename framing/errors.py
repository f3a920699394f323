"""The kinds of error a user can meet, each with its exit code.

Every message says what was expected, what came, and what to do.
"""

from __future__ import annotations

__all__ = ["FramingError", "InputError", "LockedError", "RunError"]


class FramingError(Exception):
    """Base of all errors raised on purpose.

    Parameters
    ----------
    message : str
        What was expected, what came, and what to do, in the words of the functions of this package.
    argument : str, optional
        The argument that is wrong or missing. Its name stands before the message; the command line puts the option
        that gives it in its place, so that no message need name an option, which a caller of a function does not have.

    Attributes
    ----------
    exit_code : int
        What the command line returns.

    Examples
    --------
    >>> str(FramingError("expected systemd or cron, got 'at'.", argument="kind"))
    "kind: expected systemd or cron, got 'at'."
    """

    exit_code = 1

    def __init__(self, message: str = "", *, argument: str = "") -> None:
        super().__init__(f"{argument}: {message}" if argument else message)
        self.message = message
        self.argument = argument


class InputError(FramingError, ValueError):
    """The user's file, name, setting or argument is wrong; a `ValueError` too."""

    exit_code = 2


class LockedError(FramingError):
    """Another run holds the lock."""

    exit_code = 75


class RunError(FramingError):
    """A run failed on our side: a notebook raised, a kernel died, an output is missing."""

    exit_code = 1
