"""The language of each document, by which its voices are found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from framing.corpus.language import detect_languages
from framing.corpus.voice_languages import known_languages
from framing.corpus.words import count_lettered, is_unspaced

__all__ = ["choose_languages"]

_ENGLISH = "en"
_NO_LANGUAGE = ("", "und")
_ENOUGH = 10  # words of a text whose detected language is trusted
_FUNCTION_WORDS = re.compile(r"\b(?:the|of|and|to|that|said|was|with|for|is|has|he|she|his|her)\b", re.IGNORECASE)
_FOREIGN = re.compile(r"[^\x00-\u024f\u2000-\u206f\u20a0-\u20cf]")  # neither Latin letters nor marks
_LEAST_ENGLISH = 0.08  # share of such words in English, also where names are many


def choose_languages(texts: Sequence[str], given: Sequence[str] | None = None) -> list[str]:
    """Choose the language by whose rules the voices of each text are found.

    Parameters
    ----------
    texts : sequence of str
        Documents, or passages that are read alone.
    given : sequence of str, optional
        Language of each, ISO 639-1, as the column `language` has it; detected where it is missing.

    Returns
    -------
    list of str
        ISO 639-1 codes in the same order. The guess on a few words of Latin script is close to chance: such a text has
        the language that most longer texts of the same call have, English where there are none.

    Examples
    --------
    >>> choose_languages(["“Go,” she said.", "«Пора», — сказал он, и все поднялись."])
    ['en', 'ru']
    >>> choose_languages(["“Los”, sagte sie."], ["de"])
    ['de']
    """
    codes = list(given) if given is not None else detect_languages(texts)
    codes = [str(code).split("-")[0].lower() if isinstance(code, str) else "" for code in codes]
    is_told = [given is not None and code not in _NO_LANGUAGE for code in codes]
    missing = [number for number, told in enumerate(is_told) if not told]
    if given is not None and missing:
        for number, code in zip(missing, detect_languages([texts[number] for number in missing]), strict=True):
            codes[number] = code
    is_sure = [_is_long(text) for text in texts]
    for number, (text, code) in enumerate(zip(texts, codes, strict=True)):
        if code not in known_languages() and _is_english(text):
            codes[number], is_sure[number] = _ENGLISH, True
    trusted = Counter(code for code, sure in zip(codes, is_sure, strict=True) if sure and code not in _NO_LANGUAGE)
    usual = trusted.most_common(1)[0][0] if trusted else _ENGLISH
    for number, (text, code) in enumerate(zip(texts, codes, strict=True)):
        is_read = is_told[number] and code in known_languages()
        if not (is_sure[number] or is_read or _FOREIGN.search(text)):
            codes[number] = usual
    return codes


def _is_long(text: str) -> bool:
    return count_lettered(text) >= _ENOUGH or is_unspaced(text)


def _is_english(text: str) -> bool:
    """Whether a text that was detected as something else has the small words of English."""
    n_words = count_lettered(text)
    return n_words > 0 and len(_FUNCTION_WORDS.findall(text)) / n_words >= _LEAST_ENGLISH
