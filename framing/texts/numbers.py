"""Numbers and days in the form of the reader's language."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from framing.texts.language import ENGLISH, current_language

__all__ = ["chart_locales", "localise_number", "write_day"]

_FORMS = {"short": "%d %b %Y", "long": "", "month": "%b %Y"}  # in English; long has a day without a zero before it


def chart_locales() -> dict[str, dict[str, Any]]:
    """Forms of numbers and days on the axes of charts, as Vega takes them.

    Returns
    -------
    dict of str to dict
        `formatLocale` and `timeFormatLocale` of d3; nothing in English, which is the default of Vega.

    Examples
    --------
    >>> from framing.texts import in_language
    >>> with in_language("de"):
    ...     locales = chart_locales()
    >>> locales["formatLocale"]["decimal"], locales["timeFormatLocale"]["months"][6]
    (',', 'Juli')
    """
    if current_language() == ENGLISH:
        return {}
    from babel import Locale

    locale = Locale.parse(current_language())
    decimal, group, percent = _find_symbols(current_language())
    order = (6, 0, 1, 2, 3, 4, 5)  # d3 begins a week with Sunday, Babel with Monday
    return {
        "formatLocale": {
            "decimal": decimal, "thousands": group, "grouping": [3], "currency": ["", ""], "percent": percent,
        },
        "timeFormatLocale": {
            "dateTime": "%x, %X",
            "date": "%Y-%m-%d",
            "time": "%H:%M:%S",
            "periods": ["AM", "PM"],
            "days": [str(locale.days["format"]["wide"][day]) for day in order],
            "shortDays": [str(locale.days["format"]["abbreviated"][day]) for day in order],
            "months": [str(locale.months["format"]["wide"][month]) for month in range(1, 13)],
            "shortMonths": [str(locale.months["format"]["abbreviated"][month]) for month in range(1, 13)],
        },
    }  # fmt: skip


def localise_number(text: str) -> str:
    """Put a number that Python wrote into the form of the language.

    Parameters
    ----------
    text : str
        What `format` returned: digits with `.`, `,` and `%`.

    Returns
    -------
    str
        The same number with the separators, the sign of per cent and the minus sign of the language; in English the
        text itself.

    Examples
    --------
    >>> from framing.texts import in_language
    >>> with in_language("de"):
    ...     localise_number("-1,234.5%")
    '−1.234,5\\xa0%'
    """
    if current_language() == ENGLISH:
        return text
    decimal, group, percent = _find_symbols(current_language())
    return "".join({".": decimal, ",": group, "%": percent, "-": "−"}.get(character, character) for character in text)


@lru_cache(maxsize=8)
def _find_symbols(language: str) -> tuple[str, str, str]:
    """Decimal sign, sign between groups of digits, and sign of per cent with the space before it."""
    from babel import Locale

    locale = Locale.parse(language)
    symbols = locale.number_symbols["latn"]
    pattern = locale.percent_formats[None].pattern
    return symbols["decimal"], symbols["group"], pattern.lstrip("#,0.")


def write_day(day: date, form: str = "short") -> str:
    """Write a day.

    Parameters
    ----------
    day : date
        The day, or a time of it.
    form : {"short", "long", "month"}, default "short"
        With the month shortened or in full; `month`: month and year alone.

    Returns
    -------
    str
        The day in words of the language.

    Examples
    --------
    >>> from framing.texts import in_language
    >>> write_day(date(2025, 7, 4)), write_day(date(2025, 7, 4), "long"), write_day(date(2025, 7, 4), "month")
    ('04 Jul 2025', '4 July 2025', 'Jul 2025')
    >>> with in_language("de"):
    ...     write_day(date(2025, 7, 4)), write_day(date(2025, 7, 4), "long")
    ('4. Juli 2025', '4. Juli 2025')
    """
    language = current_language()
    if language == ENGLISH:
        return f"{day.day} {day:%B %Y}" if form == "long" else day.strftime(_FORMS[form])
    from babel.dates import format_date, format_skeleton

    if form == "month":
        return str(format_skeleton("yMMM", day, locale=language))
    if form == "long":
        return str(format_date(day, "long", locale=language))
    return str(format_skeleton("yMMMd", day, locale=language))
