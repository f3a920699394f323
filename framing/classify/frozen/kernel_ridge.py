"""The head behind zero-shot and few labels: weighted kernel ridge with exact leave-one-out scores.

The kernel adds a radial part over sentence embeddings (what is meant) to a linear part over word and
character n-grams (how it is put), which small encoders lose. A ridge head can leave each training text
out in closed form, so out-of-sample scores of the anchors cost no second fit (Rasmussen & Williams 2006, ch. 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.classify.state import State

__all__ = ["Features", "KernelRidgeHead", "TextFeatures", "windows"]

# Chosen by leave-one-out over the seeds of great-power-crisis; labelled passages were looked at too (docs/method.md).
_WIDTH = 2.0  # of exp(width * (cosine - 1))
_WORDS = 0.25  # weight of the n-gram part
_BIAS = 0.05
_RIDGE = 0.5
_LONG = 60  # words; a shorter text is scored whole only
_CHUNK = 4096

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Features:
    """Embeddings, shape `(n, d)`, and a sparse matrix of n-gram weights, shape `(n, v)`."""

    vectors: NDArray[np.float32]
    words: Any


class TextFeatures:
    """TF-IDF of words and of character 3- to 5-grams, fitted on the training texts."""

    def __init__(self) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._parts = [
            TfidfVectorizer(sublinear_tf=True),
            TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)),
        ]

    def fit(self, texts: Sequence[str]) -> TextFeatures:
        for part in self._parts:
            part.fit(texts)
        return self

    def transform(self, texts: Sequence[str]) -> Any:
        from scipy.sparse import hstack

        return hstack([part.transform(texts) for part in self._parts]).tocsr()

    def get_state(self) -> State:
        """Terms and their inverse document frequencies."""
        parts = [{"terms": part.get_feature_names_out().tolist(), "idf": part.idf_.tolist()} for part in self._parts]
        return State(values={"parts": parts})

    def set_state(self, state: State) -> TextFeatures:
        """Take terms and frequencies from `state`."""
        for part, values in zip(self._parts, state.values["parts"], strict=True):
            part.vocabulary = {term: place for place, term in enumerate(values["terms"])}
            part.idf_ = np.array(values["idf"])
        return self


def windows(texts: Sequence[str], sentences: Sequence[list[tuple[int, int]]]) -> tuple[list[str], NDArray[np.int64]]:
    """Runs of two sentences of each text long enough to dilute a claim, and the number of the text each belongs to."""
    found, owners = [], []
    for number, (text, bounds) in enumerate(zip(texts, sentences, strict=True)):
        if len(bounds) > 2 and len(text.split()) > _LONG:
            for first, second in pairwise(bounds):
                found.append(text[first[0] : second[1]])
                owners.append(number)
    return found, np.array(owners, dtype=np.int64)


class KernelRidgeHead:
    """One score a frame: weighted kernel ridge regression on targets -1 and 1."""

    def prepare(self, features: Features, parts: Features, owners: NDArray[np.int64]) -> KernelRidgeHead:
        """Compute the kernels of the n training texts: `features` of the texts, `parts` of their windows,
        `owners` the text each window belongs to."""
        self._vectors, self._train_words, self._owners = features.vectors, features.words, owners
        self._kernel_among = self._kernel(features.vectors, features.words, features.words)
        self._kernel_across = self._kernel(parts.vectors, parts.words, features.words)
        return self

    def solve(
        self,
        targets: NDArray[np.bool_],
        weights: Matrix,
        *,
        groups: NDArray[np.int64] | None = None,
        folds: NDArray[np.int64] | None = None,
        ridge: float = _RIDGE,
        balanced: bool = True,
    ) -> KernelRidgeHead:
        """Fit, and score each training text as if its group had been left out.

        Parameters
        ----------
        targets : shape (n, K). `weights` : shape (n,).
        groups : shape (n,), texts left out together (of one document); by default each is alone.
        folds : shape (n,), -1 for texts of none: heads without each fold are kept too, for `score_folds`.
        balanced : weigh positives up to the negatives' mass, for scores that rank where nothing is known of shares.

        Attributes set
        --------------
        left_out_ : shape (n, K), the mean of a text's own score and that of its best window, made by a
            head that has seen neither.
        """
        n, k = targets.shape
        owners, across = self._owners, self._kernel_across
        signs = np.where(targets, 1.0, -1.0)
        together = [rows for rows in _members(groups) if len(rows) > 1]
        self._dual = np.empty((n, k))
        left_out, best = np.empty((n, k)), np.empty((n, k))
        numbers = [] if folds is None else sorted(set(folds.tolist()) - {-1})
        self._fold_duals = np.zeros((len(numbers), n, k))
        for columns in [[column] for column in range(k)] if balanced else [list(range(k))]:
            lift = _balance(targets[:, columns[0]], weights) if balanced else 1.0
            inverse = self._inverse(weights * lift, ridge)
            dual = inverse @ signs[:, columns]
            share = dual / np.diag(inverse)[:, None]
            for rows in together:
                share[rows] = np.linalg.solve(inverse[np.ix_(rows, rows)], dual[rows])
            self._dual[:, columns] = dual
            for place, number in enumerate(numbers):
                rows = np.flatnonzero(folds == number)
                without = dual - inverse[:, rows] @ np.linalg.solve(inverse[np.ix_(rows, rows)], dual[rows])
                without[rows] = 0.0
                self._fold_duals[np.ix_([place], range(n), columns)] = without
            left_out[:, columns] = signs[:, columns] - share
            lost = np.einsum("ij,ij->i", across, inverse[owners])[:, None] * share[owners]
            for rows in together:
                own = np.flatnonzero(np.isin(owners, rows))
                lost[own] = (across[own] @ inverse[:, rows]) @ share[rows]
            best[:, columns] = _best(across @ dual - lost, owners, left_out[:, columns])
        self.left_out_ = (left_out + best) / 2
        self._primal = self._primal_of(self._dual)
        self._fold_primals = [self._primal_of(dual) for dual in self._fold_duals]
        return self

    def _primal_of(self, dual: Matrix) -> Matrix:
        return np.asarray(_WORDS * (self._train_words.T @ dual))

    def _inverse(self, noise_weights: Matrix, ridge: float) -> Matrix:
        """Inverse of the regularised kernel; a text of twice the weight has half the noise, the mean weight being 1."""
        n = len(noise_weights)
        noise = ridge / (noise_weights * (n / noise_weights.sum()))
        return np.asarray(np.linalg.inv(self._kernel_among + np.diag(noise)), dtype=np.float64)

    def without_each(
        self, targets: NDArray[np.bool_], weights: Matrix, rows: NDArray[np.int64], *, ridge: float = _RIDGE
    ) -> KernelRidgeHead:
        """Balanced heads of one frame: with all texts, then without each text of `rows`; one column of scores each.

        Parameters
        ----------
        targets : ndarray of bool, shape (n,)
            Whether each training text carries the frame.
        weights : ndarray, shape (n,)
            As in `solve`.
        rows : ndarray of int, shape (R,)
            The texts left out one by one.
        ridge : float
            As in `solve`.

        Returns
        -------
        KernelRidgeHead
            Its `score` has shape (m, 1 + R).

        Notes
        -----
        Without text r the dual coefficients are `a - C[:, r] a[r] / C[r, r]`, where C is the inverse of the regularised
        kernel and a = C y (Rasmussen & Williams 2006, sec. 5.4.2). The balance of the classes stays as it is with all
        texts.
        """
        inverse = self._inverse(weights * _balance(targets, weights), ridge)
        dual = inverse @ np.where(targets, 1.0, -1.0)
        lost = inverse[:, rows] * (dual[rows] / np.diag(inverse)[rows])
        heads = KernelRidgeHead()
        heads._vectors, heads._dual = self._vectors, np.column_stack([dual, dual[:, None] - lost])
        heads._primal = self._primal_of(heads._dual)
        return heads

    def forget_kernels(self) -> KernelRidgeHead:
        """Drop what only `solve` and `without_each` need."""
        del self._kernel_among, self._kernel_across, self._train_words, self._owners
        return self

    def get_state(self) -> State:
        """Training vectors and coefficients; neither the kernels nor the heads of the folds."""
        return State({"vectors": self._vectors, "dual": self._dual, "primal": self._primal})

    def set_state(self, state: State) -> KernelRidgeHead:
        """Take vectors and coefficients from `state`."""
        self._vectors, self._dual, self._primal = (state.arrays[name] for name in ("vectors", "dual", "primal"))
        return self

    def score(self, features: Features, parts: Features, owners: NDArray[np.int64]) -> Matrix:
        """Raw scores, shape `(m, K)`: the mean of a text's score and that of its best window."""
        return self._score(features, parts, owners, self._dual, self._primal)

    def score_folds(self, features: Features, parts: Features, owners: NDArray[np.int64]) -> Matrix:
        """Raw scores by the heads that each fold was left out of, shape `(J, m, K)`."""
        heads = zip(self._fold_duals, self._fold_primals, strict=True)
        return np.stack([self._score(features, parts, owners, dual, primal) for dual, primal in heads])

    def _score(
        self, features: Features, parts: Features, owners: NDArray[np.int64], dual: Matrix, primal: Matrix
    ) -> Matrix:
        whole = self._raw(features, dual, primal)
        return (whole + _best(self._raw(parts, dual, primal), owners, whole)) / 2

    def _raw(self, features: Features, dual: Matrix, primal: Matrix) -> Matrix:
        scores: Matrix = np.asarray(features.words @ primal) + _BIAS * dual.sum(axis=0)
        for start in range(0, len(features.vectors), _CHUNK):
            part = slice(start, start + _CHUNK)
            scores[part] += _radial(features.vectors[part], self._vectors) @ dual
        return scores

    def _kernel(self, vectors: NDArray[np.float32], words: Any, anchors: Any) -> Matrix:
        kernel: Matrix = _radial(vectors, self._vectors) + _WORDS * (words @ anchors.T).toarray() + _BIAS
        return kernel


def _radial(left: NDArray[np.float32], right: NDArray[np.float32]) -> Matrix:
    cosine: Matrix = (left @ right.T).astype(np.float64)
    return np.asarray(np.exp(_WIDTH * (cosine - 1.0)))


def _members(groups: NDArray[np.int64] | None) -> list[NDArray[np.int64]]:
    """Rows of each group."""
    if groups is None:
        return []
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def _balance(target: NDArray[np.bool_], weights: Matrix) -> Matrix:
    """Weights that give positives and negatives the same mass."""
    positive, negative = weights[target].sum(), weights[~target].sum()
    lift = negative / positive if positive > 0 and negative > 0 else 1.0
    return np.where(target, max(lift, 1.0), 1.0)


def _best(scores: Matrix, owners: NDArray[np.int64], whole: Matrix) -> Matrix:
    """Highest score of each text's windows, or its own where it has none."""
    found = np.full(whole.shape, -np.inf)
    np.maximum.at(found, owners, scores)
    return np.where(np.isfinite(found), found, whole)
