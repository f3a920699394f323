"""Factors that give the positives of a frame the total weight of its negatives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["balance_classes"]

Array = NDArray[np.float64]


def balance_classes(target: NDArray[np.bool_], weights: Array) -> Array:
    """Make factors that give positives the total weight of negatives, where they have less.

    Parameters
    ----------
    target : ndarray of bool, shape (n,)
        Which texts are positives.
    weights : ndarray, shape (n,)
        Of the texts.

    Returns
    -------
    ndarray, shape (n,)
        1 for negatives.

    Examples
    --------
    >>> balance_classes(np.array([True, False, False]), np.array([2.0, 3.0, 3.0])).tolist()
    [3.0, 1.0, 1.0]
    """
    positive, negative = weights[target].sum(), weights[~target].sum()
    lift = negative / positive if positive > 0 and negative > 0 else 1.0
    return np.where(target, max(lift, 1.0), 1.0)
