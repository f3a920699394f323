"""Organisations of one document, and which of them "the company" or "the council" means."""

from __future__ import annotations

import re
from bisect import bisect_left, insort

from framing.voice.words import word_set

__all__ = ["Bodies", "is_body_name"]

_KINDS = word_set("kinds_of_bodies")
_ENDS = word_set("ends_of_bodies")
_ANY = frozenset(("company", "firm", "group", "agency", "organization", "organisation"))  # of whatever kind it is
_WORD = re.compile(r"\w+(?:-\w+)*")
_LONGEST_DESCRIPTION = 160  # characters


def is_body_name(name: str) -> bool:
    """Whether a name ends as an organisation's does.

    Parameters
    ----------
    name : str
        The name.

    Returns
    -------
    bool
        True for "Hollis Partners".

    Examples
    --------
    >>> is_body_name("Hollis Partners"), is_body_name("Ada Lund")
    (True, False)
    """
    words = name.replace(".", "").split()
    if "&" in words:
        return True
    return len(words) > 1 and words[-1] in _ENDS and words[-2][:1].isupper()


class Bodies:
    """Organisations by the words for what they are.

    Examples
    --------
    >>> bodies = Bodies()
    >>> bodies.add("Dunmore Industries", "Dunmore Industries of Oslo", 0)
    >>> bodies.add("The River Council", "The River Council", 50)
    >>> bodies.find("council", 90), bodies.find("company", 90), bodies.find("museum", 90)
    ('The River Council', 'Dunmore Industries', '')
    """

    def __init__(self) -> None:
        self._by_kind: dict[str, list[tuple[int, str]]] = {}

    def add(self, name: str, description: str, at: int) -> None:
        """Add an organisation.

        Parameters
        ----------
        name, description : str
            As a mention gives them.
        at : int
            Offset in the document.
        """
        words = {word.lower() for word in _WORD.findall(f"{name} {description[:_LONGEST_DESCRIPTION]}")}
        kinds = words & _KINDS
        if not kinds - _ANY and is_body_name(name):
            kinds |= {"company"}
        for kind in kinds:
            insort(self._by_kind.setdefault(kind, []), (at, name))

    def find(self, kind: str, at: int) -> str:
        """The organisation of a kind that was named last before an offset.

        Parameters
        ----------
        kind : str
            The kind: "council".
        at : int
            Offset in the document.

        Returns
        -------
        str
            Its name; empty where there is none.
        """
        if kind not in _KINDS:
            return ""
        preceding = [self._find_last(each, at) for each in ({kind} | (_ANY if kind in _ANY else set()))]
        return max(preceding)[1]

    def _find_last(self, kind: str, at: int) -> tuple[int, str]:
        places = self._by_kind.get(kind, [])
        number = bisect_left(places, (at, ""))
        return places[number - 1] if number else (-1, "")
