"""The expert on frozen embeddings: texts to features, a kernel head on them, learned from seeds and labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from framing.classify.anchors import Anchors
from framing.classify.calibration import Blend
from framing.classify.frozen.kernel_ridge import Features, KernelRidgeHead, TextFeatures, windows
from framing.classify.roles import has_roles, mask_roles, strip_roles
from framing.classify.state import State
from framing.corpus import split_sentences
from framing.encoders.sentence import Encoder

__all__ = ["FrozenExpert"]

# Of a seed against a labelled passage, then of the ridge; each is tried, by left-out likelihood of the labels.
_SEED_WEIGHTS = (0.03, 0.1, 0.3, 1.0)
_RIDGES = (0.15, 0.05, 0.5)

_ZERO_SHOT_RIDGE = 0.5  # without labels there is nothing to choose it by

_BEYOND = 180  # words; longer texts do not fit into the encoders' windows

Array = NDArray[np.float64]


class FrozenExpert:
    """Raw scores of frames from an encoder that stays as it is, word and character n-grams beside it.

    Attributes
    ----------
    left_out_ : scores of the anchors, then of the labelled texts, each as if its group had been left out.
    seed_weight_, ridge_ : those chosen; without labels the ones that zero-shot was built with.
    """

    def __init__(self, encoder: Encoder, *, language: str, multi_label: bool) -> None:
        self.encoder = encoder
        self.language = language
        self.multi_label = multi_label
        self.roles_ = False

    def fit(
        self,
        anchors: Anchors,
        texts: Sequence[str] = (),
        targets: NDArray[np.bool_] | None = None,
        groups: NDArray[np.int64] | None = None,
        folds: NDArray[np.int64] | None = None,
        *,
        keep_kernels: bool = False,
    ) -> FrozenExpert:
        """Learn from the codebook's anchors, and from labelled texts where there are some.

        Parameters
        ----------
        anchors : Anchors
            Texts of the codebook.
        texts : sequence of str
            Labelled texts, length n.
        targets : ndarray of bool, shape (n, K)
            Their labels.
        groups : ndarray of int, shape (n,)
            Texts of one group are left out together; by default each is alone.
        folds : ndarray of int, shape (n,)
            Heads without each fold are kept for `score_folds`.
        keep_kernels : bool
            Whether `without_seeds` will be asked for.
        """
        everything = [*anchors.texts, *texts]
        self.roles_ = has_roles(texts)
        self._words = TextFeatures().fit([self._wording(text) for text in everything])
        self.head = KernelRidgeHead().prepare(*self.features(everything))
        if targets is None:
            self.seed_weight_, self.ridge_ = 1.0, _ZERO_SHOT_RIDGE
            self.head.solve(anchors.targets, np.ones(len(anchors.texts)), ridge=self.ridge_)
        else:
            self._learn(anchors, targets, groups, folds)
        self.left_out_ = self.head.left_out_
        if not keep_kernels:
            self.head.forget_kernels()
        return self

    def _learn(
        self,
        anchors: Anchors,
        labels: NDArray[np.bool_],
        groups: NDArray[np.int64] | None,
        folds: NDArray[np.int64] | None,
    ) -> None:
        """Choose the weight of seeds, then the ridge, by the likelihood of the left-out labels; solve with both."""
        n_anchors = len(anchors.texts)
        targets = np.vstack([anchors.targets, labels])
        every_group = None
        if groups is not None:  # anchors stand alone
            every_group = np.r_[groups.max(initial=-1) + 1 + np.arange(n_anchors), groups]
        every_fold = None if folds is None else np.r_[np.full(n_anchors, -1, dtype=np.int64), folds]

        def solve(seed_weight: float, ridge: float, folds: NDArray[np.int64] | None = None) -> Array:
            """Left-out scores of the labelled texts, shape (n, K)."""
            weights = np.r_[np.full(n_anchors, seed_weight), np.ones(len(labels))]
            self.head.solve(targets, weights, groups=every_group, folds=folds, ridge=ridge, balanced=False)
            return self.head.left_out_[n_anchors:]

        def loss(left_out: Array) -> float:
            return Blend(multi_label=self.multi_label).fit(left_out[None], labels).loss_

        losses = [loss(solve(weight, _RIDGES[0])) for weight in _SEED_WEIGHTS]
        self.seed_weight_ = _SEED_WEIGHTS[int(np.argmin(losses))]
        losses = [min(losses), *(loss(solve(self.seed_weight_, ridge)) for ridge in _RIDGES[1:])]
        self.ridge_ = _RIDGES[int(np.argmin(losses))]
        solve(self.seed_weight_, self.ridge_, every_fold)

    def without_seeds(self, anchors: Anchors, column: int) -> KernelRidgeHead:
        """Heads of the frame of `column`: with all seeds of the codebook, then without each of them in turn.

        For an expert that was fitted on `anchors` alone, with `keep_kernels`. Its `features` of texts give scores of
        shape (m, 1 + R) by the `score` of what is returned, R being the number of seeds.
        """
        targets, weights = anchors.targets[:, column], np.ones(len(anchors.texts))
        return self.head.without_each(targets, weights, anchors.seed_rows, ridge=self.ridge_)

    def score(self, texts: list[str], *, progress: str = "") -> Array:
        """Raw scores, shape `(n, K)`."""
        return self.head.score(*self.features(texts, progress=progress))

    def score_folds(self, texts: list[str], *, progress: str = "") -> Array:
        """Raw scores by the heads that each fold was left out of, shape `(J, n, K)`."""
        return self.head.score_folds(*self.features(texts, progress=progress))

    def features(self, texts: list[str], *, progress: str = "") -> tuple[Features, Features, NDArray[np.int64]]:
        """Features of texts and of their windows, and the text each window belongs to."""
        plain = [strip_roles(text) for text in texts]
        pieces, owners = windows(plain, [split_sentences(text, language=self.language) for text in plain])
        every = [*plain, *pieces]
        vectors = self.encoder.encode(every, progress=progress)
        n = len(texts)
        if self.roles_:  # as it stands, and with the roles as letters: the mean cosine of both decides
            masked = [*(mask_roles(text) for text in texts), *pieces]
            vectors = np.hstack([vectors, self.encoder.encode(masked, progress=progress)]) / np.float32(np.sqrt(2))
        for row in [row for row, text in enumerate(plain) if len(text.split()) > _BEYOND]:
            pieces_of = np.flatnonzero(owners == row)
            if len(pieces_of):  # an encoder reads the beginning only; the mean of its windows speaks for all of it
                mean = vectors[n + pieces_of].mean(axis=0)
                vectors[row] = mean / np.linalg.norm(mean)
        words = self._words.transform([self._wording(text) for text in texts])
        none = self._words.transform([""])[:0]
        return (
            Features(vectors[:n], words),
            Features(vectors[n:], self._words.transform(pieces) if pieces else none),
            owners,
        )

    def _wording(self, text: str) -> str:
        return mask_roles(text) if self.roles_ else strip_roles(text)

    def get_state(self) -> State:
        """The head and the n-grams, which score without the training texts."""
        state = State.join(head=self.head.get_state(), words=self._words.get_state())
        return State(state.arrays, {**state.values, "roles": self.roles_})

    def set_state(self, state: State) -> FrozenExpert:
        """Take head and n-grams from `state`."""
        self.head = KernelRidgeHead().set_state(state.part("head"))
        self._words = TextFeatures().set_state(state.part("words"))
        self.roles_ = bool(state.values["roles"])
        return self
