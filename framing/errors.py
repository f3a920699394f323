"""The kinds of error that are raised on purpose, each with its exit code.

Every message says what was expected, what came, and what to do.
"""

from __future__ import annotations

__all__ = ["FramingError", "InputError", "LockedError", "RunError", "TooLittleDataError"]


class FramingError(Exception):
    """Base of all errors raised on purpose.

    Parameters
    ----------
    message : str
        What was expected, what came, and what to do, in the words of the functions of this package.
    argument : str, optional
        Name of the argument that is wrong or missing. It stands before the message; the command line replaces it by the
        name of its option, so that messages of functions need not name options of commands.

    Attributes
    ----------
    exit_code : int
        Exit code of the command line.

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
    """A file, name, setting or argument of the user is wrong; also a `ValueError`."""

    exit_code = 2


class TooLittleDataError(InputError):
    """The input is in order, but holds too little for an answer: one outlet to compare, no dates, no labels.

    A report that meets it says so in the part that cannot answer, and makes the others.
    """


class LockedError(FramingError):
    """Another run holds the lock."""

    exit_code = 75


class RunError(FramingError):
    """A run failed by a fault of the program: a notebook raised, a kernel died, an output is missing."""

    exit_code = 1
