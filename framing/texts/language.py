"""The language in which this process writes for readers, and the catalogue of its texts."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from framing.errors import InputError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

__all__ = [
    "ENGLISH",
    "TEMPLATE",
    "check_language",
    "current_language",
    "find_translations",
    "in_language",
    "list_languages",
    "read_catalogue",
    "use_language",
]

ENGLISH = "en"
TEMPLATE = "framing.pot"  # all texts, without translations
_FOLDER = "framing.texts"
_current = ENGLISH


def list_languages() -> tuple[str, ...]:
    """List the languages that texts can be in: English, and those that have a file.

    Returns
    -------
    tuple of str
        Codes, such as `de`.

    Examples
    --------
    >>> list_languages()[:2]
    ('de', 'en')
    """
    names = [item.name for item in files(_FOLDER).iterdir()]
    return tuple(sorted([ENGLISH, *(name.removesuffix(".po") for name in names if name.endswith(".po"))]))


def current_language() -> str:
    """Return the language of this process.

    Returns
    -------
    str
        Its code; `en` if none was chosen.
    """
    return _current


def check_language(language: str) -> str:
    """Check that there is a file of a language.

    Parameters
    ----------
    language : str
        Its code.

    Returns
    -------
    str
        The code.

    Raises
    ------
    InputError
        If there is none.
    """
    if language not in list_languages():
        raise InputError(f"expected one of {', '.join(list_languages())}, got {language!r}")
    return language


def use_language(language: str) -> None:
    """Write for readers in a language from now on, as the settings of a notebook say.

    Parameters
    ----------
    language : str
        One of `list_languages()`.

    Raises
    ------
    InputError
        If there is no file of this language.
    """
    global _current
    _current = check_language(language)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write for readers in a language, in this block.

    Parameters
    ----------
    language : str
        One of `list_languages()`.

    Yields
    ------
    None
        Nothing; the language before comes back at the end of the block.

    Raises
    ------
    InputError
        If there is no file of this language.

    Examples
    --------
    >>> with in_language("de"):
    ...     current_language()
    'de'
    """
    before = _current
    use_language(language)
    try:
        yield
    finally:
        use_language(before)


@lru_cache(maxsize=8)
def read_catalogue(name: str) -> Catalog:
    """Read a file of texts.

    Parameters
    ----------
    name : str
        Its name, such as `de.po`.

    Returns
    -------
    Catalog
        Its content.
    """
    from babel.messages.pofile import read_po

    # the locale of a template is none; of a language it gives the plural rules
    locale = None if name == TEMPLATE else name.removesuffix(".po")
    return read_po(BytesIO((files(_FOLDER) / name).read_bytes()), locale=locale, abort_invalid=True)


@lru_cache(maxsize=8)
def find_translations(language: str) -> gettext.NullTranslations:
    """Find the translations into a language.

    Parameters
    ----------
    language : str
        Its code.

    Returns
    -------
    NullTranslations
        Returns a text itself where it has no translation, or one that is marked as fuzzy.
    """
    if language == ENGLISH:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo

    compiled = BytesIO()
    write_mo(compiled, read_catalogue(f"{language}.po"))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
