"""The persons of one document in a language with cases: full names, surnames and roles, each as one person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from framing.voice.languages.nominative import to_nominative
from framing.voice.languages.rules import LanguageRules
from framing.voice.languages.unspaced import find_names

__all__ = ["Name", "People", "Person", "find_runs"]

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽА-ЯЁЄІЇҐ][\w’'-]*"
_INITIAL = r"[A-ZÀ-ÖА-ЯЁЄІЇҐ]\."
_SENTENCE_START = re.compile(r"(?:[.!?…:]|[–—])[\s“”„«»‘’\"]*\Z")
_LAST_WORD = re.compile(r"([^\W\d_]+)[ ’'\u00a0]+$")
_HAS_AGE = re.compile(r",[ \u00a0]\(?\d{1,2}(?:[ \u00a0](?:ans|Jahre))?(?:\s\w+)?[,)]")  # Tilda, 19, Studentin
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_NEAR = 2000  # characters behind a name in which it is said again
_LONGEST = 4  # words of a name


@dataclass(slots=True)
class Person:
    """Somebody whom a document names, or lets speak without a name.

    Attributes
    ----------
    name : str
        As the document gives it, in the first case where it has that.
    words : list of str
        Words of the name; none of somebody without a name.
    gender : str
        `she`, `he`, or nothing.
    description : str
        What the document says of the person.
    place : int
        Offset of the first mention.
    heard : int
        Offset where the person has spoken last; -1 before that.
    seen : int
        Offset of the last mention.
    """

    name: str
    words: list[str]
    gender: str = ""
    description: str = ""
    place: int = 0
    heard: int = -1
    seen: int = -1

    def describe(self, text: str) -> None:
        """Add a description.

        Parameters
        ----------
        text : str
            The text.
        """
        text = text.strip()
        if text and text not in self.description and len(self.description) < 400:
            self.description = f"{self.description}; {text}" if self.description else text


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words that may be a name: `text[start:end]`."""

    start: int
    end: int
    words: tuple[str, ...]
    sure: bool  # whether its first word is a usual given name
    articled: bool = False  # whether an article stands before it, as before a noun


@lru_cache(maxsize=32)
def _pattern(rules: LanguageRules) -> re.Pattern[str]:
    particles = "|".join(sorted(rules.words["parts_of_names"], reverse=True)).replace("_", "[ \u00a0]") or "(?!)"
    word = rf"(?:{_INITIAL}|{_CAPITAL})"
    return re.compile(rf"(?<![\w’'-]){word}(?:[ \u00a0](?:(?:{particles})[ \u00a0]){{0,1}}{word})*")


def find_runs(text: str, rules: LanguageRules, start: int = 0, end: int | None = None) -> Iterator[Name]:
    """Runs of capitalised words, without the roles, titles and first words of sentences before a name.

    Parameters
    ----------
    text : str
        The outlet's own text.
    rules : LanguageRules
        Rules of its language.
    start, end : int, optional
        The stretch that is searched.

    Yields
    ------
    Name
        In order.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> [(name.words, name.sure) for name in find_runs("Gestern kam Ministerin Anna Kranz.", read_rules("de"))]
    [(('Gestern',), False), (('Anna', 'Kranz'), True)]
    """
    end = len(text) if end is None else end
    if not rules.file.spaced:
        for low, high in find_names(text, start, end, rules):
            yield Name(low, high, (text[low:high],), True)
        return
    for match in _pattern(rules).finditer(text, start, end):
        words = [(item.group(), match.start() + item.start()) for item in re.finditer(r"\S+", match.group())]
        given = next((n for n, (word, _) in enumerate(words[:-1]) if rules.find_given(word)), -1)
        if given >= 0:
            yield _make_name(text, words[given:], sure=True)
            continue
        titles = rules.words["titles"]
        roles = (
            n for n, (word, _) in enumerate(words[:-1]) if rules.find_role(word) and word.rstrip(".") not in titles
        )
        role = max(roles, default=-1)
        if role >= 0 and _is_body(words[role][0], rules):  # Universität Port Aubry, Anna Kranz von der Universität
            while role >= 0 and (_is_body(words[role][0], rules) or words[role][0].islower()):
                words, role = words[:role], role - 1
            role = max((n for n, (word, _) in enumerate(words[:-1]) if rules.find_role(word)), default=-1)
            if not words:
                continue
        words = words[role + 1 :]
        titled = False
        while len(words) > 1 and (
            (len(words) > 2 and _is_state_in_genitive(words[0][0], rules))
            or words[0][0] in rules.words["not_names"]
            or words[0][0].rstrip(".") in rules.words["titles"]
            or (len(words) > 2 and len(words[0][0]) > 2 and words[0][0].isupper())  # США Дональд Трамп
        ):
            titled = words[0][0].rstrip(".") in rules.words["titles"]
            words = words[1:]
        while rules.words["bodies"] and len(words) > 1 and words[0][0].islower():
            words = words[1:]  # Originaire de Lodève
        if rules.words["bodies"] and len(words) == 1 and words[0][0].rstrip(".") in rules.words["titles"]:
            continue
        if titled:  # M. Laval
            yield _make_name(text, words, sure=True)
            continue
        before = _LAST_WORD.search(text, max(0, words[0][1] - 24), words[0][1])
        may_be_adjective = rules.file.capital_nouns and role < 0 and _opens_sentence(text, words[0])
        if may_be_adjective and not _is_named_again(text, words, rules):
            continue  # Lange Pause
        articled = role < 0 and before is not None and before.group(1).lower() in _articles(rules)
        if articled and rules.words["bodies"] and len(words) > 2 and _is_noun(words, rules):
            words, articled = words[1:], False  # der Däne Jan Holm, le Danois Jan Holm
        is_aged = bool(rules.words["bodies"]) and _HAS_AGE.match(text, words[-1][1] + len(words[-1][0])) is not None
        yield _make_name(text, words, sure=is_aged, articled=articled)


def _is_noun(words: list[tuple[str, int]], rules: LanguageRules) -> bool:
    """Whether the first word of a run behind an article is a noun before a name, and no part of a longer name."""
    word = words[0][0]
    return words[1][0][:1].isupper() and not (
        rules.file.capital_nouns and word.endswith(("er", "es", "en")) and len(word) > 5
    )


def _is_body(word: str, rules: LanguageRules) -> bool:
    """Whether a German word names a body, whose name follows it."""
    bodies = tuple(rules.words["bodies"])
    return rules.file.compounds and bool(bodies) and word.lower().endswith(bodies)


def _is_state_in_genitive(word: str, rules: LanguageRules) -> bool:
    """Whether a word before a name is the state of a role: министр Польши Ян Ковальчик."""
    if not rules.file.cases or rules.find_given(word):
        return False
    is_side = any(word.lower().startswith(stem) for stems in rules.sides.values() for stem in stems if len(stem) > 3)
    return word.endswith(("ии", "ії")) or (is_side and word.endswith(("ы", "и", "і", "а", "я")))


def _opens_sentence(text: str, word: tuple[str, int]) -> bool:
    """Whether a word opens a sentence and ends as adjectives do."""
    before = text[max(0, word[1] - 6) : word[1]]
    opens = word[1] == 0 or _SENTENCE_START.search(before) is not None or not before.strip()
    return opens and word[0].endswith(("e", "en", "es"))


def _is_named_again(text: str, words: list[tuple[str, int]], rules: LanguageRules) -> bool:
    """Whether a verb of speech follows two words, or their last is said again: Eike Roth lacht."""
    last, place = words[-1]
    end = place + len(last)
    if len(words) < 2 or rules.find_role(last):
        return False
    return rules.verb.match(text, end + 1) is not None or last in set(_WORD.findall(text, end, end + _NEAR))


def _articles(rules: LanguageRules) -> frozenset[str]:
    """Words before a noun that stand before no name."""
    return rules.words["definite"] | rules.words["indefinite"] | rules.words["article_forms"]


def _make_name(text: str, words: list[tuple[str, int]], *, sure: bool, articled: bool = False) -> Name:
    words = words[: _LONGEST + sum(word[:1].islower() for word, _ in words)]
    end = words[-1][1] + len(words[-1][0])
    return Name(words[0][1], end, tuple(word for word, _ in words), sure, articled)


@dataclass(slots=True)
class People:
    """All persons of a document, found by any form of their names.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> people = People(read_rules("ru"))
    >>> _ = people.add(("Ирина", "Мороз"), 0)
    >>> people.find(("Мороз",)).name, people.find(("Ириной", "Мороз")).name
    ('Ирина Мороз', 'Ирина Мороз')
    """

    rules: LanguageRules
    persons: list[Person] = field(default_factory=list)

    def add(self, words: tuple[str, ...], place: int) -> Person:
        """Add a name, or find the person whose name it is.

        Parameters
        ----------
        words : tuple of str
            The name, in any case.
        place : int
            Offset in the document.

        Returns
        -------
        Person
            Whose name it is.
        """
        person = self.find(words)
        name, gender = to_nominative(words, self.rules)
        if person is None or len(person.words) < len(words):
            if person is None:
                person = Person(name, name.split(), gender, place=place)
                self.persons.append(person)
            else:
                person.name, person.words = name, name.split()
        elif (
            self.rules.file.spaced
            and len(words) == len(person.words)
            and " ".join(words) == name
            and person.name != name
        ):
            person.name, person.words = name, name.split()  # the first case, as the document has it
        person.gender = person.gender or gender
        return person

    def add_unnamed(self, description: str, gender: str, place: int) -> Person:
        """Add somebody without a name, who may be meant again by a role or pronoun.

        Parameters
        ----------
        description : str
            The words that describe the person.
        gender : str
            `he`, `she` or empty.
        place : int
            Place in the text.

        Returns
        -------
        Person
            The new person.
        """
        for person in self.persons:
            if not person.words and person.name.lower() == description.lower():
                return person
        person = Person(description, [], gender, description, place)
        self.persons.append(person)
        return person

    def find(self, words: tuple[str, ...]) -> Person | None:
        """The person whom a name means, in any case, whole or in part.

        Parameters
        ----------
        words : tuple of str
            A full name, a surname or a given name.

        Returns
        -------
        Person or None
            None where nobody of that name is known.
        """
        words = tuple(word for word in words if word.rstrip(".") not in self.rules.words["titles"]) or words
        best: tuple[tuple[bool, int], Person] | None = None
        if not self.rules.file.spaced:
            return self._find_unspaced(words[0])
        for person in self.persons:
            if person.words and _is_part(words, person.words, self.rules):
                is_last = self.rules.same_word(words[-1], person.words[-1])
                rank = (is_last, max(person.heard, person.seen))
                if best is None or rank > best[0]:
                    best = rank, person
        return best[1] if best else None

    def _find_unspaced(self, name: str) -> Person | None:
        """The person of a name, of the last part of it, or of a surname with a title."""
        for person in self.persons:
            if person.words and (person.name == name or re.split("[·•・]", person.name)[-1] == name):
                return person
        return None


def _is_part(words: tuple[str, ...], full: list[str], rules: LanguageRules) -> bool:
    """Whether the words of a name are words of a fuller one, or the other way round."""
    short, long = (list(words), full) if len(words) <= len(full) else (full, list(words))
    if len(short) == 1 and len(short[0]) < 2:
        return False
    if len(words) > len(full) and not rules.same_word(words[-1], full[-1]):
        return False
    return all(any(_same(one, other, rules) for other in long) for one in short)


def _same(one: str, other: str, rules: LanguageRules) -> bool:
    if one.endswith(".") and len(one) == 2:
        return other.startswith(one[0])
    return rules.same_word(one, other)
