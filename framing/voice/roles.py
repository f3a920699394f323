"""Roles that stand for somebody who has been named: "the four-term senator", "the Idaho Republican"."""

from __future__ import annotations

import re

from framing.voice.words import EXPERTS, OFFICIALS, RESIDENTS, read_roles, word_set

__all__ = ["FORMER", "PARTIES", "Role", "read_role"]

_ROLES = read_roles()
_WIDE = {  # roles of many, and those that each may stand for
    "official": OFFICIALS, "officials": OFFICIALS, "politician": OFFICIALS,
    "expert": EXPERTS, "analyst": EXPERTS, "scholar": EXPERTS, "academic": EXPERTS, "researcher": EXPERTS,
}  # fmt: skip
_DESCRIBING = word_set("describing") | word_set("epithets")
PARTIES = frozenset(("republican", "democrat", "libertarian", "independent"))
_KINDS_OF_BODIES = word_set("kinds_of_bodies")
FORMER = frozenset(("former", "retired"))
_WORD = re.compile(r"\w+(?:-\w+)*")
_STARTS = ("the", "his", "her", "their", "this")
_LONGEST = 7  # words


class Role:
    """A role that names nobody, as a mention gives it.

    Parameters
    ----------
    words : list of str
        Its words, the first of which is an article or a possessive.

    Attributes
    ----------
    noun : str
        Its last word, in lower case.
    alike : frozenset of str
        The noun with the words by which its holder may have been introduced.
    qualities : frozenset of str
        The words between, in lower case.
    is_possessive : bool
        Whether it is somebody's, as "his aide".
    means_last : bool
        Whether it may stand for whoever was named last, where several have been named.
    is_epithet : bool
        Whether it means somebody who has been named, even if nothing that was said of them holds the noun.

    Examples
    --------
    >>> role = Role(["the", "four-term", "Idaho", "senator"])
    >>> role.noun, role.is_epithet, sorted(role.alike), sorted(role.qualities)
    ('senator', True, ['sen', 'senator'], ['four', 'idaho', 'term'])
    """

    def __init__(self, words: list[str]) -> None:
        noun = words[-1].lower()
        self.noun = noun
        self.is_possessive = words[0].lower() in ("his", "her", "their")
        self.alike = frozenset({noun}) | _WIDE.get(noun, frozenset()) | _ROLES.get(noun, frozenset())
        self.qualities = frozenset(part for word in words[1:-1] for part in word.lower().split("-"))
        plain = not self.is_possessive and (noun in _DESCRIBING or noun in RESIDENTS - OFFICIALS)
        self.means_last = not self.is_possessive and (noun in _DESCRIBING or noun.endswith("-old"))
        self.is_epithet = plain or noun.endswith("-old") or bool(self.qualities & FORMER)


def read_role(name: str) -> Role | None:
    """Read a mention as a role that names nobody.

    Parameters
    ----------
    name : str
        The mention: "the four-term senator".

    Returns
    -------
    Role or None
        None for a name, and for a phrase without an article.

    Examples
    --------
    >>> read_role("the governor").noun, read_role("a governor"), read_role("the Governor Lund")
    ('governor', None, None)
    """
    words = _WORD.findall(name.replace("’s", "").replace("'s", ""))
    if not 2 <= len(words) <= _LONGEST or words[0].lower() not in _STARTS:
        return None
    noun = words[-1]
    is_kind = len(words) == 2 and noun.lower() in _KINDS_OF_BODIES  # "the Ministry"
    is_role = is_kind or noun[:1].islower() or noun[:1].isdigit() or noun.lower() in PARTIES
    return Role(words) if is_role else None
