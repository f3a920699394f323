"""Chances that grow with what a label teaches, draws with these chances, and weights over rounds."""

from __future__ import annotations

from itertools import pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.coding.chances import draw_systematic, mix_chances, share_rounds, weigh_rounds
from framing.errors import InputError

ONE = np.zeros(5, dtype=np.int64)


class Fixed:
    """A generator that gives one order and one start."""

    def __init__(self, order, start):
        self.order, self.start = order, start

    def permutation(self, of):
        return np.array(self.order) if isinstance(of, int) else of

    def random(self):
        return self.start


def every_draw(chances, groups):
    """Each draw that can come, with its chance: all orders, and all starts between two ends of units."""
    orders = list(permutations(range(len(chances))))
    for order in orders:
        in_groups = np.array(order)[np.argsort(groups[list(order)], kind="stable")]
        ends = np.unique(np.r_[0.0, 1.0, np.cumsum(chances[in_groups]) % 1])
        for low, high in pairwise(ends):
            if high - low > 1e-12:
                yield draw_systematic(chances, groups, Fixed(order, (low + high) / 2)), (high - low) / len(orders)


# chances


def test_a_part_of_the_draw_is_uniform_and_the_rest_grows_with_the_spread():
    # two groups of two: each unit has .5 * .25 of a draw; of the rest by spread
    chances = mix_chances(
        np.array([4.0, 2.0, 0.5, 1.0]), np.array([0, 0, 1, 1]), sizes=np.array([20.0, 20.0]), n_drawn=1, floor=0.5
    )
    assert chances.tolist() == pytest.approx([0.125 + 0.5 * share / 7.5 for share in (4, 2, 0.5, 1)])
    # as many passages in a tenth of the corpus: a label there says ten times more of its share
    chances = mix_chances(np.array([1.0, 1.0]), np.array([0, 1]), sizes=np.array([90.0, 10.0]), n_drawn=1, floor=0.5)
    assert chances.tolist() == pytest.approx([0.25 + 0.5 * 0.1, 0.25 + 0.5 * 0.9])


def test_small_groups_get_as_many_by_the_uniform_part():
    groups = np.array([0] * 9 + [1])
    chances = mix_chances(np.zeros(10), groups, sizes=np.array([9.0, 1.0]), n_drawn=1, floor=1.0)
    assert chances[:9].tolist() == pytest.approx([0.5 / 9] * 9)
    assert chances[9] == pytest.approx(0.5)


def test_what_is_above_the_largest_goes_to_the_others():
    # half a unit each by the floor of 2 * .5 / 5 = .2; the spread gives the first one unit more, which is cut to .5
    chances = mix_chances(np.array([1.0, 0, 0, 0, 0]), ONE, sizes=np.array([5.0]), n_drawn=2, floor=0.5, largest=0.5)
    assert chances.tolist() == pytest.approx([0.5, 0.375, 0.375, 0.375, 0.375])


@given(
    spreads=st.lists(st.floats(0, 10), min_size=2, max_size=30),
    floor=st.floats(0.05, 1),
    n_drawn=st.integers(1, 30),
    largest=st.floats(0.1, 1),
    n_groups=st.integers(1, 4),
)
def test_chances_add_up_and_none_is_zero_or_too_large(spreads, floor, n_drawn, largest, n_groups):
    n = len(spreads)
    groups = np.arange(n) % min(n_groups, n)
    sizes = np.bincount(groups).astype(float)
    if n_drawn > n * largest:
        n_drawn = int(n * largest)
    if not n_drawn:
        return
    chances = mix_chances(np.array(spreads), groups, sizes=sizes, n_drawn=n_drawn, floor=floor, largest=largest)
    assert chances.sum() == pytest.approx(n_drawn)
    assert chances.max() <= largest + 1e-9
    least = floor * n_drawn / (len(sizes) * sizes[groups])
    assert (chances >= np.minimum(least, largest) - 1e-9).all()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"n_drawn": 6}, "expected 1 to 5, as many as there are left to draw from; got 6"),
        ({"floor": 0.0}, "expected a share above 0 and at most 1, got 0.0"),
        (
            {"n_drawn": 3, "largest": 0.5},
            "of the 5 units that are left a round of 3 would take so many .* expected 2 or fewer",
        ),
        ({"spreads": np.array([np.nan, 1, 1, 1, 1])}, "spreads: expected numbers that are 0 or more"),
    ],
)
def test_numbers_out_of_range_are_refused(options, expected):
    options = {"spreads": np.ones(5), "n_drawn": 2, **options}
    with pytest.raises(InputError, match=expected):
        mix_chances(options.pop("spreads"), ONE, sizes=np.array([5.0]), **options)


# draws


def test_each_unit_is_drawn_with_its_chance():
    chances, groups = np.array([0.9, 0.3, 0.5, 0.2, 0.1]), np.array([0, 0, 1, 1, 1])
    frequency = np.zeros(5)
    for drawn, chance in every_draw(chances, groups):
        assert len(set(drawn.tolist())) == 2
        assert (groups[drawn] == 0).sum() in (1, 2)  # 1.2 of the first group
        frequency[drawn] += chance
    assert frequency.tolist() == pytest.approx(chances.tolist())


def test_every_pair_can_come():
    chances = np.full(5, 0.4)
    pairs = {tuple(sorted(drawn.tolist())) for drawn, _ in every_draw(chances, ONE)}
    assert len(pairs) == 10


# weights


def test_later_rounds_count_more():
    # 10, 20 and 10 times the roots of 1, 2 and 3, over their sum 10 + 28.284 + 17.321 = 55.605
    assert share_rounds([10, 20, 10]).tolist() == pytest.approx([0.17984, 0.50866, 0.31150], abs=1e-5)


def test_weights_of_rounds_by_hand():
    # 40 and 10 drawn count 40 and 14.142: .73879 and .26121
    weights = weigh_rounds(np.array([0.5, 0.125]), np.array([0, 1]), [40, 10])
    assert weights.tolist() == pytest.approx([0.73879 / 0.5 + 0.26121, 0.26121 / 0.125], abs=1e-4)


def test_no_unit_stands_for_less_than_itself_at_the_largest_chances():
    sizes = [10, 20, 30]
    largest = np.array([share_rounds(sizes[:n])[-1] for n in (1, 2, 3)])
    assert weigh_rounds(largest, np.arange(3), sizes).tolist() == pytest.approx([1, 1, 1])


def choose(spreads_of_label, labels, drawn):
    """Chances of a second round that depend on the labels of the first."""
    left = np.setdiff1d(np.arange(len(labels)), drawn)
    spreads = spreads_of_label[int(labels[drawn].sum())][left]
    chances = mix_chances(spreads, ONE[left], sizes=np.array([5.0]), n_drawn=1, floor=0.3, largest=1 / 3)
    return left, chances


def test_the_expectation_over_all_draws_of_two_rounds_is_the_truth():
    labels = np.array([1.0, 0, 1, 1, 0])
    first = np.array([0.9, 0.3, 0.5, 0.2, 0.1])
    by_label = np.array([[1.0, 2, 3, 4, 5], [5, 4, 3, 2, 1], [0, 9, 0, 9, 0], [1, 1, 1, 1, 1]])
    total = mean = 0.0
    for drawn, chance in every_draw(first, ONE):
        left, second = choose(by_label, labels, drawn)
        for place, chance_of_one in enumerate(second):
            rows = np.r_[drawn, left[place]]
            weights = weigh_rounds(np.r_[first[drawn], chance_of_one], np.array([0, 0, 1]), [2, 1])
            mean += chance * chance_of_one * (weights * labels[rows]).sum()
            total += chance * chance_of_one
    assert total == pytest.approx(1)
    assert mean == pytest.approx(labels.sum(), abs=1e-12)


def test_the_variance_of_independent_draws_is_that_of_the_weights():
    """Four units, two rounds, each unit drawn by itself; chances of the second hang on what the first has drawn."""
    labels = np.array([1.0, 2.0, 0.5, 3.0])
    first = np.array([0.5, 0.25, 0.75, 0.4])
    mean = square = predicted = 0.0
    for in_first in product([False, True], repeat=4):
        drawn = np.array(in_first)
        chance_1 = np.where(drawn, first, 1 - first).prod()
        second = np.where(drawn, 0.0, 0.2 + 0.1 * (labels * drawn).sum() / 7)
        for in_second in product([False, True], repeat=4):
            later = np.array(in_second)
            chance = chance_1 * np.where(later, second, 1 - second).prod()
            if not chance:
                continue
            rows = np.r_[np.flatnonzero(drawn), np.flatnonzero(later)]
            chances = np.r_[first[drawn], second[later]]
            rounds = np.r_[np.zeros(drawn.sum()), np.ones(later.sum())].astype(np.int64)
            weights = weigh_rounds(chances, rounds, [3, 2])
            value = (weights * labels[rows]).sum()
            mean += chance * value
            square += chance * value**2
            predicted += chance * ((weights**2 - weights) * labels[rows] ** 2).sum()
    assert mean == pytest.approx(6.5, abs=1e-12)
    assert predicted == pytest.approx(square - mean**2, abs=1e-12)


def test_rounds_and_chances_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="rounds: expected 0 to 1, got"):
        weigh_rounds(np.array([0.5]), np.array([2]), [5, 5])
    with pytest.raises(InputError, match="chances: expected numbers above 0"):
        weigh_rounds(np.array([0.0]), np.array([0]), [5])
