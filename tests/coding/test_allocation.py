"""Whole numbers of units for each part: Neyman allocation by hand."""

from __future__ import annotations

import pytest

from framing.coding.allocation import apportion, round_up
from framing.errors import InputError


def test_allocation_is_in_proportion_to_size_times_deviation():
    # Neyman: n_h is proportional to N_h S_h; 100 * 0.5 and 100 * 0.1 share 60 as 5 to 1
    assert apportion([100, 100], [50.0, 10.0], 60).tolist() == [50, 10]


def test_two_at_least_and_all_at_most():
    assert apportion([100, 50, 1], [1000.0, 0.0, 5.0], 20).tolist() == [17, 2, 1]
    assert apportion([3, 100], [1000.0, 1.0], 20).tolist() == [3, 17]
    assert apportion([4, 4], [1.0, 1.0], 8).tolist() == [4, 4]


def test_no_other_whole_numbers_give_a_smaller_variance():
    sizes, weights, total = [9, 12, 6, 20], [3.0, 1.2, 4.4, 2.0], 23
    best = apportion(sizes, weights, total)
    variances = {
        (a, b, c, total - a - b - c): sum(w**2 / n for w, n in zip(weights, (a, b, c, total - a - b - c), strict=True))
        for a in range(2, 10)
        for b in range(2, 13)
        for c in range(2, 7)
        if 2 <= total - a - b - c <= 20
    }
    assert best.sum() == total
    assert variances[tuple(best.tolist())] == pytest.approx(min(variances.values()), rel=1e-12)


def test_too_few_for_two_of_each():
    with pytest.raises(InputError, match=r"3 cannot give 2 units to each of 2 strata; draw 4"):
        apportion([5, 5], [1.0, 1.0], 3)


def test_two_of_each_may_be_all():
    assert apportion([5, 5], [1.0, 3.0], 4).tolist() == [2, 2]


def test_the_next_unit_goes_where_the_variance_falls_most():
    # weight / sqrt(n (n + 1)) with two, three, four and five: 1.5 has .612, .433, .335, .274; 1 has .408, .289, .224
    in_turn = [apportion([50, 50], [1.5, 1.0], total).tolist() for total in range(5, 10)]
    assert in_turn == [[3, 2], [4, 2], [4, 3], [5, 3], [5, 4]]
    # 1.3 has .531, .375, .291: the second unit goes to the other, and so on in turn
    in_turn = [apportion([50, 50], [1.3, 1.0], total).tolist() for total in range(5, 9)]
    assert in_turn == [[3, 2], [3, 3], [4, 3], [5, 3]]


def test_the_heaviest_comes_first_wherever_it_stands():
    assert apportion([9, 9, 9], [1.0, 2.0, 30.0], 7).tolist() == [2, 2, 3]


def test_a_part_of_two_gives_no_more_however_heavy():
    assert apportion([2, 100], [1000.0, 1.0], 20).tolist() == [2, 18]


def test_only_rounding_of_floats_is_not_rounded_up():
    assert [round_up(number) for number in (40.0, 40 + 1e-12, 40.2, 40 - 1e-12)] == [40, 40, 41, 40]
