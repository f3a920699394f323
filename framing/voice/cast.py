"""Coreference within one document: pronouns, surnames and roles resolved to the name that the document uses."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from dataclasses import replace

from framing.voice.bodies import Bodies, is_body_name
from framing.voice.descriptions import Descriptions, read_gender
from framing.voice.full_names import FullNames
from framing.voice.mentions import Mentions
from framing.voice.names import find_gender, find_names, split_name, strip_office
from framing.voice.owners import Owners, read_owner
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.persons import PersonReader
from framing.voice.roles import FORMER, PARTIES, Role, read_role
from framing.voice.sides import OFFICIAL, Sides
from framing.voice.words import word_set

__all__ = ["UNNAMED", "Cast"]

UNNAMED = "not named"
_BODIES = word_set("bodies")
_GROUPS = word_set("groups")
_LOCAL = word_set("local")
_STATED = word_set("of_a_state")
_OF_ANOTHER = re.compile(r"\b[A-Z]\w+[’']s\b")  # somebody's ministry, though we do not know the name as a state's
_DAYS = word_set("days")
_WORD = re.compile(r"\w+")
_THIRD_SINGULAR = ("he", "she", "his", "her", "him")
_THIRD_PLURAL = ("they", "their", "one of them", "one", "some of them", "both", "another")
_SUBJECT_BONUS = 160  # characters by which a subject counts as nearer than it is
_FULL_NAME_BONUS = 80
_SPEAKER_BONUS = 40
_GENDER_BONUS = 50
_BONUSES = _SUBJECT_BONUS + _FULL_NAME_BONUS + _SPEAKER_BONUS + _GENDER_BONUS
_THING_MALUS = 600
_KIN = word_set("kin")
_OWNED = re.compile(
    r"^(?P<owner>[^,]+?)(?:[’']s|(?<=s)[’']) (?:[\w-]+ ){0,2}(?:" + "|".join(sorted(word_set("documents"))) + ")$"
)


class Cast:
    """Mentions of a document in reading order, and the antecedent of a later pronoun, surname or role.

    In "Ada Lund, a nurse, came late. She said …" the antecedent of "She" is "Ada Lund".

    Parameters
    ----------
    sides : Sides
        Names of states and organisations.
    """

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._people = Mentions()
        self._bodies = Mentions()
        self._capitalised = Mentions()  # subjects of two or three capitalised words that are no known person
        self._names = FullNames()
        self._persons = PersonReader(sides, self._names)
        self._kinds = Bodies()
        self.owners = Owners(sides)
        self._said = Descriptions()
        self._side_places: list[int] = []
        self._side_names: list[str] = []

    def announce(self, mention: Mention, at: int) -> None:
        """Take note of a full name, before the document is read: a headline may say but the surname.

        Parameters
        ----------
        mention : Mention
            As read in one block, outside quotations.
        at : int
            Offset in the document.
        """
        name = strip_office(mention.name)
        if self._persons.is_full_name(mention, name):
            self._names.add(name, at)

    def announce_names(self, text: str, at: int) -> None:
        """Take note of the full names in a stretch of the outlet's own text by their given names.

        Parameters
        ----------
        text : str
            The stretch.
        at : int
            Its offset in the document.
        """
        for start, name in find_names(text):
            if not is_body_name(name) and not self._persons.holds_side(name):
                self._names.add(name, at + start)

    def add(self, mention: Mention, at: int, *, speaks: bool = False) -> None:
        """Add a name or role outside quotations.

        Parameters
        ----------
        mention : Mention
            As read in one block.
        at : int
            Offset in the document; that of a later block is greater.
        speaks : bool, default False
            Whether a cue has it as its speaker.
        """
        address, mention = find_gender(mention.name), replace(mention, name=strip_office(mention.name))
        if mention.subject and self._persons.is_body(mention):
            self._bodies.add(mention, at)
        words = split_name(mention.name)
        if words and words[0].lower() in ("no", "neither", "nobody", "none"):
            return
        if words and words[-1][:1].isupper() and (not mention.person or is_body_name(mention.name)):
            self._kinds.add(mention.name, mention.description, at)
        mention = read_owner(mention, self._names, at)
        if not self._persons.is_person(mention, speaks=speaks):
            is_name = 2 <= len(words) <= 3 and all(word[:1].isupper() for word in words)
            if mention.subject and is_name and not self._persons.holds_side(mention.name):
                self._capitalised.add(mention, at)
            return
        role = self._read_role(mention.name)
        name = (self._find_by_role(mention, role, at) if role else "") or self._resolve(mention.name, at)
        if address:
            self._said.set_gender(name, address)
        self._said.add(name, mention.description)
        if speaks:
            self._names.hear(name, at)
        plural = mention.plural and not self._names.find(name)  # Leonard Two Bulls is one
        self._people.add(replace(mention, name=name, plural=plural), at, speaks=speaks)

    def add_sides(self, text: str, at: int) -> list[tuple[int, int]]:
        """Add the states and organisations that a stretch of the outlet's own text names, regions left out.

        Parameters
        ----------
        text : str
            The stretch.
        at : int
            Its offset in the document; that of a later stretch is greater.

        Returns
        -------
        list of tuple of int
            Start and end of each name, of regions as well.
        """
        for start, _, side in (found := self._sides.find_names(text)):
            if side not in self._sides.weak:
                self._side_places.append(at + start)
                self._side_names.append(side)
        return [(start, end) for start, end, _ in found]

    def find_speaker(self, mention: Mention, at: int) -> tuple[str, str]:
        """The name that a mention stands for, with the description that its group is read from.

        Parameters
        ----------
        mention : Mention
            A name, role or pronoun: "she" where Ada Lund has been named before.
        at : int
            Offset in the document where it is read.

        Returns
        -------
        tuple of str
            Name and description; a name that is empty stands for nobody.
        """
        lowered = mention.name.lower()
        if lowered in _THIRD_SINGULAR:
            gender = "she" if lowered in ("she", "her") else "he"
            name = self._find_antecedent(at, gender)
            if name is None:
                return mention.name, ""
            self._said.set_gender(name, gender)
            return name, self._said.read(name)
        if lowered == "it":
            body = self._bodies.find_latest(at)
            return (body.name, body.description) if body else ("", "")
        if lowered in _THIRD_PLURAL:
            return self._find_plural(mention, at)
        if lowered in ("the former", "the latter"):
            names = self._people.list_latest_names(at, self._resolve)[-2:]
            name = names[lowered == "the latter"] if len(names) == 2 else mention.name
            return name, self._said.read(name)
        full = self._names.find(strip_office(mention.name), at)
        if full:
            return full, self._said.read(full) or mention.description
        owned = _OWNED.match(mention.name)
        if owned is not None:
            owner = owned.group("owner")
            return self.find_speaker(replace(mention, name=owner, plural=False), at)
        role = self._read_role(mention.name)
        if role is not None:
            body = self._find_body(role.noun, at)
            if body is not None:
                return body.name, body.description
            name = self._kinds.find(role.noun, at) or self._find_by_role(mention, role, at)
            if name:
                return name, self._said.read(name)
        name = self.owners.fill_in(strip_office(mention.name), at)
        return name, self._said.read(name) or mention.description

    def find_other(self, name: str, at: int) -> tuple[str, str]:
        """Whoever answers: the person named last who is not the one that asked.

        Parameters
        ----------
        name : str
            Who asked.
        at : int
            Offset in the document.

        Returns
        -------
        tuple of str
            Name and description; `not named` where nobody else has been named.
        """
        other = self._find_antecedent(at, "", but=name)
        return (other, self._said.read(other)) if other else (UNNAMED, "")

    def find_group(self, name: str, description: str, at: int) -> str:
        """The side or group of a speaker.

        Parameters
        ----------
        name, description : str
            As `find_speaker` gives them.
        at : int
            Offset in the document.

        Returns
        -------
        str
            As in `Sides.group_of`; a ministry without a state has the one state that the text before names.
        """
        group = self._sides.group_of(name, description)
        words = {word.lower() for word in _WORD.findall(f"{name} {description[:80]}")}
        if group != OFFICIAL or words & _LOCAL or not words & _STATED or _OF_ANOTHER.search(name):
            return group
        number = bisect_left(self._side_places, at)
        preceding = self._side_names[max(0, number - 3) : number]
        return preceding[-1] if len(set(preceding)) == 1 else group

    def _resolve(self, name: str, at: int = sys.maxsize) -> str:
        return self._names.find(name, at) or name

    def _find_antecedent(self, at: int, gender: str, *, but: str = "", among: set[str] | None = None) -> str | None:
        """The person whom a singular pronoun at offset `at` means: the nearest, subjects and speakers first."""
        best: tuple[int, int, str] | None = None
        for key, occurrences in self._people.list_groups():
            place, order = occurrences.find_nearest(at)
            if order < 0 or key.plural or (best and place + _BONUSES < best[0]):
                continue
            name = self._resolve(key.name)
            known = self._said.find_gender(name)
            if name == but or (among is not None and name not in among) or (gender and known not in ("", gender)):
                continue
            is_full = len(split_name(name)) >= 2 and name[:1].isupper()
            nearness = place + _SUBJECT_BONUS * key.subject + _FULL_NAME_BONUS * is_full
            nearness += _SPEAKER_BONUS * key.speaks + _GENDER_BONUS * bool(known)
            if gender and not known and not self._persons.may_be_pronoun(key, at - place):
                nearness -= _THING_MALUS  # "the museum said" makes it no "he"
            if best is None or (nearness, order) > best[:2]:
                best = nearness, order, name
        if best is not None:
            return best[2]
        capitalised = self._capitalised.find_latest(at) if gender else None
        return capitalised.name if capitalised else None

    def _find_plural(self, mention: Mention, at: int) -> tuple[str, str]:
        """Name and description of whom "they" or "both" means."""
        group = self._people.find_latest(at, lambda key: key.plural)
        if group is not None:
            return group.name, group.description
        if mention.name.lower() in ("one", "both", "another"):
            return mention.name, mention.description
        name = self._find_antecedent(at, "")
        return (name, self._said.read(name)) if name else (mention.name, "")

    def _find_body(self, role: str, at: int) -> Mention | None:
        """The organisation that a role means: for "the agency" the one whose name ends so."""
        return self._bodies.find_latest(
            at,
            lambda key: (
                (key.head == role and len(key.name.split()) > 2) or (role in _GROUPS and self._sides.is_side(key.name))
            ),
        )

    def _read_role(self, name: str) -> Role | None:
        """A role that names nobody; "the Norwegian minister" says for whom she speaks, and stays."""
        role = read_role(name)
        return role if role is not None and (role.noun in PARTIES or not self._sides.find_names(name)) else None

    def _find_by_role(self, mention: Mention, role: Role, at: int) -> str:
        """The person whom a role means: the last so described, or whoever was named last: "the nurse", Ada Lund."""
        lowered = mention.name.lower()
        gender = read_gender({role.noun})
        if role.noun in _BODIES:
            return ""
        if role.is_possessive and role.noun in _KIN:
            return self._find_relative(gender, at)
        best: tuple[int, int, str] | None = None
        for key, occurrences in self._people.list_groups():
            order = -1 if key.plural else occurrences.find_latest(at)
            if order < 0:
                continue
            name = self._resolve(key.name)
            words = self._said.read_words(name)
            if role.alike.isdisjoint(words) or name.lower() == lowered:
                continue
            if gender and self._said.find_gender(name) not in ("", gender):
                continue
            is_former = not words.isdisjoint(FORMER - role.qualities)
            rank = len(role.qualities & words) - is_former, order, name
            best = rank if best is None else max(best, rank)
        if best is not None:
            return best[2]
        return "" if mention.plural or not role.is_epithet else self._find_by_epithet(role, gender, at)

    def _find_by_epithet(self, role: Role, gender: str, at: int) -> str:
        """Whom an epithet means that nobody was given: the only person named so far, or the one named last."""
        groups = self._people.list_groups()
        names = {self._resolve(key.name) for key, each in groups if key.person and each.find_latest(at) >= 0}
        if role.noun not in _KIN and not role.means_last:  # of one word, it may be a town's name
            names = {name for name in names if len(split_name(name)) > 1}
        names = {name for name in names if not gender or self._said.find_gender(name) in ("", gender)}
        if role.noun in PARTIES:
            names = {name for name in names if self._said.read_words(name).isdisjoint(PARTIES)}
        if len(names) == 1:
            return names.pop()
        return (self._find_antecedent(at, gender, among=names) if role.means_last else None) or ""

    def _find_relative(self, gender: str, at: int) -> str:
        """Whom "her father" means: of the family of the last speaker, by the surname."""
        owner = self._find_antecedent(at, "")
        if owner is None:
            return ""
        surname = split_name(owner)[-1]
        latest = self._people.find_latest(
            at,
            lambda key: (
                not key.plural
                and self._resolve(key.name) != owner
                and split_name(self._resolve(key.name))[-1:] == [surname]
                and self._said.find_gender(self._resolve(key.name)) == gender
            ),
        )
        return self._resolve(latest.name) if latest is not None else ""
