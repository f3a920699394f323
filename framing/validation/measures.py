"""Measures of agreement with human labels, each for many weightings of the documents at once.

Labels, decisions and scores are first counted document by document. A bootstrap draw is a weight for each document, so
a point estimate (every weight one) and its draws come from the same lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from framing.uncertainty.resample import ratio_or_nan
from framing.validation.inputs import Decisions, Flags, Floats, number_documents, read_decisions, require_alike
from framing.validation.ranking import Ranking, measure_ranking, rank_scores

__all__ = [
    "Counts",
    "LabelledDecisions",
    "Measure",
    "count_agreement",
    "count_documents_behind",
    "measure_agreement",
]

Measure = tuple[str, str]  # frame, or (macro), (micro), (all); and name of the measure


@dataclass(frozen=True)
class Counts:
    """Counts of agreement, one row a passage, a document, or a weighting of the documents.

    Attributes
    ----------
    hits, false_alarms, misses : ndarray of float
        Frames given rightly, given wrongly and wrongly not given, shape (rows, K).
    squared_errors : ndarray of float
        Sum of squared differences of score and label, shape (rows, K).
    decided : ndarray of float
        Decisions made, present or absent, shape (rows, K).
    passages : ndarray of float
        Passages, shape (rows,).
    right_passages : ndarray of float
        Passages decided on every frame and rightly, shape (rows,).
    decided_passages : ndarray of float
        Passages decided on every frame, shape (rows,).
    """

    hits: Floats
    false_alarms: Floats
    misses: Floats
    squared_errors: Floats
    decided: Floats
    passages: Floats
    right_passages: Floats
    decided_passages: Floats

    def sum_by_document(self, codes: NDArray[np.intp], n_documents: int) -> Counts:
        """Counts of each document from those of its passages.

        Parameters
        ----------
        codes : ndarray of int
            Number of each passage's document, shape (n,).
        n_documents : int
            Number of documents, D.

        Returns
        -------
        Counts
            D rows.
        """
        columns = self._stack()
        sums = np.zeros((n_documents, columns.shape[1]))
        np.add.at(sums, codes, columns)
        return self._unstack(sums)

    def weigh(self, weights: Floats) -> Counts:
        """Counts over all documents under each weighting of them.

        Parameters
        ----------
        weights : ndarray of float
            How often each document counts, shape (B, D).

        Returns
        -------
        Counts
            B rows.
        """
        return self._unstack(weights @ self._stack())

    def _stack(self) -> Floats:
        """All arrays side by side, so that they are summed together."""
        return np.column_stack([getattr(self, field.name) for field in fields(self)])

    def _unstack(self, columns: Floats) -> Counts:
        arrays, start = {}, 0
        for field in fields(self):
            array = getattr(self, field.name)
            width = 1 if array.ndim == 1 else array.shape[1]
            part = columns[:, start : start + width]
            arrays[field.name] = part[:, 0] if array.ndim == 1 else part
            start += width
        return Counts(**arrays)


@dataclass(frozen=True)
class LabelledDecisions:
    """Labels, decisions and scores of n passages, counted by document.

    Attributes
    ----------
    frames : list of str
        Frame ids, length K.
    counts : Counts
        One row a document, D rows.
    rankings : list of Ranking
        Scores of each frame; none if only overall measures are wanted.
    all_scores : Ranking
        Scores of all passages and frames.
    n_gold_passages, n_gold_documents : ndarray of int
        Passages and documents with the gold frame, shape (K,).
    n_passages, n_documents : int
        Passages and documents.
    has_abstentions : bool
        Whether any decision is an abstention.
    one_frame_each : bool
        Whether every passage has exactly one gold frame.
    """

    frames: list[str]
    counts: Counts
    rankings: list[Ranking]
    all_scores: Ranking
    n_gold_passages: NDArray[np.int64]
    n_gold_documents: NDArray[np.int64]
    n_passages: int
    n_documents: int
    has_abstentions: bool
    one_frame_each: bool


def count_agreement(
    gold: Flags,
    decided: Decisions,
    scores: Floats,
    *,
    frames: Sequence[str],
    documents: Sequence[str],
    by_frame: bool = True,
) -> LabelledDecisions:
    """Count labels, decisions and scores by document.

    Parameters
    ----------
    gold : ndarray of bool
        Labels, shape (n, K).
    decided : ndarray of bool or str
        Decisions, shape (n, K), as `read_decisions` takes them.
    scores : ndarray of float
        Scores, shape (n, K), 0 to 1.
    frames : sequence of str
        Frame ids, length K.
    documents : sequence of str
        Document of each passage, length n.
    by_frame : bool, default True
        Whether the scores of each frame are ranked, for the measures of a frame's scores.

    Returns
    -------
    LabelledDecisions
        All that the measures need.

    Raises
    ------
    InputError
        When the arrays are not alike, there are no passages, or decisions are not what is expected.
    """
    require_alike(frames, gold=gold, decided=decided, scores=scores)
    present, absent = read_decisions(decided)
    codes, n_documents = number_documents(documents, n=len(gold))
    is_decided = present | absent
    wholly_decided = is_decided.all(axis=1)
    passages = Counts(
        hits=(gold & present).astype(float),
        false_alarms=(~gold & present).astype(float),
        misses=(gold & absent).astype(float),
        squared_errors=np.asarray((scores - gold) ** 2, dtype=float),
        decided=is_decided.astype(float),
        passages=np.ones(len(gold)),
        right_passages=(wholly_decided & (present == gold).all(axis=1)).astype(float),
        decided_passages=wholly_decided.astype(float),
    )
    scores = np.asarray(scores, dtype=float)
    columns = range(len(frames)) if by_frame else ()
    return LabelledDecisions(
        frames=list(frames),
        counts=passages.sum_by_document(codes, n_documents),
        rankings=[rank_scores(gold[:, k], scores[:, k], codes) for k in columns],
        all_scores=rank_scores(gold.ravel(), scores.ravel(), np.repeat(codes, len(frames))),
        n_gold_passages=gold.sum(axis=0),
        n_gold_documents=np.array([len(np.unique(codes[gold[:, k]])) for k in range(len(frames))]),
        n_passages=len(gold),
        n_documents=n_documents,
        has_abstentions=not bool(is_decided.all()),
        one_frame_each=bool((gold.sum(axis=1) == 1).all()),
    )


def measure_agreement(labelled: LabelledDecisions, weights: Floats) -> dict[Measure, Floats]:
    """Every measure under each weighting of the documents.

    Parameters
    ----------
    labelled : LabelledDecisions
        As from `count_agreement`.
    weights : ndarray of float
        How often each of D documents counts, shape (B, D).

    Returns
    -------
    dict
        Values of shape (B,) by frame and name of the measure, NaN where it is not defined. The measures of each frame
        come first, then `(macro)`, the mean over the frames that have one, then `(micro)` and `(all)`, over all
        passages and frames.

    Notes
    -----
    With h hits, f false alarms and m misses: precision `h / (h + f)`, recall `h / (h + m)`, F1 `2 h / (2 h + f + m)`.
    """
    counts = labelled.counts.weigh(weights)
    of_frames = _measure_frames(labelled, counts, weights)
    measures = {
        (frame, name): values[:, k] for k, frame in enumerate(labelled.frames) for name, values in of_frames.items()
    }
    for name in ("precision", "recall", "f1", "average_precision"):
        if name in of_frames:
            known = ~np.isnan(of_frames[name])
            totals = np.where(known, of_frames[name], 0.0).sum(axis=1)
            measures["(macro)", name] = ratio_or_nan(totals, known.sum(axis=1))
    return measures | _measure_all(labelled, counts, weights)


def _measure_frames(labelled: LabelledDecisions, counts: Counts, weights: Floats) -> dict[str, Floats]:
    """Measures of each frame by name, shape (B, K)."""
    hits, false_alarms, misses = counts.hits, counts.false_alarms, counts.misses
    measures = {
        "precision": ratio_or_nan(hits, hits + false_alarms),
        "recall": ratio_or_nan(hits, hits + misses),
        "f1": ratio_or_nan(2 * hits, 2 * hits + false_alarms + misses),
    }
    if labelled.rankings:
        ranked = [measure_ranking(ranking, weights) for ranking in labelled.rankings]
        measures["average_precision"] = np.column_stack([precision for precision, _ in ranked])
        measures["brier"] = counts.squared_errors / counts.passages[:, None]
        measures["calibration_error"] = np.column_stack([error for _, error in ranked])
    if labelled.has_abstentions:
        measures["coverage"] = counts.decided / counts.passages[:, None]
    return measures


def _measure_all(labelled: LabelledDecisions, counts: Counts, weights: Floats) -> dict[Measure, Floats]:
    """Measures over all passages and frames, shape (B,)."""
    hits, false_alarms, misses = (part.sum(axis=1) for part in (counts.hits, counts.false_alarms, counts.misses))
    n_decisions = counts.passages * len(labelled.frames)
    measures = {
        ("(micro)", "precision"): ratio_or_nan(hits, hits + false_alarms),
        ("(micro)", "recall"): ratio_or_nan(hits, hits + misses),
        ("(micro)", "f1"): ratio_or_nan(2 * hits, 2 * hits + false_alarms + misses),
    }
    if labelled.one_frame_each:
        measures["(all)", "accuracy"] = ratio_or_nan(counts.right_passages, counts.decided_passages)
    if labelled.has_abstentions:
        measures["(all)", "coverage"] = counts.decided.sum(axis=1) / n_decisions
    measures["(all)", "brier"] = counts.squared_errors.sum(axis=1) / n_decisions
    measures["(all)", "calibration_error"] = measure_ranking(labelled.all_scores, weights)[1]
    return measures


def count_documents_behind(labelled: LabelledDecisions) -> dict[Measure, int]:
    """Number of documents that each measure rests on, of the measures that are shares of passages.

    Parameters
    ----------
    labelled : LabelledDecisions
        As from `count_agreement`.

    Returns
    -------
    dict
        Documents with something in the denominator, by frame and name of the measure.
    """
    counts = labelled.counts
    denominators = {
        "precision": counts.hits + counts.false_alarms,
        "recall": counts.hits + counts.misses,
        "coverage": np.ones_like(counts.decided),
    }
    n_documents: dict[Measure, int] = {}
    for name, denominator in denominators.items():
        for k, frame in enumerate(labelled.frames):
            n_documents[frame, name] = int(np.count_nonzero(denominator[:, k]))
        over_all = "(all)" if name == "coverage" else "(micro)"
        n_documents[over_all, name] = int(denominator.any(axis=1).sum())
    n_documents["(all)", "accuracy"] = int(np.count_nonzero(counts.decided_passages))
    return n_documents
