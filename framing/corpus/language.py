"""The language of a text, detected without a network."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any

from framing.corpus.words import count_lettered, count_words, find_script, is_unspaced

__all__ = ["DETECTED", "detect_languages"]

# languages of news; with all that the model knows, short English headlines are taken for pidgins and creoles
_LANGUAGES = (
    "am", "ar", "az", "be", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "gu", "he",
    "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "kn", "ko", "ky", "lt", "lv", "mk", "ml", "mn", "mr",
    "ms", "ne", "nl", "no", "or", "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta",
    "te", "tg", "th", "tr", "uk", "ur", "uz", "vi", "zh",
)  # fmt: skip
DETECTED = frozenset((*_LANGUAGES, "lo", "my", "km"))
"""Codes of the languages that are told apart."""
_FEW_WORDS = 4  # on fewer, the guess counts only where the model is sure
_SURE = 0.8  # confidence; chosen on the first one to three words of every second headline of benchmarks/headlines.tsv
_WHOLE, _PIECE, _N_PIECES = 1200, 240, 5  # characters; of a longer text, pieces are read from its start to its end
_NO_WORDS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|@\w+")


def detect_languages(texts: Iterable[str]) -> list[str]:
    """Detect the language of each text: with py3langid, or by a script that has one language.

    Parameters
    ----------
    texts : iterable of str
        Any texts.

    Returns
    -------
    list of str
        ISO 639-1 codes, in the same order; `und` for a text without a letter, and for one of fewer than four words of
        which the model is not sure.

    Notes
    -----
    Chinese (in both scripts), Japanese, Korean, Thai, Lao, Burmese and Khmer are told by their script. Web addresses
    and names of users do not count. Of a text of more than 1,200 characters five pieces from its start to its end are
    read, and the language of most of them counts, by `count_words`. Bosnian, Montenegrin and Serbian in Latin letters
    are given as Croatian, Norwegian in both forms as `no`. A text in a language that is not among `DETECTED` gets the
    most alike.

    Examples
    --------
    >>> detect_languages(["The council met on Tuesday to vote.", "42"])
    ['en', 'und']
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        identifier = _load_identifier()
        return [_detect(text, identifier) for text in texts]


def _detect(text: str, identifier: Any) -> str:
    if len(text) <= _WHOLE:
        return _detect_piece(text, identifier)
    step = (len(text) - _PIECE) // (_N_PIECES - 1)
    counts: Counter[str] = Counter()
    for number in range(_N_PIECES):
        piece = _NO_WORDS.sub(" ", text[number * step : number * step + _PIECE])
        counts[_detect_piece(piece, identifier)] += count_words(piece, unspaced=is_unspaced(piece))
    del counts["und"]
    return counts.most_common(1)[0][0] if counts else "und"


def _detect_piece(text: str, identifier: Any) -> str:
    text = _NO_WORDS.sub(" ", text)
    if (script := find_script(text)) or is_unspaced(text):  # a few Chinese characters may be Japanese
        return script or "und"
    if not any(map(str.isalpha, text)):
        return "und"
    language, confidence = identifier.classify(text)
    return str(language) if confidence >= _SURE or count_lettered(text) >= _FEW_WORDS else "und"


@cache
def _load_identifier() -> Any:
    """A separate detector: the restriction to `_LANGUAGES` would change that of the library for all its users."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES)
    return identifier
