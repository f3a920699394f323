"""What a codebook alone teaches: its seeds and rules as examples, counter-seeds and plain prose against them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook

__all__ = ["Anchors", "background_passages", "codebook_anchors", "describe_anchors"]

_NONE = "(none)"


@dataclass(frozen=True)
class Anchors:
    """Training texts of a codebook: `targets`, shape (n, K); `counted`, shape (n,): seeds, not definitions."""

    texts: list[str]
    targets: NDArray[np.bool_]
    counted: NDArray[np.bool_]


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
