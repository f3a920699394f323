"""How far two texts in different languages say the same in the same order, sentence by sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["measure_parallel"]

SENTENCE_FLOOR = 0.3  # least cosine of two sentences of which one translates the other
_JOINED = ((1, 1), (1, 2), (2, 1))  # sentences of either side that may stand for each other
_ZERO = 1e-9  # length of a vector without content

Vectors = NDArray[np.float32]
Floats = NDArray[np.float64]


def measure_parallel(left: Vectors, right: Vectors, left_sizes: Floats, right_sizes: Floats) -> float:
    """Measure how alike two texts are, sentence by sentence in the same order.

    Parameters
    ----------
    left : ndarray of shape (n, d)
        Vectors of the sentences of one text, of unit length.
    right : ndarray of shape (m, d)
        Those of the other.
    left_sizes : ndarray of shape (n,)
        Characters of each sentence.
    right_sizes : ndarray of shape (m,)
        Those of the other.

    Returns
    -------
    float
        Mean cosine of aligned sentences, weighted by their share of both texts; what is not aligned counts 0.

    Notes
    -----
    Sentences are aligned in order, one to one or one to two, by dynamic programming (Gale & Church 1993 by length,
    Thompson & Koehn 2019 by vectors): the alignment with the highest total of `(cosine - 0.3) * size`, where the size
    is the mean of the shares that the sentences have of their texts. Two sentences together have the mean vector of
    both, weighted by size.

    Examples
    --------
    >>> same = np.eye(3, dtype=np.float32)
    >>> sizes = np.array([2.0, 1.0, 1.0])
    >>> measure_parallel(same, same, sizes, sizes), measure_parallel(same, same[::-1], sizes, sizes[::-1])
    (1.0, 0.559017)
    """
    sides = [(left, left_sizes / left_sizes.sum()), (right, right_sizes / right_sizes.sum())]
    cosines, sizes = {}, {}
    for a, b in _JOINED:
        (left_vectors, left_shares), (right_vectors, right_shares) = (
            _join(vectors, shares, n) for (vectors, shares), n in zip(sides, (a, b), strict=True)
        )
        cosines[a, b] = left_vectors @ right_vectors.T
        sizes[a, b] = (left_shares[:, None] + right_shares) / 2
    gain = np.zeros((len(left) + 1, len(right) + 1))
    total = np.zeros_like(gain)  # of cosines by size, along the alignment with most gain
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            best = max((gain[i - 1, j], total[i - 1, j]), (gain[i, j - 1], total[i, j - 1]))
            for a, b in _JOINED:
                if i >= a and j >= b and (cosine := cosines[a, b][i - a, j - b]) > SENTENCE_FLOOR:
                    size = sizes[a, b][i - a, j - b]
                    more = (gain[i - a, j - b] + (cosine - SENTENCE_FLOOR) * size, total[i - a, j - b] + cosine * size)
                    best = max(best, more)
            gain[i, j], total[i, j] = best
    return round(float(total[-1, -1]), 6)


def _join(vectors: Vectors, sizes: Floats, n: int) -> tuple[Vectors, Floats]:
    """Each `n` sentences that follow each other: the direction of their vectors by size, and their sizes."""
    if n == 1:
        return vectors, sizes
    weighted = vectors * sizes[:, None].astype(np.float32)
    total = weighted[:-1] + weighted[1:]
    lengths = np.maximum(np.linalg.norm(total, axis=1, keepdims=True), _ZERO)
    return total / lengths, sizes[:-1] + sizes[1:]
