"""Names, numbers and p-values in words, as sentences and tables write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from framing.texts import localise_number, phrase, write_day

__all__ = [
    "is_missing",
    "is_true",
    "list_some",
    "name_frame",
    "round_statistic",
    "write_bounds",
    "write_key",
    "write_number",
    "write_p_value",
    "write_points",
]

_WHOLE = 100  # points
_TENS = 10.0  # t values and F values from here on have no second decimal


def list_some(first: Sequence[str], n_all: int, *, between: str = ", ") -> str:
    """List the first of several things in English, for remarks that are told in another language where they are shown.

    Parameters
    ----------
    first : sequence of str
        The things that are named.
    n_all : int
        How many there are.
    between : str, default ", "
        What stands between them.

    Returns
    -------
    str
        The first ones, and how many more there are.

    Examples
    --------
    >>> list_some(["A", "B"], 3), list_some(["A", "B"], 2)
    ('A, B and 1 more', 'A, B')
    """
    more = f" and {n_all - len(first):,} more" if n_all > len(first) else ""
    return between.join(first) + more


def name_frame(frame: Any, names: Mapping[str, str]) -> str:
    """Name of a frame; its id as words where it has none.

    Parameters
    ----------
    frame : str
        Id of the frame.
    names : mapping of str to str
        Names by id.

    Returns
    -------
    str
        The name.

    Examples
    --------
    >>> name_frame("arms_supply", {}), name_frame("blame", {"blame": "Who is to blame"})
    ('Arms supply', 'Who is to blame')
    """
    words = str(frame).replace("_", " ")
    return names.get(str(frame), words[:1].upper() + words[1:])


def write_number(value: float, form: str) -> str:
    """Write a number with a real minus sign, and zero without any sign.

    Parameters
    ----------
    value : float
        The number.
    form : str
        Format, such as `+.1f`.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> write_number(-12.34, "+.1f"), write_number(-0.01, "+.1f"), write_number(float("inf"), ".2f")
    ('−12.3', '0.0', '∞')
    """
    text = format(value, form).replace("inf", "∞")
    if text[:1] in ("-", "+") and not any(digit in text for digit in "123456789∞"):
        return localise_number(text[1:])
    return localise_number(text.replace("-", "−"))


def write_bounds(low: float, high: float, form: str) -> str:
    """Write the bounds of a difference in percentage points; one that is one-sided has one bound.

    Parameters
    ----------
    low, high : float
        Bounds in points. A difference of shares cannot lie beyond 100 points: a bound there is none.
    form : str
        Format of both.

    Returns
    -------
    str
        The bounds.

    Examples
    --------
    >>> write_bounds(-1, 4.25, "+.1f"), write_bounds(2, 100, "+.1f"), write_bounds(-100, -2, "+.1f")
    ('−1.0 to +4.2', 'from +2.0 up', 'up to −2.0')
    """
    if high >= _WHOLE > -low:
        return phrase("from {low} up", low=write_number(low, form))
    if low <= -_WHOLE and high < _WHOLE:
        return phrase("up to {high}", high=write_number(high, form))
    return phrase("{low} to {high}", low=write_number(low, form), high=write_number(high, form))


def write_p_value(value: float) -> str:
    """Write a p-value with its relation.

    Parameters
    ----------
    value : float
        The p-value.

    Returns
    -------
    str
        Such as `= 0.012`.

    Examples
    --------
    >>> write_p_value(0.0123), write_p_value(0.0004)
    ('= 0.012', '< 0.001')
    """
    return localise_number("< 0.001" if value < 0.001 else f"= {value:.3f}" if value < 0.1 else f"= {value:.2f}")


def write_points(value: float) -> str:
    """Write a size in percentage points.

    Parameters
    ----------
    value : float
        A difference of shares, -1 to 1.

    Returns
    -------
    str
        Such as `4.5 points`, without a sign.
    """
    points = f"{abs(100 * value):.1f}"
    if points == "1.0":
        return phrase("{points} point", points=localise_number(points))
    return phrase("{points} points", points=localise_number(points))


def write_key(value: Any) -> str:
    """Write what a row is about: a day in words, else the value.

    Parameters
    ----------
    value : object
        Value of a column of groups or days.

    Returns
    -------
    str
        The text.
    """
    return write_day(value, "long") if isinstance(value, pd.Timestamp) else str(value)


def round_statistic(value: float) -> str:
    """Write a test statistic, or its degrees of freedom, with the decimals that matter.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
        Two decimals below 10, else none.
    """
    return localise_number(f"{value:.0f}" if value >= _TENS or value == round(value) else f"{value:.2f}")


def is_missing(value: Any) -> bool:
    """Whether a cell has no value.

    Parameters
    ----------
    value : object
        A cell of a table.

    Returns
    -------
    bool
        True for None, NaN and NaT.
    """
    return value is None or bool(pd.isna(value))


def is_true(value: Any) -> bool:
    """Whether a cell holds a true flag; a missing one is not.

    Parameters
    ----------
    value : object
        A cell of a table.

    Returns
    -------
    bool
        Whether it does.
    """
    return not is_missing(value) and bool(value)
