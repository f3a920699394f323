"""Forms of dates in directives of strptime: what is wrong with one, and the date that one reads."""

from __future__ import annotations

import re
import time
from datetime import datetime
from functools import lru_cache

__all__ = ["check_directives", "explain_weekday", "read_written"]

_DIRECTIVE = re.compile(r"%(.?)", re.DOTALL)
_WHOLE = {"c": "%a %b %d %H:%M:%S %Y", "x": "%m/%d/%y", "X": "%H:%M:%S"}  # in English, whatever the machine speaks
_KINDS = {
    "year": "YyG", "month": "mBb", "day of the week": "aAuw", "day of the month": "d", "day of the year": "j",
    "week": "UWV", "hour": "HI", "minute": "M", "second": "S", "fraction": "f", "half of the day": "p", "offset": "z",
    "zone": "Z",
}  # fmt: skip
_ZONES = ("UTC", "GMT", "Z")  # the only ones of which every machine knows the offset
_EXAMPLE = "write for instance %d.%m.%Y"


def check_directives(form: str) -> str:
    """Say what is wrong with a form of dates in directives of strptime.

    Parameters
    ----------
    form : str
        Such as `%d.%m.%Y`.

    Returns
    -------
    str
        The problem; empty where the form names one day, a month or a year.

    Examples
    --------
    >>> check_directives("%d.%m.%Y"), check_directives("%d %Y")
    ('', "'%d %Y' names a day and no month; write for instance %d.%m.%Y")
    """
    named = [letter for letter in _DIRECTIVE.findall(_expand(form)) if letter != "%"]
    if not set(named) <= set("".join(_KINDS.values())):
        return f"{form!r} is no form of dates; {_EXAMPLE}"
    by_kind = {kind: [letter for letter in named if letter in letters] for kind, letters in _KINDS.items()}
    for kind, letters in by_kind.items():
        if len(letters) > 1:
            twice = ", ".join(f"%{letter}" for letter in letters)
            return f"{form!r} names the {kind} twice ({twice}); name it once, and take the rest off with pattern:"
    if not by_kind["year"]:
        return f"{form!r} names no year; {_EXAMPLE}"
    problem = _find_gap({kind for kind, letters in by_kind.items() if letters}, set(named))
    return f"{form!r} {problem}" if problem else ""


def _find_gap(kinds: set[str], named: set[str]) -> str:
    """What keeps directives from naming one day, a month or a year; empty where nothing."""
    if "week" in kinds and "day of the week" not in kinds:
        return "names a week and no day of the week; add %a, %A, %u or %w"
    if "G" in named and "V" not in named:
        return "is of no calendar: %G goes with %V and %u; otherwise write %Y"
    if "V" in named and "G" not in named:
        return "is of no calendar: %V goes with %G, the year that its weeks belong to"
    if "day of the month" in kinds and "month" not in kinds:
        return f"names a day and no month; {_EXAMPLE}"
    ways = [bool(kinds & way) for way in ({"month", "day of the month"}, {"day of the year"}, {"week"})]
    if sum(ways) > 1:
        return "names the day in two ways; name it in one, and take the rest off with pattern:"
    if not kinds & {"day of the month", "day of the year", "week"}:
        if "day of the week" in kinds:
            return f"names a day of the week and no day; {_EXAMPLE}"
        if kinds & {"hour", "minute", "second", "fraction", "half of the day", "offset", "zone"}:
            return f"names a time and no day; {_EXAMPLE} %H:%M"
    if "I" in named and "p" not in named:
        return "leaves the half of the day open: %I goes with %p; hours to 24 are %H"
    if "p" in named and "I" not in named:
        return "leaves the half of the day open: %p goes with %I"
    return ""


def read_written(text: str, form: str) -> datetime:
    """Read a date in a form of directives, alike on every machine.

    Parameters
    ----------
    text : str
        The date.
    form : str
        The form. `%Z` is UTC, GMT or Z; other names of zones do not fit, since machines differ in what they know.

    Returns
    -------
    datetime
        With a zone where the text has an offset.

    Raises
    ------
    ValueError
        The form does not fit or is none, the day of the week is not that of the date, or the year has no such day or
        week.
    """
    when, weekday = _parse(text, form)
    if weekday != when.weekday() or not _has_year(text, form, when):
        raise ValueError(text)
    return when


def explain_weekday(text: str, form: str) -> str:
    """Say where the day of the week in a date is not that of its day.

    Parameters
    ----------
    text, form : str
        The date and its form.

    Returns
    -------
    str
        Such as `4 July 2025 is a Friday`; empty where the two agree or the form does not fit.
    """
    try:
        when, weekday = _parse(text, form)
    except ValueError:
        return ""
    return "" if weekday == when.weekday() else f"{when.day} {when:%B %Y} is a {when:%A}"


def _parse(text: str, form: str) -> tuple[datetime, int]:
    """The date, and the day of the week that the text names, or else that of the date; Monday is 0."""
    for each in _list_readings(form):
        try:
            when = datetime.strptime(text, each)
            names_weekday = any(f"%{letter}" in each for letter in _KINDS["day of the week"])
            return when, time.strptime(text, each).tm_wday if names_weekday else when.weekday()
        except ValueError:
            continue
    raise ValueError(text)


def _has_year(text: str, form: str, when: datetime) -> bool:
    """Whether a day of the year or of a week lies in the year that the text names: 2025 has no day 366."""
    named = set(_DIRECTIVE.findall(form))
    if not named & {"j", *_KINDS["week"]}:
        return True
    year = when.isocalendar().year if "G" in named else when.year
    return (f"{year % 100:02}" if "y" in named else f"{year:04}") in text


@lru_cache(maxsize=256)
def _list_readings(form: str) -> tuple[str, ...]:
    """The forms that a form stands for, one for each name of a zone; none where it cannot be read."""
    if check_directives(form):
        return ()
    whole = _expand(form)
    return tuple(dict.fromkeys(_replace_directives(whole, {"Z": zone}) for zone in _ZONES))


def _expand(form: str) -> str:
    """A form with its parts in place of the directives that stand for several."""
    return _replace_directives(form, _WHOLE)


def _replace_directives(form: str, parts: dict[str, str]) -> str:
    return _DIRECTIVE.sub(lambda match: parts.get(match[1], match[0]), form)
