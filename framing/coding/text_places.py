"""Places in texts that count in another unit, or came back changed, as places in the text that was drawn."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from framing.coding.same_text import fold_text
from framing.errors import InputError

__all__ = ["Place", "PlaceError", "count_units", "find_code_point", "find_place", "is_same_words"]

_SHOWN = 40  # characters of a text that a message quotes
_WIDE = 0xFFFF  # characters above take two units of UTF-16
_RUNS = {"--": "-", "''": '"'}  # what programs exchange for one another while people type


class PlaceError(InputError):
    """Words that are not at the place given; the message is the reason, without the file."""


class Place(NamedTuple):
    """A stretch of a text.

    Attributes
    ----------
    start, end : int
        In characters (code points), `end` behind the last one.
    """

    start: int
    end: int


def count_units(text: str, position: int) -> int:
    """Units of UTF-16 before a character.

    Parameters
    ----------
    text : str
        Any text.
    position : int
        Number of the character, from 0.

    Returns
    -------
    int
        As Java and JavaScript count.

    Examples
    --------
    >>> count_units("🙂 so", 2)
    3
    """
    return position + sum(ord(character) > _WIDE for character in text[:position])


def find_code_point(text: str, n_units: int) -> int:
    """Number of the character that begins behind so many units of UTF-16.

    Parameters
    ----------
    text : str
        Any text.
    n_units : int
        Units of UTF-16 before the character.

    Returns
    -------
    int
        Number of the character, from 0; -1 where there is none, or the place is within one.

    Examples
    --------
    >>> find_code_point("🙂 so", 3), find_code_point("🙂 so", 1), find_code_point("so", 2), find_code_point("so", 3)
    (2, -1, 2, -1)
    """
    units = 0
    for position, character in enumerate(text):
        if units >= n_units:
            return position if units == n_units else -1
        units += 1 + (ord(character) > _WIDE)
    return len(text) if units == n_units else -1


def is_same_words(one: str, other: str) -> bool:
    """Whether two quotations are the same words, up to what tools change in them.

    Parameters
    ----------
    one, other : str
        The quotations.

    Returns
    -------
    bool
        Kinds of spaces, quotes, dashes and dots do not count; nor do line ends that are written as a backslash and `n`.

    Examples
    --------
    >>> is_same_words("So\\nit – ends", "So\\\\nit - ends"), is_same_words("war", "wars")
    (True, False)
    """
    folded = [unicodedata.normalize("NFC", text.replace("\\r", "").replace("\\n", "\n")) for text in (one, other)]
    return folded[0] == folded[1] or "".join(fold_text(folded[0]).split()) == "".join(fold_text(folded[1]).split())


def find_place(start: int, end: int, *, came: str, drawn: str, words: str = "") -> Place:
    """Place in the text that was drawn of a stretch of the text that came back.

    Parameters
    ----------
    start, end : int
        Place in the text that came back, in characters; or in units of UTF-16, if only so the words stand there.
    came : str
        The text as it came back.
    drawn : str
        The text as it was drawn, the same but for what `framing.coding.same_text` does not count.
    words : str, default ""
        The words that should stand there; empty: not known.

    Returns
    -------
    Place
        In the text that was drawn.

    Raises
    ------
    PlaceError
        If the place is outside the text, other words stand there, or it cannot be told which words of the drawn text
        they are.

    Examples
    --------
    >>> find_place(5, 9, came="So.\\r\\nGone.", drawn="So.\\nGone.", words="Gone")
    Place(start=4, end=8)
    """
    place = _read_place(start, end, came, words)
    if came == drawn:
        return place
    letters, drawn_letters = _list_letters(came), _list_letters(drawn)
    if [letter for letter, *_ in letters] == [letter for letter, *_ in drawn_letters]:
        inside = [
            other
            for (_, first, last), other in zip(letters, drawn_letters, strict=True)
            if place.start <= first and last < place.end
        ]
        if inside:
            return Place(inside[0][1], inside[-1][2] + 1)
    quoted = came[place.start : place.end]
    if quoted.strip() and drawn.count(quoted) == 1:
        return Place(drawn.index(quoted), drawn.index(quoted) + len(quoted))
    raise PlaceError(f"the text came back changed, and where {_shorten(quoted)} is in the drawn text cannot be told")


def _read_place(start: int, end: int, text: str, words: str) -> Place:
    """The stretch in characters, checked against the words."""
    fits = 0 <= start < end <= len(text)
    if fits and (not words or is_same_words(text[start:end], words)):
        return Place(start, end)
    if words:
        by_units = Place(find_code_point(text, start), find_code_point(text, end))
        if 0 <= by_units.start < by_units.end and is_same_words(text[by_units.start : by_units.end], words):
            return by_units
    if not fits:
        raise PlaceError(f"{start} to {end} is no stretch of the text, which has {len(text)} characters")
    raise PlaceError(f"{_shorten(words)} is not at {start} to {end}, where {_shorten(text[start:end])} stands")


def _list_letters(text: str) -> list[tuple[str, int, int]]:
    """Letters of a text in one spelling, each with the first and the last character that it stands in."""
    letters: list[tuple[str, int, int]] = []
    for position, character in enumerate(text):
        for letter in unicodedata.normalize("NFKD", fold_text(character)).casefold():
            run = _RUNS.get(letters[-1][0] + letter) if letters else None
            if run is None:
                letters.append((letter, position, position))
            else:
                letters[-1] = (run, letters[-1][1], position)
    return [item for item in letters if not item[0].isspace()]


def _shorten(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
