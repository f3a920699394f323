"""How alike texts are: a radial kernel of embeddings, a linear one of n-grams, some texts at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.errors import FramingError

__all__ = ["BATCH_TEXTS", "invert_positive", "radial_kernel", "solve_positive", "sum_kernels"]

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
    for start in range(0, len(vectors), BATCH_TEXTS):
        part = slice(start, start + BATCH_TEXTS)
        kernel[part] = radial_kernel(vectors[part], training, width=width)
        kernel[part] += word_weight * (words[part] @ across).toarray()
    return kernel


def invert_positive(matrix: Array) -> Array:
    """Invert a symmetric positive definite matrix in its own memory, by Cholesky's factors.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        In C order; it is overwritten.

    Returns
    -------
    ndarray, shape (n, n)
        The inverse, symmetric to the last digit.

    Raises
    ------
    FramingError
        If the matrix is not positive definite.

    Notes
    -----
    Half the operations of an inverse by LU (n^3 in place of 2 n^3; Golub & Van Loan 2013, sec. 4.2).

    Examples
    --------
    >>> invert_positive(np.array([[2.0, 0.0], [0.0, 4.0]])).round(12).tolist()
    [[0.5, 0.0], [0.0, 0.25]]
    """
    from scipy.linalg.lapack import dpotrf, dpotri

    factor, failed = dpotrf(matrix.T, lower=1, overwrite_a=1)
    _check_positive(failed, len(matrix))
    inverse, _ = dpotri(factor, lower=1, overwrite_c=1)
    for start in range(0, len(inverse), BATCH_TEXTS):  # the other triangle, some columns at a time
        part = slice(start, start + BATCH_TEXTS)
        corner = inverse[part, part]
        inverse[part, part] = np.tril(corner) + np.tril(corner, -1).T
        inverse[part, start + BATCH_TEXTS :] = inverse[start + BATCH_TEXTS :, part].T
    return np.asarray(inverse.T)


def solve_positive(matrix: Array, right: Array) -> Array:
    """Solve a symmetric positive definite system by Cholesky's factors, in the memory of its matrix.

    Parameters
    ----------
    matrix : ndarray, shape (n, n)
        In C order; it is overwritten.
    right : ndarray, shape (n,)
        The right side.

    Returns
    -------
    ndarray, shape (n,)
        The solution.

    Raises
    ------
    FramingError
        If the matrix is not positive definite.

    Examples
    --------
    >>> solve_positive(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([2.0, 2.0])).round(12).tolist()
    [1.0, 0.5]
    """
    from scipy.linalg.lapack import dposv

    if not len(matrix):
        return right.copy()
    _, solution, failed = dposv(matrix.T, right, lower=1, overwrite_a=1)
    _check_positive(failed, len(matrix))
    return np.asarray(solution).reshape(right.shape)


def _check_positive(failed: int, n: int) -> None:
    if failed:
        raise FramingError(f"A kernel of {n} texts is not positive definite (its minor {failed}).")
