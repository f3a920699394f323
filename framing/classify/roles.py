"""Texts that mark who does something to whom: `<s>source</s>` and `<t>target</t>`.

Event codebooks (PLOVER) code the relation of a source to a target. Where a text marks them, the classifier
sees it twice: as it stands, and with both replaced by letters, so that the act counts and not the actors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["has_roles", "mask_roles", "mark_roles", "strip_roles"]

_SOURCE = re.compile(r"<s>(.*?)</s>", re.DOTALL)
_TARGET = re.compile(r"<t>(.*?)</t>", re.DOTALL)


def has_roles(texts: Iterable[str]) -> bool:
    """Whether any text marks a source or a target."""
    return any(_SOURCE.search(text) or _TARGET.search(text) for text in texts)


def strip_roles(text: str) -> str:
    """The text without marks.

    >>> strip_roles("<s>Oslo</s> gave <t>Malawi</t> grain.")
    'Oslo gave Malawi grain.'
    """
    return _TARGET.sub(r"\1", _SOURCE.sub(r"\1", text))


def mask_roles(text: str) -> str:
    """The text with source and target as letters.

    >>> mask_roles("<s>Oslo</s> gave <t>Malawi</t> grain.")
    'A gave B grain.'
    """
    return _TARGET.sub("B", _SOURCE.sub("A", text))


def mark_roles(text: str) -> str:
    """The text with the roles between single tokens, as an encoder reads them (Zhou & Chen 2022).

    >>> mark_roles("<s>Oslo</s> gave <t>Malawi</t> grain.")
    '@ Oslo @ gave # Malawi # grain.'
    """
    return _TARGET.sub(r"# \1 #", _SOURCE.sub(r"@ \1 @", text))
