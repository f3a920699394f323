"""Rows of tables that are binary files: Parquet and XLSX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO

from framing.corpus.records import Refused, Row, Rows, check_columns, to_text
from framing.errors import InputError

__all__ = ["read_parquet", "read_workbook"]

_BATCH = 2048  # rows read at a time


def read_parquet(stream: IO[bytes], name: str, needed: Sequence[str]) -> Rows:
    """Rows of a Parquet file.

    Parameters
    ----------
    stream : binary file
        The file, which can seek.
    name : str
        Name of the file.
    needed : sequence of str
        Columns that it must have.

    Yields
    ------
    Row
        In the order of the file, numbered from 1.

    Raises
    ------
    InputError
        If it is no Parquet file, or lacks a column.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(stream)
        check_columns(name, table.schema_arrow.names, needed)
        number = 0
        for batch in table.iter_batches(batch_size=_BATCH):
            for record in batch.to_pylist():
                number += 1
                yield Row(name, number, {key: to_text(value) for key, value in record.items()})
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{name} is not a readable Parquet file: {reason}") from None


def read_workbook(stream: IO[bytes], name: str, needed: Sequence[str], *, sheets: Sequence[str] = ()) -> Rows:
    """Rows of the first sheet of an XLSX workbook, below its header.

    Parameters
    ----------
    stream : binary file
        The file, which can seek.
    name : str
        Name of the file.
    needed : sequence of str
        Columns that it must have.
    sheets : sequence of str, default ()
        Names of the sheets to read.

    Yields
    ------
    Row or Refused
        In the order of the sheet, by the number of the row in it.

    Raises
    ------
    InputError
        If it is no workbook, or lacks a column.
    """
    rows = _read_cells(stream, name)
    header = [to_text(cell).strip() for cell in next(rows, ())]
    while header and not header[-1]:
        header.pop()
    check_columns(name, header, needed)
    for number, cells in enumerate(rows, start=2):
        if all(cell is None for cell in cells):
            continue
        beyond = [cell for cell in cells[len(header) :] if cell is not None]
        if beyond:
            yield Refused(name, number, f"{len(beyond)} cell(s) beyond the {len(header)} headed columns")
            continue
        padded = [*cells, *[None] * (len(header) - len(cells))][: len(header)]
        values = {key: to_text(cell) for key, cell in zip(header, padded, strict=True) if key}
        yield Row(name, number, values)


def _read_cells(stream: IO[bytes], name: str) -> Iterator[tuple[object, ...]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(stream, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a wrong size in the file would hide rows
        yield from sheet.iter_rows(values_only=True)
        book.close()
    except Exception as error:  # openpyxl passes on whatever its zip and XML parsers raise
        raise InputError(f"{name} is not a readable XLSX workbook: {error}") from None
