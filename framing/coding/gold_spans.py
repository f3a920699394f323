"""The file of marked words beside a gold file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from framing.corpus.formats import Refused, read_rows
from framing.errors import InputError
from framing.files.spreadsheets import restored, restored_id
from framing.tables import SPANS

__all__ = ["read_spans", "spans_path"]


def spans_path(gold: Path) -> Path:
    """Where the marked words of a gold file are.

    Parameters
    ----------
    gold : Path
        The gold file.

    Returns
    -------
    Path
        Beside it.

    Examples
    --------
    >>> spans_path(Path("mine/gold.csv")).as_posix()
    'mine/gold_spans.csv'
    """
    return gold.with_name(f"{gold.stem}_spans.csv")


def read_spans(path: Path) -> pd.DataFrame:
    """Read marked words.

    Parameters
    ----------
    path : Path
        A file that `framing gold` wrote.

    Returns
    -------
    DataFrame
        `passage_id, coder, frame, start, end, text`, the places as whole numbers.

    Raises
    ------
    InputError
        If it cannot be read, lacks a column, or a place is no whole number, with file and line.
    """
    rows = []
    for row in read_rows(path, kind="csv", needed=SPANS):
        if isinstance(row, Refused):
            raise InputError(f"{path}, line {row.line}: {row.reason}.")
        cells = {name: row.values[name] for name in SPANS}
        for name in ("start", "end"):
            if not cells[name].isdecimal():
                raise InputError(f"{path}, line {row.line}: {name} is {cells[name]!r}; expected a whole number.")
        places = {name: int(cells[name]) for name in ("start", "end")}
        passage_id, text = restored_id(cells["passage_id"]), restored(cells["text"])
        rows.append({**cells, **places, "passage_id": passage_id, "text": text})
    return pd.DataFrame(rows, columns=list(SPANS))
