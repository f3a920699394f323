"""Charts of regressions: coefficients or average marginal effects with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.labels import (
    error_note,
    label_axis,
    label_lines,
    list_names,
    name_frames,
    shorten,
    subtitle_lines,
)
from framing.charts.style import (
    COLOURS,
    blank_chart,
    draw_intervals,
    facet_panels,
    finish_chart,
    order_scale,
)
from framing.charts.tips import add_tips, tip_channels
from framing.defaults import LEVEL
from framing.tables import COEFFICIENTS, EFFECTS, require_columns
from framing.texts import phrase, phrase_later

__all__ = ["coefficients"]

_POINTS = phrase_later("difference (percentage points)")
_LOG_ODDS = phrase_later("difference in log-odds")
_LINE = 34  # characters of a line of a row's label
_PANEL = 24  # characters of a line of a panel's title
_TITLE = phrase_later("What goes with more or less of a frame, all else in the formula equal")
_VERDICTS = {True: phrase_later("clear of noise"), False: phrase_later("within noise")}


def coefficients(
    table: pd.DataFrame, names: Mapping[str, str], *, level: float = LEVEL, log_odds: bool = False, top: int = 24
) -> Any:
    """Draw the coefficients or average marginal effects of regressions, a panel for each frame.

    Parameters
    ----------
    table : DataFrame
        The `effects` or the `coefficients` of `framing.regress_frames`. The intercept is not drawn.
    names : mapping of str to str
        Name of each frame by its id, in the order of the codebook (`codebook.names`); other frames are left out.
    level : float, default 0.95
        Level of the intervals in the table, for the subtitle and for what is clear of noise.
    log_odds : bool, default False
        Whether the table has the coefficients of a logit, which are differences in log-odds; else they are drawn in
        percentage points.
    top : int, default 24
        Number of coefficients that are drawn, those with the smallest p-value on any frame.

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
    framing.regress_frames : Makes the table.

    Notes
    -----
    If no row has an interval, the chart says so.
    """
    is_effects = "variable" in table.columns
    require_columns(table, EFFECTS if is_effects else COEFFICIENTS, what="coefficients")
    rows, frames = name_frames(table, names)
    rows["row"] = _label_effects(rows) if is_effects else rows["term"].astype(str)
    if not is_effects:
        rows = rows[rows["term"] != "Intercept"]
    has_interval = rows["low"].notna()
    n_without, rows = int((~has_interval).sum()), rows[has_interval]
    if rows.empty:
        return blank_chart(
            phrase(_TITLE), phrase("No coefficient has an interval; the column method of the table says why.")
        )
    order = list(dict.fromkeys(rows["row"]))
    clearest = rows.groupby("row")["p_value"].min().sort_values(kind="stable").index[:top]
    drawn = [name for name in order if name in set(clearest)]
    rows = rows[rows["row"].isin(drawn)].reset_index(drop=True)
    frames = [name for name in frames if name in set(rows["frame"])]
    scale = 1 if log_odds else 100
    rows = rows.assign(**{name: rows[name] * scale for name in ("estimate", "low", "high")})
    rows["zero"] = 0  # a line in every panel
    rows["verdict"] = (rows["p_adjusted"] < 1 - level).map({sure: phrase(words) for sure, words in _VERDICTS.items()})
    form, unit = ("+.2f", "") if log_odds else ("+.1f", phrase(" points"))
    rows = add_tips(rows, names, ["frame", "row"], form=form, unit=unit, extra=rows["verdict"].tolist())
    panels = facet_panels(
        _draw_rows(rows, drawn, phrase(_LOG_ODDS if log_odds else _POINTS)),
        "frame",
        frames,
        label_lines(frames, _PANEL),
    )
    reference = _list_references(table) if is_effects else ""
    return finish_chart(
        panels.resolve_scale(x="shared"),
        phrase(_TITLE),
        subtitle_lines(
            phrase(
                "Lines: {level:.0%} intervals, each alone. Blue: clear of noise jointly, over all "
                "coefficients and frames (adjusted p below {alpha:.2g}). {error}",
                level=level,
                alpha=1 - level,
                error=error_note(table),
            ),
            reference,
            phrase("Drawn: the {top} of {n_order:,} with the smallest p-values.", top=top, n_order=len(order))
            if len(order) > top
            else "",
            phrase(
                "Without interval, so not drawn: {n_without:,} of {n_all:,}; the table says why.",
                n_without=n_without,
                n_all=n_without + int(has_interval.sum()),
            )
            if n_without
            else "",
        ),
    )


def _label_effects(rows: pd.DataFrame) -> pd.Series:
    """`outlet: Reuters` for a category, `time, one more` for numbers."""
    is_category = rows["reference"].astype(str) != ""
    labels: pd.Series = (rows["variable"] + ": " + rows["level"]).where(
        is_category, rows["variable"] + phrase(", one more")
    )
    return labels


def _list_references(table: pd.DataFrame) -> str:
    """A sentence on what categories are compared with."""
    pairs = table.loc[table["reference"].astype(str) != "", ["variable", "reference"]].drop_duplicates()
    named = [
        phrase("{variable} with {reference}", variable=row.variable, reference=shorten(str(row.reference), 40))
        for row in pairs.itertuples()
    ]
    return list_names(phrase("Compared:"), named)


def _draw_rows(rows: pd.DataFrame, order: list[str], title: str) -> Any:
    """A row for each coefficient with its interval, and a line at zero."""
    colour = alt.Color(
        "verdict:N",
        title=None,
        legend=alt.Legend(orient="top"),
        scale=alt.Scale(domain=[phrase(words) for words in _VERDICTS.values()], range=[COLOURS[0], "#999999"]),
    )
    y = alt.Y("row:N", title=None, scale=order_scale(order), axis=label_axis(label_lines(order, _LINE, max_lines=2)))
    base = alt.Chart(rows).encode(y=y, color=colour, **tip_channels())
    zero = alt.Chart(rows).mark_rule(color="#666666", strokeDash=[4, 3]).encode(x=alt.X("zero:Q", title=title))
    layers = [zero, *draw_intervals(base, alt.X("low:Q", title=title), size=50)]
    return alt.layer(*layers).properties(width=170, height=26 * len(order))
