"""How every chart looks: colours, labels, axes, event marks, and the drawing of a finished chart."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

__all__ = [
    "COLOURS",
    "INK",
    "MOST_PERIODS",
    "WIDTH",
    "blank_chart",
    "error_note",
    "finish",
    "label_of",
    "name_axis",
    "name_axis_above",
    "pairs_in_points",
    "palette",
    "panel_header",
    "scales",
    "shorten",
    "subtitle_lines",
    "time_axis",
    "to_png",
    "to_svg",
    "with_marks",
    "with_names",
]

# Okabe & Ito (2008), told apart with every common colour vision; yellow left out, too pale on white.
# More groups than colours: shapes differ too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")
INK = "#222222"
WIDTH = 680
_LINE = 105  # characters of a subtitle
MOST_PERIODS = 400  # on an axis; beyond it, those without documents are left out
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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


def scales(shown: Iterable[str], groups: Iterable[str], by: str) -> tuple[alt.Color, alt.Shape]:
    chosen = palette([*shown, *groups])
    names = sorted(set(shown))
    legend = alt.Legend(
        title=by.capitalize(), orient="top", columns=3, labelLimit=0, labelExpr=label_of(label_lines(names, 40))
    )
    colours, shapes = ([chosen[name][part] for name in names] for part in (0, 1))
    return (
        alt.Color(f"{by}:N", scale=alt.Scale(domain=names, range=colours), legend=legend),
        alt.Shape(f"{by}:N", scale=alt.Scale(domain=names, range=shapes), legend=legend),
    )


def label_lines(names: Iterable[str], width: int, *, most: int = 3) -> dict[str, list[str]]:
    """Names broken over lines of `width` characters; what does not fit in `most` lines is left out."""
    return {name: wrap(name, width, max_lines=most, placeholder=" …") or [""] for name in sorted(set(names))}


def label_of(shown: Mapping[str, Any]) -> str:
    """Vega expression of what is shown for each label, whatever characters it holds."""
    # Vega-Lite puts its own expression for datum.label: brackets around it, and none within a name
    lines = json.dumps(_printable(dict(shown))).replace("datum.", r"datum\u002e")
    return f"(({lines})[datum.label] || (datum.label))"


def shorten(name: str, width: int) -> str:
    return label_lines([name], width, most=1)[name][0]


def name_axis(names: Iterable[str], *, width: int = 60, **options: Any) -> alt.Axis:
    return alt.Axis(labelLimit=0, labelExpr=label_of(label_lines(names, width, most=1)), **options)


def name_axis_above(names: Iterable[str], width: int) -> alt.Axis:
    """Labels over several lines above a chart, with room for the longest of them."""
    lines = label_lines(names, width)
    room = 13 * (max(map(len, lines.values()), default=1) - 1)
    return alt.Axis(
        orient="top", labelAngle=0, labelLimit=0, labelExpr=label_of(lines), labelPadding=4 + room,
        ticks=False, domain=False,
    )  # fmt: skip


def panel_header(names: Iterable[str], width: int, **options: Any) -> alt.Header:
    return alt.Header(title=None, labelLimit=0, labelExpr=label_of(label_lines(names, width)), **options)


def finish(chart: Any, title: str, subtitle: str | Sequence[str]) -> Any:
    subtitle = [subtitle] if isinstance(subtitle, str) else list(subtitle)
    return (
        chart.properties(
            title=alt.TitleParams(
                title, subtitle=subtitle, anchor="start", fontSize=15, subtitleFontSize=11.5,
                subtitleColor="#555555", color=INK, offset=14,
            )
        )
        .configure(font="Helvetica, Arial, sans-serif", background="#ffffff", padding=12)  # first: it resets
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=11, titleFontSize=11, titleFontWeight="normal", titleColor="#444444",
            labelColor=INK, gridColor="#e6e6e6", domainColor="#999999", tickColor="#999999",
        )
        .configure_legend(labelFontSize=11, titleFontSize=11, titleFontWeight="normal", symbolSize=90)
        .configure_header(labelFontSize=12, labelFontWeight="bold", labelColor=INK, title=None)
    )  # fmt: skip


def subtitle_lines(*sentences: str, width: int = _LINE) -> list[str]:
    """Sentences broken into lines, each beginning a line; empty ones left out."""
    return [line for sentence in sentences for line in wrap(sentence, width)]


def error_note(table: pd.DataFrame) -> str:
    """Whether the intervals of a table of estimates hold the classifier's errors."""
    if (table["n_gold"] > 0).any():
        return "Shares are corrected with labelled passages: classifier error is in the intervals."
    return "Classifier error is not in the intervals."


def blank_chart(title: str, *lines: str) -> Any:
    """No figure, but a title, and why there is none."""
    nothing = alt.Chart(pd.DataFrame({"nothing": [""]})).mark_text().encode(text="nothing:N")
    return finish(nothing.properties(width=400, height=20), title, list(lines))


def with_names(table: pd.DataFrame, names: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Rows with readable frame names, and those names in the codebook's order."""
    shown = table[table["frame"].isin(list(names))].copy()
    shown["frame"] = shown["frame"].map(dict(names))
    return shown, [name for name in names.values() if name in set(shown["frame"])]


def pairs_in_points(table: pd.DataFrame, names: Mapping[str, str]) -> tuple[pd.DataFrame, list[str], dict[str, str]]:
    """Differences in percentage points, first group less second as in the table; the pairs in order, their labels."""
    shown = table.copy()
    for column in {"estimate", "low", "high", "difference"} & set(shown.columns):
        shown[column] = shown[column] * 100
    keys = [shown[column] for column in ("frame", "group_a", "group_b")]
    shown["pair"] = [" − ".join(parts) for parts in zip(*keys, strict=True)]
    labels = {
        pair: f"{shorten(names.get(frame, frame), 45)}: {shorten(a, 30)} − {shorten(b, 30)}"
        for pair, frame, a, b in zip(shown["pair"], *keys, strict=True)
    }
    return shown, list(labels), labels


def time_axis(periods: pd.Series, most: int) -> alt.Axis:
    """Ticks at some of the periods, never between them; with the year where there are several."""
    found = list(periods.dropna().drop_duplicates().sort_values())
    picked = found[:: -(-len(found) // most) or 1]
    form = "%b %Y" if found and found[-1] - found[0] > pd.Timedelta(days=300) else "%d %b"
    values = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in picked]
    return alt.Axis(
        format=form, labelAngle=-60, labelOverlap=False, values=values, tickCount=len(values) + 1, grid=False
    )


def with_marks(
    shown: pd.DataFrame, layers: list[Any], marks: pd.DataFrame | None, *, panels: list[str]
) -> tuple[pd.DataFrame, list[Any], str]:
    """Data, layers and a note for the subtitle, with the events' dates in every panel."""
    if marks is None or not len(marks):
        return shown, layers, ""
    dates = shown[panels].drop_duplicates().merge(marks[["date"]].set_axis(["mark"], axis=1), how="cross")
    dashes = alt.Chart().mark_rule(color="#bbbbbb", strokeDash=[3, 3]).encode(x=alt.X("mark:T", title=None))
    return pd.concat([shown, dates], ignore_index=True), [dashes, *layers], " Dashes: events listed below."


def to_svg(chart: Any) -> str:
    """Draw a chart as static SVG, without a network.

    Parameters
    ----------
    chart : altair chart
        The chart.

    Returns
    -------
    str
        The SVG; text in it is escaped.
    """
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_spec(chart)))


def to_png(chart: Any, *, scale: float = 2.0) -> bytes:
    """Draw a chart as PNG, without a network.

    Parameters
    ----------
    chart : altair chart
        The chart.
    scale : float, default 2.0
        Dots for each unit of the chart.

    Returns
    -------
    bytes
        The PNG.
    """
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_spec(chart), scale=scale))


def svg_to_png(svg: str, *, scale: float = 2.0) -> bytes:
    """Draw an SVG as PNG.

    Parameters
    ----------
    svg : str
        A chart, as `to_svg` returns it.
    scale : float, default 2.0
        Dots for each unit of the SVG.

    Returns
    -------
    bytes
        The PNG.
    """
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def _spec(chart: Any) -> Any:
    """Vega-Lite of a chart of any size, without characters that XML forbids: the converter aborts on them."""
    with alt.data_transformers.disable_max_rows():
        return _printable(chart.to_dict())


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return [_printable(item) for item in value] if isinstance(value, list) else value
