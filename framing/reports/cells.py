"""Cells of a table as text: shares as per cent, differences in points, an interval beside its estimate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from framing.analysis.wording import write_bounds, write_number
from framing.reports.headings import HEADINGS
from framing.texts import localise_number, phrase, phrase_later, retell, write_day
from framing.texts.retell import retell_day

__all__ = [
    "LOG_HEADINGS",
    "MARKED",
    "find_bounded",
    "find_sort_value",
    "format_cell",
    "format_heading",
    "format_interval",
]

LOG_HEADINGS = {  # a column that only tables with logarithms as estimates have, and the heading of the estimate
    "word": phrase_later("log-odds (interval)"),
    "frame_a": phrase_later("log2 of observed over expected (interval)"),
}
_BOUNDED = ("rank", "estimate", "share", "risk", "f1")  # low and high belong to the first of them that a table has
_PERCENT = {
    "estimate",
    "low",
    "high",
    "share",
    "share_of_gold",
    "bound_low",
    "bound_high",
    "sensitivity",
    "specificity",
    "if_absent",
    "low_if_absent",
    "if_present",
    "high_if_present",
    "share_abstained",
    "coverage",
    "share_kept",
    "risk",
    "raw",
    "raw_low",
    "raw_high",
    "before",
    "after",
    "common",
    "observed",
    "expected",
    "rest",
    "seeds_same_sign",
    "share_changed",
}
MARKED = {"differs": "●", "supported": "●", "equivalent": "≈"}  # what stands where it is so; nothing where it is not
_ROUND_PERCENT = {"asked", "confidence"}  # chosen by a person, so mostly without decimals
_POINTS = {
    "difference", "slope_a", "slope_b", "detectable", "smallest", "largest", "without_it", "moved", "seeds_sd",
}  # fmt: skip
_UNSIGNED = {"detectable", "seeds_sd"}
_P_VALUES = {"p_adjusted", "p_value", "q_value"}
_RATIOS = {"ratio"}
_OF_OTHERS = {  # columns whose texts are those of documents, codebook or corpus
    "text", "other_text", "title", "outlet", "other_outlet", "url", "excerpt", "word", "file", "story_label", "event",
    "near", "speaker", "speakers", "influential_seed", "in_words", "translation", "document_id", "passage_id",
    "frame", "term",
}  # fmt: skip
_OWN = ("(overlap)",)  # what stands in such a column and is ours
_MAX_CHARACTERS = 900  # of a text in a cell


def find_bounded(columns: Iterable[Any]) -> str:
    """Return the column whose interval `low` and `high` are.

    Parameters
    ----------
    columns : iterable
        Columns of a table.

    Returns
    -------
    str
        Name of the column; empty if the table has no interval.

    Examples
    --------
    >>> find_bounded(["frame", "share", "low", "high"])
    'share'
    """
    names = set(columns)
    return next((name for name in _BOUNDED if {name, "low", "high"} <= names), "")


def format_heading(column: str, bounded: str) -> str:
    """Return the heading of a column.

    Parameters
    ----------
    column : str
        Name of the column.
    bounded : str
        Name of the column whose interval stands beside it.

    Returns
    -------
    str
        The heading in words.

    Examples
    --------
    >>> format_heading("n_passages", "share"), format_heading("share", "share")
    ('passages', 'share (interval)')
    """
    words = phrase(HEADINGS.get(column, column.removeprefix("n_").replace("_", " ")))
    return phrase("{heading} (interval)", heading=words) if column == bounded else words


def format_cell(column: Any, row: dict[Any, Any]) -> str:
    """Return the text of a cell, not escaped.

    Parameters
    ----------
    column : str
        Column of the cell.
    row : dict
        Values of its row by column; the bounds of an interval are among them.

    Returns
    -------
    str
        The text; `–` if there is no value.

    Examples
    --------
    >>> format_cell("estimate", {"estimate": 0.25, "low": 0.2, "high": 0.31})
    '25.0% (20.0% to 31.0%)'
    >>> format_cell("n_passages", {"n_passages": 1234})
    '1,234'
    """
    value = row[column]
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if isinstance(value, bool):
        if column in MARKED:
            return MARKED[column] if value else ""
        return phrase("yes") if value else phrase("no")
    if column == find_bounded(row):
        return _format_bounded(row, column)
    if f"{column}_low" in row and "group_a" in row and column not in _RATIOS:
        value, low, high = (100 * row[name] for name in (column, f"{column}_low", f"{column}_high"))
        return f"{write_number(value, '+.1f')} ({write_bounds(low, high, '+.1f')})"
    if f"{column}_low" in row:
        form = ".2f" if column in _RATIOS else ".1%"
        return format_interval(value, row[f"{column}_low"], row[f"{column}_high"], form)
    if column == "measure":
        return "F1" if value == "f1" else retell(str(value).replace("_", " "))
    if column in _ROUND_PERCENT:
        return localise_number(f"{100 * value:.4g}%")
    if column in _PERCENT:
        return write_number(value, ".1%")
    if column in _POINTS:
        points = write_number(100 * value, ".1f" if column in _UNSIGNED else "+.1f")
        return phrase("{points} points", points=points)
    text = _format_value(value, is_p_value=column in _P_VALUES)
    if column == "story_label":
        return retell_day(text)
    return retell(text) if isinstance(value, str) and (column not in _OF_OTHERS or value in _OWN) else text


def find_sort_value(value: Any) -> str:
    """Return what a column is sorted by where the text of a cell would sort otherwise.

    Parameters
    ----------
    value : Any
        Value of the cell.

    Returns
    -------
    str
        A number or a day; empty where rows sort by their text.

    Examples
    --------
    >>> find_sort_value(-0.25), find_sort_value(pd.Timestamp("2025-07-01")), find_sort_value("The Post")
    ('-0.25', '2025-07-01T00:00:00', '')
    """
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if isinstance(value, bool | int):
        return str(int(value))
    return f"{value:.6g}" if isinstance(value, float) else ""


def format_interval(value: float, low: float, high: float, form: str) -> str:
    """Return a number and its interval.

    Parameters
    ----------
    value : float
        The number.
    low, high : float
        Bounds of its interval; NaN without one.
    form : str
        Format of all three.

    Returns
    -------
    str
        The number, then the interval in brackets if there is one.

    Examples
    --------
    >>> format_interval(0.5, 0.25, 0.75, ".2f"), format_interval(0.5, float("nan"), float("nan"), ".2f")
    ('0.50 (0.25 to 0.75)', '0.50')
    """
    text = write_number(value, form)
    if pd.isna(low):
        return text
    return phrase(
        "{estimate} ({low} to {high})", estimate=text, low=write_number(low, form), high=write_number(high, form)
    )


def _format_bounded(row: dict[Any, Any], column: str) -> str:
    """A difference in points, a measure as a number, a rank as a whole number, else a share; with its interval."""
    form, scale = (".0f", 1) if column == "rank" else (".1%", 1)
    if any(name in row for name in LOG_HEADINGS):
        form = "+.2f"
    elif "group_a" in row or "change" in row or "rest" in row or "term" in row:
        form, scale = "+.1f", 100
    elif "measure" in row:
        form = ".3f"
    elif column == "f1":
        form = ".2f"
    elif "f_value" in row:
        form, scale = ".1f", 100
    value, low, high = (scale * row[name] for name in (column, "low", "high"))
    if form == "+.1f" and not pd.isna(low):
        return f"{write_number(value, form)} ({write_bounds(low, high, form)})"
    return format_interval(value, low, high, form)


def _format_value(value: Any, *, is_p_value: bool) -> str:
    """A value by its type."""
    if isinstance(value, pd.Timestamp):
        return write_day(value)
    if isinstance(value, float):
        if is_p_value:
            return localise_number("< 0.001" if value < 0.001 else f"{value:.3f}")
        if abs(value) < 10:
            return write_number(value, ".3f")
        return write_number(value, ",.0f" if f"{value:.1f}".endswith(".0") else ",.1f")
    if isinstance(value, int):
        return write_number(value, ",")
    text = str(value)
    return text if len(text) <= _MAX_CHARACTERS else text[:_MAX_CHARACTERS] + " …"
