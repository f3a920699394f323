"""Curves of scores against labels, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from framing.errors import InputError
from framing.validation.curves import reliability_bins, risk_coverage
from framing.validation.intervals import EXACT, METHOD
from framing.validation.ranking import calibration_error
from tests.validation.labels import random_labels


def test_reliability_bins_by_hand():
    # a: .1, .3 (one gold), .6, .8 (both gold), in two bins. b: all .5, so one bin, half gold.
    gold = np.array([[0, 1], [1, 0], [1, 1], [1, 0]], dtype=bool)
    scores = np.array([[0.1, 0.5], [0.3, 0.5], [0.6, 0.5], [0.8, 0.5]])
    table = reliability_bins(gold, scores, frames=["a", "b"], n_bins=2)
    assert table.columns.to_list() == ["frame", "bin", "mean_score", "share", "low", "high", "n"]
    # (all): eight scores in bins of four; .1, .3 and the four of .5, which begin in the lower bin; then .6, .8.
    assert table[["frame", "bin", "n"]].to_numpy().tolist() == [
        ["a", 1, 2], ["a", 2, 2], ["b", 1, 4], ["(all)", 1, 6], ["(all)", 2, 2],
    ]  # fmt: skip
    assert table["mean_score"].to_list() == pytest.approx([0.2, 0.7, 0.5, 2.4 / 6, 0.7])
    assert table["share"].to_list() == pytest.approx([1 / 2, 1, 1 / 2, 3 / 6, 1])
    # Wilson, all of two: low is n / (n + z²), with z² = 3.8415; half of four: 1/2 ± z / (2 √(4 + z²)).
    assert table["low"].to_list()[1] == pytest.approx(2 / 5.8415, abs=1e-4)
    assert table["high"].to_list()[1] == pytest.approx(1)
    assert table.loc[2, ["low", "high"]].to_list() == pytest.approx([0.5 - 0.35, 0.5 + 0.35], abs=1e-3)


def test_the_reliability_curve_adds_up_to_the_calibration_error():
    gold, scores, _ = random_labels(200, 3)
    table = reliability_bins(gold, scores, frames=list("abc"), n_bins=15)
    gaps = ((table["mean_score"] - table["share"]).abs() * table["n"]).groupby(table["frame"]).sum()
    assert gaps["(all)"] / 600 == pytest.approx(calibration_error(gold.ravel(), scores.ravel()))
    assert gaps["b"] / 200 == pytest.approx(calibration_error(gold[:, 1], scores[:, 1]))


def test_risk_coverage_of_thresholds_by_hand():
    # Threshold .5. a: distances .4, .3, .2, .1; wrong: the third. b is never wrong.
    gold = np.array([[1, 0], [0, 0], [0, 0], [0, 0]], dtype=bool)
    scores = np.array([[0.9, 0.0], [0.2, 0.0], [0.7, 0.0], [0.4, 0.0]])
    table = risk_coverage(gold, scores, 0.5, frames=["a", "b"], documents="wxyz", n_bootstrap=100)
    assert table.columns.to_list() == ["frame", "coverage", "risk", "low", "high", "n", "method"]
    first = table[table["frame"] == "a"].set_index("coverage")
    assert first["risk"].loc[[0.25, 0.5, 0.75, 1.0]].to_list() == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert first["n"].loc[[0.05, 0.5, 1.0]].to_list() == [1, 2, 4]
    never = table[table["frame"] == "b"].set_index("coverage")
    assert (never["method"] == EXACT).all()
    assert first["method"].loc[1.0] == METHOD
    assert (never[["risk", "low"]] == 0).all(axis=None)
    # No draw has an error. Clopper-Pearson of none among one, two and four documents: 1 - .025 ** (1/n).
    assert never["high"].loc[[0.25, 0.5, 1.0]].to_list() == pytest.approx([0.975, 1 - 0.025**0.5, 1 - 0.025**0.25])
    # All eight: four of distance .5 first, then a's; the only error is the seventh.
    pooled = table[table["frame"] == "(all)"].set_index("coverage")
    assert pooled["risk"].loc[[0.75, 0.85, 1.0]].to_list() == pytest.approx([0, 1 / 7, 1 / 8])
    assert (first["low"] <= first["risk"]).all()
    assert (first["risk"] <= first["high"]).all()
    # A threshold for each frame: a from .8 on is never wrong.
    by_frame = risk_coverage(gold, scores, np.array([0.8, 0.5]), frames=["a", "b"], documents="wxyz", n_bootstrap=10)
    assert (by_frame["risk"] == 0).all()


def test_risk_coverage_of_the_highest_score_by_hand():
    # Highest .9 right, .8 wrong, .6 right, .5 right.
    scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.5, 0.3]])
    gold = np.array([[1, 0], [0, 1], [0, 1], [1, 0]], dtype=bool)
    table = risk_coverage(gold, scores, "highest", frames=["a", "b"], documents=["x"] * 4)
    assert (table["frame"] == "(all)").all()
    assert table["coverage"].to_list() == pytest.approx(np.arange(1, 21) / 20)
    assert table["risk"].iloc[[4, 9, 14, 19]].to_list() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 4])
    assert set(table["method"]) == {"no interval: a single document"}
    assert table[["low", "high"]].isna().all(axis=None)


def test_there_are_ten_bins_unless_others_are_asked_for():
    scores = np.arange(90)[:, None] / 90
    table = reliability_bins(scores > 0.5, scores, frames=["a"])
    assert table["bin"].to_list() == [*range(1, 11)] * 2
    assert table["n"].to_list() == [9] * 20
    assert table.index.to_list() == [*range(20)]


def test_confidence_is_the_part_of_the_way_from_the_threshold_to_the_end_of_the_scale():
    # Threshold .8: .9 is half the way to 1, .6 a quarter of the way to 0, .2 three quarters. Wrong: .9.
    gold, scores = np.zeros((3, 1), dtype=bool), np.array([[0.9], [0.6], [0.2]])
    table = risk_coverage(gold, scores, 0.8, frames=["a"], documents="xyz", n_bootstrap=10)
    assert table["risk"].iloc[:20].to_list() == pytest.approx([0] * 6 + [1 / 2] * 7 + [1 / 3] * 7)
    assert table.index.to_list() == [*range(40)]


def test_a_frame_is_present_from_the_threshold_on():
    table = risk_coverage(
        np.array([[True], [False]]), np.array([[0.5], [0.4]]), 0.5, frames=["a"], documents="xy", n_bootstrap=10
    )
    assert (table["risk"] == 0).all()


def test_the_risk_of_two_documents_has_an_interval():
    # A draw is one of them, whose decision is right or wrong.
    table = risk_coverage(
        np.array([[True], [True]]), np.array([[0.9], [0.1]]), 0.5, frames=["a"], documents="xy", n_bootstrap=100
    )
    last = table.iloc[19]
    assert (last["risk"], last["low"], last["high"], last["method"]) == (0.5, 0, 1, METHOD)


def test_an_exact_interval_counts_the_documents_of_the_surest_decisions():
    # Both surest are of x: one document up to half, two from the third decision on, three with the last.
    scores = np.array([[0.9], [0.8], [0.7], [0.6]])
    table = risk_coverage(np.ones((4, 1), dtype=bool), scores, 0.5, frames=["a"], documents="xxyz", n_bootstrap=100)
    highs = table.set_index(["frame", "coverage"]).loc["a", "high"]
    assert highs.loc[[0.25, 0.5, 0.75, 1.0]].to_list() == pytest.approx([1 - 0.025 ** (1 / n) for n in (1, 1, 2, 3)])


def test_curves_of_arrays_that_are_not_alike_are_refused():
    gold = np.zeros((2, 2), dtype=bool)
    for scores, expected in (
        (np.zeros((2, 3)), r"gold \(2, 2\) and scores \(2, 3\) must be alike, with 2 frames"),
        (np.array([[0, np.nan], [0, 0]]), "scores: expected a number for every passage and frame, got 1 NaN"),
    ):
        with pytest.raises(InputError, match=expected):
            reliability_bins(gold, scores, frames=["a", "b"])
        with pytest.raises(InputError, match=expected):
            risk_coverage(gold, scores, 0.5, frames=["a", "b"], documents="xy")
