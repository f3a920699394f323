"""Tests of several groups at once, by loops; the closed test of pairs, set by set."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chi2_contingency
from scipy.stats import f as fisher

from framing.estimates.evidence import Evidence
from framing.estimates.omnibus import close_pairs, compare_all
from framing.estimates.pooling import PooledDesign, pool_design_effects
from framing.uncertainty.differences import ShareDifference
from tests.evidence import evidence_of

FOUR = replace(
    evidence_of(
        [[0.05, 0.4], [0.08, 0.1], [0.3, 0.15], [0.1, 0.12]],
        [[0.001, 0.005], [0.0015, 0.002], [0.004, 0.003], [0.0014, 0.003]],
        [48, 40, 60, 30],
        [6, 9, 12, 5],
    ),
    misread=np.array([1 / 48**2, 1 / 40**2, 1 / 60**2, 1 / 30**2]),
)


def f_by_hand(evidence: Evidence, pooled: PooledDesign, members: tuple[int, ...], k: int) -> float:
    total = middle = 0.0
    for g in members:
        n, p = pooled.sizes[g], evidence.shares[g, k]
        total += n
        middle += n * (n * p + 0.5) / (n + 1)
    middle = middle / total
    weights = {
        g: 1 / (pooled.design_effects[k] * middle * (1 - middle) / pooled.sizes[g] + evidence.misread[g])
        for g in members
    }
    mean = sum(weights[g] * evidence.shares[g, k] for g in members) / sum(weights.values())
    return float(sum(weights[g] * (evidence.shares[g, k] - mean) ** 2 for g in members) / (len(members) - 1))


def test_one_test_a_frame_by_hand():
    pooled = pool_design_effects(FOUR)
    test = compare_all(FOUR, pooled)
    assert test.df_between == 3
    for k in range(2):
        assert test.f_value[k] == pytest.approx(f_by_hand(FOUR, pooled, (0, 1, 2, 3), k))
        assert test.p_value[k] == pytest.approx(fisher.sf(test.f_value[k], 3, pooled.degrees[k]))


def test_without_a_design_effect_it_is_pearsons_chi_squared():
    hits, n = np.array([200, 300, 250]), 1000
    shares = hits[:, None] / n
    evidence = evidence_of(shares, shares * (1 - shares) / n, [n] * 3, [1e6] * 3)
    test = compare_all(evidence, pool_design_effects(evidence))
    expected = chi2_contingency(np.stack([hits, n - hits]), correction=False).statistic
    assert test.f_value.item() * 2 == pytest.approx(expected, rel=0.01)  # variances within groups, not of the whole


def test_two_groups_have_the_square_of_the_score_test():
    pooled = pool_design_effects(FOUR)
    test = compare_all(FOUR, pooled, np.array([0, 2]))
    n = pooled.sizes
    z = ShareDifference(
        FOUR.shares[0], FOUR.shares[2], n[[0]], n[[2]], pooled.design_effects, pooled.misread[0] + pooled.misread[2]
    ).statistic()
    assert test.f_value == pytest.approx(z**2)


def test_pairs_are_closed_over_all_sets_that_hold_both():
    pooled = pool_design_effects(FOUR)
    pairs = np.array(list(combinations(range(4), 2)))
    result = close_pairs(FOUR, pooled, *pairs.T)
    for row, (a, b) in enumerate(pairs):
        for k in range(2):
            largest = 0.0
            for size in (2, 3, 4):
                for members in combinations(range(4), size):
                    if a in members and b in members:
                        f_value = f_by_hand(FOUR, pooled, members, k)
                        p = fisher.sf(f_value, size - 1, pooled.degrees[k])
                        largest = max(largest, p * (4 / 2 if size == 2 else 1))
            assert result[row, k] == pytest.approx(min(1.0, 2 * largest))
    assert (result >= 2 * compare_all(FOUR, pooled).p_value - 1e-12).all(), "no pair is surer than its frame"


@pytest.mark.slow
def test_one_group_that_differs_makes_no_false_pair():
    # Six groups of 48 independent passages and three frames; the first group has 40 % of one, the others 5 %. In 300
    # corpora at most 5 % have a false pair among the other five; two standard errors of that are 2.5 points.
    generator = np.random.default_rng(3)
    pairs = np.array(list(combinations(range(6), 2)))
    is_null = np.ones((15, 3), dtype=bool)
    is_null[pairs[:, 0] == 0, 0] = False
    shares = np.full((6, 3), 0.05)
    shares[0, 0] = 0.4
    false = found = 0
    for _ in range(300):
        observed = generator.binomial(48, shares) / 48
        spreads = observed * (1 - observed) / 47 + 1 / 48**2
        evidence = replace(evidence_of(observed, spreads, [48] * 6, [46] * 6), misread=np.full(6, 1 / 48**2))
        rejected = close_pairs(evidence, pool_design_effects(evidence), *pairs.T) < 0.05
        false += bool(rejected[is_null].any())
        found += rejected[~is_null].mean()
    assert false / 300 <= 0.075
    assert found / 300 > 0.7
