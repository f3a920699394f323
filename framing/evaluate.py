"""Agreement of decisions and scores with human labels, every number with an interval over documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.resample import resampled_totals
from framing.tables import ESTIMATE

__all__ = ["calibration_error", "confusion_table", "evaluate_decisions"]

METHOD = "percentile bootstrap over documents"
CALIBRATION = "bootstrap over documents, lower end reflected: draws overstate a calibration error"
_UNDEFINED = {
    "precision": "undefined: the classifier never used the frame",
    "recall": "undefined: no coder used the frame",
    "f1": "undefined: neither coders nor classifier used the frame",
}


def evaluate_decisions(
    gold: NDArray[np.bool_],
    decided: NDArray[np.bool_],
    scores: NDArray[np.float64],
    *,
    frames: Sequence[str],
    documents: Sequence[str],
    level: float = 0.95,
    n_bootstrap: int = 2000,
    random_seed: int = 0,
) -> pd.DataFrame:
    """Precision, recall and F1 per frame, macro and micro F1, and calibration error, with intervals.

    Parameters
    ----------
    gold, decided : shape (n, K), whether a passage carries a frame.
    scores : shape (n, K), 0 to 1.
    documents : length n; passages of one document are resampled together.

    Returns
    -------
    DataFrame
        `frame, measure` and the estimate columns. `frame` is a frame id, `(macro)`, `(micro)` or
        `(all)`. A frame that neither coders nor classifier ever used has no F1: NaN, outside the macro
        mean, and `method` says so. `n_passages` counts those with the gold frame for a frame's rows.
    """
    if gold.shape != decided.shape or gold.shape != scores.shape or gold.shape[1] != len(frames):
        raise InputError(f"gold {gold.shape}, decided {decided.shape} and scores {scores.shape} must be alike.")
    if not len(gold):
        raise InputError("There are no labelled passages to evaluate on.")
    codes, labels = pd.factorize(pd.Series(list(documents)))
    counts = np.hstack([gold & decided, ~gold & decided, gold & ~decided]).astype(float)
    per_document = np.zeros((len(labels), counts.shape[1]))
    np.add.at(per_document, codes, counts)
    generator = np.random.default_rng(random_seed)
    drawn = resampled_totals(per_document, n_draws=n_bootstrap, generator=generator)
    point = _measures(counts.sum(axis=0, keepdims=True), frames)
    spread = _measures(drawn, frames)
    tail = 100 * (1 - level) / 2
    support = gold.sum(axis=0)
    rows = []
    for (frame, measure), values in point.items():
        low, high = _percentiles(spread[frame, measure], tail)
        estimate, method = float(values[0]), METHOD
        if np.isnan(estimate):
            method = _UNDEFINED[measure]
        elif len(labels) < 2:
            low, high, method = np.nan, np.nan, "no interval: a single document"
        n = int(support[list(frames).index(frame)]) if frame in frames else len(gold)
        rows.append((frame, measure, estimate, low, high, n, len(labels), len(gold), method))
    error = calibration_error(gold.ravel(), scores.ravel())
    _, high = _calibration_interval(gold, scores, codes, level, min(n_bootstrap, 500), generator)
    low = float(np.maximum(0.0, 2 * error - high))  # NaN stays NaN
    method = CALIBRATION if len(labels) > 1 else "no interval: a single document"
    rows.append(("(all)", "calibration_error", error, low, high, len(gold), len(labels), len(gold), method))
    return pd.DataFrame(rows, columns=["frame", "measure", *ESTIMATE])


def _measures(counts: NDArray[np.float64], frames: Sequence[str]) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Measures of each row of `counts`, shape (B, 3K): true positives, false positives, misses."""
    k = len(frames)
    hit, wrong, missed = counts[:, :k], counts[:, k : 2 * k], counts[:, 2 * k :]
    found: dict[tuple[str, str], NDArray[np.float64]] = {}
    f1 = _ratio(2 * hit, 2 * hit + wrong + missed)
    precision, recall = _ratio(hit, hit + wrong), _ratio(hit, hit + missed)
    for column, frame in enumerate(frames):
        found[frame, "precision"] = precision[:, column]
        found[frame, "recall"] = recall[:, column]
        found[frame, "f1"] = f1[:, column]
    used = ~np.isnan(f1)
    found["(macro)", "f1"] = _ratio(np.where(used, f1, 0.0).sum(axis=1), used.sum(axis=1).astype(float))
    hits, wrongs, misses = hit.sum(axis=1), wrong.sum(axis=1), missed.sum(axis=1)
    found["(micro)", "precision"] = _ratio(hits, hits + wrongs)
    found["(micro)", "recall"] = _ratio(hits, hits + misses)
    found["(micro)", "f1"] = _ratio(2 * hits, 2 * hits + wrongs + misses)
    return found


def _ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0))


def _percentiles(values: NDArray[np.float64], tail: float) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return np.nan, np.nan
    low, high = np.percentile(known, [tail, 100 - tail])
    return float(low), float(high)


def calibration_error(gold: NDArray[np.bool_], scores: NDArray[np.float64], *, n_bins: int = 15) -> float:
    """Expected calibration error over bins of equal mass: mean distance of score and observed share.

    Equal scores fall into one bin, so that the order of the rows does not matter.

    >>> calibration_error(np.array([True, False]), np.array([1.0, 0.0]), n_bins=2)
    0.0
    """
    rank = np.searchsorted(np.sort(scores), scores, side="left")
    bins = rank * min(n_bins, len(scores)) // len(scores)
    gaps = np.bincount(bins, weights=scores - gold)
    return float(np.abs(gaps).sum() / len(scores))


def _calibration_interval(
    gold: NDArray[np.bool_],
    scores: NDArray[np.float64],
    codes: NDArray[np.int64],
    level: float,
    n_draws: int,
    generator: np.random.Generator,
) -> tuple[float, float]:
    n_documents = int(codes.max()) + 1
    if n_documents < 2:
        return np.nan, np.nan
    members = [np.flatnonzero(codes == number) for number in range(n_documents)]
    drawn = []
    for _ in range(n_draws):
        rows = np.concatenate([members[number] for number in generator.integers(0, n_documents, n_documents)])
        drawn.append(calibration_error(gold[rows].ravel(), scores[rows].ravel()))
    return _percentiles(np.array(drawn), 100 * (1 - level) / 2)


def confusion_table(gold: NDArray[np.bool_], decided: NDArray[np.bool_], *, frames: Sequence[str]) -> pd.DataFrame:
    """Passages by gold frame (rows) and decided frame (columns); `(none)` where there was no frame.

    With several labels a passage counts once in each pair of a gold and a decided frame.
    """
    names = [*frames, "(none)"]
    left = np.column_stack([gold, ~gold.any(axis=1)]).astype(int)
    right = np.column_stack([decided, ~decided.any(axis=1)]).astype(int)
    return pd.DataFrame(left.T @ right, index=pd.Index(names, name="gold"), columns=names)
