"""Make a report's folder aside, check it, and swap it in whole; one run at a time; earlier runs are kept."""

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

__all__ = ["lock_report", "read_record", "runs_folder", "stage", "swap_in"]


def lock_report(target: Path) -> AbstractContextManager[None]:
    """Hold the lock of the report at `target`; raises `LockedError` at once when another run has it."""
    busy = f"Another run is making the report {target.name}; wait for it to end."
    return hold_lock(target.parent / f".{target.name}.lock", busy=busy)


@contextmanager
def stage(target: Path, *, keep: int = 0) -> Iterator[Path]:
    """A private folder beside `target`, gone afterwards whatever happens; leftovers of killed runs go too."""
    for left in find_leftovers(target):
        shutil.rmtree(left, ignore_errors=True)
    for left in target.parent.glob(f".{target.name}.old-*"):
        if target.exists():
            _archive(left, target, keep)
        else:
            left.rename(target)  # killed between the two renames of a swap
    with temporary_folder(target) as work:
        yield work


def runs_folder(target: Path) -> Path:
    """Where earlier runs of the report at `target` are kept, a folder each, named by when they were made."""
    return target.parent / f"{target.name}.runs"


def read_record(path: Path) -> dict[str, Any]:
    """The JSON object in a file of ours; empty where there is none, or the file is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def swap_in(work: Path, target: Path, *, keep: int = 0) -> None:
    """Put the complete folder `work` in the place of `target`; its files are on disk before that.

    The report that stood there is kept as the latest of `keep` earlier runs.
    """
    for required in ("index.html", "run.json"):
        if not (work / required).is_file() or (work / required).stat().st_size == 0:
            raise RunError(f"The report is incomplete ({required} is missing); the earlier report stays.")
    old = target.parent / f".{target.name}.old-{os.getpid()}"
    replace_folder(work, target, old=old)
    if old.exists():
        _archive(old, target, keep)


def _archive(old: Path, target: Path, keep: int) -> None:
    """Keep the folder `old` among the earlier runs of `target`, and remove those beyond `keep`."""
    folder = runs_folder(target)
    if keep:
        folder.mkdir(exist_ok=True)
        place = folder / _stamp(old)
        if place.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(place)
    else:
        shutil.rmtree(old, ignore_errors=True)
    kept = sorted(path for path in folder.glob("*") if path.is_dir()) if folder.is_dir() else []
    for path in kept[: len(kept) - keep] if keep < len(kept) else []:
        shutil.rmtree(path, ignore_errors=True)


def _stamp(folder: Path) -> str:
    """When the report was made, as a folder name that sorts by time: 20260302T060000Z."""
    digits = re.sub(r"[-:]", "", str(read_record(folder / "run.json").get("made", ""))[:19])
    if re.fullmatch(r"\d{8}T\d{6}", digits):
        return f"{digits}Z"
    moment = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
    return f"{moment:%Y%m%dT%H%M%SZ}"
