"""Forecasts from the table of rates: words over rate and cores, and nothing for an encoder that it lacks."""

from __future__ import annotations

import pytest

from framing.encoders.costs import Machine, find_machine, forecast_encoding, layer_parameters
from framing.encoders.weights import find_model


@pytest.mark.parametrize(
    ("name", "machine", "seconds"),
    [
        ("minilm", Machine(2, bfloat16=True), 15.0),  # 360,000 words are 6,000 passages of 60; 200 a second and core
        ("minilm", Machine(2, bfloat16=False), 30.0),
        ("mpnet", Machine(1, bfloat16=True), 6000 / 45),
        ("mpnet+minilm", Machine(1, bfloat16=True), 6000 / 45 + 6000 / 200),
        ("minilm", Machine(2, bfloat16=False, gpu=True), 0.6),  # a GPU has bfloat16 and counts as fifty cores
        ("some/folder", Machine(1, bfloat16=True), None),
        ("mpnet+some/folder", Machine(1, bfloat16=True), None),
    ],
)
def test_a_forecast_is_words_over_rate_and_cores(name, machine, seconds):
    assert forecast_encoding(name, 360_000, machine) == (None if seconds is None else pytest.approx(seconds))


def test_parameters_of_layers_are_those_of_the_model(encoder):
    from transformers import AutoModel

    layers = AutoModel.from_pretrained(str(find_model("minilm").folder), local_files_only=True).encoder.layer
    counted = [sum(value.numel() for value in layer.parameters()) for layer in layers]
    assert layer_parameters("minilm", 4) == (sum(counted[:2]), sum(counted[2:]))
    assert layer_parameters("minilm", 99) == (0, sum(counted))
    assert layer_parameters("mpnet+minilm", 6) == layer_parameters("mpnet", 6), "the first one is tuned"
    assert layer_parameters("some/folder", 6) is None


def test_the_machine_has_the_cores_that_threads_may_use(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert find_machine().n_cores == 1
    assert (Machine(1, bfloat16=True).words, Machine(3, bfloat16=True).words) == ("1 core", "3 cores")
    assert Machine(3, bfloat16=True, gpu=True).words == "a GPU"
