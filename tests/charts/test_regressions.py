"""The coefficient plot: as the table has it, in points or log-odds, with a line at zero."""

from __future__ import annotations

import pytest

from framing import charts
from framing.errors import InputError
from framing.tables import COEFFICIENTS
from tests import chart_parts
from tests.chart_tables import FRAMES, NAN, PLAIN, effect_table


def coefficient_table():
    table = effect_table(PLAIN).drop(columns=["variable", "reference"]).rename(columns={"level": "term"})
    table["term"] = table["term"].where(table["term"] != "", "Intercept")
    return table[list(COEFFICIENTS)]


def test_effects_are_drawn_in_points_with_their_intervals_and_a_line_at_zero():
    chart = charts.coefficients(effect_table(PLAIN), FRAMES)
    rows = chart_parts.rows(chart, "row")
    assert len(rows) == len(FRAMES) * (len(PLAIN) - 1)
    assert {row["row"] for row in rows} == {f"outlet: {name}" for name in PLAIN[1:]}
    row = rows[0]
    assert (row["low"], row["estimate"], row["high"], row["zero"]) == pytest.approx((10, 20, 30, 0))
    assert {row["verdict"] for row in rows if row["row"].endswith(PLAIN[-1])} == {"within noise"}
    assert {row["verdict"] for row in rows if not row["row"].endswith(PLAIN[-1])} == {"clear of noise"}
    titles = {part["title"] for part in chart_parts.parts(chart.to_dict()) if part.get("field") in ("low", "zero")}
    assert titles == {"difference (percentage points)"}


def test_the_subtitle_says_what_is_compared_and_what_is_not_drawn():
    words = chart_parts.subtitle(charts.coefficients(effect_table(PLAIN), FRAMES, level=0.9))
    assert "90% intervals, each alone" in words
    assert "adjusted p below 0.1" in words
    assert f"Compared: outlet with {PLAIN[0]}." in words
    assert "Without interval, so not drawn: 4 of 24" in words
    assert "classifier error is in the intervals" in words


def test_coefficients_of_a_logit_are_in_log_odds_and_the_intercept_is_left_out():
    table = coefficient_table()
    table.loc[table["term"] == "Intercept", ["low", "high", "p_value"]] = [0.0, 1.0, 0.01]
    chart = charts.coefficients(table, FRAMES, log_odds=True)
    rows = chart_parts.rows(chart, "row")
    assert {row["row"] for row in rows} == set(PLAIN[1:])
    assert (rows[0]["low"], rows[0]["high"]) == pytest.approx((0.1, 0.3))
    assert "difference in log-odds" in chart_parts.words(chart)


def test_of_many_coefficients_the_clearest_are_drawn():
    table = effect_table([f"outlet {number:02}" for number in range(40)])
    table.loc[table["level"] == "outlet 31", "p_value"] = 0.001
    chart = charts.coefficients(table, FRAMES, top=5)
    drawn = {row["row"] for row in chart_parts.rows(chart, "row")}
    assert len(drawn) == 5
    assert "outlet: outlet 31" in drawn
    assert "the 5 of 39 with the smallest p-values" in chart_parts.subtitle(chart)


def test_without_any_interval_the_chart_says_so():
    words = chart_parts.words(charts.coefficients(effect_table(PLAIN).assign(low=NAN, high=NAN), FRAMES))
    assert "No coefficient has an interval" in words


def test_a_table_of_another_kind_is_refused():
    with pytest.raises(InputError, match="coefficients lacks the column"):
        charts.coefficients(effect_table(PLAIN).drop(columns="variable"), FRAMES)
