"""Stop words: frequent words that say nothing of what a text is about, by language."""

from __future__ import annotations

from functools import cache
from importlib import import_module

__all__ = ["STOP_WORD_LANGUAGES", "find_stop_words"]

STOP_WORD_LANGUAGES = frozenset((
    "af", "am", "ar", "az", "bg", "bn", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga",
    "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "kn", "ko", "ky", "lt", "lv", "mk", "ml", "mr", "ms",
    "ne", "nl", "no", "pl", "pt", "ro", "ru", "sa", "si", "sk", "sl", "sq", "sr", "sv", "ta", "te", "th", "tl", "tr",
    "tt", "uk", "ur", "vi", "yo", "zh",
))  # fmt: skip
"""Languages whose stop words are known."""
_MODULES = {"no": "nb"}  # what spaCy calls them
# in the lists, though they say something (of English: Nothman, Qin & Yurchak 2018)
_CONTENT = {
    "en": (
        "amount", "bill", "bottom", "call", "computer", "cry", "describe", "detail", "empty", "fire", "front",
        "interest", "mill", "move", "serious", "side", "sincere", "system", "thick", "thin",
    ),
    "it": ("casa", "governo", "lavoro", "paese"),
    "ur": ("خبر", "طب"),
    "zh": ("人民", "问题"),
}  # fmt: skip


@cache
def find_stop_words(language: str) -> frozenset[str]:
    """Find the stop words of a language.

    Parameters
    ----------
    language : str
        ISO 639-1 code.

    Returns
    -------
    frozenset of str
        In small letters; empty for a language that is not among `STOP_WORD_LANGUAGES`.

    Notes
    -----
    English: scikit-learn, less the words that Nothman, Qin & Yurchak (2018) name as content. Others: spaCy, less a few
    nouns.

    Examples
    --------
    >>> "the" in find_stop_words("en"), "system" in find_stop_words("en"), find_stop_words("xx")
    (True, False, frozenset())
    """
    if language not in STOP_WORD_LANGUAGES:
        return frozenset()
    if language == "en":
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

        words = set(ENGLISH_STOP_WORDS)
    else:
        words = set(import_module(f"spacy.lang.{_MODULES.get(language, language)}.stop_words").STOP_WORDS)
    return frozenset(word.casefold() for word in words) - frozenset(_CONTENT.get(language, ()))
