"""The expert on frozen embeddings: texts to features, a kernel head on them, learned from seeds and labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.anchors import Anchors
from framing.blend import Blend
from framing.corpus import split_sentences
from framing.kernel import Features, KernelRidgeHead, TextFeatures, windows
from framing.roles import has_roles, masked_roles, without_roles

__all__ = ["FrozenExpert"]

# Of a seed against a labelled passage, then of the ridge; each is tried, by left-out likelihood of the labels.
_SEED_WEIGHTS = (0.03, 0.1, 0.3, 1.0)
_RIDGES = (0.15, 0.05, 0.5)

_BEYOND = 180  # words; longer texts do not fit into the encoders' windows

Array = NDArray[np.float64]


class FrozenExpert:
    """Raw scores of frames from an encoder that stays as it is, word and character n-grams beside it.

    Attributes
    ----------
    left_out_ : scores of the anchors, then of the labelled texts, each as if its group had been left out.
    seed_weight_, ridge_ : those chosen; without labels the ones that zero-shot was built with.
    """

    def __init__(self, encoder: Any, *, language: str, multi_label: bool) -> None:
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
    ) -> FrozenExpert:
        """Learn from the codebook's anchors, and from labelled `texts` with `targets`, shape `(n, K)`.

        With `folds`, shape (n,), heads without each fold are kept for `score_folds`.
        """
        everything = [*anchors.texts, *texts]
        self.roles_ = has_roles(texts)
        self._words = TextFeatures().fit([self._wording(text) for text in everything])
        whole, parts, owners = self.features(everything)
        self.head = KernelRidgeHead().prepare(whole, parts, owners)
        n_anchors = len(anchors.texts)
        self.seed_weight_, self.ridge_ = 1.0, 0.5
        if targets is None:
            self.head.solve(anchors.targets, np.ones(n_anchors))
        else:
            every = np.vstack([anchors.targets, targets])
            together = None
            if groups is not None:  # anchors stand alone
                together = np.r_[groups.max(initial=-1) + 1 + np.arange(n_anchors), groups]
            labelled = slice(n_anchors, None)
            everywhere = None if folds is None else np.r_[np.full(n_anchors, -1, dtype=np.int64), folds]

            def loss(seed_weight: float, ridge: float, folds: NDArray[np.int64] | None = None) -> float:
                weights = np.r_[np.full(n_anchors, seed_weight), np.ones(len(texts))]
                self.head.solve(every, weights, groups=together, folds=folds, ridge=ridge, balanced=False)
                left_out = self.head.left_out_[None, labelled]
                return Blend(multi_label=self.multi_label).fit(left_out, targets).loss_

            losses = [loss(weight, _RIDGES[0]) for weight in _SEED_WEIGHTS]
            self.seed_weight_ = _SEED_WEIGHTS[int(np.argmin(losses))]
            losses = [min(losses), *(loss(self.seed_weight_, ridge) for ridge in _RIDGES[1:])]
            self.ridge_ = _RIDGES[int(np.argmin(losses))]
            loss(self.seed_weight_, self.ridge_, everywhere)
        self.left_out_ = self.head.left_out_
        self.head.forget_kernels()
        return self

    def score(self, texts: list[str], *, progress: str = "") -> Array:
        """Raw scores, shape `(n, K)`."""
        return self.head.score(*self.features(texts, progress=progress))

    def score_folds(self, texts: list[str], *, progress: str = "") -> Array:
        """Raw scores by the heads that each fold was left out of, shape `(J, n, K)`."""
        return self.head.score_folds(*self.features(texts, progress=progress))

    def features(self, texts: list[str], *, progress: str = "") -> tuple[Features, Features, NDArray[np.int64]]:
        """Features of texts and of their windows, and the text each window belongs to."""
        plain = [without_roles(text) for text in texts]
        pieces, owners = windows(plain, [split_sentences(text, language=self.language) for text in plain])
        options = {"progress": progress} if progress else {}
        every = [*plain, *pieces]
        vectors = self.encoder.encode(every, **options)
        n = len(texts)
        if self.roles_:  # as it stands, and with the roles as letters: the mean cosine of both decides
            masked = [*(masked_roles(text) for text in texts), *pieces]
            vectors = np.hstack([vectors, self.encoder.encode(masked, **options)]) / np.float32(np.sqrt(2))
        for row in [row for row, text in enumerate(plain) if len(text.split()) > _BEYOND]:
            own = np.flatnonzero(owners == row)
            if len(own):  # an encoder reads the beginning only; the mean of its windows speaks for all of it
                mean = vectors[n + own].mean(axis=0)
                vectors[row] = mean / np.linalg.norm(mean)
        words = self._words.transform([self._wording(text) for text in texts])
        none = self._words.transform([""])[:0]
        return (
            Features(vectors[:n], words),
            Features(vectors[n:], self._words.transform(pieces) if pieces else none),
            owners,
        )

    def _wording(self, text: str) -> str:
        return masked_roles(text) if self.roles_ else without_roles(text)

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Arrays, and what JSON can hold, that `restore` makes the expert of again."""
        return self.head.state(), {"words": self._words.state(), "roles": self.roles_}

    def restore(self, arrays: dict[str, NDArray[Any]], facts: dict[str, Any]) -> FrozenExpert:
        self.head = KernelRidgeHead.restore(arrays)
        self._words = TextFeatures().restore(facts["words"])
        self.roles_ = bool(facts["roles"])
        return self
