"""How far two texts in different languages say the same in the same order, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Aligned", "align_sentences", "measure_parallel"]

SENTENCE_FLOOR = 0.3  # least cosine of two sentences of which one translates the other
_JOINED = ((1, 1), (1, 2), (2, 1))  # sentences of either side that may stand for each other
_ZERO = 1e-9  # length of a vector without content

Vectors = NDArray[np.float32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Sentences of two texts that stand for each other.

    Attributes
    ----------
    left, right : range
        Places of the sentences on either side, one or two.
    cosine : float
        Cosine of both.
    size : float
        Mean of the shares that they have of their texts.
    """

    left: range
    right: range
    cosine: float
    size: float


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
        Mean cosine of the sentences that `align_sentences` aligns, weighted by size; what is not aligned counts 0.

    Examples
    --------
    >>> same = np.eye(3, dtype=np.float32)
    >>> sizes = np.array([2.0, 1.0, 1.0])
    >>> measure_parallel(same, same, sizes, sizes), measure_parallel(same, same[::-1], sizes, sizes[::-1])
    (1.0, 0.559017)
    """
    aligned = align_sentences(left, right, left_sizes, right_sizes)
    return round(float(sum(pair.cosine * pair.size for pair in aligned)), 6)


def align_sentences(left: Vectors, right: Vectors, left_sizes: Floats, right_sizes: Floats) -> list[Aligned]:
    """Align the sentences of two texts in their order.

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
    list of Aligned
        From the first on; a sentence may be in none.

    Notes
    -----
    One sentence stands for one or two, by dynamic programming (Gale & Church 1993 by length, Thompson & Koehn 2019 by
    vectors): the alignment with the highest total of `(cosine - 0.3) * size`, where the size is the mean of the shares
    that the sentences have of their texts. Two sentences together have the mean vector of both, weighted by size.

    Examples
    --------
    >>> one, two = np.eye(2, dtype=np.float32)
    >>> both = (one + two) / np.float32(np.sqrt(2))
    >>> pairs = align_sentences(np.array([one, two]), np.array([both]), np.ones(2), np.ones(1))
    >>> [(list(pair.left), list(pair.right)) for pair in pairs]
    [([0, 1], [0])]
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
    step = np.zeros((*gain.shape, 2), dtype=np.int64)  # sentences of either side that the best way takes last
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            best, taken = max((gain[i - 1, j], (1, 0)), (gain[i, j - 1], (0, 1)))
            for a, b in _JOINED:
                if i >= a and j >= b and (cosine := cosines[a, b][i - a, j - b]) > SENTENCE_FLOOR:
                    more = gain[i - a, j - b] + (cosine - SENTENCE_FLOOR) * sizes[a, b][i - a, j - b]
                    if more > best:
                        best, taken = more, (a, b)
            gain[i, j], step[i, j] = best, taken
    aligned = []
    i, j = len(left), len(right)
    while i > 0 and j > 0:
        a, b = step[i, j].tolist()
        i, j = i - a, j - b
        if a and b:
            cosine, size = float(cosines[a, b][i, j]), float(sizes[a, b][i, j])
            aligned.append(Aligned(range(i, i + a), range(j, j + b), cosine, size))
    return aligned[::-1]


def _join(vectors: Vectors, sizes: Floats, n: int) -> tuple[Vectors, Floats]:
    """Each `n` sentences that follow each other: the direction of their vectors by size, and their sizes."""
    if n == 1:
        return vectors, sizes
    weighted = vectors * sizes[:, None].astype(np.float32)
    total = weighted[:-1] + weighted[1:]
    lengths = np.maximum(np.linalg.norm(total, axis=1, keepdims=True), _ZERO)
    return total / lengths, sizes[:-1] + sizes[1:]
