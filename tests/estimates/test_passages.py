"""Example passages, from tables small enough to choose them by eye."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.passages import (
    find_borderline_passages,
    find_passages_behind,
    find_top_passages,
    keep_one_per_frame,
)


@pytest.fixture
def classified() -> pd.DataFrame:
    """Three passages in two outlets, two frames each; decided present from 0.5."""
    rows = [
        ("p", "A", "f", 0.9), ("p", "A", "g", 0.45), ("q", "A", "f", 0.7), ("q", "A", "g", 0.8),
        ("r", "B", "f", 0.52), ("r", "B", "g", 0.1),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["passage_id", "outlet", "frame", "score"])
    table["decision"] = np.where(table["score"] >= 0.5, "present", "absent")
    return table.assign(published=pd.Timestamp("2024-01-03"), text="text of " + table["passage_id"])


def test_top_passages_are_the_highest_of_those_present(classified):
    top = find_top_passages(classified, per_outlet=1)
    assert top[["frame", "outlet", "passage_id", "score"]].to_numpy().tolist() == [
        ["f", "A", "p", 0.9],
        ["f", "B", "r", 0.52],
        ["g", "A", "q", 0.8],
    ]
    assert len(find_top_passages(classified, per_outlet=5)) == 4
    assert keep_one_per_frame(top)["passage_id"].to_list() == ["p", "q"]


def test_borderline_passages_lie_nearest_to_the_threshold_on_either_side(classified):
    # Distances of f: .4, .2, .02; of g: .05, .3, .4.
    result = find_borderline_passages(classified, threshold=0.5, per_frame=2)
    assert result[["frame", "passage_id", "decision"]].to_numpy().tolist() == [
        ["f", "r", "present"], ["f", "q", "present"], ["g", "p", "absent"], ["g", "q", "present"],
    ]  # fmt: skip


def test_with_one_label_the_closest_runners_up_are_borderline(classified):
    # Two highest scores of p: .9 and .45 (.45 apart), q: .8 and .7 (.1), r: .52 and .1 (.42).
    one = classified.assign(decision=["present", "absent", "absent", "present", "present", "absent"])
    result = find_borderline_passages(one, threshold=float("nan"), per_frame=1)
    assert result[["frame", "passage_id"]].to_numpy().tolist() == [["f", "r"], ["g", "q"]]


def test_passages_behind_the_clearest_contrasts(classified):
    contrasts = pd.DataFrame({"frame": ["f", "g"], "group_a": ["A", "A"], "group_b": ["B", "B"]})
    result = find_passages_behind(contrasts, classified)
    assert result[["contrast", "frame", "outlet", "passage_id"]].to_numpy().tolist() == [
        [1, "f", "A", "p"], [1, "f", "B", "r"], [2, "g", "A", "q"],
    ]  # fmt: skip
    assert find_passages_behind(contrasts.iloc[:0], classified).empty


def test_the_two_parts_of_a_difference_are_one_contrast(classified):
    parts = pd.DataFrame(
        [("f", "A", "B", "agenda"), ("f", "A", "B", "framing"), ("g", "A", "B", "agenda"), ("g", "A", "B", "framing")],
        columns=["frame", "group_a", "group_b", "component"],
    )
    stories = classified.assign(agenda_item="x")
    result = find_passages_behind(parts, stories, top=2)
    assert result[["contrast", "frame", "outlet", "agenda_item", "passage_id"]].to_numpy().tolist() == [
        [1, "f", "A", "x", "p"], [1, "f", "B", "x", "r"], [2, "g", "A", "x", "q"],
    ]  # fmt: skip


def test_passages_behind_contrasts_of_groups_of_two_columns(classified):
    languages = classified.assign(language=["en", "en", "de", "de", "en", "en"])
    contrasts = pd.DataFrame({"frame": ["f"], "group_a": ["A / en"], "group_b": ["A / de"]})
    result = find_passages_behind(contrasts, languages, by=["outlet", "language"])
    assert result[["outlet", "language", "passage_id"]].to_numpy().tolist() == [["A", "en", "p"], ["A", "de", "q"]]


def test_a_missing_column_is_named(classified):
    with pytest.raises(InputError, match=r"classified passages lacks the column\(s\) section"):
        find_passages_behind(pd.DataFrame(columns=["frame", "group_a", "group_b"]), classified, by="section")
    with pytest.raises(InputError, match=r"lacks the column\(s\) text"):
        find_top_passages(classified.drop(columns="text"))
    with pytest.raises(InputError, match=r"lacks the column\(s\) score"):
        find_borderline_passages(classified.drop(columns="score"), threshold=0.5)
    with pytest.raises(InputError, match=r"top passages lacks the column\(s\) frame"):
        keep_one_per_frame(classified.drop(columns="frame"))
