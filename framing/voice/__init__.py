"""Who speaks in a passage: the outlet itself, or the person, office or state whom it quotes or reports."""

from __future__ import annotations

__all__ = ["known_languages"]


def known_languages() -> frozenset[str]:
    """Languages in which voices are found.

    Returns
    -------
    frozenset of str
        ISO 639-1 codes.

    Examples
    --------
    >>> "en" in known_languages()
    True
    """
    return frozenset({"en"})
