"""Batches of tokens, and parts that are read ahead."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.encoders.batches import make_batches, pad, read_ahead


@given(st.lists(st.integers(0, 60), max_size=80), st.integers(1, 200))
def test_every_text_is_in_one_batch_and_no_batch_is_too_large(lengths, most):
    batches = list(make_batches(lengths, most))
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[row] for row in batch) <= most
    shortest_first = [lengths[row] for batch in batches for row in batch]
    assert shortest_first == sorted(lengths)


def test_padding_is_masked():
    ids, mask = pad([[5, 6, 7], [8], []], 1)
    assert ids.tolist() == [[5, 6, 7], [8, 1, 1], [1, 1, 1]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0], [0, 0, 0]]
    assert (ids.dtype, mask.dtype) == (np.int64, np.int64)


@pytest.mark.parametrize("threads", [1, 3])
def test_parts_come_in_order_and_few_are_read_ahead(threads):
    begun: list[int] = []
    lock = threading.Lock()

    def read(part: int) -> int:
        with lock:
            begun.append(part)
        return -part

    given_parts = iter(range(20))
    results = read_ahead(given_parts, read, threads=threads)
    assert next(results) == 0
    assert next(given_parts) == threads + 1, "no more than these were taken"
    assert list(results) == [-part for part in range(1, 20) if part != threads + 1]
    assert sorted(begun) == [part for part in range(20) if part != threads + 1]


def test_an_error_while_reading_ahead_is_raised_at_its_part():
    def read(part: int) -> int:
        if part == 1:
            raise ValueError("part 1")
        return part

    results = read_ahead(range(3), read)
    assert next(results) == 0
    with pytest.raises(ValueError, match="part 1"):
        next(results)
