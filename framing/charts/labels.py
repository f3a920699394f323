"""Words on charts: labels of axes, subtitles, names of frames and pairs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from framing.charts.drawing import replace_not_xml
from framing.charts.wrapping import wrap_lines
from framing.texts import phrase

__all__ = [
    "label_lines",
    "label_expression",
    "shorten",
    "label_axis",
    "name_axis",
    "name_axis_above",
    "subtitle_lines",
    "list_names",
    "error_note",
    "name_frames",
    "label_pairs",
    "row_height",
]


_SIDE = 38  # characters of a line beside a chart
_LINE = 100  # characters of a line of the subtitle


def label_lines(names: Iterable[str], width: int, *, max_lines: int = 3) -> dict[str, list[str]]:
    """Break each name into lines.

    Parameters
    ----------
    names : iterable of str
        The names.
    width : int
        Characters of a line.
    max_lines : int, default 3
        Lines of a name; an ellipsis stands for the rest of a longer one.

    Returns
    -------
    dict of str to list of str
        Lines of each name.

    Examples
    --------
    >>> label_lines(["Humanitarian law and civilian harm"], 20)
    {'Humanitarian law and civilian harm': ['Humanitarian law and', 'civilian harm']}
    """
    return {name: wrap_lines(name, width, max_lines=max_lines, placeholder=" …") or [""] for name in sorted(set(names))}


def label_expression(labels: Mapping[str, Any]) -> str:
    """Vega expression that puts a text or lines in place of each value of an axis, legend or header.

    Parameters
    ----------
    labels : mapping of str to str or list of str
        Text or lines of each value, of any characters; other values stand for themselves.

    Returns
    -------
    str
        The expression, for `labelExpr`.
    """
    values, texts = _write_literal(list(labels)), _write_literal(list(labels.values()))
    # Vega-Lite replaces datum.label by an expression of its own: brackets around it
    return f"({texts}[indexof({values}, datum.label)] || (datum.label))"


def _write_literal(value: Any) -> str:
    """A text, or a list of them, as part of a Vega expression.

    Vega takes a literal such as "constructor" or "toString", which each object of JavaScript has, for an operator: no
    literal is a bare identifier.

    >>> print(_write_literal(["a name", "constructor"]))
    ["a name", slice("constructor ", 0, -1)]
    """
    if isinstance(value, list):
        return f"[{', '.join(map(_write_literal, value))}]"
    text = str(replace_not_xml(value))
    literal = json.dumps(f"{text} " if text.isidentifier() else text).replace("datum.", r"datum\u002e")
    return f"slice({literal}, 0, -1)" if text.isidentifier() else literal


def shorten(name: str, width: int) -> str:
    """Shorten a name to the words that fit on a line.

    Parameters
    ----------
    name : str
        The name.
    width : int
        Characters of the line.

    Returns
    -------
    str
        The name; an ellipsis stands for the rest of a longer one.

    Examples
    --------
    >>> shorten("Humanitarian law and civilian harm", 20)
    'Humanitarian law …'
    """
    return label_lines([name], width, max_lines=1)[name][0]


def label_axis(labels: Mapping[str, Any], **options: Any) -> alt.Axis:
    """Make an axis that shows its labels in full.

    Parameters
    ----------
    labels : mapping of str to str or list of str
        Text or lines of each value.
    **options : Any
        Further properties of the axis.

    Returns
    -------
    altair axis
        The axis.
    """
    return alt.Axis(labelLimit=0, labelExpr=label_expression(labels), **options)


def name_axis(names: Iterable[str], *, width: int = 60, **options: Any) -> alt.Axis:
    """Make an axis of names, each shortened to one line.

    Parameters
    ----------
    names : iterable of str
        The names.
    width : int, default 60
        Characters of a line.
    **options : Any
        Further properties of the axis.

    Returns
    -------
    altair axis
        The axis.
    """
    return label_axis(label_lines(names, width, max_lines=1), **options)


def name_axis_above(names: Iterable[str], width: int) -> alt.Axis:
    """Make an axis above a chart, of names over several lines, with room for the name of most lines.

    Parameters
    ----------
    names : iterable of str
        The names.
    width : int
        Characters of a line.

    Returns
    -------
    altair axis
        The axis.
    """
    lines = label_lines(names, width)
    n_lines = max(map(len, lines.values()), default=1)
    padding = 4 + 13 * (n_lines - 1)
    return label_axis(lines, orient="top", labelAngle=0, labelPadding=padding, ticks=False, domain=False)


def subtitle_lines(*sentences: str, width: int = _LINE) -> list[str]:
    """Break the sentences of a subtitle into lines.

    Parameters
    ----------
    *sentences : str
        Each begins a line; empty ones are left out.
    width : int, default 100
        Characters of a line.

    Returns
    -------
    list of str
        The lines.

    Examples
    --------
    >>> subtitle_lines("Dot: estimate. Line: interval.", "", "Dashes: events.", width=15)
    ['Dot: estimate.', 'Line: interval.', 'Dashes: events.']
    """
    return [line for sentence in sentences for line in wrap_lines(sentence, width)]


def list_names(start: str, names: Sequence[str]) -> str:
    """List names in a sentence.

    Parameters
    ----------
    start : str
        How the sentence begins.
    names : sequence of str
        The names.

    Returns
    -------
    str
        The sentence; empty where there are no names.

    Examples
    --------
    >>> list_names("Not drawn:", ["a", "b"])
    'Not drawn: a, b.'
    """
    return f"{start} {', '.join(names)}." if names else ""


def error_note(table: pd.DataFrame) -> str:
    """Whether the intervals of a table of estimates include the classifier's errors, as a sentence for readers.

    Parameters
    ----------
    table : DataFrame
        Estimates with a column `n_gold`.

    Returns
    -------
    str
        The sentence.

    Examples
    --------
    >>> error_note(pd.DataFrame({"n_gold": [0, 0]}))
    'Classifier error is not in the intervals.'
    """
    if (table["n_gold"] > 0).any():
        return phrase("Shares are corrected with labelled passages: classifier error is in the intervals.")
    return phrase("Classifier error is not in the intervals.")


def name_frames(table: pd.DataFrame, names: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Put names in place of the ids of frames.

    Parameters
    ----------
    table : DataFrame
        A table with a column `frame`.
    names : mapping of str to str
        Name of each frame by its id, in the codebook's order.

    Returns
    -------
    DataFrame
        Rows of the frames that have a name, with the name in the column `frame`.
    list of str
        Names that occur in these rows, in the order of `names`.

    Examples
    --------
    >>> rows, order = name_frames(pd.DataFrame({"frame": ["b", "a", "x"]}), {"a": "Alarm", "b": "Blame"})
    >>> rows["frame"].tolist(), order
    (['Blame', 'Alarm'], ['Alarm', 'Blame'])
    """
    rows = table[table["frame"].isin(list(names))].copy()
    rows["frame"] = rows["frame"].map(dict(names))
    present = set(rows["frame"])
    return rows, [name for name in names.values() if name in present]


def label_pairs(table: pd.DataFrame, names: Mapping[str, str]) -> tuple[pd.DataFrame, list[str], dict[str, list[str]]]:
    """Prepare differences between pairs of groups for a chart that has a row for each.

    Parameters
    ----------
    table : DataFrame
        Differences of shares, columns `frame, group_a, group_b` and any of `estimate, low, high, difference`.
    names : mapping of str to str
        Name of each frame by its id.

    Returns
    -------
    DataFrame
        The table in percentage points, with a column `pair`, which is different in every row.
    list of str
        The pairs, in the order of the rows.
    dict of str to list of str
        Label of each pair: the frame on one line, the groups on the other, shortened.
    """
    rows = table.copy()
    for column in {"estimate", "low", "high", "difference"} & set(rows.columns):
        rows[column] = rows[column] * 100
    keys = [rows[column] for column in ("frame", "group_a", "group_b")]
    rows["pair"] = [" − ".join(parts) for parts in zip(*keys, strict=True)]
    labels = {
        pair: [shorten(names.get(frame, frame), _SIDE), *_write_groups(shorten(a, _SIDE), shorten(b, _SIDE))]
        for pair, frame, a, b in zip(rows["pair"], *keys, strict=True)
    }
    return rows, list(labels), labels


def row_height(labels: Mapping[str, Sequence[str]]) -> int:
    """Height of a row that has room for its label.

    Parameters
    ----------
    labels : mapping of str to list of str
        Lines of each label.

    Returns
    -------
    int
        The height.

    Examples
    --------
    >>> row_height({"a": ["one", "two"]})
    38
    """
    return 8 + 15 * max(map(len, labels.values()), default=1)


def _write_groups(first: str, second: str) -> list[str]:
    """First minus second, on two lines where one is too short."""
    line = f"{first} − {second}"
    return [line] if len(line) <= _SIDE + 2 else [f"{first} −", second]
