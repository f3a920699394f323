"""What a document shows of a frame: the window that scores highest, in place of all of its text."""

from __future__ import annotations

import pandas as pd

from framing.analysis.score_texts import find_windows
from framing.classify.llm import LlmScorer
from framing.classify.scorer import Scorer
from framing.executors.executor import Executor
from framing.steps import Say
from framing.tables import WINDOWS

__all__ = ["find_excerpts", "list_windows", "make_windows"]

_COLUMNS = ("passage_id", "frame", "start", "end", "score")


def make_windows(
    scorer: Scorer, passages: pd.DataFrame, decisions: pd.DataFrame, executor: Executor, *, title: str, say: Say | None
) -> pd.DataFrame:
    """Find the windows of documents that score highest, where documents are the unit.

    Parameters
    ----------
    scorer : Scorer
        Fitted.
    passages : DataFrame
        One row a passage, or a document as a whole.
    decisions : DataFrame
        `passage_id` and a column a frame, in the order of `passages`.
    executor : Executor
        Where they are scored.
    title : str
        Title of the progress; empty for none.
    say : callable or None
        Gets lines of progress where standard error is no terminal.

    Returns
    -------
    DataFrame
        `passage_id, frame, start, end, score`, as `Analysis.windows`. A language model is asked about no windows.
    """
    if scorer.codebook.unit != "document" or isinstance(scorer, LlmScorer):  # each window would be a question
        texts, numbers = pd.Series(dtype="str"), pd.Series(dtype="int64")
        empty = {"passage_id": texts, "frame": texts, "start": numbers, "end": numbers}
        return pd.DataFrame({**empty, "score": pd.Series(dtype="float64")})
    values = decisions[scorer.codebook.frame_ids].to_numpy()
    found = find_windows(scorer, passages["text"].to_list(), values, executor, title=title, say=say)
    ids = passages["passage_id"].to_numpy()
    return found.assign(passage_id=ids[found["row"]])[list(_COLUMNS)]


def find_excerpts(table: pd.DataFrame, windows: pd.DataFrame) -> list[str]:
    """Find for each document and frame the text of the window that scores highest on the frame.

    Parameters
    ----------
    table : DataFrame
        Columns `passage_id, frame, text` at least, one row a document and frame.
    windows : DataFrame
        `passage_id, frame, start, end`, the highest score of each document and frame first.

    Returns
    -------
    list of str
        One a row; the text itself where there is no window.
    """
    best = windows.drop_duplicates(["passage_id", "frame"])
    keys = zip(best["passage_id"], best["frame"], strict=True)
    places = dict(zip(keys, zip(best["start"], best["end"], strict=True), strict=True))
    return [
        text[slice(*places.get((passage, frame), (None, None)))]
        for passage, frame, text in zip(table["passage_id"], table["frame"], table["text"], strict=True)
    ]


def list_windows(windows: pd.DataFrame, passages: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """List the windows of the frames that documents were decided to have, with their text.

    Parameters
    ----------
    windows : DataFrame
        As `make_windows` returns them.
    passages : DataFrame
        The documents as units: `passage_id, document_id, text`.
    decisions : DataFrame
        `passage_id` and a column a frame.

    Returns
    -------
    DataFrame
        Columns `framing.tables.WINDOWS`.
    """
    long = decisions.melt("passage_id", var_name="frame", value_name="decision")
    present = windows.merge(long[long["decision"] == "present"], on=["passage_id", "frame"])
    table = present.merge(passages[["passage_id", "document_id", "text"]], on="passage_id")
    bounds = zip(table["text"], table["start"], table["end"], strict=True)
    return table.assign(text=[text[start:end] for text, start, end in bounds])[list(WINDOWS)]
