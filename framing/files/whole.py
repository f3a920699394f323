"""Files and folders that appear whole or not at all, and locks.

Everything is written beside its place under a hidden name, brought to the disk, and renamed. A reader sees what was
there before or the whole of what is new; a crash or a power cut leaves at most a hidden file or folder behind.
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

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "check_output",
    "hold_lock",
    "find_leftovers",
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
    """Hold the lock file `path`; raises `LockedError` saying `busy` at once when another process has it."""
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
    """Path of an empty file beside `path`; it takes the place of `path` when the block ends without an error.

    Parameters
    ----------
    path : Path
        Where the file shall be. Its folder must exist.

    Yields
    ------
    Path
        The file to write. After an error it is removed, and `path` stays as it was.

    Raises
    ------
    OSError
        Where the folder cannot be written, or `path` is a folder.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path))
    os.close(handle)
    work = Path(name)
    try:
        yield work
        work.chmod(0o644)  # mkstemp gives it to its owner alone
        _bring_to_disk(work)
        work.replace(path)
        _bring_to_disk(path.parent)
    finally:
        work.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | Iterable[str]) -> None:
    """Write bytes, or pieces of text as UTF-8; readers see the file as it was or whole."""
    with whole_file(path) as work:
        if isinstance(content, bytes):
            work.write_bytes(content)
        else:
            with work.open("w", encoding="utf-8") as stream:
                stream.writelines(content)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table in the format of the file's ending (.csv, .jsonl, else Parquet), whole or not at all.

    Raises
    ------
    InputError
        Where the file cannot be written; what was there before stays.
    """
    try:
        with whole_file(path) as work:
            if path.suffix.lower() == ".csv":
                table.to_csv(work, index=False)
            elif path.suffix.lower() == ".jsonl":
                table.to_json(work, orient="records", lines=True, date_format="iso", force_ascii=False)
            else:
                table.to_parquet(work, index=False)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from None


def check_output(path: Path) -> None:
    """Raise `InputError` before any work if `write_table` cannot write to `path`."""
    if path.suffix.lower() not in _ENDINGS:
        raise InputError(f"{path}: expected a name ending in .csv, .jsonl or .parquet.", argument="output")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}.", argument="output")


@contextmanager
def temporary_folder(path: Path) -> Iterator[Path]:
    """A hidden folder beside `path`, removed at the end unless it was renamed."""
    work = Path(tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path)))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def find_leftovers(path: Path) -> list[Path]:
    """Hidden files and folders that interrupted writers of `path` left beside it, sorted.

    Those of a writer that is still at work are among them: hold a lock before removing any.
    """
    return sorted(item for item in path.parent.iterdir() if item.name.startswith(_prefix(path)))


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """An empty folder beside `path`; it becomes `path` when the block ends without an error.

    Parameters
    ----------
    path : Path
        Where the folder shall be: a new name, or an empty folder.

    Yields
    ------
    Path
        The folder to fill. After an error it is removed.

    Raises
    ------
    OSError
        Where the parent cannot be written, or `path` holds something when the block ends.
    """
    with temporary_folder(path) as work:
        yield work
        _bring_tree_to_disk(work)
        if path.is_dir():
            path.rmdir()  # fails where it holds something; not every system renames over an empty folder
        work.rename(path)
        _bring_to_disk(path.parent)


def replace_folder(work: Path, path: Path, *, old: Path) -> None:
    """Put the folder `work` in the place of `path`, in one step where the system can.

    Parameters
    ----------
    work : Path
        A complete folder on the same disk; it is gone afterwards.
    path : Path
        Where it shall be.
    old : Path
        A new name for the folder that stood at `path`, if there was one.
    """
    _bring_tree_to_disk(work)
    if not path.exists():
        work.rename(path)
    elif _exchange(work, path):
        work.rename(old)
    else:
        path.rename(old)  # here alone a reader may find no folder for an instant
        work.rename(path)
    _bring_to_disk(path.parent)


def _prefix(path: Path) -> str:
    return f".{path.name}.making-"


def _exchange(one: Path, other: Path) -> bool:
    """Whether two folders changed places in one step (Linux, renameat2); False where the system cannot do that."""
    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    here, both = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return bool(swap(here, os.fsencode(one), here, os.fsencode(other), both) == 0)


def _bring_tree_to_disk(folder: Path) -> None:
    for path in [*sorted(folder.rglob("*")), folder]:
        _bring_to_disk(path)
    folder.chmod(0o755)  # mkdtemp gives it to its owner alone


def _bring_to_disk(path: Path) -> None:
    """What was written to a file, or renamed in a folder, stays after a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
