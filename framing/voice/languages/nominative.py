"""The first case of names in languages with cases: by pymorphy3 where it is installed, and by endings elsewhere."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from framing.voice.languages.rules import LanguageRules

__all__ = ["ends_in_consonant", "has_morphology", "is_woman_in_first_case", "to_nominative"]

_DICTIONARIES = ("ru", "uk")  # of pymorphy3
_NAMES = ("Name", "Surn", "Patr")  # its tags for given names, surnames and patronymics
_SHORTEST = 3  # characters of a stem


@lru_cache(maxsize=4)
def _load(code: str) -> Any:
    """The dictionary of forms of a language; None where it is not installed."""
    if code not in _DICTIONARIES:
        return None
    try:
        return import_module("pymorphy3").MorphAnalyzer(lang=code)
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
        True where pymorphy3 and its dictionary of the language are installed (`pip install framing[voices]`).

    Examples
    --------
    >>> has_morphology("de")
    False
    """
    return _load(code) is not None


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
    return _to_nominative(words, rules)


def ends_in_consonant(word: str) -> bool:
    """Whether a name ends as surnames of men do in the first case, which they lose in every other.

    Parameters
    ----------
    word : str
        A word of a name.

    Returns
    -------
    bool
        True for such a name.

    Examples
    --------
    >>> ends_in_consonant("Мороз"), ends_in_consonant("Мороза")
    (True, False)
    """
    return word[-1:] in "бвгджзйклмнпрстфхцчшщ"


def is_woman_in_first_case(words: tuple[str, ...], rules: LanguageRules) -> bool:
    """Whether a name that looks like another case of a man's is a woman's: Петра Линднер, not Петра Линднера.

    Parameters
    ----------
    words : tuple of str
        The name.
    rules : LanguageRules
        Rules of its language.

    Returns
    -------
    bool
        True where the given name ends in а or я and the surname, unlike a man's, has no ending beside it.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> is_woman_in_first_case(("Петра", "Линднер"), read_rules("ru"))
    True
    >>> is_woman_in_first_case(("Петра", "Линднера"), read_rules("ru"))
    False
    """
    if not rules.file.cases or len(words) < 2 or not words[0].endswith(("а", "я")):
        return False
    given = rules.find_given(words[0])
    is_man = given != words[0] and rules.is_given(given) == "he"
    return is_man and all(
        len(word) > _SHORTEST and ends_in_consonant(word) and not word.endswith(("ых", "их")) for word in words[1:]
    )


@lru_cache(maxsize=20_000)
def _to_nominative(words: tuple[str, ...], rules: LanguageRules) -> tuple[str, str]:
    given = next((rules.find_given(word) for word in words[:-1] if rules.find_given(word)), "")
    gender = rules.is_given(given)
    if not rules.file.cases or len(words) < 2:
        return " ".join(words), gender
    if not gender:
        read = _read_dictionary(words, rules)
        return read if read is not None else (" ".join(words), "")
    if is_woman_in_first_case(words, rules):
        return " ".join(words), "she"
    if given in words:
        return " ".join(words), gender
    parts = []
    for word in words:
        known = rules.find_given(word) if word != words[-1] else ""
        parts.append(known or _change(word, rules.surname_cases[gender]))
    return " ".join(parts), gender


def _read_dictionary(words: tuple[str, ...], rules: LanguageRules) -> tuple[str, str] | None:
    """The first case of a name by the dictionary of forms; None where it does not know the given name."""
    morphology = _load(rules.code)
    if morphology is None:
        return None
    givens = [parse for parse in morphology.parse(words[0]) if "Name" in parse.tag and "sing" in parse.tag]
    if not givens:
        return None
    parse = next((each for each in givens if each.tag.case == "nomn"), givens[0])
    gender = {"femn": "she", "masc": "he"}.get(parse.tag.gender or "", "")
    if parse.tag.case == "nomn" or not gender:
        return " ".join(words), gender
    parts = [parse.normal_form.capitalize()]
    parts += [_inflect(word, parse.tag.gender, morphology, rules.surname_cases[gender]) for word in words[1:]]
    return " ".join(parts), gender


def _inflect(word: str, gender: str, morphology: Any, table: tuple[tuple[str, str], ...]) -> str:
    """The first case of a surname or patronymic."""
    for parse in morphology.parse(word):
        if any(tag in parse.tag for tag in _NAMES) and parse.tag.gender in (gender, None):
            form = parse.inflect({"nomn", "sing"})
            if form is not None:
                return str(form.word).capitalize()
    return _change(word, table)


def _change(word: str, table: tuple[tuple[str, str], ...]) -> str:
    for ending, first in table:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending) + first
    return word
