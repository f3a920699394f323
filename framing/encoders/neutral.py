"""Vectors without what tells languages apart, so that scores of texts in several languages can be compared.

A multilingual encoder puts a sentence and its translation near each other, and all texts of a language some way to one
side. Scores of a head that learned from English texts would take that for content. The directions in which languages
differ are found on sentences that say the same in each language, and are taken out of every vector.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.encoders.encoder import Encoder
from framing.encoders.known import known_languages
from framing.encoders.weights import ModelSource
from framing.encoders.windows import find_long

__all__ = [
    "LanguageShift",
    "NeutralEncoder",
    "describe_shift",
    "fit_language_shift",
    "read_parallel",
    "remove_language_shift",
]

PIVOT = "en"  # the language that the others are compared with
FOUND = 0.5  # share of sentences whose nearest English one says the same, from which a language counts as read
_SMALLEST = 1e-9  # of a direction in which languages differ at all

Vectors = NDArray[np.float32]


@lru_cache(maxsize=1)
def read_parallel() -> dict[str, tuple[str, ...]]:
    """Read sentences of news that say the same in each language; written for this project.

    Returns
    -------
    dict of str to tuple of str
        By ISO 639-1 code, English among them; sentence number i has the same content in all.
    """
    folder = files("framing") / "data" / "parallel"
    return {
        item.name.removesuffix(".txt"): tuple(item.read_text(encoding="utf-8").splitlines())
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".txt")
    }


@dataclass(frozen=True)
class LanguageShift:
    """What is taken out of vectors.

    Attributes
    ----------
    languages : tuple of str
        Languages that it was found on.
    centre : ndarray, shape (d,)
        Mean over languages of the mean vector of a language.
    basis : ndarray, shape (r, d)
        Orthonormal directions in which these means differ; r is one less than the number of languages.
    """

    languages: tuple[str, ...]
    centre: NDArray[np.float64]
    basis: NDArray[np.float64]

    def remove(self, vectors: NDArray[Any]) -> Vectors:
        """Take the shift out of vectors.

        Parameters
        ----------
        vectors : ndarray, shape (n, d)
            Of unit length.

        Returns
        -------
        ndarray of float32, shape (n, d)
            Of unit length, with a mean near zero and without a part in the directions of `basis`.

        Notes
        -----
        `v' = (I - B^T B)(v - c)`, at unit length; c is `centre`, B is `basis`.
        """
        moved = np.asarray(vectors, dtype=np.float64) - self.centre
        # row by row: a product of all rows would round by how many there are, and so would the scores
        moved -= np.einsum("nr,rd->nd", np.einsum("nd,rd->nr", moved, self.basis), self.basis)
        length = np.linalg.norm(moved, axis=1, keepdims=True)
        return np.asarray(moved / np.where(length > _SMALLEST, length, 1.0), dtype=np.float32)


def fit_language_shift(vectors: Mapping[str, NDArray[Any]]) -> LanguageShift:
    """Find the directions in which languages differ, on texts that say the same in each.

    Parameters
    ----------
    vectors : mapping of str to ndarray, shape (m, d)
        By language the vectors of m texts, of the same content in the same order; two languages or more.

    Returns
    -------
    LanguageShift
        Their common centre, and the span of the differences of their means.

    Notes
    -----
    With the mean vector `m_l` of each language and `c` the mean of these, `basis` holds the right singular vectors of
    the matrix with the rows `m_l - c`. As contents are equal, these differences are of language alone, up to the chance
    of m texts. This is the projection of Xie, Z., Zhao, H., Yu, T. & Li, S. (2022), Discovering low-rank subspaces for
    language-agnostic multilingual representations, EMNLP, after Yang, Z., Yang, Y., Cer, D. & Darve, E. (2021), A
    simple and effective method to eliminate the self language bias in multilingual representations, EMNLP; here on
    parallel in place of monolingual texts. The centring of Libovický, J., Rosa, R. & Fraser, A. (2020), On the language
    neutrality of pre-trained multilingual representations, Findings of EMNLP, needs the language of each text; the
    projection is the same for all texts, those that mix languages and those of other languages too.

    Examples
    --------
    >>> shift = fit_language_shift({"en": np.array([[0.6, 0.8, 0.0]]), "de": np.array([[0.6, 0.0, 0.8]])})
    >>> np.abs(shift.basis).round(3).tolist(), shift.centre.round(3).tolist()
    ([[0.0, 0.707, 0.707]], [0.6, 0.4, 0.4])
    """
    means = np.stack([np.asarray(part, dtype=np.float64).mean(axis=0) for part in vectors.values()])
    centre = means.mean(axis=0)
    _, sizes, directions = np.linalg.svd(means - centre, full_matrices=False)
    rank = min(len(means) - 1, int((sizes > _SMALLEST).sum()))
    return LanguageShift(tuple(vectors), centre, directions[:rank])


class NeutralEncoder:
    """An encoder whose vectors lack the directions in which languages differ.

    Parameters
    ----------
    encoder : Encoder
        Of several languages, or of unknown ones: then those count whose sentences it finds by their English ones.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.source: ModelSource | None = encoder.source
        self.name, self.dtype, self.tunable = encoder.name, encoder.dtype, encoder.tunable

    @property
    def fingerprint(self) -> str:
        """Name of its vectors.

        Returns
        -------
        str
            Of the encoder's, of the parallel sentences in the languages that it may read, and of whether these are
            known or have to be found.
        """
        parallel: dict[str, tuple[str, ...]] = {"found": ()} if known_languages(self.name) is None else {}
        parallel |= self._list_parallel()
        content = "\n".join("\n".join([language, *texts]) for language, texts in parallel.items())
        return f"{self.encoder.fingerprint}-neutral-{hashlib.sha256(content.encode()).hexdigest()[:12]}"

    @cached_property
    def shift(self) -> LanguageShift | None:
        """What it takes out; None where the encoder does not read two of the languages that have parallel sentences."""
        known = known_languages(self.name)
        parallel = self._list_parallel()
        if len(parallel) < 2:
            return None
        texts = [text for part in parallel.values() for text in part]
        rows = np.split(self.encoder.encode(texts), len(parallel))
        vectors = dict(zip(parallel, rows, strict=True))
        if known is None:
            vectors = _take_read(vectors)
        return fit_language_shift(vectors) if len(vectors) > 1 else None

    def _list_parallel(self) -> dict[str, tuple[str, ...]]:
        """The parallel sentences in languages that it is known to read; where these are not known, all."""
        known = known_languages(self.name)
        return {language: texts for language, texts in read_parallel().items() if known is None or language in known}

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Find the texts that are longer than what the encoder reads at once.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for longer ones.
        """
        return np.asarray(find_long(self.encoder, texts), dtype=np.bool_)

    def encode(self, texts: Sequence[str], *, progress: str = "") -> Vectors:
        """Encode texts, and take the shift of languages out.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray of float32, shape (n, d)
            Vectors of unit length.
        """
        vectors = self.encoder.encode(texts, progress=progress)
        return vectors if self.shift is None else self.shift.remove(vectors)


def remove_language_shift(encoder: Encoder) -> Encoder:
    """Take the directions in which languages differ out of an encoder's vectors.

    Parameters
    ----------
    encoder : Encoder
        Any encoder.

    Returns
    -------
    Encoder
        A `NeutralEncoder`; the encoder itself where it is one, where it is known to read one language, and where
        nothing is known of it and it is no model that was trained (it has no `source`).
    """
    known = known_languages(encoder.name)
    if isinstance(encoder, NeutralEncoder) or (known is not None and len(known & set(read_parallel())) < 2):
        return encoder
    return encoder if known is None and encoder.source is None else NeutralEncoder(encoder)


def describe_shift(encoder: Encoder) -> str:
    """Say between which languages `remove_language_shift` takes directions out of an encoder's vectors.

    Parameters
    ----------
    encoder : Encoder
        Any encoder.

    Returns
    -------
    str
        Codes in order, separated by spaces; `those it is found to read` where they are not known; `none` where the
        encoder stays as it is.
    """
    if not isinstance(remove_language_shift(encoder), NeutralEncoder):
        return "none"
    known = known_languages(encoder.name)
    return "those it is found to read" if known is None else " ".join(sorted(known & set(read_parallel())))


def _take_read(vectors: Mapping[str, Vectors]) -> dict[str, Vectors]:
    """English, and the languages whose sentences lie nearest to the English ones that say the same."""
    centred = {language: part - part.mean(axis=0) for language, part in vectors.items()}
    pivot = centred[PIVOT]
    own = np.arange(len(pivot))
    return {
        language: vectors[language]
        for language, part in centred.items()
        if language == PIVOT or float(((part @ pivot.T).argmax(axis=1) == own).mean()) >= FOUND
    }
