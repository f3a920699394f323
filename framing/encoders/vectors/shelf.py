"""What both kinds of store can do, and which of their batches go when the room is used up."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from framing.encoders.vectors.rows import Bytes, Floats, Found
from framing.errors import InputError
from framing.files.filesystems import is_on_network
from framing.files.sizes import parse_size

__all__ = ["Batch", "Checked", "Kind", "Shelf", "choose_batches", "choose_kind", "find_limit", "today"]

Kind = Literal["sqlite", "parts"]
_DEFAULT_LIMIT = 20 * 10**9
_LIMIT, _KIND = "FRAMING_STORE_LIMIT", "FRAMING_STORE"
_ROOM = 0.9  # of the limit is left filled, so that vectors do not go with each put


@dataclass(frozen=True)
class Batch:
    """Vectors of one model that were stored together; they are evicted together.

    Attributes
    ----------
    name : str
        Name of the batch in its store.
    model : str
        Name of what made the vectors; empty where it is not known.
    encoder : str
        Name of the encoder for people; empty where it is not known.
    used : int
        Day of the last use, days since 1970 (UTC).
    n_vectors : int
        Number of vectors.
    n_bytes : int
        Room that they take.
    """

    name: str
    model: str
    encoder: str
    used: int
    n_vectors: int
    n_bytes: int


class Checked(NamedTuple):
    """Result of reading everything.

    Attributes
    ----------
    n_vectors : int
        Vectors that were read.
    problems : list of str
        What is wrong; empty where all is as it was stored.
    """

    n_vectors: int
    problems: list[str]


class Shelf(Protocol):
    """A place for vectors by key."""

    kind: Kind

    @property
    def place(self) -> Path:
        """File or folder of the vectors.

        Returns
        -------
        Path
            It need not exist.
        """
        ...

    def exists(self) -> bool:
        """Find whether anything was ever stored.

        Returns
        -------
        bool
            False where there is no such file or folder.
        """
        ...

    def find(self, model: str, digests: Bytes) -> Found:
        """Find vectors.

        Parameters
        ----------
        model : str
            Name of what made them.
        digests : ndarray of uint8, shape (n, 32)
            sha256 of model and text.

        Returns
        -------
        Found
            Those that are stored.

        Raises
        ------
        FramingError
            Where vectors of several lengths are stored under one model.
        """
        ...

    def add(self, model: str, encoder: str, digests: Bytes, vectors: Floats) -> None:
        """Store vectors; a key that is stored keeps its vector.

        Parameters
        ----------
        model : str
            Name of what made them.
        encoder : str
            Its name for people; may be empty.
        digests : ndarray of uint8, shape (n, 32)
            sha256 of model and text.
        vectors : ndarray of float32, shape (n, d)
            Vectors.
        """
        ...

    def list_batches(self) -> list[Batch]:
        """List what is stored.

        Returns
        -------
        list of Batch
            In any order.
        """
        ...

    def remove(self, batches: Sequence[Batch]) -> None:
        """Remove batches, and give their room back to the disk.

        Parameters
        ----------
        batches : sequence of Batch
            What goes; one that was used since it was listed stays.
        """
        ...

    def size(self) -> int:
        """Measure what the vectors take on disk.

        Returns
        -------
        int
            Bytes.
        """
        ...

    def count(self) -> int:
        """Count the vectors.

        Returns
        -------
        int
            Their number.
        """
        ...

    def check(self) -> Checked:
        """Read everything and compare it with its checksums.

        Returns
        -------
        Checked
            What was read, and what is wrong. Nothing is changed.
        """
        ...

    def salvage(self) -> None:
        """Set aside what is damaged, and keep what can be read of it, as is done when damage is met."""
        ...


def today() -> int:
    """Find the day.

    Returns
    -------
    int
        Days since 1970 (UTC).
    """
    return int(time.time() // 86400)


def choose_kind(path: Path, *, mountinfo: str | None = None) -> Kind:
    """Choose how vectors are stored in a place.

    Parameters
    ----------
    path : Path
        Where the SQLite file would be.
    mountinfo : str, optional
        Content of /proc/self/mountinfo; by default that of this machine.

    Returns
    -------
    {"sqlite", "parts"}
        What FRAMING_STORE says; else parts on a network file system, whose locks SQLite cannot rely on.

    Raises
    ------
    InputError
        If FRAMING_STORE is neither.
    """
    wanted = os.environ.get(_KIND, "")
    if wanted in ("sqlite", "parts"):
        return "sqlite" if wanted == "sqlite" else "parts"
    if wanted:
        raise InputError(f"{_KIND}: expected sqlite or parts, got {wanted!r}.")
    parts = path.with_suffix(".parts")
    place = parts.resolve() if parts.exists() else path.resolve().parent
    return "parts" if is_on_network(place, mountinfo=mountinfo) else "sqlite"


def find_limit(folder: Path) -> int:
    """Find how much room vectors may take.

    Parameters
    ----------
    folder : Path
        Folder of the store; it need not exist.

    Returns
    -------
    int
        Bytes: what FRAMING_STORE_LIMIT says, else 20 GB or a tenth of the disk, whichever is less.

    Raises
    ------
    InputError
        If FRAMING_STORE_LIMIT is no size.
    """
    wanted = os.environ.get(_LIMIT, "")
    if wanted:
        return parse_size(wanted, argument=_LIMIT)
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return min(_DEFAULT_LIMIT, shutil.disk_usage(folder).total // 10)
    except OSError:
        return _DEFAULT_LIMIT


def choose_batches(
    batches: Sequence[Batch],
    *,
    size: int = 0,
    to_size: int | None = None,
    before: int | None = None,
    model: str = "",
    spare: int | None = None,
) -> list[Batch]:
    """Choose the batches that go.

    Parameters
    ----------
    batches : sequence of Batch
        All of them.
    size : int
        Bytes on disk, for `to_size`.
    to_size : int, optional
        Bytes that may stay; those whose last use is longest ago go first.
    before : int, optional
        Day of last use before which all go.
    model : str
        Beginning of the name of a model, whose batches alone may go.
    spare : int, optional
        Day from which on none goes.

    Returns
    -------
    list of Batch
        In the order of their last use. Without `to_size` and `before`, all that may go.
    """
    may_go = [
        batch
        for batch in sorted(batches, key=lambda batch: (batch.used, batch.name))
        if batch.model.startswith(model) and (spare is None or batch.used < spare)
    ]
    if to_size is None and before is None:
        return may_go
    chosen = []
    for batch in may_go:
        if (before is not None and batch.used < before) or (to_size is not None and size > to_size):
            chosen.append(batch)
            size -= batch.n_bytes
    return chosen


def choose_evicted(shelf: Shelf) -> list[Batch]:
    """Choose what is evicted: nothing that was used today, and only where the store is over its limit.

    Parameters
    ----------
    shelf : Shelf
        The store.

    Returns
    -------
    list of Batch
        Those whose last use is longest ago.
    """
    limit, size = find_limit(shelf.place.parent), shelf.size()
    if size <= limit:
        return []
    return choose_batches(shelf.list_batches(), size=size, to_size=int(limit * _ROOM), spare=today())
