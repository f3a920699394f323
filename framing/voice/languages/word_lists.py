"""Lists of words as the files of languages write them, and patterns made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["any_of", "count_shared", "expand", "split_pair", "to_set"]


def expand(words: str) -> frozenset[str]:
    """Expand the forms of verbs.

    Parameters
    ----------
    words : str
        Words between spaces; `stem:ending,ending` stands for several.

    Returns
    -------
    frozenset of str
        The forms.

    Examples
    --------
    >>> sorted(expand("ruf:t,e schweigt"))
    ['rufe', 'ruft', 'schweigt']
    """
    forms: set[str] = set()
    for word in words.split():
        stem, _, endings = word.partition(":")
        forms.update(f"{stem}{ending}" for ending in endings.split(","))
    return frozenset(forms)


def split_pair(pair: str) -> tuple[str, str]:
    """Split two endings at the colon between them.

    Parameters
    ----------
    pair : str
        The endings.

    Returns
    -------
    tuple of str
        The ending of another case, and that of the first.

    Examples
    --------
    >>> split_pair("ова:ов"), split_pair("а:")
    (('ова', 'ов'), ('а', ''))
    """
    ending, _, first = pair.partition(":")
    return ending, first


def to_set(words: str) -> frozenset[str]:
    """Split words at spaces.

    Parameters
    ----------
    words : str
        Words between spaces.

    Returns
    -------
    frozenset of str
        The words.

    Examples
    --------
    >>> sorted(to_set("la le"))
    ['la', 'le']
    """
    return frozenset(words.split())


def any_of(words: Iterable[str]) -> str:
    """Write a pattern of any of some words, the longest first.

    Parameters
    ----------
    words : iterable of str
        The words.

    Returns
    -------
    str
        The pattern; without words, one that matches nothing. An underscore stands for white space within a word.

    Examples
    --------
    >>> any_of(["so", "sobald"])
    'sobald|so'
    """
    longest = sorted(words, key=lambda word: (-len(word), word))
    patterns = (re.escape(word).replace("’", "[’']").replace("_", r"\s+") for word in longest)
    return "|".join(patterns) if longest else r"(?!)"


def count_shared(one: str, other: str) -> int:
    """Count the characters with which both words begin.

    Parameters
    ----------
    one, other : str
        The words.

    Returns
    -------
    int
        Number of characters.

    Examples
    --------
    >>> count_shared("Мороз", "Морозом"), count_shared("Anna", "Anke")
    (5, 2)
    """
    return next((n for n, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))
