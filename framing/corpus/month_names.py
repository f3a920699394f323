"""Names of months and days of the week in the languages of the outlets, as English ones."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Final
from unicodedata import normalize

__all__ = ["DAYS", "LANGUAGES", "MONTHS", "english_name", "plain_first", "put_in_english"]

MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                 "november", "december")  # fmt: skip
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# no name of a month means two months in these languages
LANGUAGES: Final = (
    *("en", "fr", "de", "es", "it", "nl", "pt", "ru", "zh"),
    *("pl", "uk", "tr", "sv", "da", "nb", "fi", "cs", "ro", "hu", "el"),
)
_SHORTEST = 3  # letters; shorter abbreviations are words of other languages
_WORD = re.compile(r"[^\W\d_]+")
_FIRST = re.compile(r"(?<!\d)1(?:er|º)(?!\w)")  # the first of a month in French, Spanish and Portuguese


def english_name(word: str) -> str:
    """Name a month or a day of the week in English.

    Parameters
    ----------
    word : str
        Its name or abbreviation in another language, in any letter case.

    Returns
    -------
    str
        In small letters; empty for other words, for English ones, and for those that mean different ones in different
        languages.

    Examples
    --------
    >>> english_name("juillet"), english_name("Dienstag"), english_name("мая"), english_name("ferry")
    ('july', 'tuesday', 'may', '')
    """
    return _read_names().get(normalize("NFC", word).lower(), "") if len(word) >= _SHORTEST else ""


def put_in_english(text: str, *, abbreviated: bool = False) -> str:
    """Put a date in English.

    Parameters
    ----------
    text : str
        The date.
    abbreviated : bool, default False
        Whether names are cut to three letters.

    Returns
    -------
    str
        The date with English names; `1er` is 1.

    Examples
    --------
    >>> put_in_english("1er juillet 2025"), put_in_english("4 juil 2025", abbreviated=True)
    ('1 july 2025', '4 jul 2025')
    """

    def translate(match: re.Match[str]) -> str:
        found = english_name(match[0])
        return found[:3] if abbreviated else found

    return _WORD.sub(lambda match: translate(match) or match[0], plain_first(text))


def plain_first(text: str) -> str:
    """Write the first of a month as a number.

    Parameters
    ----------
    text : str
        A date.

    Returns
    -------
    str
        With 1 for `1er` and `1º`.

    Examples
    --------
    >>> plain_first("mardi 1er juillet 2025"), plain_first("11er")
    ('mardi 1 juillet 2025', '11er')
    """
    return _FIRST.sub("1", text)


@cache
def _read_names() -> dict[str, str]:
    """English names by those of the languages, where they mean one."""
    meanings: dict[str, set[str]] = {}
    for language in LANGUAGES[1:]:
        info = import_module(f"dateparser.data.date_translation_data.{language}").info
        for english in (*MONTHS, *DAYS):
            for name in info[english]:
                meanings.setdefault(normalize("NFC", name).lower(), set()).add(english)
    in_english = {name[:length] for name in (*MONTHS, *DAYS) for length in (3, len(name))}  # strptime reads these
    return {
        name: next(iter(english)) for name, english in meanings.items() if len(english) == 1 and name not in in_english
    }
