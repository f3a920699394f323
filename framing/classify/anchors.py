"""What a codebook alone teaches: its seeds and rules as examples, counter-seeds and plain prose against them.

Held-out seeds also give the scale of scores without labels, see `calibrate_anchors`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.calibration import Blend
from framing.classify.decisions import measure_f1
from framing.classify.state import State
from framing.codebook import Codebook, Example
from framing.codebook.drafts import is_placeholder

__all__ = [
    "ENOUGH_EXAMPLES",
    "Anchors",
    "calibrate_anchors",
    "describe_anchors",
    "make_anchors",
    "read_background",
    "read_by",
]

Array = NDArray[np.float64]

ENOUGH_EXAMPLES = 8  # of each frame, from which on examples alone give scores their scale
_NO_FRAME = "(none)"


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
        Whether it is a passage, which says how well frames are found: true of seeds, counter-seeds, examples and
        background, false of definitions and rules.
    complete : ndarray of bool, shape (n,)
        Whether all frames of the passage are known: true of examples alone.
    known : ndarray of bool, shape (n, K)
        Whether it is known that the text carries the frame or does not: a seed, a definition or a rule says so of its
        own frame alone, a counter-seed of the frame that it looks like, background and examples of all.
    """

    texts: list[str]
    targets: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    complete: NDArray[np.bool_]
    known: NDArray[np.bool_]

    def split(self) -> tuple[Anchors, Anchors]:
        """Part the texts that are no examples from the examples.

        Returns
        -------
        rest : Anchors
            Seeds, counter-seeds, definitions, rules and background.
        examples : Anchors
            Passages with all of their frames.
        """

        def take(rows: NDArray[np.bool_]) -> Anchors:
            texts = [text for text, is_taken in zip(self.texts, rows, strict=True) if is_taken]
            return Anchors(texts, self.targets[rows], self.counted[rows], self.complete[rows], self.known[rows])

        return take(~self.complete), take(self.complete)

    @property
    def seed_rows(self) -> NDArray[np.int64]:
        """Rows of the seeds.

        Returns
        -------
        ndarray of int
            In the codebook's order.
        """
        return np.flatnonzero(self.counted & ~self.complete & self.targets.any(axis=1))


@lru_cache(maxsize=1)
def read_background() -> tuple[str, ...]:
    """Read news prose of all sections that carries no frame of a conflict; written for this project.

    Returns
    -------
    tuple of str
        One passage each.
    """
    text = (files("framing") / "data" / "background.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())


def read_by(examples: Sequence[Example], languages: Collection[str] | None) -> list[Example]:
    """Take the examples that an encoder reads.

    Parameters
    ----------
    examples : sequence of Example
        Of a codebook.
    languages : collection of str or None
        Languages that the encoder reads; None: they are not known, and all are taken.

    Returns
    -------
    list of Example
        Those that name no language, or one of these.
    """
    return [each for each in examples if languages is None or not each.language or each.language in languages]


def make_anchors(codebook: Codebook, *, languages: Collection[str] | None = None) -> Anchors:
    """Make the anchors of a codebook.

    Parameters
    ----------
    codebook : Codebook
        Gives seeds, counter-seeds, definitions, rules and examples; what a draft has still to fill in is left out.
    languages : collection of str, optional
        ISO 639-1 codes of the languages that the encoder reads: examples that name another one are left out. By default
        none is.

    Returns
    -------
    Anchors
        Frame by frame, then background passages, then examples. Where each passage has one frame, counter-seeds and
        background, which carry none, are left out.
    """
    k = len(codebook.frames)
    texts: list[str] = []
    targets: list[NDArray[np.bool_]] = []
    counted: list[bool] = []
    known: list[NDArray[np.bool_]] = []

    def add(group: Sequence[str], target: NDArray[np.bool_], said: NDArray[np.bool_], *, is_passage: bool) -> None:
        texts.extend(map(str, group))  # without the language that a passage may name
        targets.extend([target] * len(group))
        known.extend([said] * len(group))
        counted.extend([is_passage] * len(group))

    none, every = np.zeros(k, dtype=bool), np.ones(k, dtype=bool)
    for column, frame in enumerate(codebook.frames):
        own = np.arange(k) == column
        said = own if codebook.multi_label else every  # one frame a passage: no other
        add(frame.seeds, own, said, is_passage=True)
        written = [text for text in (frame.definition, *frame.include) if not is_placeholder(text)]
        add(written, own, said, is_passage=False)
        if codebook.multi_label:
            add(frame.counter_seeds, none, own, is_passage=True)
    if codebook.multi_label:
        add(read_background(), none, every, is_passage=True)
    n_before = len(texts)
    for example in read_by(codebook.examples, languages):
        add([example.text], np.isin(codebook.frame_ids, example.frames), every, is_passage=True)
    is_example = np.arange(len(texts)) >= n_before
    return Anchors(texts, np.array(targets), np.array(counted), is_example, np.array(known))


def describe_anchors(
    scores: Array, present: NDArray[np.bool_], labels: NDArray[np.bool_], frames: NDArray[np.str_]
) -> pd.DataFrame:
    """Describe per frame how well held-out seeds find it.

    Parameters
    ----------
    scores : ndarray, shape (n, K)
        Scores of the anchors that are passages.
    present : ndarray of bool, shape (n, K)
        Whether each frame is decided present.
    labels : ndarray of bool, shape (n, K)
        Whether each anchor carries each frame.
    frames : ndarray of str, shape (K,)
        Frame ids.

    Returns
    -------
    DataFrame
        Columns `frame, n_seeds, precision, recall, f1, average_precision, confused_with`; `n_seeds` counts its seeds
        and the examples that carry it, the last is the other frame that these are given most often, `(none)` where
        there is none.
    """
    from sklearn.metrics import average_precision_score, precision_recall_fscore_support

    rows = []
    for column, frame in enumerate(frames):
        n_given = present[labels[:, column]].sum(axis=0)
        n_given[column] = 0
        # one frame at a time: scikit-learn takes a single column for two classes
        precision, recall, f1, _ = precision_recall_fscore_support(
            labels[:, column], present[:, column], average="binary", zero_division=0
        )
        rows.append(
            {
                "frame": frame,
                "n_seeds": int(labels[:, column].sum()),
                "precision": float(precision),
                "recall": float(recall),
                "f1": float(f1),
                "average_precision": float(average_precision_score(labels[:, column], scores[:, column])),
                "confused_with": str(frames[n_given.argmax()]) if n_given.any() else _NO_FRAME,
            }
        )
    return pd.DataFrame(rows)


def calibrate_anchors(left_out: Array, anchors: Anchors, *, multi_label: bool) -> Blend:
    """Calibrate raw scores on those of the anchors.

    Parameters
    ----------
    left_out : ndarray, shape (n, K)
        Raw score of each anchor by an expert that had not seen it.
    anchors : Anchors
        The n texts of the codebook.
    multi_label : bool
        Whether a passage may carry several frames.

    Returns
    -------
    Blend
        Of one expert.

    Notes
    -----
    With several labels each frame is Platt-scaled, and one common shift puts the cut with the best macro-F1
    of the anchors at 0.5. With one label one factor before the softmax gives the anchors the highest likelihood. The
    anchors are the examples where each frame has eight of them: passages as they come, with all of their frames. Else
    they are all passages of the codebook, of which seeds carry one frame each.
    """
    rows = anchors.complete if _are_enough(anchors) else anchors.counted
    raw, targets = left_out[rows], anchors.targets[rows]
    k = targets.shape[1]
    slopes, shifts = np.ones(k), np.zeros(k)
    if not multi_label:
        slopes[:] = _fit_factor(raw, targets)
    else:
        from sklearn.linear_model import LogisticRegression

        for column in range(k):
            regression = LogisticRegression(C=1e3).fit(raw[:, [column]], targets[:, column])
            slopes[column] = max(float(regression.coef_[0, 0]), 1e-3)
            shifts[column] = float(regression.intercept_[0])
        shifts -= _find_cut(raw * slopes + shifts, targets)
    return Blend(multi_label=multi_label).set_state(State({"slopes": slopes[None], "shifts": shifts}))


def _are_enough(anchors: Anchors) -> bool:
    """Whether examples alone can give the scores their scale."""
    return bool((anchors.targets[anchors.complete].sum(axis=0) >= ENOUGH_EXAMPLES).all())


def _find_cut(logits: Array, targets: NDArray[np.bool_]) -> float:
    """Cut on a common scale with the best macro-F1; the middle of the cuts within 0.002 of it."""
    cuts = np.linspace(-4, 3, 141)
    macro_f1, _ = measure_f1(logits, targets, cuts)
    return float(np.median(cuts[macro_f1 >= macro_f1.max() - 0.002]))


def _fit_factor(raw: Array, targets: NDArray[np.bool_]) -> float:
    """Factor before a softmax that gives the held-out texts the highest likelihood."""
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def loss(log_factor: float) -> float:
        log_probabilities = log_softmax(raw * np.exp(log_factor), axis=1)
        return float(-np.maximum(log_probabilities[targets], np.log(1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 4), method="bounded").x))
