"""The codebook and the classifier that a command's options ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from framing.classify.classifier import FrameClassifier
from framing.classify.nli import NliScorer
from framing.cli.options import LearningOptions, count_refused, say
from framing.codebook import Codebook, read_codebook
from framing.coding.labels import gold_of
from framing.corpus.rows import read_passages
from framing.encoders.sentence import default_store, open_encoder
from framing.errors import InputError
from framing.project import named_file

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cross_fit", "open_classifier", "open_codebook"]


def open_codebook(file: Path) -> Codebook:
    """The codebook of a file, or of a name in seeds/."""
    if not file.suffix and not file.exists() and file.name == str(file):
        return read_codebook(named_file("seeds", file.name, ".yaml", kind="codebook"))
    return read_codebook(file)


def open_classifier(
    codebook: Codebook, learning: LearningOptions, *, text_column: str = "text"
) -> FrameClassifier | NliScorer:
    """The fitted classifier that the options ask for, learned from the labels where there are some.

    Raises
    ------
    InputError
        No row of the file of labels carries a frame, or the file, the encoder or a label is wrong.
    """
    if learning.nli_model:
        return NliScorer(codebook, learning.nli_model, store=default_store()).fit()
    classifier = _unfitted(codebook, learning)
    if learning.labels is None:
        return classifier.fit()
    passages, refused = read_passages(learning.labels, text_column=text_column, extra=["frames"])
    labels = gold_of(passages, "frames", codebook, source=str(learning.labels))
    if not labels.any():
        raise InputError(
            f"{learning.labels}: no row carries a frame in the column frames, so there is nothing to learn."
        )
    say(count_refused(f"{learning.labels}: {len(passages)} rows to learn from", refused))
    return _fit(classifier, passages, labels)


def cross_fit(
    codebook: Codebook, learning: LearningOptions, passages: pd.DataFrame, labels: NDArray[np.bool_]
) -> tuple[FrameClassifier, NDArray[np.float64]]:
    """A classifier that learned from these passages, and scores of each by the members that did not see it."""
    classifier = _fit(_unfitted(codebook, learning), passages, labels)
    scores = classifier.cross_fitted_
    assert scores is not None  # it is None only where nothing was learned from labels
    return classifier, scores


def _unfitted(codebook: Codebook, learning: LearningOptions) -> FrameClassifier:
    strength: Any = learning.strength  # one of the four: the options were checked
    return FrameClassifier(
        codebook,
        open_encoder(learning.encoder, store=default_store()),
        strength=strength,
        precision=learning.precision,
        recall=learning.recall,
    )


def _fit(classifier: FrameClassifier, passages: pd.DataFrame, labels: NDArray[np.bool_]) -> FrameClassifier:
    texts, groups = passages["text"].to_list(), passages["group"].to_list()
    return classifier.fit(texts, labels, groups=groups, progress="fine-tuning", say=say)
