"""Passages to frames: a classifier learned from a codebook's seeds, and from labels where there are some."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from framing.anchors import background_passages, codebook_anchors, describe_anchors
from framing.blend import Blend
from framing.codebook import Codebook
from framing.encode import Encoder, default_store, open_encoder
from framing.errors import InputError
from framing.experts import FrozenExpert
from framing.folds import assign_folds, joined_groups
from framing.guarantee import GUARANTEES, asked_per_frame, set_guarantees
from framing.roles import pointed_roles
from framing.steps import Say
from framing.strength import Strength, check_labels, check_strength, choose_strength, explain_strength
from framing.tune import TunedEncoder, TuningPlan
from framing.zero_shot import calibrate_anchors

__all__ = ["FrameClassifier", "Strength", "background_passages"]

Array = NDArray[np.float64]

_SCORED_AT_ONCE = 8192  # texts; bounds the memory that a large corpus takes
_FOLDS = 4
_LEAST_WEIGHT = 0.1  # of a seed in tuning


class FrameClassifier(BaseEstimator):  # type: ignore[misc]
    """Scores of each frame of a codebook for each passage.

    Three strengths. *Zero-shot* learns from seeds and definitions as examples, counter-seeds and unrelated news
    prose as counter-examples. *Head* also learns from labels, on frozen embeddings and n-grams, seeds being
    prior examples. *Fine-tuned* beside that tunes the encoder's upper layers on labels and seeds, and blends both.

    Parameters
    ----------
    codebook : Codebook
    encoder : an `Encoder`, or the name of one (`minilm`, `mpnet`, `mpnet+minilm` for both side by side, a folder,
        `owner/name@revision`).
    strength : `auto` takes zero-shot without labels; with labels fine-tuned where there are eight a frame on
        average and the encoder is a transformer, else head.
    precision, recall : shares that must hold, for all frames or as a mapping of some; what cannot be decided
        so surely becomes `abstain`. They need labels. `confidence` : chance with which each holds.
    tuning : how the encoder is tuned; see `TuningPlan`.
    random_seed : of folds and tuning.

    Attributes
    ----------
    classes_ : frame ids, length K. `strength_` : the one used. `zero_shot_` : whether no labels were used; such
        scores are exploratory.
    threshold_ : a frame is present from this score on (codebooks with several labels); 0.5 without labels,
        else the score with the best F1 on labels scored out of fold.
    anchors_ : DataFrame, per frame how well held-out seeds find it: `frame, n_seeds, precision, recall,
        f1, average_precision, confused_with`. Leave-one-out, so no seed is scored by a head that saw it.
    training_hash_ : sha256 of texts and labels; empty without.
    cross_fitted_ : scores of the labelled texts, shape (n, K), by experts that had seen neither the text nor its
        group, blended and calibrated on the other folds alone; None without labels. Two limits: the scores on
        which that blend was fitted come from experts that had learned from this fold too (a second-order leak), and
        the frozen expert's ridge and weight of seeds are chosen on all labels. With a single group there is no other
        fold: blend and calibration are then fitted on the very texts.
    folds_ : fold of each labelled text, shape (n,); see `predict_folds`. Set where labels were learned from.
    guarantees_ : DataFrame, what was asked for per frame and whether it could be promised.

    Notes
    -----
    With labels scores are chances, calibrated on out-of-fold scores, in the mix of the labelled passages. Without,
    scores are leave-one-out Platt-scaled per frame and shifted by one common amount so that 0.5 is the score at which
    the macro-F1 of held-out seeds is best: comparable across frames, no chances in a corpus. With one label a passage
    scores sum to one over frames and the highest decides.

    Texts may mark roles as `<s>source</s>` and `<t>target</t>`; see `framing.roles`.
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
        labels: NDArray[np.bool_] | None = None,
        *,
        groups: Sequence[object] | None = None,
        progress: str = "",
        say: Say | None = None,
    ) -> FrameClassifier:
        """Fit on the codebook alone, or also on `texts` with `labels`, shape `(n, K)` of booleans.

        `groups`, length n, names the document of each text: texts of one are never on both sides of a fold.
        `progress` titles a bar on a terminal; `say` is told the strength and why, and how far tuning is.
        Raises `InputError` for shapes that do not fit, and for strengths or guarantees that need labels.
        """
        given, told = self._checked(texts, labels)
        encoder = self.encoder
        self._encoder: Any = open_encoder(encoder, store=default_store()) if isinstance(encoder, str) else encoder
        self.encoder_name_ = self._encoder.name
        self.classes_ = np.array(self.codebook.frame_ids)
        k = len(self.classes_)
        together = np.zeros(0, np.int64) if told is None else joined_groups(given, groups)
        sizes = {"n_labelled": len(given), "n_frames": k, "n_groups": int(together.max(initial=0)) + 1}
        tunable = bool(getattr(self._encoder, "tunable", False))
        self.strength_ = choose_strength(self.strength, **sizes, tunable=tunable)
        self.zero_shot_ = self.strength_ == "zero-shot"
        self.threshold_ = 0.5
        self.cross_fitted_: Array | None = None
        self.training_hash_ = "" if told is None or self.zero_shot_ else _hash_of(given, told)
        self._fold_blends: list[Blend] = []
        self._present_from, self._absent_below = np.full(k, -np.inf), np.full(k, np.inf)
        self.guarantees_ = pd.DataFrame(columns=list(GUARANTEES))
        anchors = codebook_anchors(self.codebook)
        multi = self.codebook.multi_label
        self._frozen = FrozenExpert(self._encoder, language=self.codebook.language, multi_label=multi)
        self._tuned: TunedEncoder | None = None
        if told is None or self.zero_shot_:
            self._frozen.fit(anchors)
            left_out = self._frozen.left_out_
            self._blend = calibrate_anchors(left_out, anchors, multi_label=multi)
            scores = self._blend.chances(left_out[None, anchors.counted])
        else:
            n_folds = min(_FOLDS, sizes["n_groups"])
            folds = assign_folds(told, together, n_folds=n_folds, random_seed=self.random_seed)
            tell = say or (lambda _: None)
            tell(explain_strength(self.strength, self.strength_, **sizes, encoder=self.encoder_name_))
            self._frozen.fit(anchors, given, told, together, folds)
            n = len(anchors.texts)
            left_out = self._frozen.left_out_[None, n:]
            on_seeds = Blend(multi_label=multi).fit(left_out, told)
            scores = on_seeds.chances(self._frozen.left_out_[None, :n][:, anchors.counted])
            if self.strength_ == "fine-tuned":
                try:
                    tuned = self._tune(anchors, given, told, folds, progress, say)
                    left_out = np.concatenate([left_out, tuned[None]])
                except InputError as error:
                    if self.strength != "auto":
                        raise
                    self.strength_ = "head"  # a transformer, but none whose layers can be cut
                    tell(f"strength head instead: {error}")
            self._learn_to_blend(left_out, told, folds)
        held = self.decide_scores(scores)
        self.anchors_ = describe_anchors(scores, held == "present", anchors.targets[anchors.counted], self.classes_)
        return self

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Scores, shape `(n, K)`, 0 to 1."""
        if not hasattr(self, "_blend"):
            raise InputError("predict_proba: call fit first.")
        _refuse_one_text("predict_proba", texts)
        scores: Array = self._scored(texts, progress=progress)[0]
        return scores

    def predict_folds(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Scores by the classifiers that each fold of the labelled texts was left out of, shape `(J, n, K)`.

        With `folds_`, shape (n labelled,), they let the errors on labelled passages speak for passages that nobody
        labelled (cross-fitting, Chernozhukov et al. 2018; Zrnic & Candès 2024). Raises `InputError` where nothing was
        learned from labels, and for a loaded classifier, which keeps none of them.
        """
        if not getattr(self, "_fold_blends", None):
            raise InputError("predict_folds: fit on labels first; zero-shot and loaded classifiers have no folds.")
        _refuse_one_text("predict_folds", texts)
        return self._scored(texts, by_fold=True, progress=progress)

    def _scored(self, texts: Sequence[str], *, by_fold: bool = False, progress: str) -> Array:
        """Scores by the whole classifier, shape (1, n, K), or by those of the folds, (J, n, K); equal texts once."""
        blends = self._fold_blends if by_fold else [self._blend]
        place, unique = pd.factorize(np.array([str(text) for text in texts], dtype=object))
        found = [np.zeros((len(blends), 0, len(self.classes_)))]
        for start in range(0, len(unique), _SCORED_AT_ONCE):
            part = unique[start : start + _SCORED_AT_ONCE].tolist()
            frozen = self._frozen.score_folds if by_fold else self._frozen.score
            experts = [frozen(part, progress=progress)]
            if self._tuned is not None:
                tuned = self._tuned.score_members if by_fold else self._tuned.score
                experts.append(tuned([pointed_roles(text) for text in part], progress=progress))
            raw = np.stack(experts, axis=-3).reshape(len(blends), len(experts), len(part), -1)
            found.append(np.stack([blend.chances(own) for blend, own in zip(blends, raw, strict=True)]))
        return np.concatenate(found, axis=1)[:, place]

    def predict(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Whether each passage carries each frame, shape `(n, K)`, as scikit-learn's tools expect it."""
        return np.asarray(self.decide(texts) == "present")

    def decide(self, texts: Sequence[str]) -> NDArray[np.str_]:
        """`present`, `absent` or `abstain` for each passage and frame, shape `(n, K)`."""
        return self.decide_scores(self.predict_proba(texts))

    def decide_scores(self, scores: Array) -> NDArray[np.str_]:
        """Decisions of given scores."""
        chosen = self._chosen(scores)
        unsure = np.where(chosen, scores < self._present_from, scores >= self._absent_below)
        return np.where(unsure, "abstain", np.where(chosen, "present", "absent"))

    def _chosen(self, scores: Array) -> NDArray[np.bool_]:
        """Frames given if nothing had to be surer."""
        if self.codebook.multi_label:
            return np.asarray(scores >= self.threshold_)
        return np.asarray(np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None])

    def _checked(
        self, texts: Sequence[str] | None, labels: NDArray[np.bool_] | None
    ) -> tuple[list[str], NDArray[np.bool_] | None]:
        if (texts is None) != (labels is None):
            raise InputError("fit: give texts and labels together, or neither.")
        _refuse_one_text("fit", texts)
        given = [] if texts is None else [str(text) for text in texts]
        told = None if labels is None else check_labels(labels, len(given), self.codebook)
        promises = self.precision is not None or self.recall is not None
        check_strength(self.strength, labelled=told is not None, promises=promises)
        if not 0.5 < self.confidence < 1:
            raise InputError(f"confidence: expected a share between 0.5 and 1, got {self.confidence!r}.")
        for what in ("precision", "recall"):  # before anything is trained
            asked_per_frame(getattr(self, what), self.codebook.frame_ids, what=what)
        return given, told

    def _tune(
        self, anchors: Any, given: list[str], told: NDArray[np.bool_], folds: NDArray[np.int64], progress: str,
        say: Say | None,
    ) -> Array:  # fmt: skip
        """Fit the tuned expert; its scores of the labelled texts, out of fold."""
        texts = [pointed_roles(text) for text in (*anchors.texts, *given)]
        targets = np.vstack([anchors.targets, told])
        n = len(anchors.texts)
        weights = np.r_[np.full(n, max(self._frozen.seed_weight_, _LEAST_WEIGHT)), np.ones(len(given))]
        everywhere = np.r_[np.full(n, -1, dtype=np.int64), folds]
        source = getattr(self._encoder, "source", None)
        if source is None:
            raise InputError(f"The encoder {self.encoder_name_} cannot be fine-tuned; choose strength head.")
        self._tuned = TunedEncoder(
            source,
            multi_label=self.codebook.multi_label,
            plan=self.tuning or TuningPlan(),
            random_seed=self.random_seed,
        ).fit(texts, targets, weights, everywhere, progress=progress, say=say)
        return self._tuned.left_out_[n:]

    def _learn_to_blend(self, experts: Array, told: NDArray[np.bool_], folds: NDArray[np.int64]) -> None:
        """Weights and scale from out-of-fold scores, `experts` of shape (E, n, K); then thresholds."""
        multi = self.codebook.multi_label
        self._blend = Blend(multi_label=multi).fit(experts, told)
        honest = np.empty(told.shape)
        self._fold_blends = []
        for number in np.unique(folds):
            held = folds == number
            seen = Blend(multi_label=multi).fit(experts[:, ~held], told[~held]) if (~held).any() else self._blend
            honest[held] = seen.chances(experts[:, held])
            self._fold_blends.append(seen)
        self.cross_fitted_, self.folds_ = honest, folds
        if multi:
            self.threshold_ = best_threshold(honest, told)
        frames = self.codebook.frame_ids
        self._present_from, self._absent_below, self.guarantees_ = set_guarantees(
            told,
            honest,
            self._chosen(honest),
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
    found = np.empty(len(cuts))
    for place, cut in enumerate(cuts):
        decided = scores >= cut
        hit, size = (decided & targets).sum(axis=0), decided.sum(axis=0) + targets.sum(axis=0)
        found[place] = np.mean(2 * hit / np.maximum(size, 1)) + 2 * hit.sum() / max(size.sum(), 1)
    return float(np.round(np.median(cuts[found >= found.max() - 0.004]), 3))


def _hash_of(texts: list[str], labels: NDArray[np.bool_]) -> str:
    content = hashlib.sha256(np.packbits(labels).tobytes())
    for text in texts:
        content.update(f"{text}\x1f".encode("utf-8", "surrogatepass"))
    return content.hexdigest()


def _refuse_one_text(method: str, texts: Sequence[str] | None) -> None:
    if isinstance(texts, str):
        raise InputError(f"{method}: expected a list of texts, got one text. Put it in a list.")
