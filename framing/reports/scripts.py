"""Attributes by which browsers set texts of any language: the direction of reading, and the language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from framing.corpus.language import detect_languages

__all__ = ["describe_script"]

_TEXTS = {"text": "language", "excerpt": "language", "other_text": "other_language", "translation": ""}
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_OTHER_SCRIPT = re.compile("[^\x00-\u024f\u2000-\u22ff]")  # beside the Latin one with signs
_SHARE = 0.2  # of such letters in a text, from which on it is not in English
_MAX_CHARACTERS = 400  # of a text that are looked at


def describe_script(row: Mapping[Any, Any], column: Any) -> str:
    """Write the attributes of the cell of a table: `dir="auto"` and the language of a text.

    Parameters
    ----------
    row : mapping of str to Any
        Values of the row by column; `language` and `other_language` are those of its texts.
    column : str
        Column of the cell.

    Returns
    -------
    str
        Attributes with a space before each; none for numbers and for short texts that are read from the left. Without
        its column the language is detected, and named if the text is in another script than English: there it decides
        on glyphs and line breaks.

    Examples
    --------
    >>> describe_script({"text": "The council met.", "language": "en"}, "text")
    ' dir="auto" lang="en"'
    >>> describe_script({"outlet": "عنوان"}, "outlet"), describe_script({"outlet": "The Post"}, "outlet")
    (' dir="auto"', '')
    """
    value = row[column]
    if not isinstance(value, str):
        return ""
    if column not in _TEXTS:
        return ' dir="auto"' if _RIGHT_TO_LEFT.search(value) else ""
    named = row.get(_TEXTS[column])
    language = named if isinstance(named, str) and named != "und" else _guess_language(value[:_MAX_CHARACTERS])
    return ' dir="auto"' + (f' lang="{escape(language)}"' if language else "")


@lru_cache(maxsize=4096)
def _guess_language(text: str) -> str:
    """Language of a text in another script than the Latin one; empty for others, and where it cannot be told."""
    if len(_OTHER_SCRIPT.findall(text)) < _SHARE * len(text):
        return ""
    language = detect_languages([text])[0]
    return "" if language == "und" else language
