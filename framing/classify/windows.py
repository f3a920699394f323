"""Windows of long texts: which part of a document a frame is found in, shown as the evidence of its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.corpus import split_text

__all__ = ["BEST_WINDOWS", "WINDOW_WORDS", "Windows", "cut_windows", "find_evidence", "pool_windows", "score_windows"]

WINDOW_WORDS = 120  # most words in a window; it ends with its paragraph from half of them on
BEST_WINDOWS = 3  # of a document and frame that are shown as evidence
_CHUNK_TEXTS = 256  # whose windows are scored at once
_SPARSE = 4  # one window in so many is enough for a text to carry what it carries
_CERTAIN = 1e-6  # a score is not nearer to 0 or 1, so that odds are finite

Array = NDArray[np.float64]
Rows = NDArray[np.int64]


class _Scorer(Protocol):
    codebook: Codebook

    def predict_proba(self, texts: Sequence[str], *, progress: str = "") -> Array: ...


@dataclass(frozen=True)
class Windows:
    """Windows of n texts, m in all, and their scores.

    Attributes
    ----------
    rows : ndarray of int, shape (m,)
        Row of the text that each window is of, ascending.
    starts, ends : ndarray of int, shape (m,)
        Characters of the text from which and up to which it reaches.
    scores : ndarray, shape (m, K)
        The classifier's scores of the window by itself.
    """

    rows: Rows
    starts: Rows
    ends: Rows
    scores: Array

    def list_long(self, texts: Sequence[str], frames: Sequence[str]) -> pd.DataFrame:
        """List a row a window and frame.

        Parameters
        ----------
        texts : sequence of str
            The n texts.
        frames : sequence of str
            Ids of the K frames.

        Returns
        -------
        DataFrame
            Columns `row, start, end, text, frame, score`, windows in the order of the text, frames in that given.
        """
        pieces = [texts[row][start:end] for row, start, end in zip(self.rows, self.starts, self.ends, strict=True)]
        k = len(frames)
        return pd.DataFrame(
            {
                "row": np.repeat(self.rows, k),
                "start": np.repeat(self.starts, k),
                "end": np.repeat(self.ends, k),
                "text": pd.Series(np.repeat(np.array(pieces, dtype=object), k), dtype=object),
                "frame": np.tile(np.array(frames, dtype=object), len(pieces)),
                "score": self.scores.ravel(),
            }
        )


def score_windows(scorer: _Scorer, texts: Sequence[str], *, progress: str = "") -> Windows:
    """Cut texts into windows of whole sentences, and score each by itself.

    Parameters
    ----------
    scorer : scorer
        Fitted, K frames.
    texts : sequence of str
        Length n.
    progress : str
        Title of a bar, on a terminal.

    Returns
    -------
    Windows
        Those of all texts. Windows of a text do not overlap; only white space lies between them.

    Notes
    -----
    A window has 120 words at most, and ends with its paragraph once it has 60; the last of a text may have fewer, and
    a longer one is a single sentence (`framing.corpus.split_text`). A text of 120 words or fewer is its only window.
    """
    pieces, rows, places = cut_windows(texts, language=scorer.codebook.language)
    scores = scorer.predict_proba(pieces, progress=progress)
    return Windows(rows=rows, starts=places[:, 0], ends=places[:, 1], scores=scores)


def cut_windows(texts: Sequence[str], *, language: str | Sequence[str]) -> tuple[list[str], Rows, Rows]:
    """Cut texts into windows of whole sentences, of 120 words at most.

    Parameters
    ----------
    texts : sequence of str
        Length n.
    language : str or sequence of str
        ISO 639-1 code of their language; or one of each text, length n.

    Returns
    -------
    windows : list of str
        Those of all texts, m in all.
    rows : ndarray of int, shape (m,)
        Row of the text that each is of, ascending.
    places : ndarray of int, shape (m, 2)
        Start and end of each in its text.

    Examples
    --------
    >>> cut_windows(["War came.", ""], language="en")[1].tolist()
    [0]
    """
    languages = [language] * len(texts) if isinstance(language, str) else language
    bounds = [
        split_text(text, max_words=WINDOW_WORDS, language=own) for text, own in zip(texts, languages, strict=True)
    ]
    places = np.array([place for of_text in bounds for place in of_text], dtype=np.int64).reshape(-1, 2)
    windows = [text[start:end] for text, of_text in zip(texts, bounds, strict=True) for start, end in of_text]
    return windows, np.repeat(np.arange(len(texts), dtype=np.int64), [len(of_text) for of_text in bounds]), places


def pool_windows(scores: Array, rows: Rows, otherwise: Array) -> Array:
    """Score texts by the scores of their windows.

    Parameters
    ----------
    scores : ndarray, shape (m, K)
        Of the windows, from 0 to 1.
    rows : ndarray of int, shape (m,)
        Row of the text that each is of.
    otherwise : ndarray, shape (n, K)
        Scores of texts without a window.

    Returns
    -------
    ndarray, shape (n, K)
        From 0 to 1. The odds of a text are the sum of the odds of its m windows, times 4 / m where there are more than
        four: it carries a frame from 0.5 on if one window in four does, or one of them with certainty. The number was
        chosen on articles of another codebook than those that it is measured on (docs/method.md).

    Examples
    --------
    >>> pool_windows(np.array([[0.5], [0.2], [0.1]]), np.array([0, 0, 1]), np.zeros((2, 1))).round(3).tolist()
    [[0.556], [0.1]]
    """
    held = np.clip(scores, _CERTAIN, 1 - _CERTAIN)
    odds = np.zeros(otherwise.shape)
    np.add.at(odds, rows, held / (1 - held))
    n_windows = np.bincount(rows, minlength=len(otherwise))[:, None]
    odds *= _SPARSE / np.maximum(n_windows, _SPARSE)
    return np.where(n_windows > 0, odds / (1 + odds), otherwise)


def find_evidence(
    scorer: _Scorer,
    texts: Sequence[str],
    decisions: NDArray[Any],
    *,
    top: int = BEST_WINDOWS,
    others: int = 0,
    progress: str = "",
) -> pd.DataFrame:
    """Find the windows that score highest on the frames that each text was decided to have.

    Parameters
    ----------
    scorer : scorer
        Fitted, K frames.
    texts : sequence of str
        Length n.
    decisions : ndarray of str, shape (n, K)
        `present`, `absent` or `abstain`. Texts without a frame that is present are not read, unless `others` is more
        than 0.
    top : int, default 3
        Windows of a text and frame at most.
    others : int, default 0
        Windows of a text and a frame that is not present.
    progress : str
        Title of a bar, on a terminal.

    Returns
    -------
    DataFrame
        Columns `row, start, end, text, frame, score`: in the order of the texts, of the frames in the codebook, then
        from the highest score down; of equal ones the earlier is first.
    """
    frames = scorer.codebook.frame_ids
    present = np.asarray(decisions == "present")
    n_best = np.where(present, top, others)
    rows = np.flatnonzero(n_best.any(axis=1))
    tables = []
    for first in range(0, len(rows), _CHUNK_TEXTS):
        chunk = rows[first : first + _CHUNK_TEXTS]
        read = [texts[row] for row in chunk]
        table = score_windows(scorer, read, progress=progress).list_long(read, frames)
        place = table["row"].to_numpy()
        column = np.tile(np.arange(len(frames)), len(table) // max(len(frames), 1))
        table = table.assign(row=chunk[place], _frame=column, _n=n_best[chunk[place], column])
        order = ["row", "_frame", "score", "start"]
        table = table.sort_values(order, ascending=[True, True, False, True], kind="stable")
        is_best = table.groupby(["row", "_frame"], sort=False).cumcount() < table["_n"]
        tables.append(table[is_best].drop(columns=["_frame", "_n"]))
    if not tables:
        nothing = np.zeros(0, dtype=np.int64)
        return Windows(nothing, nothing, nothing, np.zeros((0, len(frames)))).list_long([], frames)
    evidence: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return evidence
