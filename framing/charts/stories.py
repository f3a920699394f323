"""Figures of stories: which outlets cover which, how much and when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.style import finish, label_of, panel_header, scales, shorten
from framing.errors import InputError
from framing.tables import COVERAGE, require_columns

__all__ = ["story_coverage"]

_ROW = 11  # points of height of a group within a story
_LABEL = 48  # characters
_DAY = re.compile(r" \(\d{1,2} \w{3} \d{4}\)$")  # at the end of a label; the axis shows it


def story_coverage(coverage: pd.DataFrame, *, by: str = "outlet", groups: Iterable[str] = (), top: int = 12) -> Any:
    """For each story a line a group, from its first to its last document, with points as large as their number.

    `coverage` is as `count_coverage` returned it; of its stories the `top` with most documents are drawn, in order of
    their first day. A group without a line has nothing on the story. `groups`: all those of the report, so that
    colours stay where this table lacks some.
    """
    require_columns(coverage, (by, *COVERAGE), what="coverage of stories")
    dated = coverage[coverage["first"].notna()]
    if dated.empty:
        raise InputError(f"There is no dated story of several {by}s to draw.")
    order = list(dated.groupby("story_id")["n_documents"].sum().sort_values(ascending=False, kind="stable").index[:top])
    shown = dated[dated["story_id"].isin(order)].copy()
    starts = shown.groupby("story_id")["first"].min()
    order = sorted(order, key=lambda story: (starts[story], story))
    here = sorted(coverage[by].unique())
    shown["place"] = [f"{here.index(name):03d}" for name in shown[by]]
    places = [f"{number:03d}" for number in range(len(here))]
    colour, shape = scales(here, groups, by)
    pairs = shown[["story_id", "story_label"]].drop_duplicates()
    labels = {story: shorten(_DAY.sub("", label), _LABEL) for story, label in pairs.itertuples(index=False)}
    axis = alt.Axis(format="%d %b", labelAngle=0, labelOverlap=True, tickCount=5, grid=True)
    x = alt.X("first:T", title=None, axis=axis)
    base = alt.Chart(shown).encode(
        y=alt.Y("place:N", title=None, axis=None, sort=places, scale=alt.Scale(domain=places)), color=colour
    )
    most = int(shown["n_documents"].max())
    size = alt.Size(
        "n_documents:Q", title="Documents", scale=alt.Scale(domain=[1, max(2, most)], range=[40, 140]),
        legend=alt.Legend(
            orient="top", values=sorted({1, most}), format="d", symbolFillColor="#777777", symbolStrokeWidth=0
        ),
    )  # fmt: skip
    panel = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=x, x2="last:T"),
        base.mark_point(filled=True, opacity=1).encode(x=x, shape=shape, size=size),
    ).properties(width=310, height=max(30, _ROW * len(here)))
    header = panel_header([], _LABEL, labelAnchor="start")
    header.labelExpr = label_of(labels)
    chart = panel.facet(facet=alt.Facet("story_id:N", sort=order, header=header), columns=2, spacing=14)
    return finish(
        chart,
        f"Which {by}s cover which story, and when",
        [
            f"Line: from the first to the last document of the {by}; point: their number, on the first day.",
            f"No line: nothing in this corpus. The {len(order)} stories with most documents, by their first day.",
        ],
    )
