"""Which story a passage is about, and parts of differences where a frame is rare or labels are few."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.agenda_items import add_agenda_items
from framing.estimates.compare import compare_groups
from framing.estimates.decompose import decompose_differences
from framing.tables import COMPONENTS
from framing.uncertainty.intervals import exact_bounds
from tests.estimation import classified_table

DAYS = ["2024-01-03", "2024-01-07", "2024-01-08", None]  # Wednesday, its Sunday, the Monday after


def _table(events: list[str] | None = None, days: list[str | None] = DAYS) -> pd.DataFrame:
    table = classified_table({"A": [[1], [0]], "B": [[1], [0]]})
    table["published"] = pd.to_datetime(days)
    return table if events is None else table.assign(event=events)


def test_events_are_chosen_where_half_of_the_passages_have_one():
    result = add_agenda_items(_table(["x", "", "y", ""]))
    assert result["agenda_item"].to_list() == ["x", "", "y", ""]
    assert set(result["agenda_item_kind"]) == {"event"}


def test_periods_stand_in_where_events_are_few_and_undated_passages_stay():
    result = add_agenda_items(_table(["x", "", "", ""]))
    assert result["agenda_item"].to_list() == ["2024-01-01", "2024-01-01", "2024-01-08", ""]
    assert set(result["agenda_item_kind"]) == {"week"}
    assert add_agenda_items(_table(), period="month")["agenda_item"].to_list() == ["2024-01-01"] * 3 + [""]


def test_what_is_asked_for_is_taken_and_rows_keep_their_index():
    table = _table(["x", "", "", ""]).set_axis([7, 7, 3, 1], axis=0)
    result = add_agenda_items(table, "period", period="day")
    assert result["agenda_item"].to_list() == ["2024-01-03", "2024-01-07", "2024-01-08", ""]
    assert result.index.to_list() == [7, 7, 3, 1]


def test_without_events_and_dates_nothing_can_be_taken_apart():
    result = add_agenda_items(_table(days=[None] * 4))
    assert set(result["agenda_item_kind"]) == {"none"}
    parts = decompose_differences(result, agenda_items="agenda_item", min_documents=2, n_bootstrap=200)
    assert parts.empty
    assert list(parts.columns) == list(COMPONENTS)


def test_what_cannot_be_had_is_said():
    with pytest.raises(InputError, match=r"agenda_items: expected auto, event or period, got 'story'"):
        add_agenda_items(_table(), "story")
    with pytest.raises(InputError, match=r"fewer than half of the passages have an event; name its column"):
        add_agenda_items(_table(), "event")
    with pytest.raises(InputError, match=r"agenda_items period: no passage has a date; name its column"):
        add_agenda_items(_table(days=[None] * 4), "period")
    with pytest.raises(InputError, match=r"period: expected one of day, week, month, got 'year'"):
        add_agenda_items(_table(), period="year")


def test_components_say_what_a_story_was():
    table = classified_table({"A": [[1], [0], [1]], "B": [[1], [0], [0]]})
    parts = decompose_differences(add_agenda_items(table), agenda_items="agenda_item", min_documents=2, n_bootstrap=200)
    assert set(parts["agenda_items"]) == {"week"}
    assert "over each week" in parts["method"].iloc[0]
    parts = decompose_differences(table.assign(event="x"), min_documents=2, n_bootstrap=200)
    assert set(parts["agenda_items"]) == {"event"}


def test_a_frame_that_a_small_group_lacks_is_as_unsure_as_its_exact_bound():
    # A: 20 of 400 documents have it; B: none of 12. One story: the whole difference is framing. In B nothing varies;
    # its standard error is the upper exact bound 1 - 0.025^(1/12) over 1.96, that of A sqrt(.05 × .95 / 399).
    table = classified_table({"A": [[1]] * 20 + [[0]] * 380, "B": [[0]] * 12}).assign(event="x")
    result = decompose_differences(table, n_bootstrap=4000).set_index("component").loc["framing"]
    assert result["estimate"] == pytest.approx(0.05)
    upper = exact_bounds(0.0, 12, level=0.95)[1]
    assert upper == pytest.approx(1 - 0.025 ** (1 / 12))
    error = np.hypot(upper / 1.959964, np.sqrt(0.05 * 0.95 / 399))
    assert result["high"] - result["estimate"] == pytest.approx(2.200985 * error, rel=0.01)  # Student's t of 11
    assert not result["differs"]
    assert not compare_groups(table, n_bootstrap=500)["differs"].any()


def test_parts_of_a_corrected_difference_are_no_surer_than_their_labels():
    # 30 documents of one passage in each outlet, 12 of them labelled, scores that follow the labels exactly: the
    # bootstrap sees no error of the classifier, the parts must not be surer than the contrast at 12 - 2 degrees.
    generator = np.random.default_rng(3)
    values = {name: [[int(generator.random() < share)] for _ in range(30)] for name, share in (("A", 0.6), ("B", 0.2))}
    table = classified_table(values).assign(event="x")
    truth = (table["decision"] == "present").astype(float)
    labelled = np.tile(np.arange(30) < 12, 2)
    table = table.assign(
        proxy=truth, gold=truth.where(labelled), gold_proxy=truth.where(labelled),
        gold_weight=np.where(labelled, 2.5, 0.0), gold_stratum=table["outlet"], gold_cluster=table["document_id"],
    )  # fmt: skip
    parts = decompose_differences(table, n_bootstrap=2000).set_index("component").loc["framing"]
    contrast = compare_groups(table, n_bootstrap=2000).iloc[0]
    assert parts["estimate"] == pytest.approx(contrast["estimate"])
    # bootstrap alone: shares p of 30 documents each, with Student's t of 29 degrees
    shares = truth.groupby(table["outlet"]).mean()
    blind = np.sqrt((shares * (1 - shares) / 29).sum()) * 2.04523
    assert parts["high"] - parts["estimate"] > 1.1 * blind


def test_what_is_asked_for_comes_before_what_there_is_most_of():
    events = _table(["x", None, "y", "z"])
    assert set(add_agenda_items(events, "period")["agenda_item_kind"]) == {"week"}
    for agenda_items in ("auto", "event"):
        result = add_agenda_items(events, agenda_items)
        assert result["agenda_item"].to_list() == ["x", "", "y", "z"]
        assert set(result["agenda_item_kind"]) == {"event"}
    with pytest.raises(InputError, match="fewer than half"):
        add_agenda_items(_table(["x", None, "", ""]), "event")
