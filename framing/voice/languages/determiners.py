"""What the words before a noun tell: its gender, and that it is a noun."""

from __future__ import annotations

from framing.voice.languages.rules import LanguageRules
from framing.voice.languages.tokens import Token

__all__ = ["find_article_gender", "is_noun_here"]


def find_article_gender(tokens: list[Token], first: int, rules: LanguageRules) -> str:
    """The pronoun that an article tells.

    Parameters
    ----------
    tokens : list of Token
        Words of a stretch.
    first : int
        Place of the article among them.
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    str
        `she`, `he`, or nothing; nothing as well before an adjective of another case: der alten Wirtin.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> from framing.voice.languages.tokens import read_tokens
    >>> rules = read_rules("de")
    >>> texts = ("der alte Richter", "die Wirtin", "der alten Wirtin")
    >>> [find_article_gender(read_tokens(text, 0, 15), 0, rules) for text in texts]
    ['he', 'she', '']
    """
    article = tokens[first].low
    if article in rules.words["feminine_articles"]:
        return "she"
    if article not in rules.words["masculine_articles"]:
        return ""
    following = tokens[first + 1].text if first + 1 < len(tokens) else ""
    is_other_case = rules.file.capital_nouns and following[:1].islower() and following.endswith("en")
    return "" if is_other_case else "he"


def is_noun_here(tokens: list[Token], place: int, rules: LanguageRules) -> bool:
    """Whether a word that may be a role is a noun: in German with a capital, in French behind an article.

    Parameters
    ----------
    tokens : list of Token
        Words of a stretch.
    place : int
        Place of the word among them.
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    bool
        True for a noun; words that are no verbs are taken for nouns.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> from framing.voice.languages.tokens import read_tokens
    >>> tokens = read_tokens("il juge le juge", 0, 15)
    >>> is_noun_here(tokens, 1, read_rules("fr")), is_noun_here(tokens, 3, read_rules("fr"))
    (False, True)
    """
    token = tokens[place]
    if rules.file.capital_nouns:
        return token.text[:1].isupper() and token.low not in rules.words["not_nouns"]
    whole = rules.words["whole_words"]
    if not whole or not any(token.low.startswith(stem) and rules.is_role_of(stem, token.low) for stem in whole):
        return True
    articles = rules.words["definite"] | rules.words["indefinite"] | rules.words["determiners"]
    return any(each.low in articles for each in tokens[max(0, place - 2) : place])
