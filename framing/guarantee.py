"""Abstention with a guarantee: score thresholds at which a wanted precision or recall holds.

Learn-then-test (Angelopoulos, Bates, Candès, Jordan & Lei 2022) with exact binomial tests: thresholds are
tested in an order fixed in advance, and the first that cannot be shown to be good enough ends the search,
so that the chance of promising what does not hold is at most one minus the confidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError

__all__ = ["GUARANTEES", "asked_per_frame", "precision_threshold", "recall_threshold", "set_guarantees"]

GUARANTEES = ("frame", "measure", "asked", "confidence", "threshold", "held", "n_gold", "coverage", "note")
_STARTS = 4  # places where a search begins, each with its part of the risk


def precision_threshold(
    gold: NDArray[np.bool_], scores: NDArray[np.float64], *, asked: float, confidence: float
) -> float:
    """Lowest score from which at least `asked` of the passages carry the frame; NaN where none can be shown.

    Parameters
    ----------
    gold, scores : shape (n,), of passages that the frame would be given to, scored by a classifier that had
        not seen them; they are taken to be a random sample of the passages to decide.

    Assumes independent passages. Given the scores, hits above a threshold are binomial at best with the asked
    share if the threshold is not good enough, so the test is exact whatever the scores' distribution.
    """
    from scipy.stats import binom

    order = np.argsort(-scores, kind="stable")
    hits, n = np.cumsum(gold[order]), len(gold)
    # only where the score changes can a threshold lie
    ends = np.flatnonzero(np.r_[np.diff(scores[order]) != 0, True]) if n else np.array([], dtype=int)
    risk = (1 - confidence) / _STARTS
    fewest = _fewest(asked, risk)
    failed = binom.sf(hits[ends] - 1, ends + 1, asked) > risk
    found = np.nan
    for start in np.unique(np.linspace(fewest, max(n, fewest), _STARTS + 1).astype(int)[:-1]):
        first = int(np.searchsorted(ends + 1, start))
        passed = first + int(np.argmax(np.r_[failed[first:], True]))
        if passed > first:
            found = float(np.fmin(found, scores[order[ends[passed - 1]]]))
    return found


def recall_threshold(gold: NDArray[np.bool_], scores: NDArray[np.float64], *, asked: float, confidence: float) -> float:
    """Highest score below which at most `1 - asked` of the passages that carry the frame lie; NaN if unknown.

    Parameters
    ----------
    gold, scores : shape (n,), of all passages, scored out of fold.

    The bound is an order statistic of the carriers' scores, exact for any distribution (a one-sided tolerance
    limit, Wilks 1941); it needs no search.
    """
    from scipy.stats import binom

    carriers = np.sort(scores[gold])
    n = len(carriers)
    # the j-th smallest leaves at most 1 - asked below with chance P(Bin(n, 1 - asked) >= j)
    n_good = int((binom.sf(np.arange(n), n, 1 - asked) >= confidence).sum())
    return float(carriers[n_good - 1]) if n_good else np.nan


def asked_per_frame(asked: float | Mapping[str, float] | None, frames: Sequence[str], *, what: str) -> dict[str, float]:
    """What the user needs, per frame; raises `InputError` for unknown frames and values outside 0 to 1."""
    if asked is None:
        return {}
    wanted = dict(asked) if isinstance(asked, Mapping) else dict.fromkeys(frames, asked)
    unknown = sorted(set(wanted) - set(frames))
    if unknown:
        raise InputError(f"{what}: no frame(s) {', '.join(unknown)}. Frames: {', '.join(frames)}.")
    for frame, value in wanted.items():
        if not isinstance(value, Real) or not 0 < value < 1:
            raise InputError(f"{what} of {frame}: expected a share between 0 and 1 (exclusive), got {value!r}.")
    return {frame: float(value) for frame, value in wanted.items()}


def set_guarantees(
    gold: NDArray[np.bool_],
    scores: NDArray[np.float64],
    given: NDArray[np.bool_],
    *,
    frames: Sequence[str],
    precision: Mapping[str, float],
    recall: Mapping[str, float],
    confidence: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], pd.DataFrame]:
    """Thresholds per frame and what they promise.

    Parameters
    ----------
    gold, scores, given : shape (n, K); `given`: the frame would be given without any abstention.

    Returns
    -------
    present_from : shape (K,): lower scores are not decided present. inf where precision cannot be promised.
    absent_below : shape (K,): higher scores are not decided absent; inf where recall is not asked for, -inf
        where it cannot be promised.
    table : columns `GUARANTEES`; `coverage` is the share of the labelled passages given (for recall: of those
        not given) that stays decided; `note` says why a promise could not be made.
    """
    present_from, absent_below = np.full(len(frames), -np.inf), np.full(len(frames), np.inf)
    rows = []
    for column, frame in enumerate(frames):
        truth, score, chosen = gold[:, column], scores[:, column], given[:, column]
        if frame in precision:
            asked = precision[frame]
            cut = precision_threshold(truth[chosen], score[chosen], asked=asked, confidence=confidence)
            present_from[column] = np.inf if np.isnan(cut) else cut
            kept = float((score[chosen] >= present_from[column]).mean()) if chosen.any() else 0.0
            needed = _fewest(asked, (1 - confidence) / _STARTS)
            why = _why(np.isnan(cut), int(chosen.sum()), needed, "given the frame")
            rows.append((frame, "precision", asked, confidence, cut, not why, int(chosen.sum()), kept, why))
        if frame in recall:
            asked = recall[frame]
            cut = recall_threshold(truth, score, asked=asked, confidence=confidence)
            absent_below[column] = -np.inf if np.isnan(cut) else cut
            kept = float((score[~chosen] < absent_below[column]).mean()) if (~chosen).any() else 0.0
            why = _why(np.isnan(cut), int(truth.sum()), _fewest(asked, 1 - confidence), "that carry it")
            rows.append((frame, "recall", asked, confidence, cut, not why, int(truth.sum()), kept, why))
    return present_from, absent_below, pd.DataFrame(rows, columns=list(GUARANTEES))


def _fewest(asked: float, risk: float) -> int:
    """Passages without one error below which nothing can be shown."""
    return int(np.ceil(np.log(risk) / np.log(asked)))


def _why(failed: bool, n: int, needed: int, which: str) -> str:
    if not failed:
        return ""
    if n < needed:
        return f"too few labels: {n} passages {which}, at least {needed} are needed even without an error"
    return f"not reached at any score with {n} passages {which}"
