"""Texts that mark who does something to whom: `<s>source</s>` and `<t>target</t>`.

Event codebooks (PLOVER) code the relation of a source to a target. Where a text marks them, the classifier
sees it twice: as it stands, and with both replaced by letters, so that the act counts and not the actors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["has_roles", "mark_roles", "mask_roles", "strip_roles"]

_SOURCE = re.compile(r"<s>(.*?)</s>", re.DOTALL)
_TARGET = re.compile(r"<t>(.*?)</t>", re.DOTALL)


def has_roles(texts: Iterable[str]) -> bool:
    """Say whether any text marks a source or a target.

    Parameters
    ----------
    texts : iterable of str
        Some texts.

    Returns
    -------
    bool
        True for one mark in one text.
    """
    return any(_SOURCE.search(text) or _TARGET.search(text) for text in texts)


def strip_roles(text: str) -> str:
    """Remove the marks of roles.

    Parameters
    ----------
    text : str
        With or without marks.

    Returns
    -------
    str
        The text without marks.

    Examples
    --------
    >>> strip_roles("<s>Oslo</s> gave <t>Malawi</t> grain.")
    'Oslo gave Malawi grain.'
    """
    return _TARGET.sub(r"\1", _SOURCE.sub(r"\1", text))


def mask_roles(text: str) -> str:
    """Replace source and target by letters.

    Parameters
    ----------
    text : str
        With or without marks.

    Returns
    -------
    str
        The text with A for the source and B for the target.

    Examples
    --------
    >>> mask_roles("<s>Oslo</s> gave <t>Malawi</t> grain.")
    'A gave B grain.'
    """
    return _TARGET.sub("B", _SOURCE.sub("A", text))


def mark_roles(text: str) -> str:
    """Put single tokens around source and target, as an encoder reads them (Zhou & Chen 2022).

    Parameters
    ----------
    text : str
        With or without marks.

    Returns
    -------
    str
        The text with `@` around the source and `#` around the target.

    Examples
    --------
    >>> mark_roles("<s>Oslo</s> gave <t>Malawi</t> grain.")
    '@ Oslo @ gave # Malawi # grain.'
    """
    return _TARGET.sub(r"# \1 #", _SOURCE.sub(r"@ \1 @", text))
