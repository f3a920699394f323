"""The vocabulary of a corpus: the words of a text, and the passages and documents that have each word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from framing.errors import TooLittleDataError

__all__ = ["count_documents", "count_words", "make_word_analyzer", "sum_rows"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CONTRACTED = frozenset(("t", "ll", "ve", "re", "d", "m"))  # don't, we'll: stop words in disguise
# in scikit-learn's list of stop words, though they say something (Nothman, Qin & Yurchak 2018)
_CONTENT = frozenset((
    "amount", "bill", "bottom", "call", "computer", "cry", "describe", "detail", "empty", "fire", "front", "interest",
    "mill", "move", "serious", "side", "sincere", "system", "thick", "thin",
))  # fmt: skip
_CUT = " | "  # no pair of words reaches over it

Analyzer = Callable[[str], list[str]]


def make_word_analyzer(phrases: Iterable[str]) -> Analyzer:
    """A function that lists the words of a text, and pairs of words that follow each other, once each.

    Parameters
    ----------
    phrases : iterable of str
        Phrases that are cut from the text first, letter case ignored; of a web address also its longest part
        (www.rt.com, rt).

    Returns
    -------
    callable
        From a text to its words and pairs in alphabetical order. English stop words and single letters are no words.

    Examples
    --------
    >>> make_word_analyzer(["Fox News"])("Kyiv's allies told Fox News they don't want cease-fire.")
    ['allies', 'allies told', 'cease', 'cease fire', 'fire', 'kyiv', 'kyiv allies', 'told', 'want', 'want cease']
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    stop_words = ENGLISH_STOP_WORDS - _CONTENT
    pattern = _compile_phrases(phrases)

    def analyze(text: str) -> list[str]:
        text = text.casefold()
        if pattern is not None:
            text = pattern.sub(_CUT, text)
        words: set[str] = set()
        before, end = "", -1
        for match in _WORD.finditer(text):
            word = _strip_affixes(match.group())
            if len(word) < 2 or word in stop_words:
                before = ""
                continue
            words.add(word)
            if before and text[end : match.start()] in (" ", "-", "\n"):
                words.add(f"{before} {word}")
            before, end = word, match.end()
        return sorted(words)

    return analyze


def _compile_phrases(phrases: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern of the phrases, longest first; none where there are none."""
    names = {phrase.strip().casefold() for phrase in phrases} - {""}
    addresses = [phrase.split(".")[:-1] for phrase in names if re.fullmatch(r"[\w-]+(\.[\w-]+)+", phrase)]
    addresses = [[part for part in parts if part != "www"] for parts in addresses]
    names |= {max(parts, key=len) for parts in addresses if parts}
    if not names:
        return None
    ordered = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<!\w)(?:{ordered})(?!\w)")


def _strip_affixes(word: str) -> str:
    """A word without possessive or article (Kyiv's, l'État); nothing of a contraction."""
    parts = re.split("['’]", word)
    if len(parts) == 1:
        return word
    return "" if parts[-1] in _CONTRACTED else max(parts, key=len)


def count_words(texts: pd.Series, analyzer: Analyzer) -> tuple[Any, NDArray[np.object_]]:
    """Whether each passage has each word.

    Parameters
    ----------
    texts : Series
        Text of each passage.
    analyzer : callable
        Of `make_word_analyzer`.

    Returns
    -------
    sparse matrix
        Ones and zeros, a row a passage, a column a word.
    array of object
        The words.

    Raises
    ------
    InputError
        Where no passage has a word.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=analyzer, binary=True, dtype=np.float64)
    try:
        counts = vectorizer.fit_transform(texts.fillna(""))
    except ValueError as error:
        raise TooLittleDataError("No passage has a word that could be counted; is the text in letters?") from error
    return counts.tocsr(), np.asarray(vectorizer.get_feature_names_out(), dtype=object)


def sum_rows(values: Any, places: NDArray[np.int64], n_rows: int) -> Any:
    """Sum the rows of a sparse matrix that have the same place.

    Parameters
    ----------
    values : sparse matrix
        A row for each element of `places`.
    places : array of int
        Row of the result that each row is added to.
    n_rows : int
        Rows of the result.

    Returns
    -------
    sparse matrix
        Shape (n_rows, columns of `values`).

    Examples
    --------
    >>> sum_rows(csr_matrix([[1.0], [2.0], [4.0]]), np.array([1, 0, 1]), 2).toarray().tolist()
    [[2.0], [5.0]]
    """
    ones = np.ones(len(places))
    return csr_matrix((ones, (places, np.arange(len(places)))), shape=(n_rows, len(places))) @ values


def count_documents(counts: Any, document_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the documents that have each word.

    Parameters
    ----------
    counts : sparse matrix
        Whether each passage has each word, by `count_words`.
    document_of : array of int
        Document of each passage.

    Returns
    -------
    array of int
        One number a word.

    Examples
    --------
    >>> count_documents(csr_matrix([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]), np.array([0, 0, 1])).tolist()
    [1, 2]
    """
    summed = sum_rows(counts, document_of, int(document_of.max(initial=0)) + 1)
    return np.asarray(summed.tocsc().getnnz(axis=0), dtype=np.int64)
