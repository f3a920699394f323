"""Every figure: a tidy table in, an Altair chart out. Intervals drawn, one colour an outlet throughout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.style import (
    COLOURS,
    INK,
    MOST_PERIODS,
    WIDTH,
    error_note,
    finish,
    label_of,
    name_axis,
    name_axis_above,
    pairs_in_points,
    panel_header,
    scales,
    time_axis,
    with_marks,
    with_names,
)
from framing.corpus.periods import find_period
from framing.defaults import LEVEL
from framing.errors import InputError
from framing.tables import CONTRASTS, SHARES, require_columns

__all__ = ["documents_over_time", "frame_trends", "score_spread", "share_differences", "share_heatmap", "share_trends"]


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
    groups, periods, blank = sorted(table[by].unique()), table["period"].drop_duplicates().sort_values(), ""
    if len(periods):
        every = pd.date_range(periods.min(), periods.max(), freq=find_period(period).step).to_series()
        if len(every) <= MOST_PERIODS:
            periods, blank = every, f" A blank is a {period} with none."
    form = "%b %Y" if period == "month" else "%d %b %y"
    order = [moment.strftime(form) for moment in periods]
    title = "day" if period == "day" else f"{period} (first day)"
    chart = alt.Chart(table.assign(period=table["period"].dt.strftime(form))).mark_rect(
        stroke="#ffffff", strokeWidth=1 if len(order) <= 100 else 0
    ).encode(
        x=alt.X("period:O", sort=order, scale=alt.Scale(domain=order), title=title,
                axis=alt.Axis(labelAngle=-60, labelOverlap=True)),
        y=alt.Y(f"{by}:N", title=None, sort=groups, axis=name_axis(groups)),
        color=alt.Color("n_documents:Q", title="documents", scale=alt.Scale(scheme="blues", domainMin=0),
                        legend=alt.Legend(orient="top", gradientLength=180, tickMinStep=1)),
    ).properties(width=WIDTH, height=max(60, 30 * len(groups)))  # fmt: skip
    return finish(
        chart,
        f"What was read: documents per {by} and {period}",
        f"{int(table['n_documents'].sum()):,} dated documents.{blank} Exact counts, so no intervals.",
    )


def share_heatmap(shares: pd.DataFrame, names: Mapping[str, str], *, by: str = "outlet", level: float = LEVEL) -> Any:
    """Draw the share of each frame in each group as colour, with the share and its interval as text.

    Parameters
    ----------
    shares : DataFrame
        Shares by `by`, as `framing.estimate_prevalence` returns them.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    by : str, default "outlet"
        Column of the groups.
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
    share_intervals : The same table as dots with intervals.
    """
    require_columns(shares, (by, *SHARES), what="shares")
    shown, order = with_names(shares, names)
    groups = sorted(shown[by].unique())
    shown["share"] = shown["estimate"].map(_per_cent)
    shown["interval"] = [
        f"{_per_cent(low)} to {_per_cent(high)}" if pd.notna(low) else ("no interval" if pd.notna(share) else "")
        for share, low, high in zip(shown["estimate"], shown["low"], shown["high"], strict=True)
    ]
    corrected = " Corrected with labelled passages; –: too few of them." if (shown["n_gold"] > 0).any() else ""
    top = max(0.05, float(shown["estimate"].max()))
    base = alt.Chart(shown).encode(
        x=alt.X(f"{by}:N", title=None, sort=groups, axis=name_axis_above(groups, 15)),
        y=alt.Y("frame:N", title=None, sort=order, axis=name_axis(order)),
    )
    ink = alt.condition(f"datum.estimate > {0.67 * top}", alt.value("white"), alt.value(INK))
    chart = alt.layer(
        base.mark_rect(stroke="#ffffff").encode(
            color=alt.Color("estimate:Q", title="share of passages",
                            scale=alt.Scale(scheme="blues", domain=[0, top]),
                            legend=alt.Legend(format=".0%", orient="bottom", gradientLength=220)),
        ),
        base.mark_text(fontSize=12, dy=-5).encode(text="share:N", color=ink),
        base.mark_text(fontSize=9.5, dy=8).encode(text="interval:N", color=ink),
    ).properties(width=max(320, 92 * len(groups)), height=max(80, 36 * len(order)))  # fmt: skip
    return finish(
        chart,
        f"How often each {by} uses each frame",
        f"Share of passages; below it the {level:.0%} interval.{corrected}",
    )


def _per_cent(share: float) -> str:
    if pd.isna(share):
        return "–"
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


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
        raise InputError("There are no contrasts to draw.")
    shown, order, labels = pairs_in_points(contrasts.head(top), names)
    shown["verdict"] = shown["differs"].map({True: "clear of noise", False: "within noise"})
    base = alt.Chart(shown).encode(
        y=alt.Y("pair:N", title=None, sort=order, axis=alt.Axis(labelLimit=0, labelExpr=label_of(labels))),
        color=alt.Color(
            "verdict:N", title=None, legend=alt.Legend(orient="top"),
            scale=alt.Scale(domain=["clear of noise", "within noise"], range=[COLOURS[0], "#999999"]),
        ),
    )  # fmt: skip
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color="#666666", strokeDash=[4, 3])
    title = "difference in share (percentage points)"
    chart = alt.layer(
        zero.encode(x=alt.X("zero:Q", title=title)),
        base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=title), x2="high:Q"),
        base.mark_point(filled=True, size=60, opacity=1).encode(x="estimate:Q"),
    ).properties(width=380, height=22 * len(order))
    return finish(
        chart,
        "The clearest differences",
        [
            f"First minus second; {level:.0%} intervals hold jointly for all {len(contrasts):,} comparisons."
            + ("" if contrasts["differs"].any() else " None is clear of noise."),
            error_note(contrasts),
        ],
    )


def share_trends(
    shares: pd.DataFrame,
    names: Mapping[str, str],
    *,
    by: str = "outlet",
    groups: Iterable[str] = (),
    period: str = "week",
    marks: pd.DataFrame | None = None,
    frames: Sequence[str] = (),
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
    shown, order = with_names(shares, {key: names[key] for key in (frames or names)})
    here = sorted(shown[by].unique())
    colour = scales(here, groups, by)[0].legend(None)
    x = alt.X("period:T", title=None, axis=time_axis(shown["period"], 5))
    y = alt.Y("estimate:Q", title=None, axis=alt.Axis(format=".0%", tickCount=3),
              scale=alt.Scale(domain=[0, 1], clamp=True))  # fmt: skip
    layers = [
        alt.Chart().mark_rule(strokeWidth=1.6, opacity=0.5).encode(x=x, y="low:Q", y2="high:Q", color=colour),
        alt.Chart().mark_line(strokeWidth=1.2).encode(x=x, y=y, color=colour),
        alt.Chart().mark_point(filled=True, size=26, opacity=1).encode(x=x, y=y, color=colour),
    ]
    width = max(105, min(190, int(WIDTH / max(1, len(here)))))
    data, layers, note = with_marks(shown, layers, marks, panels=["frame", by])
    row = panel_header(order, 20, labelAngle=0, labelAlign="left")
    column = panel_header(here, width // 8)
    chart = alt.layer(*layers, data=data).properties(width=width, height=70).facet(
        row=alt.Row("frame:N", sort=order, header=row),
        column=alt.Column(f"{by}:N", sort=here, header=column),
        spacing=10,
    )  # fmt: skip
    return finish(
        chart,
        f"Shares per {period}",
        f"Point: share of passages. Line: {level:.0%} interval; none for a single document.{note}",
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
    shown, order = with_names(shares, names)
    x = alt.X("period:T", title=None, axis=time_axis(shown["period"], 6))
    y = alt.Y("low:Q", title=None, axis=alt.Axis(format=".0%", tickCount=3), scale=alt.Scale(domainMin=0))
    ink = COLOURS[0]
    layers = [
        alt.Chart().mark_area(opacity=0.22, color=ink).encode(x=x, y=y, y2="high:Q"),
        alt.Chart().mark_line(strokeWidth=1.5, color=ink).encode(x=x, y="estimate:Q"),
        alt.Chart().mark_point(filled=True, size=22, opacity=1, color=ink).encode(x=x, y="estimate:Q"),
    ]
    data, layers, note = with_marks(shown, layers, marks, panels=["frame"])
    if changes is not None:
        clear = with_names(changes[changes["differs"].astype(bool)], names)[0][["frame", "change"]]
        data = pd.concat([data, clear], ignore_index=True)
        rule = alt.Chart().mark_rule(color=COLOURS[1], strokeWidth=2, opacity=0.8)
        layers.append(rule.encode(x=alt.X("change:T", title=None)))
        note += " Coloured line: from here on the share is another than before (tested)."
    header = panel_header(order, 34, labelAnchor="start")
    chart = alt.layer(*layers, data=data).properties(width=200, height=80).facet(
        facet=alt.Facet("frame:N", sort=order, header=header), columns=3
    )  # fmt: skip
    return finish(
        chart,
        f"Share of passages with each frame, per {period}",
        f"Line: share in all outlets together. Band: {level:.0%} interval.{note}",
    )


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
    shown, order = with_names(classified[["frame", "score"]], names)
    cut = (shown["score"].clip(0, 0.999) * 20).astype(int) / 20
    shown["score"] = cut + 0.025
    counted = shown.groupby(["frame", "score"]).size().reset_index(name="n_passages")
    rule = "the highest decides" if pd.isna(threshold) else f"decided present from {threshold:.2f}"
    title = f"score ({rule})"
    chart = alt.Chart(counted).mark_rect().encode(
        x=alt.X("score:Q", bin=alt.Bin(step=0.05, extent=[0, 1]), title=title),
        y=alt.Y("frame:N", sort=order, title=None, axis=name_axis(order)),
        color=alt.Color("n_passages:Q", title="passages (log scale)",
                        scale=alt.Scale(scheme="blues", type="log"),
                        legend=alt.Legend(orient="top", gradientLength=180)),
    )  # fmt: skip
    if pd.notna(threshold):
        line = alt.Chart(pd.DataFrame({"threshold": [threshold]})).mark_rule(color=INK, strokeDash=[4, 3])
        chart = alt.layer(chart, line.encode(x=alt.X("threshold:Q", title=title)))
    return finish(
        chart.properties(width=520, height=22 * len(order)),
        "How sure the classifier was",
        "Passages by score, per frame. Exact counts, so no intervals.",
    )
