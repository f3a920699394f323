"""The languages in which voices are found, by the files that tell how speech is reported in them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

__all__ = ["VOICE_FILES", "known_languages"]

VOICE_FILES = files("framing") / "data" / "voices"
"""A file a language; `framing.voice` reads them."""

_ENGLISH = "en"  # its rules are those of the parser


@cache
def known_languages() -> frozenset[str]:
    """The languages in which voices are found.

    Returns
    -------
    frozenset of str
        ISO 639-1 codes: English, and those with a file in `framing/data/voices/`.

    Examples
    --------
    >>> sorted(known_languages())
    ['de', 'en', 'es', 'fr', 'ru', 'uk', 'zh']
    """
    names = (item.name for item in VOICE_FILES.iterdir())
    return frozenset({_ENGLISH, *(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))})
