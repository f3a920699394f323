"""Full names of the persons of one document, and which of them a surname or given name means."""

from __future__ import annotations

import sys

from framing.voice.names import SUFFIXES, find_gender, is_given_name, split_name
from framing.voice.words import TITLES

__all__ = ["FullNames"]

_MOST_NAMESAKES = 40  # names with a word in common among which one is looked for


class FullNames:
    """The full names of a document.

    Examples
    --------
    >>> names = FullNames()
    >>> names.add("Ada Lund", 0)
    >>> names.find("Lund"), names.find("Professor Lund"), names.find("Ada"), names.find("Berg")
    ('Ada Lund', 'Ada Lund', 'Ada Lund', '')
    """

    def __init__(self) -> None:
        self._by_word: dict[str, list[str]] = {}
        self._words: dict[str, list[str]] = {}  # of each name, without titles
        self._places: dict[str, int] = {}
        self._spoken: dict[str, int] = {}  # where each has spoken last

    def add(self, name: str, at: int) -> None:
        """Add a name: one of two words or more, or a title with a surname.

        Parameters
        ----------
        name : str
            The name.
        at : int
            Offset in the document where it stands first.
        """
        if name in self._words:
            return
        words = _split_plain(name)
        if words and (len(words) > 1 or len(split_name(name)) > 1):
            self._words[name], self._places[name] = words, at
            for word in set(words):
                namesakes = self._by_word.setdefault(word, [])
                if len(namesakes) < _MOST_NAMESAKES:
                    namesakes.append(name)

    def hear(self, name: str, at: int) -> None:
        """Note that somebody has spoken: of two with one surname, that is who is meant.

        Parameters
        ----------
        name : str
            The full name.
        at : int
            Offset in the document.
        """
        self._spoken[name] = at

    def find(self, name: str, at: int = sys.maxsize) -> str:
        """The full name that a shorter one stands for.

        Parameters
        ----------
        name : str
            A surname, with a title or without, or a given name.
        at : int, optional
            Offset in the document where it is read: of namesakes, those who have been named before come first.

        Returns
        -------
        str
            The full name; empty where there is none.
        """
        words = _split_plain(name)
        if not words or len(words) > 3 or not words[-1][:1].isupper():
            return ""
        parts, gender = set(words), find_gender(name)
        candidates = [each for each in self._by_word.get(words[-1], ()) if parts <= set(self._words[each])]
        candidates = [each for each in candidates if not gender or find_gender(each) in ("", gender)]
        return min(candidates, key=lambda each: self._rank(each, words, at), default="")

    def _rank(self, name: str, words: list[str], at: int) -> tuple[int, bool, int]:
        """How far a full name is from being meant: less is nearer."""
        own = self._words[name]
        if own == words and is_given_name(own[0]):
            kind = -1
        elif len(own) == 1 or own == words:
            kind = 1  # "Mr. Lund" says less than "Ada Lund"
        elif own[-1] == words[-1]:
            kind = 0
        elif own[0] == words[0] and (len(words) > 1 or is_given_name(words[0])):
            kind = 2
        else:
            kind = 3
        return kind, self._places[name] > at, -self._spoken.get(name, -1)


def _split_plain(name: str) -> list[str]:
    """Words of a name without titles, and without Jr. behind it.

    >>> _split_plain("Sen. Tom Berg Jr.")
    ['Tom', 'Berg']
    """
    return [word for word in split_name(name) if word not in TITLES and word not in SUFFIXES]
