"""Measures of scores in their order: average precision, calibration error, risk at each coverage.

Each is computed for many weightings of the documents at once: a bootstrap draw is a weight for each document, so a
point estimate (every weight one) and its draws come from the same lines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.uncertainty.resample import ratio_or_nan
from framing.validation.inputs import Flags, Floats

__all__ = [
    "COVERAGE_STEPS",
    "Ranking",
    "assign_bins",
    "calibration_error",
    "measure_ranking",
    "measure_risk",
    "rank_scores",
]

COVERAGE_STEPS = 20  # coverages 1/20 to 20/20
_N_BINS = 15


@dataclass(frozen=True)
class Ranking:
    """Scores in rising order, all arrays of shape (n,).

    Attributes
    ----------
    documents : ndarray of int
        Number of the document whose weight a score has.
    gold : ndarray of bool
        Whether the frame is there.
    gaps : ndarray of float
        Score less gold.
    ties : ndarray of int
        Place of the first score that is equal.
    """

    documents: NDArray[np.intp]
    gold: Flags
    gaps: Floats
    ties: NDArray[np.intp]


def rank_scores(gold: Flags, scores: Floats, documents: NDArray[np.intp]) -> Ranking:
    """Put scores, with their labels and documents, in rising order.

    Parameters
    ----------
    gold : ndarray of bool
        Labels, shape (n,).
    scores : ndarray of float
        Scores, shape (n,).
    documents : ndarray of int
        Number of each score's document, shape (n,).

    Returns
    -------
    Ranking
        The n scores.
    """
    order = np.argsort(scores, kind="stable")
    rising = scores[order]
    ties = np.searchsorted(rising, rising)
    return Ranking(documents=documents[order], gold=gold[order], gaps=rising - gold[order], ties=ties)


def measure_ranking(ranking: Ranking, weights: Floats, *, n_bins: int = _N_BINS) -> tuple[Floats, Floats]:
    """Average precision and calibration error under each weighting of the documents.

    Parameters
    ----------
    ranking : Ranking
        The scores.
    weights : ndarray of float
        Whole numbers, shape (B, D): how often each of D documents counts.
    n_bins : int, default 15
        Bins of the calibration error.

    Returns
    -------
    tuple of ndarray of float
        Average precision, NaN without any gold, and calibration error; each of shape (B,).

    Notes
    -----
    Average precision is `sum_k (R_k - R_{k-1}) P_k` over the cuts between different scores, from the highest, P and R
    precision and recall: not interpolated, and equal scores are let in together. It is what scikit-learn's
    `average_precision_score` gives with these `sample_weight`. The calibration error is that of `calibration_error`.
    """
    weight = weights[:, ranking.documents]
    total = np.cumsum(weight, axis=1)
    below = (total - weight)[:, ranking.ties]
    n = total[:, -1:]
    return _average_precision(ranking, weight, below, n), _bin_gaps(ranking, weight, below, n, n_bins=n_bins) / n[:, 0]


def _average_precision(ranking: Ranking, weight: Floats, below: Floats, n: Floats) -> Floats:
    """Average precision, shape (B,); `below` is the weight of lower scores, shape (B, n)."""
    positive = np.flatnonzero(ranking.gold)
    if not len(positive):
        return np.full(len(weight), np.nan)
    ties = ranking.ties[positive]
    positive_weight = weight[:, positive]
    first = np.searchsorted(ties, ties)
    hits = np.cumsum(positive_weight, axis=1)
    hits_from_here = hits[:, -1:] - (hits - positive_weight)[:, first]
    precision = ratio_or_nan(hits_from_here, n - below[:, positive])
    steps = np.where(positive_weight > 0, positive_weight * precision, 0.0)
    return ratio_or_nan(steps.sum(axis=1), hits[:, -1])


def _bin_gaps(ranking: Ranking, weight: Floats, below: Floats, n: Floats, *, n_bins: int) -> Floats:
    """Sum over bins of equal mass of the absolute sum of gaps in each, shape (B,)."""
    # quotients of whole numbers far below 2**53: truncating them is exact
    bins = (below * np.minimum(n_bins, n) / n).astype(np.intp)
    shape = (len(weight), n_bins + 1)  # one bin more: where only scores of no weight are left
    bins += np.arange(len(weight))[:, None] * shape[1]
    gaps = np.bincount(bins.ravel(), weights=(weight * ranking.gaps).ravel(), minlength=shape[0] * shape[1])
    return np.asarray(np.abs(gaps.reshape(shape)).sum(axis=1))


def assign_bins(scores: Floats, *, n_bins: int) -> NDArray[np.int64]:
    """Bin of each score: bins of equal mass, save that equal scores fall into one.

    Parameters
    ----------
    scores : ndarray of float
        Scores, shape (n,).
    n_bins : int
        Number of bins, if there are as many scores.

    Returns
    -------
    ndarray of int
        Shape (n,), 0 the lowest. A bin may be empty.

    Examples
    --------
    >>> assign_bins(np.array([0.4, 0.1, 0.1, 0.9]), n_bins=2).tolist()
    [1, 0, 0, 1]
    """
    rank = np.searchsorted(np.sort(scores), scores)
    return np.asarray(rank * min(n_bins, len(scores)) // len(scores))


def calibration_error(gold: Flags, scores: Floats, *, n_bins: int = _N_BINS) -> float:
    """Expected calibration error: mean distance of score and observed share over bins of equal mass.

    Parameters
    ----------
    gold : ndarray of bool
        Labels, shape (n,).
    scores : ndarray of float
        Scores, shape (n,), 0 to 1.
    n_bins : int, default 15
        Number of bins.

    Returns
    -------
    float
        0 to 1.

    Notes
    -----
    `sum_b |sum_{i in b} (score_i - gold_i)| / n`. Equal scores fall into one bin, so that the order of the rows does
    not matter.

    Examples
    --------
    >>> calibration_error(np.array([True, False]), np.array([1.0, 0.0]), n_bins=2)
    0.0
    """
    gaps = np.bincount(assign_bins(scores, n_bins=n_bins), weights=scores - gold)
    return float(np.abs(gaps).sum() / len(scores))


def measure_risk(
    wrong: Flags, confidence: Floats, documents: NDArray[np.intp], weights: Floats
) -> tuple[Floats, Floats]:
    """Share of wrong decisions among the most confident, under each weighting of the documents.

    Parameters
    ----------
    wrong : ndarray of bool
        Whether a decision is wrong, shape (n,).
    confidence : ndarray of float
        Confidence in it, shape (n,).
    documents : ndarray of int
        Number of its document, shape (n,).
    weights : ndarray of float
        How often each of D documents counts, shape (B, D).

    Returns
    -------
    tuple of ndarray of float
        Risk, and how many decisions are covered, rounded up; each of shape (B, `COVERAGE_STEPS`).

    Notes
    -----
    Risk at coverage c is `errors among the ceil(c n) most confident / ceil(c n)`. Of decisions made with equal
    confidence each is as likely to be covered, so errors are interpolated between different confidences.
    """
    order = np.argsort(-confidence, kind="stable")
    falling = confidence[order]
    ends = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))
    weight = weights[:, documents[order]]
    n_above = np.pad(np.cumsum(weight, axis=1)[:, ends], ((0, 0), (1, 0)))
    n_errors = np.pad(np.cumsum(weight * wrong[order], axis=1)[:, ends], ((0, 0), (1, 0)))
    steps = np.arange(1, COVERAGE_STEPS + 1)
    covered = np.ceil(n_above[:, -1:] * steps / COVERAGE_STEPS)
    errors = np.array([np.interp(*row) for row in zip(covered, n_above, n_errors, strict=True)])
    return errors / covered, covered
