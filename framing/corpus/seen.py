"""Ids that have occurred, each in a few bytes whatever its length: a corpus of any size is read in one pass."""

from __future__ import annotations

import hashlib
import struct
from array import array

__all__ = ["SeenIds"]

_FIRST_SLOTS = 1 << 12
_FULL = 0.6  # share of the slots in use from which the table is doubled


class SeenIds:
    """How often each id has occurred.

    Notes
    -----
    A table with open addressing of the first 128 bits of each id's BLAKE2b hash and a count: 20 bytes a slot, so about
    33 to 67 bytes an id. Two ids of a hundred million share a hash with a probability of about 10⁻²³.

    Examples
    --------
    >>> seen = SeenIds()
    >>> seen.add("a"), seen.add("b"), seen.add("a"), seen.count("a"), seen.count("c")
    (0, 0, 1, 2, 0)
    """

    def __init__(self) -> None:
        self._make_slots(_FIRST_SLOTS)

    def add(self, item: str) -> int:
        """Count an id once more.

        Parameters
        ----------
        item : str
            The id.

        Returns
        -------
        int
            How often it had occurred before.
        """
        first, second = _hash(item)
        slot = self._find(first, second)
        before = self._counts[slot]
        if not before:
            if (self._n_ids + 1) > _FULL * len(self._counts):
                self._grow()
                slot = self._find(first, second)
            self._first[slot], self._second[slot] = first, second
            self._n_ids += 1
        self._counts[slot] = before + 1
        return before

    def count(self, item: str) -> int:
        """Count the occurrences of an id.

        Parameters
        ----------
        item : str
            The id.

        Returns
        -------
        int
            How often it was added.
        """
        return self._counts[self._find(*_hash(item))]

    def __contains__(self, item: str) -> bool:
        return self.count(item) > 0

    def __len__(self) -> int:
        return self._n_ids

    def _make_slots(self, n_slots: int) -> None:
        self._first, self._second = array("Q", bytes(8 * n_slots)), array("Q", bytes(8 * n_slots))
        self._counts = array("I", bytes(4 * n_slots))
        self._n_ids = 0

    def _find(self, first: int, second: int) -> int:
        """Slot of a hash, or the empty one where it belongs."""
        mask = len(self._counts) - 1
        slot = first & mask
        while self._counts[slot] and (self._first[slot] != first or self._second[slot] != second):
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        old = zip(self._first, self._second, self._counts, strict=True)
        self._make_slots(2 * len(self._counts))
        for first, second, count in old:
            if count:
                slot = self._find(first, second)
                self._first[slot], self._second[slot], self._counts[slot] = first, second, count
                self._n_ids += 1


def _hash(item: str) -> tuple[int, int]:
    first, second = struct.unpack(
        "<QQ", hashlib.blake2b(item.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    )
    return first, second
