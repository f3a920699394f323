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


def test_passages_of_a_group_that_is_set_against_the_rest(classified):
    rest = pd.DataFrame({"frame": ["f", "g"], "group": ["B", "A"]})
    result = find_passages_behind(rest, classified)
    assert result[["contrast", "outlet", "passage_id"]].to_numpy().tolist() == [[1, "B", "r"], [2, "A", "q"]]


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


def _ladder(scores: dict[str, list[float]]) -> pd.DataFrame:
    """One frame; outlets to scores of their passages, all present."""
    rows = [(f"{name}{place}", name, score) for name, part in scores.items() for place, score in enumerate(part)]
    table = pd.DataFrame(rows, columns=["passage_id", "outlet", "score"])
    return table.assign(frame="f", decision="present", published=pd.Timestamp("2024-01-03"), text="text")


def test_how_many_passages_where_nothing_is_said():
    table = _ladder({"A": [0.6, 0.9, 0.7, 0.8, 0.7], "B": [0.55]})
    top = find_top_passages(table)
    assert top["passage_id"].to_list() == ["A1", "A3", "A2", "B0"]  # of two alike the first
    assert top.index.to_list() == [0, 1, 2, 3]
    borderline = find_borderline_passages(table, threshold=0.5)
    assert borderline["passage_id"].to_list() == ["B0", "A0", "A2", "A4"]
    assert keep_one_per_frame(top.iloc[::-1])["passage_id"].to_list() == ["A1"]
    pairs = pd.DataFrame({"frame": "f", "group_a": ["A"] * 6, "group_b": list("BCDEFG")})
    behind = find_passages_behind(pairs, table)
    assert behind["contrast"].unique().tolist() == [1, 2, 3, 4, 5]
    assert behind[behind["contrast"] == 2]["passage_id"].to_list() == ["A1"]
    two = find_passages_behind(pairs, table, top=1, per_group=2)
    assert two["passage_id"].to_list() == ["A1", "A3", "B0"]
    assert two.index.to_list() == [0, 1, 2]


def test_only_the_two_highest_scores_of_three_are_compared():
    scores = {"p": [0.5, 0.1, 0.45], "q": [0.2, 0.6, 0.3], "r": [0.4, 0.35, 0.39]}
    rows = [(name, frame, score) for name, part in scores.items() for frame, score in zip("fgh", part, strict=True)]
    table = pd.DataFrame(rows, columns=["passage_id", "frame", "score"])
    decision = np.where(table["score"] == table.groupby("passage_id")["score"].transform("max"), "present", "absent")
    table = table.assign(decision=decision, outlet="A", published=pd.NaT, text="text")
    result = find_borderline_passages(table, threshold=float("nan"))
    # highest two of p .05 apart, of q .3, of r .01
    assert result[["frame", "passage_id"]].to_numpy().tolist() == [["f", "r"], ["f", "p"], ["g", "q"]]
