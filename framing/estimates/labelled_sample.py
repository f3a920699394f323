"""Labelled passages with known chances of being drawn, and what the corrected estimator takes from them.

Symbols are those of `framing.estimates.correction`: labels y, scores f, chances, weights w, tuning factor lambda.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.estimates.clusters import find_unit, read_weights
from framing.uncertainty.resample import TINY

__all__ = [
    "LEAST_DOCUMENTS",
    "LEAST_GOLD",
    "LEAST_UNITS",
    "LabelledSample",
    "Target",
    "compute_tuning_factor",
    "pool_slopes",
    "read_labelled",
]

Target = Literal["process", "corpus"]
Array = NDArray[np.float64]

LEAST_GOLD = 10  # labelled passages below which a group's shares are not corrected
LEAST_DOCUMENTS = 5  # the same, of their documents (or of the sampled units)
LEAST_UNITS = 3  # the same, of the independent units: with two, no degree of freedom is left
_PRIOR_LABELS = 20  # labelled passages that the slope of all groups together counts for in each


@dataclass(frozen=True)
class LabelledSample:
    """Labelled passages, n of them: the group of each, its labels and scores, and how it was drawn.

    Attributes
    ----------
    keys : list of tuple
        Group of each, as the values of its key columns.
    documents, units : array of object
        Document of each, and the independent unit that it belongs to: its cluster, or its document; shape (n,).
    sampled_units, strata : array of int
        Sampled unit of each (the passage, or its document), and the stratum that it was drawn from, shape (n,).
    inverse_chances : array
        One over the chance of being drawn, shape (n,).
    passage_weights : array
        What each passage counts in its group's share, shape (n,): the column `weight`, or 1.
    labels, proxies : array
        Labels y (0, 1) and out-of-fold scores f, shape (n, K).
    """

    keys: list[tuple[object, ...]]
    documents: NDArray[np.object_]
    units: NDArray[np.object_]
    sampled_units: NDArray[np.int64]
    strata: NDArray[np.int64]
    inverse_chances: Array
    passage_weights: Array
    labels: Array
    proxies: Array

    @property
    def weights(self) -> Array:
        """What each stands for: one over its chance of being drawn, times what it counts in its group, shape (n,)."""
        return self.inverse_chances * self.passage_weights

    def take(self, rows: NDArray[np.int64]) -> LabelledSample:
        """Some of the passages.

        Parameters
        ----------
        rows : array of int
            Their places in the sample.

        Returns
        -------
        LabelledSample
            These passages, in the order of `rows`.
        """
        return LabelledSample(
            keys=[self.keys[row] for row in rows],
            documents=self.documents[rows],
            units=self.units[rows],
            sampled_units=self.sampled_units[rows],
            strata=self.strata[rows],
            inverse_chances=self.inverse_chances[rows],
            passage_weights=self.passage_weights[rows],
            labels=self.labels[rows],
            proxies=self.proxies[rows],
        )

    def split(self, groups: Sequence[tuple[object, ...]]) -> list[LabelledSample]:
        """Split the sample by group.

        Parameters
        ----------
        groups : sequence of tuple
            Values of the key columns of each group; every labelled passage is in one of them.

        Returns
        -------
        list of LabelledSample
            The sample of each group, in the order of `groups`; empty where a group has no labelled passages.
        """
        place = {key: number for number, key in enumerate(groups)}
        group_of = np.array([place[key] for key in self.keys], dtype=np.int64)
        return [self.take(np.flatnonzero(group_of == group)) for group in range(len(groups))]

    def count_units(self, target: Target) -> int:
        """Count the independent units that the labels are of.

        Parameters
        ----------
        target : {"process", "corpus"}
            What the shares are about, as in `framing.estimates.correction.draw_corrected_shares`.

        Returns
        -------
        int
            Number of clusters (documents, where there are none) for `process`, of sampled units for `corpus`.
        """
        return len(np.unique(self.units if target == "process" else self.sampled_units))

    def count_effective_units(self, target: Target) -> float:
        """Count the independent units that weigh alike and hold as much (Kish 1965).

        Parameters
        ----------
        target : {"process", "corpus"}
            What the shares are about, as in `framing.estimates.correction.draw_corrected_shares`.

        Returns
        -------
        float
            `(sum_u w_u)**2 / sum_u w_u**2` with w_u the weight of all labelled passages of unit u: at most
            `count_units`, and less where a few units have most of the weight.
        """
        _, place = np.unique(self.units if target == "process" else self.sampled_units, return_inverse=True)
        w = np.bincount(place, weights=self.weights)
        return float(w.sum() ** 2 / (w**2).sum())

    def is_large_enough(self, target: Target) -> bool:
        """Whether the shares of a group can be corrected with this sample.

        Parameters
        ----------
        target : {"process", "corpus"}
            What the shares are about, as in `framing.estimates.correction.draw_corrected_shares`.

        Returns
        -------
        bool
            True from `LEAST_GOLD` labelled passages of `LEAST_DOCUMENTS` documents (for `corpus` of so many sampled
            units) and `LEAST_UNITS` independent units on.
        """
        n_owners = len(np.unique(self.documents if target == "process" else self.sampled_units))
        has_units = self.count_units(target) >= LEAST_UNITS
        return len(self.documents) >= LEAST_GOLD and n_owners >= LEAST_DOCUMENTS and has_units

    def compute_moments(self) -> tuple[Array, Array]:
        """Weighted covariance of labels and scores, and weighted variance of scores.

        Returns
        -------
        array
            Covariance of each frame, shape (K,).
        array
            Variance of each frame, shape (K,).

        Notes
        -----
        With weights w that add up to 1 and m the mean of scores `sum_i w_i f_i`, the covariance is
        `sum_i w_i (f_i - m) y_i` and the variance `sum_i w_i (f_i - m)**2`.
        """
        w = self.weights[:, None] / self.weights.sum()
        centred = self.proxies - (w * self.proxies).sum(axis=0)
        return (w * centred * self.labels).sum(axis=0), (w * centred**2).sum(axis=0)


def read_labelled(classified: pd.DataFrame, *, by: list[str], frames: list[str]) -> LabelledSample:
    """Labelled passages of a classified table with the columns `framing.tables.GOLD`.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : list of str
        Columns that make the groups.
    frames : list of str
        Ids of the K frames, in the order of the columns of labels and scores.

    Returns
    -------
    LabelledSample
        The passages whose `gold_weight` is above 0.

    Raises
    ------
    InputError
        Where a labelled passage lacks the label or the score of a frame; names the first.
    """
    rows = classified.loc[(classified["gold_weight"] > 0).to_numpy()]
    codes, passages = pd.factorize(rows["passage_id"])
    columns = pd.Index(frames).get_indexer(pd.Index(rows["frame"]))
    labels, proxies = (np.full((len(passages), len(frames)), np.nan) for _ in range(2))
    labels[codes, columns] = rows["gold"].to_numpy(float)
    proxies[codes, columns] = rows["gold_proxy"].to_numpy(float)
    is_incomplete = (np.isnan(labels) | np.isnan(proxies)).any(axis=1)
    if is_incomplete.any():
        passage = str(passages[int(np.flatnonzero(is_incomplete)[0])])
        raise InputError(f"labelled passage {passage}: expected gold and gold_proxy for each of {len(frames)} frames.")
    first_rows = rows.loc[~rows["passage_id"].duplicated().to_numpy()]
    return LabelledSample(
        keys=list(first_rows[by].itertuples(index=False, name=None)),
        documents=first_rows["document_id"].to_numpy(object),
        units=first_rows[find_unit(classified)].to_numpy(object),
        sampled_units=pd.factorize(first_rows["gold_cluster"])[0],
        strata=pd.factorize(first_rows["gold_stratum"])[0],
        inverse_chances=first_rows["gold_weight"].to_numpy(float),
        passage_weights=read_weights(first_rows),
        labels=labels,
        proxies=proxies,
    )


def pool_slopes(samples: Sequence[LabelledSample], n_frames: int) -> Array:
    """Slope of labels on scores within groups, pooled over all groups.

    Parameters
    ----------
    samples : sequence of LabelledSample
        The sample of each group.
    n_frames : int
        Number of frames, K.

    Returns
    -------
    array
        Shape (K,): `sum_g n_g cov_g(y, f) / sum_g n_g var_g(f)`.
    """
    covariances, variances = np.zeros(n_frames), np.zeros(n_frames)
    for sample in samples:
        n = len(sample.weights)
        if n:
            covariance, variance = sample.compute_moments()
            covariances, variances = covariances + n * covariance, variances + n * variance
    return covariances / np.maximum(variances, TINY)


def compute_tuning_factor(sample: LabelledSample, pooled_slope: Array) -> Array:
    """The tuning factor `lambda` of each frame: the slope of the group, shrunk to the slope of all groups.

    Parameters
    ----------
    sample : LabelledSample
        Labelled passages of the group.
    pooled_slope : array
        Slopes b of all groups together, shape (K,), by `pool_slopes`.

    Returns
    -------
    array
        Shape (K,).

    Notes
    -----
    With b_g the slope of the n labelled passages of the group and b that of all groups,

        lambda = (n b_g + 20 b) / (n + 20), limited to 0 <= lambda <= 2 max(b_g, 0).

    As a function of lambda the variance is a parabola with its bottom at b_g and equal values at 0 and 2 b_g: within
    these limits the scores cannot make it greater than that of the labels alone.
    """
    covariance, variance = sample.compute_moments()
    slope = np.where(variance > TINY, covariance / np.maximum(variance, TINY), 0.0)
    n = len(sample.weights)
    shrunk = (n * slope + _PRIOR_LABELS * pooled_slope) / (n + _PRIOR_LABELS)
    return np.clip(shrunk, 0.0, 2 * np.maximum(slope, 0.0))
