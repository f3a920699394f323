"""Ids that have occurred: counts as a Counter has them, in a bounded number of bytes."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.seen import SeenIds


@given(st.lists(st.text(max_size=3)))
def test_counts_are_those_of_a_counter(items):
    seen, expected = SeenIds(), Counter()
    for item in items:
        assert seen.add(item) == expected[item]
        expected[item] += 1
    assert len(seen) == len(expected)
    assert {item: seen.count(item) for item in expected} == expected
    assert "not among them" not in seen


def test_many_ids_are_known_after_the_table_has_grown():
    seen = SeenIds()
    for number in range(20_000):
        assert seen.add(f"a rather long id of a document, number {number}") == 0
    assert len(seen) == 20_000
    assert all(f"a rather long id of a document, number {number}" in seen for number in range(0, 20_000, 97))
    assert not any(f"another id, number {number}" in seen for number in range(1000))
    n_bytes = sum(part.itemsize * len(part) for part in (seen._first, seen._second, seen._counts))
    assert n_bytes <= 67 * len(seen)
