"""The end of the caption of a table: rows, the convention of its intervals, marks, methods, and what all rows share."""

from __future__ import annotations

import pandas as pd

from framing.reports.cells import MARKED, find_bounded, format_cell, format_heading
from framing.texts import phrase, phrase_later, phrase_n, retell

__all__ = ["COUNTED", "describe_rows", "find_common_asked", "find_common_n_gold", "find_unmarked", "is_comparison"]

COUNTED = ["n_passages", "n_documents"]  # in the caption if a row is a difference
_COUNTS = {
    "n_passages": lambda n: phrase_n("{n:,} passage", "{n:,} passages", n),
    "n_documents": lambda n: phrase_n("{n:,} document", "{n:,} documents", n),
}
_RANGES = {
    "n_passages": phrase_later("{fewest:,} to {most:,} passages"),
    "n_documents": phrase_later("{fewest:,} to {most:,} documents"),
}
_ASKED = ("asked", "confidence")  # in the caption if they are the same in each row
_JOINT = ("rest", "rank", "hypothesis")  # columns of tables whose intervals hold together
_MARKS_IN_WORDS = {  # a mark; that no row has it; it, in what the classifier marks
    "differs": (phrase_later("differs"), phrase_later("No row differs.")),
    "supported": (phrase_later("supported"), phrase_later("No row is supported.")),
    "equivalent": (phrase_later("equivalent"), phrase_later("No row is equivalent.")),
}


def describe_rows(table: pd.DataFrame, visible: pd.DataFrame) -> str:
    """Return the end of the caption.

    Parameters
    ----------
    table : DataFrame
        The whole table.
    visible : DataFrame
        Its rows that are in the page.

    Returns
    -------
    str
        Sentences: number of rows, intervals, marks, methods, and what is the same in each row.
    """
    parts = [phrase_n("{n:,} row.", "{n:,} rows.", len(table))]
    if len(table) > len(visible):
        parts = [phrase("{n:,} of {n_all:,} rows shown.", n=len(visible), n_all=len(table))]
    parts += _describe_intervals(table)
    parts += [_describe_marks(table, column) for column in MARKED if column in table.columns]
    if "method" in table.columns:
        methods = dict.fromkeys(part for text in visible["method"] for part in str(text).split("\n"))
        parts.append(phrase("Intervals: {methods}.", methods="; ".join(dict.fromkeys(map(retell, methods)))))
    if n_gold := find_common_n_gold(table):
        parts.append(phrase("Labelled passages behind each row: {n_gold:,}.", n_gold=n_gold))
    if "groups" in visible.columns:
        n_pairs = len(table[["group_a", "group_b"]].drop_duplicates())
        parts.append(phrase_n("{n:,} pair of groups.", "{n:,} pairs of groups.", n_pairs))
    if is_comparison(table):
        parts += _describe_counts(table)
    if "ratio" in visible.columns and visible["ratio"].isna().any():
        parts.append(phrase("No ratio where a share is zero."))
    for name in find_common_asked(table):
        parts.append(f"{format_heading(name, '').capitalize()}: {format_cell(name, {name: table[name].iloc[0]})}.")
    return " ".join(parts)


def is_comparison(table: pd.DataFrame) -> bool:
    """Say whether rows are differences, whose counts stand in the caption.

    Parameters
    ----------
    table : DataFrame
        Any table.

    Returns
    -------
    bool
        True for differences of two groups, and for every table of tests.
    """
    return {"group_a", "group_b"} <= set(table.columns) or "p_adjusted" in table.columns


def find_unmarked(table: pd.DataFrame) -> set[str]:
    """Find columns of marks that hold none, and nothing unknown: their caption says so.

    Parameters
    ----------
    table : DataFrame
        The whole table.

    Returns
    -------
    set of str
        Names of columns.
    """
    return {
        column
        for column in MARKED
        if column in table.columns and not table[column].isna().any() and not table[column].astype(bool).any()
    }


def find_common_n_gold(table: pd.DataFrame) -> int | None:
    """Number of labelled passages, if it is the same in each row of a table of estimates.

    Parameters
    ----------
    table : DataFrame
        Any table.

    Returns
    -------
    int or None
        None if rows differ, or the table has no estimates.
    """
    if not {"n_gold", "estimate"} <= set(table.columns) or table["n_gold"].isna().any():
        return None
    return int(table["n_gold"].iloc[0]) if table["n_gold"].nunique() == 1 else None


def find_common_asked(table: pd.DataFrame) -> list[str]:
    """Columns of a promise that are the same in each row.

    Parameters
    ----------
    table : DataFrame
        Any table.

    Returns
    -------
    list of str
        Names of columns.
    """
    return [name for name in _ASKED if name in table.columns and table[name].nunique() == 1]


def _describe_intervals(table: pd.DataFrame) -> list[str]:
    """Whether the intervals in brackets hold together, or each for its row; a sentence or none."""
    names = set(table.columns)
    bounded = find_bounded(table.columns)
    if not bounded or table["low"].isna().all():
        return []
    if names & set(_JOINT) or ("group_a" in names and "component" not in names):
        return [phrase("Brackets: joint intervals, which hold for all rows together.")]
    return [phrase("Brackets: single intervals, each for its row alone.")]


def _describe_marks(table: pd.DataFrame, column: str) -> str:
    """How many rows a mark stands in."""
    words, none = _MARKS_IN_WORDS[column]
    n_marked = int(table[column].astype("boolean").fillna(False).sum())
    if column in find_unmarked(table):
        return phrase(none)
    raw = "n_gold" in table.columns and not table["n_gold"].any()
    told = phrase(words)
    if column == "differs" and raw:
        told = phrase("differs, in what the classifier marks (its errors not included)")
    n_tested = int(table["p_adjusted"].notna().sum()) if "p_adjusted" in table.columns else len(table)
    values = {"mark": MARKED[column], "words": told, "n": n_marked, "n_tested": n_tested}
    if n_tested < len(table):
        return phrase("{mark} {words}: {n:,} of {n_tested:,} tested, {n_all:,} in all.", n_all=len(table), **values)
    return phrase("{mark} {words}: {n:,} of {n_tested:,}.", **values)


def _describe_counts(table: pd.DataFrame) -> list[str]:
    """Numbers of passages and documents behind a row, from the fewest to the most; a sentence or none."""
    parts = []
    for name in COUNTED:
        if name in table.columns and table[name].notna().any():
            fewest, most = int(table[name].min()), int(table[name].max())
            if fewest == most:
                parts.append(_COUNTS[name](most))
            else:
                parts.append(phrase(_RANGES[name], fewest=fewest, most=most))
    return [phrase("Behind each row: {counts}.", counts=", ".join(parts))] if parts else []
