"""Rows as they come out of a file, each with its place in it, and the refused ones with the reason."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pandas as pd

from framing.corpus.cleaning import clean_text
from framing.errors import InputError
from framing.tables import QUARANTINE

__all__ = [
    "EXCERPT",
    "MissingColumnsError",
    "Note",
    "Refused",
    "Row",
    "Rows",
    "UnreadSheet",
    "check_columns",
    "quarantine_table",
    "short_hash",
    "to_text",
]

_MAX_WHOLE = 2.0**53  # up to here a whole number is exact
EXCERPT = 200  # characters of a refused row that are shown


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    Attributes
    ----------
    file : str
        Name of the file; of a member of a .zip archive `archive.zip/member`.
    line : int
        Line on which the row begins, or number of the row where the file has no lines.
    values : dict of str to str
        Values by the name of their column, as text.
    """

    file: str
    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that could not be read.

    Attributes
    ----------
    file : str
        Name of the file.
    line : int
        Line or number of the row.
    reason : str
        Why it was refused.
    excerpt : str
        Beginning of the row.
    """

    file: str
    line: int
    reason: str
    excerpt: str = ""


class UnreadSheet(Refused):
    """A sheet of a workbook that was not read: it has content, and not the columns."""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on how a file was read, such as the separator that was taken.

    Attributes
    ----------
    file : str
        Name of the file.
    text : str
        What was found, in words.
    """

    file: str
    text: str


Rows = Iterator[Row | Refused]


class MissingColumnsError(InputError):
    """A file lacks columns.

    Parameters
    ----------
    message : str
        Names the missing columns and those present.
    missing : sequence of str
        The missing columns.
    """

    def __init__(self, message: str, *, missing: Sequence[str]) -> None:
        super().__init__(message)
        self.missing = tuple(missing)


def check_columns(name: str, present: Sequence[str], needed: Sequence[str]) -> None:
    """Raise an error if a needed column is missing, or stands twice in the header.

    Parameters
    ----------
    name : str
        Name of the file.
    present : sequence of str
        Columns of the file.
    needed : sequence of str
        Columns that it must have once.

    Raises
    ------
    MissingColumnsError
        An `InputError` that names the missing columns and those present.
    InputError
        Names the doubled columns.
    """
    missing = [column for column in needed if column not in present]
    if missing:
        raise MissingColumnsError(
            f"{name} lacks the column(s) {', '.join(missing)}. It has: "
            f"{', '.join(column or '(unnamed)' for column in present)}.",
            missing=missing,
        )
    doubled = sorted({column for column in needed if present.count(column) > 1})
    if doubled:
        raise InputError(f"{name}: the column(s) {', '.join(doubled)} stand twice in the header; rename one.")


def to_text(value: object) -> str:
    """Text of one cell, whatever type the file gives it; empty for none, ISO 8601 for dates.

    Parameters
    ----------
    value : object
        Cell of a typed file.

    Returns
    -------
    str
        The text. Missing values of numbers and dates (NaN, NaT) and infinite numbers are empty; a whole number has no
        decimal point; bytes that are not UTF-8 stand as `\\xff`.

    Examples
    --------
    >>> to_text(None), to_text(date(2025, 7, 4)), to_text(b"caf\\xc3\\xa9"), to_text(3), to_text(float("nan"))
    ('', '2025-07-04', 'café', '3', '')
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="backslashreplace")
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < _MAX_WHOLE else str(value)
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else ""
    return str(value)


def quarantine_table(refused: Iterable[Refused]) -> pd.DataFrame:
    """Table of refused rows.

    Parameters
    ----------
    refused : iterable of Refused
        The rows.

    Returns
    -------
    DataFrame
        Columns `framing.tables.QUARANTINE`.
    """
    rows = [(item.file, item.line, item.reason, clean_text(item.excerpt)) for item in refused]
    return pd.DataFrame(rows, columns=list(QUARANTINE))


def short_hash(*parts: str) -> str:
    """Id of a document or passage from what makes it unique.

    Parameters
    ----------
    *parts : str
        Texts; their order counts.

    Returns
    -------
    str
        The first 16 hexadecimal digits of their sha256.

    Examples
    --------
    >>> short_hash("a", "b")
    'f04cdced9736a69d'
    """
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
