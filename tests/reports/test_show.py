"""What a notebook shows and a report keeps: escaped, complete, harmless in a spreadsheet."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
import vl_convert

from framing import charts
from framing.charts.drawing import make_spec
from framing.errors import InputError
from framing.reports.html import render_outputs
from framing.reports.show import OUTPUT_VARIABLE, show
from framing.reports.table_html import render_table
from tests.chart_parts import parts
from tests.chart_tables import FRAMES, share_table
from tests.reports.table_cells import Cells


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was displayed: the representations of each object and its metadata."""
    bundles: list[dict[str, Any]] = []

    def display(item: Any, *, metadata: dict[str, str]) -> None:
        bundles.append({**item._repr_mimebundle_(), "metadata": metadata})

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.delenv(OUTPUT_VARIABLE, raising=False)
    return bundles


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, displayed: list[dict[str, Any]], tmp_path: Path) -> Path:
    """The folder of a report in the making."""
    monkeypatch.setenv(OUTPUT_VARIABLE, str(tmp_path / "report"))
    return tmp_path / "report"


def test_measures_side_by_side_are_a_line_a_frame_and_the_whole_table_is_kept(displayed, folder):
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
    cells = Cells(displayed[0]["text/html"]).cells
    assert cells[0] == "Both 2 rows. Intervals: bootstrap; no interval: x; undefined: y."
    assert cells[1:6] == ["frame", "precision", "recall", "passages", "documents"]
    assert cells[6:11] == ["war", "0.81 (0.70 to 0.89)", "1.00 (no interval)", "9", "5"]
    assert cells[11:] == ["sea", "–", "0.50 (0.25 to 0.75)", "1,234", "5"]
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "tables" / "wide.parquet"), table)
    grouped = table.assign(group="A")[["group", *table.columns]]
    assert Cells(render_table(grouped, across=["recall"], rows=1)).cells[1:4] == ["group", "frame", "recall"]


def test_a_paragraph_is_markdown_and_harmless(displayed, folder):
    show("Only **one** <script>x</script> [a](javascript:x)", "about")
    (bundle,) = displayed
    assert bundle["metadata"] == {"framing_name": "about"}
    assert not folder.exists()
    output = SimpleNamespace(output_type="display_data", data=bundle, metadata=bundle["metadata"])
    (block,) = render_outputs([output])
    assert block["kind"] == "prose"
    assert "<strong>one</strong> &lt;script&gt;" in block["html"]
    assert "href" not in block["html"]


def test_a_table_is_shown_and_without_a_report_not_kept(displayed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    show(pd.DataFrame({"a": ["<b>"]}), "letters", caption="Letters")
    (bundle,) = displayed
    assert "&lt;b&gt;" in bundle["text/html"]
    assert bundle["text/plain"] == ""
    assert bundle["metadata"] == {"framing_name": "letters"}
    assert list(tmp_path.iterdir()) == []


def test_a_report_keeps_the_whole_table_twice(displayed, folder):
    table = pd.DataFrame({"outlet": ['A, "B"\nC', "中文", None], "share": [0.1, 0.2, float("nan")]})
    show(table, "shares", rows=1)
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "tables" / "shares.parquet"), table)
    with (folder / "tables" / "shares.csv").open(encoding="utf-8", newline="") as lines:
        assert list(csv.reader(lines)) == [
            ["outlet", "share"], ['A, "B"\nC', "0.1"], ["中文", "0.2"], ["", ""],
        ]  # fmt: skip


def test_formulas_are_harmless_in_the_csv_and_untouched_in_the_parquet(displayed, folder):
    hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =cmd|'/c calc'!A1", "＝1+1", "a=1", "", "5"]
    table = pd.DataFrame({"text": hostile, "=HYPERLINK()": pd.Categorical(hostile), "number": [-1.5] * 11})
    show(table, "formulas")
    with (folder / "tables" / "formulas.csv").open(encoding="utf-8", newline="") as lines:
        heading, *rows = csv.reader(lines)
    assert heading == ["text", "'=HYPERLINK()", "number"]
    numbers = ("+1", "-1")
    expected = [text if text in numbers else f"'{text}" for text in hostile[:8]] + hostile[8:]
    assert [row[0] for row in rows] == expected
    assert [row[1] for row in rows] == expected
    assert {row[2] for row in rows} == {"-1.5"}  # a number stays one
    assert pd.read_parquet(folder / "tables" / "formulas.parquet")["text"].to_list() == hostile


def test_a_named_index_is_a_column(displayed, folder):
    table = pd.DataFrame({"a": [2, 0], "(none)": [1, 3]}, index=pd.Index(["a", "(none)"], name="gold"))
    show(table, "confusion")
    kept = pd.read_parquet(folder / "tables" / "confusion.parquet")
    assert kept.columns.to_list() == ["gold", "a", "(none)"]
    assert "<th>gold</th>" in displayed[0]["text/html"]


def test_a_chart_is_shown_and_kept_as_svg(displayed, folder):
    table = pd.DataFrame({"outlet": ["<script>"], "period": [pd.Timestamp("2024-01-01")], "n_documents": [2]})
    show(charts.documents_over_time(table), "documents")
    (bundle,) = displayed
    title = "What was read: documents per outlet and week"
    assert bundle["metadata"] == {
        "framing_name": "documents", "framing_caption": title, "framing_links": {},
        "framing_words": {
            "title": title, "verdict": "",
            "notes": "2 dated documents. A blank is a week with none. Exact counts, so no intervals.",
        },
    }  # fmt: skip
    kept = (folder / "charts" / "documents.svg").read_text(encoding="utf-8")
    assert title in kept
    assert title not in bundle["image/svg+xml"]  # the page has it as text
    assert "<script" not in kept
    ElementTree.fromstring(kept)
    show(charts.documents_over_time(table), "documents", caption="Mine")
    assert displayed[1]["metadata"]["framing_words"]["title"] == displayed[1]["metadata"]["framing_caption"] == "Mine"
    assert displayed[1]["text/plain"] == "Mine"
    spec = json.loads((folder / "charts" / "documents.vl.json").read_text(encoding="utf-8"))
    assert spec == make_spec(charts.documents_over_time(table))
    assert str(folder.parent) not in json.dumps(spec)


def test_outside_of_a_report_a_chart_answers_the_mouse(displayed):
    shares = share_table(["A", "B"]).assign(n_gold=0)
    show(charts.share_heatmap(shares, FRAMES), "shares")
    words, chart = displayed
    assert "below it its 95% interval" in words["text/html"]
    spec = chart["application/vnd.vegalite.v5+json"]
    assert "v5" in spec["$schema"]
    assert "subtitle" not in spec["title"]
    assert any("tooltip" in part for part in parts(spec))
    assert "A, 短い: 10.0% (5.0% to 20.0%)" in json.dumps(spec, ensure_ascii=False)
    assert vl_convert.vegalite_to_svg(spec, vl_version="5.20").startswith("<svg")


@pytest.mark.parametrize("name", ["", "A", "1a", "a/b", "../a", "a.b", "a b", "a\n", "a" * 62])
def test_a_name_that_could_leave_the_folder_is_refused(displayed, folder, name):
    with pytest.raises(InputError, match="must be lower-case letters, digits and _"):
        show(pd.DataFrame({"a": [1]}), name)
    assert displayed == []
    assert not folder.exists()
