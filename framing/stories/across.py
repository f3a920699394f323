"""Likeness of documents in different languages: meaning, figures, and names by their sound."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.stories.terms import MIN_DOCUMENTS, find_shared_terms, weigh_terms

__all__ = ["Across", "centre_vectors", "describe_across", "number_known", "number_languages"]

# Chosen on half of the events of a sample in six languages, see benchmarks/story_languages.py
TERM_WEIGHT, VECTOR_WEIGHT = 0.7, 0.8
VECTOR_FLOOR = 0.05  # cosine of centred vectors that documents on other events reach

_UNKNOWN = ("", "und")  # languages that were not told
_MIN_OF_LANGUAGE = 5  # documents of a language of the corpus
_SHRINKAGE = 5.0  # documents of the whole corpus that count with those of a language in its mean
_ZERO = 1e-9  # length of a vector without content

Rows = NDArray[np.int64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Across:
    """What documents of different languages have in common.

    Attributes
    ----------
    languages : ndarray of shape (n,)
        Number of the language of each document; -1 for one that was not told, or that the encoder does not know.
    terms : sparse array of shape (n, m) or None
        Weights of figures and of the sounds of names, rows of unit length.
    """

    languages: Rows
    terms: Any

    def raise_likeness(self, similarity: Any, cosines: Vectors, rows: Rows, near: Rows) -> None:
        """Raise the likeness of documents of different languages to that of their meaning, figures and names.

        Parameters
        ----------
        similarity : ndarray of shape (n_rows, n_near)
            Likeness by words; changed in place.
        cosines : ndarray of shape (n_rows, n_near)
            Cosines of the vectors of documents, less the mean of their language.
        rows : ndarray of shape (n_rows,)
            Documents that are compared.
        near : ndarray of shape (n_near,)
            Documents with which they are compared.
        """
        left, right = self.languages[rows][:, None], self.languages[near]
        differ = (left != right) & (left >= 0) & (right >= 0)
        if not differ.any():
            return
        likeness = VECTOR_WEIGHT * np.maximum(cosines - VECTOR_FLOOR, 0)
        if self.terms is not None:
            likeness += TERM_WEIGHT * (self.terms[rows] @ self.terms[near].T).toarray()
        np.copyto(similarity, np.maximum(similarity, likeness), where=differ)


def describe_across(table: pd.DataFrame, known: Collection[str] | None) -> Across | None:
    """Describe documents by what they can have in common with those of other languages.

    Parameters
    ----------
    table : DataFrame
        Documents, columns `title, text`, and `language` where it is known.
    known : collection of str or None
        Languages that the encoder knows; None if that is not known: all are taken for known.

    Returns
    -------
    Across or None
        None where no two documents are in different languages that the encoder knows.
    """
    languages = number_known(table, known)
    if languages.max(initial=-1) < 1:  # no two languages
        return None
    texts = [
        f"{'' if pd.isna(title) else title}\n{text}" for title, text in zip(table["title"], table["text"], strict=True)
    ]
    return Across(languages, weigh_terms(texts, number_languages(table), find_shared_terms))


def number_known(table: pd.DataFrame, known: Collection[str] | None) -> Rows:
    """Number the language of each document, if the encoder knows it.

    Parameters
    ----------
    table : DataFrame
        Documents; column `language` where it is known.
    known : collection of str or None
        Languages that the encoder knows; None if that is not known: all are taken for known.

    Returns
    -------
    ndarray of shape (n,)
        -1 for a document whose language was not told, or that the encoder does not know.

    Examples
    --------
    >>> number_known(pd.DataFrame({"language": ["ru", "und", "en", "xx"]}), ["en", "ru"])
    array([ 1, -1,  0, -1])
    """
    if "language" not in table.columns:
        return np.full(len(table), -1, dtype=np.int64)
    names = table["language"].fillna("").astype(str)
    told = sorted({name for name in names if name not in _UNKNOWN and (known is None or name in known)})
    place = {name: number for number, name in enumerate(told)}
    return np.array([place.get(name, -1) for name in names], dtype=np.int64)


def number_languages(table: pd.DataFrame) -> Rows:
    """Number the language of each document, for what is weighed within a language.

    Parameters
    ----------
    table : DataFrame
        Documents; column `language` where it is known.

    Returns
    -------
    ndarray of shape (n,)
        0 is the most common language. It also stands for documents whose language was not told, and for those of a
        language with fewer than five: a language guessed wrong for a headline or two is no language of the corpus.
    """
    if "language" not in table.columns or table.empty:
        return np.zeros(len(table), dtype=np.int64)
    names = table["language"].fillna("").astype(str)
    counts = names[~names.isin(_UNKNOWN)].value_counts()
    common = sorted(counts.index[counts >= _MIN_OF_LANGUAGE], key=lambda name: (-counts[name], name))
    place = {name: number for number, name in enumerate(common)}
    return np.array([place.get(name, 0) for name in names], dtype=np.int64)


def centre_vectors(vectors: Vectors, languages: Rows) -> Vectors:
    """Take the mean of their language out of vectors.

    Parameters
    ----------
    vectors : ndarray of shape (n, d)
        Vectors of documents.
    languages : ndarray of shape (n,)
        Number of the language of each.

    Returns
    -------
    ndarray of shape (n, d)
        Vectors of unit length. Fewer than twenty are not centred.

    Notes
    -----
    What all documents share does not set stories apart, and what those of one language share (its direction in the
    space of a multilingual encoder) keeps them from those of others (Libovický et al. 2020). The mean of a language
    with few documents is drawn to that of all: `(sum + 5 * mean) / (n + 5)`. It is assumed that documents of the
    languages are about the same things on the whole.
    """
    if len(vectors) >= MIN_DOCUMENTS:
        overall = vectors.mean(axis=0)
        centred = vectors - overall
        if (numbers := np.unique(languages)).size > 1:
            for number in numbers:
                inside = languages == number
                centred[inside] -= centred[inside].sum(axis=0) / np.float32(inside.sum() + _SHRINKAGE)
        vectors = centred
    lengths: Vectors = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _ZERO)
    return np.asarray(vectors / lengths, dtype=np.float32)
