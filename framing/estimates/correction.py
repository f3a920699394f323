"""Frame shares corrected for the classifier's errors with labelled passages whose chance of being drawn is known.

The estimator is design-based supervised learning (Egami et al. 2023) in the form of the generalised regression
estimator of survey sampling (Särndal, Swensson & Wretman 1992), power-tuned as in prediction-powered inference
(Angelopoulos, Duchi & Zrnic 2023): the mean score of all passages, plus the weighted mean error on the labelled ones.
It is unbiased however bad the classifier is; the better the classifier, the smaller its variance.

The code has the symbols of these papers. For one group and one frame:

====================  ================================================================================================
`N`                   weight of all passages of the group: their number, where each counts 1
`D`                   independent units of the group: clusters (column `cluster`), documents where there are none
`f_i`                 score of passage i, by a classifier that has not learned from its label
`y_i`                 label of passage i (0, 1), known for the labelled passages S
`v_i`                 what passage i counts in the share: the column `weight`, or 1
`pi_i`                chance of a labelled passage of being drawn
`w_i`                 weight of a labelled passage: `v_i / pi_i`, scaled to a sum of 1 over S
`lambda`              tuning factor (`labelled_sample.compute_tuning_factor`)
`e_i`                 error `y_i - lambda f_i`
`theta`               the share
`psi`                 linearised contributions of independent units to `theta`; their squares add up to its variance
`m`                   independent units with labels (clusters, or for target `corpus` the sampled units)
`m_kish`              their effective number, by the weight of their labels (`LabelledSample.count_effective_units`)
`n_kish`              effective number of labelled passages, `1 / sum_S w_i**2` (Kish 1965)
`fpc`                 finite population correction: `1 - n / N` for target `corpus`, else 1
====================  ================================================================================================

The formulas are numbered in `draw_corrected_shares` and bear the same numbers in the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.clusters import find_unit, read_weights
from framing.estimates.corrected_groups import CorrectedGroup, Population, correct_groups
from framing.estimates.groups import check_groups, join_groups
from framing.estimates.labelled_sample import (
    LEAST_DOCUMENTS,
    LEAST_GOLD,
    LEAST_UNITS,
    Target,
    read_labelled,
)
from framing.estimates.shares import CorrectedShares
from framing.estimates.totals import sum_documents
from framing.tables import GOLD
from framing.uncertainty.joint import draw_correlated

__all__ = [
    "LEAST_DOCUMENTS",
    "LEAST_GOLD",
    "Correction",
    "Target",
    "correct_shares",
    "draw_corrected_shares",
    "has_enough_labels",
    "has_gold",
]

Array = NDArray[np.float64]

_LEAST_GROUPS = 0.9  # share of the groups that must have enough labels


def has_gold(classified: pd.DataFrame) -> bool:
    """Whether a table has labelled passages with their weights.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.

    Returns
    -------
    bool
        True where it has the columns `framing.tables.GOLD`, and a weight above 0.

    Examples
    --------
    >>> has_gold(pd.DataFrame({"passage_id": ["p"], "frame": ["x"]}))
    False
    """
    return set(GOLD) <= set(classified.columns) and bool((classified["gold_weight"] > 0).any())


def has_enough_labels(classified: pd.DataFrame, *, by: str | Sequence[str] | None) -> bool:
    """Whether at least nine in ten groups have the labels that a corrected share needs.

    Where they do not, compare the groups by the classifier's decisions (`corrected=False`), which all groups have.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.

    Returns
    -------
    bool
        False where the table has no labels.

    Raises
    ------
    InputError
        Where the table has labels but lacks a column.

    Examples
    --------
    >>> has_enough_labels(pd.DataFrame({"outlet": ["A"], "passage_id": ["p"], "frame": ["x"]}), by="outlet")
    False
    """
    if not has_gold(classified):
        return False
    table, group = join_groups(classified, by, ("frame", "document_id"))
    passages = table[table["frame"] == table["frame"].iloc[0]]
    has_label = passages["gold_weight"] > 0
    owners = {f"_{name}": passages[name].where(has_label) for name in ("document_id", find_unit(table))}
    counted = {"_n": "sum", **dict.fromkeys(owners, "nunique")}
    counts = passages.assign(_n=has_label, **owners).groupby(group).agg(counted)
    is_enough = (
        (counts["_n"] >= LEAST_GOLD)
        & (counts["_document_id"] >= LEAST_DOCUMENTS)
        & (counts[f"_{find_unit(table)}"] >= LEAST_UNITS)
    )
    return bool(is_enough.mean() >= _LEAST_GROUPS)


def draw_corrected_shares(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] | None,
    target: Target = "process",
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> CorrectedShares:
    """Shares of passages that carry each frame as human coders would see it, with their errors and draws.

    Parameters
    ----------
    classified : DataFrame
        Classified passages that have the columns `framing.tables.GOLD`, too: `proxy`, the score of each row by a
        classifier that had not learned from the passage's label; and for labelled rows `gold` (0, 1), `gold_proxy` (the
        out-of-fold score of the labelled passage), `gold_weight` (one over its chance of being drawn; 0 where it is not
        labelled), `gold_stratum`, and `gold_cluster` (the sampled unit: the passage, or its document).
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.
    target : {"process", "corpus"}, default "process"
        What the shares are about. `process`: what the outlet publishes; its documents are a sample of that, and the
        error of this sampling is part of the interval. `corpus`: these passages only; the one error is that not all
        were labelled.
    n_bootstrap : int, default 2000
        Number of draws.
    random_seed : int, optional
        Start of the draws, which depend on it and the group's place only.

    Returns
    -------
    CorrectedShares
        NaN for groups with fewer than `LEAST_GOLD` labelled passages, or labels of fewer than `LEAST_DOCUMENTS` units.

    Raises
    ------
    InputError
        For another target, a missing column, or a labelled passage without a label for each frame.

    Notes
    -----
    The symbols are those of the head of `framing.estimates.correction`. The share is

    1. `theta = lambda mean(f) + sum_S w_i e_i`, with `mean(f) = sum v_i f_i / N`.

    Its variance is at most that of the labels alone (formula 5):

    2. `V = min(sum psi**2 m / (m - 2) + fpc / n_kish**2, V_labels)`.

    The second term is one more labelled passage, wholly misread, without which a classifier that made no error on the
    few labelled passages would pass for perfect. For target `process` the independent units d are clusters (documents,
    where the table has no clusters), and

    3. `psi_d = sqrt(D / (D - 1)) (lambda sum_{i in d} v_i (f_i - mean(f)) / N + sum_{i in d, S} w_i (e_i - mean(e)))`.

    For target `corpus` they are the sampled units u, compared with the mean of their stratum, which has n_h units:

    4. `psi_u = (z_u - mean_h(z)) sqrt((1 - pi_u) n_h / (n_h - 1))`, `z_u = sum_{i in u} w_i (e_i - mean(e))`.

    Here `mean(e)` is the weighted mean of errors `sum_S w_i e_i`.

    The variance of the labels alone has the share `p = theta`, kept half a passage away from 0 and 1:

    5. `V_labels = p (1 - p) fpc / n_kish * deff`, `deff = sum psi_y**2 / (y_mean (1 - y_mean) fpc / n_kish)`,

    where `psi_y` is `psi` at `lambda = 0`. With fewer than 20 effective units the design effect `deff` is at least 1:
    the same share in each of a handful of documents is luck more often than not.

    Degrees of freedom are `m_kish - 2`, but at least 1: one is lost to the mean, one to the slope lambda.

    For design effects that are pooled over groups (`framing.estimates.pooling`) the variance of a group is

    6. `V = sum psi**2 m / (m - 1) + fpc / n_kish**2`.

    Assumed: each labelled passage was drawn with the stated chance, and coders are right.
    """
    corrected = correct_shares(classified, by=by, target=target)
    n_groups, n_frames = len(corrected.groups), len(corrected.frames)
    shares, errors = np.full((n_groups, n_frames), np.nan), np.full((n_groups, n_frames), np.nan)
    draws, degrees = np.full((n_bootstrap, n_groups, n_frames), np.nan), np.ones(n_groups)
    for number, group in enumerate(corrected.estimates):
        if group is not None:
            generator = np.random.default_rng([random_seed, number])
            shares[number], errors[number], degrees[number] = group.theta, np.sqrt(group.variance), group.degrees
            draws[:, number] = group.theta + draw_correlated(group.psi, n_bootstrap, generator) * errors[number]
    return CorrectedShares(
        groups=corrected.groups,
        frames=corrected.frames,
        shares=shares,
        draws=draws,
        n_passages=corrected.n_passages,
        n_documents=corrected.n_documents,
        n_gold=corrected.n_gold,
        degrees=degrees,
        errors=errors,
    )


@dataclass(frozen=True)
class Correction:
    """Corrected shares of all groups of a table.

    Attributes
    ----------
    groups : DataFrame
        One row a group, the key columns.
    frames : list of str
        Frame ids, length K.
    estimates : list of CorrectedGroup or None
        Of each group; None where it has too few labels.
    n_passages, n_documents, n_gold : array of int
        Passages, documents and labelled passages of each group.
    """

    groups: pd.DataFrame
    frames: list[str]
    estimates: list[CorrectedGroup | None]
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]
    n_gold: NDArray[np.int64]


def correct_shares(classified: pd.DataFrame, *, by: str | Sequence[str] | None, target: Target) -> Correction:
    """Read labels and scores of each group of a table, and correct its shares.

    Parameters
    ----------
    classified : DataFrame
        Classified passages as for `draw_corrected_shares`.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.
    target : {"process", "corpus"}
        What the shares are about.

    Returns
    -------
    Correction
        Groups in the order of their keys.

    Raises
    ------
    InputError
        As `draw_corrected_shares`.
    """
    table, keys = check_groups(classified, by, ("frame", "document_id", *GOLD))
    if target not in get_args(Target):
        raise InputError(f"target: expected one of {', '.join(get_args(Target))}, got {target!r}.")
    frames = list(pd.unique(table["frame"]))
    v = read_weights(table)
    columns = dict.fromkeys([*keys, "document_id", find_unit(table), "frame"])
    counted = table[list(columns)].assign(n=v, f=v * table["proxy"].to_numpy(float))
    totals = sum_documents(counted, ["n", "f"], by=keys, frames=frames)
    samples = read_labelled(table, by=keys, frames=frames).split(list(totals.groups.itertuples(index=False, name=None)))
    order = np.argsort(totals.group_of, kind="stable")
    ends = np.searchsorted(totals.group_of[order], np.arange(len(samples) + 1))
    populations = [
        Population(totals.sums["n"][rows], totals.sums["f"][rows], totals.units[rows], int(n_passages))
        for rows, n_passages in zip(np.split(order, ends[1:-1]), totals.n_passages, strict=True)
    ]
    return Correction(
        groups=totals.groups,
        frames=frames,
        estimates=correct_groups(samples, populations, target=target),
        n_passages=totals.n_passages,
        n_documents=totals.n_documents,
        n_gold=np.array([len(sample.documents) for sample in samples], dtype=np.int64),
    )
