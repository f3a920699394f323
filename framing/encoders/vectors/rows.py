"""Rows of a store: keys, and vectors with a checksum each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["KEY_BYTES", "Found", "find_wrong", "make_keys", "order_keys", "pack_vectors", "unpack_vectors"]

KEY_BYTES = 16  # of the sha256: two of a billion texts share a key with a chance of 1e-21
_ODD = 2654435761

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint32]
Floats = NDArray[np.float32]


class Found(NamedTuple):
    """Vectors that a store holds.

    Attributes
    ----------
    rows : ndarray of int, shape (m,)
        Row of each among the keys that were asked for.
    vectors : ndarray of float32, shape (m, d)
        The vectors; `(0, 0)` where none is known.
    """

    rows: NDArray[np.intp]
    vectors: Floats


def make_keys(digests: Bytes) -> Bytes:
    """Shorten digests to keys.

    Parameters
    ----------
    digests : ndarray of uint8, shape (n, 32)
        sha256 of model and text.

    Returns
    -------
    ndarray of uint8, shape (n, 16)
        Keys.
    """
    return np.ascontiguousarray(digests[:, :KEY_BYTES])


def order_keys(keys: Bytes) -> tuple[NDArray[np.intp], NDArray[np.uint64]]:
    """Find the order of keys as bytes compare.

    Parameters
    ----------
    keys : ndarray of uint8, shape (n, 16)
        Keys.

    Returns
    -------
    order : ndarray of int, shape (n,)
        Rows in the order of their keys.
    halves : ndarray of uint64, shape (n, 2)
        First and last eight bytes of each key as numbers, in the order of the rows.
    """
    halves = keys.reshape(-1, KEY_BYTES).view(">u8").astype(np.uint64)
    return np.lexsort((halves[:, 1], halves[:, 0])), halves


def pack_vectors(keys: Bytes, vectors: NDArray[Any]) -> Words:
    """Put a checksum behind each vector.

    Parameters
    ----------
    keys : ndarray of uint8, shape (n, 16)
        Their keys, which the checksum covers too.
    vectors : ndarray, shape (n, d)
        Vectors.

    Returns
    -------
    ndarray of uint32, shape (n, d + 1)
        The bits of each vector in float32, and its checksum.
    """
    numbers = np.ascontiguousarray(vectors, dtype="<f4").view("<u4")
    words = np.empty((len(numbers), numbers.shape[1] + 1), dtype="<u4")
    words[:, :-1] = numbers
    words[:, -1] = _checksum(keys, numbers)
    return words


def unpack_vectors(words: Words) -> Floats:
    """Take the vectors out of what `pack_vectors` made.

    Parameters
    ----------
    words : ndarray of uint32, shape (n, d + 1)
        Vectors with checksums.

    Returns
    -------
    ndarray of float32, shape (n, d)
        A view.
    """
    return words[:, :-1].view("<f4")


def find_wrong(keys: Bytes, words: Words) -> NDArray[np.bool_]:
    """Find vectors that are not those that were stored under their key.

    Parameters
    ----------
    keys : ndarray of uint8, shape (n, 16)
        Keys.
    words : ndarray of uint32, shape (n, d + 1)
        Vectors with checksums.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for wrong ones. A change of one number is always found, other damage with a chance of 1 - 2**-32.
    """
    if words.shape[1] < 2:
        return np.ones(len(words), dtype=bool)
    return np.asarray(words[:, -1] != _checksum(keys, words[:, :-1]), dtype=bool)


def _checksum(keys: Bytes, numbers: Words) -> Words:
    """Sum of key, length and numbers modulo 2**32, each multiplied by an odd number of its own."""
    length = numbers.shape[1]
    words = keys.reshape(-1, KEY_BYTES).view("<u4")
    sums: Words = np.einsum("ij,j->i", numbers, _multipliers(length)) + np.einsum("ij,j->i", words, _multipliers(4) ^ 2)
    return sums + np.uint32((length * 40503 + 1) % 2**32)


def _multipliers(n: int) -> Words:
    return ((np.arange(1, n + 1, dtype=np.uint64) * _ODD) | np.uint64(1)).astype(np.uint32)


def join_rows(blobs: Sequence[bytes]) -> Words | None:
    """Rows of one length as one array.

    Parameters
    ----------
    blobs : sequence of bytes
        Vectors with checksums.

    Returns
    -------
    ndarray of uint32, shape (n, d + 1), or None
        None where the lengths differ, or are no multiple of four.
    """
    length = len(blobs[0])
    if length % 4 or length < 8 or any(len(blob) != length for blob in blobs):
        return None
    return np.frombuffer(b"".join(blobs), dtype="<u4").reshape(len(blobs), -1)
