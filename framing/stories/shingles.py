"""Similarity of texts by their shingles, and groups of near-equal texts."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.corpus.words import MARKS, UNSPACED, weigh_word
from framing.steps import count_steps

__all__ = ["ShingledText", "group_texts", "normalise_words", "shingle_text", "split_words"]

_LETTER = rf"(?!{UNSPACED.pattern})[^\W\d_]"
_WORD = re.compile(rf"\d[\d.,:]*|{UNSPACED.pattern}|{_LETTER}(?:{_LETTER}|(?!{UNSPACED.pattern})[{MARKS}])*")
_SHINGLE = 3  # words of a shingle, or characters of a script that is written without spaces
_MIN_WORDS = 6  # of a text, below which only equal texts are duplicates: a shared phrase is no copy
_MIN_PART = 15  # words of a text that may be a part of a longer one
_MIN_SHORT_PART = 8  # words of a text that may be a part if nearly all of its shingles are in the longer one
_NEARLY_ALL = 0.9  # share of the shingles of a short part
_MIN_PART_SHARE = 1 / 3  # of the longer text
_MAX_WORDS = 5000  # of a text that are compared: copies agree on their first pages
# Bands and rows of the LSH: a part of a third of a text of whose shingles 0.8 agree (Jaccard 0.25) becomes a candidate
# in 98 of 100 cases
_BANDS, _ROWS = 64, 2

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ShingledText:
    """A text as it is compared.

    Attributes
    ----------
    shingles : ndarray of shape (n_shingles,)
        Different hashes of its shingles, sorted.
    n_words : float
        Number of its words; of a script that is written without spaces, of characters over those of a word on average.
    """

    shingles: NDArray[np.uint32]
    n_words: float


def split_words(text: str) -> list[str]:
    """Split a text into its words and figures, letter case ignored; Chinese and the like into characters.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    list of str
        The words.

    Examples
    --------
    >>> split_words("Losses: 23,000 troops."), split_words("部长们")
    (['losses', '23,000', 'troops'], ['部', '长', '们'])
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def normalise_words(words: list[str], numbers: str) -> str:
    """Join words to the text that is compared.

    Parameters
    ----------
    words : list of str
        Words of a text.
    numbers : {"ignore", "keep"}
        With `ignore` all figures of a text of six words or more become 0.

    Returns
    -------
    str
        The same for texts with the same words.

    Examples
    --------
    >>> normalise_words(["about", "23,000", "of", "the", "troops", "fell"], "ignore")
    'about 0 of the troops fell'
    """
    ignored = numbers == "ignore" and _count_words(words) >= _MIN_WORDS
    return " ".join("0" if ignored and word[0].isdigit() else word.rstrip(".,:") for word in words[:_MAX_WORDS])


def shingle_text(words: list[str], normal: str) -> ShingledText:
    """Hash the shingles of a text.

    Parameters
    ----------
    words : list of str
        Words of the text, as `split_words` returns them.
    normal : str
        The same with one space between them, as `normalise_words` returns them.

    Returns
    -------
    ShingledText
        Of a text of fewer than six words, the only shingle is the whole.

    Examples
    --------
    >>> words = split_words("部长们周二在首都会面。")
    >>> text = shingle_text(words, normalise_words(words, "ignore"))
    >>> len(text.shingles), text.n_words
    (1, 5.9)
    """
    n_words = _count_words(words)
    compared = normal.split(" ")
    if n_words < _MIN_WORDS:
        return ShingledText(np.array([_hash(normal)], dtype=np.uint32), n_words)
    shingles = {" ".join(compared[start : start + _SHINGLE]) for start in range(len(compared) - _SHINGLE + 1)}
    hashes = np.unique(np.array([_hash(shingle) for shingle in shingles], dtype=np.uint32))
    return ShingledText(hashes, n_words)


def _count_words(words: list[str]) -> float:
    return round(sum(map(weigh_word, words)), 1)


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _measure_similarity(a: ShingledText, b: ShingledText) -> float:
    n_words = min(a.n_words, b.n_words)
    n_shared = len(np.intersect1d(a.shingles, b.shingles, assume_unique=True))
    small, large = sorted((len(a.shingles), len(b.shingles)))
    long_enough = n_words >= _MIN_PART or (n_words >= _MIN_SHORT_PART and n_shared >= _NEARLY_ALL * small)
    if long_enough and small >= _MIN_PART_SHARE * large:
        return n_shared / small
    return n_shared / (small + large - n_shared)


def _find_candidates(texts: list[ShingledText]) -> Iterator[list[int]]:
    """For each text the earlier ones that may be similar."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=_BANDS * _ROWS, params=(_BANDS, _ROWS))
    empty = MinHash(_BANDS * _ROWS, hashfunc=int)
    for number, text in enumerate(texts):
        if text.n_words < _MIN_WORDS:  # equal short texts are one text already
            yield []
            continue
        sketch = empty.copy()
        sketch.update_batch(text.shingles.tolist())
        yield sorted(index.query(sketch))
        index.insert(number, sketch, check_duplication=False)


def group_texts(texts: list[ShingledText], threshold: float, *, progress: str = "") -> tuple[Ints, Floats]:
    """Group texts that are similar, in the order given.

    Parameters
    ----------
    texts : list of ShingledText
        Different texts, the earliest first.
    threshold : float
        Least similarity of two texts.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    groups : ndarray of shape (n,)
        Number of the first text of the group of each.
    nearest : ndarray of shape (n,)
        Similarity of each text to the most similar earlier member of its group, 1 for the first.
    """
    groups = np.arange(len(texts))
    nearest = np.ones(len(texts))
    sizes: dict[int, int] = {}
    with count_steps(progress, len(texts), what="texts") as steps:
        for number, candidates in enumerate(_find_candidates(texts)):
            similarities: dict[int, list[float]] = {}  # by group
            similar_to_original = set()
            for other in candidates:
                similarity = _measure_similarity(texts[number], texts[other])
                if similarity >= threshold:
                    similarities.setdefault(int(groups[other]), []).append(similarity)
                    if groups[other] == other:
                        similar_to_original.add(other)
            # the share of members, then the highest similarity, then the earlier group decides
            eligible = [
                (len(values) / sizes[group], max(values), -group)
                for group, values in similarities.items()
                if group in similar_to_original or 2 * len(values) >= sizes[group]
            ]
            if eligible:
                _, nearest[number], negative = max(eligible)
                groups[number] = -negative
            sizes[int(groups[number])] = sizes.get(int(groups[number]), 0) + 1
            steps.update(1)
    return groups, nearest
