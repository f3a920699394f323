"""The first case of names in Russian and Ukrainian: by pymorphy3 where it is installed, and by endings elsewhere."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from framing.voice.languages.rules import LanguageRules

__all__ = ["has_morphology", "to_nominative"]

# endings of surnames by case, longest first: those of a man, and those of a woman
_MEN = {
    "ru": (("скому", "ский"), ("ского", "ский"), ("ским", "ский"), ("ском", "ский"), ("овым", "ов"), ("евым", "ев"),
           ("ёвым", "ёв"), ("иным", "ин"), ("ыным", "ын"), ("ову", "ов"), ("еву", "ев"), ("ину", "ин"), ("ове", "ов"),
           ("еве", "ев"), ("ине", "ин"), ("ова", "ов"), ("ева", "ев"), ("ёва", "ёв"), ("ина", "ин"), ("ого", "ой"),
           ("ому", "ой"), ("ом", ""), ("ем", "ь"), ("а", ""), ("у", ""), ("е", ""), ("я", "ь"), ("ю", "ь")),
    "uk": (("ського", "ський"), ("ському", "ський"), ("ським", "ський"), ("цького", "цький"), ("цькому", "цький"),
           ("цьким", "цький"), ("овим", "ов"), ("енком", "енко"), ("енка", "енко"), ("енку", "енко"), ("енкові", "енко"),
           ("ком", "ко"), ("ові", ""), ("ом", ""), ("ем", "ь"), ("ця", "ець"), ("цем", "ець"), ("цю", "ець"),
           ("а", ""), ("у", ""), ("я", "ь"), ("ю", "ь")),
}  # fmt: skip
_WOMEN = {
    "ru": (("ской", "ская"), ("скую", "ская"), ("овой", "ова"), ("евой", "ева"), ("ёвой", "ёва"), ("иной", "ина"),
           ("ову", "ова"), ("еву", "ева"), ("ину", "ина"), ("ой", "ая")),
    "uk": (("ської", "ська"), ("ською", "ська"), ("ській", "ська"), ("ську", "ська"), ("цької", "цька"), ("цькою", "цька"),
           ("ової", "ова"), ("овою", "ова"), ("ову", "ова"), ("евої", "ева"), ("ину", "ина"), ("иної", "ина")),
}  # fmt: skip


@lru_cache(maxsize=4)
def _load(code: str) -> Any:
    """The morphology of a language; None where it is not installed."""
    try:
        from pymorphy3 import MorphAnalyzer

        return MorphAnalyzer(lang=code)
    except (ImportError, ValueError):
        return None


def has_morphology(code: str) -> bool:
    """Whether names of a language are read by a dictionary of forms.

    Parameters
    ----------
    code : str
        ISO 639-1 code.

    Returns
    -------
    bool
        True where pymorphy3 and its dictionary of the language are installed.
    """
    return code in _MEN and _load(code) is not None


def to_nominative(words: tuple[str, ...], rules: LanguageRules) -> tuple[str, str]:
    """A name in the first case, with the pronoun of the person.

    Parameters
    ----------
    words : tuple of str
        The name in any case.
    rules : LanguageRules
        Rules of its language.

    Returns
    -------
    tuple of str
        The name, and `she`, `he` or nothing. A surname alone stays as it is.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> to_nominative(("Ивана", "Соколова"), read_rules("ru"))
    ('Иван Соколов', 'he')
    >>> to_nominative(("Іриною", "Ковальською"), read_rules("uk"))
    ('Ірина Ковальська', 'she')
    """
    given = next((rules.find_given(word) for word in words[:-1] if rules.find_given(word)), "")
    gender = rules.is_given(given)
    if rules.code not in _MEN or len(words) < 2:
        return " ".join(words), gender
    inflected = bool(given) and given not in words
    if not gender or not inflected:
        return " ".join(words), gender
    table = (_MEN if gender == "he" else _WOMEN)[rules.code]
    parts = []
    for word in words:
        known = rules.find_given(word) if word != words[-1] else ""
        parts.append(known or _change(word, table))
    return " ".join(parts), gender


def _change(word: str, table: tuple[tuple[str, str], ...]) -> str:
    for ending, first in table:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending) + first
    return word
