"""Quotations in a text: where they begin and end, whatever marks are used, and over how many paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framing.voice.marks import CLOSERS, MARK, carries_on, may_close, may_open

__all__ = ["Quote", "find_quote_around", "find_quotes", "unite_marks"]

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_LINE = re.compile(r"[^\n]+")
_REOPENED = re.compile(r"[.!?…][\"”’')\]]*\s+$")
_SINGLE = "‘'"
_UNIFORM = {"„": "“", "«": "“", "»": "“", "”": "“", "‹": "“", "›": "“", "“": "“", "‚": "‘"}
_MARKS = "“”„«»‚‹›\"‘’' \u00a0\u202f"  # and the spaces within them
_LONGEST = 4000  # characters: a mark without its partner does not swallow a document
_SHORTEST_OPEN = 20  # characters of a quotation that stays open to the end of the text
_NAME = 3  # words up to which a quotation may be a name within a sentence
_OTHER_CLOSERS = {"“": '"', "„": '"', '"': "”"}
_BEFORE = -1  # stands for a mark that opens before a paragraph
_SAID = r"(?:said|says|told|added|adds|explained|explains|noted|notes|declared|warned|warns|insisted|stressed|argued)"
_INTERRUPTION = re.compile(
    rf",(?: {_SAID} (?:[A-ZÀ-Ž]|the |an? )[^,.;:?!«»\n]{{1,80}}| (?:[A-ZÀ-Ž]|the |an? )[^,.;:?!«»\n]{{1,60}} {_SAID}"
    r"(?: [^,.;:?!«»\n]{1,60})?),(?= )"
)
_LONGEST_END = 8  # characters before a mark in which a sentence ends


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation, or the part of one that stands in one paragraph, marks included: `text[start:end]`.

    Attributes
    ----------
    start, end : int
        Offsets in the text, both marks included.
    closed : bool
        False where its closing (or opening) mark is missing.
    n_words : int
        Words between the marks.
    continued : bool
        Whether it carries on the quotation before it, which its paragraph has left open.
    continues : bool
        Whether the next quotation carries it on.
    """

    start: int
    end: int
    closed: bool
    n_words: int
    continued: bool = False
    continues: bool = False

    @property
    def is_part(self) -> bool:
        """Whether it is one of several paragraphs of a quotation."""
        return self.continued or self.continues

    def read_inner(self, text: str) -> str:
        """What stands within the marks.

        Parameters
        ----------
        text : str
            The text in which the offsets count.

        Returns
        -------
        str
            The words, without marks.

        Examples
        --------
        >>> Quote(0, 5, True, 1).read_inner("“Go.” He left.")
        'Go.'
        """
        return text[self.start : self.end].strip(_MARKS)


def find_quotes(text: str) -> list[Quote]:
    """Quotations of a text, in order and outermost only; of one over several paragraphs, a part a paragraph.

    Curly, straight, single, low and angular marks. A quotation that its paragraph leaves open runs to the end of that
    where the next paragraph opens with a mark again, as is usual in print, or closes it; otherwise the lone mark is
    left out, except at the very end of the text (a passage cut out of its document). A lone closing mark closes what
    its paragraph begins with.

    Parameters
    ----------
    text : str
        Any text; a line is a paragraph.

    Returns
    -------
    list of Quote
        In order and apart.

    Examples
    --------
    >>> [(q.start, q.end) for q in find_quotes("“Yes,” she said. It’s ‘fine’.")]
    [(0, 6), (22, 28)]
    >>> [(q.end, q.continued) for q in find_quotes("“One.\\n\\n“Two,” she said.")]
    [(5, False), (13, True)]
    """
    matches = (match for match in _LINE.finditer(text) if not match.group().isspace())
    lines = [_Line(text, match.start(), match.end()) for match in matches]
    quotes: list[Quote] = []
    opened = ""  # the mark of a quotation that goes on in this paragraph
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        opened = _read_line(line, following, opened, quotes)
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
    if number < 0 or place >= quotes[number].end - 1:
        return None
    quote = quotes[number]
    return quote if quote.n_words > _NAME or quote.is_part else None


def unite_marks(text: str, quotes: Sequence[Quote]) -> str:
    """Write the marks of quotations as English ones, sign for sign.

    Parameters
    ----------
    text : str
        Any text.
    quotes : sequence of Quote
        Its quotations, in order and apart.

    Returns
    -------
    str
        The text, with “ and ” for angular and low marks, and ‘ and ’ for low single ones.

    Examples
    --------
    >>> unite_marks("«Go», she said.", find_quotes("«Go», she said."))
    '“Go”, she said.'
    """
    pieces: list[str] = []
    end = 0
    for quote in quotes:
        mark = text[quote.start]
        if mark in _UNIFORM:
            opener = _UNIFORM[mark]
            pieces += [text[end : quote.start], opener]
            end = quote.start + 1
            if quote.closed:
                pieces += [text[end : quote.end - 1], "”" if opener == "“" else "’"]
                end = quote.end
    return "".join([*pieces, text[end:]])


class _Line:
    """A paragraph with its marks; where each quotation closes is found when it is asked for."""

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
        """End (after the mark) of the quotation in `mark` that opens or goes on at `start`; 0 if none is near.

        With `reopens` the next paragraph opens with the same mark: what only may be a closing mark is none.
        """
        if mark in _SINGLE:
            end = self._find_single_end(start, mark, reopens=reopens)
        else:
            if mark not in self._ends:
                self._ends[mark] = self._find_ends(mark)
            end = self._ends[mark].get(start if self.text[start] == mark else _BEFORE, 0)
            if not end and not reopens and mark in _OTHER_CLOSERS:
                end = self._find_other_end(start, mark)
        return end if end - start <= _LONGEST else 0

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


def _read_line(line: _Line, following: _Line | None, opened: str, quotes: list[Quote]) -> str:
    """Add the quotations of a paragraph; returns the mark of one that the next paragraph carries on, or nothing.

    `opened` is the mark of one that goes on in this paragraph.
    """
    text, end, is_first = line.text, line.low, True
    for place in line.marks:
        if place < end:
            continue
        mark = text[place]
        continued = bool(opened) and place == line.low and carries_on(mark, opened)
        if continued or may_open(text, place):
            mark = opened if continued else mark
            reopens = following is not None and carries_on(following.first, mark)
            close = line.find_end(place, mark, reopens=reopens)
            if close:
                quotes += _cut_interruption(text, place, close, continued=continued)
            elif reopens or (following is not None and _is_closed_by(following, mark)):
                quotes.append(_make_quote(text, place, line.high, continued=continued, continues=True))
                return mark
            elif continued or (following is None and mark not in _SINGLE and line.high - place > _SHORTEST_OPEN):
                quotes.append(_make_quote(text, place, line.high, continued=continued))
                return ""
            else:
                continue
            end, is_first, opened = quotes[-1].end, False, ""
        elif is_first and place > line.low and _closes_line(text, place, opened):
            quotes.append(_make_quote(text, line.low, place + 1, continued=bool(opened)))
            end, is_first, opened = place + 1, False, ""
    return ""


def _make_quote(
    text: str, start: int, end: int, *, closed: bool = False, continued: bool = False, continues: bool = False
) -> Quote:
    return Quote(start, end, closed, len(_WORD.findall(text, start, end)), continued, continues)


def _cut_interruption(text: str, start: int, end: int, *, continued: bool) -> Iterator[Quote]:
    """A closed quotation; in guillemets a reporting clause within, as in French print, stands between two halves."""
    place, sentence_ends = start, not text[end : end + 2].strip(" \n")[:1].islower() and text[end : end + 1] != ","
    if text[start] in "«»" and sentence_ends:
        for match in _INTERRUPTION.finditer(text, start, end):
            yield _make_quote(text, place, match.start(), continued=continued)
            place, continued = match.end() + 1, False
    yield _make_quote(text, place, end, closed=place == start, continued=continued)


def _only_closes(text: str, place: int) -> bool:
    return may_close(text, place) and not may_open(text, place)


def _reopens(text: str, place: int) -> bool:
    """Whether the mark at an offset stands before a new sentence."""
    return _REOPENED.search(text[max(0, place - _LONGEST_END) : place]) is not None


def _closes_line(text: str, place: int, opened: str) -> bool:
    """Whether a mark closes a quotation that was open when its paragraph began."""
    if opened:
        return text[place] in CLOSERS[opened] and may_close(text, place)
    return text[place - 1] in ".,!?…—”’'" and text[place] in '”"' and may_close(text, place)


def _is_closed_by(line: _Line, mark: str) -> bool:
    """Whether a paragraph without an opening mark closes the quotation of the paragraph before it."""
    if mark in _SINGLE:
        return False
    first = next((place for place in line.marks if line.text[place] not in _SINGLE), None)
    if first is None or first == line.low or first - line.low > _LONGEST:
        return False
    return line.text[first] in CLOSERS[mark] and _only_closes(line.text, first)


def _first_from(places: list[int], start: int) -> int | None:
    """The first of ascending `places` from `start` on."""
    number = bisect_left(places, start)
    return places[number] if number < len(places) else None
