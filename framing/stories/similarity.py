"""Similarity of documents in words, names, vectors and dates, and the graph of nearest neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from framing.corpus.words import count_words, find_units, is_unspaced
from framing.encoders.encoder import Encoder
from framing.steps import count_steps
from framing.stories.across import Across, centre_vectors, number_languages
from framing.stories.terms import find_names, find_words, weigh_terms

__all__ = ["SHORT_WORDS", "Edges", "find_neighbours", "find_short", "make_features", "make_lead"]

WORD_WEIGHT, NAME_WEIGHT, VECTOR_WEIGHT = 0.6, 0.2, 0.2
SHORT_WORDS = 20  # below which title and text are a headline
SHORT_WEIGHT = 0.7  # of likeness to a headline; chosen in benchmarks/story_lengths.py

_MAX_DECAYS = 3  # times `decay`, beyond which two documents are not compared
_BLOCK = 256  # rows whose neighbours are found at once
_DECIMALS = 6  # of similarities: later ones differ between machines

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs of documents with their similarity.

    Attributes
    ----------
    left : ndarray of shape (n_edges,)
        Row of the first document.
    right : ndarray of shape (n_edges,)
        Row of the second, a greater number.
    similarity : ndarray of shape (n_edges,)
        Similarity of the two.
    """

    left: Rows
    right: Rows
    similarity: Floats


@dataclass(frozen=True, slots=True)
class _Window:
    """Rows of documents, the rows within reach in time, and the days between each two."""

    rows: Rows
    near: Rows
    days: Vectors


def find_short(table: pd.DataFrame) -> Flags:
    """Find the documents that are no more than a headline.

    Parameters
    ----------
    table : DataFrame
        Documents, columns `title, text`.

    Returns
    -------
    ndarray of shape (n,)
        Whether title and text have fewer than 20 words together; a title that the text repeats counts once.

    Examples
    --------
    >>> find_short(pd.DataFrame({"title": ["Pier closed", ""], "text": ["Pier closed", "word " * 20]}))
    array([ True, False])
    """
    texts = [make_lead(title, text, words=len(text)) for title, text in zip(table["title"], table["text"], strict=True)]
    return np.array([count_words(text, unspaced=is_unspaced(text)) < SHORT_WORDS for text in texts], dtype=bool)


def make_features(table: pd.DataFrame, encoder: Encoder, lead_words: int, *, progress: str = "") -> tuple[Any, Vectors]:
    """Describe documents by their words, names and vectors.

    Parameters
    ----------
    table : DataFrame
        Documents, columns `title, text`, and `language` where it is known.
    encoder : Encoder
        Encoder of the leads.
    lead_words : int
        Number of words of the text that count as its lead.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    words : sparse array of shape (n, m)
        Words and names; the product of two rows is their weighted similarity.
    vectors : ndarray of shape (n, d)
        Vectors of the leads, of unit length, less the mean vector of their language if there are enough documents.
    """
    titles_and_texts = list(zip(table["title"], table["text"], strict=True))
    texts = [f"{'' if pd.isna(title) else title}\n{text}" for title, text in titles_and_texts]
    leads = [make_lead(title, text, words=lead_words) for title, text in titles_and_texts]
    languages = number_languages(table)
    vectors = centre_vectors(np.asarray(encoder.encode(leads, progress=progress), dtype=np.float32), languages)
    parts = [
        tf_idf * np.float32(np.sqrt(weight))
        for tf_idf, weight in (
            (weigh_terms(texts, languages, find_words), WORD_WEIGHT),
            (weigh_terms(texts, languages, find_names), NAME_WEIGHT),
        )
        if tf_idf is not None
    ]
    words = hstack(parts, format="csr") if parts else csr_matrix((len(table), 1), dtype=np.float32)
    return words, vectors


def find_neighbours(
    table: pd.DataFrame,
    words: Any,
    vectors: Vectors,
    *,
    decay: float,
    neighbours: int,
    short: Flags | None = None,
    across: Across | None = None,
    progress: str = "",
) -> Edges:
    """Find the documents that are most similar to each in content and time.

    Parameters
    ----------
    table : DataFrame
        Documents, column `published`, in order of date.
    words : sparse array of shape (n, m)
        Words and names, as `make_features` returns them.
    vectors : ndarray of shape (n, d)
        Vectors, as `make_features` returns them.
    decay : float
        Days between two documents that divide their similarity by e.
    neighbours : int
        Largest number of neighbours of each.
    short : ndarray of shape (n,), optional
        Documents that are no more than a headline, as `find_short` returns them: likeness to one counts 0.7, since a
        word or two in common give few words a high cosine.
    across : Across, optional
        What documents of different languages have in common, as `describe_across` returns it: their likeness is the
        greater of that and of the one by words.
    progress : str, default ""
        Title of the progress, as in `framing.steps.count_steps`; empty for none.

    Returns
    -------
    Edges
        Pairs that are neighbours at least one way.
    """
    rows, columns, values = [], [], []
    with count_steps(progress, len(table), what="documents") as steps:
        for window in _find_windows(table, decay):
            similarity = (words[window.rows] @ words[window.near].T).toarray()
            cosines = vectors[window.rows] @ vectors[window.near].T
            similarity += VECTOR_WEIGHT * np.maximum(cosines, 0)
            if across is not None:
                across.raise_likeness(similarity, cosines, window.rows, window.near)
            if short is not None:
                similarity[short[window.rows][:, None] | short[window.near]] *= SHORT_WEIGHT
            similarity *= np.exp(-window.days / decay)
            similarity[window.days > _MAX_DECAYS * decay] = 0
            similarity[window.rows[:, None] == window.near[None]] = 0
            rank = -min(neighbours, similarity.shape[1])
            least = np.partition(similarity, rank, axis=1)[:, rank]
            similarity[similarity < least[:, None]] = 0
            row, column = np.nonzero(similarity)
            rows.append(window.rows[row])
            columns.append(window.near[column])
            values.append(similarity[row, column])
            steps.update(len(window.rows))
    a, b, value = np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
    left, right = np.minimum(a, b), np.maximum(a, b)
    _, first = np.unique(left * len(table) + right, return_index=True)
    return Edges(left[first], right[first], np.round(value[first].astype(float), _DECIMALS))


def make_lead(title: Any, text: str, *, words: int = 80) -> str:
    """Join the title and the first words of a text, which may itself begin with the title.

    Parameters
    ----------
    title : str or None
        Title; may be missing.
    text : str
        Text.
    words : int, default 80
        Number of words of the text.

    Returns
    -------
    str
        Title and lead, each on one line.

    Examples
    --------
    >>> make_lead("Pier closed", "Pier closed. The pier was closed on Monday.", words=5)
    'Pier closed\\nThe pier was closed on'
    """
    head = " ".join(str(title).split()) if not pd.isna(title) else ""
    body = " ".join(text.split())
    if head and body.startswith(head):
        body = body[len(head) :].lstrip(" .:—–-")
    return "\n".join(part for part in (head, _cut_words(body, words)) if part)


def _cut_words(text: str, words: int) -> str:
    """The first words of a text on one line; without spaces, as many characters as they have on average."""
    if not is_unspaced(text):
        return " ".join(text.split()[:words])
    n_words, cut = 0.0, 0
    for end, weight in find_units(text, unspaced=True):
        n_words += weight
        if n_words > words:
            return text[:cut]
        cut = end
    return text


def _find_windows(table: pd.DataFrame, decay: float) -> Iterator[_Window]:
    """Blocks of rows with the rows that are near in time; undated rows count as of one day."""
    n_dated = int(table["published"].notna().sum())  # they come first
    start = table["published"].min()
    days = np.floor(((table["published"] - start) / pd.Timedelta(days=1)).fillna(0).to_numpy(float))
    for low, high in ((0, n_dated), (n_dated, len(table))):
        for begin in range(low, high, _BLOCK):
            rows = np.arange(begin, min(begin + _BLOCK, high))
            reach = (days[rows[0]] - _MAX_DECAYS * decay, days[rows[-1]] + _MAX_DECAYS * decay)
            first = low + int(np.searchsorted(days[low:high], reach[0]))
            last = low + int(np.searchsorted(days[low:high], reach[1], side="right"))
            near = np.arange(first, last)
            yield _Window(rows, near, np.abs(days[rows][:, None] - days[near][None]).astype(np.float32))
