"""The style of every chart: colours, labels, axes, panels, intervals, events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.drawing import replace_not_xml
from framing.errors import InputError

__all__ = [
    "COLOURS",
    "INK",
    "MAX_PERIODS",
    "WIDTH",
    "add_marks",
    "blank_chart",
    "draw_intervals",
    "error_note",
    "facet_panels",
    "finish_chart",
    "group_rows",
    "group_scales",
    "label_axis",
    "label_expression",
    "label_lines",
    "label_pairs",
    "list_names",
    "name_axis",
    "name_axis_above",
    "name_frames",
    "palette",
    "panel_header",
    "require_rows",
    "shorten",
    "subtitle_lines",
    "time_axis",
    "zero_line",
]

# Okabe & Ito (2008); without yellow, which is too pale on white
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")
INK = "#222222"
WIDTH = 680
MAX_PERIODS = 400  # on an axis; of more periods those without documents are left out
_LINE = 105  # characters of a line of the subtitle
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
    """Colour and shape of the groups that are present, as in a chart of all `groups`, with one legend above."""
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
    """A chart with a coloured row for each group, without an axis; the shape of the points; the number of groups."""
    names = sorted(rows[by].unique())
    colour, shape = group_scales(names, groups, by)
    y = alt.Y(f"{by}:N", title=None, axis=None, sort=names)
    return alt.Chart(rows).encode(y=y, color=colour), shape, len(names)


def draw_intervals(base: Any, x: alt.X, *, shape: Any = None, size: int = 55) -> list[Any]:
    """Layers of an interval as a line, from the channel `x` to the column `high`, and of the estimate as a point."""
    channels = {"x": "estimate:Q"} if shape is None else {"x": "estimate:Q", "shape": shape}
    return [
        base.mark_rule(strokeWidth=2).encode(x=x, x2="high:Q"),
        base.mark_point(filled=True, size=size, opacity=1).encode(**channels),
    ]


def zero_line(title: str) -> Any:
    """A dashed line at zero of an axis with this title."""
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color="#666666", strokeDash=[4, 3])
    return zero.encode(x=alt.X("zero:Q", title=title))


def label_lines(names: Iterable[str], width: int, *, max_lines: int = 3) -> dict[str, list[str]]:
    """Each name broken into lines of `width` characters; an ellipsis stands for the rest of a longer one."""
    return {name: wrap(name, width, max_lines=max_lines, placeholder=" …") or [""] for name in sorted(set(names))}


def label_expression(labels: Mapping[str, Any]) -> str:
    """Vega expression of the text or lines that stand for each value, whatever characters they contain."""
    # Vega-Lite replaces datum.label by an expression of its own: brackets around it, and none within a name
    lines = json.dumps(replace_not_xml(dict(labels))).replace("datum.", r"datum\u002e")
    return f"(({lines})[datum.label] || (datum.label))"


def shorten(name: str, width: int) -> str:
    """The words of a name that fit on a line of `width` characters.

    >>> shorten("Humanitarian law and civilian harm", 20)
    'Humanitarian law …'
    """
    return label_lines([name], width, max_lines=1)[name][0]


def label_axis(labels: Mapping[str, Any], **options: Any) -> alt.Axis:
    """An axis with these labels in full."""
    return alt.Axis(labelLimit=0, labelExpr=label_expression(labels), **options)


def name_axis(names: Iterable[str], *, width: int = 60, **options: Any) -> alt.Axis:
    """An axis of names, each shortened to one line."""
    return label_axis(label_lines(names, width, max_lines=1), **options)


def name_axis_above(names: Iterable[str], width: int) -> alt.Axis:
    """An axis above a chart, of names over several lines, with room for the name of most lines."""
    lines = label_lines(names, width)
    n_lines = max(map(len, lines.values()), default=1)
    padding = 4 + 13 * (n_lines - 1)
    return label_axis(lines, orient="top", labelAngle=0, labelPadding=padding, ticks=False, domain=False)


def time_axis(periods: pd.Series, n_ticks: int) -> alt.Axis:
    """An axis of dates with a tick at about `n_ticks` of the periods; with the year if they span 300 days."""
    days = list(periods.dropna().drop_duplicates().sort_values())
    step = -(-len(days) // n_ticks) or 1
    values = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in days[::step]]
    form = "%b %Y" if days and days[-1] - days[0] > pd.Timedelta(days=300) else "%d %b"
    return alt.Axis(
        format=form, labelAngle=-60, labelOverlap=False, values=values, tickCount=len(values) + 1, grid=False
    )


def panel_header(labels: Mapping[str, Any], **options: Any) -> alt.Header:
    """Titles of panels, in full."""
    return alt.Header(title=None, labelLimit=0, labelExpr=label_expression(labels), **options)


def facet_panels(
    panel: Any, field: str, order: Sequence[str], labels: Mapping[str, Any] | None = None, **options: Any
) -> Any:
    """A panel for each value of `field`, in this order, with titles from `labels`; by default the values themselves."""
    header = panel_header(label_lines(order, _PANEL) if labels is None else labels, labelAnchor="start")
    facet = alt.Facet(f"{field}:N", sort=list(order), header=header)
    return panel.facet(facet=facet, **{"columns": 3, **options})


def finish_chart(chart: Any, title: str, subtitle: str | Sequence[str]) -> Any:
    """The chart with its title, a subtitle of one or more lines, fonts and colours."""
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
    """A title and the reason why there is no figure."""
    blank = alt.Chart(pd.DataFrame({"nothing": [""]})).mark_text().encode(text="nothing:N")
    return finish_chart(blank.properties(width=400, height=20), title, list(lines))


def subtitle_lines(*sentences: str, width: int = _LINE) -> list[str]:
    """Lines of a subtitle; each sentence begins a line, and empty ones are left out."""
    return [line for sentence in sentences for line in wrap(sentence, width)]


def list_names(start: str, names: Sequence[str]) -> str:
    """A sentence that lists names; empty without names.

    >>> list_names("Not drawn:", ["a", "b"])
    'Not drawn: a, b.'
    """
    return f"{start} {', '.join(names)}." if names else ""


def error_note(table: pd.DataFrame) -> str:
    """A sentence on whether the intervals of a table of estimates include the classifier's errors."""
    if (table["n_gold"] > 0).any():
        return "Shares are corrected with labelled passages: classifier error is in the intervals."
    return "Classifier error is not in the intervals."


def require_rows(table: pd.DataFrame, what: str, attribute: str) -> None:
    """Raise `InputError` for a table of `framing.open_validity` without rows; `attribute` is its name there."""
    if table.empty:
        raise InputError(
            f"There is no {what} to draw: the table has no such row. It is the `{attribute}` of "
            "framing.open_validity(settings), which needs human labels."
        )


def name_frames(table: pd.DataFrame, names: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Rows of the frames in `names`, with those names in place of ids, and the names in the codebook's order."""
    rows = table[table["frame"].isin(list(names))].copy()
    rows["frame"] = rows["frame"].map(dict(names))
    present = set(rows["frame"])
    return rows, [name for name in names.values() if name in present]


def label_pairs(table: pd.DataFrame, names: Mapping[str, str]) -> tuple[pd.DataFrame, list[str], dict[str, str]]:
    """Differences in percentage points with a column `pair`, the pairs in order, and their labels."""
    rows = table.copy()
    for column in {"estimate", "low", "high", "difference"} & set(rows.columns):
        rows[column] = rows[column] * 100
    keys = [rows[column] for column in ("frame", "group_a", "group_b")]
    rows["pair"] = [" − ".join(parts) for parts in zip(*keys, strict=True)]
    labels = {
        pair: f"{shorten(names.get(frame, frame), 45)}: {shorten(a, 30)} − {shorten(b, 30)}"
        for pair, frame, a, b in zip(rows["pair"], *keys, strict=True)
    }
    return rows, list(labels), labels


def add_marks(
    rows: pd.DataFrame, layers: list[Any], marks: pd.DataFrame | None, *, panels: list[str]
) -> tuple[pd.DataFrame, list[Any], str]:
    """Data and layers with the dates of events in every panel, and a sentence for the subtitle."""
    if marks is None or not len(marks):
        return rows, layers, ""
    dates = rows[panels].drop_duplicates().merge(marks[["date"]].set_axis(["mark"], axis=1), how="cross")
    dashes = alt.Chart().mark_rule(color="#bbbbbb", strokeDash=[3, 3]).encode(x=alt.X("mark:T", title=None))
    return pd.concat([rows, dates], ignore_index=True), [dashes, *layers], " Dashes: events listed below."
