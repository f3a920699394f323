"""A paragraph with its quotation marks, and where a quotation that opens in it closes."""

from __future__ import annotations

import re
from bisect import bisect_left

from framing.voice.marks import CLOSERS, MARK, may_close, may_open

__all__ = ["SINGLE", "MarkedLine"]

SINGLE = "‘'"  # marks that may be apostrophes
_REOPENED = re.compile(r"[.!?…][\"”’')\]]*\s+$")
_OPENS_SENTENCE = re.compile(r"[ \u00a0]?[A-Z]")
_LONGEST = 4000  # characters: a mark without its partner does not swallow a document
_OTHER_CLOSERS = {"“": '"', "„": '"', '"': "”"}
_BEFORE = -1  # stands for a mark that opens before a paragraph
_LONGEST_END = 8  # characters before a mark in which a sentence ends


class MarkedLine:
    """A paragraph with its marks; where each quotation closes is found when it is asked for.

    Parameters
    ----------
    text : str
        A text.
    start, end : int
        Where the paragraph lies in it; spaces at its ends do not count.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        line = text[start:end]
        self.text = text
        self.low = start + len(line) - len(line.lstrip())
        self.high = start + len(line.rstrip())
        self.marks = [match.start() for match in MARK.finditer(text, self.low, self.high)]
        self._ends: dict[str, dict[int, int]] = {}
        self._others: dict[str, list[int]] = {}
        self._singles: dict[str, tuple[list[int], list[int]]] = {}

    @property
    def first(self) -> str:
        """The first sign."""
        return self.text[self.low]

    def find_end(self, start: int, mark: str, *, reopens: bool) -> int:
        """Find where a quotation ends that opens or goes on at an offset.

        Parameters
        ----------
        start : int
            Offset in the text.
        mark : str
            Mark that the quotation opened with.
        reopens : bool
            Whether the next paragraph opens with the same mark: what only may be a closing mark is none then.

        Returns
        -------
        int
            Offset after the closing mark; 0 if none is near.
        """
        if mark in SINGLE:
            end = self._find_single_end(start, mark, reopens=reopens)
        else:
            if mark not in self._ends:
                self._ends[mark] = self._find_ends(mark)
            end = self._ends[mark].get(start if self.text[start] == mark else _BEFORE, 0)
            if not end and not reopens and mark in _OTHER_CLOSERS:
                end = self._find_other_end(start, mark)
        return end if end - start <= _LONGEST else 0

    def find_unspaced(self, place: int) -> int:
        """Find the end of a quotation whose opening mark stands on the wrong side of a space.

        As in: Rain fell." We left," she said.

        Parameters
        ----------
        place : int
            Offset of a straight mark outside quotations that hangs on the end of a sentence.

        Returns
        -------
        int
            Offset after the closing mark, which is the next mark of the paragraph; 0 where that does not close only.
        """
        if self.text[place] != '"' or self.text[place - 1 : place] not in (".", "!", "?", "…"):
            return 0
        number = bisect_left(self.marks, place) + 1
        while number < len(self.marks) and self.text[self.marks[number]] in SINGLE:
            number += 1
        if number == len(self.marks) or not _OPENS_SENTENCE.match(self.text, place + 1):
            return 0
        following = self.marks[number]
        only_closes = may_close(self.text, following) and not may_open(self.text, following)
        is_near = self.text[following] == '"' and following - place <= _LONGEST
        return following + 1 if only_closes and is_near else 0

    def closes(self, mark: str) -> bool:
        """Whether the paragraph, which opens with no mark, closes the quotation of the paragraph before it.

        Parameters
        ----------
        mark : str
            Mark that the quotation opened with.

        Returns
        -------
        bool
            False for single marks, which may be apostrophes.
        """
        if mark in SINGLE:
            return False
        first = next((place for place in self.marks if self.text[place] not in SINGLE), None)
        if first is None or first == self.low or first - self.low > _LONGEST:
            return False
        only_closes = may_close(self.text, first) and not may_open(self.text, first)
        return self.text[first] in CLOSERS[mark] and only_closes

    def _find_ends(self, mark: str) -> dict[int, int]:
        """Ends of the quotations that a nesting mark opens.

        A mark without a partner is carried on where the next one opens a sentence: “One. “Two,” she said. The end of
        one that opens before the paragraph stands under `_BEFORE`.
        """
        text, ends = self.text, dict[int, int]()
        openers: list[int] = []
        opened: list[int] = []
        for place in self.marks:
            sign = text[place]
            if sign == mark and may_open(text, place):
                openers.append(place)
                opened.append(place)
            elif sign in CLOSERS[mark] and place > self.low and may_close(text, place):
                ends.setdefault(opened.pop() if opened else _BEFORE, place + 1)
        for place, following in zip(openers[-2::-1], openers[:0:-1], strict=True):
            if place not in ends and following in ends and _reopens(text, following):
                ends[place] = ends[following]
        return ends

    def _find_other_end(self, start: int, mark: str) -> int:
        """End at a closing mark of another kind, as some keyboards type it; 0 if there is none."""
        if mark not in self._others:
            self._others[mark] = [
                place
                for place in self.marks
                if self.text[place] in _OTHER_CLOSERS[mark] and may_close(self.text, place)
            ]
        place = _first_from(self._others[mark], start + 1)
        return 0 if place is None else place + 1

    def _find_single_end(self, start: int, mark: str, *, reopens: bool) -> int:
        """A closing mark is not followed by a letter; one after a plural s counts only if no better one comes later."""
        sure, doubtful = self._find_single_marks(CLOSERS[mark])
        end = _first_from(sure, start + 2)
        if end is None and not (reopens and start == self.low):
            end = _first_from(doubtful, start + 2)
        if end is None and mark == "‘":  # typed with another closing mark
            end = _first_from(self._find_single_marks("'")[0], start + 2)
        return 0 if end is None else end + 1

    def _find_single_marks(self, closer: str) -> tuple[list[int], list[int]]:
        """Places where a single mark closes for sure, and where it may be that of a plural: "the girls’ hats"."""
        if closer not in self._singles:
            text = self.text
            sure: list[int] = []
            doubtful: list[int] = []
            for place in (match.start() for match in re.finditer(closer, text[self.low : self.high])):
                place += self.low
                if place == self.low or text[place - 1].isspace() or text[place + 1 : place + 2].isalnum():
                    continue
                plural = text[place - 1] == "s" and text[place + 1 : place + 2] == " "
                (doubtful if plural else sure).append(place)
            self._singles[closer] = sure, doubtful
        return self._singles[closer]


def _reopens(text: str, place: int) -> bool:
    """Whether the mark at an offset stands before a new sentence."""
    return _REOPENED.search(text[max(0, place - _LONGEST_END) : place]) is not None


def _first_from(places: list[int], start: int) -> int | None:
    """The first of ascending `places` from `start` on."""
    number = bisect_left(places, start)
    return places[number] if number < len(places) else None
