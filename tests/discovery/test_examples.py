"""Passages that stand for a group: central, different from each other; near ones of other groups."""

from __future__ import annotations

import numpy as np

from framing.discovery.examples import N_COUNTER_SEEDS, N_SEEDS, choose_examples
from framing.discovery.grouping import Grouping


def unit(degrees):
    angles = np.deg2rad(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def grouping(core):
    core = np.array(core)
    return Grouping(core, core, np.full(len(core), -1), np.ones(len(core)), unit([0, 90]), 2)


def rows_of(table, group, role):
    return table[(table["group"] == group) & (table["role"] == role)].sort_values("place")["row"].to_list()


def test_a_near_copy_of_a_chosen_one_comes_late():
    vectors = unit([0, 1, -1, 30, -30, 89, 90, 91, 92])
    table = choose_examples(vectors, grouping([0] * 5 + [1] * 4))
    assert rows_of(table, 0, "seed")[0] == 0  # nearest to all
    assert set(rows_of(table, 0, "seed")[1:3]) == {3, 4}  # the others say the same as the first
    assert set(rows_of(table, 0, "seed")) == {0, 1, 2, 3, 4}


def test_counter_seeds_are_near_explained_texts_outside_the_core_and_never_those_of_a_neighbouring_group():
    vectors = unit([0, 1, 2, 3, 20, 90, 80, 60, 100])
    explained = unit([1, 20, 10, 50, 70, 40])  # 1 and 70 lie as near to a centre as its core
    table = choose_examples(vectors, grouping([0, 0, 0, 0, -1, 1, 1, 1, 1]), explained)
    assert rows_of(table, 0, "counter_seed") == [2, 1, 5]
    assert rows_of(table, 1, "counter_seed") == [3]


def test_without_explained_texts_there_are_no_counter_seeds():
    table = choose_examples(unit([0, 1, 2, 3, 90, 80, 60, 100]), grouping([0] * 4 + [1] * 4))
    assert set(table["role"]) == {"seed"}


def test_no_more_than_the_limits():
    vectors = unit(np.concatenate([np.linspace(-5, 5, 30), np.linspace(85, 95, 30)]))
    table = choose_examples(
        vectors, grouping([0] * 30 + [1] * 30), unit(np.concatenate([range(10, 20), range(70, 80)]))
    )
    counts = table.groupby(["group", "role"]).size()
    assert set(counts.xs("seed", level="role")) == {N_SEEDS}
    assert set(counts.xs("counter_seed", level="role")) == {N_COUNTER_SEEDS}
