"""The head of zero-shot and of few labels: weighted kernel ridge regression with exact leave-one-out scores.

The kernel adds a radial part over sentence embeddings (what is meant) to a linear part over word and
character n-grams (how it is put), which small encoders lose. A ridge head leaves each training text
out in closed form, so out-of-sample scores of the anchors cost no second fit (Rasmussen & Williams 2006, ch. 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.classify.frozen.class_balance import balance_classes
from framing.classify.frozen.kernels import BATCH_TEXTS, radial_blocks, sum_kernels
from framing.classify.frozen.text_features import Features
from framing.classify.state import State
from framing.encoders.windows import take_best

__all__ = ["BIAS", "RIDGE", "WIDTH", "WORD_WEIGHT", "KernelRidgeHead"]

# Chosen by leave-one-out over the seeds of great-power-crisis; labelled passages were looked at too (docs/method.md).
WIDTH = 2.0  # of exp(width * (cosine - 1))
WORD_WEIGHT = 0.25  # of the n-gram part
BIAS = 0.05
RIDGE = 0.5

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]


class KernelRidgeHead:
    """One score a frame: weighted kernel ridge regression on targets -1 and 1.

    Attributes
    ----------
    left_out_ : ndarray, shape (n, K)
        After `solve`: the score of each training text by a head that had seen neither it nor its group, the mean of
        the text's (or of its best piece's, where the encoder does not read it at once) and of its best window's.

    Notes
    -----
    The kernel of two texts with embeddings u, v and n-gram weights s, t is
    `k = exp(width * (u.v - 1)) + word_weight * s.t + bias`. With the kernel matrix K, targets y of -1 and 1 and noise
    `N = diag(ridge / w)`, w the weights relative to their mean, the dual coefficients are `a = C y`,
    `C = (K + N)^-1`, and the score of a text is `k a`.
    """

    def prepare(
        self, features: Features, windows: Features, owners: Rows, is_piece: Flags | None = None
    ) -> KernelRidgeHead:
        """Compute the kernels of the training texts.

        Parameters
        ----------
        features : Features
            Of the n texts.
        windows : Features
            Of their windows.
        owners : ndarray of int
            Row of the text that each window belongs to.
        is_piece : ndarray of bool, optional
            Which windows are pieces of a text that the encoder does not read at once; by default none.

        Returns
        -------
        KernelRidgeHead
            Itself, not solved yet.
        """
        self._vectors, self._train_words = features.vectors, features.words
        self._owners, self._is_piece = owners, is_piece
        self._kernel_among = self._kernel(features.vectors, features.words, features.words)
        self._kernel_across = self._kernel(windows.vectors, windows.words, features.words)
        return self

    def solve(
        self,
        targets: NDArray[np.bool_],
        weights: Array,
        *,
        groups: Rows | None = None,
        folds: Rows | None = None,
        ridge: float = RIDGE,
        balanced: bool = True,
    ) -> KernelRidgeHead:
        """Fit, and score each training text as if its group had been left out (`left_out_`).

        Parameters
        ----------
        targets : ndarray of bool, shape (n, K)
            Whether each text carries each frame.
        weights : ndarray, shape (n,)
            Of the texts.
        groups : ndarray of int, shape (n,), optional
            Texts of one group (document) are left out together; by default each alone.
        folds : ndarray of int, shape (n,), optional
            Fold of each text, -1 for none: `score_folds` scores by heads without each fold.
        ridge : float
            Of the regression.
        balanced : bool
            Whether positives get the total weight of negatives, for scores that rank where nothing is known of shares.

        Returns
        -------
        KernelRidgeHead
            Itself.
        """
        n, k = targets.shape
        signs = np.where(targets, 1.0, -1.0)
        together = [rows for rows in _list_members(groups) if len(rows) > 1]
        fold_rows = (
            [] if folds is None else [np.flatnonzero(folds == fold) for fold in sorted({*folds.tolist()} - {-1})]
        )
        self._dual = np.empty((n, k))
        self._fold_duals = np.zeros((len(fold_rows), n, k))
        self.left_out_ = np.empty((n, k))
        for columns in [[column] for column in range(k)] if balanced else [list(range(k))]:
            lift = balance_classes(targets[:, columns[0]], weights) if balanced else 1.0
            inverse = self._invert(weights * lift, ridge)
            dual = inverse @ signs[:, columns]
            self._dual[:, columns] = dual
            for fold, rows in enumerate(fold_rows):
                without = dual - inverse[:, rows] @ np.linalg.solve(inverse[np.ix_(rows, rows)], dual[rows])
                without[rows] = 0.0
                self._fold_duals[np.ix_([fold], range(n), columns)] = without
            self.left_out_[:, columns] = self._leave_out(inverse, dual, signs[:, columns], together)
            del inverse  # before the next one is made
        self._primal = self._sum_words(self._dual)
        self._fold_primals = [self._sum_words(dual) for dual in self._fold_duals]
        return self

    def _leave_out(self, inverse: Array, dual: Array, signs: Array, together: list[Rows]) -> Array:
        """Scores of the training texts by heads without their group: mean of a text's and its best window's.

        With the rows g of a group left out, its scores are `y_g - C_gg^-1 a_g`.
        """
        owners, across = self._owners, self._kernel_across
        residual = dual / np.diag(inverse)[:, None]
        for rows in together:
            residual[rows] = np.linalg.solve(inverse[np.ix_(rows, rows)], dual[rows])
        scores = signs - residual
        diagonal = np.empty(len(owners))
        for start in range(0, len(owners), BATCH_TEXTS):
            part = slice(start, start + BATCH_TEXTS)
            diagonal[part] = np.einsum("ij,ij->i", across[part], inverse[owners[part]])
        change = diagonal[:, None] * residual[owners]
        for rows in together:
            inside = np.flatnonzero(np.isin(owners, rows))
            change[inside] = (across[inside] @ inverse[:, rows]) @ residual[rows]
        return _join(scores, across @ dual - change, owners, self._is_piece)

    def _sum_words(self, dual: Array) -> Array:
        """Coefficients of the n-grams, from those of the training texts."""
        return np.asarray(WORD_WEIGHT * (self._train_words.T @ dual))

    def _invert(self, weights: Array, ridge: float) -> Array:
        """Inverse of the regularised kernel; a text of twice the weight has half the noise, the mean weight being 1."""
        n = len(weights)
        from scipy.linalg import inv

        noise = ridge / (weights * (n / weights.sum()))
        regularised = self._kernel_among.copy()
        regularised[np.diag_indices(n)] += noise
        return np.asarray(inv(regularised, overwrite_a=True, check_finite=False, assume_a="pos"))

    def solve_without(
        self, targets: NDArray[np.bool_], weights: Array, sets: Sequence[Rows], *, ridge: float = RIDGE
    ) -> Array:
        """Fit balanced heads of one frame: with all texts, then without each set of texts.

        Parameters
        ----------
        targets : ndarray of bool, shape (n,)
            Whether each training text carries the frame.
        weights : ndarray, shape (n,)
            As in `solve`.
        sets : sequence of ndarray of int
            Rows of the texts that are left out together, S sets.
        ridge : float
            As in `solve`.

        Returns
        -------
        ndarray, shape (n, 1 + S)
            Dual coefficients for `score_by`; zero where a text is left out.

        Notes
        -----
        Without the texts g the dual coefficients are `a - C[:, g] C[g, g]^-1 a[g]`, where C is the inverse of the
        regularised kernel and a = C y (Rasmussen & Williams 2006, sec. 5.4.2). The balance of the classes stays as it
        is with all texts.
        """
        from scipy.linalg import cho_factor, cho_solve

        inverse = self._invert(weights * balance_classes(targets, weights), ridge)
        dual = inverse @ np.where(targets, 1.0, -1.0)
        changes = np.zeros((len(dual), 1 + len(sets)))
        for place, rows in enumerate(sets, start=1):
            factor = cho_factor(inverse[np.ix_(rows, rows)], overwrite_a=True, check_finite=False)
            changes[rows, place] = cho_solve(factor, dual[rows], check_finite=False)
        duals = dual[:, None] - inverse @ changes
        for place, rows in enumerate(sets, start=1):
            duals[rows, place] = 0.0
        return duals

    def forget_kernels(self) -> KernelRidgeHead:
        """Drop what only `solve` and `solve_without` need.

        Returns
        -------
        KernelRidgeHead
            Itself.
        """
        del self._kernel_among, self._kernel_across, self._train_words, self._owners, self._is_piece
        return self

    def get_state(self) -> State:
        """Take training vectors and coefficients, without kernels and heads of the folds.

        Returns
        -------
        State
            For `set_state`.
        """
        return State({"vectors": self._vectors, "dual": self._dual, "primal": self._primal})

    def set_state(self, state: State) -> KernelRidgeHead:
        """Set training vectors and coefficients.

        Parameters
        ----------
        state : State
            As `get_state` returned it.

        Returns
        -------
        KernelRidgeHead
            Itself.
        """
        self._vectors, self._dual, self._primal = (state.arrays[name] for name in ("vectors", "dual", "primal"))
        return self

    def score(self, features: Features, windows: Features, owners: Rows, is_piece: Flags | None = None) -> Array:
        """Score texts: the mean of a text's score and that of its best window.

        The score of a text that the encoder does not read at once is that of its best piece.

        Parameters
        ----------
        features : Features
            Of the m texts.
        windows : Features
            Of their windows.
        owners : ndarray of int
            Row of the text that each window belongs to.
        is_piece : ndarray of bool, optional
            Which windows are pieces of a text that the encoder does not read at once; by default none.

        Returns
        -------
        ndarray, shape (m, K)
            Raw scores.
        """
        return self._score(features, windows, owners, is_piece, self._dual, self._primal)

    def score_folds(self, features: Features, windows: Features, owners: Rows, is_piece: Flags | None = None) -> Array:
        """Score texts by the heads without each fold.

        Parameters
        ----------
        features : Features
            As in `score`.
        windows : Features
            As in `score`.
        owners : ndarray of int
            As in `score`.
        is_piece : ndarray of bool, optional
            As in `score`.

        Returns
        -------
        ndarray, shape (J, m, K)
            Raw scores without each of the J folds.
        """
        heads = zip(self._fold_duals, self._fold_primals, strict=True)
        return np.stack([self._score(features, windows, owners, is_piece, dual, primal) for dual, primal in heads])

    def score_by(
        self, duals: Array, features: Features, windows: Features, owners: Rows, is_piece: Flags | None = None
    ) -> Array:
        """Score texts by given coefficients, before `forget_kernels`.

        Parameters
        ----------
        duals : ndarray, shape (n, V)
            Coefficients of V heads, as `solve_without` returned them.
        features : Features
            As in `score`.
        windows : Features
            As in `score`.
        owners : ndarray of int
            As in `score`.
        is_piece : ndarray of bool, optional
            As in `score`.

        Returns
        -------
        ndarray, shape (m, V)
            Raw scores. Memory holds the kernel of these texts and all training texts, but no n-gram coefficients, of
            which each head would have tens of thousands.
        """
        own, best = (self._kernel(part.vectors, part.words, self._train_words) @ duals for part in (features, windows))
        return _join(own, best, owners, is_piece)

    def _score(
        self, features: Features, windows: Features, owners: Rows, is_piece: Flags | None, dual: Array, primal: Array
    ) -> Array:
        return _join(self._apply(features, dual, primal), self._apply(windows, dual, primal), owners, is_piece)

    def _apply(self, features: Features, dual: Array, primal: Array) -> Array:
        """Scores by given coefficients, the n-gram part through its primal ones."""
        scores: Array = np.asarray(features.words @ primal) + BIAS * dual.sum(axis=0)
        for part, kernel in radial_blocks(features.vectors, self._vectors, width=WIDTH):
            scores[part] += (kernel @ dual)[: len(features.vectors[part])]
        return scores

    def _kernel(self, vectors: NDArray[np.float32], words: Any, training_words: Any) -> Array:
        kernel = sum_kernels(vectors, self._vectors, words, training_words, width=WIDTH, word_weight=WORD_WEIGHT)
        kernel += BIAS
        return kernel


def _list_members(groups: Rows | None) -> list[Rows]:
    """Rows of each group."""
    if groups is None:
        return []
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def _join(scores: Array, window_scores: Array, owners: Rows, is_piece: Flags | None) -> Array:
    """Scores of texts from their own, or that of the best piece where there are pieces, and that of the best window."""
    own = scores if is_piece is None else take_best(window_scores[is_piece], owners[is_piece], scores)
    return np.asarray((own + take_best(window_scores, owners, own)) / 2)
