"""Which reporting verb introduces a quotation."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from framing.corpus.sentences import TITLE_ABBREVIATIONS
from framing.voice.block import Block
from framing.voice.parsed.speech import Cue
from framing.voice.patterns.quoted import STATEMENT_WORDS, is_statement, is_title
from framing.voice.quotes import Quote
from framing.voice.words import ATTITUDE, JUDGING, SAYING, VERBS

__all__ = ["OPEN_ENDS", "Introductions", "join_spans", "leads_on"]

_FAR = 240  # characters between a quotation and a verb that may introduce it
_UNABBREVIATED = "".join(rf"(?<!\b{title})" for title in ("[A-Z]", "Jr", "Sr", *TITLE_ABBREVIATIONS))
_SENTENCE_END = re.compile(rf"(?:[!?]|{_UNABBREVIATED}\.)\s")
_STOP = re.compile(rf";|{_UNABBREVIATED}\.(?![\w,])")
_COLON_OR_COMMA = re.compile(r"[:,]\s*$")
OPEN_ENDS = (",", "?", "!", "—", "–", "…")
_ENDS = (".", ",", "!", "?", "…", ";", "—", "–")
_QUOTED_CLOSERS = "”\"’'»"


class Introductions:
    """Reporting verbs of a block, searched for the one that introduces a quotation.

    In "“We shall not pay,” said the envoy. “Never.”" the verb "said" introduces both quotations.

    Parameters
    ----------
    block : Block
        A block of text with its quotations.
    cues : list of Cue
        Cues of the outlet's own text, in order of their start.
    """

    def __init__(self, block: Block, cues: list[Cue]) -> None:
        self._block = block
        self._cues = cues
        self._starts = [cue.start for cue in cues]
        self._contents = join_spans(
            (cue.content_start, cue.content_end) for cue in cues if cue.content_start >= cue.end
        )
        asides = [cue for cue in cues if 0 <= cue.content_start < cue.start < cue.content_end]
        self._asides = sorted(asides, key=lambda cue: cue.content_start)
        self._aside_starts = [cue.content_start for cue in self._asides]
        by_speaker = sorted((cue.speaker.start, number) for number, cue in enumerate(cues))
        self._speaker_starts = [start for start, _ in by_speaker]
        self._speaker_numbers = [number for _, number in by_speaker]
        self._sentence_ends = [match.start() for match in _SENTENCE_END.finditer(block.text)] if block.quotes else []
        # of all the quotations before each
        self._lengths = [0, *accumulate(quote.end - quote.start for quote in block.quotes)]
        reaches = (max(cue.end, cue.speaker.end) - self._lengths[self._count_quotes(cue.end)] for cue in cues)
        self._reaches = list(accumulate(reaches, max))

    def find(self, place: int) -> Cue | None:
        """Find the verb that introduces a quotation: the nearest one, in the same sentence first.

        Parameters
        ----------
        place : int
            Number of the quotation among those of the block.

        Returns
        -------
        Cue or None
            None where no verb is near, or where the quotation is no statement and the verb does not stand beside it.
        """
        quote = self._block.quotes[place]
        best: tuple[float, Cue] | None = None
        for cue in self._find_candidates(place):
            if not self._may_introduce(cue, quote):
                continue
            after = cue.start >= quote.end
            gap = self._measure_following(cue, place) if after else self._measure_preceding(cue, place)
            if gap is None:
                continue
            lemma = VERBS.get(cue.word.lower(), "")
            if lemma in JUDGING and lemma not in SAYING and cue.content_start >= 0:
                gap += 40
            if gap < _FAR and (best is None or gap < best[0]):
                best = gap, cue
        if best is None:
            return None
        text = self._block.text
        if _is_near(text, quote, best[1]) or is_statement(quote.read_inner(text), quote):
            return best[1]
        return None

    def is_split(self, place: int, cue: Cue) -> bool:
        """Whether a quotation is the second half of a sentence.

        Parameters
        ----------
        place : int
            Number of the quotation among those of the block: “is dead.” in “The treaty,” Lopez said, “is dead.”
        cue : Cue
            The verb that introduces the quotation before it: "said".

        Returns
        -------
        bool
            True where the verb stands between both, in one sentence, set off by commas or dashes.
        """
        if place == 0:
            return False
        text = self._block.text
        first, second = self._block.quotes[place - 1 : place + 1]
        if not first.end <= cue.start < cue.end <= second.start or second.start - first.end > _FAR:
            return False
        if not leads_on(text, first) or self._block.find_sign_before(second.start) not in (",", "–", "—"):
            return False
        if self._block.find_sentence_start(second.start) > cue.start:
            return False
        inner, following = second.read_inner(text), text[second.end : second.end + 1]
        if is_title(inner) or not (inner.endswith(_ENDS) or following in ("", *_ENDS)):
            return False
        number = bisect_left(self._starts, second.end)
        answered = number < len(self._cues) and self._cues[number]  # “Yes,” said one, “No,” said the other
        return not (inner[:1].isupper() and answered and _stands_behind(answered, second))

    def _find_candidates(self, place: int) -> Iterator[Cue]:
        """Cues that may stand within the greatest gap from a quotation, in order; the others are not looked at."""
        quote = self._block.quotes[place]
        outside = quote.start - self._lengths[place]  # characters before it that are in no quotation
        first = bisect_right(self._reaches, outside - _FAR)
        preceding = range(first, bisect_left(self._starts, quote.end))
        near = range(bisect_left(self._starts, quote.end), bisect_left(self._starts, quote.end + _FAR))
        low = bisect_left(self._speaker_starts, quote.end)
        high = bisect_left(self._speaker_starts, quote.end + _FAR)
        by_speaker = (number for number in self._speaker_numbers[low:high] if number >= near.stop)
        for number in (*preceding, *near, *sorted(by_speaker)):
            yield self._cues[number]

    def _may_introduce(self, cue: Cue, quote: Quote) -> bool:
        word = cue.word.lower()
        if word in ("according", "seen", "viewed") or (cue.start < quote.end and cue.end > quote.start):
            return False
        if self._is_nested(cue, quote):
            return False
        if VERBS.get(word, "") not in ATTITUDE:
            return True
        return quote.n_words >= STATEMENT_WORDS and _is_near(self._block.text, quote, cue)

    def _is_nested(self, cue: Cue, quote: Quote) -> bool:
        """Whether a verb stands in what another reports, before a quotation: "said that all ask …. “Is it over?”"."""
        if cue.start >= quote.start:
            return False
        number = bisect_right(self._aside_starts, cue.start) - 1
        if number >= 0:  # China, he points out, has promised …
            aside = self._asides[number]
            is_other = aside.start != cue.start and cue.content_start >= cue.start
            if is_other and cue.start < aside.content_end <= quote.start and aside.start < cue.start:
                return True
        number = bisect_right(self._contents, (cue.start, len(self._block.text))) - 1
        if number < 0:
            return False
        start, end = self._contents[number]
        return start <= cue.start < end <= quote.start and cue.speaker.start >= start

    def _measure_following(self, cue: Cue, place: int) -> float | None:
        """Gap between a quotation and a verb behind it, in characters; nothing where it belongs to a later one."""
        text, quotes = self._block.text, self._block.quotes
        quote = quotes[place]
        next_start = quotes[place + 1].start if place + 1 < len(quotes) else len(text)
        first = min(cue.start, cue.speaker.start) if cue.speaker.start >= quote.end else cue.start
        if cue.start >= next_start > quote.end and _SENTENCE_END.search(text[quote.end : next_start]):
            return None
        open_end = _has_open_end(text, quote)
        gap = first - quote.end
        gap += 0 if open_end or text[quote.end : quote.end + 1] == "," else 40
        sign, inner = self._block.find_sign_before(quote.start), quote.read_inner(text)
        if (sign == "," and not open_end) or (sign == ":" and not inner.endswith(",")):
            gap += 60  # it has been introduced: he asked: “Why?” She said …
        ends_sentence = inner[:1].islower() and inner.endswith((".", "!", "?"))  # … called it “a fire alarm.” Its head
        if ends_sentence or _SENTENCE_END.search(text[quote.end : cue.start - 1]):
            gap += 200
        elif inner.endswith(".") and cue.content_start >= quote.end and self._block.starts_sentence(quote.end):
            gap += 200  # “They know.” The ministry said that its aim had been depots
        elif inner.endswith(".") and VERBS.get(cue.word.lower(), "") in JUDGING - SAYING:
            gap += 60  # “I was slow.” Her brother disputes this
        return gap

    def _measure_preceding(self, cue: Cue, place: int) -> float | None:
        """Gap between a verb and a quotation behind it, other quotations left out; nothing where it is too great."""
        text = self._block.text
        quote = self._block.quotes[place]
        last = max(cue.end, cue.speaker.end) if cue.speaker.end <= quote.start else cue.end
        first_crossed = min(place, self._count_quotes(cue.end))
        introduced = self._is_introduced(quote)
        gap = quote.start - last - (self._lengths[place] - self._lengths[first_crossed])
        gap += 5 * (place - first_crossed) + (0 if introduced else 25)
        if _has_open_end(text, quote) and not introduced:
            gap += 30
        if gap >= _FAR:  # what follows adds to it
            return None
        return gap + 15 * self._count_sentence_ends(cue.end, quote.start)

    def _count_sentence_ends(self, start: int, end: int) -> int:
        """Sentence ends within a stretch; a full stop that it begins with is one, whatever stands before."""
        first, last = bisect_left(self._sentence_ends, start + 1), bisect_right(self._sentence_ends, end - 2)
        return max(last - first, 0) + (_SENTENCE_END.match(self._block.text[start : min(start + 2, end)]) is not None)

    def _is_introduced(self, quote: Quote) -> bool:
        """Whether a colon or comma leads to a quotation."""
        return self._block.find_sign_before(quote.start) in (":", ",")

    def _count_quotes(self, place: int) -> int:
        """Quotations that start before a place."""
        return bisect_left(self._block.quote_starts, place)


def join_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put spans in order, those that overlap joined.

    Parameters
    ----------
    spans : iterable of tuple of int
        Starts and ends.

    Returns
    -------
    list of tuple of int
        Starts and ends, apart.

    Examples
    --------
    >>> join_spans([(5, 9), (0, 3), (8, 12)])
    [(0, 3), (5, 12)]
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def leads_on(text: str, quote: Quote) -> bool:
    """Whether the sentence of a quotation goes on behind it, as if to say who speaks.

    Parameters
    ----------
    text : str
        The block of text.
    quote : Quote
        One of its quotations.

    Returns
    -------
    bool
        True for “Go,” and “Go!”, and for “Go”, with the comma behind it.

    Examples
    --------
    >>> leads_on("“Go,” he said.", Quote(0, 5, True, 1)), leads_on("“Go” is short.", Quote(0, 4, True, 1))
    (True, False)
    """
    following = text[quote.end : quote.end + 2].lstrip()[:1]
    return _has_open_end(text, quote) or following in (",", "–", "—")


def _stands_behind(cue: Cue, quote: Quote) -> bool:
    """Whether a verb or its speaker stands directly behind a quotation."""
    first = min(cue.start, cue.speaker.start) if cue.speaker.start >= quote.end else cue.start
    return first - quote.end <= 2


def _has_open_end(text: str, quote: Quote) -> bool:
    """Whether a quotation ends as if its sentence went on behind it: “Go,” said …"""
    return text[quote.start : quote.end].rstrip(_QUOTED_CLOSERS).endswith(OPEN_ENDS)


def _is_near(text: str, quote: Quote, cue: Cue) -> bool:
    """Whether verb and quotation touch: only punctuation, the speaker, or an adverb between them."""
    if cue.start >= quote.end:
        first = min(cue.start, cue.speaker.start) if cue.speaker.start >= quote.end else cue.start
        return first - quote.end < 60 and not _STOP.search(text[quote.end : cue.start])
    between = text[cue.end : quote.start]
    return bool(_COLON_OR_COMMA.search(between)) or (len(between) < 30 and not _STOP.search(between))
