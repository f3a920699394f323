"""Frames that the classifier marks too poorly for uncorrected numbers: their rows say so."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape
from pathlib import Path

import pandas as pd

from framing.texts import phrase, phrase_later

__all__ = ["POOR", "find_poor_frames", "mark_poor_rows"]

POOR = "poor"  # verdict of the table `floor`, and class of the rows
_WORDS = phrase_later("poor marks")
_ROW = re.compile(r"<tr(?P<rest> [^>]*)>(?P<cells>.*?)</tr>", re.DOTALL)
_FRAME_CELL = re.compile(r'(<td class="frame"[^>]*>.*?)(</td>)', re.DOTALL)


def find_poor_frames(work: Path) -> list[str]:
    """Find the frames whose marks fall below the floor.

    Parameters
    ----------
    work : Path
        Folder of a report, with its tables.

    Returns
    -------
    list of str
        Ids of the frames whose `verdict` in the table `floor` is `poor`; none if the report has no such table.
    """
    path = work / "tables" / "floor.parquet"
    if not path.is_file():
        return []
    table = pd.read_parquet(path)
    if not {"frame", "verdict"} <= set(table.columns):
        return []
    return table.loc[table["verdict"] == POOR, "frame"].astype(str).tolist()


def mark_poor_rows(html: str, poor: Collection[str]) -> str:
    """Grey the rows of a table that rest on the raw marks of poor frames, and say so in words.

    Parameters
    ----------
    html : str
        A table as `framing.reports.table_html.render_table` makes it, cleaned.
    poor : collection of str
        Ids of the frames.

    Returns
    -------
    str
        The same with the class `poor` and a remark in these rows.

    Examples
    --------
    >>> mark_poor_rows('<tr data-frame="a" class="raw"><td class="frame">A</td></tr>', ["a"])
    '<tr data-frame="a" class="raw poor"><td class="frame">A <small>poor marks</small></td></tr>'
    """
    names = {escape(frame) for frame in poor}

    def mark(row: re.Match[str]) -> str:
        attributes = row["rest"]
        frame = re.search(r'data-frame="([^"]*)"', attributes)
        classes = re.search(r'class="([^"]*)"', attributes)
        if frame is None or frame[1] not in names or classes is None or "raw" not in classes[1].split():
            return row[0]
        cells = _FRAME_CELL.sub(rf"\1 <small>{escape(phrase(_WORDS))}</small>\2", row["cells"], count=1)
        marked = f'class="{classes[1]} {POOR}"'
        return f"<tr{attributes.replace(classes[0], marked)}>{cells}</tr>"

    return _ROW.sub(mark, html) if names else html
