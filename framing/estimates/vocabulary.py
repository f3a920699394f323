"""The vocabulary of a corpus: the words of a text, and the passages and documents that have each word."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from framing.corpus.words import MARKS, UNSPACED
from framing.errors import TooLittleDataError
from framing.estimates.stop_words import find_stop_words
from framing.texts import phrase

__all__ = ["count_documents", "count_words", "is_run_of_characters", "make_word_analyzer", "sum_rows"]

_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*(?:['’](?:[^\W\d_]|[{MARKS}])+)*")
_CONTRACTED = frozenset(("t", "ll", "ve", "re", "d", "m"))  # don't, we'll: stop words in disguise
_CUT = " | "  # no pair of words reaches over it

# characters of the runs that stand for words in scripts without spaces
_RUNS = {"zh": (2, 3, 4), "ja": (2, 3, 4), "th": (4, 5, 6, 7), "lo": (4, 5, 6, 7), "my": (5, 6, 7), "km": (5, 6, 7)}
_FUNCTION = re.compile("[的吗呢吧是也这這那们們ぁ-ん]")  # a run with such a character is no word
_MARKS = frozenset(MARKS)

Analyzer = Callable[[str], list[str]]


def make_word_analyzer(phrases: Iterable[str], *, language: str = "en") -> Analyzer:
    """A function that lists the words of a text, and pairs of words that follow each other, once each.

    Parameters
    ----------
    phrases : iterable of str
        Phrases that are cut from the text first, letter case ignored; of a web address also its longest part
        (www.rt.com, rt).
    language : str, default "en"
        ISO 639-1 code of the language of the texts, which gives the stop words.

    Returns
    -------
    callable
        From a text to its words and pairs in alphabetical order. Stop words and single letters are no words.

    Notes
    -----
    In scripts without spaces between words, runs of characters stand for them: two to four in Chinese and Japanese,
    four to seven in Thai and Lao, five to seven in Burmese and Khmer. Runs that are stop words, or contain hiragana or
    a character such as `的`, are left out.

    Examples
    --------
    >>> make_word_analyzer(["Fox News"])("Kyiv's allies told Fox News they don't want cease-fire.")
    ['allies', 'allies told', 'cease', 'cease fire', 'fire', 'kyiv', 'kyiv allies', 'told', 'want', 'want cease']
    >>> make_word_analyzer([], language="zh")("部长的会面")
    ['会面', '部长']
    """
    stop_words = find_stop_words(language)
    pattern = _compile_phrases(phrases, unspaced=language in _RUNS)
    lengths = _RUNS.get(language, ())

    def analyze(text: str) -> list[str]:
        text = text.casefold()
        if pattern is not None:
            text = pattern.sub(_CUT, text)
        words: set[str] = set()
        before, end = "", -1
        for match in _WORD.finditer(text):
            if lengths and UNSPACED.search(match.group()):
                words |= _list_runs(match.group(), lengths, stop_words)
                before = ""
                continue
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


def is_run_of_characters(language: str) -> bool:
    """Check whether runs of characters stand for words, since the language is written without spaces.

    Parameters
    ----------
    language : str
        ISO 639-1 code.

    Returns
    -------
    bool
        True for Chinese, Japanese, Thai, Lao, Burmese and Khmer.

    Examples
    --------
    >>> is_run_of_characters("zh"), is_run_of_characters("ko")
    (True, False)
    """
    return language in _RUNS


def _list_runs(text: str, lengths: tuple[int, ...], stop_words: frozenset[str]) -> set[str]:
    """Runs of characters that may be words of a script without spaces; a mark stays with the letter before it."""
    starts = [place for place in range(len(text)) if text[place] not in _MARKS]
    bounds = {*starts, len(text)}
    runs = {text[start : start + length] for length in lengths for start in starts if start + length in bounds}
    return {run for run in runs - stop_words if _FUNCTION.search(run) is None}


def _compile_phrases(phrases: Iterable[str], *, unspaced: bool) -> re.Pattern[str] | None:
    """A pattern of the phrases, longest first; none where there are none."""
    names = {phrase.strip().casefold() for phrase in phrases} - {""}
    addresses = [phrase.split(".")[:-1] for phrase in names if re.fullmatch(r"[\w-]+(\.[\w-]+)+", phrase)]
    addresses = [[part for part in parts if part != "www"] for parts in addresses]
    names |= {max(parts, key=len) for parts in addresses if parts}
    if not names:
        return None
    ordered = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(f"(?:{ordered})" if unspaced else rf"(?<!\w)(?:{ordered})(?!\w)")


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
        raise TooLittleDataError(
            phrase("No passage has a word that could be counted; is the text in letters?")
        ) from error
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
