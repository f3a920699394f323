"""How long tuning takes, by hand: operations over a rate."""

from __future__ import annotations

import pytest

from framing.classify.tuned import forecast
from framing.classify.tuned.forecast import forecast_scoring, forecast_tuning
from framing.encoders.costs import Machine


@pytest.fixture(autouse=True)
def _rates(monkeypatch):
    monkeypatch.setattr(forecast, "_TRAINING", (2e9, 1e9))
    monkeypatch.setattr(forecast, "_SCORING", (4e9, 1e9))


# 6 operations * 10**6 parameters * 10 tokens * 16 texts * 100 steps = 96e9: 48 s of a core for each member
@pytest.mark.parametrize(
    ("n_cores", "n_members", "n_rivals", "seconds"),
    [
        (1, 4, 1, 192), (2, 4, 1, 96), (3, 4, 1, 96), (4, 4, 1, 48), (64, 4, 1, 48),
        (1, 4, 2, 240), (2, 4, 2, 48 + 2 * 48), (1, 2, 2, 144), (2, 4, 5, 3 * 48 + 2 * 48),
    ],
)  # fmt: skip
def test_members_share_the_cores(n_cores, n_members, n_rivals, seconds):
    machine = Machine(n_cores, bfloat16=True)
    found = forecast_tuning(10**6, 10, steps=[100] * n_members, n_rivals=n_rivals, machine=machine)
    assert found == pytest.approx(seconds)


def test_float32_has_a_rate_of_its_own():
    options = {"steps": [100], "n_rivals": 1}
    assert forecast_tuning(10**6, 10, machine=Machine(1, bfloat16=False), **options) == pytest.approx(96)
    assert forecast_tuning(10**6, 10, machine=Machine(1, bfloat16=False, gpu=True), **options) == pytest.approx(0.96)


def test_members_share_the_lower_layers_when_they_score():
    found = forecast_scoring(
        lower=10**6, upper=2 * 10**6, n_members=4, n_tokens=1000, machine=Machine(2, bfloat16=True)
    )
    assert found == pytest.approx(2 * 9e6 * 1000 / 8e9)
