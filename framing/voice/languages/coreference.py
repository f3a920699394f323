"""Whom a name, pronoun or role means, by all that a document has said before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from framing.voice.languages.mention import Attribution, Mention
from framing.voice.languages.people import People, Person
from framing.voice.languages.rules import LanguageRules

__all__ = ["SUBJECT_BONUS", "Coreference", "strip_adverbs"]

SUBJECT_BONUS = 40  # characters by which the first mention of a sentence counts as nearer than it is

_FIRST_CASE = tuple("бвгджзйклмнпрстфхцчшщь")  # last letters of the roles of men
_ELIDED = re.compile(r"\b[lL][’']")
_AGE = re.compile(r"\s+(?:de \d+ ans|en chef)\b")
_FAR = 600  # characters from other words for a person back to the name
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


class Coreference:
    """Resolves mentions of a document.

    Parameters
    ----------
    people : People
        The persons of the document.

    Attributes
    ----------
    last : Person or None
        Who has spoken last.
    """

    def __init__(self, people: People) -> None:
        self.last: Person | None = None
        self._people = people
        self._rules = people.rules

    def resolve(self, attribution: Attribution, low: int) -> Person | None:
        """Find the person whom an attribution means.

        Parameters
        ----------
        attribution : Attribution
            Who is said to speak.
        low : int
            Start of the quotation.

        Returns
        -------
        Person or None
            None where nobody can be meant.
        """
        mention = attribution.mention
        at = low + mention.start
        if mention.kind == "name":
            person = self._people.add(mention.words, at)
            if self._rules.file.cases and _is_in_first_case(mention):
                person.name, person.words = " ".join(mention.words), list(mention.words)
            before = mention.text.split(mention.words[0])[0]
            person.describe(before)
            person.gender = person.gender or mention.gender
            return person
        if mention.kind == "pronoun":
            antecedent = self._find_antecedent(mention.gender, at)
            if antecedent is not None and self._rules.words["bodies"]:
                antecedent.gender = antecedent.gender or mention.gender
            return antecedent
        kinds = ("role", "phrase") if self._rules.words["bodies"] else ("role",)
        is_known = mention.kind in kinds and not mention.indefinite
        described = self.find_by_role(mention, at) if is_known else None
        if described is not None:
            return described
        return self._people.add_unnamed(strip_adverbs(mention.text, self._rules), mention.gender, at)

    def _find_antecedent(self, gender: str, at: int) -> Person | None:
        """Whom a pronoun means: of those of its gender who spoke or were named before, the last."""
        best: tuple[int, Person] | None = None
        for person in self._people.persons:
            place = max(person.heard, person.seen if person.seen < at + SUBJECT_BONUS else -1)
            if place < 0 or (gender and person.gender and person.gender != gender):
                continue
            place += 80 if gender and person.gender == gender else 0
            place -= 250 if self._rules.file.spaced and len(person.words) == 1 and not person.gender else 0  # Осло
            if best is None or place > best[0]:
                best = place, person
        return best[1] if best else self.last

    def find_by_role(self, mention: Mention, at: int) -> Person | None:
        """Whom a role means: who was so described, or, of one word with an article, who spoke last.

        Parameters
        ----------
        mention : Mention
            The words that mean somebody.
        at : int
            Place in the document.

        Returns
        -------
        Person or None
            None where nobody was described so.
        """
        rules = self._rules
        words = [word.lower() for word in _WORD.findall(_ELIDED.sub("l ", _AGE.sub("", mention.text)))]
        heads = [mention.head] if mention.head else words
        is_loose = not rules.words["bodies"]  # else a role of its own is nobody's but who was described so
        stems = self._list_stems(heads, alike=is_loose)
        best: tuple[int, Person] | None = None
        for person in self._people.persons:
            known = [word.lower() for word in _WORD.findall(person.description)]
            if person.place > at or stems.isdisjoint(self._list_stems(known, alike=bool(person.words) or is_loose)):
                continue
            if mention.gender and person.gender and mention.gender != person.gender:
                continue
            if len(words) > 3 and not _share(words, known):
                continue
            place = max(person.heard, person.seen if person.seen < at else -1, person.place)
            if best is None or place > best[0]:
                best = place, person
        if best is not None:
            newer = None if is_loose else self._find_undescribed(mention, stems, best, at)
            return newer or best[1]
        first = mention.text.lower()
        if any(first.startswith(word) for word in rules.words["demonstratives"]):
            return self._find_antecedent(mention.gender, at)
        small = rules.words["definite"] | rules.words["ranks"]
        rest = [word for word in words if word not in small]
        if len(rest) == 3 and rest[1] in rules.words["genitive"]:
            rest = rest[:1]  # le chef de chantier
        is_bare = len(rest) == 1 or (len(rest) == 2 and rest[0].endswith(rules.words_of("adjective_endings") or ("",)))
        if not is_bare and not is_loose and words[0] in rules.words["definite"]:
            return self._find_recent(mention, rest, at, described=False)
        if not is_bare or words[0] not in rules.words["definite"]:
            return None
        if rules.words["bodies"]:
            return self._find_recent(mention, rest, at)
        if self.last is None or not self.last.words:
            return self._find_seen(mention.gender, at)
        is_other = mention.gender and self.last.gender and self.last.gender != mention.gender
        return None if is_other else self.last

    def _find_undescribed(self, mention: Mention, stems: set[str], best: tuple[int, Person], at: int) -> Person | None:
        """Who was named since and not described, where the person found has only a role like the one that is said."""
        person = best[1]
        known = [word.lower() for word in _WORD.findall(person.description)]
        if not person.words or not stems.isdisjoint(self._list_stems(known, alike=False)):
            return None
        newer = self._find_recent(mention, [mention.head or mention.text.lower()], at, described=False)
        return newer if newer is not None and max(newer.heard, newer.seen) > best[0] else None

    def _find_recent(self, mention: Mention, rest: list[str], at: int, *, described: bool = True) -> Person | None:
        """Who was named or spoke last, where other words for the same person may follow: der Liberale, l’édile.

        A body is nobody's other name, and nobody is an official by one word and an expert by the next.
        """
        bodies = tuple(self._rules.words["bodies"])
        noun = mention.head or rest[-1]
        nouns = [noun] if mention.head or self._rules.file.compounds else rest[:2]
        if any(word.endswith(bodies) if self._rules.file.compounds else word.startswith(bodies) for word in nouns):
            return None
        kind = self._rules.find_role(noun) if mention.kind == "role" else ""
        best: tuple[int, Person] | None = None
        for person in self._people.persons:
            place = max(person.heard, person.seen if person.seen < at else -1)
            if place < 0 or at - place > _FAR or not (person.words or self._may_be_named_again(person, mention, kind)):
                continue
            if mention.gender and person.gender and person.gender != mention.gender:
                continue
            if not described and (person.description or not person.words):
                continue
            kinds = {self._rules.find_role(word) for word in _WORD.findall(person.description)} - {""}
            if kind == "officials" and len(rest) == 1 and person.description:
                continue  # another office than that of the person
            if kind != "others" and kind and kinds - {"others"} and kind not in kinds:
                continue
            if best is None or place > best[0]:
                best = place, person
        return best[1] if best else None

    def _may_be_named_again(self, person: Person, mention: Mention, kind: str) -> bool:
        """Whether other words may mean somebody without a name who has not spoken: l’entraîneur, le technicien."""
        is_same = bool(mention.gender) and mention.gender == person.gender
        return is_same and person.heard < 0 <= person.seen and kind in ("", "others")

    def _find_seen(self, gender: str, at: int) -> Person | None:
        """The person of a gender who was named last, where nobody has spoken."""
        persons = [
            each for each in self._people.persons if each.words and 0 <= each.place < at and each.gender == gender
        ]
        return max(persons, key=lambda each: each.place, default=None) if gender else None

    def name(self, person: Person, at: int) -> Person:
        """Give a name to somebody who was introduced without one: Le vieil homme se lève. Il s’appelle Luc Vidal.

        Parameters
        ----------
        person : Person
            Who has the name.
        at : int
            Place of the name in the document.

        Returns
        -------
        Person
            The person, who is from now on the one described before.
        """
        earlier = [each for each in self._people.persons if not each.words and max(each.seen, each.heard) < at]
        before = max(earlier, key=lambda each: max(each.seen, each.heard), default=None)
        if before is None or person.heard >= 0 or 0 <= person.seen < at:
            return person
        if before.gender and person.gender and before.gender != person.gender:
            return person
        self._people.persons.remove(before)
        person.describe(before.description)
        person.gender = person.gender or before.gender
        if self.last is before:
            self.last = person
        return person

    def _list_stems(self, words: Iterable[str], *, alike: bool = True) -> set[str]:
        return {stem for word in words for stem in _find_stems(self._rules, word, alike=alike)}


@lru_cache(maxsize=50_000)
def _find_stems(rules: LanguageRules, word: str, *, alike: bool = True) -> frozenset[str]:
    """The roles that a word may name: its own, and those which one person may have with it."""
    found: set[str] = set()
    for stem in (stem for stems in rules.roles.values() for stem in stems):
        if rules.is_role_of(stem, word) or (rules.file.compounds and len(stem) > 3 and stem in word):
            found.add(stem)
            for group in rules.alike if alike else ():
                if any(stem.startswith(each) or each.startswith(stem) for each in group):
                    found.update(group)
    return frozenset(found)


def _is_in_first_case(mention: Mention) -> bool:
    """Whether a name follows a role whose ending says that both are in the first case: лидер Инге Фальк."""
    is_whole = len(mention.words) > 1 and bool(mention.head) and not mention.oblique
    return is_whole and mention.head.endswith(_FIRST_CASE)


def _share(words: list[str], known: list[str]) -> bool:
    """Whether two descriptions have a word beyond the role in common."""
    return len({word[:5] for word in words if len(word) > 3} & {word[:5] for word in known if len(word) > 3}) >= 2


def strip_adverbs(text: str, rules: LanguageRules) -> str:
    """Take adverbs off both ends of some words.

    Parameters
    ----------
    text : str
        The text.
    rules : LanguageRules
        Rules of the language.

    Returns
    -------
    str
        The words without adverbs at either end.
    """
    words = text.split()
    drop = rules.words["adverbs"] - rules.words["definite"] - rules.words["indefinite"]
    while len(words) > 1 and words[0].lower() in drop:
        words = words[1:]
    while len(words) > 1 and words[-1].lower() in drop:
        words = words[:-1]
    return " ".join(words).strip(" ,;:–—")
