"""Tables for other programs, in the format of the file's ending; in what a spreadsheet opens, formulas are text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from framing.errors import InputError
from framing.files.escaping import format_csv, harmless_table
from framing.files.whole import whole_file, write_table

__all__ = ["EXPORT_ENDINGS", "check_export", "write_export"]

EXPORT_ENDINGS = (".csv", ".tsv", ".jsonl", ".parquet", ".xlsx")
_MAX_CELL, _MAX_ROWS = 32_767, 1_048_576  # characters in a cell and rows of an XLSX sheet


def check_export(path: Path, *, argument: str = "output") -> None:
    """Check before any work that `write_export` can write to a path.

    Parameters
    ----------
    path : Path
        The file to be written.
    argument : str, default "output"
        Name of the argument that gave the path, for the message.

    Raises
    ------
    InputError
        If the ending is of no known format, or there is no such folder.
    """
    if path.suffix.lower() not in EXPORT_ENDINGS:
        raise InputError(f"{path}: expected a name ending in {', '.join(EXPORT_ENDINGS)}.", argument=argument)
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}.", argument=argument)


def write_export(table: pd.DataFrame, path: Path) -> None:
    """Write a table in the format of the file's ending, whole or not at all.

    Parameters
    ----------
    table : DataFrame
        Any table.
    path : Path
        The file; its ending is one of `EXPORT_ENDINGS`.

    Raises
    ------
    InputError
        If the file cannot be written, or an XLSX sheet cannot hold the table; an earlier file stays.

    Notes
    -----
    In CSV, TSV and XLSX a text that a spreadsheet would run as a formula gets an apostrophe before it. JSON lines and
    Parquet hold every text as it is.
    """
    ending = path.suffix.lower()
    if ending not in (".tsv", ".xlsx"):
        write_table(table, path)
        return
    try:
        with whole_file(path) as work:
            if ending == ".xlsx":
                _write_workbook(table, work, path)
            else:
                work.write_bytes(format_csv(table, separator="\t").encode("utf-8", "replace"))
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from None


def _write_workbook(table: pd.DataFrame, work: Path, path: Path) -> None:
    """One sheet."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    safe = harmless_table(table).astype(object).where(table.notna().to_numpy(), None)
    rows = [tuple(safe.columns), *safe.itertuples(index=False, name=None)]
    _check_cells(rows, path)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("table")
    for row in rows:
        cells = []
        for value in row:
            plain = value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
            cell = WriteOnlyCell(sheet, plain)
            if isinstance(plain, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    with work.open("wb") as stream:
        book.save(stream)


def _check_cells(rows: list[tuple[Any, ...]], path: Path) -> None:
    """Refuse what a sheet cannot hold: openpyxl would cut it."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    remedy = "Write .csv, .tsv, .jsonl or .parquet."
    if len(rows) > _MAX_ROWS:
        raise InputError(f"{path}: a sheet has at most {_MAX_ROWS:,} rows, the table has {len(rows):,}. {remedy}")
    for number, row in enumerate(rows, start=1):
        for name, value in zip(rows[0], row, strict=True):
            if not isinstance(value, str):
                continue
            if len(value) > _MAX_CELL:
                raise InputError(
                    f"{path}, row {number}, {name}: a cell holds at most {_MAX_CELL:,} characters, this text has "
                    f"{len(value):,}. {remedy}"
                )
            if ILLEGAL_CHARACTERS_RE.search(value):
                raise InputError(
                    f"{path}, row {number}, {name}: the text has a control character, which XLSX cannot hold. {remedy}"
                )
