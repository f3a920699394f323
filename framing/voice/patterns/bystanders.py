"""Who is named beside a quotation that no reporting verb introduces."""

from __future__ import annotations

import re
from bisect import bisect_left

from framing.voice.block import Block
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.parsed.speech import Cue
from framing.voice.patterns.introductions import OPEN_ENDS
from framing.voice.patterns.quoted import is_title
from framing.voice.quotes import Quote
from framing.voice.words import PERSONS, word_set

__all__ = ["find_bystander", "find_holder"]

_CONTINUES = re.compile(r",? [a-z]|,? [A-Z][\w’'-]* [\w’'-]+")
_PREPOSITION = re.compile(r"\b(?:in|on|at|of|to|for|from|with|before|after|by)(?: the| a| an)? $")
_LONGEST_PREPOSITION = 16  # characters, with an article and the sign before it
_SHORTEST_HELD = 3  # words
_PRONOUN = re.compile(r"\b(?:he|she|He|She)\b")
_HOLDERS = PERSONS | word_set("kinds_of_bodies")
_NAMES = word_set("names_things")
_LAST_WORDS = re.compile(r"([\w-]+)\W*$")
_LONGEST_SENTENCE = 600  # characters before a quotation that are searched for who holds it


def find_holder(block: Block, quote: Quote, inner: str, mentions: tuple[Mention, ...]) -> Cue | None:
    """Whose words a few words in quotation marks are, within a sentence about somebody.

    In "Ellison thanked the lawyer for a “thorough and fair review”" they are Ellison's.

    Parameters
    ----------
    block : Block
        The block of text.
    quote : Quote
        One of its quotations.
    inner : str
        What stands within its marks.
    mentions : tuple of Mention
        Those of the block, in order.

    Returns
    -------
    Cue or None
        With the opening mark for a word; None for fewer than three words, a title, or a sentence about a thing.
    """
    if quote.n_words < _SHORTEST_HELD or is_title(inner) or not inner[:1].islower():
        return None
    low = max(block.find_sentence_start(quote.start), quote.start - _LONGEST_SENTENCE)
    before = block.text[low : quote.start]
    last = _LAST_WORDS.search(before[-30:])
    if last is None or last.group(1).lower() in _NAMES:
        return None
    number = bisect_left(mentions, quote.start, key=lambda mention: mention.start) - 1
    holder: Mention | None = None
    while number >= 0 and mentions[number].start >= low:
        mention = mentions[number]
        may_hold = mention.person or mention.head in _HOLDERS
        if mention.subject and may_hold and mention.end <= quote.start and not block.is_quoted(mention.start):
            holder = mention
            break
        number -= 1
    pronouns = [match for match in _PRONOUN.finditer(before) if not block.is_quoted(low + match.start())]
    if pronouns and (holder is None or holder.start < low + pronouns[-1].start()):
        start, word = low + pronouns[-1].start(), pronouns[-1].group().lower()
        holder = Mention(start, start + len(word), word, word, True, False, word)
    return None if holder is None else _stand_for_cue(holder)


def find_bystander(block: Block, quote: Quote, inner: str, mentions: tuple[Mention, ...]) -> Cue | None:
    """Whoever stands beside a quotation without a known reporting verb: "…,” grinned the driver".

    Parameters
    ----------
    block : Block
        The block of text.
    quote : Quote
        One of its quotations.
    inner : str
        What stands within its marks.
    mentions : tuple of Mention
        Those of the block, in order.

    Returns
    -------
    Cue or None
        With the opening mark for a word.
    """
    text = block.text
    low, high = block.find_sentence(quote.end, ends=True) or (quote.start, quote.end)
    if (inner.endswith(OPEN_ENDS) or text[quote.end : quote.end + 1] == ",") and _CONTINUES.match(text, quote.end):
        number = bisect_left(mentions, quote.end, key=lambda mention: mention.start)
        while number < len(mentions) and mentions[number].start < high:
            if not _is_object(text, mentions[number]):
                return _stand_for_cue(mentions[number])
            number += 1
    begin = max(low, block.find_sentence_start(quote.start))
    if block.find_sign_before(quote.start, begin) == ":":
        number = bisect_left(mentions, begin, key=lambda mention: mention.start)
        while number < len(mentions) and mentions[number].start < quote.start:
            if mentions[number].subject and mentions[number].end <= quote.start:
                return _stand_for_cue(mentions[number])
            number += 1
    return None


def _stand_for_cue(mention: Mention) -> Cue:
    return Cue(mention.start, mention.end, -1, -1, mention, "“")


def _is_object(text: str, mention: Mention) -> bool:
    """Whether a mention stands behind a preposition, as a day does: "on Monday" says nothing."""
    return _PREPOSITION.search(text[max(0, mention.start - _LONGEST_PREPOSITION) : mention.start]) is not None
