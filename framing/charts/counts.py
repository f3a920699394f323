"""Charts of exact counts: documents that were read, and scores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.dates import MAX_PERIODS
from framing.charts.groups import GROUP, TOP_GROUPS, name_groups, pick_groups
from framing.charts.labels import name_axis, name_frames, subtitle_lines
from framing.charts.style import FIELD, INK, LABELS, finish_chart, order_scale
from framing.charts.tips import KEY, TIP, tip_channels
from framing.corpus.periods import find_period
from framing.tables import require_columns
from framing.texts import phrase, phrase_later, phrase_n, retell, write_day

__all__ = ["documents_over_time", "score_spread"]

_ONLY_FILLED = {
    "day": phrase_later(" Only days with documents are drawn."),
    "week": phrase_later(" Only weeks with documents are drawn."),
    "month": phrase_later(" Only months with documents are drawn."),
}
_BLANKS = {
    "day": phrase_later(" A blank is a day with none."),
    "week": phrase_later(" A blank is a week with none."),
    "month": phrase_later(" A blank is a month with none."),
}


def documents_over_time(
    table: pd.DataFrame, *, by: str = "outlet", period: str = "week", top_groups: int = TOP_GROUPS
) -> Any:
    """Draw the number of documents of each group in each period.

    Parameters
    ----------
    table : DataFrame
        Columns `by, period, n_documents`.
    by : str, default "outlet"
        Column of the groups.
    period : {"week", "day", "month"}, default "week"
        Length of the periods in the table.
    top_groups : int, default 30
        Number of groups that are drawn, those with most documents.

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
    n_documents = int(table["n_documents"].sum())
    rows, drawn = pick_groups(table, by, top_groups, weight="n_documents")
    rows = name_groups(rows, by)
    groups = sorted(rows[GROUP].unique())
    form = "month" if period == "month" else "short"
    periods, blank = _list_periods(table["period"], period)
    order = [write_day(day, form) for day in periods]
    rows = rows.assign(period=[write_day(day, form) for day in rows["period"]])
    rows[TIP] = [
        phrase_n("{group}, {day}: {n:,} document", "{group}, {day}: {n:,} documents", n, group=group, day=day)
        for group, day, n in zip(rows[GROUP], rows["period"], rows["n_documents"], strict=True)
    ]
    rectangles = alt.Chart(rows).mark_rect(stroke="#ffffff", strokeWidth=1 if len(order) <= 100 else 0)
    chart = rectangles.encode(
        x=alt.X(
            "period:O",
            scale=order_scale(order),
            title=phrase("day") if period == "day" else phrase("{period} (first day)", period=retell(period)),
            axis=alt.Axis(labelAngle=-60, labelOverlap=True),
        ),
        y=alt.Y(
            f"{GROUP}:N", title=None, scale=order_scale(groups), axis=name_axis(groups, width=34, minExtent=LABELS)
        ),
        **tip_channels(),
        color=alt.Color(
            "n_documents:Q",
            title=phrase("documents"),
            scale=alt.Scale(scheme="blues", domainMin=0),
            legend=alt.Legend(orient="top", gradientLength=180, tickMinStep=1),
        ),
    )
    return finish_chart(
        chart.properties(width=FIELD, height=max(60, 30 * len(groups))),
        phrase("What was read: documents per {by} and {period}", by=retell(by), period=retell(period)),
        subtitle_lines(
            phrase(
                "{n_documents:,} dated documents.{blank} Exact counts, so no intervals.",
                n_documents=n_documents,
                blank=blank,
            ),
            drawn,
        ),
    )


def _list_periods(days: pd.Series, period: str) -> tuple[pd.Series, str]:
    """All periods from the first to the last, or those with documents if that is too many; a note on blanks."""
    present = days.drop_duplicates().sort_values()
    if not len(present):
        return present, ""
    step = find_period(period)
    if (present.iloc[-1] - present.iloc[0]).days > MAX_PERIODS * step.days:
        return present, phrase(_ONLY_FILLED[period])
    every = pd.date_range(present.iloc[0], present.iloc[-1], freq=step.step).to_series()
    return every, phrase(_BLANKS[period])


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
    counts[TIP] = [
        phrase_n(
            "{frame}, score of {low:.2f} to {high:.2f}: {n:,} passage",
            "{frame}, score of {low:.2f} to {high:.2f}: {n:,} passages",
            n,
            frame=frame,
            low=score - 0.025,
            high=score + 0.025,
        )
        for frame, score, n in counts.itertuples(index=False)
    ]
    ids = {name: frame for frame, name in names.items()}
    counts[KEY] = [json.dumps({"frame": ids[name]}) for name in counts["frame"]]
    rule = (
        phrase("the highest decides")
        if pd.isna(threshold)
        else phrase("decided present from {threshold:.2f}", threshold=threshold)
    )
    title = phrase("score ({rule})", rule=rule)
    chart: Any = (
        alt.Chart(counts)
        .mark_rect()
        .encode(
            x=alt.X("score:Q", bin=alt.Bin(step=0.05, extent=[0, 1]), title=title),
            y=alt.Y("frame:N", title=None, scale=order_scale(order), axis=name_axis(order, width=36, minExtent=LABELS)),
            **tip_channels(),
            color=alt.Color(
                "n_passages:Q",
                title=phrase("passages (log scale)"),
                scale=alt.Scale(scheme="blues", type="log"),
                legend=alt.Legend(orient="top", gradientLength=180),
            ),
        )
    )
    if pd.notna(threshold):
        line = alt.Chart(pd.DataFrame({"threshold": [threshold]})).mark_rule(color=INK, strokeDash=[4, 3], aria=False)
        chart = alt.layer(chart, line.encode(x=alt.X("threshold:Q", title=title)))
    return finish_chart(
        chart.properties(width=FIELD, height=22 * len(order)),
        phrase("How sure the classifier was"),
        phrase("Passages by score, per frame. Exact counts, so no intervals."),
    )
