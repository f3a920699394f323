"""The style of every chart: colours, labels, axes, panels, intervals, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.labels import label_expression, label_lines
from framing.charts.wrapping import join_lines, wrap_lines
from framing.errors import TooLittleDataError
from framing.texts import phrase, retell

__all__ = [
    "CELL_INK",
    "COLOURS",
    "FIELD",
    "INK",
    "JOINT",
    "LABELS",
    "SINGLE",
    "SMALL",
    "TEXT",
    "WIDTH",
    "blank_chart",
    "draw_intervals",
    "facet_panels",
    "finish_chart",
    "fit_panels",
    "number_places",
    "order_scale",
    "panel_header",
    "require_rows",
    "sort_by",
    "zero_line",
]

# Okabe & Ito (2008); without yellow, which is too pale on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
INK = "#222222"
CELL_INK = "#1b1b1b"  # text on a coloured cell: stays dark where the page is dark
WIDTH = 680  # of every chart, in units of the SVG: labels beside the field, and the field
LABELS = 240  # room for labels beside the field
FIELD = WIDTH - LABELS
GAP = 20  # between panels
_LINE = 100  # characters of a line of the verdict
TEXT = 12  # size of text
SMALL = 11  # size of text where room is short; none is smaller
JOINT = 4.0  # width of the line of an interval that holds jointly with all others of its table
SINGLE = 1.4  # width of the line of an interval that holds for itself alone
_FONTS = (  # the last ones where the first lack the glyphs
    "Helvetica, Arial, Liberation Sans, Noto Sans Arabic, Noto Sans Hebrew, Noto Sans Devanagari, Noto Sans Thai, "
    "Noto Sans CJK SC, sans-serif"
)
_PANEL = 32  # characters of a line of a panel's title


def order_scale(order: Sequence[str]) -> alt.Scale:
    """Make the scale of an axis of names in a given order.

    Parameters
    ----------
    order : sequence of str
        The names. With `sort` Vega-Lite would compare each in an expression, which fails on names such as constructor.

    Returns
    -------
    altair scale
        The scale.
    """
    return alt.Scale(domain=list(order))


def fit_panels(columns: int, *, labels: int = 0) -> int:
    """Width of each of several panels beside each other, so that all charts are equally wide.

    Parameters
    ----------
    columns : int
        Number of panels beside each other.
    labels : int, default 0
        Room that labels beside the first panel take.

    Returns
    -------
    int
        The width.

    Examples
    --------
    >>> fit_panels(3), fit_panels(2, labels=60)
    (213, 300)
    """
    return (WIDTH - labels - GAP * (columns - 1)) // columns


def draw_intervals(base: Any, x: alt.X, *, shape: Any = None, size: int = 55, joint: bool = False) -> list[Any]:
    """Draw each estimate as a point, and its interval as a line.

    Parameters
    ----------
    base : altair chart
        A chart without marks; its data have the columns `estimate` and `high`.
    x : altair x
        Channel of the lower bound.
    shape : altair shape, optional
        Shape of the points; a circle by default.
    size : int, default 55
        Area of a point in square pixels.
    joint : bool, default False
        Whether the intervals hold jointly: they are thick lines then, else thin ones.

    Returns
    -------
    list of altair chart
        The layer of lines and the layer of points.
    """
    channels = {"x": "estimate:Q"} if shape is None else {"x": "estimate:Q", "shape": shape}
    return [
        base.mark_rule(strokeWidth=JOINT if joint else SINGLE).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=size, opacity=1).encode(**channels),
    ]


def zero_line(title: str) -> Any:
    """Draw a dashed vertical line at zero.

    Parameters
    ----------
    title : str
        Title of the horizontal axis.

    Returns
    -------
    altair chart
        The line, as a layer.
    """
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color="#666666", strokeDash=[4, 3], aria=False)
    return zero.encode(x=alt.X("zero:Q", title=title))


def panel_header(labels: Mapping[str, Any], **options: Any) -> alt.Header:
    """Make the header of panels, whose titles are shown in full.

    Parameters
    ----------
    labels : mapping of str to str or list of str
        Text or lines of each panel.
    **options : Any
        Further properties of the header.

    Returns
    -------
    altair header
        The header.
    """
    return alt.Header(title=None, labelLimit=0, labelExpr=label_expression(labels), **options)


def facet_panels(
    panel: Any, field: str, order: Sequence[str], labels: Mapping[str, Any] | None = None, **options: Any
) -> Any:
    """Repeat a chart in a panel for each value of a column.

    Parameters
    ----------
    panel : altair chart
        The chart of one panel, with the data of all.
    field : str
        Column of the panels.
    order : sequence of str
        Values of the column in the order of the panels.
    labels : mapping of str to str or list of str, optional
        Title of each panel, as a text or lines; by default the value itself.
    **options : Any
        Further properties of the facets, such as `columns`, which is 3 by default.

    Returns
    -------
    altair chart
        The panels.
    """
    header = panel_header(label_lines(order, _PANEL) if labels is None else labels, labelAnchor="start")
    panel = panel.properties(data=panel.data.assign(panel=number_places(panel.data[field], order)))
    facet = alt.Facet(f"{field}:N", sort=sort_by("panel"), header=header)
    return panel.facet(facet=facet, **{"columns": 3, "spacing": GAP, **options})


def number_places(values: pd.Series, order: Sequence[str]) -> pd.Series:
    """Place of each name in an order, by which panels are sorted.

    Parameters
    ----------
    values : Series of str
        Names.
    order : sequence of str
        The names in order; others come last.

    Returns
    -------
    Series of int
        Places from 0.
    """
    return values.map({name: place for place, name in enumerate(order)}).fillna(len(order)).astype(int)


def sort_by(column: str) -> alt.EncodingSortField:
    """Sort panels by a column of places; by a list of names Vega-Lite fails on names such as constructor.

    Parameters
    ----------
    column : str
        Column of `number_places`.

    Returns
    -------
    altair sort field
        For the `sort` of a facet.
    """
    return alt.EncodingSortField(field=column, op="min", order="ascending")


def finish_chart(chart: Any, title: str, notes: str | Sequence[str], *, verdict: str = "") -> Any:
    """Give a chart its title, verdict, notes, fonts and colours.

    Parameters
    ----------
    chart : altair chart
        The chart; it must be the outermost one, since Altair configures no other.
    title : str
        The title.
    notes : str or sequence of str
        How to read the chart: one line, or several.
    verdict : str, default ""
        What the chart shows, as a sentence.

    Returns
    -------
    altair chart
        The chart, ready for display. Verdict and notes are the subtitle; `usermeta` has them as text, which `show` sets
        above and below the chart in their place.
    """
    lines = [notes] if isinstance(notes, str) else list(notes)
    heading = alt.TitleParams(
        title,
        subtitle=[*wrap_lines(verdict, _LINE), *lines],
        anchor="start",
        fontSize=15,
        subtitleFontSize=TEXT,
        subtitleColor="#444444",
        color=INK,
        offset=14,
    )
    words = {"title": title, "verdict": verdict, "notes": join_lines(lines)}
    text = {
        "labelFontSize": TEXT, "titleFontSize": TEXT, "titleFontWeight": "normal", "labelColor": INK,
        "titleColor": "#444444",
    }  # fmt: skip
    return (
        chart.properties(title=heading, usermeta={"framing": words})
        .configure(font=_FONTS, background="#ffffff", padding=8)  # first: it resets the rest
        .configure_view(stroke=None)
        .configure_axis(
            **text,
            gridColor="#e6e6e6",
            domainColor="#999999",
            tickColor="#999999",
        )
        .configure_legend(**text, symbolSize=90)
        .configure_header(labelFontSize=TEXT, labelFontWeight="bold", labelColor=INK, title=None)
    )


def blank_chart(title: str, *lines: str) -> Any:
    """Make a chart that says why there is no figure.

    Parameters
    ----------
    title : str
        Title of the chart.
    *lines : str
        Lines of the reason.

    Returns
    -------
    altair chart
        Title and reason alone.
    """
    blank = alt.Chart(pd.DataFrame({"nothing": [""]})).mark_text(aria=False).encode(text="nothing:N")
    return finish_chart(blank.properties(width=WIDTH, height=20), title, list(lines))


def require_rows(table: pd.DataFrame, what: str, attribute: str) -> None:
    """Require that a table of `framing.open_validity` has rows.

    Parameters
    ----------
    table : DataFrame
        The table.
    what : str
        What it holds, for the error message.
    attribute : str
        Its name in the result of `framing.open_validity`.

    Raises
    ------
    InputError
        If the table has no row.
    """
    if table.empty:
        raise TooLittleDataError(
            phrase(
                "There is no {what} to draw: the table has no such row. It is the `{attribute}` of "
                "framing.open_validity(settings), which needs human labels.",
                what=retell(what),
                attribute=attribute,
            )
        )
