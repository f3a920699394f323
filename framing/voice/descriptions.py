"""What a document says of each of its persons: the descriptions, their words, and whether it is a woman or a man."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from framing.voice.names import find_gender, split_name
from framing.voice.words import word_set

__all__ = ["Descriptions", "read_gender"]

_SHE = word_set("women")
_HE = word_set("men")
_LONGEST = 600  # characters
_WORD = re.compile(r"\w+")
_OTHERS = re.compile(r"\b(?:who|whose|whom|with|his|her|of)\b")


def read_gender(words: AbstractSet[str]) -> str:
    """The pronoun that words for a person tell.

    Parameters
    ----------
    words : set of str
        The words, in lower case.

    Returns
    -------
    str
        `she`, `he`, or nothing.

    Examples
    --------
    >>> read_gender({"the", "spokeswoman"}), read_gender({"the", "nurse"})
    ('she', '')
    """
    return "she" if words & _SHE else "he" if words & _HE else ""


class Descriptions:
    """Descriptions by name.

    Examples
    --------
    >>> said = Descriptions()
    >>> said.add("Ada Lund", "Ada Lund, a nurse")
    >>> said.read("Ada Lund"), sorted(said.read_words("Ada Lund")), said.find_gender("Ada Lund")
    ('Ada Lund, a nurse', ['a', 'ada', 'lund', 'nurse'], 'she')
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._words: dict[str, set[str]] = {}  # of a name and its description, in lower case
        self._genders: dict[str, str] = {}

    def add(self, name: str, description: str) -> None:
        """Add a description to those of a name, and what it says of the gender.

        Parameters
        ----------
        name, description : str
            As a mention gives them.
        """
        known = self._texts.get(name, "")
        if description and description not in known and len(known) < _LONGEST:
            self._texts[name] = f"{known}; {description}" if known else description
            self._words.pop(name, None)
        own = {word.lower() for word in split_name(name)}
        said = _OTHERS.split(description, maxsplit=1)[0]  # "whose daughter lives here" says nothing of the name
        gender = read_gender(({word.lower() for word in _WORD.findall(said)} | own) - {"her", "his", "him"})
        if gender:
            self.set_gender(name, gender)

    def read(self, name: str) -> str:
        """The descriptions of a name, with `; ` between.

        Parameters
        ----------
        name : str
            The name.

        Returns
        -------
        str
            Empty where there is none.
        """
        return self._texts.get(name, "")

    def read_words(self, name: str) -> set[str]:
        """Words of a name and of its descriptions.

        Parameters
        ----------
        name : str
            The name.

        Returns
        -------
        set of str
            In lower case.
        """
        if name not in self._words:
            text = f"{name} {self._texts.get(name, '')}"
            self._words[name] = {word.lower() for word in _WORD.findall(text)}
        return self._words[name]

    def set_gender(self, name: str, gender: str) -> None:
        """Note the pronoun of a person; the first counts.

        Parameters
        ----------
        name : str
            The name.
        gender : str
            `she` or `he`.
        """
        self._genders.setdefault(name, gender)

    def find_gender(self, name: str) -> str:
        """The pronoun of a person: by the name, or else by what was said.

        Parameters
        ----------
        name : str
            The name.

        Returns
        -------
        str
            `she`, `he`, or nothing.
        """
        return find_gender(name) or self._genders.get(name, "")
