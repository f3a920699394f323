"""Bootstrap of whole documents: the resampling of shares, contrasts and measures of agreement."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["STILL", "TINY", "draw_weights", "ratio_or_nan", "ratio_or_zero", "resampled_totals"]

Array = NDArray[np.float64]

STILL = 1e-9  # spread of draws, or width of an interval, below which only rounding varies
TINY = 1e-12  # sums of squares below which only rounding varies; the least divisor
_CHUNK = 250  # draws made at once
_CHUNK_CELLS = 250_000  # weights made at once: more would not fit the processor's cache


def draw_weights(
    n: int,
    *,
    n_draws: int,
    generator: np.random.Generator,
    n_cells: int = 0,
    repeats: NDArray[np.int64] | None = None,
) -> Iterator[Array]:
    """How often each document is taken in bootstrap draws, in parts that fit the memory.

    Parameters
    ----------
    n : int
        Number of documents (or other clusters).
    n_draws : int
        Number of draws.
    generator : Generator
        Source of the draws; they do not depend on the size of the parts.
    n_cells : int
        Numbers that the caller computes from one draw, where that is more than `n`.
    repeats : array of int, optional
        Number of documents of each kind, where documents of a kind are alike; weights are then of kinds.

    Yields
    ------
    array
        Shape `(size, n)`, or `(size, len(repeats))`; the sizes add up to `n_draws`.

    Notes
    -----
    Each draw takes `n - 1` of the `n` documents with replacement, so that a total scaled by `n / (n - 1)` has the
    unbiased variance of a total of independent documents, which matters with few of them (McCarthy & Snowden 1985).
    Drawing kinds together by a multinomial gives the same distribution as drawing documents one by one. A single
    document is in every draw.
    """
    repeats = np.ones(n, dtype=np.int64) if repeats is None else repeats
    size = int(np.clip(_CHUNK_CELLS / max(n_cells, len(repeats), 1), 1, _CHUNK))
    for start in range(0, n_draws, size):
        yield generator.multinomial(max(n - 1, 1), repeats / n, size=min(size, n_draws - start)).astype(float)


def resampled_totals(counts: Array, *, n_draws: int, generator: np.random.Generator) -> Array:
    """Column totals of `counts` over bootstrap draws of its rows.

    Parameters
    ----------
    counts : array
        A row a document, shape `(n, m)`.
    n_draws : int
        Number of draws.
    generator : Generator
        Source of the draws.

    Returns
    -------
    array
        Shape `(n_draws, m)`. A single document has its totals in every draw.

    Notes
    -----
    Draws are those of `draw_weights`, scaled by `n / (n - 1)`; rows that are alike are drawn together.
    """
    n = len(counts)
    if n < 2:
        return np.repeat(counts.sum(axis=0, keepdims=True), n_draws, axis=0)
    rows, repeats = np.unique(counts, axis=0, return_counts=True)
    totals = np.empty((n_draws, counts.shape[1]))
    start = 0
    for weights in draw_weights(n, n_draws=n_draws, generator=generator, repeats=repeats):
        totals[start : start + len(weights)] = weights @ rows
        start += len(weights)
    return totals * (n / (n - 1))


def ratio_or_zero(top: Array, bottom: Array) -> Array:
    """`top / bottom`, zero where `bottom` is zero: the share of a frame in a group without passages.

    Parameters
    ----------
    top, bottom : array
        Arrays that broadcast.

    Returns
    -------
    array
        Of the shape that both broadcast to.

    Examples
    --------
    >>> ratio_or_zero(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [0.5, 0.0]
    """
    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom > 0)


def ratio_or_nan(top: Array, bottom: Array) -> Array:
    """`top / bottom`, NaN where `bottom` is zero: a measure that is not defined there.

    Parameters
    ----------
    top, bottom : array
        Arrays that broadcast.

    Returns
    -------
    array
        Of the shape that both broadcast to.

    Examples
    --------
    >>> ratio_or_nan(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    ratios = np.full(np.broadcast(top, bottom).shape, np.nan)
    return np.asarray(np.divide(top, bottom, out=ratios, where=bottom > 0))
