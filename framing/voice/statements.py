"""Statements of one block: the quotations and the reported speech in it, with the cue of each."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from dataclasses import dataclass
from heapq import heappop, heappush

from framing.voice.block import Block
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.parsed.speech import Cue
from framing.voice.patterns.bystanders import find_bystander, find_holder
from framing.voice.patterns.introductions import Introductions, leads_on
from framing.voice.patterns.quoted import is_naming, is_speech, is_statement, is_title
from framing.voice.quotes import Quote
from framing.voice.words import ATTITUDE, SAYING, VERBS

__all__ = ["Statement", "fills_block", "find_statements"]

_QUOTED_PART = 5  # words of a quotation within reported speech from which they count as quoted
_LONGEST_CUE = 160  # characters from a verb to its speaker; further apart, what stands between is not left out
_LONGEST_PARENTHESIS = 120
_SPEAKER_AFTER = re.compile(r"\s*[:–—-]\s+\w")
_PARENTHESIS_END = re.compile(r"\s*(?:[,–—.]|$)")
_MAY_JOIN = re.compile(r"\s*,?\s*[“\"]?\s*(?:and|or|nor|but)\s|\s*[“\"]")
_JOINED = re.compile(r"\s*,?\s*[“\"]?\s*(?:and|or|nor|but)\s+(?:that|had|was|were|would)\b|\s*[“\"]")
_AS = re.compile(r"\b[Aa]s $")
_WORD = re.compile(r"\w+")
_ENDS = (".", "!", "?")


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says in a block: "the canal was open" in "the envoy said the canal was open".

    Attributes
    ----------
    start, end : int
        Offsets in the block.
    voice : str
        `quoted` or `reported`.
    cue : Cue or None
        What attributes it; None where it carries on what was said before.
    word : str
        The word of the cue, or the mark that stands for one.
    quote : Quote or None
        The quotation; None for reported speech.
    """

    start: int
    end: int
    voice: str
    cue: Cue | None
    word: str
    quote: Quote | None = None


def find_statements(block: Block, cues: list[Cue], mentions: tuple[Mention, ...]) -> list[Statement]:
    """Quotations and reported speech of a block.

    Parameters
    ----------
    block : Block
        A block of text.
    cues : list of Cue
        Those of the outlet's own text, by their start.
    mentions : tuple of Mention
        Those of the block, by their start.

    Returns
    -------
    list of Statement
        In order, apart.
    """
    quoted = _find_quoted(block, cues, mentions)
    return sorted([*quoted, *_find_reported(block, cues, quoted)], key=lambda statement: statement.start)


def _find_quoted(block: Block, cues: list[Cue], mentions: tuple[Mention, ...]) -> list[Statement]:
    """Quotations that are speech; scare quotes, titles and names are left out."""
    statements: list[Statement] = []
    introductions, reports = Introductions(block, cues), _Reports(cues)
    previous: Cue | None = None
    turns = _Turns(block)
    for place, quote in enumerate(block.quotes):
        inner = quote.read_inner(block.text)
        cue = introductions.find(place)
        if cue is not None and place + 1 < len(block.quotes) and cue == introductions.find(place + 1):
            cue = turns.find_other(place, cue)
        report = reports.find_around(quote)
        complete = quote.is_part or is_statement(inner, quote) or _is_announced(block, quote, inner)
        complete = complete or fills_block(block, quote)
        if previous is not None and introductions.is_split(place, previous):
            complete, cue = True, previous
        elif not complete and previous is not None and _is_sentence(block, quote, inner):
            complete, cue = True, cue or turns.find_answer(inner) or previous
        if not complete:
            opens = block.find_sign_before(quote.start) == ""
            if cue is None and opens and _SPEAKER_AFTER.match(block.text, quote.end):
                statements.append(Statement(quote.start, quote.end, "quoted", None, ":", quote))
                continue
            if report is not None and report.word != ":":
                if quote.n_words >= _QUOTED_PART and not is_title(inner):
                    statements.append(Statement(quote.start, quote.end, "quoted", report, report.word, quote))
                continue  # a few words of the speaker within reported speech
            cue = cue or find_holder(block, quote, inner, mentions)
            if cue is None or is_naming(cue, quote, inner):
                continue
        if cue is None:
            cue = find_bystander(block, quote, inner, mentions) or report
            cue = cue or find_holder(block, quote, inner, mentions) or previous
            if cue is None and not (quote.is_part or is_speech(inner, quote) or fills_block(block, quote)):
                continue
        statements.append(Statement(quote.start, quote.end, "quoted", cue, cue.word if cue else "“", quote))
        turns.add(cue, inner)
        previous = cue or previous
    return statements


class _Turns:
    """Who has spoken in a block so far, for exchanges in which not every answer has a verb."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self._turns: list[tuple[Cue, bool]] = []  # and whether it is a question

    def add(self, cue: Cue | None, inner: str) -> None:
        if cue is not None:
            self._turns.append((cue, inner.endswith("?")))

    def find_other(self, place: int, cue: Cue) -> Cue | None:
        """The cue of a quotation that shares it with the next: not the same speaker's if nothing stands between."""
        first, second = self._block.quotes[place : place + 2]
        if self._block.text[first.end : second.start].strip() or cue.start < first.end:
            return cue
        others = (turn for turn, _ in reversed(self._turns) if turn.speaker.name != cue.speaker.name)
        return next(others, cue)

    def find_answer(self, inner: str) -> Cue | None:
        """Who answers, where one has asked, another answered, and the first asked again."""
        if len(self._turns) < 3 or inner.endswith("?"):
            return None
        (first, asks), (second, _), (third, asks_again) = self._turns[-3:]
        names = [turn.speaker.name for turn in (first, second, third)]
        return second if asks and asks_again and names[0] == names[2] != names[1] else None


class _Reports:
    """Cues with reported speech, for a sweep over quotations in order."""

    def __init__(self, cues: list[Cue]) -> None:
        self._cues = cues
        reporting = (number for number, cue in enumerate(cues) if cue.content_start >= 0)
        self._waiting = sorted(reporting, key=lambda number: cues[number].content_start, reverse=True)
        self._open: list[int] = []

    def find_around(self, quote: Quote) -> Cue | None:
        """The first cue whose reported speech contains a quotation; the quotations come in order."""
        while self._waiting and self._cues[self._waiting[-1]].content_start < quote.start:
            heappush(self._open, self._waiting.pop())
        while self._open and self._cues[self._open[0]].content_end + 1 < quote.end:
            heappop(self._open)  # later quotations end later still
        return self._cues[self._open[0]] if self._open else None


def _find_reported(block: Block, cues: list[Cue], quoted: list[Statement]) -> list[Statement]:
    """Reported speech outside the quotations, each stretch under the first cue that covers it."""
    statements: list[Statement] = []
    taken = [(statement.start, statement.end) for statement in quoted]
    starts = [cue.start for cue in cues]
    opening: dict[Cue, Statement] = {}  # the first quotation of each cue
    for statement in quoted:
        if statement.cue is not None:
            opening.setdefault(statement.cue, statement)
    for cue in cues:
        sentence = _find_parenthesised(block, cue)
        if (cue.content_start < 0 and sentence is None) or _only_attributes(block, cue, opening.get(cue)):
            continue
        start, end = sentence or _extend_content(block, cue, cues, starts)
        attribution = (min(cue.start, cue.speaker.start), max(cue.end, cue.speaker.end))  # no part of what is said
        is_short = attribution[1] - attribution[0] < _LONGEST_CUE
        for low, high in _subtract(start, end, taken, attribution if is_short else None):
            if len(_WORD.findall(block.text[low:high])) >= 2:
                statements.append(Statement(low, high, "reported", cue, cue.word))
                insort(taken, (low, high))
    return statements


def _only_attributes(block: Block, cue: Cue, quoted: Statement | None) -> bool:
    """Whether the words around a verb but say who spoke a quotation: “Go,” she said on Friday. At noon she said: “Go.”

    `quoted` is the first quotation of the verb.
    """
    if quoted is None or quoted.quote is None or cue.content_start >= cue.end:
        return False
    if cue.start < quoted.end:
        return block.find_sign_before(quoted.start) == ":" and not block.text[cue.end : quoted.start].strip(" :")
    sentence = block.find_sentence(cue.start)
    if sentence is None or not leads_on(block.text, quoted.quote):
        return False
    return quoted.end <= sentence[0] or not block.text[sentence[0] : quoted.start].strip()


def _find_parenthesised(block: Block, cue: Cue) -> tuple[int, int] | None:
    """The sentence around a parenthetical reporting verb: "Prices, says the broker, will fall"."""
    if VERBS.get(cue.word.lower(), "") not in SAYING | ATTITUDE or cue.speaker.start < 0:
        return None
    low, high = min(cue.start, cue.speaker.start), max(cue.end, cue.speaker.end)
    if high - low > _LONGEST_PARENTHESIS:
        return None
    if cue.speaker.start > cue.end + 2 and "," in block.text[cue.end : cue.speaker.start]:
        return None
    opens = _AS.search(block.text[max(0, low - 4) : low]) is not None  # ", as he said,"
    if opens:
        low -= 3
    is_set_off = block.find_sign_before(low) in (",", "–", "—") or (opens and low <= 0)
    if not is_set_off or not _PARENTHESIS_END.match(block.text, high):
        return None
    sentence = block.find_sentence(low)
    return sentence if sentence is not None and high <= sentence[1] else None


def _extend_content(block: Block, cue: Cue, cues: list[Cue], starts: list[int]) -> tuple[int, int]:
    """What is said, with a clause joined by "and that", to the end of the sentence or the next reporting verb."""
    start, end = _trim_content(block, cue)
    if cue.end <= start and _MAY_JOIN.match(block.text, end):
        sentence = block.find_sentence(cue.start)
        close = sentence[1] if sentence else end
        following = cues[bisect_left(starts, end) : bisect_left(starts, close)]
        stop = min([close, *(min(each.start, each.speaker.start) for each in following)])
        if _JOINED.match(block.text[end:stop]):
            end = max(end, stop)
    return start, end


def _trim_content(block: Block, cue: Cue) -> tuple[int, int]:
    """What is said, without the speaker where the content starts with it."""
    start, end = max(0, cue.content_start), min(len(block.text), cue.content_end)
    if start <= cue.speaker.start < end and cue.speaker.start < start + 2 and cue.word.lower() != "according":
        start = min(end, cue.speaker.end) if cue.end <= cue.speaker.start else start
    return start, end


def _subtract(
    start: int, end: int, taken: list[tuple[int, int]], attribution: tuple[int, int] | None
) -> list[tuple[int, int]]:
    """Parts of a stretch that no statement takes, nor its own cue and speaker.

    >>> _subtract(0, 20, [(4, 8), (30, 40)], (10, 12))
    [(0, 4), (8, 10), (12, 20)]
    """
    number = bisect_left(taken, start, key=lambda span: span[1])
    holes = []
    while number < len(taken) and taken[number][0] < end:
        holes.append(taken[number])
        number += 1
    if attribution is not None:
        holes.append(attribution)
    parts = [(start, end)]
    for low, high in holes:
        pieces = (piece for a, b in parts for piece in _cut_out(a, b, low, high))
        parts = [piece for piece in pieces if piece[1] > piece[0]]
    return parts


def _cut_out(start: int, end: int, low: int, high: int) -> list[tuple[int, int]]:
    if low < end and high > start:
        return [(start, min(end, low)), (max(start, high), end)]
    return [(start, end)]


def _is_announced(block: Block, quote: Quote, inner: str) -> bool:
    """Whether a colon leads to a quotation that ends as a sentence does: The message was short: “Dig.”"""
    ends_block = quote.n_words >= 2 and quote.end >= block.end and not is_title(inner)  # of a headline
    is_complete = inner[:1].isupper() and (inner.endswith(_ENDS) or ends_block)
    return is_complete and block.find_sign_before(quote.start) == ":"


def fills_block(block: Block, quote: Quote) -> bool:
    """Whether a block is one quotation that ends as a sentence does, as an answer in an exchange.

    Parameters
    ----------
    block : Block
        The block.
    quote : Quote
        One of its quotations.

    Returns
    -------
    bool
        True for “I did.” on a line of its own.

    Examples
    --------
    >>> block = Block("“I did.”")
    >>> fills_block(block, block.quotes[0])
    True
    """
    inner = quote.read_inner(block.text)
    is_alone = not block.text[: quote.start].strip() and quote.end >= block.end
    return is_alone and inner[:1].isupper() and inner.endswith(_ENDS)


def _is_sentence(block: Block, quote: Quote, inner: str) -> bool:
    """Whether a short quotation is a sentence of its own: “Carry it.” after a speaker has been named."""
    return inner[:1].isupper() and inner.endswith(_ENDS) and block.starts_sentence(quote.start)
