"""What the corrected estimator takes from labelled passages, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from framing.errors import InputError
from framing.estimates.contributions import centre_within_strata
from framing.estimates.labelled_sample import (
    LabelledSample,
    compute_tuning_factor,
    pool_slopes,
    read_labelled,
)
from tests.labelled import sampled_table


def sample_of(labels: list[float], scores: list[float], *, strata: list[int] | None = None) -> LabelledSample:
    """Passages of one frame, each a document and a sampled unit, drawn with chance one half."""
    n = len(labels)
    return LabelledSample(
        keys=[("A" if number % 2 == 0 else "B",) for number in range(n)],
        documents=np.array([f"d{number}" for number in range(n)], dtype=object),
        units=np.array([f"d{number}" for number in range(n)], dtype=object),
        sampled_units=np.arange(n),
        strata=np.zeros(n, dtype=np.int64) if strata is None else np.array(strata),
        inverse_chances=np.full(n, 2.0),
        passage_weights=np.ones(n),
        labels=np.array(labels, float)[:, None],
        proxies=np.array(scores, float)[:, None],
    )


# covariance (.75 - .25) / 4 = 1/8, variance of the scores (.75² + 3 × .25²) / 4 = 3/16: slope 2/3
RISING = sample_of([1, 0, 1, 0], [1, 0, 0, 0])
# covariance (-.25 - .25) / 4 = -1/8: slope -2/3
FALLING = sample_of([0, 1, 0, 1], [1, 0, 0, 0])


@pytest.mark.parametrize(
    ("sample", "pooled", "expected"),
    [
        (RISING, 2 / 3, 2 / 3),
        (RISING, 0.0, 4 * (2 / 3) / 24),  # shrunk: 4 labels of the group, 20 of all groups
        (RISING, 10.0, 4 / 3),  # at most twice the slope
        (FALLING, 10.0, 0.0),  # scores that run against the labels are not used
    ],
)
def test_the_tuning_factor_by_hand(sample, pooled, expected):
    assert compute_tuning_factor(sample, np.array([pooled])) == pytest.approx([expected])


def test_the_pooled_slope_counts_every_group():
    # covariances 1/8, 1/8 and -1/8 and variances 3/16 of four labels each; a group without labels counts for nothing
    empty = RISING.take(np.array([], dtype=np.int64))
    assert pool_slopes([RISING, empty, RISING, FALLING], 1) == pytest.approx([(1 / 8) / (9 / 16)])
    assert pool_slopes([RISING, FALLING], 1) == pytest.approx([0.0])


def test_a_sample_is_split_by_group_in_the_order_asked_for():
    b, c, a = RISING.split([("B",), ("C",), ("A",)])
    assert [part.documents.tolist() for part in (a, b, c)] == [["d0", "d2"], ["d1", "d3"], []]
    assert a.labels.ravel().tolist() == [1.0, 1.0]


def test_contributions_are_from_the_mean_of_their_stratum():
    # chance one half: 1 - 1 / 2 of the variance is left, times n / (n - 1) = 2; the unit alone is compared with zero
    sample = sample_of([0] * 5, [0] * 5, strata=[0, 0, 1, 1, 2])
    psi = centre_within_strata(np.array([[1.0], [3.0], [2.0], [2.0], [5.0]]), sample)
    assert psi.ravel() == pytest.approx([-1.0, 1.0, 0.0, 0.0, 5 * np.sqrt(0.5)])


def test_moments_by_hand_with_unequal_weights():
    # weights 1 and 3: mean score .25 × 1 + .75 × .2 = .4; covariance .25 × .6 × 1 + 0, variance .25 × .36 + .75 × .04
    sample = replace(
        RISING.take(np.array([0, 1])), inverse_chances=np.array([1.0, 3.0]), proxies=np.array([[1.0], [0.2]])
    )
    covariance, variance = sample.compute_moments()
    assert covariance == pytest.approx([0.15])
    assert variance == pytest.approx([0.12])
    assert compute_tuning_factor(sample, np.array([0.5])) == pytest.approx([(2 * 1.25 + 20 * 0.5) / 22])


def test_scores_that_do_not_vary_are_not_used():
    sample = sample_of([1, 0, 1, 0], [0.5] * 4)
    assert compute_tuning_factor(sample, np.array([1.0])).tolist() == [0.0]


@pytest.mark.parametrize(("n", "units", "is_enough"), [(10, 5, True), (9, 9, False), (10, 4, False), (12, 4, False)])
def test_ten_labels_of_five_units_are_enough(n, units, is_enough):
    alone, several = np.arange(n), np.arange(n) % units
    sample = sample_of([0.0] * n, [0.0] * n)
    by_document = replace(sample, documents=several.astype(object), units=several.astype(object), sampled_units=alone)
    by_unit = replace(sample, documents=alone.astype(object), units=alone.astype(object), sampled_units=several)
    assert by_document.count_units("process") == by_unit.count_units("corpus") == units
    assert by_document.count_units("corpus") == by_unit.count_units("process") == n
    assert by_document.is_large_enough("process") == by_unit.is_large_enough("corpus") == is_enough
    assert by_document.is_large_enough("corpus") == by_unit.is_large_enough("process") == (n >= 10)


def test_clusters_and_weights_of_passages_are_read_where_the_table_has_them():
    # two documents of one story, and one of its own; the second passage counts three times
    table = sampled_table([1, 0, 1], [0.9, 0.1, 0.2], [2.0, 2.0, 4.0], documents=["d", "e", "g"])
    table = table.assign(cluster=["s", "s", "t"], weight=[0.5, 1.5, 1.0])
    sample = read_labelled(table, by=["outlet"], frames=["f0"])
    assert sample.documents.tolist() == ["d", "e", "g"]
    assert sample.units.tolist() == ["s", "s", "t"]
    assert sample.passage_weights.tolist() == [0.5, 1.5, 1.0]
    assert sample.weights.tolist() == [1.0, 3.0, 4.0]
    assert sample.count_units("process") == 2
    # both stories have weight 4; the three passages, the sampled units, 1, 3 and 4: 8 squared over 26
    assert sample.count_effective_units("process") == pytest.approx(2)
    assert sample.count_effective_units("corpus") == pytest.approx(64 / 26)


def test_five_documents_of_two_stories_are_not_enough():
    sample = sample_of([0.0] * 10, [0.0] * 10)
    two, three = (replace(sample, units=np.arange(10) % n) for n in (2, 3))
    assert not two.is_large_enough("process")
    assert three.is_large_enough("process")
    assert two.is_large_enough("corpus")


def test_labels_are_read_by_passage_and_frame_in_any_order():
    weights = [3.0, 0.0, 2.0]
    table = sampled_table(
        [[1, 0], [0, 0], [0, 1]], [[0.9, 0.1], [0.5, 0.5], [0.2, 0.8]], weights, outlets=["A", "A", "B"],
        documents=["d", "d", "e"], strata=["x", "x", "y"], whole=True, frames=["f", "g"],
    )  # fmt: skip
    sample = read_labelled(table.iloc[::-1], by=["outlet"], frames=["g", "f"])
    assert sample.keys == [("B",), ("A",)]
    assert sample.documents.tolist() == ["e", "d"]
    assert sample.sampled_units.tolist() == sample.strata.tolist() == [0, 1]
    assert sample.inverse_chances.tolist() == sample.weights.tolist() == [2.0, 3.0]
    assert sample.units.tolist() == ["e", "d"]
    assert sample.labels.tolist() == [[1, 0], [0, 1]]
    assert sample.proxies.tolist() == [[0.8, 0.2], [0.1, 0.9]]


@pytest.mark.parametrize("column", ["gold", "gold_proxy"])
def test_the_first_passage_without_a_label_or_score_is_named(column):
    table = sampled_table([[1, 0]] * 4, [[0.5, 0.5]] * 4, [2.0] * 4)
    table.loc[[3, 4], column] = np.nan  # the second frame of p1, the first of p2
    with pytest.raises(InputError, match="labelled passage p1: expected gold and gold_proxy for each of 2 frames"):
        read_labelled(table, by=["outlet"], frames=["f0", "f1"])


def test_units_alone_in_their_strata_are_compared_with_each_other():
    # two of a stratum; two alone, which make one stratum: from its mean 6, times root of 1/2 × 2; chances one half
    sample = sample_of([0] * 4, [0] * 4, strata=[0, 0, 1, 2])
    psi = centre_within_strata(np.array([[1.0], [3.0], [4.0], [8.0]]), sample)
    assert psi.ravel() == pytest.approx([-1, 1, -2, 2])
    # drawn whole: passages of a unit are added first; chance one quarter leaves 3/4, times 3 / 2 for three units
    whole = replace(sample_of([0] * 4, [0] * 4), sampled_units=np.array([0, 1, 1, 2]), inverse_chances=np.full(4, 4.0))
    psi = centre_within_strata(np.array([[1.0], [3.0], [4.0], [1.0]]), whole)
    assert psi.ravel() == pytest.approx(np.array([-2, 4, -2]) * np.sqrt(3 / 4 * 3 / 2))
