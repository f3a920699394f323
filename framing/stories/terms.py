"""Terms by which documents are alike: words and names within a language, figures and sounds of names across them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.corpus.words import UNSPACED

__all__ = ["MIN_DOCUMENTS", "find_names", "find_shared_terms", "find_sound", "find_words", "weigh_terms"]

MIN_DOCUMENTS = 20  # of a language, below which it cannot be estimated how common a word is

_MAX_COMMON = 0.3  # share of documents with a word, above which the word does not set a story apart
_WORD = re.compile(r"\b\w\w+\b")
_NAME = re.compile(r"\b[^\W\d_][\w’'-]+|\b\d[\d.,]*\d|\b\d\b")
_RUN = re.compile(rf"(?:{UNSPACED.pattern})+")

_FIGURE = re.compile(r"\d{1,3}(?:[ .,'’\u00a0\u2009\u202f]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_MULTIPLES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_TOKEN = re.compile(r"[^\W\d_][^\W_’'ʼ]*(?:[’'ʼ][^\W\d_]+)*")
_SOUNDS = (  # of Latin letters, in this order: what names lose and change on their way into another language
    ("sch", "s"), ("tch", "k"), ("dzh", "g"), ("dj", "g"), ("zh", "g"), ("kh", ""), ("gh", "g"), ("sh", "s"),
    ("ch", "k"), ("ck", "k"), ("ph", "f"), ("th", "t"), ("ts", "s"), ("tz", "s"), ("x", "ks"), ("q", "k"), ("c", "k"),
    ("z", "s"), ("w", "v"), ("j", "g"),
)  # fmt: skip
_SILENT = re.compile(r"[^bdfgklmnprstv]")
_DOUBLED = re.compile(r"(.)\1+")
_MIN_SOUND, _MAX_SOUND = 3, 5  # consonants of a name: fewer are shared by chance, later ones are inflected


def find_words(text: str) -> list[str]:
    """Find the words of a text; of scripts that are written without spaces, each two characters that follow each other.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Words of two letters and more, letter case ignored.

    Examples
    --------
    >>> find_words("The pier in 2024"), find_words("部长会面 today")
    (['the', 'pier', 'in', '2024'], ['部长', '长会', '会面', 'today'])
    """
    words = _WORD.findall(text.lower())
    return [part for word in words for part in (_split_unspaced(word) if UNSPACED.search(word) else (word,))]


def find_names(text: str) -> list[str]:
    """Find the capitalised words and the figures of a text, letter case ignored.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Of scripts without capitals, the figures alone.

    Examples
    --------
    >>> find_names("The pier of Korrin has 1,200 boats"), find_names("Пирс Коррина")
    (['the', 'korrin', '1,200'], ['пирс', 'коррина'])
    """
    return [name.casefold() for name in _NAME.findall(text) if name[0].isupper() or name[0].isdigit()]


def find_shared_terms(text: str) -> list[str]:
    """Find terms that are alike in all languages: figures of two digits and more, and the sound of names.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of str
        Names are capitalised words; of scripts without capitals and with spaces, all words. Texts without spaces give
        their figures and the Latin words in them.

    Examples
    --------
    >>> find_shared_terms("In Korrin 1,200 boats burnt"), find_shared_terms("В Коррине сгорело 1 200 лодок")
    (['1200', 'krn'], ['1200', 'krn'])
    >>> find_shared_terms("科林有120万人")
    ['1200000']
    """
    plain = unicodedata.normalize("NFKC", text)
    figures = [figure for match in _FIGURE.finditer(plain) if len(figure := _read_figure(match, plain)) > 1]
    cased = any(map(str.islower, plain))
    words = (
        word for word in _TOKEN.findall(_RUN.sub(" ", plain)) if word[0].isupper() or not (cased and _has_case(word))
    )
    return [*figures, *filter(None, map(find_sound, words))]


@lru_cache(maxsize=100_000)
def find_sound(name: str) -> str:
    """Reduce a name to the consonants that it keeps in other languages and scripts.

    Parameters
    ----------
    name : str
        A word of any script.

    Returns
    -------
    str
        Up to five consonants; empty for fewer than three.

    Notes
    -----
    The name is written in Latin letters (anyascii), letters that stand for one sound in several languages become one,
    and vowels are left out: a rough form of phonetic keys such as Soundex. Vowels differ most between spellings of a
    name, and endings by case; both are left out.

    Examples
    --------
    >>> find_sound("Zelensky"), find_sound("Зеленського"), find_sound("Selenskyj"), find_sound("Li")
    ('slnsk', 'slnsk', 'slnsk', '')
    """
    from anyascii import anyascii

    sound = anyascii(name).casefold()
    for letters, one in _SOUNDS:
        sound = sound.replace(letters, one)
    sound = _DOUBLED.sub(r"\1", _SILENT.sub("", sound))[:_MAX_SOUND]
    return sound if len(sound) >= _MIN_SOUND else ""


def weigh_terms(texts: Sequence[str], languages: NDArray[np.int64], analyzer: Callable[[str], list[str]]) -> Any:
    """Weigh the terms of texts by how rare they are in the texts of their language.

    Parameters
    ----------
    texts : sequence of str
        Length n.
    languages : ndarray of shape (n,)
        Number of the language of each.
    analyzer : callable
        Gives the terms of a text.

    Returns
    -------
    sparse array of shape (n, m) or None
        TF-IDF with the logarithm of counts, rows of unit length; None if no term is left. From twenty texts on, terms
        of one text alone, and those in more than 30 % of the texts of a language, are left out.
    """
    from scipy.sparse import csr_matrix, diags
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    many = len(texts) >= MIN_DOCUMENTS
    try:
        counts = CountVectorizer(analyzer=analyzer, min_df=2 if many else 1).fit_transform(texts)
    except ValueError:  # no term is left
        return None
    counts = counts.astype(np.float64)
    counts.data = np.log(counts.data) + 1
    weighed: Any = csr_matrix(counts.shape, dtype=np.float64)
    for language in np.unique(languages):
        inside = languages == language
        n = int(inside.sum())
        frequency = np.bincount(counts[inside].indices, minlength=counts.shape[1])
        rarity = np.log((1 + n) / (1 + frequency)) + 1
        if n >= MIN_DOCUMENTS:
            rarity[frequency > _MAX_COMMON * n] = 0
        weighed = weighed + diags(inside.astype(float)) @ counts @ diags(rarity)
    weighed = normalize(csr_matrix(weighed)).astype(np.float32)
    weighed.eliminate_zeros()
    weighs = np.bincount(weighed.indices, minlength=weighed.shape[1]) > 0
    return weighed[:, np.flatnonzero(weighs)] if weighs.any() else None


def _split_unspaced(word: str) -> list[str]:
    """Pairs of characters of the runs without spaces in a word; what is between them stays."""
    parts = []
    end = 0
    for match in _RUN.finditer(word):
        if len(between := word[end : match.start()]) > 1:
            parts.append(between)
        run, end = match[0], match.end()
        parts += [run[place : place + 2] for place in range(max(len(run) - 1, 1))]
    if len(rest := word[end:]) > 1:
        parts.append(rest)
    return parts


def _has_case(word: str) -> bool:
    return word[0].lower() != word[0].upper()


def _read_figure(match: re.Match[str], text: str) -> str:
    """A figure as it is compared: without separators of thousands, with a point before decimals."""
    figure = match[0]
    if re.fullmatch(r"\d{1,3}(?:[^\d]\d{3})+", figure):
        figure = re.sub(r"\D", "", figure)
    number = figure.replace(",", ".")
    multiple = _MULTIPLES.get(text[match.end() : match.end() + 1])
    if multiple:
        return str(round(float(number) * multiple))
    whole, point, decimals = number.partition(".")
    return f"{int(whole)}{point}{decimals}" if point else str(int(whole))
