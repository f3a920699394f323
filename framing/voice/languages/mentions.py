"""Who is mentioned in a clause: names, pronouns and roles, each with what the reader needs to resolve it."""

from __future__ import annotations

import re

from framing.voice.languages.chinese import find_unspaced
from framing.voice.languages.determiners import find_article_gender, is_noun_here
from framing.voice.languages.mention import Mention
from framing.voice.languages.nominative import ends_in_consonant, is_woman_in_first_case
from framing.voice.languages.people import Name, People, find_runs
from framing.voice.languages.rules import LanguageRules
from framing.voice.languages.tokens import BREAKS, Token, is_abbreviation, read_tokens

__all__ = ["find_mentions"]

_WORD = re.compile(r"[^\W\d_]")
_LONGEST = 12  # words of a role with its complements
_NEAR_APPOSITION = 4  # words from a comma behind a role to the name
_NEAR_NAME = 6  # words from a role to a name that is no usual one
_GENITIVE_ADJECTIVE = ("ых", "их", "іх", "ого", "его", "ої", "ой", "ей")
_OBLIQUE = frozenset(
    ("а", "у", "ом", "ем", "ем", "я", "ю", "ові", "еві", "єві", "ам", "ами", "ах", "ов", "ів", "ей", "ям")
)
_NOUN_ENDINGS = frozenset(("", "ов", "ів"))  # besides those that names have
_FEMININE = ("иц", "сестр", "вдов", "голов", "джерело", "жінк")


def find_mentions(text: str, start: int, end: int, people: People) -> list[Mention]:
    """Names, pronouns and roles in a stretch of the outlet's own text.

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
    list of Mention
        In order and apart; a role before a name is part of the mention of the name.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> people = People(read_rules("de"))
    >>> clause = "sagte die Sprecherin des Amts, Anna Kranz, und er nickte"
    >>> [(each.kind, each.text) for each in find_mentions(clause, 5, len(clause), people)]
    [('name', 'die Sprecherin des Amts, Anna Kranz'), ('pronoun', 'er')]
    """
    rules = people.rules
    if not rules.file.spaced:
        return find_unspaced(text, start, end, people)
    tokens = read_tokens(text, start, end)
    runs = {run.start: run for run in find_runs(text, rules, start, end)}
    mentions: list[Mention] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        low = token.low
        run = runs.get(token.start)
        if run is not None and _is_name(run, people, start):
            mentions.append(_name(text, run, tokens, place, rules))
            place = _skip(tokens, place, run.end)
            continue
        if gender := ("he" if low in rules.words["he"] else "she" if low in rules.words["she"] else ""):
            oblique = place > 0 and tokens[place - 1].low in rules.words["prepositions"]
            oblique = oblique or _is_possessive(tokens, place, rules)
            mentions.append(Mention(token.start, token.end, "pronoun", (), token.text, gender, oblique))
            place += 1
            continue
        if (
            rules.find_role(token.text)
            and not _is_adjective(tokens, place, rules)
            and is_noun_here(tokens, place, rules)
        ):
            mention = _role(text, tokens, place, runs, people, mentions[-1].end if mentions else start)
            mentions.append(mention)
            place = _skip(tokens, place, mention.end)
            continue
        place += 1
    return mentions


def _is_adjective(tokens: list[Token], place: int, rules: LanguageRules) -> bool:
    """Whether a word that begins as a role stands before another: военный аташе."""
    return (
        place + 1 < len(tokens)
        and tokens[place].text[:1].islower()
        and tokens[place + 1].text[:1].islower()
        and rules.file.cases
        and bool(re.search(r"(?:ый|ий|ой|ая|ое|ого|ому|ым|ий|а|ні|ій|ої)$", tokens[place].low))
        and bool(rules.find_role(tokens[place + 1].text))
    )


def _is_possessive(tokens: list[Token], place: int, rules: LanguageRules) -> bool:
    """Whether a pronoun says whose somebody is, or stands in another case: её лидер, ihr Sprecher."""
    if tokens[place].low in rules.words["datives"]:
        behind = tokens[place + 1].text if place + 1 < len(tokens) else ""
        return rules.file.capital_nouns or behind in rules.file.auxiliaries.split() or bool(rules.verb.match(behind))
    if tokens[place].low not in rules.words["possessive"]:
        return False
    following = tokens[place + 1].text if place + 1 < len(tokens) else ""
    return rules.file.cases or following[:1].isupper()


def _skip(tokens: list[Token], place: int, end: int) -> int:
    while place < len(tokens) and tokens[place].start < end:
        place += 1
    return place


def _is_name(run: Name, people: People, start: int) -> bool:
    """Whether a run of capitalised words is the name of somebody."""
    if run.sure or people.find(run.words) is not None:
        return True
    if (
        len(run.words) == 1
        and people.rules.is_given(run.words[0])
        and run.words[0] not in people.rules.words["names_as_words"]
    ):
        return True
    rules = people.rules
    if len(run.words) < 2 or run.words[0] in rules.words["not_names"] or rules.find_role(run.words[-1]):
        return False
    return not run.articled and not any(word in rules.words["not_within"] for word in run.words)


def _oblique(tokens: list[Token], place: int, rules: LanguageRules) -> bool:
    """Whether a preposition or an article of another case stands before a mention."""
    articles = rules.words["definite"] | rules.words["indefinite"]
    while place and tokens[place - 1].low in articles:
        if tokens[place - 1].low in rules.words["oblique_articles"]:
            return True
        place -= 1
    low = tokens[place - 1].low if place else ""
    return low in rules.words["prepositions"] | rules.words["genitive"] | rules.words["oblique_articles"]


def _name(text: str, run: Name, tokens: list[Token], place: int, rules: LanguageRules) -> Mention:
    gender = ""
    if place:
        before = tokens[place - 1].text.rstrip(".")
        gender = "she" if before in rules.words["women_words"] else "he" if before in rules.words["men_words"] else ""
    oblique = _oblique(tokens, place, rules) or _is_inflected(run.words, rules)
    return Mention(run.start, run.end, "name", run.words, text[run.start : run.end], gender, oblique)


def _is_inflected(words: tuple[str, ...], rules: LanguageRules) -> bool:
    """Whether a given name stands in another case than the first."""
    given = rules.find_given(words[0])
    if is_woman_in_first_case(words, rules):
        return False
    return bool(given) and given != words[0].replace("'", "’") and len(words) > 1


def _role(text: str, tokens: list[Token], place: int, runs: dict[int, Name], people: People, begin: int) -> Mention:
    """A role with its article, adjectives and complements; with a name behind it, the mention of that name."""
    rules = people.rules
    first = place
    while first and first > place - 4 and tokens[first - 1].start >= begin:
        before = tokens[first - 1]
        if before.text in BREAKS or before.text == "." or before.low in rules.words["prepositions"]:
            break
        is_article = before.low in rules.words["definite"] | rules.words["indefinite"] | rules.words["determiners"]
        is_adjective = _is_describing(before, rules)
        is_proper = (
            rules.file.cases and before.text[:1].isupper() and first > 1 and tokens[first - 2].text not in ".!?…"
        )
        if not (is_article or is_adjective) or is_proper:
            break
        first -= 1
        if is_article:
            break
    is_told = first > 0 and tokens[first - 1].start >= begin and bool(rules.verb.fullmatch(tokens[first - 1].text))
    indefinite = any(token.low in rules.words["indefinite"] for token in tokens[first : place + 1])
    last, name = place, None
    for number in range(place + 1, min(len(tokens), place + _LONGEST)):
        token = tokens[number]
        run = runs.get(token.start)
        if tokens[number - 1].text.endswith(".") and not is_abbreviation(tokens[number - 1].text):
            break
        if rules.words["bodies"] and token.text.rstrip(".") in rules.words["titles"]:
            continue  # Direktor Dr. Jan Kranz
        if run is not None and (
            run.sure or people.find(run.words) or (len(run.words) > 1 and number <= place + _NEAR_NAME)
        ):
            if rules.words["endings"] and rules.file.cases and _is_inflected(run.words, rules) and number > place + 1:
                break
            name = run
            break
        if token.text == "," and number + 1 < len(tokens) and (run := runs.get(tokens[number + 1].start)) is not None:
            if run.sure or people.find(run.words):
                name = run
            elif rules.words["bodies"]:
                name = _find_apposed(tokens, number, runs, rules)
            break
        if token.text == "," and rules.words["bodies"]:
            name = _find_apposed(tokens, number, runs, rules)
            break
        if (
            run is not None
            and number == place + 1
            and (not rules.file.cases or _is_first_case(token.text))
            and token.text[:1].isupper()
            and not rules.find_role(token.text)
        ):
            name = run
            break
        if token.text in BREAKS or token.text == "." or (rules.verb.match(token.text) and token.text[:1].islower()):
            break
        if token.low in rules.words["genitive"] and rules.verb.match(text, token.start):
            break  # Et le maire de renchérir
        if token.low in rules.words["stops"] and token.low not in rules.words["joining"]:
            break
        if token.low in rules.words["prepositions"] - rules.words["joining"] - rules.words["linking"]:
            break
        if token.low in rules.words["he"] | rules.words["she"] or not (
            is_told or _may_complete(tokens, place, number, rules)
        ):
            break
        last = number
    while last > place and tokens[last].low in (
        rules.words["joining"] | rules.words["definite"] | rules.words["prepositions"] | rules.words["adverbs"]
    ):
        last -= 1
    word = tokens[place]
    gender = _role_gender(word.low, rules)
    by_article = find_article_gender(tokens, first, rules)
    gender = gender or by_article if rules.file.capital_nouns else by_article or gender
    oblique = _oblique(tokens, first, rules) or _is_oblique_role(word.low, rules)
    oblique = oblique or tokens[first].low in rules.words["oblique_articles"]
    start = tokens[first].start
    if name is not None:
        return Mention(start, name.end, "name", name.words, text[start : name.end], gender, oblique, False, word.low)
    end = tokens[last].end
    if text[end - 1] == "." and end - tokens[last].start > 4:
        end -= 1
    return Mention(start, end, "role", (), text[start:end], gender, oblique, indefinite, word.low)


def _find_apposed(tokens: list[Token], comma: int, runs: dict[int, Name], rules: LanguageRules) -> Name | None:
    """The name that follows a role and a comma, behind another role or none: der Sprecher, Oberst Jan Kranz."""
    articles = rules.words["definite"] | rules.words["determiners"]
    for number in range(comma + 1, min(len(tokens), comma + 1 + _NEAR_APPOSITION)):
        token = tokens[number]
        run = runs.get(token.start)
        if token.text.rstrip(".") in rules.words["titles"]:
            continue
        if (
            run is not None
            and (len(run.words) > 1 or run.sure)
            and not run.articled
            and not rules.find_role(run.words[-1])
        ):
            return run if not any(word in rules.words["not_within"] for word in run.words) else None
        is_noun = tokens[number - 1].low in articles and not rules.verb.match(token.text)  # le docteur Luc Vidal
        if not (token.low in articles or is_noun or rules.find_role(token.text) or _is_nationality(token, rules)):
            return None
    return None


def _is_nationality(token: Token, rules: LanguageRules) -> bool:
    """Whether a capitalised word of one person may stand before the name: le Danois Jan Holm, der Däne Jan Holm."""
    return token.text[:1].isupper() and token.text not in rules.words["not_names"] and token.text[-1:] != "."


def _is_first_case(word: str) -> bool:
    """Whether a name of one word ends as names of men do in the first case: Руперт, not Минобороны or НАТО."""
    return not word.isupper() and ends_in_consonant(word)


def _is_oblique_role(word: str, rules: LanguageRules) -> bool:
    """Whether a Russian or Ukrainian role stands in another case than the first, by its ending."""
    if not rules.file.cases:
        return False
    for stems in rules.roles.values():
        for stem in stems:
            if word.startswith(stem) and word[len(stem) :] in _OBLIQUE and not stem.endswith(_FEMININE):
                return True
    return False


def _may_complete(tokens: list[Token], place: int, number: int, rules: LanguageRules) -> bool:
    """Whether a word may belong to the complements of a role: articles, adjectives and nouns, and no verb."""
    token = tokens[number]
    small = rules.words["joining"] | rules.words["definite"] | rules.words["indefinite"]
    before = tokens[number - 1]
    if token.low in rules.words["definite"] and rules.words["genitive"]:  # les behind a noun opens an object
        return before.low in rules.words["joining"] - rules.words["definite"]
    if token.low in small or token.text[:1].isupper() or token.low in rules.words["prepositions"]:
        return True
    if rules.file.capital_nouns:
        following = tokens[number + 1].text if number + 1 < len(tokens) else ""
        return token.low.endswith(rules.words_of("adjective_endings")) and following[:1].isupper()
    if rules.file.cases:
        if not token.low.endswith(rules.words_of("verb_endings")) or token.low.endswith(("ості", "ости")):
            return True
        is_noun = before.low.endswith(_GENITIVE_ADJECTIVE) and before.text[:1].islower()  # иностранных дел
        return is_noun or _is_noun(token.low, rules)
    following = tokens[number + 1].low if number + 1 < len(tokens) else ""
    if before.low in small:
        return True
    return following not in rules.words["definite"] | rules.words["determiners"] and (
        number == place + 1 or tokens[number - 2].low in small
    )


def _is_noun(word: str, rules: LanguageRules) -> bool:
    """Whether a word is a noun of those that end as verbs do, in any case: отдела, советов."""
    endings = rules.words["endings"] | _NOUN_ENDINGS
    return any(word.startswith(stem) and word[len(stem) :] in endings for stem in rules.words["nouns"])


def _is_describing(token: Token, rules: LanguageRules) -> bool:
    """Whether a word may stand between an article and a role."""
    if not _WORD.match(token.text) or rules.verb.match(token.text) or token.low in rules.words["adverbs"]:
        return False
    if token.low in rules.words["stops"] | rules.words["he"] | rules.words["she"]:
        return False
    endings = rules.words_of("adjective_endings")
    if endings:
        is_verb = rules.file.cases and token.low.endswith(rules.words_of("feminine_verbs"))
        return token.low.endswith(endings) and not is_verb
    is_rank = token.low in rules.words["ranks"]  # la Première ministre
    return (token.text[:1].islower() or is_rank) and token.low not in rules.words["joining"]


def _role_gender(word: str, rules: LanguageRules) -> str:
    if word.capitalize() in rules.words["women_words"]:
        return "she"
    if word.capitalize() in rules.words["men_words"]:
        return "he"
    if any(word.endswith(ending) for ending in rules.words_of("woman_endings")):
        return "she"
    if any(word.endswith(ending) for ending in rules.words_of("man_endings")):
        return "" if rules.file.cases else "he"
    return ""
