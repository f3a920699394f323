"""Quotation marks: which there are, which way each may turn, and those of typewriters as one sign."""

from __future__ import annotations

import re
from bisect import bisect_left

__all__ = ["CLOSERS", "MARK", "PlainText", "carries_on", "holds_marks", "may_close", "may_open", "plain_marks"]

# for each mark that may open a quotation, those that may close it; “ … “, ” … ” and » … « are usual as well
CLOSERS = {
    "“": "”“",
    "”": "”",
    "„": "“”",
    "«": "»",
    "»": "«»",
    "‚": "‘’",
    "‹": "›",
    "›": "‹",
    '"': '"',
    "‘": "’",
    "'": "'",
    "「": "」",
    "『": "』",
}
MARK = re.compile(r"[“”„«»‚‹›\"‘'「」『』]")
_OPEN_BY_SHAPE = frozenset("“„«‹「『")
_DIRECTED = frozenset("“”„«»‚‹›「」『』")
_CORNERS_OPENING, _CORNERS_CLOSING = frozenset("「『"), frozenset("」』")  # these turn one way only
_BRACKETS = frozenset("([{—–-/“„«‘‚‹「『\"'")  # a mark behind one of them has nothing to close
_STOPS = frozenset(".,;:!?)]}—–/”’»›\"'")  # nor has one before these anything to open
_TYPED = re.compile(
    r"(?P<straight>``|''(?!'))|(?P<low>(?<![^\s(\[]),,(?=\w))|(?P<left><<(?=\s?\w))|(?P<right>(?<=[\w.,!?…])>>)"
    r"|(?P<grave>`)|(?P<acute>´)|(?P<opening>(?<![^\s(\[’'])[«“„‹][ \u00a0\u202f](?=\S))"
    r"|(?P<closing>(?<=\S)[ \u00a0\u202f][»”›](?!\w))"
)
_SIGNS = {"straight": '"', "low": "„", "left": "«", "right": "»", "acute": "’"}
_MAY_NEED = re.compile(r"[`´]|''|,,|<<|>>|[«“„‹][ \u00a0\u202f]|[ \u00a0\u202f][»”›]")
_SINGLE = re.compile(r"(?<![\w’'])'\w")


class PlainText:
    """A text in which every quotation mark is one sign.

    Parameters
    ----------
    text : str
        The text with ``"`` for two grave accents or two apostrophes, and so on.
    dropped : list of int
        Offsets in it behind which a sign of the original is left out, ascending.

    Examples
    --------
    >>> plain = plain_marks("``Go,'' she said.")
    >>> plain.text, plain.locate(0), plain.locate(5)
    ('"Go," she said.', 0, 7)
    """

    def __init__(self, text: str, dropped: list[int]) -> None:
        self.text = text
        self._dropped = dropped

    def locate(self, place: int) -> int:
        """Offset in the original text.

        Parameters
        ----------
        place : int
            Offset in the plain text.

        Returns
        -------
        int
            That of the same sign; of the first of two signs that make one mark.
        """
        return place + bisect_left(self._dropped, place)


def plain_marks(text: str) -> PlainText:
    """Write the quotation marks of typewriters and of TeX, and marks with a space within, as one sign each.

    Parameters
    ----------
    text : str
        A document.

    Returns
    -------
    PlainText
        The text, and where each sign of it stood.
    """
    if _MAY_NEED.search(text) is None:
        return PlainText(text, [])
    pieces: list[str] = []
    dropped: list[int] = []
    end = length = 0
    for match in _TYPED.finditer(text):
        kind = match.lastgroup or ""
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        opens = not before.isalnum() and bool(after) and not after.isspace()
        sign = _SIGNS.get(kind) or match.group().strip(" \u00a0\u202f")
        if kind == "grave":
            sign = "‘" if opens else "’"
        pieces += [text[end : match.start()], sign]
        length += match.start() - end + 1
        if match.end() - match.start() == 2:
            dropped.append(length - 1)
        end = match.end()
    return PlainText("".join([*pieces, text[end:]]), dropped)


def holds_marks(text: str) -> bool:
    """Whether a text holds a mark that may belong to a quotation; apostrophes within words do not count.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        True for "‘Go’", False for "don't".

    Examples
    --------
    >>> holds_marks("«Go»"), holds_marks("He didn't go.")
    (True, False)
    """
    return any(mark in text for mark in '“”"‘„«»‚‹›`「」『』') or "''" in text or _SINGLE.search(text) is not None


def may_open(text: str, place: int) -> bool:
    """Whether the mark at an offset can open a quotation, by the signs beside it.

    Parameters
    ----------
    text : str
        Any text.
    place : int
        Offset of a mark.

    Returns
    -------
    bool
        False for one that hangs on the word before it.

    Examples
    --------
    >>> may_open("»Go«", 0), may_open("»Go«", 3), may_open('6" long', 1)
    (True, False, False)
    """
    mark = text[place]
    if mark in _CORNERS_CLOSING:
        return False
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if mark == "‘":
        return not before.isalnum() and not after.isspace()
    if mark in "\"'":
        return not (before.isalnum() or before in ".,!?…%)") and not after.isspace() and after not in ",;.)"
    if mark in "«‹" and before in "’'" and not after.isspace():
        return True  # d’«une chance»
    role = _find_role(before, after)
    return role == "opens" or (role == "either" and mark in _OPEN_BY_SHAPE)


def may_close(text: str, place: int) -> bool:
    """Whether the mark at an offset can close a quotation, by the signs beside it.

    Parameters
    ----------
    text : str
        Any text.
    place : int
        Offset of a mark.

    Returns
    -------
    bool
        False for one that hangs on the word behind it.

    Examples
    --------
    >>> may_close("»Go«", 3), may_close("«Go»", 0)
    (True, False)
    """
    mark = text[place]
    if mark in _CORNERS_OPENING:
        return False
    if mark not in _DIRECTED:
        return not may_open(text, place)
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    role = _find_role(before, after)
    return role == "closes" or (role == "either" and mark not in "«„‹‚「『")


def _find_role(before: str, after: str) -> str:
    """Which way a mark turns: `opens` with a word behind it only, `closes` with one before it only, else `either`."""
    is_free_left = before.isspace() or before in _BRACKETS
    is_free_right = after.isspace() or after in _STOPS
    if is_free_left == is_free_right:
        return "either"
    return "opens" if is_free_left else "closes"


def carries_on(mark: str, opened: str) -> bool:
    """Whether a mark at the start of a paragraph carries on the quotation that is open before it.

    Parameters
    ----------
    mark : str
        The mark.
    opened : str
        That which opened the quotation.

    Returns
    -------
    bool
        True for the same mark again; in French print also for the closing guillemet.

    Examples
    --------
    >>> carries_on("“", "“"), carries_on("»", "«"), carries_on("«", "“")
    (True, True, False)
    """
    return mark == opened or (opened == "«" and mark == "»") or (opened == "‹" and mark == "›")
