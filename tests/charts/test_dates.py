"""Axes of dates: labels do not lie upon each other where most periods are missing."""

from __future__ import annotations

import pandas as pd

from framing.charts.dates import time_axis


def test_days_that_stand_close_together_after_a_gap_have_one_label():
    apart = pd.Series(pd.to_datetime(["2019-07-01", "2025-06-01", "2025-07-01", "2025-08-01"]))
    values = time_axis(apart, 6).to_dict()["values"]
    assert [(value["year"], value["month"]) for value in values] == [(2019, 7), (2025, 6)]


def test_every_period_of_a_series_without_gaps_may_have_a_label():
    months = pd.Series(pd.date_range("2025-01-01", periods=6, freq="MS"))
    assert [value["month"] for value in time_axis(months, 6).to_dict()["values"]] == [1, 2, 3, 4, 5, 6]
