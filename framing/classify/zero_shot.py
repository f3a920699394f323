"""What scorers share that read the codebook alone: neither texts nor labels teach them anything."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from framing.classify.decisions import DecisionRule
from framing.classify.scorer import NotFittedError, ScorerMixin
from framing.codebook.drafts import check_written
from framing.errors import InputError
from framing.steps import Say
from framing.tables import GUARANTEES

__all__ = ["ZeroShotScorer"]

Array = NDArray[np.float64]


class ZeroShotScorer(ScorerMixin, BaseEstimator):  # type: ignore[misc]
    """A scorer that learns nothing; what it reads the codebook by is prepared by `_prepare`."""

    _what: ClassVar[str]  # what scores, for messages

    @abc.abstractmethod
    def _prepare(self) -> str:
        """Check the parameters and make ready what scores; its name."""

    def fit(
        self,
        texts: Sequence[str] | None = None,
        labels: object = None,
        *,
        groups: Sequence[object] | None = None,
        progress: str = "",
        say: Say | None = None,
    ) -> Self:
        """Read the codebook and find the model; nothing is scored, loaded or sent before the first passage.

        Parameters
        ----------
        texts : None
            Nothing is learned from texts.
        labels : None
            Nothing is learned from labels.
        groups : sequence, optional
            Not used; a parameter of `FrameClassifier.fit`.
        progress : str
            Not used, likewise.
        say : callable, optional
            Not used, likewise.

        Returns
        -------
        ZeroShotScorer
            Itself.

        Raises
        ------
        InputError
            Where texts or labels are given, for a draft of a codebook, for a model that cannot be found, and for
            parameters that do not suit.
        """
        if texts is not None or labels is not None:
            raise InputError(
                f"fit: {self._what} does not learn from texts or labels; call fit() with nothing, or use "
                "FrameClassifier, which learns from them."
            )
        check_written(self.codebook)
        self.encoder_name_ = self._prepare()
        self.classes_ = np.array(self.codebook.frame_ids)
        self.decision_rule_ = DecisionRule(self.codebook.multi_label, residual=self.codebook.residual)
        self.threshold_ = self.decision_rule_.threshold
        self.zero_shot_ = True
        self.strength_ = "zero-shot"
        self.training_dtype_ = ""
        self.cross_fitted_: Array | None = None
        self.folds_: NDArray[np.int64] | None = None
        self.guarantees_ = pd.DataFrame(columns=list(GUARANTEES))
        return self

    def predict_folds(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Refuse: nothing was learned, so there are no folds.

        Parameters
        ----------
        texts : sequence of str
            Not used.
        progress : str
            Not used.

        Returns
        -------
        ndarray
            Never.

        Raises
        ------
        InputError
            Always.
        """
        raise InputError(f"predict_folds: {self._what} learns from no labels, so there are no folds.")

    def _check_fitted(self, method: str) -> None:
        if not hasattr(self, "decision_rule_"):
            raise NotFittedError(f"{method}: call fit first.")
