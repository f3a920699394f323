"""Damage of files in the cache: how it is told from other errors, and what a damaged file is called."""

from __future__ import annotations

import sqlite3
import warnings
from pathlib import Path

__all__ = ["CacheWarning", "DamageError", "find_code", "is_damage", "is_set_aside", "name_aside", "warn"]

_MARK = ".damaged-"
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
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
