"""The language of a text, detected without a network."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

from framing.corpus.words import find_script

__all__ = ["detect_languages"]

# languages of news; with all that the model knows, short English headlines are taken for pidgins and creoles
_LANGUAGES = [
    "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ka", "kk", "ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv",
    "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
]  # fmt: skip
_MIN_WORDS = 4  # the guess on fewer is close to chance
_MAX_CHARACTERS = 1200  # more text does not change the guess


def detect_languages(texts: Iterable[str]) -> list[str]:
    """Detect the language of each text: with py3langid, or by a script that has one language.

    Parameters
    ----------
    texts : iterable of str
        Any texts.

    Returns
    -------
    list of str
        ISO 639-1 codes, in the same order; `und` for a text of fewer than four words or without a letter.
        Chinese, Japanese, Korean, Thai, Lao, Burmese and Khmer are told by their script.

    Examples
    --------
    >>> detect_languages(["The council met on Tuesday to vote.", "42"])
    ['en', 'und']
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        identifier = _load_identifier()
        return [_detect(text[:_MAX_CHARACTERS], identifier) for text in texts]


def _detect(text: str, identifier: Any) -> str:
    if script := find_script(text):  # written without spaces, or known by its script alone
        return script
    if len(text.split()) >= _MIN_WORDS and any(map(str.isalpha, text)):
        return str(identifier.classify(text)[0])
    return "und"


@cache
def _load_identifier() -> Any:
    """A separate detector: the restriction to `_LANGUAGES` would change that of the library for all its users."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_LANGUAGES)
    return identifier
