"""The least number of labels with which a simulated outcome is as wanted, found by draws of many sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

__all__ = ["FEWEST_DRAWS", "Needed", "find_for_power", "find_for_width", "pick_sizes", "spread_sizes"]

Floats = NDArray[np.float64]

_REACH = 0.8  # of sizes beside which a draw counts little, on the scale of logarithms
_JITTER = 0.35  # the same, by which sizes are drawn about those that seem to be enough
_ROUNDS = 4
FEWEST_DRAWS = 8  # draws with an outcome, below which nothing is said


@dataclass(frozen=True)
class Needed:
    """How many units are needed.

    Attributes
    ----------
    n : float
        Units (passages or documents) of a group; the most there are where these are not enough; NaN if not known.
    expected : float
        Outcome at that number: a width, or a power.
    """

    n: float
    expected: float


def spread_sizes(lowest: int, highest: int, n_draws: int) -> list[int]:
    """Sizes of a first round of draws, evenly spread on the scale of logarithms.

    Parameters
    ----------
    lowest, highest : int
        Bounds of the sizes.
    n_draws : int
        How many.

    Returns
    -------
    list of int
        In rising order.

    Examples
    --------
    >>> spread_sizes(10, 1000, 3)
    [10, 100, 1000]
    """
    return [round(size) for size in np.geomspace(lowest, max(highest, lowest), n_draws)]


def pick_sizes(
    needed: list[Needed], lowest: int, highest: int, n_draws: int, generator: np.random.Generator
) -> list[int]:
    """Sizes of a second round: about the numbers that seem to be enough.

    Parameters
    ----------
    needed : list of Needed
        What the first round found.
    lowest, highest : int
        Bounds of the sizes.
    n_draws : int
        How many.
    generator : Generator
        Source of the draws.

    Returns
    -------
    list of int
        Sizes.
    """
    known = [found.n for found in needed if not np.isnan(found.n)]
    if not known:
        return []
    about = np.resize(generator.permutation(known), n_draws) * np.exp(generator.uniform(-_JITTER, _JITTER, n_draws))
    return [int(size) for size in np.clip(np.round(about), lowest, max(highest, lowest))]


def find_for_width(sizes: Floats, widths: Floats, *, wanted: float, lowest: int, highest: int) -> Needed:
    """Find the size at which intervals have a wanted width on average.

    Parameters
    ----------
    sizes, widths : array, shape (R,)
        Size and width of each draw; NaN where there was no interval.
    wanted : float
        Mean width.
    lowest, highest : int
        Bounds of the size.

    Returns
    -------
    Needed
        By local regression of the logarithm of width on that of size.
    """

    def solve(x: Floats, y: Floats, weights: Floats) -> tuple[float, Callable[[float], float]]:
        slope, level = _fit_line(x, y, weights)
        correction = float(np.average(np.exp(y - level - slope * x), weights=weights))  # of a mean of logarithms
        root = (np.log(wanted / correction) - level) / slope if slope < 0 else np.inf
        return root, lambda at: correction * float(np.exp(level + slope * at))

    return _search(sizes, np.log(np.where(widths > 0, widths, np.nan)), solve, lowest=lowest, highest=highest)


def find_for_power(
    sizes: Floats, statistics: Floats, *, critical: float, power: float, lowest: int, highest: int
) -> Needed:
    """Find the size at which a statistic is beyond a critical value with a wanted chance.

    Parameters
    ----------
    sizes, statistics : array, shape (R,)
        Size and normal statistic of each draw, with the sign of the difference; NaN where there was no test.
    critical : float
        Critical value.
    power : float
        Wanted chance, 0 to 1.
    lowest, highest : int
        Bounds of the size.

    Returns
    -------
    Needed
        By local regression of the statistic on the root of the size, with the spread of the draws about it.
    """

    def solve(x: Floats, y: Floats, weights: Floats) -> tuple[float, Callable[[float], float]]:
        root = np.exp(x / 2)
        slope, level = _fit_line(root, y, weights)
        rest = y - level - slope * root
        deviation = float(np.sqrt(np.average(rest**2, weights=weights)))
        needed = (critical + norm.ppf(power) * deviation - level) / slope if slope > 0 else np.inf

        def expect(at: float) -> float:
            return float(norm.sf(critical, level + slope * np.exp(at / 2), max(deviation, 1e-9)))

        return 2 * float(np.log(max(needed, 1e-9))), expect

    return _search(sizes, statistics, solve, lowest=lowest, highest=highest)


def _search(
    sizes: Floats,
    outcomes: Floats,
    solve: Callable[[Floats, Floats, Floats], tuple[float, Callable[[float], float]]],
    *,
    lowest: int,
    highest: int,
) -> Needed:
    """Solve again and again with the draws nearest to the last solution, on the scale of logarithms of sizes."""
    is_known = ~np.isnan(outcomes)
    if is_known.sum() < FEWEST_DRAWS:
        return Needed(np.nan, np.nan)
    x, y = np.log(sizes[is_known]), outcomes[is_known]
    bottom, top = np.log(lowest), np.log(max(highest, lowest))
    at, expect = float(np.mean(x)), None
    weights = np.ones(len(x))
    for _ in range(_ROUNDS):
        root, expect = solve(x, y, weights)
        at = float(np.clip(root, bottom, top))
        weights = np.exp(-(((x - at) / _REACH) ** 2) / 2) + 1e-6
    assert expect is not None
    return Needed(float(np.exp(at)), expect(at))


def _fit_line(x: Floats, y: Floats, weights: Floats) -> tuple[float, float]:
    """Slope and level of a weighted regression line; slope 0 where all x are alike."""
    mean = np.average(x, weights=weights)
    spread = np.average((x - mean) ** 2, weights=weights)
    covariance = np.average((x - mean) * y, weights=weights)
    slope = float(covariance / spread) if spread > 1e-12 else 0.0
    return slope, float(np.average(y, weights=weights) - slope * mean)
