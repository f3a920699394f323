"""Charts over time: ticks at periods of the data, frames as chosen, tables of many rows."""

from __future__ import annotations

from xml.etree import ElementTree

import pandas as pd
import pytest

from framing import charts
from framing.errors import InputError
from tests import chart_parts
from tests.chart_tables import (
    DRAWN,
    FRAMES,
    PERIODS,
    PLAIN,
    share_table,
    trend_table,
)


@pytest.mark.slow
def test_ticks_of_trends_are_periods_of_the_data():
    words = chart_parts.words(charts.share_trends(trend_table(PLAIN), FRAMES))
    for period in PERIODS:
        assert period.strftime("%d %b") in words
    assert "Dashes" not in words
    assert "Dashes: events listed below." in chart_parts.words(DRAWN["share_trends"](PLAIN))


def test_frames_can_be_chosen_and_keep_the_order_given():
    chart = charts.share_trends(trend_table(PLAIN), FRAMES, frames=["f", "e"])
    assert {row["frame"] for row in chart_parts.rows(chart)} == {"datum.label", "短い"}
    assert chart_parts.words(chart).index("datum.label") < chart_parts.words(chart).index("短い")


@pytest.mark.slow
def test_a_table_of_many_rows_renders():
    # 40 outlets, 4 frames, 40 weeks: 6,400 rows, above Altair's limit of 5,000.
    outlets = [f"outlet {number}" for number in range(40)]
    periods = pd.date_range("2023-01-02", periods=40, freq="W-MON")
    table = pd.concat([share_table(outlets).assign(period=period) for period in periods], ignore_index=True)
    assert len(table) == 6400
    ElementTree.fromstring(charts.to_svg(charts.share_trends(table, FRAMES)))


def test_errors_say_what_is_wrong():
    with pytest.raises(InputError, match=r"shares over time lacks the column\(s\) period"):
        charts.share_trends(share_table(PLAIN), FRAMES)
