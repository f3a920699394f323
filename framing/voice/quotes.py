"""Quotations in a text: where they begin and end, whatever marks are used, and which may be speech."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

__all__ = ["Quote", "find_quote_around", "find_quotes"]

_CLOSERS = {"“": "”", "„": "“”", "«": "»"}  # marks that open and close differently, and may nest
_OPENERS = frozenset("“„«‘\"'")
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_SIGN = re.compile(r"\S")
_LONGEST = 4000  # characters: a mark without its partner does not swallow a document
_SHORTEST_OPEN = 20  # characters of a quotation that stays open to the end of the text
_NAME = 3  # words up to which a quotation may be a name within a sentence


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation, marks included: `text[start:end]`.

    Attributes
    ----------
    start, end : int
        Offsets in the text, both marks included.
    closed : bool
        False where its closing (or opening) mark is missing.
    n_words : int
        Words between the marks.
    """

    start: int
    end: int
    closed: bool
    n_words: int


def find_quotes(text: str) -> list[Quote]:
    """Quotations of a text, in order and outermost only.

    Curly, straight, single and angular marks. A paragraph whose quotation stays open runs to its end where the next
    paragraph opens with a mark again, as is usual in print; otherwise the lone mark is left out, except at the very
    end of the text (a passage cut out of its document). Likewise a lone closing mark at the start.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Quote
        In order and apart.

    Examples
    --------
    >>> [(q.start, q.end) for q in find_quotes("“Yes,” she said. It’s ‘fine’.")]
    [(0, 6), (22, 28)]
    """
    quotes: list[Quote] = []
    marks = _Marks(text)
    place = 0
    while place < len(text):
        mark = text[place]
        if mark in _OPENERS and _opens(text, place):
            end, closed = marks.find_end(place)
            if end > place:
                quotes.append(Quote(place, end, closed, len(_WORD.findall(text[place:end]))))
                place = end
                continue
        elif not quotes and place and text[place - 1] in ".,!?…—”’'" and _closes(text, place):
            begin = text.rfind("\n", 0, place) + 1  # the passage begins within a quotation
            quotes.append(Quote(begin, place + 1, False, len(_WORD.findall(text[begin:place]))))
        place += 1
    return quotes


def find_quote_around(place: int, quotes: list[Quote], starts: list[int]) -> Quote | None:
    """The quotation of more than a few words that a place lies within.

    Parameters
    ----------
    place : int
        Offset in the text.
    quotes : list of Quote
        In order and apart.
    starts : list of int
        Where each of them starts.

    Returns
    -------
    Quote or None
        None where the place lies in no quotation, or in one so short that it may be a name.

    Examples
    --------
    >>> quotes = find_quotes("“We left at noon,” she said.")
    >>> find_quote_around(4, quotes, [0]) == quotes[0], find_quote_around(20, quotes, [0])
    (True, None)
    """
    number = bisect_left(starts, place) - 1
    if number < 0 or place >= quotes[number].end - 1 or quotes[number].n_words <= _NAME:
        return None
    return quotes[number]


def _opens(text: str, place: int) -> bool:
    """Whether a mark can open a quotation, by the signs beside it."""
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if text[place] == "‘":
        return not before.isalnum() and not after.isspace()
    if text[place] in "\"'":
        return not (before.isalnum() or before in ".,!?…%)") and not after.isspace() and after not in ",;.)"
    return True


def _closes(text: str, place: int) -> bool:
    """Whether a mark can close a quotation that opens before the text."""
    return text[place] == "”" or (text[place] == '"' and not _opens(text, place))


class _Marks:
    """Closing marks of a text; those of each kind are looked for once, when the first opening mark asks for them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._partners: dict[str, dict[int, int]] = {}
        self._straight: list[int] | None = None
        self._single: dict[str, tuple[list[int], list[int]]] = {}

    def find_end(self, start: int) -> tuple[int, bool]:
        """End (after the mark) of the quotation that opens at `start`, and whether it is closed; `start` if none."""
        text, mark = self._text, self._text[start]
        stop = text.find("\n", start, start + _LONGEST)
        stop = min(len(text), start + _LONGEST) if stop < 0 else stop
        if mark in ("‘", "'"):
            return self._find_single_end(start, stop)
        closer = self._find_straight(start) if mark == '"' else self._find_partner(start)
        if closer < stop:
            return closer + 1, True
        following = _SIGN.search(text, stop)
        if (following is None and stop - start > _SHORTEST_OPEN) or (following and following.group() == mark):
            return stop, False
        return start, False

    def _find_partner(self, start: int) -> int:
        """Place of the mark that closes a nesting one."""
        text, mark = self._text, self._text[start]
        if mark not in self._partners:
            partners: dict[int, int] = {}
            opened: list[int] = []
            for place, sign in enumerate(text):
                if sign == "\n":
                    opened.clear()
                elif sign == mark:
                    opened.append(place)
                elif sign in _CLOSERS[mark] and opened:
                    partners[opened.pop()] = place
            self._partners[mark] = partners
        return self._partners[mark].get(start, len(text))

    def _find_straight(self, start: int) -> int:
        """Place of the next straight mark that can close: none that opens and has a space before it."""
        text = self._text
        if self._straight is None:
            self._straight = [
                place
                for place, sign in enumerate(text)
                if sign == '"' and not (_opens(text, place) and place and text[place - 1].isspace())
            ]
        number = bisect_left(self._straight, start + 1)
        return self._straight[number] if number < len(self._straight) else len(text)

    def _find_single_end(self, start: int, stop: int) -> tuple[int, bool]:
        """A closing mark is not followed by a letter; one after a plural s counts only if no better one comes later."""
        closer = "’" if self._text[start] == "‘" else "'"
        if closer not in self._single:
            self._single[closer] = self._find_single_marks(closer)
        sure, doubtful = (_first_from(places, start + 2, stop) for places in self._single[closer])
        end = doubtful if sure is None else sure
        return (start, False) if end is None else (end + 1, True)

    def _find_single_marks(self, closer: str) -> tuple[list[int], list[int]]:
        """Places where a single mark closes for sure, and where it may be that of a plural: "the girls’ hats"."""
        text = self._text
        sure: list[int] = []
        doubtful: list[int] = []
        for place, sign in enumerate(text):
            if sign != closer or not place or text[place - 1].isspace() or text[place + 1 : place + 2].isalnum():
                continue
            plural = text[place - 1] == "s" and text[place + 1 : place + 2] == " "
            (doubtful if plural else sure).append(place)
        return sure, doubtful


def _first_from(places: list[int], start: int, stop: int) -> int | None:
    """The first of ascending `places` from `start` on and before `stop`."""
    number = bisect_left(places, start)
    return places[number] if number < len(places) and places[number] < stop else None
