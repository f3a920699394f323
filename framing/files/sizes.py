"""Sizes and ages as people write them."""

from __future__ import annotations

import re

from framing.errors import InputError

__all__ = ["format_size", "parse_days", "parse_size"]

_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def parse_size(text: str, *, argument: str = "") -> int:
    """Read a size.

    Parameters
    ----------
    text : str
        A number and a unit: `20 GB`, `500MB`, `1.5 TB`, `700 B`; powers of 1000, or of 1024 with an i (`20 GiB`). Only
        0 stands without a unit.
    argument : str, optional
        Name of the argument, for the error.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    InputError
        If it is no size.

    Examples
    --------
    >>> parse_size("1.5 GB"), parse_size("2 KiB"), parse_size("0")
    (1500000000, 2048, 0)
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:([kmgt])(i?)b?|b)?\s*", text, re.IGNORECASE)
    if match is None or (match[0].strip().replace(".", "").isdigit() and float(match[1])):
        raise InputError(f"expected a size such as 20 GB or 500 MB, got {text!r}.", argument=argument)
    number, prefix, binary = match.groups()
    unit: int = (1024 if binary else 1000) ** _POWERS[(prefix or "").lower()]
    return round(float(number) * unit)


def format_size(n_bytes: float) -> str:
    """Write a size.

    Parameters
    ----------
    n_bytes : float
        Bytes.

    Returns
    -------
    str
        In the largest unit that leaves at least one, powers of 1000.

    Examples
    --------
    >>> format_size(1_668_972_544), format_size(999), format_size(20_000_000_000)
    ('1.7 GB', '999 bytes', '20 GB')
    """
    for power, unit in ((4, "TB"), (3, "GB"), (2, "MB"), (1, "KB")):
        if n_bytes >= 1000**power:
            number = n_bytes / 1000**power
            return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
    return f"{n_bytes:.0f} bytes"


def parse_days(text: str, *, argument: str = "") -> int:
    """Read an age.

    Parameters
    ----------
    text : str
        A whole number and a unit: `90d` for days, `12w` for weeks, `6m` for months of 30 days, `1y` for years of 365.
        Only 0 stands without a unit.
    argument : str, optional
        Name of the argument, for the error.

    Returns
    -------
    int
        Days.

    Raises
    ------
    InputError
        If it is no age.

    Examples
    --------
    >>> parse_days("90d"), parse_days("2w"), parse_days("1 y")
    (90, 14, 365)
    """
    match = re.fullmatch(r"\s*(\d+)\s*([dwmy]?)\s*", text, re.IGNORECASE)
    if match is None or (not match[2] and int(match[1])):
        raise InputError(f"expected an age such as 90d, 12w, 6m or 1y, got {text!r}.", argument=argument)
    return int(match[1]) * _DAYS[match[2].lower() or "d"]
