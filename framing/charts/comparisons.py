"""Figures of comparisons: raw beside corrected, agenda and framing, ranks left open, fragility."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.style import (
    COLOURS,
    INK,
    blank_chart,
    error_note,
    finish,
    label_of,
    pairs_in_points,
    palette,
    panel_header,
    scales,
    shorten,
    subtitle_lines,
    with_names,
)
from framing.defaults import LEVEL
from framing.errors import InputError
from framing.tables import COMPONENTS, FRAGILITY, RANKS, RAW, SHARES, require_columns

__all__ = ["corrected_shares", "fragility_strip", "rank_intervals", "share_components", "share_intervals"]

_PANEL = 30  # characters of a group's name beside its bar
_POINTS = "difference in share (percentage points)"
_STORIES = {"event": "events of the corpus", "story_id": "stories", "agenda_item": "items of the agenda"}


def share_intervals(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    level: float = LEVEL,
) -> Any:
    """Draw shares as dots with intervals, a panel for each frame.

    Parameters
    ----------
    shares : DataFrame
        Shares by `by`, as `framing.estimate_prevalence` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str, default "outlet"
        Column of the groups.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

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
    framing.estimate_prevalence : Makes the table.
    corrected_shares : The same with the shares of the classifier's decisions beside them.
    """
    require_columns(shares, (by, *SHARES), what="shares")
    shown, order = with_names(shares, names)
    here = sorted(shown[by].unique())
    colour, shape = scales(here, groups, by)
    base = alt.Chart(shown).encode(y=alt.Y(f"{by}:N", title=None, axis=None, sort=here), color=colour)
    x = _share_axis()
    panel = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=55, opacity=1).encode(x="estimate:Q", shape=shape),
    ).properties(width=200, height=max(40, 15 * len(here)))
    return finish(
        _in_panels(panel, order),
        f"Share of passages with each frame, by {by}",
        f"Dot: share. Line: {level:.0%} interval (documents resampled); none for a single document.",
    )


def corrected_shares(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    level: float = LEVEL,
) -> Any:
    """Draw the share of the classifier's decisions beside the corrected share, a panel for each frame.

    Parameters
    ----------
    shares : DataFrame
        Shares by `by` with the columns `raw, raw_low, raw_high`, as `framing.estimate_prevalence` returns them where
        passages are labelled.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str, default "outlet"
        Column of the groups.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

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
    framing.estimate_prevalence : Makes the table.
    share_intervals : Shares of one kind.

    Notes
    -----
    Without the columns `raw, raw_low, raw_high` it is the chart of `share_intervals`. Groups with too few labels for a
    correction have their raw share only, with a dashed interval, and are named in the subtitle.
    """
    if not set(RAW) <= set(shares.columns):
        return share_intervals(shares, names, by=by, groups=groups, level=level)
    require_columns(shares, (by, *SHARES), what="shares")
    shown, order = with_names(shares, names)
    here = sorted(shown[by].unique())
    colour, shape = scales(here, groups, by)
    missing = shown["estimate"].isna()
    for end in ("low", "high"):
        shown[f"alone_{end}"] = shown[f"raw_{end}"].where(missing)
        shown[f"raw_{end}"] = shown[f"raw_{end}"].mask(missing)
    base = alt.Chart(shown).encode(y=alt.Y(f"{by}:N", title=None, axis=None, sort=here), color=colour)
    x, up, down = _share_axis(), -4, 3  # the raw share stands a little above the corrected one
    panel = alt.layer(
        base.mark_rule(strokeWidth=2, yOffset=down, y2Offset=down).encode(x=x, x2="high:Q"),
        base.mark_rule(strokeWidth=1, yOffset=up, y2Offset=up).encode(x="raw_low:Q", x2="raw_high:Q"),
        base.mark_rule(strokeWidth=1, strokeDash=[3, 2], yOffset=up, y2Offset=up).encode(
            x="alone_low:Q", x2="alone_high:Q"
        ),
        base.mark_point(size=34, fill="#ffffff", strokeWidth=1.4, opacity=1, yOffset=up).encode(x="raw:Q", shape=shape),
        base.mark_point(filled=True, size=48, opacity=1, yOffset=down).encode(x="estimate:Q", shape=shape),
    ).properties(width=200, height=max(40, 20 * len(here)))
    n_gold = int(shown.loc[~missing].drop_duplicates(by)["n_gold"].sum())
    few = shown[missing].drop_duplicates(by)
    return finish(
        _in_panels(panel, order),
        f"Share of passages with each frame, by {by}: raw and corrected",
        subtitle_lines(
            f"Solid: corrected with {n_gold:,} labelled passages; thick line: its {level:.0%} interval, classifier "
            f"error included. Hollow: share of the classifier’s decisions; thin line: its {level:.0%} interval, "
            "classifier error not included.",
            _listed(
                "Raw only (hollow, dashed line), as too few passages are labelled:",
                [f"{shorten(name, 40)} ({n})" for name, n in zip(few[by], few["n_gold"], strict=True)],
            ),
        ),
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
    shown, order, labels = pairs_in_points(components.merge(first, on=keys), names)
    shown["shared"] = shown["common"].map("{:.0%} in common".format)
    parts = ["agenda", "framing"]
    colour = alt.Color(
        "component:N", title=None, scale=alt.Scale(domain=parts, range=list(COLOURS[:2])),
        legend=alt.Legend(orient="top", symbolType="circle"),
    )  # fmt: skip
    y = alt.Y(
        "pair:N", title=None, sort=order, scale=alt.Scale(domain=order, paddingInner=0.3),
        axis=alt.Axis(labelLimit=0, labelExpr=label_of(labels), ticks=False, grid=False),
    )  # fmt: skip
    x = alt.X("low:Q", title=_POINTS)
    base = alt.Chart(shown).encode(y=y)
    offset = alt.YOffset("component:N", scale=alt.Scale(domain=parts, paddingOuter=0.3))
    whole = base.transform_filter(alt.datum.component == parts[0])
    chart = alt.layer(
        _zero_line(_POINTS),
        whole.mark_tick(color=INK, thickness=2, opacity=1, size=22).encode(x=alt.X("difference:Q", title=_POINTS)),
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q", yOffset=offset, color=colour),
        base.mark_point(size=52, opacity=1, strokeWidth=1.6).encode(
            x="estimate:Q", yOffset=offset, color=colour,
            fill=alt.condition("datum.differs", colour, alt.value("#ffffff")),
        ),
        whole.mark_text(align="left", fontSize=10.5, color="#555555").encode(x=alt.value(390), text="shared:N"),
    ).properties(width=380, height=34 * len(order))  # fmt: skip
    kind = str(components["agenda_items"].iloc[0])
    stories = _STORIES.get(kind, f"what was published in the same {kind}")
    return finish(
        chart,
        title,
        subtitle_lines(
            "Agenda: they cover other stories, or in other proportion. Framing: the same story, framed otherwise. "
            f"Black tick: both together, first minus second. Stories here: {stories}; in common: passages on stories "
            "that both cover.",
            f"Lines: {level:.0%} intervals, each alone. Filled: clear of noise jointly, among all "
            f"{len(components):,} parts. {error_note(components)}",
        ),
    )


def rank_intervals(
    ranks: pd.DataFrame, names: Mapping[str, str], *, by: str = "outlet", groups: Iterable[str] = ()
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
    shown, order = with_names(ranks, names)
    open_ = (shown["low"] == 1) & (shown["high"] == shown["n_groups"])
    clear = shown.loc[~open_, "frame"].unique()
    left_out = _listed("Every place is open to all, so not drawn:", [shorten(n, 40) for n in order if n not in clear])
    shown = shown[shown["frame"].isin(clear)].reset_index(drop=True)
    order = [name for name in order if name in clear]
    if shown.empty:
        return blank_chart(title, *subtitle_lines("No difference is clear of noise: no order can be given.", left_out))
    here, most = sorted(shown["group"].unique()), int(shown["n_groups"].max())
    shown["row"] = shown.sort_values(["rank", "low", "high", "group"]).groupby("frame").cumcount()
    shown["label"] = [name if len(name) <= _PANEL else f"{name[: _PANEL - 1]}…" for name in shown["group"]]
    chosen = palette([*here, *groups])
    colours, shapes = ([chosen[name][part] for name in here] for part in (0, 1))
    colour = alt.Color("group:N", scale=alt.Scale(domain=here, range=colours), legend=None)
    shape = alt.Shape("group:N", scale=alt.Scale(domain=here, range=shapes), legend=None)
    y, ticks = alt.Y("row:O", title=None, axis=None), list(range(1, most + 1, -(-most // 10)))
    x = alt.X(
        "low:Q", title="place (1: largest share)", scale=alt.Scale(domain=[1, most], nice=False),
        axis=alt.Axis(values=ticks, tickCount=len(ticks), format="d", labelOverlap=False, labelFlush=False),
    )  # fmt: skip
    base = alt.Chart(shown)
    panel = alt.layer(
        base.mark_text(align="right", fontSize=10.5, color=INK).encode(x=alt.value(-12), y=y, text="label:N"),
        base.mark_rule(strokeWidth=5, opacity=0.35, strokeCap="round").encode(x=x, x2="high:Q", y=y, color=colour),
        base.mark_point(filled=True, size=55, opacity=1).encode(x="rank:Q", y=y, color=colour, shape=shape),
    ).properties(width=130, height=max(40, 17 * len(here)))
    return finish(
        _in_panels(panel, order, width=24),
        title,
        subtitle_lines(
            "Bar: places left open by the differences that are clear of noise, jointly for all groups and frames.",
            "Point: place of the estimate.",
            left_out,
        ),
    )


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
        raise InputError("There are no differences to draw.")
    keys = ["frame", "group_a", "group_b"]
    heads, order, labels = pairs_in_points(headlines[[*keys, "estimate", "low", "high"]], names)
    dots = variations.merge(heads[[*keys, "pair"]], on=keys).dropna(subset=["estimate"])
    dots["estimate"] = (100 * dots["estimate"]).round(1)  # hundreds of seeds lie on top of each other
    dots = dots.drop_duplicates(["pair", "kind", "estimate"])
    kinds = list(dict.fromkeys(dots["kind"]))
    y = alt.Y("pair:N", title=None, sort=order, axis=alt.Axis(labelLimit=0, labelExpr=label_of(labels)))
    rule = alt.Chart(heads).encode(y=y)
    chart = alt.layer(
        _zero_line(_POINTS),
        rule.mark_rule(strokeWidth=8, opacity=0.18, color=INK).encode(
            x=alt.X("low:Q", title=_POINTS), x2="high:Q"
        ),
        alt.Chart(dots).mark_point(size=38, strokeWidth=1.4, opacity=0.8).encode(
            x="estimate:Q", y=y, yOffset=alt.YOffset("kind:N", sort=kinds),
            color=alt.Color("kind:N", title=None, sort=kinds, legend=alt.Legend(orient="top"),
                            scale=alt.Scale(domain=kinds, range=list(COLOURS[: len(kinds)]))),
            shape=alt.Shape("kind:N", sort=kinds, legend=None),
        ),
        rule.mark_tick(color=INK, thickness=2, size=26).encode(x="estimate:Q"),
    ).properties(width=380, height=40 * len(order))  # fmt: skip
    return finish(
        chart,
        "Do the clearest differences survive other choices?",
        [
            "Tick and grey band: the difference and its interval. Marks: what it is under each variation,",
            "which is no sampling interval. First minus second.",
        ],
    )


def _share_axis() -> alt.X:
    axis = alt.Axis(format=".0%", tickCount=3)
    return alt.X("low:Q", title="share of passages", axis=axis, scale=alt.Scale(domainMin=0))


def _zero_line(title: str) -> Any:
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color="#666666", strokeDash=[4, 3])
    return zero.encode(x=alt.X("zero:Q", title=title))


def _in_panels(panel: Any, order: Sequence[str], *, width: int = 34) -> Any:
    header = panel_header(order, width, labelAnchor="start")
    facet = alt.Facet("frame:N", sort=list(order), header=header)
    chart = panel.facet(facet=facet, columns=3)
    return chart.resolve_scale(x="shared")


def _listed(start: str, names: Sequence[str]) -> str:
    return f"{start} {', '.join(names)}." if names else ""
