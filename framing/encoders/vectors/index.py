"""Where each key lies among parts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from framing.encoders.vectors.part import read_keys
from framing.encoders.vectors.rows import KEY_BYTES, Bytes

__all__ = ["PartIndex", "keep_first"]

Numbers = NDArray[np.intp]


class PartIndex:
    """Keys of some parts in order, each with its part and row.

    Parameters
    ----------
    parts : tuple of Path
        The parts.
    known : PartIndex, optional
        An earlier index; the keys of parts that are in it are not read again.

    Attributes
    ----------
    parts : tuple of Path
        The parts.
    n_keys : int
        Number of keys, each once.
    """

    def __init__(self, parts: tuple[Path, ...], *, known: PartIndex | None = None) -> None:
        self.parts = parts
        read = known._read if known is not None else {}
        self._read: dict[str, tuple[Bytes, NDArray[np.uint32]]] = {
            part.name: read[part.name] if part.name in read else read_keys(part) for part in parts
        }
        columns = [self._read[part.name] for part in parts]
        keys = np.concatenate([np.zeros((0, KEY_BYTES), dtype=np.uint8), *(keys for keys, _ in columns)])
        checksums = np.concatenate([np.zeros(0, dtype=np.uint32), *(checksums for _, checksums in columns)])
        lengths = [len(keys) for keys, _ in columns]
        kept = keep_first(keys, checksums)
        halves = _halves(keys[kept])
        order = np.lexsort((halves[:, 1], halves[:, 0]))
        self._high, self._low = halves[order, 0], halves[order, 1]
        self._part = np.repeat(np.arange(len(parts)), lengths)[kept][order]
        self._row = np.concatenate([np.zeros(0, dtype=np.intp), *map(np.arange, lengths)]).astype(np.intp)[kept][order]
        self.n_keys = len(kept)

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
        halves = _halves(keys)
        places = np.searchsorted(self._high, halves[:, 0])
        while True:  # keys that share their first half stand side by side
            inside = np.minimum(places, max(self.n_keys - 1, 0))
            alike = (places < self.n_keys) & (self._high[inside] == halves[:, 0]) if self.n_keys else places < 0
            further = alike & (self._low[inside] < halves[:, 1]) if self.n_keys else alike
            if not further.any():
                break
            places = places + further
        rows = np.flatnonzero(alike & (self._low[inside] == halves[:, 1])) if self.n_keys else np.flatnonzero(alike)
        return rows, self._part[inside[rows]], self._row[inside[rows]]


def keep_first(keys: Bytes, checksums: NDArray[np.uint32] | None = None) -> Numbers:
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
