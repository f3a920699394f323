"""Records of who is mentioned, and of who says it by which word."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Attribution", "Mention"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention in a clause: `text[start:end]`.

    Attributes
    ----------
    start, end : int
        Offsets.
    kind : str
        `name`, `pronoun`, `role` or `phrase`.
    words : tuple of str
        Words of a name.
    text : str
        As it is written.
    gender : str
        `she`, `he`, or nothing.
    oblique : bool
        Whether it stands behind a preposition or in another case than the first, so that it is no subject.
    indefinite : bool
        Whether somebody new is meant: a diplomat.
    head : str
        The noun of a role, in lower case.
    """

    start: int
    end: int
    kind: str
    words: tuple[str, ...]
    text: str
    gender: str = ""
    oblique: bool = False
    indefinite: bool = False
    head: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says it in a clause, and by which word.

    Attributes
    ----------
    mention : Mention
        The speaker.
    word : str
        The verb, or the words that stand for one.
    start, end : int
        Offsets of that word.
    """

    mention: Mention
    word: str
    start: int
    end: int
