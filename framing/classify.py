"""Passages to frames: a classifier learned from a codebook's seeds, and from labels where there are some."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from framing.codebook import Codebook
from framing.corpus import split_sentences
from framing.encode import Encoder, SentenceEncoder, default_store
from framing.errors import InputError
from framing.kernel import Features, KernelRidgeHead, TextFeatures, windows

__all__ = ["FrameClassifier", "background_passages"]

_NONE = "(none)"
_SCORED_AT_ONCE = 8192  # texts; bounds the memory that a large corpus takes
_SEED_WEIGHT = 0.3  # of a seed against a labelled passage, once there are labels
_FEW_LABELS = 2  # a frame with fewer labelled passages, with it or without, is calibrated on its seeds


@lru_cache(maxsize=1)
def background_passages() -> tuple[str, ...]:
    """News prose of all sections that carries no frame of a conflict; written for this project."""
    text = (files("framing") / "data" / "background.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line.strip())


class FrameClassifier(BaseEstimator):  # type: ignore[misc]
    """Scores of each frame of a codebook for each passage.

    Without labels (zero-shot) it learns from the seeds and definitions as examples, the counter-seeds and
    a background of unrelated news prose as counter-examples. With labels it learns from both.

    Parameters
    ----------
    codebook : Codebook
    encoder : an `Encoder`, or the name of one (`minilm`, `mpnet`, a folder, `owner/name@revision`).
    random_seed : kept for estimators of this family that draw; this one draws nothing.

    Attributes
    ----------
    classes_ : frame ids, length K.
    threshold_ : 0.5; a frame is present from this score on (codebooks with several labels).
    anchors_ : DataFrame, per frame how well held-out seeds find it: `frame, n_seeds, precision, recall,
        f1, average_precision, confused_with`. Leave-one-out, so no seed is scored by a head that saw it.
    zero_shot_ : whether no labels were given; such scores are exploratory.

    Notes
    -----
    Scores are leave-one-out Platt-scaled per frame and then shifted by one common amount, so that 0.5 is
    the score at which the macro-F1 of the held-out seeds against counter-seeds and background is best.
    They are comparable across frames. They are probabilities in the mix of seeds and background, not in
    a corpus, where frames may be rarer: calibrate on labels before reading them as chances.
    With one label a passage the scores sum to one over frames and the highest decides.
    """

    def __init__(self, codebook: Codebook, encoder: Encoder | str = "minilm", *, random_seed: int = 0) -> None:
        self.codebook = codebook
        self.encoder = encoder
        self.random_seed = random_seed

    def fit(self, texts: Sequence[str] | None = None, labels: NDArray[np.bool_] | None = None) -> FrameClassifier:
        """Fit on the codebook alone, or also on `texts` with `labels`, shape `(n, K)` of booleans."""
        if (texts is None) != (labels is None):
            raise InputError("fit: give texts and labels together, or neither.")
        _refuse_one_text("fit", texts)
        encoder = self.encoder
        self._encoder: Any = SentenceEncoder(encoder, store=default_store()) if isinstance(encoder, str) else encoder
        self.encoder_name_ = self._encoder.name
        self.classes_ = np.array(self.codebook.frame_ids)
        self.zero_shot_ = labels is None
        anchors = self._anchors()
        given = [] if texts is None else [str(text) for text in texts]
        k = len(self.classes_)
        if labels is not None and (not given or np.shape(labels) != (len(given), k)):
            raise InputError(
                f"fit: {len(given)} texts, but labels of shape {np.shape(labels)}; expected at least one text and "
                f"booleans of shape ({len(given) or 'n'}, {k}), a column a frame of {self.codebook.codebook}."
            )
        told = np.zeros((0, k), bool) if labels is None else np.asarray(labels, bool)
        targets = np.vstack([anchors["targets"], told])
        weights = np.r_[np.full(len(anchors["texts"]), 1.0 if labels is None else _SEED_WEIGHT), np.ones(len(given))]
        everything = anchors["texts"] + given
        self._words = TextFeatures().fit(everything)
        whole, parts, owners = self._features(everything, "")
        self._head = KernelRidgeHead().fit(whole, targets, weights, parts, owners)
        counted = np.r_[anchors["counted"], np.zeros(len(given), bool)]
        labelled = np.r_[np.zeros(len(anchors["texts"]), bool), np.ones(len(given), bool)]
        self._calibrate(self._head.left_out_, targets, counted if labels is None else labelled, counted)
        held_out = self._scores(self._head.left_out_[counted])
        self.anchors_ = self._describe(held_out, targets[counted])
        return self

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float64]:
        """Scores, shape `(n, K)`, 0 to 1."""
        if not hasattr(self, "_head"):
            raise InputError("predict_proba: call fit first.")
        _refuse_one_text("predict_proba", texts)
        listed = [str(text) for text in texts]
        if not listed:
            return np.zeros((0, len(self.classes_)))
        unique = list(dict.fromkeys(listed))
        found = []
        for start in range(0, len(unique), _SCORED_AT_ONCE):
            whole, parts, owners = self._features(unique[start : start + _SCORED_AT_ONCE], progress)
            found.append(self._scores(self._head.score(whole, parts, owners)))
        scores = np.concatenate(found)
        place = {text: number for number, text in enumerate(unique)}
        return scores[[place[text] for text in listed]]

    def predict(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Whether each passage carries each frame, shape `(n, K)`, as scikit-learn's tools expect it."""
        return np.asarray(self.decide(texts) == "present")

    def decide(self, texts: Sequence[str]) -> NDArray[np.str_]:
        """`present` or `absent` for each passage and frame, shape `(n, K)`."""
        return self.decide_scores(self.predict_proba(texts))

    def decide_scores(self, scores: NDArray[np.float64]) -> NDArray[np.str_]:
        """Decisions of given scores."""
        if self.codebook.multi_label:
            present = scores >= self.threshold_
        else:
            present = np.arange(scores.shape[1]) == scores.argmax(axis=1)[:, None]
        return np.where(present, "present", "absent")

    def _anchors(self) -> dict[str, Any]:
        """Training texts of the codebook: targets, and which count in leave-one-out (not definitions)."""
        texts: list[str] = []
        place: list[int] = []
        counted: list[bool] = []
        for number, frame in enumerate(self.codebook.frames):
            for group, where, counts in (
                (frame.seeds, number, True),
                ((frame.definition, *frame.include), number, False),
                (frame.counter_seeds, -1, True),
            ):
                texts += group
                place += [where] * len(group)
                counted += [counts] * len(group)
        if self.codebook.multi_label:
            background = background_passages()
            texts += background
            place += [-1] * len(background)
            counted += [True] * len(background)
        else:  # every passage has a frame, so nothing teaches "none"
            keep = [number for number, where in enumerate(place) if where >= 0]
            texts, place, counted = [texts[i] for i in keep], [place[i] for i in keep], [counted[i] for i in keep]
        targets = np.array(place)[:, None] == np.arange(len(self.codebook.frames))
        return {"texts": texts, "targets": targets, "counted": np.array(counted)}

    def _features(self, texts: list[str], progress: str) -> tuple[Features, Features, NDArray[np.int64]]:
        language = self.codebook.language
        pieces, owners = windows(texts, [split_sentences(text, language=language) for text in texts])
        options = {"progress": progress} if progress else {}
        vectors = self._encoder.encode([*texts, *pieces], **options)
        n = len(texts)
        return (
            Features(vectors[:n], self._words.transform(texts)),
            Features(vectors[n:], self._words.transform(pieces) if pieces else self._words.transform([""])[:0]),
            owners,
        )

    def _calibrate(
        self, raw: NDArray[np.float64], targets: NDArray[np.bool_], used: NDArray[np.bool_], seeds: NDArray[np.bool_]
    ) -> None:
        from sklearn.linear_model import LogisticRegression

        self.threshold_ = 0.5
        k = raw.shape[1]
        self._slope, self._shift = np.ones(k), np.zeros(k)
        if not self.codebook.multi_label:
            self._slope[:] = _sharpness(raw[used], targets[used])
            return
        for column in range(k):
            labelled = targets[used, column]
            rows = used if min(labelled.sum(), (~labelled).sum()) >= _FEW_LABELS else seeds
            fitted = LogisticRegression(C=1e3).fit(raw[rows][:, [column]], targets[rows, column])
            self._slope[column] = max(float(fitted.coef_[0, 0]), 1e-3)
            self._shift[column] = float(fitted.intercept_[0])
        if self.zero_shot_:
            logits = raw[used] * self._slope + self._shift
            self._shift -= _best_cut(logits, targets[used])

    def _scores(self, raw: NDArray[np.float64]) -> NDArray[np.float64]:
        logits = raw * self._slope + self._shift
        if self.codebook.multi_label:
            return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))))
        return _softmax(logits)

    def _describe(self, scores: NDArray[np.float64], targets: NDArray[np.bool_]) -> pd.DataFrame:
        from sklearn.metrics import average_precision_score, precision_recall_fscore_support

        decided = self.decide_scores(scores) == "present"
        precision, recall, f1, support = precision_recall_fscore_support(targets, decided, zero_division=0)
        rows = []
        for column, frame in enumerate(self.classes_):
            others = decided[targets[:, column]].sum(axis=0)
            others[column] = 0
            rows.append(
                (
                    frame,
                    int(support[column]),
                    float(precision[column]),
                    float(recall[column]),
                    float(f1[column]),
                    float(average_precision_score(targets[:, column], scores[:, column])),
                    str(self.classes_[others.argmax()]) if others.any() else _NONE,
                )
            )
        names = ["frame", "n_seeds", "precision", "recall", "f1", "average_precision", "confused_with"]
        return pd.DataFrame(rows, columns=names)


def _refuse_one_text(method: str, texts: Sequence[str] | None) -> None:
    if isinstance(texts, str):
        raise InputError(f"{method}: expected a list of texts, got one text. Put it in a list.")


def _best_cut(logits: NDArray[np.float64], targets: NDArray[np.bool_]) -> float:
    """Cut on a common scale with the best macro-F1; the middle of the cuts within 0.002 of it."""
    cuts = np.linspace(-4, 3, 141)
    found = np.empty(len(cuts))
    for place, cut in enumerate(cuts):
        decided = logits >= cut
        hit = (decided & targets).sum(axis=0)
        found[place] = np.mean(2 * hit / np.maximum(decided.sum(axis=0) + targets.sum(axis=0), 1))
    return float(np.median(cuts[found >= found.max() - 0.002]))


def _sharpness(raw: NDArray[np.float64], targets: NDArray[np.bool_]) -> float:
    """Factor before a softmax that gives the held-out texts the highest likelihood."""
    from scipy.optimize import minimize_scalar

    def loss(log_factor: float) -> float:
        chances = _softmax(raw * np.exp(log_factor))
        return float(-np.log(np.maximum(chances[targets], 1e-12)).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 4), method="bounded").x))


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
