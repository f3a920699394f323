"""Texts for XML 1.0: what it cannot hold is replaced by as many characters, so that places in the text stay."""

from __future__ import annotations

import re

__all__ = ["make_xml_text"]

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def make_xml_text(text: str) -> str:
    """Replace characters that XML 1.0 cannot hold.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        The text with U+FFFD in their place.

    Examples
    --------
    >>> make_xml_text("a\\x07b & <c>")
    'a\\ufffdb & <c>'
    """
    return _NOT_IN_XML.sub("\ufffd", text)
