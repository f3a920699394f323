"""The expert on frozen embeddings: features of texts, and a kernel head on them, learned from seeds and labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.classify.anchors import Anchors
from framing.classify.calibration import Blend
from framing.classify.frozen.feature_reader import FeatureReader, LanguageShiftOption
from framing.classify.frozen.kernel_ridge import RIDGE, KernelRidgeHead
from framing.classify.frozen.text_features import Features, TextFeatures, are_long
from framing.classify.roles import has_roles
from framing.classify.state import State
from framing.encoders.encoder import Encoder

__all__ = ["FrozenExpert"]

# Of a seed against a labelled passage, then of the ridge; each is tried, by left-out likelihood of the labels.
_SEED_WEIGHTS = (0.03, 0.1, 0.3, 1.0)
_RIDGES = (0.15, 0.05, 0.5)
# Of the codebook's head with an encoder of several languages: a translation lies farther from a text than the text from
# itself, and a smoother head decides alike on both (docs/method.md).
_NEUTRAL_RIDGE = 2.0

Array = NDArray[np.float64]


class FrozenExpert(FeatureReader):
    """Raw scores of frames from an encoder that stays as it is, word and character n-grams beside it.

    With an encoder of several languages there are no n-grams, which one language does not share with another, and the
    directions in which languages differ are taken out of the vectors (`framing.encoders.neutral`).

    Parameters
    ----------
    encoder : Encoder
        Texts to vectors.
    language : str
        Language of the texts, for their sentences; with an encoder of several languages, of those whose language is
        not detected.
    multi_label : bool
        Whether a passage may carry several frames.
    seed_weights : tuple of float
        Weights of a seed that are tried, a labelled passage having 1.
    ridges : tuple of float
        Ridges that are tried, at the best weight; the weights are tried at the first.
    language_shift : {"remove", "keep"}
        Whether what tells languages apart is taken out; `keep` scores as if all texts were in one language.

    Attributes
    ----------
    encoder : Encoder
        The one that is used, without the shift of languages where it has one.
    neutral : bool
        Whether the shift of languages is taken out.
    left_out_ : ndarray, shape (n_anchors + n, K)
        Scores of the anchors, then of the labelled texts, each as if its group had been left out.
    seed_weight_ : float
        The one chosen; 1 without labels.
    ridge_ : float
        The one chosen; without labels the head's own.
    roles_ : bool
        Whether labelled texts mark source and target.
    whole_ : bool
        Whether labelled texts are long ones, such as whole articles, so that a text is scored by its mean vector and
        by all of its n-grams, as it was learned; else a claim in a few of its sentences counts as well.
    head : KernelRidgeHead
        The regression.
    """

    def __init__(
        self,
        encoder: Encoder,
        *,
        language: str,
        multi_label: bool,
        seed_weights: tuple[float, ...] = _SEED_WEIGHTS,
        ridges: tuple[float, ...] = _RIDGES,
        language_shift: LanguageShiftOption = "remove",
    ) -> None:
        super().__init__(encoder, language=language, language_shift=language_shift)
        self.multi_label = multi_label
        self.seed_weights = seed_weights
        self.ridges = ridges

    @property
    def ridge(self) -> float:
        """Ridge of the head where there are no labels to choose it by."""
        return _NEUTRAL_RIDGE if self.neutral else RIDGE

    def fit(
        self,
        anchors: Anchors,
        texts: Sequence[str] = (),
        labels: NDArray[np.bool_] | None = None,
        groups: NDArray[np.int64] | None = None,
        folds: NDArray[np.int64] | None = None,
        *,
        progress: str = "",
    ) -> FrozenExpert:
        """Learn from the codebook's anchors, and from labelled texts where there are some.

        Parameters
        ----------
        anchors : Anchors
            Texts of the codebook.
        texts : sequence of str
            Labelled texts, length n.
        labels : ndarray of bool, shape (n, K), optional
            Their labels.
        groups : ndarray of int, shape (n,), optional
            Texts of one group are left out together; by default each alone.
        folds : ndarray of int, shape (n,), optional
            Fold of each text, for `score_folds`.
        progress : str, default ""
            Title of the progress of encoding; empty for none.

        Returns
        -------
        FrozenExpert
            Itself.
        """
        training_texts = [*anchors.texts, *texts]
        self.roles_, self.whole_ = has_roles(texts), are_long(texts)
        self._fit_words(training_texts)
        self.head = KernelRidgeHead().prepare(*self.features(training_texts, progress=progress))
        if labels is None:
            self.seed_weight_, self.ridge_ = 1.0, self.ridge  # there is nothing to choose them by
            self.head.solve(anchors.targets, np.ones(len(anchors.texts)), ridge=self.ridge_)
        else:
            self._fit_labelled(anchors, labels, groups, folds)
        self.left_out_ = self.head.left_out_
        self.head.forget_kernels()
        return self

    def _fit_labelled(
        self,
        anchors: Anchors,
        labels: NDArray[np.bool_],
        groups: NDArray[np.int64] | None,
        folds: NDArray[np.int64] | None,
    ) -> None:
        """Choose the weight of seeds, then the ridge, by the likelihood of the left-out labels; solve with both."""
        n_anchors = len(anchors.texts)
        targets = np.vstack([anchors.targets, labels])
        all_groups = None
        if groups is not None:  # each anchor is a group of its own
            all_groups = np.r_[groups.max(initial=-1) + 1 + np.arange(n_anchors), groups]
        all_folds = None if folds is None else np.r_[np.full(n_anchors, -1, dtype=np.int64), folds]

        def solve(seed_weight: float, ridge: float, folds: NDArray[np.int64] | None = None) -> Array:
            """Left-out scores of the labelled texts, shape (n, K)."""
            weights = np.r_[np.full(n_anchors, seed_weight), np.ones(len(labels))]
            self.head.solve(targets, weights, groups=all_groups, folds=folds, ridge=ridge, balanced=False)
            return self.head.left_out_[n_anchors:]

        def loss(left_out: Array) -> float:
            return Blend(multi_label=self.multi_label).fit(left_out[None], labels).loss_

        losses = [loss(solve(weight, self.ridges[0])) for weight in self.seed_weights]
        self.seed_weight_ = self.seed_weights[int(np.argmin(losses))]
        losses = [min(losses), *(loss(solve(self.seed_weight_, ridge)) for ridge in self.ridges[1:])]
        self.ridge_ = self.ridges[int(np.argmin(losses))]
        solve(self.seed_weight_, self.ridge_, all_folds)

    def prepare(self, anchors: Anchors) -> FrozenExpert:
        """Compute the kernels of the codebook's anchors, for `solve_without` and `score_by`; nothing is fitted yet.

        Parameters
        ----------
        anchors : Anchors
            Texts of the codebook.

        Returns
        -------
        FrozenExpert
            Itself.
        """
        self.roles_, self.whole_ = False, False
        self._fit_words(anchors.texts)
        features, windows, owners, _ = self.features(anchors.texts)
        none = Features(windows.vectors[:0], windows.words[:0])  # windows serve left-out scores alone
        self.head = KernelRidgeHead().prepare(features, none, owners[:0])
        return self

    def solve_without(self, anchors: Anchors, column: int, sets: Sequence[NDArray[np.int64]]) -> Array:
        """Fit heads of one frame: with all anchors, then without each set of them.

        Parameters
        ----------
        anchors : Anchors
            Those of `prepare`.
        column : int
            Column of the frame.
        sets : sequence of ndarray of int
            Rows of the anchors that are left out together, S sets.

        Returns
        -------
        ndarray, shape (n_anchors, 1 + S)
            Coefficients for `score_by`.
        """
        targets, weights = anchors.targets[:, column], np.ones(len(anchors.texts))
        return self.head.solve_without(targets, weights, sets, ridge=self.ridge)

    def score_by(self, duals: Array, texts: list[str]) -> Array:
        """Score texts by given coefficients.

        Parameters
        ----------
        duals : ndarray, shape (n_anchors, V)
            Coefficients of V heads.
        texts : list of str
            Length n.

        Returns
        -------
        ndarray, shape (n, V)
            Raw scores.
        """
        return self.head.score_by(duals, *self.features(texts))

    def score(self, texts: list[str], *, whole: bool | None = None, progress: str = "") -> Array:
        """Score texts.

        Parameters
        ----------
        texts : list of str
            Length n.
        whole : bool, optional
            Whether by their own vectors and n-grams alone, without windows; by default `whole_`.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (n, K)
            Raw scores.
        """
        return self.head.score(*self.features(texts, whole=whole, progress=progress))

    def score_folds(self, texts: list[str], *, progress: str = "") -> Array:
        """Score texts by the heads without each fold.

        Parameters
        ----------
        texts : list of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (J, n, K)
            Raw scores without each of the J folds.
        """
        return self.head.score_folds(*self.features(texts, progress=progress))

    def get_state(self) -> State:
        """Take the head and the n-grams, which score without the training texts.

        Returns
        -------
        State
            For `set_state`.
        """
        state = State.join(head=self.head.get_state(), words=self._words.get_state())
        values = {"roles": self.roles_, "whole": self.whole_, "neutral": self.neutral}
        return State(state.arrays, {**state.values, **values})

    def set_state(self, state: State) -> FrozenExpert:
        """Set head and n-grams.

        Parameters
        ----------
        state : State
            As `get_state` returned it.

        Returns
        -------
        FrozenExpert
            Itself.
        """
        if not state.values.get("neutral", False):  # what an earlier version learned keeps its scores
            self.keep_shift()
        self.head = KernelRidgeHead().set_state(state.part("head"))
        words = state.part("words")
        self._words = TextFeatures(counted=bool(words.values.get("parts", True))).set_state(words)
        self.roles_, self.whole_ = bool(state.values["roles"]), bool(state.values.get("whole", False))
        return self
