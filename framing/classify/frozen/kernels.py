"""How alike texts are: a radial kernel of embeddings, a linear one of n-grams, some texts at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BATCH_TEXTS", "radial_blocks", "radial_kernel", "sum_kernels"]

BATCH_TEXTS = 512  # whose kernel is in memory at once

Array = NDArray[np.float64]
Vectors = NDArray[np.float32]


def radial_kernel(left: Vectors, right: Vectors, *, width: float) -> Array:
    """Compute `exp(width * (u.v - 1))` for each pair of vectors.

    Parameters
    ----------
    left, right : ndarray, shapes (n, d) and (m, d)
        Of unit length.
    width : float
        How fast it falls with the distance.

    Returns
    -------
    ndarray, shape (n, m)
        1 for equal vectors.

    Examples
    --------
    >>> radial_kernel(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32), width=2.0).round(3).tolist()
    [[1.0, 0.135], [0.135, 1.0]]
    """
    kernel: Array = (left @ right.T).astype(np.float64)
    kernel -= 1.0
    kernel *= width
    return np.exp(kernel, out=kernel)


def radial_blocks(vectors: Vectors, training: Vectors, *, width: float) -> Iterator[tuple[slice, Array]]:
    """Compute the radial kernel of vectors and training vectors, some rows at a time.

    Parameters
    ----------
    vectors, training : ndarray, shapes (n, d) and (m, d)
        Of unit length.
    width : float
        As in `radial_kernel`.

    Yields
    ------
    rows : slice
        Rows of `vectors`.
    kernel : ndarray, shape (BATCH_TEXTS, m)
        Theirs, then rows without meaning: all products have one shape, as their rounding depends on it, and a score
        must not depend on how many texts stand beside it.
    """
    block = np.zeros((BATCH_TEXTS, training.shape[1]), dtype=vectors.dtype)
    for start in range(0, len(vectors), BATCH_TEXTS):
        rows = slice(start, start + BATCH_TEXTS)
        part = vectors[rows]
        block[: len(part)] = part
        yield rows, radial_kernel(block, training, width=width)


def sum_kernels(
    vectors: Vectors, training: Vectors, words: Any, training_words: Any, *, width: float, word_weight: float
) -> Array:
    """Compute the radial kernel of embeddings plus the weighted linear kernel of n-grams.

    Parameters
    ----------
    vectors, training : ndarray, shapes (n, d) and (m, d)
        Embeddings of unit length.
    words, training_words : sparse matrix, shapes (n, g) and (m, g)
        Weights of their n-grams.
    width : float
        As in `radial_kernel`.
    word_weight : float
        Of the n-grams.

    Returns
    -------
    ndarray, shape (n, m)
        One row a text.
    """
    kernel: Array = np.empty((len(vectors), len(training)))
    across = training_words.T.tocsr()
    for part, radial in radial_blocks(vectors, training, width=width):
        kernel[part] = radial[: len(vectors[part])]
        kernel[part] += word_weight * (words[part] @ across).toarray()
    return kernel
