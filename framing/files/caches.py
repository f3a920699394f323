"""What does the cache folder hold beside the vectors, how old is it, and what may go?

Below the folder of a kind, what a run made has a name that begins with a hash of its inputs: it can be made again.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from framing.files.damage import is_set_aside
from framing.files.sqlite_file import open_sqlite

__all__ = ["CacheEntry", "list_caches", "list_set_aside", "note_use", "remove_entries"]

_DAY = 86400
_HASH = re.compile(r"[0-9a-f]{16}")
_COSTLY = frozenset({"models", "onnx"})  # does not go by age: it was installed, or takes minutes to make
_INSTALLED = frozenset({"models", "answers.sqlite"})  # the second: answers of language models, which were paid for


@dataclass(frozen=True)
class CacheEntry:
    """A file or folder of the cache.

    Attributes
    ----------
    kind : str
        Name of what it belongs to, in the cache folder.
    path : Path
        Its place.
    n_bytes : int
        Bytes on disk.
    used : float
        Time of the last use that was noted, else of the last change, in seconds since 1970.
    goes_by_age : bool
        Whether it can be made again from what a run reads anyway.
    is_installed : bool
        Whether somebody installed it, or paid for it.
    """

    kind: str
    path: Path
    n_bytes: int
    used: float
    goes_by_age: bool
    is_installed: bool


def note_use(path: Path) -> None:
    """Note that an entry of the cache is used, at most once a day.

    Parameters
    ----------
    path : Path
        File or folder of the entry. Nothing happens where its time cannot be set.
    """
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > _DAY:
            os.utime(path)


def list_caches(folder: Path, *, leave: Collection[str] = ()) -> list[CacheEntry]:
    """List what the cache folder holds.

    Parameters
    ----------
    folder : Path
        The cache folder; it need not exist.
    leave : collection of str
        Names in it to leave out.

    Returns
    -------
    list of CacheEntry
        An entry for each file in the folder, with its journals, and for each file or folder in a folder of it.
    """
    entries = []
    for item in sorted(folder.iterdir()) if folder.is_dir() else []:
        if item.name in leave or item.name.startswith("."):
            continue
        if item.is_dir():
            entries += [_read_entry(item.name, part) for part in sorted(item.iterdir())]
        elif not item.name.endswith(("-wal", "-shm", "-journal")):
            entries.append(_read_entry(item.name, item))
    return entries


def list_set_aside(folder: Path) -> list[CacheEntry]:
    """List the damaged files that were set aside in a folder of files.

    Parameters
    ----------
    folder : Path
        The folder; what is below it counts too.

    Returns
    -------
    list of CacheEntry
        An entry a file.
    """
    found = sorted(folder.rglob("*")) if folder.is_dir() else []
    return [_read_entry(f"{folder.name}, damaged", item) for item in found if is_set_aside(item)]


def remove_entries(entries: Sequence[CacheEntry]) -> None:
    """Remove entries of the cache.

    Parameters
    ----------
    entries : sequence of CacheEntry
        What goes. A SQLite file stays as an empty one: another process may be using it.
    """
    for entry in entries:
        if entry.path.suffix == ".sqlite":
            _empty(entry.path)
        elif entry.path.is_dir():
            aside = entry.path.with_name(f".{entry.path.name}.going-{os.getpid()}")
            with suppress(FileNotFoundError):
                entry.path.rename(aside)  # a run finds all of it or nothing
                shutil.rmtree(aside, ignore_errors=True)
        else:
            for ending in ("", "-wal", "-shm"):
                entry.path.with_name(entry.path.name + ending).unlink(missing_ok=True)


def _read_entry(kind: str, path: Path) -> CacheEntry:
    files = [path, *path.rglob("*")] if path.is_dir() else [path, *path.parent.glob(f"{path.name}-*")]
    n_bytes, used = 0, 0.0
    for file in files:
        with suppress(OSError):  # it went meanwhile
            status = file.lstat()
            used = max(used, status.st_mtime)
            n_bytes += 0 if file.is_dir() else status.st_size
    aside = is_set_aside(path)
    return CacheEntry(
        kind=kind,
        path=path,
        n_bytes=n_bytes,
        used=used,
        goes_by_age=aside or (kind not in _COSTLY and bool(_HASH.match(path.name))),
        is_installed=kind in _INSTALLED,
    )


def _empty(path: Path) -> None:
    """Delete the rows of all tables of a SQLite file; one that is none goes."""
    try:
        with open_sqlite(path) as connection:
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                connection.execute(f'DELETE FROM "{name}"')
            connection.execute("VACUUM")
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
