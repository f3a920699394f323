"""A table as HTML: every cell escaped, shares as per cent, an interval beside what it bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from framing.reports.passage_links import link_of

__all__ = ["render_table", "spread_measures"]

_PERCENT = {
    "estimate", "low", "high", "share", "share_of_gold", "share_abstained", "coverage", "share_kept", "risk",
    "raw", "raw_low", "raw_high", "before", "after", "common", "observed", "expected",
}  # fmt: skip
_POINTS = {"difference", "slope_a", "slope_b"}
_ROUND_PERCENT = {"asked", "confidence"}  # chosen by a person, so mostly without decimals
_CLASSES = {
    "text": ' class="passage"', "excerpt": ' class="passage"', "note": ' class="note"', "near": ' class="note"',
    "groups": ' class="pair"', "worst": ' class="note"', "other_text": ' class="passage"',
}  # fmt: skip
_RATIOS = {"ratio"}
_HEADINGS = {
    "n_enough": "labels needed, roughly", "n_without": "without copies",
    "n_own": "copies of its own texts", "n_others": "copies of others’ texts",
}  # fmt: skip
_LOGS = {  # a column of the table that tells that its estimate is a logarithm, and the heading of that
    "word": "log-odds (interval)",
    "frame_a": "log2 of observed over expected (interval)",
}
_BEHIND = ("n_passages", "n_documents")  # counts behind a row, in the caption where a row is a difference
_HAS_INTERVAL = ("rank", "estimate", "share", "risk")  # the first of them that a table has is what low and high bound


def render_table(
    table: pd.DataFrame,
    *,
    name: str = "",
    caption: str = "",
    rows: int = 12,
    across: Sequence[str] = (),
    known: Mapping[str, Any] | None = None,
) -> str:
    """HTML of the first rows, every cell escaped; shares as per cent, an interval as one column.

    `known`: groups and frames of the side-by-side page; frames then lead to their passages.

    >>> "&lt;b&gt;" in render_table(pd.DataFrame({"text": ["<b>"]}))
    True
    """
    if across:
        table = spread_measures(table, across)
    shown = _facing(_paired(table.head(rows)))
    hidden = {"low", "high", "passage_id", "method", "group_a", "group_b"}
    with_bounds = _with_bounds(shown.columns)
    hidden |= {f"{name}_{side}" for name in with_bounds for side in ("low", "high")}
    if "groups" in shown.columns:
        hidden |= set(_BEHIND)
    if "other_text" in shown.columns:  # two texts side by side need the width
        hidden |= {"story_id", "distance", "other_id", "outlet", "frame", "other_outlet", "other_frame"}
    n_gold = list(table["n_gold"].unique()) if {"n_gold", "estimate"} <= set(table.columns) else []
    if len(n_gold) == 1:  # the caption has it
        hidden.add("n_gold")
    asked = [name for name in ("asked", "confidence") if name in table.columns and table[name].nunique() == 1]
    hidden |= set(asked)
    columns = [column for column in shown.columns if column not in hidden]
    bounded = _bounded(table.columns)
    title_of = {column: _heading(str(column), bounded) for column in columns}
    title_of.update((name, f"{name.replace('_', ' ')} (interval)") for name in with_bounds)
    title_of.update((bounded, heading) for column, heading in _LOGS.items() if bounded and column in table.columns)
    if "groups" in columns and bounded:
        part = "component" in columns
        title_of[bounded] = f"{'part' if part else 'difference'} in points (interval)"
        title_of.update({"difference": "whole difference"} if part else {})
    if "n_enough" in columns:
        title_of["n_gold"] = "labels behind it"
    if "n_without" in columns:
        title_of["n"] = "texts"
    side = {column: ' class="number"' if column in across else _align(shown, column) for column in columns}
    head = "".join(f"<th{side[column]}>{escape(title_of[column])}</th>" for column in columns)
    body = []
    for record in shown.to_dict("records"):
        link = link_of(record, dict(known)) if known else ""
        cells = "".join(f"<td{side[column]}>{_linked(column, record, link)}</td>" for column in columns)
        body.append(f"<tr>{cells}</tr>")
    more = f"{len(table):,} row{'s' * (len(table) != 1)}."
    if len(table) > len(shown):
        more = f"{len(shown):,} of {len(table):,} rows shown."
    if table.empty:
        return f'<table data-name="{escape(name)}"><caption>{escape(caption)}: none.</caption></table>'
    if "method" in table.columns:
        methods = dict.fromkeys(part for text in shown["method"] for part in str(text).split("\n"))
        more += f" Intervals: {'; '.join(methods)}."
    if len(n_gold) == 1 and n_gold[0]:
        more += f" Labelled passages behind each row: {n_gold[0]:,}."
    if "groups" in shown.columns:
        more += _behind(table)
    if "ratio" in shown.columns and shown["ratio"].isna().any():
        more += " No ratio where a share is zero."
    more += "".join(f" {name.capitalize()}: {_cell(name, {name: table[name].iloc[0]})}." for name in asked)
    title = f"<caption>{escape(caption)} <small>{escape(more)}</small></caption>"
    rest = f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
    return f'<table data-name="{escape(name)}">{title}{rest}</table>'


def _linked(column: Any, record: dict[Any, Any], link: str) -> str:
    """Escaped text of a cell; that of a frame leads to its passages where there is a link."""
    text = escape(_cell(column, record))
    return f'<a href="{escape(link)}">{text}</a>' if link and column in ("frame", "frame_a") else text


def _with_bounds(columns: Iterable[Any]) -> list[str]:
    """Names of columns whose own interval stands beside them as `<name>_low` and `<name>_high`."""
    names = set(columns)
    return [str(name) for name in columns if {f"{name}_low", f"{name}_high"} <= names]


def _behind(table: pd.DataFrame) -> str:
    """How many passages and documents stand behind the rows, from the fewest to the most."""
    parts = []
    for name in _BEHIND:
        if name in table.columns and len(table):
            least, most = int(table[name].min()), int(table[name].max())
            count = f"{least:,}" if least == most else f"{least:,} to {most:,}"
            parts.append(f"{count} {name.removeprefix('n_')}")
    return f" Behind each row: {', '.join(parts)}." if parts else ""


def _paired(table: pd.DataFrame) -> pd.DataFrame:
    """The two groups of a difference in one column, which takes less of the page's width."""
    if not {"group_a", "group_b"} <= set(table.columns):
        return table
    pairs = [f"{a} less {b}" for a, b in zip(table["group_a"], table["group_b"], strict=True)]
    paired = table.copy()
    paired.insert(list(table.columns).index("group_a"), "groups", pairs)
    return paired


def _facing(table: pd.DataFrame) -> pd.DataFrame:
    """Two passages that face each other, each under the outlet that it is from and its frame."""
    if not {"text", "other_text", "outlet", "other_outlet", "frame", "other_frame"} <= set(table.columns):
        return table
    facing = table.copy()
    for side in ("", "other_"):
        heads = zip(table[f"{side}outlet"], table[f"{side}frame"], table[f"{side}text"], strict=True)
        facing[f"{side}text"] = [f"{outlet} · {frame}\n{text}" for outlet, frame, text in heads]
    return facing


def spread_measures(table: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """A row for each frame (or other keys, left of `measure`): measures as text with their intervals, then counts.

    `–` where a measure is undefined; `method` holds those of the row, a line each.
    """
    keys = list(table.columns[: table.columns.get_loc("measure")])
    counts = [name for name in ("n_passages", "n_documents") if name in table.columns]
    rows = []
    for key, part in table[table["measure"].isin(list(measures))].groupby(keys, sort=False):
        cells: dict[str, Any] = {}
        cells.update(zip(keys, key, strict=True))
        for record in part.to_dict("records"):
            cells[record["measure"]] = "–" if pd.isna(record["estimate"]) else _short(record)
        cells.update((name, part[name].iloc[0]) for name in counts)
        cells["method"] = "\n".join(dict.fromkeys(part["method"]))
        rows.append(cells)
    return pd.DataFrame(rows, columns=[*keys, *measures, *counts, "method"])


def _short(record: dict[Any, Any]) -> str:
    if pd.isna(record["low"]):
        return f"{record['estimate']:.2f} (no interval)"
    return f"{record['estimate']:.2f} ({record['low']:.2f} to {record['high']:.2f})"


def _align(table: pd.DataFrame, column: Any) -> str:
    numeric = pd.api.types.is_numeric_dtype(table[column]) and not pd.api.types.is_bool_dtype(table[column])
    return ' class="number"' if numeric else _CLASSES.get(column, "")


def _bounded(columns: Iterable[Any]) -> str:
    """Name of the column that low and high are the interval of; empty where there are none."""
    names = set(columns)
    return next((name for name in _HAS_INTERVAL if {name, "low", "high"} <= names), "")


def _heading(column: str, bounded: str) -> str:
    if column == "p_adjusted":
        return "adjusted p"
    if column in _HEADINGS:
        return _HEADINGS[column]
    words = "F1" if column == "f1" else column.removeprefix("n_").replace("_", " ")
    return f"{words} (interval)" if column == bounded else words


def _cell(column: Any, record: dict[Any, Any]) -> str:
    value = record[column]
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column == _bounded(record):
        return _with_interval(record, column)
    if f"{column}_low" in record:
        form = ".2f" if column in _RATIOS else ".1%"
        return _interval(value, record[f"{column}_low"], record[f"{column}_high"], form)
    if column == "measure":
        return "F1" if value == "f1" else str(value).replace("_", " ")
    if column in _ROUND_PERCENT:
        return f"{100 * value:.4g}%"
    if column in _PERCENT:
        return f"{value:.1%}"
    if column in _POINTS:
        return f"{100 * value:+.1f} points"
    if isinstance(value, pd.Timestamp):
        return value.strftime("%d %b %Y")
    if isinstance(value, float):
        if column == "p_adjusted":
            return "< 0.001" if value < 0.001 else f"{value:.3f}"
        return f"{value:,.1f}".removesuffix(".0") if abs(value) >= 10 else f"{value:.3f}"
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value)
    return text if len(text) <= 900 else text[:900] + " …"


def _with_interval(record: dict[Any, Any], column: str) -> str:
    """A difference in points, a measure as a number, else a share; with its interval where there is one."""
    form, scale = (".0f", 1) if column == "rank" else (".1%", 1)
    if any(name in record for name in _LOGS):
        form = "+.2f"
    elif "group_a" in record or "change" in record:
        form, scale = "+.1f", 100
    elif "measure" in record:
        form = ".3f"
    return _interval(scale * record[column], scale * record["low"], scale * record["high"], form)


def _interval(value: float, low: float, high: float, form: str) -> str:
    text = format(value, form)
    return text if pd.isna(low) else f"{text} ({format(low, form)} to {format(high, form)})"
