"""Text that a spreadsheet program shows as it is: neither run as a formula nor turned into a number or a date."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pandas as pd

from framing.files.whole import write_whole

__all__ = ["harmless", "harmless_id", "harmless_table", "restored", "restored_id", "write_csv"]

# apostrophes before it count too, so that what was put there can be told from what was there
_FORMULA = re.compile(r"^'*\s*[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"^'*[0-9]+([eE.,][0-9]+)?$")  # an id such as 12e4… would come back as 1.2E+05


def harmless(value: Any) -> Any:
    """`value`, with an apostrophe before a text that a spreadsheet would run as a formula.

    >>> harmless("=1+1"), harmless("plain"), harmless(3)
    ("'=1+1", 'plain', 3)
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def harmless_id(value: str) -> str:
    """`value`, with an apostrophe before what would be run as a formula or read as a number.

    >>> harmless_id("1234e56"), harmless_id("a1")
    ("'1234e56", 'a1')
    """
    return f"'{value}" if _NUMBER.match(value) else str(harmless(value))


def restored(value: str) -> str:
    """The text that `harmless` was given.

    >>> restored("'=1+1"), restored("'quoted'")
    ('=1+1', "'quoted'")
    """
    return value[1:] if value[:1] == "'" and _FORMULA.match(value[1:]) else value


def restored_id(value: str) -> str:
    """The text that `harmless_id` was given.

    >>> restored_id("'1234e56")
    '1234e56'
    """
    return value[1:] if value[:1] == "'" and (_FORMULA.match(value[1:]) or _NUMBER.match(value[1:])) else value


def harmless_table(table: pd.DataFrame) -> pd.DataFrame:
    """A copy whose texts and headings are harmless."""
    safe = table.copy()
    for column in safe.columns:
        if safe[column].dtype == object or pd.api.types.is_string_dtype(safe[column]):
            safe[column] = [harmless(value) for value in safe[column]]
    safe.columns = pd.Index([harmless(column) for column in safe.columns])
    return safe


def write_csv(table: pd.DataFrame, path: Path, *, mark: bool = False) -> None:
    """Write harmless CSV, whole or not at all; `mark` puts the byte order mark before it by which Excel knows UTF-8."""
    # every text quoted: a lone carriage return would else begin a row, and the row with a formula
    content = harmless_table(table).to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, (b"\xef\xbb\xbf" if mark else b"") + content.encode("utf-8", "replace"))
