"""Text as it is stored: Unicode NFC, plain line ends, no control characters, no hard wraps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

__all__ = ["CONTROLS", "LONE_SURROGATE", "clean_text", "has_lone_surrogate", "is_blank", "read_controls"]

LONE_SURROGATE = "a lone surrogate: half a character, which no file can store"

# controls that no text has, in the places where Windows-1252 has quotation marks and dashes; U+0085 is a line end
CONTROLS = re.compile(r"[\x80-\x84\x86-\x9f]")
_WINDOWS = {code: character for code in range(0x80, 0xA0) if (character := bytes([code]).decode("cp1252", "ignore"))}
_VISIBLE = re.compile(
    r"[^\s\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028]")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")
_WRAP = re.compile(r"(?<!\n)\n(?!\n|[-•*–]\s|\d+[.)]\s)")
# a text is hard-wrapped if it has so many lines, hardly any longer than the width, half of them not short, and most do
# not end a sentence
_MIN_LINES, _MAX_WIDTH, _MIN_MEDIAN, _MIN_OPEN = 6, 110, 25, 0.6


def clean_text(text: str) -> str:
    """Clean a text.

    Parameters
    ----------
    text : str
        Text as a file has it.

    Returns
    -------
    str
        In Unicode NFC, with plain line ends, at most one empty line in a row, no control characters, and lines joined
        that were wrapped at a fixed width. U+0080 to U+009F are the characters of Windows-1252 (`read_controls`).

    Examples
    --------
    >>> clean_text("One\\r\\n\\r\\nTwo\\x07 ")
    'One\\n\\nTwo'
    """
    if CONTROLS.search(text):
        text = read_controls(text)
    text = _LINE_END.sub("\n", text).replace("\u2029", "\n\n")
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text))
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" *\n *", "\n", text)
    return _unwrap(re.sub(r"\n{3,}", "\n\n", text).strip())


def read_controls(text: str) -> str:
    """Read the controls U+0080 to U+009F as the characters that Windows-1252 has in their place.

    Parameters
    ----------
    text : str
        Text that was decoded as ISO 8859, or by a program that did so.

    Returns
    -------
    str
        The text; the five controls in whose place Windows-1252 has no character stay.

    Examples
    --------
    >>> read_controls("\\x93No\\x94 \\x96 she said\\x85")
    '“No” – she said…'
    """
    return text.translate(_WINDOWS)


def has_lone_surrogate(texts: Iterable[str]) -> bool:
    """Check for half a surrogate pair, which UTF-8 cannot store.

    Parameters
    ----------
    texts : iterable of str
        Any texts.

    Returns
    -------
    bool
        Whether one of them holds one.

    Examples
    --------
    >>> has_lone_surrogate(["whole", "\\ud800 half"])
    True
    """
    return any(_SURROGATE.search(text) for text in texts)


def is_blank(text: str) -> bool:
    """Check for a text without a character that is seen.

    Parameters
    ----------
    text : str
        A text.

    Returns
    -------
    bool
        True where it is empty, or has only spaces and characters without width.

    Examples
    --------
    >>> is_blank(" \\u200b\\u2060"), is_blank("\\u200bA")
    (True, False)
    """
    return _VISIBLE.search(text) is None


def _unwrap(text: str) -> str:
    """Join lines that were wrapped at a fixed width; paragraphs and items of lists stay apart."""
    lines = [line for line in text.split("\n") if line]
    if len(lines) < _MIN_LINES:
        return text
    lengths = sorted(len(line) for line in lines)
    share_open = sum(not _SENTENCE_END.search(line) for line in lines) / len(lines)
    is_wide, is_short = lengths[int(0.9 * len(lengths))] > _MAX_WIDTH, lengths[len(lengths) // 2] < _MIN_MEDIAN
    return text if is_wide or is_short or share_open < _MIN_OPEN else _WRAP.sub(" ", text)
