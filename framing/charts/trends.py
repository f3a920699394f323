"""Charts of shares over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.dates import time_axis
from framing.charts.event_marks import add_marks
from framing.charts.groups import GROUP, group_scales, name_groups, pick_groups
from framing.charts.labels import label_lines, name_frames, subtitle_lines
from framing.charts.style import (
    COLOURS,
    SINGLE,
    facet_panels,
    finish_chart,
    fit_panels,
    number_places,
    panel_header,
    sort_by,
)
from framing.charts.tips import add_tips, counts_documents, tip_channels
from framing.charts.verdicts import describe_clear
from framing.defaults import LEVEL
from framing.tables import SHARES, require_columns
from framing.texts import phrase, retell

__all__ = ["frame_trends", "share_trends"]

_TOP_COLUMNS = 12  # groups beside each other
_LEAST_WIDTH = 72  # of a panel: more than six groups make a chart wider than others
_ROW_LABELS = 170  # room for the names of frames and the axis


def share_trends(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    period: str = "week",
    marks: pd.DataFrame | None = None,
    frames: Sequence[str] = (),
    top_groups: int = _TOP_COLUMNS,
    level: float = LEVEL,
) -> Any:
    """Draw shares over time, a row for each frame and a column for each group, with intervals and events.

    Parameters
    ----------
    shares : DataFrame
        Shares by `(by, "period")`, as `framing.estimate_prevalence` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str, default "outlet"
        Column of the groups.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    period : {"week", "day", "month"}, default "week"
        Length of the periods in the table.
    marks : DataFrame, optional
        Events, column `date`; each is drawn as a dashed line.
    frames : sequence of str, default ()
        Ids of the frames to draw, in this order; none: all.
    top_groups : int, default 12
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
        If the table lacks a column.

    See Also
    --------
    framing.estimate_prevalence : Makes the table.
    frame_trends : All groups together.
    """
    require_columns(shares, (by, "period", *SHARES), what="shares over time")
    rows, drawn = pick_groups(shares, by, top_groups)
    rows = add_tips(rows, names, (by, "frame", "period"))
    rows, order = name_frames(rows, {key: names[key] for key in (frames or names)})
    group_names = sorted(rows[by].unique())
    colour = group_scales(group_names, groups, by)[0].legend(None)
    x = alt.X("period:T", title=None, axis=time_axis(rows["period"], 5))
    y = alt.Y(
        "estimate:Q",
        title=None,
        axis=alt.Axis(format=".0%", tickCount=3),
        scale=alt.Scale(domain=[0, 1], clamp=True),
    )
    layers = [
        alt.Chart()
        .mark_rule(strokeWidth=SINGLE, opacity=0.6)
        .encode(x=x, y="low:Q", y2="high:Q", color=colour, **tip_channels()),
        alt.Chart().mark_line(strokeWidth=1.2, aria=False).encode(x=x, y=y, color=colour),
        alt.Chart().mark_point(filled=True, size=26, opacity=1).encode(x=x, y=y, color=colour, **tip_channels()),
    ]
    width = max(_LEAST_WIDTH, min(190, fit_panels(max(1, len(group_names)), labels=_ROW_LABELS)))
    data, layers, note = add_marks(name_groups(rows, by), layers, marks, panels=["frame", GROUP])
    data = data.assign(row=number_places(data["frame"], order), column=number_places(data[GROUP], group_names))
    row_header = panel_header(label_lines(order, 20), labelAngle=0, labelAlign="left")
    column_header = panel_header(label_lines(group_names, width // 7))
    chart = (
        alt.layer(*layers, data=data)
        .properties(width=width, height=70)
        .facet(
            row=alt.Row("frame:N", sort=sort_by("row"), header=row_header),
            column=alt.Column(f"{GROUP}:N", sort=sort_by("column"), header=column_header),
            spacing=10,
        )
    )
    return finish_chart(
        chart,
        phrase("Shares per {period}", period=retell(period)),
        subtitle_lines(
            phrase(
                "Point: share of passages. Thin line: {level:.0%} interval, each alone; none for a single "
                "document.{note}",
                level=level,
                note=note,
            ),
            drawn,
        ),
    )


def frame_trends(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    period: str = "week",
    marks: pd.DataFrame | None = None,
    changes: pd.DataFrame | None = None,
    level: float = LEVEL,
) -> Any:
    """Draw the share of each frame over time in all groups together, a panel for each frame, with intervals.

    Parameters
    ----------
    shares : DataFrame
        Shares by `("period",)`, as `framing.estimate_prevalence` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    period : {"week", "day", "month"}, default "week"
        Length of the periods in the table.
    marks : DataFrame, optional
        Events, column `date`; each is drawn as a dashed line.
    changes : DataFrame, optional
        Changes, as `framing.find_changes` returns them; those that differ are drawn.
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
    framing.find_changes : Makes the table of changes.
    """
    require_columns(shares, ("period", *SHARES), what="shares over time")
    rows, order = name_frames(add_tips(shares, names, ("frame", "period")), names)
    x = alt.X("period:T", title=None, axis=time_axis(rows["period"], 6))
    y = alt.Y("low:Q", title=None, axis=alt.Axis(format=".0%", tickCount=3), scale=alt.Scale(domainMin=0))
    ink = COLOURS[0]
    layers = [
        alt.Chart().mark_area(opacity=0.22, color=ink, aria=False).encode(x=x, y=y, y2="high:Q"),
        alt.Chart().mark_line(strokeWidth=1.5, color=ink, aria=False).encode(x=x, y="estimate:Q"),
        alt.Chart()
        .mark_point(filled=True, size=22, opacity=1, color=ink)
        .encode(x=x, y="estimate:Q", **tip_channels()),
    ]
    data, layers, note = add_marks(rows, layers, marks, panels=["frame"])
    if changes is not None:
        differing = name_frames(changes[changes["differs"].astype(bool)], names)[0][["frame", "change"]]
        data = pd.concat([data, differing], ignore_index=True)
        rule = alt.Chart().mark_rule(color=COLOURS[1], strokeWidth=2, opacity=0.8, aria=False)
        layers.append(rule.encode(x=alt.X("change:T", title=None)))
        note += phrase(" Vertical line: from here on the share is another than before (tested jointly).")
    panel = alt.layer(*layers, data=data).properties(width=fit_panels(3, labels=42), height=80)
    return finish_chart(
        facet_panels(panel, "frame", order),
        phrase("Share of documents with each frame, per {period}", period=retell(period))
        if counts_documents(rows)
        else phrase("Share of passages with each frame, per {period}", period=retell(period)),
        subtitle_lines(
            phrase(
                "Line: share in all outlets together. Band: {level:.0%} interval, each alone.{note}",
                level=level,
                note=note,
            )
        ),
        verdict=""
        if changes is None or changes.empty
        else describe_clear(changes, phrase("break found"), phrase("breaks found")),
    )
