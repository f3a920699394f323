"""Score thresholds from which a required precision or recall holds, and how many labels they need.

Learn-then-test (Angelopoulos, Bates, Candès, Jordan & Lei 2022) with exact binomial tests: thresholds are
tested in an order fixed in advance, and the first that cannot be shown to be good enough ends the search,
so that the probability of promising what does not hold is at most one minus the confidence.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["count_labels_for_precision", "count_least_labels", "find_precision_threshold", "find_recall_threshold"]

Array = NDArray[np.float64]

_N_STARTS = 4  # places where a search begins, each with its part of the risk
_POWER = 0.8  # probability that as many labels as are called enough are


def find_precision_threshold(
    labels: NDArray[np.bool_], scores: Array, *, required: float, confidence: float, n_starts: int = _N_STARTS
) -> float:
    """Find the lowest score from which at least the required share of the passages carries the frame.

    Parameters
    ----------
    labels : ndarray of bool, shape (n,)
        Whether each passage carries the frame; of the passages that the frame would be given to.
    scores : ndarray, shape (n,)
        Their scores by a classifier that had not seen them.
    required : float
        The precision.
    confidence : float
        Probability that the precision holds from the threshold on.
    n_starts : int
        Ranks from which a search begins, with an equal part of the risk each.

    Returns
    -------
    float
        NaN where no threshold can be shown to be good enough.

    Notes
    -----
    Assumes that passages are independent and a random sample of those to decide. Given the scores, the number of hits
    above a threshold that is not good enough is at best Binomial(n, required), so the test is exact whatever the
    distribution of the scores.
    """
    from scipy.stats import binom

    order, last = _rank(scores)
    hits, n = np.cumsum(labels[order])[last], len(labels)
    risk = (1 - confidence) / n_starts
    n_least = _count_least(required, risk)
    failed = binom.sf(hits - 1, last + 1, required) > risk
    threshold = np.nan
    for start in np.unique(np.linspace(n_least, max(n, n_least), n_starts + 1).astype(int)[:-1]):
        first = int(np.searchsorted(last + 1, start))
        stop = first + int(np.argmax(np.r_[failed[first:], True]))
        if stop > first:
            threshold = float(np.fmin(threshold, scores[order[last[stop - 1]]]))
    return threshold


def find_recall_threshold(labels: NDArray[np.bool_], scores: Array, *, required: float, confidence: float) -> float:
    """Find the highest score below which at most one minus the required share of the carriers of a frame lies.

    Parameters
    ----------
    labels : ndarray of bool, shape (n,)
        Whether each passage carries the frame; of all labelled passages.
    scores : ndarray, shape (n,)
        Their scores by a classifier that had not seen them.
    required : float
        The recall.
    confidence : float
        Probability that the recall holds below the threshold.

    Returns
    -------
    float
        NaN where there are too few carriers.

    Notes
    -----
    The bound is an order statistic of the carriers' scores, exact for any distribution (a one-sided tolerance limit,
    Wilks 1941): the j-th smallest leaves at most 1 - required below with probability
    P(Binomial(n, 1 - required) >= j). It needs no search.
    """
    from scipy.stats import binom

    carriers = np.sort(scores[labels])
    n = len(carriers)
    n_good = int((binom.sf(np.arange(n), n, 1 - required) >= confidence).sum())
    return float(carriers[n_good - 1]) if n_good else np.nan


def count_labels_for_precision(
    labels: NDArray[np.bool_], scores: Array, *, n_labelled: int, required: float, confidence: float
) -> int | None:
    """Guess how many labelled passages would let a precision be promised.

    Parameters
    ----------
    labels : ndarray of bool, shape (n,)
        Whether each passage carries the frame; of the labelled passages that the frame would be given to.
    scores : ndarray, shape (n,)
        Their scores.
    n_labelled : int
        Number of labelled passages in all.
    required : float
        The precision.
    confidence : float
        Probability that the precision holds.

    Returns
    -------
    int or None
        More than `n_labelled`, which have been tried; None where no guessed precision lies above the required one.

    Notes
    -----
    At each score the precision p above it is guessed as (hits + 1/2) / (n + 1), and the usual sample size of a test of
    one proportion, `((z_risk sqrt(p0 (1 - p0)) + z_power sqrt(p (1 - p))) / (p - p0))^2` with p0 the required precision
    and power .8 (Fleiss, Levin & Paik 2003, sec. 2.5), taken for as large a share of labels above it. The smallest
    counts. It assumes that new labels are drawn like these and that the classifier stays as good.
    """
    from scipy.stats import norm

    risk = (1 - confidence) / _N_STARTS
    order, last = _rank(scores)
    n_above = last + 1
    guess = (np.cumsum(labels[order])[last] + 0.5) / (n_above + 1)
    good = guess > required
    if not good.any():
        return None
    guess, n_above = guess[good], n_above[good]
    spread = norm.isf(risk) * np.sqrt(required * (1 - required)) + norm.ppf(_POWER) * np.sqrt(guess * (1 - guess))
    n_needed = np.maximum((spread / (guess - required)) ** 2, _count_least(required, risk))
    n_enough = np.ceil(n_needed * n_labelled / n_above)
    n_enough = n_enough[n_enough > n_labelled]
    return int(n_enough.min()) if len(n_enough) else None


def count_least_labels(measure: str, *, required: float, confidence: float) -> int:
    """Count the passages below which a measure cannot be promised, even if none of them is an error.

    Parameters
    ----------
    measure : str
        `precision` or `recall`.
    required : float
        Its value.
    confidence : float
        Probability with which it must hold.

    Returns
    -------
    int
        The least n with `required ** n` at most the risk, of which a search for precision has a part at each start.

    Examples
    --------
    >>> count_least_labels("recall", required=0.9, confidence=0.95)
    29
    """
    return _count_least(required, (1 - confidence) / _N_STARTS if measure == "precision" else 1 - confidence)


def _rank(scores: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows by falling score, and the last place of each score in that order: only there can a threshold lie.

    >>> order, last = _rank(np.array([0.2, 0.9, 0.2]))
    >>> order.tolist(), last.tolist()
    ([1, 0, 2], [0, 2])
    """
    order = np.argsort(-scores, kind="stable")
    last = np.flatnonzero(np.r_[np.diff(scores[order]) != 0, True]) if len(scores) else np.array([], dtype=int)
    return order, last


def _count_least(required: float, risk: float) -> int:
    """Passages without one error below which nothing can be shown: the least n with required**n <= risk."""
    return int(np.ceil(np.log(risk) / np.log(required)))
