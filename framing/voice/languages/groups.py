"""The side or group of a speaker, by words of the language of the document."""

from __future__ import annotations

import re
from functools import lru_cache

from framing.voice.languages.rules import LanguageRules
from framing.voice.languages.word_lists import any_of
from framing.voice.sides import EXPERT, MEDIA_GROUP, OFFICIAL, OTHER, RESIDENT, Sides

__all__ = ["find_group"]

_WORD = re.compile(r"\w+(?:-\w+)*")


def find_group(name: str, description: str, rules: LanguageRules, sides: Sides) -> str:
    """Group of a speaker: by role, else the state or organisation, else by role again, as in `Sides.group_of`.

    Parameters
    ----------
    name : str
        The speaker.
    description : str
        What the document says of the speaker.
    rules : LanguageRules
        Rules of the language.
    sides : Sides
        Names that the user gives, which come first.

    Returns
    -------
    str
        `experts`, `residents and witnesses`, a state or organisation, `officials, state not named`, `media` or `other
        persons`.

    Examples
    --------
    >>> from framing.voice.languages.rules import read_rules
    >>> from framing.voice.sides import read_sides
    >>> find_group("Iwan Orlow", "der russische Minister", read_rules("de"), read_sides())
    'Russia'
    """
    whole = f"{name}; {description}"
    kinds = _list_kinds(whole, rules)
    if kinds and kinds[0] == "experts":
        return EXPERT
    if kinds and kinds[0] == "residents":
        return RESIDENT
    side = sides.side_of(whole) if any(sides.find_names(whole)) else ""
    side = side or _find_side(whole, rules)
    if kinds and kinds[0] == "officials":
        return side or OFFICIAL
    if kinds and kinds[0] == "media":
        return MEDIA_GROUP
    if not kinds and side:
        return side
    return OTHER


def _list_kinds(text: str, rules: LanguageRules) -> list[str]:
    """Kinds of the roles in a text, in order."""
    if rules.file.spaced:
        return [kind for word in _WORD.findall(text) if (kind := rules.find_role(word))]
    places = [(place, kind) for kind, stems in rules.roles.items() for stem in stems if (place := text.find(stem)) >= 0]
    return [kind for _, kind in sorted(places)]


def _find_side(text: str, rules: LanguageRules) -> str:
    """The side that is named first."""
    lowered = text.lower()
    matches = ((pattern.search(lowered), side) for side, pattern in _side_patterns(rules).items())
    found = [(match.start(), side) for match, side in matches if match is not None]
    return min(found)[1] if found else ""


@lru_cache(maxsize=32)
def _side_patterns(rules: LanguageRules) -> dict[str, re.Pattern[str]]:
    """Beginnings of words that name each state or organisation."""
    before = r"(?<!\w)" if rules.file.spaced else ""
    return {side: re.compile(rf"{before}(?:{any_of(stems)})") for side, stems in rules.sides.items()}
