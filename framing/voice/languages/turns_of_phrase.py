"""Turns of phrase beside a quotation or a name, as patterns of a language."""

from __future__ import annotations

import re
from functools import lru_cache

from framing.voice.languages.rules import LanguageRules
from framing.voice.languages.word_lists import any_of, expand, to_set

__all__ = ["label_behind", "labels", "naming", "nobody_says"]


@lru_cache(maxsize=32)
def label_behind(rules: LanguageRules) -> re.Pattern[str]:
    """Such a verb right behind the marks: „Eine Schande“ nennt.

    Parameters
    ----------
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    re.Pattern
        The pattern; it matches nothing where the language has no such words.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> bool(label_behind(read_rules("de")).match(" nannte Kranz das"))
    True
    """
    return re.compile(rf"\s+(?:{any_of(to_set(rules.file.labelling))})(?!\w)")


@lru_cache(maxsize=32)
def labels(rules: LanguageRules) -> re.Pattern[str]:
    """A verb and small words, right before marks in which its subject labels something: sprach von einem.

    Parameters
    ----------
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    re.Pattern
        The pattern; it matches nothing where the language has no such words.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> bool(labels(read_rules("de")).search("Kranz sprach von einem "))
    True
    """
    file = rules.file
    small = to_set(
        f"{file.prepositions} {file.definite} {file.indefinite} {file.joining} {file.determiners} {file.adverbs}"
    )
    words = any_of(small) + (r"|als|das|dies|[A-ZÄÖÜ]\w+" if file.capital_nouns else "")  # warf der Regierung
    return re.compile(rf"(?<!\w)(?:{any_of(to_set(file.labelling))})(?:[\s’']+(?:{words})(?!\w)){{0,4}}[\s’']*\Z")


@lru_cache(maxsize=32)
def naming(rules: LanguageRules) -> re.Pattern[str]:
    """A pronoun and a verb right before the name of whom the pronoun means.

    Parameters
    ----------
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    re.Pattern
        The pattern; it matches nothing where the language has no such words.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> bool(naming(read_rules("de")).search("Er heißt "))
    True
    """
    pronouns = any_of(to_set(f"{rules.file.he} {rules.file.she}"))
    verbs = any_of(to_set(rules.file.naming))
    return re.compile(rf"(?<![\w’'-])(?:{pronouns})\s+(?:{verbs})\s+\Z", re.IGNORECASE)


@lru_cache(maxsize=32)
def nobody_says(rules: LanguageRules) -> re.Pattern[str]:
    """A verb of speech behind a quotation whose subject is nobody: , hieß es.

    Parameters
    ----------
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    re.Pattern
        The pattern; it matches nothing where the language has no such words.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> bool(nobody_says(read_rules("de")).match(", hieß es."))
    True
    """
    nobody = any_of(to_set(rules.file.it)) if rules.file.capital_nouns else r"(?!)"
    return re.compile(rf"\s*,?\s*(?:{any_of(expand(rules.file.verbs))})\s+(?:{nobody})(?!\w)", re.IGNORECASE)
