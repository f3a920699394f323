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


def test_days_of_two_centuries_have_labels_of_their_own():
    days = [pd.Timestamp(day) for day in ("1914-07-28", "2014-07-28", "2014-07-29")]
    table = pd.DataFrame({"outlet": "A", "period": days, "n_documents": [3, 9, 1]})
    chart = charts.documents_over_time(table, period="day")
    assert [row["period"] for row in chart_parts.rows(chart)] == ["28 Jul 1914", "28 Jul 2014", "29 Jul 2014"]
    assert "Only days with documents are drawn." in chart_parts.subtitle(chart)


def test_dates_of_nine_thousand_years_are_drawn_at_once():
    days = pd.Series(["0001-01-01", "2025-07-01", "9999-12-31"], dtype="datetime64[us]")
    table = pd.DataFrame({"outlet": "A", "period": days, "n_documents": 1})
    chart = charts.documents_over_time(table)
    assert len(chart_parts.rows(chart)) == 3
    assert len(charts.to_svg(chart)) < 30_000


def test_the_outlets_with_most_documents_are_drawn_and_the_rest_is_counted():
    table = trend_table([f"outlet {number:02}" for number in range(40)])[["outlet", "period"]].drop_duplicates()
    table = table.assign(n_documents=[int(name[-2:]) + 1 for name in table["outlet"]])
    chart = charts.documents_over_time(table, top_groups=3)
    assert {row["group"] for row in chart_parts.rows(chart)} == {"outlet 37", "outlet 38", "outlet 39"}
    assert chart_parts.subtitle(chart).startswith("4,100 dated documents.")  # 5 weeks of 1 + 2 + … + 40
    assert "those 3 of 40 (outlet) with most documents" in chart_parts.subtitle(chart)


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
