"""Mentions and attributions of Chinese, as `mentions.py` and `clauses.py` find them in scripts with spaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framing.voice.languages.mention import Attribution, Mention
from framing.voice.languages.unspaced import find_names, find_roles, find_subject_phrase
from framing.voice.languages.unspaced_marks import find_pronouns, is_object, split_clauses

if TYPE_CHECKING:
    from framing.voice.languages.people import People

__all__ = ["attribute_unspaced", "find_unspaced", "find_unspaced_source", "report_unspaced"]

_SOURCE = re.compile(
    r"在(?P<a>[^，。；：！？在]{1,28}?)(?:看来|眼里|眼中)|据(?P<b>[^，。；：！？据]{2,28}?)(?:说|介绍|称|透露|讲|分析|回忆)(?=，|。|：)"
    r"|用(?P<c>[^，。；：！？]{2,20}?)的话[说讲来]|(?:按|按照)(?P<d>[^，。；：！？]{2,20}?)的(?:说法|看法)"
    r"|(?:转述了?|引述了?|引用了?|想起了?|记得)(?P<e>[^，。；：！？]{2,24}?)(?:在[^，。；：！？]{1,8})?的(?:一句)?话"
)
_NO_VERB = re.compile(
    r"问题|答案|问世|访问|学问|提问|顾问|慰问|疑问|询问|小说|传说|据说|来说|学说|说明书|说法|说服|听说|说到底|名称|统称|俗称|号称|简称|称为|被称|称之|有人称|的话说|虽说|再说|别说|表示欢迎|可以说|应当说"
)
_OWN_REPORTERS = frozenset(("记者", "本报记者", "编辑"))  # they ask for the paper
_LONGEST_DESCRIPTION = 28  # characters
_NEAR_COLON = 14  # characters between the verb and the colon


def find_unspaced(text: str, start: int, end: int, people: People) -> list[Mention]:
    """Names, pronouns and roles in a stretch, in order and apart.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.
    people : People
        The persons of the document.

    Returns
    -------
    list of Mention
        In order and apart.

    Examples
    --------
    >>> from framing.voice.languages.people import People
    >>> from framing.voice.languages.rules import read_rules
    >>> [each.text for each in find_unspaced("一名外交官说，王志远也这样看", 0, 13, People(read_rules("zh")))]
    ['一名外交官', '王志远']
    """
    rules = people.rules
    taken: list[Mention] = []
    spans = {(low, high) for low, high in find_names(text, start, end, rules)}
    for person in people.persons:
        if person.words:
            spans |= {
                (match.start(), match.end()) for match in re.compile(re.escape(person.name)).finditer(text, start, end)
            }
            short = re.split("[·•・]", person.name)[-1]
            if short != person.name and len(short) > 1:
                spans |= {(m.start(), m.end()) for m in re.compile(re.escape(short)).finditer(text, start, end)}
    place = start
    for low, high in sorted(spans, key=lambda span: (span[0], -span[1])):
        if low < place:
            continue
        begin = _find_description(text, start, low)
        before = text[begin:low]
        gender = (
            "she"
            if any(word in before or text.startswith(word, high) for word in rules.words["women_words"] - {"她"})
            else ""
        )
        gender = gender or (
            "he"
            if any(word in before or text.startswith(word, high) for word in rules.words["men_words"] - {"他"})
            else ""
        )
        taken.append(
            Mention(begin, high, "name", (text[low:high],), text[begin:high], gender, is_object(text, start, low))
        )
        place = high
    for low, high, gender in find_pronouns(text, start, end):
        if not any(each.start <= low < each.end for each in taken):
            taken.append(Mention(low, high, "pronoun", (), text[low:high], gender, _is_oblique(text, start, low, high)))
    for low, high, head in find_roles(text, start, end, rules):
        if text[low:high] in _OWN_REPORTERS:
            continue
        if not any(each.start < high and low < each.end for each in taken):
            phrase = text[low:high]
            indefinite = any(word in phrase for word in rules.words["indefinite"] - {"有"})
            gender = "she" if head in rules.words["women_words"] else "he" if head in rules.words["men_words"] else ""
            taken.append(Mention(low, high, "role", (), phrase, gender, is_object(text, start, low), indefinite, head))
    return sorted(taken, key=lambda each: each.start)


def _is_oblique(text: str, start: int, low: int, high: int) -> bool:
    """Whether a pronoun is an object, or says whose somebody is: 她的助手."""
    return is_object(text, start, low) or text.startswith("的", high)


def _find_description(text: str, start: int, name: int) -> int:
    """Where the description before a name begins: at the start of its clause."""
    begin = max(start, name - _LONGEST_DESCRIPTION - 1)
    clauses = split_clauses(text, begin, name)
    if not clauses or clauses[-1][1] != name or name - clauses[-1][0] > _LONGEST_DESCRIPTION:
        return name
    return clauses[-1][0]


def _find_verbs(text: str, start: int, end: int, people: People, *, reporting: bool = False) -> list[re.Match[str]]:
    pattern = people.rules.reporting if reporting else people.rules.verb
    no_verbs = [(match.start(), match.end()) for match in _NO_VERB.finditer(text, start, end)]
    return [
        match
        for match in pattern.finditer(text, start, end)
        if not any(low <= match.start() < high for low, high in no_verbs)
    ]


def attribute_unspaced(text: str, start: int, end: int, people: People, *, behind: bool) -> Attribution | None:
    """The speaker of a clause beside a quotation: the subject before its verb.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.
    people : People
        The persons of the document.
    behind : bool
        Whether the clause stands behind the quotation.

    Returns
    -------
    Attribution or None
        None where the clause names nobody.

    Examples
    --------
    >>> from framing.voice.languages.people import People
    >>> from framing.voice.languages.rules import read_rules
    >>> attribute_unspaced("王志远在会上说：", 0, 8, People(read_rules("zh")), behind=False).mention.text
    '王志远'
    """
    source = find_unspaced_source(text, start, end, people)
    if source is not None and not behind and source.word.endswith("话"):
        return source
    verbs = _find_verbs(text, start, end, people)
    colon = text[start:end].rstrip().endswith("：")
    if behind:
        verbs = verbs[:1]
    else:
        limit = end - _NEAR_COLON if not colon else start
        near = [verb for verb in verbs if verb.end() >= limit or len(split_clauses(text, verb.end(), end)) <= 1]
        verbs = list(reversed(near or verbs))
    for verb in verbs:
        mention = _find_subject(text, start, verb.start(), people)
        if mention is not None:
            return Attribution(mention, verb.group(), verb.start(), verb.end())
    if source is not None:
        return source
    if colon and not verbs:
        mention = _find_subject(text, start, end, people)
        if mention is not None:
            return Attribution(mention, "：", end - 1, end)
    return None


def _find_subject(text: str, start: int, verb: int, people: People) -> Mention | None:
    """The subject of a verb: in its clause, or else in one before."""
    clauses = split_clauses(text, start, verb)
    for low, high in reversed(clauses[-3:]):
        mentions = [each for each in find_unspaced(text, low, high, people) if not each.oblique]
        names = [each for each in mentions if each.kind in ("name", "pronoun")]
        if names:
            return names[0]
        if mentions:
            return mentions[0]
        phrase = find_subject_phrase(text, low, high, people.rules) if (low, high) == clauses[-1] else None
        if phrase is not None:
            return Mention(*phrase, "phrase", (), text[phrase[0] : phrase[1]], indefinite=True)
    return None


def find_unspaced_source(text: str, start: int, end: int, people: People) -> Attribution | None:
    """Whom a clause is from: 在王志远看来, 据服务员讲.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.
    people : People
        The persons of the document.

    Returns
    -------
    Attribution or None
        None where the clause is from nobody.
    """
    for match in _SOURCE.finditer(text, start, end):
        low, high = next(match.span(group) for group in "abcde" if match.group(group))
        mentions = find_unspaced(text, low, high, people)
        mention = next((each for each in mentions if each.kind == "name"), mentions[0] if mentions else None)
        if mention is not None:
            return Attribution(mention, match.group(), match.start(), match.end())
    return None


def report_unspaced(text: str, start: int, end: int, people: People) -> tuple[int, int, Attribution] | None:
    """What a sentence reports without quotation marks: offsets and who says it.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.
    people : People
        The persons of the document.

    Returns
    -------
    tuple of int, int, Attribution, or None
        Start and end of what is reported, and who says it; None where nothing is.
    """
    for verb in _find_verbs(text, start, end, people, reporting=True):
        begin = verb.end() + (text[verb.end() : verb.end() + 1] in "，：")
        if (
            verb.start() - start > 45
            or len(text[begin:end].strip()) < 6
            or text[verb.end() : verb.end() + 1] in "。的了过"
        ):
            continue
        mention = _find_subject(text, start, verb.start(), people)
        if mention is not None and mention.kind != "phrase":
            return begin, end, Attribution(mention, verb.group(), verb.start(), verb.end())
    source = find_unspaced_source(text, start, end, people)
    if source is not None and end - source.end > 6:
        return source.end, end, source
    return None
