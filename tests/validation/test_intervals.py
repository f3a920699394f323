"""Intervals of bootstrap draws, and what stands in their place where all draws are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.validation.intervals import (
    CALIBRATION,
    EXACT,
    METHOD,
    bootstrap_interval,
    estimate_agreement,
    no_interval,
)
from framing.validation.measures import count_agreement


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


def test_draws_are_alike_below_a_billionth():
    interval = bootstrap_interval(np.array([0.0, 1e-9]), share=None, n_documents=2, level=1.0)
    assert (interval.low, interval.high, interval.method) == (0.0, 1e-9, METHOD)
    interval = bootstrap_interval(np.array([0.0, 0.9e-9]), share=None, n_documents=2, level=1.0)
    assert interval.method == "no interval: all draws are alike"


def estimate(documents: str, *, score: float = 0.9, **options) -> pd.DataFrame:
    """Agreement on one frame that every other passage has and all are given, with the same score."""
    n = len(documents)
    labelled = count_agreement(
        (np.arange(n) % 2 == 0)[:, None], np.ones((n, 1), dtype=bool), np.full((n, 1), score),
        frames=["a"], documents=list(documents),
    )  # fmt: skip
    options = {"level": 0.95, "n_bootstrap": 200, "random_seed": 1, **options}
    return estimate_agreement(labelled, **options).set_index(["frame", "measure"])


def test_the_least_number_of_documents():
    # A draw is one of two documents: precision 1 or 0.
    for options in ({}, {"min_documents": 2}, {"min_documents": 1}):
        row = estimate("xy", **options).loc[("a", "precision")]
        assert (row["estimate"], row["low"], row["high"], row["method"]) == (0.5, 0, 1, METHOD)
        row = estimate("xx", **options).loc[("a", "precision")]
        assert (row["estimate"], row["method"]) == (0.5, "no interval: a single document")
    table = estimate("xxyy", min_documents=3)
    assert table[["low", "high"]].isna().all(axis=None)
    assert (table["method"] == "no interval: fewer than 3 gold documents").all()
    assert estimate("xyz", min_documents=3).loc[("a", "precision"), "method"] == METHOD


def test_the_lower_end_of_a_calibration_error_is_reflected():
    # All scores are .9 in one bin: the error of a draw is .9 less its share of gold, which is its precision.
    table = estimate("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN")
    error, precision = table.loc[("(all)", "calibration_error")], table.loc[("a", "precision")]
    assert error["estimate"] == pytest.approx(0.4)
    assert error["high"] == pytest.approx(0.9 - precision["low"])
    assert error["low"] == pytest.approx(0.8 - error["high"])
    assert error["low"] > 0
    assert error["method"] == CALIBRATION


def test_a_calibration_error_of_which_all_draws_are_alike_has_no_interval():
    row = estimate("xxyyzz").loc[("(all)", "calibration_error")]
    assert np.isnan([row["low"], row["high"]]).all()
    assert row["method"] == "no interval: all draws are alike"
