"""Cues by a stance: "what the treasury fears is", "word from the palace was that", "to them it is a joke"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from framing.voice.parsed.speech import Cue
from framing.voice.patterns.nouns import NP, START, WORD, Attribution, find_by_patterns
from framing.voice.sides import Sides
from framing.voice.words import PERSONS

__all__ = ["find_stance_cues"]

_OPENING = r"^(?:But |And |Yet )?"
_OWN = r"(?:[’']s|(?<=s)[’'])"
_MINDS = (
    r"(?:fears?|feared|dreads?|dreaded|wants?|wanted|regrets?|regretted|resents?|resented|remembers?|remembered|"
    r"proposes?|proposed|demands?|demanded|objects? to|objected to|hopes? for|hoped for|minds|minded|misses|missed|"
    r"suggests?|suggested|means?|meant|sees?|saw|recalls?|recalled|asks? for|asked for|worries|worried|bothers?)"
)
_MESSAGES = (
    r"(?:verdict|answer|reply|response|message|reaction|judge?ment|advice|view|description|explanation|warning|line|"
    r"version|assessment|conclusion|account|position|demands?|conditions?|terms|stance|objection|complaint)"
)
_CLAIMS = (
    r"(?:claim|warning|suspicion|fear|hope|belief|conviction|view|worry|complaint|expectation|feeling|rumour|sense)"
)
_AGENTS = r"(?:ists|ians|men|women|workers|makers|keepers|owners)"
_ROLE = rf"(?:{'|'.join(sorted(PERSONS))}|[a-z]+{_AGENTS})(?: in [A-Z]{WORD})?"
_IS = (
    r"(?=(?:the|this|that|it|its|these|all this) (?:[^\s,.;:?!“”\"()]+ ){0,7}?"
    r"(?:is|was|are|were|looks?|looked|seems?|seemed|means?|meant)\b)"
)
_SAID = (
    r"(?:said|says|complained|complains|warned|warns|argued|argues|recalled|recalls|claimed|claims|insisted|insists|"
    r"thought|thinks|believed|believes)"
)
_PATTERNS = tuple(
    Attribution(held, kind, re.compile(pattern))
    for held, kind, pattern in (
        ("W", "rest", rf"{_OPENING}What ((?:the |an? |[A-Z])[^,.;:?!“”\"()–—]{{0,60}}?|he|she|they) {_MINDS} "
                      r"(?:most |above all |now )?(?:is|was|are|were)\b(?= )"),
        ("For ", "all", rf"{_OPENING}For ((?:(?:the|many|some|most) )?(?:{WORD} ){{0,4}}?{_ROLE}) {_IS}"),
        ("To ", "all", rf"{_OPENING}To ((?:(?:the|many|some|most) )?(?:{WORD} ){{0,4}}?{_ROLE}) {_IS}"),
        ("For h", "all", rf"{_OPENING}For (him|her) {_IS}"),
        ("he ", "rest", rf"{_OPENING}[Tt]he (?:[a-z]+ )?{_MESSAGES} (?:in|at|among|from|of) {NP} "
                        r"(?:is|was|runs?|ran)\b"),
        ("let it be known", "all", rf"(?:[,;–—] |\bwhile ){NP} (?:has |have |had |also )?let it be known(?=[.,;]|$)"),
        ("it to be understood", "rest", rf"{START}{NP} (?:gave|gives|give) it to be understood that\b"),
        ("never tire", "all", rf"\b[Aa]s {NP} never tires? of (?:saying|stating|repeating|pointing out|insisting)\b"),
        ("isten to ", "rest", rf"{_OPENING}[Ll]isten to {NP} and (?=[a-z])"),
        (":", "rest", rf"{START}{NP}{_OWN} (?:[a-z]+ )?{_MESSAGES}(?: [^:;.“”\"]{{2,60}})?:(?= )"),
        ("know", "rest", rf"{START}{NP} (?:lets?|has let|had let) (?:[a-z]+ ){{1,3}}known? that\b"),
        ("ord ", "rest", rf"\b[Ww]ord (?:from|in|at|among) {NP} (?:is|was) that\b"),
        (" there ", "rest", rf"{_OPENING}(?:Among|In|At) {NP} there (?:is|was|are|were) "
                            rf"(?:[a-z]+ ){{0,3}}{_CLAIMS}s? that\b"),
        ("view", "rest", rf"{START}{NP} (?:takes?|took) (?:the|a|another) (?:[a-z]+ )?view[^:;.,“”\"]{{0,40}}:(?= )"),
        (" fond of ", "all", rf"[,—–] {NP} (?:is|was) (?:always )?fond of (?:saying|repeating|pointing out|asking)\b"),
        (" whose ", "rest", rf"(?:^|[,;] )((?:[Aa]n?|[Tt]he|[Oo]ne|[Aa]nother) {WORD}(?: {WORD}){{0,3}}) "
                            rf"whose (?:{WORD} ){{1,9}}?{_SAID} that\b"),
    )
)  # fmt: skip


def find_stance_cues(text: str, sentences: Sequence[tuple[int, int]], sides: Sides) -> Iterator[Cue]:
    """Attributions by what somebody fears, lets be known or sees in a thing.

    Parameters
    ----------
    text : str
        A block of text: "What the treasury fears is a dry summer."
    sentences : sequence of tuple of int
        Start and end of each of its sentences.
    sides : Sides
        Names of states and organisations.

    Yields
    ------
    Cue
        "What the treasury fears is", of "the treasury", with "a dry summer." for what is said.
    """
    yield from find_by_patterns(text, sentences, sides, _PATTERNS)
