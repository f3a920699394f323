"""The vocabulary of a corpus: what counts as a word, and which passages have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from framing.errors import InputError

__all__ = ["count_words", "documents_with", "sum_rows", "word_analyzer"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CONTRACTED = frozenset(("t", "ll", "ve", "re", "d", "m"))  # don't, we'll: stop words in disguise
# in scikit-learn's list of stop words, though they say something (Nothman, Qin & Yurchak 2018)
_CONTENT = frozenset((
    "amount", "bill", "bottom", "call", "computer", "cry", "describe", "detail", "empty", "fire", "front", "interest",
    "mill", "move", "serious", "side", "sincere", "system", "thick", "thin",
))  # fmt: skip
_CUT = " | "  # no pair of words reaches over it

Analyzer = Callable[[str], list[str]]


def word_analyzer(phrases: Iterable[str]) -> Analyzer:
    """Words and direct pairs of words of a text, once each, without the phrases (letter case ignored).

    >>> word_analyzer(["Fox News"])("Kyiv's allies told Fox News they don't want cease-fire.")
    ['allies', 'allies told', 'cease', 'cease fire', 'fire', 'kyiv', 'kyiv allies', 'told', 'want', 'want cease']
    """
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    stop_words = ENGLISH_STOP_WORDS - _CONTENT

    cut = {phrase.strip().casefold() for phrase in phrases} - {""}
    # www.rt.com is called RT
    addresses = [phrase.split(".")[:-1] for phrase in cut if re.fullmatch(r"[\w-]+(\.[\w-]+)+", phrase)]
    addresses = [[part for part in parts if part != "www"] for parts in addresses]
    cut |= {max(parts, key=len) for parts in addresses if parts}
    ordered = "|".join(re.escape(phrase) for phrase in sorted(cut, key=lambda phrase: (-len(phrase), phrase)))
    names = re.compile(rf"(?<!\w)(?:{ordered})(?!\w)") if cut else None

    def analyze(text: str) -> list[str]:
        text = text.casefold()
        if names is not None:
            text = names.sub(_CUT, text)
        found: set[str] = set()
        before, end = "", -1
        for match in _WORD.finditer(text):
            word = _bare(match.group())
            if len(word) < 2 or word in stop_words:
                before = ""
                continue
            found.add(word)
            if before and text[end : match.start()] in (" ", "-", "\n"):
                found.add(f"{before} {word}")
            before, end = word, match.end()
        return sorted(found)

    return analyze


def _bare(word: str) -> str:
    """A word without possessive or article (Kyiv's, l'État); nothing of a contraction."""
    parts = re.split("['’]", word)
    if len(parts) == 1:
        return word
    return "" if parts[-1] in _CONTRACTED else max(parts, key=len)


def count_words(texts: pd.Series, analyzer: Analyzer) -> tuple[Any, NDArray[np.object_]]:
    """Whether each passage has each word, sparse, and the words."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=analyzer, binary=True, dtype=np.float64)
    try:
        counts = vectorizer.fit_transform(texts.fillna(""))
    except ValueError as error:
        raise InputError("No passage has a word that could be counted; is the text in letters?") from error
    return counts.tocsr(), np.asarray(vectorizer.get_feature_names_out(), dtype=object)


def sum_rows(values: Any, rows: NDArray[np.int64], n_rows: int) -> Any:
    """Sums of the rows of a sparse matrix that have the same number."""
    ones = np.ones(len(rows))
    return csr_matrix((ones, (rows, np.arange(len(rows)))), shape=(n_rows, len(rows))) @ values


def documents_with(counts: Any, document_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Documents in which each word stands."""
    summed = sum_rows(counts, document_of, int(document_of.max(initial=0)) + 1)
    return np.asarray(summed.tocsc().getnnz(axis=0), dtype=np.int64)
