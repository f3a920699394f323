"""Curves of scores against human labels: reliability by score, and risk by coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.uncertainty.intervals import wilson_bounds
from framing.uncertainty.resample import STILL, draw_weights
from framing.validation.inputs import Flags, Floats, number_documents, require_alike
from framing.validation.intervals import ONE_DOCUMENT, Interval, bootstrap_interval, no_interval
from framing.validation.ranking import COVERAGE_STEPS, assign_bins, measure_risk

__all__ = ["reliability_bins", "risk_coverage"]


def reliability_bins(
    gold: Flags, scores: Floats, *, frames: Sequence[str], n_bins: int = 10, level: float = LEVEL
) -> pd.DataFrame:
    """Reliability curve of each frame and of `(all)`: observed share against mean score, bin by bin.

    Parameters
    ----------
    gold : array of bool
        Labels, shape (n, K).
    scores : array of float
        Scores, shape (n, K), 0 to 1.
    frames : sequence of str
        Frame ids, length K.
    n_bins : int, default 10
        Number of bins.
    level : float
        Confidence level of each interval.

    Returns
    -------
    DataFrame
        `frame, bin, mean_score, share, low, high, n`. Bins have equal mass and are numbered from 1, lowest scores
        first; equal scores share a bin.

    Raises
    ------
    InputError
        When the arrays are not alike or there are no passages.

    Notes
    -----
    `low, high` is the score interval of the share (Wilson 1927), which takes passages as independent: where documents
    hold many, or in `(all)`, it is too narrow.
    """
    require_alike(frames, gold=gold, scores=scores)
    curves = [(frame, gold[:, k], scores[:, k]) for k, frame in enumerate(frames)]
    curves.append(("(all)", gold.ravel(), scores.ravel()))
    tables = []
    for frame, labels, values in curves:
        _, bins = np.unique(assign_bins(values, n_bins=n_bins), return_inverse=True)
        n, n_gold = np.bincount(bins), np.bincount(bins, weights=labels)
        low, high = wilson_bounds(n_gold, n, level=level)
        columns = {
            "frame": frame,
            "bin": np.arange(1, len(n) + 1),
            "mean_score": np.bincount(bins, weights=values) / n,
            "share": n_gold / n,
            "low": low,
            "high": high,
            "n": n,
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def risk_coverage(
    gold: Flags,
    scores: Floats,
    decided_by: Floats | float | Literal["highest"],
    *,
    frames: Sequence[str],
    documents: Sequence[str],
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Share of wrong decisions among the most confident, at each coverage.

    Parameters
    ----------
    gold : array of bool
        Labels, shape (n, K).
    scores : array of float
        Scores, shape (n, K), 0 to 1.
    decided_by : array of float, float or "highest"
        Thresholds, shape (K,) or one for all: a frame is present from its threshold on, and confidence is the distance
        from it. There is a curve for each frame, and `(all)` over passages and frames. Or `"highest"`, for one frame a
        passage: confidence is the highest score, and `(all)` the only curve.
    frames : sequence of str
        Frame ids, length K.
    documents : sequence of str
        Document of each passage, length n; passages of one document are resampled together.
    level : float
        Confidence level of each interval.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws.

    Returns
    -------
    DataFrame
        `frame, coverage, risk, low, high, n, method`. Coverages 0.05 to 1; `n` decisions are covered. Of equally
        confident decisions each is as likely to be covered. The interval is the percentile bootstrap over
        documents, NaN with a single one; where all draws are alike it is exact, with each document among the
        covered decisions as one observation.

    Raises
    ------
    InputError
        When the arrays are not alike or there are no passages.

    Notes
    -----
    El-Yaniv & Wiener (2010), "On the foundations of noise-free selective classification", JMLR 11.
    """
    require_alike(frames, gold=gold, scores=scores)
    codes, n_documents = number_documents(documents, n=len(gold))
    if isinstance(decided_by, str):
        curves = [_decide_by_highest(gold, scores, codes)]
    else:
        curves = _decide_by_thresholds(gold, scores, np.broadcast_to(decided_by, len(frames)), codes, frames)
    coverage = np.arange(1, COVERAGE_STEPS + 1) / COVERAGE_STEPS
    tables = []
    for curve in curves:
        (risk,), (covered,) = measure_risk(curve.wrong, curve.confidence, curve.documents, np.ones((1, n_documents)))
        n_covered = covered.astype(int)
        generator = np.random.default_rng(random_seed)
        intervals = [no_interval(ONE_DOCUMENT)] * COVERAGE_STEPS
        if n_documents > 1:
            draws = curve.draw_risk(n_documents, n_draws=n_bootstrap, generator=generator)
            intervals = curve.find_intervals(risk, n_covered, draws, level=level)
        table = pd.DataFrame({"frame": curve.frame, "coverage": coverage, "risk": risk})
        low, high, method = zip(*intervals, strict=True)
        tables.append(table.assign(low=low, high=high, n=n_covered, method=method))
    return pd.concat(tables, ignore_index=True)


@dataclass(frozen=True)
class _Curve:
    """Decisions of one curve: whether each is wrong, how confident it is, and its document; shape (n,)."""

    frame: str
    wrong: Flags
    confidence: Floats
    documents: NDArray[np.intp]

    def draw_risk(self, n_documents: int, *, n_draws: int, generator: np.random.Generator) -> Floats:
        """Risk at each coverage in bootstrap draws of documents, shape (B, COVERAGE_STEPS)."""
        weights = draw_weights(n_documents, n_draws=n_draws, n_cells=len(self.documents), generator=generator)
        return np.concatenate([measure_risk(self.wrong, self.confidence, self.documents, part)[0] for part in weights])

    def find_intervals(
        self, risk: Floats, n_covered: NDArray[np.int64], draws: Floats, *, level: float
    ) -> list[Interval]:
        """Interval at each coverage; an exact one rests on the documents of the covered decisions."""
        surest = self.documents[np.argsort(-self.confidence, kind="stable")]
        return [
            bootstrap_interval(
                draws[:, step], share=float(risk[step]), n_documents=len(np.unique(surest[:n])), level=level
            )
            for step, n in enumerate(n_covered)
        ]


def _decide_by_highest(gold: Flags, scores: Floats, codes: NDArray[np.intp]) -> _Curve:
    """One decision a passage: the frame with the highest score."""
    right = gold[np.arange(len(gold)), scores.argmax(axis=1)]
    return _Curve("(all)", ~right, scores.max(axis=1), codes)


def _decide_by_thresholds(
    gold: Flags, scores: Floats, thresholds: Floats, codes: NDArray[np.intp], frames: Sequence[str]
) -> list[_Curve]:
    """One decision a passage and frame: present from the threshold on."""
    distance = scores - thresholds
    present = distance >= 0
    wrong = present != gold
    # on either side the way to the end of the scale is as sure as can be, wherever the threshold lies
    room = np.where(present, 1 - thresholds, thresholds)
    confidence = np.abs(distance) / np.maximum(room, STILL)
    curves = [_Curve(frame, wrong[:, k], confidence[:, k], codes) for k, frame in enumerate(frames)]
    return [*curves, _Curve("(all)", wrong.ravel(), confidence.ravel(), np.repeat(codes, len(frames)))]
