"""Quotations in a text: where they begin and end, whatever marks are used, and over how many paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framing.voice.marked_line import SINGLE, MarkedLine
from framing.voice.marks import CLOSERS, carries_on, may_close, may_open

__all__ = ["Quote", "find_quote_around", "find_quotes", "unite_marks"]

_WORD = re.compile(r"\w+(?:[’'-]\w+)*")
_LINE = re.compile(r"[^\n]+")
_UNIFORM = {"„": "“", "«": "“", "»": "“", "”": "“", "‹": "“", "›": "“", "“": "“", "‚": "‘", "「": "“", "『": "“"}
_MARKS = "“”„«»‚‹›\"‘’'「」『』 \u00a0\u202f"  # and the spaces within them
_SHORTEST_OPEN = 20  # characters of a quotation that stays open to the end of the text
_NAME = 3  # words up to which a quotation may be a name within a sentence
_SAID = r"(?:said|says|told|added|adds|explained|explains|noted|notes|declared|warned|warns|insisted|stressed|argued)"
_INTERRUPTION = re.compile(
    rf",(?: {_SAID} (?:[A-ZÀ-Ž]|the |an? )[^,.;:?!«»\n]{{1,80}}| (?:[A-ZÀ-Ž]|the |an? )[^,.;:?!«»\n]{{1,60}} {_SAID}"
    r"(?: [^,.;:?!«»\n]{1,60})?),(?= )"
)


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
    lines = [MarkedLine(text, match.start(), match.end()) for match in matches]
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


def _read_line(line: MarkedLine, following: MarkedLine | None, opened: str, quotes: list[Quote]) -> str:
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
            elif reopens or (following is not None and following.closes(mark)):
                quotes.append(_make_quote(text, place, line.high, continued=continued, continues=True))
                return mark
            elif continued or (following is None and mark not in SINGLE and line.high - place > _SHORTEST_OPEN):
                quotes.append(_make_quote(text, place, line.high, continued=continued))
                return ""
            else:
                continue
            end, is_first, opened = quotes[-1].end, False, ""
        elif (close := line.find_unspaced(place)) > 0:
            quotes.append(_make_quote(text, place, close, closed=True))
            end, is_first, opened = close, False, ""
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


def _closes_line(text: str, place: int, opened: str) -> bool:
    """Whether a mark closes a quotation that was open when its paragraph began."""
    if opened:
        return text[place] in CLOSERS[opened] and may_close(text, place)
    return text[place - 1] in ".,!?…—”’'" and text[place] in '”"' and may_close(text, place)
