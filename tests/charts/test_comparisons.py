"""Charts of groups side by side: whatever the names, intervals drawn, what could not be corrected marked and said."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from framing import charts
from framing.charts import comparisons as comparison_charts
from framing.errors import InputError
from framing.estimates.agenda_items import add_agenda_items
from framing.estimates.compare import compare_groups
from framing.estimates.decompose import decompose_differences
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.ranks import rank_groups
from framing.tables import COMPONENTS, ESTIMATE, RANKS
from tests import chart_parts as seen
from tests.charts.test_shares import DRAWN as ELSEWHERE
from tests.charts.test_shares import FRAMES, HOSTILE, PLAIN
from tests.labelled import labelled_table

NAN = float("nan")
NAMES = {"f": "Frame <script>"}
SCRIPT = "<script>alert(1)</script>"


def _shares(outlets: list[str], *, few: tuple[str, ...] = ()) -> pd.DataFrame:
    """Raw share 10 % (5 to 15), corrected 20 % (10 to 30) with 40 labels; not corrected in outlets of `few`."""
    rows = [
        (outlet, frame, *((NAN,) * 3 if outlet in few else (0.2, 0.1, 0.3)), 90, 30, 3 if outlet in few else 40, "m")
        for outlet in outlets
        for frame in FRAMES
    ]
    table = pd.DataFrame(rows, columns=["outlet", "frame", *ESTIMATE])
    return table.assign(raw=0.1, raw_low=0.05, raw_high=0.15)


def _components(outlets: list[str], *, n_gold: int = 0, agenda_items: str = "event") -> pd.DataFrame:
    """Of each pair and frame: agenda -5 points (-9 to -1), framing -15 (-25 to -5), clear; the whole -20."""
    rows = [
        (frame, one, two, part, *values, -0.2, 0.75, 0.01, part == "framing", 90, 30, n_gold, "m", agenda_items)
        for frame in FRAMES
        for one, two in itertools.pairwise(outlets)
        for part, values in (("agenda", (-0.05, -0.09, -0.01)), ("framing", (-0.15, -0.25, -0.05)))
    ]
    return pd.DataFrame(rows, columns=list(COMPONENTS))


def _ranks(outlets: list[str], *, clear: tuple[str, ...] = tuple(FRAMES)) -> pd.DataFrame:
    """On frames of `clear` the first is first for sure and the last place is closed to it; else all is open."""
    n = len(outlets)
    rows = [
        (frame, name, place, *((1, n) if frame not in clear else (1, 1) if place == 1 else (2, n)), 0.1, n, 9, 3, 0, "")
        for frame in FRAMES
        for place, name in enumerate(outlets, start=1)
    ]
    return pd.DataFrame(rows, columns=list(RANKS))


DRAWN: dict[str, Callable[[list[str]], Any]] = {
    "corrected_shares": lambda outlets: charts.corrected_shares(_shares(outlets, few=(outlets[0],)), FRAMES),
    "share_components": lambda outlets: charts.share_components(_components(outlets), FRAMES),
    "rank_intervals": lambda outlets: charts.rank_intervals(_ranks(outlets), FRAMES),
}


def test_every_chart_of_comparison_is_offered_and_tested():
    elsewhere = {"share_intervals", "fragility_strip"}  # in test_charts and test_fragility
    assert set(DRAWN) | elsewhere == set(comparison_charts.__all__)
    assert all(getattr(charts, name) is getattr(comparison_charts, name) for name in comparison_charts.__all__)


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("outlets", [PLAIN, HOSTILE, PLAIN[:2]], ids=["plain", "hostile", "pair"])
def test_a_chart_renders_as_harmless_xml(name, outlets):
    svg = charts.to_svg(DRAWN[name](outlets))
    tree = ElementTree.fromstring(svg)
    assert "<script" not in svg.lower()
    for element in tree.iter():
        assert element.tag.rpartition("}")[2] not in ("script", "foreignObject", "a", "image")
        assert not any(name.lower().startswith("on") for name in element.attrib)
    words = seen.words(DRAWN[name](outlets))
    assert "undefined" not in words
    assert "NaN" not in words


@pytest.mark.parametrize("name", DRAWN)
def test_hostile_names_are_shown_and_not_read(name):
    words = seen.words(DRAWN[name](HOSTILE))
    assert "alert(" in words
    assert "Frame.with[brackets]" in words
    assert "datum.label" in words


@pytest.mark.parametrize("name", DRAWN)
def test_axes_have_units_and_legends_stay_outside(name):
    spec = DRAWN[name](PLAIN).to_dict()
    titles = {
        part["x"]["title"] for part in seen.parts(spec) if isinstance(part.get("x"), dict) and "title" in part["x"]
    }
    assert titles <= {"share of passages", "difference in share (percentage points)", "place (1: largest share)"}
    assert titles
    for part in seen.parts(spec):
        if "scale" in part and isinstance(part.get("legend"), dict):
            assert part["legend"]["orient"] == "top"


def test_an_outlet_keeps_its_colour_where_others_are_missing():
    chosen = {name: colour for name, (colour, _) in charts.palette(PLAIN).items()}
    few = ["Xinhua", "Fox News"]
    for chart in (
        charts.corrected_shares(_shares(few), FRAMES, groups=PLAIN),
        charts.rank_intervals(_ranks(few), FRAMES, groups=PLAIN),
    ):
        scales = [part["color"]["scale"] for part in seen.parts(chart.to_dict()) if "scale" in part.get("color", {})]
        (found,) = {tuple(zip(scale["domain"], scale["range"], strict=True)) for scale in scales}
        assert dict(found) == {name: chosen[name] for name in few}


def test_raw_and_corrected_stand_side_by_side_with_both_intervals():
    # 2 outlets, 4 frames: 8 rows, each a hollow and a solid point, a thin and a thick line.
    chart = charts.corrected_shares(_shares(PLAIN[:2]), FRAMES)
    assert seen.n_marks(chart, "point") == 16
    assert seen.n_marks(chart, "rule mark") == 16
    assert "corrected with 80 labelled passages" in seen.subtitle(chart)
    assert "classifier error included" in seen.subtitle(chart)
    assert "Raw only" not in seen.subtitle(chart)


def test_what_could_not_be_corrected_is_raw_only_and_named_with_its_labels():
    # One of two outlets: its 4 rows have a hollow point and a dashed line only.
    chart = charts.corrected_shares(_shares(PLAIN[:2], few=("Fox News",)), FRAMES)
    assert seen.n_marks(chart, "point") == 12
    assert seen.n_marks(chart, "rule mark") == 12
    assert "as too few passages are labelled: Fox News (3)." in seen.subtitle(chart)
    assert "corrected with 40 labelled passages" in seen.subtitle(chart)
    for row in seen.rows(chart, "raw"):
        alone = row["outlet"] == "Fox News"
        assert (row["alone_low"], row["raw_low"]) == ((0.05, None) if alone else (None, 0.05))


def test_without_corrected_shares_it_is_the_chart_of_shares():
    raw = _shares(PLAIN).drop(columns=["raw", "raw_low", "raw_high"])
    chart = charts.corrected_shares(raw, FRAMES, groups=PLAIN)
    assert chart.to_dict() == charts.share_intervals(raw, FRAMES, groups=PLAIN).to_dict()
    assert "orrected" not in seen.words(chart)


def test_differences_say_whether_classifier_error_is_in_them():
    raw = ELSEWHERE["share_differences"](PLAIN)
    assert "Classifier error is not in the intervals." in seen.subtitle(raw)
    corrected = _components(PLAIN, n_gold=80)
    assert "classifier error is in the intervals" in seen.subtitle(charts.share_components(corrected, FRAMES))
    assert "Classifier error is not in" in seen.subtitle(charts.share_components(_components(PLAIN), FRAMES))


def test_parts_are_drawn_as_the_table_has_them():
    # A − B is -20 points, -5 agenda (-9 to -1) and -15 framing (-25 to -5).
    chart = charts.share_components(_components(["A", "B"]).iloc[:2], FRAMES)
    agenda, framing = seen.rows(chart, "component")
    assert [agenda[key] for key in ("low", "estimate", "high", "difference")] == pytest.approx([-9, -5, -1, -20])
    assert [framing[key] for key in ("low", "estimate", "high", "difference")] == pytest.approx([-25, -15, -5, -20])
    words = seen.words(chart)
    assert "A − B" in words
    assert "75% in common" in words
    assert seen.n_marks(chart, "tick") == 1
    assert seen.n_marks(chart, "point") == 2
    assert any(part.get("field") == "zero" for part in seen.parts(chart.to_dict()))


def test_parts_say_what_they_mean_and_what_a_story_is():
    subtitle = seen.subtitle(charts.share_components(_components(PLAIN), FRAMES))
    for text in ("Agenda: they cover other stories", "Framing: the same story", "each alone", "events of the corpus"):
        assert text in subtitle
    weekly = charts.share_components(_components(PLAIN, agenda_items="week"), FRAMES)
    assert "what was published in the same week" in seen.subtitle(weekly)


def test_only_the_clearest_differences_are_taken_apart():
    # 4 frames of 5 pairs, 2 parts each: 40.
    chart = charts.share_components(_components(PLAIN), FRAMES, top=3)
    assert len(seen.rows(chart, "component")) == 6
    assert "among all 40 parts" in seen.subtitle(chart)


def test_nothing_to_take_apart_is_said():
    chart = charts.share_components(_components(PLAIN).iloc[:0], FRAMES)
    assert "neither events nor dates" in seen.words(chart)


def test_frames_without_a_clear_place_are_named_and_not_drawn():
    chart = charts.rank_intervals(_ranks(PLAIN, clear=("c d",)), FRAMES)
    assert {row["frame"] for row in seen.rows(chart, "rank")} == {FRAMES["c d"]}
    assert seen.n_marks(chart, "rule mark") == seen.n_marks(chart, "point") == len(PLAIN)
    left_out = seen.subtitle(chart).partition("Every place is open to all, so not drawn: ")[2]
    assert [name[:8] for name in left_out.rstrip(".").split(", ")] == ["Frame.wi", "'quotes'", "短い", "datum.la"]


def test_the_largest_share_stands_on_top_and_bars_end_at_the_open_places():
    chart = charts.rank_intervals(_ranks(["C", "A", "B"], clear=("e",)), FRAMES)
    rows = sorted(seen.rows(chart, "rank"), key=lambda row: row["row"])
    assert [(row["group"], row["low"], row["high"]) for row in rows] == [("C", 1, 1), ("A", 2, 3), ("B", 2, 3)]


def test_no_clear_place_at_all_gives_no_figure():
    chart = charts.rank_intervals(_ranks(PLAIN, clear=()), FRAMES)
    assert "no order can be given" in seen.words(chart)
    assert seen.n_marks(chart, "point") == 0


def test_nine_outlets_on_fourteen_frames_stay_readable():
    names = {f"f{number}": f"Frame number {number}" for number in range(14)}
    outlets = [f"outlet-{number}.example" for number in range(9)]
    ranks = pd.concat([_ranks(outlets, clear=("e",)).query("frame == 'e'").assign(frame=name) for name in names])
    chart = charts.rank_intervals(ranks, names)
    words = seen.words(chart)
    for name in (*outlets, *names.values()):
        assert name in words
    width, height = ElementTree.fromstring(charts.to_svg(chart)).get("viewBox", "").split()[2:]
    assert float(width) < 1000
    assert float(height) < 1600


def _labelled(n_few: int = 20) -> pd.DataFrame:
    generator = np.random.default_rng(2)
    groups = {}
    for name, share, drawn in ((SCRIPT, 0.1, 40), ("B", 0.7, 40), ("C", 0.4, n_few)):
        labels = (generator.random(100) < share).astype(float)
        groups[name] = (labels, np.clip(0.5 * labels + 0.5 * generator.random(100), 0, 1), np.arange(100) < drawn)
    return labelled_table(groups).assign(event=lambda table: np.where(table.index % 2 == 0, "x", "y"))


def test_corrected_shares_of_a_real_table_name_who_has_too_few_labels():
    table = _labelled(n_few=5)
    svg = charts.to_svg(charts.corrected_shares(estimate_prevalence(table, n_bootstrap=200), NAMES))
    assert "corrected with 80 labelled passages" in svg
    assert "as too few passages are labelled: C (5)." in svg
    assert "<script>" not in svg
    raw = charts.to_svg(charts.corrected_shares(estimate_prevalence(table, corrected=False, n_bootstrap=200), NAMES))
    assert "documents resampled" in raw


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
    with pytest.raises(InputError, match=r"shares lacks the column\(s\) method"):
        charts.corrected_shares(_shares(PLAIN).drop(columns="method"), FRAMES)
    with pytest.raises(InputError, match=r"components lacks the column\(s\) common"):
        charts.share_components(_components(PLAIN).drop(columns="common"), FRAMES)
    with pytest.raises(InputError, match=r"ranks lacks the column\(s\) n_groups"):
        charts.rank_intervals(_ranks(PLAIN).drop(columns="n_groups"), FRAMES)
