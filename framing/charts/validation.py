"""Figures of validity: agreement with human labels, calibration, abstention, and the coders' own agreement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.style import (
    COLOURS,
    INK,
    blank_chart,
    finish,
    label_of,
    name_axis,
    scales,
    shorten,
    subtitle_lines,
    with_names,
)
from framing.defaults import LEVEL
from framing.errors import InputError
from framing.tables import ESTIMATE, require_columns
from framing.validation.intervals import EXACT

__all__ = [
    "agreement_per_frame",
    "agreement_per_group",
    "coder_alpha",
    "reliability_curve",
    "risk_coverage_curve",
]

_PER_FRAME = {
    "precision": ("Precision", "share that coders confirm"),
    "recall": ("Recall", "share of theirs found"),
    "f1": ("F1", "harmonic mean of both"),
    "average_precision": ("Average precision", "of the scores (0 to 1)"),
}
_PER_GROUP = {
    ("(macro)", "f1"): ("macro-F1", "mean over frames (0 to 1)"),
    ("(micro)", "f1"): ("micro-F1", "all decisions (0 to 1)"),
    ("(all)", "calibration_error"): ("calibration error", "share; lower is better"),
}
_ALPHA_LIMITS = (0.667, 0.8)  # Krippendorff, Content Analysis (4th ed. 2018), ch. 12: tentative, and to rely on
_TICKS = (0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1)


def agreement_per_frame(per_frame: pd.DataFrame, names: Mapping[str, str], *, level: float = LEVEL) -> Any:
    """Draw precision, recall, F1 and average precision of each frame as dots with intervals.

    Parameters
    ----------
    per_frame : DataFrame
        Agreement with human labels, the `per_frame` of `framing.open_validity`.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle.

    Returns
    -------
    altair chart
        The chart, ready for display, `to_svg` or `to_png`.

    Raises
    ------
    InputError
        If the table lacks a column or has no row of these measures.

    See Also
    --------
    framing.open_validity : Makes the table.
    agreement_per_group : The same for groups.
    """
    require_columns(per_frame, ("frame", "measure", *ESTIMATE), what="agreement per frame")
    shown, order = with_names(per_frame[per_frame["measure"].isin(list(_PER_FRAME))], names)
    _require_rows(shown, "agreement per frame", "per_frame")
    coded = shown.groupby("frame")["n_passages"].max()
    labels = {name: f"{shorten(name, 50)} ({coded[name]:,})" for name in order}
    axis = alt.Axis(labelLimit=0, labelExpr=label_of(labels), grid=True, ticks=False)
    panels = [(title, unit, shown[shown["measure"] == measure], 1.0) for measure, (title, unit) in _PER_FRAME.items()]
    missing = [
        f"{_PER_FRAME[measure][0].lower() if measure != 'f1' else 'F1'} of {shorten(name, 40)}"
        for name, measure in shown.loc[shown["estimate"].isna(), ["frame", "measure"]].itertuples(index=False)
    ]
    return finish(
        _side_by_side(panels, order, field="frame", axis=axis, width=130, step=21),
        "Agreement with the human labels, per frame",
        subtitle_lines(
            f"Dot: estimate. Line: {level:.0%} interval (documents resampled; exact where no draw differs), if any.",
            "In brackets: passages that coders gave the frame.",
            _left_out(missing),
        ),
    )


def agreement_per_group(
    per_group_overall: pd.DataFrame, *, by: str = "outlet", groups: Iterable[str] = (), level: float = LEVEL
) -> Any:
    """Draw macro-F1, micro-F1 and calibration error of each group as dots with intervals.

    Parameters
    ----------
    per_group_overall : DataFrame
        Agreement with human labels, the `per_group_overall` of `framing.open_validity`.
    by : str, default "outlet"
        What the groups are, for titles.
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
        If the table lacks a column or has no row of these measures.

    See Also
    --------
    framing.open_validity : Makes the table.
    agreement_per_frame : The same for frames.
    """
    require_columns(per_group_overall, ("group", "frame", "measure", *ESTIMATE), what=f"agreement per {by}")
    keys = pd.Series(list(zip(per_group_overall["frame"], per_group_overall["measure"], strict=True)), dtype=object)
    wanted = keys.isin(list(_PER_GROUP)).to_numpy()
    shown, keys = per_group_overall[wanted].rename(columns={"group": by}), keys[wanted]
    _require_rows(shown, f"agreement per {by}", "per_group_overall")
    here = sorted(shown[by].unique())
    largest = float(shown.loc[(keys == ("(all)", "calibration_error")).to_numpy(), ["estimate", "high"]].max().max())
    panels = []
    for key, (title, unit) in _PER_GROUP.items():
        top = 1.0 if key[0] != "(all)" else min(1.0, max(0.05, 1.08 * largest) if pd.notna(largest) else 1.0)
        panels.append((title, unit, shown[[one == key for one in keys]], top))
    missing = [
        f"{_PER_GROUP[key][0]} of {shorten(name, 40)}"
        for key, name, value in zip(keys, shown[by], shown["estimate"], strict=True)
        if pd.isna(value)
    ]
    axis = name_axis(here, width=40, grid=True, ticks=False)
    return finish(
        _side_by_side(panels, here, field=by, axis=axis, width=160, step=26, colours=scales(here, groups, by)),
        f"Agreement with the human labels, by {by}",
        subtitle_lines(
            f"Dot: estimate. Line: {level:.0%} interval (documents resampled; exact where no draw differs), if any.",
            "Macro-F1 is a mean over the frames found there: groups may rest on different ones.",
            _left_out(missing),
        ),
    )


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
    _require_rows(bins, "calibration", "bins")
    note = " (square-root scale)"
    root = alt.Scale(type="sqrt", domain=[0, 1])
    x = alt.X(
        "mean_score:Q",
        title=f"mean score in the bin{note}",
        scale=root,
        axis=alt.Axis(values=list(_TICKS), format=".2~f"),
    )
    y = alt.Y("low:Q", title=f"share that coders marked{note}", scale=root,
              axis=alt.Axis(values=list(_TICKS), format="~%"))  # fmt: skip
    diagonal = pd.DataFrame({"mean_score": [0.0, 1.0], "low": [0.0, 1.0]})
    base = alt.Chart(bins)
    chart = alt.layer(
        alt.Chart(diagonal).mark_line(color="#666666", strokeDash=[4, 3], strokeWidth=1).encode(x=x, y=y),
        base.mark_rule(color=COLOURS[0], strokeWidth=2).encode(x=x, y=y, y2="high:Q"),
        base.mark_point(filled=True, size=60, opacity=1, color=COLOURS[0]).encode(x=x, y="share:Q"),
    ).properties(width=380, height=380)
    return finish(
        chart,
        "Do scores mean what they say?",
        subtitle_lines(
            f"{int(bins['n'].sum()):,} scores in {len(bins)} bins of like size. Dot: share of labels. Line: "
            f"{level:.0%} Wilson interval, too narrow where passages of a document are alike. "
            "Dashes: perfect calibration; a dot below them: scores too high.",
            width=75,
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
    _require_rows(risk_coverage, "risk at each coverage", "risk_coverage")
    ink = COLOURS[0]
    form = alt.Axis(format="~%", tickCount=6)
    x = alt.X("coverage:Q", title="share of decisions made, the surest first", axis=form,
              scale=alt.Scale(domain=[0, 1]))  # fmt: skip
    exact = risk_coverage["method"] == EXACT  # far wider than the band beside it
    top = max(0.02, float(risk_coverage.loc[~exact, "high"].max()), float(risk_coverage["risk"].max()))
    y = {
        field: alt.Y(f"{field}:Q", title="share of them that is wrong", axis=form,
                     scale=alt.Scale(domain=[0, min(1, 1.05 * top)]))
        for field in ("low", "risk")
    }  # fmt: skip
    base = alt.Chart(risk_coverage)
    layers = [
        alt.Chart(risk_coverage[~exact]).mark_area(opacity=0.22, color=ink).encode(x=x, y=y["low"], y2="high:Q"),
        base.mark_line(strokeWidth=1.6, color=ink).encode(x=x, y=y["risk"]),
        base.mark_point(filled=True, size=26, opacity=1, color=ink).encode(x=x, y=y["risk"]),
    ]
    band = "No band: a single document."
    if exact.all():
        band = "No band: no draw differs; the table has the exact intervals."
    elif risk_coverage.loc[~exact, "low"].notna().any():
        band = f"Band: {level:.0%} interval (documents resampled)."
        band += " None where no draw differs: the table has the exact intervals." if exact.any() else ""
    most = int(risk_coverage["n"].max())
    return finish(
        alt.layer(*layers).properties(width=480, height=260),
        "What abstaining would buy",
        subtitle_lines(
            f"Errors among the surest decisions, of {most:,} in all. Surest: farthest from the threshold, or, with one "
            f"frame a passage, of the highest score. {band}",
            width=85,
        ),
    )


def coder_alpha(reliability: pd.DataFrame, names: Mapping[str, str], *, level: float = LEVEL) -> Any:
    """Draw Krippendorff's alpha of each frame with its interval.

    Parameters
    ----------
    reliability : DataFrame
        Agreement of coders, as `framing.measure_reliability` returns it.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
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
    framing.measure_reliability : Makes the table.

    Notes
    -----
    Without coders, or without an alpha, the chart says so. The dashed limits, .667 and .8, are those of Krippendorff,
    Content Analysis (4th ed. 2018), ch. 12.
    """
    title = "Agreement of the coders with each other"
    if reliability.empty:
        return blank_chart(title, "There are not columns of at least two coders, so no reliability.")
    require_columns(reliability, ("frame", "measure", *ESTIMATE), what="the reliability of coders")
    every = {**names, "(mean)": "Mean of the frames", "(all)": "All frames as categories"}
    found, _ = with_names(reliability[reliability["measure"] == "alpha"], every)
    missing = [f"alpha of {shorten(name, 40)}" for name in found.loc[found["estimate"].isna(), "frame"]]
    shown = found.dropna(subset="estimate")
    if shown.empty:
        return blank_chart(title, "No frame has an alpha: coders used one value only, or no passage has two codings.")
    order = [name for name in every.values() if name in set(shown["frame"])]
    lowest = min(0.0, float(shown[["estimate", "low"]].min().min()))
    x = alt.X("low:Q", title="Krippendorff’s alpha (1: perfect, 0: as by chance)", axis=alt.Axis(tickCount=6),
              scale=alt.Scale(domain=[lowest, 1.0], nice=True))  # fmt: skip
    y = alt.Y("frame:N", title=None, sort=order, scale=alt.Scale(domain=order),
              axis=name_axis(order, grid=True, ticks=False))  # fmt: skip
    limits = alt.Chart(pd.DataFrame({"low": _ALPHA_LIMITS, "label": [f"{limit:g}" for limit in _ALPHA_LIMITS]}))
    chart = alt.layer(
        limits.mark_rule(color="#666666", strokeDash=[4, 3]).encode(x=x),
        limits.mark_text(color="#444444", fontSize=11, baseline="bottom").encode(
            x=x, y=alt.value(-3), text="label:N"
        ),
        *_dots(alt.Chart(shown), x, y, alt.value(COLOURS[0])),
    ).properties(width=400, height=21 * len(order))  # fmt: skip
    return finish(
        chart,
        title,
        subtitle_lines(
            f"Dot: alpha. Line: {level:.0%} interval (documents resampled); none where coders never disagreed. "
            f"Dashes: Krippendorff’s own customary limits; rely on {_ALPHA_LIMITS[1]:g} and above, conclude only "
            f"tentatively from {_ALPHA_LIMITS[0]:g}.",
            _left_out(missing),
            width=85,
        ),
    )


def _side_by_side(
    panels: Sequence[tuple[str, str, pd.DataFrame, float]],
    order: list[str],
    *,
    field: str,
    axis: alt.Axis,
    width: int,
    step: int,
    colours: tuple[alt.Color, alt.Shape] | None = None,
) -> Any:
    """Panels of title, unit, rows and upper end of the scale; the names stand beside the first only."""
    drawn = []
    for place, (title, unit, rows, top) in enumerate(panels):
        y = alt.Y(
            f"{field}:N", title=None, sort=order, scale=alt.Scale(domain=order),
            axis=axis if not place else alt.Axis(labels=False, ticks=False, domain=False, grid=True),
        )  # fmt: skip
        x = alt.X("low:Q", title=unit, axis=alt.Axis(tickCount=3), scale=alt.Scale(domain=[0, top]))
        colour, shape = colours or (alt.value(COLOURS[0]), alt.value("circle"))
        if colours:
            colour, shape = colours[0].legend(None), colours[1].legend(None)
        layers = _dots(alt.Chart(rows.dropna(subset="estimate")), x, y, colour, shape)
        drawn.append(
            alt.layer(*layers).properties(
                width=width, height=step * len(order),
                title=alt.TitleParams(title, anchor="start", frame="group", fontSize=12, color=INK, offset=6),
            )
        )  # fmt: skip
    return alt.hconcat(*drawn, spacing=16)


def _dots(base: Any, x: alt.X, y: alt.Y, colour: Any, shape: Any = None) -> list[Any]:
    """An interval as a line and the estimate as a point on it."""
    return [
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q", y=y, color=colour),
        base.mark_point(filled=True, size=60, opacity=1).encode(
            x="estimate:Q", y=y, color=colour, shape=alt.value("circle") if shape is None else shape
        ),
    ]


def _require_rows(table: pd.DataFrame, what: str, attribute: str) -> None:
    if table.empty:
        raise InputError(
            f"There is no {what} to draw: the table has no such row. It is the `{attribute}` of "
            "framing.open_validity(settings), which needs human labels."
        )


def _left_out(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    rest = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return f"Left out, as undefined: {', '.join(missing[:3])}{rest}."
