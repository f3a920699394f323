"""Cues that need no parser: "according to X", "in X's view", and reporting verbs set off by marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from framing.corpus.sentences import STATE_ABBREVIATIONS, TITLE_ABBREVIATIONS
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

__all__ = [
    "OF",
    "find_opening_cues",
    "find_parenthetical_cues",
    "find_phrase_cues",
    "make_mention",
    "opens_with_verb",
]

# a noun phrase has no end of its own: up to so many characters, to the end of a word
_NP = r"((?:[^,.;:?!“”\"()\n–—]|\.(?=[A-Z])|(?<=\.[A-Z])\.){1,160}(?![\w’'-]))"
_POSSESSED = (
    r"(?:own\s+)?(?:perspective|point of view|viewpoint|view|views|opinion|telling|eyes|words|account|reading|version|"
    r"assessment|estimation|estimate|standpoint|vantage point|judgment|judgement|reckoning|calculation|mind|thinking|"
    r"count|tally|admission|logic|definition|figures|estimates|calculations|description|book|narrative|argument)\b"
    r"(?!\s(?:room|list|test|glasses))"
)
_POINT_OF_VIEW = (
    r"(?:own )?(?:view|opinion|telling|words|account|reading|eyes|estimate|estimation|mind|judgement|judgment|"
    r"reckoning|count|tally|admission|calculation|version|perspective|assessment)"
)
# from the start of a word on: within a long one the search would begin anew at every letter
_WORDS_BEFORE = r"((?<![^\s,.;:?!“”\"])(?:[^\s,.;:?!“”\"]+ ){0,5}?[^\s,.;:?!“”\"]+)"
_SEEING = r"(?:sees?|saw|puts?|put|tells?|told|describes?|described|explains?|explained|phrased|framed)"
_STANCE = (
    r"(?:position|view|argument|answer|line|verdict|claim|message|warning|demand|conclusion|reply|case|fear|hope|advice|"
    r"explanation|objection|complaint|contention|worry|guess|point|thesis|prediction|stance|theory|rationale|retort|"
    r"thinking|feeling|consensus|official line|assessment|estimate|forecast|preference|request|suspicion|pitch)"
)
_COPULA = (  # and what it is
    r"(?:is|was|has been|remains|had been|has always been) (?:now |also |simply |always |still |[a-z]+ly )?"
    r"(?=that\b|to\b|clear|simple|plain|the\b|blunt|no\b|not\b|an?\b|one\b|:|[“\"‘]|less|more|never|unchanged|different)"
)
_MADE_CLEAR = (
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
        rf"\b(?:[Ff]rom|[Ii]n|[Bb]y) (his|her|their) {_POINT_OF_VIEW}\b",
        rf"\b(?:[Ii]n|[Oo]n|[Bb]y|[Tt]o) the (?:view|views|opinion|words|eyes|telling|judgement|judgment|"
        rf"assessment|reading|reckoning|account|estimate|estimates|estimation|calculations?|mind|count|version|"
        rf"logic|phrase) of {_NP}",
        rf"\b[Ff]rom the (?:perspective|point of view|standpoint|viewpoint|vantage point) of {_NP}",
        rf"\b[Aa]s {_NP} {_SEEING} (?:it|things|the matter)\b",
        rf"\b[Aa]s {_NP} (?:told|reminded|informed|assured|warned) (?:the |its |his |her |their )?[a-z]+\b",
        rf"\b(?:[Ss]een|[Vv]iewed) (?:from|by) {_NP}",
        rf"{_WORDS_BEFORE}(?:[’']s|(?<=s)[’']) (?:own |main |first |last |official |[a-z]+ )?{_STANCE} {_COPULA}",
        rf"\b([Hh]is|[Hh]er|[Tt]heir) (?:own |main |first |last |official |[a-z]+ )?{_STANCE} {_COPULA}",
        rf"\b[Tt]he (?:[a-z]+ )?{_STANCE} (?:in|at|among|from|of) {_NP_SHORT} (?:is|was|runs|ran)\b",
        rf"{_NP_SHORT} (?:has |have |had |also |then )*{_MADE_CLEAR}",
    )
)
_FOR_SIDE = re.compile(r"^(?:But |And |Yet )?For ((?:the )?[A-Z][\w’'.-]*(?: [A-Z][\w’'-]*){0,3}), (?!which|who)")
_CUT = re.compile(
    r"\s(?:who|whose|whom|which|that|where|when|while|has|have|had|is|are|was|were|will|would|but|as|said|published|"
    r"released|cited|quoted|seen|obtained|posted|this|last|in a statement|"
    r"and (?:the|a|an|it|he|she|they|has|had|was|is)|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r"(?:in|on|at|during|after|through|via|by) (?:(?:an?|the|his|her|its|their) )?(?:[\w-]+ ){0,2}"
    r"(?:interviews?|statement|speech|letter|post|message|tweet|briefing|conference|address|broadcast|e-?mail|phone|"
    r"telephone|Telegram|Twitter|Facebook|rally))\b.*$"
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
_TAKES_HEARER = word_set("told")
_DETERMINER = (
    r"(?:[A-ZÀ-Ž]|(?:an?|the|one|another|his|her|its|my|their|our|two|three|four|five|several|some|many|most|officials|"
    r"analysts|experts|diplomats|residents|witnesses|locals|sources|critics|observers|economists|people|those)\b)"
)
_ABBREVIATED = rf"(?:(?:{'|'.join(TITLE_ABBREVIATIONS)})\. )?"
_INVERTED = re.compile(
    r"([,!?…—][\"”’']?|[\"”’]) ([a-z]+) "
    rf"({_ABBREVIATED}{_DETERMINER}[^,.;:?!“”\"\n–—]{{0,90}}(?:\.[A-Z]\.?[^,.;:“”\"\n]*)?)"
)
# age, home, office or name between a speaker and the verb: "Lopez, 54, of St. Mary’s, said", "Lopez (54) said"
_INSERT = r"(?:[^,.;:?!“”\"\n–—]|\.(?=[,\w])|(?<=\b[A-Z][a-z])\.|(?<=\bSt)\.){1,90}"
_PARENTHESIS = re.compile(
    rf"(?:[,—–][\"”’']?|[\"”’]|[!?…]') (?P<name>(?:he|she|they|it)|{_ABBREVIATED}{_DETERMINER}[^,.;:?!“”\"()\n–—]{{0,50}}?)"
    rf"(?: \([^()\n“”\"]{{1,60}}\))?"
    rf"(?P<insert>(?:, {_INSERT}){{1,4}},| [–—] {_INSERT}(?:, {_INSERT})? [–—]| who [^,.;:?!“”\"\n]{{4,50}})? "
    r"(?:also |later |then )?(?P<verb>[a-z]+)(?: (?:us|me|reporters|journalists)|(?:(?<=\btold)|(?<=\btells)) [\w’' ]{2,40}?)?"
    r"(?P<setting> (?:on|in|at|late|early|last|this|to|after|during) [^,.;:“”\"]{2,36})?(?=[,.;:!?]|$| [—–])"
)
_OPENING = re.compile(
    rf"[“\"‘']?(?P<verb>[A-Z][a-z]+) (?P<name>{_ABBREVIATED}{_DETERMINER}[^,.;:?!“”\"()\n–—]{{0,60}}?)"
    rf"(?: \([^()\n“”\"]{{1,60}}\))?(?P<insert>(?:, {_INSERT}){{1,4}}?)?(?::|,(?= ?[“\"‘']))"
)
_DOTTED = re.compile(rf"\b(?:{'|'.join(map(re.escape, STATE_ABBREVIATIONS))})(?= [a-z])")
_AS = re.compile(
    rf"\b[Aa]s (?P<name>(?:he|she|they)|{_DETERMINER}[^,.;:?!“”\"\n–—]{{0,60}}?) (?P<verb>[a-z]+)(?=[,.;:]| it\b|$)"
)
_PERSONAL = re.compile(
    rf"(?:,| [–—]) ({_ABBREVIATED}[A-ZÀ-Ž][\w’'.-]*(?: (?:[A-ZÀ-Ž][\w’'.-]*|van|de|von|der|al)){{1,3}})(?=[,.:–—]| [–—])"
)
_FINITE = re.compile(
    r"\b(?:had|was|were|is|are|would|will|has|have|did|does|could|should|must|can|may|might|be|been|not|that|what|how)\b"
)
_NAME_END = re.compile(r"\s*[,.;]|\s+(?:who|whose)\b|$")
_NO_FIRST_WORD = frozenset(
    {"this", "these", "which", "it", "its", "that", "plan", "law", "my", "our", "your", "schedule"}
)
_PARTICLES = frozenset({"van", "de", "von", "der", "al"})
# before a state or field: "Minister of Foreign Affairs Ada Lund", "chief of the General Staff"
_BEFORE_OFFICE = ("of", "to", "for", "at", "in", "the", "its", "a", "an")
_LONGEST_NAME = 14  # words of a speaker
_CLAUSE_STARTS = frozenset(["the", "a", "an", "there", "it", "he", "she", "they", "this", "these", "no"])
_JOINING = word_set("joining") | {"the", "a", "an", "and", "or", "by", "their", "its", "his", "her"}
_PORTFOLIOS = word_set("portfolios")
OF = re.compile(r" (?:of|in|at|from|for|on|with) ")


def find_parenthetical_cues(text: str, sentences: Sequence[tuple[int, int]], sides: Sides) -> Iterator[Cue]:
    """Reporting verbs set off by marks, many of which the parser misses.

    Parameters
    ----------
    text : str
        A block of text: "Fuel, she warned, is scarce."
    sentences : sequence of tuple of int
        Start and end of each of its sentences.
    sides : Sides
        Names of states and organisations.

    Yields
    ------
    Cue
        "warned", of "she", with the whole sentence for what is said.
    """
    for low, high in sentences:
        dotless = _DOTTED.sub(lambda match: match.group().replace(".", "_"), text[low:high])
        yield from _find_inverted(text, low, high, dotless, sides)
        yield from _find_parentheses(text, low, high, dotless, sides)


def find_opening_cues(text: str, sentences: Sequence[tuple[int, int]], sides: Sides) -> Iterator[Cue]:
    """Reporting verbs that open a sentence, before their subject; the parser takes them for a part of its name.

    Parameters
    ----------
    text : str
        A block of text: "Said the broker: “Sell.”"
    sentences : sequence of tuple of int
        Start and end of each of its sentences.
    sides : Sides
        Names of states and organisations.

    Yields
    ------
    Cue
        "Said", of "the broker"; what is said is the rest of the sentence, or a quotation.
    """
    for low, high in sentences:
        match = _OPENING.match(text, low, high)
        if match is None or match.group("verb").lower() not in _SPEECH:
            continue
        start, end = match.span("name")
        end = start + len(_CUT.sub("", text[start:end]))
        if _FINITE.search(text[start:end]):
            continue
        described = text[start : match.end("insert") if match.group("insert") else end]
        name, start = _find_person(text, start, end)
        is_quoted = text[match.end() : match.end() + 2].lstrip()[:1] in ("“", '"', "‘", "'")
        content = (-1, -1) if is_quoted else (match.end(), high)
        speaker = make_mention(name, start, described, sides)
        yield Cue(*match.span("verb"), *content, speaker, match.group("verb"))


def _find_inverted(text: str, low: int, high: int, dotless: str, sides: Sides) -> Iterator[Cue]:
    """Reporting verbs before their subject: "“Go,” said a broker"."""
    for match in _INVERTED.finditer(dotless):
        verb = match.group(2)
        quoted = match.group(1)[-1] in "\"”’'"
        start = low + match.start(3)
        name = _CUT.sub("", text[start : low + match.end(3)]).rstrip()
        if verb not in _SPEECH or (verb in _TAKES_HEARER and not (quoted and verb in ("asked", "asks"))) or not name:
            continue
        if not quoted and (verb not in ("said", "says", "say") or not _NAME_END.match(text, start + len(name), high)):
            continue
        if _FINITE.search(name) or (not quoted and len(name.split()) > 9):
            continue
        content = (-1, -1) if quoted else (low, high)
        described = text[start : min(high, start + len(name) + 110)]
        name, start = _find_person(text, start, start + len(name))
        speaker = make_mention(name, start, described, sides)
        yield Cue(low + match.start(2), low + match.end(2), *content, speaker, verb)


def _find_parentheses(text: str, low: int, high: int, dotless: str, sides: Sides) -> Iterator[Cue]:
    """Reporting verbs behind their subject, between marks or behind "as": ", she warned,", "as he said"."""
    opens_quoted = text[low:high].lstrip()[:1] in "“\"‘'"
    for match in [*_PARENTHESIS.finditer(dotless), *_AS.finditer(dotless)]:
        parts = match.groupdict()
        start, end, verb = low + match.start("name"), low + match.end("name"), parts["verb"]
        name = described = text[start:end]
        if verb not in _SPEECH or _FINITE.search(name) or name.lower() in NOBODY - {"it"}:
            continue
        if name.split()[-1].lower() in ("and", "or", "of", "in", "the", "to") or len(name.split()) > 7:
            continue
        if not _SPEECH.isdisjoint((parts.get("setting") or "").split()):  # a person briefed on the talks said
            continue
        if parts.get("insert"):
            described = text[start : low + match.end("insert")].rstrip(" ,–—")
            name, start = _find_person(text, start, end)
        follows_quotation = opens_quoted and match.group()[:2].strip()[-1:] in "\"”’'"
        content = (-1, -1) if follows_quotation and verb in _TAKES_HEARER else (low, high)
        speaker = make_mention(name, start, described, sides)
        yield Cue(low + match.start("verb"), low + match.end("verb"), *content, speaker, verb)


def _find_person(text: str, start: int, end: int) -> tuple[str, int]:
    """The name in apposition to a role, and where it stands: "Maria Stone" in "the envoy, Maria Stone, said"."""
    name = text[start:end]
    is_role = not name[:1].isupper() or not {word.lower() for word in name.split()}.isdisjoint(PERSONS)
    person = _PERSONAL.match(text, end) if is_role else None
    return (person.group(1), person.start(1)) if person else (name, start)


def opens_with_verb(text: str) -> bool:
    """Whether a text opens with a reporting verb before its subject.

    Parameters
    ----------
    text : str
        A block of text.

    Returns
    -------
    bool
        True for "Said Lopez: “Go.”"

    Examples
    --------
    >>> opens_with_verb("Said Lopez: “Go.”"), opens_with_verb("Ana Lopez: “Go.”")
    (True, False)
    """
    match = _OPENING.match(text)
    return match is not None and match.group("verb").lower() in _SPEECH


def find_phrase_cues(text: str, sentences: Sequence[tuple[int, int]], sides: Sides) -> Iterator[Cue]:
    """Phrases that attribute the sentence they stand in.

    Parameters
    ----------
    text : str
        A block of text: "In Moscow's view, a truce is a gift."
    sentences : sequence of tuple of int
        Start and end of each of its sentences.
    sides : Sides
        Names of states and organisations.

    Yields
    ------
    Cue
        "In Moscow's view", of "Moscow", with the whole sentence for what is said.
    """
    for low, high in sentences:
        sentence = text[low:high]
        spans = [(match.span(), match.span(1)) for pattern in _PATTERNS for match in pattern.finditer(sentence)]
        side = _FOR_SIDE.match(sentence)
        if side and sides.is_side(side.group(1)):
            spans.append(((0, side.end(1)), side.span(1)))
        for (start, end), (name_start, name_end) in spans:
            cue = _make_phrase_cue(
                text, (low, high), (low + start, low + end), (low + name_start, low + name_end), sides
            )
            if cue is not None:
                yield cue


def _make_phrase_cue(
    text: str, sentence: tuple[int, int], phrase: tuple[int, int], speaker: tuple[int, int], sides: Sides
) -> Cue | None:
    """Cue of a phrase, given the spans of sentence, phrase and speaker; nothing where that is nobody."""
    name_start, (start, end) = speaker[0], phrase
    name = text[slice(*speaker)]
    source = _SOURCE.match(name)
    if source and not re.match(r"(?:this|our)\b", name[source.end() :]):
        name_start += source.end()
        name = name[source.end() :]
    lead = _LEADING.match(name)
    if lead:
        name_start += lead.end()
        name = name[lead.end() :]
    cut = _CUT.search(name)
    describes = cut is not None and cut.group().split()[0] in ("who", "whose", "whom")  # asked not to be named
    name = _end_name(name[: cut.start()] if cut else name).strip(" ’'")
    first = name.split(" ")[0].lower() if name else ""
    is_somebodys = first == "its" and bool(set(name.lower().split()) & PERSONS)
    if not name or (first in _NO_FIRST_WORD and not is_somebodys):
        return None
    if set(OF.split(name)[0].lower().split()) & _NO_SOURCE:
        return None
    if text[start:end].lower().startswith("according") and not describes:
        end = min(end, name_start + len(name))
    described = text[name_start : min(sentence[1], name_start + len(name) + 70)]
    mention = make_mention(name, name_start, described, sides)
    return Cue(start, end, *sentence, mention, text[start : start + 12].split(" ")[0])


def _end_name(name: str) -> str:
    """A name up to the clause behind it that no comma sets off, and of so many words at most: "Lopez the dam leaks"."""
    words = name.split(" ")
    stop = min(len(words), _LONGEST_NAME)
    for place in range(1, stop):
        before = words[place - 1]
        if words[place] in _CLAUSE_STARTS and (before[:1].isupper() or before.lower() in PERSONS):
            stop = place
            break
    while stop > 1 and stop < len(words) and words[stop - 1].lower() in _JOINING:
        stop -= 1
    return name if stop == len(words) else " ".join(words[:stop])


def make_mention(name: str, start: int, description: str, sides: Sides) -> Mention:
    """The mention of a speaker whom a pattern names.

    Parameters
    ----------
    name : str
        The noun phrase: "President of Ukraine Oleh Hrytsenko".
    start : int
        Where it stands.
    description : str
        The noun phrase with what follows it.
    sides : Sides
        Names of states and organisations.

    Returns
    -------
    Mention
        A personal name behind an official's or expert's role stands alone, as "Oleh Hrytsenko"; the description keeps
        the role.
    """
    words = name.split()
    first_capital = len(words)
    while first_capital and (words[first_capital - 1][:1].isupper() or words[first_capital - 1] in _PARTICLES):
        first_capital -= 1
    role = {word.lower().strip("’'s") for word in words[:first_capital]}
    shown = name
    if first_capital and len(words) - first_capital >= 2 and role & (OFFICIALS | EXPERTS):
        shown = " ".join(words[first_capital:])
        if words[first_capital - 1].lower() in _BEFORE_OFFICE:
            shown = _read_holder(shown, sides) or name
    first = words[0].lower() if words else ""
    head = next((word.lower().strip("’'s") for word in reversed(OF.split(name)[0].split())), "")
    plural = name.lower().endswith("s") and first not in ("a", "an", "one") and not shown[:1].isupper()
    parts = shown.split()
    person = 2 <= len(parts) <= 4 and all(word[:1].isupper() or word in _PARTICLES - {"der"} for word in parts)
    return Mention(start, start + len(name), shown, description, True, plural, head, person)


def _read_holder(name: str, sides: Sides) -> str:
    """The personal name behind the state or field of an office: "Oleh Hrytsenko" in "Ukraine Oleh Hrytsenko".

    Empty where nobody is named: "Foreign Affairs", "Ukrainian Red Cross".
    """
    side = next((end for start, end, side in sides.find_names(name) if start == 0 and name[:end] == side), 0)
    rest = name[side:].split()
    place = 0
    while place < len(rest) and rest[place].lower() in _PORTFOLIOS:
        place += 1
    holder = rest[place:]
    is_name = (side or place) and 2 <= len(holder) <= 4
    return " ".join(holder) if is_name and {word.lower() for word in holder}.isdisjoint(OFFICIALS | EXPERTS) else ""
