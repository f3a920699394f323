"""Show a table or chart in a notebook, and keep it when a report is being made."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from framing.charts import to_svg
from framing.errors import InputError
from framing.spreadsheets import write_csv

__all__ = ["OUTPUT_VARIABLE", "render_table", "show"]

OUTPUT_VARIABLE = "FRAMING_REPORT_OUTPUT"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")
_PERCENT = {"estimate", "low", "high", "share", "share_of_gold", "share_abstained", "coverage", "risk"}
_ROUND_PERCENT = {"asked", "confidence"}  # chosen by a person, so mostly without decimals
_HAS_INTERVAL = ("estimate", "share", "risk")  # the first of them that a table has is what low and high bound


def show(item: Any, name: str, *, caption: str = "", rows: int = 12) -> None:
    """Display a table (its first `rows` rows) or an Altair chart under a stable `name`.

    When a report is made, the whole table is kept as `tables/<name>.parquet` and `.csv`, the chart as
    `charts/<name>.svg`; the page links to them. Text in either is escaped.
    """
    from IPython.display import display

    if not _NAME.fullmatch(name):
        raise InputError(f"show: the name {name!r} must be lower-case letters, digits and _.")
    output = os.environ.get(OUTPUT_VARIABLE)
    if isinstance(item, pd.DataFrame):
        if item.index.name is not None:
            item = item.reset_index()  # a named index is a column of the table
        if output:
            _keep_table(item, name, Path(output) / "tables")
        display(_Bundle({"text/html": render_table(item, name=name, caption=caption, rows=rows)}), metadata=_tag(name))
        return
    svg = to_svg(item)
    if output:
        _write(Path(output) / "charts" / f"{name}.svg", svg.encode("utf-8"))
    display(
        _Bundle({"image/svg+xml": svg, "text/plain": caption or name}),
        metadata={**_tag(name), "framing_caption": caption or _title(item)},
    )


class _Bundle:
    """A displayed object with the given representations."""

    def __init__(self, data: dict[str, str]) -> None:
        self._data = data

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": "", **self._data}


def _tag(name: str) -> dict[str, str]:
    return {"framing_name": name}


def _title(chart: Any) -> str:
    title = getattr(chart, "title", "")
    return str(getattr(title, "text", title))


def _keep_table(table: pd.DataFrame, name: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    table.to_parquet(folder / f"{name}.parquet", index=False)
    # a spreadsheet would run a cell that starts like a formula; the Parquet file keeps the text as it is
    write_csv(table, folder / f"{name}.csv")


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def render_table(table: pd.DataFrame, *, name: str = "", caption: str = "", rows: int = 12) -> str:
    """HTML of the first rows, every cell escaped; shares as per cent, an interval as one column.

    >>> "&lt;b&gt;" in render_table(pd.DataFrame({"text": ["<b>"]}))
    True
    """
    shown = table.head(rows)
    hidden = {"low", "high", "passage_id", "method"}
    if "n_gold" in table.columns and not table["n_gold"].any():
        hidden.add("n_gold")
    columns = [column for column in shown.columns if column not in hidden]
    bounded = _bounded(table.columns)
    head = "".join(f"<th{_align(shown, column)}>{escape(_heading(str(column), bounded))}</th>" for column in columns)
    body = []
    for record in shown.to_dict("records"):
        cells = "".join(f"<td{_align(shown, column)}>{escape(_cell(column, record))}</td>" for column in columns)
        body.append(f"<tr>{cells}</tr>")
    more = f"{len(table):,} row{'s' * (len(table) != 1)}."
    if len(table) > len(shown):
        more = f"{len(shown):,} of {len(table):,} rows shown."
    if table.empty:
        return f'<table data-name="{escape(name)}"><caption>{escape(caption)}: none.</caption></table>'
    if "method" in table.columns:
        more += f" Intervals: {'; '.join(map(str, shown['method'].unique()))}."
    title = f"<caption>{escape(caption)} <small>{escape(more)}</small></caption>"
    rest = f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
    return f'<table data-name="{escape(name)}">{title}{rest}</table>'


def _align(table: pd.DataFrame, column: Any) -> str:
    numeric = pd.api.types.is_numeric_dtype(table[column]) and not pd.api.types.is_bool_dtype(table[column])
    return ' class="number"' if numeric else (' class="passage"' if column in ("text", "excerpt") else "")


def _bounded(columns: Iterable[Any]) -> str:
    """Name of the column that low and high are the interval of; empty where there are none."""
    names = set(columns)
    return next((name for name in _HAS_INTERVAL if {name, "low", "high"} <= names), "")


def _heading(column: str, bounded: str) -> str:
    if column == "p_adjusted":
        return "adjusted p"
    words = column.removeprefix("n_").replace("_", " ")
    return f"{words} (interval)" if column == bounded else words


def _cell(column: Any, record: dict[Any, Any]) -> str:
    value = record[column]
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column == _bounded(record):
        return _with_interval(record, column)
    if column == "measure":
        return str(value).replace("_", " ")
    if column in _ROUND_PERCENT:
        return f"{100 * value:.4g}%"
    if column in _PERCENT:
        return f"{value:.1%}"
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
    form, scale, unit = ".1%", 1, ""
    if "group_a" in record:
        form, scale, unit = "+.1f", 100, " points"
    elif "measure" in record:
        form = ".3f"
    text = format(scale * record[column], form) + unit
    if pd.isna(record["low"]):
        return text
    return f"{text} ({format(scale * record['low'], form)} to {format(scale * record['high'], form)})"
