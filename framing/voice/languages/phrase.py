"""Speakers who are no known role: the first words of a stretch."""

from __future__ import annotations

import re

from framing.voice.languages.determiners import find_article_gender
from framing.voice.languages.mention import Mention
from framing.voice.languages.people import People
from framing.voice.languages.rules import LanguageRules
from framing.voice.languages.tokens import BREAKS, Token, read_tokens

__all__ = ["find_phrase", "find_somebody"]

_WORD = re.compile(r"[^\W\d_]")
_NOBODY = re.compile(r"-on(?: lire)?$")  # before a place: peut-on lire dans la lettre
_LONGEST_PHRASE = 7  # words
_FAR = 300  # characters in which it and the adverbs before it are looked for


def find_phrase(text: str, start: int, end: int, people: People) -> Mention | None:
    """The first words of a stretch as somebody who is no known role: "die Wirtin vom Hafen".

    Parameters
    ----------
    text : str
        A block with its quotations left out.
    start, end : int
        The stretch behind a verb.
    people : People
        The persons of the document.

    Returns
    -------
    Mention or None
        None where the words name nobody.
    """
    rules = people.rules
    tokens = read_tokens(text, start, min(end, start + _FAR))
    place = 0
    while (
        place < len(tokens)
        and tokens[place].low in rules.words["adverbs"] - rules.words["definite"] - rules.words["indefinite"]
    ):
        place += 1
    is_place = place + 1 < len(tokens) and tokens[place].low in rules.words["it"]  # heißt es aus dem Rathaus
    if is_place or _NOBODY.search(text, max(0, start - 12), start):
        place += is_place
        small = rules.words["prepositions"] | rules.words["oblique_articles"] | rules.words["genitive"]
        while place < len(tokens) and tokens[place].low in small:
            place += 1
    for _ in range(2):  # сказала после встречи участница
        if rules.file.cases and place + 2 < len(tokens) and tokens[place].low in rules.words["prepositions"]:
            place += 2
    if (somebody := _find_somebody(text, tokens, place, rules)) is not None:
        return somebody
    first = place
    while place < len(tokens) and place - first < _LONGEST_PHRASE:
        token = tokens[place]
        if token.text in BREAKS or token.text == "." or not _WORD.match(token.text):
            break
        if place > first and token.low in rules.words["genitive"] and rules.verb.match(text, token.start):
            break
        is_stop = token.low in (rules.words["stops"] | rules.words["prepositions"]) - rules.words["joining"]
        if place > first and is_stop and not _has_attribute(tokens, first, place, rules):
            break
        if (
            place == first
            and token.low
            in rules.words["prepositions"] | rules.words["stops"] - rules.words["definite"] - rules.words["indefinite"]
        ):
            return None
        place += 1
    while place > first and tokens[place - 1].low in (
        rules.words["joining"] | rules.words["definite"] | rules.words["indefinite"] | rules.words["adverbs"]
    ):
        place -= 1
    if rules.file.capital_nouns and any(each.text[:1].isupper() for each in tokens[first + 1 : place]):
        while tokens[place - 1].text[:1].islower() and place - 1 > first:
            place -= 1  # wollte der Spediteur wissen
    if place == first:
        return None
    low, high = tokens[first].start, tokens[place - 1].end
    if text[high - 1] == ".":
        high -= 1
    words = text[low:high].split()
    if rules.words["bodies"] and len(words) == 1 and words[0] in rules.words["not_names"]:
        return None  # Quand
    has_noun = (
        any(word[:1].isupper() for word in words)
        if rules.file.capital_nouns
        else any(len(word) > 3 or word[:1].isupper() for word in words)
    )
    if not has_noun:
        return None
    indefinite = tokens[first].low in rules.words["indefinite"]
    name = tuple(words) if len(words) <= 3 and all(word[:1].isupper() for word in words) else ()
    if words[0].lower() in rules.words["definite"] | rules.words["indefinite"]:
        name = ()  # Die Opposition
    if rules.file.capital_nouns and len(words) == 1:
        name = ()
    gender = find_article_gender(tokens, first, rules)
    return Mention(low, high, "name" if name else "phrase", name, text[low:high], gender, False, indefinite)


def find_somebody(text: str, start: int, end: int, people: People) -> Mention | None:
    """The pronoun with which a stretch begins, where that is a speaker of its own: un autre, einer.

    Parameters
    ----------
    text : str
        A block with its quotations left out.
    start, end : int
        The stretch.
    people : People
        The persons of the document.

    Returns
    -------
    Mention or None
        None where it begins otherwise.
    """
    return _find_somebody(text, read_tokens(text, start, min(end, start + _FAR)), 0, people.rules)


def _find_somebody(text: str, tokens: list[Token], place: int, rules: LanguageRules) -> Mention | None:
    """A pronoun that is a speaker of its own: un autre, eine andere, einer."""
    articles = rules.words["definite"] | rules.words["indefinite"]
    first, pronouns = place, rules.words["pronouns_of_somebody"]
    lows = [token.low for token in tokens[place : place + 2]]
    if lows and lows[0] in articles and (lows[0] not in pronouns or (len(lows) > 1 and lows[1] in pronouns)):
        place += 1
    if place >= len(tokens) or tokens[place].low not in pronouns:
        return None
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    ends = following is None or following.text in BREAKS or following.text == "."
    small = rules.words["prepositions"] | rules.words["joining"]
    if not ends and (rules.file.capital_nouns or (following is not None and following.low not in small)):
        return None  # eine Wirtin, autre chose
    low, high = tokens[first].start, tokens[place].start + len(tokens[place].text.rstrip("."))
    gender = find_article_gender(tokens, first, rules) if first < place else ""
    return Mention(low, high, "phrase", (), text[low:high], gender, False, True)


def _has_attribute(tokens: list[Token], first: int, place: int, rules: LanguageRules) -> bool:
    """Whether a preposition stands between an article and its noun: eines mit dem Fall vertrauten Ermittlers."""
    articles = rules.words["definite"] | rules.words["indefinite"]
    return rules.file.capital_nouns and tokens[first].low in articles and place == first + 1
