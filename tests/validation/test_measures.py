"""Measures under weights are those of documents repeated as often."""

from __future__ import annotations

import numpy as np
import pytest

from framing.validation.measures import count_agreement, measure_agreement


def test_measures_under_weights_are_those_of_repeated_documents():
    generator = np.random.default_rng(6)
    scores = generator.random((60, 3))
    gold = generator.random((60, 3)) < scores
    decided = np.where(scores > 0.6, "present", np.where(scores < 0.5, "absent", "abstain"))
    documents = np.repeat(np.arange(20), 3)
    labelled = count_agreement(gold, decided, scores, frames=["a", "b", "c"], documents=documents)
    weights = generator.poisson(1.0, (5, 20)).astype(float)
    found = measure_agreement(labelled, weights)
    for number, weight in enumerate(weights):
        rows = np.repeat(np.arange(60), weight[documents].astype(int))
        again = count_agreement(
            gold[rows], decided[rows], scores[rows], frames=["a", "b", "c"], documents=documents[rows]
        )
        expected = measure_agreement(again, np.ones((1, again.n_documents)))
        assert {key: values[number] for key, values in found.items()} == pytest.approx(
            {key: values[0] for key, values in expected.items()}, nan_ok=True
        )
