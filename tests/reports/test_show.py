"""What a notebook shows and a report keeps: escaped, complete, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from framing import charts
from framing.errors import InputError
from framing.reports.show import OUTPUT_VARIABLE, show
from framing.reports.table_html import render_table
from framing.tables import ESTIMATE, RANKS


class _Cells(HTMLParser):
    """Text of every cell of a table, and the names of all elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in ("td", "th", "caption"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        self.cells[-1] += data


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was displayed: the representations of each object and its metadata."""
    found: list[dict[str, Any]] = []

    def display(item: Any, *, metadata: dict[str, str]) -> None:
        found.append({**item._repr_mimebundle_(), "metadata": metadata})

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.delenv(OUTPUT_VARIABLE, raising=False)
    return found


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, shown: list[dict[str, Any]], tmp_path: Path) -> Path:
    """The folder of a report in the making."""
    monkeypatch.setenv(OUTPUT_VARIABLE, str(tmp_path / "report"))
    return tmp_path / "report"


def _shares(estimate: float, low: float, high: float, **more: Any) -> pd.DataFrame:
    values = dict(zip(ESTIMATE, (estimate, low, high, 1234, 56, 0, "bootstrap"), strict=True))
    return pd.DataFrame([{**more, **values}])


def test_cells_headings_caption_and_name_are_escaped():
    hostile = "<script>alert(\"1\")</script> & 'x'"
    table = pd.DataFrame({hostile: [hostile], "text": ["<img src=x onerror=alert(1)>"]})
    html = render_table(table, name='n" onclick="x', caption=hostile)
    read = _Cells(html)
    assert read.tags == {"table", "caption", "small", "thead", "tr", "th", "tbody", "td"}
    assert read.cells == [f"{hostile} 1 row.", hostile, "text", hostile, "<img src=x onerror=alert(1)>"]
    assert ' onclick="' not in html


def test_a_share_and_its_interval_are_one_cell():
    cells = _Cells(render_table(_shares(0.1234, 0.05, 0.2, outlet="A", frame="f"))).cells
    assert "12.3% (5.0% to 20.0%)" in cells
    assert "estimate (interval)" in cells
    assert "1,234" in cells
    assert not {"low", "high", "n_gold", "gold"} & set(cells)
    assert "Intervals: bootstrap." in cells[0]


def test_a_difference_is_in_points_and_a_score_is_no_percentage():
    contrast = _shares(-0.1234, -0.2, 0.05, group_a="A", group_b="B", p_adjusted=0.0004, differs=True)
    cells = _Cells(render_table(contrast)).cells
    assert "-12.3 (-20.0 to +5.0)" in cells
    assert {"groups", "difference in points (interval)", "A less B"} <= set(cells)
    assert not {"group a", "group b", "A", "B"} & set(cells)
    assert "< 0.001" in cells
    assert "yes" in cells
    assert "0.667 (0.500 to 0.750)" in _Cells(render_table(_shares(2 / 3, 0.5, 0.75, measure="f1"))).cells


def test_a_ratio_that_is_missing_is_explained():
    two = pd.concat([_shares(0.1, 0.0, 0.2), _shares(0.2, 0.1, 0.3)]).assign(
        group_a="A",
        group_b="B",
        ratio=[2.0, float("nan")],
        ratio_low=[1.5, float("nan")],
        ratio_high=[3.0, float("nan")],
    )
    cells = _Cells(render_table(two)).cells
    assert "No ratio where a share is zero." in cells[0]
    assert "–" in cells
    assert "No ratio" not in _Cells(render_table(two.head(1))).cells[0]


def test_a_rank_is_a_place_with_its_own_interval():
    ranks = pd.DataFrame([("f", "A", 3, 2, 5, 0.1234, 6, 90, 30, 0, "m")], columns=list(RANKS))
    heads = ["frame", "group", "rank (interval)", "estimate", "groups", "passages", "documents"]
    values = ["f", "A", "3 (2 to 5)", "12.3%", "6", "90", "30"]
    assert _Cells(render_table(ranks)).cells[1:] == [*heads, *values]


def test_a_difference_in_errors_is_in_points_though_it_has_a_measure():
    row = {"measure": "false_positive_rate", "group_a": "A", "group_b": "B"}
    cells = _Cells(render_table(_shares(0.0894, -0.1698, 0.3487, **row))).cells
    assert "+8.9 (-17.0 to +34.9)" in cells
    assert "difference in points (interval)" in cells
    assert "false positive rate" in cells
    nothing = float("nan")
    unknown = _shares(-0.5, nothing, nothing, **row).assign(differs=pd.array([pd.NA], dtype="boolean"))
    cells = _Cells(render_table(unknown)).cells
    assert "-50.0" in cells
    assert cells[-1] == "–", "nobody knows whether they differ"
    known = _Cells(render_table(unknown.assign(differs=pd.array([False], dtype="boolean")))).cells
    assert known[-1] == "no"


def test_the_same_number_of_labels_in_each_row_stands_in_the_caption():
    two = pd.concat([_shares(0.1, 0.0, 0.2, frame="a"), _shares(0.2, 0.1, 0.3, frame="b")]).assign(n_gold=288)
    cells = _Cells(render_table(two)).cells
    assert "gold" not in cells
    assert cells[0].endswith("Labelled passages behind each row: 288.")
    assert "gold" in _Cells(render_table(two.assign(n_gold=[288, 12]))).cells


def test_measures_side_by_side_are_a_line_a_frame_and_the_whole_table_is_kept(shown, folder):
    nothing = float("nan")
    rows = [
        ("war", "precision", 0.812, 0.704, 0.888, "bootstrap"), ("war", "brier", 0.1, 0.0, 0.2, "other"),
        ("war", "recall", 1.0, nothing, nothing, "no interval: x"),
        ("sea", "precision", nothing, nothing, nothing, "undefined: y"),
        ("sea", "recall", 0.5, 0.25, 0.75, "bootstrap"),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["frame", "measure", "estimate", "low", "high", "method"])
    table = table.assign(n_passages=[9, 9, 9, 1234, 1234], n_documents=5, n_gold=99)
    show(table, "wide", caption="Both", across=["precision", "recall"])
    cells = _Cells(shown[0]["text/html"]).cells
    assert cells[0] == "Both 2 rows. Intervals: bootstrap; no interval: x; undefined: y."
    assert cells[1:6] == ["frame", "precision", "recall", "passages", "documents"]
    assert cells[6:11] == ["war", "0.81 (0.70 to 0.89)", "1.00 (no interval)", "9", "5"]
    assert cells[11:] == ["sea", "–", "0.50 (0.25 to 0.75)", "1,234", "5"]
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "tables" / "wide.parquet"), table)
    grouped = table.assign(group="A")[["group", *table.columns]]
    assert _Cells(render_table(grouped, across=["recall"], rows=1)).cells[1:4] == ["group", "frame", "recall"]


def test_a_paragraph_is_markdown_and_harmless(shown, folder):
    from framing.reports.html import _output

    show("Only **one** <script>x</script> [a](javascript:x)", "about")
    (found,) = shown
    assert found["metadata"] == {"framing_name": "about"}
    assert not folder.exists()
    output = SimpleNamespace(output_type="display_data", data=found, metadata=found["metadata"])
    (block,) = _output(output)
    assert block["kind"] == "prose"
    assert "<strong>one</strong> &lt;script&gt;" in block["html"]
    assert "href" not in block["html"]


def test_the_interval_stands_beside_what_it_is_of():
    bins = pd.DataFrame({"bin": [1], "mean_score": [0.0444], "share": [0.05], "low": [0.01], "high": [0.2], "n": [20]})
    cells = _Cells(render_table(bins)).cells
    assert cells[1:] == ["bin", "mean score", "share (interval)", "n", "1", "0.044", "5.0% (1.0% to 20.0%)", "20"]
    curve = pd.DataFrame({"coverage": [0.95], "risk": [0.0402], "low": [0.0339], "high": [0.0457], "n": [3831]})
    cells = _Cells(render_table(curve)).cells
    assert cells[1:] == ["coverage", "risk (interval)", "n", "95.0%", "4.0% (3.4% to 4.6%)", "3,831"]
    plain = pd.DataFrame({"frame_a": ["war"], "share": [0.0238]})
    assert _Cells(render_table(plain)).cells[1:] == ["frame a", "share", "war", "2.4%"]


def test_a_promise_is_readable():
    table = pd.DataFrame(
        {
            "frame": ["war", "trade"],
            "measure": ["precision", "recall"],
            "asked": [0.9, 0.925],
            "confidence": [0.95, 0.95],
            "threshold": [0.61234, np.nan],
            "held": [True, False],
            "n_gold": [40, 3],
            "share_kept": [0.8125, 0.0],
            "n_enough": pd.array([None, 1200], dtype="Int64"),
            "note": ["", "too few labels"],
            "share_abstained": [0.0312, 1.0],
            "share_of_gold": [0.5, 0.25],
        }
    )
    cells = _Cells(render_table(table)).cells
    assert cells[0].endswith("2 rows. Confidence: 95%."), "the same in each row"
    assert cells[1:12] == [
        "frame", "measure", "asked", "threshold", "held", "labels behind it", "share kept",
        "labels needed, roughly", "note", "share abstained", "share of gold",
    ]  # fmt: skip
    assert cells[12:23] == ["war", "precision", "90%", "0.612", "yes", "40", "81.2%", "–", "", "3.1%", "50.0%"]
    assert cells[23:] == [
        "trade",
        "recall",
        "92.5%",
        "–",
        "no",
        "3",
        "0.0%",
        "1,200",
        "too few labels",
        "100.0%",
        "25.0%",
    ]


def test_no_interval_and_no_estimate():
    nothing = float("nan")
    assert "25.0%" in _Cells(render_table(_shares(0.25, nothing, nothing))).cells
    assert "–" in _Cells(render_table(_shares(nothing, nothing, nothing, measure="f1"))).cells


def test_values_of_every_kind_are_readable():
    table = pd.DataFrame(
        {
            "published": [pd.Timestamp("2024-02-29"), pd.NaT],
            "score": [0.12345, np.inf],
            "kept": [True, False],
            "n_words": [1234567, 0],
            "note": ["x" * 1000, None],
            "list": [[1, 2], [3]],
        }
    )
    cells = _Cells(render_table(table)).cells
    assert cells[1:7] == ["published", "score", "kept", "words", "note", "list"]
    assert cells[7:13] == ["29 Feb 2024", "0.123", "yes", "1,234,567", "x" * 900 + " …", "[1, 2]"]
    assert cells[13:] == ["–", "inf", "no", "0", "–", "[3]"]


def test_the_caption_says_how_many_rows_there_are():
    table = pd.DataFrame({"a": range(1500)})
    assert "12 of 1,500 rows shown." in render_table(table, caption="Numbers")
    assert "2 rows." in render_table(table.head(2))
    assert "1 row." in render_table(table.head(1))
    assert _Cells(render_table(table.head(0), caption="Numbers")).cells == ["Numbers: none."]
    assert render_table(table, rows=3).count("<tr>") == 4


def test_a_table_is_shown_and_without_a_report_not_kept(shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    show(pd.DataFrame({"a": ["<b>"]}), "letters", caption="Letters")
    (found,) = shown
    assert "&lt;b&gt;" in found["text/html"]
    assert found["text/plain"] == ""
    assert found["metadata"] == {"framing_name": "letters"}
    assert list(tmp_path.iterdir()) == []


def test_a_report_keeps_the_whole_table_twice(shown, folder):
    table = pd.DataFrame({"outlet": ['A, "B"\nC', "中文", None], "share": [0.1, 0.2, float("nan")]})
    show(table, "shares", rows=1)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "tables" / "shares.parquet"), table)
    with (folder / "tables" / "shares.csv").open(encoding="utf-8", newline="") as lines:
        assert list(csv.reader(lines)) == [
            ["outlet", "share"], ['A, "B"\nC', "0.1"], ["中文", "0.2"], ["", ""],
        ]  # fmt: skip


def test_formulas_are_harmless_in_the_csv_and_untouched_in_the_parquet(shown, folder):
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =cmd|'/c calc'!A1", "＝1+1", "a=1", "", "5"]
    table = pd.DataFrame({"text": hostile, "=HYPERLINK()": pd.Categorical(hostile), "number": [-1.5] * 11})
    show(table, "formulas")
    with (folder / "tables" / "formulas.csv").open(encoding="utf-8", newline="") as lines:
        heading, *rows = csv.reader(lines)
    assert heading == ["text", "'=HYPERLINK()", "number"]
    expected = [f"'{text}" for text in hostile[:8]] + hostile[8:]
    assert [row[0] for row in rows] == expected
    assert [row[1] for row in rows] == expected
    assert {row[2] for row in rows} == {"-1.5"}  # a number stays one
    assert pd.read_parquet(folder / "tables" / "formulas.parquet")["text"].to_list() == hostile


def test_a_named_index_is_a_column(shown, folder):
    table = pd.DataFrame({"a": [2, 0], "(none)": [1, 3]}, index=pd.Index(["a", "(none)"], name="gold"))
    show(table, "confusion")
    kept = pd.read_parquet(folder / "tables" / "confusion.parquet")
    assert kept.columns.to_list() == ["gold", "a", "(none)"]
    assert "<th>gold</th>" in shown[0]["text/html"]


def test_a_chart_is_shown_and_kept_as_svg(shown, folder):
    table = pd.DataFrame({"outlet": ["<script>"], "period": [pd.Timestamp("2024-01-01")], "n_documents": [2]})
    show(charts.documents_over_time(table), "documents")
    (found,) = shown
    assert found["metadata"] == {
        "framing_name": "documents", "framing_caption": "What was read: documents per outlet and week",
    }  # fmt: skip
    kept = (folder / "charts" / "documents.svg").read_text(encoding="utf-8")
    assert kept == found["image/svg+xml"]
    assert "<script" not in kept
    ElementTree.fromstring(kept)
    show(charts.documents_over_time(table), "documents", caption="Mine")
    assert shown[1]["metadata"]["framing_caption"] == "Mine"
    assert shown[1]["text/plain"] == "Mine"


@pytest.mark.parametrize("name", ["", "A", "1a", "a/b", "../a", "a.b", "a b", "a\n", "a" * 62])
def test_a_name_that_could_leave_the_folder_is_refused(shown, folder, name):
    with pytest.raises(InputError, match="must be lower-case letters, digits and _"):
        show(pd.DataFrame({"a": [1]}), name)
    assert shown == []
    assert not folder.exists()


def test_two_passages_that_face_each_other_stand_under_their_outlets_and_frames():
    table = pd.DataFrame(
        [("s1", "A", "f", "Post <b>", "g", 0.5, "one", "two")],
        columns=["story_id", "outlet", "frame", "other_outlet", "other_frame", "contrast", "text", "other_text"],
    )
    page = render_table(table)
    assert re.findall(r"<th(?: [^>]*)?>([^<]*)<", page) == ["contrast", "text", "other text"]
    assert '<td class="passage">A · f\none</td><td class="passage">Post &lt;b&gt; · g\ntwo</td>' in page
