"""Every chart renders, whatever the names; intervals are drawn; an outlet keeps its colour."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from framing import charts
from framing.charts import (
    against_rest,
    calibration,
    comparisons,
    counts,
    ranks,
    regressions,
    shares,
    stories,
    trends,
    validation,
    voices,
    words,
)
from tests import chart_parts
from tests.chart_tables import (
    DRAWN,
    FRAMES,
    HOSTILE,
    PERIODS,
    PLAIN,
    PROTOTYPE,
    component_table,
    contrast_table,
    corrected_table,
    rank_table,
    score_table,
    share_table,
    trend_table,
)

MODULES = (
    against_rest, calibration, comparisons, counts, ranks, regressions, shares, stories, trends, validation, voices,
    words,
)  # fmt: skip
DRAWN_ELSEWHERE = {  # in the tests of their modules
    "agreement_per_frame", "agreement_per_group", "coder_alpha", "fragility_strip", "frame_tests", "pair_intervals",
    "reliability_curve", "risk_coverage_curve", "shares_by_voice", "speakers_by_frame", "story_coverage",
    "word_contrasts",
}  # fmt: skip


def read_colours(chart: Any) -> dict[str, str]:
    scales = [part["color"]["scale"] for part in chart_parts.parts(chart.to_dict()) if "scale" in part.get("color", {})]
    (colours,) = {tuple(zip(scale["domain"], scale["range"], strict=True)) for scale in scales}
    return dict(colours)


def test_every_chart_is_offered_and_tested():
    offered = {name for module in MODULES for name in module.__all__}
    assert offered | {"palette", "svg_to_png", "to_png", "to_svg"} == set(charts.__all__)
    assert set(DRAWN) | DRAWN_ELSEWHERE == offered
    assert all(getattr(charts, name) is getattr(module, name) for module in MODULES for name in module.__all__)


@cache
def draw(name: str, *outlets: str) -> Any:
    """A chart of DRAWN; no test changes it."""
    return DRAWN[name](list(outlets))


@cache
def draw_svg(name: str, *outlets: str) -> str:
    return charts.to_svg(draw(name, *outlets))


def check_harmless(svg: str) -> None:
    tree = ElementTree.fromstring(svg)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<script" not in svg.lower()
    for element in tree.iter():
        assert element.tag.rpartition("}")[2] not in ("script", "foreignObject", "a", "image")
        assert not any(name.lower().startswith("on") for name in element.attrib)
    words = chart_parts.words(svg)
    assert "undefined" not in words
    assert "NaN" not in words


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("outlets", [PLAIN, HOSTILE, PLAIN[:2]], ids=["plain", "hostile", "pair"])
def test_a_chart_renders_as_harmless_xml(name, outlets):
    check_harmless(draw_svg(name, *outlets))


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN)
def test_names_that_every_object_of_javascript_has_are_shown(name, monkeypatch):
    names = dict(zip(FRAMES, PROTOTYPE, strict=False))
    monkeypatch.setattr("tests.chart_tables.FRAMES", names)
    svg = charts.to_svg(DRAWN[name](PROTOTYPE))
    check_harmless(svg)
    words = chart_parts.words(svg)
    for shown in names.values() if name == "frame_trends" else PROTOTYPE[:2]:
        assert shown in words


def test_a_column_of_any_name_makes_the_groups():
    column = 'section.name[0]: "x"'
    shares = share_table(PLAIN).rename(columns={"outlet": column})
    over_time = trend_table(PLAIN).rename(columns={"outlet": column})
    for chart in (
        charts.share_heatmap(shares, FRAMES, by=column),
        charts.share_intervals(shares, FRAMES, by=column),
        charts.share_trends(over_time, FRAMES, by=column),
        charts.documents_over_time(over_time.drop_duplicates([column, "period"]).assign(n_documents=2), by=column),
    ):
        words = chart_parts.words(chart)
        assert all(word in words for name in PLAIN for word in name.split())
        assert "undefined" not in words


@pytest.mark.parametrize(
    ("name", "columns"), [("share_heatmap", 20), ("share_intervals", 30), ("share_trends", 12), ("rank_intervals", 30)]
)
def test_of_many_groups_a_readable_number_is_drawn_and_the_rest_is_counted(name, columns):
    chart = DRAWN[name]([f"outlet {number:03}" for number in range(60)])
    assert len({row["group"] for row in chart_parts.rows(chart, "group")}) == columns
    assert f"those {columns} of 60 (outlet)" in chart_parts.subtitle(chart)
    assert "those" not in chart_parts.subtitle(draw(name, *PLAIN))


def test_hostile_names_are_shown_and_not_read():
    words = chart_parts.words(draw_svg("share_trends", *HOSTILE))
    assert "Frame.with[brackets]" in words
    assert "{datum.label}" in words
    assert "__proto__" in words
    for name in ("documents_over_time", "share_differences"):
        words = chart_parts.words(draw_svg(name, *HOSTILE))
        assert '<script>alert("x")</script>' in words
        assert "The \"Quoted\" & 'Daily'" in words
        assert "undefined" not in words
        assert "null" not in words


@pytest.mark.parametrize("name", ["corrected_shares", "share_components", "rank_intervals"])
def test_hostile_names_of_groups_and_frames_are_shown(name):
    words = chart_parts.words(draw_svg(name, *HOSTILE))
    assert "alert(" in words
    assert "Frame.with[brackets]" in words
    assert "datum.label" in words


@pytest.mark.slow
def test_labels_of_usual_length_are_whole():
    # They may be broken over lines, but nothing is cut off.
    names = {"h": "Humanitarian law and civilian harm", "c": "China–Russia alignment"}
    outlets = ["South China Morning Post", "Frankfurter Allgemeine Zeitung"]
    shares = share_table(outlets, names)
    moving = pd.concat([shares.assign(period=period) for period in PERIODS], ignore_index=True)
    contrasts = contrast_table(outlets).iloc[:1].assign(frame="h")
    for chart, shown in (
        (charts.documents_over_time(moving.drop_duplicates(["outlet", "period"])), outlets),
        (charts.share_heatmap(shares, names), [*names.values(), *outlets]),
        (charts.share_intervals(shares, names), [*names.values(), *outlets]),
        (charts.share_differences(contrasts, names), [names["h"], *outlets]),
        (charts.share_trends(moving, names), [*names.values(), *outlets]),
        (charts.frame_trends(moving[moving["outlet"] == outlets[0]], names), [*names.values()]),
        (charts.score_spread(score_table().assign(frame="h"), names, threshold=0.5), [names["h"]]),
    ):
        words = chart_parts.words(chart)
        assert "…" not in words
        for word in " ".join(shown).split():
            assert word in words


@pytest.mark.parametrize(
    "name", ["coefficients", "share_intervals", "share_differences", "share_trends", "frame_trends"]
)
def test_intervals_are_drawn(name):
    spec = draw(name, *PLAIN).to_dict()
    spans = [
        part["mark"]["type"]
        for part in chart_parts.parts(spec)
        if "mark" in part and {"low", "high"} <= {channel.get("field") for channel in part.get("encoding", {}).values()}
    ]
    assert spans == ["area" if name == "frame_trends" else "rule"]


def test_an_outlet_has_one_colour_in_every_chart():
    chosen = {name: colour for name, (colour, _) in charts.palette(PLAIN).items()}
    for name in ("share_intervals", "share_trends"):
        assert read_colours(draw(name, *PLAIN)) == chosen
        assert read_colours(DRAWN[name](PLAIN[::-1])) == chosen


def test_colours_stay_where_a_table_lacks_an_outlet():
    chosen = {name: colour for name, (colour, _) in charts.palette(PLAIN).items()}
    few = ["Xinhua", "Fox News"]
    for chart in (
        charts.share_intervals(share_table(few), FRAMES, groups=PLAIN),
        charts.share_trends(trend_table(few), FRAMES, groups=PLAIN),
    ):
        assert read_colours(chart) == {name: chosen[name] for name in few}


def test_an_outlet_keeps_its_colour_where_others_are_missing():
    chosen = {name: colour for name, (colour, _) in charts.palette(PLAIN).items()}
    few = ["Xinhua", "Fox News"]
    for chart in (
        charts.corrected_shares(corrected_table(few), FRAMES, groups=PLAIN),
        charts.rank_intervals(rank_table(few), FRAMES, groups=PLAIN),
    ):
        assert read_colours(chart) == {name: chosen[name] for name in few}


def test_a_legend_stays_outside_the_data():
    for name in DRAWN:
        for part in chart_parts.parts(draw(name, *PLAIN).to_dict()):
            legend = part.get("legend")
            if "scale" in part and isinstance(legend, dict):
                assert legend["orient"] in ("top", "bottom"), name


@pytest.mark.parametrize("name", ["corrected_shares", "share_components", "rank_intervals"])
def test_axes_have_units_and_legends_stay_outside(name):
    spec = draw(name, *PLAIN).to_dict()
    titles = {
        part["x"]["title"]
        for part in chart_parts.parts(spec)
        if isinstance(part.get("x"), dict) and "title" in part["x"]
    }
    assert titles <= {"share of passages", "difference in share (percentage points)", "place (1: largest share)"}
    assert titles
    for part in chart_parts.parts(spec):
        if "scale" in part and isinstance(part.get("legend"), dict):
            assert part["legend"]["orient"] == "top"


def test_charts_of_exact_counts_say_that_there_is_no_interval():
    for name in ("documents_over_time", "score_spread"):
        assert "Exact counts, so no intervals." in chart_parts.words(draw_svg(name, *PLAIN))


def test_differences_say_whether_classifier_error_is_in_them():
    raw = DRAWN["share_differences"](PLAIN)
    assert "Classifier error is not in the intervals." in chart_parts.subtitle(raw)
    corrected = component_table(PLAIN, n_gold=80)
    assert "classifier error is in the intervals" in chart_parts.subtitle(charts.share_components(corrected, FRAMES))
    assert "Classifier error is not in" in chart_parts.subtitle(charts.share_components(component_table(PLAIN), FRAMES))
