"""Passages to frames: a classifier learned from a codebook's seeds, and from labels where there are some."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin

from framing.classify.abstention import asked_per_frame, set_guarantees
from framing.classify.anchors import (
    Anchors,
    background_passages,
    calibrate_anchors,
    codebook_anchors,
    describe_anchors,
)
from framing.classify.calibration import Blend
from framing.classify.folds import assign_folds, joined_groups
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.roles import pointed_roles
from framing.classify.scorer import NotFittedError, as_table, list_texts
from framing.classify.state import State
from framing.classify.supervision import (
    Labels,
    Strength,
    check_labels,
    check_strength,
    choose_strength,
    explain_strength,
)
from framing.classify.tuned.expert import TunedEncoder, TuningPlan
from framing.codebook import Codebook
from framing.encoders.sentence import Encoder, default_store, open_encoder
from framing.encoders.weights import ModelSource
from framing.errors import InputError
from framing.steps import Say
from framing.tables import GUARANTEES

__all__ = ["FrameClassifier", "Strength", "background_passages"]

Array = NDArray[np.float64]

_SCORED_AT_ONCE = 8192  # texts; bounds the memory that a large corpus takes
_FOLDS = 4
_LEAST_WEIGHT = 0.1  # of a seed in tuning


class FrameClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Scores of each frame of a codebook for each passage.

    Three strengths. *Zero-shot* learns from seeds and definitions as examples, counter-seeds and unrelated news
    prose as counter-examples. *Head* also learns from labels, on frozen embeddings and n-grams, seeds being
    prior examples. *Fine-tuned* beside that tunes the encoder's upper layers on labels and seeds, and blends both.

    Parameters
    ----------
    codebook : Codebook
        Its frames are the classes.
    encoder : Encoder or str
        An encoder, or the name of one: `minilm`, `mpnet`, `mpnet+minilm` for both side by side, a folder,
        `owner/name@revision`.
    strength : {"auto", "zero-shot", "head", "fine-tuned"}
        `auto` takes zero-shot without labels; with labels fine-tuned where there are eight a frame on average and the
        encoder is a transformer, else head.
    precision, recall : float or mapping of frame to float, optional
        Shares that must hold, for all frames or for some; what cannot be decided so surely becomes `abstain`. They need
        labels.
    confidence : float
        Chance with which each of them holds.
    tuning : TuningPlan, optional
        How the encoder is tuned.
    random_seed : int
        Of folds and tuning.

    Attributes
    ----------
    classes_ : ndarray of str, shape (K,)
        Frame ids.
    encoder_ : Encoder
        The one used. `encoder_name_` and `dtype_` are its name and number format.
    strength_ : str
        The one used.
    zero_shot_ : bool
        Whether no labels were used; such scores are exploratory.
    threshold_ : float
        A frame is present from this score on (codebooks with several labels); 0.5 without labels, else the score with
        the best F1 on labels scored out of fold.
    anchors_ : DataFrame
        Per frame how well held-out seeds find it: `frame, n_seeds, precision, recall, f1, average_precision,
        confused_with`. Leave-one-out, so no seed is scored by a head that saw it.
    training_hash_ : str
        sha256 of texts and labels; empty without.
    training_dtype_ : str
        Number format of the products while tuning; empty where nothing was tuned, and for a loaded classifier.
    cross_fitted_ : ndarray, shape (n, K), or None
        Scores of the labelled texts by experts that had seen neither the text nor its group, blended and calibrated on
        the other folds alone; None without labels. Two limits: the scores on which that blend was fitted come from
        experts that had learned from this fold too (a second-order leak), and the frozen expert's ridge and weight of
        seeds are chosen on all labels. With a single group there is no other fold: blend and calibration are then
        fitted on the very texts.
    folds_ : ndarray of int, shape (n,), or None
        Fold of each labelled text, see `predict_folds`; None without labels, and for a loaded classifier.
    guarantees_ : DataFrame
        What was asked for per frame and whether it could be promised, columns `framing.tables.GUARANTEES`.

    Notes
    -----
    With labels scores are chances, calibrated on out-of-fold scores, in the mix of the labelled passages. Without,
    scores are leave-one-out Platt-scaled per frame and shifted by one common amount so that 0.5 is the score at which
    the macro-F1 of held-out seeds is best: comparable across frames, no chances in a corpus. With one label a passage
    scores sum to one over frames and the highest decides.

    Texts may mark roles as `<s>source</s>` and `<t>target</t>`; see `framing.classify.roles`.

    `predict` and `score` follow scikit-learn: `clone`, `cross_val_score`, `cross_val_predict` and `GridSearchCV` work.
    """

    def __init__(
        self,
        codebook: Codebook,
        encoder: Encoder | str = "minilm",
        *,
        strength: Strength = "auto",
        precision: float | Mapping[str, float] | None = None,
        recall: float | Mapping[str, float] | None = None,
        confidence: float = 0.95,
        tuning: TuningPlan | None = None,
        random_seed: int = 0,
    ) -> None:
        self.codebook = codebook
        self.encoder = encoder
        self.strength = strength
        self.precision = precision
        self.recall = recall
        self.confidence = confidence
        self.tuning = tuning
        self.random_seed = random_seed

    def fit(
        self,
        texts: Sequence[str] | None = None,
        labels: Labels | None = None,
        *,
        groups: Sequence[object] | None = None,
        progress: str = "",
        say: Say | None = None,
    ) -> FrameClassifier:
        """Fit on the codebook alone, or also on labelled texts.

        Parameters
        ----------
        texts : sequence of str, optional
            Length n.
        labels : array of bool, shape (n, K), or DataFrame, optional
            Which frames each text carries. A DataFrame has a column a frame, named by its id, in any order.
        groups : sequence, optional
            The document of each text, length n: texts of one are never on both sides of a fold.
        progress : str
            Title of a bar, on a terminal.
        say : callable, optional
            Is called with the strength and why it was taken, and with how far tuning is.

        Raises
        ------
        InputError
            For shapes that do not fit, and for strengths or guarantees that need labels.
        """
        texts, targets = self._checked(texts, labels)
        encoder = self.encoder
        self._set_encoder(open_encoder(encoder, store=default_store()) if isinstance(encoder, str) else encoder)
        k = len(self.classes_)
        together = np.zeros(0, np.int64) if targets is None else joined_groups(texts, groups)
        sizes = {"n_labelled": len(texts), "n_frames": k, "n_groups": int(together.max(initial=0)) + 1}
        self.strength_ = choose_strength(self.strength, **sizes, tunable=self.encoder_.tunable)
        self.zero_shot_ = self.strength_ == "zero-shot"
        self.threshold_ = 0.5
        self.cross_fitted_: Array | None = None
        self.folds_: NDArray[np.int64] | None = None
        self.training_hash_ = "" if targets is None or self.zero_shot_ else _hash_of(texts, targets)
        self.training_dtype_ = ""
        self._fold_blends: list[Blend] = []
        self._present_from, self._absent_below = np.full(k, -np.inf), np.full(k, np.inf)
        self.guarantees_ = pd.DataFrame(columns=list(GUARANTEES))
        anchors = codebook_anchors(self.codebook)
        multi = self.codebook.multi_label
        self._frozen = FrozenExpert(self.encoder_, language=self.codebook.language, multi_label=multi)
        self._tuned: TunedEncoder | None = None
        if targets is None or self.zero_shot_:
            self._frozen.fit(anchors)
            left_out = self._frozen.left_out_
            self._blend = calibrate_anchors(left_out, anchors, multi_label=multi)
            scores = self._blend.chances(left_out[None, anchors.counted])
        else:
            n_folds = min(_FOLDS, sizes["n_groups"])
            folds = assign_folds(targets, together, n_folds=n_folds, random_seed=self.random_seed)
            tell = say or (lambda _: None)
            tell(explain_strength(self.strength, self.strength_, **sizes, encoder=self.encoder_name_))
            self._frozen.fit(anchors, texts, targets, together, folds)
            n = len(anchors.texts)
            left_out = self._frozen.left_out_[None, n:]
            on_seeds = Blend(multi_label=multi).fit(left_out, targets)
            scores = on_seeds.chances(self._frozen.left_out_[None, :n][:, anchors.counted])
            if self.strength_ == "fine-tuned":
                try:
                    tuned = self._tune(anchors, texts, targets, folds, progress, say)
                    left_out = np.concatenate([left_out, tuned[None]])
                except InputError as error:
                    if self.strength != "auto":
                        raise
                    self.strength_ = "head"  # a transformer, but none whose layers can be cut
                    tell(f"strength head instead: {error}")
            self._learn_to_blend(left_out, targets, folds)
        decided = self.decide_scores(scores)
        self.anchors_ = describe_anchors(scores, decided == "present", anchors.targets[anchors.counted], self.classes_)
        return self

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Scores, shape `(n, K)`, 0 to 1; `progress` titles a bar on a terminal.

        Raises `NotFittedError` before `fit`.
        """
        self._check_fitted("predict_proba")
        scores: Array = self._scored(list_texts(texts, method="predict_proba"), progress=progress)[0]
        return scores

    def predict_folds(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Scores by the classifiers that each fold of the labelled texts was left out of, shape `(J, n, K)`.

        With `folds_`, shape (n labelled,), they let the errors on labelled passages speak for passages that nobody
        labelled (cross-fitting, Chernozhukov et al. 2018; Zrnic & Candès 2024). Raises `InputError` where nothing was
        learned from labels, and for a loaded classifier, which keeps none of them.
        """
        if not getattr(self, "_fold_blends", None):
            raise InputError("predict_folds: fit on labels first; zero-shot and loaded classifiers have no folds.")
        return self._scored(list_texts(texts, method="predict_folds"), by_fold=True, progress=progress)

    def _scored(self, texts: list[str], *, by_fold: bool = False, progress: str) -> Array:
        """Scores by the whole classifier, shape (1, n, K), or by those of the folds, (J, n, K); equal texts once."""
        blends = self._fold_blends if by_fold else [self._blend]
        place, unique = pd.factorize(np.array(texts, dtype=object))
        parts = [np.zeros((len(blends), 0, len(self.classes_)))]
        for start in range(0, len(unique), _SCORED_AT_ONCE):
            part = unique[start : start + _SCORED_AT_ONCE].tolist()
            frozen = self._frozen.score_folds if by_fold else self._frozen.score
            experts = [frozen(part, progress=progress)]
            if self._tuned is not None:
                tuned = self._tuned.score_members if by_fold else self._tuned.score
                experts.append(tuned([pointed_roles(text) for text in part], progress=progress))
            raw = np.stack(experts, axis=-3).reshape(len(blends), len(experts), len(part), -1)
            parts.append(np.stack([blend.chances(scores) for blend, scores in zip(blends, raw, strict=True)]))
        return np.concatenate(parts, axis=1)[:, place]

    def predict(self, texts: Sequence[str]) -> pd.DataFrame:
        """Whether each passage carries each frame: booleans, a row a text, a column a frame named by its id.

        An abstention counts as no; `decide` tells them apart.
        """
        return as_table(self.decide(texts) == "present", texts, self.classes_)

    def score(self, texts: Sequence[str], labels: Labels, sample_weight: Array | None = None) -> float:
        """Share of the texts whose frames are all decided as labelled, which scikit-learn calls the accuracy.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        labels : array of bool, shape (n, K), or DataFrame
            As in `fit`.
        sample_weight : ndarray, shape (n,), optional
            Weights of the texts.
        """
        right = (self.predict(texts).to_numpy() == check_labels(labels, len(texts), self.codebook, method="score")).all(
            1
        )
        return float(np.average(right, weights=sample_weight))

    def decide(self, texts: Sequence[str]) -> NDArray[np.str_]:
        """`present`, `absent` or `abstain` for each passage and frame, shape `(n, K)`."""
        return self.decide_scores(self.predict_proba(texts))

    def decide_scores(self, scores: Array) -> NDArray[np.str_]:
        """Decisions of given scores, shape `(n, K)`."""
        chosen = self._chosen(scores)
        unsure = np.where(chosen, scores < self._present_from, scores >= self._absent_below)
        return np.where(unsure, "abstain", np.where(chosen, "present", "absent"))

    def describe_anchors(self) -> pd.DataFrame:
        """Per frame how well held-out seeds find it: `anchors_`."""
        self._check_fitted("describe_anchors")
        return self.anchors_

    def get_state(self) -> State:
        """All that scoring needs beside the codebook and the encoder; no texts, and nothing of the folds."""
        self._check_fitted("get_state")
        parts = {"frozen": self._frozen.get_state(), "blend": self._blend.get_state()}
        if self._tuned is not None:
            parts["tuned"] = self._tuned.get_state()
        state = State.join(**parts)
        arrays = {**state.arrays, "present_from": self._present_from, "absent_below": self._absent_below}
        if self.cross_fitted_ is not None:
            arrays["cross_fitted"] = self.cross_fitted_
        values = {
            **state.values,
            "strength": self.strength_,
            "threshold": self.threshold_,
            "training_sha256": self.training_hash_,
            "parameters": {
                "strength": self.strength,
                "precision": _plain(self.precision),
                "recall": _plain(self.recall),
                "confidence": self.confidence,
                "tuning": asdict(self.tuning) if self.tuning is not None else None,
                "random_seed": self.random_seed,
            },
            "anchors": self.anchors_.to_dict("records"),
            "guarantees": [
                {name: None if pd.isna(value) else value for name, value in row.items()}
                for row in self.guarantees_.to_dict("records")
            ],
        }
        return State(arrays, values)

    @classmethod
    def from_state(cls, state: State, codebook: Codebook, encoder: Encoder) -> FrameClassifier:
        """The fitted classifier that `state` was taken from, given its codebook and encoder."""
        arrays, values = state.arrays, state.values
        asked = values["parameters"]
        tuning = TuningPlan(**asked["tuning"]) if asked["tuning"] is not None else None
        self = cls(codebook, encoder, **{**asked, "tuning": tuning})
        self._set_encoder(encoder)
        self.strength_ = values["strength"]
        self.zero_shot_ = self.strength_ == "zero-shot"
        self.threshold_ = float(values["threshold"])
        self.training_hash_, self.training_dtype_ = values["training_sha256"], ""
        self.cross_fitted_, self.folds_ = arrays.get("cross_fitted"), None
        self._fold_blends = []
        self._present_from, self._absent_below = arrays["present_from"], arrays["absent_below"]
        self.anchors_ = pd.DataFrame(values["anchors"])
        self.guarantees_ = pd.DataFrame(values["guarantees"], columns=list(GUARANTEES))
        if len(self.guarantees_):
            self.guarantees_ = self.guarantees_.astype({"threshold": float, "n_enough": "Int64"})
        multi = codebook.multi_label
        self._blend = Blend(multi_label=multi).set_state(state.part("blend"))
        frozen = FrozenExpert(encoder, language=codebook.language, multi_label=multi)
        self._frozen = frozen.set_state(state.part("frozen"))
        self._tuned = None
        tuned = state.part("tuned")
        if tuned.arrays:
            plan = TuningPlan(**tuned.values["plan"])
            self._tuned = TunedEncoder(self._tuned_source(), multi_label=multi, plan=plan).set_state(tuned)
        return self

    def _set_encoder(self, encoder: Encoder) -> None:
        self.encoder_ = encoder
        self.encoder_name_, self.dtype_ = encoder.name, encoder.dtype
        self.classes_ = np.array(self.codebook.frame_ids)

    def _check_fitted(self, method: str) -> None:
        if not hasattr(self, "_blend"):
            raise NotFittedError(f"{method}: call fit first.")

    def _chosen(self, scores: Array) -> NDArray[np.bool_]:
        """Frames given if nothing had to be surer."""
        if self.codebook.multi_label:
            return np.asarray(scores >= self.threshold_)
        return np.asarray(np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None])

    def _checked(
        self, texts: Sequence[str] | None, labels: Labels | None
    ) -> tuple[list[str], NDArray[np.bool_] | None]:
        if (texts is None) != (labels is None):
            raise InputError("fit: give texts and labels together, or neither.")
        listed = [] if texts is None else list_texts(texts, method="fit")
        targets = None if labels is None else check_labels(labels, len(listed), self.codebook)
        promises = self.precision is not None or self.recall is not None
        check_strength(self.strength, labelled=targets is not None, promises=promises)
        if not 0.5 < self.confidence < 1:
            raise InputError(f"confidence: expected a share between 0.5 and 1, got {self.confidence!r}.")
        for what in ("precision", "recall"):  # before anything is trained
            asked_per_frame(getattr(self, what), self.codebook.frame_ids, what=what)
        return listed, targets

    def _tuned_source(self) -> ModelSource:
        source = self.encoder_.source
        if source is None:
            raise InputError(f"The encoder {self.encoder_name_} cannot be fine-tuned; choose strength head.")
        return source

    def _tune(
        self,
        anchors: Anchors,
        texts: list[str],
        labels: NDArray[np.bool_],
        folds: NDArray[np.int64],
        progress: str,
        say: Say | None,
    ) -> Array:
        """Fit the tuned expert; its scores of the labelled texts, out of fold."""
        every_text = [pointed_roles(text) for text in (*anchors.texts, *texts)]
        targets = np.vstack([anchors.targets, labels])
        n = len(anchors.texts)
        weights = np.r_[np.full(n, max(self._frozen.seed_weight_, _LEAST_WEIGHT)), np.ones(len(texts))]
        every_fold = np.r_[np.full(n, -1, dtype=np.int64), folds]
        self._tuned = TunedEncoder(
            self._tuned_source(),
            multi_label=self.codebook.multi_label,
            plan=self.tuning or TuningPlan(),
            random_seed=self.random_seed,
        ).fit(every_text, targets, weights, every_fold, progress=progress, say=say)
        self.training_dtype_ = self._tuned.dtype_
        return self._tuned.left_out_[n:]

    def _learn_to_blend(self, experts: Array, labels: NDArray[np.bool_], folds: NDArray[np.int64]) -> None:
        """Weights and scale from out-of-fold scores, `experts` of shape (E, n, K); then thresholds."""
        multi = self.codebook.multi_label
        self._blend = Blend(multi_label=multi).fit(experts, labels)
        out_of_fold = np.empty(labels.shape)
        self._fold_blends = []
        for number in np.unique(folds):
            left = folds == number
            blend = Blend(multi_label=multi).fit(experts[:, ~left], labels[~left]) if (~left).any() else self._blend
            out_of_fold[left] = blend.chances(experts[:, left])
            self._fold_blends.append(blend)
        self.cross_fitted_, self.folds_ = out_of_fold, folds
        if multi:
            self.threshold_ = best_threshold(out_of_fold, labels)
        frames = self.codebook.frame_ids
        self._present_from, self._absent_below, self.guarantees_ = set_guarantees(
            labels,
            out_of_fold,
            self._chosen(out_of_fold),
            frames=frames,
            precision=asked_per_frame(self.precision, frames, what="precision"),
            recall=asked_per_frame(self.recall, frames, what="recall"),
            confidence=self.confidence,
        )


def best_threshold(scores: Array, targets: NDArray[np.bool_]) -> float:
    """Score from which the mean of macro- and micro-F1 is best; the middle of those within 0.002 of it.

    >>> best_threshold(np.array([[0.9], [0.4], [0.1]]), np.array([[True], [True], [False]]))
    0.255
    """
    cuts = np.round(np.arange(0.1, 0.7001, 0.01), 2)
    sum_of_f1 = np.empty(len(cuts))
    for place, cut in enumerate(cuts):
        decided = scores >= cut
        hits, size = (decided & targets).sum(axis=0), decided.sum(axis=0) + targets.sum(axis=0)
        sum_of_f1[place] = np.mean(2 * hits / np.maximum(size, 1)) + 2 * hits.sum() / max(size.sum(), 1)
    return float(np.round(np.median(cuts[sum_of_f1 >= sum_of_f1.max() - 0.004]), 3))


def _hash_of(texts: list[str], labels: NDArray[np.bool_]) -> str:
    content = hashlib.sha256(np.packbits(labels).tobytes())
    for text in texts:
        content.update(f"{text}\x1f".encode("utf-8", "surrogatepass"))
    return content.hexdigest()


def _plain(asked: float | Mapping[str, float] | None) -> float | dict[str, float] | None:
    """What was asked for, as JSON can hold it."""
    if isinstance(asked, Mapping):
        return {frame: float(value) for frame, value in asked.items()}
    return None if asked is None else float(asked)
