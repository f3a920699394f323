"""Measures of agreement with human labels, each for many weightings of the documents at once.

A bootstrap draw is a weight for each document, so a point estimate (every weight one) and its draws come
from the same lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.uncertainty.resample import ratio_or_nan

__all__ = [
    "COVERAGE_STEPS", "Judged", "Ranking", "calibration_error", "documents_behind", "equal_mass_bins", "judge",
    "measures_of", "number_documents", "rank_scores", "ranked_measures", "read_decisions", "require_alike",
    "selective_risk",
]  # fmt: skip

Floats = NDArray[np.float64]

COVERAGE_STEPS = 20  # coverages 1/20 to 20/20
_N_BINS = 15


def read_decisions(decided: NDArray[np.bool_] | NDArray[np.str_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which decisions are present and which are absent, each in the shape of `decided`; neither is an abstention.

    Takes booleans, or the strings `present`, `absent` and `abstain`; raises `InputError` for anything else.

    >>> read_decisions(np.array(["present", "abstain"]))[1].tolist()
    [False, False]
    """
    if decided.dtype == bool:
        present = decided.astype(bool)
        return present, ~present
    words = decided.astype(str)
    unknown = sorted(set(np.unique(words)) - {"present", "absent", "abstain"})
    if unknown:
        raise InputError(
            f"decided: expected booleans, or the strings present, absent and abstain; got {', '.join(unknown[:5])}."
        )
    return words == "present", words == "absent"


def require_alike(frames: Sequence[str], **parts: NDArray[Any]) -> None:
    """Raise `InputError` unless all parts have the shape (n, K) with K frames, there are rows, and no number is NaN."""
    shapes = [f"{name} {part.shape}" for name, part in parts.items()]
    if len({part.shape for part in parts.values()}) > 1 or next(iter(parts.values())).shape[1:] != (len(frames),):
        raise InputError(f"{', '.join(shapes[:-1])} and {shapes[-1]} must be alike, with {len(frames)} frames.")
    if not len(next(iter(parts.values()))):
        raise InputError("There are no labelled passages to evaluate on.")
    for name, part in parts.items():
        if part.dtype.kind == "f" and np.isnan(part).any():
            raise InputError(f"{name}: expected a number for every passage and frame, got {np.isnan(part).sum()} NaN.")


def number_documents(documents: Sequence[str], *, n: int, what: str = "documents") -> tuple[NDArray[np.intp], int]:
    """Number of each passage's document (or other `what`), shape (n,), and how many documents there are."""
    if len(documents) != n:
        raise InputError(f"{what}: expected one for each of the {n} passages, got {len(documents)}.")
    codes, labels = pd.factorize(pd.Series(list(documents), dtype=object), use_na_sentinel=False)
    return codes, len(labels)


@dataclass(frozen=True)
class Ranking:
    """Scores in rising order, all arrays of shape (n,).

    Attributes
    ----------
    owners : number of the document whose weight a score has.
    gold : whether the frame is there.
    gaps : score less gold.
    starts : place of the first score that is equal.
    """

    owners: NDArray[np.intp]
    gold: NDArray[np.bool_]
    gaps: Floats
    starts: NDArray[np.intp]


def rank_scores(gold: NDArray[np.bool_], scores: Floats, owners: NDArray[np.intp]) -> Ranking:
    """Put scores, with their labels and documents, in rising order."""
    order = np.argsort(scores, kind="stable")
    rising = scores[order]
    return Ranking(owners[order], gold[order], rising - gold[order], np.searchsorted(rising, rising, side="left"))


def ranked_measures(ranking: Ranking, weights: Floats, *, n_bins: int = _N_BINS) -> tuple[Floats, Floats]:
    """Average precision and calibration error for each row of `weights`, shape (B, D); each of shape (B,).

    Average precision is the sum of precision times the step in recall over the cuts between different
    scores, not interpolated: equal scores are let in together. NaN without any gold. It is what
    scikit-learn's `average_precision_score` gives with these `sample_weight`.
    """
    weight = weights[:, ranking.owners]
    total = np.cumsum(weight, axis=1)
    below = (total - weight)[:, ranking.starts]
    n = total[:, -1:]
    positive = np.flatnonzero(ranking.gold)
    precision = np.full(len(weights), np.nan)
    if len(positive):
        starts = ranking.starts[positive]
        own = weight[:, positive]
        first = np.searchsorted(starts, starts, side="left")
        hits = np.cumsum(own, axis=1)
        above = hits[:, -1:] - (hits - own)[:, first]
        reached = ratio_or_nan(above, n - below[:, positive])
        precision = ratio_or_nan(np.where(own > 0, own * reached, 0.0).sum(axis=1), hits[:, -1])
    # Quotients of whole numbers far below 2**53: truncating them is exact.
    bins = (below * np.minimum(n_bins, n) / n).astype(np.intp)
    shape = (len(weights), n_bins + 1)  # one bin more: where only scores of no weight are left
    bins += np.arange(len(weights))[:, None] * shape[1]
    gaps = np.bincount(bins.ravel(), weights=(weight * ranking.gaps).ravel(), minlength=shape[0] * shape[1])
    return precision, np.abs(gaps.reshape(shape)).sum(axis=1) / n[:, 0]


@dataclass(frozen=True)
class Judged:
    """Labelled and decided passages, reduced to what the measures need.

    Attributes
    ----------
    frames : frame ids, length K.
    totals : shape (D, 5K + 3), sums over each document: hits, false alarms, misses, squared errors of the
        scores and decisions made of each frame; passages, passages decided rightly, passages wholly decided.
    rankings : scores of each frame (none if only overall measures are wanted). `overall`: all scores.
    support, carriers : passages and documents with the gold frame, shape (K,).
    abstains : whether any decision is an abstention. `single` : whether every passage has one gold frame.
    """

    frames: list[str]
    totals: Floats
    rankings: list[Ranking]
    overall: Ranking
    support: NDArray[np.int64]
    carriers: NDArray[np.int64]
    n_passages: int
    abstains: bool
    single: bool

    @property
    def n_documents(self) -> int:
        return len(self.totals)


def judge(
    gold: NDArray[np.bool_],
    decided: NDArray[np.bool_] | NDArray[np.str_],
    scores: Floats,
    *,
    frames: Sequence[str],
    documents: Sequence[str],
    by_frame: bool = True,
) -> Judged:
    """Reduce gold labels, decisions and scores, each (n, K), to `Judged`; raises `InputError` if they are not alike."""
    require_alike(frames, gold=gold, decided=decided, scores=scores)
    present, absent = read_decisions(decided)
    codes, n_documents = number_documents(documents, n=len(gold))
    made = present | absent
    whole = made.all(axis=1)
    right = whole & (present == gold).all(axis=1)
    ones = np.ones(len(gold))
    counts = np.column_stack(
        [gold & present, ~gold & present, gold & absent, (scores - gold) ** 2, made, ones, right, whole]
    )
    totals = np.zeros((n_documents, counts.shape[1]))
    np.add.at(totals, codes, counts)
    scores = np.asarray(scores, dtype=float)
    columns = range(len(frames)) if by_frame else ()
    return Judged(
        frames=list(frames),
        totals=totals,
        rankings=[rank_scores(gold[:, k], scores[:, k], codes) for k in columns],
        overall=rank_scores(gold.ravel(), scores.ravel(), np.repeat(codes, len(frames))),
        support=gold.sum(axis=0),
        carriers=np.array([len(np.unique(codes[gold[:, k]])) for k in range(len(frames))]),
        n_passages=len(gold),
        abstains=not bool(made.all()),
        single=bool((gold.sum(axis=1) == 1).all()),
    )


def measures_of(judged: Judged, weights: Floats) -> dict[tuple[str, str], Floats]:
    """Every measure, by frame and name, for each row of `weights`, shape (B, D); values of shape (B,)."""
    k = len(judged.frames)
    sums = weights @ judged.totals
    hit, wrong, missed, squared, made = np.split(sums[:, : 5 * k], 5, axis=1)
    n, right, whole = sums[:, 5 * k :].T
    by_frame = {
        "precision": ratio_or_nan(hit, hit + wrong),
        "recall": ratio_or_nan(hit, hit + missed),
        "f1": ratio_or_nan(2 * hit, 2 * hit + wrong + missed),
    }
    if judged.rankings:
        ranked = [ranked_measures(ranking, weights) for ranking in judged.rankings]
        by_frame["average_precision"] = np.column_stack([precision for precision, _ in ranked])
        by_frame["brier"] = squared / n[:, None]
        by_frame["calibration_error"] = np.column_stack([error for _, error in ranked])
    if judged.abstains:
        by_frame["coverage"] = made / n[:, None]
    found = {(name, key): by_frame[key][:, column] for column, name in enumerate(judged.frames) for key in by_frame}
    for key in ("precision", "recall", "f1", "average_precision"):
        if key in by_frame:
            known = ~np.isnan(by_frame[key])
            found["(macro)", key] = ratio_or_nan(
                np.where(known, by_frame[key], 0.0).sum(axis=1), known.sum(axis=1) * 1.0
            )
    hits, wrongs, misses = hit.sum(axis=1), wrong.sum(axis=1), missed.sum(axis=1)
    found["(micro)", "precision"] = ratio_or_nan(hits, hits + wrongs)
    found["(micro)", "recall"] = ratio_or_nan(hits, hits + misses)
    found["(micro)", "f1"] = ratio_or_nan(2 * hits, 2 * hits + wrongs + misses)
    if judged.single:
        found["(all)", "accuracy"] = ratio_or_nan(right, whole)
    if judged.abstains:
        found["(all)", "coverage"] = made.sum(axis=1) / (n * k)
    found["(all)", "brier"] = squared.sum(axis=1) / (n * k)
    found["(all)", "calibration_error"] = ranked_measures(judged.overall, weights)[1]
    return found


def documents_behind(judged: Judged) -> dict[tuple[str, str], int]:
    """How many documents each measure that is a share rests on, by frame and name."""
    k = len(judged.frames)
    hit, wrong, missed, _, made = np.split(judged.totals[:, : 5 * k], 5, axis=1)
    found: dict[tuple[str, str], int] = {}
    for key, counts in {"precision": hit + wrong, "recall": hit + missed, "coverage": np.ones_like(made)}.items():
        found |= {(name, key): int((counts[:, column] > 0).sum()) for column, name in enumerate(judged.frames)}
        found["(all)" if key == "coverage" else "(micro)", key] = int((counts.sum(axis=1) > 0).sum())
    found["(all)", "accuracy"] = int((judged.totals[:, -1] > 0).sum())
    return found


def equal_mass_bins(scores: Floats, *, n_bins: int) -> NDArray[np.int64]:
    """Bin of each score, shape (n,): bins of equal mass, save that equal scores fall into one.

    >>> equal_mass_bins(np.array([0.4, 0.1, 0.1, 0.9]), n_bins=2).tolist()
    [1, 0, 0, 1]
    """
    rank = np.searchsorted(np.sort(scores), scores, side="left")
    return np.asarray(rank * min(n_bins, len(scores)) // len(scores))


def calibration_error(gold: NDArray[np.bool_], scores: Floats, *, n_bins: int = _N_BINS) -> float:
    """Expected calibration error over bins of equal mass: mean distance of score and observed share.

    Equal scores fall into one bin, so that the order of the rows does not matter.

    >>> calibration_error(np.array([True, False]), np.array([1.0, 0.0]), n_bins=2)
    0.0
    """
    gaps = np.bincount(equal_mass_bins(scores, n_bins=n_bins), weights=scores - gold)
    return float(np.abs(gaps).sum() / len(scores))


def selective_risk(
    wrong: NDArray[np.bool_], confidence: Floats, owners: NDArray[np.intp], weights: Floats
) -> tuple[Floats, Floats]:
    """Share of wrong decisions among the most confident, and how many those are; each (B, COVERAGE_STEPS).

    `wrong`, `confidence` and `owners` have shape (n,), `weights` (B, D). The numbers are rounded up. Of
    decisions made with equal confidence, each is as likely to be let in.
    """
    order = np.argsort(-confidence, kind="stable")
    falling = confidence[order]
    ends = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))
    weight = weights[:, owners[order]]
    reached = np.pad(np.cumsum(weight, axis=1)[:, ends], ((0, 0), (1, 0)))
    errors = np.pad(np.cumsum(weight * wrong[order], axis=1)[:, ends], ((0, 0), (1, 0)))
    steps = np.arange(1, COVERAGE_STEPS + 1)
    covered = np.ceil(reached[:, -1:] * steps / COVERAGE_STEPS)
    found = np.array([np.interp(*row) for row in zip(covered, reached, errors, strict=True)])
    return found / covered, covered
