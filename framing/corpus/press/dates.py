"""Dates as press databases write them, in the language of their pages."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from framing.corpus.month_names import LANGUAGES

__all__ = ["begins_with_date", "read_date"]

_YEAR = r"(?:1[5-9]|20)\d\d"
_MONTH = r"[^\W\d_]{3,15}\.?"
_NUMERIC = (
    rf"{_YEAR}-\d\d-\d\d"
    rf"|{_YEAR}\s?[年년]\s?\d{{1,2}}\s?[月월]\s?\d{{1,2}}\s?[日일]"
    rf"|{_YEAR}/\d{{1,2}}/\d{{1,2}}"
    rf"|{_YEAR}\.\d{{1,2}}\.\d{{1,2}}"
    rf"|\d{{1,2}}\.\d{{1,2}}\.{_YEAR}"
    rf"|\d{{1,2}}/\d{{1,2}}/{_YEAR}"
)
_NAMED = (
    rf"{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{_YEAR}"
    rf"|{_YEAR}\s{_MONTH}\s\d{{1,2}}"
    rf"|\d{{1,2}}-{_MONTH}-{_YEAR}"
    rf"|\d{{1,2}}(?:\.|er|º|st|nd|rd|th)?\s?(?:de\s|of\s)?{_MONTH}\s?(?:del?\s)?,?\s?{_YEAR}"
)
_DATE = re.compile(rf"(?<!\d)(?:(?P<numeric>{_NUMERIC})|(?P<named>{_NAMED}))(?!\d)", re.IGNORECASE)
_ISO = re.compile(rf"{_YEAR}-\d\d-\d\dT\d\d:\d\d")
# the day of the week
_LEAD = re.compile(r"(?:[^\W\d_]{2,15}(?:-[^\W\d_]{2,15})?\.?,?\s+)?(?:(?:den|le|el|de)\s+)?", re.IGNORECASE)
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2})[:h](?P<minute>\d\d)(?::\d\d)?(?:\s*(?P<half>[AP])\.?M\b\.?)?"
    r"(?:\s*(?P<zone>(?:GMT|UTC)\s?[+-]\d{1,2}(?::\d\d)?|(?:GMT|UTC|Z|[A-Z]{2,4}T)\b))?",
    re.IGNORECASE,
)
_MAX_CHARACTERS = 400  # of a line in which a date is looked for: the name of a day may be a long one, a text is none
_SHIFT = re.compile(r"(?:GMT|UTC)\s?([+-])(\d{1,2})(?::(\d\d))?")
_GREENWICH = ("GMT", "UTC", "Z")


def begins_with_date(text: str) -> bool:
    """Check whether a line begins with a date that names its year, perhaps behind the day of the week.

    Parameters
    ----------
    text : str
        A line.

    Returns
    -------
    bool
        Whether it does.

    Examples
    --------
    >>> begins_with_date("Monday, July 1, 2019 Late Edition"), begins_with_date("The vote of July 1, 2019")
    (True, False)
    """
    text = " ".join(text[:_MAX_CHARACTERS].split())
    lead = _LEAD.match(text)
    starts = {0, lead.end() if lead else 0}
    return any((found := _DATE.match(text, start)) and _read_day(found) for start in starts)


@lru_cache(maxsize=4096)
def read_date(text: str, *, day_first: bool = False) -> str:
    """Read the first date of a text, and the time of day behind it.

    Parameters
    ----------
    text : str
        Text such as `mardi 14 mars 2006` or `July 1, 2019 Monday 9:20 AM GMT`; the month in English, French, German,
        Spanish, Italian, Dutch, Portuguese, Russian, Chinese or another of `LANGUAGES`.
    day_first : bool, default False
        Whether the language of the page tells that the day comes first in `3/4/2011`. English does not tell.

    Returns
    -------
    str
        ISO 8601; empty where no day with month and year is named, or `3/4/2011` can be two days.

    Examples
    --------
    >>> read_date("July 1, 2019 Monday 9:20 AM GMT"), read_date("jeudi 5 octobre 2013"), read_date("July 2019")
    ('2019-07-01T09:20:00+00:00', '2013-10-05', '')
    >>> read_date("3/4/2011"), read_date("3/4/2011", day_first=True)
    ('', '2011-04-03')
    """
    text = " ".join(text[:_MAX_CHARACTERS].split())
    if _ISO.match(text):
        try:
            return datetime.fromisoformat(text).isoformat()
        except ValueError:
            return ""
    for found in _DATE.finditer(text):
        day = _read_day(found, day_first=day_first)
        if day:
            return day + _read_time(text[found.end() :])
    return ""


def _read_day(found: re.Match[str], *, day_first: bool = True) -> str:
    if found["numeric"]:
        return _read_numeric(found["numeric"], day_first=day_first)
    return _read_named(found["named"])


@lru_cache(maxsize=8192)
def _read_named(text: str) -> str:
    """Day of a date with the name of its month; the parser is slow, and the days of an export repeat."""
    when = _load_parser().get_date_data(re.sub(r"(?<=\d)[ºª]", "", text).lower()).date_obj
    # the year of the text must come back: two digits of it may have been taken for something else
    return when.date().isoformat() if when and str(when.year) in text else ""


def _read_numeric(text: str, *, day_first: bool) -> str:
    numbers = [int(part) for part in re.findall(r"\d+", text)]
    if numbers[0] > 31:
        year, month, day = numbers
    elif "/" in text and numbers[1] > 12:
        month, day, year = numbers
    elif "/" not in text or day_first or numbers[0] > 12 or numbers[0] == numbers[1]:
        day, month, year = numbers
    else:
        return ""  # day and month can be either
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _read_time(rest: str) -> str:
    """Time of day as the end of an ISO date; empty where there is none."""
    found = _TIME.search(rest)
    if not found:
        return ""
    hour, minute, half = int(found["hour"]), int(found["minute"]), (found["half"] or "").upper()
    if half and not 1 <= hour <= 12:
        return ""
    hour = hour % 12 + (12 if half == "P" else 0) if half else hour
    if hour > 23 or minute > 59:
        return ""
    zone = (found["zone"] or "").upper()
    return f"T{hour:02}:{minute:02}:00{_read_offset(zone)}"


@cache
def _read_offset(zone: str) -> str:
    """Offset of the short name of a zone, such as `-05:00`; empty for an unknown one, whose time is local."""
    if not zone:
        return ""
    if zone in _GREENWICH:
        return "+00:00"
    if shift := _SHIFT.fullmatch(zone):
        hours, minutes = int(shift[2]), int(shift[3] or 0)
        return f"{shift[1]}{hours:02}:{minutes:02}" if hours <= 14 and minutes < 60 else ""
    when = _load_parser().get_date_data(f"july 1, 2019 12:00 {zone.lower()}").date_obj
    return when.isoformat()[19:] if when and when.tzinfo else ""


@cache
def _load_parser() -> Any:
    from dateparser.date import DateDataParser

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "DATE_ORDER": "DMY"}
    return DateDataParser(languages=list(LANGUAGES), settings=settings)
