"""How alike passages of one document are, and how many independent passages they are worth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["intraclass_correlation", "passages_per_document"]

Array = NDArray[np.float64]


def passages_per_document(documents: NDArray[Any]) -> float:
    """Mean number of passages in the document of a passage, as a design effect has it.

    Parameters
    ----------
    documents : array, shape (n,)
        Document of each passage.

    Returns
    -------
    float
        `sum_d n_d**2 / n` (Kish 1965); 1 where there are none.

    Examples
    --------
    >>> passages_per_document(np.array(["a", "a", "a", "b"]))
    2.5
    """
    sizes = np.unique(documents, return_counts=True)[1].astype(float)
    return float((sizes**2).sum() / sizes.sum()) if len(sizes) else 1.0


def intraclass_correlation(values: Array, documents: NDArray[Any]) -> float:
    """Correlation of two passages of one document, by analysis of variance.

    Parameters
    ----------
    values : array, shape (n,)
        A value of each passage.
    documents : array, shape (n,)
        Its document.

    Returns
    -------
    float
        0 to 1; 0 where passages of a document are less alike than others, and where nothing can tell: with one document
        or one passage in each.

    Notes
    -----
    `(B - W) / (B + (m - 1) W)`, B the mean square between documents, W that within them, and
    `m = (n - sum_d n_d**2 / n) / (D - 1)` passages a document (Donner & Koval 1980, Biometrics 36:19).

    Examples
    --------
    >>> round(intraclass_correlation(np.array([0.2, 0.4, 0.6, 0.8, 0.3, 0.5]), np.array([0, 0, 1, 1, 2, 2])), 4)
    0.625
    """
    codes = np.unique(documents, return_inverse=True)[1]
    sizes = np.bincount(codes).astype(float)
    n, n_documents = len(values), len(sizes)
    if n_documents < 2 or n == n_documents:
        return 0.0
    means = np.bincount(codes, values) / sizes
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (n_documents - 1)
    within = float(((values - means[codes]) ** 2).sum()) / (n - n_documents)
    scale = between + ((n - (sizes**2).sum() / n) / (n_documents - 1) - 1) * within
    return max(0.0, float((between - within) / scale)) if scale > 0 else 0.0
