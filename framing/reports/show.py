"""Show a table or chart in a notebook, and keep it when a report is being made."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from framing.charts.drawing import svg_to_png, to_svg
from framing.errors import InputError
from framing.files.spreadsheets import write_csv
from framing.reports.passage_links import linked_groups
from framing.reports.table_html import render_table

__all__ = ["OUTPUT_VARIABLE", "show"]

OUTPUT_VARIABLE = "FRAMING_REPORT_OUTPUT"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


def show(item: Any, name: str, *, caption: str = "", rows: int = 12, across: Sequence[str] = ()) -> None:
    """Display a table, a chart or a paragraph under a stable name.

    When a report is made, the whole table is kept as `tables/<name>.parquet` and `.csv`, the chart as
    `charts/<name>.svg` and `.png`; the page links to them. Text in either is escaped.

    Parameters
    ----------
    item : DataFrame, Chart or str
        A table, an Altair chart, or a paragraph of Markdown.
    name : str
        Stable name of the table or chart.
    caption : str, default ""
        Caption.
    rows : int, default 12
        Rows of a table that are displayed; all are kept.
    across : sequence of str, default ()
        Measures that stand side by side, a line for each frame (or other key).
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
        known = linked_groups(Path(output)) if output else {}
        html = render_table(item, name=name, caption=caption, rows=rows, across=across, known=known)
        display(_Bundle({"text/html": html}), metadata=_tag(name))
        return
    if isinstance(item, str):
        display(_Bundle({"text/markdown": item, "text/plain": item}), metadata=_tag(name))
        return
    svg = to_svg(item)
    if output:
        _write(Path(output) / "charts" / f"{name}.svg", svg.encode("utf-8"))
        _write(Path(output) / "charts" / f"{name}.png", svg_to_png(svg))
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
