"""The expert on frozen embeddings: features of texts, and a kernel head on them, learned from seeds and labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.classify.anchors import Anchors
from framing.classify.calibration import Blend
from framing.classify.frozen.kernel_ridge import RIDGE, KernelRidgeHead
from framing.classify.frozen.text_features import Features, TextFeatures, are_long, is_article, make_windows
from framing.classify.roles import has_roles, mask_roles, strip_roles
from framing.classify.state import State
from framing.corpus import split_sentences
from framing.encoders.encoder import Encoder
from framing.encoders.windows import find_long, split_long

__all__ = ["FrozenExpert"]

# Of a seed against a labelled passage, then of the ridge; each is tried, by left-out likelihood of the labels.
_SEED_WEIGHTS = (0.03, 0.1, 0.3, 1.0)
_RIDGES = (0.15, 0.05, 0.5)

Array = NDArray[np.float64]


class FrozenExpert:
    """Raw scores of frames from an encoder that stays as it is, word and character n-grams beside it.

    Parameters
    ----------
    encoder : Encoder
        Texts to vectors.
    language : str
        Language of the texts, for their sentences.
    multi_label : bool
        Whether a passage may carry several frames.
    seed_weights : tuple of float
        Weights of a seed that are tried, a labelled passage having 1.
    ridges : tuple of float
        Ridges that are tried, at the best weight; the weights are tried at the first.

    Attributes
    ----------
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
    ) -> None:
        self.encoder = encoder
        self.language = language
        self.multi_label = multi_label
        self.seed_weights = seed_weights
        self.ridges = ridges
        self.roles_ = False
        self.whole_ = False

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
        self._words = TextFeatures().fit([self._read_words(text) for text in training_texts])
        self.head = KernelRidgeHead().prepare(*self.features(training_texts, progress=progress))
        if labels is None:
            self.seed_weight_, self.ridge_ = 1.0, RIDGE  # there is nothing to choose them by
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
        self._words = TextFeatures().fit([self._read_words(text) for text in anchors.texts])
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
        return self.head.solve_without(targets, weights, sets, ridge=RIDGE)

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

    def features(
        self, texts: list[str], *, whole: bool | None = None, progress: str = ""
    ) -> tuple[Features, Features, NDArray[np.int64], NDArray[np.bool_]]:
        """Compute the features of texts and of their windows.

        Parameters
        ----------
        texts : list of str
            Length n.
        whole : bool, optional
            As in `score`.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        features : Features
            Of the texts. The vector of a text that the encoder does not read at once is the mean of its pieces'; that
            of a text which fits and has more than 180 words is the mean of its windows'.
        windows : Features
            Of runs of two sentences of the longer texts, and of the pieces of those that the encoder does not read at
            once. A run that does not fit is itself in pieces.
        owners : ndarray of int
            Row of the text that each window belongs to.
        is_piece : ndarray of bool
            Which windows are pieces of such a text.
        """
        n = len(texts)
        plain = [strip_roles(text) for text in texts]
        windows, owners, is_piece, is_long = self._make_windows(plain, self.whole_ if whole is None else whole)
        vectors = self.encoder.encode([*plain, *windows], progress=progress)
        if self.roles_:  # as it stands, and with the roles as letters: the kernel sees the mean cosine of both
            masked = [*(mask_roles(text) for text in texts), *windows]
            vectors = np.hstack([vectors, self.encoder.encode(masked, progress=progress)]) / np.float32(np.sqrt(2))
        for row, text in enumerate(plain):
            if is_long[row] or not is_article(text):
                continue
            own_windows = np.flatnonzero(owners == row)
            if len(own_windows):
                mean = vectors[n + own_windows].mean(axis=0)
                vectors[row] = mean / np.linalg.norm(mean)
        words = self._words.transform([self._read_words(text) for text in texts])
        window_words = self._words.transform(windows) if windows else self._words.transform([""])[:0]
        return Features(vectors[:n], words), Features(vectors[n:], window_words), owners, is_piece

    def _make_windows(
        self, texts: list[str], whole: bool
    ) -> tuple[list[str], NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Windows, their owners, which of them are pieces, and which texts the encoder does not read at once."""

        def find(items: Sequence[str]) -> NDArray[np.bool_]:
            return find_long(self.encoder, items)

        is_long = find(texts)
        if whole:  # the encoder's own vector of a long text is the mean of its pieces'
            nothing = np.zeros(0, dtype=np.int64)
            return [], nothing, nothing.astype(bool), np.ones(len(texts), dtype=bool)
        long_rows = np.flatnonzero(is_long)
        pieces, places = split_long([texts[row] for row in long_rows], find)
        windows, owners = make_windows(texts, [split_sentences(text, language=self.language) for text in texts])
        fitting, of_window = split_long(windows, find)
        is_piece = np.repeat([False, True], [len(fitting), len(pieces)])
        return [*fitting, *pieces], np.r_[owners[of_window], long_rows[places]], is_piece, is_long

    def _read_words(self, text: str) -> str:
        """The text whose n-grams count: without marks, or with roles as letters."""
        return mask_roles(text) if self.roles_ else strip_roles(text)

    def get_state(self) -> State:
        """Take the head and the n-grams, which score without the training texts.

        Returns
        -------
        State
            For `set_state`.
        """
        state = State.join(head=self.head.get_state(), words=self._words.get_state())
        return State(state.arrays, {**state.values, "roles": self.roles_, "whole": self.whole_})

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
        self.head = KernelRidgeHead().set_state(state.part("head"))
        self._words = TextFeatures().set_state(state.part("words"))
        self.roles_, self.whole_ = bool(state.values["roles"]), bool(state.values.get("whole", False))
        return self
