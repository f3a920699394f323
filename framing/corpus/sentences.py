"""Sentences of a text and the abbreviations that do not end one: the only place that splits a text into sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framing.corpus.abbreviations import ends_with_abbreviation

__all__ = ["KNOWN_LANGUAGES", "STATE_ABBREVIATIONS", "TITLE_ABBREVIATIONS", "split_line", "split_sentences"]

TITLE_ABBREVIATIONS = (
    "Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "Gen", "Gov", "Sen", "Rep", "Lt", "Col", "Sgt", "Capt", "Adm", "Maj", "St",
    "Hon", "Rev",
)  # fmt: skip
STATE_ABBREVIATIONS = ("U.S.", "U.N.", "U.K.", "E.U.")
KNOWN_LANGUAGES = frozenset((
    "am", "ar", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "fi", "fr", "gu", "hi", "hy", "it", "ja",
    "kk", "km", "kn", "lo", "ml", "mr", "my", "nl", "pa", "pl", "pt", "ru", "sk", "ta", "te", "th", "uk", "zh",
))  # fmt: skip
"""Languages with rules of their own; texts in others are split by stops and capitals alone."""

_BLOCK = re.compile(r"[^\n]+")
_STRETCH = 16_000  # characters
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f](?=\.)")  # behind a capital, sentencex fails on it: "plan B\u00a0."
_OPENERS = re.compile(r"[“”‘’„‚«»‹›`\"']")
_LIST_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-z])[.)]$")
_QUOTED = re.compile(r"[」』]\s*$")
# a quotation from the start of a sentence on, and behind it who says it
_QUOTATION = re.compile(r"[“「『«][^“”「」]*[。！？!?][”」』]")
_SAID = re.compile(
    r"[^，。！？“”「」]{0,20}(?:说|說|表示|称|稱|指出|强调|強調|补充|補充|问|問|答|道|写道|寫道|告诉|告訴|宣布|呼吁|呼籲|と)"
)
# a space between words of Thai or Lao, or the stop of Khmer
_END = re.compile(r"(?<=[\u0e01-\u0e4e\u0e81-\u0ecd])\s+(?=[\u0e01-\u0e4e\u0e81-\u0ecd])|[\u17d4\u17d5]\s*")
_SHORT = 40  # characters; a space within fewer ends no sentence
_LONGEST_TITLE = 12  # characters, with the sign before it
_TITLE = re.compile(rf"(?:^|[\s(“\"'])(?:{'|'.join(TITLE_ABBREVIATIONS)})\.$")


def split_sentences(text: str, *, language: str = "en") -> list[tuple[int, int]]:
    """Start and end of each sentence of `text`, surrounding space left out.

    A sentence never crosses a line break. A quotation of several sentences that stands within one is not cut.

    Parameters
    ----------
    text : str
        Any text.
    language : str, default "en"
        ISO 639-1 code of the rules to split by.

    Returns
    -------
    list of tuple of int
        In order and apart; only white space lies between them.

    Notes
    -----
    The rules are those of sentencex, with corrections: the abbreviation of a title before a name
    (`TITLE_ABBREVIATIONS`; of other languages `framing.corpus.abbreviations`), a stop before a small letter and the
    number of an item in a list end no sentence, and marks alone are none. In Japanese a quotation goes on with `と`, in
    Chinese with who says it (`“…。”发言人说。`). In Thai and Lao, which have no stops, a space ends a sentence of 40
    characters or more; in Khmer `។` does.

    Examples
    --------
    >>> split_sentences("He met U.S. President aides. They left.")
    [(0, 28), (29, 39)]
    """
    return [
        (block.start() + start, block.start() + end)
        for block in _BLOCK.finditer(text)
        for start, end in split_line(block.group(), language=language)
    ]


def split_line(line: str, *, language: str = "en") -> list[tuple[int, int]]:
    """Start and end of each sentence of one line, by the rules of `split_sentences`.

    Parameters
    ----------
    line : str
        A text without line breaks.
    language : str, default "en"
        ISO 639-1 code of the rules to split by.

    Returns
    -------
    list of tuple of int
        In order and apart; only white space lies between them.

    Examples
    --------
    >>> split_line("Dr. Lund left. He slept.")
    [(0, 14), (15, 24)]
    """
    bounds: list[tuple[int, int]] = []
    for start, position in _find_pieces(line, language):
        piece = line[start:position]
        before = _read_end(line, *bounds[-1]) if bounds else ""
        numbered = len(bounds) == 1 and _LIST_NUMBER.match(before)
        goes_on = (
            numbered
            or _TITLE.search(before)
            or (_QUOTED.search(before) and piece.startswith("と"))
            or ends_with_abbreviation(before, piece.lstrip(), language=language)
            or (bounds and _SAID.match(piece) and _QUOTATION.fullmatch(line, *bounds[-1]))
        )
        if bounds and (goes_on or not any(map(str.isalnum, piece))):
            bounds[-1] = bounds[-1][0], position
        else:
            bounds.append((start, position))
    whole = (_stripped(line, start, end) for start, end in bounds if line[start:end].strip())
    return [part for start, end in whole for part in _split_further(line, start, end)]


def _split_further(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of a sentence in Thai, Lao or Khmer, whose ends sentencex does not know."""
    for match in _END.finditer(line, start, end):
        if match.end() < end and (match.start() - start >= _SHORT or not match[0].isspace()):
            yield _stripped(line, start, match.end())
            start = match.end()
    yield _stripped(line, start, end)


def _find_pieces(line: str, language: str) -> Iterator[tuple[int, int]]:
    """Start and end of the sentences by sentencex, in stretches of a long line: its time grows with their square.

    What it says of the second half of a stretch is not taken, since the line goes on. A sentence that fills the first
    half is read in a stretch of twice the length, without marks that may open a quotation: from each the rest is read.
    """
    from sentencex import get_sentence_boundaries

    begin, length = 0, _STRETCH
    while begin < len(line):
        stretch = _WIDE_SPACE.sub(" ", line[begin : begin + length])
        if length > _STRETCH:
            stretch = _OPENERS.sub("*", stretch)
        is_last = begin + length >= len(line)
        place = 0
        for boundary in get_sentence_boundaries(language, stretch):
            start = stretch.index(boundary["text"], place)
            end = start + len(boundary["text"])
            if end > length // 2 and not is_last:
                break
            yield begin + start, begin + end
            place = end
        if is_last:
            return
        begin, length = begin + place, _STRETCH if place else 2 * length


def _read_end(line: str, start: int, end: int) -> str:
    """The last characters of a sentence: enough for any title or number, however long the sentence has grown."""
    while end > start and line[end - 1].isspace():
        end -= 1
    return line[start:end].lstrip() if end - start <= _LONGEST_TITLE else line[end - _LONGEST_TITLE : end]


def _stripped(line: str, start: int, end: int) -> tuple[int, int]:
    piece = line[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
