"""What is wrong with a codebook as an instrument: stray and repeated passages, frames hard to tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.classifier import FrameClassifier
from framing.codebook import Codebook
from framing.encoders.sentence import Encoder

__all__ = ["CodebookReport", "check_codebook"]

_NEAR_COPY = 0.95  # cosine from which two passages say the same in other words
_APART = 0.75  # chance that a seed lies nearer to its own frame; below, two frames are hard to tell apart
_FEW_SEEDS, _FEW_COUNTERS = 8, 3


@dataclass(frozen=True)
class CodebookReport:
    """`problems`: one sentence each. `anchors`: how well held-out seeds find their frame."""

    problems: list[str]
    anchors: pd.DataFrame


def check_codebook(codebook: Codebook, encoder: Encoder) -> CodebookReport:
    """Remarks on a codebook that could be read (form is checked by `read_codebook`).

    A seed is compared with the mean vector of each frame's other seeds: where another frame is nearer,
    the seed is shown with that frame. Two frames are hard to tell apart when a seed of either lies nearer
    to its own frame in fewer than three of four cases.
    """
    problems = []
    for frame in codebook.frames:
        if len(frame.seeds) < _FEW_SEEDS:
            problems.append(f"{frame.id}: only {len(frame.seeds)} seeds; {_FEW_SEEDS} or more are steadier")
        if len(frame.counter_seeds) < _FEW_COUNTERS:
            problems.append(f"{frame.id}: only {len(frame.counter_seeds)} counter-seeds; {_FEW_COUNTERS} or more help")
        if not frame.include and not frame.exclude:
            problems.append(f"{frame.id}: no include or exclude rules for coders")
    texts = [seed for frame in codebook.frames for seed in frame.seeds]
    owners = np.repeat(np.arange(len(codebook.frames)), [len(frame.seeds) for frame in codebook.frames])
    vectors = np.asarray(encoder.encode(texts), dtype=np.float64)
    ids = codebook.frame_ids
    problems += _near_copies(texts, owners, vectors, ids)
    nearness = _nearness(vectors, owners, len(ids))
    own = nearness[np.arange(len(texts)), owners]
    alone = np.bincount(owners)[owners] == 1  # without it its frame has no seed to be near to
    for number, text in enumerate(texts):
        nearest = int(nearness[number].argmax())
        if nearest != owners[number] and not alone[number]:
            problems.append(
                f"{ids[owners[number]]}: nearer to {ids[nearest]} "
                f"({nearness[number, nearest]:.2f} against {own[number]:.2f}): {_short(text)}"
            )
    for a, b in combinations(range(len(ids)), 2):
        rows = np.isin(owners, (a, b)) & ~alone
        if not rows.any():
            continue
        other = np.where(owners[rows] == a, nearness[rows, b], nearness[rows, a])
        right = float((own[rows] > other).mean())
        if right < _APART:
            problems.append(
                f"{ids[a]} and {ids[b]} are hard to tell apart: {right:.0%} of their seeds lie nearer to their own"
            )
    anchors = FrameClassifier(codebook, encoder).fit().anchors_
    return CodebookReport(problems, anchors)


def _nearness(vectors: NDArray[np.float64], owners: NDArray[np.int64], k: int) -> NDArray[np.float64]:
    """Cosine of each seed with each frame's mean, its own frame's taken without it; shape (n, K)."""
    sums = np.stack([vectors[owners == frame].sum(axis=0) for frame in range(k)])
    cosines = vectors @ (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)).T
    without = sums[owners] - vectors
    norms = np.maximum(np.linalg.norm(without, axis=1), 1e-12)
    cosines[np.arange(len(owners)), owners] = (without * vectors).sum(axis=1) / norms
    return np.asarray(cosines)


def _near_copies(
    texts: list[str], owners: NDArray[np.int64], vectors: NDArray[np.float64], ids: list[str]
) -> list[str]:
    left, right = np.nonzero(np.triu(vectors @ vectors.T >= _NEAR_COPY, k=1))
    return [
        f"{ids[owners[a]]}: nearly the same as a seed of {ids[owners[b]]}: {_short(texts[a])} / {_short(texts[b])}"
        for a, b in zip(left, right, strict=True)
    ]


def _short(text: str) -> str:
    return f"“{text if len(text) <= 90 else text[:90] + ' …'}”"
