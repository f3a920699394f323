"""Coreference within one document: pronouns, surnames and roles resolved to the name that the document uses."""

from __future__ import annotations

import re
from bisect import bisect_left

from framing.voice.mentions import MentionKey, Mentions
from framing.voice.parsed.noun_phrases import Mention
from framing.voice.sides import OFFICIAL, Sides
from framing.voice.words import EXPERTS, OFFICIALS, PEOPLE, RESIDENTS, TITLES, word_set

__all__ = ["UNNAMED", "Cast"]

UNNAMED = "not named"
_SHE = word_set("women")
_HE = word_set("men")
_BODIES = word_set("bodies")
_WRITERS = word_set("writers")
_GROUPS = word_set("groups")
_PRONOUNS = word_set("pronouns")
_AGENTS = ("er", "or", "ist", "ian", "ive", "man", "eer")
_PLURAL_AGENTS = ("ers", "ors", "ists", "ians", "men", "eers", "ives")
_THINGS = word_set("things")
_LOCAL = word_set("local")
_GENERIC = {  # a role, and those that it may stand for
    "official": OFFICIALS, "officials": OFFICIALS, "politician": OFFICIALS,
    "diplomat": {"ambassador", "envoy", "minister"},
    "expert": EXPERTS, "analyst": EXPERTS, "scholar": EXPERTS, "academic": EXPERTS, "researcher": EXPERTS,
    "envoy": {"envoy", "ambassador"}, "officer": {"colonel", "captain", "major", "general", "lieutenant"},
    "leader": {"president", "premier", "chancellor"}, "professor": {"professor", "lecturer", "teaches"},
}  # fmt: skip
_STATED = word_set("of_a_state")
_OF_ANOTHER = re.compile(r"\b[A-Z]\w+[’']s\b")  # somebody's ministry, though we do not know the name as a state's
_DESCRIBING = word_set("describing")
_COLLECTIVES = word_set("collectives")
_DAYS = word_set("days")
_WORD = re.compile(r"\w+")
_THIRD_SINGULAR = ("he", "she", "his", "her", "him")
_THIRD_PLURAL = ("they", "their", "one of them", "one", "some of them", "both", "another")
_SUBJECT_BONUS = 160  # characters by which a subject counts as nearer than it is
_FULL_NAME_BONUS = 80
_LONGEST_DESCRIPTION = 600  # characters


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
        self._full_names: dict[str, Mention] = {}  # by surname
        self._descriptions: dict[str, str] = {}
        self._words: dict[str, set[str]] = {}  # of a name and its description, in lower case
        self._genders: dict[str, str] = {}
        self._side_places: list[int] = []
        self._side_names: list[str] = []

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
        head = mention.head or mention.name.lower()
        if mention.subject and (self._sides.is_side(mention.name) or head in _BODIES or self._is_body(mention.name)):
            self._bodies.add(mention, at)
        if not self._is_person(mention, speaks):
            words = mention.name.split()
            is_name = 2 <= len(words) <= 3 and all(word[:1].isupper() for word in words)
            if mention.subject and is_name and not self._sides.find_names(mention.name):
                self._capitalised.add(mention, at)
            return
        self._describe(self._resolve(mention.name), mention.description)
        words = _split_name(mention.name)
        capitals = [word for word in words if word[:1].isupper() and word not in TITLES]
        if len(capitals) >= 2 or (len(words) >= 2 and words[0] in TITLES):
            self._full_names.setdefault(words[-1], mention)
        self._people.add(mention, at)

    def add_sides(self, text: str, at: int) -> None:
        """Add the states and organisations that a stretch of the outlet's own text names, regions left out.

        Parameters
        ----------
        text : str
            The stretch.
        at : int
            Its offset in the document; that of a later stretch is greater.
        """
        for start, _, side in self._sides.find_names(text):
            if side not in self._sides.weak:
                self._side_places.append(at + start)
                self._side_names.append(side)

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
            self._genders.setdefault(name, gender)
            return name, self._descriptions.get(name, "")
        if lowered == "it":
            body = self._bodies.find_latest(at)
            return (body.name, body.description) if body else ("", "")
        if lowered in _THIRD_PLURAL:
            return self._find_plural(mention, at)
        full = self._find_full_name(mention.name)
        if full is not None:
            return full.name, self._descriptions.get(full.name, full.description)
        if self._is_bare_role(mention):
            body = self._find_body(lowered.split()[-1], at)
            if body is not None:
                return body.name, body.description
            name = self._find_by_role(mention, at)
            if name:
                return name, self._descriptions.get(name, "")
        return mention.name, self._descriptions.get(mention.name, "") or mention.description

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

    def _describe(self, name: str, description: str) -> None:
        """Add a description to those of a name, and what it says of the gender."""
        known = self._descriptions.get(name, "")
        if description and description not in known and len(known) < _LONGEST_DESCRIPTION:
            self._descriptions[name] = f"{known}; {description}" if known else description
            self._words.pop(name, None)
        words = {word.lower() for word in _WORD.findall(description)} | {word.lower() for word in _split_name(name)}
        for gender, signs in (("she", _SHE - {"her"}), ("he", _HE - {"his", "him"})):
            if words & signs:
                self._genders.setdefault(name, gender)

    def _read_words(self, name: str) -> set[str]:
        if name not in self._words:
            text = f"{name} {self._descriptions.get(name, '')}"
            self._words[name] = {word.lower() for word in _WORD.findall(text)}
        return self._words[name]

    def _find_full_name(self, name: str) -> Mention | None:
        """The full name that a surname, or a title with it, stands for: "Ada Lund" for "Professor Lund"."""
        words = _split_name(name)
        if not words or len(words) > 3 or not words[-1][:1].isupper():
            return None
        full = self._full_names.get(words[-1])
        if full is None:
            return None
        parts = set(_split_name(full.name))
        return full if all(word in parts or word in TITLES for word in words) else None

    def _resolve(self, name: str) -> str:
        full = self._find_full_name(name)
        return full.name if full else name

    def _is_body(self, name: str) -> bool:
        """Whether a name is an organisation's, as "the UN mission"."""
        persons = OFFICIALS - _BODIES | EXPERTS | RESIDENTS
        return bool(self._sides.find_names(name)) and not set(name.lower().split()) & persons

    def _is_person(self, mention: Mention, speaks: bool) -> bool:
        """Whether a mention is a person or several, by role, title, name or the ending of its noun: "a trucker"."""
        words = _split_name(mention.name)
        if not words or self._sides.is_side(mention.name) or mention.name.lower() in _PRONOUNS:
            return False
        head = mention.head or words[-1].lower()
        if head in _BODIES:
            return False
        if head in OFFICIALS | EXPERTS | RESIDENTS | _WRITERS or (speaks and head not in _THINGS):
            return True
        if (len(words) > 1 and words[0] in TITLES) or self._find_full_name(mention.name) is not None:
            return True
        if mention.person and not self._sides.find_names(mention.name):
            return words[0].lower() not in _DAYS
        if mention.plural and mention.subject and head in PEOPLE and head not in _COLLECTIVES:
            return True
        if mention.plural and mention.subject and head.endswith(_PLURAL_AGENTS) and head[:-1] not in _THINGS:
            return True
        article = words[0].lower() in ("a", "an", "one", "another")
        return article and mention.subject and head.endswith(_AGENTS) and head not in _THINGS

    def _find_antecedent(self, at: int, gender: str) -> str | None:
        """The person whom a singular pronoun at offset `at` means: the nearest, subjects and full names first."""
        best: tuple[int, int, str] | None = None
        for key, occurrences in self._people.list_groups():
            place, order = occurrences.find_nearest(at)
            if order < 0 or key.plural or (best and place + _SUBJECT_BONUS + _FULL_NAME_BONUS < best[0]):
                continue
            name = self._resolve(key.name)
            if gender and self._genders.get(name, gender) != gender:
                continue
            is_full = len(_split_name(name)) >= 2 and name[:1].isupper()
            nearness = place + (_SUBJECT_BONUS if key.subject else 0) + (_FULL_NAME_BONUS if is_full else 0)
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
        return (name, self._descriptions.get(name, "")) if name else (mention.name, "")

    def _is_bare_role(self, mention: Mention) -> bool:
        """Whether a mention is a role that names nobody: "the minister"."""
        words = mention.name.lower().split()
        return 1 < len(words) <= 4 and words[0] in ("the", "his", "her") and not self._sides.find_names(mention.name)

    def _find_body(self, role: str, at: int) -> Mention | None:
        """The organisation that a role means: for "the agency" the one whose name ends so."""
        return self._bodies.find_latest(
            at,
            lambda key: (
                (key.head == role and len(key.name.split()) > 2) or (role in _GROUPS and self._sides.is_side(key.name))
            ),
        )

    def _find_by_role(self, mention: Mention, at: int) -> str | None:
        """The person described by the role of a mention, or the only person named so far: "the nurse", Ada Lund."""
        lowered = mention.name.lower()
        role = lowered.split()[-1]
        if role in _BODIES:
            return None
        alike = {role} | set(_GENERIC.get(role, ()))

        def has_role(key: MentionKey) -> bool:
            name = self._resolve(key.name)
            return not key.plural and not alike.isdisjoint(self._read_words(name)) and name.lower() != lowered

        person = self._people.find_latest(at, has_role)
        if person is not None:
            return self._resolve(person.name)
        former = lowered.split()[1] in ("former", "retired") or "-year-old" in mention.name
        if mention.plural or not (role in _DESCRIBING | (RESIDENTS - OFFICIALS) or former):
            return None
        groups = self._people.list_groups()
        names = {self._resolve(key.name) for key, each in groups if key.person and each.find_latest(at) >= 0}
        return names.pop() if len(names) == 1 else None


def _split_name(name: str) -> list[str]:
    """Words of a name without possessives and marks.

    >>> _split_name("St. Lund’s")
    ['St', 'Lund']
    """
    return [word.strip(".,’'") for word in name.replace("’s", "").replace("'s", "").split() if word.strip(".,’'")]
