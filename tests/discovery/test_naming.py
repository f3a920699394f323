"""Words of groups: weights worked out by hand, order, pairs beside their parts."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from framing.discovery.naming import name_groups, weigh_words


def test_weights_worked_out_by_hand():
    # words a class: 6 and 2, so A = 4; numbers of the words: 4, 3, 1
    weights = weigh_words(np.array([[4, 2, 0], [0, 1, 1]]))
    expected = [
        [4 / 6 * log(1 + 4 / 4), 2 / 6 * log(1 + 4 / 3), 0],
        [0, 1 / 2 * log(1 + 4 / 3), 1 / 2 * log(1 + 4 / 1)],
    ]
    assert weights.tolist() == [pytest.approx(row) for row in expected]


def test_a_class_without_words_has_no_weight():
    assert weigh_words(np.array([[2, 1], [0, 0]]))[1].tolist() == [0, 0]


def test_words_of_all_texts_come_last_and_words_of_one_text_not_at_all():
    counts = np.array([[5, 3, 1], [5, 0, 0], [5, 0, 0]])
    assert name_groups(counts, ["said", "hive", "lime"], n_groups=1) == [("hive", "said")]


def test_of_a_pair_and_its_parts_one_is_listed():
    counts = np.array([[4, 4, 4, 3], [0, 0, 4, 0]])
    assert name_groups(counts, ["honey", "honey comb", "comb", "wax"], n_groups=1) == [("honey", "wax", "comb")]


def test_words_of_one_weight_stand_in_the_order_of_the_alphabet_and_no_more_than_asked():
    counts = np.array([[2, 2, 2], [1, 1, 1]])
    assert name_groups(counts, ["c", "a", "b"], n_groups=1, n_words=2) == [("a", "b")]
