"""Text for spreadsheet programs, escaped so that they neither run it as a formula nor read it as a number or date."""

from __future__ import annotations

import csv
import re
from typing import Any

import pandas as pd

__all__ = ["format_csv", "harmless", "harmless_id", "harmless_table", "restored", "restored_id"]

# with apostrophes before it, so that the one of `harmless` can be told from those of the text
_FORMULA = re.compile(r"^'*\s*[=+\-@\t\r＝＋－＠]")
_SIGNED = re.compile(r"^'*\s*[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?\s*%?$")  # a number is no formula
_NUMBER = re.compile(r"^'*[+-]?[0-9]+([eE.,][0-9]+)?$")  # an id such as 12e4… would come back as 1.2E+05


def harmless(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would run as a formula; a number is none.

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
    >>> harmless("=1+1"), harmless("plain"), harmless("-0.5"), harmless(3)
    ("'=1+1", 'plain', '-0.5', 3)
    """
    return f"'{value}" if isinstance(value, str) and _is_formula(value) else value


def _is_formula(text: str) -> bool:
    return bool(_FORMULA.match(text) and not _SIGNED.match(text))


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
    return value[1:] if value[:1] == "'" and _is_formula(value[1:]) else value


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
    return value[1:] if value[:1] == "'" and (_is_formula(value[1:]) or _NUMBER.match(value[1:])) else value


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
        if _holds_text(safe[column]):
            safe[column] = [harmless(value) for value in safe[column]]
    safe.columns = pd.Index([harmless(column) for column in safe.columns])
    return safe


def format_csv(table: pd.DataFrame, *, separator: str = ",", quote_texts: bool = False) -> str:
    """Format a table as escaped CSV.

    Parameters
    ----------
    table : DataFrame
        Any table.
    separator : str, default ","
        Character between fields; a tab for TSV.
    quote_texts : bool, default False
        Whether all texts are quoted; else those that need it. All are where one holds a carriage return, which would
        begin a row without quotation marks, perhaps with a formula.

    Returns
    -------
    str
        The header and a line a row.
    """
    safe = harmless_table(table)
    quote_texts = quote_texts or any(_has_return(safe[column]) for column in safe.columns)
    if quote_texts:
        return safe.to_csv(index=False, sep=separator, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    return safe.to_csv(index=False, sep=separator, lineterminator="\n")


def _has_return(values: pd.Series) -> bool:
    return any(isinstance(value, str) and "\r" in value for value in values) if _holds_text(values) else False


def _holds_text(values: pd.Series) -> bool:
    return bool(values.dtype == object or pd.api.types.is_string_dtype(values))
