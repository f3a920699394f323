"""Figures of comparisons draw what the tables say, with hostile names and missing parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing import charts
from framing.compare import compare_groups, rank_groups
from framing.decompose import add_strata, decompose_differences
from framing.errors import InputError
from framing.prevalence import estimate_prevalence
from tests.estimation import labelled_table

NAMES = {"f": "Frame <script>"}
HOSTILE = "<script>alert(1)</script>"


def _labelled(n_few: int = 20) -> pd.DataFrame:
    generator = np.random.default_rng(2)
    groups = {}
    for name, share, drawn in ((HOSTILE, 0.1, 40), ("B", 0.7, 40), ("C", 0.4, n_few)):
        labels = (generator.random(100) < share).astype(float)
        groups[name] = (labels, np.clip(0.5 * labels + 0.5 * generator.random(100), 0, 1), np.arange(100) < drawn)
    return labelled_table(groups).assign(event=lambda table: np.where(table.index % 2 == 0, "x", "y"))


def test_corrected_shares_show_rings_and_name_who_has_too_few_labels():
    table = _labelled(n_few=5)
    svg = charts.to_svg(charts.corrected_shares(estimate_prevalence(table, n_bootstrap=200), NAMES))
    assert "corrected with labelled passages" in svg
    assert "Too few labels to correct: C" in svg
    assert "<script>" not in svg
    raw = charts.to_svg(charts.corrected_shares(estimate_prevalence(table, corrected=False, n_bootstrap=200), NAMES))
    assert "its errors are not in it" in raw


def test_components_and_ranks_draw_hostile_names():
    table = _labelled()
    contrasts, shares = compare_groups(table, n_bootstrap=300), estimate_prevalence(table, n_bootstrap=300)
    parts = decompose_differences(add_strata(table), strata="stratum", n_bootstrap=300)
    assert parts["method"].iloc[0].startswith("Kitagawa-Oaxaca-Blinder over each event")
    for chart in (charts.share_components(parts, NAMES), charts.rank_intervals(rank_groups(contrasts, shares), NAMES)):
        svg = charts.to_svg(chart)
        assert "<script>" not in svg
        assert "script" in svg  # shown as text
    with pytest.raises(InputError, match="no components to draw"):
        charts.share_components(parts.head(0), NAMES)


def test_ranks_say_when_nothing_is_clear():
    table = _labelled()
    contrasts = compare_groups(table, n_bootstrap=300).assign(differs=False)
    ranks = rank_groups(contrasts, estimate_prevalence(table, n_bootstrap=300))
    assert "No order is clear of noise on any frame." in charts.to_svg(charts.rank_intervals(ranks, NAMES))


def test_strata_fall_back_to_periods():
    table = _labelled().assign(published=pd.Timestamp("2025-07-03"))
    assert set(add_strata(table)["stratum_kind"]) == {"event"}
    by_week = add_strata(table.drop(columns="event"), period="week")
    assert set(by_week["stratum"]) == {"2025-06-30"}
    assert set(by_week["stratum_kind"]) == {"week"}
    with pytest.raises(InputError, match="fewer than half of the passages have an event"):
        add_strata(table.assign(event=""), "event")
    with pytest.raises(InputError, match="strata: expected auto, event or period, got 'story'"):
        add_strata(table, "story")
