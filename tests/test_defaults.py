"""What a call without options does is what a report without options does."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from framing import (
    compare_groups,
    compare_trends,
    decompose_differences,
    estimate_prevalence,
    find_changes,
    measure_cooccurrence,
)
from framing.coding.sampling import draw_sample
from framing.corpus import read_passages, read_texts, split_passages, split_text
from framing.estimates.arrivals import compare_arrivals
from framing.settings import Settings
from framing.validation.coders import measure_reliability
from framing.validation.curves import risk_coverage
from framing.validation.decisions import evaluate_decisions, evaluate_groups
from framing.validation.errors_by_group import compare_errors

SHARED = ("level", "n_bootstrap", "min_documents", "random_seed")


@pytest.mark.parametrize(
    "function",
    [
        measure_reliability, compare_arrivals, compare_groups, compare_trends, measure_cooccurrence,
        decompose_differences,
        draw_sample, compare_errors, estimate_prevalence, evaluate_decisions, evaluate_groups, find_changes,
        risk_coverage,
    ],
)  # fmt: skip
def test_signatures_and_settings_share_their_defaults(function: Callable[..., object]):
    parameters = inspect.signature(function).parameters
    shared = [name for name in SHARED if name in parameters]
    assert "random_seed" in shared
    fields = Settings.model_fields
    assert {name: parameters[name].default for name in shared} == {name: fields[name].default for name in shared}


@pytest.mark.parametrize("function", [split_passages, split_text, read_passages, read_texts])
def test_passages_are_as_long_in_a_call_as_in_a_report(function: Callable[..., object]):
    assert inspect.signature(function).parameters["max_words"].default == Settings.model_fields["passage_words"].default
