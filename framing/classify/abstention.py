"""Abstention with a guarantee: score thresholds at which a wanted precision or recall holds.

Learn-then-test (Angelopoulos, Bates, Candès, Jordan & Lei 2022) with exact binomial tests: thresholds are
tested in an order fixed in advance, and the first that cannot be shown to be good enough ends the search,
so that the chance of promising what does not hold is at most one minus the confidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.tables import GUARANTEES

__all__ = [
    "Shortfall",
    "asked_per_frame",
    "labels_for_precision",
    "precision_threshold",
    "recall_threshold",
    "set_guarantees",
    "shortfall_of",
]

Shortfall = Literal["", "labels", "scores"]  # what was wanting: more labels, or scores that tell passages apart
_STARTS = 4  # places where a search begins, each with its part of the risk
_POWER = 0.8  # chance that as many labels as are called enough are


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
    table : columns `GUARANTEES`; `n_gold` counts the labelled passages that the promise rests on: given the frame
        (for recall: that carry it). `share_kept` is the share of the labelled passages given (for recall: of those
        not given) that stays decided; `n_enough` is how many labelled passages, drawn like these, would roughly
        do where a promise could not be made, NA where that cannot be told; `shortfall` is what it wanted for (empty
        where it was made), and `note` says so in words.
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
            n_chosen, held = int(chosen.sum()), not np.isnan(cut)
            lacks = shortfall_of("precision", asked=asked, confidence=confidence, n_gold=n_chosen, held=held)
            needed = _labels_at_least("precision", asked, confidence)
            note = _note(lacks, n_chosen, needed, "given the frame")
            enough = labels_for_precision(
                truth[chosen], score[chosen], n_labelled=len(gold), asked=asked, confidence=confidence
            )
            enough = None if held else _rough(enough)
            rows.append((frame, "precision", asked, confidence, cut, held, n_chosen, kept, enough, lacks, note))
        if frame in recall:
            asked = recall[frame]
            cut = recall_threshold(truth, score, asked=asked, confidence=confidence)
            absent_below[column] = -np.inf if np.isnan(cut) else cut
            kept = float((score[~chosen] < absent_below[column]).mean()) if (~chosen).any() else 0.0
            n_carriers, held = int(truth.sum()), not np.isnan(cut)
            lacks = shortfall_of("recall", asked=asked, confidence=confidence, n_gold=n_carriers, held=held)
            needed = _labels_at_least("recall", asked, confidence)
            note = _note(lacks, n_carriers, needed, "that carry it")
            enough = _rough(int(np.ceil(needed * len(gold) / n_carriers))) if not held and n_carriers else None
            rows.append((frame, "recall", asked, confidence, cut, held, n_carriers, kept, enough, lacks, note))
    table = pd.DataFrame(rows, columns=list(GUARANTEES))
    return present_from, absent_below, table.astype({"n_enough": "Int64"}) if rows else table


def labels_for_precision(
    gold: NDArray[np.bool_], scores: NDArray[np.float64], *, n_labelled: int, asked: float, confidence: float
) -> int | None:
    """Roughly how many labelled passages would let a precision be promised; None where it cannot be told.

    Parameters
    ----------
    gold, scores : shape (n,), of the labelled passages that the frame would be given to, of `n_labelled` in all.

    At each score the precision above it is guessed as (hits + 1/2) / (n + 1), and the usual sample size of a test of
    one proportion (power .8; Fleiss, Levin & Paik 2003, sec. 2.5) taken for as large a share of labels above it. The
    smallest counts. It supposes that new labels are drawn like these and that the classifier stays as good; it
    is None where no guess lies above what is asked.
    """
    from scipy.stats import norm

    risk = (1 - confidence) / _STARTS
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.r_[np.diff(scores[order]) != 0, True]) if len(gold) else np.array([], dtype=int)
    n_above = ends + 1
    share = (np.cumsum(gold[order])[ends] + 0.5) / (n_above + 1)
    good = share > asked
    if not good.any():
        return None
    share, n_above = share[good], n_above[good]
    spread = norm.isf(risk) * np.sqrt(asked * (1 - asked)) + norm.ppf(_POWER) * np.sqrt(share * (1 - share))
    above = np.maximum((spread / (share - asked)) ** 2, _fewest(asked, risk))
    enough = np.ceil(above * n_labelled / n_above)
    enough = enough[enough > n_labelled]  # what is there has been tried
    return int(enough.min()) if len(enough) else None


def _rough(n: int | None) -> int | None:
    """Rounded up to two figures, which is all that a guess has.

    >>> _rough(1234), _rough(87)
    (1300, 87)
    """
    if n is None:
        return None
    step = 10 ** max(len(str(n)) - 2, 0)
    return int(-(-n // step) * step)


def _fewest(asked: float, risk: float) -> int:
    """Passages without one error below which nothing can be shown."""
    return int(np.ceil(np.log(risk) / np.log(asked)))


def _labels_at_least(measure: str, asked: float, confidence: float) -> int:
    """Passages below which a measure cannot be promised, even if none of them is an error."""
    return _fewest(asked, (1 - confidence) / _STARTS if measure == "precision" else 1 - confidence)


def shortfall_of(measure: str, *, asked: float, confidence: float, n_gold: int, held: bool) -> Shortfall:
    """What a promise wanted for: `labels` where they are too few even without an error, else `scores`.

    >>> shortfall_of("recall", asked=0.9, confidence=0.95, n_gold=28, held=False)
    'labels'
    >>> shortfall_of("recall", asked=0.9, confidence=0.95, n_gold=29, held=False)
    'scores'
    """
    if held:
        return ""
    return "labels" if n_gold < _labels_at_least(measure, asked, confidence) else "scores"


def _note(shortfall: Shortfall, n: int, needed: int, which: str) -> str:
    if shortfall == "labels":
        return f"too few labels: {n} passages {which}, at least {needed} are needed even without an error"
    return f"not reached at any score with {n} passages {which}" if shortfall else ""
