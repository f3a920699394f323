"""Whether a source is, after it was read, what it was before: only then is what was read stored under its hash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from framing.corpus.fingerprint import list_source_files
from framing.corpus.streams import TextSource
from framing.errors import InputError

__all__ = ["SourceState", "look_at_source", "unchanged"]


@dataclass(frozen=True)
class SourceState:
    """A source at a moment.

    Attributes
    ----------
    key : str
        `TextSource.describe()`.
    files : dict of Path to tuple of int
        Size, time of the last change and number of each file: by them a change shows that was taken back.
    """

    key: str
    files: dict[Path, tuple[int, int, int]]


def look_at_source(source: TextSource) -> SourceState:
    """Look at a source.

    Parameters
    ----------
    source : TextSource
        What is read, and how.

    Returns
    -------
    SourceState
        What it is now.

    Raises
    ------
    InputError
        If there is no such file or folder, or its corpus.yaml is wrong.
    """
    files = {}
    if source.path.exists():
        for path in list_source_files(source.path, data_path=source.data_path):
            status = path.stat()
            files[path] = (status.st_size, status.st_mtime_ns, status.st_ino)
    return SourceState(source.describe(), files)


@contextmanager
def unchanged(source: TextSource, before: SourceState) -> Iterator[None]:
    """Read a source in a block, which fails where a file was changed meanwhile.

    Parameters
    ----------
    source : TextSource
        What is read, and how.
    before : SourceState
        What it was before.

    Yields
    ------
    None
        While it is read.

    Raises
    ------
    InputError
        Names the files that were changed, also where the block fails by the change.
    """
    try:
        yield
    except Exception:
        _check(source, before)
        raise
    _check(source, before)


def _check(source: TextSource, before: SourceState) -> None:
    try:
        after = look_at_source(source)
    except (OSError, InputError):
        after = SourceState("", {path: state for path, state in before.files.items() if path.exists()})
    if after == before:
        return
    changed = [path for path in before.files | after.files if before.files.get(path) != after.files.get(path)]
    first, more = changed[0] if changed else source.path, len(changed) - 1
    others = f" and {more} more file(s)" if more > 0 else ""
    raise InputError(
        f"{first}{others} changed while it was read, so that what was read is neither the old content nor the new. "
        "Nothing of it is kept. Wait until no other program writes it, and run the same command again."
    )
