"""Rows of tables that are Parquet files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import IO, Any

from framing.corpus.encodings import describe_value
from framing.corpus.header import match_columns
from framing.corpus.nested import make_row
from framing.corpus.records import Refused, Rows, check_columns
from framing.errors import InputError

__all__ = ["read_parquet"]

_INDEX = "__index_level_0__"  # the index of a pandas table
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
    Row or Refused
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
        check_columns(name, match_columns(_name_leaves(table.schema_arrow), needed), needed)
        structs = {column.name for column in table.schema_arrow if pa.types.is_struct(column.type)}
        broken = _find_fractions(table)
        number = 0
        keys: set[str] = set()
        for batch in table.iter_batches(batch_size=_BATCH):
            for record in _list_records(batch):
                number += 1
                if isinstance(record, bytes):
                    yield Refused(name, number, f"a text is {describe_value(record)}")
                    continue
                values = {
                    key: _show_float(value) if key in broken else value
                    for key, value in record.items()
                    if key != _INDEX and not (value is None and key in structs)
                }
                yield make_row(values, name, number, needed, keys)
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{name} is not a readable Parquet file: {reason}") from None


def _list_records(batch: Any) -> Iterator[dict[str, Any] | bytes]:
    """Records of a batch; in the place of one with a text that is not UTF-8, the bytes of that text."""
    try:
        yield from batch.to_pylist()
    except UnicodeDecodeError:
        for place in range(batch.num_rows):
            try:
                (record,) = batch.slice(place, 1).to_pylist()
            except UnicodeDecodeError as error:
                record = error.object
            yield record


def _name_leaves(schema: Any) -> list[str]:
    """Names of the columns and of the fields within them, joined by dots."""
    import pyarrow as pa

    names: list[str] = []
    for column in schema:
        names.append(column.name)
        if pa.types.is_struct(column.type):
            names += [f"{column.name}.{name}" for name in _name_leaves(column.type)]
    return names


def _find_fractions(table: Any) -> set[str]:
    """Columns of floating numbers that are not all whole: in those whole numbers keep their decimal point."""
    import pyarrow as pa
    import pyarrow.compute as pc

    floats = [column.name for column in table.schema_arrow if pa.types.is_floating(column.type)]
    broken: set[str] = set()
    for batch in table.iter_batches(batch_size=_BATCH, columns=floats) if floats else ():
        for name, values in zip(batch.schema.names, batch.columns, strict=True):
            finite = values.cast("float64").filter(pc.is_finite(values.cast("float64")))
            if name not in broken and pc.any(pc.not_equal(pc.floor(finite), finite)).as_py():
                broken.add(name)
    return broken


def _show_float(value: Any) -> Any:
    return str(value) if isinstance(value, float) and math.isfinite(value) else value
