"""Speaker spans of one document: what somebody else than the outlet answers for, with who that is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from framing.voice.block import Block, DocumentBlocks
from framing.voice.cast import UNNAMED, Cast
from framing.voice.cues import find_cues
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.parsed.speech import Cue, Speech
from framing.voice.patterns.introductions import join_spans
from framing.voice.patterns.quoted import is_title
from framing.voice.sides import OTHER, Sides
from framing.voice.statements import Statement, fills_block, find_statements
from framing.voice.words import PERSONS, word_set

__all__ = ["ReadBlock", "Span", "attribute", "read_block"]

_PRONOUNS = word_set("pronouns")
_THEIR_WORDS = frozenset(f"the {noun}" for noun in word_set("written_words"))
_LONGEST_TURN = 160  # characters of a paragraph of an exchange
_LONGEST_ANSWER = 20  # words
_LONGEST_TOPIC = 300  # characters of a paragraph that leads to a quotation


@dataclass(frozen=True, slots=True)
class Span:
    """What one speaker says: `text[start:end]`.

    Attributes
    ----------
    start, end : int
        Offsets in the text.
    voice : str
        `quoted` or `reported`.
    speaker : str
        The name as the document gives it, or `not named`.
    group : str
        A state or organisation, or a group of those who speak for neither.
    cue : str
        The word that attributes.
    """

    start: int
    end: int
    voice: str
    speaker: str
    group: str
    cue: str


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A block of a document with what it says by itself.

    Attributes
    ----------
    low : int
        Its offset in the document.
    block : Block
        The block.
    mentions : tuple of Mention
        Those of its parse.
    cues : list of Cue
        Those of the outlet's own text, by their start.
    statements : list of Statement
        Quotations and reported speech, in order.
    """

    low: int
    block: Block
    mentions: tuple[Mention, ...]
    cues: list[Cue]
    statements: list[Statement]


class _Speaker(NamedTuple):
    name: str
    group: str


class _Turn(NamedTuple):
    """A paragraph of an exchange: who speaks, and whether it asks."""

    speaker: _Speaker
    asks: bool


class _Part(NamedTuple):
    """One paragraph of a quotation, with the speaker that it gives.

    `evidence` is 2 where it says a name or role, 1 a pronoun, 0 where somebody is named before the quotation only.
    """

    statement: Statement
    low: int
    speaker: _Speaker | None
    evidence: int


def read_block(block: Block, low: int, speech: Speech, sides: Sides) -> ReadBlock:
    """Find the statements of one block, which do not depend on the rest of its document.

    Parameters
    ----------
    block : Block
        The block.
    low : int
        Its offset in the document.
    speech : Speech
        Its cues and mentions by the parser.
    sides : Sides
        Names of states and organisations.

    Returns
    -------
    ReadBlock
        The block with its statements.
    """
    cues = _drop_quoted(find_cues(block, speech, sides), block)
    return ReadBlock(low, block, speech.mentions, cues, find_statements(block, cues, speech.mentions))


def attribute(blocks: DocumentBlocks, read: Sequence[ReadBlock], sides: Sides) -> list[Span]:
    """Speaker spans of a document.

    Parameters
    ----------
    blocks : DocumentBlocks
        The document.
    read : sequence of ReadBlock
        Its blocks in order, at least to the last that has a statement. What stands behind that one is looked
        through for full names alone.
    sides : Sides
        Names of states and organisations.

    Returns
    -------
    list of Span
        In order, not overlapping. What no span covers is the outlet's own.
    """
    document = _Document(sides)
    n_read = max((number for number, each in enumerate(read, start=1) if each.statements), default=0)
    read = read[:n_read]
    if read:
        document.announce_names(blocks)
    for each in read:
        document.announce(each)
    spans = [span for each in read for span in document.read(each)]
    spans += document.close()
    spans.sort(key=lambda span: span.start)
    return [replace(span, start=blocks.locate(span.start), end=blocks.locate(span.end)) for span in spans]


class _Document:
    """The blocks of a document in reading order: names, speakers and open quotations carry across them."""

    def __init__(self, sides: Sides) -> None:
        self._cast = Cast(sides)
        self._last: _Speaker | None = None
        self._parts: list[_Part] = []  # of a quotation over several paragraphs: the last may name its speaker
        self._turns: list[_Turn] = []  # of an exchange: paragraphs that are short quotations, one behind the other
        self._topic: tuple[Mention, int] | None = None  # whom the last paragraph is about, if nobody speaks in it

    def announce_names(self, blocks: DocumentBlocks) -> None:
        """Take note of the full names that all blocks hold by their given names, before any is read."""
        for (low, outer), text in zip(blocks.read_outer(), blocks.texts, strict=True):
            if not is_title(text):  # of a headline every word may be a name
                self._cast.announce_names(outer, low)

    def announce(self, read: ReadBlock) -> None:
        """Take note of the full names of a block's mentions, before any is read."""
        verbs = _find_leading_verbs(read.cues)
        for mention in (*read.mentions, *(cue.speaker for cue in read.cues)):
            if not read.block.is_quoted(mention.start) and mention.start not in verbs:
                self._cast.announce(mention, read.low + mention.start)

    def read(self, read: ReadBlock) -> Iterator[Span]:
        """Spans of a block; of a quotation that goes on, later than its paragraph."""
        block, low, cues = read.block, read.low, read.cues
        outer = _Outer(read.mentions, block)
        verbs = _find_leading_verbs(cues)
        said = _find_said(cues)
        for mention in read.mentions:
            if not block.is_quoted(mention.start) and mention.start not in verbs:
                number = bisect_right(said, (mention.start, len(block.text))) - 1
                is_within = number >= 0 and mention.start < said[number][1]
                self._cast.add(replace(mention, subject=mention.subject and not is_within), low + mention.start)
        for cue in cues:
            self._cast.add(cue.speaker, low + cue.speaker.start, speaks=True)
        self._cast.owners.add(block, low, outer.mentions, self._cast.add_sides(block.read_outer(), low))
        for statement in read.statements:
            quote = statement.quote
            if quote is None or not quote.continued:
                yield from self.close()
            if quote is not None and quote.is_part:
                self._add_part(statement, outer, block, low)
                continue
            speaker = self._find_speaker(statement, read, outer)
            if speaker is not None:
                yield _make_span(statement, low, speaker)
        self._take_turn(read, outer)
        if self._parts and not (block.quotes and block.quotes[-1].continues):
            yield from self.close()

    def close(self) -> Iterator[Span]:
        """Spans of the quotation whose paragraphs have been read: all of one speaker, who is named in any of them."""
        parts, self._parts = self._parts, []
        if parts:
            best = max(parts, key=lambda part: part.evidence if part.speaker is not None else -1)  # the first such
            self._last = speaker = best.speaker or self._last or _Speaker(UNNAMED, OTHER)
            word = best.statement.word if best.evidence > 0 else ""
            for part in parts:
                span = _make_span(part.statement, part.low, speaker)
                yield replace(span, cue=word) if word and part.statement.cue is None else span

    def _add_part(self, statement: Statement, outer: _Outer, block: Block, low: int) -> None:
        """Keep a paragraph of a quotation until its speaker is known."""
        cue = statement.cue
        speaker = self._resolve_cue(cue, block, low) if cue is not None else None
        if speaker is None and not self._parts and self._last is None:
            mention = outer.find_before(statement.start)
            speaker = None if mention is None else self._resolve(mention, low)
        evidence = 0 if cue is None else 1 if cue.speaker.name.lower() in _PRONOUNS else 2
        self._parts.append(_Part(statement, low, speaker, evidence))

    def _take_turn(self, read: ReadBlock, outer: _Outer) -> None:
        """Note who spoke in a block that is a turn of an exchange, or whom a block without speech is about."""
        quote = read.statements[0].quote if read.statements else None
        is_turn = quote is not None and quote.start == 0 and len(read.block.text) <= _LONGEST_TURN
        if is_turn and quote is not None and self._last is not None:
            self._turns.append(_Turn(self._last, quote.read_inner(read.block.text).endswith("?")))
        else:
            self._turns = []
        self._topic = None
        if not read.statements and len(read.block.text) <= _LONGEST_TOPIC:
            mention = outer.find_before(len(read.block.text))
            self._topic = (mention, read.low) if mention is not None and mention.person else None

    def _find_turn(self, statement: Statement, read: ReadBlock) -> _Speaker:
        """Speaker of a quotation beside which nobody is named: the last, or the other one of an exchange."""
        last = self._last or _Speaker(UNNAMED, OTHER)
        quote = statement.quote
        if quote is None or quote.start:
            return last
        if self._topic is not None:
            return self._resolve(*self._topic)
        if not self._turns or quote.n_words > _LONGEST_ANSWER or not fills_block(read.block, quote):
            return last
        if len(self._turns) > 1:
            return self._turns[-2].speaker
        if not self._turns[-1].asks:
            return last
        name, description = self._cast.find_other(last.name, read.low)
        return _Speaker(name, self._cast.find_group(name, description, read.low))

    def _find_speaker(self, statement: Statement, read: ReadBlock, outer: _Outer) -> _Speaker | None:
        """Speaker of a statement; nothing where its pronoun has no antecedent that can speak."""
        mentions, low = read.mentions, read.low
        if statement.cue is not None:
            speaker = self._resolve_cue(statement.cue, read.block, low)
        elif self._last is not None:
            speaker = self._find_turn(statement, read)
            self._last = speaker
            return speaker
        elif statement.word == ":":
            number = bisect_left(mentions, statement.end, key=lambda each: each.start)
            mention = mentions[number] if number < len(mentions) else None
            is_speaker = mention is not None and (mention.name[:1].isupper() or mention.head in PERSONS)
            speaker = self._resolve(mention, low) if mention is not None and is_speaker else None
        else:
            mention = outer.find_before(statement.start)
            speaker = None if mention is None else self._resolve(mention, low)
        if speaker is None:
            return None if statement.cue is not None else _Speaker(UNNAMED, OTHER)
        self._last = speaker
        return speaker

    def _resolve_cue(self, cue: Cue, block: Block, low: int) -> _Speaker | None:
        """The speaker of a cue by its antecedent."""
        if cue.speaker.name.lower() in _THEIR_WORDS and self._last is not None:  # “…,” the statement said
            return self._last
        precedes = cue.speaker.start < cue.start
        at = antecedent_at = low + (cue.speaker.start if precedes else max(cue.start, cue.speaker.start))
        parenthetical = 0 <= cue.content_start < cue.speaker.start
        if parenthetical and cue.speaker.name in ("he", "she"):  # whom a sentence is about does not say it
            antecedent_at = low + cue.content_start
        elif cue.speaker.name in ("he", "she") and block.is_set_off(cue.speaker.start, cue.end):
            antecedent_at = low + block.find_sentence_start(cue.speaker.start)
        name, description = self._cast.find_speaker(cue.speaker, antecedent_at)
        return _Speaker(name, self._cast.find_group(name, description, at)) if name else None

    def _resolve(self, mention: Mention, low: int) -> _Speaker:
        """The speaker that a mention without a cue stands for."""
        name, description = self._cast.find_speaker(mention, low + mention.start)
        return _Speaker(name, self._cast.find_group(name, description, low + mention.start))


def _make_span(statement: Statement, low: int, speaker: _Speaker) -> Span:
    start, end = low + statement.start, low + statement.end
    return Span(start, end, statement.voice, speaker.name, speaker.group, statement.word)


def _drop_quoted(cues: list[Cue], block: Block) -> list[Cue]:
    """Cues of the outlet's own text, save those whose speaker is a name in quotation marks: "Operation Swan" began."""
    names = {cue.start for cue in cues if block.is_behind_quoted(cue.speaker.start, cue.start)}
    return [cue for cue in cues if not block.is_quoted(cue.start) and cue.start not in names]


def _find_leading_verbs(cues: list[Cue]) -> set[int]:
    """Where verbs stand before their speaker: "Said Lopez" is no name."""
    return {cue.start for cue in cues if cue.speaker.start > cue.start}


def _find_said(cues: list[Cue]) -> list[tuple[int, int]]:
    """Stretches that somebody says, behind the verb: who is the subject there is seldom who speaks next."""
    return join_spans((cue.content_start, cue.content_end) for cue in cues if cue.content_start >= cue.end)


class _Outer:
    """Mentions of a block outside its quotations, searched for who is named before an offset."""

    def __init__(self, mentions: tuple[Mention, ...], block: Block) -> None:
        self.mentions = [mention for mention in mentions if not block.is_quoted(mention.start)]
        self._starts = [mention.start for mention in self.mentions]
        self._subjects = [number for number, mention in enumerate(self.mentions) if mention.subject]
        self._persons = [number for number, mention in enumerate(self.mentions) if mention.person]

    def find_before(self, start: int) -> Mention | None:
        """The last subject before an offset, or else the last person."""
        number = bisect_left(self._starts, start)
        while number and self.mentions[number - 1].end > start:
            number -= 1
        for kind in (self._subjects, self._persons):
            place = bisect_left(kind, number)
            if place:
                return self.mentions[kind[place - 1]]
        return None
