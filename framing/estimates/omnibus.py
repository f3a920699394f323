"""Tests of several groups at once, frame by frame: one F test of all groups, and a closed test of their pairs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import f as fisher

from framing.estimates.evidence import Evidence
from framing.estimates.pooling import PooledDesign
from framing.uncertainty.differences import shrink_shares
from framing.uncertainty.joint import bonferroni

__all__ = ["MOST_GROUPS", "FrameTest", "close_pairs", "compare_all"]

Array = NDArray[np.float64]

MOST_GROUPS = 12  # groups whose sets can all be tested: 4,083 sets of 12


@dataclass(frozen=True)
class FrameTest:
    """One F test a frame; arrays of shape (K,).

    Attributes
    ----------
    f_value, df_within, p_value : array
        The statistic, its second degrees of freedom, and its p-value.
    df_between : int
        Its first degrees of freedom.
    """

    f_value: Array
    df_between: int
    df_within: Array
    p_value: Array


def compare_all(evidence: Evidence, pooled: PooledDesign, groups: NDArray[np.int64] | None = None) -> FrameTest:
    """Test that some groups have the same share of each frame.

    Parameters
    ----------
    evidence : Evidence
        Shares of all groups.
    pooled : PooledDesign
        Design effects of the frames.
    groups : array of int, optional
        Places of the groups tested, at least two; None: all.

    Returns
    -------
    FrameTest
        One test a frame.

    Notes
    -----
    With the symbols of `framing.estimates.pooling` and `n_g / b_g` for the sizes,

        F = sum_g (p_g - mean(p))**2 / v_g / (G - 1),    v_g = c_k p (1 - p) / n_g + M_g,

    where p is the mean of `p~` weighted by `n_g` and `mean(p)` weighted by `1 / v_g`, on `G - 1` and `df_k` degrees of
    freedom: Pearson's chi-squared test with the correction of Rao & Scott (1984), and
    F for the error of the design effect. With two groups it is the square of the score test of their difference.
    """
    rows = np.arange(len(evidence.shares)) if groups is None else groups
    n, p = pooled.sizes[rows][:, None], evidence.shares[rows]
    middle = (n * shrink_shares(p, n)).sum(axis=0) / n.sum()
    weight = 1 / pooled.find_variances(middle)[rows]
    between = len(rows) - 1
    f_value = (weight * (p - (weight * p).sum(axis=0) / weight.sum(axis=0)) ** 2).sum(axis=0) / between
    return FrameTest(f_value, between, pooled.degrees, np.asarray(fisher.sf(f_value, between, pooled.degrees)))


def close_pairs(evidence: Evidence, pooled: PooledDesign, first: NDArray[np.int64], second: NDArray[np.int64]) -> Array:
    """Joint p-values of all pairs of groups and all frames by a closed test over sets of groups.

    Parameters
    ----------
    evidence : Evidence
        Shares of G groups, at most `MOST_GROUPS`.
    pooled : PooledDesign
        Design effects of the K frames.
    first, second : array of int
        Places of the two groups of each pair.

    Returns
    -------
    array
        Shape (pairs, K).

    Notes
    -----
    The procedure of Ryan, Einot, Gabriel and Welsch (Einot & Gabriel 1975; Welsch 1977): two groups differ where each
    set of groups that holds both is found to be unlike by `compare_all`, a set of s groups at the level `s / G` of
    the frame's (at the whole level from `s = G - 1` on); a frame has the K-th part of the level (Bonferroni). So

        p = max over sets S with both of K p_S (G / s, or 1 from G - 1 on).

    Whichever groups are truly alike, the chance of any false difference in all frames is at most the level. Pairs need
    to be clear beside the sets that hold them only, not beside all other pairs, which finds two to six times as many
    true differences as a single-step test of all pairs.
    """
    n_groups, n_frames = evidence.shares.shape
    p = np.zeros((n_groups, n_groups, n_frames))
    for size in range(2, n_groups + 1):
        factor = 1.0 if size >= n_groups - 1 else n_groups / size
        for members in combinations(range(n_groups), size):
            rows = np.array(members)
            single = compare_all(evidence, pooled, rows).p_value
            block = np.ix_(rows, rows)
            p[block] = np.maximum(p[block], factor * single)
    return np.asarray(bonferroni(p[first, second], n_frames))
