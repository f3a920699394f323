"""What an analysis needs of a classifier, whichever way it scores; and the checks that all of them share."""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
import sklearn.exceptions
from numpy.typing import NDArray

from framing.classify.decisions import DecisionRule
from framing.classify.supervision import Labels, check_labels
from framing.classify.windows import score_windows
from framing.codebook import Codebook
from framing.errors import InputError
from framing.steps import Say

__all__ = ["NotFittedError", "Scorer", "ScorerMixin", "list_texts"]

Array = NDArray[np.float64]


class NotFittedError(InputError, sklearn.exceptions.NotFittedError):  # type: ignore[misc]
    """Scores were asked for before `fit`; scikit-learn's `NotFittedError` too."""


class Scorer(Protocol):
    """Scores and decisions of each frame of a codebook for each passage: `FrameClassifier`, `NliScorer`.

    Attributes with an underscore at the end are there once it is fitted.

    Attributes
    ----------
    codebook : Codebook
        Its frames are scored.
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
        What is required per frame and whether it could be promised, columns `framing.tables.GUARANTEES`.
    """

    codebook: Codebook
    encoder_name_: str
    dtype_: str
    training_dtype_: str
    classes_: NDArray[np.str_]
    strength_: str
    zero_shot_: bool
    threshold_: float
    cross_fitted_: Array | None
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
        """Fit on the codebook alone, or also on labelled texts.

        Parameters
        ----------
        texts : sequence of str, optional
            Length n.
        labels : array of bool, shape (n, K), or DataFrame, optional
            Which frames each text carries.
        groups : sequence, optional
            The document of each text, length n.
        progress : str
            Title of a bar, on a terminal.
        say : callable, optional
            Is called with what is done.

        Returns
        -------
        Scorer
            Itself.
        """
        ...

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Score passages.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (n, K)
            Scores from 0 to 1.
        """
        ...

    def find_long(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Find the passages that are longer than what the model reads at once.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for those that are scored in pieces.
        """
        ...

    def predict_folds(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Score passages by the classifiers without each fold of the labelled texts.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (J, n, K)
            Scores from 0 to 1 without each of the J folds.
        """
        ...

    def decide_scores(self, scores: Array) -> NDArray[np.str_]:
        """Decide by given scores.

        Parameters
        ----------
        scores : ndarray, shape (n, K)
            As `predict_proba` returns them.

        Returns
        -------
        ndarray of str, shape (n, K)
            `present`, `absent` or `abstain`.
        """
        ...

    def describe_anchors(self) -> pd.DataFrame:
        """Describe per frame how well its seeds are found.

        Returns
        -------
        DataFrame
            As `framing.classify.anchors.describe_anchors`.
        """
        ...


class ScorerMixin(abc.ABC):
    """Decisions of a scorer, from its `predict_proba`, its `classes_` and its `decision_rule_`."""

    codebook: Codebook
    classes_: NDArray[np.str_]
    decision_rule_: DecisionRule

    @abc.abstractmethod
    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> Array:
        """Score passages.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        ndarray, shape (n, K)
            Scores from 0 to 1.
        """

    def predict(self, texts: Sequence[str]) -> pd.DataFrame:
        """Say whether each passage carries each frame.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        DataFrame
            Booleans, a row a text with the index of `texts` where that is a Series, a column a frame named by its id.
            An abstention counts as no; `decide` tells them apart.
        """
        index = texts.index if isinstance(texts, pd.Series) else None
        return pd.DataFrame(self.decide(texts) == "present", index=index, columns=self.classes_.tolist())

    def decide(self, texts: Sequence[str]) -> NDArray[np.str_]:
        """Decide for each passage and frame.

        Parameters
        ----------
        texts : sequence of str
            Length n.

        Returns
        -------
        ndarray of str, shape (n, K)
            `present`, `absent` or `abstain`.
        """
        return self.decide_scores(self.predict_proba(texts))

    def score_windows(self, texts: Sequence[str], *, progress: str = "") -> pd.DataFrame:
        """Score windows of long texts: where in a document a frame is found.

        Parameters
        ----------
        texts : sequence of str
            Length n.
        progress : str
            Title of a bar, on a terminal.

        Returns
        -------
        DataFrame
            One row a window and frame: `row` (of the text, from 0), `start` and `end` (characters of the text), `text`
            (of the window), `frame` and `score`.

        Notes
        -----
        A window is a run of whole sentences of 60 to 120 words; they do not overlap. Its score is what `predict_proba`
        gives for the window by itself, so it is on the scale of other scores. It says which window looks most like the
        frame. Where the classifier learned from whole documents it is no chance that people would give the window the
        frame, and the score of a document need not be the highest of its windows.
        """
        listed = list_texts(texts, method="score_windows")
        return score_windows(self, listed, progress=progress).list_long(listed, self.codebook.frame_ids)

    def decide_scores(self, scores: Array) -> NDArray[np.str_]:
        """Decide by given scores.

        Parameters
        ----------
        scores : ndarray, shape (n, K)
            As `predict_proba` returns them.

        Returns
        -------
        ndarray of str, shape (n, K)
            `present`, `absent` or `abstain`.
        """
        return self.decision_rule_.decide(scores)

    def score(self, texts: Sequence[str], labels: Labels, sample_weight: Array | None = None) -> float:
        """Measure the share of the texts whose frames are all decided as labelled (scikit-learn's accuracy).

        Parameters
        ----------
        texts : sequence of str
            Length n.
        labels : array of bool of shape (n, K), DataFrame, or list
            As in `fit`.
        sample_weight : ndarray, shape (n,), optional
            Weights of the texts.

        Returns
        -------
        float
            From 0 to 1.
        """
        label_array = check_labels(labels, len(texts), self.codebook, method="score")
        right = (self.predict(texts).to_numpy() == label_array).all(axis=1)
        return float(np.average(right, weights=sample_weight))


def list_texts(texts: Sequence[str], *, method: str) -> list[str]:
    """Read texts as a list.

    Parameters
    ----------
    texts : sequence of str
        Several texts.
    method : str
        What an error names as its origin.

    Returns
    -------
    list of str
        The texts.

    Raises
    ------
    InputError
        For a single text, and for what is no text, such as a missing value.

    Examples
    --------
    >>> list_texts(("Talks.", "War."), method="predict")
    ['Talks.', 'War.']
    """
    if isinstance(texts, str):
        raise InputError(f"{method}: expected a list of texts, got one text. Put it in a list.")
    listed = list(texts)
    for number, text in enumerate(listed):
        if not isinstance(text, str):
            raise InputError(
                f"{method}: text {number} (counted from 0) is {text!r} of type {type(text).__name__}, not text. "
                "Leave such rows out, or write the text."
            )
    return [str(text) for text in listed]
