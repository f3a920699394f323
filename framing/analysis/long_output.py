"""Tables of a source whose parts are classified, written part after part: no more than a piece is in memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from framing.analysis.classified import make_long
from framing.analysis.part_scores import load_part, load_windows
from framing.errors import InputError
from framing.files.escaping import harmless, harmless_table
from framing.files.whole import whole_file

__all__ = ["write_long", "write_windows"]

_PIECE = 1024  # passages whose rows are in memory at once


def write_long(
    output: Path, parts: Iterable[Path], frames: list[str], *, quote_texts: bool, moments: pd.Series
) -> None:
    """Write classified parts as one table with a row a passage and frame, whole or not at all.

    Parameters
    ----------
    output : Path
        The file: .csv, .jsonl, else Parquet; the same bytes as `framing.files.whole.write_table` writes for CSV and
        JSON lines.
    parts : iterable of Path
        Files of the parts that have passages, in their order.
    frames : list of str
        Frame ids of the codebook.
    quote_texts : bool
        CSV: whether all texts are quoted, since one of them has a carriage return.
    moments : Series
        `published` of all documents: CSV has times where one of them has a time.

    Raises
    ------
    InputError
        If the file cannot be written; an earlier one stays.
    """
    is_csv = output.suffix.lower() == ".csv"
    pieces = _make_pieces(parts, [harmless(frame) for frame in frames] if is_csv else frames, escape=is_csv)
    _write(output, pieces, quote_texts=quote_texts, finest=_find_finest(moments) if is_csv else None)


def write_windows(output: Path, parts: Iterable[Path], *, quote_texts: bool) -> None:
    """Write the windows of classified parts as one table with a row a document, frame and window, whole or not at all.

    Parameters
    ----------
    output : Path
        The file: .csv, .jsonl, else Parquet.
    parts : iterable of Path
        Files of the parts that have passages, in their order; each has its windows.
    quote_texts : bool
        CSV: whether all texts are quoted, since one of them has a carriage return.

    Raises
    ------
    InputError
        If the file cannot be written; an earlier one stays.
    """
    _write(output, _make_windows(parts, escape=output.suffix.lower() == ".csv"), quote_texts=quote_texts)


def _make_windows(parts: Iterable[Path], *, escape: bool) -> Iterator[pd.DataFrame]:
    """The windows part by part; without any a table without rows."""
    n_windows = 0
    for part in parts:
        table = load_windows(part)
        n_windows += len(table)
        if len(table):
            yield harmless_table(table) if escape else table
    if not n_windows:
        yield table


def _write(
    output: Path, pieces: Iterable[pd.DataFrame], *, quote_texts: bool, finest: pd.Timestamp | None = None
) -> None:
    """Write a table in pieces, whole or not at all."""
    try:
        with whole_file(output) as work:
            if output.suffix.lower() == ".csv":
                _write_csv(work, pieces, quote_texts=quote_texts, finest=finest)
            elif output.suffix.lower() == ".jsonl":
                with work.open("w", encoding="utf-8") as stream:
                    for table in pieces:
                        table.to_json(stream, orient="records", lines=True, date_format="iso", force_ascii=False)
            else:
                _write_parquet(work, pieces)
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror or error}.") from None


def _make_pieces(parts: Iterable[Path], frames: list[str], *, escape: bool = False) -> Iterator[pd.DataFrame]:
    """The long table in pieces; with `escape` its texts are those for a spreadsheet."""
    for part in parts:
        passages, scores, decisions = load_part(part)
        for start in range(0, len(passages), _PIECE):
            rows = slice(start, start + _PIECE)
            piece = passages.iloc[rows].reset_index(drop=True)
            if escape:  # before each passage has a row a frame
                names = piece.columns
                piece = harmless_table(piece).set_axis(names, axis=1)
            yield make_long(piece, scores[rows], decisions[rows], frames)


def _write_csv(work: Path, pieces: Iterable[pd.DataFrame], *, quote_texts: bool, finest: pd.Timestamp | None) -> None:
    quoting = csv.QUOTE_NONNUMERIC if quote_texts else csv.QUOTE_MINIMAL
    with work.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        for number, table in enumerate(pieces):
            if "published" in table.columns:
                table["published"] = _format_moments(table["published"], finest)
            header = [harmless(name) for name in table.columns] if number == 0 else False
            table.to_csv(stream, index=False, header=header, lineterminator="\n", quoting=quoting)  # type: ignore[call-overload]


def _find_finest(moments: pd.Series) -> pd.Timestamp | None:
    """A moment with the smallest unit of time that occurs: pandas writes all moments of a column to that unit."""
    known = moments.dropna().astype("datetime64[us]")
    values = known.to_numpy().astype(np.int64)
    for unit in (1_000, 1_000_000, 86_400_000_000):  # microseconds in a millisecond, a second, a day
        finer = values % unit != 0
        if finer.any():
            return pd.Timestamp(known.iloc[int(np.argmax(finer))])
    return None


def _format_moments(moments: pd.Series, finest: pd.Timestamp | None) -> list[str]:
    """Moments as pandas writes them in a column that has the finest one."""
    codes, unique = pd.factorize(moments)
    column = pd.Series([*unique, *([] if finest is None else [finest])], dtype="datetime64[us]")
    texts = column.to_csv(index=False, header=False).splitlines() if len(column) else []
    return ["" if code < 0 else texts[code] for code in codes]


def _write_parquet(work: Path, pieces: Iterable[pd.DataFrame]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writer: Any = None
    try:
        for piece in pieces:
            table = pa.Table.from_pandas(piece, preserve_index=False, schema=None if writer is None else writer.schema)
            if writer is None:
                writer = pq.ParquetWriter(work, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()
