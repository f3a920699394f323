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
from framing.estimates.groups import check_groups, join_groups
from framing.estimates.labelled_sample import (
    LEAST_DOCUMENTS,
    LEAST_GOLD,
    LEAST_UNITS,
    LabelledSample,
    Target,
    centre_within_strata,
    compute_tuning_factor,
    pool_slopes,
    read_labelled,
    sum_per_unit,
)
from framing.estimates.shares import CorrectedShares
from framing.estimates.totals import sum_documents
from framing.tables import GOLD
from framing.uncertainty.resample import STILL, TINY

__all__ = [
    "LEAST_DOCUMENTS",
    "LEAST_GOLD",
    "Target",
    "draw_corrected_shares",
    "has_enough_labels",
    "has_gold",
]

Array = NDArray[np.float64]

_LEAST_GROUPS = 0.9  # share of the groups that must have enough labels
_LEAST_AGREEING = 20  # effective labelled units below which their agreement is no sign of a small error


@dataclass(frozen=True)
class _Population:
    """All passages of a group: weights and weighted sums of scores of each unit, shape (D, K); ids of the units."""

    n: Array
    f: Array
    units: NDArray[np.object_]


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

    Assumed: each labelled passage was drawn with the stated chance, and coders are right.
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
    pooled_slope = pool_slopes(samples, len(frames))
    n_groups = len(samples)
    shares, errors = np.full((n_groups, len(frames)), np.nan), np.full((n_groups, len(frames)), np.nan)
    draws = np.full((n_bootstrap, n_groups, len(frames)), np.nan)
    degrees = np.ones(n_groups)
    for group, sample in enumerate(samples):
        rows = np.flatnonzero(totals.group_of == group)
        population = _Population(totals.sums["n"][rows], totals.sums["f"][rows], totals.units[rows])
        if not sample.is_large_enough(target):
            continue
        fpc = 1.0 if target == "process" else float(1 - len(sample.documents) / totals.n_passages[group])
        theta, variance, psi = _estimate_share(sample, population, pooled_slope, target=target, fpc=fpc)
        generator = np.random.default_rng([random_seed, group])
        shares[group], errors[group] = theta, np.sqrt(variance)
        degrees[group] = max(sample.count_effective_units(target) - 2, 1.0)
        draws[:, group] = theta + _draw_standard_normal(psi, n_bootstrap, generator) * errors[group]
    return CorrectedShares(
        groups=totals.groups,
        frames=frames,
        shares=shares,
        draws=draws,
        n_passages=totals.n_passages,
        n_documents=totals.n_documents,
        n_gold=np.array([len(sample.documents) for sample in samples], dtype=np.int64),
        degrees=degrees,
        errors=errors,
    )


def _estimate_share(
    sample: LabelledSample, population: _Population, pooled_slope: Array, *, target: Target, fpc: float
) -> tuple[Array, Array, Array]:
    """`theta` and its variance, shape (K,), and the contributions `psi` of the group's units, shape (units, K)."""
    n, f, y = population.n, population.f, sample.labels
    n_total = n.sum(axis=0)
    lambda_ = compute_tuning_factor(sample, pooled_slope)
    w = sample.weights[:, None] / sample.weights.sum()
    f_mean, y_mean = f.sum(axis=0) / n_total, (w * y).sum(axis=0)
    e = y - lambda_ * sample.proxies
    e_mean = (w * e).sum(axis=0)
    theta = lambda_ * f_mean + e_mean  # (1)
    z, z_labels = w * (e - e_mean), w * (y - y_mean)
    if target == "process":  # (3)
        n_units = len(population.units)
        bessel = np.sqrt(n_units / (n_units - 1))
        psi = (lambda_ * (f - f_mean * n) / n_total + sum_per_unit(z, sample.units, population.units)) * bessel
        psi_labels = sum_per_unit(z_labels, sample.units, population.units) * bessel
    else:  # (4)
        psi, psi_labels = centre_within_strata(z, sample), centre_within_strata(z_labels, sample)
    n_kish, m = 1 / (w**2).sum(), sample.count_units(target)
    variance = (psi**2).sum(axis=0) * m / (m - 2) + fpc / n_kish**2
    variance_labels = _estimate_variance_of_labels(
        theta, y_mean, psi_labels, n_kish=n_kish, fpc=fpc, m_kish=sample.count_effective_units(target)
    )
    return theta, np.minimum(variance, variance_labels), psi  # (2)


def _estimate_variance_of_labels(
    theta: Array, y_mean: Array, psi_labels: Array, *, n_kish: float, fpc: float, m_kish: float
) -> Array:
    """Variance of the share by the labels alone, formula (5), shape (K,)."""
    p = np.clip(theta, 0.5 / n_kish, 1 - 0.5 / n_kish)
    simple = y_mean * (1 - y_mean) / n_kish * fpc
    design_effect = np.where(simple > TINY, (psi_labels**2).sum(axis=0) / np.maximum(simple, TINY), 1.0)
    if m_kish < _LEAST_AGREEING - TINY:
        design_effect = np.maximum(design_effect, 1.0)
    variance: Array = p * (1 - p) / n_kish * fpc * design_effect
    return variance


def _draw_standard_normal(psi: Array, n_draws: int, generator: np.random.Generator) -> Array:
    """Normal draws of variance one with the correlations of `psi`, shape (n_draws, K).

    A frame whose contributions are all zero is drawn independently of the others.
    """
    draws = generator.standard_normal((n_draws, len(psi))) @ psi
    scale = np.sqrt((psi**2).sum(axis=0))
    is_still = scale < STILL
    draws[:, is_still], scale[is_still] = generator.standard_normal((n_draws, int(is_still.sum()))), 1.0
    standard: Array = draws / scale
    return standard
