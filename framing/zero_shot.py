"""Scale and threshold without labels: what held-out seeds say about the scores."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from framing.anchors import Anchors
from framing.blend import Blend

__all__ = ["calibrate_anchors"]

Array = NDArray[np.float64]


def calibrate_anchors(left_out: Array, anchors: Anchors, *, multi_label: bool) -> Blend:
    """Scale of raw scores from `left_out`, shape `(n, K)`, of the anchors.

    With several labels each frame is Platt-scaled, and one common shift puts the cut with the best macro-F1
    of the seeds at 0.5. With one label one factor before the softmax gives the seeds the highest likelihood.
    """
    raw, targets = left_out[anchors.counted], anchors.targets[anchors.counted]
    k = targets.shape[1]
    slopes, shifts = np.ones(k), np.zeros(k)
    if not multi_label:
        slopes[:] = _sharpness(raw, targets)
    else:
        from sklearn.linear_model import LogisticRegression

        for column in range(k):
            fitted = LogisticRegression(C=1e3).fit(raw[:, [column]], targets[:, column])
            slopes[column] = max(float(fitted.coef_[0, 0]), 1e-3)
            shifts[column] = float(fitted.intercept_[0])
        shifts -= _best_cut(raw * slopes + shifts, targets)
    return Blend(multi_label=multi_label).restore({"slopes": slopes[None], "shifts": shifts})


def _best_cut(logits: Array, targets: NDArray[np.bool_]) -> float:
    """Cut on a common scale with the best macro-F1; the middle of the cuts within 0.002 of it."""
    cuts = np.linspace(-4, 3, 141)
    found = np.empty(len(cuts))
    for place, cut in enumerate(cuts):
        decided = logits >= cut
        hit = (decided & targets).sum(axis=0)
        found[place] = np.mean(2 * hit / np.maximum(decided.sum(axis=0) + targets.sum(axis=0), 1))
    return float(np.median(cuts[found >= found.max() - 0.002]))


def _sharpness(raw: Array, targets: NDArray[np.bool_]) -> float:
    """Factor before a softmax that gives the held-out texts the highest likelihood."""
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def loss(log_factor: float) -> float:
        chances = log_softmax(raw * np.exp(log_factor), axis=1)
        return float(-np.maximum(chances[targets], np.log(1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 4), method="bounded").x))
