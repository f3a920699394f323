"""Clauses that the sentences on rows share: the verdict, the interval, the p-value, what is counted."""

from __future__ import annotations

from typing import Any

import pandas as pd

from framing.analysis.wording import is_missing, is_true, write_bounds, write_p_value, write_points
from framing.defaults import LEVEL
from framing.texts import phrase, phrase_in, phrase_later

__all__ = [
    "MARKS_ALONE",
    "UNIT",
    "add_detectable",
    "judge",
    "list_facts",
    "name_units",
    "tidy_row",
    "write_interval",
    "write_p",
]

MARKS_ALONE = phrase_later("in what the classifier marks, its errors not included: exploratory")
UNIT = "\x1funit"  # key of the unit in a row; no column of a table has such a name


def judge(row: dict[Any, Any], level: float | None = None) -> str:
    """Say whether a difference is clear of noise, and whether the classifier's errors are counted.

    Parameters
    ----------
    row : dict
        A row of a table of differences.
    level : float or None, default None
        Level of its interval, for rows that have an adjusted p-value and no verdict.

    Returns
    -------
    str
        A clause.
    """
    differs = row.get("differs")
    if is_missing(row.get("low")) or ("differs" in row and is_missing(differs)):
        return phrase("whether they differ is not known")
    if "differs" in row:
        is_clear = is_true(differs)
    elif not is_missing(row.get("p_adjusted")):
        is_clear = row["p_adjusted"] < 1 - (level or LEVEL)
    else:
        is_clear = row["low"] > 0 or row["high"] < 0
    p_value = f" ({write_p(row)})" if write_p(row) else ""
    if not row.get("n_gold", 0):
        caveat = phrase(MARKS_ALONE)
        if is_clear:
            return phrase("a difference{p_value} {caveat}", p_value=p_value, caveat=caveat)
        return phrase("no clear difference{p_value} {caveat}", p_value=p_value, caveat=caveat)
    if is_clear:
        return phrase("clear of noise{p_value}", p_value=p_value)
    if is_true(row.get("equivalent")):
        return phrase(
            "not clear of noise{p_value}; the two are equivalent within the margin of the settings", p_value=p_value
        )
    return phrase("not clear of noise{p_value}{detectable}", p_value=p_value, detectable=add_detectable(row))


def add_detectable(row: dict[Any, Any]) -> str:
    """Say what could not have been seen.

    Parameters
    ----------
    row : dict
        A row of a table of differences.

    Returns
    -------
    str
        A clause; empty where it is not known, or a difference was seen.
    """
    detectable = row.get("detectable")
    if is_missing(detectable) or is_true(row.get("differs")):
        return ""
    points = write_points(float(str(detectable)))
    return phrase("; a difference under about {points} had less than four chances in five of being seen", points=points)


def write_interval(
    row: dict[Any, Any], level: float | None, *, joint: bool, form: str = "+.1f", scale: int = 100
) -> str:
    """Write the interval of a row.

    Parameters
    ----------
    row : dict
        A row with `low` and `high`.
    level : float or None
        Its level; None: it is not named.
    joint : bool
        Whether it holds jointly with all others of its table.
    form : str, default "+.1f"
        Format of the bounds.
    scale : int, default 100
        Factor of the bounds.

    Returns
    -------
    str
        A phrase.
    """
    if is_missing(row.get("low")):
        return phrase("no interval")
    bounds = write_bounds(scale * row["low"], scale * row["high"], form)
    if not level:
        return phrase("joint interval {bounds}", bounds=bounds) if joint else phrase("interval {bounds}", bounds=bounds)
    if joint:
        return phrase("joint {level:.0%} interval {bounds}", level=level, bounds=bounds)
    return phrase("{level:.0%} interval {bounds}", level=level, bounds=bounds)


def list_facts(row: dict[Any, Any], level: float | None, form: str, scale: int) -> str:
    """Write the interval of a share, and whether labels correct it.

    Parameters
    ----------
    row : dict
        A row of a table of shares.
    level : float or None
        Level of the interval.
    form : str
        Format of the bounds.
    scale : int
        Factor of the bounds.

    Returns
    -------
    str
        Phrases with a semicolon between them.
    """
    interval = write_interval(row, level, joint=False, form=form, scale=scale)
    n_gold = int(row.get("n_gold", 0))
    if not n_gold:
        return f"{interval}; {phrase(MARKS_ALONE)}"
    if row[UNIT] == "document":
        corrected = phrase("corrected with {n_gold:,} labelled documents", n_gold=n_gold)
    else:
        corrected = phrase("corrected with {n_gold:,} labelled passages", n_gold=n_gold)
    return f"{interval}; {corrected}"


def write_p(row: dict[Any, Any]) -> str:
    """Write the p-value of a row.

    Parameters
    ----------
    row : dict
        A row with `p_adjusted` or `p_value`.

    Returns
    -------
    str
        The adjusted one if there is one; empty without any.
    """
    if not is_missing(row.get("p_adjusted")):
        return phrase("adjusted p {p_value}", p_value=write_p_value(float(row["p_adjusted"])))
    return "" if is_missing(row.get("p_value")) else f"p {write_p_value(float(row['p_value']))}"


def name_units(row: dict[Any, Any]) -> str:
    """Name what shares are of, as it stands behind a number.

    Parameters
    ----------
    row : dict
        A row, with the unit under the key `UNIT`.

    Returns
    -------
    str
        Passages or documents.
    """
    return phrase_in("of", "documents") if row[UNIT] == "document" else phrase_in("of", "passages")


def tidy_row(row: dict[Any, Any]) -> dict[Any, Any]:
    """Read a row as it may come back from a file.

    Parameters
    ----------
    row : dict
        A row of a table of estimates.

    Returns
    -------
    dict
        The row, with labels counted, and flags true or false.
    """
    n_gold = pd.to_numeric(row.get("n_gold", 0), errors="coerce")
    flags = {
        name: str(row[name]).lower() in ("true", "1", "1.0")
        for name in ("differs", "supported", "equivalent")
        if name in row
    }
    return {**row, **flags, **({"n_gold": 0 if pd.isna(n_gold) else int(n_gold)} if "n_gold" in row else {})}
