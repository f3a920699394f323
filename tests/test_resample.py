"""Bootstrap totals against the exact formula, and exact bounds against the binomial that defines them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from framing.resample import exact_bounds, resampled_totals

# Rows of (passages, passages with the frame) of five documents; two are alike and are drawn together.
COUNTS = np.array([[3.0, 2.0], [1.0, 0.0], [2.0, 2.0], [1.0, 0.0], [5.0, 1.0]])
N_DRAWS = 20_000


@pytest.fixture(scope="module")
def totals() -> np.ndarray:
    return resampled_totals(COUNTS, n_draws=N_DRAWS, generator=np.random.default_rng(1))


def test_mean_of_the_draws_is_the_total(totals):
    # A mean of B draws has standard error sd / sqrt(B); four of them are allowed.
    assert totals.shape == (N_DRAWS, 2)
    allowed = 4 * totals.std(axis=0) / np.sqrt(N_DRAWS)
    assert (np.abs(totals.mean(axis=0) - [12, 5]) < allowed).all()


def test_variance_of_the_draws_is_that_of_a_total_of_independent_rows(totals):
    # By hand: n s² with s² over n - 1. Passages: mean 2.4, squares .36+1.96+.16+1.96+6.76 = 11.2,
    # s² = 2.8, 5 s² = 14. With the frame: mean 1, squares 1+1+1+1+0 = 4, s² = 1, 5 s² = 5.
    exact = np.array([14.0, 5.0])
    # A variance of B draws has standard error var * sqrt((2 + k) / B), where k, the excess kurtosis of a
    # sum of n - 1 draws, is that of one row over n - 1. Five of them are allowed.
    centred = COUNTS - COUNTS.mean(axis=0)
    excess = ((centred**4).mean(axis=0) / (centred**2).mean(axis=0) ** 2 - 3) / (len(COUNTS) - 1)
    allowed = 5 * exact * np.sqrt((2 + excess) / N_DRAWS)
    assert (np.abs(totals.var(axis=0) - exact) < allowed).all()


def test_columns_are_drawn_together(totals):
    # n s_xy: products (.6)(1) + (-1.4)(-1) + (-.4)(1) + (-1.4)(-1) + (2.6)(0) = 3, over 4, times 5 = 3.75.
    # The standard error of a covariance is at most sqrt((v1 v2 + c²) / B) times a factor below 2 here.
    allowed = 4 * 2 * np.sqrt((14 * 5 + 3.75**2) / N_DRAWS)
    assert abs(np.cov(totals.T)[0, 1] - 3.75) < allowed


def test_three_rows_give_each_pair_its_chance():
    # Two of three rows are drawn and scaled by 3/2: {0,0} 4/9, {0,6} 4/9, {6,6} 1/9 for rows 0, 0, 6.
    rows = np.array([[0.0], [0.0], [6.0]])
    drawn = resampled_totals(rows, n_draws=9000, generator=np.random.default_rng(2))
    for total, chance in ((0.0, 4 / 9), (9.0, 4 / 9), (18.0, 1 / 9)):
        found = (drawn[:, 0] == total).mean()
        assert abs(found - chance) < 4 * np.sqrt(chance * (1 - chance) / 9000)
    assert set(drawn[:, 0]) == {0.0, 9.0, 18.0}


def test_one_row_does_not_vary_and_none_is_zero():
    one = resampled_totals(np.array([[4.0, 1.0]]), n_draws=3, generator=np.random.default_rng(0))
    assert one.tolist() == [[4.0, 1.0]] * 3
    none = resampled_totals(np.zeros((0, 2)), n_draws=2, generator=np.random.default_rng(0))
    assert none.tolist() == [[0.0, 0.0]] * 2


def test_the_same_generator_gives_the_same_draws_whatever_the_chunk():
    few, many = (resampled_totals(COUNTS, n_draws=n, generator=np.random.default_rng(3)) for n in (250, 700))
    assert (many[:250] == few).all()


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
