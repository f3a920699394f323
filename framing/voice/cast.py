"""Those who speak in one document: pronouns, surnames and roles resolved to the name that the document uses."""

from __future__ import annotations

import re

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
_GENERIC = {
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


class Cast:
    """Mentions of a document in reading order, and who a later word stands for."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._people: list[tuple[int, Mention]] = []
        self._full: dict[str, Mention] = {}
        self._described: dict[str, str] = {}
        self._gender: dict[str, str] = {}
        self._bodies: list[tuple[int, Mention]] = []
        self._named: list[tuple[int, Mention]] = []
        self._sided: list[tuple[int, str]] = []

    def add(self, mention: Mention, at: int, *, speaks: bool = False) -> None:
        """A name or role at offset `at`, outside quotations."""
        head = mention.head or mention.name.lower()
        if mention.subject and (self._sides.is_side(mention.name) or head in _BODIES or self._ends_side(mention.name)):
            self._bodies.append((at, mention))
        if not self._is_person(mention, speaks):
            words = mention.name.split()
            if mention.subject and 2 <= len(words) <= 3 and all(word[:1].isupper() for word in words):
                self._named.append((at, mention))
            return
        known = self._known(mention.name)
        name = known.name if known else mention.name
        self._note(name, mention.description)
        words = _words(mention.name)
        capitals = [word for word in words if word[:1].isupper() and word not in TITLES]
        if len(capitals) >= 2 or (len(words) >= 2 and words[0] in TITLES):
            self._full.setdefault(words[-1], mention)
        self._people.append((at, mention))

    def _ends_side(self, name: str) -> bool:
        """Whether a name is an organisation's, as "the UN mission"."""
        return bool(self._sides.found(name)) and not set(name.lower().split()) & (
            OFFICIALS - _BODIES | EXPERTS | RESIDENTS
        )

    def add_sides(self, text: str, at: int) -> None:
        """The states that a stretch of the outlet's own text names."""
        self._sided.extend((at + start, side) for start, _, side in self._sides.found(text))

    def speaker(self, mention: Mention, at: int) -> tuple[str, str]:
        """Name, and description for its group, of who `mention` is, as read at offset `at`."""
        lowered = mention.name.lower()
        if lowered in ("he", "she", "his", "her", "him"):
            found = self._latest(at, "she" if lowered in ("she", "her") else "he")
            if found is None:
                return mention.name, ""
            self._gender.setdefault(found, "she" if lowered in ("she", "her") else "he")
            return found, self._described.get(found, "")
        if lowered == "it":
            bodies = [m for place, m in self._bodies if place < at]
            return (bodies[-1].name, bodies[-1].description) if bodies else ("", "")
        if lowered in ("they", "their", "one of them", "one", "some of them", "both", "another"):
            plural = [m for place, m in self._people if place < at and m.plural]
            if plural:
                return plural[-1].name, plural[-1].description
            if lowered in ("one", "both", "another"):
                return mention.name, mention.description
            found = self._latest(at, "")
            return (found, self._described.get(found, "")) if found else (mention.name, "")
        known = self._known(mention.name)
        if known is not None:
            return known.name, self._described.get(known.name, known.description)
        if self._is_bare_role(mention):
            role = lowered.split()[-1]
            for place, body in reversed(self._bodies):  # the agency: the one whose name ends so
                if place < at and (
                    (body.head == role and len(body.name.split()) > 2)
                    or (role in _GROUPS and self._sides.is_side(body.name))
                ):
                    return body.name, body.description
            found = self._by_role(mention, at)
            if found:
                return found, self._described.get(found, "")
        return mention.name, self._described.get(mention.name, "") or mention.description

    def group(self, name: str, description: str, at: int) -> str:
        """The side or group of a speaker; a ministry without a state has the one state that the text before names."""
        group = self._sides.group_of(name, description)
        words = {word.lower() for word in re.findall(r"\w+", f"{name} {description[:80]}")}
        if group != OFFICIAL or words & _LOCAL or not words & _STATED or _OF_ANOTHER.search(name):
            return group
        before = [side for place, side in self._sided if place < at and side not in self._sides.weak]
        return before[-1] if before and len(set(before[-3:])) == 1 else group

    def _note(self, name: str, description: str) -> None:
        have = self._described.get(name, "")
        if description and description not in have and len(have) < 600:
            self._described[name] = f"{have}; {description}" if have else description
        words = {word.lower() for word in re.findall(r"\w+", description)} | {word.lower() for word in _words(name)}
        for gender, marks in (("she", _SHE - {"her"}), ("he", _HE - {"his", "him"})):
            if words & marks:
                self._gender.setdefault(name, gender)

    def _known(self, name: str) -> Mention | None:
        words = _words(name)
        if not words or len(words) > 3 or not words[-1][:1].isupper():
            return None
        found = self._full.get(words[-1])
        if found is None:
            return None
        full = set(_words(found.name))
        return found if all(word in full or word in TITLES for word in words) else None

    def _is_person(self, mention: Mention, speaks: bool) -> bool:
        words = _words(mention.name)
        if not words or self._sides.is_side(mention.name) or mention.name.lower() in _PRONOUNS:
            return False
        head = mention.head or words[-1].lower()
        if head in _BODIES:
            return False
        if head in OFFICIALS | EXPERTS | RESIDENTS | _WRITERS or (speaks and head not in _THINGS):
            return True
        if (len(words) > 1 and words[0] in TITLES) or self._known(mention.name) is not None:
            return True
        if mention.person and not self._sides.found(mention.name):
            return words[0].lower() not in _DAYS
        if mention.plural and mention.subject and head in PEOPLE and head not in _COLLECTIVES:
            return True
        if mention.plural and mention.subject and head.endswith(_PLURAL_AGENTS) and head[:-1] not in _THINGS:
            return True
        article = words[0].lower() in ("a", "an", "one", "another")
        return article and mention.subject and head.endswith(_AGENTS) and head not in _THINGS

    def _latest(self, at: int, gender: str) -> str | None:
        best: tuple[float, str] | None = None
        for place, mention in self._people:
            if place >= at or mention.plural:
                continue
            known = self._known(mention.name)
            name = known.name if known else mention.name
            if gender and self._gender.get(name, gender) != gender:
                continue
            worth = (
                place + (160 if mention.subject else 0) + (80 if len(_words(name)) >= 2 and name[:1].isupper() else 0)
            )
            if best is None or worth >= best[0]:
                best = (worth, name)
        if best is not None:
            return best[1]
        named = [m.name for place, m in self._named if place < at and not self._sides.found(m.name)]
        return named[-1] if named and gender else None

    def _is_bare_role(self, mention: Mention) -> bool:
        words = mention.name.lower().split()
        return 1 < len(words) <= 4 and words[0] in ("the", "his", "her") and not self._sides.found(mention.name)

    def _by_role(self, mention: Mention, at: int) -> str | None:
        role = mention.name.lower().split()[-1]
        if role in _BODIES:
            return None
        alike = {role} | set(_GENERIC.get(role, ()))
        for place, other in reversed(self._people):
            if place >= at or other.plural:
                continue
            known = self._known(other.name)
            name = known.name if known else other.name
            words = {word.lower() for word in re.findall(r"\w+", f"{name} {self._described.get(name, '')}")}
            if words & alike and name.lower() != mention.name.lower():
                return name
        former = mention.name.lower().split()[1] in ("former", "retired") or "-year-old" in mention.name
        if not mention.plural and (
            role in _DESCRIBING | (RESIDENTS - OFFICIALS) or former
        ):  # another word for the one person named so far
            full = {
                name for place, other in self._people if place < at and other.person for name in [self._name(other)]
            }
            return full.pop() if len(full) == 1 else None
        return None

    def _name(self, mention: Mention) -> str:
        known = self._known(mention.name)
        return known.name if known else mention.name


def _words(name: str) -> list[str]:
    return [word.strip(".,’'") for word in name.replace("’s", "").replace("'s", "").split() if word.strip(".,’'")]
