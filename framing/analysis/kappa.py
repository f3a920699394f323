"""Cohen's kappa of two lists of decisions, and its interval over documents."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.uncertainty.intervals import percentiles
from framing.uncertainty.resample import draw_weights

__all__ = ["DECISIONS", "bound_kappa", "compute_kappa"]

DECISIONS = ("present", "absent", "abstain")
_LEAST_DOCUMENTS = 2
_METHOD = "percentile bootstrap over documents"
_ONE = "no interval: a single document"
_SAME = "no interval: no decision differs"  # draws of no difference have no spread
_UNDEFINED = "undefined: all decisions on both are the same one"


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


def bound_kappa(
    first: NDArray[Any], second: NDArray[Any], documents: NDArray[Any], level: float, n_bootstrap: int, random_seed: int
) -> tuple[float, float, float, str]:
    """Compute kappa and its interval over draws of documents, or say why there is none.

    Parameters
    ----------
    first, second : ndarray of shape (n, m)
        Decisions on n passages, m of each.
    documents : ndarray of int, shape (n,)
        Number of the document of each passage, from 0.
    level : float
        Confidence level of the interval.
    n_bootstrap : int
        Draws of documents.
    random_seed : int
        Start of the draws.

    Returns
    -------
    estimate, low, high : float
        Kappa over all decisions and its percentile interval; NaN where there is none.
    method : str
        What the interval is, or why there is none.

    Examples
    --------
    >>> one, other = np.array([["present"], ["absent"]]), np.array([["present"], ["absent"]])
    >>> bound_kappa(one, other, np.array([0, 0]), 0.95, 100, 0)
    (1.0, nan, nan, 'no interval: a single document')
    """
    estimate = compute_kappa(first.ravel(), second.ravel())
    if np.isnan(estimate):
        return estimate, np.nan, np.nan, _UNDEFINED
    n_documents = int(documents.max()) + 1
    if n_documents < _LEAST_DOCUMENTS:
        return estimate, np.nan, np.nan, _ONE
    if (first == second).all():
        return estimate, np.nan, np.nan, _SAME
    kinds = len(DECISIONS)
    places = {name: place for place, name in enumerate(DECISIONS)}
    here, there = (np.array([places[name] for name in side.ravel()]) for side in (first, second))
    counts = np.zeros((n_documents, kinds * kinds))
    np.add.at(counts, (np.repeat(documents, first.shape[1]), kinds * here + there), 1)
    draws = []
    for weights in draw_weights(n_documents, n_draws=n_bootstrap, generator=np.random.default_rng(random_seed)):
        tables = (weights @ counts).reshape(-1, kinds, kinds)
        total = tables.sum(axis=(1, 2))
        observed = np.trace(tables, axis1=1, axis2=2) / total
        expected = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / total**2
        with np.errstate(invalid="ignore", divide="ignore"):
            draws.append((observed - expected) / (1 - expected))
    values = np.concatenate(draws)
    values = values[np.isfinite(values)]
    if not len(values):
        return estimate, np.nan, np.nan, _UNDEFINED
    low, high = percentiles(values, level=level)
    return estimate, float(low), float(high), _METHOD
