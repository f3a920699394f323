"""Sentences aligned in order: one to one, one to two, left out; and how alike texts are by them."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from framing.stories.parallel import align_sentences, measure_parallel

AXES = np.eye(6, dtype=np.float32)


def _places(left, right):
    pairs = align_sentences(left, right, np.ones(len(left)), np.ones(len(right)))
    return [(list(pair.left), list(pair.right)) for pair in pairs]


def test_equal_sentences_in_order_are_aligned_one_to_one():
    assert _places(AXES[:4], AXES[:4]) == [([0], [0]), ([1], [1]), ([2], [2]), ([3], [3])]
    assert measure_parallel(AXES[:4], AXES[:4], np.ones(4), np.ones(4)) == 1.0


def test_two_sentences_may_stand_for_one_and_one_for_two():
    both = ((AXES[1] + AXES[2]) / np.float32(sqrt(2)))[None]
    assert _places(AXES[:4], np.concatenate([AXES[:1], both, AXES[3:4]])) == [([0], [0]), ([1, 2], [1]), ([3], [2])]
    assert _places(np.concatenate([AXES[:1], both]), AXES[:3]) == [([0], [0]), ([1], [1, 2])]


def test_what_is_in_one_text_alone_is_left_out_and_counts_nothing():
    # Of the left text three of four sentences are in the right one, of the right one all: (3/4 + 1) / 2 = 0.875
    assert _places(AXES[:4], AXES[[0, 2, 3]]) == [([0], [0]), ([2], [1]), ([3], [2])]
    assert measure_parallel(AXES[:4], AXES[[0, 2, 3]], np.ones(4), np.ones(3)) == pytest.approx(0.875)


def test_longer_sentences_count_more():
    # Both left sentences stand for the shared one: the cosine of (3, 1) to its axis, at a size of (1 + 1/2) / 2.
    found = measure_parallel(AXES[:2], AXES[[0, 5]], np.array([3.0, 1.0]), np.array([2.0, 2.0]))
    assert found == pytest.approx(0.75 * 3 / sqrt(10), abs=1e-6)


def test_sentences_in_another_order_align_in_part():
    assert measure_parallel(AXES[:6], AXES[::-1][:6], np.ones(6), np.ones(6)) < 0.4


def test_texts_without_like_sentences_have_none():
    assert _places(AXES[:2], AXES[2:4]) == []
    assert measure_parallel(AXES[:1], AXES[1:2], np.ones(1), np.ones(1)) == 0.0
