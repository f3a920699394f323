"""Charts of comparisons between groups: differences, their components, ranks, fragility."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.groups import TOP_GROUPS, group_scales
from framing.charts.labels import (
    error_note,
    label_axis,
    label_lines,
    label_pairs,
    list_names,
    name_frames,
    shorten,
    subtitle_lines,
)
from framing.charts.style import (
    COLOURS,
    INK,
    blank_chart,
    draw_intervals,
    facet_panels,
    finish_chart,
    order_scale,
    zero_line,
)
from framing.defaults import LEVEL
from framing.errors import TooLittleDataError
from framing.tables import COMPONENTS, CONTRASTS, FRAGILITY, RANKS, require_columns

__all__ = ["fragility_strip", "rank_intervals", "share_components", "share_differences"]

_NAME = 30  # characters of a group's name beside its bar
_POINTS = "difference in share (percentage points)"
_STORIES = {"event": "events of the corpus", "story_id": "stories", "agenda_item": "items of the agenda"}


def share_differences(contrasts: pd.DataFrame, names: Mapping[str, str], *, level: float = LEVEL, top: int = 20) -> Any:
    """Draw the clearest differences between groups with their joint intervals and a line at zero.

    Parameters
    ----------
    contrasts : DataFrame
        Differences, the clearest first, as `framing.compare_groups` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.
    top : int, default 20
        Number of differences.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no row.

    See Also
    --------
    framing.compare_groups : Makes the table.
    """
    require_columns(contrasts, CONTRASTS, what="contrasts")
    if contrasts.empty:
        raise TooLittleDataError("There are no contrasts to draw.")
    rows, order, labels = label_pairs(contrasts.head(top), names)
    rows["verdict"] = rows["differs"].map({True: "clear of noise", False: "within noise"})
    colour = alt.Color(
        "verdict:N",
        title=None,
        legend=alt.Legend(orient="top"),
        scale=alt.Scale(domain=["clear of noise", "within noise"], range=[COLOURS[0], "#999999"]),
    )
    base = alt.Chart(rows).encode(
        y=alt.Y("pair:N", title=None, scale=order_scale(order), axis=label_axis(labels)), color=colour
    )
    chart = alt.layer(zero_line(_POINTS), *draw_intervals(base, alt.X("low:Q", title=_POINTS), size=60))
    return finish_chart(
        chart.properties(width=380, height=22 * len(order)),
        "The clearest differences",
        [
            f"First minus second; {level:.0%} intervals hold jointly for all {len(contrasts):,} comparisons."
            + ("" if contrasts["differs"].any() else " None is clear of noise."),
            error_note(contrasts),
        ],
    )


def share_components(components: pd.DataFrame, names: Mapping[str, str], *, level: float = LEVEL, top: int = 12) -> Any:
    """Draw the agenda and framing components of the clearest differences, with their intervals and their sum.

    Parameters
    ----------
    components : DataFrame
        Components of differences, the clearest first, as `framing.decompose_differences` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.
    top : int, default 12
        Number of differences.

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
    framing.decompose_differences : Makes the table.

    Notes
    -----
    If the table is empty, the chart says why there is nothing to draw.
    """
    title = "What they cover, or how they frame it"
    require_columns(components, COMPONENTS, what="components")
    if components.empty:
        return blank_chart(title, "Passages have neither events nor dates, so differences cannot be taken apart.")
    keys = ["frame", "group_a", "group_b"]
    first = components[keys].drop_duplicates().head(top)
    rows, order, labels = label_pairs(components.merge(first, on=keys), names)
    rows["shared"] = rows["common"].map("{:.0%} in common".format)
    kind = str(components["agenda_items"].iloc[0])
    stories = _STORIES.get(kind, f"what was published in the same {kind}")
    return finish_chart(
        _draw_components(rows, order, labels),
        title,
        subtitle_lines(
            "Agenda: they cover other stories, or in other proportion. Framing: the same story, framed otherwise. "
            f"Black tick: both together, first minus second. Stories here: {stories}; in common: passages on stories "
            "that both cover.",
            f"Lines: {level:.0%} intervals, each alone. Filled: clear of noise jointly, among all "
            f"{len(components):,} parts. {error_note(components)}",
        ),
    )


def _draw_components(rows: pd.DataFrame, order: list[str], labels: Mapping[str, str]) -> Any:
    """A row for each difference with both components, the difference as a tick, and the share of common stories."""
    parts = ["agenda", "framing"]
    colour = alt.Color(
        "component:N",
        title=None,
        scale=alt.Scale(domain=parts, range=list(COLOURS[:2])),
        legend=alt.Legend(orient="top", symbolType="circle"),
    )
    y = alt.Y(
        "pair:N",
        title=None,
        scale=alt.Scale(domain=order, paddingInner=0.3),
        axis=label_axis(labels, ticks=False, grid=False),
    )
    x = alt.X("low:Q", title=_POINTS)
    offset = alt.YOffset("component:N", scale=alt.Scale(domain=parts, paddingOuter=0.3))
    fill = alt.condition("datum.differs", colour, alt.value("#ffffff"))
    base = alt.Chart(rows).encode(y=y)
    difference = base.transform_filter(alt.datum.component == parts[0])
    return alt.layer(
        zero_line(_POINTS),
        difference.mark_tick(color=INK, thickness=2, opacity=1, size=22).encode(x=alt.X("difference:Q", title=_POINTS)),
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q", yOffset=offset, color=colour),
        base.mark_point(size=52, opacity=1, strokeWidth=1.6).encode(
            x="estimate:Q", yOffset=offset, color=colour, fill=fill
        ),
        difference.mark_text(align="left", fontSize=10.5, color="#555555").encode(x=alt.value(390), text="shared:N"),
    ).properties(width=380, height=34 * len(order))


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
    title = f"Which {by} uses a frame most? Places that noise leaves open"
    require_columns(ranks, RANKS, what="ranks")
    rows, order = name_frames(ranks, names)
    every_rank = (rows["low"] == 1) & (rows["high"] == rows["n_groups"])
    ranked = set(rows.loc[~every_rank, "frame"])
    left_out = list_names(
        "Every place is open to all, so not drawn:", [shorten(name, 40) for name in order if name not in ranked]
    )
    rows = rows[rows["frame"].isin(ranked)].reset_index(drop=True)
    if rows.empty:
        return blank_chart(title, *subtitle_lines("No difference is clear of noise: no order can be given.", left_out))
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
            "Bar: places left open by the differences that are clear of noise, jointly for all groups and frames.",
            "Point: place of the estimate.",
            f"Drawn: on each frame those {top_groups} of {n_groups:,} ({by}) for which fewest places are open; the "
            "table has all."
            if n_groups > top_groups
            else "",
            left_out,
        ),
    )


def _draw_ranks(rows: pd.DataFrame, groups: Iterable[str]) -> Any:
    """A row for each group, in the order of the ranks in each frame, with the group's name beside it."""
    present, n_ranks = sorted(rows["group"].unique()), int(rows["n_groups"].max())
    rows["row"] = rows.sort_values(["rank", "low", "high", "group"]).groupby("frame").cumcount()
    rows["label"] = [name if len(name) <= _NAME else f"{name[: _NAME - 1]}…" for name in rows["group"]]
    colour, shape = (channel.legend(None) for channel in group_scales(present, groups, "group"))
    y, ticks = alt.Y("row:O", title=None, axis=None), list(range(1, n_ranks + 1, -(-n_ranks // 10)))
    x = alt.X(
        "low:Q",
        title="place (1: largest share)",
        scale=alt.Scale(domain=[1, n_ranks], nice=False),
        axis=alt.Axis(values=ticks, tickCount=len(ticks), format="d", labelOverlap=False, labelFlush=False),
    )
    base = alt.Chart(rows)
    return alt.layer(
        base.mark_text(align="right", fontSize=10.5, color=INK).encode(x=alt.value(-12), y=y, text="label:N"),
        base.mark_rule(strokeWidth=5, opacity=0.35, strokeCap="round").encode(x=x, x2="high:Q", y=y, color=colour),
        base.mark_point(filled=True, size=55, opacity=1).encode(x="rank:Q", y=y, color=colour, shape=shape),
    ).properties(width=130, height=max(40, 17 * (int(rows["row"].max()) + 1)))


def fragility_strip(headlines: pd.DataFrame, variations: pd.DataFrame, names: Mapping[str, str]) -> Any:
    """Draw each headline difference with its interval and its value under each variation.

    Parameters
    ----------
    headlines : DataFrame
        Headline differences, the `headlines` of `framing.measure_fragility`.
    variations : DataFrame
        Their values under other choices, the `variations` of `framing.measure_fragility`.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no row.

    See Also
    --------
    framing.measure_fragility : Makes both tables.
    """
    require_columns(headlines, FRAGILITY, what="headline differences")
    if headlines.empty:
        raise TooLittleDataError("There are no differences to draw.")
    keys = ["frame", "group_a", "group_b"]
    rows, order, labels = label_pairs(headlines[[*keys, "estimate", "low", "high"]], names)
    dots = variations.merge(rows[[*keys, "pair"]], on=keys).dropna(subset=["estimate"])
    dots["estimate"] = (100 * dots["estimate"]).round(1)  # halves of the seeds lie on top of each other
    dots = dots.drop_duplicates(["pair", "kind", "estimate"])
    kinds = list(dict.fromkeys(dots["kind"]))
    y = alt.Y("pair:N", title=None, scale=order_scale(order), axis=label_axis(labels))
    colour = alt.Color(
        "kind:N",
        title=None,
        sort=kinds,
        legend=alt.Legend(orient="top"),
        scale=alt.Scale(domain=kinds, range=list(COLOURS[: len(kinds)])),
    )
    base = alt.Chart(rows).encode(y=y)
    chart = alt.layer(
        zero_line(_POINTS),
        base.mark_rule(strokeWidth=8, opacity=0.18, color=INK).encode(x=alt.X("low:Q", title=_POINTS), x2="high:Q"),
        alt.Chart(dots)
        .mark_point(size=38, strokeWidth=1.4, opacity=0.8)
        .encode(
            x="estimate:Q",
            y=y,
            yOffset=alt.YOffset("kind:N", sort=kinds),
            color=colour,
            shape=alt.Shape("kind:N", sort=kinds, legend=None),
        ),
        base.mark_tick(color=INK, thickness=2, size=26).encode(x="estimate:Q"),
    )
    return finish_chart(
        chart.properties(width=380, height=40 * len(order)),
        "Do the differences survive other choices?",
        subtitle_lines(
            "Tick and grey band: the difference and its interval. Marks: what it is under each variation (seeds: with "
            "random halves of them), which is no sampling interval. First minus second.",
            error_note(headlines),
        ),
    )
