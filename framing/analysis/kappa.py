"""Cohen's kappa of two lists of decisions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["DECISIONS", "compute_kappa"]

DECISIONS = ("present", "absent", "abstain")


def compute_kappa(first: NDArray[np.object_], second: NDArray[np.object_]) -> float:
    """Compute Cohen's kappa (1960) of two lists of decisions.

    Parameters
    ----------
    first, second : ndarray of shape (n,)
        `present`, `absent` or `abstain`.

    Returns
    -------
    float
        `(p_o - p_e) / (1 - p_e)`; NaN where all decisions are the same one.

    Examples
    --------
    >>> one, other = np.array([["present", "absent", "absent", "absent"], ["present", "present", "absent", "absent"]])
    >>> compute_kappa(one, other)
    0.5
    """
    observed = float((first == second).mean())
    expected = float(sum((first == value).mean() * (second == value).mean() for value in DECISIONS))
    return (observed - expected) / (1 - expected) if expected < 1 else float("nan")
