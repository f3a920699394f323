"""The score test of two shares beside a search by numbers, and beside another library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import norm
from scipy.stats import t as student

from framing.uncertainty.differences import ShareDifference, shrink_shares


def difference_of(
    a: float, b: float, n_a: float, n_b: float, effect: float = 1.0, extra: float = 0.0
) -> ShareDifference:
    return ShareDifference(*(np.array([value], float) for value in (a, b, n_a, n_b, effect, extra)))


@pytest.mark.parametrize("d", [-0.3, -0.05, 0.0, 0.1, 0.4])
@pytest.mark.parametrize(("a", "b", "n_a", "n_b"), [(0.2, 0.05, 48, 60), (0.0, 0.3, 20, 100), (0.9, 0.95, 30, 30)])
def test_the_error_is_at_the_shares_of_greatest_likelihood(a, b, n_a, n_b, d):
    p_a, p_b = (n_a * a + 0.5) / (n_a + 1), (n_b * b + 0.5) / (n_b + 1)

    def minus_likelihood(second: float) -> float:
        first = second + d
        return -(
            n_a * (p_a * np.log(first) + (1 - p_a) * np.log(1 - first))
            + n_b * (p_b * np.log(second) + (1 - p_b) * np.log(1 - second))
        )

    ends = (max(-d, 0) + 1e-12, min(1 - d, 1) - 1e-12)
    best = minimize_scalar(minus_likelihood, bounds=ends, method="bounded", options={"xatol": 1e-12}).x
    expected = np.sqrt(1.7 * ((best + d) * (1 - best - d) / n_a + best * (1 - best) / n_b) + 0.001)
    assert difference_of(a, b, n_a, n_b, 1.7, 0.001).error(d).item() == pytest.approx(expected, rel=1e-4)


def test_the_statistic_by_hand():
    # 48 and 60 observations, shares .2 and .05: the mean of (9.6 + .5) / 49 and (3 + .5) / 61
    p = (48 * 10.1 / 49 + 60 * 3.5 / 61) / 108
    z = 0.15 / np.sqrt(1.5 * p * (1 - p) * (1 / 48 + 1 / 60) + 0.002)
    assert difference_of(0.2, 0.05, 48, 60, 1.5, 0.002).statistic().item() == pytest.approx(z)


@given(
    a=st.floats(0, 1), b=st.floats(0, 1), n_a=st.floats(5, 500), n_b=st.floats(5, 500), effect=st.floats(0.2, 5),
    critical=st.floats(1, 6),
)  # fmt: skip
def test_bounds_leave_zero_out_where_the_statistic_is_beyond(a, b, n_a, n_b, effect, critical):
    difference = difference_of(a, b, n_a, n_b, effect, 1 / n_a**2)
    low, high = (bound.item() for bound in difference.bounds(np.array([critical])))
    z = difference.statistic().item()
    assert -1 <= low <= a - b + 1e-9
    assert a - b - 1e-9 <= high <= 1
    if abs(abs(z) - critical) > 1e-6:
        assert (low > 0 or high < 0) == (abs(z) > critical)


def test_bounds_are_those_of_another_library():
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    low, high = difference_of(0.3, 0.5, 4000, 6000).bounds(np.array([1.96]))
    expected = proportion.confint_proportions_2indep(
        1200, 4000, 3000, 6000, method="score", compare="diff", correction=False, alpha=2 * norm.sf(1.96)
    )
    assert (low.item(), high.item()) == pytest.approx(expected, abs=5e-4)


def test_a_detectable_difference_is_found_as_often_as_promised():
    # shares of 48 and 240 normal-sized observations: eight in ten, of 4,000 draws with standard error .0063
    generator = np.random.default_rng(0)
    design = difference_of(0.1, 0.1, 120, 300)
    critical = np.array([2.5])
    d = design.find_detectable(critical, np.array([1e6]), power=0.8, base=np.array([0.1])).item()
    a, b = generator.binomial(120, 0.1 + d, 4000) / 120, generator.binomial(300, 0.1, 4000) / 300
    found = ShareDifference(a, b, np.array(120.0), np.array(300.0), np.array(1.0), np.array(0.0)).statistic() > 2.5
    assert found.mean() == pytest.approx(0.8, abs=0.03)
    # by hand: d is the sum of both reaches
    middle = (120 * (0.1 + d) + 300 * 0.1) / 420
    null = np.sqrt(middle * (1 - middle) * (1 / 120 + 1 / 300))
    true = np.sqrt((0.1 + d) * (0.9 - d) / 120 + 0.1 * 0.9 / 300)
    assert d == pytest.approx(2.5 * null + student.ppf(0.8, 1e6) * true, rel=1e-6)


@pytest.mark.parametrize("critical", [1.0, 2.0, 2.5, 4.0])
def test_two_shares_are_within_a_margin_where_the_bounds_are(critical):
    difference = difference_of(0.2, 0.17, 400, 500, 1.2, 0.0001)
    low, high = difference.bounds(np.array([critical]))
    for margin in (0.02, 0.05, 0.08, 0.1, 0.15):
        assert difference.is_within(margin, np.array([critical])) == (low > -margin and high < margin)


def test_common_frames_are_as_rare_ones_from_the_other_end():
    critical, degrees = np.array([3.0]), np.array([30.0])
    low, high = (
        difference_of(share, share, 50, 50).find_detectable(critical, degrees, power=0.8, base=np.array([share]))
        for share in (0.1, 0.9)
    )
    assert low == pytest.approx(high)


def test_shares_are_kept_off_the_ends():
    assert shrink_shares(np.array([-0.2, 0.5, 1.3]), np.array([9.0])).tolist() == pytest.approx([0.05, 0.5, 0.95])
