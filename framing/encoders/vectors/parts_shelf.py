"""Vectors in Parquet parts, for network file systems: no locks, only new names that appear whole.

Each put is a new part under a name made from its content, in a folder for its model. A part is never changed: small
ones are joined into a larger one, which stands before they go. Where two writers stored a text at the same time, all
readers take the same of the two vectors.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np

from framing.encoders.vectors.index import SMALL, PartIndex, keep_first
from framing.encoders.vectors.part import (
    DamagedPartError,
    list_parts,
    part_rows,
    read_header,
    read_part,
    read_rows_of,
    write_part,
)
from framing.encoders.vectors.rows import (
    Bytes,
    Floats,
    Found,
    Words,
    find_wrong,
    make_keys,
    pack_vectors,
    unpack_vectors,
)
from framing.encoders.vectors.shelf import Batch, Checked, Kind, Shelf, choose_evicted, today
from framing.errors import FramingError
from framing.files.damage import name_aside, warn

__all__ = ["open_parts"]

T = TypeVar("T")

_MANY, _LARGE = 32, 1 << 16  # small parts that are joined; rows of the largest part
_CHECK_BYTES = 2**26  # stored by this process between two looks at the limit
_TRIES = 8
_DAY = 86400
_GONE = {errno.ENOENT, errno.ESTALE}


def open_parts(folder: Path) -> Shelf:
    """Open a store of vectors in parts.

    Parameters
    ----------
    folder : Path
        The folder; it need not exist.

    Returns
    -------
    Shelf
        The store; nothing is made before the first vector.
    """
    return _PartsShelf(folder)


class _PartsShelf(Shelf):
    kind: Kind = "parts"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: dict[str, PartIndex] = {}
        self._touched: set[tuple[int, Path]] = set()
        self._unchecked = _CHECK_BYTES

    @property
    def place(self) -> Path:
        return self._folder

    def exists(self) -> bool:
        return self._folder.is_dir()

    def find(self, model: str, digests: Bytes) -> Found:
        nothing = Found(np.zeros(0, dtype=np.intp), np.zeros((0, 0), dtype=np.float32))
        if not self.exists() or not len(digests):
            return nothing
        return self._attempt(lambda: self._find(model, make_keys(digests)), nothing)

    def add(self, model: str, encoder: str, digests: Bytes, vectors: Floats) -> None:
        keys = make_keys(digests)
        words = pack_vectors(keys, vectors)
        self._attempt(lambda: self._add(model, encoder, keys, words), None)
        self._unchecked += words.nbytes
        if self._unchecked >= _CHECK_BYTES:
            self._unchecked = 0
            self.remove(choose_evicted(self))

    def list_batches(self) -> list[Batch]:
        return self._attempt(self._list_batches, [])

    def remove(self, batches: Sequence[Batch]) -> None:
        for batch in batches:
            (self._folder / batch.name).unlink(missing_ok=True)
        for folder in {(self._folder / batch.name).parent for batch in batches}:
            _sweep(folder)
            with suppress(OSError):  # it holds other parts
                folder.rmdir()

    def size(self) -> int:
        return sum(batch.n_bytes for batch in self.list_batches())

    def count(self) -> int:
        def count() -> int:
            return sum(self._index_of(folder).n_keys for folder in self._folders())

        return self._attempt(count, 0)

    def check(self) -> Checked:
        n_read, problems = 0, list[str]()
        for folder in self._folders():
            for part in list_parts(folder):
                try:
                    keys, words = read_part(part)
                    n_read += len(keys)
                    n_wrong = int(find_wrong(keys, words).sum())
                    problems += [f"{part.name}: {n_wrong} vectors differ from their checksum"] if n_wrong else []
                except DamagedPartError as error:
                    problems.append(str(error))
        return Checked(n_read, problems)

    def salvage(self) -> None:
        for folder in self._folders():
            for part in list_parts(folder):
                try:
                    keys, words = read_part(part)
                    if find_wrong(keys, words).any():
                        raise DamagedPartError(part, "vectors differ from their checksum")
                except DamagedPartError as error:
                    self._mend(error)

    def _folder_of(self, model: str) -> Path:
        return self._folder / hashlib.sha256(model.encode("utf-8", "surrogatepass")).hexdigest()[:24]

    def _folders(self) -> list[Path]:
        return sorted(item for item in self._folder.iterdir() if item.is_dir()) if self.exists() else []

    def _index_of(self, folder: Path) -> PartIndex:
        """Index of the parts that are there now; a damaged one raises `DamagedPartError`."""
        parts = list_parts(folder)
        index = self._index.get(folder.name)
        if index is None or index.parts != parts:
            index = PartIndex(parts, known=index)
            self._index[folder.name] = index
        return index

    def _find(self, model: str, keys: Bytes) -> Found:
        index = self._index_of(self._folder_of(model))
        rows, parts, places = index.find(keys)
        words: Words | None = None
        for number in np.unique(parts):
            of_part = np.flatnonzero(parts == number)
            part = index.parts[number]
            read = read_rows_of(part, places[of_part])
            if find_wrong(keys[rows[of_part]], read).any():
                raise DamagedPartError(part, "vectors differ from their checksum")
            if words is None:
                words = np.empty((len(rows), read.shape[1]), dtype=np.uint32)
            if words.shape[1] != read.shape[1]:
                raise FramingError("vectors: expected one length for all texts of a model, found several.")
            words[of_part] = read
            self._touch(part)
        if words is None:
            return Found(rows, np.zeros((0, 0), dtype=np.float32))
        return Found(rows, np.ascontiguousarray(unpack_vectors(words)))

    def _add(self, model: str, encoder: str, keys: Bytes, words: Words) -> None:
        folder = self._folder_of(model)
        model, encoder = (name.encode("utf-8", "backslashreplace").decode() for name in (model, encoder))
        folder.mkdir(parents=True, exist_ok=True)
        new = keep_first(keys)
        known, _, _ = self._index_of(folder).find(keys[new])
        new = np.delete(new, known)
        for start in range(0, len(new), _LARGE):
            part = new[start : start + _LARGE]
            write_part(folder, model, encoder, keys[part], words[part])
        self._join(folder)

    def _join(self, folder: Path) -> None:
        """Join small parts where there are many. What they hold stands in the new part before they go."""
        small = [part for part in list_parts(folder) if part_rows(part) < SMALL]
        if len(small) < _MANY:
            return
        _sweep(folder)
        chosen: list[Path] = []
        for part in reversed(small):
            if chosen and sum(map(part_rows, chosen)) + part_rows(part) > _LARGE:
                break
            chosen.append(part)
        model, encoder = read_header(chosen[0])
        index = self._index_of(folder)
        keys, words = map(list, zip(*map(read_part, chosen), strict=True))
        for part, part_keys, part_words in zip(chosen, keys, words, strict=True):
            if find_wrong(part_keys, part_words).any():
                raise DamagedPartError(part, "vectors differ from their checksum")
        all_keys, all_words = np.concatenate(keys), np.concatenate(words)
        kept = keep_first(all_keys, all_words[:, -1])
        # A row that a large part holds too goes: large parts are never joined, so nobody takes that one away for this.
        rows, parts, _ = index.find(all_keys[kept])
        large = np.array([part_rows(part) >= SMALL for part in index.parts])
        kept = np.delete(kept, rows[large[parts]]) if len(rows) else kept
        written = write_part(folder, model, encoder, all_keys[kept], all_words[kept]) if len(kept) else None
        for part in chosen:
            if part != written:
                part.unlink(missing_ok=True)

    def _list_batches(self) -> list[Batch]:
        batches = []
        for folder in self._folders():
            header = ("", "")
            for part in list_parts(folder):
                if header == ("", ""):
                    header = read_header(part)
                status = part.stat()
                name = f"{folder.name}/{part.name}"
                batches.append(Batch(name, *header, int(status.st_mtime // _DAY), part_rows(part), status.st_size))
        return batches

    def _touch(self, part: Path) -> None:
        """Note the day of use of a part as the time of its file, unless it is noted."""
        if (today(), part) not in self._touched:
            self._touched.add((today(), part))
            with suppress(OSError):
                if part.stat().st_mtime // _DAY < today():
                    os.utime(part)

    def _attempt(self, action: Callable[[], T], otherwise: T) -> T:
        """Do something; parts that went meanwhile are looked for again, damaged ones set aside."""
        for _ in range(_TRIES):
            try:
                return action()
            except DamagedPartError as error:
                try:
                    self._mend(error)
                except OSError as fault:
                    self._warn(fault)
                    return otherwise
            except OSError as error:
                if error.errno not in _GONE:
                    self._warn(error)
                    return otherwise
        self._warn("its parts changed while they were read, or are damaged again and again")
        return otherwise

    def _warn(self, error: object) -> None:
        warn(
            f"The store of vectors {self._folder} cannot be used: {error}. The work goes on without it, and what it "
            "would hold is computed again by the next run. Make room, or set FRAMING_CACHE to another folder."
        )

    def _mend(self, error: DamagedPartError) -> None:
        """Set a damaged part aside, and write what can be read of it as a new one."""
        part = error.part
        place = name_aside(part)
        try:
            part.rename(place)
        except FileNotFoundError:
            return  # another process has done it
        n_saved = 0
        with suppress(DamagedPartError):
            keys, words = read_part(place)
            right = ~find_wrong(keys, words)
            n_saved = int(right.sum())
            if n_saved:
                write_part(part.parent, *read_header(place), keys[right], words[right])
        warn(
            f"The store of vectors {self._folder} is damaged: {error}. The part was set aside as {place.name}; "
            f"{n_saved} vectors of it could be read and are in a new part; the rest is computed again."
        )


def _sweep(folder: Path) -> None:
    """Remove what killed writers left more than a day ago."""
    for item in folder.glob(".*.making-*"):
        with suppress(OSError):
            if item.stat().st_mtime < time.time() - _DAY:
                item.unlink()
