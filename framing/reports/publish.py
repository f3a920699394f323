"""Make a report's folder aside, check it, and put it in place whole; one run at a time; earlier runs are archived."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from framing.errors import RunError
from framing.files.whole import find_leftovers, hold_lock, replace_folder, temporary_folder

__all__ = ["find_runs_folder", "lock_report", "read_record", "stage", "swap_in"]


def lock_report(target: Path) -> AbstractContextManager[None]:
    """Hold the lock of a report.

    Parameters
    ----------
    target : Path
        Folder of the report.

    Returns
    -------
    context manager
        Entering it raises `LockedError` at once if another run holds the lock.
    """
    busy = f"Another run is making the report {target.name}; wait for it to end."
    return hold_lock(target.parent / f".{target.name}.lock", busy=busy)


@contextmanager
def stage(target: Path, *, keep: int = 0) -> Iterator[Path]:
    """Give an empty folder beside a report, and clean up behind runs that were killed.

    Parameters
    ----------
    target : Path
        Folder of the report.
    keep : int, default 0
        Number of earlier runs that are archived.

    Yields
    ------
    Path
        The folder to fill. It is removed at the end unless `swap_in` put it in place.
    """
    for folder in find_leftovers(target):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in target.parent.glob(f".{target.name}.old-*"):
        if target.exists():
            _archive(folder, target, keep)
        else:
            folder.rename(target)  # killed between the two renames of a swap
    with temporary_folder(target) as work:
        yield work


def find_runs_folder(target: Path) -> Path:
    """Return the folder that holds the earlier runs of a report.

    Parameters
    ----------
    target : Path
        Folder of the report.

    Returns
    -------
    Path
        Its folders are named by the time of the run. It may not exist.
    """
    return target.parent / f"{target.name}.runs"


def read_record(path: Path) -> dict[str, Any]:
    """Read a JSON object from a file that this package wrote.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        Empty if there is no file, or if it is damaged.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def swap_in(work: Path, target: Path, *, keep: int = 0) -> None:
    """Put a complete folder in the place of a report; the earlier report becomes the latest archived run.

    Parameters
    ----------
    work : Path
        The folder, on the same disk. Its files are on the disk before they are in place.
    target : Path
        Folder of the report.
    keep : int, default 0
        Number of earlier runs that are archived.

    Raises
    ------
    RunError
        If index.html or run.json is missing or empty; the earlier report stays.
    """
    for required in ("index.html", "run.json"):
        if not (work / required).is_file() or (work / required).stat().st_size == 0:
            raise RunError(f"The report is incomplete ({required} is missing); the earlier report stays.")
    old = target.parent / f".{target.name}.old-{os.getpid()}"
    replace_folder(work, target, old=old)
    if old.exists():
        _archive(old, target, keep)


def _archive(old: Path, target: Path, keep: int) -> None:
    """Move the folder `old` among the earlier runs of `target`, and remove the oldest beyond `keep`."""
    folder = find_runs_folder(target)
    if keep:
        folder.mkdir(exist_ok=True)
        place = folder / _format_stamp(old)
        if place.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(place)
    else:
        shutil.rmtree(old, ignore_errors=True)
    runs = sorted(path for path in folder.glob("*") if path.is_dir()) if folder.is_dir() else []
    for path in runs[: max(len(runs) - keep, 0)]:
        shutil.rmtree(path, ignore_errors=True)


def _format_stamp(folder: Path) -> str:
    """Time at which the report was made, as a folder name that sorts by time: 20260302T060000Z."""
    digits = re.sub(r"[-:]", "", str(read_record(folder / "run.json").get("made", ""))[:19])
    if re.fullmatch(r"\d{8}T\d{6}", digits):
        return f"{digits}Z"
    moment = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}"
