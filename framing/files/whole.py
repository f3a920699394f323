"""Files and folders that appear whole or not at all, and locks.

Everything is written beside its place under a hidden name, flushed to the disk, and renamed. A reader sees the old
content or all of the new one; a crash or a power cut leaves at most a hidden file or folder behind.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from framing.errors import InputError, LockedError
from framing.files.escaping import format_csv

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "check_not_read",
    "check_output",
    "find_leftovers",
    "hold_lock",
    "remove_place",
    "replace_folder",
    "temporary_folder",
    "whole_file",
    "whole_folder",
    "write_table",
    "write_whole",
]

_ENDINGS = (".csv", ".jsonl", ".parquet")


@contextmanager
def hold_lock(path: Path, *, busy: str) -> Iterator[None]:
    """Hold a lock for the time of a block.

    Parameters
    ----------
    path : Path
        The lock file.
    busy : str
        Message of the error where another process holds the lock.

    Yields
    ------
    None
        While the lock is held.

    Raises
    ------
    LockedError
        At once, if another process holds the lock.
    InputError
        If the lock file cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError(busy) from None
    except OSError as error:
        raise InputError(f"{path.parent} cannot be written: {error.strerror}.") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Write a file that takes the place of `path` when the block ends without an error.

    Parameters
    ----------
    path : Path
        Place of the file. Its folder must exist.

    Yields
    ------
    Path
        Empty file beside it, to be written. After an error it is removed, and `path` stays as it was.

    Raises
    ------
    OSError
        If the folder cannot be written, or `path` is a folder.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path))
    os.close(handle)
    work = Path(name)
    try:
        yield work
        work.chmod(0o644)  # mkstemp gives it to its owner alone
        _flush(work)
        work.replace(path)
        _flush(path.parent)
    finally:
        work.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | Iterable[str]) -> None:
    """Write a file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    content : bytes or iterable of str
        Its content; pieces of text are written as UTF-8.
    """
    with whole_file(path) as work:
        if isinstance(content, bytes):
            work.write_bytes(content)
        else:
            with work.open("w", encoding="utf-8") as stream:
                stream.writelines(content)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table in the format of the file's ending, whole or not at all.

    Parameters
    ----------
    table : DataFrame
        Any table.
    path : Path
        The file: .csv (a text that a spreadsheet would run as a formula gets an apostrophe before it), .jsonl, else
        Parquet.

    Raises
    ------
    InputError
        If the file cannot be written; an earlier one stays.
    """
    try:
        with whole_file(path) as work:
            if path.suffix.lower() == ".csv":
                work.write_bytes(format_csv(table).encode("utf-8", "replace"))
            elif path.suffix.lower() == ".jsonl":
                table.to_json(work, orient="records", lines=True, date_format="iso", force_ascii=False)
            else:
                table.to_parquet(work, index=False)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from None


def check_not_read(path: Path, inputs: Iterable[Path | None], *, argument: str = "output") -> None:
    """Check before any work that a file to be written takes the place of none that is read.

    Parameters
    ----------
    path : Path
        The file to be written.
    inputs : iterable of Path or None
        Files that are read; those that are not there, and None, do not count.
    argument : str, default "output"
        Name of the argument that gave the path, for the message.

    Raises
    ------
    InputError
        If one of them is the same file, under whatever name.
    """
    try:
        place = path.stat()
    except OSError:
        return  # nothing is there that could be read
    for item in inputs:
        try:
            same = item is not None and os.path.samestat(place, item.stat())
        except OSError:
            continue
        if same:
            raise InputError(
                f"{path} is one of the files to read, which it would replace; name another.", argument=argument
            )


def check_output(path: Path, *, argument: str = "output") -> None:
    """Check before any work that `write_table` can write to a path.

    Parameters
    ----------
    path : Path
        The file to be written.
    argument : str, default "output"
        Name of the argument that gave the path, for the message.

    Raises
    ------
    InputError
        If the ending is of no known format, or there is no such folder.
    """
    if path.suffix.lower() not in _ENDINGS:
        raise InputError(f"{path}: expected a name ending in .csv, .jsonl or .parquet.", argument=argument)
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}.", argument=argument)


def remove_place(path: Path) -> None:
    """Remove what stands in a place: a file, a link or a folder with all that is in it.

    Parameters
    ----------
    path : Path
        The place; nothing need be there.

    Raises
    ------
    OSError
        If it cannot be removed.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def temporary_folder(path: Path) -> Iterator[Path]:
    """Make a hidden folder beside a path for the time of a block.

    Parameters
    ----------
    path : Path
        Place of what will be made of it.

    Yields
    ------
    Path
        The folder; removed when the block ends, unless it was renamed.
    """
    work = Path(tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path)))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def find_leftovers(path: Path) -> list[Path]:
    """Find the hidden files and folders that interrupted writers of a path left beside it.

    Parameters
    ----------
    path : Path
        Place that was to be written.

    Returns
    -------
    list of Path
        Sorted. Those of a writer that is still at work are among them: hold a lock before removing any.
    """
    return sorted(item for item in path.parent.iterdir() if item.name.startswith(_prefix(path)))


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Fill a folder that becomes `path` when the block ends without an error.

    Parameters
    ----------
    path : Path
        Place of the folder: a new name, or an empty folder.

    Yields
    ------
    Path
        Empty folder beside it, to be filled. After an error it is removed.

    Raises
    ------
    OSError
        If the parent cannot be written, or `path` holds something when the block ends.
    """
    with temporary_folder(path) as work:
        yield work
        _flush_tree(work)
        if path.is_dir():
            path.rmdir()  # fails where it holds something; not every system renames over an empty folder
        work.rename(path)
        _flush(path.parent)


def replace_folder(work: Path, path: Path, *, old: Path) -> None:
    """Put the folder `work` in the place of `path`, in one step where the system can.

    Parameters
    ----------
    work : Path
        A complete folder on the same disk; it is gone afterwards.
    path : Path
        Place that it takes.
    old : Path
        A new name for the folder that stood at `path`, if there was one.
    """
    _flush_tree(work)
    if not path.exists():
        work.rename(path)
    elif _exchange(work, path):
        work.rename(old)
    else:
        path.rename(old)  # between these two lines a reader finds no folder
        work.rename(path)
    _flush(path.parent)


def _prefix(path: Path) -> str:
    """Beginning of the hidden names under which `path` is written."""
    return f".{path.name}.making-"


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step (renameat2 of Linux); False where the system cannot do that."""
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    at_fdcwd, rename_exchange = -100, 2
    return bool(swap(at_fdcwd, os.fsencode(one), at_fdcwd, os.fsencode(other), rename_exchange) == 0)


def _flush_tree(folder: Path) -> None:
    for path in [*sorted(folder.rglob("*")), folder]:
        _flush(path)
    folder.chmod(0o755)  # mkdtemp gives it to its owner alone


def _flush(path: Path) -> None:
    """Flush a file, or the names in a folder, to the disk, so that they stay after a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
