"""Labelled passages with known chances of being drawn, and what the corrected estimator takes from them.

Symbols are those of `framing.estimates.correction`: labels y, scores f, weights w, tuning factor lambda.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.uncertainty.resample import TINY

__all__ = [
    "LabelledSample", "Target", "pooled_slopes", "read_labelled", "sums_per_document", "tuning_factor", "within_strata",
]  # fmt: skip

Target = Literal["process", "corpus"]
Array = NDArray[np.float64]

_POOLED = 20  # labelled passages that the tuning factor of all groups together counts for in each


@dataclass(frozen=True)
class LabelledSample:
    """Labelled passages, n of them: where they belong, what was found in them, and how each was drawn.

    Attributes
    ----------
    keys : list of tuple
        Group of each, as the values of its key columns.
    documents : array of object
        Document of each, shape (n,).
    clusters, strata : array of int
        What each was drawn with as one, and the stratum that it was drawn from, shape (n,).
    weights : array
        One over the chance of being drawn, shape (n,).
    labels, proxies : array
        Labels y (0, 1) and out-of-fold scores f, shape (n, K).
    """

    keys: list[tuple[object, ...]]
    documents: NDArray[np.object_]
    clusters: NDArray[np.int64]
    strata: NDArray[np.int64]
    weights: Array
    labels: Array
    proxies: Array

    def rows(self, chosen: NDArray[np.int64]) -> LabelledSample:
        """The sample of the `chosen` places."""
        return LabelledSample(
            [self.keys[row] for row in chosen], self.documents[chosen], self.clusters[chosen], self.strata[chosen],
            self.weights[chosen], self.labels[chosen], self.proxies[chosen],
        )  # fmt: skip

    def n_units(self, target: Target) -> int:
        """Documents, or what was drawn as one, that the labels are of."""
        return len(np.unique(self.documents if target == "process" else self.clusters))

    def moments(self) -> tuple[Array, Array]:
        """Weighted covariance of labels and scores, and variance of scores, shape (K,)."""
        w = self.weights[:, None] / self.weights.sum()
        centred = self.proxies - (w * self.proxies).sum(axis=0)
        return (w * centred * self.labels).sum(axis=0), (w * centred**2).sum(axis=0)


def read_labelled(classified: pd.DataFrame, *, by: list[str], frames: list[str]) -> LabelledSample:
    """Labelled passages of a classified table with the columns `framing.tables.GOLD`.

    Raises `InputError` naming a passage that lacks the label of a frame.
    """
    rows = classified.loc[(classified["gold_weight"] > 0).to_numpy()]
    codes, passages = pd.factorize(rows["passage_id"])
    columns = pd.Index(frames).get_indexer(pd.Index(rows["frame"]))
    values = np.full((2, len(passages), len(frames)), np.nan)
    for place, name in enumerate(("gold", "gold_proxy")):
        values[place, codes, columns] = rows[name].to_numpy(float)
    if np.isnan(values).any():
        passage = str(passages[int(np.flatnonzero(np.isnan(values).any(axis=(0, 2)))[0])])
        raise InputError(f"labelled passage {passage}: expected gold and gold_proxy for each of {len(frames)} frames.")
    first_rows = rows.loc[~rows["passage_id"].duplicated().to_numpy()]
    return LabelledSample(
        list(first_rows[by].itertuples(index=False, name=None)),
        first_rows["document_id"].to_numpy(object),
        pd.factorize(first_rows["gold_cluster"])[0],
        pd.factorize(first_rows["gold_stratum"])[0],
        first_rows["gold_weight"].to_numpy(float),
        values[0],
        values[1],
    )


def pooled_slopes(labelled: LabelledSample, group_of: NDArray[np.int64]) -> Array:
    """Slope of labels on scores per frame, within groups, of all groups together."""
    covariances, variances = np.zeros(labelled.labels.shape[1]), np.zeros(labelled.labels.shape[1])
    for group in np.unique(group_of):
        rows = np.flatnonzero(group_of == group)
        covariance, variance = labelled.rows(rows).moments()
        covariances, variances = covariances + len(rows) * covariance, variances + len(rows) * variance
    return covariances / np.maximum(variances, TINY)


def tuning_factor(part: LabelledSample, pooled: Array) -> Array:
    """`lambda` per frame: the slope of the group, drawn to that of all groups.

    As a function of lambda the variance is a parabola with its bottom at the group's slope b, equal at 0 and 2 b:
    between these the scores cannot make it greater than that of the labels alone.
    """
    covariance, variance = part.moments()
    slope = np.where(variance > TINY, covariance / np.maximum(variance, TINY), 0.0)
    n = len(part.weights)
    shrunk = (n * slope + _POOLED * pooled) / (n + _POOLED)
    return np.clip(shrunk, 0.0, 2 * np.maximum(slope, 0.0))


def sums_per_document(values: Array, documents: NDArray[np.object_], index: NDArray[np.object_]) -> Array:
    """Sums of rows of `values` per document of `index`."""
    return _summed(values, pd.Index(index).get_indexer(pd.Index(documents)), len(index))


def _summed(values: Array, places: NDArray[np.int64], size: int) -> Array:
    sums = np.zeros((size, values.shape[1]))
    np.add.at(sums, places, values)
    return sums


def within_strata(values: Array, part: LabelledSample) -> Array:
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
    contributions: Array = (summed - means) * scale[:, None]
    return contributions
