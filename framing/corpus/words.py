"""Words of a text: what spaces part, and in scripts that are written without spaces so many characters a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category

__all__ = [
    "MARKS",
    "UNSPACED",
    "count_lettered",
    "count_words",
    "find_script",
    "find_units",
    "is_unspaced",
    "weigh_word",
]

_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
MARKS = "".join(chr(place) for place in range(0x300, 0x1E00) if category(chr(place))[0] == "M") + "\u200c\u200d"
"""Signs within words that `\\w` does not match: vowels of Indian scripts, points of Hebrew and Arabic, joiners."""
# characters of a word on average, marks included
_SCRIPTS = {
    "zh": (_HAN, 1.7),
    "ja": (_KANA, 2.0),
    "th": ("\u0e01-\u0e4e", 4.5),
    "lo": ("\u0e81-\u0ecd", 4.5),
    "my": ("\u1000-\u103f\u1050-\u109f", 6.0),
    "km": ("\u1780-\u17d3", 6.0),
}
UNSPACED = re.compile("[" + "".join(characters for characters, _ in _SCRIPTS.values()) + "]")
_BY_SCRIPT = {language: re.compile(f"[{characters}]") for language, (characters, _) in _SCRIPTS.items()}
_WEIGHTS = [(pattern, 1 / _SCRIPTS[language][1]) for language, pattern in _BY_SCRIPT.items()]
_KOREAN = re.compile(f"[{_HANGUL}]")
_UNIT = re.compile(rf"(?P<one>{UNSPACED.pattern})|(?:(?!{UNSPACED.pattern})\w)+")
_SPACED_WORD = re.compile(rf"(?:(?!{UNSPACED.pattern})(?:[^\W\d_]|[{MARKS}]))+")
_MIN_KANA = 0.05  # share of kana from which on Chinese characters are Japanese
_MIN_CHARACTERS = 4


def is_unspaced(text: str) -> bool:
    """Check whether most words of a text are of a script that is written without spaces between words.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        True for texts in Chinese, Japanese, Thai, Lao, Burmese and Khmer.

    Examples
    --------
    >>> is_unspaced("部长们周二会面。"), is_unspaced("The minister (部长) left.")
    (True, False)
    """
    unspaced = UNSPACED.findall(text)
    return bool(unspaced) and sum(map(weigh_word, unspaced)) > len(_SPACED_WORD.findall(text))


def count_words(text: str, *, unspaced: bool = False) -> int:
    """Count the words of a text.

    Parameters
    ----------
    text : str
        Any text.
    unspaced : bool, default False
        Whether the document that the text is from is written without spaces (`is_unspaced`).

    Returns
    -------
    int
        Number of words.

    Notes
    -----
    Without spaces the number is that of characters over the length of a word on average: 1.7 for Chinese characters (in
    the corpora PKU and MSR of the second SIGHAN bakeoff it is 1.6 and 1.7), 2 for kana, 4.5 for Thai and Lao, 6 for
    Burmese and Khmer. Words of other scripts and numbers count one each.

    Examples
    --------
    >>> count_words("The council met."), count_words("部长们周二在首都会面。", unspaced=True)
    (3, 6)
    """
    if not unspaced:
        return len(text.split())
    n_words = sum(weight for _, weight in find_units(text, unspaced=True))
    return max(round(n_words), 1) if text.strip() else 0


def count_lettered(text: str) -> int:
    """Count the words of a text that hold a letter: those by which its language can be told.

    Parameters
    ----------
    text : str
        Any text, written with spaces.

    Returns
    -------
    int
        Number of words; marks that stand alone and numbers are none.

    Examples
    --------
    >>> count_lettered("“ “ — 42 Ana Duarte"), count_lettered("")
    (2, 0)
    """
    return sum(any(map(str.isalpha, word)) for word in text.split())


def find_units(text: str, *, unspaced: bool = False) -> Iterator[tuple[int, float]]:
    """Places at which a text may be cut between words.

    Parameters
    ----------
    text : str
        Any text.
    unspaced : bool, default False
        Whether it is written without spaces.

    Yields
    ------
    end : int
        End of a word, or of a character of a script without spaces.
    weight : float
        Words that it counts.
    """
    if not unspaced:
        for match in re.finditer(r"\S+", text):
            yield match.end(), 1.0
        return
    for match in _UNIT.finditer(text):
        yield match.end(), weigh_word(match[0])


def weigh_word(word: str) -> float:
    """Words that a word counts, or a character of a script that is written without spaces.

    Parameters
    ----------
    word : str
        The word or character.

    Returns
    -------
    float
        1, or for such a character its share of a word on average.

    Examples
    --------
    >>> weigh_word("council"), round(weigh_word("会"), 2)
    (1.0, 0.59)
    """
    if UNSPACED.match(word) is None:
        return 1.0
    return next(weight for pattern, weight in _WEIGHTS if pattern.match(word))


def find_script(text: str) -> str:
    """Language of a text by its script, where the script has one.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        `zh`, `ja`, `ko`, `th`, `lo`, `my` or `km`; empty for other scripts and for less than four characters.

    Examples
    --------
    >>> find_script("部长们周二会面。"), find_script("大臣たちは会った。"), find_script("The council met.")
    ('zh', 'ja', '')
    """
    if is_unspaced(text):
        counts = {language: len(pattern.findall(text)) for language, pattern in _BY_SCRIPT.items()}
        if counts["ja"] >= _MIN_KANA * (counts["ja"] + counts["zh"]):
            counts["ja"] += counts.pop("zh") if counts["ja"] else 0
        best = max(counts, key=lambda language: counts[language])
        return best if counts[best] >= _MIN_CHARACTERS else ""
    n_korean = len(_KOREAN.findall(text))
    return "ko" if n_korean >= _MIN_CHARACTERS and 2 * n_korean > sum(map(str.isalpha, text)) else ""
