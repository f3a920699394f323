"""Damage of files in the cache: how it is told from other errors, and how a damaged file makes room for a new one."""

from __future__ import annotations

import errno
import os
import sqlite3
import warnings
from pathlib import Path

__all__ = [
    "CacheWarning",
    "DamageError",
    "find_code",
    "find_identity",
    "is_damage",
    "is_damaged_file",
    "is_set_aside",
    "name_aside",
    "put_aside",
    "warn",
]

_MARK = ".damaged-"
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DAMAGED_FILE = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.EIO, errno.EBADMSG}
_DAMAGED_READING = {266, 522, 8202, 8458}  # SQLITE_IOERR of _READ, _SHORT_READ, _DATA, _CORRUPTFS: a bad sector


class CacheWarning(UserWarning):
    """Something could not be stored, or was damaged and is computed again; results are the same."""


class DamageError(Exception):
    """A value is not what was stored: its checksum or its length is wrong."""


def warn(message: str) -> None:
    """Warn that a cache cannot be used as it should.

    Parameters
    ----------
    message : str
        What happened, what it costs, and what to do.
    """
    warnings.warn(message, CacheWarning, stacklevel=2)


def is_damage(error: Exception) -> bool:
    """Tell damage of a file from other errors.

    Parameters
    ----------
    error : Exception
        Error of SQLite, or `DamageError`.

    Returns
    -------
    bool
        True where the content is not what was written.
    """
    code = find_code(error)
    # a damaged text, and a message of SQLite that quotes a damaged name
    undecodable = isinstance(error, sqlite3.OperationalError) and "decode" in str(error)
    return (
        isinstance(error, (DamageError, UnicodeDecodeError))
        or code & 0xFF in _DAMAGED
        or code in _DAMAGED_READING
        or undecodable
    )


def is_damaged_file(error: Exception) -> bool:
    """Tell damage of a file that is written once from errors that may pass, such as too many open files.

    Parameters
    ----------
    error : Exception
        Error while it was read, where it is known to have been whole.

    Returns
    -------
    bool
        True where a file is missing, is a folder, or its content is not what was written.

    Examples
    --------
    >>> is_damaged_file(IsADirectoryError(21, "Is a directory")), is_damaged_file(OSError(24, "Too many open files"))
    (True, False)
    """
    if isinstance(error, OSError):
        return error.errno is None or error.errno in _DAMAGED_FILE  # Arrow's, of the content, have no number
    return isinstance(error, (DamageError, ValueError, KeyError, TypeError, AttributeError))


def find_code(error: Exception) -> int:
    """Find the code of an error of SQLite.

    Parameters
    ----------
    error : Exception
        Any error.

    Returns
    -------
    int
        The extended code; 0 for other errors.
    """
    return int(getattr(error, "sqlite_errorcode", None) or 0)


def is_set_aside(path: Path) -> bool:
    """Tell by its name whether a file is one that was set aside.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bool
        True for a damaged file, not for its journal.
    """
    return path.name.rpartition(_MARK)[1] == _MARK and path.name.rpartition(_MARK)[2].isdigit()


def name_aside(path: Path) -> Path:
    """Find the name under which a damaged file is set aside.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Path
        The first name that is free.
    """
    number = 1
    while (place := path.with_name(f"{path.name}{_MARK}{number}")).exists():
        number += 1
    return place


def find_identity(path: Path) -> tuple[int, int] | None:
    """Find what tells a file or folder from one that takes its name later.

    Parameters
    ----------
    path : Path
        The file or folder.

    Returns
    -------
    tuple of int and int, or None
        Its device and number; None where there is nothing.
    """
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return status.st_dev, status.st_ino


def put_aside(path: Path, what: str, error: object, *, seen: tuple[int, int] | None) -> None:
    """Give a damaged file or folder another name, with a warning, so that it can be made again.

    Parameters
    ----------
    path : Path
        The file or folder. Nothing happens where another process has put it aside, or made it again.
    what : str
        What it is, in the warning.
    error : object
        What is wrong with it, in the warning.
    seen : tuple of int and int, or None
        Its identity before it was read.

    Raises
    ------
    OSError
        If it cannot be renamed.
    """
    if seen is None or find_identity(path) != seen:
        return
    place = name_aside(path)
    try:
        path.rename(place)
    except FileNotFoundError:
        return
    warn(f"The {what} {path} is damaged: {error}. It was set aside as {place.name}, and is computed again.")
