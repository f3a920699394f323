"""Ranks of groups by the share of each frame, with the ranks that noise leaves open."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from framing.errors import InputError
from framing.estimates.groups import join_groups
from framing.tables import ESTIMATE, RANKS, require_columns

__all__ = ["rank_groups"]

METHOD = "1 is the largest share; joint interval from all pairwise differences"
_COUNTS = ESTIMATE[3:6]  # n_passages, n_documents, n_gold


def rank_groups(contrasts: pd.DataFrame, shares: pd.DataFrame, *, by: str | Sequence[str] = "outlet") -> pd.DataFrame:
    """Rank of each group on each frame, with the ranks that noise leaves open.

    Parameters
    ----------
    contrasts : DataFrame
        Contrasts, as `compare_groups` returned them.
    shares : DataFrame
        Shares of the same groups, as `estimate_prevalence` returned them.
    by : str or sequence of str, default "outlet"
        Columns that make the groups of `shares`.

    Returns
    -------
    DataFrame
        Columns `framing.tables.RANKS`. `rank` orders the estimates, 1 the largest; `low` and `high` are the first and
        last place that are left when every difference of `contrasts` that is clear of noise is respected. They hold
        jointly for all groups and frames at the level of the contrasts (Mogstad, Romano, Shaikh & Wilhelm 2024).
        Counts are those of the group's share.

    Raises
    ------
    InputError
        Where a column is missing, shares have several rows for a group and frame, or none for one of the contrasts.

    Notes
    -----
    With A groups clearly above a group and B clearly below it, of G groups, the places 1 + A to G - B are left.
    """
    require_columns(contrasts, ("frame", "group_a", "group_b", "estimate", "differs"), what="contrasts")
    table, group_column = join_groups(shares, by, ("frame", "estimate", *_COUNTS), what="shares")
    by_group = table.set_index(["frame", group_column])
    if by_group.index.has_duplicates:
        frame, group = by_group.index[by_group.index.duplicated()][0]
        raise InputError(
            f"shares have several rows for the {group_column} {group!r} and the frame {frame!r}. Name in `by` every "
            "column that the shares were estimated by."
        )
    compared = pd.concat([contrasts.set_index(["frame", side]) for side in ("group_a", "group_b")]).index
    unknown = compared.difference(by_group.index)
    if len(unknown):
        frame, group = unknown[0]
        raise InputError(
            f"shares by {group_column} have no row for the group {group!r} and the frame {frame!r} of the contrasts. "
            "Name in `by` the columns that shares and contrasts were made with."
        )
    counts = by_group[list(_COUNTS)].to_dict("index")
    rows = []
    for frame, part in contrasts.groupby("frame"):
        groups = sorted({*part["group_a"], *part["group_b"]})
        clear = part[part["differs"].astype(bool)]
        is_a_above = clear["estimate"] > 0
        is_b_above = clear["estimate"] < 0
        n_above = pd.concat([clear["group_b"][is_a_above], clear["group_a"][is_b_above]]).value_counts()
        n_below = pd.concat([clear["group_a"][is_a_above], clear["group_b"][is_b_above]]).value_counts()
        estimates = pd.Series({group: by_group.at[(frame, group), "estimate"] for group in groups})
        ranks = estimates.rank(ascending=False, method="min")
        for group in groups:
            rows.append(
                {
                    "frame": frame,
                    "group": group,
                    "rank": int(ranks[group]),
                    "low": 1 + int(n_above.get(group, 0)),
                    "high": len(groups) - int(n_below.get(group, 0)),
                    "estimate": estimates[group],
                    "n_groups": len(groups),
                    **counts[(frame, group)],
                    "method": METHOD,
                }
            )
    return pd.DataFrame(rows, columns=list(RANKS)).sort_values(["frame", "rank"], ignore_index=True)
