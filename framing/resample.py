"""Bootstrap draws of whole documents: the one resampling that shares, contrasts and scores build on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["exact_bounds", "normal_like", "ratio", "resampled_totals", "student_values"]

_CHUNK = 250


def resampled_totals(
    counts: NDArray[np.float64], *, n_draws: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Column totals of `counts`, shape `(n, m)`, over bootstrap draws of its rows, shape `(n_draws, m)`.

    Each draw takes `n - 1` of the `n` rows with replacement, so that the variance of the draws is the
    unbiased variance of a total of independent rows, which matters with few documents
    (McCarthy & Snowden 1985). Totals are scaled by `n / (n - 1)`. Rows that are alike are drawn
    together by a multinomial, which gives the same distribution.
    """
    n = len(counts)
    if n < 2:
        return np.repeat(counts.sum(axis=0, keepdims=True), n_draws, axis=0)
    rows, repeats = np.unique(counts, axis=0, return_counts=True)
    totals = np.empty((n_draws, counts.shape[1]))
    for start in range(0, n_draws, _CHUNK):
        size = min(_CHUNK, n_draws - start)
        drawn = generator.multinomial(n - 1, repeats / n, size=size)
        totals[start : start + size] = drawn @ rows
    return totals * (n / (n - 1))


def exact_bounds(share: float, n_effective: float, *, level: float) -> tuple[float, float]:
    """Clopper–Pearson bounds for a share at an effective sample size, which need not be whole.

    Used as by Korn & Graubard (1998) for proportions of a clustered sample.

    >>> low, high = exact_bounds(0.0, 20, level=0.95)
    >>> low, round(high, 4)
    (0.0, 0.1684)
    """
    from scipy.stats import beta

    tail = (1 - level) / 2
    hits = share * n_effective
    low = 0.0 if share <= 0 else float(beta.ppf(tail, hits, n_effective - hits + 1))
    high = 1.0 if share >= 1 else float(beta.ppf(1 - tail, hits + 1, n_effective - hits))
    return low, high


def ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    """`top / bottom`, zero where nothing is below.

    >>> ratio(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [0.5, 0.0]
    """
    return np.divide(top, bottom, out=np.zeros(np.broadcast(top, bottom).shape), where=bottom > 0)


def normal_like(moves: list[NDArray[np.float64]], generator: np.random.Generator) -> list[NDArray[np.float64]]:
    """Normal draws with the correlations of standardised bootstrap draws, each of shape `(n_draws, rows)`.

    For joint tests: bootstrap draws of what stands in a document or two are so skewed that the largest of them would
    hide every other statistic.
    """
    n_draws = len(moves[0])
    normal = generator.standard_normal((n_draws, n_draws)) / np.sqrt(n_draws)
    return [normal @ moved for moved in moves]


def student_values(values: NDArray[np.float64], *, degrees: float) -> NDArray[np.float64]:
    """Student-t values as far out as `values` are in a normal (Abramowitz & Stegun 26.7.5, first order)."""
    return values + (values**3 + values) / (4 * degrees)
