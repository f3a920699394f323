"""Blends of experts on scores that were left out: one of all labelled texts, and one without each fold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from framing.classify.calibration import Blend
from framing.classify.language_levels import LanguageLevels

__all__ = ["Blends", "fit_blends_by_fold"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Blends:
    """Blends and levels of languages.

    Attributes
    ----------
    blend : Blend
        Of all labelled texts.
    levels : LanguageLevels
        Likewise.
    fold_blends : list of Blend
        Without each fold.
    fold_levels : list of LanguageLevels
        Likewise.
    cross_fitted : ndarray, shape (n, K)
        Calibrated scores of the labelled texts, each by the blend and the levels without its fold.
    """

    blend: Blend
    levels: LanguageLevels
    fold_blends: list[Blend]
    fold_levels: list[LanguageLevels]
    cross_fitted: Array


def fit_blends_by_fold(
    left_out: Array,
    labels: NDArray[np.bool_],
    folds: NDArray[np.int64],
    languages: Sequence[str] | None,
    *,
    multi_label: bool,
) -> Blends:
    """Fit a blend on all labelled texts, and per fold one on the other folds.

    Parameters
    ----------
    left_out : ndarray, shape (E, n, K)
        Raw scores of the labelled texts by experts that had not seen them.
    labels : ndarray of bool, shape (n, K)
        Their labels.
    folds : ndarray of int, shape (n,)
        Their folds. With a single one its blend is the one of all texts.
    languages : sequence of str, optional
        Their languages, length n; None: scores of all languages are on one level.
    multi_label : bool
        Whether a text may carry several frames.

    Returns
    -------
    Blends
        The blends, the levels of languages after them, and the scores that they give the labelled texts.
    """
    of_text = np.array(["und"] * len(labels) if languages is None else languages, dtype=object)

    def fit(rows: NDArray[np.bool_]) -> tuple[Blend, LanguageLevels]:
        blend = Blend(multi_label=multi_label).fit(left_out[:, rows], labels[rows])
        calibrated = blend.predict_proba(left_out[:, rows])
        return blend, LanguageLevels.fit(calibrated, labels[rows], of_text[rows].tolist())

    blend, levels = fit(np.ones(len(labels), dtype=bool))
    cross_fitted = np.empty(labels.shape)
    by_fold = []
    for fold in np.unique(folds):
        inside, outside = folds == fold, folds != fold
        by_fold.append(fit(outside) if outside.any() else (blend, levels))
        calibrated = by_fold[-1][0].predict_proba(left_out[:, inside])
        cross_fitted[inside] = by_fold[-1][1].move(calibrated, of_text[inside].tolist())
    return Blends(blend, levels, [pair[0] for pair in by_fold], [pair[1] for pair in by_fold], cross_fitted)
