"""What commands say on standard error about texts: dates that were not read, languages that a model does not read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
import typer

from framing.analysis.remarks import describe_dates
from framing.corpus.dates import explain_date
from framing.corpus.rows import Texts
from framing.corpus.streams import Outline

__all__ = ["find_lacking", "say", "say_all", "say_lacking", "say_outline", "say_reading"]

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
    undated = read.undated.head(_MAX_LISTED).itertuples(index=False, name=None)
    _say_read(((note.file, note.text) for note in read.notes), len(read.undated), undated, forms)
    say_all(describe_dates(read.documents))


def say_outline(outline: Outline, remarks: Iterable[str], forms: Sequence[str]) -> None:
    """Print of documents that were read in parts what `say_reading` prints.

    Parameters
    ----------
    outline : Outline
        What holds for all of them.
    remarks : iterable of str
        Which dates are in question.
    forms : sequence of str
        Forms of dates that were tried; none for ISO 8601.
    """
    _say_read(outline.notes, outline.n_undated, outline.undated[:_MAX_LISTED], forms)
    say_all(remarks)


def _say_read(
    notes: Iterable[tuple[str, str]], n_undated: int, undated: Iterable[tuple[str, int, str]], forms: Sequence[str]
) -> None:
    for file, text in notes:
        say(f"{file}: {text}")
    if n_undated:
        say(f"warning: {n_undated:,} rows were kept without their date, which could not be read:")
        for file, line, published in undated:
            reason = explain_date(str(published), tuple(forms), remedy="give --date-format")
            say(f"  {file}, line {line}: {reason}")
        if n_undated > _MAX_LISTED:
            say(f"  and {n_undated - _MAX_LISTED:,} more")


def say_lacking(lacking: Sequence[str]) -> None:
    """Print which of our columns stay empty in the output, since the file has none of that name.

    Parameters
    ----------
    lacking : sequence of str
        Those of the columns outlet and published.
    """
    if lacking:
        say(f"note: {' and '.join(lacking)} stay empty: the file has no column of that name with values")


def find_lacking(documents: pd.DataFrame) -> list[str]:
    """Find which of our columns have no value.

    Parameters
    ----------
    documents : DataFrame
        Columns `outlet, published`.

    Returns
    -------
    list of str
        Their names.
    """
    return [name for name in ("outlet", "published") if not documents[name].replace("", None).notna().any()]
