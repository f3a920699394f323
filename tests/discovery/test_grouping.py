"""Groups of vectors: planted ones are found, the same each time; how far they come back; what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from framing.discovery.grouping import LEAST_TEXTS, Grouping, choose_n_groups, group_vectors, measure_stability
from framing.errors import InputError


def planted(sizes=(30, 20, 10), *, noise=0.1, d=12, seed=1):
    """Unit vectors around the first axes, and the axis of each."""
    generator = np.random.default_rng(seed)
    owners = np.repeat(np.arange(len(sizes)), sizes)
    vectors = np.eye(d)[owners] + generator.normal(size=(len(owners), d)) * noise
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), owners


def test_planted_groups_are_found_and_the_largest_comes_first():
    vectors, owners = planted()
    grouping = group_vectors(vectors, n_groups=3)
    assert (grouping.nearest == owners).all()
    assert np.bincount(grouping.core[grouping.core >= 0]).tolist() == [15, 10, 5]  # half of each


def test_the_core_is_the_half_that_is_nearest_to_the_centre():
    vectors, owners = planted()
    grouping = group_vectors(vectors, n_groups=3)
    for group in range(3):
        inside, outside = (
            grouping.similarity[(owners == group) & flag] for flag in (grouping.core >= 0, grouping.core < 0)
        )
        assert inside.min() > outside.max()
    centre = vectors[owners == 0].sum(axis=0)
    assert grouping.centres[0] == pytest.approx(centre / np.linalg.norm(centre))


def test_a_group_with_too_small_a_core_is_none_and_its_texts_have_no_nearest_group():
    vectors, owners = planted((30, 20, 6))
    grouping = group_vectors(vectors, n_groups=3)
    assert len(grouping.centres) == 2
    assert set(grouping.nearest[owners == 2]) == {-1}
    assert grouping.n_tried == 3


def test_the_same_vectors_give_the_same_groups():
    vectors, _ = planted(noise=0.6)
    first, second = group_vectors(vectors), group_vectors(vectors.copy())
    assert (first.core == second.core).all()
    assert (first.similarity == second.similarity).all()


def test_equal_vectors_make_no_more_groups_than_there_are_different_ones():
    vectors = np.repeat(np.eye(3), 10, axis=0)
    assert group_vectors(vectors, n_groups=7).n_tried == 3


@pytest.mark.parametrize(("n", "n_groups", "message"), [
    (LEAST_TEXTS - 1, 0, "at least 20 texts, and there are 19"),
    (30, 1, "1 groups: of 30 texts between 2 and 7"),
    (30, 8, "8 groups: of 30 texts between 2 and 7"),
])  # fmt: skip
def test_too_few_texts_and_impossible_numbers_are_refused(n, n_groups, message):
    with pytest.raises(InputError, match=message):
        group_vectors(planted((n,))[0], n_groups=n_groups)


def test_groups_that_are_all_too_small_are_refused():
    with pytest.raises(InputError, match="None of the 6 groups has 4 texts in its core"):
        group_vectors(np.repeat(np.eye(6), 4, axis=0), n_groups=6)


def test_no_more_groups_than_leave_four_texts_to_a_core():
    assert [choose_n_groups(n) for n in (20, 160, 256, 10_000)] == [2, 20, 32, 200]


def test_groups_far_apart_come_back_and_arbitrary_parts_of_one_do_not():
    vectors, _ = planted((40, 40), noise=0.02)
    documents = np.arange(80).astype(object)
    stable = measure_stability(vectors, group_vectors(vectors, n_groups=2), documents)
    assert stable["stability"].to_list() == [1.0, 1.0]
    assert stable["verdict"].to_list() == ["stable", "stable"]
    blob, _ = planted((80,), noise=0.3)
    loose = measure_stability(blob, group_vectors(blob, n_groups=6), documents)
    assert set(loose["verdict"]) == {"unstable"}
    assert (loose["stability_low"] <= loose["stability"]).all()
    assert (loose["stability"] <= loose["stability_high"]).all()


def test_a_group_of_one_document_does_not_come_back_where_that_is_not_drawn():
    vectors, owners = planted((40, 40), noise=0.02)
    documents = np.where(owners == 1, "one", np.arange(80).astype(str)).astype(object)
    grouping = group_vectors(vectors, n_groups=2)
    found = measure_stability(vectors, grouping, documents)
    one = int(grouping.nearest[owners == 1][0])
    assert found["stability"][one] < found["stability"][1 - one]
    assert found["stability_low"][one] == 0.0  # it is missing from more than a tenth of the draws


def test_the_largest_jaccard_counts():
    vectors = np.array([[1.0, 0.0]] * 12 + [[0.0, 1.0]] * 8)
    nearest = np.array([0] * 10 + [1] * 10)  # two texts are wrong: 10 of 12, and 8 of 10, come back
    grouping = Grouping(nearest, nearest, np.full(20, -1), np.ones(20), np.eye(2), 2)
    found = measure_stability(vectors, grouping, np.arange(20).astype(object), n_draws=300)
    assert found["stability"].to_list() == pytest.approx([10 / 12, 8 / 10], abs=0.03)


def test_small_clusters_are_named_the_tightest_first_and_lone_texts_are_not(monkeypatch):
    labels = np.array([0] * 8 + [1] * 5 + [2] * 3 + [3])
    monkeypatch.setattr("framing.discovery.grouping._cluster", lambda *_, **__: labels)
    angles = np.deg2rad([*range(8), 80, 90, 100, 110, 120, 200, 200, 201, 300, 0, 0, 0])[: len(labels)]
    padded = np.column_stack([np.cos(angles), np.sin(angles)])
    monkeypatch.setattr("framing.discovery.grouping.LEAST_TEXTS", len(labels))
    found = group_vectors(padded, n_groups=4)
    assert found.small.tolist() == [-1] * 8 + [1] * 5 + [0] * 3 + [-1]
    assert (found.nearest >= 0).tolist() == [True] * 8 + [False] * 9
