"""Every chart renders, whatever the names; intervals are drawn; an outlet keeps its colour."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest

from framing import charts
from framing.charts import shares as share_charts
from framing.errors import InputError
from framing.tables import CONTRASTS, ESTIMATE
from tests import chart_parts as seen

PLAIN = ["The Guardian", "Fox News", "Al Jazeera English", "RT", "Xinhua", "Deutsche Welle"]
HOSTILE = [
    '<script>alert("x")</script>',
    "The \"Quoted\" & 'Daily'",
    "South China Morning Post International Edition of the Greater Bay Area and Beyond " * 3,
    "news.example.com[0].a",
    "环球时报 العربية Правда 🐍",
    "back\\slash {datum.label} ${x} %s",
    "control \x00\x0b\x1b characters",
    "__proto__",
    " ",
]
FRAMES = {
    "a.b": "Frame.with[brackets], 'quotes' & <b>tags</b>",
    "c d": "A very long frame name that goes on and on about humanitarian law and civilian harm",
    "e": "短い",
    "f": "datum.label",
}
PERIODS = pd.date_range("2024-01-01", periods=5, freq="W-MON")
MARKS = pd.DataFrame({"date": [pd.Timestamp("2024-01-10")], "label": ["<script>"]})


def _shares(outlets: list[str], frames: dict[str, str] = FRAMES) -> pd.DataFrame:
    rows = [
        (outlet, frame, 0.1 * (1 + place % 5), 0.05, 0.1 * (1 + place % 5) + 0.1, 20, 6, 0, "method")
        for place, outlet in enumerate(outlets)
        for frame in frames
    ]
    return pd.DataFrame(rows, columns=["outlet", "frame", *ESTIMATE])


def _over_time(outlets: list[str]) -> pd.DataFrame:
    return pd.concat([_shares(outlets).assign(period=period) for period in PERIODS], ignore_index=True)


def _contrasts(outlets: list[str]) -> pd.DataFrame:
    rows = [
        (frame, one, two, sign * 0.2, sign * 0.2 - 0.1, sign * 0.2 + 0.1, 0.01, sign > 0, 9, 9, 0, "method")
        for frame in FRAMES
        for one, two, sign in zip(outlets, outlets[1:], [1, -1] * 9, strict=False)
    ]
    names = [name for name in CONTRASTS if name not in ("ratio", "ratio_low", "ratio_high", "q_value")]
    return pd.DataFrame(rows, columns=names).assign(ratio=2.0, ratio_low=1.0, ratio_high=4.0, q_value=0.01)


def _scored() -> pd.DataFrame:
    return pd.DataFrame({"frame": list(FRAMES) * 5, "score": [number / 19 for number in range(20)]})


DRAWN: dict[str, Callable[[list[str]], Any]] = {
    "documents_over_time": lambda outlets: charts.documents_over_time(
        _over_time(outlets)[["outlet", "period"]].drop_duplicates().assign(n_documents=3)
    ),
    "share_heatmap": lambda outlets: charts.share_heatmap(_shares(outlets), FRAMES),
    "share_intervals": lambda outlets: charts.share_intervals(_shares(outlets), FRAMES),
    "share_differences": lambda outlets: charts.share_differences(_contrasts(outlets), FRAMES),
    "share_trends": lambda outlets: charts.share_trends(_over_time(outlets), FRAMES, marks=MARKS),
    "frame_trends": lambda outlets: charts.frame_trends(_over_time(outlets[:1]), FRAMES, marks=MARKS),
    "score_spread": lambda outlets: charts.score_spread(_scored(), FRAMES, threshold=0.5),
}


def _colours(chart: Any) -> dict[str, str]:
    scales = [part["color"]["scale"] for part in seen.parts(chart.to_dict()) if "scale" in part.get("color", {})]
    (found,) = {tuple(zip(scale["domain"], scale["range"], strict=True)) for scale in scales}
    return dict(found)


def test_every_chart_of_shares_is_offered_and_tested():
    assert set(DRAWN) - {"share_intervals"} == set(share_charts.__all__)
    assert all(getattr(charts, name) is getattr(share_charts, name) for name in share_charts.__all__)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("outlets", [PLAIN, HOSTILE, PLAIN[:2]], ids=["plain", "hostile", "pair"])
def test_a_chart_renders_as_harmless_xml(name, outlets):
    svg = charts.to_svg(DRAWN[name](outlets))
    tree = ElementTree.fromstring(svg)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<script" not in svg.lower()
    for element in tree.iter():
        assert element.tag.rpartition("}")[2] not in ("script", "foreignObject", "a", "image")
        assert not any(name.lower().startswith("on") for name in element.attrib)


def test_hostile_names_are_shown_and_not_read():
    words = seen.words(DRAWN["share_trends"](HOSTILE))
    assert "Frame.with[brackets]" in words
    assert "{datum.label}" in words
    assert "__proto__" in words
    for name in ("documents_over_time", "share_differences"):
        words = seen.words(DRAWN[name](HOSTILE))
        assert '<script>alert("x")</script>' in words
        assert "The \"Quoted\" & 'Daily'" in words
        assert "undefined" not in words
        assert "null" not in words


def test_labels_of_usual_length_are_whole():
    # They may be broken over lines, but nothing is cut off.
    names = {"h": "Humanitarian law and civilian harm", "c": "China–Russia alignment"}
    outlets = ["South China Morning Post", "Frankfurter Allgemeine Zeitung"]
    shares = _shares(outlets, names)
    moving = pd.concat([shares.assign(period=period) for period in PERIODS], ignore_index=True)
    contrasts = _contrasts(outlets).iloc[:1].assign(frame="h")
    for chart, shown in (
        (charts.documents_over_time(moving.drop_duplicates(["outlet", "period"])), outlets),
        (charts.share_heatmap(shares, names), [*names.values(), *outlets]),
        (charts.share_intervals(shares, names), [*names.values(), *outlets]),
        (charts.share_differences(contrasts, names), [names["h"], *outlets]),
        (charts.share_trends(moving, names), [*names.values(), *outlets]),
        (charts.frame_trends(moving[moving["outlet"] == outlets[0]], names), [*names.values()]),
        (charts.score_spread(_scored().assign(frame="h"), names, threshold=0.5), [names["h"]]),
    ):
        words = seen.words(chart)
        assert "…" not in words
        for word in " ".join(shown).split():
            assert word in words


@pytest.mark.parametrize("name", ["share_intervals", "share_differences", "share_trends", "frame_trends"])
def test_intervals_are_drawn(name):
    spec = DRAWN[name](PLAIN).to_dict()
    spans = [
        part["mark"]["type"]
        for part in seen.parts(spec)
        if "mark" in part and {"low", "high"} <= {channel.get("field") for channel in part.get("encoding", {}).values()}
    ]
    assert spans == ["area" if name == "frame_trends" else "rule"]


def test_the_heatmap_writes_share_and_interval_into_each_cell():
    shares = _shares(["A", "B"], {"e": "E"})
    shares.loc[1, ["estimate", "low", "high"]] = [0.004, float("nan"), float("nan")]
    words = seen.words(charts.share_heatmap(shares, {"e": "E"}))
    for text in ("10%", "5% to 20%", "<1%", "no interval"):
        assert text in words


def test_the_heatmap_leaves_a_group_open_that_could_not_be_corrected():
    shares = _shares(["A", "B"], {"e": "E"}).assign(n_gold=[40, 3])
    shares.loc[1, ["estimate", "low", "high"]] = float("nan")
    words = seen.words(charts.share_heatmap(shares, {"e": "E"}))
    assert "–" in words
    assert "nan" not in words.lower()
    assert "no interval" not in words
    assert "Corrected with labelled passages; –: too few of them." in words
    assert "Corrected" not in seen.words(charts.share_heatmap(_shares(["A"]), FRAMES))


def test_charts_of_exact_counts_say_that_there_is_no_interval():
    for name in ("documents_over_time", "score_spread"):
        assert "Exact counts, so no intervals." in seen.words(DRAWN[name](PLAIN))


def test_an_outlet_has_one_colour_in_every_chart():
    chosen = {name: colour for name, (colour, _) in charts.palette(PLAIN).items()}
    for name in ("share_intervals", "share_trends"):
        assert _colours(DRAWN[name](PLAIN)) == chosen
        assert _colours(DRAWN[name](PLAIN[::-1])) == chosen


def test_colours_stay_where_a_table_lacks_an_outlet():
    chosen = {name: colour for name, (colour, _) in charts.palette(PLAIN).items()}
    few = ["Xinhua", "Fox News"]
    for chart in (
        charts.share_intervals(_shares(few), FRAMES, groups=PLAIN),
        charts.share_trends(_over_time(few), FRAMES, groups=PLAIN),
    ):
        assert _colours(chart) == {name: chosen[name] for name in few}


def test_the_palette_tells_many_groups_apart():
    groups = [f"outlet {number:02}" for number in range(49)]
    found = charts.palette(groups)
    assert len(set(found.values())) == 49
    assert len({colour for colour, _ in list(found.values())[:7]}) == 7
    assert charts.palette(groups * 2) == found


def test_differences_are_drawn_as_the_table_has_them():
    # B − A of -0.2 (-0.3 to -0.1): -20 points (-30 to -10), not turned.
    contrasts = _contrasts(["B", "A"]).iloc[:1].assign(estimate=-0.2, low=-0.3, high=-0.1)
    chart = charts.share_differences(contrasts, FRAMES)
    (row,) = [row for row in seen.rows(chart) if "pair" in row]
    assert (row["low"], row["estimate"], row["high"]) == pytest.approx((-30, -20, -10))
    words = seen.words(chart)
    assert "B − A" in words
    assert "First minus second" in words
    assert any(part.get("field") == "zero" for part in seen.parts(chart.to_dict()))


@pytest.mark.parametrize("clear", [True, False])
def test_it_is_said_where_no_difference_is_clear_of_noise(clear):
    chart = charts.share_differences(_contrasts(PLAIN).assign(differs=clear), FRAMES)
    assert ("None is clear of noise." in seen.words(chart)) is not clear


def test_only_the_clearest_differences_are_drawn():
    chart = charts.share_differences(_contrasts(PLAIN), FRAMES, top=3)
    assert len([row for row in seen.rows(chart) if "pair" in row]) == 3
    assert "all 20 comparisons" in seen.words(chart)


def test_a_legend_stays_outside_the_data():
    for name, draw in DRAWN.items():
        for part in seen.parts(draw(PLAIN).to_dict()):
            legend = part.get("legend")
            if "scale" in part and isinstance(legend, dict):
                assert legend["orient"] in ("top", "bottom"), name


def test_settings_of_the_style_are_all_kept():
    # .configure() forgets what was configured before it
    config = charts.share_heatmap(_shares(PLAIN), FRAMES).to_dict()["config"]
    assert {"axis", "legend", "header", "view", "font", "background"} <= set(config)
    assert config["header"]["title"] is None
    assert config["view"]["stroke"] is None


def test_a_period_without_any_document_is_left_blank():
    # Weeks of 1 and 22 January: two columns between them are there, and empty.
    table = pd.DataFrame(
        {
            "outlet": ["A", "A"],
            "period": [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-22")],
            "n_documents": [2, 1],
        }
    )
    words = seen.words(charts.documents_over_time(table))
    for label in ("01 Jan 24", "08 Jan 24", "15 Jan 24", "22 Jan 24"):
        assert label in words
    months = table.assign(period=[pd.Timestamp("2024-01-01"), pd.Timestamp("2024-03-01")])
    assert "Feb 2024" in seen.words(charts.documents_over_time(months, period="month"))


def test_a_stray_date_far_away_does_not_make_thousands_of_columns():
    moments = [pd.Timestamp("1970-01-01"), pd.Timestamp("2024-01-22")]
    table = pd.DataFrame({"outlet": ["A", "A"], "period": moments, "n_documents": [2, 1]})
    chart = charts.documents_over_time(table, period="day")
    assert "A blank is" not in seen.words(chart)
    assert len(charts.to_svg(chart)) < 30_000


def test_ticks_of_trends_are_periods_of_the_data():
    words = seen.words(charts.share_trends(_over_time(PLAIN), FRAMES))
    for period in PERIODS:
        assert period.strftime("%d %b") in words
    assert "Dashes" not in words
    assert "Dashes: events listed below." in seen.words(DRAWN["share_trends"](PLAIN))


def test_frames_can_be_chosen_and_keep_the_order_given():
    chart = charts.share_trends(_over_time(PLAIN), FRAMES, frames=["f", "e"])
    assert {row["frame"] for row in seen.rows(chart)} == {"datum.label", "短い"}
    assert chart.to_dict()["facet"]["row"]["sort"] == ["datum.label", "短い"]


def test_the_threshold_is_drawn_where_there_is_one():
    with_one, without = (charts.score_spread(_scored(), FRAMES, threshold=t) for t in (0.5, float("nan")))
    assert "decided present from 0.50" in seen.words(with_one)
    assert "rule" in json.dumps(with_one.to_dict())
    words = seen.words(without)
    assert "the highest decides" in words
    assert "nan" not in words.lower()


def test_scores_are_counted_in_twentieths():
    # 0 and 0.049 in the first, 0.05 in the second, 1 in the last.
    scored = pd.DataFrame({"frame": "e", "score": [0, 0.049, 0.05, 1.0]})
    rows = [row for row in seen.rows(charts.score_spread(scored, FRAMES, threshold=0.5)) if "score" in row]
    assert [row["score"] for row in rows] == pytest.approx([0.025, 0.075, 0.975])
    assert [row["n_passages"] for row in rows] == [2, 1, 1]


def test_a_missing_interval_is_a_point_without_a_line():
    with_one = _shares(["A", "B"], {"e": "E"})
    without = with_one.assign(low=[float("nan"), 0.05], high=[float("nan"), 0.2])
    drawn = [charts.to_svg(charts.share_intervals(shares, {"e": "E"})) for shares in (with_one, without)]
    lines = [svg.count('aria-roledescription="rule mark"') for svg in drawn]
    points = [svg.count('aria-roledescription="point"') for svg in drawn]
    assert lines == [2, 1]
    assert points == [2, 2]


def test_a_table_of_many_rows_renders():
    # 40 outlets, 4 frames, 40 weeks: 6,400 rows, above Altair's limit of 5,000.
    outlets = [f"outlet {number}" for number in range(40)]
    periods = pd.date_range("2023-01-02", periods=40, freq="W-MON")
    table = pd.concat([_shares(outlets).assign(period=period) for period in periods], ignore_index=True)
    assert len(table) == 6400
    ElementTree.fromstring(charts.to_svg(charts.share_trends(table, FRAMES)))


def test_png():
    small, large = (charts.to_png(DRAWN["share_heatmap"](PLAIN), scale=scale) for scale in (0.5, 1.0))
    assert small.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(small) < len(large)


def test_errors_say_what_is_wrong():
    with pytest.raises(InputError, match=r"shares lacks the column\(s\) low"):
        charts.share_heatmap(_shares(PLAIN).drop(columns="low"), FRAMES)
    with pytest.raises(InputError, match=r"shares over time lacks the column\(s\) period"):
        charts.share_trends(_shares(PLAIN), FRAMES)
    with pytest.raises(InputError, match=r"documents over time lacks the column\(s\) n_documents"):
        charts.documents_over_time(_over_time(PLAIN).drop(columns="n_documents"))
    with pytest.raises(InputError, match="There are no contrasts to draw"):
        charts.share_differences(_contrasts(PLAIN).iloc[:0], FRAMES)
    with pytest.raises(InputError, match=r"classified passages lacks the column\(s\) score"):
        charts.score_spread(_shares(PLAIN), FRAMES, threshold=0.5)
