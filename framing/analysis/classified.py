"""Scores and decisions as tables: one column a frame (wide), or one row a passage and frame (long)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.classifier import FrameClassifier
from framing.classify.nli import NliScorer
from framing.codebook import Codebook
from framing.errors import InputError
from framing.estimates.clusters import CLUSTER, add_clusters, add_weights
from framing.settings import Settings
from framing.tables import CLASSIFIED, PASSAGES, require_columns

__all__ = ["add_design", "classify_passages", "long_table", "make_long", "wide_table"]

_NEEDED = ("passage_id", "document_id", "outlet", "text")
_EMPTY = {"perspective": "", "published": pd.NaT}  # what stands in columns that passages may lack


def long_table(
    passages: pd.DataFrame, scores: pd.DataFrame, decisions: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """Turn scores and decisions with one column a frame into a table with one row a passage and frame.

    Parameters
    ----------
    passages : DataFrame
        One row a passage, n rows.
    scores, decisions : DataFrame
        `passage_id` and one column a frame, n rows in the order of `passages`.
    codebook : Codebook
        Codebook with K frames; the rows of a passage are in its order.

    Returns
    -------
    DataFrame
        One row a passage and frame, n times K rows. Columns `framing.tables.CLASSIFIED` and, where `passages` has
        them, `corpus, position, n_words, language` and columns of the corpus's files that are carried.
    """
    frames = codebook.frame_ids
    return make_long(passages, scores[frames].to_numpy(), decisions[frames].to_numpy(), frames)


def make_long(passages: pd.DataFrame, scores: NDArray[Any], decisions: NDArray[Any], frames: list[str]) -> pd.DataFrame:
    """Make the long table from arrays.

    Parameters
    ----------
    passages : DataFrame
        One row a passage, n rows.
    scores : array, shape (n, K)
        Scores of the frames.
    decisions : array of str, shape (n, K)
        Decisions.
    frames : list of str
        The K frame ids.

    Returns
    -------
    DataFrame
        As `long_table` returns it.
    """
    table = passages.drop(columns="text").loc[passages.index.repeat(len(frames))].reset_index(drop=True)
    texts = np.repeat(passages["text"].to_numpy(object), len(frames))
    table["text"] = pd.Series(texts, dtype=object)  # the K rows of a passage share its text; `str` would copy it
    table["frame"] = np.tile(np.array(frames, dtype=object), len(passages))
    table["score"] = scores.ravel()
    table["decision"] = decisions.ravel()
    optional = [name for name in ("corpus", "position", "n_words", "language") if name in table.columns]
    carried = [name for name in passages.columns if name not in {*CLASSIFIED, *PASSAGES}]
    return table[[*CLASSIFIED, *optional, *carried]]


def add_design(table: pd.DataFrame, documents: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Add the columns that say what is independent and what counts alike: `event`, and by the settings more.

    Parameters
    ----------
    table : DataFrame
        A row a unit (a passage, or a span of one) and frame, with `document_id` and `outlet`.
    documents : DataFrame
        Documents of the corpus, with `event`.
    settings : Settings
        Of the run: `cluster` and `weights` add the columns `cluster` and `weight`.

    Returns
    -------
    DataFrame
        `table` with the columns.
    """
    table = table.copy(deep=False)
    if settings.compare_by != "event":  # else it is there, missing where a document has none
        events = documents.set_index("document_id")["event"]
        table["event"] = table["document_id"].map(events).fillna("")
    if settings.cluster != "document":
        clusters = add_clusters(documents, settings.cluster).set_index("document_id")[CLUSTER]
        table[CLUSTER] = table["document_id"].map(clusters)
    return add_weights(table, settings.weights, by=settings.compare_by)


def classify_passages(
    passages: pd.DataFrame, codebook: Codebook, classifier: FrameClassifier | NliScorer, *, progress: bool = False
) -> pd.DataFrame:
    """Classify passages with a fitted classifier.

    Parameters
    ----------
    passages : DataFrame
        One row a passage, with the columns `passage_id, document_id, outlet, text`. Where `perspective` or `published`
        is lacking, it is empty in the result.
    codebook : Codebook
        Codebook that the classifier was fitted with, K frames.
    classifier : FrameClassifier or NliScorer
        Fitted classifier.
    progress : bool, default False
        Whether a bar is shown on a terminal.

    Returns
    -------
    DataFrame
        One row a passage and frame, with the columns `framing.tables.CLASSIFIED` and, where `passages` has them,
        `corpus, position, n_words, language`.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    require_columns(passages, _NEEDED, what="passages")
    lacking: dict[str, Any] = {name: empty for name, empty in _EMPTY.items() if name not in passages.columns}
    passages = passages.assign(**lacking)
    scores = classifier.predict_proba(passages["text"].to_list(), progress="classifying" if progress else "")
    return make_long(passages.reset_index(drop=True), scores, classifier.decide_scores(scores), codebook.frame_ids)


def wide_table(values: NDArray[Any], passage_ids: pd.Series, codebook: Codebook) -> pd.DataFrame:
    """Table with `passage_id` and one column a frame.

    Parameters
    ----------
    values : array of shape (n, K)
        Scores or decisions.
    passage_ids : Series
        Ids of the n passages.
    codebook : Codebook
        Codebook with K frames.

    Returns
    -------
    DataFrame
        One row a passage.

    Raises
    ------
    InputError
        For a frame whose id is `passage_id`.
    """
    if "passage_id" in codebook.frame_ids:
        raise InputError(
            f"The codebook {codebook.codebook} has a frame with the id passage_id, which is the name of a column of "
            "every table; give the frame another id."
        )
    table = pd.DataFrame(values, columns=codebook.frame_ids)
    table.insert(0, "passage_id", passage_ids.to_list())
    return table
