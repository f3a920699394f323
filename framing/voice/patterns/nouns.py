"""Cues by a noun of speech: "data from the ministry show", "warnings by doctors that", "… is how the nurse sees it"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from framing.voice.parsed.speech import Cue
from framing.voice.patterns.phrases import make_mention
from framing.voice.sides import Sides
from framing.voice.words import NOBODY, PERSONS, VERBS, word_set

__all__ = ["NP", "START", "WORD", "Attribution", "find_by_patterns", "find_noun_cues", "is_speaker"]


class Attribution(NamedTuple):
    """A pattern of attribution.

    Attributes
    ----------
    held : str
        What a sentence must hold for the pattern to be searched; empty where that does not make it faster.
    kind : str
        What is said: the sentence (`all`), what follows the match (`rest`), or the quotation before it (`quote`).
    pattern : re.Pattern
        The speaker's noun phrase is its first group.
    """

    held: str
    kind: str
    pattern: re.Pattern[str]


WORD = r"[^\s,.;:?!“”\"()–—]+"
"""A word, in a pattern."""

NP = rf"({WORD}(?: {WORD}){{0,7}}?)"
"""A noun phrase of eight words at most, in a group."""

_LONG = rf"({WORD}(?: {WORD}){{0,10}})"
_SHOW = (
    r"(?:shows?|showed|suggests?|suggested|indicates?|indicated|reveals?|revealed|finds?|found|estimates?|estimated|"
    r"concludes?|concluded|confirms?|confirmed|puts?|says?|said|warns?|warned|predicts?|predicted|claims?|claimed)"
)
_FIGURES = r"(?i:data|figures|statistics|records|numbers|estimates|documents|surveys?|polls?|polling|forecasts?)"
_PAPER = (
    r"(?i:statement|communiqu[eé]|letter|notice|message|memo|memorandum|post|tweet|note|email|e-mail|press release|"
    r"bulletin|declaration|leaflet|report|study|survey|poll|dispatch|cable|briefing|analysis|review|assessment|audit|"
    r"inquiry|investigation|paper)"
)
_CLAIM = (
    r"(?i:claims?|warnings?|allegations?|accusations?|assertions?|assurances?|suggestions?|complaints?|reports?|fears?|"
    r"hopes?|denials?|insistence|promises?|pledges?|predictions?|admissions?|statements?|announcements?|concerns?|"
    r"beliefs?|convictions?|contention|arguments?|view|opinion|estimates?|threats?|vows?|doubts?|conclusions?|"
    r"revelations?|disclosures?|remarks?|comments?|acknowledge?ment|confirmation|declaration|demands?|worry|worries|"
    r"suspicions?|expectations?|forecasts?|hints?|charges?|advice|testimony|guess|boast)"
)
_VERDICT = (
    r"(?:summary|verdict|answer|reply|response|message|reaction|judge?ment|advice|motto|view|description|explanation|"
    r"warning|line|version|comment|assessment|conclusion|defence|defense|words|phrase|account|characteri[sz]ation|take)"
)
_SIDES_WITH = (
    r"(?:critics|opponents|supporters|sceptics|skeptics|defenders|detractors|advocates|proponents|believers|loyalists|"
    r"hardliners|moderates|optimists|pessimists|hawks|doves|campaigners|activists|nationalists|allies|adversaries)"
)
_OF = (
    r"(?:by|from|of|compiled by|released by|published by|commissioned by|issued by|collected by|carried out by|"
    r"conducted by|gathered by|obtained by|put out by|posted by|signed by|prepared for)"
)
_WHEN = r"(?: (?:on|in|this|last|late|early) [A-Z]?[a-z]+(?: [a-z]+)?)?"
START = r"(?:^|[,;] |\band |\bbut |\bwhile )"
"""Where a clause begins."""

_BE = r"(?:is|are|was|were|remains?|remained|has been|have been|had been)"
_MARK = r"[”\"’'],? "
_PATTERNS = tuple(
    Attribution("", kind, re.compile(pattern))
    for kind, pattern in (
        ("all", rf"(?:^|[,;–—] |\band |\bbut )[Pp]er ((?:the |a )?{WORD}(?: {WORD}){{0,7}})"),
        ("all", rf"^(?:But |And |Yet )?(?:[Ff]or|[Tt]o|[Aa]mong) (?:(?:its|his|her|their) )?"
                rf"((?:(?:the|many|some|most) )?(?:[a-z-]+ )?{_SIDES_WITH}(?: of {WORD}(?: {WORD}){{0,5}}?)?)"
                r"(?:,| (?=(?:the|this|that|it|an?|its|there) ))"),
        ("all", rf"(?:^|[,;–—] |\band |\bthat |\bwhile )(?:[Tt]he |[Nn]ew |[Ll]atest |[Rr]ecent |[Oo]fficial )*"
                rf"{NP}(?:[’']s|(?<=s)[’'])? (?:own |latest |new |official |internal |recent )?{_FIGURES} {_SHOW}\b"),
        ("all", rf"\b(?:{_FIGURES}|{_PAPER}) {_OF} {NP}{_WHEN} "
                rf"(?:has |have |had |also )*{_SHOW}\b"),
        ("rest", rf"\b{_CLAIM} (?:by|from|(?<!\bcharge )of|among|at|in) {NP} that\b"),
        ("rest", rf"(?:^|[\s,;–—]){NP}(?:[’']s|(?<=s)[’']) (?:[a-z-]+ )?{_CLAIM} that\b"),
        ("rest", rf"\b(?:[Hh]is|[Hh]er|[Tt]heir) (?:[a-z-]+ )?{_CLAIM} that\b"),
        ("all", rf"\b[Ii]f {NP} (?:is|are|was|were) to be believed\b"),
        ("all", rf"\b[Ii]f (?:you|one|we) (?:believes?|listens? to|asks?|trusts?) {_LONG}"),
        ("all", rf"\b[Aa]s far as {NP} (?:is|are|was|were) concerned\b"),
        ("all", rf"\b[Tt]o (?:hear|read|listen to|believe) {NP}(?: tell it)?,"),
        ("rest", rf"^[Aa]sk {NP} and (?:he|she|they|you|most|many)(?: [a-z’']+)? (?:say|says|tell|hear|explain)\b"),
        ("all", r"^(?:But |And |Yet )?For ((?:[A-Z][\w’'-]+ ){1,3}[A-Z][\w’'-]+), "
                r"(?:an? |the |who |[A-Z])[^,]{3,90}, "),
        ("all", r"^(?:But |And |Yet )?(?:For|To) ((?:the |many |some |most |a )?[A-Za-z][\w’'-]+(?: [\w’'-]+){0,4}), "
                r"(?:(?:this|that|it) (?:is|was|are|were|means|meant|remains?)|"
                r"(?:this|that|it|the [a-z-]+(?: [a-z-]+){0,3})"
                r" (?:looks?|looked|seems?|seemed|feels?|felt|sounds?|smacks|smacked|amounts?|amounted))\b"),
        ("rest", rf"{START}{NP} {_BE} "
                 r"(?:[a-z]+ly )?(?:adamant|blunt|scathing|dismissive|categorical|unequivocal|unapologetic|bullish|"
                 r"upbeat|sanguine|unconvinced|sceptical|skeptical|emphatic|unsparing|withering|insistent|convinced|"
                 r"certain|confident|clear|firm|candid|frank|critical) (?:about|of|that|on|in)\b"),
        ("rest", rf"{START}{NP} {_BE} (?:[a-z]+ly )?(?:more |less )?"
                 r"(?:clear|clearer|blunt|blunter|adamant|categorical|unequivocal|firm|in no doubt|emphatic|frank|"
                 r"candid|direct|unsparing|brief|succinct|plain|plainer|optimistic|gloomy|gloomier|defiant):(?= )"),
        ("rest", rf"{START}{NP}(?:[’']s|(?<=s)[’']) (?:[a-z]+ )?{_VERDICT}"
                 r"(?: (?:to|for|on) [^:,.]{2,40})?:(?= )"),
        ("rest", rf"{START}{NP} (?:took|takes|has taken|have taken|went|turned) to "
                 r"(?:the )?[\w ]{1,25} to (?:say|announce|declare|deny|warn|insist|denounce|complain|accuse|argue|"
                 r"explain|condemn|criticise|criticize|claim|call|demand|mock|thank|defend|suggest)\b"),
        ("rest", rf"{START}{NP} (?:(?:has|have|had) (?:also |since )?been|is|are|was|were|felt) "
                 r"(?:forced|obliged|compelled|quick|keen|careful|at pains|eager|happy|moved|bound|the first) to "
                 r"(?:say|admit|concede|deny|stress|point out|insist|add|acknowledge|warn|explain|note|clarify)\b"),
        ("rest", rf"{START}{NP} (?:would have it|will tell you|would tell you|like "
                 r"to say|likes to say|beg to differ|begs to differ)\b"),
        ("rest", rf"{START}{NP} would have (?:us|you|the world|voters|everyone|people) believe\b"),
        ("rest", rf"{START}{NP} {_BE} (?:[a-z]+ly )?"
                 r"(?:of the (?:view|opinion)|under no illusions?|in no doubt|at pains to (?:stress|point out|say)|"
                 r"quick to (?:point out|add|stress|blame))\b"),
        ("all", rf"\b(?:[Tt]hat|[Tt]his|[Ss]uch)(?:, at least,)? (?:is|was|at least is) the {_VERDICT} "
                rf"(?:of|from|at|in) {_LONG}"),
        ("all", rf"\bor so {NP} (?:says?|said|hopes?|claims?|claimed|thinks?|believes?|would|insists?)\b"),
        ("all", rf", (?:citing|quoting) {_LONG}"),
        ("quote", rf"{_MARK}(?:is|was|were|are) (?:how|what|all) (?:that )?{NP} "
                  r"(?:would |could |can |will |has |had |have |once |now |later )*"
                  r"(?:say|says|said|describe|describes|described|put|puts|call|calls|called|sum|sums|summed|tell|tells|"
                  r"told|see|sees|saw|explain|explains|explained|offer|offered|write|wrote|remember|remembers|recalls?|"
                  r"recalled|add|added|reply|replied|get|got|characterise[sd]?|characterize[sd]?)\b"),
        ("quote", rf"{_MARK}(?:is|was|were|are|came|comes|ran|runs) {NP}(?:[’']s|(?<=s)[’']) "
                  rf"(?:own |only |first |final |terse |blunt |dry )?{_VERDICT}\b"),
        ("quote", rf"{_MARK}(?:is|was|came|ran|comes) the (?:[a-z]+ )?{_VERDICT} (?:of|from|by|at|given by) {_LONG}"),
        ("quote", rf"{_MARK}(?:is|was) the (?:word|term|phrase|expression)s? (?:that )?(?:chosen|used|favou?red) by "
                  rf"{_LONG}"),
        ("quote", rf"{_MARK}(?:read|reads|ran|runs|said|says|declared|stated|began|concluded|warned) "
                  rf"(?:an?|the|one|its|their|another) (?:[a-z-]+ )?{_PAPER} {_OF} {_LONG}"),
    )
)  # fmt: skip
_CUT = re.compile(
    r"\s(?:who|whose|which|that|where|when|while|as|after|before|published|released|issued|seen|obtained|posted|sent|"
    r"late|early|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|in (?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December|\d{4}))\b.*$"
)
_LEADING = re.compile(
    r"^(?:When|As|Since|After|While|But|And|If|Once|Then|Yet|Because|Although|Though|Before|That|Despite|Dismissing|"
    r"Rejecting|Of|In|To|For|With|Amid|amid|despite|dismissed|rejected|denied|and|or|of|in|to|for|with|on|about|by|"
    r"dismissing|rejecting|denying|following|repeated|repeating|through|over|after|is|was|has|had) "
)
_MEASURES = word_set("measures")
_POSSESSIVES = ("its", "his", "her", "their")
_NO_FIRST_WORD = word_set("not_first")

_NO_SPEAKER_WITHIN = word_set("not_within")


def find_noun_cues(text: str, sentences: Sequence[tuple[int, int]], sides: Sides) -> Iterator[Cue]:
    """Attributions by a noun that means something said, written or measured.

    Parameters
    ----------
    text : str
        A block of text: "There were warnings by doctors that insulin is short."
    sentences : sequence of tuple of int
        Start and end of each of its sentences.
    sides : Sides
        Names of states and organisations.

    Yields
    ------
    Cue
        "warnings by doctors that", of "doctors", with "insulin is short." for what is said.
    """
    yield from find_by_patterns(text, sentences, sides, _PATTERNS)


def find_by_patterns(
    text: str, sentences: Sequence[tuple[int, int]], sides: Sides, patterns: Sequence[Attribution]
) -> Iterator[Cue]:
    """Attributions that patterns find, each within a sentence.

    Parameters
    ----------
    text : str
        A block of text.
    sentences : sequence of tuple of int
        Start and end of each of its sentences.
    sides : Sides
        Names of states and organisations.
    patterns : sequence of Attribution
        The speaker's noun phrase is the first group of each.

    Yields
    ------
    Cue
        Sentence by sentence, in the order of the patterns; none where the noun phrase is nobody.
    """
    for low, high in sentences:
        sentence = text[low:high]
        for held, kind, pattern in patterns:
            if held in sentence:
                cues = (_make_cue(text, (low, high), kind, match, sides) for match in pattern.finditer(sentence))
                yield from filter(None, cues)


def _make_cue(text: str, sentence: tuple[int, int], kind: str, match: re.Match[str], sides: Sides) -> Cue | None:
    """The cue of a match within a sentence; None where its noun phrase is nobody."""
    low, high = sentence
    if not match.re.groups:  # his claim that
        name, start = match.group().split(" ")[0], low + match.start()
    else:
        name, start = match.group(1), low + match.start(1)
        while lead := _LEADING.match(name):
            name, start = name[lead.end() :], start + lead.end()
        name = _CUT.sub("", name).rstrip(" ’'")
        if not is_speaker(name):
            return None
    speaker = make_mention(name, start, text[start : min(high, start + len(name) + 70)], sides)
    if kind == "quote":  # the cue stands beside the quotation, at the verb
        verb = low + match.start() + match.group().find(" ") + 1
        return Cue(verb, verb + 2, -1, -1, speaker, "is")
    end = low + match.end()
    return Cue(low + match.start(), max(end, start + len(name)), low if kind == "all" else end, high, speaker, "source")


def is_speaker(name: str) -> bool:
    """Whether a noun phrase has a capital or a role in it and is no measure.

    Parameters
    ----------
    name : str
        A noun phrase.

    Returns
    -------
    bool
        True for "the ministry", False for "the figures".

    Examples
    --------
    >>> is_speaker("the ministry"), is_speaker("the figures")
    (True, False)
    """
    words = [word.strip("’'").removesuffix("’s").removesuffix("'s") for word in name.split()]
    if len(words) > 1 and words[0].lower() in _POSSESSIVES and words[-1].lower() in PERSONS:
        return True  # its spokesmen
    if not words or words[0].lower() in _MEASURES | NOBODY or words[0].lower() in _NO_FIRST_WORD - {"a", "one"}:
        return False
    lowered = {word.lower() for word in words}
    if lowered & _NO_SPEAKER_WITHIN or (len(words) > 1 and words[-1] in VERBS and words[-1] not in PERSONS):
        return False
    return (
        name in ("he", "she", "they", "him", "her")
        or bool(lowered & PERSONS)
        or any(word[:1].isupper() for word in words)
    )
