"""What a classifier promises: a required precision or recall of each frame, and the bounds of abstention for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.abstention import (
    count_labels_for_precision,
    count_least_labels,
    find_precision_threshold,
    find_recall_threshold,
    measure_precision_effect,
    measure_recall_effect,
)
from framing.tables import GUARANTEES

__all__ = ["Shortfall", "find_shortfall", "read_guarantees", "set_guarantees"]

Array = NDArray[np.float64]
Shortfall = Literal["", "labels", "scores"]  # what is missing: more labels, or scores that tell passages apart


class _Options(TypedDict):
    """Arguments that the search for a threshold and the count of labels share."""

    required: float
    confidence: float
    documents: NDArray[np.int64] | None


def set_guarantees(
    labels: NDArray[np.bool_],
    scores: Array,
    chosen: NDArray[np.bool_],
    *,
    frames: Sequence[str],
    precision: Mapping[str, float],
    recall: Mapping[str, float],
    confidence: float,
    documents: NDArray[np.int64] | None = None,
) -> tuple[Array, Array, pd.DataFrame]:
    """Set the thresholds of each frame, and say what they promise.

    Parameters
    ----------
    labels : ndarray of bool, shape (n, K)
        Which frames the labelled passages carry.
    scores : ndarray, shape (n, K)
        Their scores by a classifier that had not seen them.
    chosen : ndarray of bool, shape (n, K)
        Whether each frame would be given without any abstention.
    frames : sequence of str
        Frame ids, length K.
    precision : mapping of frame to float
        The precision that is required, by frame.
    recall : mapping of frame to float
        The recall that is required, by frame.
    confidence : float
        Probability with which each of them holds.
    documents : ndarray of int, shape (n,), optional
        Document of each passage, whose passages are alike; None: passages are independent.

    Returns
    -------
    present_from : ndarray, shape (K,)
        Lower scores are not decided present. inf where precision cannot be promised.
    absent_below : ndarray, shape (K,)
        Higher scores are not decided absent. inf where recall is not required, -inf where it cannot be promised.
    guarantees : DataFrame
        Columns `GUARANTEES`. `n_gold` counts the labelled passages that the promise rests on: given the frame (for
        recall: that carry it). `share_kept` is the share of the labelled passages given (for recall: of those not
        given) that stays decided. `n_enough` is how many labelled passages, drawn like these, would roughly do where
        a promise could not be made, NA where that is unknown. `shortfall` is what is missing (empty where the promise
        is made), and `note` says so in words.
    """
    present_from, absent_below = np.full(len(frames), -np.inf), np.full(len(frames), np.inf)
    rows = []
    for column, frame in enumerate(frames):
        carries, score, given = labels[:, column], scores[:, column], chosen[:, column]
        if frame in precision:
            present_from[column], row = _promise_precision(
                frame, carries, score, given, documents, required=precision[frame], confidence=confidence
            )
            rows.append(row)
        if frame in recall:
            absent_below[column], row = _promise_recall(
                frame, carries, score, given, documents, required=recall[frame], confidence=confidence
            )
            rows.append(row)
    return present_from, absent_below, read_guarantees(rows)


def read_guarantees(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Make the table of guarantees.

    Parameters
    ----------
    rows : sequence of mapping
        One for each frame and measure, with the columns `GUARANTEES` as keys.

    Returns
    -------
    DataFrame
        Columns `GUARANTEES`; `n_enough` has missing values as NA.
    """
    table = pd.DataFrame(rows, columns=list(GUARANTEES))
    return table.astype({"threshold": float, "n_enough": "Int64"}) if len(table) else table


def find_shortfall(measure: str, *, required: float, confidence: float, n_gold: int, held: bool) -> Shortfall:
    """Find what is missing where a promise could not be made.

    Parameters
    ----------
    measure : str
        `precision` or `recall`.
    required : float
        Its value.
    confidence : float
        Probability with which it must hold.
    n_gold : int
        Labelled passages that the promise would rest on, as many independent ones as they are worth.
    held : bool
        Whether the promise is made.

    Returns
    -------
    {"", "labels", "scores"}
        `labels` where they are too few even without an error, else `scores`; empty where the promise is made.

    Examples
    --------
    >>> find_shortfall("recall", required=0.9, confidence=0.95, n_gold=28, held=False)
    'labels'
    >>> find_shortfall("recall", required=0.9, confidence=0.95, n_gold=29, held=False)
    'scores'
    """
    if held:
        return ""
    return "labels" if n_gold < count_least_labels(measure, required=required, confidence=confidence) else "scores"


def _promise_precision(
    frame: str,
    labels: NDArray[np.bool_],
    scores: Array,
    given: NDArray[np.bool_],
    documents: NDArray[np.int64] | None,
    *,
    required: float,
    confidence: float,
) -> tuple[float, dict[str, object]]:
    """Score below which the frame is not decided present, and the row of the table."""
    among = None if documents is None else documents[given]
    options: _Options = {"required": required, "confidence": confidence, "documents": among}
    threshold = find_precision_threshold(labels[given], scores[given], **options)
    bound = np.inf if np.isnan(threshold) else threshold
    n_enough = count_labels_for_precision(labels[given], scores[given], n_labelled=len(labels), **options)
    return bound, _describe_guarantee(
        frame,
        "precision",
        required=required,
        confidence=confidence,
        threshold=threshold,
        n_gold=int(given.sum()),
        effect=measure_precision_effect(labels[given], scores[given], required=required, documents=among),
        share_kept=float((scores[given] >= bound).mean()) if given.any() else 0.0,
        n_enough=n_enough,
    )


def _promise_recall(
    frame: str,
    labels: NDArray[np.bool_],
    scores: Array,
    given: NDArray[np.bool_],
    documents: NDArray[np.int64] | None,
    *,
    required: float,
    confidence: float,
) -> tuple[float, dict[str, object]]:
    """Score from which the frame is not decided absent, and the row of the table."""
    threshold = find_recall_threshold(labels, scores, required=required, confidence=confidence, documents=documents)
    bound = -np.inf if np.isnan(threshold) else threshold
    n_carriers = int(labels.sum())
    n_least = count_least_labels("recall", required=required, confidence=confidence)
    effect = measure_recall_effect(labels, scores, documents)
    return bound, _describe_guarantee(
        frame,
        "recall",
        required=required,
        confidence=confidence,
        threshold=threshold,
        n_gold=n_carriers,
        effect=effect,
        share_kept=float((scores[~given] < bound).mean()) if (~given).any() else 0.0,
        n_enough=int(np.ceil(n_least * effect * len(labels) / n_carriers)) if n_carriers else None,
    )


def _describe_guarantee(
    frame: str,
    measure: str,
    *,
    required: float,
    confidence: float,
    threshold: float,
    n_gold: int,
    effect: float,
    share_kept: float,
    n_enough: int | None,
) -> dict[str, object]:
    """A row of the table of guarantees; `n_enough` counts only where the promise could not be made."""
    held = not np.isnan(threshold)
    n_worth = int(n_gold / effect)
    shortfall = find_shortfall(measure, required=required, confidence=confidence, n_gold=n_worth, held=held)
    which = "given the frame" if measure == "precision" else "that carry it"
    note = f"not reached at any score with {n_gold} passages {which}" if shortfall else ""
    if shortfall == "labels":
        n_least = count_least_labels(measure, required=required, confidence=confidence)
        worth = f", worth {n_worth} of different documents" if n_worth < n_gold else ""
        note = f"too few labels: {n_gold} passages {which}{worth}, at least {n_least} are needed even without an error"
    return {
        "frame": frame,
        "measure": measure,
        "asked": required,
        "confidence": confidence,
        "threshold": threshold,
        "held": held,
        "n_gold": n_gold,
        "share_kept": share_kept,
        "n_enough": None if held or n_enough is None else _round_up(n_enough),
        "shortfall": shortfall,
        "note": note,
    }


def _round_up(n: int) -> int:
    """Rounded up to two figures, which is all that a guess has.

    >>> _round_up(1234), _round_up(87)
    (1300, 87)
    """
    step = 10 ** max(len(str(n)) - 2, 0)
    return int(-(-n // step) * step)
