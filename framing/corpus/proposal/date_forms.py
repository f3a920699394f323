"""How the dates of a column are written, told from all of its values; an order that they leave open is a question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

__all__ = ["ISO", "DateForms", "find_date_forms"]

ISO = ""  # the form that the reader takes without a `format`
_YEARS = range(1400, 2101)  # a form under which years are others is not the right one
_SAMPLES = (datetime(2011, 11, 12, 13, 14, 15), datetime(2011, 5, 12, 13, 14, 15))  # May has no short form
_ISO_DAY, _ISO_SHAPE = "%Y-%m-%d", "Y-D-D"  # ISO 8601 beside other forms
_N_SHAPES = 40  # a column of more ways of writing holds no dates

_IN_DIGITS = ("%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y/%d/%m", "%d/%m/%y", "%m/%d/%y", "%y/%m/%d")
_DAYS = (
    *(form.replace("/", mark) for form in _IN_DIGITS for mark in (".", "/", "-", " ", ". ")),
    "%d %B %Y", "%d. %B %Y", "%B %d, %Y", "%B %d %Y", "%d %b %Y", "%d %b. %Y", "%b %d, %Y", "%b. %d, %Y", "%b %d %Y",
    "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y", "%d %b %y", "%A, %d %B %Y", "%A, %B %d, %Y", "%A %d %B %Y", "%a, %d %b %Y",
    "%a, %d %B %Y", "%d%b%Y", "%Y %B %d", "%Y-%b-%d",
)  # fmt: skip
_TIMES = (
    "", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M", "T%H:%M:%S", ", %H:%M", ", %H:%M:%S", " - %H:%M", " %I:%M %p",
    " %I:%M:%S %p", " %I:%M%p", ", %I:%M %p", ", %I:%M:%S %p", " %H.%M",
)  # fmt: skip
_ZONES = ("", " %z", "%z", " GMT", " UTC", "Z")
_WHOLE = ("%a %b %d %H:%M:%S %z %Y", "%a %b %d %H:%M:%S %Y", "%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%dT%H%M%SZ", "%d%m%Y")


@dataclass(frozen=True)
class DateForms:
    """How the dates of a column are written.

    Attributes
    ----------
    formats : tuple of str
        Forms that read them, most frequent first; `ISO` is ISO 8601.
    n_values : int
        Number of different values.
    unreadable : tuple of str
        Values that no form reads.
    question : str
        What the values leave open, in a sentence; empty where nothing.
    choices : tuple of str
        Forms to choose from where there is a question.
    """

    formats: tuple[str, ...]
    n_values: int
    unreadable: tuple[str, ...] = ()
    question: str = ""
    choices: tuple[str, ...] = ()

    @property
    def share_read(self) -> float:
        """Share of the different values that the forms read."""
        return 1 - len(self.unreadable) / self.n_values if self.n_values else 0.0


def find_date_forms(values: Collection[str]) -> DateForms:
    """Find the forms in which dates are written.

    Parameters
    ----------
    values : collection of str
        All different values of a column; empty ones are passed over.

    Returns
    -------
    DateForms
        The forms, or a question where the values can be read in two orders of day, month and year.

    Notes
    -----
    Values of one shape, such as digits with dots, are read in one order. The order is told only by values that exclude
    the others, such as a 13th. It is never told by what is usual.

    Examples
    --------
    >>> find_date_forms(["04.07.2025", "13.07.2025"]).formats
    ('%d.%m.%Y',)
    >>> find_date_forms(["04/07/2025", "05/07/2025"]).choices
    ('%d/%m/%Y', '%m/%d/%Y')
    """
    distinct = sorted({value.strip() for value in values if value.strip()})
    by_shape: dict[str, list[str]] = defaultdict(list)
    for value in distinct:
        by_shape[_describe_shape(value)].append(value)
    if len(by_shape) > _N_SHAPES:
        return DateForms((), len(distinct), tuple(distinct))
    formats: dict[str, None] = {}
    choices: dict[str, None] = {}
    unreadable: list[str] = []
    questions = []
    for shape, group in sorted(by_shape.items(), key=lambda item: -len(item[1])):
        found = _read_group(group, shape)
        unreadable += found.unreadable
        choices |= dict.fromkeys(found.choices)
        questions += [found.question] if found.question else []
        formats |= dict.fromkeys(found.formats)
    is_iso = formats and set(formats) <= {ISO, _ISO_DAY} and not questions
    chosen = (ISO,) if is_iso else tuple(formats)
    return DateForms(chosen, len(distinct), tuple(unreadable), " ".join(questions), tuple(choices))


def _read_group(values: list[str], shape: str) -> DateForms:
    """The forms of values of one shape."""
    readings = {form: _read_all(values, form) for form in _find_candidates(shape)}
    if len(readings[ISO]) == len(values):
        return DateForms((_ISO_DAY if shape == _ISO_SHAPE else ISO,), len(values))
    if any(len(read) == len(values) and not _is_rare(form) for form, read in readings.items()):
        readings = {form: read for form, read in readings.items() if not _is_rare(form)}
    ranked = sorted((form for form, read in readings.items() if read), key=lambda form: -len(readings[form]))
    chosen: list[str] = []
    left = set(values)
    for form in ranked:
        rivals = [other for other in chosen if _disagree(readings[form], readings[other])]
        if rivals and (len(readings[form]) == len(readings[rivals[0]]) or left & set(readings[form])):
            return _ask(values, [*rivals, form], readings)
        if not rivals and left & set(readings[form]):
            chosen.append(form)
            left -= set(readings[form])
    return DateForms(tuple(chosen), len(values), tuple(value for value in values if value in left))


def _ask(values: list[str], forms: list[str], readings: dict[str, dict[str, datetime]]) -> DateForms:
    """The question that values leave open which several forms read, and read differently."""
    one, other = forms[0], forms[-1]
    only_one = [value for value in values if value in readings[one] and value not in readings[other]]
    only_other = [value for value in values if value in readings[other] and value not in readings[one]]
    if only_one and only_other:
        question = f"{only_one[0]!r} can only be {one}, {only_other[0]!r} can only be {other}."
    else:
        shown = next(value for value in values if readings[one].get(value) != readings[other].get(value))
        question = f"{shown!r} and all others like it can be {' or '.join(forms)}."
    unreadable = tuple(value for value in values if not any(value in readings[form] for form in forms))
    return DateForms((), len(values), unreadable, question, tuple(forms))


def _read_all(values: Iterable[str], form: str) -> dict[str, datetime]:
    """The values that a form reads, with their dates."""
    read = {}
    for value in values:
        try:
            when = datetime.strptime(value, form) if form else datetime.fromisoformat(value)
        except (ValueError, OverflowError):
            continue
        if when.year in _YEARS or (form == ISO and "-" in value):
            read[value] = when
    return read


def _is_rare(form: str) -> bool:
    """Whether the year comes first and the month last, which nobody writes unless values show it."""
    return re.match(r"%Y\W+%d", form) is not None


def _disagree(one: dict[str, datetime], other: dict[str, datetime]) -> bool:
    return any(value in other and other[value] != when for value, when in one.items())


def _describe_shape(value: str) -> str:
    """A value with each run of digits or letters as one sign: Y four digits, D one or two, N others, A letters."""

    def sign(match: re.Match[str]) -> str:
        run = match.group()
        if not run.isdigit():
            return "A"
        return "Y" if len(run) == 4 else "D" if len(run) <= 2 else f"N{len(run)}"

    return re.sub(r"\d+|[^\W\d_]+", sign, value)


def _find_candidates(shape: str) -> tuple[str, ...]:
    return (ISO, *_forms_by_shape().get(shape, ()))


@cache
def _forms_by_shape() -> dict[str, tuple[str, ...]]:
    """All known forms by the shape of what they write."""
    forms = [*_WHOLE, *(day + time + zone for day in _DAYS for time in _TIMES for zone in _ZONES if time or not zone)]
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for form in forms:
        for sample in _SAMPLES:
            for zone in ("+0000", "+00:00", "Z") if "%z" in form else ("",):
                found[_describe_shape(sample.strftime(form.replace("%z", zone)))][form] = None
    return {shape: tuple(names) for shape, names in found.items()}
