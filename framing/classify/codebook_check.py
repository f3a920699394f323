"""Checks of a codebook as an instrument: stray and repeated passages, frames hard to tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.anchors import ENOUGH_EXAMPLES
from framing.classify.classifier import FrameClassifier
from framing.codebook import Codebook
from framing.codebook.drafts import find_unwritten
from framing.encoders.encoder import Encoder
from framing.encoders.neutral import remove_language_shift
from framing.uncertainty.resample import TINY

__all__ = ["CodebookReport", "check_codebook"]

Array = NDArray[np.float64]

_NEAR_COPY = 0.95  # cosine from which two passages say the same in other words
_DISTINCT = 0.75  # share of seeds nearer to their own frame; below, two frames are hard to tell apart
_MIN_SEEDS, _MIN_COUNTER_SEEDS = 8, 3


@dataclass(frozen=True)
class CodebookReport:
    """What is wrong with a codebook.

    Attributes
    ----------
    problems : list of str
        A sentence each; what is about a frame names it first, or second where it is about two.
    unwritten : list of str
        What a draft leaves to a person, a sentence each.
    anchors : DataFrame
        How well held-out seeds find their frame, `FrameClassifier.anchors_`.
    """

    problems: list[str]
    unwritten: list[str]
    anchors: pd.DataFrame


def check_codebook(codebook: Codebook, encoder: Encoder) -> CodebookReport:
    """Check a codebook as an instrument (its form is checked by `read_codebook`).

    Parameters
    ----------
    codebook : Codebook
        The one to check.
    encoder : Encoder
        Compares passages.

    Returns
    -------
    CodebookReport
        Problems, and how well held-out seeds find their frame.

    Notes
    -----
    A seed is compared with the mean vector of each frame's other seeds: where another frame is nearer,
    the seed is shown with that frame. Two frames are hard to tell apart when a seed of either lies nearer
    to its own frame in fewer than three of four cases.
    """
    texts = [str(seed) for frame in codebook.frames for seed in frame.seeds]
    owners = np.repeat(np.arange(len(codebook.frames)), [len(frame.seeds) for frame in codebook.frames])
    vectors = np.asarray(remove_language_shift(encoder).encode(texts), dtype=np.float64)
    ids = codebook.frame_ids
    nearness = _measure_nearness(vectors, owners, len(ids))
    problems = [
        *_check_sizes(codebook),
        *_find_near_copies(texts, owners, vectors, ids),
        *_find_stray_seeds(texts, owners, nearness, ids),
        *_find_similar_frames(owners, nearness, ids),
    ]
    unwritten = [
        f"{frame}: its {part} is still to be written, and nothing learns from it: {_quote(text)}"
        for frame, part, text in find_unwritten(codebook)
    ]
    return CodebookReport(problems, unwritten, FrameClassifier(codebook, encoder).fit().anchors_)


def _check_sizes(codebook: Codebook) -> list[str]:
    problems = []
    for frame in codebook.frames:
        if len(frame.seeds) < _MIN_SEEDS:
            problems.append(f"{frame.id}: only {len(frame.seeds)} seeds; {_MIN_SEEDS} or more are steadier")
        if len(frame.counter_seeds) < _MIN_COUNTER_SEEDS:
            n = len(frame.counter_seeds)
            problems.append(f"{frame.id}: only {n} counter-seeds; {_MIN_COUNTER_SEEDS} or more help")
        if not frame.include and not frame.exclude:
            problems.append(f"{frame.id}: no include or exclude rules for coders")
        n_examples = sum(frame.id in example.frames for example in codebook.examples)
        if codebook.examples and n_examples < ENOUGH_EXAMPLES:
            problems.append(
                f"{frame.id}: only {n_examples} examples; with {ENOUGH_EXAMPLES} of each frame they set the cut of all"
            )
    return problems


def _measure_nearness(vectors: Array, owners: NDArray[np.int64], k: int) -> Array:
    """Cosine of each seed with each frame's mean, its own frame's without the seed; shape (n, K)."""
    sums = np.stack([vectors[owners == frame].sum(axis=0) for frame in range(k)])
    cosines = vectors @ (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), TINY)).T
    others = sums[owners] - vectors
    norms = np.maximum(np.linalg.norm(others, axis=1), TINY)
    cosines[np.arange(len(owners)), owners] = (others * vectors).sum(axis=1) / norms
    return np.asarray(cosines)


def _find_stray_seeds(texts: list[str], owners: NDArray[np.int64], nearness: Array, ids: list[str]) -> list[str]:
    """Seeds that lie nearer to another frame."""
    problems = []
    for row in np.flatnonzero((nearness.argmax(axis=1) != owners) & ~_is_only_seed(owners)):
        owner, nearest = owners[row], nearness[row].argmax()
        problems.append(
            f"{ids[owner]}: nearer to {ids[nearest]} "
            f"({nearness[row, nearest]:.2f} against {nearness[row, owner]:.2f}): {_quote(texts[row])}"
        )
    return problems


def _find_similar_frames(owners: NDArray[np.int64], nearness: Array, ids: list[str]) -> list[str]:
    """Pairs of frames whose seeds too often lie nearer to the other one."""
    problems = []
    to_owner = nearness[np.arange(len(owners)), owners]
    for a, b in combinations(range(len(ids)), 2):
        rows = np.isin(owners, (a, b)) & ~_is_only_seed(owners)
        if not rows.any():
            continue
        to_other = np.where(owners[rows] == a, nearness[rows, b], nearness[rows, a])
        share = float((to_owner[rows] > to_other).mean())
        if share < _DISTINCT:
            problems.append(
                f"{ids[a]} and {ids[b]} are hard to tell apart: {share:.0%} of their seeds lie nearer to their own"
            )
    return problems


def _is_only_seed(owners: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each seed is the only one of its frame: without it there is no mean to compare it with."""
    return np.asarray(np.bincount(owners)[owners] == 1)


def _find_near_copies(texts: list[str], owners: NDArray[np.int64], vectors: Array, ids: list[str]) -> list[str]:
    """Pairs of seeds that say the same in other words."""
    left, right = np.nonzero(np.triu(vectors @ vectors.T >= _NEAR_COPY, k=1))
    return [
        f"{ids[owners[a]]}: nearly the same as a seed of {ids[owners[b]]}: {_quote(texts[a])} / {_quote(texts[b])}"
        for a, b in zip(left, right, strict=True)
    ]


def _quote(text: str) -> str:
    return f"“{text if len(text) <= 90 else text[:90] + ' …'}”"
