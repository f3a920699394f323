"""Figures of stories: which outlets cover which, how much and when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.dates import date_format
from framing.charts.groups import GROUP, TOP_GROUPS, group_scales, name_groups, pick_groups
from framing.charts.labels import shorten
from framing.charts.style import facet_panels, finish_chart, fit_panels, order_scale
from framing.charts.tips import TIP, tip_channels
from framing.errors import TooLittleDataError
from framing.tables import COVERAGE, groups_in_words, require_columns
from framing.texts import phrase, phrase_n, retell

__all__ = ["story_coverage"]

_ROW = 11  # points of height of a group within a story
_LABEL = 44  # characters
_DAY = re.compile(r" \(\d{1,2} \w{3} \d{4}\)$")  # at the end of a label; the axis shows it


def story_coverage(
    coverage: pd.DataFrame,
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    top: int = 12,
    top_groups: int = TOP_GROUPS,
) -> Any:
    """Draw when each group covers each story, and with how many documents.

    Parameters
    ----------
    coverage : DataFrame
        Documents of each group in each story, as `framing.count_coverage` returns them.
    by : str, default "outlet"
        Column of the groups.
    groups : iterable of str, default ()
        All groups of the report, so that a group keeps its colour in a table that lacks others.
    top : int, default 12
        Number of stories, those with most documents; they come in the order of their first day.
    top_groups : int, default 30
        Number of groups that are drawn, those with most documents on these stories.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no story with a date.

    See Also
    --------
    framing.count_coverage : Makes the table.

    Notes
    -----
    A line reaches from a group's first document to its last; a point on the first day is as large as their number. A
    group without a line has no document on the story.
    """
    require_columns(coverage, (by, *COVERAGE), what="coverage of stories")
    dated = coverage[coverage["first"].notna()]
    if dated.empty:
        raise TooLittleDataError(
            phrase(
                "There is no dated story of several {by} to draw; name the column of dates in corpus.yaml.",
                by=retell(groups_in_words(by)),
            )
        )
    n_documents = dated.groupby("story_id")["n_documents"].sum().sort_values(ascending=False, kind="stable")
    rows = dated[dated["story_id"].isin(n_documents.index[:top])].copy()
    first_days = rows.groupby("story_id")["first"].min()
    order = sorted(first_days.index, key=lambda story: (first_days[story], story))
    rows, drawn = pick_groups(rows, by, top_groups, weight="n_documents")
    group_names = sorted(rows[by].unique() if drawn else coverage[by].unique())
    places = {name: f"{number:03d}" for number, name in enumerate(group_names)}
    rows["place"] = rows[by].map(places)
    rows = name_groups(rows, by)
    rows[TIP] = [
        phrase_n(
            "{group}, {story}: {n:,} document, {first} to {last}",
            "{group}, {story}: {n:,} documents, {first} to {last}",
            n,
            group=group,
            story=_DAY.sub("", label),
            first=first,
            last=last,
        )
        for group, label, n, first, last in rows[[GROUP, "story_label", "n_documents", "first", "last"]].itertuples(
            index=False
        )
    ]
    titles = rows[["story_id", "story_label"]].drop_duplicates()
    labels = {story: shorten(_DAY.sub("", label), _LABEL) for story, label in titles.itertuples(index=False)}
    panel = _draw_coverage(rows, list(places.values()), group_scales(group_names, groups, by))
    return finish_chart(
        facet_panels(panel, "story_id", order, labels, columns=2),
        phrase("Which {by} cover which story, and when", by=retell(groups_in_words(by))),
        [
            phrase(
                "Line: from the first to the last document of the {by}; point: their number, on the first day.",
                by=retell(by),
            ),
            phrase(
                "No line: nothing in this corpus. The {n_order} stories with most documents, by their first day.",
                n_order=len(order),
            ),
            *([drawn] if drawn else []),
        ],
    )


def _draw_coverage(rows: pd.DataFrame, places: list[str], scales: tuple[alt.Color, alt.Shape]) -> Any:
    """A line for each group at its place, from its first document to its last, and a point as large as their number."""
    colour, shape = scales
    largest = int(rows["n_documents"].max())
    form = date_format(sorted({rows["first"].min(), rows["last"].max()}))
    y = alt.Y("place:N", title=None, axis=None, scale=order_scale(places))
    x = alt.X(
        "first:T",
        title=None,
        axis=alt.Axis(format=form, labelAngle=0, labelOverlap=True, tickCount=5, grid=True),
    )
    legend = alt.Legend(
        orient="top", values=sorted({1, largest}), format="d", symbolFillColor="#777777", symbolStrokeWidth=0
    )
    size = alt.Size(
        "n_documents:Q",
        title=phrase("Documents"),
        scale=alt.Scale(domain=[1, max(2, largest)], range=[40, 140]),
        legend=legend,
    )
    base = alt.Chart(rows).encode(y=y, color=colour, **tip_channels())
    return alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=x, x2="last:T"),
        base.mark_point(filled=True, opacity=1).encode(x=x, shape=shape, size=size),
    ).properties(width=fit_panels(2), height=max(30, _ROW * len(places)))
