"""Counts of agreement by hand; measures under weights are those of documents repeated as often."""

from __future__ import annotations

import numpy as np
import pytest

from framing.validation.measures import count_agreement, count_documents_behind, measure_agreement


def test_measures_under_weights_are_those_of_repeated_documents():
    generator = np.random.default_rng(6)
    scores = generator.random((60, 3))
    gold = generator.random((60, 3)) < scores
    decided = np.where(scores > 0.6, "present", np.where(scores < 0.5, "absent", "abstain"))
    documents = np.repeat(np.arange(20), 3)
    labelled = count_agreement(gold, decided, scores, frames=["a", "b", "c"], documents=documents)
    weights = generator.poisson(1.0, (5, 20)).astype(float)
    measured = measure_agreement(labelled, weights)
    for number, weight in enumerate(weights):
        rows = np.repeat(np.arange(60), weight[documents].astype(int))
        repeated = count_agreement(
            gold[rows], decided[rows], scores[rows], frames=["a", "b", "c"], documents=documents[rows]
        )
        expected = measure_agreement(repeated, np.ones((1, repeated.n_documents)))
        assert {key: values[number] for key, values in measured.items()} == pytest.approx(
            {key: values[0] for key, values in expected.items()}, nan_ok=True
        )


# One frame, three documents of two passages. x: a hit and a right absence. y: a false alarm and a miss. z: a hit and an
# abstention on gold.
GOLD = np.array([[1], [0], [0], [1], [1], [1]], dtype=bool)
DECIDED = np.array([["present"], ["absent"], ["present"], ["absent"], ["present"], ["abstain"]])
SCORES = np.array([[1.0], [0.0], [0.5], [0.5], [1.0], [0.5]])


def test_counts_of_documents_by_hand():
    counts = count_agreement(GOLD, DECIDED, SCORES, frames=["a"], documents=list("xxyyzz")).counts
    assert counts.hits.tolist() == [[1], [0], [1]]
    assert counts.false_alarms.tolist() == [[0], [1], [0]]
    assert counts.misses.tolist() == [[0], [1], [0]]
    assert counts.squared_errors.tolist() == [[0], [0.5], [0.25]]
    assert counts.decided.tolist() == [[2], [2], [1]]
    assert counts.passages.tolist() == [2, 2, 2]
    assert counts.right_passages.tolist() == [2, 0, 1]
    assert counts.decided_passages.tolist() == [2, 2, 1]


def test_counts_under_weights_by_hand():
    counts = count_agreement(GOLD, DECIDED, SCORES, frames=["a"], documents=list("xxyyzz")).counts
    weighed = counts.weigh(np.array([[1.0, 1, 1], [2, 0, 3]]))
    assert weighed.hits.tolist() == [[2], [5]]
    assert weighed.misses.tolist() == [[1], [0]]
    assert weighed.squared_errors.tolist() == [[0.75], [0.75]]
    assert weighed.decided_passages.tolist() == [5, 7]


def test_documents_behind_a_share_are_those_of_its_denominator():
    labelled = count_agreement(GOLD, DECIDED, SCORES, frames=["a"], documents=list("xxyyzz"))
    n_documents = count_documents_behind(labelled)
    # precision rests on what was given, recall on decided gold: both are in x, y and z
    assert n_documents["a", "precision"] == n_documents["a", "recall"] == n_documents["a", "coverage"] == 3
    only_misses = count_agreement(GOLD, np.zeros_like(GOLD), SCORES, frames=["a"], documents=list("xxyyzz"))
    assert count_documents_behind(only_misses)["a", "precision"] == 0
    assert count_documents_behind(only_misses)["(micro)", "recall"] == 3


def test_documents_behind_all_frames_are_those_of_any():
    # b is given in x and coded in y; nothing in z.
    gold = np.array([[0, 0], [0, 1], [0, 0]], dtype=bool)
    decided = np.array([["absent", "present"], ["absent", "absent"], ["abstain", "absent"]])
    labelled = count_agreement(gold, decided, np.zeros((3, 2)), frames=["a", "b"], documents=list("xyz"))
    assert count_documents_behind(labelled) == {
        ("a", "precision"): 0, ("b", "precision"): 1, ("(micro)", "precision"): 1,
        ("a", "recall"): 0, ("b", "recall"): 1, ("(micro)", "recall"): 1,
        ("a", "coverage"): 3, ("b", "coverage"): 3, ("(all)", "coverage"): 3, ("(all)", "accuracy"): 2,
    }  # fmt: skip


def test_scores_of_each_frame_are_ranked_only_if_asked_for():
    labelled = count_agreement(GOLD, DECIDED, SCORES, frames=["a"], documents=list("xxyyzz"), by_frame=False)
    assert labelled.rankings == []
    measured = measure_agreement(labelled, np.ones((1, 3)))
    assert ("a", "brier") not in measured
    assert measured["(all)", "brier"] == pytest.approx(0.75 / 6)
