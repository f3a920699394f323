"""Joint tests: many comparisons at once, with one chance for all of them that any is falsely called different.

All are single-step (Westfall & Young 1993, sections 2.3 and 2.6). With statistics `t_j = |estimate_j| / error_j` and B
draws in which no difference is real, let `M_b = max_j |t*_bj|` be the largest statistic of draw b. Then

- the adjusted p-value is `p_j = max{(1 + #{b : M_b >= t_j}) / (1 + B), P_j}`, where `P_j` is the p-value of the
  comparison by itself;
- the critical value is `c_j = max{q, s_j}`, where q is the smallest `M_b` that at least the share `level` of all draws
  does not exceed, and `s_j` the critical value of the comparison by itself.

By the second terms no comparison is surer beside others than by itself. They matter where draws have no spread (all
documents of each group are alike), in families of two or three comparisons, and with a handful of documents, where the
first-order stretch of `student_values` falls short. A comparison by itself is Student's t with the degrees of freedom
of the row. With both, `p_j < 1 - level` and `t_j > c_j` are the same statement.

Degrees of freedom differ among comparisons, so statistics must be brought to one scale before the largest is taken:

- *max-t* (`largest_statistics` with `degrees`): draws are stretched towards Student's t row by row and every row has
  the same critical value. Rows with few documents widen the intervals of all: right where groups are alike in size, as
  outlets of a corpus are.
- *min-p* (without `degrees`): draws stay on the normal scale, and the statistic of each row is brought to that scale by
  its p-value. Right where rows of the family differ much: pairs of frames, errors on rare frames. Where draws are
  normal, the transformation is exact (`normal_values`); where they are of a bootstrap, with longer tails, the critical
  value is brought to the row's scale by the first order instead (`critical_values` with `balanced`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from framing.uncertainty.intervals import student_values
from framing.uncertainty.resample import STILL

__all__ = [
    "adjust_p_values",
    "bonferroni",
    "critical_values",
    "draw_correlated",
    "holm",
    "largest_statistics",
    "normal_like",
    "normal_values",
    "single_p_values",
]

Array = NDArray[np.float64]

_BATCH_COLUMNS = 256


def largest_statistics(
    statistics: Iterable[Array], *, n_draws: int, degrees: Iterable[float | Array] | None = None
) -> Array:
    """Largest absolute statistic of each draw over all comparisons, shape `(n_draws,)`.

    Parameters
    ----------
    statistics : iterable of array
        Standardised draws in which no difference is real, each of shape `(n_draws, rows)`; one pair of groups at a
        time, so that memory holds one.
    n_draws : int
        Number of draws.
    degrees : iterable of float or array, optional
        Degrees of freedom of each part (or of its rows), by which draws are stretched towards Student's t.

    Returns
    -------
    array
        Zeros where there is no comparison.
    """
    largest = np.zeros(n_draws)
    for part, df in zip(statistics, repeat(None) if degrees is None else degrees, strict=degrees is not None):
        t = np.abs(part) if df is None else student_values(np.abs(part), degrees=df)
        largest = np.maximum(largest, t.max(axis=1, initial=0.0))
    return largest


def single_p_values(statistic: Array, degrees: float | Array) -> Array:
    """Two-sided p-value of each comparison by itself, by Student's t.

    Parameters
    ----------
    statistic : array
        Difference over its standard error.
    degrees : float or array
        Degrees of freedom of each comparison.

    Returns
    -------
    array
        Of the shape that both broadcast to.

    Examples
    --------
    >>> single_p_values(np.array([2.228]), 10.0).round(3).tolist()
    [0.05]
    """
    return np.asarray(2 * student.sf(np.abs(statistic), degrees))


def normal_values(p_values: Array) -> Array:
    """Statistics of a min-p test: the absolute normal value z that has a two-sided p-value.

    Parameters
    ----------
    p_values : array
        Two-sided p-values.

    Returns
    -------
    array
        `z` with `P(|Z| >= z) = p`, of the same shape.

    Examples
    --------
    >>> normal_values(np.array([0.05, 1.0])).round(2).tolist()
    [1.96, 0.0]
    """
    return np.asarray(norm.isf(p_values / 2))


def adjust_p_values(statistic: Array, largest: Array, *, single: Array) -> Array:
    """Joint p-value of each comparison, in the shape of `statistic`.

    Parameters
    ----------
    statistic : array
        Absolute statistics, on the scale on which the largest was taken.
    largest : array
        Of `largest_statistics`, shape (B,).
    single : array
        p-value of each comparison by itself, the least that the joint one can be.

    Returns
    -------
    array
        `max{(1 + #{b : M_b >= t}) / (1 + B), single}`.

    Notes
    -----
    A draw as large as the statistic counts against it, and so do the data themselves, as one draw more (Phipson & Smyth
    2010): no p-value is zero.

    Examples
    --------
    >>> adjust_p_values(np.array([2.0]), np.array([1.0, 2.0, 3.0]), single=np.array([0.0])).tolist()
    [0.75]
    """
    n_as_large = len(largest) - np.searchsorted(np.sort(largest), statistic)
    return np.asarray(np.maximum((1 + n_as_large) / (1 + len(largest)), single))


def bonferroni(p_values: Array | float, n: int) -> Array:
    """Bonferroni p-values, which hold jointly for n tests, or n families of tests, whatever their dependence.

    Parameters
    ----------
    p_values : array or float
        p-values, each valid in its test or family.
    n : int
        Number of tests or families.

    Returns
    -------
    array
        `min(1, n p)`, of the same shape.

    Examples
    --------
    >>> bonferroni(np.array([0.01, 0.4]), 3).tolist()
    [0.03, 1.0]
    """
    return np.asarray(np.minimum(np.asarray(p_values) * n, 1.0))


def holm(p_values: Array) -> Array:
    """Holm p-values, which hold jointly whatever the dependence, and are never above those of Bonferroni (Holm 1979).

    Parameters
    ----------
    p_values : array
        p-values, shape (n,).

    Returns
    -------
    array
        Of the same shape: the largest `(n - i) p_(i)` of all p-values up to this one, counted from `i = 0`, at most 1.

    Examples
    --------
    >>> holm(np.array([0.04, 0.01, 0.03])).round(2).tolist()
    [0.06, 0.03, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    adjusted = np.empty(len(p_values))
    steps = p_values[order] * (len(p_values) - np.arange(len(p_values)))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def critical_values(largest: Array, *, level: float, degrees: float | Array, balanced: bool = False) -> Array:
    """Critical value of each comparison: half the joint interval over the standard error, in the shape of `degrees`.

    Parameters
    ----------
    largest : array
        Of `largest_statistics`, shape (B,).
    level : float
        Chance that all intervals hold.
    degrees : float or array
        Degrees of freedom of each comparison.
    balanced : bool
        Whether the largest was taken on the normal scale (min-p), so that it is stretched row by row here.

    Returns
    -------
    array
        At least Student's t of the comparison by itself.

    Notes
    -----
    The quantile is the smallest draw that at least `level` of all do not exceed (`method="higher"`): one between two
    draws could be exceeded by more than `1 - level` of them.
    """
    quantile = np.asarray(np.quantile(largest, level, method="higher"))
    reach = student_values(quantile, degrees=degrees) if balanced else quantile
    return np.asarray(np.maximum(reach, student.ppf((1 + level) / 2, degrees)))


def draw_correlated(contributions: Array, n_draws: int, generator: np.random.Generator) -> Array:
    """Normal draws of variance one with the correlations of estimates that are sums over independent units.

    Parameters
    ----------
    contributions : array
        Contributions of units to estimates, of mean 0, shape (units, K).
    n_draws : int
        Number of draws.
    generator : Generator
        Source of the draws.

    Returns
    -------
    array
        Shape (n_draws, K). An estimate whose contributions are all zero is drawn independently of the others.
    """
    draws = generator.standard_normal((n_draws, len(contributions))) @ contributions
    scale = np.sqrt((contributions**2).sum(axis=0))
    is_still = scale < STILL
    draws[:, is_still], scale[is_still] = generator.standard_normal((n_draws, int(is_still.sum()))), 1.0
    return np.asarray(draws / scale)


def normal_like(draws: Iterable[Array], generator: np.random.Generator) -> Iterator[Array]:
    """Normal draws with the correlations of standardised bootstrap draws.

    Parameters
    ----------
    draws : iterable of array
        Bootstrap draws with mean 0 and variance 1, each of shape `(n_draws, rows)`; few are in memory at a time.
    generator : Generator
        Source of the normal draws.

    Yields
    ------
    array
        One for each of `draws`, of the same shape.

    Notes
    -----
    `Z X / sqrt(B)` with Z a B x B matrix of independent normals and X the bootstrap draws. For joint tests: bootstrap
    draws of a frame that stands in a document or two are so skewed that the largest of them would hide every other
    statistic.
    """
    normal = np.empty((0, 0))
    for parts in _batch_columns(draws):
        if not len(normal):
            n_draws = len(parts[0])
            normal = generator.standard_normal((n_draws, n_draws)) / np.sqrt(n_draws)
        ends = np.cumsum([part.shape[1] for part in parts])
        yield from np.split(normal @ np.hstack(parts), ends[:-1], axis=1)


def _batch_columns(parts: Iterable[Array]) -> Iterator[list[Array]]:
    """Parts in batches of so many columns that a product of matrices takes little time for each."""
    batch: list[Array] = []
    for part in parts:
        batch.append(part)
        if sum(part.shape[1] for part in batch) >= _BATCH_COLUMNS:
            yield batch
            batch = []
    if batch:
        yield batch
