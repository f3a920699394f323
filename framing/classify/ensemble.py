"""Experts side by side: scores of a frozen and a tuned encoder, blended into calibrated ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.anchors import Anchors, calibrate_anchors
from framing.classify.blending import fit_blends_by_fold
from framing.classify.calibration import Blend
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.frozen.feature_reader import LanguageShiftOption
from framing.classify.frozen.text_features import is_article
from framing.classify.frozen.window_expert import WindowExpert
from framing.classify.language_levels import LanguageLevels
from framing.classify.roles import mark_roles, strip_roles
from framing.classify.state import State
from framing.classify.supervision import LabelledTexts
from framing.classify.tuned.expert import TunedEncoder
from framing.classify.tuned.plan import TuningPlan
from framing.classify.windows import cut_windows, pool_windows
from framing.corpus.language import detect_languages
from framing.encoders.encoder import Encoder
from framing.encoders.weights import ModelSource
from framing.encoders.windows import find_long
from framing.errors import InputError
from framing.steps import Say

__all__ = ["Ensemble"]

Array = NDArray[np.float64]

_BATCH_TEXTS = 8192  # texts scored at once; bounds the memory that a large corpus takes
_MIN_SEED_WEIGHT = 0.1  # of a seed in tuning


class Ensemble:
    """A frozen expert, beside it a tuned one where labels allow, and the blend of their scores.

    Parameters
    ----------
    encoder : Encoder
        Its vectors feed the frozen expert; its `source` is what is tuned.
    language : str
        Language of the texts, for their sentences.
    multi_label : bool
        Whether a passage may carry several frames.
    language_shift : {"remove", "keep"}
        With an encoder of several languages, whether what tells languages apart is taken out of its vectors.

    Attributes
    ----------
    frozen : FrozenExpert
        The expert on vectors of the encoder as it is.
    windows : WindowExpert or None
        The expert on windows of long texts; None where the labelled texts are passages.
    tuned : TunedEncoder or None
        The expert whose upper layers learned the labels.
    pools : bool
        Whether a long text has the pooled score of its windows: with several labels a text, where nothing was learned
        from labels, which say what a long text must have.
    blend, levels : Blend, LanguageLevels
        Experts' scores to calibrated ones, and by how much these are moved in languages that have labels enough.
    fold_blends, fold_levels : list of Blend, list of LanguageLevels
        Per fold of the labelled texts those fitted on the other folds; empty without labels and once loaded.
    """

    def __init__(
        self, encoder: Encoder, *, language: str, multi_label: bool, language_shift: LanguageShiftOption = "remove"
    ) -> None:
        self.encoder = encoder
        self.multi_label = multi_label
        kind = {"language": language, "multi_label": multi_label}
        self._kind: dict[str, Any] = {**kind, "language_shift": language_shift}
        self.frozen = FrozenExpert(encoder, **self._kind)
        self.windows: WindowExpert | None = None
        self.tuned: TunedEncoder | None = None
        self.pools = False
        self.blend = Blend(multi_label=multi_label)
        self.levels = LanguageLevels()
        self.fold_blends: list[Blend] = []
        self.fold_levels: list[LanguageLevels] = []

    def fit_anchors(self, anchors: Anchors) -> Array:
        """Learn from the codebook alone.

        Parameters
        ----------
        anchors : Anchors
            Texts of the codebook.

        Returns
        -------
        ndarray, shape (n_passages, K)
            Scores of the anchors that are passages, each left out.
        """
        self.frozen.fit(anchors)
        left_out = self.frozen.left_out_
        self.pools = self.multi_label  # odds of frames that shut each other out cannot be added
        self.blend = calibrate_anchors(left_out, anchors, multi_label=self.multi_label)
        return self.blend.predict_proba(left_out[None, anchors.counted])

    def fit_frozen(self, anchors: Anchors, labelled: LabelledTexts, *, progress: str = "") -> Array:
        """Fit the frozen expert on anchors and labelled texts; `fit_blends` must follow.

        Parameters
        ----------
        anchors : Anchors
            Texts of the codebook.
        labelled : LabelledTexts
            Texts with labels, groups and folds.
        progress : str, default ""
            Title of the progress of encoding; empty for none.

        Returns
        -------
        ndarray, shape (n_passages, K)
            Scores of the anchors that are passages, each left out, calibrated on the labelled texts.
        """
        self.frozen.fit(anchors, labelled.texts, labelled.labels, labelled.groups, labelled.folds, progress=progress)
        if self.frozen.whole_:
            self.windows = WindowExpert(self.encoder, **self._kind)
            self.windows.fit(anchors, labelled.texts, labelled.labels, labelled.folds, progress=progress)
        n_anchors = len(anchors.texts)
        blend = Blend(multi_label=self.multi_label).fit(self.frozen.left_out_[None, n_anchors:], labelled.labels)
        return blend.predict_proba(self.frozen.left_out_[None, :n_anchors][:, anchors.counted])

    def fit_tuned(
        self,
        anchors: Anchors,
        labelled: LabelledTexts,
        *,
        plan: TuningPlan,
        random_seed: int,
        progress: str = "",
        say: Say | None = None,
    ) -> TunedEncoder:
        """Tune upper layers of the encoder, after `fit_frozen`, whose weight of seeds is taken.

        Parameters
        ----------
        anchors : Anchors
            Texts of the codebook.
        labelled : LabelledTexts
            Texts with labels and folds.
        plan : TuningPlan
            How the encoder is tuned.
        random_seed : int
            Of the training.
        progress : str
            Title of a bar, on a terminal.
        say : callable, optional
            Is called with how far the training is.

        Returns
        -------
        TunedEncoder
            `tuned`.

        Raises
        ------
        InputError
            Where the encoder cannot be tuned.
        """
        n_anchors = len(anchors.texts)
        seed_weight = max(self.frozen.seed_weight_, _MIN_SEED_WEIGHT)
        tuned = TunedEncoder(self._read_source(), multi_label=self.multi_label, plan=plan, random_seed=random_seed)
        self.tuned = tuned.fit(
            [mark_roles(text) for text in (*anchors.texts, *labelled.texts)],
            np.vstack([anchors.targets, labelled.labels]),
            np.r_[np.full(n_anchors, seed_weight), np.ones(len(labelled.texts))],
            np.r_[np.full(n_anchors, -1, dtype=np.int64), labelled.folds],
            known=np.vstack([anchors.known, np.ones(labelled.labels.shape, dtype=bool)]),
            progress=progress,
            say=say,
        )
        return self.tuned

    def fit_blends(self, labelled: LabelledTexts) -> Array:
        """Fit the blend on left-out scores of the labelled texts, and per fold one on the other folds.

        Parameters
        ----------
        labelled : LabelledTexts
            Texts with labels and folds, those of `fit_frozen`. With a single fold its blend is the one of all texts.

        Returns
        -------
        ndarray, shape (n, K)
            Calibrated scores of the labelled texts, each by the experts and the blend without its fold.
        """
        labels = labelled.labels
        by_expert = [expert.left_out_ for expert in (self.frozen, self.windows, self.tuned) if expert is not None]
        left_out = np.stack([scores[-len(labels) :] for scores in by_expert])  # anchors stand before
        languages = detect_languages(labelled.texts) if self.frozen.neutral and self.multi_label else None
        fitted = fit_blends_by_fold(left_out, labels, labelled.folds, languages, multi_label=self.multi_label)
        self.blend, self.levels = fitted.blend, fitted.levels
        self.fold_blends, self.fold_levels = fitted.fold_blends, fitted.fold_levels
        return fitted.cross_fitted

    def forget_folds(self) -> None:
        """Drop what serves to correct by labels, where examples of the codebook stood for labels."""
        self.fold_blends, self.fold_levels, self.pools = [], [], self.multi_label

    def find_long(self, texts: list[str]) -> NDArray[np.bool_]:
        """Find the texts that an expert does not read at once.

        Parameters
        ----------
        texts : list of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for those that are read in pieces.
        """
        is_long = find_long(self.encoder, [strip_roles(text) for text in texts])
        if self.tuned is not None:
            is_long |= self.tuned.find_long([mark_roles(text) for text in texts])
        return is_long

    def predict_proba(self, texts: list[str], *, progress: str = "") -> Array:
        """Calibrated scores.

        Parameters
        ----------
        texts : list of str
            Length n; equal texts are scored once.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (n, K)
            Scores from 0 to 1.
        """
        is_long = np.array([self.pools and is_article(text) for text in texts], dtype=bool)
        articles = [strip_roles(texts[row]) for row in np.flatnonzero(is_long)]
        windows, owners, _ = cut_windows(articles, language=self.frozen.list_languages(articles))
        short = [text for text, is_one in zip(texts, is_long, strict=True) if not is_one]
        both: Array = self._predict([*short, *windows], by_fold=False, progress=progress)[0]
        scores = np.empty((len(texts), both.shape[1]))
        scores[~is_long] = both[: len(short)]
        scores[is_long] = pool_windows(both[len(short) :], owners, np.zeros((len(articles), both.shape[1])))
        return scores

    def predict_folds(self, texts: list[str], *, progress: str = "") -> Array:
        """Calibrated scores by the experts and the blend without each fold.

        Parameters
        ----------
        texts : list of str
            Length n; equal texts are scored once.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (J, n, K)
            Scores from 0 to 1 without each of the J folds.
        """
        return self._predict(texts, by_fold=True, progress=progress)

    def _predict(self, texts: list[str], *, by_fold: bool, progress: str) -> Array:
        """Scores, shape (n_blends, n, K), by the blend of all labelled texts or by those of the folds."""
        blends = self.fold_blends if by_fold else [self.blend]
        levels = self.fold_levels if by_fold else [self.levels]
        place, unique = pd.factorize(np.array(texts, dtype=object))
        parts = [np.zeros((len(blends), 0, self.blend.shifts_.shape[0]))]
        for start in range(0, len(unique), _BATCH_TEXTS):
            part = unique[start : start + _BATCH_TEXTS].tolist()
            raw = self._score(part, by_fold=by_fold, progress=progress)
            calibrated = (blend.predict_proba(scores) for blend, scores in zip(blends, raw, strict=True))
            moved = [level.move_texts(scores, part) for level, scores in zip(levels, calibrated, strict=True)]
            parts.append(np.stack(moved))
        return np.concatenate(parts, axis=1)[:, place]

    def _score(self, texts: list[str], *, by_fold: bool, progress: str) -> Array:
        """Raw scores of the experts, shape (n_blends, E, n, K)."""
        frozen = self.frozen.score_folds if by_fold else self.frozen.score
        scores = [frozen(texts, progress=progress)]
        if self.windows is not None:
            of_windows = self.windows.score_folds if by_fold else self.windows.score
            scores.append(of_windows(texts, progress=progress))
        if self.tuned is not None:
            tuned = self.tuned.score_members if by_fold else self.tuned.score
            scores.append(tuned([mark_roles(text) for text in texts], progress=progress))
        stacked = np.stack(scores, axis=-3)
        return stacked if by_fold else stacked[None]

    def get_state(self) -> State:
        """Take all that scoring needs beside the encoder.

        Returns
        -------
        State
            Experts and blend, without texts and without what belongs to single folds.
        """
        parts = {"frozen": self.frozen.get_state(), "blend": self.blend.get_state()}
        if self.levels.counts:
            parts["levels"] = self.levels.get_state()
        if self.windows is not None:
            parts["windows"] = self.windows.get_state()
        if self.tuned is not None:
            parts["tuned"] = self.tuned.get_state()
        state = State.join(**parts)
        return State(state.arrays, {**state.values, "pools": self.pools})

    def set_state(self, state: State) -> Ensemble:
        """Become the ensemble that a state was taken from.

        Parameters
        ----------
        state : State
            As `get_state` returned it.

        Returns
        -------
        Ensemble
            Itself.
        """
        self.frozen.set_state(state.part("frozen"))
        self.blend.set_state(state.part("blend"))
        self.levels = LanguageLevels.from_state(state.part("levels"))
        self.pools = bool(state.values.get("pools", False))
        windows = state.part("windows")
        if windows.arrays:
            self.windows = WindowExpert(self.encoder, **self._kind).set_state(windows)
        tuned = state.part("tuned")
        if tuned.arrays:
            plan = TuningPlan(**tuned.values["plan"])
            source = self._read_source()
            self.tuned = TunedEncoder(source, multi_label=self.multi_label, plan=plan).set_state(tuned)
        return self

    def _read_source(self) -> ModelSource:
        source = self.encoder.source
        if source is None:
            raise InputError(f"The encoder {self.encoder.name} cannot be fine-tuned; choose strength head.")
        return source
