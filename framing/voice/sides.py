"""Which side a speaker belongs to: a state, an organisation, or one of a few groups of those who speak for neither."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from framing.errors import InputError
from framing.files.strict_yaml import parse_yaml, validate
from framing.voice.words import EXPERTS, MEDIA, OFFICIALS, RESIDENTS, word_set

__all__ = ["EXPERT", "FIRST_NAMES", "MEDIA_GROUP", "OFFICIAL", "OTHER", "RESIDENT", "Sides", "read_sides"]

EXPERT = "experts"
RESIDENT = "residents and witnesses"
OFFICIAL = "officials, state not named"
MEDIA_GROUP = "media"
OTHER = "other persons"

_FILE = files("framing") / "data" / "sides.yaml"
_WORD = re.compile(r"[A-Za-zÀ-ž]+(?:-[A-Za-zÀ-ž]+)*")
_TOWARDS = re.compile(r"\b(?:to|on|about|against|with|towards|toward|visiting|into)\s+(?:the\s+)?$")

FIRST_NAMES = word_set("first_names")  # Sofia Brandt is no Bulgarian by that
_SURNAME = re.compile(r" [A-ZÀ-Ž][a-zà-ž]{3,}(?! (?:River|Mayor|City|Governor|Senator))")
_INSIDERS = re.compile(
    r"\b(?:people|persons?|sources?) (?:familiar|briefed|close|with (?:direct )?knowledge|involved|aware|privy)\b"
)
_SERVICES = re.compile(
    r"\b(?:rescue|emergency|security|intelligence|weather|border|fire|health|prison|secret|meteorological|statistics|"
    r"statistical|tax|prosecutor.s|civil|ambulance|space|customs|migration) "
    r"(?:services?|offices?|brigade|agency|defen[cs]e)\b"
)
_SPOKESMEN = word_set("spokesmen")
_PRIVATE = word_set("private")
_MODIFIERS = word_set("modifiers")


class _Side(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    people: list[str] = []
    seats: list[str] = []
    bodies: list[str] = []
    places: list[str] = []
    persons: list[str] = []


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    states: list[_Side]
    organisations: list[_Side]
    regions: list[_Side]


class Sides:
    """Names of states and organisations, which are looked up in the description of a speaker.

    Parameters
    ----------
    names : mapping of str to str
        The side that each name stands for: "Oslo" for Norway.
    weak : frozenset of str
        Sides that are regions, as "the West": they count where no state is named.
    places : frozenset of str
        Names of towns: they count where no state is named.
    persons : mapping of str to str, optional
        The side of each person who is known by name.

    Attributes
    ----------
    names : dict of str to str
        The side that each name stands for.
    weak, places : frozenset of str
        Regions, and names of towns.
    digest : str
        Hash of all names and sides.

    Examples
    --------
    >>> Sides({"Norway": "Norway", "Oslo": "Norway"}).side_of("ambassador of Norway")
    'Norway'
    """

    def __init__(
        self,
        names: Mapping[str, str],
        *,
        weak: frozenset[str] = frozenset(),
        places: frozenset[str] = frozenset(),
        persons: Mapping[str, str] | None = None,
    ) -> None:
        self.names = dict(names)
        self._persons = dict(persons or {})
        self.weak = weak
        self.places = places
        record = [self.names, self._persons, sorted(weak), sorted(places)]
        self.digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
        longest = sorted(self.names, key=lambda name: (-len(name), name))
        self._pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest)) + r")(?![\w])")

    def find_names(self, text: str) -> list[tuple[int, int, str]]:
        """Find all names of sides in a text.

        Parameters
        ----------
        text : str
            Any text.

        Returns
        -------
        list of tuple
            Start and end of each name, and its side, in order. A first name before a surname ("Sofia Brandt") is no
            name of a side.

        Examples
        --------
        >>> Sides({"Oslo": "Norway"}).find_names("A mayor from Oslo")
        [(13, 17, 'Norway')]
        """
        text = text.replace("’", "'")
        return [
            (item.start(), item.end(), self.names[item.group()])
            for item in self._pattern.finditer(text)
            if not (item.group() in FIRST_NAMES and _SURNAME.match(text, item.end()))
        ]

    def side_of(self, description: str, *, places: bool = True) -> str:
        """Side that a description of a speaker names.

        Parameters
        ----------
        description : str
            The description: "Norway's ambassador to Moscow".
        places : bool, default True
            Whether towns count, where no state is named.

        Returns
        -------
        str
            Side of the first name, Norway; empty where there is none. A region ("Western") or a town counts only where
            no state is named; a name that says where to or against whom ("to Moscow") where nothing else is.

        Examples
        --------
        >>> Sides({"Oslo": "Norway", "Lima": "Peru"}).side_of("envoy to Lima from Oslo")
        'Norway'
        """
        text = description.replace("’", "'")
        later, towards = "", ""
        for start, end, side in self.find_names(text):
            if _TOWARDS.search(text[:start]):
                towards = towards or side
            elif text[start:end] in self.places:
                later = later or (side if places else "")
            elif side in self.weak:
                later = later or side
            else:
                return side
        return later or towards

    def is_side(self, name: str) -> bool:
        """Whether a name is that of a side, and nothing more.

        Parameters
        ----------
        name : str
            The name, with or without "the".

        Returns
        -------
        bool
            True for "the Kremlin", False for "the Kremlin gate".

        Examples
        --------
        >>> sides = Sides({"Kremlin": "Russia"})
        >>> sides.is_side("the Kremlin"), sides.is_side("the Kremlin gate")
        (True, False)
        """
        bare = re.sub(r"^(?:the|The)\s+", "", name.replace("’", "'"))
        return bare in self.names

    def is_person(self, name: str) -> bool:
        """Whether a name is that of a person who is listed by name.

        Parameters
        ----------
        name : str
            The name, with or without title and first names.

        Returns
        -------
        bool
            True where it ends in a listed name.

        Examples
        --------
        >>> Sides({"Norway": "Norway"}, persons={"Berg": "Norway"}).is_person("President Ada Berg")
        True
        """
        return any(tail in self._persons for tail in _tails(name))

    def group_of(self, speaker: str, description: str = "") -> str:
        """Group of a speaker: by role `experts` or `residents and witnesses`, else the side, else by role again.

        Parameters
        ----------
        speaker : str
            Name of the speaker.
        description : str, default ""
            How the document describes the speaker.

        Returns
        -------
        str
            `experts`, `residents and witnesses`, a state or organisation, `officials, state not named`, `media` or
            `other persons`. The role decides before nationality: a Russian analyst counts as an expert.

        Examples
        --------
        >>> sides = Sides({"Russian": "Russia"})
        >>> sides.group_of("Ada Berg", "a Russian analyst"), sides.group_of("the Russian minister")
        ('experts', 'Russia')
        """
        whole = f"{speaker}; {description}" if description else speaker
        words = {word.lower() for word in _WORD.findall(whole)} | {
            part.lower() for word in _WORD.findall(whole) for part in word.split("-")
        }
        lowered = whole.lower()
        official = bool(words & OFFICIALS) or _SERVICES.search(lowered) is not None
        if _INSIDERS.search(lowered):
            words -= RESIDENTS
        if words & {"agency", "commissioner", "organisation", "organization"}:
            words -= RESIDENTS
        if "agency" in words and not re.search(r"\b(?:news|press|wire) agency|^(?:the |an )?agency\b", lowered):
            words.discard("agency")
        if words & _SPOKESMEN and words & _PRIVATE and not words & OFFICIALS - _SPOKESMEN:
            return OTHER
        if words & EXPERTS and not _is_official_first(lowered):
            return EXPERT
        if words & RESIDENTS and not official:
            return RESIDENT
        side = self.side_of(speaker, places=official)
        side = side or next((self._persons[name] for name in _tails(speaker) if name in self._persons), "")
        side = side or self.side_of(description, places=official)
        if not side and words & {"ally", "allies", "aide", "aides", "adviser", "advisor"}:
            side = next((self._persons[word] for word in _WORD.findall(speaker) if word in self._persons), "")
        if side:
            return side
        if official:
            return OFFICIAL
        if words & MEDIA:
            return MEDIA_GROUP
        return OTHER


def _tails(name: str) -> list[str]:
    """A name without its first words, longest first: "President Ada Berg", "Ada Berg", "Berg"."""
    words = name.replace("’s", "").replace("'s", "").split()
    return [" ".join(words[place:]) for place in range(len(words))]


def _is_official_first(text: str) -> bool:
    """Whether the first role named is an office ("a minister who was a professor")."""
    for word in re.findall(r"[a-zà-ž]+", text):
        if word in EXPERTS:
            return False
        if word in OFFICIALS and word not in _MODIFIERS:
            return True
    return False


@lru_cache(maxsize=8)
def _read(extra: tuple[tuple[str, str], ...]) -> Sides:
    file = validate(_File, parse_yaml(_FILE.read_text(encoding="utf-8"), source=str(_FILE)), source=str(_FILE))
    names: dict[str, str] = {}
    places: set[str] = set()
    persons: dict[str, str] = {}
    for side in (*file.states, *file.organisations, *file.regions):
        for name in (side.name, *side.people, *side.seats, *side.bodies, *side.places):
            if names.setdefault(name, side.name) != side.name:
                raise InputError(f"{_FILE}: the name {name} stands for both {names[name]} and {side.name}.")
        places.update(side.places)
        persons.update(dict.fromkeys(side.persons, side.name))
    names.update(extra)
    weak = frozenset(side.name for side in file.regions)
    return Sides(names, weak=weak, places=frozenset(places), persons=persons)


def read_sides(extra: Mapping[str, str] | None = None) -> Sides:
    """Read the sides of `framing/data/sides.yaml`.

    Parameters
    ----------
    extra : mapping of str to str, optional
        Names and the side each stands for, over those of the file.

    Returns
    -------
    Sides
        Names of the file and of `extra`.

    Raises
    ------
    InputError
        Where a name of `extra` or its side is empty.

    Examples
    --------
    >>> read_sides({"Ruritanian": "Ruritania"}).side_of("the Ruritanian envoy")
    'Ruritania'
    """
    for name, side in (extra or {}).items():
        if not str(name).strip() or not str(side).strip():
            raise InputError(f"sides: expected a name and its side, got {name!r}: {side!r}.")
    return _read(tuple(sorted((extra or {}).items())))
