"""The language of a text, detected without a network."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any

# news languages; among all that the model knows, short English headlines pass for pidgins and creoles
_LANGUAGES = [
    "ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hr", "hu", "id",
    "it", "ja", "ka", "kk", "ko", "lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv",
    "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
]  # fmt: skip

__all__ = ["detect_languages"]

_SHORTEST = 4  # words; the guess on less is close to chance
_ENOUGH = 1200  # characters; more text does not change the guess


def detect_languages(texts: Iterable[str]) -> list[str]:
    """ISO 639-1 code of each text (py3langid), `und` below four words or where no letter occurs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        identifier = _identifier()
        return [
            str(identifier.classify(text[:_ENOUGH])[0])
            if len(text.split()) >= _SHORTEST and any(map(str.isalpha, text))
            else "und"
            for text in texts
        ]


@cache
def _identifier() -> Any:
    """A detector of our own: that of the library is shared with whatever else uses it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_LANGUAGES)
    return identifier
