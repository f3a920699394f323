"""The style of every chart: colours, labels, axes, panels, intervals, events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.labels import label_expression, label_lines
from framing.errors import InputError

__all__ = [
    "COLOURS",
    "INK",
    "WIDTH",
    "add_marks",
    "blank_chart",
    "draw_intervals",
    "facet_panels",
    "finish_chart",
    "group_rows",
    "group_scales",
    "palette",
    "panel_header",
    "require_rows",
    "zero_line",
]

# Okabe & Ito (2008); without yellow, which is too pale on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")
INK = "#222222"
WIDTH = 680
_PANEL = 34  # characters of a line of a panel's title


def palette(groups: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Choose a colour and a point shape for each group, the same in every chart of a report.

    Parameters
    ----------
    groups : sequence of str
        Names of the groups.

    Returns
    -------
    dict of str to (str, str)
        Colour (`#rrggbb`) and shape of each group.

    Notes
    -----
    Colours are those of Okabe & Ito (2008), which readers with any common colour vision can distinguish, without
    yellow, which is too pale on white. If there are more groups than colours, shapes differ too.

    Examples
    --------
    >>> palette(["b", "a"])["a"]
    ('#0072B2', 'circle')
    """
    return {
        name: (COLOURS[place % len(COLOURS)], SHAPES[(place // len(COLOURS) + place) % len(SHAPES)])
        for place, name in enumerate(sorted(set(groups)))
    }


def group_scales(present: Iterable[str], groups: Iterable[str], by: str) -> tuple[alt.Color, alt.Shape]:
    """Colour and shape channels of groups, which give a group the same look in every chart, with one legend above.

    Parameters
    ----------
    present : iterable of str
        Groups in this chart.
    groups : iterable of str
        Groups in any chart of the report.
    by : str
        Column of the groups; its name is the legend's title.

    Returns
    -------
    altair color
        Colours of the present groups, as `palette` chooses them.
    altair shape
        Their point shapes.
    """
    names = sorted(set(present))
    styles = palette([*names, *groups])
    legend = alt.Legend(
        title=by.capitalize(), orient="top", columns=3, labelLimit=0, labelExpr=label_expression(label_lines(names, 40))
    )
    colours, shapes = ([styles[name][part] for name in names] for part in (0, 1))
    return (
        alt.Color(f"{by}:N", scale=alt.Scale(domain=names, range=colours), legend=legend),
        alt.Shape(f"{by}:N", scale=alt.Scale(domain=names, range=shapes), legend=legend),
    )


def group_rows(rows: pd.DataFrame, by: str, groups: Iterable[str]) -> tuple[Any, alt.Shape, int]:
    """Start a chart that has a coloured row for each group, without an axis of groups.

    Parameters
    ----------
    rows : DataFrame
        Data of the chart.
    by : str
        Column of the groups.
    groups : iterable of str
        Groups in any chart of the report.

    Returns
    -------
    altair chart
        The chart, without marks.
    altair shape
        Shape of the points of each group.
    int
        Number of groups in `rows`.
    """
    names = sorted(rows[by].unique())
    colour, shape = group_scales(names, groups, by)
    y = alt.Y(f"{by}:N", title=None, axis=None, sort=names)
    return alt.Chart(rows).encode(y=y, color=colour), shape, len(names)


def draw_intervals(base: Any, x: alt.X, *, shape: Any = None, size: int = 55) -> list[Any]:
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

    Returns
    -------
    list of altair chart
        The layer of lines and the layer of points.
    """
    channels = {"x": "estimate:Q"} if shape is None else {"x": "estimate:Q", "shape": shape}
    return [
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
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
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color="#666666", strokeDash=[4, 3])
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
    facet = alt.Facet(f"{field}:N", sort=list(order), header=header)
    return panel.facet(facet=facet, **{"columns": 3, **options})


def finish_chart(chart: Any, title: str, subtitle: str | Sequence[str]) -> Any:
    """Give a chart its title, subtitle, fonts and colours.

    Parameters
    ----------
    chart : altair chart
        The chart; it must be the outermost one, since Altair configures no other.
    title : str
        The title.
    subtitle : str or sequence of str
        One line, or several.

    Returns
    -------
    altair chart
        The chart, ready for display.
    """
    lines = [subtitle] if isinstance(subtitle, str) else list(subtitle)
    heading = alt.TitleParams(
        title,
        subtitle=lines,
        anchor="start",
        fontSize=15,
        subtitleFontSize=11.5,
        subtitleColor="#555555",
        color=INK,
        offset=14,
    )
    return (
        chart.properties(title=heading)
        .configure(font="Helvetica, Arial, sans-serif", background="#ffffff", padding=12)  # first: it resets the rest
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            titleColor="#444444",
            labelColor=INK,
            gridColor="#e6e6e6",
            domainColor="#999999",
            tickColor="#999999",
        )
        .configure_legend(labelFontSize=11, titleFontSize=11, titleFontWeight="normal", symbolSize=90)
        .configure_header(labelFontSize=12, labelFontWeight="bold", labelColor=INK, title=None)
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
    blank = alt.Chart(pd.DataFrame({"nothing": [""]})).mark_text().encode(text="nothing:N")
    return finish_chart(blank.properties(width=400, height=20), title, list(lines))


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
        raise InputError(
            f"There is no {what} to draw: the table has no such row. It is the `{attribute}` of "
            "framing.open_validity(settings), which needs human labels."
        )


def add_marks(
    rows: pd.DataFrame, layers: list[Any], marks: pd.DataFrame | None, *, panels: list[str]
) -> tuple[pd.DataFrame, list[Any], str]:
    """Add the dates of events to a chart over time, as dashed lines in every panel.

    Parameters
    ----------
    rows : DataFrame
        Data of the chart.
    layers : list of altair chart
        Layers of the chart, without data of their own.
    marks : DataFrame or None
        Events, with a column `date`; None or empty: there are none.
    panels : list of str
        Columns of `rows` that make the panels.

    Returns
    -------
    DataFrame
        Data, with a row for each panel and event.
    list of altair chart
        Layers, the dashed lines first.
    str
        A sentence for the subtitle; empty where there are no events.
    """
    if marks is None or not len(marks):
        return rows, layers, ""
    dates = rows[panels].drop_duplicates().merge(marks[["date"]].set_axis(["mark"], axis=1), how="cross")
    dashes = alt.Chart().mark_rule(color="#bbbbbb", strokeDash=[3, 3]).encode(x=alt.X("mark:T", title=None))
    return pd.concat([rows, dates], ignore_index=True), [dashes, *layers], " Dashes: events listed below."
