"""What commands say on standard error about texts: dates that were not read, languages that a model does not read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import typer

from framing.analysis.remarks import describe_dates
from framing.corpus.dates import explain_date
from framing.corpus.rows import Texts

__all__ = ["say", "say_all", "say_lacking", "say_reading"]

_MAX_LISTED = 5  # rows without their date that are listed


def say(text: str) -> None:
    """Print a line on standard error.

    Parameters
    ----------
    text : str
        The line.
    """
    typer.echo(text, err=True)


def say_all(remarks: Iterable[str]) -> None:
    """Print remarks on standard error, a line each; empty ones are left out.

    Parameters
    ----------
    remarks : iterable of str
        The remarks.
    """
    for remark in remarks:
        if remark:
            say(f"warning: {remark}")


def say_reading(read: Texts, forms: Sequence[str]) -> None:
    """Print how files were read, which rows of a file have no date that could be read, and which dates are in question.

    Parameters
    ----------
    read : Texts
        What was read.
    forms : sequence of str
        Forms of dates that were tried; none for ISO 8601.
    """
    for note in read.notes:
        say(f"{note.file}: {note.text}")
    if len(read.undated):
        say(f"warning: {len(read.undated):,} rows were kept without their date, which could not be read:")
        for row in read.undated.head(_MAX_LISTED).itertuples():
            reason = explain_date(str(row.published), tuple(forms), remedy="give --date-format")
            say(f"  {row.file}, line {row.line}: {reason}")
        if len(read.undated) > _MAX_LISTED:
            say(f"  and {len(read.undated) - _MAX_LISTED:,} more")
    say_all(describe_dates(read.documents))


def say_lacking(documents: pd.DataFrame) -> None:
    """Print which of our columns stay empty in the output, since the file has none of that name.

    Parameters
    ----------
    documents : DataFrame
        Columns `outlet, published`.
    """
    lacking = [name for name in ("outlet", "published") if not documents[name].replace("", None).notna().any()]
    if lacking:
        say(f"note: {' and '.join(lacking)} stay empty: the file has no column of that name with values")
