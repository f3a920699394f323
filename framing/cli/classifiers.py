"""The codebook and the classifier that a command's options ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from framing.classify.classifier import FrameClassifier
from framing.classify.nli import NliScorer
from framing.classify.supervision import Strength
from framing.cli.options import LearningOptions, count_refused, say
from framing.codebook import Codebook, read_codebook
from framing.coding.labels import parse_labels
from framing.corpus.rows import read_passages
from framing.encoders.sentence import default_store, open_encoder
from framing.errors import InputError
from framing.project import named_file

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cross_fit_classifier", "open_classifier", "open_codebook"]


def open_codebook(file: Path) -> Codebook:
    """Read a codebook.

    Parameters
    ----------
    file : Path
        A file, or the name of one in seeds/ without its ending.

    Returns
    -------
    Codebook
        The codebook.

    Raises
    ------
    InputError
        If the file is missing or wrong.
    """
    if not file.suffix and not file.exists() and file.name == str(file):
        return read_codebook(named_file("seeds", file.name, ".yaml", kind="codebook"))
    return read_codebook(file)


def open_classifier(
    codebook: Codebook, learning: LearningOptions, *, text_column: str = "text"
) -> FrameClassifier | NliScorer:
    """Fit the classifier that the options ask for.

    Parameters
    ----------
    codebook : Codebook
        The frames.
    learning : LearningOptions
        The model, and the file of labels to learn from if there is one.
    text_column : str, default "text"
        Column of that file with the text.

    Returns
    -------
    FrameClassifier or NliScorer
        Fitted.

    Raises
    ------
    InputError
        If no row of the file of labels carries a frame, or the file, the encoder or a label is wrong.
    """
    if learning.nli_model:
        return NliScorer(codebook, learning.nli_model, store=default_store()).fit()
    classifier = _make_classifier(codebook, learning)
    if learning.labels is None:
        return classifier.fit()
    passages, refused = read_passages(learning.labels, text_column=text_column, extra=["frames"])
    labels = parse_labels(passages, "frames", codebook, source=str(learning.labels))
    if not labels.any():
        raise InputError(
            f"{learning.labels}: no row carries a frame in the column frames, so there is nothing to learn."
        )
    say(count_refused(f"{learning.labels}: {len(passages)} rows to learn from", refused))
    return _fit(classifier, passages, labels)


def cross_fit_classifier(
    codebook: Codebook, learning: LearningOptions, passages: pd.DataFrame, labels: NDArray[np.bool_]
) -> tuple[FrameClassifier, NDArray[np.float64]]:
    """Fit a classifier to passages and score each out of fold.

    Parameters
    ----------
    codebook : Codebook
        The K frames.
    learning : LearningOptions
        The encoder, the strength and the promises.
    passages : DataFrame
        The n passages: `text`, and `group` for passages that stay in one fold.
    labels : ndarray of bool, shape (n, K)
        Human labels.

    Returns
    -------
    classifier : FrameClassifier
        Fitted to all passages.
    scores : ndarray, shape (n, K)
        Scores of each passage by models that did not see its group.
    """
    classifier = _fit(_make_classifier(codebook, learning), passages, labels)
    scores = classifier.cross_fitted_
    assert scores is not None  # it is None only without labels
    return classifier, scores


def _make_classifier(codebook: Codebook, learning: LearningOptions) -> FrameClassifier:
    return FrameClassifier(
        codebook,
        open_encoder(learning.encoder, store=default_store()),
        strength=cast(Strength, learning.strength),  # one of the four: the options were checked
        precision=learning.precision,
        recall=learning.recall,
    )


def _fit(classifier: FrameClassifier, passages: pd.DataFrame, labels: NDArray[np.bool_]) -> FrameClassifier:
    texts, groups = passages["text"].to_list(), passages["group"].to_list()
    return classifier.fit(texts, labels, groups=groups, progress="fine-tuning", say=say)
