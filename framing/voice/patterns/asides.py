"""Reporting verbs that need no parser: set off by marks, before their subject, or at the head of the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from framing.corpus.sentences import STATE_ABBREVIATIONS, TITLE_ABBREVIATIONS
from framing.voice.parsed.speech import Cue
from framing.voice.patterns.phrases import CUT, OF, make_mention
from framing.voice.sides import Sides
from framing.voice.words import ATTITUDE, NOBODY, PERSONS, QUOTE_ONLY, SAYING, VERBS, word_set

__all__ = ["find_opening_cues", "find_parenthetical_cues", "opens_with_verb"]

_SPEECH = frozenset(
    form
    for form, lemma in VERBS.items()
    if lemma in (SAYING | ATTITUDE | QUOTE_ONLY) - {"put", "go", "begin", "offer", "read", "call", "describe", "work"}
    and not form.endswith("ing")
)
_FIRST_FORMS = frozenset(form for form in _SPEECH if VERBS[form] == form) - {"forecast", "burst"}
_DOING_AS_WELL = frozenset(("hold", "judge", "rule", "project", "grant", "regard", "answer", "report", "find"))
_ABOUT = re.compile(r" (?:about|over|between|among) ")
_OPEN_ENDS = frozenset(("and", "or", "of", "in", "the", "to", "a", "an", "by", "for", "with", "at"))
_SEVERAL = frozenset(("many", "most", "some", "others", "both", "several", "few", "all", "those"))
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
_ASIDE = (
    rf"(?:[,—–][\"”’']?|[\"”’]|[!?…]') "
    rf"(?P<name>(?:he|she|they|it)|{_ABBREVIATED}{_DETERMINER}[^,.;:?!“”\"()\n–—]{{0,50}}?)"
    rf"(?: \([^()\n“”\"]{{1,60}}\))?"
    rf"(?P<insert>(?:, {_INSERT}){{1,4}},| [–—] {_INSERT}(?:, {_INSERT})? [–—]| who [^,.;:?!“”\"\n]{{4,50}})"
)
_ASIDE_END = (
    r" "
    r"(?:also |later |then )?(?P<verb>[a-z]+)"
    r"(?P<particle>(?:(?<=\bpoint)|(?<=\bpoints)|(?<=\bpointed)) out)?"
    r"(?: (?:us|me|reporters|journalists)|(?:(?<=\btold)|(?<=\btells)) [\w’' ]{2,40}?)?"
    r"(?P<setting> (?:on|in|at|late|early|last|this|to|after|during) [^,.;:“”\"]{2,36})?(?=[,.;:!?]|$| [—–])"
)
_PARENTHESIS = re.compile(rf"{_ASIDE}?{_ASIDE_END}")
# where a noun that is no verb stands at once behind an article: "its chairman, Ada Lund, told a rally"
_INSERTED = re.compile(f"{_ASIDE}{_ASIDE_END}")
_OPENING = re.compile(
    rf"[“\"‘']?(?P<verb>[A-Z][a-z]+) (?P<name>{_ABBREVIATED}{_DETERMINER}[^,.;:?!“”\"()\n–—]{{0,60}}?)"
    rf"(?: \([^()\n“”\"]{{1,60}}\))?(?P<insert>(?:, {_INSERT}){{1,4}}?)?(?::|,(?= ?[“\"‘']))"
)
_DOTTED = re.compile(rf"\b(?:{'|'.join(map(re.escape, STATE_ABBREVIATIONS))})(?= [a-z])")
_AS = re.compile(
    rf"\b[Aa]s (?P<name>(?:he|she|they)|{_DETERMINER}[^,.;:?!“”\"\n–—]{{0,60}}?) (?P<verb>[a-z]+)(?=[,.;:]| it\b|$)"
)
_PERSONAL = re.compile(
    rf"(?:,| [–—]) ({_ABBREVIATED}[A-ZÀ-Ž][\w’'.-]*(?: (?:[A-ZÀ-Ž][\w’'.-]*|van|de|von|der|al)){{1,3}})"
    r"(?=[,.:–—]| [–—])"
)
_FINITE = re.compile(
    r"\b(?:had|was|were|is|are|would|will|has|have|did|does|could|should|must|can|may|might|be|been|not|that|what|how)\b"
)
_NAME_END = re.compile(r"\s*[,.;]|\s+(?:who|whose)\b|$")


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
        end = start + len(CUT.sub("", text[start:end]))
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
        name = CUT.sub("", text[start : low + match.end(3)]).rstrip()
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
    for match in [*_find_asides(dotless), *_AS.finditer(dotless)]:
        parts = match.groupdict()
        start, end, verb = low + match.start("name"), low + match.end("name"), parts["verb"]
        name = described = text[start:end]
        if verb not in _SPEECH or _FINITE.search(name) or name.lower() in NOBODY - {"it"}:
            continue
        if VERBS[verb] in _DOING_AS_WELL and not is_role(name):  # "an understanding held on either side"
            continue
        if name.split()[-1].lower() in _OPEN_ENDS or len(name.split()) > 7 or not _agrees(name, verb):
            continue
        if not _SPEECH.isdisjoint((parts.get("setting") or "").split()):  # a person briefed on the talks said
            continue
        if parts.get("insert"):
            described = text[start : low + match.end("insert")].rstrip(" ,–—")
            name, start = _find_person(text, start, end)
        follows_quotation = opens_quoted and match.group()[:2].strip()[-1:] in "\"”’'"
        content = (-1, -1) if follows_quotation and verb in _TAKES_HEARER else (low, high)
        speaker = make_mention(name, start, described, sides)
        verb_end = low + match.end("particle" if parts.get("particle") else "verb")
        yield Cue(low + match.start("verb"), verb_end, *content, speaker, verb)


def is_role(name: str) -> bool:
    """Whether a subject is a pronoun, somebody by role, or a name.

    Parameters
    ----------
    name : str
        The subject.

    Returns
    -------
    bool
        True for "the envoy", "Ada Lund" and "they".

    Examples
    --------
    >>> is_role("the envoy"), is_role("an understanding about civilians")
    (True, False)
    """
    words = _ABOUT.split(OF.split(name)[0])[0].split()
    return bool(words) and (words[-1][:1].isupper() or words[-1].lower() in PERSONS | {"he", "she", "they", "it"})


def _find_asides(text: str) -> Iterator[re.Match[str]]:
    for match in _PARENTHESIS.finditer(text):
        longer = None if match.group("verb") in _SPEECH else _INSERTED.match(text, match.start())
        yield longer or match


def _agrees(name: str, verb: str) -> bool:
    """Whether a verb may have a subject: the first form has one that is no single thing.

    >>> _agrees("their fuel comes by", "rail"), _agrees("the pilots", "report"), _agrees("he", "reports")
    (False, True, True)
    """
    if verb not in _FIRST_FORMS:
        return True
    words = OF.split(name)[0].lower().split()
    head = words[-1] if words else ""
    if " and a" in name:  # "India and an African state"
        return False
    return head.endswith("s") or head == "they" or head in PERSONS or words[0] in _SEVERAL or " and " in name


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
