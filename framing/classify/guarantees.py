"""What a classifier promises: a required precision or recall of each frame, and the bounds of abstention for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.abstention import (
    count_labels_for_precision,
    count_least_labels,
    find_precision_threshold,
    find_recall_threshold,
)
from framing.errors import InputError
from framing.tables import GUARANTEES

__all__ = [
    "Requirements",
    "Shortfall",
    "check_requirement",
    "check_requirements",
    "find_shortfall",
    "read_guarantees",
    "set_guarantees",
]

Array = NDArray[np.float64]
Shortfall = Literal["", "labels", "scores"]  # what is missing: more labels, or scores that tell passages apart


@dataclass(frozen=True)
class Requirements:
    """The precision and recall that are required, by frame, and how surely each must hold.

    Attributes
    ----------
    precision : mapping of str to float
        By frame; frames without a requirement are left out.
    recall : mapping of str to float
        Likewise.
    confidence : float
        Probability with which each of them holds.
    """

    precision: Mapping[str, float]
    recall: Mapping[str, float]
    confidence: float


def check_requirements(
    precision: float | Mapping[str, float] | None,
    recall: float | Mapping[str, float] | None,
    confidence: float,
    *,
    frames: Sequence[str],
) -> Requirements:
    """Read what is required of a classifier.

    Parameters
    ----------
    precision : float or mapping of frame to float, optional
        A share for all frames, or for some.
    recall : float or mapping of frame to float, optional
        Likewise.
    confidence : float
        Above 0.5 and below 1.
    frames : sequence of str
        Frame ids.

    Returns
    -------
    Requirements
        One value a frame.

    Raises
    ------
    InputError
        For unknown frames and values outside their range.
    """
    if not 0.5 < confidence < 1:
        raise InputError(f"confidence: expected a share between 0.5 and 1, got {confidence!r}.")
    return Requirements(
        check_requirement(precision, frames, measure="precision"),
        check_requirement(recall, frames, measure="recall"),
        confidence,
    )


def check_requirement(
    requirement: float | Mapping[str, float] | None, frames: Sequence[str], *, measure: str
) -> dict[str, float]:
    """Read a required precision or recall as one value a frame.

    Parameters
    ----------
    requirement : float or mapping of frame to float, optional
        A share for all frames, or for some.
    frames : sequence of str
        Frame ids.
    measure : str
        `precision` or `recall`, for errors.

    Returns
    -------
    dict of str to float
        Empty where nothing is required.

    Raises
    ------
    InputError
        For unknown frames and values outside 0 to 1.

    Examples
    --------
    >>> check_requirement(0.8, ["war", "trade"], measure="precision")
    {'war': 0.8, 'trade': 0.8}
    """
    if requirement is None:
        return {}
    by_frame = dict(requirement) if isinstance(requirement, Mapping) else dict.fromkeys(frames, requirement)
    unknown = sorted(set(by_frame) - set(frames))
    if unknown:
        raise InputError(f"{measure}: no frame(s) {', '.join(unknown)}. Frames: {', '.join(frames)}.")
    for frame, value in by_frame.items():
        if not isinstance(value, Real) or not 0 < value < 1:
            raise InputError(f"{measure} of {frame}: expected a share between 0 and 1 (exclusive), got {value!r}.")
    return {frame: float(value) for frame, value in by_frame.items()}


def set_guarantees(
    labels: NDArray[np.bool_],
    scores: Array,
    chosen: NDArray[np.bool_],
    *,
    frames: Sequence[str],
    precision: Mapping[str, float],
    recall: Mapping[str, float],
    confidence: float,
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
                frame, carries, score, given, required=precision[frame], confidence=confidence
            )
            rows.append(row)
        if frame in recall:
            absent_below[column], row = _promise_recall(
                frame, carries, score, given, required=recall[frame], confidence=confidence
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
        Labelled passages that the promise would rest on.
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
    *,
    required: float,
    confidence: float,
) -> tuple[float, dict[str, object]]:
    """Score below which the frame is not decided present, and the row of the table."""
    threshold = find_precision_threshold(labels[given], scores[given], required=required, confidence=confidence)
    bound = np.inf if np.isnan(threshold) else threshold
    n_enough = count_labels_for_precision(
        labels[given], scores[given], n_labelled=len(labels), required=required, confidence=confidence
    )
    return bound, _describe_guarantee(
        frame,
        "precision",
        required=required,
        confidence=confidence,
        threshold=threshold,
        n_gold=int(given.sum()),
        share_kept=float((scores[given] >= bound).mean()) if given.any() else 0.0,
        n_enough=n_enough,
    )


def _promise_recall(
    frame: str,
    labels: NDArray[np.bool_],
    scores: Array,
    given: NDArray[np.bool_],
    *,
    required: float,
    confidence: float,
) -> tuple[float, dict[str, object]]:
    """Score from which the frame is not decided absent, and the row of the table."""
    threshold = find_recall_threshold(labels, scores, required=required, confidence=confidence)
    bound = -np.inf if np.isnan(threshold) else threshold
    n_carriers = int(labels.sum())
    n_least = count_least_labels("recall", required=required, confidence=confidence)
    return bound, _describe_guarantee(
        frame,
        "recall",
        required=required,
        confidence=confidence,
        threshold=threshold,
        n_gold=n_carriers,
        share_kept=float((scores[~given] < bound).mean()) if (~given).any() else 0.0,
        n_enough=int(np.ceil(n_least * len(labels) / n_carriers)) if n_carriers else None,
    )


def _describe_guarantee(
    frame: str,
    measure: str,
    *,
    required: float,
    confidence: float,
    threshold: float,
    n_gold: int,
    share_kept: float,
    n_enough: int | None,
) -> dict[str, object]:
    """A row of the table of guarantees; `n_enough` counts only where the promise could not be made."""
    held = not np.isnan(threshold)
    shortfall = find_shortfall(measure, required=required, confidence=confidence, n_gold=n_gold, held=held)
    which = "given the frame" if measure == "precision" else "that carry it"
    note = f"not reached at any score with {n_gold} passages {which}" if shortfall else ""
    if shortfall == "labels":
        n_least = count_least_labels(measure, required=required, confidence=confidence)
        note = f"too few labels: {n_gold} passages {which}, at least {n_least} are needed even without an error"
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
