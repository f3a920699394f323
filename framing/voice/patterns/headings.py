"""Cues in the manner of headlines: "Minister: …", "…, says minister", "… – Kremlin"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framing.voice.parsed.speech import Cue
from framing.voice.patterns.asides import opens_with_verb
from framing.voice.patterns.phrases import OF, make_mention
from framing.voice.sides import Sides
from framing.voice.words import EXPERTS, MEDIA, OFFICIALS, PEOPLE, RESIDENTS, TITLES, VERBS, word_set

__all__ = ["find_heading_cues"]

_COLON = re.compile(r"^([^:\n“”\"]{2,60}):\s+(?=\S)")
_REPORTING = (
    r"(says?|said|warns?|claims?|insists?|reports?|announces?|admits?|believes?|suggests?|signals?|tells? [A-Z]\w+|"
    r"finds?|shows?|fears?|hopes?|vows?|argues?|alleges?|estimates?|predicts?|adds?|confirms?|declares?|notes?|thinks?|"
    r"concludes?|tweets?|writes?|reveals?|hints?|complains?|stresses|asserts?|told|warned)"
)
_SAYS_END = re.compile(
    rf"[,’'”\"]\s*(?:{_REPORTING}\s+([^,.:;“”\"]{{2,60}}?)|([^,.:;“”\"]{{2,60}}?)\s+{_REPORTING})"
    r"(?:\s+(?:as|after|amid|in|on|at|over|following|ahead of|during|to)\b[^,.]*)?[.!?]?$"
)
_DASH_END = re.compile(r"(?:\s|,)[–—-]\s*(?:says? |said )?([^.,:;“”\"–—()\s][^.,:;“”\"–—()]{1,60}?)$")
_COLON_END = re.compile(r"(?<=\w{2}[\w’'”])(?<!\bupdates)(?<!\bupdate):\s+([^.,:;“”\"–—()]{2,40}?)$")
_ACTS_AND_SAYS = re.compile(
    r"^((?:[A-Z][\w’'.-]*)(?: [\w’'.&-]+){0,3}?) (?:to|in|will|visits?|meets?|arrives?|[a-z]+s) [^,:]{4,80}, "
    r"(says|warns|urges|vows|calls for|accuses|blames|insists) (?=\w+ \w+ \w)"
)
_EXPLAINS = re.compile(r"(?:what|how|why|who|where|when|the (?:week|day|story)|day \d|key|everything|five|ten) ")
_FINDING = re.compile(
    r"^((?:[A-Z][\w’'-]* ){0,3}?(?:[Ss]tudy|[Ss]urvey|[Pp]oll|[Rr]esearch|[Rr]eport|[Ii]nquiry|[Aa]udit|[Dd]ata|"
    r"[Rr]eview|[Pp]robe|[Ww]atchdog)) (finds?|shows?|suggests?|reveals?|says?|warns?|concludes?|links|blames)\b"
)
_SETTING = re.compile(r"^(?:At|In|On|After|As|With|Amid|Despite|Before|From|Under|Following)\b[^,]*, ")
_TRAILER = re.compile(r"\s*(?:\(\d[^()]*\)\s*[|«].*|[|«].*|\(\d[^()]*\)|\((?:VIDEO|PHOTOS?|MAP|UPDATED?)\)|"
                      r"\b(?:VIDEO|PHOTOS?|DOCUMENT)\b)\s*$")  # fmt: skip
_TOPIC = re.compile(r"^[^:\n“”\"]{2,70}:\s+(?=\S)")
_HEAD_VERB = re.compile(
    r"^((?:[A-Z][\w’'.-]*|of|the|and|for|[a-z]+)(?:,? [\w’'.&-]+){0,8}?) "
    r"(says|say|warns|warn|claims|claim|insists|insist|denies|deny|urges|urge|accuses|accuse|blames|blame|condemns|condemn|"
    r"vows|vow|rejects|reject|slams|slam|confirms|confirm|announces|announce|calls|call (?=on|for)|criticizes|"
    r"criticises|criticize|criticise|praises|praise|hails|hail|dismisses|dismiss|predicts|predict|admits|admit|pledges|pledge|"
    r"threatens|threaten|demands|demand|protests|tells|tell|reveals|reveal|believes|believe|reports|expects|expect|"
    r"suggests|refutes|refute|explains|explain|comments|doubts|doubt|hopes|hope|stresses|stress|notes|note|lambasts|"
    r"lambast|blasts|blast|decries|decry|asks|ask|argues|argue|alleges|allege|asserts|assures|assure|boasts|cautions|"
    r"caution|concedes|complains|complain|declares|declare|denounces|denounce|deplores|describes|downplays|estimates|"
    r"fears|fear|forecasts|hints|implies|laments|lauds|likens|maintains|maintain|mocks|plays down|play down|promises|"
    r"promise|rebukes|rebuffs|recalls|reiterates|reiterate|responds|ridicules|rules out|rule out|sees|see|swears|"
    r"thinks|think|touts|underlines|underscores|voices|voice|welcomes|welcome|hits back|hit back|hits out|"
    r"hit out|lashes out|lash out|raises alarm|raise alarm|sounds alarm|sound alarm|appeals|appeal|"
    r"wants|want|labels|brands|applauds|pleads|plead|begs|beg|refuses to rule out|speaks out|casts doubt|names)\b"
)  # fmt: skip
_ROLES = (
    OFFICIALS
    | EXPERTS
    | RESIDENTS
    | MEDIA
    | PEOPLE - {"defence", "defense"}
    | {"staff", "command", "intelligence", "intel", "centre", "center"}
)
_LONGEST_HEADING = 45  # words
_LONGEST_SENTENCE = 24  # words of a headline that is one sentence
_PREDICATES = word_set("predicates")
_NO_SPEAKER = word_set("no_speaker")


def find_heading_cues(text: str, sides: Sides) -> Iterator[Cue]:
    """Attributions of a headline: "Minister: …", "…, says minister", "… – Kremlin".

    Parameters
    ----------
    text : str
        A block of text: "Kremlin: no talks before autumn".
    sides : Sides
        Names of states and organisations.

    Yields
    ------
    Cue
        At most one: ":", of "Kremlin", with "no talks before autumn" for what is said.
    """
    if opens_with_verb(text):  # Said Lopez: “…”
        return
    line = text.rstrip()
    while (cut := _TRAILER.sub("", line)) != line:
        line = cut
    low = 0
    for _ in range(4):
        match = _COLON.match(line[low:])
        name = _read_name_before_colon(match.group(1), line[low + match.end() :], sides, len(line)) if match else ""
        if match and name:
            speaker = make_mention(name, low, match.group(1), sides)
            yield Cue(low, low + match.end(1), low + match.end(), len(line), speaker, ":")
            return
        topic = _TOPIC.match(line[low:])
        if topic is None:
            break
        low += topic.end()
    cue = _find_cue_behind_topic(line, low, sides)
    if cue is not None:
        yield cue


def _find_cue_behind_topic(line: str, low: int, sides: Sides) -> Cue | None:
    """Cue of a headline from offset `low` on, behind any topic that opens it."""
    n_words = len(line[low:].split())
    if line.endswith(".") or n_words > _LONGEST_HEADING:
        return None
    match = _DASH_END.search(line, low) or (_COLON_END.search(line) if n_words <= 3 else None)
    if match and _may_speak(match.group(1), sides) and len(match.group(1).split()) <= 7:
        medium = {word.lower() for word in match.group(1).split()} & MEDIA
        if not medium or _SAYS_END.search(line[: match.start()]) is None:  # "…, says minister - BBC"
            start = min(low, match.start()) if match.re is _DASH_END else 0
            speaker = make_mention(match.group(1), match.start(1), match.group(1), sides)
            return Cue(match.start(1), match.end(1), start, match.start(), speaker, "–")
        line = line[: match.start()]
    if n_words > _LONGEST_SENTENCE or re.search(r"[.!?…]\s+\S", line[low:].rstrip(".")):
        return None
    match = _SAYS_END.search(line, low)
    if match:
        name, verb = (2, 1) if match.group(2) else (3, 4)
        if _may_speak(match.group(name), sides):
            speaker = make_mention(match.group(name), match.start(name), match.group(name), sides)
            return Cue(match.start(verb), match.start(verb) + 4, low, match.start(), speaker, match.group(verb))
    return _find_verb_of_heading(line, low, sides)


def _find_verb_of_heading(line: str, low: int, sides: Sides) -> Cue | None:
    """Reporting verb behind the speaker who opens a headline: "Hungary says it will block aid"."""
    match = _FINDING.match(line[low:]) or _HEAD_VERB.match(line[low:]) or _ACTS_AND_SAYS.match(line[low:])
    if match is None:
        return None
    setting = _SETTING.match(match.group(1))
    at = setting.end() if setting else 0
    if "," in match.group(1)[at:]:  # "Blasts rock city, mayor says more to come"
        parts = match.group(1)[at:].split(", ")
        at += 0 if all(_may_speak(part, sides) for part in parts) else len(", ".join(parts[:-1])) + 2
    name = match.group(1)[at:]
    if not _may_speak(name, sides):
        return None
    speaker = make_mention(name, low + at, name, sides)
    return Cue(low + match.start(2), low + match.end(2), low + match.end(), len(line), speaker, match.group(2))


def _read_name_before_colon(words: str, rest: str, sides: Sides, length: int) -> str:
    """Who stands before a colon, empty where it is a place, a topic or a thing."""
    name = words.strip("‘’'")
    first = rest.lower()[:30]
    if (
        name in sides.places
        or name.lower() in rest.lower()
        or any(len(word) > 3 and first.startswith(word) for word in name.lower().split())
    ):
        return ""
    if _EXPLAINS.match(first) and (sides.is_side(name) or len(name.split()) == 1):
        return ""
    if _may_speak(words, sides, strict=length > 160):
        return name
    to = re.match(r"(.+?) (to|on|about) (?=[A-Z])", name)  # "Minister to Berlin: …"
    if to is None or length > 160 or len(name.split()) > 6 or not _may_speak(to.group(1), sides):
        return ""
    name = to.group(1)
    is_speaker = sides.is_side(name) or sides.is_person(name) or {word.lower() for word in name.split()} & _ROLES
    return name if is_speaker or (to.group(2) == "to" and len(name.split()) == 2) else ""


def _may_speak(name: str, sides: Sides, *, strict: bool = False) -> bool:
    """Whether `name` can be a speaker: a side, a role, or a person's capitalised name."""
    words = [word.strip("’'‘,.").removesuffix("’s").removesuffix("'s") for word in name.split()]
    lowered = {word.lower() for word in words}
    if not words or len(words) > 10 or lowered & _NO_SPEAKER:
        return False
    if lowered & _PREDICATES:
        return False
    if strict or len(words) > 3:  # the noun itself, not what is said of it, must be able to speak
        head = OF.split(name)[0].strip(" ’'")
        if not (sides.is_side(head) or head.split()[-1].lower() in _ROLES) and len(head.split()) != len(words):
            return False
    if sides.is_side(name) or lowered & _ROLES:
        return not any(word in VERBS and word not in ("report", "reports", "find") for word in lowered)
    if strict and len(words) < 2:
        return False
    return len(words) <= 3 and all(word[:1].isupper() or word in TITLES for word in words)
