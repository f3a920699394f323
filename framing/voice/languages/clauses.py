"""The speaker whom a clause beside a quotation names: before its verb, behind it, or behind "according to"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from framing.voice.languages.chinese import attribute_unspaced, find_unspaced_source
from framing.voice.languages.mention import Attribution, Mention
from framing.voice.languages.mentions import find_mentions
from framing.voice.languages.people import People
from framing.voice.languages.phrase import find_phrase
from framing.voice.languages.rules import LanguageRules
from framing.voice.languages.tokens import is_abbreviation

__all__ = ["attribute_clause", "find_source", "first_sentence", "last_sentence"]

_END = re.compile(r"[.!?…]+(?=[\s»”“]|$)|[。！？；]+|\n")
_LEADING = re.compile(r"[\s,–—\-:;“”]*")
_NEAR = 70  # characters between a verb and its speaker
_LONGEST = 1000  # characters of a clause that are read, so that time does not grow with the square of a sentence
_MOST_VERBS = 8  # of a clause whose subject is looked for
_WORD = re.compile(r"[^\W\d_][\w’'-]*")


def first_sentence(text: str, start: int, end: int) -> int:
    """End of the first sentence of a stretch.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.

    Returns
    -------
    int
        Place in the text.
    """
    return next((match.start() for match in _find_ends(text, start, end) if match.end() > start + 1), end)


def last_sentence(text: str, start: int, end: int) -> int:
    """Start of the last sentence of a stretch.

    Parameters
    ----------
    text : str
        The text.
    start : int
        Start of the stretch.
    end : int
        End of the stretch.

    Returns
    -------
    int
        Place in the text.
    """
    low = start
    for match in _find_ends(text, start, end):
        if text[match.end() : end].strip(" \u00a0”“»«"):
            low = match.end()
    return low


def _find_ends(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Signs that end a sentence."""
    for match in _END.finditer(text, start, end):
        if not is_abbreviation(text[max(start, match.end() - 8) : match.end()]):
            yield match


def find_source(text: str, start: int, end: int, people: People, *, reporting: bool = False) -> Attribution | None:
    """Whom a clause is from, by words such as "according to".

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
    reporting : bool, default False
        Whether words of reporting count as well.

    Returns
    -------
    Attribution or None
        None where no such words stand there.
    """
    rules = people.rules
    if not rules.file.spaced:
        return find_unspaced_source(text, start, end, people)
    pattern = rules.reporting_source if reporting else rules.source
    for match in pattern.finditer(text, start, end):
        words = match.group().lower().split()
        whose = next((word for word in words if word in rules.words["determiners"]), "")
        gender = next((g for g in ("he", "she") if set(words) & rules.words[g]), "")
        if gender or set(words) & rules.words["determiners"]:  # по его словам, à ses yeux
            gender = gender or ("he" if whose.startswith("sein") else "she" if whose.startswith("ihr") else "")
            pronoun = Mention(match.start(), match.end(), "pronoun", (), match.group(), gender)
            return Attribution(pronoun, match.group(), match.start(), match.end())
        if len(words) == 1 and words[0] in rules.words["prepositions"] and text[start : match.start()].strip(" ,–—-“”"):
            continue  # "for" tells whose words they are but at the start of a clause
        high = min(end, match.end() + _LONGEST)
        close = next((n for n in range(match.end(), high) if text[n] in ",:;–—"), high)
        mentions = find_mentions(text, match.end(), close if close > match.end() else high, people)
        mention = next((each for each in mentions if each.start - match.end() < 25), None)
        if mention is None and not mentions and (phrase := find_phrase(text, match.end(), close, people)) is not None:
            mention = phrase
        if mention is not None:
            return Attribution(mention, match.group(), match.start(), match.end())
    if rules.file.sources_behind:
        for match in rules.source_behind.finditer(text, start, end):
            mentions = find_mentions(text, max(start, match.start() - _LONGEST), match.start(), people)
            if mentions and match.start() - mentions[-1].end < 40:
                return Attribution(mentions[-1], match.group(), match.start(), match.end())
    return None


def attribute_clause(text: str, start: int, end: int, people: People, *, behind: bool) -> Attribution | None:
    """The speaker of a clause beside a quotation.

    Parameters
    ----------
    text : str
        A block with its quotations left out.
    start, end : int
        The clause; of more than 1,000 characters, those nearest to the quotation are read.
    people : People
        The persons of the document.
    behind : bool
        Whether it follows the quotation; then the verb mostly stands before its speaker.

    Returns
    -------
    Attribution or None
        None where the clause says nobody.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> people = People(read_rules("fr"))
    >>> found = attribute_clause(", a déclaré la ministre Anne Morel", 0, 34, people, behind=True)
    >>> found.word, found.mention.words
    ('a déclaré', ('Anne', 'Morel'))
    """
    rules = people.rules
    start, end = (start, min(end, start + _LONGEST)) if behind else (max(start, end - _LONGEST), end)
    if not rules.file.spaced:
        return attribute_unspaced(text, start, end, people, behind=behind)
    begin = _LEADING.match(text, start, end).end()  # type: ignore[union-attr]
    if begin >= end:
        return None
    mentions = find_mentions(text, begin, end, people)
    verbs = list(rules.verb.finditer(text, begin, end))
    inside = [each for each in mentions if each.kind == "role" or each.kind == "name"]
    verbs = [verb for verb in verbs if not any(each.start < verb.start() < each.end for each in inside)]
    if behind:
        word = _WORD.match(text, begin, end)
        if word is not None and word.group() in rules.words["particles_of_speech"]:  # „…“, so Kranz
            near = next((each for each in mentions if each.start - word.end() < 25), None)
            near = near or find_phrase(text, word.end(), end, people)
            if near is not None:
                return Attribution(near, word.group(), word.start(), word.end())
    for verb in verbs[:_MOST_VERBS] if behind else verbs[: -_MOST_VERBS - 1 : -1]:
        best = _find_subject(text, begin, end, (verb.start(), verb.end()), mentions, people, behind=behind)
        if best is not None:
            return best
    source = find_source(text, begin, end, people)
    if source is not None:
        return source
    if behind and not verbs and (guess := _guess_verb(text, begin, end, people)) is not None:
        best = _find_subject(text, begin, end, guess, mentions, people, behind=True)
        if best is not None and (best.mention.kind != "phrase" or _is_subject(best.mention, rules)):
            return best
    return None


def _guess_verb(text: str, begin: int, end: int, people: People) -> tuple[int, int] | None:
    """The first word behind a quotation where it ends as a verb does: spottet, сокрушается."""
    rules = people.rules
    words = list(_WORD.finditer(text, begin, min(end, begin + 60)))
    if words and words[0].group() in rules.file.auxiliaries.split():  # a blêmi le ministre
        endings = rules.words_of("participle_endings") or ("\0",)
        second = next((word for word in words[1:3] if word.group().endswith(endings)), None)
        subject = _WORD.match(text, second.end() + 1, end) if second is not None else None
        articles = rules.words["definite"] | rules.words["indefinite"] | rules.words["determiners"]
        first = subject.group().replace("’", "'").split("'")[0] if subject is not None else ""
        if second is None or not (first[:1].isupper() or first in articles):
            return None
        return words[0].start(), second.end()
    for number, word in enumerate(words):
        low = word.group()
        if number > 1 or not low.islower():
            return None
        is_other = low in rules.words["prepositions"] | rules.words["stops"] | rules.words["definite"]
        is_other = is_other or low in rules.words["he"] | rules.words["she"] | rules.words["indefinite"]
        if is_other:
            return None
        if low.endswith(rules.words_of("verb_endings")) and low not in rules.words["adverbs"]:
            return word.start(), word.end()
    return None


def _find_subject(
    text: str,
    begin: int,
    end: int,
    verb: tuple[int, int],
    mentions: list[Mention],
    people: People,
    *,
    behind: bool,
) -> Attribution | None:
    """The subject of a verb: beside it, or else before or behind it in its clause."""
    low, high = verb
    rules = people.rules
    word = text[low:high]
    inner = next((each for each in mentions if low <= each.start < high and each.kind == "pronoun"), None)
    if inner is not None:  # a-t-elle déclaré
        return Attribution(inner, word, low, high)
    left = [each for each in mentions if each.end <= low]
    right = [each for each in mentions if each.start >= high and each.start - high < _NEAR]
    right = [each for each in right if not _is_parted(text, high, each.start)]
    free_right = [each for each in right if not each.oblique]
    free_left = [each for each in left if not each.oblique]
    inverted = behind and not text[begin:low].strip(" ,–—-")
    beside_left = bool(free_left) and not _has_words(text, free_left[-1].end, low)
    beside_right = bool(free_right) and not _has_words(text, high, free_right[0].start)
    chosen: Mention | None = None
    if (nobody := _find_place(text, begin, low, high, people)) is not None:
        return Attribution(nobody, word, low, high)
    if inverted or (beside_right and not beside_left):
        chosen = free_right[0] if free_right else None
        phrase = find_phrase(text, high, end, people)
        if phrase is not None and (chosen is None or (phrase.end <= chosen.start and _is_subject(phrase, rules))):
            chosen = phrase
    has_subject = any(each.kind != "pronoun" for each in free_left)
    if chosen is None and not beside_left and not has_subject and not rules.file.cases:
        phrase = find_phrase(text, high, end, people)
        if phrase is not None and not text[high : phrase.start].strip() and _is_surname(phrase, rules):
            chosen = phrase  # Auf die Frage, ob er gehe, antwortete Heym:
    if chosen is None and free_left:
        chosen = _find_head(text, free_left, low)
    if chosen is None and free_right:
        chosen = free_right[0]
    if chosen is None and not inverted:
        chosen = find_phrase(text, high, end, people) if behind else _find_phrase_before(text, begin, low, people)
    if chosen is None and left and not free_left and rules.words["endings"]:
        chosen = left[-1] if left[-1].kind == "name" else None
    if chosen is None:
        gender = _verb_gender(word, rules)
        chosen = Mention(low, high, "pronoun", (), "", gender) if gender else None
    elif not chosen.gender and not chosen.oblique and (gender := _verb_gender(word, rules)):
        chosen = replace(chosen, gender=gender)
    return Attribution(chosen, word, low, high) if chosen is not None else None


def _find_place(text: str, begin: int, low: int, high: int, people: People) -> Mention | None:
    """Where nobody is said to speak, but it is said where: In dem Bericht heißt es, peut-on lire dans la lettre."""
    rules = people.rules
    nobody = rules.words["it"]
    behind = _WORD.match(text, _LEADING.match(text, high).end())  # type: ignore[union-attr]
    if text[low:high].split("-")[-1].split()[0] in nobody and behind is not None:
        return find_phrase(text, high, high + _LONGEST, people) if rules.words["bodies"] else None
    if behind is None or behind.group() not in nobody or text[behind.end() : behind.end() + 1] not in (",", ":"):
        return None
    first = _WORD.match(text, begin, low)
    small = rules.words["prepositions"] | rules.words["oblique_articles"]
    if first is None or first.group().lower() not in small:
        return None
    return find_phrase(text, first.end(), low, people)


def _is_subject(phrase: Mention, rules: LanguageRules) -> bool:
    """Whether a phrase behind a verb begins as subjects do: der Wirt, not dem Blatt."""
    if rules.file.cases:
        return False
    first = phrase.text.replace("’", " ").split()[0].lower()
    subjects = (rules.words["definite"] | rules.words["indefinite"]) - rules.words["oblique_articles"]
    return first in subjects


def _find_phrase_before(text: str, begin: int, verb: int, people: People) -> Mention | None:
    """A subject before its verb that is no known role: the first words of the clause."""
    rules = people.rules
    near = max(begin, *(text.rfind(sign, begin, verb) + 1 for sign in ",;:—–"))
    if _has_words(text, near, verb) or not rules.words["bodies"]:
        begin = near  # else a clause stands between: La partie adverse, qui attendait, a dit
    phrase = find_phrase(text, begin, verb, people)
    if phrase is None:
        return None
    is_parted = text[phrase.end : phrase.end + 1] == "," and near > phrase.end + 1
    if _has_words(text, phrase.end, verb) and phrase.end < verb - 25 and not is_parted:
        return None
    first = phrase.text.replace("’", " ").split()[0].lower()
    articles = rules.words["definite"] | rules.words["indefinite"]
    if not rules.file.cases and first not in articles and not phrase.words and not _is_surname(phrase, rules):
        return None
    return phrase


def _is_surname(phrase: Mention, rules: LanguageRules) -> bool:
    """Whether a phrase is one capitalised word that may be a surname."""
    word = phrase.text
    no_names = rules.words["not_names"] | rules.words["not_within"]
    return " " not in word and word[:1].isupper() and word not in no_names


def _find_head(text: str, mentions: list[Mention], verb: int) -> Mention:
    """Of the mentions before a verb the subject: what an apposition follows, else what stands beside the verb."""
    last = mentions[-1]
    for each in reversed(mentions[:-1]):
        if each.kind == "name" and "," in text[each.end : last.start] and "," in text[last.end : verb]:
            return each
    if last.kind == "pronoun":
        return last
    head = mentions[0]
    if head.kind == "name" and "," in text[head.end : verb]:
        return head
    return last if last.kind == "name" or head.kind != "name" else head


def _is_parted(text: str, start: int, end: int) -> bool:
    """Whether a comma or stop parts a verb from what stands behind it."""
    between = text[start:end]
    return ":" in between or ";" in between or between.count(",") == 1 or first_sentence(text, start, end) < end


def _has_words(text: str, start: int, end: int) -> bool:
    """Whether a word stands in a stretch."""
    return bool(_WORD.search(text, start, end))


def _verb_gender(word: str, rules: LanguageRules) -> str:
    """The pronoun that the ending of a verb tells, as the past tense does in Russian and Ukrainian."""
    if word.endswith(rules.words_of("feminine_verbs")):
        return "she"
    return "he" if word.endswith(rules.words_of("masculine_verbs")) else ""
