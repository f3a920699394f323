"""What an analysis needs of a classifier, whichever way it scores; and the checks that all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
import sklearn.exceptions
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.errors import InputError
from framing.steps import Say

__all__ = ["NotFittedError", "Scorer", "as_table", "list_texts"]


class NotFittedError(InputError, sklearn.exceptions.NotFittedError):  # type: ignore[misc]
    """Scores were asked for before `fit`; scikit-learn's `NotFittedError` too."""


class Scorer(Protocol):
    """Scores and decisions of each frame of a codebook for each passage: `FrameClassifier`, `NliScorer`.

    Attributes with an underscore at the end are there once it is fitted.

    Attributes
    ----------
    codebook : Codebook
    encoder_name_ : str
        Name of the model that reads the texts.
    dtype_ : str
        Number format that the model computes in.
    training_dtype_ : str
        Number format of the products while the encoder was tuned; empty where it was not.
    classes_ : ndarray of str, shape (K,)
        Frame ids.
    strength_ : str
        How much was learned: `zero-shot`, `head` or `fine-tuned`.
    zero_shot_ : bool
        Whether no labels were used.
    threshold_ : float
        A frame is present from this score on (codebooks with several labels).
    cross_fitted_ : ndarray, shape (n, K), or None
        Scores of the labelled texts by models that had seen neither the text nor its group; None without labels.
    folds_ : ndarray of int, shape (n,), or None
        Fold of each labelled text; None without labels.
    guarantees_ : DataFrame
        What was asked for per frame and whether it could be promised, columns `framing.tables.GUARANTEES`.
    """

    codebook: Codebook
    encoder_name_: str
    dtype_: str
    training_dtype_: str
    classes_: NDArray[np.str_]
    strength_: str
    zero_shot_: bool
    threshold_: float
    cross_fitted_: NDArray[np.float64] | None
    folds_: NDArray[np.int64] | None
    guarantees_: pd.DataFrame

    def fit(
        self,
        texts: Sequence[str] | None = None,
        labels: Any = None,
        *,
        groups: Sequence[object] | None = None,
        progress: str = "",
        say: Say | None = None,
    ) -> Scorer:
        """Fit on the codebook alone, or also on labelled texts."""
        ...

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float64]:
        """Scores, shape (n, K), 0 to 1."""
        ...

    def predict_folds(self, texts: Sequence[str], *, progress: str = "") -> NDArray[np.float64]:
        """Scores by the classifiers that each fold of the labelled texts was left out of, shape (J, n, K)."""
        ...

    def decide_scores(self, scores: NDArray[np.float64]) -> NDArray[np.str_]:
        """`present`, `absent` or `abstain` for each score."""
        ...

    def describe_anchors(self) -> pd.DataFrame:
        """Per frame, how well its seeds are found."""
        ...


def list_texts(texts: Sequence[str], *, method: str) -> list[str]:
    """`texts` as a list; raises `InputError` that names `method` for a single text.

    >>> list_texts(("Talks.", "War."), method="predict")
    ['Talks.', 'War.']
    """
    if isinstance(texts, str):
        raise InputError(f"{method}: expected a list of texts, got one text. Put it in a list.")
    return [str(text) for text in texts]


def as_table(decided: NDArray[np.bool_], texts: Sequence[str], frames: NDArray[np.str_]) -> pd.DataFrame:
    """Decisions, shape (n, K), with a column a frame; rows have the index of `texts` where that is a Series.

    >>> as_table(np.array([[True, False]]), pd.Series(["Talks."], index=[7]), np.array(["peace", "war"]))
       peace    war
    7   True  False
    """
    index = texts.index if isinstance(texts, pd.Series) else None
    return pd.DataFrame(decided, index=index, columns=frames.tolist())
