"""Charts of shares: as colour, as dots with intervals, raw beside corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.groups import GROUP, TOP_GROUPS, group_rows, name_groups, pick_groups
from framing.charts.labels import (
    list_names,
    name_axis,
    name_axis_above,
    name_frames,
    shorten,
    subtitle_lines,
)
from framing.charts.style import (
    CELL_INK,
    FIELD,
    LABELS,
    SINGLE,
    SMALL,
    TEXT,
    draw_intervals,
    facet_panels,
    finish_chart,
    fit_panels,
    order_scale,
)
from framing.charts.tips import TIP, add_tips, counts_documents, tip_channels, write_estimate
from framing.defaults import LEVEL
from framing.errors import InputError
from framing.estimates.groups import join_groups
from framing.tables import RAW, SHARES
from framing.texts import localise_number, phrase, phrase_in, phrase_later, retell

__all__ = ["corrected_shares", "share_heatmap", "share_intervals"]

_CELLS = {  # what stands in a cell, by whether the units are documents
    True: phrase_later("Share of documents; below it its {level:.0%} interval, each alone.{corrected}"),
    False: phrase_later("Share of passages; below it its {level:.0%} interval, each alone.{corrected}"),
}
_TOP_COLUMNS = 20  # groups beside each other
_CELL = 70  # least width of a cell: its interval is written in it


def share_heatmap(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str | Sequence[str] = "outlet",
    top_groups: int = _TOP_COLUMNS,
    level: float = LEVEL,
) -> Any:
    """Draw the share of each frame in each group as colour, with the share and its interval as text.

    Parameters
    ----------
    shares : DataFrame
        Shares by `by`, as `framing.estimate_prevalence` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str or sequence of str, default "outlet"
        Columns that make the groups: those that the table was made with.
    top_groups : int, default 20
        Number of groups that are drawn, those with most passages.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column, or has several rows for a group and frame.

    See Also
    --------
    framing.estimate_prevalence : Makes the table.
    share_intervals : The same table as dots with intervals.
    """
    rows, order, group, drawn = _name_rows(shares, names, by, top_groups)
    groups = sorted(rows[group].unique())
    rows["share"] = rows["estimate"].map(_write_share)
    rows["interval"] = [
        _write_interval(share, low, high)
        for share, low, high in zip(rows["estimate"], rows["low"], rows["high"], strict=True)
    ]
    corrected = phrase(" Corrected with labelled passages; –: too few of them.") if (rows["n_gold"] > 0).any() else ""
    top = max(0.05, float(rows["estimate"].max()))
    cell = max(_CELL, FIELD // max(1, len(groups)))
    base = alt.Chart(name_groups(rows, group)).encode(
        x=alt.X(f"{GROUP}:N", title=None, scale=order_scale(groups), axis=name_axis_above(groups, cell // 6)),
        y=alt.Y("frame:N", title=None, scale=order_scale(order), axis=name_axis(order, width=36, minExtent=LABELS)),
    )
    ink = alt.condition(f"datum.estimate > {0.67 * top}", alt.value("white"), alt.value(CELL_INK))
    colour = alt.Color(
        "estimate:Q",
        title=_name_share(rows),
        scale=alt.Scale(scheme="blues", domain=[0, top]),
        legend=alt.Legend(format=".0%", orient="bottom", gradientLength=220),
    )
    chart = alt.layer(
        base.mark_rect(stroke="#ffffff").encode(color=colour, **tip_channels()),
        base.mark_text(fontSize=TEXT, dy=-6, aria=False).encode(text="share:N", color=ink),
        base.mark_text(fontSize=SMALL, dy=8, aria=False).encode(text="interval:N", color=ink),
    )
    return finish_chart(
        chart.properties(width=max(FIELD, cell * len(groups)), height=max(80, 38 * len(order))),
        phrase("How often each {by} uses each frame", by=retell(group)),
        subtitle_lines(
            phrase(_CELLS[counts_documents(rows)], level=level, corrected=corrected),
            drawn,
        ),
    )


def share_intervals(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str | Sequence[str] = "outlet",
    groups: Iterable[str] = (),
    top_groups: int = TOP_GROUPS,
    level: float = LEVEL,
) -> Any:
    """Draw shares as dots with intervals, a panel for each frame.

    Parameters
    ----------
    shares : DataFrame
        Shares by `by`, as `framing.estimate_prevalence` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str or sequence of str, default "outlet"
        Columns that make the groups: those that the table was made with.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    top_groups : int, default 30
        Number of groups that are drawn, those with most passages.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column, or has several rows for a group and frame.

    See Also
    --------
    framing.estimate_prevalence : Makes the table.
    corrected_shares : The same with the shares of the classifier's decisions beside them.
    """
    rows, order, group, drawn = _name_rows(shares, names, by, top_groups)
    base, shape, n_groups = group_rows(rows, group, groups)
    panel = alt.layer(*draw_intervals(base.encode(**tip_channels()), _share_axis(rows), shape=shape))
    panels = facet_panels(panel.properties(width=fit_panels(3), height=max(40, 15 * n_groups)), "frame", order)
    return finish_chart(
        panels.resolve_scale(x="shared"),
        phrase("Share of documents with each frame, by {by}", by=retell(group))
        if counts_documents(rows)
        else phrase("Share of passages with each frame, by {by}", by=retell(group)),
        subtitle_lines(
            phrase(
                "Dot: share. Thin line: {level:.0%} interval, each alone (documents resampled); none for a "
                "single document.",
                level=level,
            ),
            drawn,
        ),
    )


def corrected_shares(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str | Sequence[str] = "outlet",
    groups: Iterable[str] = (),
    top_groups: int = TOP_GROUPS,
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
    by : str or sequence of str, default "outlet"
        Columns that make the groups: those that the table was made with.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    top_groups : int, default 30
        Number of groups that are drawn, those with most passages.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column, or has several rows for a group and frame.

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
        return share_intervals(shares, names, by=by, groups=groups, top_groups=top_groups, level=level)
    rows, order, group, drawn = _name_rows(shares, names, by, top_groups)
    uncorrected = rows["estimate"].isna()
    rows["raw_tip"] = [
        phrase(
            "{mark}: the classifier marks {raw}, errors included",
            mark=tip.partition(":")[0],
            raw=write_estimate(raw, low, high, ".1%"),
        )
        for tip, raw, low, high in zip(rows[TIP], rows["raw"], rows["raw_low"], rows["raw_high"], strict=True)
    ]
    for end in ("low", "high"):
        rows[f"uncorrected_{end}"] = rows[f"raw_{end}"].where(uncorrected)
        rows[f"raw_{end}"] = rows[f"raw_{end}"].mask(uncorrected)
    base, shape, n_groups = group_rows(rows, group, groups)
    x, up, down = _share_axis(rows), -4, 3  # the raw share stands a little above the corrected one
    hollow = {"size": 34, "fill": "#ffffff", "strokeWidth": 1.4, "opacity": 1}
    raw = base.encode(tooltip="raw_tip:N", description="raw_tip:N")
    base = base.encode(**tip_channels())
    dashed = raw.mark_rule(strokeWidth=1, strokeDash=[3, 2], yOffset=up, y2Offset=up)
    panel = alt.layer(
        base.mark_rule(strokeWidth=SINGLE, yOffset=down, y2Offset=down).encode(x=x, x2="high:Q"),
        raw.mark_rule(strokeWidth=1, opacity=0.5, yOffset=up, y2Offset=up).encode(x="raw_low:Q", x2="raw_high:Q"),
        dashed.encode(x="uncorrected_low:Q", x2="uncorrected_high:Q"),
        raw.mark_point(yOffset=up, **hollow).encode(x="raw:Q", shape=shape),
        base.mark_point(filled=True, size=48, opacity=1, yOffset=down).encode(x="estimate:Q", shape=shape),
    )
    panels = facet_panels(panel.properties(width=fit_panels(3), height=max(40, 20 * n_groups)), "frame", order)
    n_gold = int(rows.loc[~uncorrected].drop_duplicates(group)["n_gold"].sum())
    few_labels = rows[uncorrected].drop_duplicates(group)
    return finish_chart(
        panels.resolve_scale(x="shared"),
        phrase("Share of documents with each frame, by {by}: raw and corrected", by=retell(group))
        if counts_documents(rows)
        else phrase("Share of passages with each frame, by {by}: raw and corrected", by=retell(group)),
        subtitle_lines(
            phrase(
                "Solid: corrected with {n_gold:,} labelled passages; thin line: its {level:.0%} interval, "
                "each alone, classifier error included. Hollow: share of the classifier’s decisions; pale "
                "line: its {level:.0%} interval, each alone, classifier error not included.",
                n_gold=n_gold,
                level=level,
            ),
            list_names(
                phrase("Raw only (hollow, dashed line), as too few passages are labelled:"),
                [f"{shorten(name, 40)} ({n})" for name, n in zip(few_labels[group], few_labels["n_gold"], strict=True)],
            ),
            drawn,
        ),
    )


def _name_rows(
    shares: pd.DataFrame, names: Mapping[str, str], by: str | Sequence[str], top_groups: int
) -> tuple[pd.DataFrame, list[str], str, str]:
    """Rows with readable names of frames, one a group and frame; their order; the column of groups; who is drawn."""
    table, group = join_groups(shares, by, SHARES, what="shares")
    doubled = table[table.duplicated([group, "frame"])]
    if len(doubled):
        raise InputError(
            f"shares have several rows for the {group} {doubled[group].iloc[0]!r} and the frame "
            f"{doubled['frame'].iloc[0]!r}; a chart shows one. Name in `by` every column that the shares were "
            "estimated by, or draw one part of them."
        )
    rows, drawn = pick_groups(table.dropna(subset=[group]), group, top_groups)
    return *name_frames(add_tips(rows, names, (group, "frame")), names), group, drawn


def _write_share(share: float) -> str:
    """A share as text; a dash where there is none."""
    if pd.isna(share):
        return "–"
    return localise_number("<1%" if 0 < share < 0.005 else f"{share:.0%}")


def _write_interval(share: float, low: float, high: float) -> str:
    """An interval as text; empty where there is no share either."""
    if pd.isna(low):
        return phrase("no interval") if pd.notna(share) else ""
    return phrase_in("cell", "{low} to {high}", low=_write_share(low), high=_write_share(high))


def _name_share(rows: pd.DataFrame) -> str:
    return phrase("share of documents") if counts_documents(rows) else phrase("share of passages")


def _share_axis(rows: pd.DataFrame) -> alt.X:
    axis = alt.Axis(format=".0%", tickCount=3)
    return alt.X("low:Q", title=_name_share(rows), axis=axis, scale=alt.Scale(domainMin=0))
