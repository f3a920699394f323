"""The codebook and the classifier that a command's options ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.auto_encoder import choose_encoder
from framing.classify.classifier import FrameClassifier
from framing.classify.decisions import ThresholdFor
from framing.classify.fitted import fit_on_codebook
from framing.classify.nli import NliScorer
from framing.classify.supervision import Strength
from framing.classify.work import Work, measure_work
from framing.cli.learning_options import LearningOptions
from framing.cli.options import say, say_refused
from framing.codebook import Codebook
from framing.coding.label_files import LabelFile, Labelled, read_label_file
from framing.encoders.sentence import default_store, open_encoder
from framing.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cross_fit_classifier", "name_refused", "open_classifier", "read_labelled"]


def open_classifier(
    codebook: Codebook, learning: LearningOptions, work: Work, *, text_column: str = "text"
) -> FrameClassifier | NliScorer:
    """Fit the classifier that the options ask for.

    Parameters
    ----------
    codebook : Codebook
        The frames.
    learning : LearningOptions
        The model, and the file of labels to learn from if there is one.
    work : Work
        What will be scored; of the encoder `auto` it decides which one is taken, which is said on standard error.
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
    if learning.labels is None:
        work = work.with_examples(codebook, strength=learning.strength, plan=learning.plan)
        return fit_on_codebook(_make_classifier(codebook, learning, work), say=say)
    labelled = read_labelled(read_label_file(learning.labels, text=text_column, unit=codebook.unit), codebook)
    if not labelled.labels.any():
        raise InputError(
            f"{learning.labels}: no row carries a frame in the column frames, so there is nothing to learn."
        )
    say(f"{learning.labels}: {len(labelled.passages)} rows to learn from, {name_refused(labelled)}")
    classifier = _make_classifier(codebook, learning, _add_labels(work, labelled.passages, learning))
    return _fit(classifier, labelled.passages, labelled.labels)


def read_labelled(file: LabelFile, codebook: Codebook) -> Labelled:
    """Read the labels of a file; rows that are refused, and how empty cells count, are said on standard error.

    Parameters
    ----------
    file : LabelFile
        The file.
    codebook : Codebook
        Whose frames the labels name.

    Returns
    -------
    Labelled
        Its coded passages.

    Raises
    ------
    InputError
        For labels that cannot be read, and where no row is coded.
    """
    labelled = file.read(codebook)
    say_refused(labelled.refused)
    if file.remark:
        say(f"note: {file.remark}")
    if n_differ := _count_coded_differently(labelled):
        say(f"note: {file.name}: {n_differ} texts stand in several rows with different labels; each row counts")
    return labelled


def _count_coded_differently(labelled: Labelled) -> int:
    """Number of texts that several rows have, not all with the same labels."""
    rows = pd.DataFrame({"text": labelled.passages["text"].to_list(), "labels": list(map(bytes, labelled.labels))})
    return int((rows.groupby("text")["labels"].nunique() > 1).sum())


def name_refused(labelled: Labelled) -> str:
    """Number of the refused rows in words.

    Parameters
    ----------
    labelled : Labelled
        Coded passages of a file.

    Returns
    -------
    str
        With the number of those that are not coded, if there are any.
    """
    not_coded = f", {labelled.n_not_coded} of them not coded" if labelled.n_not_coded else ""
    return f"{len(labelled.refused)} rows refused{not_coded}"


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
    languages = measure_work(passages["text"].to_list(), codebook).languages
    work = _add_labels(Work.of_codebook(codebook, languages=languages), passages, learning)
    classifier = _fit(_make_classifier(codebook, learning, work), passages, labels)
    scores = classifier.cross_fitted_
    assert scores is not None  # it is None only without labels
    return classifier, scores


def _add_labels(work: Work, passages: pd.DataFrame, learning: LearningOptions) -> Work:
    texts = passages["text"].to_list()
    return work.with_labels(texts, n_groups=passages["group"].nunique(), strength=learning.strength, plan=learning.plan)


def _make_classifier(codebook: Codebook, learning: LearningOptions, work: Work) -> FrameClassifier:
    """A classifier with the encoder that suits the work; which one is said on standard error."""
    choice = choose_encoder(learning.encoder, work)
    if choice.sentence:
        say(choice.sentence)
    return FrameClassifier(
        codebook,
        open_encoder(choice.name, store=default_store()),
        strength=cast(Strength, learning.strength),  # the options were checked
        precision=learning.precision,
        recall=learning.recall,
        threshold_for=cast(ThresholdFor, learning.threshold_for),
        tuning=learning.plan,
    )


def _fit(classifier: FrameClassifier, passages: pd.DataFrame, labels: NDArray[np.bool_]) -> FrameClassifier:
    texts, groups = passages["text"].to_list(), passages["group"].to_list()
    return classifier.fit(texts, labels, groups=groups, progress="fine-tuning", say=say)
