"""Spans of one document that somebody else than the outlet answers for, with who that is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from framing.corpus.sentences import split_sentences
from framing.voice.cast import UNNAMED, Cast
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.parsed.speech import Cue, Speech
from framing.voice.patterns.headings import in_heading
from framing.voice.patterns.introductions import beside, introduces, is_naming, is_speech, is_title, is_whole
from framing.voice.patterns.nouns import in_sources
from framing.voice.patterns.phrases import in_asides, in_phrases
from framing.voice.quotes import Quote, find_quotes
from framing.voice.sides import OTHER, Sides
from framing.voice.words import ATTITUDE, PERSONS, SAYING, VERBS

__all__ = ["Span", "attribute", "blocks_of"]

_PARTS = 5  # words of a quotation within reported speech from which they count as quoted
_BLOCK = re.compile(r"[^\n]+")
_AFTER = re.compile(r"\s*[:–—-]\s+\w")


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is `quoted` or `reported` speech of `speaker`; `cue` is the word that says so."""

    start: int
    end: int
    voice: str
    speaker: str
    group: str
    cue: str


@dataclass(slots=True)
class _Said:
    start: int
    end: int
    voice: str
    cue: Cue | None
    word: str


def blocks_of(text: str) -> list[tuple[int, int]]:
    """Start and end of the lines of `text` that hold anything."""
    return [(item.start(), item.end()) for item in _BLOCK.finditer(text) if item.group().strip()]


def attribute(text: str, speeches: Mapping[str, Speech], sides: Sides) -> list[Span]:
    """Attributed spans of a document, in order, not overlapping. `speeches`: what each block of it holds."""
    cast = Cast(sides)
    spans: list[Span] = []
    last: tuple[str, str] | None = None
    open_quote = False
    for number, (low, high) in enumerate(blocks_of(text)):
        block = text[low:high]
        speech = speeches[block]
        quotes = find_quotes(block)
        cues = _outside(_cues(block, speech, sides, first=number == 0), quotes)
        for mention in speech.mentions:
            if not _inside(mention.start, quotes):
                cast.add(mention, low + mention.start)
        for cue in cues:
            cast.add(cue.speaker, low + cue.speaker.start, speaks=True)
        cast.add_sides(_blanked(block, quotes), low)
        said = _said(block, quotes, cues, speech.mentions, continued=open_quote)
        for item in said:
            if item.cue is not None:
                at = low + max(item.cue.start, item.cue.speaker.start)
                at = low + item.cue.speaker.start if item.cue.speaker.start < item.cue.start else at
                named = at
                aside = 0 <= item.cue.content_start < item.cue.speaker.start
                if aside and item.cue.speaker.name in ("he", "she"):  # whom a sentence is about does not say it
                    named = low + item.cue.content_start
                name, description = cast.speaker(item.cue.speaker, named)
                if not name:
                    continue
                group = cast.group(name, description, at)
                last = name, group
            elif last is not None:
                name, group = last
            else:
                found = _subject_before(speech.mentions, item.start, quotes)
                if item.word == ":":
                    found = next((m for m in speech.mentions if m.start >= item.end), None)
                    found = found if found and (found.name[:1].isupper() or found.head in PERSONS) else None
                if found is not None:
                    name, description = cast.speaker(found, low + found.start)
                    group = cast.group(name, description, low + found.start)
                    last = name, group
                else:
                    name, group = UNNAMED, OTHER
            spans.append(Span(low + item.start, low + item.end, item.voice, name, group, item.word))
        open_quote = bool(quotes) and not quotes[-1].closed and quotes[-1].end >= len(block.rstrip())
    return spans


def _cues(block: str, speech: Speech, sides: Sides, *, first: bool) -> list[Cue]:
    phrases = [*in_phrases(block, sides), *in_sources(block)]
    heading = list(in_heading(block, sides))
    if heading and heading[0].word in (":", "–"):
        name_end = heading[0].end
        return heading + [cue for cue in speech.cues if cue.start > name_end and cue.content_start < 0]
    asides = {cue.start: cue for cue in in_asides(block)}
    parsed = []
    for cue in speech.cues:
        aside = asides.get(cue.start)
        if aside is None or (_touches(block, cue) and cue.content_start < 0 <= aside.content_start):
            parsed.append(cue)
        elif _touches(block, cue):  # the parser knows where the name ends; the marks know what was said
            parsed.append(replace(cue, content_start=aside.content_start, content_end=aside.content_end))
            del asides[cue.start]
    known = {cue.start for cue in parsed}
    marked = [cue for start, cue in sorted(asides.items()) if start not in known]
    taken = {cue.start for cue in parsed if cue.content_start >= 0} | {cue.start for cue in marked}
    if heading and "," in heading[0].speaker.name:  # the parser takes the last of those who speak
        parsed = [cue for cue in parsed if cue.start != heading[0].start]
        taken.discard(heading[0].start)
    kept = [cue for cue in heading if cue.start not in taken]
    return sorted([*parsed, *marked, *phrases, *kept], key=lambda cue: cue.start)


def _touches(block: str, cue: Cue) -> bool:
    """Whether the speaker stands beside the verb, as in an aside."""
    if cue.speaker.end <= cue.start:
        return len(block[cue.speaker.end : cue.start].split()) <= 1 and "," not in block[cue.speaker.end : cue.start]
    return 0 <= cue.speaker.start - cue.end <= 6


def _outside(cues: list[Cue], quotes: list[Quote]) -> list[Cue]:
    """Cues of the outlet's own text, save those whose speaker is a name in quotation marks: "Operation Swan" began."""
    quoted = {c.start for c in cues if any(q.start <= c.speaker.start < q.end <= c.start + 1 for q in quotes)}
    return [cue for cue in cues if not _inside(cue.start, quotes) and cue.start not in quoted]


def _inside(place: int, quotes: list[Quote]) -> bool:
    return any(quote.start < place < quote.end - 1 for quote in quotes if quote.n_words > 3)


def _blanked(block: str, quotes: list[Quote]) -> str:
    pieces, place = [], 0
    for quote in quotes:  # in order and apart
        pieces += [block[place : quote.start], " " * (quote.end - quote.start)]
        place = quote.end
    return "".join([*pieces, block[place:]])


def _said(
    block: str, quotes: list[Quote], cues: list[Cue], mentions: tuple[Mention, ...], *, continued: bool
) -> list[_Said]:
    bounds = split_sentences(block)
    said: list[_Said] = []
    previous: Cue | None = None
    for place, quote in enumerate(quotes):
        inner = block[quote.start + 1 : quote.end].rstrip("”\"’'»")
        cue = introduces(block, quote, place, quotes, cues, bounds)
        reported = next((c for c in cues if c.content_start >= 0 and c.content_start < quote.start
                         and quote.end <= c.content_end + 1), None)  # fmt: skip
        whole = is_whole(inner, quote) or _announced(block, quote, inner)
        if not whole and previous is not None and _stands_alone(block, quote, inner):
            whole, cue = True, previous
        if not whole and cue is None and _AFTER.match(block[quote.end :]) and not block[: quote.start].strip():
            said.append(_Said(quote.start, quote.end, "quoted", None, ":"))
            continue
        if not whole and reported is not None and reported.word != ":":
            if quote.n_words >= _PARTS and not is_title(inner):
                said.append(_Said(quote.start, quote.end, "quoted", reported, reported.word))
            continue  # a few words of the speaker within reported speech
        if not whole and cue is not None and is_naming(cue, quote, inner):
            continue
        if not whole and cue is None:
            continue  # scare quotes, titles, names
        if cue is None:
            cue = beside(block, quote, inner, mentions, bounds) or previous or reported
            if cue is None and not (continued and place == 0) and not is_speech(inner, quote):
                continue
        said.append(_Said(quote.start, quote.end, "quoted", cue, cue.word if cue else "“"))
        previous = cue or previous
    free = _blanked_spans(said)
    for cue in cues:
        aside = _aside(block, cue, bounds)
        if cue.content_start < 0 and aside is None:
            continue
        start, end = aside or _to_end(block, cue, cues, bounds)
        said_by = (min(cue.start, cue.speaker.start), max(cue.end, cue.speaker.end))  # not part of what is said
        for low, high in _without(start, end, [*free, said_by] if said_by[1] - said_by[0] < 160 else free):
            if len(re.findall(r"\w+", block[low:high])) >= 2:
                said.append(_Said(low, high, "reported", cue, cue.word))
                free.append((low, high))
    return sorted(said, key=lambda item: item.start)


def _aside(block: str, cue: Cue, bounds: list[tuple[int, int]]) -> tuple[int, int] | None:
    """The sentence around a parenthetical verb of speech: "Prices, says the broker, will fall"."""
    if VERBS.get(cue.word.lower(), "") not in SAYING | ATTITUDE or cue.speaker.start < 0:
        return None
    low, high = min(cue.start, cue.speaker.start), max(cue.end, cue.speaker.end)
    if high - low > 120 or (cue.speaker.start > cue.end + 2 and "," in block[cue.end : cue.speaker.start]):
        return None
    if not re.search(r"[,–—]\s*$", block[:low]) or not re.match(r"\s*(?:[,–—.]|$)", block[high:]):
        return None
    return next(((a, b) for a, b in bounds if a <= low and high <= b), None)


def _to_end(block: str, cue: Cue, cues: list[Cue], bounds: list[tuple[int, int]]) -> tuple[int, int]:
    """What is said, on to the end of its sentence or the next verb of speech: clauses joined by "and that" belong."""
    start, end = _trimmed(block, cue, bounds)
    if cue.end <= start:
        close = next((b for a, b in bounds if a <= cue.start < b), end)
        following = [c for c in cues if c.start >= end and c.start < close]
        stop = min([close, *(min(c.start, c.speaker.start) for c in following)])
        if re.match(r"\s*,?\s*[“\"]?\s*(?:and|or|nor|but)\s+(?:that|had|was|were|would)\b|\s*[“\"]", block[end:stop]):
            end = max(end, stop)
    return start, end


def _trimmed(block: str, cue: Cue, bounds: list[tuple[int, int]]) -> tuple[int, int]:
    start, end = max(0, cue.content_start), min(len(block), cue.content_end)
    if start <= cue.speaker.start < end and cue.speaker.start < start + 2 and cue.word.lower() not in ("according",):
        start = min(end, cue.speaker.end) if cue.end <= cue.speaker.start else start
    return start, end


def _blanked_spans(said: list[_Said]) -> list[tuple[int, int]]:
    return [(item.start, item.end) for item in said]


def _without(start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    parts = [(start, end)]
    for low, high in taken:
        parts = [
            piece for a, b in parts
            for piece in (((a, min(b, low)), (max(a, high), b)) if low < b and high > a else ((a, b),))
            if piece[1] > piece[0]
        ]  # fmt: skip
    return parts


def _announced(block: str, quote: Quote, inner: str) -> bool:
    """Whether a colon leads to a quotation that ends as a sentence does: The message was short: “Dig.”"""
    last = quote.n_words >= 2 and quote.end >= len(block.rstrip()) and not is_title(inner)  # of a headline
    whole = inner[:1].isupper() and (inner.endswith((".", "!", "?")) or last)
    return whole and block[: quote.start].rstrip().endswith(":")


def _stands_alone(block: str, quote: Quote, inner: str) -> bool:
    """Whether a short quotation is a sentence of its own: “Carry it.” after a speaker has been named."""
    return (
        inner[:1].isupper()
        and inner.endswith((".", "!", "?"))
        and bool(re.search(r"[.!?][”\"’]?\s*$", block[: quote.start]))
    )


def _subject_before(mentions: tuple[Mention, ...], start: int, quotes: list[Quote]) -> Mention | None:
    before = [m for m in mentions if m.end <= start and m.subject and not _inside(m.start, quotes)]
    if not before:
        before = [m for m in mentions if m.end <= start and m.person and not _inside(m.start, quotes)]
    return before[-1] if before else None
