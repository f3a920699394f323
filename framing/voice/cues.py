"""Cues of one block, from its parse and from patterns, each once."""

from __future__ import annotations

import re
from dataclasses import replace

from framing.voice.block import Block
from framing.voice.parsed.speech import Cue, Speech
from framing.voice.patterns.announcements import find_announcements
from framing.voice.patterns.asides import find_opening_cues, find_parenthetical_cues
from framing.voice.patterns.headings import find_heading_cues
from framing.voice.patterns.nouns import find_noun_cues
from framing.voice.patterns.phrases import find_phrase_cues
from framing.voice.patterns.stances import find_stance_cues
from framing.voice.sides import Sides
from framing.voice.words import TITLES

__all__ = ["find_cues"]

_LONGEST_SPEAKER = 5  # words
_SHORTEST_REST = 8  # characters of a clause behind its subject
_ARTICLE = re.compile(r"(?:an?|the|another|one|his|her|its|their) ", re.IGNORECASE)
_TITLED = re.compile(r"[A-Z]\w+\.? [A-ZÀ-Ž][\w’'-]*(?: [A-ZÀ-Ž][\w’'-]*)*")
_GIVEN = re.compile(
    r",? who (?:gave (?:his|her|their) (?:first )?name (?:only )?as|goes by|asked to be called|"
    r"introduced (?:him|her)self as) (?:only )?(?P<name>[A-ZÀ-Ž][\w’'-]*(?: [A-ZÀ-Ž][\w’'-]*){0,2})"
)
_APPOSED = re.compile(r", (?P<name>[A-ZÀ-Ž][\w’'.-]*(?: (?:[A-ZÀ-Ž][\w’'.-]*|van|de|von|der|al)){1,3}), (?=[a-z])")


def find_cues(block: Block, speech: Speech, sides: Sides) -> list[Cue]:
    """Cues of a block by the parser and by patterns.

    Parameters
    ----------
    block : Block
        A block of text: "Prices, the broker said, will fall."
    speech : Speech
        Its cues by the parser: "said", of "the broker", without what is said.
    sides : Sides
        Names of states and organisations.

    Returns
    -------
    list of Cue
        By their start. Where both find the same verb, the speaker is the parser's and what is said that of the
        patterns: "said", of "the broker", with the whole sentence.
    """
    text = block.text
    heading = list(find_heading_cues(text, sides))
    if heading and heading[0].word in (":", "–"):
        name_end = heading[0].end
        return heading + [cue for cue in speech.cues if cue.start > name_end and cue.content_start < 0]
    finders = (find_phrase_cues, find_noun_cues, find_stance_cues)
    phrases = [cue for find in finders for cue in find(text, block.sentences, sides)]
    asides = {cue.start: cue for cue in find_parenthetical_cues(text, block.sentences, sides)}
    opening = list(find_opening_cues(text, block.sentences, sides))
    opened = {cue.start for cue in opening}
    parsed = []
    for cue in speech.cues:
        if cue.start in opened or cue.speaker.start in opened:
            continue
        aside = asides.get(cue.start)
        if aside is not None and block.is_behind_quoted(cue.speaker.start, cue.start):
            continue  # a word of the quotation: “Leaks?” asked the envoy
        if aside is None or (_is_beside_speaker(text, cue) and cue.content_start < 0 <= aside.content_start):
            parsed.append(cue)
        elif _opens_clause(cue, aside):
            parsed.append(cue)
            del asides[cue.start]
        elif _is_beside_speaker(text, cue):  # the parser knows where the name ends; the marks know what was said
            start, end = aside.content_start, aside.content_end
            parsed.append(replace(cue, end=aside.end, content_start=start, content_end=end))
            del asides[cue.start]
    starts = {cue.start for cue in parsed}
    marked = [cue for start, cue in sorted(asides.items()) if start not in starts]
    taken = {cue.start for cue in parsed if cue.content_start >= 0} | {cue.start for cue in marked}
    if heading and "," in heading[0].speaker.name:  # the parser takes the last of those who speak
        parsed = [cue for cue in parsed if cue.start != heading[0].start]
        taken.discard(heading[0].start)
    heading = [cue for cue in heading if cue.start not in taken]
    parsed, marked = ([_name_apposed(text, cue) for cue in each] for each in (parsed, marked))
    cues = [*opening, *parsed, *marked, *phrases, *heading]
    cues += find_announcements(text, block.sentences, sides, cues)
    return sorted(cues, key=lambda cue: cue.start)


def _opens_clause(cue: Cue, aside: Cue) -> bool:
    """Whether the speaker of an aside is a clause that is said: "The foreman, a welder, said the panel had voted"."""
    follows = cue.speaker.start < cue.start < aside.speaker.start
    is_longer = cue.content_end > aside.speaker.end + _SHORTEST_REST
    is_longer = is_longer or len(aside.speaker.name.split()) > _LONGEST_SPEAKER
    return follows and is_longer and abs(aside.speaker.start - cue.content_start) <= 1


def _name_apposed(text: str, cue: Cue) -> Cue:
    """The cue with the name between its speaker's role and the verb: "A guest in Reno, Ada Lund, says"."""
    speaker = cue.speaker
    if speaker.name in TITLES:  # the parser ends a sentence behind "Sgt."
        named = _TITLED.match(text, speaker.start)
        if named is not None:
            speaker = replace(speaker, end=named.end(), name=named.group(), description=named.group(), person=True)
            return replace(cue, speaker=speaker)
    if speaker.person or not _ARTICLE.match(speaker.name):
        return cue
    given = _GIVEN.match(text, speaker.end)
    if given is not None:
        name, described = given.group("name"), text[speaker.start : given.end("name")]
        return replace(cue, speaker=replace(speaker, name=name, description=described, person=True, plural=False))
    apposed = _APPOSED.match(text, speaker.end)
    if apposed is None or apposed.end() > cue.start:
        return cue
    name, described = apposed.group("name"), text[speaker.start : apposed.end("name")]
    return replace(cue, speaker=replace(speaker, name=name, description=described, person=True, plural=False))


def _is_beside_speaker(text: str, cue: Cue) -> bool:
    """Whether the speaker stands beside the verb, as in a parenthesis: ", the broker said,"."""
    if cue.speaker.end <= cue.start:
        between = text[cue.speaker.end : cue.start]
        return len(between.split()) <= 1 and "," not in between
    return 0 <= cue.speaker.start - cue.end <= 6
