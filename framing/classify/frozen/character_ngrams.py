"""TF-IDF of character n-grams within words, counted by way of the words: each distinct word is cut once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["CharacterNgrams"]

_LENGTHS = (3, 4, 5)  # characters


class CharacterNgrams:
    """Weights of the character n-grams of texts, fitted on training texts.

    Attributes
    ----------
    idf_ : ndarray, shape (v,)
        Inverse document frequency of each term.

    Notes
    -----
    The weights are those of scikit-learn's `TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5))`
    to the last bit. That one cuts each occurrence of a word; here texts are counted by words and words by n-grams, and
    the product of both counts, whole numbers, is the count of n-grams in texts.
    """

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import TfidfTransformer

        self._weigher = TfidfTransformer(sublinear_tf=True)
        self._columns: dict[str, int] = {}

    @property
    def idf_(self) -> NDArray[np.float64]:
        """Inverse document frequency of each term.

        Returns
        -------
        ndarray, shape (v,)
            In the order of `get_feature_names_out`.
        """
        return np.asarray(self._weigher.idf_)

    def get_feature_names_out(self) -> NDArray[np.object_]:
        """List the terms.

        Returns
        -------
        ndarray of str, shape (v,)
            The n-grams in their columns' order, which is that of the alphabet.
        """
        return np.array(list(self._columns), dtype=object)

    def set_terms(self, terms: Sequence[str], idf: Sequence[float]) -> CharacterNgrams:
        """Take terms and weights that were learned before.

        Parameters
        ----------
        terms : sequence of str
            Length v, in their columns' order.
        idf : sequence of float
            Of each term.

        Returns
        -------
        CharacterNgrams
            Itself.

        Raises
        ------
        ValueError
            If their numbers differ.
        """
        if len(terms) != len(idf):
            raise ValueError(f"expected a weight of each of {len(terms)} terms, got {len(idf)}.")
        self._columns = {term: column for column, term in enumerate(terms)}
        self._weigher.idf_ = np.array(idf)
        return self

    def fit(self, texts: Sequence[str]) -> CharacterNgrams:
        """Learn the terms and their inverse document frequencies.

        Parameters
        ----------
        texts : sequence of str
            Training texts.

        Returns
        -------
        CharacterNgrams
            Itself.

        Raises
        ------
        ValueError
            If the texts have no words.
        """
        words = _number_words(texts)
        self._columns = {term: column for column, term in enumerate(sorted({*chain.from_iterable(map(_cut, words))}))}
        if not self._columns:
            raise ValueError("empty vocabulary: the texts have no words.")
        self._weigher.fit(self._count(texts, words))
        return self

    def transform(self, texts: Sequence[str]) -> Any:
        """Weigh the n-grams of texts.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        sparse matrix, shape (n, v)
            Rows of unit length, or empty where a text has no known n-gram.
        """
        return self._weigher.transform(self._count(texts, _number_words(texts)), copy=False)

    def _count(self, texts: Sequence[str], words: dict[str, int]) -> Any:
        """How often each n-gram is in each text: the counts of words in texts, times those of n-grams in words."""
        in_texts = _count_rows(([words[word] for word in _split(text)] for text in texts), n_columns=len(words))
        columns = self._columns
        cut = ([columns[term] for term in _cut(word) if term in columns] for word in words)
        counts = in_texts @ _count_rows(cut, n_columns=len(columns))
        counts.sort_indices()
        return counts


def _split(text: str) -> list[str]:
    return text.lower().split()


def _number_words(texts: Sequence[str]) -> dict[str, int]:
    """The distinct words of texts, each with its number."""
    return {word: number for number, word in enumerate(dict.fromkeys(chain.from_iterable(map(_split, texts))))}


def _cut(word: str) -> list[str]:
    """The n-grams of a word with a space on either side."""
    padded = f" {word} "
    return [padded[start : start + n] for n in _LENGTHS for start in range(len(padded) - n + 1)]


def _count_rows(rows: Iterable[list[int]], *, n_columns: int) -> Any:
    """Sparse counts of the columns that each row lists."""
    from scipy.sparse import csr_matrix

    indices: list[int] = []
    ends = [0]
    for row in rows:
        indices += row
        ends.append(len(indices))
    counts = csr_matrix((np.ones(len(indices)), indices, ends), shape=(len(ends) - 1, n_columns))
    counts.sum_duplicates()
    return counts
