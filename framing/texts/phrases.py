"""A text for readers, filled with values: whole sentences, with the plural rules of their language."""

from __future__ import annotations

from datetime import date
from string import Formatter
from typing import Any

from framing.texts.language import (
    ENGLISH,
    TEMPLATE,
    current_language,
    find_translations,
    read_catalogue,
)
from framing.texts.numbers import localise_number, write_day

__all__ = ["find_untranslated", "list_plurals", "phrase", "phrase_in", "phrase_later", "phrase_n", "translate"]


class _Localised(Formatter):
    """Fills places in a text; numbers and days have the form of the language."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, date) and not format_spec:
            return write_day(value)
        text = str(super().format_field(value, format_spec))
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return localise_number(text) if is_number else text


_FILL = _Localised()


def phrase(text: str, /, **values: Any) -> str:
    """Return a text in the language of this process.

    Parameters
    ----------
    text : str
        The English text, as a literal; `{name}` or `{name:.1%}` is the place of a value.
    **values : Any
        The values.

    Returns
    -------
    str
        The translation, or the English text where there is none, with the values in their places.

    Examples
    --------
    >>> phrase("Dot: share. Thin line: {level:.0%} interval", level=0.95)
    'Dot: share. Thin line: 95% interval'
    """
    told = translate(text)
    return _FILL.format(told, **values) if values else told


def phrase_n(one: str, many: str, n: int, /, **values: Any) -> str:
    """Return a text about a number of things in the language of this process.

    Parameters
    ----------
    one, many : str
        The English text about one thing, and about several, as literals. `{n}` or `{n:,}` is the place of the number.
    n : int
        The number.
    **values : Any
        Further values.

    Returns
    -------
    str
        The form that the plural rules of the language choose.

    Examples
    --------
    >>> phrase_n("{n:,} passage", "{n:,} passages", 1), phrase_n("{n:,} passage", "{n:,} passages", 1234)
    ('1 passage', '1,234 passages')
    """
    told = find_translations(current_language()).ngettext(one, many, n)
    return _FILL.format(told, **{"n": n, **values})


def phrase_in(context: str, text: str, /, **values: Any) -> str:
    """Return a text that other languages tell apart by where it stands, as `phrase` does.

    Parameters
    ----------
    context : str
        Where it stands, as a literal, such as `of`: words behind a number have another case there.
    text : str
        The English text, as a literal.
    **values : Any
        The values.

    Returns
    -------
    str
        The translation, with the values in their places.

    Examples
    --------
    >>> phrase_in("of", "passages")
    'passages'
    """
    told = find_translations(current_language()).pgettext(context, text)
    return _FILL.format(told, **values) if values else told


def phrase_later(text: str, /) -> str:
    """Mark a text that is translated where it is shown, as are texts in constants and tables.

    Parameters
    ----------
    text : str
        The English text, as a literal.

    Returns
    -------
    str
        The text itself.
    """
    return text


def translate(text: str) -> str:
    """Translate a text without filling it.

    Parameters
    ----------
    text : str
        An English text.

    Returns
    -------
    str
        The translation; the text itself where there is none.
    """
    return find_translations(current_language()).gettext(text) if text else text


def list_plurals(one: str, many: str) -> list[str]:
    """List the forms of a text about a number of things, for scripts of pages.

    Parameters
    ----------
    one, many : str
        The English texts.

    Returns
    -------
    list of str
        The forms in the order of the plural rules of the language: of one thing first.

    Examples
    --------
    >>> list_plurals("{n} row", "{n} rows")
    ['{n} row', '{n} rows']
    """
    if current_language() == ENGLISH:
        return [one, many]
    known = read_catalogue(f"{current_language()}.po").get(one)
    forms = () if known is None or known.fuzzy or isinstance(known.string, str) else known.string
    return list(forms) if forms and all(forms) else [one, many]


def find_untranslated(language: str) -> list[str]:
    """Find the texts that a language lacks: readers see them in English.

    Parameters
    ----------
    language : str
        Code of the language.

    Returns
    -------
    list of str
        The English texts, in the order of the code.
    """
    if language == ENGLISH:
        return []
    catalogue = read_catalogue(f"{language}.po")
    texts = []
    for message in read_catalogue(TEMPLATE):
        if message.id:
            known = catalogue.get(message.id, message.context)
            told = "" if known is None or known.fuzzy else known.string
            if not told or not all(told):
                texts.append(message.id if isinstance(message.id, str) else message.id[0])
    return texts
