"""A table as HTML: every cell escaped, headings in words, counts and methods in the caption."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from framing.analysis.differences import REST
from framing.analysis.wording import name_frame
from framing.reports.cells import (
    LOG_HEADINGS,
    MARKED,
    find_bounded,
    find_sort_value,
    format_cell,
    format_heading,
    format_interval,
)
from framing.reports.passage_links import link_row
from framing.reports.scripts import describe_script
from framing.reports.table_captions import (
    COUNTED,
    describe_rows,
    find_common_asked,
    find_common_n_gold,
    find_unmarked,
    is_comparison,
)
from framing.texts import phrase, retell

__all__ = ["render_table", "spread_measures"]

_MOST_SHOWN, _MOST_TEXTS = 8, 6  # rows that stand open, and of passages
_MOST_ROWS = 200  # rows of a table that are in the page

_HIDDEN = {"low", "high", "passage_id", "method", "group_a", "group_b", "hypothesis"}
_HIDDEN_BESIDE_TEXTS = {  # two texts side by side need the width
    "story_id",
    "distance",
    "other_id",
    "outlet",
    "frame",
    "other_outlet",
    "other_frame",
}
_PASSAGE = ' class="passage"'
_STACKS = ' class="stacks"'  # on a narrow page the cells of a row stand below each other, its texts first
_CLASSES = {
    "text": _PASSAGE,
    "excerpt": _PASSAGE,
    "other_text": _PASSAGE,
    "translation": _PASSAGE,
    "note": ' class="note"',
    "near": ' class="note"',
    "reason": ' class="note"',
    "worst": ' class="note"',
    "in_words": _PASSAGE,
    "groups": ' class="pair"',
    "frame": ' class="frame"',
    "frame_a": ' class="frame"',
    **dict.fromkeys(MARKED, ' class="mark"'),
}
_MAY_BE_UNKNOWN = ("detectable", "equivalent", "p_value", "q_value")  # not shown if no row has one
_EVERY_GROUP = {"", "all", "all outlets"}
_FRAMES = {"frame", "frame_a", "frame_b", "other_frame", "gold", "decided", "confused_with"}  # columns of ids of frames
_SCROLLING = '<div style="max-height:28rem;overflow:auto">'  # in a notebook; a report has its own way, and drops it


def render_table(
    table: pd.DataFrame,
    *,
    name: str = "",
    caption: str = "",
    rows: int = 12,
    across: Sequence[str] = (),
    linkable: Mapping[str, Any] | None = None,
) -> str:
    """Return a table as HTML: the first rows open, and up to 200 behind them.

    Parameters
    ----------
    table : DataFrame
        The table. Every cell is escaped; shares are shown as per cent, an estimate and its interval in one column.
    name : str, default ""
        Name of the table, in the attribute `data-name`.
    caption : str, default ""
        Caption; the number of rows, the convention of the intervals and their methods are added.
    rows : int, default 12
        Number of rows that stand open, 8 at most, or 6 with passages. The rows behind them have the class `more`, up to
        200 in all; of a longer table only the first rows are in the page.
    across : sequence of str, default ()
        Measures to set side by side, in a line for each frame (or other key).
    linkable : mapping of str to Any or None, default None
        Groups and frames of the report, from `read_groups`. Frames then have their names, and link to their passages on
        the side-by-side page.

    Returns
    -------
    str
        A `table` element, in a box that scrolls if there are rows behind the first ones. Cells of numbers and days have
        the attribute `data-sort`; rows about a frame have `data-frame`, and the class `raw` if no label corrects them.
        A table with texts has the class `stacks`, and its cells the attribute `data-head`, their heading.

    Examples
    --------
    >>> "&lt;b&gt;" in render_table(pd.DataFrame({"text": ["<b>"]}))
    True
    """
    if across:
        table = spread_measures(table, across)
    if table.empty:
        nothing = escape(phrase("{caption}: none.", caption=caption))
        return f'<table data-name="{escape(name)}"><caption>{nothing}</caption></table>'
    names = dict(linkable.get("names", {})) if linkable else {}
    n_open = _count_open(table, rows)
    kept = table if len(table) <= _MOST_ROWS else table.head(n_open)
    visible = _label_texts(_join_groups(kept), names)
    hidden = _find_hidden(table, visible)
    columns = [column for column in visible.columns if column not in hidden]
    headings = _make_headings(table, columns)
    classes = {column: ' class="number"' if column in across else _find_class(visible, column) for column in columns}
    head = "".join(f"<th{classes[column]}>{escape(headings[column])}</th>" for column in columns)
    stacks = _PASSAGE in classes.values()
    heads = {column: f' data-head="{escape(headings[column])}"' if stacks else "" for column in columns}
    lines = []
    for number, row in enumerate(visible.to_dict("records")):
        link = link_row(row, dict(linkable)) if linkable else ""
        cells = "".join(
            f"<td{classes[column]}{heads[column]}{_describe_order(row[column])}{describe_script(row, column)}>"
            f"{_render_cell(column, row, link, names)}</td>"
            for column in columns
        )
        lines.append(f"<tr{_describe_row(row, is_open=number < n_open)}>{cells}</tr>")
    title = f"<caption>{escape(caption)} <small>{escape(describe_rows(table, kept))}</small></caption>"
    body = f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody>"
    html = f'<table data-name="{escape(name)}"{_STACKS if stacks else ""}>{title}{body}</table>'
    return f"{_SCROLLING}{html}</div>" if len(kept) > n_open else html


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
    counts = [name for name in COUNTED if name in table.columns]
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
    return phrase("{estimate} (no interval)", estimate=text) if pd.isna(row["low"]) else text


def _join_groups(table: pd.DataFrame) -> pd.DataFrame:
    """The two groups of a difference in one column, which takes less of the page's width."""
    if not {"group_a", "group_b"} <= set(table.columns):
        return table
    pairs = [
        phrase("{first} less {second}", first=a, second=retell(b) if b == REST else b)
        for a, b in zip(table["group_a"], table["group_b"], strict=True)
    ]
    joined = table.copy()
    joined.insert(list(table.columns).index("group_a"), "groups", pairs)
    return joined


def _label_texts(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Pairs of passages, each text under its outlet and frame."""
    if not {"text", "other_text", "outlet", "other_outlet", "frame", "other_frame"} <= set(table.columns):
        return table
    labelled = table.copy()
    for side in ("", "other_"):
        parts = zip(table[f"{side}outlet"], table[f"{side}frame"], table[f"{side}text"], strict=True)
        labelled[f"{side}text"] = [f"{outlet} · {names.get(frame, frame)}\n{text}" for outlet, frame, text in parts]
    return labelled


def _find_hidden(table: pd.DataFrame, visible: pd.DataFrame) -> set[str]:
    """Columns that have no column of their own on the page."""
    hidden = _HIDDEN | {f"{name}_{side}" for name in _find_with_bounds(visible.columns) for side in ("low", "high")}
    if is_comparison(table):
        hidden |= set(COUNTED)
    if "p_adjusted" in table.columns:
        hidden |= {"p_value", "n_groups"}
    if "n_both" in table.columns:
        hidden.add("measure")  # kappa, as the heading says
    if {"change", "group"} <= set(visible.columns) and set(table["group"]) <= _EVERY_GROUP:
        hidden.add("group")
    hidden |= {name for name in _MAY_BE_UNKNOWN if name in table.columns and table[name].isna().all()}
    if "translation" in table.columns and (table["translation"].fillna("") == "").all():
        hidden.add("translation")
    if "other_text" in visible.columns:
        hidden |= _HIDDEN_BESIDE_TEXTS
    if find_common_n_gold(table) is not None:
        hidden.add("n_gold")
    return hidden | set(find_common_asked(table)) | find_unmarked(table)


def _make_headings(table: pd.DataFrame, columns: list[str]) -> dict[str, str]:
    """Heading of each column that is shown."""
    bounded = find_bounded(table.columns)
    headings = {column: format_heading(str(column), bounded) for column in columns}
    headings.update((name, format_heading(name, name)) for name in _find_with_bounds(table.columns))
    headings.update(
        (bounded, phrase(heading)) for name, heading in LOG_HEADINGS.items() if bounded and name in table.columns
    )
    if "groups" in columns and bounded:
        is_part = "component" in columns
        headings[bounded] = (
            phrase("part in points (interval)") if is_part else phrase("difference in points (interval)")
        )
        headings.update({"difference": phrase("whole difference")} if is_part else {})
    if "n_both" in columns:
        headings["estimate"] = phrase("kappa (interval)")
    if {"group_a", "before_low", "after_low"} <= set(table.columns):
        headings["before"], headings["after"] = phrase("before, points (interval)"), phrase("after, points (interval)")
        headings[bounded] = phrase("after less before, points (interval)")
    if "f_value" in columns:
        headings["estimate"] = phrase("largest less smallest, points")
    if "n_enough" in columns:
        headings["n_gold"] = phrase("labels behind it")
    if "n_without" in columns:
        headings["n"] = phrase("texts")
    listed = {headings[column] for column in columns if not str(column).startswith("n_")}
    for column in columns:
        if str(column).startswith("n_") and headings[column] in listed:  # a list of them stands beside their number
            headings[column] = phrase("{heading} (number)", heading=headings[column])
    return headings


def _find_with_bounds(columns: Iterable[Any]) -> list[str]:
    """Columns whose interval stands beside them as `<name>_low` and `<name>_high`."""
    names = set(columns)
    return [str(name) for name in columns if {f"{name}_low", f"{name}_high"} <= names]


def _find_class(table: pd.DataFrame, column: Any) -> str:
    numeric = pd.api.types.is_numeric_dtype(table[column]) and not pd.api.types.is_bool_dtype(table[column])
    return ' class="number"' if numeric else _CLASSES.get(column, "")


def _count_open(table: pd.DataFrame, rows: int) -> int:
    """Number of rows that stand open; all, if only one or two would be left."""
    most = min(rows, _MOST_TEXTS if "text" in table.columns else _MOST_SHOWN)
    return len(table) if len(table) <= most + 2 else most


def _describe_row(row: dict[Any, Any], *, is_open: bool) -> str:
    """Attributes of a row: its frame, and whether labels correct it."""
    frame = row.get("frame", row.get("frame_a"))
    is_raw = "estimate" in row and "n_gold" in row and not pd.isna(row["n_gold"]) and row["n_gold"] == 0
    words = " ".join((["more"] if not is_open else []) + (["raw"] if is_raw else []))
    about = f' data-frame="{escape(frame)}"' if isinstance(frame, str) else ""
    return about + (f' class="{words}"' if words else "")


def _describe_order(value: Any) -> str:
    order = find_sort_value(value)
    return f' data-sort="{escape(order)}"' if order else ""


def _render_cell(column: Any, row: dict[Any, Any], link: str, names: Mapping[str, str]) -> str:
    """Escaped text of a cell; a frame has its name, which is a link if there is one."""
    value = row[column]
    is_frame = column in _FRAMES and isinstance(value, str)
    text = escape(_name_frames(value, names) if is_frame else format_cell(column, row))
    return f'<a href="{escape(link)}">{text}</a>' if link and column in ("frame", "frame_a") else text


def _name_frames(value: str, names: Mapping[str, str]) -> str:
    """Names of the frames in a cell, which may list several ids; other texts as they are."""
    parts = [part.strip() for part in value.split(";")]
    return "; ".join(name_frame(part, names) for part in parts) if set(parts) <= set(names) else retell(value)
