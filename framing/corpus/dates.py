"""Dates in files: read as they stand, never guessed; why one cannot be read, and which dates are in question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import permutations

from framing.corpus.date_directives import check_directives, explain_weekday, read_written
from framing.corpus.month_names import DAYS, MONTHS, english_name, plain_first, put_in_english

__all__ = [
    "EXCEL",
    "ISO",
    "UNIX",
    "UNIX_MS",
    "check_date_format",
    "explain_date",
    "guess_forms",
    "read_date",
]

ISO, EXCEL, UNIX, UNIX_MS = "iso", "excel", "unix", "unix-ms"  # forms beside those of strptime

# fromisoformat also takes weeks without a day, and takes digits without end apart
_ISO_DAY = re.compile(r"(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{4}-W\d{2}-\d|\d{4}W\d{3})(?!\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TOKEN = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?|\d+|[^\W\d_]+|.", re.DOTALL)
# an offset stands behind a time; elsewhere a dash and four digits are a year
_OFFSET = re.compile(r":\d{2}(?:\.\d{1,6})? ?(?:[AaPp][Mm]|UTC|GMT)? ?([+-]\d{2}:?\d{2})$")
_ZONE = re.compile(r":\d{2}(?:\.\d+)? ?(?:[AaPp][Mm] )?\(?([A-Z]{2,5})\b")
_YEAR_DAY = re.compile(r"%y\W*%d")  # an order that is taken only where no other fits
_BEFORE_OUR_ERA = re.compile(r"[-\u2212](?:\d{1,6}-\d|\d{4}$)")
_ORDERS = ("dmy", "mdy", "ymd", "ydm")  # of day, month and year, the likelier first
_LITERALS = ("T", "at", "年", "月", "日", "de", "del", "г", "года", "р", "року")  # words that stand for nothing
_LONGEST = 60  # characters of a date
_SHOWN = 40  # characters of a wrong value in a message
_EXCEL_ZERO = datetime(1899, 12, 30)
_EXCEL_MOST = 2_958_466  # 1 January 10000
_UNIX_MOST = 5000  # year; what lies beyond are milliseconds taken for seconds
_UNIX_MS_LEAST = 31 * 86_400_000  # 1 February 1970; what lies before are seconds taken for milliseconds
_LEAP_DAY = 60  # 29 February 1900, which Excel counts and which never was


def read_date(text: str, formats: Sequence[str] = ()) -> datetime | None:
    """Read a date in the first form that fits.

    Parameters
    ----------
    text : str
        As the file has it.
    formats : sequence of str, default ()
        Forms of `datetime.strptime` such as `%d.%m.%Y`; `iso` (ISO 8601), `excel` (day number of Excel), `unix` and
        `unix-ms` (seconds and milliseconds since 1970). By default ISO 8601 alone.

    Returns
    -------
    datetime or None
        Without a zone; a time with an offset is in universal time, so that one article has one day on every machine.
        None where no form fits. A form without a day is the user's word that the first is meant; ISO 8601 without a
        day does not fit.

    Examples
    --------
    >>> read_date("2025-07-04T23:30:00-05:00"), read_date("04.07.2025"), read_date("04.07.2025", ["%d.%m.%Y"])
    (datetime.datetime(2025, 7, 5, 4, 30), None, datetime.datetime(2025, 7, 4, 0, 0))
    """
    text = text.strip()
    for form in formats or (ISO,):
        try:
            when = _read_form(text, form)
            return when if when.tzinfo is None else when.astimezone(UTC).replace(tzinfo=None)
        except (ValueError, OverflowError):
            continue
    return None


def _read_form(text: str, form: str) -> datetime:
    """The date in one form; raises `ValueError` or `OverflowError` where it does not fit."""
    if form == ISO:
        if not _ISO_DAY.match(text):
            raise ValueError(text)
        return datetime.fromisoformat(text)
    if form not in (EXCEL, UNIX, UNIX_MS):
        return _read_words(text, form)
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    number = float(text)
    if form == EXCEL:
        if not 1 <= number < _EXCEL_MOST or int(number) == _LEAP_DAY:
            raise ValueError(text)
        return _EXCEL_ZERO + timedelta(days=number + (number < _LEAP_DAY))
    when = datetime(1970, 1, 1) + timedelta(seconds=number / (1000 if form == UNIX_MS else 1))
    if when.year > _UNIX_MOST or (form == UNIX_MS and 0 < number < _UNIX_MS_LEAST):
        raise ValueError(text)
    return when


def _read_words(text: str, form: str) -> datetime:
    """The date in a form of strptime, with names of months and days in English or another language."""
    try:
        return read_written(text, form)
    except ValueError:
        if not re.search("%[aAbB]", form):
            raise
        english = put_in_english(text, abbreviated="%B" not in form and "%b" in form)
        if english == text:
            raise
        return read_written(english, form)


def check_date_format(form: str) -> str:
    """Say what is wrong with a form of dates.

    Parameters
    ----------
    form : str
        As `read_date` takes it.

    Returns
    -------
    str
        The problem; empty where there is none.

    Examples
    --------
    >>> check_date_format("%d.%m.%Y"), check_date_format("DD.MM.YYYY")
    ('', "'DD.MM.YYYY' names no year; write for instance %d.%m.%Y")
    """
    return "" if form in (ISO, EXCEL, UNIX, UNIX_MS) else check_directives(form)


@lru_cache(maxsize=4096)
def explain_date(text: str, formats: tuple[str, ...] = (), *, remedy: str = "set format: to") -> str:
    """Explain why a date could not be read, and what would help.

    Parameters
    ----------
    text : str
        A date for which `read_date` returned None.
    formats : tuple of str, default ()
        Forms that were tried.
    remedy : str, default "set format: to"
        How a form is given, before its name.

    Returns
    -------
    str
        Without a full stop.

    Examples
    --------
    >>> explain_date("13.07.2025")
    "the date '13.07.2025' is not of the form ISO 8601: set format: to '%d.%m.%Y'"
    """
    text = text.strip()
    tried = " or ".join("ISO 8601" if form == ISO else form for form in formats or (ISO,))
    return f"the date {text[:_SHOWN]!r} is not of the form {tried}: {_find_remedy(text, formats, remedy)}"


def _find_remedy(text: str, formats: tuple[str, ...], remedy: str) -> str:
    """What would help to read a date."""
    if _NUMBER.fullmatch(text) and (found := _explain_number(text, formats, remedy)):
        return found
    if re.match(r"(?a)\d{4}-\d{2}-\d{2}", text) and _may_add_iso(formats) and read_date(text):
        beside = f"[{', '.join([repr(form) if '%' in form else form for form in formats])}, {ISO}]"
        return (
            f"it is ISO 8601, as typed dates of tables are: {remedy} {beside if remedy.endswith('to') else 'iso too'}"
        )
    if _BEFORE_OUR_ERA.match(text):
        return "years before 1 are not read; leave the date empty"
    if re.fullmatch(r"\d{4}-?W\d{2}", text):
        return "it names a week and no day; write the day, such as 2025-07-04"
    forms = guess_forms(text)
    if forms:
        return f"{remedy} {_list_forms(text, forms)}{_describe_century(forms)}"
    for contradiction in filter(None, (explain_weekday(text, form) for form in (*formats, *_compose_forms(text)))):
        return f"{contradiction}; put the day or the day of the week right"
    for form, period in (("%Y", "year"), ("%Y-%m", "month"), ("%m/%Y", "month"), ("%m.%Y", "month"),
                         ("%B %Y", "month"), ("%b %Y", "month"), ("%Y %B", "month")):  # fmt: skip
        if read_date(text, (form,)):
            return f"it names no day; write the day, or {remedy} '{form}' to take the first of the {period}"
    words = [word for word in re.findall(r"[^\W\d_]+", text) if not _name_word(word)]
    if words and (zone := _ZONE.search(text)) and zone[1] == words[0]:
        return (
            f"{zone[1]!r} names a zone, of which machines know different offsets; write the offset, such as -0500, and "
            "%z (UTC and GMT are read as %Z)"
        )
    if re.match(r"(?a)\d{4}-\d{2}-\d{2}", text):
        return "there is no such day, time or zone"
    if words and words[0].lower() in ("st", "nd", "rd", "th"):
        return "days with st, nd, rd or th are not read; write dates as 2025-07-04"
    if words and re.search(r"\d{4}|\d{1,2}\D+\d{2}\b", text):
        return (
            f"{words[0][:_SHOWN]!r} is no name of a month or day in a language that is known; write dates as 2025-07-04"
        )
    return "write dates as 2025-07-04, or leave them empty"


def _may_add_iso(formats: tuple[str, ...]) -> bool:
    """Whether ISO 8601 beside the forms leaves no date open."""
    return bool(formats) and ISO not in formats and not any(form.startswith("%Y-%d") for form in formats)


def _explain_number(text: str, formats: tuple[str, ...], remedy: str) -> str:
    """What a number may stand for; empty where it is a year or a day in digits."""
    whole = text.partition(".")[0]
    n_digits = len(whole) + (len(whole) in (9, 12) and bool({UNIX, UNIX_MS} & set(formats)))  # days before 2001
    if n_digits in (10, 13):
        form, unit = (UNIX, "seconds") if n_digits == 10 else (UNIX_MS, "milliseconds")
        when = read_date(text, (form,))
        return f"as {unit} since 1970 it would be {when:%Y-%m-%d %H:%M}; then {remedy} '{form}'" if when else ""
    if len(whole) == 5 and (when := read_date(text, (EXCEL,))):
        return f"as a day number of Excel it would be {when:%Y-%m-%d}; then {remedy} '{EXCEL}', or save cells as dates"
    return ""


def _list_forms(text: str, forms: list[str]) -> str:
    """Forms, with the day that each would give where there are several."""
    if len(forms) == 1:
        return f"'{forms[0]}'"
    days = [f"'{form}' for {when.day} {when:%B %Y}" for form in forms if (when := read_date(text, (form,)))]
    return " or ".join(days)


def _describe_century(forms: list[str]) -> str:
    if not any("%y" in form for form in forms):
        return ""
    return " (two digits of a year from 69 on are of 1969 to 1999, those below of 2000 to 2068)"


def guess_forms(text: str) -> list[str]:
    """Guess the forms of strptime in which a date with a day may be written.

    Parameters
    ----------
    text : str
        The date.

    Returns
    -------
    list of str
        The likelier first; where day and month may be either, both.

    Examples
    --------
    >>> guess_forms("04.07.2025"), guess_forms("Jul 4, 2025")
    (['%d.%m.%Y', '%m.%d.%Y'], ['%b %d, %Y'])
    """
    forms = _compose_forms(text)
    fitting = [form for form in forms if read_date(text, (form,))]
    if fitting and fitting[0].startswith("%Y"):
        return fitting[:1]  # the month follows the year
    return [form for form in fitting if not _YEAR_DAY.match(form)] or fitting


def _compose_forms(text: str) -> list[str]:
    """Forms of the shape of a date, whether or not there is such a day."""
    if len(text) > _LONGEST or _BEFORE_OUR_ERA.match(text):
        return []
    text = plain_first(text)
    offset = _OFFSET.search(text)
    tokens = [*_TOKEN.findall(text[: offset.start(1)]), offset[1]] if offset else _TOKEN.findall(text)
    has_half = any(token.lower() in ("am", "pm") for token in tokens)
    parts: list[str] = []
    numbers: list[int] = []
    roles = {"d", "m", "y"}
    for token in tokens:
        if ":" in token and token[0].isdigit():
            parts.append(_name_time(token, has_half=has_half))
        elif token.isdigit():
            numbers.append(len(parts))
            parts.append(token)
        elif offset and token == offset[1]:
            parts.append("%z")
        elif token.isalpha():
            name = _name_word(token)
            if not name:
                return []
            parts.append(name)
            roles -= {"m"} if name in ("%B", "%b") else set()
        else:
            parts.append("%%" if token == "%" else token)
    if len(numbers) == 1 and len(parts[numbers[0]]) in (6, 8):
        year = "%Y" if len(parts[numbers[0]]) == 8 else "%y"
        candidates = [{numbers[0]: form} for form in (f"%d%m{year}", f"%m%d{year}", f"{year}%m%d")]
    else:
        candidates = _assign_roles([(place, parts[place]) for place in numbers], roles)
    forms = ["".join(candidate.get(place, part) for place, part in enumerate(parts)) for candidate in candidates]
    return list(dict.fromkeys(forms))


def _assign_roles(numbers: list[tuple[int, str]], roles: set[str]) -> list[dict[int, str]]:
    """Directives of day, month and year for the numbers of a date, by their place; the likelier first."""
    if len(numbers) != len(roles):
        return []
    orders = [tuple(role for role in order if role in roles) for order in _ORDERS]
    candidates = []
    for order in dict.fromkeys(order for order in orders if order in set(permutations(roles))):
        directives = {}
        for (place, digits), role in zip(numbers, order, strict=True):
            if (len(digits) == 4) != (role == "y") and not (role == "y" and len(digits) == 2):
                break
            directives[place] = f"%{'Y' if len(digits) == 4 else role}"
        else:
            candidates.append(directives)
    return candidates


def _name_time(token: str, *, has_half: bool) -> str:
    hour = "%I" if has_half else "%H"
    seconds = {1: "", 2: ":%S"}[token.count(":")]
    return f"{hour}:%M{seconds}{'.%f' if '.' in token else ''}"


def _name_word(word: str) -> str:
    """Directive of a word in a date; the word itself where it stands for nothing; empty where unknown."""
    lower = word.lower()
    if lower in MONTHS:
        return "%B"
    if lower in DAYS:
        return "%A"
    if lower in {name[:3] for name in MONTHS}:
        return "%b"
    if lower in {name[:3] for name in DAYS}:
        return "%a"
    if lower in ("am", "pm"):
        return "%p"
    if word in ("UTC", "GMT"):
        return "%Z"
    if word == "Z":
        return "%z"
    if word in _LITERALS:
        return word
    name = english_name(lower)
    return "%B" if name in MONTHS else "%A" if name else ""
