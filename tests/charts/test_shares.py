"""Charts of shares: text in cells, missing intervals, raw beside corrected."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing import charts
from framing.errors import InputError
from framing.estimates.prevalence import estimate_prevalence
from tests import chart_parts
from tests.chart_tables import (
    FRAMES,
    PLAIN,
    corrected_table,
    share_table,
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


def test_the_heatmap_writes_share_and_interval_into_each_cell():
    shares = share_table(["A", "B"], {"e": "E"})
    shares.loc[1, ["estimate", "low", "high"]] = [0.004, float("nan"), float("nan")]
    words = chart_parts.words(charts.share_heatmap(shares, {"e": "E"}))
    for text in ("10%", "5% to 20%", "<1%", "no interval"):
        assert text in words


@pytest.mark.parametrize(("n_documents", "unit"), [(20, "documents"), (6, "passages")])
@pytest.mark.parametrize("draw", [charts.share_heatmap, charts.share_intervals, charts.corrected_shares])
def test_charts_name_what_the_shares_are_of(draw, n_documents, unit):
    shares = share_table(["A", "B"], {"e": "E"}).assign(n_documents=n_documents)
    words = chart_parts.words(draw(shares, {"e": "E"}))
    other = "passages" if unit == "documents" else "documents"
    assert f"share of {unit}" in words
    assert f"Share of {unit} with each frame" in words or draw is charts.share_heatmap
    assert f"hare of {other}" not in words


def test_the_heatmap_leaves_a_group_open_that_could_not_be_corrected():
    shares = share_table(["A", "B"], {"e": "E"}).assign(n_gold=[40, 3])
    shares.loc[1, ["estimate", "low", "high"]] = float("nan")
    words = chart_parts.words(charts.share_heatmap(shares, {"e": "E"}))
    assert "–" in words
    assert "nan" not in words.lower()
    assert "no interval" not in words
    assert "Corrected with labelled passages; –: too few of them." in words
    assert "Corrected" not in chart_parts.words(charts.share_heatmap(share_table(["A"]), FRAMES))


def test_a_missing_interval_is_a_point_without_a_line():
    with_one = share_table(["A", "B"], {"e": "E"})
    without = with_one.assign(low=[float("nan"), 0.05], high=[float("nan"), 0.2])
    drawn = [charts.to_svg(charts.share_intervals(shares, {"e": "E"})) for shares in (with_one, without)]
    lines = [svg.count('aria-roledescription="rule mark"') for svg in drawn]
    points = [svg.count('aria-roledescription="point"') for svg in drawn]
    assert lines == [2, 1]
    assert points == [2, 2]


def test_raw_and_corrected_stand_side_by_side_with_both_intervals():
    # 2 outlets, 4 frames: 8 rows, each a hollow and a solid point, a thin and a thick line.
    chart = charts.corrected_shares(corrected_table(PLAIN[:2]), FRAMES)
    assert chart_parts.n_marks(chart, "point") == 16
    assert chart_parts.n_marks(chart, "rule mark") == 16
    assert "corrected with 80 labelled passages" in chart_parts.subtitle(chart)
    assert "classifier error included" in chart_parts.subtitle(chart)
    assert "Raw only" not in chart_parts.subtitle(chart)


def test_what_could_not_be_corrected_is_raw_only_and_named_with_its_labels():
    # One of two outlets: its 4 rows have a hollow point and a dashed line only.
    chart = charts.corrected_shares(corrected_table(PLAIN[:2], few=("Fox News",)), FRAMES)
    assert chart_parts.n_marks(chart, "point") == 12
    assert chart_parts.n_marks(chart, "rule mark") == 12
    assert "as too few passages are labelled: Fox News (3)." in chart_parts.subtitle(chart)
    assert "corrected with 40 labelled passages" in chart_parts.subtitle(chart)
    for row in chart_parts.rows(chart, "raw"):
        alone = row["group"] == "Fox News"
        assert (row["uncorrected_low"], row["raw_low"]) == ((0.05, None) if alone else (None, 0.05))


def test_without_corrected_shares_it_is_the_chart_of_shares():
    raw = corrected_table(PLAIN).drop(columns=["raw", "raw_low", "raw_high"])
    chart = charts.corrected_shares(raw, FRAMES, groups=PLAIN)
    assert chart.to_dict() == charts.share_intervals(raw, FRAMES, groups=PLAIN).to_dict()
    assert "orrected" not in chart_parts.words(chart)


def test_corrected_shares_of_a_real_table_name_who_has_too_few_labels():
    table = _labelled(n_few=5)
    svg = charts.to_svg(charts.corrected_shares(estimate_prevalence(table, n_bootstrap=200), NAMES))
    assert "corrected with 80 labelled passages" in svg
    assert "as too few passages are labelled: C (5)." in svg
    assert "<script>" not in svg
    raw = charts.to_svg(charts.corrected_shares(estimate_prevalence(table, corrected=False, n_bootstrap=200), NAMES))
    assert "documents resampled" in raw


def test_errors_say_what_is_wrong():
    with pytest.raises(InputError, match=r"shares lacks the column\(s\) low"):
        charts.share_heatmap(share_table(PLAIN).drop(columns="low"), FRAMES)
    with pytest.raises(InputError, match=r"shares lacks the column\(s\) method"):
        charts.corrected_shares(corrected_table(PLAIN).drop(columns="method"), FRAMES)


def _shares_by_two() -> pd.DataFrame:
    """Two outlets in two languages: the share of A in English is 10%, of A in German 20%, of B 30% and 40%."""
    shares = share_table(["A / en", "A / de", "B / en", "B / de"], {"e": "E"})
    return shares.assign(outlet=["A", "A", "B", "B"], language=["en", "de", "en", "de"])


@pytest.mark.parametrize("draw", [charts.share_heatmap, charts.share_intervals, charts.corrected_shares])
def test_several_rows_of_a_group_are_not_drawn_over_each_other(draw):
    with pytest.raises(InputError, match=r"several rows for the outlet 'A' and the frame 'e'.*`by`"):
        draw(_shares_by_two(), {"e": "E"})


@pytest.mark.parametrize("draw", [charts.share_heatmap, charts.share_intervals, charts.corrected_shares])
def test_groups_of_several_columns_each_have_a_mark(draw):
    drawn = str(draw(_shares_by_two(), {"e": "E"}, by=["outlet", "language"]).to_dict())
    for group in ("A / en", "A / de", "B / en", "B / de"):
        assert group in drawn


def test_the_heatmap_of_two_columns_writes_every_share():
    words = chart_parts.words(charts.share_heatmap(_shares_by_two(), {"e": "E"}, by=["outlet", "language"]))
    assert [text for text in ("10%", "20%", "30%", "40%") if text not in words] == []


def test_the_groups_with_most_passages_are_drawn():
    shares = share_table(PLAIN)
    shares["n_passages"] = [10 + PLAIN.index(outlet) for outlet in shares["outlet"]]
    chart = charts.share_intervals(shares, FRAMES, top_groups=2)
    assert {row["group"] for row in chart_parts.rows(chart)} == set(PLAIN[-2:])
    assert "Drawn: those 2 of 6 (outlet) with most passages; the table has all." in chart_parts.subtitle(chart)
