"""How the dates of a column are written, told from all of its values; an order that they leave open is a question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from framing.corpus.dates import ISO, guess_forms, read_date

__all__ = ["DateForms", "find_date_forms"]

_YEARS = range(1400, 2101)  # a form under which years are others is not the right one
_DIGITS = {14: "%Y%m%d%H%M%S", 12: "%Y%m%d%H%M"}  # forms of interfaces that are not guessed, by their length
_TWITTER = "%a %b %d %H:%M:%S %z %Y"
_N_SHAPES = 40  # a column of more ways of writing holds no dates
_N_GUESSED = 100  # values of which forms are guessed at a time


@dataclass(frozen=True)
class DateForms:
    """How the dates of a column are written.

    Attributes
    ----------
    formats : tuple of str
        Forms that read them, most frequent first, as `framing.corpus.dates.read_date` takes them.
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
    for group in sorted(by_shape.values(), key=len, reverse=True):
        found = _read_group(group)
        unreadable += found.unreadable
        choices |= dict.fromkeys(found.choices)
        questions += [found.question] if found.question else []
        formats |= dict.fromkeys(found.formats)
    return DateForms(tuple(formats), len(distinct), tuple(unreadable), " ".join(questions), tuple(choices))


def _read_group(values: list[str]) -> DateForms:
    """The forms of values of one shape."""
    readings = {ISO: _read_all(values, ISO)}
    if len(readings[ISO]) == len(values):
        return DateForms((ISO,), len(values))
    left = list(values)
    while guessed := [form for form in _guess_all(left[:_N_GUESSED]) if form not in readings]:
        readings |= {form: _read_all(values, form) for form in guessed}
        left = [value for value in values if not any(value in read for read in readings.values())]
    ranked = sorted((form for form, read in readings.items() if read), key=lambda form: -len(readings[form]))
    chosen: list[str] = []
    unread = set(values)
    for form in ranked:
        rivals = [other for other in chosen if _disagree(readings[form], readings[other])]
        if rivals and (len(readings[form]) == len(readings[rivals[0]]) or unread & set(readings[form])):
            return _ask(values, rivals, form, readings)
        if not rivals and unread & set(readings[form]):
            chosen.append(form)
            unread -= set(readings[form])
    return DateForms(tuple(chosen), len(values), tuple(value for value in values if value in unread))


def _guess_all(values: Iterable[str]) -> list[str]:
    """Forms of some of the values, each once."""
    found: dict[str, None] = {}
    for value in values:
        more = _DIGITS.get(len(value), "") if value.isdigit() else _TWITTER
        found |= dict.fromkeys(guess_forms(value) or filter(None, [more]))
    return list(found)


def _ask(values: list[str], rivals: list[str], form: str, readings: dict[str, dict[str, datetime]]) -> DateForms:
    """The question that values leave open which a form reads, and its rivals read differently."""
    one, other = rivals[0], form
    forms = [*rivals, form]
    forms += [
        more
        for more, read in readings.items()
        if more not in forms and len(read) == len(readings[form]) and all(_disagree(read, readings[f]) for f in forms)
    ]
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
    read = {value: when for value in values if (when := read_date(value, (form,)))}
    return {value: when for value, when in read.items() if when.year in _YEARS or (form == ISO and "-" in value)}


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
