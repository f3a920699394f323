"""Bounds against the distributions that define them and against statsmodels; Student's t against the exact quantile."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, norm, t

from framing.uncertainty.intervals import (
    exact_bounds,
    exact_error,
    percentiles,
    score_bounds,
    student_values,
    wilson_bounds,
)


@pytest.mark.parametrize("n", [1, 5, 20, 400])
def test_bounds_of_none_and_of_all(n):
    # None of n: the largest share p with (1 - p)^n = 0.025.
    low, high = exact_bounds(0.0, n, level=0.95)
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025 ** (1 / n), abs=1e-12)
    low, high = exact_bounds(1.0, n, level=0.95)
    assert low == pytest.approx(0.025 ** (1 / n), abs=1e-12)
    assert high == 1.0


@pytest.mark.parametrize(("hits", "n", "level"), [(1, 2, 0.95), (3, 10, 0.95), (7, 20, 0.9)])
def test_bounds_leave_half_the_rest_in_each_tail(hits, n, level):
    low, high = exact_bounds(hits / n, n, level=level)
    tail = (1 - level) / 2
    assert binom.sf(hits - 1, n, low) == pytest.approx(tail, abs=1e-9)
    assert binom.cdf(hits, n, high) == pytest.approx(tail, abs=1e-9)


def test_fewer_effective_documents_give_wider_bounds():
    bounds = [exact_bounds(0.3, n, level=0.95) for n in (20, 10.5, 3.2)]
    widths = [high - low for low, high in bounds]
    assert widths == sorted(widths)
    assert all(low < 0.3 < high for low, high in bounds)


@pytest.mark.parametrize(("share", "longer"), [(0.0, "high"), (0.25, "high"), (0.8, "low"), (1.0, "low")])
def test_the_exact_error_reaches_the_farther_bound(share, longer):
    low, high = exact_bounds(share, 20, level=0.9)
    farther = {"low": share - low, "high": high - share}[longer]
    assert exact_error(share, 20, level=0.9) * norm.ppf(0.95) == pytest.approx(farther)
    assert farther >= max(share - low, high - share) - 1e-12


def test_the_exact_error_of_none_by_hand():
    # None of 12: the upper bound is 1 - .025^(1/12) = .2646; over 1.96.
    assert exact_error(0.0, 12, level=0.95) == pytest.approx((1 - 0.025 ** (1 / 12)) / norm.ppf(0.975))


@pytest.mark.parametrize(("hits", "n"), [(0, 5), (3, 10), (40, 41), (7, 7)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_wilson_bounds_are_those_of_scipy(hits, n, level):
    low, high = wilson_bounds(np.array([hits]), np.array([n]), level=level)
    expected = binomtest(hits, n).proportion_ci(confidence_level=level, method="wilson")
    assert (low.item(), high.item()) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(("hits", "n"), [(0, 9), (4, 9), (9, 9)])
def test_bounds_are_those_of_statsmodels(hits, n):
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    exact = proportion.proportion_confint(hits, n, alpha=0.1, method="beta")
    assert exact_bounds(hits / n, n, level=0.9) == pytest.approx(np.nan_to_num(exact, nan=hits / n))
    low, high = wilson_bounds(np.array(hits), np.array(n), level=0.9)
    wilson = proportion.proportion_confint(hits, n, alpha=0.1, method="wilson")
    assert (float(low), float(high)) == pytest.approx(wilson, abs=1e-12)


def test_score_bounds_are_wilsons_where_the_error_is_that_of_single_passages():
    share = np.array([0.2, 0.5])
    error = np.sqrt(share * (1 - share) / 40)
    low, high = score_bounds(share, error, n_gold=40, quantile=float(norm.ppf(0.975)))
    wilson_low, wilson_high = wilson_bounds(share * 40, np.array([40, 40]), level=0.95)
    assert low == pytest.approx(wilson_low)
    assert high == pytest.approx(wilson_high)


def test_percentiles_leave_out_what_is_undefined():
    assert percentiles(np.array([np.nan, *range(101)]), level=0.9) == pytest.approx((5, 95))
    assert percentiles(np.array([np.nan]), level=0.9) == pytest.approx((np.nan, np.nan), nan_ok=True)


def test_percentiles_of_several_columns():
    draws = np.column_stack([np.arange(101.0), 2 * np.arange(101.0)])
    low, high = percentiles(draws, level=0.9)
    assert low == pytest.approx([5, 10])
    assert high == pytest.approx([95, 190])


def test_student_values_are_near_the_exact_ones():
    for degrees in (11, 30):
        assert student_values(np.array(norm.ppf(0.975)), degrees=degrees) == pytest.approx(
            t.ppf(0.975, degrees), abs=0.03
        )
    assert student_values(np.array(norm.ppf(0.975)), degrees=30) == pytest.approx(2.042, abs=0.005)


def test_student_values_by_hand():
    # z = 2, 5 degrees: 2 + (8 + 2) / 20 = 2.5.
    assert student_values(np.array([2.0]), degrees=5).tolist() == [2.5]


@given(
    share=st.floats(-0.2, 1.2), error=st.floats(1e-6, 0.5), n_gold=st.integers(10, 5000), quantile=st.floats(0.1, 8),
    more=st.floats(1.01, 4),
)  # fmt: skip
def test_score_bounds_hold_the_share_and_widen(share, error, n_gold, quantile, more):
    def bounds(error: float, quantile: float) -> tuple[float, float]:
        low, high = score_bounds(np.array([share]), np.array([error]), n_gold=n_gold, quantile=quantile)
        return low.item(), high.item()

    low, high = bounds(error, quantile)
    assert 0 <= low <= np.clip(share, 0, 1) <= high <= 1
    surer, wider = bounds(error, quantile * more), bounds(error * more, quantile)
    assert surer[0] <= low + 1e-9
    assert surer[1] >= high - 1e-9
    if 1 / n_gold < share < 1 - 1 / n_gold:  # else the middle moves inwards as the error grows
        assert wider[1] - wider[0] >= high - low - 1e-9


def test_score_bounds_mirror():
    low, high = score_bounds(np.array([0.07]), np.array([0.03]), n_gold=60, quantile=2.1)
    low_of_rest, high_of_rest = score_bounds(np.array([0.93]), np.array([0.03]), n_gold=60, quantile=2.1)
    assert (1 - high_of_rest.item(), 1 - low_of_rest.item()) == pytest.approx((low.item(), high.item()))


def test_score_bounds_are_wilsons():
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for hits, n in ((3, 40), (20, 40), (199, 200)):
        share = hits / n
        low, high = score_bounds(
            np.array([share]), np.array([np.sqrt(share * (1 - share) / n)]), n_gold=n, quantile=1.959963984540054
        )
        assert (low.item(), high.item()) == pytest.approx(proportion.proportion_confint(hits, n, method="wilson"))


def test_a_share_of_none_is_kept_half_a_passage_away_by_hand():
    # None of 10 with error .05: p = .5 / 10 = .05 and n = .05 × .95 / .0025 = 19, so that with z = 2 the square over n
    # is 4/19, the middle (.05 + 2/19) / (23/19) and the reach 2 sqrt(.0025 + 1/361) / (23/19).
    high = (0.05 + 2 / 19 + 2 * np.sqrt(0.0025 + 1 / 361)) * 19 / 23
    none, every, beyond = score_bounds(
        np.array([0.0, 1.0, 1.3]), np.full(3, 0.05), n_gold=10, quantile=2.0
    )[1].tolist()  # fmt: skip
    assert none == pytest.approx(high)
    assert every == beyond == 1.0
    lows = score_bounds(np.array([-0.3, 0.0, 1.0]), np.full(3, 0.05), n_gold=10, quantile=2.0)[0].tolist()
    assert lows[:2] == [0.0, 0.0]
    assert lows[2] == pytest.approx(1 - high)


def test_without_error_the_bounds_are_the_share():
    low, high = score_bounds(np.array([0.3]), np.array([0.0]), n_gold=50, quantile=2.0)
    assert (low.item(), high.item()) == pytest.approx((0.3, 0.3), abs=1e-5)


def test_wilson_bounds_of_all_do_not_pass_one_by_rounding():
    n = np.arange(1, 3000)
    low, high = wilson_bounds(n, n, level=0.95)
    assert (high <= 1).all()
    assert high == pytest.approx(np.ones(len(n)))
    assert (wilson_bounds(np.zeros(len(n)), n, level=0.95)[0] >= 0).all()
    assert (low < 1).all()


def test_percentiles_of_no_draws_have_the_shape_of_a_draw():
    low, high = percentiles(np.zeros((0, 3, 2)), level=0.9)
    assert low.shape == high.shape == (3, 2)
    assert np.isnan(low).all()
    assert np.isnan(high).all()
