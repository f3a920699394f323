"""Rows that rest on poor marks are grey, and say so in words."""

from __future__ import annotations

import pandas as pd

from framing.reports.html import clean_html
from framing.reports.poor_marks import find_poor_frames, mark_poor_rows
from framing.reports.table_html import render_table


def _table():
    rows = [("a", "A", 0), ("b", "A", 0), ("a", "B", 48)]
    table = pd.DataFrame(rows, columns=["frame", "outlet", "n_gold"])
    return table.assign(estimate=0.1, low=0.0, high=0.2)


def test_only_raw_rows_of_poor_frames_are_marked():
    cleaned = clean_html(render_table(_table()))
    marked = mark_poor_rows(cleaned, ["a"])
    assert marked.count("poor marks</small></td>") == 1
    row = next(line for line in marked.split("<tr")[1:] if "poor" in line)
    assert 'data-frame="a"' in row
    assert 'class="raw poor"' in row
    assert mark_poor_rows(cleaned, []) == cleaned
    assert mark_poor_rows(cleaned, ["c"]) == cleaned


def test_the_verdicts_come_from_the_table_floor(tmp_path):
    assert find_poor_frames(tmp_path) == []
    (tmp_path / "tables").mkdir()
    floor = pd.DataFrame({"frame": ["a", "b", "c"], "verdict": ["poor", "fair", "poor"]})
    floor.to_parquet(tmp_path / "tables" / "floor.parquet")
    assert find_poor_frames(tmp_path) == ["a", "c"]
    floor.drop(columns="verdict").to_parquet(tmp_path / "tables" / "floor.parquet")
    assert find_poor_frames(tmp_path) == []
