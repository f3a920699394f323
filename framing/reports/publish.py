"""Make a report's folder aside, check it, and swap it in whole; one run at a time."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from framing.errors import InputError, LockedError, RunError

__all__ = ["lock_report", "stage", "swap_in"]


@contextmanager
def lock_report(target: Path) -> Iterator[None]:
    """Hold the lock of the report at `target`; raises `LockedError` at once when another run has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(target.parent / f".{target.name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError(f"Another run is making the report {target.name}; wait for it to end.") from None
    except OSError as error:
        raise InputError(f"{target.parent} cannot be written: {error.strerror}.") from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def stage(target: Path) -> Iterator[Path]:
    """A private folder beside `target`, gone afterwards whatever happens; leftovers of killed runs go too."""
    for left in target.parent.glob(f".{target.name}.making-*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in target.parent.glob(f".{target.name}.old-*"):
        if target.exists():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.rename(target)  # killed between the two renames of a swap
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.making-"))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def swap_in(work: Path, target: Path) -> None:
    """Put the complete folder `work` in the place of `target`; its files are on disk before that."""
    for required in ("index.html", "run.json"):
        if not (work / required).is_file() or (work / required).stat().st_size == 0:
            raise RunError(f"The report is incomplete ({required} is missing); the earlier report stays.")
    for path in sorted(work.rglob("*")):
        if path.is_file():
            _to_disk(path)
    work.chmod(0o755)
    old = target.parent / f".{target.name}.old-{os.getpid()}"
    if target.exists():
        target.rename(old)
    work.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _to_disk(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
