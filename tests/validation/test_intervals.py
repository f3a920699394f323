"""Intervals of bootstrap draws, and what stands in their place where all draws are alike."""

from __future__ import annotations

import numpy as np
import pytest

from framing.validation.intervals import EXACT, METHOD, bootstrap_interval, no_interval


def test_percentiles_leave_out_draws_that_are_not_defined():
    draws = np.append(np.arange(101) / 100, [np.nan] * 50)
    interval = bootstrap_interval(draws, share=0.5, n_documents=4, level=0.9)
    assert (interval.low, interval.high) == pytest.approx((0.05, 0.95))
    assert interval.method == METHOD


def test_a_share_of_which_all_draws_are_alike_has_the_exact_interval():
    interval = bootstrap_interval(np.zeros(100), share=0.0, n_documents=5, level=0.95)
    # Clopper-Pearson of none of five
    assert (interval.low, interval.high) == pytest.approx((0, 1 - 0.025 ** (1 / 5)))
    assert interval.method == EXACT


def test_another_measure_of_which_all_draws_are_alike_has_none():
    interval = bootstrap_interval(np.ones(100), share=None, n_documents=5, level=0.95)
    assert np.isnan([interval.low, interval.high]).all()
    assert interval.method == "no interval: all draws are alike"


def test_a_reason_stands_in_place_of_an_interval():
    interval = no_interval("no interval: a single document")
    assert np.isnan([interval.low, interval.high]).all()
    assert interval.method == "no interval: a single document"
