"""Show a table, chart or paragraph in a notebook, and write it to the report that is being made."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from framing.charts.drawing import make_spec, spec_to_svg, svg_to_png
from framing.charts.specs import make_bundle, read_title, remove_subtitle, remove_title, write_spec
from framing.errors import InputError
from framing.files.spreadsheets import write_csv
from framing.project import OUTPUT_VARIABLE
from framing.reports.chart_links import link_marks
from framing.reports.passage_links import read_groups
from framing.reports.table_html import render_table
from framing.texts import retell

__all__ = ["OUTPUT_VARIABLE", "keep_chart", "show"]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,60}")


def show(item: Any, name: str, *, caption: str = "", rows: int = 12, across: Sequence[str] = ()) -> None:
    """Display a table, a chart or a paragraph under a stable name.

    Parameters
    ----------
    item : DataFrame, Chart or str
        A table, an Altair chart, or a paragraph of Markdown.
    name : str
        Stable name of the table or chart: lower-case letters, digits and _.
    caption : str, default ""
        Caption.
    rows : int, default 12
        Number of rows of a table that are displayed; the files hold all.
    across : sequence of str, default ()
        Measures to set side by side, in a line for each frame (or other key).

    Raises
    ------
    InputError
        If the name has another form.

    Notes
    -----
    While a report is made, the whole table is written to `tables/<name>.parquet` and `.csv`, the chart to
    `charts/<name>.svg`, `.png` and `.vl.json`, its Vega-Lite specification; the page links to them. Text in either is
    escaped. Elsewhere a chart is displayed as Vega-Lite, and answers the mouse in JupyterLab.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"show: the name {name!r} must be lower-case letters, digits and _.")
    output = os.environ.get(OUTPUT_VARIABLE)
    folder = Path(output) if output else None
    metadata: dict[str, Any] = {"framing_name": name}
    caption = retell(caption)
    if isinstance(item, pd.DataFrame):
        content = {"text/html": _prepare_table(item, name, folder, caption=caption, rows=rows, across=across)}
    elif isinstance(item, str):
        content = {"text/markdown": item, "text/plain": item}
    else:
        _show_chart(item, name, folder, caption)
        return
    _display(content, metadata)


class _Bundle:
    """A displayed object with the given representations."""

    def __init__(self, content: dict[str, Any]) -> None:
        self._content = content

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": "", **self._content}


def _display(content: dict[str, Any], metadata: dict[str, Any]) -> None:
    from IPython.display import display

    display(_Bundle(content), metadata=metadata)


def _prepare_table(
    table: pd.DataFrame, name: str, folder: Path | None, *, caption: str, rows: int, across: Sequence[str]
) -> str:
    """HTML of a table, which is also written to the folder of a report."""
    if table.index.name is not None:
        table = table.reset_index()  # a named index is a column of the table
    linkable: dict[str, Any] = {}
    if folder is not None:
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        table.to_parquet(folder / "tables" / f"{name}.parquet", index=False)
        # a spreadsheet would run a cell that starts like a formula; the Parquet file has the text unchanged
        write_csv(table, folder / "tables" / f"{name}.csv")
        linkable = read_groups(folder)
    return render_table(table, name=name, caption=caption, rows=rows, across=across, linkable=linkable)


def _show_chart(chart: Any, name: str, folder: Path | None, caption: str) -> None:
    """Display a chart: in a report as drawing, which is also kept; else as Vega-Lite, which answers the mouse."""
    if folder is not None:
        _display(*keep_chart(chart, name, folder, caption=caption))
        return
    spec = make_spec(chart)
    words = _read_words(spec, caption)
    text = "".join(f"<p>{escape(words[key])}</p>" for key in ("verdict", "notes") if words.get(key))
    if text:
        _display({"text/html": text}, {"framing_name": name})
    content = {**make_bundle(remove_subtitle(spec)), "text/plain": words["title"] or name}
    _display(content, {"framing_name": name, "framing_caption": words["title"]})


def keep_chart(chart: Any, name: str, folder: Path, *, caption: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Write a chart to the folder of a report, and return what stands for it in the page.

    Parameters
    ----------
    chart : altair chart
        The chart.
    name : str
        Its name in the folder `charts`.
    folder : Path
        Folder of the report.
    caption : str, default ""
        Title in place of the chart's own.

    Returns
    -------
    dict
        Its drawing, by type, as the output of a cell.
    dict
        Its words, and the addresses of the passages behind its marks: the metadata of the output.
    """
    spec = make_spec(chart)
    words = _read_words(spec, caption)
    svg = spec_to_svg(spec)
    (folder / "charts").mkdir(parents=True, exist_ok=True)
    (folder / "charts" / f"{name}.svg").write_bytes(svg.encode("utf-8"))
    (folder / "charts" / f"{name}.png").write_bytes(svg_to_png(svg))
    write_spec(spec, folder / "charts" / f"{name}.vl.json")
    metadata = {
        "framing_name": name,
        "framing_caption": words["title"],
        "framing_words": words,
        "framing_links": link_marks(spec, read_groups(folder)),
    }
    return {"image/svg+xml": spec_to_svg(remove_title(spec)), "text/plain": words["title"] or name}, metadata


def _read_words(spec: dict[str, Any], caption: str) -> dict[str, Any]:
    """Title, verdict and notes of a chart."""
    words = {"title": read_title(spec), **(spec.get("usermeta") or {}).get("framing", {})}
    return {**words, "title": caption} if caption else words
