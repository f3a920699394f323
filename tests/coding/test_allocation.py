"""Whole numbers of units for each part: Neyman allocation by hand."""

from __future__ import annotations

import pytest

from framing.coding.allocation import apportion
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
