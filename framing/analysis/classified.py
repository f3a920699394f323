"""Scores and decisions as tables: one column a frame, or one row a passage and frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from framing.classify.classifier import FrameClassifier
from framing.classify.nli import NliScorer
from framing.codebook import Codebook
from framing.tables import CLASSIFIED

__all__ = ["classify_passages", "long_table", "wide_table"]


def long_table(
    passages: pd.DataFrame, scores: pd.DataFrame, decisions: pd.DataFrame, codebook: Codebook
) -> pd.DataFrame:
    """One row a passage and frame from scores and decisions with one column a frame.

    Parameters
    ----------
    passages : DataFrame
        One row a passage, n rows.
    scores, decisions : DataFrame
        `passage_id` and one column a frame, n rows in the order of `passages`.
    codebook : Codebook
        Its K frames, in whose order the rows of a passage stand.

    Returns
    -------
    DataFrame
        Columns `framing.tables.CLASSIFIED` and, where `passages` has them, `corpus, position, n_words`; n times K rows.
    """
    frames = codebook.frame_ids
    k = len(frames)
    table = passages.loc[passages.index.repeat(k)].reset_index(drop=True)
    table["frame"] = np.tile(np.array(frames, dtype=object), len(passages))
    table["score"] = scores[frames].to_numpy().ravel()
    table["decision"] = decisions[frames].to_numpy().ravel()
    extra = [name for name in ("corpus", "position", "n_words") if name in table.columns]
    return table[[*CLASSIFIED, *extra]]


def classify_passages(
    passages: pd.DataFrame, codebook: Codebook, classifier: FrameClassifier | NliScorer, *, progress: bool = False
) -> pd.DataFrame:
    """Classified table of `passages` by a fitted classifier.

    Parameters
    ----------
    passages : DataFrame
        One row a passage.
    codebook : Codebook
        The one that the classifier was fitted with.
    classifier : FrameClassifier or NliScorer
        Fitted.
    progress : bool, default False
        Whether a bar is shown on a terminal.

    Returns
    -------
    DataFrame
        As `long_table` makes it.
    """
    values = classifier.predict_proba(passages["text"].to_list(), progress="classifying" if progress else "")
    ids = passages["passage_id"]
    decided = wide_table(classifier.decide_scores(values), ids, codebook)
    return long_table(passages.reset_index(drop=True), wide_table(values, ids, codebook), decided, codebook)


def wide_table(values: Any, passage_ids: pd.Series, codebook: Codebook) -> pd.DataFrame:
    """`passage_id` and one column a frame from values of shape (n, K)."""
    table = pd.DataFrame(values, columns=codebook.frame_ids)
    table.insert(0, "passage_id", passage_ids.to_list())
    return table
