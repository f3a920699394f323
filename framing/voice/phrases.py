"""Attributions that need no parser: "according to X", "in X's view", and the manners of headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framing.voice.noun_phrases import Mention
from framing.voice.sides import Sides
from framing.voice.speech import Cue
from framing.voice.words import (
    ATTITUDE,
    EXPERTS,
    MEDIA,
    NOBODY,
    OFFICIALS,
    QUOTE_ONLY,
    RESIDENTS,
    SAYING,
    TITLES,
    VERBS,
    word_set,
)

__all__ = ["in_asides", "in_heading", "in_phrases", "sentence_bounds"]

_END = re.compile(r"[.!?…][\"”’')\]]*(?=\s+[\"“‘'(\[]?[A-ZÀ-Ž0-9])|\n")
_SHORT = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Gov|Sen|Rep|Lt|Col|Sgt|Capt|Adm|St|No|vs)|\b[A-Z]|U\.S|U\.N|U\.K|E\.U)\.$"
)
_NP = r"([^,.;:?!“”\"()\n–—]+(?:\.[A-Z]\.?[^,.;:?!“”\"()\n–—]*)*)"
_POSSESSED = (
    r"(?:own\s+)?(?:perspective|point of view|viewpoint|view|views|opinion|telling|eyes|words|account|reading|version|"
    r"assessment|estimation|estimate|standpoint|vantage point|judgment|judgement|reckoning|calculation|mind|thinking)\b"
    r"(?!\s(?:room|list|test|glasses))"
)
_HIS = r"(?:view|opinion|telling|words|account|reading|eyes|estimate|mind|judgement|judgment)"
_WORDS_BEFORE = r"((?:[^\s,.;:?!“”\"]+ ){0,5}?[^\s,.;:?!“”\"]+)"
_SEES = r"(?:sees?|saw|puts?|put|tells?|told|describes?|described|explains?|explained|phrased|framed)"
_SAID = (
    r"(?:position|view|argument|answer|line|verdict|claim|message|warning|demand|conclusion|reply|case|fear|hope|advice|"
    r"explanation|objection|complaint|contention|worry|guess|point|thesis|prediction)"
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
        rf"\b(?:[Ff]rom|[Ii]n|[Tt]o|[Bb]y) {_WORDS_BEFORE}(?:[’']s|(?<=s)[’']) {_POSSESSED}",
        rf"\b(?:[Ff]rom|[Ii]n|[Bb]y) (his|her|their) {_HIS}\b",
        rf"\b[Ii]n the (?:view|views|opinion|words|eyes|telling|judgement|judgment|assessment|reading) of {_NP}",
        rf"\b[Ff]rom the (?:perspective|point of view|standpoint|viewpoint|vantage point) of {_NP}",
        rf"\b[Ii]n {_NP} (?:opinion|view)(?=,)",
        rf"\b[Aa]s {_NP} {_SEES} (?:it|things|the matter)\b",
        rf"\b(?:[Ss]een|[Vv]iewed) (?:from|by) {_NP}",
        rf"{_WORDS_BEFORE}(?:[’']s|(?<=s)[’']) (?:own |main |official |first |last )?{_SAID} (?:is|was|has been|remains)\b",
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
_COLON = re.compile(r"^([^:\n“”\"]{2,60}):\s+(?=\S)")
_NO_SOURCE = word_set(
    "mood nationality plan plans schedule rules rule law laws taste size age need needs weight season rota timetable "
    "price logic wishes tradition custom rank merit income means ability circumstances weather status type kind time"
)
_HEAD_SAYS = (
    r"(says?|said|warns?|claims?|insists?|reports?|announces?|admits?|believes?|suggests?|signals?|tells? [A-Z]\w+)"
)
_SAYS_END = re.compile(
    rf"[,’'”\"]\s*(?:{_HEAD_SAYS}\s+([^,.:;“”\"]{{2,60}}?)|([^,.:;“”\"]{{2,60}}?)\s+{_HEAD_SAYS})"
    r"(?:\s+(?:as|after|amid|in|on|at|over|following|ahead of|during|to)\b[^,.]*)?[.!]?$"
)
_DASH_END = re.compile(r"\s[–—-]\s+([^.,:;“”\"–—()]{2,50}?)(?:\s*\(\d[^)]*\).*|\s*[|«].*)?$")
_HEAD_VERB = re.compile(
    r"^((?:[A-Z][\w’'.-]*|of|the|and|for|[a-z]+)(?: [\w’'.-]+){0,5}?) "
    r"(says|say|warns|warn|claims|claim|insists|denies|deny|urges|urge|accuses|accuse|blames|blame|condemns|condemn|vows|vow|"
    r"rejects|reject|slams|slam|confirms|confirm|announces|announce|calls|criticizes|criticises|praises|hails|dismisses|"
    r"predicts|admits|pledges|threatens|demands|protests|tells|reveals|believes|reports|expects|suggests|"
    r"refutes|explains|comments|doubts|hopes|stresses|notes|names|lambasts|blasts|decries)\b"
)  # fmt: skip
_ROLES = OFFICIALS | EXPERTS | RESIDENTS | MEDIA | {"staff", "command", "intelligence", "centre", "center"}
_PREDICATES = word_set("is are was were be been has have had to will would do does did not")
_NO_SPEAKER = word_set(
    """war crisis live watch explained explainer update updates news video opinion analysis exclusive conflict
    photos factbox timeline invasion why how what breaking feature podcast map pictures day latest in fact
    interview review editorial letter chronicle briefing summary result conclusion question answer note
    warning example reason point lesson truth message terms transcript withdrawal shelling attack strike fire
    bombing explosion visit talks meeting deal this that these those it there here one two three things
    problem"""
)


_SPEECH = frozenset(
    form
    for form, lemma in VERBS.items()
    if lemma in SAYING | ATTITUDE | QUOTE_ONLY - {"put", "go", "begin", "offer", "read", "call", "describe", "work"}
    and not form.endswith("ing")
)
_TOLD = word_set("tell tells told informed informs reminded reminds assured assures asked asks")
_DETERMINER = (
    r"(?:[A-ZÀ-Ž]|(?:an?|the|one|another|his|her|its|my|their|our|two|three|four|five|several|some|many|most|officials|"
    r"analysts|experts|diplomats|residents|witnesses|locals|sources|critics|observers|economists|people|those)\b)"
)
_ABBREVIATED = r"(?:(?:Dr|Mr|Mrs|Ms|Prof|Gen|Col|Lt|Sgt|Capt|Sen|Rep|Gov)\. )?"
_INVERTED = re.compile(
    r"([,!?…—][\"”’']?|[\"”’]) ([a-z]+) "
    rf"({_ABBREVIATED}{_DETERMINER}[^,.;:?!“”\"\n–—]{{1,90}}(?:\.[A-Z]\.?[^,.;:“”\"\n]*)?)"
)
_BETWEEN = re.compile(
    rf"(?:[,—–][\"”’']?|[\"”’]) ((?:he|she|they|it)|{_DETERMINER}[^,.;:?!“”\"\n–—]{{0,50}}?) "
    r"(?:also |later |then )?([a-z]+)(?: (?:us|me|reporters|journalists))?"
    r"(?: (?:on|in|at|late|early|last|this|to|after|during) [^,.;:“”\"]{2,36})?(?=[,.;:!?]|$| [—–])"
)
_AS = re.compile(rf"\b[Aa]s ((?:he|she|they)|{_DETERMINER}[^,.;:?!“”\"\n–—]{{0,60}}?) ([a-z]+)(?=[,.;:]| it\b|$)")
_FINITE = re.compile(
    r"\b(?:had|was|were|is|are|would|will|has|have|did|does|could|should|must|can|may|might|be|been|not|that|what|how)\b"
)


def in_asides(text: str) -> Iterator[Cue]:
    """Verbs of speech set off by marks, many of which the parser misses: "…,” said a broker", "fuel, she warned, …"."""
    for low, high in sentence_bounds(text):
        sentence = text[low:high]
        for match in _INVERTED.finditer(sentence):
            verb = match.group(2)
            quoted = match.group(1)[-1] in "\"”’'"
            name = _CUT.sub("", match.group(3)).rstrip()
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
            found = _named(name, start, described)
            yield Cue(low + match.start(2), low + match.end(2), *content, found, verb)
        for match in [*_BETWEEN.finditer(sentence), *_AS.finditer(sentence)]:
            name, verb = match.group(1), match.group(2)
            if verb not in _SPEECH or _FINITE.search(name) or name.lower() in NOBODY - {"it"}:
                continue
            if name.split()[-1].lower() in ("and", "or", "of", "in", "the", "to") or len(name.split()) > 7:
                continue
            start = low + match.start(1)
            described = text[start : start + len(name)]
            yield Cue(low + match.start(2), low + match.end(2), low, high, _named(name, start, described), verb)


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """Start and end of the sentences of `text`; closing marks belong to the sentence that they end."""
    bounds, start = [], 0
    for match in _END.finditer(text):
        if match.group() != "\n" and _SHORT.search(text[max(0, match.start() - 6) : match.start() + 1]):
            continue
        if text[start : match.end()].strip():
            bounds.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        bounds.append((start, len(text)))
    return bounds


def in_phrases(text: str, sides: Sides) -> Iterator[Cue]:
    """Phrases that attribute the sentence they stand in."""
    for low, high in sentence_bounds(text):
        sentence = text[low:high]
        for pattern in _PATTERNS:
            for match in pattern.finditer(sentence):
                cue = _cue(
                    text, low, high, low + match.start(), low + match.end(), low + match.start(1), match.group(1)
                )
                if cue is not None:
                    yield cue
        stripped = len(sentence) - len(sentence.lstrip())
        found = _FOR_SIDE.match(sentence.lstrip())
        if found and sides.is_side(found.group(1)):
            begin = low + stripped
            cue = _cue(text, low, high, begin, begin + found.end(1), begin + found.start(1), found.group(1))
            if cue is not None:
                yield cue


def _cue(text: str, low: int, high: int, start: int, end: int, name_start: int, name: str) -> Cue | None:
    source = _SOURCE.match(name)
    if source:
        name_start += source.end()
        name = name[source.end() :]
    lead = _LEADING.match(name)
    if lead:
        name_start += lead.end()
        name = name[lead.end() :]
    name = _CUT.sub("", name).strip(" ’'")
    first = name.split(" ")[0].lower() if name else ""
    if not name or first in (
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
    ):
        return None
    if set(_OF.split(name)[0].lower().split()) & _NO_SOURCE:
        return None
    end = min(end, name_start + len(name)) if text[start:end].lower().startswith("according") else end
    described = text[name_start : min(high, name_start + len(name) + 70)]
    return Cue(start, end, low, high, _named(name, name_start, described), text[start : start + 12].split(" ")[0])


def _named(name: str, start: int, description: str) -> Mention:
    words = name.split()
    capitals = len(words)
    while capitals and (words[capitals - 1][:1].isupper() or words[capitals - 1] in ("van", "de", "von", "der", "al")):
        capitals -= 1
    before = {word.lower().strip("’'s") for word in words[:capitals]}
    shown = name
    if capitals and len(words) - capitals >= 2 and before & (OFFICIALS | EXPERTS):
        shown = " ".join(words[capitals:])
    first = words[0].lower() if words else ""
    head = next((w.lower().strip("’'s") for w in reversed(_OF.split(name)[0].split())), "")
    plural = name.lower().endswith("s") and first not in ("a", "an", "one") and not shown[:1].isupper()
    person = 2 <= len(shown.split()) <= 4 and all(
        word[:1].isupper() or word in ("van", "de", "von", "al") for word in shown.split()
    )
    return Mention(start, start + len(name), shown, description, True, plural, head, person)


_OF = re.compile(r" (?:of|in|at|from|for|on|with) ")


def in_heading(text: str, sides: Sides) -> Iterator[Cue]:
    """Attributions of a headline at the start of `text` (one block): "Minister: …", "…, says minister", "…" – X."""
    line = text.rstrip()
    match = _COLON.match(line)
    if match and _plausible(match.group(1), sides, strict=len(line) > 160):
        name = match.group(1).strip("‘’'")
        if line[match.end() :].startswith(name):
            return
        yield Cue(match.start(1), match.end(1), match.end(), len(line), _named(name, 0, match.group(1)), ":")
        return
    n_words = len(line.split())
    if n_words > 24 or re.search(r"[.!?…]\s+\S", line.rstrip(".")) or line.endswith("."):
        return
    match = _SAYS_END.search(line)
    if match:
        name = match.group(2) or match.group(3)
        if _plausible(name, sides):
            place = match.start(2) if match.group(2) else match.start(3)
            verb = match.start(1) if match.group(1) else match.start(4)
            named = _named(name, place, name)
            yield Cue(verb, verb + 4, 0, match.start(), named, (match.group(1) or match.group(4)))
            return
    match = _DASH_END.search(line)
    if match and _plausible(match.group(1), sides) and len(match.group(1).split()) <= 5:
        yield Cue(
            match.start(1), match.end(1), 0, match.start(), _named(match.group(1), match.start(1), match.group(1)), "–"
        )
        return
    match = _HEAD_VERB.match(line)
    if match and match.group(2) in VERBS and _plausible(match.group(1), sides):
        named = _named(match.group(1), 0, match.group(1))
        yield Cue(match.start(2), match.end(2), match.end(), len(line), named, match.group(2))


def _plausible(name: str, sides: Sides, *, strict: bool = False) -> bool:
    """Whether `name` can be a speaker: a side, a role, or a person's capitalised name."""
    words = [word.strip("’'‘,.").removesuffix("’s").removesuffix("'s") for word in name.split()]
    lowered = {word.lower() for word in words}
    if not words or len(words) > 8 or lowered & _NO_SPEAKER:
        return False
    if lowered & _PREDICATES:
        return False
    if strict or len(words) > 3:  # the noun itself, not what is said of it, must be able to speak
        head = _OF.split(name)[0].strip(" ’'")
        if not (sides.is_side(head) or head.split()[-1].lower() in _ROLES) and len(head.split()) != len(words):
            return False
    if sides.is_side(name) or lowered & _ROLES:
        return not any(word in VERBS and word not in ("report", "reports", "find") for word in lowered)
    if strict and len(words) < 2:
        return False
    return len(words) <= 3 and all(word[:1].isupper() or word in TITLES for word in words)
