"""Sizes at which an outcome is as wanted, where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from framing.analysis.label_search import find_for_power, find_for_width, pick_sizes, spread_sizes

SIZES = np.array(spread_sizes(10, 1000, 60), dtype=float)


def test_width_that_falls_with_the_root_of_the_size():
    # 2 / sqrt(n) is .2 at n = 100
    found = find_for_width(SIZES, 2 / np.sqrt(SIZES), wanted=0.2, lowest=10, highest=1000)
    assert (found.n, found.expected) == (pytest.approx(100, rel=1e-3), pytest.approx(0.2, rel=1e-3))


def test_mean_width_is_wanted_not_that_of_logarithms():
    """Every second interval is half as wide again as the others: the mean is 1.25 times the smaller width."""
    widths = 2 / np.sqrt(SIZES) * np.where(np.arange(60) % 2, 1.5, 1.0)
    found = find_for_width(SIZES, widths, wanted=0.25, lowest=10, highest=1000)
    assert found.n == pytest.approx(100, rel=0.03)


def test_what_cannot_be_reached_is_said():
    found = find_for_width(SIZES, 2 / np.sqrt(SIZES), wanted=0.01, lowest=10, highest=400)
    assert (found.n, found.expected) == (pytest.approx(400), pytest.approx(0.1, rel=1e-3))
    found = find_for_width(SIZES, 2 / np.sqrt(SIZES), wanted=0.9, lowest=10, highest=400)
    assert found.n == pytest.approx(10)
    flat = find_for_power(SIZES, np.full(60, 1.0), critical=1.96, power=0.8, lowest=10, highest=400)
    assert (flat.n, flat.expected) == (pytest.approx(400), 0.0)


def test_power_of_a_normal_statistic():
    # z = .3 sqrt(n) + N(0, 1) is above 1.96 with chance .8 at n = ((1.95996 + .84162) / .3)**2 = 87.2
    sizes, found = np.repeat(SIZES, 20), []
    for seed in range(20):
        statistics = 0.3 * np.sqrt(sizes) + np.random.default_rng(seed).standard_normal(len(sizes))
        found.append(find_for_power(sizes, statistics, critical=norm.isf(0.025), power=0.8, lowest=10, highest=1000))
    assert np.mean([needed.n for needed in found]) == pytest.approx(87.2, rel=0.04)
    assert {round(needed.expected, 3) for needed in found} == {0.8}


def test_draws_without_an_outcome_do_not_count():
    widths = 2 / np.sqrt(SIZES)
    widths[::2] = np.nan
    assert find_for_width(SIZES, widths, wanted=0.2, lowest=10, highest=1000).n == pytest.approx(100, rel=1e-3)
    widths[14:] = np.nan
    few = find_for_width(SIZES, widths, wanted=0.2, lowest=10, highest=1000)
    assert np.isnan([few.n, few.expected]).all(), "seven draws tell nothing"
    assert pick_sizes([few], 10, 1000, 5, np.random.default_rng(1)) == []


def test_a_second_round_looks_about_what_was_found():
    found = find_for_width(SIZES, 2 / np.sqrt(SIZES), wanted=0.2, lowest=10, highest=1000)
    sizes = pick_sizes([found], 10, 120, 50, np.random.default_rng(1))
    assert len(sizes) == 50
    assert min(sizes) >= 70
    assert max(sizes) == 120, "no more than there are"
