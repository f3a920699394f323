"""Tables in the form of a paper: cells as text, and shares wide, a row a frame and a column a group."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from framing.reports.cells import find_bounded, format_cell, format_heading

__all__ = ["find_group", "set_cells", "spread_groups"]

_HIDDEN = {"low", "high", "method", "passage_id", "document_id", "raw_low", "raw_high", "ratio_low", "ratio_high"}
_GROUPS = ("outlet", "perspective", "group", "language")


def find_group(table: pd.DataFrame, by: str) -> str:
    """Find the column by which a table of estimates can be spread.

    Parameters
    ----------
    table : DataFrame
        A table of a report.
    by : str
        Column whose groups the report compares.

    Returns
    -------
    str
        The column; empty if the table has not one estimate a frame and group.

    Examples
    --------
    >>> table = pd.DataFrame({"frame": ["x", "x"], "outlet": ["A", "B"], "estimate": 0.1, "low": 0.0, "high": 0.2})
    >>> find_group(table, "outlet"), find_group(pd.concat([table, table]), "outlet")
    ('outlet', '')
    """
    if "frame" not in table.columns or "measure" in table.columns or find_bounded(table.columns) != "estimate":
        return ""
    for column in dict.fromkeys((by, *_GROUPS)):
        if column in table.columns and not table.duplicated(["frame", column]).any():
            return column
    return ""


def spread_groups(table: pd.DataFrame, group: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Spread estimates: a row a frame, a column a group, each cell `estimate [low, high]`.

    Parameters
    ----------
    table : DataFrame
        One estimate a frame and group.
    group : str
        Column of the groups.
    names : mapping of str to str
        Name of each frame by its id.

    Returns
    -------
    DataFrame
        Text in per cent; in points if the estimates are differences.

    Examples
    --------
    >>> row = {"frame": "x", "outlet": "A", "estimate": 0.123, "low": 0.1, "high": 0.2}
    >>> spread_groups(pd.DataFrame([row]), "outlet", {"x": "Alarm"}).values.tolist()
    [['Alarm', '12.3 [10.0, 20.0]']]
    """
    form = "+.1f" if {"rest", "differs"} & set(table.columns) else ".1f"
    cells: dict[str, dict[str, str]] = {}
    for row in table.to_dict("records"):
        cells.setdefault(str(row["frame"]), {})[str(row[group])] = _write(row, form)
    groups = sorted({name for row in cells.values() for name in row})
    order = [frame for frame in names if frame in cells] + [frame for frame in cells if frame not in names]
    lines = [[names.get(frame, frame), *(cells[frame].get(name, "") for name in groups)] for frame in order]
    return pd.DataFrame(lines, columns=["frame", *groups])


def set_cells(table: pd.DataFrame, names: Mapping[str, str], *, rows: int) -> pd.DataFrame:
    """Write the cells of a table as text, an interval beside its estimate.

    Parameters
    ----------
    table : DataFrame
        A table of a report.
    names : mapping of str to str
        Name of each frame by its id.
    rows : int
        Most rows.

    Returns
    -------
    DataFrame
        Text, with headings in words.
    """
    bounded = find_bounded(table.columns)
    shown = [column for column in table.columns if column not in _HIDDEN or (column == "low" and not bounded)]
    lines = []
    for row in table.head(rows).to_dict("records"):
        named = {
            key: names.get(str(value), value) if str(key).startswith("frame") else value for key, value in row.items()
        }
        lines.append([format_cell(column, named) for column in shown])
    return pd.DataFrame(lines, columns=[format_heading(str(column), bounded) for column in shown])


def _write(row: Mapping[object, object], form: str) -> str:
    """An estimate in per cent with its interval in brackets."""
    estimate, low, high = (float(str(row[key])) for key in ("estimate", "low", "high"))
    if pd.isna(estimate):
        return ""
    text = format(100 * estimate, form)
    return text if pd.isna(low) else f"{text} [{format(100 * low, form)}, {format(100 * high, form)}]"
