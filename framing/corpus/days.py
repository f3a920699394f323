"""The day that a text states: checked, and none where it could be two."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

__all__ = ["read_day"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NAME = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4}(?:\d\d)?Z?|T\d\d:.*)?$")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_DAY_MONTH = re.compile(rf"(?:[a-z]+,?\s+)?(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+({_NAME})\.?,?[\s-]+(\d{{4}})(?!\d)")
_MONTH_DAY = re.compile(rf"(?:[a-z]+,?\s+)?({_NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_CTIME = re.compile(rf"[a-z]+\s+({_NAME})\s+(\d{{1,2}})\s+\d\d:\d\d(?::\d\d)?\s+(?:\S+\s+)?(\d{{4}})$")
_SECONDS = re.compile(r"(\d{9,10}|\d{13})(?:\.\d*)?$")
_MAX_CHARACTERS = 80
_EARLIEST = date(1600, 1, 1)  # no newspaper is older; year 1 stands for none in many databases
_UNSET = date(1970, 1, 1)  # a clock that was never set


def read_day(text: str, *, latest: date | None = None) -> str:
    """Read the day that a date or moment states, in the time zone in which it is written.

    Parameters
    ----------
    text : str
        A date: ISO 8601 (`2025-07-04T23:30:00-05:00`), as in RSS (`Fri, 04 Jul 2025 23:30:00 -0500`), in English words,
        all in digits as GDELT writes it, or in seconds or milliseconds since 1970 (universal time).
    latest : date, optional
        Later days are none; by default tomorrow.

    Returns
    -------
    str
        `2025-07-04`; empty where the text states no day, one that does not exist or is yet to come, or where day and
        month could change places (`7/4/2025`; with dots the day is first).

    Examples
    --------
    >>> read_day("2025-07-04T23:30:00-05:00"), read_day("Fri, 04 Jul 2025 23:30:00 -0500"), read_day("1751623200")
    ('2025-07-04', '2025-07-04', '2025-07-04')
    >>> read_day("13/7/2025"), read_day("7/4/2025"), read_day("04.07.2025"), read_day("2025"), read_day("4. Juli 2025")
    ('2025-07-13', '', '2025-07-04', '', '')
    """
    folded = " ".join(text.split())[:_MAX_CHARACTERS].lower()
    try:
        day = _find_day(folded)
    except (ValueError, OverflowError):
        return ""
    latest = latest or datetime.now(UTC).date() + timedelta(days=1)
    if day is None or not _EARLIEST <= day <= latest or (day == _UNSET and not _states_day_alone(folded)):
        return ""
    return day.isoformat()


def _find_day(text: str) -> date | None:
    if found := _YEAR_FIRST.match(text):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _SECONDS.match(text):
        seconds = int(found[1]) / (1000 if len(found[1]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).date()
    if found := _DIGITS.match(text.upper()):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _YEAR_LAST.match(text):
        return _order(int(found[1]), int(found[3]), int(found[4]), day_first=found[2] == ".")
    if found := _DAY_MONTH.match(text):
        return date(int(found[3]), _MONTHS[found[2]], int(found[1]))
    if found := _MONTH_DAY.match(text) or _CTIME.match(text):
        return date(int(found[3]), _MONTHS[found[1]], int(found[2]))
    return None


def _order(one: int, other: int, year: int, *, day_first: bool) -> date | None:
    """Day of two numbers of which either could be the month; None where both could."""
    if day_first or one > 12 or one == other:
        return date(year, other, one)
    return date(year, one, other) if other > 12 else None


def _states_day_alone(text: str) -> bool:
    """Whether it is a date without a time of day: midnight of 1 January 1970 is what clocks say that were not set."""
    return ":" not in text and not text.isdigit()
