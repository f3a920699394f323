"""Average link by hand, its constraints, and agreement with scipy on full graphs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from framing.stories.linkage import average_link, find_components


def _link(n: int, edges: dict[tuple[int, int], float], **options: object) -> list[int]:
    left, right = (np.array([pair[side] for pair in edges], dtype=np.int64) for side in (0, 1))
    return average_link(n, left, right, np.array(list(edges.values()), dtype=float), **options).tolist()  # type: ignore[arg-type]


# 0-1 merge at 0.9; {0,1}-2 has a mean of (0.8 + 0) / 2 = 0.4; 3-4 merge at 0.5
CHAIN = {(0, 1): 0.9, (1, 2): 0.8, (3, 4): 0.5}


def test_the_mean_of_pairs_decides_and_a_missing_edge_is_none():
    assert _link(5, CHAIN, threshold=0.41) == [0, 0, 2, 3, 3]
    assert _link(5, CHAIN, threshold=0.40) == [0, 0, 0, 3, 3]
    assert _link(5, CHAIN, threshold=0.95) == [0, 1, 2, 3, 4]


def test_pairs_stand_together_whatever_their_likeness():
    assert _link(5, CHAIN, threshold=0.95, together=[(2, 4)]) == [0, 1, 2, 3, 2]


def test_pairs_apart_never_meet_even_through_others():
    # 0 and 2 would meet through 1
    edges = {(0, 1): 0.9, (1, 2): 0.8, (0, 2): 0.7}
    assert _link(3, edges, threshold=0.1) == [0, 0, 0]
    assert _link(3, edges, threshold=0.1, apart=[(2, 0)]) == [0, 0, 2]
    assert _link(4, {**edges, (2, 3): 0.6, (0, 3): 0.6}, threshold=0.1, apart=[(2, 0)]) == [0, 0, 2, 2]


def test_no_items_and_no_edges():
    assert _link(0, {}, threshold=0.5) == []
    assert _link(2, {}, threshold=0.5) == [0, 1]


@given(st.integers(2, 9), st.integers(0, 10_000), st.floats(0.05, 0.95))
def test_full_graphs_agree_with_scipy(n, seed, threshold):
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.random((n, n)), 1)
    left, right = np.triu_indices(n, 1)
    found = average_link(n, left, right, upper[left, right], threshold=threshold)
    expected = fcluster(linkage(squareform(1 - upper - upper.T - np.eye(n), checks=False), "average"), 1 - threshold,
                        "distance")  # fmt: skip
    assert np.array_equal(found[:, None] == found[None], expected[:, None] == expected[None])


@given(st.data())
def test_constraints_hold_on_any_graph(data):
    n = data.draw(st.integers(2, 10))
    item = st.integers(0, n - 1)
    pairs = st.lists(st.tuples(item, item).filter(lambda pair: pair[0] != pair[1]), max_size=6)
    together, apart = data.draw(pairs), data.draw(pairs)
    component = find_components(n, together)
    apart = [(a, b) for a, b in apart if component[a] != component[b]]
    edges = {(a, b): data.draw(st.floats(0, 1)) for a in range(n) for b in range(a + 1, n) if data.draw(st.booleans())}
    found = _link(n, edges, threshold=0.2, together=together, apart=apart)
    assert all(found[a] == found[b] for a, b in together)
    assert all(found[a] != found[b] for a, b in apart)
    assert all(found[name] == name for name in found)


def test_a_component_is_named_by_its_smallest_member():
    assert find_components(4, [(3, 2), (2, 1)]).tolist() == [0, 1, 1, 1]
    assert find_components(3, []).tolist() == pytest.approx([0, 1, 2])


def test_the_threshold_itself_is_enough():
    assert _link(2, {(0, 1): 0.5}, threshold=0.5) == [0, 0]


@pytest.mark.parametrize("pair", [(0, 1), (1, 2)])
def test_pairs_that_stand_together_count_as_two(pair):
    # One edge of .8 between the pair and the third item, whose mean is .4; with two of them it is .8.
    edge = (1, 2) if pair == (0, 1) else (0, 1)
    assert len(set(_link(3, {edge: 0.8}, threshold=0.41, together=[pair]))) == 2
    assert _link(3, {edge: 0.8}, threshold=0.4, together=[pair]) == [0, 0, 0]
    assert _link(3, {edge: 0.8, (0, 2): 0.8}, threshold=0.8, together=[pair]) == [0, 0, 0]


@pytest.mark.parametrize("turned", [False, True])
def test_what_is_apart_from_a_member_is_apart_from_the_cluster(turned):
    # 1 and 2 merge first; 0 is apart from 2, so it never meets 1 either. Then 0 and 1, of which 1 is apart from 2.
    first, second = [(0, 2)], [(1, 2)]
    if turned:
        first, second = [(2, 0)], [(2, 1)]
    assert _link(3, {(1, 2): 0.9, (0, 1): 0.8, (0, 2): 0.8}, threshold=0.1, apart=first) == [0, 1, 1]
    assert _link(3, {(0, 1): 0.9, (0, 2): 0.8, (1, 2): 0.8}, threshold=0.1, apart=second) == [0, 0, 2]
    assert _link(2, {(0, 1): 0.9}, threshold=0.1, apart=[(1, 0) if turned else (0, 1)]) == [0, 1]


def test_of_equal_similarities_the_smallest_members_come_first():
    # 0 and 2 merge; then {0, 2} and 3 have a mean of .6 like 1 and 3, and come first. 1 is left with a mean of .2.
    edges = {(0, 2): 0.9, (0, 3): 0.6, (2, 3): 0.6, (1, 3): 0.6}
    assert _link(4, edges, threshold=0.5) == [0, 1, 0, 0]
