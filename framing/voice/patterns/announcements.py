"""Sentences that announce what somebody says in the next: "The pilots have another explanation. The canal is …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from framing.voice.parsed.speech import Cue
from framing.voice.patterns.nouns import WORD, is_speaker
from framing.voice.patterns.phrases import make_mention
from framing.voice.sides import Sides

__all__ = ["find_announcements"]

_NP = rf"(?P<name>{WORD}(?: {WORD}){{0,7}}?(?:, [^,.;:?!“”\"]{{3,80}},)?)"
_SAID = (
    r"(?:answers?|explanations?|reply|replies|theory|theories|view|reading|version|account|objections?|complaints?|"
    r"suspicions?|warning|idea|worry|worries|fears?|advice|remedy|story|interpretation|argument|verdict|proposal)"
)
_MOODS = (
    r"(?:unimpressed|unconvinced|unmoved|unpersuaded|unruffled|undeterred|scathing|sceptical|skeptical|dismissive|"
    r"blunt|blunter|emphatic|adamant|categorical|cautious|forthcoming|scornful|furious|indignant|incredulous|bitter|"
    r"less (?:sure|certain|convinced|charitable|polite|diplomatic|impressed|sanguine|cautious)|"
    r"more (?:cautious|forthcoming|sceptical|skeptical|blunt|optimistic|pessimistic|sanguine|specific|candid)|"
    r"of (?:another|a different) (?:mind|opinion)|having none of it|not (?:so sure|convinced|impressed|persuaded))"
)
_ANNOUNCING = re.compile(
    rf"(?:But |And |Yet )?{_NP} (?:"
    rf"(?:has|have|had|offers?|offered|gives?|gave|prefers?|preferred) "
    rf"(?:an?|another|other|one|(?:his|her|its|their) own) (?:[a-z]+ ){{0,2}}{_SAID}|"
    rf"(?:is|are|was|were) (?:[a-z]+ly )?{_MOODS}|"
    r"(?:disagrees?|disagreed|demurs?|demurred|begs? to differ|begged to differ|doubts? it|doubted it|thinks? not|"
    r"thinks? otherwise|thought otherwise|has no doubts|have no doubts)|"
    r"(?:takes?|took) (?:the|a|another) (?:[a-z]+ )?view(?: of (?:the )?[a-z]+)?|"
    r"(?:sees?|saw|reads?) (?:it|this|that|things|the matter|the (?:same )?[a-z]+|these [a-z]+) "
    r"(?:differently|otherwise|another way))\.$"
)
_GOES_ON = re.compile(
    r"(?:But|And|Yet|Still|Even so|So|That|This|These|Those|Both|Neither|Perhaps|Maybe|Others?|Another|One|"
    r"[Hh]e|She|They|It|I|We|His|Her|Their|Its|My|Our)\b"
)
_OWN = re.compile(r"[“”\"]|\b(?:I|me|my|we|us|our|you|your)\b|\?$")


def find_announcements(
    text: str, sentences: Sequence[tuple[int, int]], sides: Sides, cues: Sequence[Cue]
) -> Iterator[Cue]:
    """Speech without a verb of speech, behind a sentence that says whose it is.

    Parameters
    ----------
    text : str
        A block of text: "The pilots have another explanation. The canal is full because it is cheap."
    sentences : sequence of tuple of int
        Start and end of each of its sentences.
    sides : Sides
        Names of states and organisations.
    cues : sequence of Cue
        Those that were found by other means: a sentence that has one is theirs.

    Yields
    ------
    Cue
        "have another explanation", of "The pilots", with the next sentence for what is said; not where that speaks of
        them in turn ("They have offered to pay"), is the writer's own, asks or quotes.
    """
    for (low, high), (start, end) in pairwise(sentences):
        match = _ANNOUNCING.match(text[low:high].rstrip())
        following = text[start:end].rstrip()
        if match is None or _GOES_ON.match(following) or _OWN.search(following):
            continue
        name, _, described = match.group("name").partition(",")
        if not is_speaker(name) or any(start <= cue.start < end for cue in cues):
            continue
        place = low + match.start("name")
        speaker = make_mention(name, place, f"{name},{described}".rstrip(","), sides)
        verb = place + len(match.group("name")) + 1
        yield Cue(verb, low + match.end(), start, end, speaker, "source")
