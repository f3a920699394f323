"""Scores of the passages of an analysis and of their windows, a chunk at a time, in this process or on a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.classify.scorer import Scorer
from framing.classify.shipped import ShippedScorer, identify_scorer, ship_scorer
from framing.classify.windows import find_evidence
from framing.executors.executor import Executor
from framing.project import cache_folder
from framing.steps import Say, Steps, count_steps

__all__ = ["CHUNK_TEXTS", "find_windows", "score_texts"]

CHUNK_TEXTS = 8192  # texts scored at once: bounds the memory, and what is sent to a worker
_FOLDER = "shipped"  # of the cache

Array = NDArray[np.float64]
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class _ScoreChunk:
    """Scores of the texts of a chunk, and the number of those that are longer than what the model reads at once."""

    scorer: ShippedScorer

    def __call__(self, texts: list[str]) -> tuple[Array, int]:
        scorer = self.scorer.open()
        return scorer.predict_proba(texts), int(scorer.find_long(texts).sum())


@dataclass(frozen=True)
class _FindChunk:
    """Windows of the texts of a chunk that score highest, by given decisions."""

    scorer: ShippedScorer

    def __call__(self, part: tuple[list[str], NDArray[np.str_]]) -> pd.DataFrame:
        return find_evidence(self.scorer.open(), *part, others=1).drop(columns="text")


def _ship(scorer: Scorer, executor: Executor) -> ShippedScorer:
    """The scorer for this process, or for the workers of a cluster in a folder that they see."""
    if not executor.remote:
        return ship_scorer(scorer, None)
    folder = cache_folder() / _FOLDER / identify_scorer(scorer)[:24]
    return ship_scorer(scorer, folder.resolve())


def score_texts(
    scorer: Scorer,
    texts: Sequence[str],
    executor: Executor,
    *,
    title: str = "",
    what: str = "passages",
    say: Say | None = None,
) -> tuple[Array, int]:
    """Score texts in chunks.

    Parameters
    ----------
    scorer : Scorer
        Fitted, K frames.
    texts : sequence of str
        Length n.
    executor : Executor
        Where the chunks are scored.
    title : str, default ""
        Title of the progress that is shown; nothing is shown without it.
    what : str, default "passages"
        What the texts are, in the plural.
    say : callable, optional
        Gets lines of progress where standard error is no terminal.

    Returns
    -------
    scores : ndarray, shape (n, K)
        In the order of the texts; the same wherever they are computed, up to rounding: the last bits in float32, up to
        5e-4 in bfloat16.
    n_long : int
        Number of texts that are longer than what the model reads at once.
    """
    job = _ScoreChunk(_ship(scorer, executor))
    scores, n_long = np.zeros((len(texts), len(scorer.codebook.frame_ids))), 0
    chunks = (list(texts[rows]) for rows in _cut(len(texts)))
    with count_steps(title, len(texts), say=say, what=what) as steps:
        for rows, (chunk, n_long_here) in _map_chunks(executor, job, chunks, len(texts), steps):
            scores[rows] = chunk
            n_long += n_long_here
    return scores, n_long


def find_windows(
    scorer: Scorer,
    texts: Sequence[str],
    decisions: NDArray[np.str_],
    executor: Executor,
    *,
    title: str = "",
    say: Say | None = None,
) -> pd.DataFrame:
    """Find the windows of texts that score highest on each frame, in chunks.

    Parameters
    ----------
    scorer : Scorer
        Fitted, K frames.
    texts : sequence of str
        Length n.
    decisions : ndarray of str, shape (n, K)
        What was decided.
    executor : Executor
        Where the chunks are scored.
    title : str, default ""
        Title of the progress that is shown; nothing is shown without it.
    say : callable, optional
        Gets lines of progress where standard error is no terminal.

    Returns
    -------
    DataFrame
        Columns `row, start, end, frame, score`: of each text three windows of a frame that is present and one of any
        other, in the order of texts and frames, the highest score first.
    """
    job = _FindChunk(_ship(scorer, executor))
    tables: dict[int, pd.DataFrame] = {}
    chunks = ((list(texts[rows]), decisions[rows]) for rows in _cut(len(texts)))
    with count_steps(title, len(texts), say=say, what="documents") as steps:
        for rows, table in _map_chunks(executor, job, chunks, len(texts), steps):
            tables[rows.start] = table.assign(row=table["row"] + rows.start)
    return pd.concat([tables[start] for start in sorted(tables)], ignore_index=True)


def _cut(n: int) -> list[slice]:
    """The rows of each chunk of n texts."""
    return [slice(start, min(start + CHUNK_TEXTS, n)) for start in range(0, n, CHUNK_TEXTS)]


def _map_chunks(
    executor: Executor, job: Callable[[Any], _Result], chunks: Iterable[Any], n: int, steps: Steps
) -> Iterator[tuple[slice, _Result]]:
    """The rows and the result of each chunk of n texts as it is done."""
    rows = _cut(n)
    for number, result in executor.map_parts(job, chunks):
        yield rows[number], result
        steps.update(rows[number].stop - rows[number].start)
