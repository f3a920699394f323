"""Cues that need no parser: "according to X", "in X's view"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from framing.voice.parsed.noun_phrases import Mention
from framing.voice.parsed.speech import Cue
from framing.voice.sides import Sides
from framing.voice.words import (
    EXPERTS,
    NOBODY,
    OFFICIALS,
    PERSONS,
    word_set,
)

__all__ = ["CUT", "OF", "find_phrase_cues", "make_mention"]

# a noun phrase has no end of its own: up to so many characters, to the end of a word
_NP = r"((?:[^,.;:?!“”\"()\n–—]|\.(?=[A-Z])|(?<=\.[A-Z])\.){1,160}(?![\w’'-]))"
_POSSESSED = (
    r"(?:own\s+)?(?:perspective|point of view|viewpoint|view|views|opinion|telling|eyes|words|account|reading|version|"
    r"assessment|estimation|estimate|standpoint|vantage point|judgment|judgement|reckoning|calculation|mind|thinking|"
    r"count|tally|admission|experience|logic|definition|figures|estimates|calculations|description|book|narrative|argument)\b"
    r"(?!\s(?:room|list|test|glasses))"
)
_POINT_OF_VIEW = (
    r"(?:own )?(?:view|opinion|telling|words|account|reading|eyes|estimate|estimation|mind|judgement|judgment|"
    r"reckoning|count|tally|admission|experience|calculation|version|perspective|assessment)"
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
CUT = re.compile(
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
_NO_FIRST_WORD = frozenset(
    {"this", "these", "which", "it", "its", "that", "plan", "law", "my", "our", "your", "schedule"}
)
_PARTICLES = frozenset({"van", "de", "von", "der", "al"})
# before a state or field: "Minister of Foreign Affairs Ada Lund", "chief of the General Staff"
_BEFORE_OFFICE = ("of", "to", "for", "at", "in", "the", "its", "a", "an")
_LONGEST_NAME = 14  # words of a speaker
_CLAUSE_STARTS = frozenset(["the", "a", "an", "there", "it", "he", "she", "they", "this", "these", "no"])
_JOINING = word_set("joining") | {"the", "a", "an", "and", "or", "by", "their", "its", "his", "her"}
_PLURALS = frozenset(word for word in PERSONS if word.endswith("s")) | {"people", "police"}
_BEHIND_NOUN = re.compile(r"[a-z]+(?:ed|ing)|familiar|close|present|aware|privy")
_PORTFOLIOS = word_set("portfolios")
OF = re.compile(r" (?:of|in|at|from|for|on|with) ")


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
    cut = CUT.search(name)
    describes = cut is not None and cut.group().split()[0] in ("who", "whose", "whom")  # asked not to be named
    name = _end_name(name[: cut.start()] if cut else name).strip(" ’'")
    first = name.split(" ")[0].lower() if name else ""
    is_somebodys = first == "its" and bool(set(name.lower().split()) & PERSONS)
    if not name or name.lower() in NOBODY or (first in _NO_FIRST_WORD and not is_somebodys):
        return None
    if set(OF.split(name)[0].lower().split()) & _NO_SOURCE:
        return None
    if text[start : start + 3].lower() == "on " and text[start:end].endswith("book"):
        return None  # on the visitors’ book
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
    noun = _end_noun(OF.split(name)[0].split())
    head = noun[-1].lower().strip("’'s") if noun else ""
    is_plural = name.lower().endswith("s") or (bool(noun) and noun[-1].lower() in _PLURALS)
    plural = is_plural and first not in ("a", "an", "one") and not shown[:1].isupper()
    parts = shown.split()
    person = 2 <= len(parts) <= 4 and all(word[:1].isupper() or word in _PARTICLES - {"der"} for word in parts)
    return Mention(start, start + len(name), shown, description, True, plural, head, person)


def _end_noun(words: list[str]) -> list[str]:
    """A noun phrase up to the participle behind its noun.

    >>> _end_noun(["two", "people", "briefed"]), _end_noun(["the", "visiting", "envoy"])
    (['two', 'people'], ['the', 'visiting', 'envoy'])
    """
    stop = next(
        (
            place
            for place in range(1, len(words))
            if _BEHIND_NOUN.fullmatch(words[place]) and words[place - 1].lower() in PERSONS
        ),
        len(words),
    )
    return words[:stop]


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
