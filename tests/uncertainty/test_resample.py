"""Bootstrap draws of documents against the exact formula."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from framing.uncertainty.resample import draw_weights, ratio_or_nan, ratio_or_zero, resampled_totals

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
        result = (drawn[:, 0] == total).mean()
        assert abs(result - chance) < 4 * np.sqrt(chance * (1 - chance) / 9000)
    assert set(drawn[:, 0]) == {0.0, 9.0, 18.0}


def test_one_row_does_not_vary_and_none_is_zero():
    one = resampled_totals(np.array([[4.0, 1.0]]), n_draws=3, generator=np.random.default_rng(0))
    assert one.tolist() == [[4.0, 1.0]] * 3
    none = resampled_totals(np.zeros((0, 2)), n_draws=2, generator=np.random.default_rng(0))
    assert none.tolist() == [[0.0, 0.0]] * 2


def test_the_same_generator_gives_the_same_draws_whatever_the_chunk():
    few, many = (resampled_totals(COUNTS, n_draws=n, generator=np.random.default_rng(3)) for n in (250, 700))
    assert (many[:250] == few).all()


def test_each_draw_takes_one_document_fewer_with_equal_chances():
    parts = list(draw_weights(4, n_draws=6000, n_cells=10_000, generator=np.random.default_rng(1)))
    assert max(len(part) for part in parts) == 25  # 250,000 cells at once
    weights = np.concatenate(parts)
    assert weights.shape == (6000, 4)
    assert (weights.sum(axis=1) == 3).all()
    # Three draws with chance 1/4: mean 3/4, variance 9/16; five standard errors of a mean of 6000.
    assert np.abs(weights.mean(axis=0) - 0.75).max() < 5 * np.sqrt(9 / 16 / 6000)
    assert weights.var(axis=0) == pytest.approx(np.full(4, 9 / 16), rel=0.1)


def test_no_draws_are_no_parts():
    assert list(draw_weights(1, n_draws=0, n_cells=3, generator=np.random.default_rng(0))) == []


def test_draws_do_not_depend_on_the_size_of_the_parts():
    few, many = (
        np.concatenate(list(draw_weights(6, n_draws=90, n_cells=n, generator=np.random.default_rng(4))))
        for n in (6, 100_000)
    )
    assert (few == many).all()


def test_kinds_are_drawn_as_often_as_the_documents_of_the_kind():
    # Nine documents, six of one kind and three of the other: of eight that a draw takes, 8 × 6/9 are of the first.
    parts = draw_weights(9, n_draws=6000, generator=np.random.default_rng(5), repeats=np.array([6, 3]))
    weights = np.concatenate(list(parts))
    assert (weights.sum(axis=1) == 8).all()
    assert abs(weights[:, 0].mean() - 8 * 6 / 9) < 5 * np.sqrt(8 * 2 / 9 / 6000)


def test_a_single_document_is_in_every_draw():
    (weights,) = draw_weights(1, n_draws=3, generator=np.random.default_rng(0))
    assert weights.tolist() == [[1.0]] * 3


def test_a_ratio_over_nothing_is_zero_or_not_defined():
    top, bottom = np.array([[1.0, 0.0], [3.0, 0.0]]), np.array([[2.0, 0.0], [4.0, 1.0]])
    assert ratio_or_zero(top, bottom).tolist() == [[0.5, 0.0], [0.75, 0.0]]
    assert ratio_or_nan(top, bottom)[0, 0] == 0.5
    assert np.isnan(ratio_or_nan(top, bottom)).tolist() == [[False, True], [False, False]]
    assert ratio_or_zero(np.array([1.0, 2.0]), np.array(4.0)).tolist() == [0.25, 0.5]


def test_two_rows_vary():
    # One of two rows is drawn and counts twice: 0 or 12 for rows 0 and 6, with one half each.
    drawn = resampled_totals(np.array([[0.0], [6.0]]), n_draws=4000, generator=np.random.default_rng(6))[:, 0]
    assert set(drawn) == {0.0, 12.0}
    assert abs((drawn == 0).mean() - 0.5) < 4 * 0.5 / np.sqrt(4000)


@pytest.mark.parametrize(
    ("n_cells", "sizes"),
    [
        (0, [250, 250, 100]),  # never more than 250 at once
        (2809, [88] * 6 + [72]),  # 88 × 2809 = 247,192 numbers; 89 × 2809 = 250,001 would be one too many
        (10_000, [25] * 24),  # 25 × 10,000 are just the 250,000 that are allowed
        (300_000, [1] * 600),  # at least one draw
    ],
)
def test_parts_hold_at_most_250_draws_and_a_quarter_of_a_million_numbers(n_cells, sizes):
    parts = draw_weights(3, n_draws=600, n_cells=n_cells, generator=np.random.default_rng(0))
    assert [len(part) for part in parts] == sizes


@pytest.mark.parametrize(("ratio", "missing"), [(ratio_or_zero, 0.0), (ratio_or_nan, np.nan)])
def test_ratios_never_divide_by_nothing(ratio, missing):
    # A divisor below one counts like any other, and so does one of one; division by zero would warn.
    top, bottom = np.array([1.0, 3.0, 2.0, 0.0]), np.array([0.5, 1.0, 0.0, 0.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = ratio(top, bottom)
    assert found == pytest.approx([2.0, 3.0, missing, missing], nan_ok=True)
