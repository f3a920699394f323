"""Where each key lies among parts."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.encoders.vectors.part import part_rows, read_keys
from framing.encoders.vectors.rows import KEY_BYTES, Bytes

__all__ = ["SMALL", "PartIndex", "keep_first"]

SMALL = 1 << 14  # rows below which a part is small: small parts are joined, and change often

Numbers = NDArray[np.intp]
Words = NDArray[np.uint32]


class PartIndex:
    """Keys of some parts, each with its part and row.

    Parameters
    ----------
    parts : tuple of Path
        The parts, the largest first.
    known : PartIndex, optional
        An earlier index; what it has of the same parts is used again.

    Attributes
    ----------
    parts : tuple of Path
        The parts.
    """

    def __init__(self, parts: tuple[Path, ...], *, known: PartIndex | None = None) -> None:
        self.parts = parts
        n_large = sum(part_rows(part) >= SMALL for part in parts)
        self._first_small = n_large
        self._large: _Level = _take_level(parts[:n_large], known._large if known is not None else None)
        self._small: _Level = _take_level(parts[n_large:], known._small if known is not None else None)

    @cached_property
    def n_keys(self) -> int:
        """Count the keys.

        Returns
        -------
        int
            Number of keys, each once.
        """
        n_both = len(self._large.find(self._small.keys)[0])
        return self._large.n_keys + self._small.n_keys - n_both

    def find(self, keys: Bytes) -> tuple[Numbers, Numbers, Numbers]:
        """Find keys.

        Parameters
        ----------
        keys : ndarray of uint8, shape (n, 16)
            Keys.

        Returns
        -------
        rows : ndarray of int, shape (m,)
            Which of the keys are there.
        parts : ndarray of int, shape (m,)
            Number of the part of each.
        places : ndarray of int, shape (m,)
            Row in that part.
        """
        rows, parts, places, checksums = self._large.find(keys)
        if not self._small.n_keys:
            return rows, parts, places
        other = self._small.find(keys)
        rows = np.concatenate([rows, other[0]])
        order = np.lexsort((np.concatenate([checksums, other[3]]), rows))
        ordered = rows[order]
        order = order[np.append(True, ordered[1:] != ordered[:-1])] if len(order) else order
        parts = np.concatenate([parts, other[1] + self._first_small])
        return rows[order], parts[order], np.concatenate([places, other[2]])[order]


class _Level:
    """Keys in order, each with its part and row."""

    def __init__(self, parts: tuple[Path, ...], known: _Level | None) -> None:
        self.parts = parts
        self._read: dict[Path, tuple[Bytes, Words]] = {}
        for part in parts:
            self._read[part] = known._read[part] if known is not None and part in known._read else read_keys(part)
        columns = [self._read[part] for part in parts]
        keys = np.concatenate([np.zeros((0, KEY_BYTES), dtype=np.uint8), *(keys for keys, _ in columns)])
        checksums = np.concatenate([np.zeros(0, dtype=np.uint32), *(checksums for _, checksums in columns)])
        lengths = [len(keys) for keys, _ in columns]
        kept = keep_first(keys, checksums)
        halves = _halves(keys[kept])
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        kept = kept[order]
        self.n_keys, self.keys = len(kept), keys[kept]
        self._high, self._low = halves[order, 0], halves[order, 1]
        self._part = np.repeat(np.arange(len(parts)), lengths)[kept]
        self._row = np.concatenate([np.zeros(0, dtype=np.intp), *map(np.arange, lengths)]).astype(np.intp)[kept]
        self._checksum = checksums[kept]

    def find(self, keys: Bytes) -> tuple[Numbers, Numbers, Numbers, Words]:
        """Which keys are there, with part, row and checksum of each."""
        halves = _halves(keys)
        if not self.n_keys:
            nothing = np.zeros(0, dtype=np.intp)
            return nothing, nothing, nothing, self._checksum
        places = np.searchsorted(self._high, halves[:, 0])
        while True:  # keys that share their first half stand side by side
            inside = np.minimum(places, self.n_keys - 1)
            alike = (places < self.n_keys) & (self._high[inside] == halves[:, 0])
            further = alike & (self._low[inside] < halves[:, 1])
            if not further.any():
                break
            places = places + further
        rows = np.flatnonzero(alike & (self._low[inside] == halves[:, 1]))
        found = inside[rows]
        return rows, self._part[found], self._row[found], self._checksum[found]


def _take_level(parts: tuple[Path, ...], known: _Level | None) -> _Level:
    return known if known is not None and known.parts == parts else _Level(parts, known)


def keep_first(keys: Bytes, checksums: Words | None = None) -> Numbers:
    """Choose one row of each key.

    Parameters
    ----------
    keys : ndarray of uint8, shape (n, 16)
        Keys.
    checksums : ndarray of uint32, shape (n,), optional
        Of rows with one key that with the smallest is chosen, the first of equal ones; by default the first.

    Returns
    -------
    ndarray of int
        Chosen rows, ascending.
    """
    halves = _halves(keys)
    ranks = checksums if checksums is not None else np.arange(len(keys))
    order = np.lexsort((ranks, halves[:, 1], halves[:, 0]))
    ordered = halves[order]
    is_first = np.ones(len(keys), dtype=bool)
    is_first[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return np.sort(order[is_first])


def _halves(keys: Bytes) -> NDArray[np.uint64]:
    return np.ascontiguousarray(keys).reshape(-1, KEY_BYTES).view(">u8").astype(np.uint64)
