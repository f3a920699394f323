"""Charts of exact counts: documents that were read, and scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.labels import MAX_PERIODS, name_axis, name_frames
from framing.charts.style import INK, WIDTH, finish_chart
from framing.corpus.periods import find_period
from framing.tables import require_columns

__all__ = ["documents_over_time", "score_spread"]


def documents_over_time(table: pd.DataFrame, *, by: str = "outlet", period: str = "week") -> Any:
    """Draw the number of documents of each group in each period.

    Parameters
    ----------
    table : DataFrame
        Columns `by, period, n_documents`.
    by : str, default "outlet"
        Column of the groups.
    period : {"week", "day", "month"}, default "week"
        Length of the periods in the table.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column.

    Notes
    -----
    Counts of the corpus are exact, so the chart has no intervals.
    """
    require_columns(table, (by, "period", "n_documents"), what="the table of documents over time")
    groups = sorted(table[by].unique())
    form = "%b %Y" if period == "month" else "%d %b %Y"
    periods, blank = _list_periods(table["period"], period)
    order = [day.strftime(form) for day in periods]
    rectangles = alt.Chart(table.assign(period=table["period"].dt.strftime(form))).mark_rect(
        stroke="#ffffff", strokeWidth=1 if len(order) <= 100 else 0
    )
    chart = rectangles.encode(
        x=alt.X(
            "period:O",
            sort=order,
            scale=alt.Scale(domain=order),
            title="day" if period == "day" else f"{period} (first day)",
            axis=alt.Axis(labelAngle=-60, labelOverlap=True),
        ),
        y=alt.Y(f"{by}:N", title=None, sort=groups, axis=name_axis(groups)),
        color=alt.Color(
            "n_documents:Q",
            title="documents",
            scale=alt.Scale(scheme="blues", domainMin=0),
            legend=alt.Legend(orient="top", gradientLength=180, tickMinStep=1),
        ),
    )
    return finish_chart(
        chart.properties(width=WIDTH, height=max(60, 30 * len(groups))),
        f"What was read: documents per {by} and {period}",
        f"{int(table['n_documents'].sum()):,} dated documents.{blank} Exact counts, so no intervals.",
    )


def _list_periods(days: pd.Series, period: str) -> tuple[pd.Series, str]:
    """All periods from the first to the last, or those with documents if that is too many; a note on blanks."""
    present = days.drop_duplicates().sort_values()
    if not len(present):
        return present, ""
    every = pd.date_range(present.min(), present.max(), freq=find_period(period).step).to_series()
    return (every, f" A blank is a {period} with none.") if len(every) <= MAX_PERIODS else (present, "")


def score_spread(classified: pd.DataFrame, names: Mapping[str, str], *, threshold: float) -> Any:
    """Draw how the scores of each frame spread: the number of passages in each twentieth, and the threshold.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `frame, score`.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    threshold : float
        Score from which a frame is present; NaN if the highest score decides.

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
    framing.classify_passages : Makes the table.

    Notes
    -----
    Counts of the corpus are exact, so the chart has no intervals.
    """
    require_columns(classified, ("frame", "score"), what="classified passages")
    rows, order = name_frames(classified[["frame", "score"]], names)
    rows["score"] = (rows["score"].clip(0, 0.999) * 20).astype(int) / 20 + 0.025  # the middle of its twentieth
    counts = rows.groupby(["frame", "score"]).size().reset_index(name="n_passages")
    rule = "the highest decides" if pd.isna(threshold) else f"decided present from {threshold:.2f}"
    title = f"score ({rule})"
    chart: Any = (
        alt.Chart(counts)
        .mark_rect()
        .encode(
            x=alt.X("score:Q", bin=alt.Bin(step=0.05, extent=[0, 1]), title=title),
            y=alt.Y("frame:N", sort=order, title=None, axis=name_axis(order)),
            color=alt.Color(
                "n_passages:Q",
                title="passages (log scale)",
                scale=alt.Scale(scheme="blues", type="log"),
                legend=alt.Legend(orient="top", gradientLength=180),
            ),
        )
    )
    if pd.notna(threshold):
        line = alt.Chart(pd.DataFrame({"threshold": [threshold]})).mark_rule(color=INK, strokeDash=[4, 3])
        chart = alt.layer(chart, line.encode(x=alt.X("threshold:Q", title=title)))
    return finish_chart(
        chart.properties(width=520, height=22 * len(order)),
        "How sure the classifier was",
        "Passages by score, per frame. Exact counts, so no intervals.",
    )
