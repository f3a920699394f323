"""Chart of the places that each group may have on each frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.groups import TOP_GROUPS, group_scales
from framing.charts.labels import error_note, label_lines, list_names, name_frames, shorten, subtitle_lines
from framing.charts.style import INK, JOINT, SMALL, blank_chart, facet_panels, finish_chart, fit_panels
from framing.charts.tips import add_tips, tip_channels
from framing.tables import RANKS, require_columns
from framing.texts import phrase, retell

__all__ = ["rank_intervals"]

_NAME = 18  # characters of a group's name beside its bar
_NAMES = 112  # room for these names


def rank_intervals(
    ranks: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    top_groups: int = TOP_GROUPS,
) -> Any:
    """Draw the ranks that remain possible for each group, a panel for each frame.

    Parameters
    ----------
    ranks : DataFrame
        Ranks of groups, as `framing.rank_groups` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str, default "outlet"
        Column of the groups.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    top_groups : int, default 30
        Number of groups that are drawn in each panel, those for which fewest places are open.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column.

    See Also
    --------
    framing.rank_groups : Makes the table.

    Notes
    -----
    A bar reaches from the first to the last possible rank, a point is the rank of the estimate, and the largest share
    is on top. Frames on which each group may have each rank are not drawn but named in the subtitle.
    """
    title = phrase("Which {by} uses a frame most? Places that noise leaves open", by=retell(by))
    require_columns(ranks, RANKS, what="ranks")
    rows, order = name_frames(_add_rank_tips(ranks, names), names)
    every_rank = (rows["low"] == 1) & (rows["high"] == rows["n_groups"])
    ranked = set(rows.loc[~every_rank, "frame"])
    left_out = list_names(
        phrase("Every place is open to all, so not drawn:"), [shorten(name, 40) for name in order if name not in ranked]
    )
    rows = rows[rows["frame"].isin(ranked)].reset_index(drop=True)
    if rows.empty:
        return blank_chart(
            title, *subtitle_lines(phrase("No difference is clear of noise: no order can be given."), left_out)
        )
    exploratory = "" if (ranks["n_gold"] > 0).any() else phrase("Exploratory: ")
    n_groups = rows["group"].nunique()
    open_places = rows.assign(n_open=rows["high"] - rows["low"]).sort_values(["n_open", "rank"], kind="stable")
    rows = rows.loc[open_places.groupby("frame").head(top_groups).index.sort_values()].reset_index(drop=True)
    panels = facet_panels(
        _draw_ranks(rows, groups),
        "frame",
        [name for name in order if name in ranked],
        label_lines([name for name in order if name in ranked], 24),
    )
    return finish_chart(
        panels.resolve_scale(x="shared"),
        title,
        subtitle_lines(
            phrase(
                "Thick bar: places left open, jointly for all groups and frames. Point: place of the estimate. {ranks}",
                ranks=error_note(ranks),
            ),
            phrase(
                "Drawn: on each frame those {top_groups} of {n_groups:,} ({by}) for which fewest places "
                "are open; the table has all.",
                top_groups=top_groups,
                n_groups=n_groups,
                by=retell(by),
            )
            if n_groups > top_groups
            else "",
            left_out,
        ),
        verdict=phrase(
            "{exploratory}on {n_ranked} of {n_order} frames the places of some groups can be told apart.",
            exploratory=exploratory,
            n_ranked=len(ranked),
            n_order=len(order),
        ),
    )


def _add_rank_tips(ranks: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    return add_tips(ranks, names, ("group", "frame"), value="rank", form=".0f")


def _draw_ranks(rows: pd.DataFrame, groups: Iterable[str]) -> Any:
    """A row for each group, in the order of the ranks in each frame, with the group's name beside it."""
    present, n_ranks = sorted(rows["group"].unique()), int(rows["n_groups"].max())
    rows["row"] = rows.sort_values(["rank", "low", "high", "group"]).groupby("frame").cumcount()
    rows["label"] = [name if len(name) <= _NAME else f"{name[: _NAME - 1]}…" for name in rows["group"]]
    colour, shape = (channel.legend(None) for channel in group_scales(present, groups, "group"))
    y, ticks = alt.Y("row:O", title=None, axis=None), list(range(1, n_ranks + 1, -(-n_ranks // 10)))
    x = alt.X(
        "low:Q",
        title=phrase("place (1: largest share)"),
        scale=alt.Scale(domain=[1, n_ranks], nice=False),
        axis=alt.Axis(values=ticks, tickCount=len(ticks), format="d", labelOverlap=False, labelFlush=False),
    )
    base = alt.Chart(rows).encode(**tip_channels())
    label = alt.Chart(rows).mark_text(align="right", fontSize=SMALL, color=INK, aria=False)
    return alt.layer(
        label.encode(x=alt.value(-12), y=y, text="label:N"),
        base.mark_rule(strokeWidth=JOINT, opacity=0.5, strokeCap="round").encode(x=x, x2="high:Q", y=y, color=colour),
        base.mark_point(filled=True, size=55, opacity=1).encode(x="rank:Q", y=y, color=colour, shape=shape),
    ).properties(width=fit_panels(3) - _NAMES, height=max(40, 17 * (int(rows["row"].max()) + 1)))
