"""The first rows of a table: which of them is the header, or whether there is none."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from framing.corpus.containers import open_streams, read_lines
from framing.corpus.header import DEPTH
from framing.corpus.layout import SEPARATORS, open_reader, read_record, take_head
from framing.corpus.proposal.column_names import NAMES, rate_name
from framing.corpus.proposal.date_forms import find_date_forms
from framing.errors import InputError

__all__ = ["find_header_columns", "has_no_header", "list_first_rows", "list_sheets"]

_WHOLE = 0.6  # rating of a name that is one of the list
_MIN_NAMES = 2  # names of ours that a row must have to be the header
_LONG = 80  # characters; longer cells are no names of columns
_URL = re.compile(r"https?://", re.IGNORECASE)


def find_header_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Find the header of a table by the names in it, also below other lines.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first rows.

    Returns
    -------
    list of str
        Names in the header by which it is found; none where no row has two of them.

    Examples
    --------
    >>> find_header_columns([["Export of 5 July"], ["Title", "Date", "x"], ["a", "b", "c"]])
    ['Title', 'Date']
    """
    named = [_find_names(row) for row in rows]
    best = max(range(len(named)), key=lambda place: len(named[place]), default=0)
    return named[best] if named and len(named[best]) >= _MIN_NAMES else []


def _find_names(row: Sequence[str]) -> list[str]:
    """Cells of a row that are names of our columns, one for each."""
    found: dict[str, str] = {}
    for cell in row:
        for column in NAMES:
            if column not in found and cell not in found.values() and rate_name(cell, column) >= _WHOLE:
                found[column] = cell
                break
    return list(found.values())


def has_no_header(names: Sequence[str]) -> bool:
    """Check whether what stands as the names of columns is a row of data.

    Parameters
    ----------
    names : sequence of str
        The first row.

    Returns
    -------
    bool
        True where one of them is a date, an address or a long text, and none is the name of a column.

    Examples
    --------
    >>> has_no_header(["a1", "2025-07-04", "North Star"]), has_no_header(["id", "2024", "2025"])
    (True, False)
    """
    if any(rate_name(name, column) >= _WHOLE for name in names for column in NAMES):
        return False
    return any(len(name) > _LONG or _URL.match(name) or _is_date(name) for name in names)


def _is_date(name: str) -> bool:
    found = find_date_forms([name])
    return bool(found.formats or found.question)


def list_first_rows(path: Path, options: dict[str, Any]) -> list[list[str]]:
    """List the first rows of delimited text, under the separator that gives the most fields.

    Parameters
    ----------
    path : Path
        The file.
    options : dict of str to object
        Options of `read_rows` that are known.

    Returns
    -------
    list of list of str
        At most as many as those among which a header is looked for.
    """
    for name, stream in open_streams(path):
        head = take_head(read_lines(stream, name=name, encoding=options.get("encoding", "utf-8")))
        given = options.get("separator", "")
        readings = [_read_first(head, mark) for mark in ([given] if len(given) == 1 else SEPARATORS)]
        return max(readings, key=lambda rows: max(map(len, rows), default=0))
    return []


def _read_first(head: Sequence[str], separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = open_reader(head, separator, "minimal")
    while len(rows) < DEPTH:
        try:
            rows.append(read_record(reader))
        except (StopIteration, csv.Error):
            break
    return rows


def list_sheets(path: Path) -> dict[str, list[list[str]]]:
    """List the sheets of a workbook with their first rows.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict of str to list of list of str
        Rows by the title of the sheet.

    Raises
    ------
    InputError
        If it is no workbook.
    """
    from openpyxl import load_workbook

    for name, stream in open_streams(path, seekable=True):
        try:
            sheets = {}
            for sheet in load_workbook(stream, read_only=True, data_only=True).worksheets:
                sheet.reset_dimensions()
                rows = sheet.iter_rows(max_row=DEPTH, values_only=True)
                sheets[str(sheet.title)] = [["" if cell is None else str(cell) for cell in row] for row in rows]
            return sheets
        except Exception as error:  # openpyxl passes on whatever its zip and XML parsers raise
            raise InputError(f"{name} is not a readable XLSX workbook: {error}") from None
    return {}
