"""Frame shares corrected for the classifier's errors with labelled passages whose chance of being drawn is known.

The estimator is design-based supervised learning (Egami et al. 2023) in the form of the generalised regression
estimator of survey sampling (Särndal, Swensson & Wretman 1992), power-tuned as in prediction-powered inference
(Angelopoulos, Duchi & Zrnic 2023): the mean score of all passages, plus the weighted mean error on the labelled ones.
It is right on average however bad the classifier is; a good classifier makes it sharp.

Symbols, as in those papers: `f` scores, `y` labels, `w` weights (one over the chance of being drawn, scaled to a sum of
1), `lambda_` the tuning factor, `e = y - lambda_ * f` errors, `theta` the share, `psi` linearised contributions whose
squares add up to a variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.labelled_sample import (
    LabelledSample,
    Target,
    pooled_slopes,
    read_labelled,
    sums_per_document,
    tuning_factor,
    within_strata,
)
from framing.estimates.shares import CorrectedShares, Totals, document_totals
from framing.tables import GOLD, require_columns
from framing.uncertainty.resample import STILL, TINY

__all__ = [
    "LEAST_DOCUMENTS",
    "LEAST_GOLD",
    "Target",
    "add_outcomes",
    "draw_corrected_shares",
    "has_enough_labels",
    "error_of",
    "has_gold",
]

Array = NDArray[np.float64]

LEAST_GOLD = 10  # labelled passages below which a group's shares are not corrected
LEAST_DOCUMENTS = 5  # the same, of their documents (or of what was drawn)
_NEARLY_ALL = 0.9  # of the groups, that have labels enough
_FEW_UNITS = 20  # documents below which that they happen to agree is no sign of a small error


def has_gold(classified: pd.DataFrame) -> bool:
    """Whether the table carries labelled passages with their weights, columns `framing.tables.GOLD`."""
    return set(GOLD) <= set(classified.columns) and bool((classified["gold_weight"] > 0).any())


def error_of(classified: pd.DataFrame, corrected: bool) -> str:
    """What intervals say of the classifier's errors."""
    return "classifier error included" if corrected and has_gold(classified) else "classifier error not included"


def has_enough_labels(classified: pd.DataFrame, *, by: Sequence[str]) -> bool:
    """Whether at least nine in ten groups of `by` have the labels that a corrected share needs.

    Where they do not, a comparison of all groups is better made of what the classifier marks throughout.

    >>> has_enough_labels(pd.DataFrame({"outlet": ["A"], "passage_id": ["p"], "frame": ["x"]}), by=["outlet"])
    False
    """
    if not has_gold(classified):
        return False
    passages = classified[classified["frame"] == classified["frame"].iloc[0]]
    has_label = passages["gold_weight"] > 0
    counts = (
        passages.assign(_n=has_label, _document=passages["document_id"].where(has_label))
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
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> CorrectedShares:
    """Shares of passages that carry each frame as human coders would see it, with their errors and draws.

    Parameters
    ----------
    classified : DataFrame
        With the columns `framing.tables.GOLD` beside those of every classified table: `proxy`, the score of each row by
        a classifier that had not learned from the passage's own label; and for labelled rows `gold` (0, 1),
        `gold_proxy` (the same for the labelled passage, out of fold), `gold_weight` (one over its chance of being
        drawn; 0 where not labelled), `gold_stratum`, and `gold_cluster`, what was drawn as one.
    by : sequence of str
        Columns that make the groups.
    target : {"process", "corpus"}
        `process`: documents are a sample of what the outlet publishes, and the error of that sampling is part of
        the interval. `corpus`: only these passages are spoken of; the one error is that not all were coded.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws, which depend on it and the group's place only.

    Returns
    -------
    CorrectedShares
        Groups with fewer than `LEAST_GOLD` labelled passages, or labels of fewer than `LEAST_DOCUMENTS` documents, have
        NaN.

    Raises
    ------
    InputError
        For another target, a missing column, or a labelled passage without a label for each frame.

    Notes
    -----
    For a group with N passages, scores f and labelled passages S with weights w (adding up to 1), the share is

        theta = lambda mean(f) + sum_S w (y - lambda f).

    The factor lambda is the weighted slope of labels on scores, drawn to that of all groups together by as much as
    twenty labels weigh, and kept where it cannot make the variance greater than that of the labels alone. The variance
    is

        V = sum psi**2 m / (m - 2) + fpc / n_kish**2,  n_kish = 1 / sum_S w**2,

    over the linearised contributions psi of documents (or, for `corpus`, of the m sampled units, from the mean of their
    stratum, with the finite population correction fpc = 1 - n / N; it is 1 for `process`). The second term is one more
    labelled passage, wholly misread, without which a classifier that made no error on the few labelled passages would
    pass for perfect. V is at most the variance of the share by the labels alone.
    Assumed: each labelled passage was drawn with the chance stated, and coders are right.
    """
    by = list(by)
    require_columns(classified, (*by, "frame", "document_id", *GOLD), what="classified passages with labels")
    if target not in get_args(Target):
        raise InputError(f"target: expected one of {', '.join(get_args(Target))}, got {target!r}.")
    frames = list(pd.unique(classified["frame"]))
    counted = classified[[*by, "document_id", "frame"]].assign(n=1.0, f=classified["proxy"].astype(float))
    totals = document_totals(counted, ["n", "f"], by=by, frames=frames)
    labelled = read_labelled(classified, by=by, frames=frames)
    place = {key: number for number, key in enumerate(totals.groups.itertuples(index=False, name=None))}
    group_of = np.array([place[key] for key in labelled.keys], dtype=np.int64)
    pooled = pooled_slopes(labelled, group_of)
    n_groups = len(totals.groups)
    shares, errors = np.full((n_groups, len(frames)), np.nan), np.full((n_groups, len(frames)), np.nan)
    draws = np.full((n_bootstrap, n_groups, len(frames)), np.nan)
    n_passages, n_documents, n_gold = (np.zeros(n_groups, np.int64) for _ in range(3))
    degrees = np.ones(n_groups)
    for group in range(n_groups):
        rows = np.flatnonzero(totals.group_of == group)
        part = labelled.rows(np.flatnonzero(group_of == group))
        n_passages[group] = int(totals.sums["n"][rows].sum(axis=0).max())
        n_documents[group], n_gold[group] = len(rows), len(part.weights)
        n_units = part.n_units(target)
        if len(part.weights) < LEAST_GOLD or n_units < LEAST_DOCUMENTS:
            continue
        theta, variance, psi = _estimate(part, totals, rows, pooled, target=target)
        generator = np.random.default_rng([random_seed, group])
        shares[group], errors[group], degrees[group] = theta, np.sqrt(variance), n_units - 2
        draws[:, group] = theta + _standard_draws(psi, n_bootstrap, generator) * errors[group]
    return CorrectedShares(
        groups=totals.groups,
        frames=frames,
        shares=shares,
        draws=draws,
        n_passages=n_passages,
        n_documents=n_documents,
        n_gold=n_gold,
        degrees=degrees,
        errors=errors,
    )


def _estimate(
    part: LabelledSample, totals: Totals, rows: NDArray[np.int64], pooled: Array, *, target: Target
) -> tuple[Array, Array, Array]:
    """`theta` and its variance, shape (K,), and the contributions `psi` of a group's documents or units, (units, K)."""
    n, f = totals.sums["n"][rows], totals.sums["f"][rows]
    size = n.sum(axis=0)
    lambda_ = tuning_factor(part, pooled)
    w = part.weights[:, None] / part.weights.sum()
    f_bar, y_bar = f.sum(axis=0) / size, (w * part.labels).sum(axis=0)
    e = part.labels - lambda_ * part.proxies
    e_bar = (w * e).sum(axis=0)
    theta = lambda_ * f_bar + e_bar
    psi, psi_labels = w * (e - e_bar), w * (part.labels - y_bar)
    if target == "process":
        documents = totals.documents[rows]
        bessel = np.sqrt(len(rows) / max(len(rows) - 1, 1))
        psi = (lambda_ * (f - f_bar * n) / size + sums_per_document(psi, part.documents, documents)) * bessel
        psi_labels = sums_per_document(psi_labels, part.documents, documents) * bessel
        fpc = 1.0
    else:
        psi, psi_labels = within_strata(psi, part), within_strata(psi_labels, part)
        fpc = float(1 - len(part.weights) / size.max())
    n_kish, n_units = 1 / (w**2).sum(), part.n_units(target)
    variance = (psi**2).sum(axis=0) * n_units / (n_units - 2) + fpc / n_kish**2
    of_labels = _variance_of_labels(theta, y_bar, psi_labels, n_kish=n_kish, fpc=fpc, n_units=n_units)
    return theta, np.minimum(variance, of_labels), psi


def _standard_draws(psi: Array, n_draws: int, generator: np.random.Generator) -> Array:
    """Normal draws of variance one with the correlations of `psi`, shape (n_draws, K).

    A frame whose error no document shows (`psi` is zero throughout) is drawn independently of the others.
    """
    draws = generator.standard_normal((n_draws, len(psi))) @ psi
    scale = np.sqrt((psi**2).sum(axis=0))
    still = scale < STILL
    draws[:, still], scale[still] = generator.standard_normal((n_draws, int(still.sum()))), 1.0
    standard: Array = draws / scale
    return standard


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
    labelled = read_labelled(classified, by=by, frames=frames)
    keys = pd.MultiIndex.from_frame(classified[by])
    codes, groups = pd.factorize(keys)
    place = {(key if isinstance(key, tuple) else (key,)): number for number, key in enumerate(groups)}
    group_of = np.array([place[key] for key in labelled.keys], dtype=np.int64)
    pooled = pooled_slopes(labelled, group_of)
    factors = np.full((len(groups), len(frames)), np.nan)
    scales = np.zeros(len(groups))  # brings the weights of a group to its number of passages
    sizes = np.bincount(codes, minlength=len(groups)) / len(frames)
    for group in range(len(groups)):
        part = labelled.rows(np.flatnonzero(group_of == group))
        if len(part.weights) >= LEAST_GOLD and part.n_units("process") >= LEAST_DOCUMENTS:
            factors[group] = tuning_factor(part, pooled)
            scales[group] = sizes[group] / part.weights.sum()
    lambda_ = factors[codes, pd.Index(frames).get_indexer(pd.Index(classified["frame"]))]
    w = np.nan_to_num(classified["gold_weight"].to_numpy(float)) * scales[codes]
    e = classified["gold"].to_numpy(float) - lambda_ * classified["gold_proxy"].to_numpy(float)
    outcome = lambda_ * classified["proxy"].to_numpy(float) + np.where(w > 0, w * e, 0.0)
    table = classified.assign(outcome=outcome)
    return table[table["outcome"].notna()], True


def _variance_of_labels(
    theta: Array, y_bar: Array, psi_labels: Array, *, n_kish: float, fpc: float, n_units: int
) -> Array:
    """Variance of the share by the labels alone: `p (1 - p) / n_kish * fpc * deff`, shape (K,).

    p is `theta`, at least half a passage from 0 and 1. The design effect `deff` is the variance of the contributions
    over that of single passages. With few documents it is at least 1: the same share in each of a handful of documents
    is luck more often than not.
    """
    p = np.clip(theta, 0.5 / n_kish, 1 - 0.5 / n_kish)
    simple = y_bar * (1 - y_bar) / n_kish * fpc
    design_effect = np.where(simple > TINY, (psi_labels**2).sum(axis=0) / np.maximum(simple, TINY), 1.0)
    if n_units < _FEW_UNITS:
        design_effect = np.maximum(design_effect, 1.0)
    variance: Array = p * (1 - p) / n_kish * fpc * design_effect
    return variance
