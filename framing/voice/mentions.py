"""Mentions of one document, searched by place: the last before an offset, or the nearest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from framing.voice.parsed.noun_phrases import Mention

__all__ = ["MentionKey", "Mentions"]

_MOST_GROUPS = 400  # names and roles, the last of a document, among which an antecedent is looked for


class MentionKey(NamedTuple):
    """What tells mentions apart that may corefer: "Ada Lund" as a subject and as an object are two."""

    name: str
    head: str
    subject: bool
    plural: bool
    person: bool
    speaks: bool


@dataclass(slots=True)
class _Occurrences:
    """Mentions of one key, by the order of their addition and by their place in the document.

    Blocks are added one behind the other, so a new mention never stands before those of an earlier block.
    """

    _added: list[tuple[int, int]] = field(default_factory=list)
    _sorted: list[tuple[int, int]] = field(default_factory=list)  # place, order
    _latest: list[int] = field(default_factory=list)  # greatest order up to here

    def add(self, place: int, order: int) -> None:
        self._added.append((place, order))

    def find_latest(self, at: int) -> int:
        """Order of the mention before offset `at` that was added last; -1 where there is none."""
        number = self._count_before(at)
        return self._latest[number - 1] if number else -1

    def find_nearest(self, at: int) -> tuple[int, int]:
        """Place and order of the mention that stands nearest before offset `at`; -1, -1 where there is none."""
        number = self._count_before(at)
        return self._sorted[number - 1] if number else (-1, -1)

    def _count_before(self, at: int) -> int:
        if self._added:
            self._sort()
        return bisect_left(self._sorted, (at, -1))

    def _sort(self) -> None:
        self._added.sort()
        if self._sorted and self._added[0] < self._sorted[-1]:
            self._added = sorted(self._sorted + self._added)
            self._sorted, self._latest = [], []
        for place, order in self._added:
            self._sorted.append((place, order))
            self._latest.append(max(order, self._latest[-1]) if self._latest else order)
        self._added = []


class Mentions:
    """Mentions of a document, grouped by key: many mentions are few names."""

    def __init__(self) -> None:
        self._mentions: list[Mention] = []
        self._groups: dict[MentionKey, _Occurrences] = {}  # the one that was added to last stands last

    def add(self, mention: Mention, at: int, *, speaks: bool = False) -> None:
        """Add a mention.

        Parameters
        ----------
        mention : Mention
            As read in one block.
        at : int
            Offset in the document; not before those of an earlier block.
        speaks : bool, default False
            Whether a cue has it as its speaker.
        """
        key = MentionKey(mention.name, mention.head, mention.subject, mention.plural, mention.person, speaks)
        occurrences = self._groups.pop(key, None) or _Occurrences()
        occurrences.add(at, len(self._mentions))
        self._groups[key] = occurrences
        self._mentions.append(mention)

    def list_groups(self) -> Iterator[tuple[MentionKey, _Occurrences]]:
        """The groups of mentions among which an antecedent is looked for: the last few hundred.

        Yields
        ------
        MentionKey
            What the mentions of the group have in common.
        _Occurrences
            Where they stand.
        """
        yield from islice(reversed(self._groups.items()), _MOST_GROUPS)

    def find_latest(self, at: int, accepts: Callable[[MentionKey], bool] = lambda key: True) -> Mention | None:
        """The mention before an offset that was added last.

        Parameters
        ----------
        at : int
            Offset in the document.
        accepts : callable, optional
            Says of a `MentionKey` whether its mentions count; all count by default.

        Returns
        -------
        Mention or None
            None where no such mention stands before the offset.

        Examples
        --------
        >>> mentions = Mentions()
        >>> mentions.add(Mention(0, 8, "Ada Lund", "Ada Lund, a nurse", True, False), 0)
        >>> mentions.find_latest(40).name, mentions.find_latest(0)
        ('Ada Lund', None)
        """
        latest = -1
        for key, occurrences in self.list_groups():  # the test of a key costs more than the search
            order = occurrences.find_latest(at)
            if order > latest and accepts(key):
                latest = order
        return self._mentions[latest] if latest >= 0 else None

    def list_latest_names(self, at: int, resolve: Callable[[str], str]) -> list[str]:
        """List the persons named before an offset, those named last at the end.

        Parameters
        ----------
        at : int
            Offset in the document.
        resolve : callable
            Gives the full name that a shorter one stands for.

        Returns
        -------
        list of str
            Each name once, by its last place.

        Examples
        --------
        >>> mentions = Mentions()
        >>> mentions.add(Mention(0, 8, "Ada Lund", "Ada Lund", True, False, "lund", True), 0)
        >>> mentions.add(Mention(20, 28, "Tom Berg", "Tom Berg", True, False, "berg", True), 20)
        >>> mentions.list_latest_names(40, str)
        ['Ada Lund', 'Tom Berg']
        """
        places: dict[str, int] = {}
        for key, occurrences in self.list_groups():
            place = occurrences.find_nearest(at)[0]
            if place >= 0 and key.person and not key.plural:
                name = resolve(key.name)
                places[name] = max(place, places.get(name, -1))
        return sorted(places, key=lambda name: places[name])
