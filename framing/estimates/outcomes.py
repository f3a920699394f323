"""Outcomes of single passages, whose mean over a group is its share: what series and decompositions add up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from framing.estimates.clusters import read_weights
from framing.estimates.correction import has_gold
from framing.estimates.groups import check_groups
from framing.estimates.labelled_sample import compute_tuning_factor, pool_slopes, read_labelled

__all__ = ["add_outcomes", "describe_classifier_error"]


def describe_classifier_error(classified: pd.DataFrame, corrected: bool) -> str:
    """Whether intervals include the classifier's errors, in the words of the column `method`.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    corrected : bool
        Whether estimates are corrected with labelled passages, where the table has them.

    Returns
    -------
    str
        `classifier error included`, or the same with `not`.

    Examples
    --------
    >>> describe_classifier_error(pd.DataFrame({"frame": ["x"]}), True)
    'classifier error not included'
    """
    return "classifier error included" if corrected and has_gold(classified) else "classifier error not included"


def add_outcomes(
    classified: pd.DataFrame, *, by: str | Sequence[str] | None, corrected: bool = True, centred: bool = False
) -> tuple[pd.DataFrame, bool]:
    """Add the columns `outcome` and `n`; the sum of the one over that of the other is the share of a group of `by`.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.
    corrected : bool, default True
        Whether to correct outcomes with labelled passages, where the table has them.
    centred : bool, default False
        Whether to add the mean error of a group to the scores of its passages. The mean outcome stays; outcomes of
        single passages vary less where scores are too high or too low by and large.

    Returns
    -------
    DataFrame
        The rows that have an outcome; `n` is the column `weight`, or 1 where the table has none. Rows on which the
        classifier abstained have none, nor, where outcomes are corrected, have those of groups with too few labels.
    bool
        Whether the outcomes are corrected.

    Notes
    -----
    Without labels the outcome is `n_i` where the decision is `present`, else 0. With labels it is, with the symbols of
    `framing.estimates.correction`,

        n_i (lambda f_i + w_i (y_i - lambda f_i)),

    where the second term is of labelled passages only and the `n_i w_i` of each group add up to its `n_i`: unbiased for
    the labels of coders in any part of a group, and often outside 0 to 1 for a single passage (Egami et al. 2023).
    Centred, it is `n_i (m_i + w_i (y_i - m_i))` with `m_i = lambda f_i + sum_S n_j w_j (y_j - lambda f_j) / sum_j n_j`.
    """
    table, keys = check_groups(classified, by, ("frame", "document_id", "decision"))
    if not (corrected and has_gold(table)):
        decided = table[table["decision"] != "abstain"]
        n = read_weights(decided)
        return decided.assign(n=n, outcome=np.where(decided["decision"] == "present", n, 0.0)), False
    frames = list(pd.unique(table["frame"]))
    codes, groups = pd.factorize(pd.MultiIndex.from_frame(table[keys]))
    samples = read_labelled(table, by=keys, frames=frames).split(
        [key if isinstance(key, tuple) else (key,) for key in groups]
    )
    pooled_slope = pool_slopes(samples, len(frames))
    factors = np.full((len(groups), len(frames)), np.nan)
    scales = np.zeros(len(groups))  # brings the weights of a group to its sum of n
    n = read_weights(table)
    w = np.nan_to_num(table["gold_weight"].to_numpy(float))
    n_of_groups, n_of_labelled = (np.bincount(codes, values, minlength=len(groups)) for values in (n, n * w))
    for group, sample in enumerate(samples):
        if sample.is_large_enough("process"):
            factors[group] = compute_tuning_factor(sample, pooled_slope)
            scales[group] = n_of_groups[group] / n_of_labelled[group]
    lambda_ = factors[codes, pd.Index(frames).get_indexer(pd.Index(table["frame"]))]
    w = w * scales[codes]
    e = table["gold"].to_numpy(float) - lambda_ * table["gold_proxy"].to_numpy(float)
    outcome = lambda_ * table["proxy"].to_numpy(float) + np.where(w > 0, w * e, 0.0)
    if centred:
        cells = [codes, table["frame"].to_numpy()]
        weighted = pd.Series(np.where(w > 0, n * w * e, 0.0)).groupby(cells).transform("sum").to_numpy()
        outcome = outcome + (1 - w) * weighted / pd.Series(n).groupby(cells).transform("sum").to_numpy()
    with_outcome = table.assign(n=n, outcome=n * outcome)
    return with_outcome[with_outcome["outcome"].notna()], True
