"""Several scores of the same passages joined into one, which corrects shares better than each alone."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import RANDOM_SEED
from framing.errors import InputError
from framing.uncertainty.resample import TINY

__all__ = ["StackedScores", "stack_scores"]

Array = NDArray[np.float64]

_FOLDS = 10
_PRIOR = 5.0  # labelled passages that the penalty counts for, on the scale of standardised scores


@dataclass(frozen=True)
class StackedScores:
    """Joined scores of K frames.

    Attributes
    ----------
    labelled : array
        Of the labelled passages, each by weights that its label did not shape, shape (m, K).
    all : array
        Of all passages, the mean over the folds' weights, shape (n, K).
    weights : array
        Weight of each score and frame, the mean over folds, shape (P, K).
    """

    labelled: Array
    all: Array
    weights: Array


def stack_scores(
    labels: Array,
    labelled: Array,
    scores: Array,
    *,
    weights: Array | None = None,
    groups: Sequence[Hashable] | None = None,
    n_folds: int = _FOLDS,
    random_seed: int = RANDOM_SEED,
) -> StackedScores:
    """Join scores by a linear model of the labels, cross-fitted.

    Parameters
    ----------
    labels : array
        Labels of m passages and K frames, 1 or 0, shape (m, K).
    labelled : array
        P scores of these passages by classifiers that had not learned from them, shape (P, m, K).
    scores : array
        The same P scores of all n passages, shape (P, n, K).
    weights : array, optional
        One over the chance with which each labelled passage was drawn, shape (m,); by default all are alike.
    groups : sequence, optional
        What stays in one fold, such as the document, length m; by default each passage by itself.
    n_folds : int, default 10
        Number of folds, at most as many as groups.
    random_seed : int, optional
        Start of the draw of folds.

    Returns
    -------
    StackedScores
        The joined scores, from 0 to 1.

    Raises
    ------
    InputError
        If shapes do not fit, a value is missing, or there are fewer than two groups.

    Notes
    -----
    For each frame, `b = (Z' W Z + 5 I)^-1 Z' W (y - mean(y))` with `Z` the standardised scores of the labelled
    passages outside a fold and weights `W` that add up to their number; the joined score is `mean(y) + Z b`, cut to 0
    and 1. A passage's own label shapes neither its `labelled` score nor the weights of its fold. Folds count by their
    number of passages in `all`, as in the cross-fitting of prediction-powered inference (Zrnic & Candès 2024), so that
    the joined score may take the place of a single one in `framing.estimates.correction`, which tunes its factor
    lambda anew. Assumed: passages of different groups are independent.

    References
    ----------
    Breiman (1996), Stacked regressions. Machine Learning 24. https://doi.org/10.1007/BF00117832
    Zrnic and Candès (2024), Cross-prediction-powered inference. PNAS 121 (15). https://doi.org/10.1073/pnas.2322083121

    Examples
    --------
    >>> y = np.tile([[0.0], [1.0]], (20, 1))
    >>> noise = np.tile([[0.2], [0.2], [0.8], [0.8]], (10, 1))
    >>> joined = stack_scores(y, np.stack([y, noise]), np.stack([y, noise]))
    >>> bool(joined.weights[0, 0] > 5 * abs(joined.weights[1, 0]))
    True
    """
    n_scores, m, k = _check(labels, labelled, scores)
    w = np.ones(m) if weights is None else np.asarray(weights, dtype=float) * m / np.sum(weights)
    folds = _draw_folds(list(groups) if groups is not None else list(range(m)), n_folds, random_seed)
    out_of_fold = np.zeros((m, k))
    everything, slopes = np.zeros(scores.shape[1:]), np.zeros((n_scores, k))
    for fold in range(folds.max() + 1):
        outside, share = folds != fold, float((folds == fold).mean())
        for frame in range(k):
            constant, b = _fit(labels[outside, frame], labelled[:, outside, frame], w[outside])
            out_of_fold[~outside, frame] = constant + b @ labelled[:, ~outside, frame]
            everything[:, frame] += share * np.clip(constant + b @ scores[:, :, frame], 0, 1)
            slopes[:, frame] += share * b
    return StackedScores(np.clip(out_of_fold, 0, 1), everything, slopes)


def _check(labels: Array, labelled: Array, scores: Array) -> tuple[int, int, int]:
    """Numbers of scores, labelled passages and frames."""
    shapes = (labels.ndim, labelled.ndim, scores.ndim)
    fits = shapes == (2, 3, 3) and labelled.shape[1:] == labels.shape
    if not fits or scores.shape[::2] != labelled.shape[::2]:
        raise InputError(
            f"stack_scores: expected shapes (m, K), (P, m, K) and (P, n, K), got {labels.shape}, {labelled.shape} and "
            f"{scores.shape}."
        )
    if not all(np.isfinite(values).all() for values in (labels, labelled, scores)):
        raise InputError("stack_scores: a label or a score is missing; give passages without a score any number.")
    return labelled.shape[0], *labels.shape


def _draw_folds(groups: list[Hashable], n_folds: int, random_seed: int) -> NDArray[np.int64]:
    """Fold of each passage; the passages of a group are in one."""
    codes, names = pd.factorize(np.array(groups, dtype=object))
    if len(names) < 2 or n_folds < 2:
        raise InputError(f"stack_scores: expected two groups and two folds or more, got {len(names)} and {n_folds}.")
    order = np.random.default_rng(random_seed).permutation(len(names))
    fold_of_group = np.empty(len(names), dtype=np.int64)
    fold_of_group[order] = np.arange(len(names)) % min(n_folds, len(names))
    return np.asarray(fold_of_group[codes])


def _fit(y: Array, f: Array, w: Array) -> tuple[float, Array]:
    """Constant and slopes, shape (P,), of a weighted ridge regression of labels on P scores."""
    total = w.sum()
    y_mean, f_mean = float(w @ y / total), f @ w / total
    centred = f - f_mean[:, None]
    spread = np.sqrt(centred**2 @ w / total)
    z = centred / np.maximum(spread, np.sqrt(TINY))[:, None]
    z[spread**2 <= TINY] = 0.0
    b = np.linalg.solve((z * w) @ z.T + _PRIOR * np.eye(len(f)), (z * w) @ (y - y_mean))
    slopes = np.where(spread**2 > TINY, b / np.maximum(spread, np.sqrt(TINY)), 0.0)
    return y_mean - float(slopes @ f_mean), slopes
