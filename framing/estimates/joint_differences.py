"""Joint tests of differences between two groups, or between one and the rest, over rows and frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from framing.estimates.comparison import Comparison
from framing.uncertainty.differences import ShareDifference
from framing.uncertainty.joint import adjust_p_values, largest_statistics, normal_values

__all__ = ["REST", "JointTest", "Tested", "end_at_zero", "judge_differences", "measure_jointly"]

Array = NDArray[np.float64]
Places = NDArray[np.int64]

REST = -1  # place of the mean of all other groups
_POWER = 0.8  # with which `detectable` would have been found
_LEAST_ABOVE = 1e-6  # end of an interval that reaches to zero and leaves it out
_PART_CELLS = 1_000_000  # draws of statistics that are in memory at a time: more would not fit the cache


@dataclass(frozen=True)
class JointTest:
    """Differences and the largest statistics of draws without any; arrays of shape (rows, K).

    Attributes
    ----------
    difference : ShareDifference
        The two shares of each row.
    degrees : array
        Degrees of freedom of the design effects.
    side : array of int
        1 or -1 where only a larger or smaller share in the first group counts, else 0.
    p_value : array
        p-value of each row alone.
    largest : array
        Largest statistic of each draw, shape (B,).
    """

    difference: ShareDifference
    degrees: Array
    side: NDArray[np.int64]
    p_value: Array
    largest: Array

    @property
    def p_adjusted(self) -> Array:
        """Joint p-value of each row."""
        return adjust_p_values(normal_values(self.p_value), self.largest, single=self.p_value)

    def find_critical(self, level: float) -> Array:
        """Find the value beyond which the statistic of a row is clear.

        Parameters
        ----------
        level : float
            Chance that no statistic is, where no difference is real.

        Returns
        -------
        array
            Student's t at the p-value that the smallest one of a draw is rarely below; no row is surer than by itself.
        """
        quantile = float(np.quantile(self.largest, level, method="higher"))
        p = np.minimum(2 * norm.sf(quantile), 1 - level)
        return np.asarray(student.isf(np.where(self.side == 0, p / 2, p), self.degrees))


@dataclass(frozen=True)
class Tested:
    """Differences and their joint test; all of shape (rows, K).

    Attributes
    ----------
    estimate, low, high : array
        Differences with joint bounds.
    p_value, p_adjusted : array
        p-value of each alone, and of all jointly.
    critical : array
        Joint critical value of the statistic.
    detectable : array
        The least difference that the joint test would find with a chance of .8.
    equivalent : array of bool
        Whether both shares lie within the margin of each other.
    """

    estimate: Array
    low: Array
    high: Array
    p_value: Array
    p_adjusted: Array
    critical: Array
    detectable: Array
    equivalent: NDArray[np.bool_]


def measure_jointly(
    comparison: Comparison,
    first: Places,
    second: Places,
    *,
    columns: Places | None,
    sides: Places | None,
    n_bootstrap: int,
    random_seed: int,
) -> JointTest:
    """Test differences of the share in one group from that in another, or in the rest, jointly for all frames.

    Parameters
    ----------
    comparison : Comparison
        The groups.
    first, second : array of int
        Places of the groups of each row; `REST` for the mean of all groups but the first.
    columns : array of int or None
        The frame of each row; None: all frames, in columns.
    sides : array of int or None
        Of each row (with `columns`): 1 where only a larger share in the first group counts, -1 where only a smaller one
        does, 0 where both do. None: both.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws.

    Returns
    -------
    JointTest
        Arrays of shape (rows, K), or (rows, 1) with `columns`.

    Notes
    -----
    With the symbols of `framing.estimates.pooling`, `n_g / b_g` for the sizes, and d the difference,

        z = d / sqrt(c_k p (1 - p) (1 / n_a + 1 / n_b)),    p = (n_a p~_a + n_b p~_b) / (n_a + n_b),

    the score test of Rao & Scott (1984); its p-value is that of Student's t with df_k. The rest of G groups has the
    mean of their shares and `1 / n_b = sum_j 1 / ((G - 1)**2 n_j)`. Jointly: single-step min-p (Westfall & Young 1993;
    `framing.uncertainty.joint`) against the smallest p-value in normal draws with the correlations of the units'
    contributions.
    """
    shares, n = comparison.evidence.shares, comparison.pooled.sizes
    others = np.where((second == REST)[:, None], _mean_of_others(shares)[first], shares[second])
    n_others = np.where(second == REST, _size_of_others(n)[first], n[second])[:, None]
    difference = ShareDifference(
        _pick(shares[first], columns),
        _pick(others, columns),
        n[first][:, None],
        n_others,
        _pick_frame(comparison.pooled.design_effects, columns),
    )
    degrees = _pick_frame(comparison.pooled.degrees, columns)
    side = np.zeros((1, 1), np.int64) if sides is None else sides[:, None]
    statistic = difference.statistic()
    two_sided, one_sided = 2 * student.sf(np.abs(statistic), degrees), student.sf(statistic * side, degrees)
    draws = comparison.draw_shares(n_bootstrap, random_seed)
    statistics = _standardise(draws, n, first, second, columns, sides)
    largest = largest_statistics(statistics, n_draws=n_bootstrap)
    return JointTest(difference, degrees, side, np.where(side == 0, two_sided, one_sided), largest)


def judge_differences(
    comparison: Comparison,
    first: Places,
    second: Places,
    *,
    columns: Places | None = None,
    sides: Places | None = None,
    level: float,
    n_bootstrap: int,
    random_seed: int,
    within: float,
) -> Tested:
    """Test differences as `measure_jointly`, with bounds and what could have been seen.

    Parameters
    ----------
    comparison : Comparison
        The groups.
    first, second : array of int
        Places of the groups of each row; `REST` for the mean of all groups but the first.
    columns, sides : array of int, optional
        As in `measure_jointly`.
    level : float
        Chance that all intervals hold, and that no difference is falsely called one.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws.
    within : float
        Margin of equivalence.

    Returns
    -------
    Tested
        Arrays of shape (rows, K), or (rows, 1) with `columns`.

    Notes
    -----
    Bounds are all differences that the same score test, at the joint critical value, does not refuse (Miettinen &
    Nurminen 1985); on one side only where `sides` says so. `detectable` is of a frame as frequent as the mean of all
    groups. `equivalent` holds where the joint interval at `1 - 2 (1 - level)`, two one-sided tests (Schuirmann 1987),
    lies within the margin.
    """
    test = measure_jointly(
        comparison, first, second, columns=columns, sides=sides, n_bootstrap=n_bootstrap, random_seed=random_seed
    )
    critical = test.find_critical(level)
    low, high = test.difference.bounds(critical)
    base = _pick_frame(np.clip(comparison.evidence.shares, 0, 1).mean(axis=0), columns)
    return Tested(
        estimate=np.clip(test.difference.estimate, -1, 1),
        low=np.where(test.side < 0, -1.0, low),
        high=np.where(test.side > 0, 1.0, high),
        p_value=test.p_value,
        p_adjusted=test.p_adjusted,
        critical=critical,
        detectable=test.difference.find_detectable(critical, test.degrees, power=_POWER, base=base),
        equivalent=test.difference.is_within(within, test.find_critical(max(1 - 2 * (1 - level), 0.0))),
    )


def end_at_zero(tested: Tested, differs: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Joint bounds that leave zero out exactly where a row differs.

    Parameters
    ----------
    tested : Tested
        Differences with the bounds of a single-step test.
    differs : array of bool
        Which of them a test with more power names.

    Returns
    -------
    tuple of array
        Low and high. Where the bounds hold zero and the row differs, they end there, and zero is left out; where they
        leave it out and the row does not differ, they are drawn out to zero.
    """
    is_above = tested.estimate > 0
    low = np.where(differs & is_above, np.maximum(tested.low, _LEAST_ABOVE), tested.low)
    high = np.where(differs & ~is_above, np.minimum(tested.high, -_LEAST_ABOVE), tested.high)
    return np.where(differs, low, np.minimum(low, 0.0)), np.where(differs, high, np.maximum(high, 0.0))


def _pick(values: Array, columns: Places | None) -> Array:
    """Values of rows and frames, shape (rows, K); of the frame of each row, shape (rows, 1)."""
    return values if columns is None else values[np.arange(len(values)), columns][:, None]


def _pick_frame(values: Array, columns: Places | None) -> Array:
    """Values of frames, shape (1, K); of the frame of each row, shape (rows, 1)."""
    return values[None, :] if columns is None else values[columns][:, None]


def _mean_of_others(shares: Array) -> Array:
    """Mean share of all groups but each, shape (G, K)."""
    return np.asarray((shares.sum(axis=0) - shares) / (len(shares) - 1))


def _size_of_others(n: Array) -> Array:
    """Effective number of passages of the mean of all groups but each, shape (G,)."""
    return np.asarray((len(n) - 1) ** 2 / ((1 / n).sum() - 1 / n))


def _standardise(
    draws: Array,
    n: Array,
    first: Places,
    second: Places,
    columns: Places | None,
    sides: Places | None,
) -> Iterator[Array]:
    """Statistics of draws in which no difference is real, some rows at a time, shape (B, rows)."""
    n_frames, n_draws = draws.shape[1:]
    others = _mean_of_others(draws) if (second == REST).any() else draws
    size = max(1, _PART_CELLS // (n_draws * n_frames))
    for start in range(0, len(first), size):
        a, b = first[start : start + size], second[start : start + size]
        is_rest = b == REST
        scale = 1 / np.sqrt(1 / n[a] + 1 / np.where(is_rest, _size_of_others(n)[a], n[b]))
        if columns is None:
            part = draws[a] - (others[a] if is_rest.all() else draws[b])
            part *= scale[:, None, None]
            yield part.reshape(-1, n_draws).T
            continue
        k = columns[start : start + size]
        part = (draws[a, k] - np.where(is_rest[:, None], others[a, k], draws[b, k])) * scale[:, None]
        side = np.zeros(len(a), np.int64) if sides is None else sides[start : start + size]
        yield np.where(side[:, None] == 0, part, normal_values(norm.sf(part * side[:, None]))).T
