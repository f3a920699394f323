"""Breaks text into lines of a given width; wide characters count twice, and lines may break between them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import wrap
from unicodedata import east_asian_width

__all__ = ["join_lines", "wrap_lines"]

_WIDE = "WF"  # classes of characters that are as wide as two letters (Unicode Standard Annex 11)
_CLOSING = "、。，．；：！？）》」』】”’%"  # no line begins with these
_PIECES = re.compile(r"\s+|[^\s]")


def wrap_lines(text: str, width: int, *, max_lines: int | None = None, placeholder: str = " …") -> list[str]:
    """Break a text into lines.

    Parameters
    ----------
    text : str
        The text.
    width : int
        Letters of a line; a Chinese, Japanese or Korean character is as wide as two.
    max_lines : int or None, default None
        Most lines; `placeholder` stands for the rest.
    placeholder : str, default " …"
        End of a text that is cut.

    Returns
    -------
    list of str
        The lines; of a text without wide characters as `textwrap.wrap` breaks it.

    Examples
    --------
    >>> wrap_lines("Shares of passages", 12)
    ['Shares of', 'passages']
    >>> wrap_lines("段落占比，按媒体", 10)
    ['段落占比，', '按媒体']
    """
    if not any(east_asian_width(character) in _WIDE for character in text):
        return wrap(text, width, max_lines=max_lines, placeholder=placeholder)
    lines = [""]
    for unit in _split_units(text):
        if lines[-1] and _measure(lines[-1] + unit.rstrip()) > width:
            lines.append("")
        lines[-1] += unit if lines[-1] else unit.lstrip()
    lines = [line.strip() for line in lines]
    if max_lines is None or len(lines) <= max_lines:
        return lines
    last = lines[max_lines - 1]
    while last and _measure(last + placeholder) > width:
        last = last[:-1]
    return [*lines[: max_lines - 1], last.rstrip() + placeholder]


def join_lines(lines: Iterable[str]) -> str:
    """Join lines to a text, without a space between wide characters.

    Parameters
    ----------
    lines : iterable of str
        The lines.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> join_lines(["Shares of", "passages"]), join_lines(["段落占比，", "按媒体"])
    ('Shares of passages', '段落占比，按媒体')
    """
    text = ""
    for line in lines:
        is_wide = text and line and east_asian_width(text[-1]) in _WIDE
        text += line if is_wide or not text or not line else f" {line}"
    return text


def _measure(text: str) -> int:
    return sum(2 if east_asian_width(character) in _WIDE else 1 for character in text)


def _split_units(text: str) -> list[str]:
    """Words, and single wide characters, each with the signs and the space behind it."""
    units: list[str] = []
    for piece in _PIECES.findall(text):
        is_wide = east_asian_width(piece[0]) in _WIDE
        before = units[-1][-1] if units else " "
        starts = not units or (is_wide and piece not in _CLOSING)
        after_wide = east_asian_width(before) in _WIDE and not piece.isspace() and piece not in _CLOSING
        after_space = before.isspace() and not piece.isspace()
        if starts or after_wide or after_space:
            units.append(piece)
        else:
            units[-1] += piece
    return units
