"""From scores to decisions: thresholds, abstentions and F1 by hand."""

from __future__ import annotations

import numpy as np
import pytest

from framing.classify.decisions import DecisionRule, best_threshold, fit_decision_rule, measure_f1
from framing.classify.requirements import Requirements


def test_a_frame_is_chosen_from_the_threshold_on_or_as_the_highest():
    scores = np.array([[0.4, 0.39], [0.2, 0.1], [0.3, 0.3]])
    assert DecisionRule(True, 0.4).choose(scores).tolist() == [[True, False], [False, False], [False, False]]
    assert DecisionRule(False, 0.4).choose(scores).tolist() == [[True, False], [True, False], [True, False]]


def test_without_bounds_there_are_no_abstentions():
    decided = DecisionRule(True).decide(np.array([[0.5, 0.49, 0.0, 1.0]]))
    assert decided.tolist() == [["present", "absent", "absent", "present"]]


def test_decisions_with_promises_by_hand():
    several = DecisionRule(
        multi_label=True,
        present_from=np.array([0.8, np.inf, -np.inf]),
        absent_below=np.array([np.inf, 0.2, -np.inf]),
    )
    scores = np.array([[0.9, 0.9, 0.9], [0.6, 0.3, 0.3], [0.1, 0.1, 0.1], [0.8, 0.2, 0.5]])
    assert several.decide(scores).tolist() == [
        ["present", "abstain", "present"],
        ["abstain", "abstain", "abstain"],
        ["absent", "absent", "abstain"],
        ["present", "abstain", "present"],
    ]
    one = DecisionRule(
        multi_label=False,
        present_from=np.array([0.6, -np.inf, np.inf]),
        absent_below=np.array([0.3, np.inf, np.inf]),
    )
    scores = np.array([[0.5, 0.3, 0.2], [0.7, 0.2, 0.1], [0.4, 0.5, 0.1], [0.1, 0.2, 0.7]])
    assert one.decide(scores).tolist() == [
        ["abstain", "absent", "absent"],
        ["present", "absent", "absent"],
        ["abstain", "present", "absent"],
        ["absent", "absent", "abstain"],
    ]


def test_f1_by_hand():
    """At .5 frame 0 has a hit and a false alarm, F1 2/3, frame 1 a miss, F1 0: together 2 / (2 + 1 + 1)."""
    scores = np.array([[0.9, 0.1], [0.6, 0.2], [0.1, 0.3]])
    labels = np.array([[1, 0], [0, 0], [0, 1]], dtype=bool)
    macro, micro = measure_f1(scores, labels, np.array([0.5, 0.95]))
    assert macro.tolist() == pytest.approx([1 / 3, 0.0])
    assert micro.tolist() == pytest.approx([1 / 2, 0.0])


def test_a_residual_frame_stands_alone():
    scores = np.array([[0.9, 0.8], [0.2, 0.8], [0.9, 0.2], [0.2, 0.2]])
    rule = DecisionRule(True, 0.5, residual=1)
    assert rule.choose(scores).tolist() == [[True, False], [False, True], [True, False], [False, False]]
    bounded = DecisionRule(True, 0.5, np.array([0.95, 0.95]), np.array([0.1, 0.1]), residual=1)
    decided = bounded.decide(scores).tolist()
    assert decided == [["abstain", "absent"], ["abstain"] * 2, ["abstain", "absent"], ["abstain"] * 2]
    labels = np.array([[True, False], [False, True], [True, False], [False, False]])
    macro, micro = measure_f1(scores, labels, np.array([0.5]), residual=1)
    assert macro[0] == micro[0] == 1.0
    assert measure_f1(scores, labels, np.array([0.5]))[1][0] == pytest.approx(6 / 7)


def test_best_threshold_by_hand():
    """Frame 0 is labels apart between .3 and .6, frame 1 from .55 to .65: .58 is the middle of what suits both."""
    scores = np.array([[0.6, 0.65], [0.3, 0.1], [0.2, 0.55], [0.1, 0.66]])
    targets = np.array([[1, 1], [0, 0], [0, 0], [0, 1]], dtype=bool)
    assert best_threshold(scores, targets) == pytest.approx((0.56 + 0.60) / 2)
    assert 0.1 <= best_threshold(np.zeros((3, 2)), np.zeros((3, 2), dtype=bool)) <= 0.7


@pytest.mark.parametrize("multi_label", [True, False])
def test_a_rule_is_fitted_with_its_threshold_and_promises(multi_label):
    """Ten carriers of either frame, scored .6 or higher, all others .1: precision .5 takes 7 without an error."""
    labels = np.repeat(np.eye(2, dtype=bool), 10, axis=0)
    scores = np.where(labels, 0.6 + np.arange(20)[:, None] / 100, 0.1)
    rule, guarantees = fit_decision_rule(
        labels,
        scores,
        multi_label=multi_label,
        frames=["war", "trade"],
        requirements=Requirements({"war": 0.5}, {"trade": 0.5}, 0.95),
    )
    assert rule.threshold == (best_threshold(scores, labels) if multi_label else 0.5)
    assert guarantees[["frame", "measure", "held"]].to_numpy().tolist() == [
        ["war", "precision", True],
        ["trade", "recall", True],
    ]
    assert rule.present_from.tolist() == [0.6, -np.inf]
    # of ten carriers P(Bin(10, .5) >= 2) = .989 and >= 3 = .945: the second smallest
    assert rule.absent_below.tolist() == pytest.approx([np.inf, 0.71])


def test_f1_of_nothing_is_nothing():
    none = np.zeros((3, 2), dtype=bool)
    with np.errstate(all="raise"):
        macro, micro = measure_f1(np.zeros((3, 2)), none, np.array([0.5, 0.0]))
    assert (macro.tolist(), micro.tolist()) == ([0.0, 0.0], [0.0, 0.0])


def test_f1_counts_each_frame_alike_or_each_decision():
    """Frame 0: 3 hits of 4, no false alarm, 6/7; frame 1: 1 of 1 with 2 false alarms, 2/4; together 8 of 11."""
    scores = np.array([[0.9, 0.9], [0.9, 0.9], [0.9, 0.9], [0.1, 0.1]])
    labels = np.array([[1, 1], [1, 0], [1, 0], [1, 0]], dtype=bool)
    macro, micro = measure_f1(scores, labels, np.array([0.9]))
    assert macro.tolist() == pytest.approx([(6 / 7 + 1 / 2) / 2])
    assert micro.tolist() == pytest.approx([8 / 11])


def test_where_all_thresholds_are_alike_the_middle_is_taken():
    assert best_threshold(np.zeros((3, 2)), np.zeros((3, 2), dtype=bool)) == 0.4  # of .1 to .7


@pytest.mark.parametrize(("n", "expected"), [(220, 0.505), (260, 0.4)])
def test_thresholds_that_cost_little_f1_count_as_the_best(n, expected):
    """One false alarm at .3 costs 1 / (2 n + 1) of either F1: more than .002 with 220 carriers, less with 260."""
    assert 1 / 521 < 0.002 < 1 / 441 < 0.0025
    scores, labels = np.r_[np.full(n, 0.9), 0.3][:, None], np.r_[np.ones(n, bool), False][:, None]
    assert best_threshold(scores, labels) == expected
