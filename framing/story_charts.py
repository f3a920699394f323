"""Figures of stories: which outlets cover which, how much and when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import altair as alt
import pandas as pd

from framing.chart_style import finish, label_of, scales, shorten
from framing.errors import InputError
from framing.story_coverage import COVERAGE
from framing.tables import require_columns

__all__ = ["story_coverage"]

_ROW = 13  # points of height of a group within a story
_LABEL = 62  # characters


def story_coverage(coverage: pd.DataFrame, *, by: str = "outlet", groups: Iterable[str] = (), top: int = 12) -> Any:
    """For each story a line a group, from its first to its last document, with points as large as their number.

    `coverage` is as `count_coverage` returned it; of its stories the `top` with most documents are drawn, in order of
    their first day. A group without a line has nothing on the story. `groups`: all those of the report, so that
    colours stay where this table lacks some.
    """
    require_columns(coverage, (by, *COVERAGE), what="coverage of stories")
    dated = coverage[coverage["first"].notna()]
    if dated.empty:
        raise InputError("There is no dated story of several groups to draw.")
    order = list(dated.groupby("story_id")["n_documents"].sum().sort_values(ascending=False, kind="stable").index[:top])
    shown = dated[dated["story_id"].isin(order)].copy()
    starts = shown.groupby("story_id")["first"].min()
    order = sorted(order, key=lambda story: (starts[story], story))
    here = sorted(coverage[by].unique())
    shown["place"] = [f"{here.index(name):03d}" for name in shown[by]]
    places = [f"{number:03d}" for number in range(len(here))]
    colour, shape = scales(here, groups, by)
    labels = {
        story: shorten(label, _LABEL) for story, label in zip(shown["story_id"], shown["story_label"], strict=True)
    }
    height = max(26, _ROW * len(here) // 2)
    x = alt.X(
        "first:T", title=None,
        axis=alt.Axis(format="%d %b", labelAngle=0, labelOverlap=True, tickCount=8, grid=True),
    )  # fmt: skip
    base = alt.Chart(shown).encode(
        y=alt.Y("place:N", title=None, axis=None, sort=places, scale=alt.Scale(domain=places)), color=colour
    )
    size = alt.Size(
        "n_documents:Q", title="Documents", scale=alt.Scale(range=[28, 260]),
        legend=alt.Legend(orient="top", tickCount=3, format="d", symbolFillColor="#777777", symbolStrokeWidth=0),
    )  # fmt: skip
    panel = alt.layer(
        base.mark_rule(strokeWidth=2).encode(x=x, x2="last:T"),
        base.mark_point(filled=True, opacity=1).encode(x=x, shape=shape, size=size),
    ).properties(width=420, height=height)
    header = alt.Header(
        title=None, labelLimit=0, labelAngle=0, labelAlign="left", labelAnchor="middle", labelOrient="right",
        labelExpr=label_of(labels), labelFontWeight="normal",
    )  # fmt: skip
    chart = panel.facet(row=alt.Row("story_id:N", sort=order, header=header), spacing=6)
    return finish(
        chart,
        f"Which {by}s cover which story, and when",
        [
            f"Line: from the first to the last document of the {by}; point: their number, on the first day.",
            f"No line: nothing in this corpus. The {len(order)} stories with most documents, by their first day.",
        ],
    )
