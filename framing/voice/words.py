"""Word lists of reported speech: verbs with all their forms, and the roles of those who speak.

The lists themselves stand in `framing/data/voice_words.yaml`, each with a line that says what it is for.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any

from framing.files.strict_yaml import parse_yaml

__all__ = [
    "ATTITUDE", "EXPERTS", "JUDGING", "MEDIA", "NOBODY", "OFFICIALS", "PEOPLE", "PERSONS", "QUOTE_ONLY",
    "RESIDENTS", "SAYING", "TITLES", "VERBS", "read_roles", "word_set",
]  # fmt: skip


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    path = files("framing") / "data" / "voice_words.yaml"
    return parse_yaml(path.read_text(encoding="utf-8"), source=str(path))


def word_set(name: str) -> frozenset[str]:
    """Read a word list of `framing/data/voice_words.yaml`.

    Parameters
    ----------
    name : str
        Name of the list.

    Returns
    -------
    frozenset of str
        Its words.

    Examples
    --------
    >>> sorted(word_set("writers"))[:2]
    ['columnist', 'columnists']
    """
    return frozenset(_file()["lists"][name].split())


def read_roles() -> dict[str, frozenset[str]]:
    """Read the roles of `framing/data/voice_words.yaml`.

    Returns
    -------
    dict of str to frozenset of str
        Words by which the holder of each role may have been introduced.

    Examples
    --------
    >>> sorted(read_roles()["doctor"])[:2]
    ['dr', 'pediatrician']
    """
    return {role: frozenset(words.split()) for role, words in _file()["roles"].items()}


def _forms(lemma: str) -> list[str]:
    """`lemma` with its forms: those of the file, else by rule."""
    irregular = _file()["forms"].get(lemma)
    if irregular is not None:
        return [lemma, *irregular.split()]
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        stem = lemma[:-1]
        return [lemma, f"{stem}ies", f"{stem}ied", f"{lemma}ing"]
    if lemma.endswith("e"):
        return [lemma, f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"]
    s = "es" if lemma.endswith(("s", "sh", "ch", "x")) else "s"
    return [lemma, f"{lemma}{s}", f"{lemma}ed", f"{lemma}ing"]


SAYING = word_set("saying")
ATTITUDE = word_set("attitude")
JUDGING = word_set("judging")
QUOTE_ONLY = word_set("quote_only")
VERBS: dict[str, str] = {
    form: lemma for lemma in sorted(SAYING | ATTITUDE | JUDGING | QUOTE_ONLY) for form in _forms(lemma)
}

NOBODY = word_set("nobody")
OFFICIALS = word_set("officials")
EXPERTS = word_set("experts")
RESIDENTS = word_set("residents")
PEOPLE = word_set("people")
MEDIA = word_set("media")
PERSONS = OFFICIALS | EXPERTS | RESIDENTS | MEDIA | PEOPLE
TITLES = word_set("titles")
