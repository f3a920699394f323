"""Charts of comparisons: differences and their parts as the table has them, ranks, what is left out."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from framing import charts
from framing.errors import InputError
from framing.estimates.agenda_items import add_agenda_items
from framing.estimates.compare import compare_groups
from framing.estimates.decompose import decompose_differences
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.ranks import rank_groups
from tests import chart_parts
from tests.chart_tables import (
    FRAMES,
    PLAIN,
    component_table,
    contrast_table,
    rank_table,
)
from tests.labelled import labelled_table

SCRIPT = "<script>alert(1)</script>"
NAMES = {"f": "Frame <script>"}


def _labelled(n_few: int = 20) -> pd.DataFrame:
    generator = np.random.default_rng(2)
    groups = {}
    for name, share, drawn in ((SCRIPT, 0.1, 40), ("B", 0.7, 40), ("C", 0.4, n_few)):
        labels = (generator.random(100) < share).astype(float)
        groups[name] = (labels, np.clip(0.5 * labels + 0.5 * generator.random(100), 0, 1), np.arange(100) < drawn)
    return labelled_table(groups).assign(event=lambda table: np.where(table.index % 2 == 0, "x", "y"))


def test_differences_are_drawn_as_the_table_has_them():
    # B − A of -0.2 (-0.3 to -0.1): -20 points (-30 to -10), not turned.
    contrasts = contrast_table(["B", "A"]).iloc[:1].assign(estimate=-0.2, low=-0.3, high=-0.1)
    chart = charts.share_differences(contrasts, FRAMES)
    (row,) = [row for row in chart_parts.rows(chart) if "pair" in row]
    assert (row["low"], row["estimate"], row["high"]) == pytest.approx((-30, -20, -10))
    words = chart_parts.words(chart)
    assert "B − A" in words
    assert "First minus second" in words
    assert any(part.get("field") == "zero" for part in chart_parts.parts(chart.to_dict()))


@pytest.mark.parametrize(
    ("differs", "n_gold", "verdict"),
    [
        (True, 90, "20 of 20 comparisons are clear of noise."),
        (False, 90, "None of the 20 comparisons is clear of noise."),
        (True, 0, "Exploratory: 20 of 20 comparisons are larger than the choice of documents explains; classifier"),
        (False, 0, "None of the 20 comparisons is larger than the choice of documents explains."),
    ],
)
def test_the_verdict_says_how_many_differences_are_clear(differs, n_gold, verdict):
    chart = charts.share_differences(contrast_table(PLAIN).assign(differs=differs, n_gold=n_gold), FRAMES)
    assert chart_parts.subtitle(chart).startswith(verdict)
    assert chart.to_dict()["usermeta"]["framing"]["verdict"].startswith(verdict)


@pytest.mark.slow
@pytest.mark.parametrize(("n_gold", "shown"), [(90, True), (0, False)])
def test_without_labels_nothing_is_drawn_as_clear_of_noise(n_gold, shown):
    contrasts = contrast_table(PLAIN).assign(n_gold=n_gold)
    for chart in (charts.share_differences(contrasts, FRAMES),
                  charts.share_components(component_table(PLAIN, n_gold=n_gold), FRAMES)):  # fmt: skip
        assert ("clear of noise" in chart_parts.words(chart)) is shown
        assert ("xploratory" in chart_parts.words(chart)) is not shown
    blue = charts.palette(["x"])["x"][0]
    assert (blue in charts.to_svg(charts.share_differences(contrasts, FRAMES))) is shown


def test_only_the_clearest_differences_are_drawn():
    chart = charts.share_differences(contrast_table(PLAIN), FRAMES, top=3)
    assert len([row for row in chart_parts.rows(chart) if "pair" in row]) == 3
    assert "all 20 comparisons" in chart_parts.words(chart)


def test_parts_are_drawn_as_the_table_has_them():
    # A − B is -20 points, -5 agenda (-9 to -1) and -15 framing (-25 to -5).
    chart = charts.share_components(component_table(["A", "B"]).iloc[:2], FRAMES)
    agenda, framing = chart_parts.rows(chart, "component")
    assert [agenda[key] for key in ("low", "estimate", "high", "difference")] == pytest.approx([-9, -5, -1, -20])
    assert [framing[key] for key in ("low", "estimate", "high", "difference")] == pytest.approx([-25, -15, -5, -20])
    words = chart_parts.words(chart)
    assert "A − B" in words
    assert "75% in common" in words
    assert chart_parts.n_marks(chart, "tick") == 1
    assert chart_parts.n_marks(chart, "point") == 2
    assert any(part.get("field") == "zero" for part in chart_parts.parts(chart.to_dict()))


def test_no_part_looks_surer_than_the_whole():
    # the whole, -20 points, has a joint interval of -55 to 15, drawn thicker than the lines of its parts
    whole = contrast_table(["A", "B"]).assign(estimate=-0.2, low=-0.55, high=0.15)
    chart = charts.share_components(component_table(["A", "B"]), FRAMES, contrasts=whole)
    for row in chart_parts.rows(chart, "component"):
        assert (row["whole_low"], row["whole_high"]) == (pytest.approx(-55), pytest.approx(15))
    widths = {
        part["encoding"]["x"]["field"]: part["mark"]["strokeWidth"]
        for part in chart_parts.parts(chart.to_dict())
        if part.get("mark", {}).get("strokeWidth") and "x2" in part.get("encoding", {})
    }
    assert widths["whole_low"] > 2 * widths["low"]
    assert "joint interval of the difference" in chart_parts.subtitle(chart)


def test_parts_say_what_they_mean_and_what_a_story_is():
    subtitle = chart_parts.subtitle(charts.share_components(component_table(PLAIN), FRAMES))
    for text in ("Agenda: they cover other stories", "Framing: the same story", "each alone", "events of the corpus"):
        assert text in subtitle
    weekly = charts.share_components(component_table(PLAIN, agenda_items="week"), FRAMES)
    assert "what was published in the same week" in chart_parts.subtitle(weekly)


def test_only_the_clearest_differences_are_taken_apart():
    # 4 frames of 5 pairs, 2 parts each: 40.
    chart = charts.share_components(component_table(PLAIN), FRAMES, top=3)
    assert len(chart_parts.rows(chart, "component")) == 6
    assert "among all 40 parts" in chart_parts.subtitle(chart)


def test_nothing_to_take_apart_is_said():
    chart = charts.share_components(component_table(PLAIN).iloc[:0], FRAMES)
    assert "neither events nor dates" in chart_parts.words(chart)


def test_frames_without_a_clear_place_are_named_and_not_drawn():
    chart = charts.rank_intervals(rank_table(PLAIN, clear=("c d",)), FRAMES)
    assert {row["frame"] for row in chart_parts.rows(chart, "rank")} == {FRAMES["c d"]}
    assert chart_parts.n_marks(chart, "rule mark") == chart_parts.n_marks(chart, "point") == len(PLAIN)
    left_out = chart_parts.subtitle(chart).partition("Every place is open to all, so not drawn: ")[2]
    assert [name[:8] for name in left_out.rstrip(".").split(", ")] == ["Frame.wi", "'quotes'", "短い", "datum.la"]


def test_the_largest_share_stands_on_top_and_bars_end_at_the_open_places():
    chart = charts.rank_intervals(rank_table(["C", "A", "B"], clear=("e",)), FRAMES)
    rows = sorted(chart_parts.rows(chart, "rank"), key=lambda row: row["row"])
    assert [(row["group"], row["low"], row["high"]) for row in rows] == [("C", 1, 1), ("A", 2, 3), ("B", 2, 3)]


def test_no_clear_place_at_all_gives_no_figure():
    chart = charts.rank_intervals(rank_table(PLAIN, clear=()), FRAMES)
    assert "no order can be given" in chart_parts.words(chart)
    assert chart_parts.n_marks(chart, "point") == 0


@pytest.mark.slow
def test_nine_outlets_on_fourteen_frames_stay_readable():
    names = {f"f{number}": f"Frame number {number}" for number in range(14)}
    outlets = [f"outlet-{number}.example" for number in range(9)]
    ranks = pd.concat([rank_table(outlets, clear=("e",)).query("frame == 'e'").assign(frame=name) for name in names])
    chart = charts.rank_intervals(ranks, names)
    words = chart_parts.words(chart)
    for name in (*outlets, *names.values()):
        assert name in words
    width, height = ElementTree.fromstring(charts.to_svg(chart)).get("viewBox", "").split()[2:]
    assert float(width) < 1000
    assert float(height) < 1600


def test_components_and_ranks_draw_hostile_names():
    table = _labelled()
    contrasts, shares = compare_groups(table, n_bootstrap=300), estimate_prevalence(table, n_bootstrap=300)
    parts = decompose_differences(add_agenda_items(table), agenda_items="agenda_item", n_bootstrap=300)
    assert parts["method"].iloc[0].startswith("Kitagawa-Oaxaca-Blinder over each event")
    for chart in (charts.share_components(parts, NAMES), charts.rank_intervals(rank_groups(contrasts, shares), NAMES)):
        svg = charts.to_svg(chart)
        assert "<script>" not in svg
        assert "script" in svg  # shown as text


def test_ranks_of_real_contrasts_say_when_nothing_is_clear():
    table = _labelled()
    contrasts = compare_groups(table, n_bootstrap=300).assign(differs=False)
    ranks = rank_groups(contrasts, estimate_prevalence(table, n_bootstrap=300))
    assert "no order can be given" in charts.to_svg(charts.rank_intervals(ranks, NAMES))


def test_strata_fall_back_to_periods():
    table = _labelled().assign(published=pd.Timestamp("2025-07-03"))
    assert set(add_agenda_items(table)["agenda_item_kind"]) == {"event"}
    by_week = add_agenda_items(table.drop(columns="event"), period="week")
    assert set(by_week["agenda_item"]) == {"2025-06-30"}
    assert set(by_week["agenda_item_kind"]) == {"week"}
    with pytest.raises(InputError, match="fewer than half of the passages have an event"):
        add_agenda_items(table.assign(event=""), "event")
    with pytest.raises(InputError, match="agenda_items: expected auto, event or period, got 'story'"):
        add_agenda_items(table, "story")


def test_errors_say_what_is_wrong():
    with pytest.raises(InputError, match="There are no contrasts to draw"):
        charts.share_differences(contrast_table(PLAIN).iloc[:0], FRAMES)
    with pytest.raises(InputError, match=r"components lacks the column\(s\) common"):
        charts.share_components(component_table(PLAIN).drop(columns="common"), FRAMES)
    with pytest.raises(InputError, match=r"ranks lacks the column\(s\) n_groups"):
        charts.rank_intervals(rank_table(PLAIN).drop(columns="n_groups"), FRAMES)
