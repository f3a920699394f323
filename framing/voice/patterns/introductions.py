"""Which verb gives a quotation to its speaker, and whether words in quotation marks are speech at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate

from framing.voice.parsed.noun_phrases import Mention
from framing.voice.parsed.speech import Cue
from framing.voice.quotes import Quote
from framing.voice.words import ATTITUDE, JUDGING, SAYING, VERBS, word_set

__all__ = ["beside", "introduces", "is_naming", "is_speech", "is_title", "is_whole", "near"]

_WHOLE = 8  # words from which a quotation is speech even without a verb near it
_FAR = 240  # characters between a quotation and a verb that may introduce it
_TITLE_WORDS = word_set("title_words")


def introduces(
    block: str, quote: Quote, place: int, quotes: list[Quote], cues: list[Cue], bounds: list[tuple[int, int]]
) -> Cue | None:
    """The verb that gives a quotation to its speaker: the nearest, in the same sentence first."""
    after = quotes[place + 1].start if place + 1 < len(quotes) else len(block)
    ends_open = block[quote.start : quote.end].rstrip("”\"’'»").endswith((",", "?", "!", "—", "–"))
    comma_next = block[quote.end : quote.end + 1] == ","
    introduced = block[: quote.start].rstrip().endswith((":", ","))
    best: tuple[float, Cue] | None = None
    starts = [other.start for other in quotes]
    lengths = [0, *accumulate(other.end - other.start for other in quotes)]  # of all the quotations before each
    for cue in cues:
        if cue.word.lower() in ("according", "seen", "viewed") or (cue.start < quote.end and cue.end > quote.start):
            continue
        lemma = VERBS.get(cue.word.lower(), "")
        if lemma in ATTITUDE and (quote.n_words < _WHOLE or not near(block, quote, cue, bounds)):
            continue
        if cue.start >= quote.end:
            gap, between = cue.start - quote.end, block[quote.end : cue.start]
            first = min(cue.start, cue.speaker.start) if cue.speaker.start >= quote.end else cue.start
            gap = first - quote.end
            if cue.start >= after and after - quote.end > 0 and re.search(r"[.!?]\s", block[quote.end : after]):
                continue
            gap += 0 if ends_open or comma_next else 40
            if introduced and not ends_open:
                gap += 60
            if re.search(r"[.!?]\s", between[:-1]):
                gap += 200
        else:
            last = max(cue.end, cue.speaker.end) if cue.speaker.end <= quote.start else cue.end
            gap, between = quote.start - last, block[cue.end : quote.start]
            first_crossed = min(place, bisect_left(starts, cue.end))
            gap -= lengths[place] - lengths[first_crossed]
            gap += 5 * (place - first_crossed) + (0 if introduced else 25)
            if ends_open and not introduced:
                gap += 30
            if gap >= _FAR:  # what follows adds to it
                continue
            gap += 15 * len(re.findall(r"[.!?]\s", between))
        if lemma in JUDGING and lemma not in SAYING and cue.content_start >= 0:
            gap += 40
        if gap < _FAR and (best is None or gap < best[0]):
            best = gap, cue
    if best is None:
        return None
    return (
        best[1]
        if near(block, quote, best[1], bounds) or is_whole(block[quote.start + 1 : quote.end - 1], quote)
        else None
    )


def beside(
    block: str, quote: Quote, inner: str, mentions: tuple[Mention, ...], bounds: list[tuple[int, int]]
) -> Cue | None:
    """Whoever stands beside a quotation without any known verb: "…,” grinned the driver"."""
    low, high = next(((a, b) for a, b in bounds if a < quote.end <= b), (quote.start, quote.end))
    if inner.endswith((",", "?", "!", "—", "–")) or block[quote.end : quote.end + 1] == ",":
        after = [m for m in mentions if quote.end <= m.start < high and not _is_object(block, m)]
        if after and re.match(r",? [a-z]|,? [A-Z][\w’'-]* [\w’'-]+", block[quote.end :]):
            m = after[0]
            return Cue(m.start, m.end, -1, -1, m, "“")
    begin = max([low, *(a for a, _ in bounds if a <= quote.start)])
    if block[begin : quote.start].rstrip().endswith(":"):
        before = [m for m in mentions if begin <= m.start and m.end <= quote.start and m.subject]
        if before:
            return Cue(before[0].start, before[0].end, -1, -1, before[0], "“")
    return None


def _is_object(block: str, mention: Mention) -> bool:
    """A day, or what follows a preposition, says nothing."""
    return bool(
        re.search(r"\b(?:in|on|at|of|to|for|from|with|before|after|by)(?: the| a| an)? $", block[: mention.start])
    )


def near(block: str, quote: Quote, cue: Cue, bounds: list[tuple[int, int]]) -> bool:
    """Whether verb and quotation touch: only punctuation, the speaker, or an adverb between them."""
    if cue.start >= quote.end:
        between = block[quote.end : cue.start]
        return len(between) < 60 and not re.search(r"[.;]", between)
    between = block[cue.end : quote.start]
    return bool(re.search(r"[:,]\s*$", between)) or (len(between) < 30 and not re.search(r"[.;]", between))


def is_whole(inner: str, quote: Quote) -> bool:
    """Whether a quotation is a statement and no mere word or title."""
    if quote.n_words >= _WHOLE:
        return not is_title(inner)
    ends = inner.rstrip().endswith((".", ",", "!", "?", "…"))
    return quote.n_words >= 3 and ends and inner[:1].isupper() and not is_title(inner)


def is_title(inner: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", inner) if word.lower() not in _TITLE_WORDS]
    return len(words) >= 2 and all(word[0].isupper() for word in words)


def is_speech(inner: str, quote: Quote) -> bool:
    return is_whole(inner, quote) and (quote.n_words >= _WHOLE or inner[-1:] in ".,!?")


def is_naming(cue: Cue, quote: Quote, inner: str) -> bool:
    """A word or two in quotes after call or describe: the soldiers call the road “the corridor”."""
    lemma = VERBS.get(cue.word.lower(), "")
    return (lemma in ("say", "read") and quote.n_words <= 4 and is_title(inner)) or (
        lemma in ("call", "describe", "label", "dub", "brand", "name", "speak", "refer") and quote.n_words <= 3
    )
