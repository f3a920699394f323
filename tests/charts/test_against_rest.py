"""Charts of groups against the rest, and of tests of frames: as the tables have them, sure only with labels."""

from __future__ import annotations

import pytest

from framing import charts
from framing.errors import InputError, TooLittleDataError
from tests import chart_parts
from tests.chart_tables import FRAMES, HOSTILE, PLAIN, frame_test_table, rest_table


def test_a_group_is_drawn_against_the_rest_in_points():
    chart = charts.rest_differences(rest_table(PLAIN), FRAMES)
    (row, _) = [row for row in chart_parts.rows(chart, "tip") if row["differs"]]
    assert row["group"] == "The Guardian"
    assert (row["low"], row["estimate"], row["high"]) == pytest.approx((10, 20, 30))
    assert row["tip"] == (
        "The Guardian, Frame.with[brackets], 'quotes' & <b>tags</b>: +20.0 (+10.0 to +30.0) points; 90 passages, "
        "30 documents, 90 labelled passages; 25.0% against 5.0%"
    )
    assert chart_parts.subtitle(chart).startswith("2 of 24 differences from the others are clear of noise.")
    assert "jointly for all 24 rows" in chart_parts.subtitle(chart)


def test_frames_with_the_clearest_differences_come_first_and_the_rest_is_counted():
    names = {f"f{number}": f"Frame {number}" for number in range(12)}
    table = rest_table([f"group {number:02}" for number in range(20)], names)
    table.loc[table["frame"] == "f7", "p_adjusted"] = 0.2
    chart = charts.rest_differences(table, names, top=4)
    places = {row["frame"]: row["panel"] for row in chart_parts.rows(chart, "panel")}
    assert places == {"Frame 0": 0, "Frame 1": 1, "Frame 7": 2, "Frame 2": 3}
    assert "the 4 of 12 frames" in chart_parts.subtitle(chart)


def test_without_labels_no_group_is_clear_of_noise():
    chart = charts.rest_differences(rest_table(PLAIN, n_gold=0), FRAMES)
    words = chart_parts.words(chart)
    assert "clear of noise" not in words
    assert chart_parts.subtitle(chart).startswith("Exploratory: 2 of 24")
    assert charts.palette(["x"])["x"][0] not in charts.to_svg(chart)


def test_a_test_of_each_frame_is_written_the_smallest_p_first():
    chart = charts.frame_tests(frame_test_table(), FRAMES)
    words = chart_parts.words(chart)
    assert "F(5, 31.5) = 7.25, p < .001" in words
    assert "F(5, 20) = 1.00, p = 0.800" in words
    rows = chart_parts.rows(chart, "tip")
    assert (rows[0]["frame"], rows[0]["p"]) == (FRAMES["a.b"], 0.0005)  # the end of the axis
    assert chart_parts.subtitle(chart).startswith("Groups differ on Frame.with[brackets], 'quotes'")
    assert "adjusted for all 4 frames. Dashes: 0.05." in chart_parts.subtitle(chart).replace("\n", " ")
    assert chart_parts.n_marks(chart, "point") == 4


def test_tests_without_labels_are_exploratory_and_none_is_said():
    exploratory = charts.frame_tests(frame_test_table(n_gold=0), FRAMES)
    assert chart_parts.subtitle(exploratory).startswith("Exploratory: groups are apart on Frame.with")
    none = charts.frame_tests(frame_test_table().assign(differs=False), FRAMES)
    assert chart_parts.subtitle(none).startswith("On none of the 4 frames can the groups be told apart.")


def test_hostile_names_are_shown_and_harmless():
    svg = charts.to_svg(charts.rest_differences(rest_table(HOSTILE), FRAMES))
    assert "<script" not in svg.lower()
    assert "undefined" not in chart_parts.words(svg)
    assert "undefined" not in chart_parts.words(charts.frame_tests(frame_test_table(), FRAMES))


def test_errors_say_what_is_wrong():
    with pytest.raises(InputError, match=r"differences from the rest lacks the column\(s\) rest"):
        charts.rest_differences(rest_table(PLAIN).drop(columns="rest"), FRAMES)
    with pytest.raises(TooLittleDataError, match="no differences from the rest"):
        charts.rest_differences(rest_table(PLAIN).iloc[:0], FRAMES)
    with pytest.raises(InputError, match=r"tests of frames lacks the column\(s\) f_value"):
        charts.frame_tests(frame_test_table().drop(columns="f_value"), FRAMES)
    with pytest.raises(TooLittleDataError, match="no tests of frames"):
        charts.frame_tests(frame_test_table().assign(p_adjusted=float("nan")), FRAMES)
