"""A regularised linear head over vectors, its penalty chosen by cross-validation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from framing.errors import InputError

__all__ = ["LinearHead", "fit_linear_weights"]

_CS = (0.3, 3.0, 30.0)
_FOLDS = 4


class LinearHead(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression (softmax for several classes) with an L2 penalty chosen by cross-validated log loss.

    Parameters
    ----------
    Cs : tuple of float
        Inverse penalties that are tried, as in scikit-learn's `LogisticRegressionCV`. With fewer than two rows of some
        class there is nothing to cross-validate, and the middle one is taken.
    random_seed : int
        Of the folds.

    Attributes
    ----------
    classes_ : ndarray
        As in scikit-learn.
    coef_ : ndarray
        As in scikit-learn.
    intercept_ : ndarray
        As in scikit-learn.
    C_ : float
        The inverse penalty chosen.
    """

    def __init__(self, *, Cs: tuple[float, ...] = _CS, random_seed: int = 0) -> None:
        self.Cs = Cs
        self.random_seed = random_seed

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> LinearHead:
        """Fit on vectors and one class a row.

        Parameters
        ----------
        X : ndarray, shape (n, d)
            Vectors.
        y : ndarray, shape (n,)
            Classes.
        sample_weight : ndarray, shape (n,), optional
            Weights of the rows.

        Returns
        -------
        LinearHead
            Itself.

        Raises
        ------
        InputError
            For a single class.
        """
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import log_loss
        from sklearn.model_selection import StratifiedKFold
        from sklearn.utils.multiclass import check_classification_targets
        from sklearn.utils.validation import _check_sample_weight, validate_data

        X, y = validate_data(self, X, y)
        check_classification_targets(y)
        weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        self.classes_, codes = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise InputError(f"fit: expected at least two classes to tell apart, got 1 class: {self.classes_[0]!r}.")
        n_least = int(np.bincount(codes).min())
        self.C_ = self.Cs[len(self.Cs) // 2]
        if n_least >= 2 and len(self.Cs) > 1:
            splitter = StratifiedKFold(min(_FOLDS, n_least), shuffle=True, random_state=self.random_seed)
            folds = list(splitter.split(X, codes))
            losses = []
            for C in self.Cs:
                total = 0.0
                for outside, inside in folds:
                    head = LogisticRegression(C=C, max_iter=1000).fit(X[outside], codes[outside], weight[outside])
                    if weight[inside].sum() > 0:
                        probabilities = head.predict_proba(X[inside])
                        total += float(
                            log_loss(codes[inside], probabilities, sample_weight=weight[inside], labels=head.classes_)
                        )
                losses.append(total)
            self.C_ = self.Cs[int(np.argmin(losses))]
        head = LogisticRegression(C=self.C_, max_iter=1000).fit(X, codes, weight)
        self.coef_, self.intercept_ = head.coef_, head.intercept_
        return self

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Score vectors.

        Parameters
        ----------
        X : ndarray, shape (n, d)
            Vectors.

        Returns
        -------
        ndarray, shape (n,) or (n, K)
            One score a row for two classes, K for more.
        """
        from sklearn.utils.validation import check_is_fitted, validate_data

        check_is_fitted(self)
        scores = validate_data(self, X, reset=False) @ self.coef_.T + self.intercept_
        return np.asarray(scores[:, 0] if scores.shape[1] == 1 else scores)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Estimate the probabilities of the classes.

        Parameters
        ----------
        X : ndarray, shape (n, d)
            Vectors.

        Returns
        -------
        ndarray, shape (n, K)
            Rows sum to one.
        """
        from scipy.special import expit, softmax

        scores = self.decision_function(X)
        if scores.ndim == 1:
            return np.column_stack([expit(-scores), expit(scores)])
        return np.asarray(softmax(scores, axis=1))

    def predict(self, X: Any) -> Any:
        """Choose the likeliest class of each row.

        Parameters
        ----------
        X : ndarray, shape (n, d)
            Vectors.

        Returns
        -------
        ndarray, shape (n,)
            Classes.
        """
        columns = self.predict_proba(X).argmax(axis=1)  # before classes_, which an unfitted head lacks
        return self.classes_[columns]


def fit_linear_weights(
    vectors: NDArray[np.float64],
    targets: NDArray[np.bool_],
    weights: NDArray[np.float64],
    *,
    multi_label: bool,
    Cs: tuple[float, ...] = _CS,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Fit linear heads on vectors: one softmax head where each row has one frame, else one head a frame.

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
        Of texts.
    targets : ndarray of bool, shape (n, K)
        Which frames they carry.
    weights : ndarray, shape (n,)
        Of the texts.
    multi_label : bool
        Whether a text may carry several frames.
    Cs : tuple of float
        Inverse penalties that are tried.

    Returns
    -------
    slopes : ndarray, shape (K, d)
        Zero for a frame that all rows or none carry.
    shifts : ndarray, shape (K,)
        For such a frame the log-odds of its share (with one label 0 for the only frame, -10 for one that none carries).
    """
    n, k = targets.shape
    slopes, shifts = np.zeros((k, vectors.shape[1])), np.full(k, -10.0)
    if not multi_label:
        carried = np.flatnonzero(targets.any(axis=0))
        if len(carried) == 1:
            shifts[carried] = 0.0
            return slopes, shifts
        head = LinearHead(Cs=Cs).fit(vectors, targets.argmax(axis=1), weights)
        if len(head.classes_) == 2:
            slopes[head.classes_] = np.vstack([-head.coef_, head.coef_]) / 2
            shifts[head.classes_] = np.r_[-head.intercept_, head.intercept_] / 2
        else:
            slopes[head.classes_], shifts[head.classes_] = head.coef_, head.intercept_
        return slopes, shifts
    for column in range(k):
        n_with = int(targets[:, column].sum())
        if 0 < n_with < n:
            head = LinearHead(Cs=Cs).fit(vectors, targets[:, column], weights)
            slopes[column], shifts[column] = head.coef_[0], head.intercept_[0]
        else:
            shifts[column] = np.log((n_with + 0.5) / (n - n_with + 0.5))
    return slopes, shifts
