"""Attributions that need no parser: "according to X", "in X's view", and the manners of headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framing.corpus.sentences import STATE_ABBREVIATIONS, TITLE_ABBREVIATIONS, split_sentences
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.parsed.speech import Cue
from framing.voice.sides import Sides
from framing.voice.words import (
    ATTITUDE,
    EXPERTS,
    NOBODY,
    OFFICIALS,
    PERSONS,
    QUOTE_ONLY,
    SAYING,
    VERBS,
    word_set,
)

__all__ = ["OF", "in_asides", "in_phrases", "named_by"]

_NP = r"([^,.;:?!“”\"()\n–—]+(?:\.[A-Z]\.?[^,.;:?!“”\"()\n–—]*)*)"
_POSSESSED = (
    r"(?:own\s+)?(?:perspective|point of view|viewpoint|view|views|opinion|telling|eyes|words|account|reading|version|"
    r"assessment|estimation|estimate|standpoint|vantage point|judgment|judgement|reckoning|calculation|mind|thinking|"
    r"count|tally|admission|logic|definition|figures|estimates|calculations|description|book|narrative|argument)\b"
    r"(?!\s(?:room|list|test|glasses))"
)
_HIS = (
    r"(?:own )?(?:view|opinion|telling|words|account|reading|eyes|estimate|estimation|mind|judgement|judgment|"
    r"reckoning|count|tally|admission|calculation|version|perspective|assessment)"
)
# from the start of a word on: within a long one the search would begin anew at every letter
_WORDS_BEFORE = r"((?<![^\s,.;:?!“”\"])(?:[^\s,.;:?!“”\"]+ ){0,5}?[^\s,.;:?!“”\"]+)"
_SEES = r"(?:sees?|saw|puts?|put|tells?|told|describes?|described|explains?|explained|phrased|framed)"
_SAID = (
    r"(?:position|view|argument|answer|line|verdict|claim|message|warning|demand|conclusion|reply|case|fear|hope|advice|"
    r"explanation|objection|complaint|contention|worry|guess|point|thesis|prediction|stance|theory|rationale|retort|"
    r"thinking|feeling|consensus|official line|assessment|estimate|forecast|preference|request|suspicion|pitch)"
)
_IS = (  # and what it is
    r"(?:is|was|has been|remains|had been|has always been) (?:now |also |simply |always |still |[a-z]+ly )?"
    r"(?=that\b|to\b|clear|simple|plain|the\b|blunt|no\b|not\b|an?\b|one\b|:|[“\"‘]|less|more|never|unchanged|different)"
)
_CLEARLY = (
    r"(?:let it be known|(?:made|makes|make) (?:it )?(?:clear|known|plain) that|(?:took|takes|take) the view that|"
    r"(?:said|says|say) as much|(?:gave|gives|give) to understand)"
)
_NP_SHORT = r"([A-Z][^,.;:?!“”\"()\n–—]{1,60}?)"
_LEADING = re.compile(r"^(?:When|As|Since|After|While|But|And|If|Once|Then|Yet|Because|Although|Though|Before|That) ")
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b[Aa]ccording to {_NP}",
        rf"\b(?:[Ff]rom|[Ii]n|[Tt]o|[Bb]y|[Oo]n) {_WORDS_BEFORE}(?:[’']s|(?<=s)[’']) {_POSSESSED}",
        rf"\b(?:[Ff]rom|[Ii]n|[Bb]y) (his|her|their) {_HIS}\b",
        rf"\b(?:[Ii]n|[Oo]n|[Bb]y|[Tt]o) the (?:view|views|opinion|words|eyes|telling|judgement|judgment|"
        rf"assessment|reading|reckoning|account|estimate|estimates|estimation|calculations?|mind|count|version|"
        rf"logic|phrase) of {_NP}",
        rf"\b[Ff]rom the (?:perspective|point of view|standpoint|viewpoint|vantage point) of {_NP}",
        rf"\b[Aa]s {_NP} {_SEES} (?:it|things|the matter)\b",
        rf"\b[Aa]s {_NP} (?:told|reminded|informed|assured|warned) (?:the |its |his |her |their )?[a-z]+\b",
        rf"\b(?:[Ss]een|[Vv]iewed) (?:from|by) {_NP}",
        rf"{_WORDS_BEFORE}(?:[’']s|(?<=s)[’']) (?:own |main |first |last |official |[a-z]+ )?{_SAID} {_IS}",
        rf"\b([Hh]is|[Hh]er|[Tt]heir) (?:own |main |first |last |official |[a-z]+ )?{_SAID} {_IS}",
        rf"\b[Tt]he (?:[a-z]+ )?{_SAID} (?:in|at|among|from|of) {_NP_SHORT} (?:is|was|runs|ran)\b",
        rf"{_NP_SHORT} (?:has |have |had |also |then )*{_CLEARLY}",
    )
)
_FOR_SIDE = re.compile(r"^(?:But |And |Yet )?For ((?:the )?[A-Z][\w’'.-]*(?: [A-Z][\w’'-]*){0,3}), (?!which|who)")
_CUT = re.compile(
    r"\s(?:who|whose|whom|which|that|where|when|while|has|have|had|is|are|was|were|will|would|but|as|said|published|"
    r"released|cited|quoted|seen|obtained|posted|this|last|in a statement|"
    r"and (?:the|a|an|it|he|she|they|has|had|was|is)|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b.*$"
)
_SOURCE = re.compile(
    r"^(?:the |a |an |new |official |recent |latest |preliminary )*(?:figures|data|statements?|report|study|estimates?|"
    r"numbers|documents|survey|poll|information|statistics|analysis|briefing|press release)\b[\w\s-]*?\s"
    r"(?:by|from|of)\s+"
)
_NO_SOURCE = word_set("no_source")
_SPEECH = frozenset(
    form
    for form, lemma in VERBS.items()
    if lemma in SAYING | ATTITUDE | QUOTE_ONLY - {"put", "go", "begin", "offer", "read", "call", "describe", "work"}
    and not form.endswith("ing")
)
_TOLD = word_set("told")
_DETERMINER = (
    r"(?:[A-ZÀ-Ž]|(?:an?|the|one|another|his|her|its|my|their|our|two|three|four|five|several|some|many|most|officials|"
    r"analysts|experts|diplomats|residents|witnesses|locals|sources|critics|observers|economists|people|those)\b)"
)
_ABBREVIATED = rf"(?:(?:{'|'.join(TITLE_ABBREVIATIONS)})\. )?"
_INVERTED = re.compile(
    r"([,!?…—][\"”’']?|[\"”’]) ([a-z]+) "
    rf"({_ABBREVIATED}{_DETERMINER}[^,.;:?!“”\"\n–—]{{0,90}}(?:\.[A-Z]\.?[^,.;:“”\"\n]*)?)"
)
_BETWEEN = re.compile(
    rf"(?:[,—–][\"”’']?|[\"”’]) ((?:he|she|they|it)|{_DETERMINER}[^,.;:?!“”\"\n–—]{{0,50}}?)"
    r"(?:, [^,.;:?!“”\"\n]{4,90},| who [^,.;:?!“”\"\n]{4,50})? "
    r"(?:also |later |then )?([a-z]+)(?: (?:us|me|reporters|journalists)|(?:(?<=\btold)|(?<=\btells)) [\w’' ]{2,40}?)?"
    r"(?: (?:on|in|at|late|early|last|this|to|after|during) [^,.;:“”\"]{2,36})?(?=[,.;:!?]|$| [—–])"
)
_DOTTED = re.compile(rf"\b(?:{'|'.join(map(re.escape, STATE_ABBREVIATIONS))})(?= [a-z])")
_AS = re.compile(rf"\b[Aa]s ((?:he|she|they)|{_DETERMINER}[^,.;:?!“”\"\n–—]{{0,60}}?) ([a-z]+)(?=[,.;:]| it\b|$)")
_FINITE = re.compile(
    r"\b(?:had|was|were|is|are|would|will|has|have|did|does|could|should|must|can|may|might|be|been|not|that|what|how)\b"
)
OF = re.compile(r" (?:of|in|at|from|for|on|with) ")


def in_asides(text: str) -> Iterator[Cue]:
    """Verbs of speech set off by marks, many of which the parser misses: "…,” said a broker", "fuel, she warned, …"."""
    for low, high in split_sentences(text):
        sentence = text[low:high]
        dotless = _DOTTED.sub(lambda found: found.group().replace(".", "_"), sentence)
        for match in _INVERTED.finditer(dotless):
            verb = match.group(2)
            quoted = match.group(1)[-1] in "\"”’'"
            name = _CUT.sub("", sentence[match.start(3) : match.end(3)]).rstrip()
            following = sentence[match.start(3) + len(name) :]
            if verb not in _SPEECH or verb in _TOLD or not name:
                continue
            if not quoted and (
                verb not in ("said", "says", "say") or not re.match(r"\s*[,.;]|\s+(?:who|whose)\b|$", following)
            ):
                continue
            if _FINITE.search(name) or (not quoted and len(name.split()) > 9):
                continue
            start = low + match.start(3)
            content = (-1, -1) if quoted else (low, high)
            described = text[start : min(high, start + len(name) + 110)]
            found = named_by(name, start, described)
            yield Cue(low + match.start(2), low + match.end(2), *content, found, verb)
        for match in [*_BETWEEN.finditer(dotless), *_AS.finditer(dotless)]:
            name, verb = sentence[match.start(1) : match.end(1)], match.group(2)
            if verb not in _SPEECH or _FINITE.search(name) or name.lower() in NOBODY - {"it"}:
                continue
            if name.split()[-1].lower() in ("and", "or", "of", "in", "the", "to") or len(name.split()) > 7:
                continue
            start = low + match.start(1)
            named = named_by(name, start, text[start : start + len(name)])
            behind = sentence.lstrip()[:1] in "“\"‘'" and match.group()[:2].strip()[-1:] in "\"”’'"  # of a quotation
            content = (-1, -1) if behind and verb in _TOLD else (low, high)
            yield Cue(low + match.start(2), low + match.end(2), *content, named, verb)


def in_phrases(text: str, sides: Sides) -> Iterator[Cue]:
    """Phrases that attribute the sentence they stand in."""
    for low, high in split_sentences(text):
        sentence = text[low:high]
        for pattern in _PATTERNS:
            for match in pattern.finditer(sentence):
                cue = _cue(
                    text, low, high, low + match.start(), low + match.end(), low + match.start(1), match.group(1)
                )
                if cue is not None:
                    yield cue
        side = _FOR_SIDE.match(sentence)
        if side and sides.is_side(side.group(1)):
            cue = _cue(text, low, high, low, low + side.end(1), low + side.start(1), side.group(1))
            if cue is not None:
                yield cue


def _cue(text: str, low: int, high: int, start: int, end: int, name_start: int, name: str) -> Cue | None:
    source = _SOURCE.match(name)
    if source and not re.match(r"(?:this|our)\b", name[source.end() :]):
        name_start += source.end()
        name = name[source.end() :]
    lead = _LEADING.match(name)
    if lead:
        name_start += lead.end()
        name = name[lead.end() :]
    name = _CUT.sub("", name).strip(" ’'")
    first = name.split(" ")[0].lower() if name else ""
    theirs = first == "its" and bool(set(name.lower().split()) & PERSONS)
    if not name or (
        not theirs
        and first
        in (
            "this",
            "these",
            "which",
            "it",
            "its",
            "that",
            "plan",
            "law",
            "my",
            "our",
            "your",
            "schedule",
        )
    ):
        return None
    if set(OF.split(name)[0].lower().split()) & _NO_SOURCE:
        return None
    end = min(end, name_start + len(name)) if text[start:end].lower().startswith("according") else end
    described = text[name_start : min(high, name_start + len(name) + 70)]
    return Cue(start, end, low, high, named_by(name, name_start, described), text[start : start + 12].split(" ")[0])


def named_by(name: str, start: int, description: str) -> Mention:
    words = name.split()
    capitals = len(words)
    while capitals and (words[capitals - 1][:1].isupper() or words[capitals - 1] in ("van", "de", "von", "der", "al")):
        capitals -= 1
    before = {word.lower().strip("’'s") for word in words[:capitals]}
    shown = name
    if capitals and len(words) - capitals >= 2 and before & (OFFICIALS | EXPERTS):
        shown = " ".join(words[capitals:])
    first = words[0].lower() if words else ""
    head = next((w.lower().strip("’'s") for w in reversed(OF.split(name)[0].split())), "")
    plural = name.lower().endswith("s") and first not in ("a", "an", "one") and not shown[:1].isupper()
    person = 2 <= len(shown.split()) <= 4 and all(
        word[:1].isupper() or word in ("van", "de", "von", "al") for word in shown.split()
    )
    return Mention(start, start + len(name), shown, description, True, plural, head, person)
