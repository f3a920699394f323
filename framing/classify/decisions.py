"""From scores to decisions: a threshold, and bounds between which a classifier abstains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.guarantees import set_guarantees
from framing.classify.requirements import Requirements
from framing.codebook.residual import clear_residual
from framing.errors import InputError

__all__ = [
    "DecisionRule",
    "ThresholdFor",
    "best_threshold",
    "check_threshold_for",
    "explain_threshold",
    "fit_decision_rule",
    "measure_f1",
    "measure_micro",
]

ThresholdFor = Literal["both", "macro", "micro"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class DecisionRule:
    """How scores of K frames become `present`, `absent` or `abstain`.

    Parameters
    ----------
    multi_label : bool
        With several labels a passage, a frame is chosen from `threshold` on; with one, the highest score is chosen.
    threshold : float, default 0.5
        Of no use with one label a passage.
    present_from : ndarray, shape (K,), optional
        A chosen frame with a lower score is an abstention. By default no bound.
    absent_below : ndarray, shape (K,), optional
        A frame that is not chosen, with this score or a higher one, is an abstention. By default no bound.
    residual : int, optional
        Column of the frame that a passage carries only where it carries no other (`Codebook.residual`): beside a
        chosen frame it is absent.

    Examples
    --------
    >>> rule = DecisionRule(multi_label=True, present_from=np.array([0.8]))
    >>> rule.decide(np.array([[0.9], [0.6], [0.2]])).tolist()
    [['present'], ['abstain'], ['absent']]
    """

    multi_label: bool
    threshold: float = 0.5
    present_from: Array | None = None
    absent_below: Array | None = None
    residual: int | None = None

    def choose(self, scores: Array) -> NDArray[np.bool_]:
        """Choose frames as if no abstention were possible.

        Parameters
        ----------
        scores : ndarray, shape (n, K)
            Scores of passages.

        Returns
        -------
        ndarray of bool, shape (n, K)
            Whether each frame is chosen.
        """
        if self.multi_label:
            return clear_residual(scores >= self.threshold, self.residual)
        return np.asarray(np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None])

    def decide(self, scores: Array) -> NDArray[np.str_]:
        """Decide for each passage and frame.

        Parameters
        ----------
        scores : ndarray, shape (n, K)
            Scores of passages.

        Returns
        -------
        ndarray of str, shape (n, K)
            `present`, `absent` or `abstain`.
        """
        chosen = self.choose(scores)
        present_from = -np.inf if self.present_from is None else self.present_from
        absent_below = np.inf if self.absent_below is None else self.absent_below
        unsure = np.where(chosen, scores < present_from, scores >= absent_below)
        if self.residual is not None:  # beside a chosen frame it is absent, whatever its score
            unsure[:, self.residual] &= chosen[:, self.residual] | ~chosen.any(axis=1)
        return np.where(unsure, "abstain", np.where(chosen, "present", "absent"))


def measure_f1(
    scores: Array, labels: NDArray[np.bool_], cuts: Array, *, residual: int | None = None
) -> tuple[Array, Array]:
    """F1 of decisions at each cut: the mean over frames (macro), and over all decisions together (micro).

    Parameters
    ----------
    scores : ndarray, shape (n, K)
        Scores of passages.
    labels : ndarray of bool, shape (n, K)
        Which frames the passages carry.
    cuts : ndarray, shape (C,)
        A frame is present from the cut on.
    residual : int, optional
        Column of the residual frame.

    Returns
    -------
    macro : ndarray, shape (C,)
        F1 is `2 TP / (2 TP + FP + FN)`, and 0 where nothing is labelled or decided present.
    micro : ndarray, shape (C,)
        Likewise.

    Examples
    --------
    >>> measure_f1(np.array([[0.9], [0.1]]), np.array([[True], [False]]), np.array([0.0, 0.5]))[0].round(3).tolist()
    [0.667, 1.0]
    """
    macro, micro = np.empty(len(cuts)), np.empty(len(cuts))
    for place, cut in enumerate(cuts):
        present = clear_residual(scores >= cut, residual)
        hits, size = (present & labels).sum(axis=0), present.sum(axis=0) + labels.sum(axis=0)
        macro[place] = np.mean(2 * hits / np.maximum(size, 1))
        micro[place] = measure_micro(present, labels)
    return macro, micro


def measure_micro(present: NDArray[np.bool_], labels: NDArray[np.bool_]) -> float:
    """F1 of all decisions together.

    Parameters
    ----------
    present : ndarray of bool, shape (n, K)
        Frames that texts are given.
    labels : ndarray of bool, shape (n, K)
        Frames that they carry.

    Returns
    -------
    float
        `2 TP / (2 TP + FP + FN)`; 0 where nothing is given and nothing carried.

    Examples
    --------
    >>> measure_micro(np.array([[True, True]]), np.array([[True, False]]))
    0.6666666666666666
    """
    return float(2 * (present & labels).sum() / max(present.sum() + labels.sum(), 1))


def best_threshold(
    scores: Array, labels: NDArray[np.bool_], measure: ThresholdFor = "both", *, residual: int | None = None
) -> float:
    """Threshold from 0.1 to 0.7 with the best F1; the middle of those within 0.002 of it.

    Parameters
    ----------
    scores : ndarray, shape (n, K)
        Scores of passages that the classifier had not seen.
    labels : ndarray of bool, shape (n, K)
        Which frames the passages carry.
    measure : {"both", "macro", "micro"}, default "both"
        F1 as the mean over frames, over all decisions together, or the mean of both.
    residual : int, optional
        Column of the residual frame.

    Returns
    -------
    float
        The median of the thresholds that are as good as the best.

    Examples
    --------
    >>> best_threshold(np.array([[0.9], [0.4], [0.1]]), np.array([[True], [True], [False]]))
    0.255
    """
    cuts = np.round(np.arange(0.1, 0.7001, 0.01), 2)
    macro, micro = measure_f1(scores, labels, cuts, residual=residual)
    f1 = {"both": (macro + micro) / 2, "macro": macro, "micro": micro}[measure]
    return float(np.round(np.median(cuts[f1 >= f1.max() - 0.002]), 3))


def check_threshold_for(measure: str) -> None:
    """Check what a threshold is to be chosen for.

    Parameters
    ----------
    measure : str
        One of `both`, `macro`, `micro`.

    Raises
    ------
    InputError
        For another one.
    """
    if measure not in get_args(ThresholdFor):
        raise InputError(f"threshold_for: expected {', '.join(get_args(ThresholdFor))}, got {measure!r}.")


def explain_threshold(scores: Array, labels: NDArray[np.bool_], rule: DecisionRule, measure: ThresholdFor) -> str:
    """Say what a threshold costs: precision and recall of all decisions, on scores that were not learned from.

    Parameters
    ----------
    scores : ndarray, shape (n, K)
        Scores of passages that the classifier had not seen.
    labels : ndarray of bool, shape (n, K)
        Which frames the passages carry.
    rule : DecisionRule
        The threshold, and the residual frame if there is one.
    measure : {"both", "macro", "micro"}
        What it was chosen for.

    Returns
    -------
    str
        A line without an end.

    Examples
    --------
    >>> rule = DecisionRule(True, 0.2)
    >>> explain_threshold(np.array([[0.9], [0.4], [0.3]]), np.array([[True], [True], [False]]), rule, "micro")
    'threshold 0.2, for micro-F1: on labels left out precision 0.67, recall 1.00'
    """
    present = rule.choose(scores)
    hits = (present & labels).sum()
    name = {"both": "macro- and micro-F1", "macro": "macro-F1", "micro": "micro-F1"}[measure]
    precision, recall = hits / max(present.sum(), 1), hits / max(labels.sum(), 1)
    return (
        f"threshold {rule.threshold:.3g}, for {name}: on labels left out precision {precision:.2f}, recall {recall:.2f}"
    )


def fit_decision_rule(
    labels: NDArray[np.bool_],
    out_of_fold: Array,
    *,
    multi_label: bool,
    frames: Sequence[str],
    requirements: Requirements,
    documents: NDArray[np.int64] | None = None,
    measure: ThresholdFor = "both",
    residual: int | None = None,
) -> tuple[DecisionRule, pd.DataFrame]:
    """Fit the threshold, and the bounds of abstention by which a precision or recall can be promised.

    Parameters
    ----------
    labels : ndarray of bool, shape (n, K)
        Which frames the labelled passages carry.
    out_of_fold : ndarray, shape (n, K)
        Their scores by classifiers that had not seen them.
    multi_label : bool
        Whether a passage may carry several frames; with one label no threshold is fitted.
    frames : sequence of str
        Frame ids, length K.
    requirements : Requirements
        The precision and recall that are required.
    documents : ndarray of int, shape (n,), optional
        Document of each passage; None: passages are independent.
    measure : {"both", "macro", "micro"}, default "both"
        The F1 for which the threshold is chosen.
    residual : int, optional
        Column of the residual frame.

    Returns
    -------
    rule : DecisionRule
        Threshold and bounds.
    guarantees : DataFrame
        What is promised, columns `framing.tables.GUARANTEES`.
    """
    threshold = best_threshold(out_of_fold, labels, measure, residual=residual) if multi_label else 0.5
    chosen = DecisionRule(multi_label, threshold, residual=residual).choose(out_of_fold)
    present_from, absent_below, guarantees = set_guarantees(
        labels,
        out_of_fold,
        chosen,
        frames=frames,
        precision=requirements.precision,
        recall=requirements.recall,
        confidence=requirements.confidence,
        documents=documents,
    )
    return DecisionRule(multi_label, threshold, present_from, absent_below, residual), guarantees
