"""One SQLite file of values that can be computed again: safe under kills and two writers, and damage ends no run.

A file that is damaged is set aside under another name, what can be read of it is put into a new one, and the work goes
on. A disk that is full or cannot be written costs what would have been stored, never the work that made it.
"""

from __future__ import annotations

import functools
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from framing.errors import FramingError
from framing.files.damage import DamageError, find_code, find_identity, is_damage, name_aside, warn
from framing.files.filesystems import is_on_network

__all__ = ["open_damaged", "open_sqlite", "set_aside", "use_file", "use_wal"]

T = TypeVar("T")

_ATTEMPTS, _PAUSE = 250, 0.02  # to switch to WAL; seconds between two
_TIMEOUT = 60  # seconds to wait for another writer
_TRIES = 3  # of one use: the file that replaces a damaged one can be damaged by the same disk
_WAL_BYTES = 64 * 2**20  # a longer journal is cut to this once its content is in the file
_UNUSABLE = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_PROTOCOL,
}  # fmt: skip


@contextmanager
def open_sqlite(path: Path, *, page_size: int = 4096, cache_bytes: int = 2**21) -> Iterator[sqlite3.Connection]:
    """Open a file for the time of a block, and make it where it is missing; in WAL mode where the disk is local.

    Parameters
    ----------
    path : Path
        The file.
    page_size : int, default 4096
        Bytes of a page of a new file.
    cache_bytes : int, default 2097152
        Memory for pages.

    Yields
    ------
    Connection
        Without transactions of its own: `BEGIN` and `COMMIT` are statements of the caller. What is not committed when
        the block ends is undone.

    Raises
    ------
    OSError
        If the folder cannot be made.
    sqlite3.Error
        If the file cannot be used.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        _hold(path, whole=False),
        closing(sqlite3.connect(path, timeout=_TIMEOUT, isolation_level=None)) as connection,
    ):
        if not connection.execute("PRAGMA page_count").fetchone()[0]:  # to a file with content these would write
            connection.execute(f"PRAGMA page_size={page_size}")
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        if _shares_no_memory(path.parent):
            connection.execute("PRAGMA journal_mode=TRUNCATE")
        else:
            use_wal(connection)
            connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute(f"PRAGMA journal_size_limit={_WAL_BYTES}")
        connection.execute(f"PRAGMA cache_size=-{cache_bytes // 1024}")
        yield connection


@contextmanager
def open_damaged(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a damaged file to read what it still holds.

    Parameters
    ----------
    path : Path
        The file, which was set aside.

    Yields
    ------
    Connection
        Reads also a file that was cut.
    """
    with closing(sqlite3.connect(path, timeout=_TIMEOUT, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")  # else a file that is shorter than its header says is refused
        yield connection


def use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL, with retries: SQLite's timeout does not cover this, and first writers of a new file may meet.

    Parameters
    ----------
    connection : Connection
        A connection outside a transaction.

    Raises
    ------
    sqlite3.Error
        If the file cannot be used, or stays locked.
    """
    for attempt in range(_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)


def use_file(
    path: Path,
    what: str,
    action: Callable[[], T],
    *,
    salvage: Callable[[Path], int],
    otherwise: T,
) -> T:
    """Do something with a file; damage is mended on the way, and a file that cannot be used is done without.

    Parameters
    ----------
    path : Path
        The file; the name may be a link.
    what : str
        What the file is, in a warning.
    action : callable
        Uses the file. It is called again after damage, so it must be able to begin anew.
    salvage : callable
        Gets the place of the damaged file and puts what can be read of it into a new one; returns the number of values.
    otherwise : object
        Result where the file cannot be used.

    Returns
    -------
    object
        Result of the action.

    Raises
    ------
    FramingError
        If SQLite refuses for a reason that is neither damage nor the disk.
    """
    path = path.resolve()
    for _ in range(_TRIES):
        seen = find_identity(path)
        try:
            return action()
        except (sqlite3.Error, DamageError, OSError, UnicodeDecodeError) as error:
            if is_damage(error):
                try:
                    _mend(path, what, error, seen, salvage)
                except OSError as fault:
                    warn(_describe_unusable(path, what, fault))
                    return otherwise
            elif isinstance(error, OSError) or find_code(error) & 0xFF in _UNUSABLE:
                warn(_describe_unusable(path, what, error))
                return otherwise
            else:
                raise FramingError(
                    f"The {what} {path} cannot be used: {error}. It holds only what can be computed again: delete the "
                    "file, or set FRAMING_CACHE to another folder."
                ) from error
    warn(f"The {what} {path} is damaged again and again: the disk may be failing. The work goes on without it.")
    return otherwise


def set_aside(path: Path, seen: object = None) -> Path | None:
    """Give a damaged file another name, so that a new one can take its place.

    Parameters
    ----------
    path : Path
        The file; a journal beside it goes with it.
    seen : object, optional
        Identity of the file when the damage was found; another process may have replaced it since.

    Returns
    -------
    Path or None
        Its new place; None where the damaged file is gone already.
    """
    with _hold(path, whole=True):
        identity = find_identity(path)
        if identity is None or seen not in (None, identity):
            return None
        place = name_aside(path)
        for ending in ("-wal", "-shm", ""):  # a journal that stayed behind would be read into the new file
            part = path.with_name(path.name + ending)
            if part.exists():
                part.rename(place.with_name(place.name + ending))
        return place


@functools.cache
def _shares_no_memory(folder: Path) -> bool:
    """Whether WAL cannot work in a folder: its index is in memory that all writers share, so on one machine."""
    return is_on_network(folder)


@contextmanager
def _hold(path: Path, *, whole: bool) -> Iterator[None]:
    """Hold the right to use a file, or alone to rename it.

    SQLite removes its journal by name when the last connection closes. A connection to a file that was renamed would
    remove the journal of the file that took its place, so nobody may use a file while it is renamed.
    """
    try:
        import fcntl
    except ImportError:  # Windows renames no file that is in use
        yield
        return
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        deadline = time.monotonic() + _TIMEOUT
        while True:
            try:
                fcntl.flock(handle, (fcntl.LOCK_EX if whole else fcntl.LOCK_SH) | fcntl.LOCK_NB)
                break
            except OSError as error:
                if not isinstance(error, BlockingIOError):
                    break  # a file system without such locks
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{path.name} is in use by others") from None
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


def _mend(path: Path, what: str, error: Exception, seen: object, salvage: Callable[[Path], int]) -> None:
    """Set a damaged file aside and salvage it; nothing to do where another process has done that."""
    place = set_aside(path, seen)
    if place is None:
        return
    try:
        n_saved = salvage(place)
        rest = f"{n_saved} values of it could be read and are in a new file; the rest is computed again"
    except (sqlite3.Error, DamageError, OSError, FramingError, UnicodeDecodeError) as fault:
        rest = f"what it held is computed again, since it could not be read ({fault})"
    warn(f"The {what} {path} is damaged: {error}. It was set aside as {place.name}; {rest}.")


def _describe_unusable(path: Path, what: str, error: Exception) -> str:
    return (
        f"The {what} {path} cannot be used: {error}. The work goes on without it, and what it would hold is computed "
        "again by the next run. Make room, or set FRAMING_CACHE to a folder on a local disk that can be written."
    )
