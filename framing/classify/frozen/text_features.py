"""What a kernel compares: sentence embeddings, n-grams, and the windows of long texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.classify.state import State
from framing.corpus.words import count_words, is_unspaced

__all__ = ["LONG_WORDS", "MIN_WINDOW_WORDS", "Features", "TextFeatures", "are_long", "is_article", "make_windows"]

_BATCH_TEXTS = 512  # whose n-grams are counted at once
LONG_WORDS = 180  # a text with more is an article rather than a passage; its vector is the mean of its windows'
MIN_WINDOW_WORDS = 60  # a text of as many words or fewer has no windows


@dataclass(frozen=True)
class Features:
    """Embeddings and n-grams of n texts.

    Attributes
    ----------
    vectors : ndarray, shape (n, d)
        Unit vectors.
    words : sparse matrix, shape (n, v)
        N-gram weights.
    """

    vectors: NDArray[np.float32]
    words: Any


class TextFeatures:
    """TF-IDF of words and of character 3- to 5-grams, fitted on the training texts.

    Parameters
    ----------
    counted : bool, default True
        False: no n-gram counts, since those of one language say nothing of texts in another.
    """

    def __init__(self, *, counted: bool = True) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizers = []
        if counted:
            self._vectorizers = [
                TfidfVectorizer(sublinear_tf=True),
                TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)),
            ]

    def fit(self, texts: Sequence[str]) -> TextFeatures:
        """Learn the terms and their inverse document frequencies.

        Parameters
        ----------
        texts : sequence of str
            Training texts.

        Returns
        -------
        TextFeatures
            Itself.
        """
        for vectorizer in self._vectorizers:
            vectorizer.fit(texts)
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
            Two blocks, words and characters, each of unit length a row; no columns where none are counted.
        """
        from scipy.sparse import csr_matrix, hstack, vstack

        if not self._vectorizers:
            return csr_matrix((len(texts), 0))
        parts = [texts[start : start + _BATCH_TEXTS] for start in range(0, len(texts), _BATCH_TEXTS)] or [texts]
        blocks = [hstack([vectorizer.transform(part) for vectorizer in self._vectorizers]) for part in parts]
        return vstack(blocks).tocsr()

    def get_state(self) -> State:
        """Take terms and their inverse document frequencies.

        Returns
        -------
        State
            For `set_state`.
        """
        parts = [
            {"terms": vectorizer.get_feature_names_out().tolist(), "idf": vectorizer.idf_.tolist()}
            for vectorizer in self._vectorizers
        ]
        return State(values={"parts": parts})

    def set_state(self, state: State) -> TextFeatures:
        """Set terms and their inverse document frequencies.

        Parameters
        ----------
        state : State
            As `get_state` returned it.

        Returns
        -------
        TextFeatures
            Itself.
        """
        for vectorizer, values in zip(self._vectorizers, state.values["parts"], strict=True):
            vectorizer.vocabulary = {term: column for column, term in enumerate(values["terms"])}
            vectorizer.idf_ = np.array(values["idf"])
        return self


def make_windows(
    texts: Sequence[str], sentences: Sequence[list[tuple[int, int]]], *, min_words: int = MIN_WINDOW_WORDS
) -> tuple[list[str], NDArray[np.int64]]:
    """Make windows of two neighbouring sentences of each text that is long enough to dilute a claim.

    Parameters
    ----------
    texts : sequence of str
        Length n.
    sentences : sequence of list of tuple of int
        Start and end of the sentences of each text.
    min_words : int
        A text of as many words or fewer has no windows.

    Returns
    -------
    windows : list of str
        Those of all texts, one after another.
    owners : ndarray of int
        Row of the text that each window belongs to.

    Examples
    --------
    >>> windows, owners = make_windows(["War. Talks. Peace."], [[(0, 4), (5, 11), (12, 18)]], min_words=2)
    >>> windows, owners.tolist()
    (['War. Talks.', 'Talks. Peace.'], [0, 0])
    """
    windows, owners = [], []
    for row, (text, bounds) in enumerate(zip(texts, sentences, strict=True)):
        if len(bounds) > 2 and len(text.split()) > min_words:
            for first, second in pairwise(bounds):
                windows.append(text[first[0] : second[1]])
                owners.append(row)
    return windows, np.array(owners, dtype=np.int64)


def are_long(texts: Sequence[str]) -> bool:
    """Whether texts are articles rather than passages: half of them have more than 180 words.

    Parameters
    ----------
    texts : sequence of str
        Length n.

    Returns
    -------
    bool
        False for no texts.
    """
    return 2 * sum(map(is_article, texts)) > len(texts)


def is_article(text: str) -> bool:
    """Whether a text has more than 180 words.

    Parameters
    ----------
    text : str
        Any text; where words have no spaces between them they are counted by characters.

    Returns
    -------
    bool
        True for an article.
    """
    return count_words(text, unspaced=is_unspaced(text)) > LONG_WORDS
