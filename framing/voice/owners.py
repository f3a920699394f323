"""Whose people "its officials" are: the state or organisation that the sentence, or one before it, named first."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import replace

from framing.voice.block import Block
from framing.voice.full_names import FullNames
from framing.voice.names import split_name, strip_office
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.sides import Sides
from framing.voice.words import OFFICIALS, PERSONS, word_set

__all__ = ["Owners", "read_owner"]

_ITS = re.compile(
    r"^(?P<part>(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ss]ome|[Mm]any|[Mm]ost|[Ss]everal|[Aa]nother|[Aa] member) of )?[Ii]ts\b"
)
_SPEAKING = OFFICIALS | {"members", "leaders", "leader", "negotiators", "rulers", "generals"}  # not "its conductor"
_BODIES = word_set("bodies") | word_set("speaking_bodies")
_FARTHEST = 400  # characters between an owner and "its"
_ADJECTIVES = ("ese", "ish", "ench", "utch", "iss", "aqi", "aeli", "stani")
_THE = re.compile(r"\b[Tt]he $")

_OWNER = re.compile(r"((?:[A-ZÀ-Ž][\w’'.-]*? ){0,2}[A-ZÀ-Ž][\w-]*)(?:[’']s|(?<=s)[’']) ")


def read_owner(mention: Mention, names: FullNames, at: int) -> Mention:
    """Read the person whose a thing is, where the thing is a subject: "Mr. Lund’s remedy is to wait", in his opinion.

    Parameters
    ----------
    mention : Mention
        As read in one block.
    names : FullNames
        The full names of the document.
    at : int
        Offset of the mention in the document.

    Returns
    -------
    Mention
        That of the person; the same one where the owner is nobody known, or owns a person.
    """
    owner = _OWNER.match(mention.name)
    if owner is None or not mention.subject or mention.person or mention.head in PERSONS:
        return mention
    name = names.find(strip_office(owner.group(1)), at)
    head = split_name(name)[-1].lower() if name else ""
    return replace(mention, name=name, head=head, plural=False, person=True) if name else mention


class Owners:
    """States and organisations of a document, the first of each sentence.

    Parameters
    ----------
    sides : Sides
        Names of states and organisations.
    """

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._places: list[int] = []
        self._names: list[str] = []

    def add(self, block: Block, low: int, mentions: Iterable[Mention], sides: Iterable[tuple[int, int]]) -> None:
        """Add those of a block; blocks come in order.

        Parameters
        ----------
        block : Block
            The block.
        low : int
            Its offset in the document.
        mentions : iterable of Mention
            Those of the block outside quotations, by their start.
        sides : iterable of tuple of int
            Start and end of each name of a side in the block outside quotations.
        """
        bodies = [(each.start, each.name) for each in mentions if each.subject and each.head in _BODIES]
        text = block.text
        states = [
            (start, ("the " if _THE.search(text[max(0, start - 4) : start]) else "") + text[start:end])
            for start, end in sides
            if not self._is_adjective(text[start:end])
        ]
        last = -1
        for start, name in sorted([*bodies, *states], key=lambda each: each[0]):
            sentence = block.find_sentence_start(start)
            if sentence != last and not _ITS.match(name):
                self._places.append(low + start)
                self._names.append(name)
                last = sentence

    def _is_adjective(self, name: str) -> bool:
        return name.endswith(_ADJECTIVES) or self._sides.is_side(f"{name}s")

    def fill_in(self, name: str, at: int) -> str:
        """Write the owner into the name of a speaker.

        Parameters
        ----------
        name : str
            A name: "Its officials".
        at : int
            Offset of the name in the document.

        Returns
        -------
        str
            "Norway’s officials"; the same name where it has no "its", names nobody, or no owner is near.
        """
        if _ITS.match(name) is None or name.split()[-1].lower() not in _SPEAKING:
            return name
        number = bisect_left(self._places, at) - 1
        if number < 0 or at - self._places[number] > _FARTHEST:
            return name
        owner = self._names[number]
        possessive = f"{owner}’" if owner.endswith("s") else f"{owner}’s"
        return _ITS.sub(lambda match: (match.group("part") or "") + possessive, name)
