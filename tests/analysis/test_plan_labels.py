"""How many labels are needed: what a plan says, what it cannot promise, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.analysis.plan_labels import plan_labels
from framing.errors import InputError
from framing.tables import LABELS_NEEDED
from tests.analysis.test_simulated_draws import corpus

FEW = {"n_simulations": 20, "units": ("passage",)}


def sharp_scores(n: int) -> np.ndarray:
    return np.where(np.random.default_rng(3).random((n, 1)) < 0.5, 0.95, 0.05)


@pytest.mark.slow
def test_a_width_beside_sharp_scores_takes_fewer_labels():
    passages = corpus(600, per_document=2)
    table = plan_labels(passages, frames=["war"], scores=sharp_scores(600), wanted_width=0.2, **FEW)
    assert list(table.columns) == list(LABELS_NEEDED)
    assert table[["goal", "frame", "group_a", "group_b", "unit"]].to_numpy().tolist() == [
        ["width", "war", "A", "", "passage"],
        ["width", "war", "B", "", "passage"],
    ]
    # labels alone: 1.96**2 * .25 / .1**2 = 96 and a little more by Student's t; beside the scores less than half
    assert table["n_labels_gold_only"].between(85, 130).all()
    assert (table["n_labels"] < 0.6 * table["n_labels_gold_only"]).all()
    assert table["expected"].to_list() == pytest.approx([0.2, 0.2], abs=0.005)
    assert (table["n_documents"] <= table["n_labels"]).all()
    assert table["method"].iloc[0] == (
        "shares and gain from scores, taken as chances; simulated, share of the process; 95% intervals"
    )


@pytest.mark.slow
def test_what_all_passages_cannot_give_is_said():
    table = plan_labels(corpus(60), frames=["war"], wanted_width=0.05, **FEW)
    assert table["n_labels"].to_list() == table["n_labels_gold_only"].to_list() == [30, 30]
    assert (table["expected"] > 0.2).all()
    assert table["method"].iloc[0].startswith("share assumed, no scores: no gain by a classifier")


def test_groups_too_small_for_any_interval_need_all_that_they_have():
    table = plan_labels(corpus(8, per_document=1), frames=["war"], wanted_width=0.5, **FEW)
    assert table["n_labels"].to_list() == [4, 4]
    assert table["expected"].isna().all()


@pytest.mark.slow
def test_a_difference_between_two_groups():
    passages = corpus(900, per_document=3, outlets="ABC")
    options = {"frames": ["war"], "scores": np.full((900, 1), 0.3), "wanted_difference": 0.3, "n_bands": 1, **FEW}
    options["n_simulations"] = 30
    row = plan_labels(passages, likeness=0.0, **options).iloc[0]
    # the textbook: (1.96 + .84)**2 (.3 .7 + .6 .4) / .3**2 = 39 each
    assert 30 <= row["n_labels"] <= 62
    assert (row["goal"], row["share_a"], row["share_b"]) == ("difference", pytest.approx(0.3), pytest.approx(0.6))
    assert (row["group_a"], row["group_b"], row["n_passages"]) == ("A", "B", 600)
    assert row["expected"] == pytest.approx(0.8, abs=0.01)
    assert row["method"].endswith("power 80%; 1 comparison")
    many = plan_labels(passages, likeness=0.0, n_comparisons=20, **options).iloc[0]
    assert many["n_labels"] > 1.3 * row["n_labels"]
    assert many["method"].endswith("20 comparisons")


@pytest.mark.slow
def test_whole_documents_take_more_where_passages_are_alike():
    passages = corpus(600, per_document=6)
    options = {"frames": ["war"], "wanted_width": 0.25, "expected_share": 0.3, "n_simulations": 20}
    table = plan_labels(passages, likeness=0.5, **options)
    needed = table.groupby("unit")["n_labels"].max()
    assert needed["document"] > 1.4 * needed["passage"]
    of_documents = table[table["unit"] == "document"]
    assert (of_documents["n_labels"] == 6 * of_documents["n_documents"]).all()


@pytest.mark.slow
def test_the_same_seed_plans_the_same():
    plans = [
        plan_labels(corpus(120), frames=["war"], wanted_width=0.3, n_simulations=16, units=["passage"])
        for _ in range(2)
    ]
    pd.testing.assert_frame_equal(*plans)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "Nothing is wanted: give wanted_width, wanted_difference or both"),
        ({"wanted_width": 0}, "wanted_width: expected a number between 0 and 1, got 0"),
        ({"wanted_difference": 1}, "wanted_difference: expected a number between 0 and 1, got 1"),
        ({"wanted_width": 0.1, "level": 95}, "level: expected a number between 0 and 1, got 95"),
        ({"wanted_width": 0.1, "power": 1}, "power: expected a number between 0 and 1, got 1"),
        ({"wanted_width": 0.1, "expected_share": 0}, "expected_share: expected a number between 0 and 1, got 0"),
        ({"wanted_width": 0.1, "n_comparisons": 0}, "n_comparisons: expected 1 or more, got 0"),
        ({"wanted_width": 0.1, "likeness": 1}, "likeness: expected a number from 0 to below 1, got 1"),
        ({"wanted_width": 0.1, "units": ["word"]}, "unit: expected one of passage, document"),
        ({"wanted_width": 0.1, "by": "paper"}, r"lacks the column\(s\) paper"),
        ({"wanted_width": 0.1, "scores": np.zeros((3, 1))}, r"scores: expected the shape \(24, 1\), got \(3, 1\)"),
        ({"wanted_width": 0.1, "scores": np.full((24, 1), 1.5)}, "scores: expected numbers from 0 to 1"),
    ],
)
def test_what_cannot_be_planned_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        plan_labels(corpus(24), frames=["war"], **options)
