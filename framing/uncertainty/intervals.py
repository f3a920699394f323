"""Intervals of shares: exact, score and percentile bounds, and quantiles of Student's t."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, norm

from framing.uncertainty.resample import TINY

__all__ = ["exact_bounds", "exact_error", "percentiles", "score_bounds", "student_values", "wilson_bounds"]

Array = NDArray[np.float64]


def exact_bounds(share: float, n_effective: float, *, level: float) -> tuple[float, float]:
    """Clopper-Pearson bounds for a share at an effective sample size, which need not be whole.

    Parameters
    ----------
    share : float
        The observed share, 0 to 1.
    n_effective : float
        Effective sample size.
    level : float
        Chance that the bounds hold the share that is estimated.

    Returns
    -------
    tuple of float
        Low and high.

    See Also
    --------
    exact_error : The same as a standard error.

    Notes
    -----
    With `h = share * n_effective` hits the bounds are the quantiles `(1 - level) / 2` of Beta(h, n - h + 1) and
    `(1 + level) / 2` of Beta(h + 1, n - h) (Clopper & Pearson 1934), used as by Korn & Graubard (1998) for shares
    of a clustered sample.

    Examples
    --------
    >>> low, high = exact_bounds(0.0, 20, level=0.95)
    >>> low, round(high, 4)
    (0.0, 0.1684)
    """
    tail = (1 - level) / 2
    hits = share * n_effective
    low = 0.0 if share <= 0 else float(beta.ppf(tail, hits, n_effective - hits + 1))
    high = 1.0 if share >= 1 else float(beta.ppf(1 - tail, hits + 1, n_effective - hits))
    return low, high


def exact_error(share: float, n_effective: float, *, level: float) -> float:
    """Standard error of a share without spread between draws: the longer side of its exact interval over z.

    Parameters
    ----------
    share : float
        The observed share, 0 to 1.
    n_effective : float
        Effective sample size.
    level : float
        Chance that the exact bounds hold the share that is estimated.

    Returns
    -------
    float
        Above zero, also where the share is 0 or 1.

    Notes
    -----
    `max(high - share, share - low) / z`, with the bounds of `exact_bounds` and z the normal quantile of `level`, so
    that `share - z * error` to `share + z * error` is the least symmetric interval that holds the exact one.

    Examples
    --------
    >>> round(exact_error(0.0, 20, level=0.95), 4)
    0.0859
    """
    low, high = exact_bounds(share, n_effective, level=level)
    return max(high - share, share - low) / float(norm.ppf((1 + level) / 2))


def wilson_bounds(hits: NDArray[Any], n: NDArray[Any], *, level: float) -> tuple[Array, Array]:
    """Score interval of a share of independent observations (Wilson 1927).

    Parameters
    ----------
    hits, n : array
        Observations that count, and all observations.
    level : float
        Chance that each interval holds.

    Returns
    -------
    tuple of array
        Low and high.

    Notes
    -----
    With p = hits / n and z the normal quantile of `level`: `(p + z²/2n ± z sqrt(p (1 - p)/n + z²/4n²)) / (1 + z²/n)`.

    Examples
    --------
    >>> low, high = wilson_bounds(np.array([0]), np.array([20]), level=0.95)
    >>> low.tolist(), high.round(4).tolist()
    ([0.0], [0.1611])
    """
    return _invert_score_test(hits / n, n, float(norm.ppf((1 + level) / 2)))


def score_bounds(
    share: Array, error: Array, *, n_gold: int | NDArray[np.int64], quantile: float | Array
) -> tuple[Array, Array]:
    """Score interval (Wilson 1927) of a share at the sample size that would give its standard error.

    Parameters
    ----------
    share, error : array
        Shares and their standard errors. All arguments broadcast.
    n_gold : int or array
        Labelled passages: the share is kept half a passage away from 0 and 1.
    quantile : float or array
        Quantile of the normal or of Student's t.

    Returns
    -------
    tuple of array
        Low and high, within 0 and 1, with the share between them.

    Notes
    -----
    The effective sample size is `p (1 - p) / error**2` (Kish 1965; for intervals Korn & Graubard 1998).

    Examples
    --------
    >>> low, high = score_bounds(np.array([0.5]), np.array([0.05]), n_gold=100, quantile=1.96)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.4038], [0.5962])
    """
    p = np.clip(share, 0.5 / n_gold, 1 - 0.5 / n_gold)
    low, high = _invert_score_test(p, p * (1 - p) / np.maximum(error**2, TINY), quantile)
    p = np.clip(share, 0, 1)
    return np.minimum(low, p), np.maximum(high, p)


def _invert_score_test(share: Array, n: Array, quantile: float | Array) -> tuple[Array, Array]:
    """Shares that a score test does not reject: `(p + z²/2n ± z sqrt(p (1 - p)/n + z²/4n²)) / (1 + z²/n)`."""
    square = quantile**2 / n
    centre = (share + square / 2) / (1 + square)
    reach = quantile / (1 + square) * np.sqrt(share * (1 - share) / n + square / n / 4)
    return np.maximum(centre - reach, 0.0), np.minimum(centre + reach, 1.0)


def percentiles(draws: Array, *, level: float) -> tuple[Array, Array]:
    """Percentile interval: the ends of the middle `level` of bootstrap draws.

    Parameters
    ----------
    draws : array
        Draws along the first axis. Missing ones are left out where there is one axis.
    level : float
        Chance that each interval holds.

    Returns
    -------
    tuple of array
        Low and high, of the shape of one draw; NaN where there is no draw.

    Examples
    --------
    >>> low, high = percentiles(np.arange(101.0), level=0.9)
    >>> round(float(low), 6), round(float(high), 6)
    (5.0, 95.0)
    """
    ends = [50 * (1 - level), 50 * (1 + level)]
    if draws.ndim == 1:
        draws = draws[~np.isnan(draws)]
    if not len(draws):
        missing = np.full(draws.shape[1:], np.nan)
        return missing, missing
    low, high = np.percentile(draws, ends, axis=0)
    return low, high


def student_values(values: Array, *, degrees: float | Array) -> Array:
    """Student-t values about as far out as `values` are in a normal: `z + (z³ + z) / 4 df`.

    Parameters
    ----------
    values : array
        Values z on the scale of a normal.
    degrees : float or array
        Degrees of freedom, df.

    Returns
    -------
    array
        Of the shape that both broadcast to.

    Notes
    -----
    The first order of Abramowitz & Stegun (1964) 26.7.5. It falls short of the exact quantile far out and with few
    degrees of freedom (5.7 for 7.4 at z = 3.6 and 6 degrees), and is meant for bootstrap draws, whose tails are longer
    than a normal's already: the exact quantile would count them twice.

    Examples
    --------
    >>> student_values(np.array([1.96]), degrees=10.0).round(2).tolist()
    [2.2]
    """
    return values + (values**3 + values) / (4 * degrees)
