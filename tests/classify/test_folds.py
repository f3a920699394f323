"""Groups stay whole, equal texts stay together, and every frame is spread as far as its groups allow."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.classify.folds import assign_folds, join_groups
from framing.errors import InputError


def test_equal_texts_join_groups_by_hand():
    texts = ["a", "b", "b", "c", "d", "E  e", "e E\n"]
    groups = ["x", "x", "y", "y", "z", "v", "w"]
    assert join_groups(texts, groups).tolist() == [0, 0, 0, 0, 1, 2, 2]
    assert join_groups(texts, None).tolist() == [0, 1, 1, 2, 3, 4, 4]


def test_a_text_without_a_group_is_alone():
    assert join_groups(["a", "b", "c", "d"], [None, "x", None, "x"]).tolist() == [0, 1, 2, 1]
    assert join_groups(["a", "b", "c"], [float("nan"), 1, float("nan")]).tolist() == [0, 1, 2]
    assert join_groups(["a", "b", "a"], [None, None, None]).tolist() == [0, 1, 0]


def test_groups_are_numbered_in_order_of_appearance():
    assert join_groups(["a", "b", "c"], [9, 2, 9]).tolist() == [0, 1, 0]
    assert join_groups([], None).tolist() == []
    assert join_groups([], []).tolist() == []


def test_groups_of_another_length_are_refused():
    with pytest.raises(InputError, match="2 texts, but 3 groups; expected one a text"):
        join_groups(["a", "b"], [1, 2, 3])


words = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(words, st.none() | st.integers(0, 5)), max_size=14))
def test_two_texts_are_together_just_when_a_chain_links_them(rows):
    texts, groups = [text for text, _ in rows], [group for _, group in rows]
    linked = np.eye(len(rows), dtype=bool)
    for a, (text, group) in enumerate(rows):
        for b, (other, theirs) in enumerate(rows):
            linked[a, b] |= text == other or (group is not None and group == theirs)
    for middle in range(len(rows)):  # Warshall
        linked |= np.outer(linked[:, middle], linked[middle])
    found = join_groups(texts, groups)
    np.testing.assert_array_equal(found[:, None] == found[None, :], linked)


@st.composite
def labelled(draw, *, multi_label: bool, most_in_a_group: int):
    """Targets and groups numbered from zero without gaps."""
    sizes = draw(st.lists(st.integers(1, most_in_a_group), min_size=1, max_size=30))
    k = draw(st.integers(2, 4))
    groups = np.repeat(np.arange(len(sizes)), sizes)
    if multi_label:
        flat = draw(st.lists(st.booleans(), min_size=k * len(groups), max_size=k * len(groups)))
        return np.array(flat, dtype=bool).reshape(-1, k), groups
    frames = draw(st.lists(st.integers(0, k - 1), min_size=len(groups), max_size=len(groups)))
    return np.eye(k, dtype=bool)[frames], groups


@given(labelled(multi_label=True, most_in_a_group=4), st.integers(1, 5), st.integers(0, 3))
def test_groups_are_whole_and_no_fold_is_empty(problem, n_folds, seed):
    targets, groups = problem
    folds = assign_folds(targets, groups, n_folds=n_folds, random_seed=seed)
    assert folds.shape == groups.shape
    for group in np.unique(groups):
        assert len(set(folds[groups == group])) == 1
    assert len(np.unique(folds)) == min(n_folds, groups.max() + 1)
    assert folds.max() < n_folds
    np.testing.assert_array_equal(folds, assign_folds(targets, groups, n_folds=n_folds, random_seed=seed))


@given(labelled(multi_label=False, most_in_a_group=1), st.integers(2, 4), st.integers(0, 3))
def test_each_frame_is_in_each_fold_where_single_texts_allow(problem, n_folds, seed):
    targets, groups = problem
    folds = assign_folds(targets, groups, n_folds=n_folds, random_seed=seed)
    counts = np.array([targets[folds == number].sum(axis=0) for number in range(n_folds)])
    enough = targets.sum(axis=0) >= n_folds
    assert (counts[:, enough] > 0).all()
    assert (counts.max(axis=0) - counts.min(axis=0)).max() <= 2
    sizes = np.bincount(folds, minlength=n_folds)
    assert sizes.max() - sizes.min() <= len(enough)


@pytest.mark.parametrize("seed", range(5))
def test_a_rare_frame_is_spread_though_its_groups_are_large(seed):
    generator = np.random.default_rng(seed)
    groups = np.repeat(np.arange(40), generator.integers(1, 9, 40))
    targets = np.zeros((len(groups), 3), dtype=bool)
    targets[:, 0] = generator.random(len(groups)) < 0.6
    targets[:, 1] = generator.random(len(groups)) < 0.3
    for group in (3, 11, 20, 37):  # four documents with one passage each
        targets[np.flatnonzero(groups == group)[0], 2] = True
    folds = assign_folds(targets, groups, n_folds=4, random_seed=seed)
    counts = np.array([targets[folds == number].sum(axis=0) for number in range(4)])
    assert counts[:, 2].tolist() == [1, 1, 1, 1]
    sizes = np.bincount(folds)
    assert sizes.max() - sizes.min() <= 8  # the size of the largest group
    assert (counts[:, :2].max(axis=0) - counts[:, :2].min(axis=0)).max() <= 8


def test_another_seed_gives_other_folds():
    targets, groups = np.ones((40, 1), dtype=bool), np.arange(40)
    one, other = (assign_folds(targets, groups, n_folds=4, random_seed=seed) for seed in (0, 1))
    assert (one != other).any()
    assert np.bincount(one).tolist() == np.bincount(other).tolist() == [10] * 4


def fill_folds(labels: np.ndarray, groups: np.ndarray, n_folds: int, seed: int) -> np.ndarray:
    """The same rule group by group: rarest frame first, then the largest, each to the fold with least of the like."""
    generator, names = np.random.default_rng(seed), range(groups.max() + 1)
    content = [[*labels[groups == name].sum(axis=0), (groups == name).sum()] for name in names]
    total = [*labels.sum(axis=0), len(labels)]
    rarest = [min([total[c] for c in range(labels.shape[1]) if content[g][c]], default=np.inf) for g in names]
    draws = generator.random(len(content))
    filled, fold_of = [[0] * len(total) for _ in range(n_folds)], {}
    for name in sorted(names, key=lambda g: (rarest[g], -content[g][-1], draws[g])):
        alike = [sum(f[c] * content[name][c] / max(total[c], 1) ** 2 for c in range(len(total))) for f in filled]
        least = [fold for fold in range(n_folds) if alike[fold] <= min(alike) + 1e-9]
        smallest = min(filled[fold][-1] for fold in least)
        chosen = int(generator.choice([fold for fold in least if filled[fold][-1] == smallest]))
        filled[chosen] = [a + b for a, b in zip(filled[chosen], content[name], strict=True)]
        fold_of[name] = chosen
    return np.array([fold_of[group] for group in groups])


@pytest.mark.parametrize("seed", range(6))
def test_folds_are_those_of_the_rule_group_by_group(seed):
    generator = np.random.default_rng(seed)
    groups = np.repeat(np.arange(25), generator.integers(1, 7, 25))
    labels = generator.random((len(groups), 4)) < [0.5, 0.2, 0.05, 0.0]
    found = assign_folds(labels, groups, n_folds=4, random_seed=seed)
    np.testing.assert_array_equal(found, fill_folds(labels, groups, 4, seed))
    lone = np.arange(len(groups))
    found = assign_folds(labels, lone, n_folds=3, random_seed=seed)
    np.testing.assert_array_equal(found, fill_folds(labels, lone, 3, seed))
