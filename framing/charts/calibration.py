"""Charts of calibration and abstention."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from framing.charts.labels import subtitle_lines
from framing.charts.style import COLOURS, SINGLE, WIDTH, finish_chart, require_rows
from framing.charts.tips import TIP, tip_channels, write_estimate
from framing.defaults import LEVEL
from framing.tables import require_columns
from framing.texts import phrase
from framing.validation.intervals import EXACT

__all__ = ["reliability_curve", "risk_coverage_curve"]

_AXIS = 56  # room for the axis at the left
_TICKS = (0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1)


def reliability_curve(bins: pd.DataFrame, *, level: float = LEVEL) -> Any:
    """Draw the share of labels against the mean score of each bin, with Wilson intervals and the diagonal.

    Parameters
    ----------
    bins : DataFrame
        Bins of scores, the `bins` of `framing.open_validity`.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

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
    framing.open_validity : Makes the table.
    """
    require_columns(bins, ("mean_score", "share", "low", "high", "n"), what="the bins of scores")
    require_rows(bins, "calibration", "bins")
    note = phrase(" (square-root scale)")
    root = alt.Scale(type="sqrt", domain=[0, 1])
    x = alt.X(
        "mean_score:Q",
        title=phrase("mean score in the bin{note}", note=note),
        scale=root,
        axis=alt.Axis(values=list(_TICKS), format=".2~f"),
    )
    y = alt.Y(
        "low:Q",
        title=phrase("share that coders marked{note}", note=note),
        scale=root,
        axis=alt.Axis(values=list(_TICKS), format="~%"),
    )
    diagonal = pd.DataFrame({"mean_score": [0.0, 1.0], "low": [0.0, 1.0]})
    told = [
        phrase(
            "mean score {score:.3f}: coders marked {share}; {n:,} scores",
            score=score,
            share=write_estimate(share, low, high, ".1%"),
            n=n,
        )
        for score, share, low, high, n in bins[["mean_score", "share", "low", "high", "n"]].itertuples(index=False)
    ]
    base = alt.Chart(bins.assign(**{TIP: told})).encode(**tip_channels())
    chart = alt.layer(
        alt.Chart(diagonal).mark_line(color="#666666", strokeDash=[4, 3], strokeWidth=1, aria=False).encode(x=x, y=y),
        base.mark_rule(color=COLOURS[0], strokeWidth=SINGLE).encode(x=x, y=y, y2="high:Q"),
        base.mark_point(filled=True, size=60, opacity=1, color=COLOURS[0]).encode(x=x, y="share:Q"),
    )
    return finish_chart(
        chart.properties(width=WIDTH - _AXIS, height=400),
        phrase("Do scores mean what they say?"),
        subtitle_lines(
            phrase(
                "{n_scores:,} scores in {n_bins} bins of like size. Dot: share of labels. Thin line: "
                "{level:.0%} Wilson interval, too narrow where passages of a document are alike. Dashes: "
                "perfect calibration; a dot below them: scores too high.",
                n_scores=int(bins["n"].sum()),
                n_bins=len(bins),
                level=level,
            ),
        ),
    )


def risk_coverage_curve(risk_coverage: pd.DataFrame, *, level: float = LEVEL) -> Any:
    """Draw the share of wrong decisions against the share decided, the surest first, with intervals as a band.

    Parameters
    ----------
    risk_coverage : DataFrame
        Risk at each coverage, the `risk_coverage` of `framing.open_validity`.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

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
    framing.open_validity : Makes the table.

    Notes
    -----
    Exact intervals, of rows in which no draw differs, are far wider than the band beside them and are left to the
    table.
    """
    require_columns(risk_coverage, ("coverage", "risk", "low", "high", "n", "method"), what="risk and coverage")
    require_rows(risk_coverage, "risk at each coverage", "risk_coverage")
    ink, axis = COLOURS[0], alt.Axis(format="~%", tickCount=6)
    title = phrase("share of decisions made, the surest first")
    x = alt.X("coverage:Q", title=title, axis=axis, scale=alt.Scale(domain=[0, 1]))
    band = risk_coverage[risk_coverage["method"] != EXACT]
    top = max(0.02, float(band["high"].max()), float(risk_coverage["risk"].max()))
    scale = alt.Scale(domain=[0, min(1, 1.05 * top)])
    low, risk = (
        alt.Y(f"{field}:Q", title=phrase("share of them that is wrong"), axis=axis, scale=scale)
        for field in ("low", "risk")
    )
    told = [
        phrase(
            "{share:.0%} decided: {risk} of them wrong; {n:,} decisions",
            share=share,
            risk=write_estimate(risk, low, high, ".1%"),
            n=n,
        )
        for share, risk, low, high, n in risk_coverage[["coverage", "risk", "low", "high", "n"]].itertuples(index=False)
    ]
    base = alt.Chart(risk_coverage.assign(**{TIP: told}))
    chart = alt.layer(
        alt.Chart(band).mark_area(opacity=0.22, color=ink, aria=False).encode(x=x, y=low, y2="high:Q"),
        base.mark_line(strokeWidth=1.6, color=ink, aria=False).encode(x=x, y=risk),
        base.mark_point(filled=True, size=26, opacity=1, color=ink).encode(x=x, y=risk, **tip_channels()),
    )
    n_decisions = int(risk_coverage["n"].max())
    return finish_chart(
        chart.properties(width=WIDTH - _AXIS, height=280),
        phrase("What abstaining would buy"),
        subtitle_lines(
            phrase(
                "Errors among the surest decisions, of {n_decisions:,} in all. Surest: farthest from the "
                "threshold, or, with one frame a passage, of the highest score. {band}",
                n_decisions=n_decisions,
                band=_describe_band(risk_coverage, level),
            ),
        ),
    )


def _describe_band(risk_coverage: pd.DataFrame, level: float) -> str:
    """What the band shows, or why there is none."""
    exact = risk_coverage["method"] == EXACT
    if exact.all():
        return phrase("No band: no draw differs; the table has the exact intervals.")
    if risk_coverage.loc[~exact, "low"].isna().all():
        return phrase("No band: a single document.")
    note = phrase("Band: {level:.0%} interval (documents resampled).", level=level)
    return (
        phrase("{note} None where no draw differs: the table has the exact intervals.", note=note)
        if exact.any()
        else note
    )
