"""Charts of exact counts: periods without documents, scores in twentieths, the threshold."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from framing import charts
from framing.errors import InputError
from tests import chart_parts
from tests.chart_tables import (
    FRAMES,
    PLAIN,
    score_table,
    share_table,
    trend_table,
)


def test_a_period_without_any_document_is_left_blank():
    # Weeks of 1 and 22 January: two columns between them are there, and empty.
    table = pd.DataFrame(
        {
            "outlet": ["A", "A"],
            "period": [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-22")],
            "n_documents": [2, 1],
        }
    )
    words = chart_parts.words(charts.documents_over_time(table))
    for label in ("01 Jan 2024", "08 Jan 2024", "15 Jan 2024", "22 Jan 2024"):
        assert label in words
    months = table.assign(period=[pd.Timestamp("2024-01-01"), pd.Timestamp("2024-03-01")])
    assert "Feb 2024" in chart_parts.words(charts.documents_over_time(months, period="month"))


def test_a_stray_date_far_away_does_not_make_thousands_of_columns():
    moments = [pd.Timestamp("1970-01-01"), pd.Timestamp("2024-01-22")]
    table = pd.DataFrame({"outlet": ["A", "A"], "period": moments, "n_documents": [2, 1]})
    chart = charts.documents_over_time(table, period="day")
    assert "A blank is" not in chart_parts.words(chart)
    assert len(charts.to_svg(chart)) < 30_000


def test_the_threshold_is_drawn_where_there_is_one():
    with_one, without = (charts.score_spread(score_table(), FRAMES, threshold=t) for t in (0.5, float("nan")))
    assert "decided present from 0.50" in chart_parts.words(with_one)
    assert "rule" in json.dumps(with_one.to_dict())
    words = chart_parts.words(without)
    assert "the highest decides" in words
    assert "nan" not in words.lower()


def test_scores_are_counted_in_twentieths():
    # 0 and 0.049 in the first, 0.05 in the second, 1 in the last.
    scored = pd.DataFrame({"frame": "e", "score": [0, 0.049, 0.05, 1.0]})
    rows = [row for row in chart_parts.rows(charts.score_spread(scored, FRAMES, threshold=0.5)) if "score" in row]
    assert [row["score"] for row in rows] == pytest.approx([0.025, 0.075, 0.975])
    assert [row["n_passages"] for row in rows] == [2, 1, 1]


def test_errors_say_what_is_wrong():
    with pytest.raises(InputError, match=r"documents over time lacks the column\(s\) n_documents"):
        charts.documents_over_time(trend_table(PLAIN).drop(columns="n_documents"))
    with pytest.raises(InputError, match=r"classified passages lacks the column\(s\) score"):
        charts.score_spread(share_table(PLAIN), FRAMES, threshold=0.5)


def test_one_day_of_two_centuries_is_two_columns():
    periods = [pd.Timestamp("1914-07-28"), pd.Timestamp("2014-07-28"), pd.Timestamp("2014-07-29")]
    table = pd.DataFrame({"outlet": ["A"] * 3, "period": periods, "n_documents": [3, 9, 1]})
    words = chart_parts.words(charts.documents_over_time(table, period="day"))
    for label in ("28 Jul 1914", "28 Jul 2014", "29 Jul 2014"):
        assert label in words
