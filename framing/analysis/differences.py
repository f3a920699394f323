"""The differences that a report states, as one table: corrected with labels where the analysis has them."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.estimates.against_rest import compare_with_rest
from framing.estimates.compare import compare_groups
from framing.estimates.correction import Target, has_gold
from framing.estimates.hypotheses import compare_hypotheses
from framing.settings import Settings

__all__ = ["KEYS", "REST", "combine_errors", "find_target", "list_differences", "pick_headlines", "subtract_shares"]

Array = NDArray[np.float64]

KEYS = ["frame", "group_a", "group_b"]
REST = "rest"  # in place of the second group: the mean of all others
_HYPOTHESIS, _REST_FAMILY, _PAIR = "hypothesis", "against the rest", "pair"
_COLUMNS = [
    "family", *KEYS, "estimate", "low", "high", "p_adjusted", "differs", "n_passages", "n_documents", "n_gold",
    "method",
]  # fmt: skip
_LEAST_HEADLINES = 3  # differences that are examined even if fewer are clear


class _Options(TypedDict):
    """Arguments that all families share."""

    by: str
    min_documents: int
    target: Target
    level: float
    n_bootstrap: int
    random_seed: int


def list_differences(classified: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Compare groups as the report does.

    Parameters
    ----------
    classified : DataFrame
        Classified passages of an analysis.
    settings : Settings
        Settings of the run.

    Returns
    -------
    DataFrame
        One row a difference: `family` (`hypothesis`, `against the rest` or `pair`, each tested jointly by itself),
        `frame, group_a, group_b, estimate, low, high, p_adjusted, differs, n_passages, n_documents, n_gold, method`. A
        difference that the settings name as a hypothesis is in that family alone; with two groups there is no rest.
    """
    options: _Options = {
        "by": settings.compare_by,
        "min_documents": settings.min_documents,
        "target": find_target(classified, settings),
        **settings.draws,
    }
    pairs = compare_groups(classified, **options, within=settings.within)
    parts = {_PAIR: pairs}
    if len({*pairs["group_a"], *pairs["group_b"]}) > 2:  # else the rest is the other group
        rest = compare_with_rest(classified, **options, within=settings.within)
        parts = {_REST_FAMILY: rest.rename(columns={"group": "group_a"}).assign(group_b=REST), **parts}
    if settings.hypotheses:
        named = compare_hypotheses(classified, settings.hypotheses, **options)
        parts = {_HYPOTHESIS: named[named["estimate"].notna()], **parts}
    table = pd.concat([part.assign(family=family)[_COLUMNS] for family, part in parts.items()], ignore_index=True)
    return table.drop_duplicates(KEYS, ignore_index=True)


def find_target(classified: pd.DataFrame, settings: Settings) -> Target:
    """What shares are about: the setting, where labels correct them, else `process`.

    Parameters
    ----------
    classified : DataFrame
        Classified passages of an analysis.
    settings : Settings
        Settings of the run.

    Returns
    -------
    {"process", "corpus"}
        The target.
    """
    return settings.target if has_gold(classified) else "process"


def pick_headlines(differences: pd.DataFrame, *, top: int) -> pd.DataFrame:
    """Choose the differences that a report is about: hypotheses, then clear ones, or the clearest where few are.

    Parameters
    ----------
    differences : DataFrame
        As `list_differences` returned them.
    top : int
        Most rows that are chosen.

    Returns
    -------
    DataFrame
        Rows of `differences`: hypotheses, then those that differ, then, up to three in all, those with the smallest
        `p_adjusted`; groups against the rest before pairs.
    """
    is_named = differences["family"] == _HYPOTHESIS
    is_clear = differences["differs"].astype(bool)
    order = pd.DataFrame(
        {
            "not_named": ~is_named,
            "unclear": ~is_clear & ~is_named,
            "pair": differences["family"] == _PAIR,
            "p": differences["p_adjusted"].where(~is_named, 0.0),
        }
    ).sort_values(["not_named", "unclear", "pair", "p"], kind="stable")
    n_stated = int((is_named | is_clear).sum())
    return differences.loc[order.index].head(max(min(n_stated, top), _LEAST_HEADLINES)).reset_index(drop=True)


def subtract_shares(values: Array, groups: list[str], compared: list[str], group_a: str, group_b: str) -> Array:
    """Differences of the shares of two groups, or of a group and the mean of all others.

    Parameters
    ----------
    values : array
        Shares, shape (G, V).
    groups : list of str
        Names of the G groups.
    compared : list of str
        Groups that the report compares.
    group_a : str
        The first group.
    group_b : str
        The second group, or `rest`.

    Returns
    -------
    array
        Shape (V,).

    Examples
    --------
    >>> shares = np.array([[0.5], [0.25], [0.125], [0.9]])
    >>> subtract_shares(shares, ["A", "B", "C", "D"], ["A", "B", "C"], "A", "rest").tolist()
    [0.3125]
    >>> subtract_shares(shares, ["A", "B", "C", "D"], ["A", "B", "C"], "A", "C").tolist()
    [0.375]
    """
    weights = _weigh_groups(groups, compared, group_a, group_b)
    return np.asarray(weights[weights != 0] @ values[weights != 0])  # other groups may have no share


def combine_errors(errors: Array, groups: list[str], compared: list[str], group_a: str, group_b: str) -> Array:
    """Standard errors of the differences of `subtract_shares`, groups being independent.

    Parameters
    ----------
    errors : array
        Standard errors of shares, shape (G, V).
    groups, compared : list of str
        As in `subtract_shares`.
    group_a, group_b : str
        As in `subtract_shares`.

    Returns
    -------
    array
        Shape (V,).

    Examples
    --------
    >>> combine_errors(np.array([[0.3], [0.4]]), ["A", "B"], ["A", "B"], "A", "B").tolist()
    [0.5]
    """
    weights = _weigh_groups(groups, compared, group_a, group_b)
    return np.asarray(np.sqrt(weights[weights != 0] ** 2 @ errors[weights != 0] ** 2))


def _weigh_groups(groups: list[str], compared: list[str], group_a: str, group_b: str) -> Array:
    """Weight of each group's share in the difference."""
    others = [name for name in compared if name != group_a] if group_b == REST else [group_b]
    weights = np.array([-1 / len(others) if name in others else 0.0 for name in groups])
    weights[groups.index(group_a)] = 1.0
    return weights
