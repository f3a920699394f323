"""Rows of tables that are Parquet files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from framing.corpus.records import Row, Rows, check_columns, to_text
from framing.errors import InputError

__all__ = ["read_parquet"]

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
