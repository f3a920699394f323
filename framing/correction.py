"""Frame shares corrected for the classifier's errors with labelled passages whose chance of being drawn is known.

The estimator is design-based supervised learning (Egami et al. 2023) in the form of the generalised regression
estimator of survey sampling (Särndal, Swensson & Wretman 1992), power-tuned as in prediction-powered inference
(Angelopoulos, Duchi & Zrnic 2023): the mean score of all passages, plus the weighted mean error on the labelled ones.
It is right on average however bad the classifier is; a good classifier makes it sharp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.shares import STILL, ShareDraws, document_totals
from framing.tables import GOLD, require_columns

__all__ = [
    "LEAST_DOCUMENTS",
    "LEAST_GOLD",
    "Target",
    "add_outcomes",
    "draw_corrected_shares",
    "enough_labels",
    "error_of",
    "has_gold",
    "score_bounds",
]

Target = Literal["process", "corpus"]
Array = NDArray[np.float64]

LEAST_GOLD = 10  # labelled passages below which a group's shares are not corrected
LEAST_DOCUMENTS = 5  # the same, of their documents (or of what was drawn)
_NEARLY_ALL = 0.9  # of the groups, that have labels enough
_FEW_UNITS = 20  # documents below which that they happen to agree is no sign of a small error
_POOLED = 20  # labelled passages that the tuning factor of all groups together counts for in each
_TINY = 1e-12


def has_gold(classified: pd.DataFrame) -> bool:
    """Whether the table carries labelled passages with their weights, columns `framing.tables.GOLD`."""
    return set(GOLD) <= set(classified.columns) and bool((classified["gold_weight"] > 0).any())


def error_of(classified: pd.DataFrame, corrected: bool) -> str:
    """What intervals say of the classifier's errors."""
    return "classifier error included" if corrected and has_gold(classified) else "classifier error not included"


def enough_labels(classified: pd.DataFrame, *, by: Sequence[str]) -> bool:
    """Whether at least nine in ten groups of `by` have the labels that a corrected share needs.

    Where they do not, a comparison of all groups is better made of what the classifier marks throughout.

    >>> enough_labels(pd.DataFrame({"outlet": ["A"], "passage_id": ["p"], "frame": ["x"]}), by=["outlet"])
    False
    """
    if not has_gold(classified):
        return False
    passages = classified[classified["frame"] == classified["frame"].iloc[0]]
    own = passages["gold_weight"] > 0
    counts = (
        passages.assign(_n=own, _document=passages["document_id"].where(own))
        .groupby(list(by))
        .agg(n=("_n", "sum"), documents=("_document", "nunique"))
    )
    enough = (counts["n"] >= LEAST_GOLD) & (counts["documents"] >= LEAST_DOCUMENTS)
    return bool(enough.mean() >= _NEARLY_ALL)


def draw_corrected_shares(
    classified: pd.DataFrame,
    *,
    by: Sequence[str],
    target: Target = "process",
    n_bootstrap: int = 2000,
    random_seed: int = 0,
) -> ShareDraws:
    """Shares of passages that carry each frame as human coders would see it, with their errors and draws.

    Parameters
    ----------
    classified : with the columns `framing.tables.GOLD` beside those of every classified table: `proxy`, the score of
        each row by a classifier that had not learned from the passage's own label; and for labelled rows `gold` (0, 1),
        `gold_proxy` (the same for the labelled passage, out of fold), `gold_weight` (one over its chance of being
        drawn; 0 where not labelled), `gold_stratum`, and `gold_cluster`, what was drawn as one.
    target : `process`: documents are a sample of what the outlet publishes, and the error of that sampling is part of
        the interval. `corpus`: only these passages are spoken of; the one error is that not all were coded.

    Notes
    -----
    For a group with N passages, scores f and labelled passages S with weights w, the share is
    `lambda * mean(f) + sum_S w (y - lambda f) / sum_S w`. The factor lambda is the weighted slope of labels on scores,
    drawn to that of all groups together by as much as twenty labels weigh, and kept where it cannot make the variance
    greater than that of the labels alone. Variances are of documents' (or, for `corpus`, sampled units') linearised
    contributions, with the finite population correction for `corpus`; one more labelled passage, wholly misread, is
    added, without which a classifier that made no error on the few labelled passages would pass for perfect.
    Assumed: each labelled passage was drawn with the chance stated, and coders are right.

    Groups with fewer than `LEAST_GOLD` labelled passages, or labels of fewer than `LEAST_DOCUMENTS` documents, get NaN.
    """
    by = list(by)
    require_columns(classified, (*by, "frame", "document_id", *GOLD), what="classified passages with labels")
    if target not in get_args(Target):
        raise InputError(f"target: expected one of {', '.join(get_args(Target))}, got {target!r}.")
    frames = list(pd.unique(classified["frame"]))
    counted = classified[[*by, "document_id", "frame"]].assign(n=1.0, f=classified["proxy"].astype(float))
    totals = document_totals(counted, ["n", "f"], by=by, frames=frames)
    labels = _labelled(classified, by=by, frames=frames)
    place = {key: number for number, key in enumerate(totals.groups.itertuples(index=False, name=None))}
    group_of = np.array([place[key] for key in labels.keys], dtype=np.int64)
    slopes = _pooled_slopes(labels, group_of)
    shape = (len(totals.groups), len(frames))
    shares, errors = np.full(shape, np.nan), np.full(shape, np.nan)
    draws = np.full((n_bootstrap, *shape), np.nan)
    counts = np.zeros((3, shape[0]), np.int64)  # passages, documents, labelled passages
    degrees = np.ones(shape[0])
    for number in range(shape[0]):
        rows, own = np.flatnonzero(totals.group_of == number), np.flatnonzero(group_of == number)
        n, f = totals.sums["n"][rows], totals.sums["f"][rows]
        counts[:, number] = int(n.sum(axis=0).max()), len(rows), len(own)
        part = labels.rows(own)
        n_units = len(np.unique(part.documents if target == "process" else part.clusters))
        if len(own) < LEAST_GOLD or n_units < LEAST_DOCUMENTS:
            continue
        size = n.sum(axis=0)
        factor = _tuned(part, slopes)
        mean_f = f.sum(axis=0) / size
        weight = part.weights.sum()
        relative = part.weights[:, None] / weight
        error = part.labels - factor * part.proxies
        mean_error = (relative * error).sum(axis=0)
        shares[number] = factor * mean_f + mean_error
        spread = relative * (error - mean_error)
        alone = relative * (part.labels - (relative * part.labels).sum(axis=0))
        if target == "process":
            documents = totals.documents[rows]
            moves = factor * (f - mean_f * n) / size + _per_document(spread, part.documents, documents)
            alone = _per_document(alone, part.documents, documents)
            few = len(rows) / max(len(rows) - 1, 1)
            moves, alone, left = moves * np.sqrt(few), alone * np.sqrt(few), 1.0
        else:
            moves, alone = _within_strata(spread, part), _within_strata(alone, part)
            left = float(1 - len(own) / size.max())
        degrees[number] = n_units - 2
        n_kish = 1 / (relative**2).sum()
        tuned = (moves**2).sum(axis=0) * n_units / (n_units - 2) + left / n_kish**2
        labelled = (relative * part.labels).sum(axis=0)
        most = _of_labels_alone(shares[number], alone, n_kish, left, labelled, few=n_units < _FEW_UNITS)
        errors[number] = np.sqrt(np.minimum(tuned, most))
        generator = np.random.default_rng([random_seed, number])
        drawn = generator.standard_normal((n_bootstrap, len(moves))) @ moves
        scale = np.sqrt((moves**2).sum(axis=0))
        still = scale < STILL  # what makes up its error is known to no document, so it is drawn for itself
        drawn[:, still], scale[still] = generator.standard_normal((n_bootstrap, int(still.sum()))), 1.0
        draws[:, number] = shares[number] + drawn / scale * errors[number]
    none = np.zeros(shape, np.int64)
    return ShareDraws(
        totals.groups, frames, shares, draws, counts[0], counts[1], none, none, counts[2], degrees, errors
    )


def add_outcomes(classified: pd.DataFrame, *, by: Sequence[str], corrected: bool = True) -> tuple[pd.DataFrame, bool]:
    """The table with a column `outcome`, whose mean over a group of `by` is the group's share; and whether corrected.

    With labelled passages the outcome is `lambda f + w (y - lambda f)`, the second term for labelled passages only and
    weights of each group adding up to its passages: unbiased for what coders would say in any part of a group, and
    often outside 0 to 1 for a single passage (Egami et al. 2023). Otherwise it is 1 where the decision is `present`;
    rows on which the classifier abstained, and in the corrected case groups with too few labels, are left out.
    """
    if not (corrected and has_gold(classified)):
        decided = classified[classified["decision"] != "abstain"]
        return decided.assign(outcome=(decided["decision"] == "present").astype(float)), False
    by = list(by)
    frames = list(pd.unique(classified["frame"]))
    labels = _labelled(classified, by=by, frames=frames)
    keys = pd.MultiIndex.from_frame(classified[by])
    codes, groups = pd.factorize(keys)
    place = {(key if isinstance(key, tuple) else (key,)): number for number, key in enumerate(groups)}
    group_of = np.array([place[key] for key in labels.keys], dtype=np.int64)
    slopes = _pooled_slopes(labels, group_of)
    factors = np.full((len(groups), len(frames)), np.nan)
    lifts = np.zeros(len(groups))  # brings the weights of a group to its number of passages
    sizes = np.bincount(codes, minlength=len(groups)) / len(frames)
    for number in range(len(groups)):
        part = labels.rows(np.flatnonzero(group_of == number))
        if len(part.weights) >= LEAST_GOLD and len(np.unique(part.documents)) >= LEAST_DOCUMENTS:
            factors[number] = _tuned(part, slopes)
            lifts[number] = sizes[number] / part.weights.sum()
    factor = factors[codes, pd.Index(frames).get_indexer(pd.Index(classified["frame"]))]
    weight = np.nan_to_num(classified["gold_weight"].to_numpy(float)) * lifts[codes]
    error = classified["gold"].to_numpy(float) - factor * classified["gold_proxy"].to_numpy(float)
    outcome = factor * classified["proxy"].to_numpy(float) + np.where(weight > 0, weight * error, 0.0)
    table = classified.assign(outcome=outcome)
    return table[table["outcome"].notna()], True


def score_bounds(
    share: Array, error: Array, *, n_gold: int | NDArray[np.int64], quantile: float | Array
) -> tuple[Array, Array]:
    """Score interval (Wilson 1927) at the sample size that would give `error`; arguments broadcast.

    >>> low, high = score_bounds(np.array([0.5]), np.array([0.05]), n_gold=100, quantile=1.96)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.4038], [0.5962])
    """
    inside = np.clip(share, 0.5 / n_gold, 1 - 0.5 / n_gold)
    n_effective = inside * (1 - inside) / np.maximum(error**2, _TINY)
    square = quantile**2 / n_effective
    middle = (inside + square / 2) / (1 + square)
    half = quantile / (1 + square) * np.sqrt(inside * (1 - inside) / n_effective + square / n_effective / 4)
    shown = np.clip(share, 0, 1)
    return np.minimum(np.maximum(middle - half, 0), shown), np.maximum(np.minimum(middle + half, 1), shown)


@dataclass(frozen=True)
class _Labelled:
    """Labelled passages: where they belong, `labels` and `proxies` of shape (n, K), and how each was drawn."""

    keys: list[tuple[object, ...]]
    documents: NDArray[np.object_]
    clusters: NDArray[np.int64]
    strata: NDArray[np.int64]
    weights: Array
    labels: Array
    proxies: Array

    def rows(self, chosen: NDArray[np.int64]) -> _Labelled:
        return _Labelled(
            [self.keys[row] for row in chosen], self.documents[chosen], self.clusters[chosen], self.strata[chosen],
            self.weights[chosen], self.labels[chosen], self.proxies[chosen],
        )  # fmt: skip

    @property
    def slopes(self) -> tuple[Array, Array]:
        """Weighted covariance of labels and proxies, and variance of proxies, per frame."""
        relative = self.weights[:, None] / self.weights.sum()
        centred = self.proxies - (relative * self.proxies).sum(axis=0)
        return (relative * centred * self.labels).sum(axis=0), (relative * centred**2).sum(axis=0)


def _labelled(classified: pd.DataFrame, *, by: list[str], frames: list[str]) -> _Labelled:
    own = classified.loc[(classified["gold_weight"] > 0).to_numpy()]
    codes, passages = pd.factorize(own["passage_id"])
    columns = pd.Index(frames).get_indexer(pd.Index(own["frame"]))
    values = np.full((2, len(passages), len(frames)), np.nan)
    for place, name in enumerate(("gold", "gold_proxy")):
        values[place, codes, columns] = own[name].to_numpy(float)
    if np.isnan(values).any():
        row = str(passages[int(np.flatnonzero(np.isnan(values).any(axis=(0, 2)))[0])])
        raise InputError(f"labelled passage {row}: expected gold and gold_proxy for each of {len(frames)} frames.")
    facts = own.loc[~own["passage_id"].duplicated().to_numpy()]
    return _Labelled(
        list(facts[by].itertuples(index=False, name=None)),
        facts["document_id"].to_numpy(object),
        pd.factorize(facts["gold_cluster"])[0],
        pd.factorize(facts["gold_stratum"])[0],
        facts["gold_weight"].to_numpy(float),
        values[0],
        values[1],
    )


def _pooled_slopes(labels: _Labelled, group_of: NDArray[np.int64]) -> Array:
    """Slope of labels on proxies per frame, within groups, of all groups together."""
    above, below = np.zeros(labels.labels.shape[1]), np.zeros(labels.labels.shape[1])
    for number in np.unique(group_of):
        own = np.flatnonzero(group_of == number)
        covariance, variance = labels.rows(own).slopes
        above, below = above + len(own) * covariance, below + len(own) * variance
    return above / np.maximum(below, _TINY)


def _tuned(part: _Labelled, pooled: Array) -> Array:
    covariance, variance = part.slopes
    own = np.where(variance > _TINY, covariance / np.maximum(variance, _TINY), 0.0)
    n = len(part.weights)
    drawn = (n * own + _POOLED * pooled) / (n + _POOLED)
    return np.clip(drawn, 0.0, 2 * np.maximum(own, 0.0))  # the variance is a parabola with its bottom at `own`


def _per_document(values: Array, documents: NDArray[np.object_], index: NDArray[np.object_]) -> Array:
    """Sums of rows of `values` per document of `index`."""
    return _summed(values, pd.Index(index).get_indexer(pd.Index(documents)), len(index))


def _summed(values: Array, places: NDArray[np.int64], size: int) -> Array:
    found = np.zeros((size, values.shape[1]))
    np.add.at(found, places, values)
    return found


def _within_strata(values: Array, part: _Labelled) -> Array:
    """Contributions of sampled units, each from the mean of its stratum, scaled so that squares add up to the variance.

    Units that are alone in their stratum are compared with each other, which errs towards a wider interval.
    """
    _, first, unit = np.unique(part.clusters, return_index=True, return_inverse=True)
    summed = _summed(values, unit, len(first))
    stratum = part.strata[first]
    alone = np.bincount(stratum)[stratum] == 1
    stratum = np.where(alone, stratum.max() + 1, stratum)
    size = np.bincount(stratum)
    n = size[stratum].astype(float)
    means = (_summed(summed, stratum, len(size)) / np.maximum(size, 1)[:, None])[stratum]
    means[n < 2] = 0.0
    scale = np.sqrt((1 - 1 / part.weights[first]) * np.where(n > 1, n / np.maximum(n - 1, 1), 1.0))
    found: Array = (summed - means) * scale[:, None]
    return found


def _of_labels_alone(share: Array, moves: Array, n_kish: float, left: float, labelled: Array, *, few: bool) -> Array:
    """Variance of the share by the labels alone; where none or all carry the frame, that of half a passage.

    With `few` documents the effect of their clustering is taken to be no smaller than that of single passages: the same
    share in each of a handful of documents is luck more often than not.
    """
    inside = np.clip(share, 0.5 / n_kish, 1 - 0.5 / n_kish)
    simple = labelled * (1 - labelled) / n_kish * left
    effect = np.where(simple > _TINY, (moves**2).sum(axis=0) / np.maximum(simple, _TINY), 1.0)
    if few:
        effect = np.maximum(effect, 1.0)
    found: Array = inside * (1 - inside) / n_kish * left * effect
    return found
