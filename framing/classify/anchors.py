"""What a codebook alone teaches: its seeds and rules as examples, counter-seeds and plain prose against them.

Held-out seeds also give the scale of scores that are made without labels, see `calibrate_anchors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.calibration import Blend
from framing.classify.state import State
from framing.codebook import Codebook

__all__ = ["Anchors", "background_passages", "calibrate_anchors", "codebook_anchors", "describe_anchors"]

Array = NDArray[np.float64]

_NONE = "(none)"


@dataclass(frozen=True)
class Anchors:
    """Training texts of a codebook.

    Attributes
    ----------
    texts : list of str
        Length n.
    targets : ndarray of bool, shape (n, K)
        Whether each text carries each frame.
    counted : ndarray of bool, shape (n,)
        Whether it is a passage, which says how well frames are found: true of seeds, counter-seeds and background,
        false of definitions and rules.
    """

    texts: list[str]
    targets: NDArray[np.bool_]
    counted: NDArray[np.bool_]

    @property
    def seed_rows(self) -> NDArray[np.int64]:
        """Rows of the seeds, in the codebook's order."""
        return np.flatnonzero(self.counted & self.targets.any(axis=1))


@lru_cache(maxsize=1)
def background_passages() -> tuple[str, ...]:
    """News prose of all sections that carries no frame of a conflict; written for this project."""
    text = (files("framing") / "data" / "background.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())


def codebook_anchors(codebook: Codebook) -> Anchors:
    """Anchors of a codebook; where each passage has one frame, nothing teaches "none"."""
    texts: list[str] = []
    place: list[int] = []
    counted: list[bool] = []
    for number, frame in enumerate(codebook.frames):
        for group, where, counts in (
            (frame.seeds, number, True),
            ((frame.definition, *frame.include), number, False),
            (frame.counter_seeds, -1, True),
        ):
            texts += group
            place += [where] * len(group)
            counted += [counts] * len(group)
    if codebook.multi_label:
        background = background_passages()
        texts += background
        place += [-1] * len(background)
        counted += [True] * len(background)
    keep = [number for number, where in enumerate(place) if codebook.multi_label or where >= 0]
    targets = np.array(place)[keep][:, None] == np.arange(len(codebook.frames))
    return Anchors([texts[row] for row in keep], targets, np.array(counted)[keep])


def describe_anchors(
    scores: NDArray[np.float64], decided: NDArray[np.bool_], targets: NDArray[np.bool_], frames: NDArray[np.str_]
) -> pd.DataFrame:
    """Per frame how well held-out seeds find it; columns of `FrameClassifier.anchors_`."""
    from sklearn.metrics import average_precision_score, precision_recall_fscore_support

    precision, recall, f1, support = precision_recall_fscore_support(targets, decided, zero_division=0)
    rows = []
    for column, frame in enumerate(frames):
        others = decided[targets[:, column]].sum(axis=0)
        others[column] = 0
        rows.append(
            (
                frame,
                int(support[column]),
                float(precision[column]),
                float(recall[column]),
                float(f1[column]),
                float(average_precision_score(targets[:, column], scores[:, column])),
                str(frames[others.argmax()]) if others.any() else _NONE,
            )
        )
    names = ["frame", "n_seeds", "precision", "recall", "f1", "average_precision", "confused_with"]
    return pd.DataFrame(rows, columns=names)


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
    return Blend(multi_label=multi_label).set_state(State({"slopes": slopes[None], "shifts": shifts}))


def _best_cut(logits: Array, targets: NDArray[np.bool_]) -> float:
    """Cut on a common scale with the best macro-F1; the middle of the cuts within 0.002 of it."""
    cuts = np.linspace(-4, 3, 141)
    macro_f1 = np.empty(len(cuts))
    for place, cut in enumerate(cuts):
        decided = logits >= cut
        hits = (decided & targets).sum(axis=0)
        macro_f1[place] = np.mean(2 * hits / np.maximum(decided.sum(axis=0) + targets.sum(axis=0), 1))
    return float(np.median(cuts[macro_f1 >= macro_f1.max() - 0.002]))


def _sharpness(raw: Array, targets: NDArray[np.bool_]) -> float:
    """Factor before a softmax that gives the held-out texts the highest likelihood."""
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def loss(log_factor: float) -> float:
        chances = log_softmax(raw * np.exp(log_factor), axis=1)
        return float(-np.maximum(chances[targets], np.log(1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 4), method="bounded").x))
