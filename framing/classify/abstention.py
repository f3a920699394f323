"""Score thresholds from which a required precision or recall holds, and how many labels they need.

Learn-then-test (Angelopoulos, Bates, Candès, Jordan & Lei 2022) with exact binomial tests: thresholds are
tested in an order fixed in advance, and the first that cannot be shown to be good enough ends the search,
so that the probability of promising what does not hold is at most one minus the confidence. Passages of a
document are alike, so tests count what they are worth in independent passages: their number over the design
effect `1 + (m - 1) rho` (Kish 1965).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.uncertainty.likeness import intraclass_correlation, passages_per_document
from framing.uncertainty.resample import TINY

__all__ = [
    "count_labels_for_precision",
    "count_least_labels",
    "find_precision_threshold",
    "find_recall_threshold",
    "measure_precision_effect",
    "measure_recall_effect",
]

Array = NDArray[np.float64]

_N_STARTS = 4  # places where a search begins, each with its part of the risk
_POWER = 0.8  # probability that as many labels as are called enough are


def find_precision_threshold(
    labels: NDArray[np.bool_],
    scores: Array,
    *,
    required: float,
    confidence: float,
    documents: NDArray[np.int64] | None = None,
    n_starts: int = _N_STARTS,
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
    documents : ndarray of int, shape (n,), optional
        Document of each passage; None: passages are independent.
    n_starts : int
        Ranks from which a search begins, with an equal part of the risk each.

    Returns
    -------
    float
        NaN where no threshold can be shown to be good enough.

    Notes
    -----
    Assumes that documents are independent and their passages a random sample of those to decide. Given the scores, the
    number of hits above a threshold that is not good enough is at best Binomial(n, required), so the test is exact
    whatever the distribution of the scores if each passage is of another document. Else hits and passages are divided
    by the design effect among the passages above the threshold. The first search begins where these would be worth
    enough passages if none were an error.
    """
    from scipy.special import betainc

    ranked = _rank_precision(labels, scores, documents, required=required)
    last, n = ranked.last, len(labels)
    risk = (1 - confidence) / n_starts
    hits, errors = ranked.hits / ranked.effect, (last + 1 - ranked.hits) / ranked.effect
    # the chance of so many hits or more, at the required precision: that of a binomial for whole numbers
    failed = np.where(hits > 0, betainc(np.maximum(hits, TINY), errors + 1, required), 1.0) > risk
    n_first = _find_first_rank(ranked, _count_least(required, risk), required=required)
    threshold = np.nan
    for start in np.unique(np.linspace(n_first, max(n, n_first), n_starts + 1).astype(int)[:-1]):
        first = int(np.searchsorted(last + 1, start))
        stop = first + int(np.argmax(np.r_[failed[first:], True]))
        if stop > first:
            threshold = float(np.fmin(threshold, scores[ranked.order[last[stop - 1]]]))
    return threshold


def find_recall_threshold(
    labels: NDArray[np.bool_],
    scores: Array,
    *,
    required: float,
    confidence: float,
    documents: NDArray[np.int64] | None = None,
) -> float:
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
    documents : ndarray of int, shape (n,), optional
        Document of each passage; None: passages are independent.

    Returns
    -------
    float
        NaN where there are too few carriers.

    Notes
    -----
    The bound is an order statistic of the carriers' scores, exact for any distribution (a one-sided tolerance limit,
    Wilks 1941): the j-th smallest leaves at most 1 - required below with probability
    P(Binomial(n, 1 - required) >= j). It needs no search. Where carriers share documents, j and n are divided by their
    design effect (`measure_recall_effect`), and the rank is at least 1.
    """
    from scipy.special import betainc

    carriers = np.sort(scores[labels])
    effect = measure_recall_effect(labels, scores, documents)
    rank, n = np.maximum(np.arange(1, len(carriers) + 1) / effect, 1.0), len(carriers) / effect
    n_good = int((betainc(rank, np.maximum(n - rank, 0) + 1, 1 - required) >= confidence).sum())
    return float(carriers[n_good - 1]) if n_good else np.nan


def measure_recall_effect(labels: NDArray[np.bool_], scores: Array, documents: NDArray[np.int64] | None) -> float:
    """Measure the design effect of the carriers of a frame, on which a promise of recall rests.

    Parameters
    ----------
    labels : ndarray of bool, shape (n,)
        Whether each passage carries the frame.
    scores : ndarray, shape (n,)
        Their scores.
    documents : ndarray of int, shape (n,), or None
        Document of each passage; None: passages are independent.

    Returns
    -------
    float
        `1 + (m - 1) rho` of the carriers, with m their number in a document; at least 1.

    Notes
    -----
    rho is the intraclass correlation of the normal scores of the carriers' ranks: that of whether a carrier lies below
    a threshold is smaller, and cannot be told from a dozen of them.
    """
    from scipy.stats import norm, rankdata

    n = int(labels.sum())
    if documents is None or n < 2:
        return 1.0
    among = documents[labels]
    normal_scores = norm.ppf((rankdata(scores[labels]) - 0.5) / n)
    return 1 + (passages_per_document(among) - 1) * intraclass_correlation(normal_scores, among)


def measure_precision_effect(
    labels: NDArray[np.bool_], scores: Array, *, required: float, documents: NDArray[np.int64] | None
) -> float:
    """Measure the design effect of the passages that a frame is given to, on which a promise of precision rests.

    Parameters
    ----------
    labels : ndarray of bool, shape (n,)
        Whether each passage carries the frame.
    scores : ndarray, shape (n,)
        Their scores.
    required : float
        The precision, about which errors of a document are called alike.
    documents : ndarray of int, shape (n,), or None
        Document of each passage; None: passages are independent.

    Returns
    -------
    float
        `1 + (m - 1) rho` of all of them; at least 1.
    """
    effect = _rank_precision(labels, scores, documents, required=required).effect
    return float(effect[-1]) if len(effect) else 1.0


def count_labels_for_precision(
    labels: NDArray[np.bool_],
    scores: Array,
    *,
    n_labelled: int,
    required: float,
    confidence: float,
    documents: NDArray[np.int64] | None = None,
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
    documents : ndarray of int, shape (n,), optional
        Document of each passage; None: passages are independent.

    Returns
    -------
    int or None
        More than `n_labelled`, which have been tried; None where no guessed precision lies above the required one.

    Notes
    -----
    At each score the precision p above it is guessed as (hits + 1/2) / (n + 1), and the usual sample size of a test of
    one proportion, `((z_risk sqrt(p0 (1 - p0)) + z_power sqrt(p (1 - p))) / (p - p0))^2` with p0 the required precision
    and power .8 (Fleiss, Levin & Paik 2003, sec. 2.5), times the design effect there, taken for as large a share of
    labels above it. The smallest counts. It assumes that new labels are drawn like these and that the classifier stays
    as good.
    """
    from scipy.stats import norm

    risk = (1 - confidence) / _N_STARTS
    ranked = _rank_precision(labels, scores, documents, required=required)
    n_above = ranked.last + 1
    guess = (ranked.hits + 0.5) / (n_above + 1)
    good = guess > required
    if not good.any():
        return None
    guess, n_above, effect = guess[good], n_above[good], ranked.effect[good]
    spread = norm.isf(risk) * np.sqrt(required * (1 - required)) + norm.ppf(_POWER) * np.sqrt(guess * (1 - guess))
    n_needed = np.maximum((spread / (guess - required)) ** 2, _count_least(required, risk))
    n_enough = np.ceil(n_needed * effect * n_labelled / n_above)
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


class _Ranked(NamedTuple):
    """Passages by falling score: `order`; `last`, the last rank of each score, where alone a threshold can lie.

    At each of these, `hits` among the passages down to it, passages a document (`m`, as of Kish), and design effect.
    """

    order: NDArray[np.int64]
    last: NDArray[np.int64]
    hits: Array
    m: Array
    effect: Array


def _rank_precision(
    labels: NDArray[np.bool_], scores: Array, documents: NDArray[np.int64] | None, *, required: float
) -> _Ranked:
    """Rank passages for a promise of precision.

    The correlation of errors is taken about the required precision p, as if that were the true one, not about the
    share of hits: `rho` is the mean over pairs of passages of one document of `(y - p)(y' - p) / p (1 - p)`. With no
    error so far it is `(1 - p) / p` and not 0, as then nothing shows that errors do not come together.
    """
    order, last = _rank(scores)
    hits, n = np.cumsum(labels[order], dtype=float), np.arange(1, len(labels) + 1)
    m, rho = np.ones(len(labels)), np.zeros(len(labels))
    if documents is not None and len(labels):
        deviations: Array = labels[order].astype(float) - required
        n_pairs = 2 * np.cumsum(_sum_before(np.ones(len(labels)), documents[order]))
        products = 2 * np.cumsum(deviations * _sum_before(deviations, documents[order]))
        m = 1 + n_pairs / n
        rho = np.divide(products, n_pairs * required * (1 - required), out=rho, where=n_pairs > 0)
    effect = 1 + (m - 1) * np.clip(rho, 0, 1)
    return _Ranked(order, last, hits[last], m[last], effect[last])


def _sum_before(values: Array, documents: NDArray[np.int64]) -> Array:
    """Sum of the values of a document before each of its passages.

    >>> _sum_before(np.array([1.0, 2.0, 4.0, 8.0]), np.array([0, 1, 0, 0])).tolist()
    [0.0, 0.0, 1.0, 5.0]
    """
    by_document = np.argsort(documents, kind="stable")
    running = np.cumsum(values[by_document]) - values[by_document]
    starts = np.r_[True, np.diff(documents[by_document]) != 0]
    before = np.empty(len(values))
    before[by_document] = running - running[starts][np.cumsum(starts) - 1]
    return before


def _find_first_rank(ranked: _Ranked, n_least: int, *, required: float) -> int:
    """The first rank at which passages would be worth `n_least` independent ones if none were an error.

    It depends on scores and documents only, so that the order of the tests is fixed before labels are looked at.
    """
    n_above = ranked.last + 1
    worth = n_above / (1 + (ranked.m - 1) * min((1 - required) / required, 1.0))
    n_too_few = int((np.maximum.accumulate(worth) < n_least).sum())
    if n_too_few == len(worth):
        return len(ranked.order) + n_least
    return n_least if (ranked.m[: n_too_few + 1] == 1).all() else int(n_above[n_too_few])


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
