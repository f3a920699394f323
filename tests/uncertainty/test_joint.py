"""Joint tests by hand: families of two comparisons in which the second decides."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from framing.uncertainty.joint import (
    adjust_p_values,
    bonferroni,
    critical_values,
    largest_statistics,
    normal_like,
    normal_values,
    single_p_values,
)

# Two comparisons in five draws. The second is the larger in all but the third.
FIRST = np.array([0.5, -1.0, 2.5, 0.0, 1.0])
SECOND = np.array([1.0, 3.0, -2.0, -4.0, 1.5])
LARGEST = [1.0, 3.0, 2.5, 4.0, 1.5]
NORMAL = 1e9  # degrees of freedom with which Student's t is the normal


@pytest.mark.parametrize(
    "parts",
    [
        [FIRST[:, None], SECOND[:, None]],  # one comparison a part
        [SECOND[:, None], FIRST[:, None]],
        [np.column_stack([FIRST, SECOND])],  # both in one
        [np.column_stack([SECOND, FIRST]), np.zeros((5, 3))],
    ],
)
def test_the_largest_is_over_all_comparisons_whatever_their_order(parts):
    assert largest_statistics(parts, n_draws=5).tolist() == LARGEST


def test_without_comparisons_the_largest_is_zero():
    assert largest_statistics([], n_draws=3).tolist() == [0, 0, 0]
    assert largest_statistics([np.zeros((3, 0))], n_draws=3).tolist() == [0, 0, 0]


def test_the_second_comparison_raises_the_p_value_of_the_first():
    # |t| = 2 for the first. Alone, one of its five draws is as large: (1 + 1) / 6. With the second, draws 3, 2.5 and 4
    # are: (1 + 3) / 6.
    statistic, nothing = np.array([2.0]), np.zeros(1)
    alone = largest_statistics([FIRST[:, None]], n_draws=5)
    both = largest_statistics([FIRST[:, None], SECOND[:, None]], n_draws=5)
    assert adjust_p_values(statistic, alone, single=nothing) == pytest.approx(2 / 6)
    assert adjust_p_values(statistic, both, single=nothing) == pytest.approx(4 / 6)


def test_a_draw_that_is_equal_counts():
    largest = np.array([1.0, 2.0, 3.0])
    result = adjust_p_values(np.array([[3.0, 3.1], [1.0, 0.0]]), largest, single=np.zeros((2, 2)))
    assert result == pytest.approx(np.array([[2, 1], [4, 4]]) / 4)


def test_the_critical_value_is_a_draw_and_the_second_comparison_decides_it():
    # Of 100 draws the first comparison has 3.01 to 4.00 and the second 4 more in each: 7.01 to 8.00. The smallest draw
    # that at least 90 of the 99 steps lie below is the 91st: 7.91, and 3.91 for the first by itself.
    first = np.arange(3.01, 4.005, 0.01)[:, None]
    alone = largest_statistics([first], n_draws=100)
    both = largest_statistics([first, first + 4], n_draws=100)
    assert critical_values(alone, level=0.9, degrees=NORMAL) == pytest.approx(3.91)
    assert critical_values(both, level=0.9, degrees=NORMAL) == pytest.approx(7.91)
    # between two draws the larger is taken: the quantile .895 is 88.605 steps up
    assert critical_values(alone, level=0.895, degrees=NORMAL) == pytest.approx(3.90)


def test_draws_are_stretched_by_the_degrees_of_their_comparison():
    # z = 2 and 5 degrees: 2 + (8 + 2) / 20 = 2.5; z = 1.9 and 2 degrees: 1.9 + (6.859 + 1.9) / 8 = 2.994875, so that
    # the second, smaller in the normal, decides.
    parts = [np.array([[2.0]]), np.array([[1.9]])]
    assert largest_statistics(parts, n_draws=1, degrees=[5.0, np.inf]).tolist() == [2.5]
    assert largest_statistics(parts, n_draws=1, degrees=[5.0, 2.0]) == pytest.approx([2.994875])
    assert largest_statistics(parts, n_draws=1) == pytest.approx([2.0])
    row = largest_statistics([np.array([[2.0, 1.9]])], n_draws=1, degrees=[np.array([5.0, 2.0])])
    assert row == pytest.approx([2.994875])
    with pytest.raises(ValueError, match="shorter"):
        largest_statistics(parts, n_draws=1, degrees=[5.0])


def test_a_balanced_critical_value_is_stretched_row_by_row():
    # The quantile is 4: 4 + (64 + 4) / (4 × 17) = 5 with 17 degrees, 4 + 68 / 400 = 4.17 with 100.
    largest = np.full(10, 4.0)
    degrees = np.array([[17.0], [100.0]])
    assert critical_values(largest, level=0.95, degrees=degrees, balanced=True) == pytest.approx(
        np.array([[5.0], [4.17]])
    )
    assert critical_values(largest, level=0.95, degrees=degrees) == pytest.approx(np.array([[4.0], [4.0]]))


@pytest.mark.parametrize("balanced", [False, True])
def test_no_comparison_is_surer_in_company_than_alone(balanced):
    # No draw moves: what is left is Student's t. Two-sided 5 % with 4 degrees: 2.776; with 30: 2.042.
    still = np.zeros(99)
    degrees = np.array([4.0, 30.0])
    critical = critical_values(still, level=0.95, degrees=degrees, balanced=balanced)
    assert critical == pytest.approx([2.7764, 2.0423], abs=1e-4)
    single = single_p_values(critical, degrees)
    assert single == pytest.approx([0.05, 0.05])
    assert adjust_p_values(critical, still, single=single) == pytest.approx([0.05, 0.05])
    assert adjust_p_values(np.array([50.0]), still, single=np.array([1e-9])) == pytest.approx(1 / 100)


def test_intervals_exclude_zero_where_p_is_small():
    generator = np.random.default_rng(1)
    degrees = np.array([3.0, 12.0, 80.0])
    for n_draws in (199, 200, 1000):
        draws = [generator.standard_normal((n_draws, 1)) for _ in degrees]
        largest = largest_statistics(draws, n_draws=n_draws, degrees=degrees)
        statistic = generator.uniform(0, 9, (400, 3))
        critical = critical_values(largest, level=0.95, degrees=degrees)
        p = adjust_p_values(statistic, largest, single=single_p_values(statistic, degrees))
        # a p-value of exactly 1 - level is reached by one draw less than the quantile asks for
        assert ((p < 0.05) <= (statistic > critical)).all()
        assert ((p < 0.05 + 1 / n_draws) >= (statistic > critical)).all()


def test_min_p_compares_each_row_at_its_own_degrees():
    # |t| = 3 with 4 degrees is P = .0399, as far out as 2.055 in a normal; with 50 degrees P = .0042, 2.862. Of four
    # draws 2.5 and 3 are larger than the first, 3 alone than the second.
    single = single_p_values(np.array([3.0, -3.0]), np.array([4.0, 50.0]))
    assert single == pytest.approx([0.03994, 0.00421], abs=1e-5)
    far = normal_values(single)
    assert far == pytest.approx([2.0547, 2.8625], abs=1e-3)
    assert adjust_p_values(far, np.array([0.5, 1.0, 2.5, 3.0]), single=single) == pytest.approx([3 / 5, 2 / 5])


def test_normal_values_undo_two_sided_p_values():
    z = np.array([0.0, 0.3, 1.96, 6.0])
    assert normal_values(2 * norm.sf(z)) == pytest.approx(z)
    assert single_p_values(np.array([-2.5]), 9.0) == pytest.approx(2 * student.sf(2.5, 9))


def test_bonferroni_by_hand():
    # Four families: .01 is .04, .25 and more are 1.
    assert bonferroni(np.array([0.01, 0.25, 0.9]), 4).tolist() == [0.04, 1.0, 1.0]


def test_normal_draws_have_the_correlations_of_the_moves():
    # Two columns with correlation .6 and unit variance, in two parts that share their draws.
    generator = np.random.default_rng(2)
    x, noise = generator.standard_normal((2, 1500))
    standardised = np.column_stack([x, 0.6 * x + 0.8 * noise])
    standardised = (standardised - standardised.mean(axis=0)) / standardised.std(axis=0)
    first, second = normal_like([standardised[:, :1], standardised[:, 1:]], np.random.default_rng(3))
    drawn = np.column_stack([first, second])
    # A correlation of 1500 draws has standard error (1 - r²) / sqrt(1500) = .017; four, of both.
    assert np.corrcoef(drawn.T)[0, 1] == pytest.approx(np.corrcoef(standardised.T)[0, 1], abs=0.07)
    assert drawn.std(axis=0) == pytest.approx([1, 1], abs=0.08)


def test_normal_draws_of_a_single_part():
    # X is the identity: each draw is a row of Z / sqrt(B), with variance 1 / 4.
    draws = [list(normal_like([np.eye(4)], np.random.default_rng(seed))) for seed in range(400)]
    assert {len(parts) for parts in draws} == {1}
    values = np.stack([parts[0] for parts in draws])
    assert values.shape == (400, 4, 4)
    # The variance of 6400 normals has standard error .25 sqrt(2 / 6400); four of them are allowed.
    assert abs(values.var() - 0.25) < 4 * 0.25 * np.sqrt(2 / 6400)
