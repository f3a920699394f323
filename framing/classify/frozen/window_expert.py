"""The expert on windows: what the codebook alone says of each part of a text, weighed by labels.

A head on a document's mean vector sees its topic; what a few sentences say is lost in it. Here seeds score each window
by itself, and labels of whole texts teach which of these scores, of all frames, go with which frame: the mean over
windows and the mean of the best ones are the features (an instance-based form of multiple-instance learning, Foulds &
Frank 2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from framing.classify.anchors import Anchors
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.frozen.feature_reader import LanguageShiftOption
from framing.classify.linear_head import fit_linear_weights
from framing.classify.roles import strip_roles
from framing.classify.state import State
from framing.classify.windows import cut_windows
from framing.encoders.encoder import Encoder
from framing.uncertainty.resample import STILL

__all__ = ["WindowExpert"]

_BEST = 3  # windows whose mean is the second feature of a frame
_PENALTIES = (0.01, 0.03, 0.1, 0.3)  # inverse ones, of the head on standardised features

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
_Head = tuple[Array, Array]  # slopes, shape (K, 2 K), and shifts, shape (K,)


class WindowExpert:
    """Raw scores of frames from what seeds alone say of windows, by heads learned from labelled texts.

    Parameters
    ----------
    encoder : Encoder
        Texts to vectors.
    language : str
        Language of the texts, for their sentences.
    multi_label : bool
        Whether a text may carry several frames.
    language_shift : {"remove", "keep"}
        As in `FeatureReader`.

    Attributes
    ----------
    left_out_ : ndarray, shape (n, K)
        Scores of the labelled texts by heads without their fold.
    seeds : FrozenExpert
        Learned from the codebook alone.
    """

    def __init__(
        self, encoder: Encoder, *, language: str, multi_label: bool, language_shift: LanguageShiftOption = "remove"
    ) -> None:
        self.multi_label = multi_label
        self.seeds = FrozenExpert(
            encoder,
            language=language,
            multi_label=multi_label,
            language_shift=language_shift,
        )

    def fit(
        self, anchors: Anchors, texts: Sequence[str], labels: NDArray[np.bool_], folds: Rows, *, progress: str = ""
    ) -> WindowExpert:
        """Learn from the codebook how to score windows, and from labelled texts what these scores mean.

        Parameters
        ----------
        anchors : Anchors
            Texts of the codebook.
        texts : sequence of str
            Labelled texts, length n.
        labels : ndarray of bool, shape (n, K)
            Their labels.
        folds : ndarray of int, shape (n,)
            Fold of each text.
        progress : str
            Title of the progress of encoding; empty for none.

        Returns
        -------
        WindowExpert
            Itself.
        """
        self.seeds.fit(anchors)
        features = self._summarise(list(texts), progress=progress)
        self._head = self._learn(features, labels)
        self._fold_heads = []
        self.left_out_ = np.empty(labels.shape)
        for fold in np.unique(folds):
            inside, outside = folds == fold, folds != fold
            head = self._learn(features[outside], labels[outside]) if outside.any() else self._head
            self._fold_heads.append(head)
            self.left_out_[inside] = _apply(head, features[inside])
        return self

    def _learn(self, features: Array, labels: NDArray[np.bool_]) -> _Head:
        """Coefficients of the features as they are, learned on standardised ones, which one penalty suits."""
        spread = features.std(axis=0)
        centre, spread = features.mean(axis=0), np.where(spread > STILL, spread, 1.0)
        scaled, weights = (features - centre) / spread, np.ones(len(labels))
        slopes, shifts = fit_linear_weights(scaled, labels, weights, multi_label=self.multi_label, Cs=_PENALTIES)
        slopes = slopes / spread
        return slopes, shifts - slopes @ centre

    def _summarise(self, texts: list[str], *, progress: str = "") -> Array:
        """Of each frame the mean raw score of a text's windows and that of its three best, shape (n, 2 K)."""
        plain = [strip_roles(text) for text in texts]
        windows, rows, _ = cut_windows(plain, language=self.seeds.list_languages(plain))
        scores = self.seeds.score(windows or [""], whole=True, progress=progress)
        features = np.zeros((len(texts), 2 * scores.shape[1]))  # nothing is said by a text without words
        firsts = np.searchsorted(rows, np.arange(len(texts) + 1))
        for row, (first, end) in enumerate(pairwise(firsts)):
            if first < end:
                of_text = scores[first:end]
                features[row] = np.r_[of_text.mean(axis=0), np.sort(of_text, axis=0)[-_BEST:].mean(axis=0)]
        return features

    def score(self, texts: list[str], *, progress: str = "") -> Array:
        """Score texts.

        Parameters
        ----------
        texts : list of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (n, K)
            Raw scores.
        """
        return _apply(self._head, self._summarise(texts, progress=progress))

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
        features = self._summarise(texts, progress=progress)
        return np.stack([_apply(head, features) for head in self._fold_heads])

    def get_state(self) -> State:
        """Take what scoring needs beside the encoder.

        Returns
        -------
        State
            For `set_state`.
        """
        slopes, shifts = self._head
        return State.join(head=State({"slopes": slopes, "shifts": shifts}), seeds=self.seeds.get_state())

    def set_state(self, state: State) -> WindowExpert:
        """Set heads.

        Parameters
        ----------
        state : State
            As `get_state` returned it.

        Returns
        -------
        WindowExpert
            Itself.
        """
        arrays = state.part("head").arrays
        self._head, self._fold_heads = (arrays["slopes"], arrays["shifts"]), []
        self.seeds.set_state(state.part("seeds"))
        return self


def _apply(head: _Head, features: Array) -> Array:
    slopes, shifts = head
    return np.asarray(features @ slopes.T + shifts)
