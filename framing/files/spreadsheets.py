"""Text for spreadsheet programs, escaped so that they neither run it as a formula nor read it as a number or date."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pandas as pd

from framing.files.whole import write_whole

__all__ = ["harmless", "harmless_id", "harmless_table", "restored", "restored_id", "write_csv"]

# with apostrophes before it, so that the one of `harmless` can be told from those of the text
_FORMULA = re.compile(r"^'*\s*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"^'*[0-9]+([eE.,][0-9]+)?$")  # an id such as 12e4… would come back as 1.2E+05


def harmless(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    Parameters
    ----------
    value : object
        Any cell.

    Returns
    -------
    object
        The cell, escaped where it needs it.

    Examples
    --------
    >>> harmless("=1+1"), harmless("plain"), harmless(3)
    ("'=1+1", 'plain', 3)
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def harmless_id(value: str) -> str:
    """Put an apostrophe before an id that a spreadsheet would run as a formula or read as a number.

    Parameters
    ----------
    value : str
        Any id.

    Returns
    -------
    str
        The id, escaped where it needs it.

    Examples
    --------
    >>> harmless_id("1234e56"), harmless_id("a1")
    ("'1234e56", 'a1')
    """
    return f"'{value}" if _NUMBER.match(value) else str(harmless(value))


def restored(value: str) -> str:
    """Undo `harmless`.

    Parameters
    ----------
    value : str
        Text as `harmless` returns it.

    Returns
    -------
    str
        The text before.

    Examples
    --------
    >>> restored("'=1+1"), restored("'quoted'")
    ('=1+1', "'quoted'")
    """
    return value[1:] if value[:1] == "'" and _FORMULA.match(value[1:]) else value


def restored_id(value: str) -> str:
    """Undo `harmless_id`.

    Parameters
    ----------
    value : str
        Id as `harmless_id` returns it.

    Returns
    -------
    str
        The id before.

    Examples
    --------
    >>> restored_id("'1234e56")
    '1234e56'
    """
    return value[1:] if value[:1] == "'" and (_FORMULA.match(value[1:]) or _NUMBER.match(value[1:])) else value


def harmless_table(table: pd.DataFrame) -> pd.DataFrame:
    """Copy a table with its texts and headings escaped.

    Parameters
    ----------
    table : DataFrame
        Any table.

    Returns
    -------
    DataFrame
        The copy.
    """
    safe = table.copy()
    for column in safe.columns:
        if safe[column].dtype == object or pd.api.types.is_string_dtype(safe[column]):
            safe[column] = [harmless(value) for value in safe[column]]
    safe.columns = pd.Index([harmless(column) for column in safe.columns])
    return safe


def write_csv(table: pd.DataFrame, path: Path, *, mark: bool = False) -> None:
    """Write a table as escaped CSV in UTF-8, whole or not at all.

    Parameters
    ----------
    table : DataFrame
        Any table.
    path : Path
        The file; its folder is made where it is missing.
    mark : bool, default False
        Whether it begins with a byte order mark, by which Excel recognises UTF-8.
    """
    # all texts are quoted: an unquoted carriage return would begin a row, perhaps with a formula
    content = harmless_table(table).to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (b"\xef\xbb\xbf" if mark else b"") + content.encode("utf-8", "replace"))
