"""The plan of tuning: steps by hand, and what it refuses."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from framing.classify.tuned.plan import TuningPlan
from framing.errors import InputError


@pytest.mark.parametrize(("n_texts", "steps"), [(16, 60), (160, 60), (161, 66), (1600, 600), (1e6, 1500)])
def test_steps_of_a_member(n_texts, steps):
    """Six epochs of batches of 16, at least 60 and at most 1500."""
    assert TuningPlan().count_steps(n_texts) == steps


def test_unknown_objective_is_refused():
    with pytest.raises(InputError, match=r"no objective 'setfit'\. Choose auto, classification, contrastive\."):
        TuningPlan(objective="setfit")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"no dtype 'half'\. Choose auto, float32, bfloat16\."):
        TuningPlan(dtype="half")  # type: ignore[arg-type]


def test_a_negative_weight_of_the_contrastive_loss_is_refused():
    with pytest.raises(InputError, match=r"contrastive_weight: expected a weight of 0 or more, got -0\.1"):
        TuningPlan(contrastive_weight=-0.1)


def test_the_plan_by_default():
    assert asdict(TuningPlan()) == {
        "objective": "auto", "contest_below": 16, "contrastive_weight": 0.3, "trained_layers": 6, "epochs": 6,
        "min_steps": 60, "max_steps": 1500, "learning_rate": 0.0001, "max_tokens": 192, "dtype": "auto",
        "class_weight": 0.0, "search": False,
    }  # fmt: skip
    assert TuningPlan(contrastive_weight=0.0).contrastive_weight == 0.0
    with pytest.raises(InputError, match=r"contrastive_weight: .* got nan"):
        TuningPlan(contrastive_weight=float("nan"))
    for power in (-0.1, 1.1, float("nan")):
        with pytest.raises(InputError, match=r"class_weight: expected a power from 0 to 1, got"):
            TuningPlan(class_weight=power)


@pytest.mark.parametrize(
    ("name", "value"),
    [("trained_layers", 0), ("epochs", 0), ("min_steps", 1.5), ("max_steps", -1), ("max_tokens", None)],
)
def test_counts_are_whole_and_positive(name, value):
    with pytest.raises(InputError, match=rf"{name}: expected a whole number of 1 or more, got {value}"):
        TuningPlan(**{name: value})


@pytest.mark.parametrize("value", [0, -1, float("nan"), 1e4, "fast"])
def test_a_learning_rate_lies_between_0_and_1(value):
    with pytest.raises(InputError, match="learning_rate: expected a number above 0 and below 1, got"):
        TuningPlan(learning_rate=value)


def test_rivals_are_all_different():
    one = TuningPlan(search=True, trained_layers=1, objective="contrastive").list_rivals(100, 3)
    assert [plan.learning_rate for plan in one] == [1e-4, 2e-4, 5e-5]
    assert len(TuningPlan(search=True).list_rivals(10, 3)) == 6
