"""A table as HTML: every cell escaped, headings in words, counts and methods in the caption."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from framing.reports.cells import LOG_HEADINGS, find_bounded, format_cell, format_heading, format_interval
from framing.reports.passage_links import link_row

__all__ = ["render_table", "spread_measures"]

_HIDDEN = {"low", "high", "passage_id", "method", "group_a", "group_b"}
_HIDDEN_BESIDE_TEXTS = {  # two texts side by side need the width
    "story_id",
    "distance",
    "other_id",
    "outlet",
    "frame",
    "other_outlet",
    "other_frame",
}
_COUNTS = ("n_passages", "n_documents")  # in the caption if a row is a difference
_ASKED = ("asked", "confidence")  # in the caption if they are the same in each row
_CLASSES = {
    "text": ' class="passage"',
    "excerpt": ' class="passage"',
    "other_text": ' class="passage"',
    "note": ' class="note"',
    "near": ' class="note"',
    "worst": ' class="note"',
    "groups": ' class="pair"',
}


def render_table(
    table: pd.DataFrame,
    *,
    name: str = "",
    caption: str = "",
    rows: int = 12,
    across: Sequence[str] = (),
    linkable: Mapping[str, Any] | None = None,
) -> str:
    """Return the first rows of a table as HTML.

    Parameters
    ----------
    table : DataFrame
        The table. Every cell is escaped; shares are shown as per cent, an estimate and its interval in one column.
    name : str, default ""
        Name of the table, in the attribute `data-name`.
    caption : str, default ""
        Caption; the number of rows and the methods of intervals are added.
    rows : int, default 12
        Number of rows that are shown.
    across : sequence of str, default ()
        Measures to set side by side, in a line for each frame (or other key).
    linkable : mapping of str to Any or None, default None
        Groups and frames of the side-by-side page, from `read_groups`. Frames then link to their passages.

    Returns
    -------
    str
        A `table` element.

    Examples
    --------
    >>> "&lt;b&gt;" in render_table(pd.DataFrame({"text": ["<b>"]}))
    True
    """
    if across:
        table = spread_measures(table, across)
    if table.empty:
        return f'<table data-name="{escape(name)}"><caption>{escape(caption)}: none.</caption></table>'
    visible = _label_texts(_join_groups(table.head(rows)))
    hidden = _find_hidden(table, visible)
    columns = [column for column in visible.columns if column not in hidden]
    headings = _make_headings(table, columns)
    classes = {column: ' class="number"' if column in across else _find_class(visible, column) for column in columns}
    head = "".join(f"<th{classes[column]}>{escape(headings[column])}</th>" for column in columns)
    lines = []
    for row in visible.to_dict("records"):
        link = link_row(row, dict(linkable)) if linkable else ""
        cells = "".join(f"<td{classes[column]}>{_render_cell(column, row, link)}</td>" for column in columns)
        lines.append(f"<tr>{cells}</tr>")
    title = f"<caption>{escape(caption)} <small>{escape(_describe_rows(table, visible))}</small></caption>"
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    return f'<table data-name="{escape(name)}">{title}{body}</table>'


def spread_measures(table: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Set measures side by side, as text with their intervals.

    Parameters
    ----------
    table : DataFrame
        A row a measure: keys such as `frame`, then `measure` and the estimate columns.
    measures : sequence of str
        Measures to set side by side.

    Returns
    -------
    DataFrame
        A row for each combination of keys: a column a measure (`–` if it is undefined), counts, and `method` with the
        methods of the row, a line each.
    """
    keys = list(table.columns[: table.columns.get_loc("measure")])
    counts = [name for name in _COUNTS if name in table.columns]
    rows = []
    for key, part in table[table["measure"].isin(list(measures))].groupby(keys, sort=False):
        cells: dict[str, Any] = {}
        cells.update(zip(keys, key, strict=True))
        cells.update((row["measure"], _format_measure(row)) for row in part.to_dict("records"))
        cells.update((name, part[name].iloc[0]) for name in counts)
        cells["method"] = "\n".join(dict.fromkeys(part["method"]))
        rows.append(cells)
    return pd.DataFrame(rows, columns=[*keys, *measures, *counts, "method"])


def _format_measure(row: dict[Any, Any]) -> str:
    if pd.isna(row["estimate"]):
        return "–"
    text = format_interval(row["estimate"], row["low"], row["high"], ".2f")
    return f"{text} (no interval)" if pd.isna(row["low"]) else text


def _join_groups(table: pd.DataFrame) -> pd.DataFrame:
    """The two groups of a difference in one column, which takes less of the page's width."""
    if not {"group_a", "group_b"} <= set(table.columns):
        return table
    pairs = [f"{a} less {b}" for a, b in zip(table["group_a"], table["group_b"], strict=True)]
    joined = table.copy()
    joined.insert(list(table.columns).index("group_a"), "groups", pairs)
    return joined


def _label_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Pairs of passages, each text under its outlet and frame."""
    if not {"text", "other_text", "outlet", "other_outlet", "frame", "other_frame"} <= set(table.columns):
        return table
    labelled = table.copy()
    for side in ("", "other_"):
        parts = zip(table[f"{side}outlet"], table[f"{side}frame"], table[f"{side}text"], strict=True)
        labelled[f"{side}text"] = [f"{outlet} · {frame}\n{text}" for outlet, frame, text in parts]
    return labelled


def _find_hidden(table: pd.DataFrame, visible: pd.DataFrame) -> set[str]:
    """Columns that have no column of their own on the page."""
    hidden = _HIDDEN | {f"{name}_{side}" for name in _find_with_bounds(visible.columns) for side in ("low", "high")}
    if "groups" in visible.columns:
        hidden |= set(_COUNTS)
    if "other_text" in visible.columns:
        hidden |= _HIDDEN_BESIDE_TEXTS
    if _find_common_n_gold(table) is not None:
        hidden.add("n_gold")
    return hidden | set(_find_common_asked(table))


def _make_headings(table: pd.DataFrame, columns: list[str]) -> dict[str, str]:
    """Heading of each column that is shown."""
    bounded = find_bounded(table.columns)
    headings = {column: format_heading(str(column), bounded) for column in columns}
    headings.update((name, f"{name.replace('_', ' ')} (interval)") for name in _find_with_bounds(table.columns))
    headings.update((bounded, heading) for name, heading in LOG_HEADINGS.items() if bounded and name in table.columns)
    if "groups" in columns and bounded:
        is_part = "component" in columns
        headings[bounded] = f"{'part' if is_part else 'difference'} in points (interval)"
        headings.update({"difference": "whole difference"} if is_part else {})
    if "n_enough" in columns:
        headings["n_gold"] = "labels behind it"
    if "n_without" in columns:
        headings["n"] = "texts"
    return headings


def _find_with_bounds(columns: Iterable[Any]) -> list[str]:
    """Columns whose interval stands beside them as `<name>_low` and `<name>_high`."""
    names = set(columns)
    return [str(name) for name in columns if {f"{name}_low", f"{name}_high"} <= names]


def _find_common_n_gold(table: pd.DataFrame) -> int | None:
    """Number of labelled passages, if it is the same in each row of a table of estimates."""
    if not {"n_gold", "estimate"} <= set(table.columns) or table["n_gold"].isna().any():
        return None
    return int(table["n_gold"].iloc[0]) if table["n_gold"].nunique() == 1 else None


def _find_common_asked(table: pd.DataFrame) -> list[str]:
    """Columns of a promise that are the same in each row."""
    return [name for name in _ASKED if name in table.columns and table[name].nunique() == 1]


def _find_class(table: pd.DataFrame, column: Any) -> str:
    numeric = pd.api.types.is_numeric_dtype(table[column]) and not pd.api.types.is_bool_dtype(table[column])
    return ' class="number"' if numeric else _CLASSES.get(column, "")


def _render_cell(column: Any, row: dict[Any, Any], link: str) -> str:
    """Escaped text of a cell; the name of a frame is a link if there is one."""
    text = escape(format_cell(column, row))
    return f'<a href="{escape(link)}">{text}</a>' if link and column in ("frame", "frame_a") else text


def _describe_rows(table: pd.DataFrame, visible: pd.DataFrame) -> str:
    """The end of the caption: number of rows, methods, and what is the same in each row."""
    parts = [f"{len(table):,} row{'s' * (len(table) != 1)}."]
    if len(table) > len(visible):
        parts = [f"{len(visible):,} of {len(table):,} rows shown."]
    if "method" in table.columns:
        methods = dict.fromkeys(part for text in visible["method"] for part in str(text).split("\n"))
        parts.append(f"Intervals: {'; '.join(methods)}.")
    if n_gold := _find_common_n_gold(table):
        parts.append(f"Labelled passages behind each row: {n_gold:,}.")
    if "groups" in visible.columns:
        n_pairs = len(table[["group_a", "group_b"]].drop_duplicates())
        parts.append(f"{n_pairs:,} pair{'s' * (n_pairs != 1)} of groups.")
        parts += _describe_counts(table)
    if "ratio" in visible.columns and visible["ratio"].isna().any():
        parts.append("No ratio where a share is zero.")
    for name in _find_common_asked(table):
        parts.append(f"{name.capitalize()}: {format_cell(name, {name: table[name].iloc[0]})}.")
    return " ".join(parts)


def _describe_counts(table: pd.DataFrame) -> list[str]:
    """Numbers of passages and documents behind a row, from the fewest to the most; a sentence or none."""
    parts = []
    for name in _COUNTS:
        if name in table.columns:
            fewest, most = int(table[name].min()), int(table[name].max())
            count = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
            parts.append(f"{count} {name.removeprefix('n_')}")
    return [f"Behind each row: {', '.join(parts)}."] if parts else []
