"""A table as HTML: escaped, shares as per cent, differences in points, counts and methods in the caption."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from framing.reports.table_html import render_table
from framing.tables import ESTIMATE, RANKS
from framing.texts import in_language
from tests.reports.table_cells import Cells


def _shares(estimate: float, low: float, high: float, **more: Any) -> pd.DataFrame:
    values = dict(zip(ESTIMATE, (estimate, low, high, 1234, 56, 0, "bootstrap"), strict=True))
    return pd.DataFrame([{**more, **values}])


def test_cells_headings_caption_and_name_are_escaped():
    hostile = "<script>alert(\"1\")</script> & 'x'"
    table = pd.DataFrame({hostile: [hostile], "text": ["<img src=x onerror=alert(1)>"]})
    html = render_table(table, name='n" onclick="x', caption=hostile)
    read = Cells(html)
    assert read.tags == {"table", "caption", "small", "thead", "tr", "th", "tbody", "td"}
    assert read.cells == [f"{hostile} 1 row.", hostile, "text", hostile, "<img src=x onerror=alert(1)>"]
    assert ' onclick="' not in html


def test_a_share_and_its_interval_are_one_cell():
    cells = Cells(render_table(_shares(0.1234, 0.05, 0.2, outlet="A", frame="f"))).cells
    assert "12.3% (5.0% to 20.0%)" in cells
    assert "estimate (interval)" in cells
    assert "1,234" in cells
    assert not {"low", "high", "n_gold", "gold"} & set(cells)
    assert "Intervals: bootstrap." in cells[0]


def test_a_difference_is_in_points_and_a_score_is_no_percentage():
    contrast = _shares(-0.1234, -0.2, 0.05, group_a="A", group_b="B", p_adjusted=0.0004, differs=True)
    cells = Cells(render_table(contrast)).cells
    assert "−12.3 (−20.0 to +5.0)" in cells
    assert {"groups", "difference in points (interval)", "A less B"} <= set(cells)
    assert not {"group a", "group b", "A", "B"} & set(cells)
    assert "< 0.001" in cells
    assert "●" in cells
    assert "0.667 (0.500 to 0.750)" in Cells(render_table(_shares(2 / 3, 0.5, 0.75, measure="f1"))).cells


def test_a_ratio_that_is_missing_is_explained():
    two = pd.concat([_shares(0.1, 0.0, 0.2), _shares(0.2, 0.1, 0.3)]).assign(
        group_a="A",
        group_b="B",
        ratio=[2.0, float("nan")],
        ratio_low=[1.5, float("nan")],
        ratio_high=[3.0, float("nan")],
    )
    cells = Cells(render_table(two)).cells
    assert "No ratio where a share is zero." in cells[0]
    assert "–" in cells
    assert "No ratio" not in Cells(render_table(two.head(1))).cells[0]


def test_a_rank_is_a_place_with_its_own_interval():
    ranks = pd.DataFrame([("f", "A", 3, 2, 5, 0.1234, 6, 90, 30, 0, "m")], columns=list(RANKS))
    heads = ["frame", "group", "rank (interval)", "estimate", "groups", "passages", "documents"]
    values = ["f", "A", "3 (2 to 5)", "12.3%", "6", "90", "30"]
    assert Cells(render_table(ranks)).cells[1:] == [*heads, *values]


def test_a_difference_in_errors_is_in_points_though_it_has_a_measure():
    row = {"measure": "false_positive_rate", "group_a": "A", "group_b": "B"}
    cells = Cells(render_table(_shares(0.0894, -0.1698, 0.3487, **row))).cells
    assert "+8.9 (−17.0 to +34.9)" in cells
    assert "difference in points (interval)" in cells
    assert "false positive rate" in cells
    nothing = float("nan")
    unknown = _shares(-0.5, nothing, nothing, **row).assign(differs=pd.array([pd.NA], dtype="boolean"))
    cells = Cells(render_table(unknown)).cells
    assert "−50.0" in cells
    assert cells[-1] == "–", "nobody knows whether they differ"
    known = Cells(render_table(unknown.assign(differs=pd.array([False], dtype="boolean")))).cells
    assert "differs" not in known, "no row differs, which the caption says"
    assert "No row differs." in known[0]


def test_the_same_number_of_labels_in_each_row_stands_in_the_caption():
    two = pd.concat([_shares(0.1, 0.0, 0.2, frame="a"), _shares(0.2, 0.1, 0.3, frame="b")]).assign(n_gold=288)
    cells = Cells(render_table(two)).cells
    assert "gold" not in cells
    assert cells[0].endswith("Labelled passages behind each row: 288.")
    assert "gold" in Cells(render_table(two.assign(n_gold=[288, 12]))).cells


def test_the_interval_stands_beside_what_it_is_of():
    bins = pd.DataFrame({"bin": [1], "mean_score": [0.0444], "share": [0.05], "low": [0.01], "high": [0.2], "n": [20]})
    cells = Cells(render_table(bins)).cells
    assert cells[1:] == ["bin", "mean score", "share (interval)", "n", "1", "0.044", "5.0% (1.0% to 20.0%)", "20"]
    curve = pd.DataFrame({"coverage": [0.95], "risk": [0.0402], "low": [0.0339], "high": [0.0457], "n": [3831]})
    cells = Cells(render_table(curve)).cells
    assert cells[1:] == ["coverage", "risk (interval)", "n", "95.0%", "4.0% (3.4% to 4.6%)", "3,831"]
    floor = pd.DataFrame({"frame": ["war"], "verdict": ["poor"], "f1": [0.25], "low": [0.125], "high": [0.375]})
    assert Cells(render_table(floor)).cells[1:] == [
        "frame",
        "verdict",
        "F1 (interval)",
        "war",
        "poor",
        "0.25 (0.12 to 0.38)",
    ]
    plain = pd.DataFrame({"frame_a": ["war"], "share": [0.0238]})
    assert Cells(render_table(plain)).cells[1:] == ["frame a", "share", "war", "2.4%"]


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
    cells = Cells(render_table(table)).cells
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
    assert "25.0%" in Cells(render_table(_shares(0.25, nothing, nothing))).cells
    assert "–" in Cells(render_table(_shares(nothing, nothing, nothing, measure="f1"))).cells


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
    cells = Cells(render_table(table)).cells
    assert cells[1:7] == ["published", "score", "kept", "words", "note", "list"]
    assert cells[7:13] == ["29 Feb 2024", "0.123", "yes", "1,234,567", "x" * 900 + " …", "[1, 2]"]
    assert cells[13:] == ["–", "∞", "no", "0", "–", "[3]"]


def test_the_caption_says_how_many_rows_there_are():
    table = pd.DataFrame({"a": range(1500)})
    assert "8 of 1,500 rows shown." in render_table(table, caption="Numbers")
    assert "2 rows." in render_table(table.head(2))
    assert "1 row." in render_table(table.head(1))
    assert Cells(render_table(table.head(0), caption="Numbers")).cells == ["Numbers: none."]
    assert render_table(table, rows=3).count("<tr>") == 4


def test_two_passages_that_face_each_other_stand_under_their_outlets_and_frames():
    table = pd.DataFrame(
        [("s1", "A", "f", "Post <b>", "g", 0.5, "one", "two")],
        columns=["story_id", "outlet", "frame", "other_outlet", "other_frame", "contrast", "text", "other_text"],
    )
    page = render_table(table)
    assert re.findall(r"<th(?: [^>]*)?>([^<]*)<", page) == ["contrast", "text", "other text"]
    assert re.findall(r'<td class="passage" data-head="([^"]*)" dir="auto">([^<]*)</td>', page) == [
        ("text", "A · f\none"),
        ("other text", "Post &lt;b&gt; · g\ntwo"),
    ]


def test_bounds_are_shares():
    errors = pd.DataFrame([("war", 0.05, 0.125)], columns=["frame", "bound_low", "bound_high"])
    page = render_table(errors)
    assert "5.0%" in page
    assert "12.5%" in page
    assert "true share at least" in page


def test_up_to_two_hundred_rows_are_in_the_page_and_the_first_stand_open():
    html = render_table(pd.DataFrame({"a": range(200)}))
    assert html.startswith("<div style=")
    assert html.count("<tr") == 201
    assert html.count('<tr class="more">') == 192
    assert "200 rows." in html
    longer = render_table(pd.DataFrame({"a": range(201)}))
    assert (longer.count("<tr"), longer.count("more")) == (9, 0)
    assert render_table(pd.DataFrame({"a": range(10)})).count('class="more"') == 0, "two rows are not worth a fold"
    texts = render_table(pd.DataFrame({"text": ["x"] * 20}), rows=12)
    assert texts.count('<tr class="more">') == 14


def test_frames_have_their_names_and_link_to_their_passages():
    linkable = {"names": {"arms_supply": "Arms <supply>"}, "frames": ["arms_supply"], "groups": {"A": ["A"]}}
    row = _shares(0.1, 0.0, 0.2, outlet="A", frame="arms_supply")
    html = render_table(row, linkable=linkable)
    assert ">Arms &lt;supply&gt;</a>" in html
    assert "arms_supply" not in Cells(html).cells
    assert "<a " not in render_table(row, linkable={**linkable, "linked": False})
    listed = pd.DataFrame({"gold": ["arms_supply; arms_supply", "(none)", None], "frame": "(macro)"})
    assert Cells(render_table(listed, linkable=linkable)).cells[3:] == [
        "Arms <supply>; Arms <supply>", "(macro)", "(none)", "(macro)", "–", "(macro)",
    ]  # fmt: skip


def test_cells_say_what_they_are_sorted_by():
    table = pd.DataFrame({"a": [-0.125, np.nan], "day": [pd.Timestamp("2024-02-29"), pd.NaT], "name": ["x", "y"]})
    html = render_table(table)
    assert '<td class="number" data-sort="-0.125">−0.125</td><td data-sort="2024-02-29T00:00:00">' in html
    assert '<td class="number">–</td><td>–</td><td>y</td>' in html


def test_only_rows_that_differ_are_marked_and_the_caption_says_of_what():
    table = pd.concat([_shares(0.1, 0.0, 0.2), _shares(0.2, 0.1, 0.3)])
    table = table.assign(frame="f", group=["A", "B"], rest=0.1, share=0.2, p_adjusted=0.5, differs=[True, False])
    cells = Cells(render_table(table.assign(n_gold=[48, 49], equivalent=False))).cells
    assert "● differs: 1 of 2." in cells[0]
    assert "No row is equivalent." in cells[0]
    assert "joint intervals, which hold for all rows together" in cells[0]
    assert cells.count("●") == 1
    assert not {"yes", "no", "equivalent"} & set(cells)
    assert (
        "● differs, in what the classifier marks (its errors not included): 1 of 2."
        in Cells(render_table(table)).cells[0]
    )
    single = Cells(render_table(_shares(0.1, 0.0, 0.2, frame="f"))).cells[0]
    assert "single intervals, each for its row alone" in single


def test_rows_that_no_label_corrects_say_so_for_the_page():
    table = pd.concat([_shares(0.1, 0.0, 0.2, frame="a"), _shares(0.2, 0.1, 0.3, frame='b"')]).assign(n_gold=[0, 48])
    html = render_table(table)
    assert '<tr data-frame="a" class="raw">' in html
    assert '<tr data-frame="b&quot;">' in html


def test_a_column_that_no_row_has_is_left_out():
    table = _shares(0.1, 0.0, 0.2, frame="f", group="A", rest=0.1, share=0.2, p_adjusted=0.5, differs=True)
    unknown = table.assign(detectable=np.nan, q_value=np.nan, equivalent=pd.array([pd.NA], dtype="boolean"))
    assert not {"could be seen from", "q", "equivalent"} & set(Cells(render_table(unknown)).cells)
    assert "15.0 points" in Cells(render_table(table.assign(detectable=0.15))).cells


def test_a_test_of_a_frame_has_the_spread_of_its_groups_in_points():
    test = _shares(0.2034, np.nan, np.nan, frame="f", f_value=3.25, df_between=5, df_within=40.0, p_adjusted=0.04)
    cells = Cells(render_table(test.assign(n_groups=6, differs=True))).cells
    assert "largest less smallest, points" in cells
    assert "20.3" in cells
    assert not {"passages", "documents", "groups"} & set(cells), "in the caption"


def test_the_group_of_all_is_left_out_and_a_table_of_changes_may_have_none():
    row = {"frame": "f", "change": pd.Timestamp("2025-07-14"), "estimate": 0.1, "low": 0.0, "high": 0.2}
    assert Cells(render_table(pd.DataFrame([{"group": "all", **row}]))).cells[1:3] == ["frame", "change"]
    assert Cells(render_table(pd.DataFrame([{"group": "A", **row}]))).cells[1] == "group"
    assert Cells(render_table(pd.DataFrame([{"seed": "text", **row}]))).cells[1:3] == ["seed", "frame"]


def test_unknown_counts_of_tests_are_no_error():
    table = _shares(0.1, 0.0, 0.2, frame="f", p_adjusted=0.5, differs=False)
    unknown = table.assign(n_gold=pd.array([pd.NA], dtype="Int64"), n_passages=np.nan)
    html = render_table(unknown)
    assert "Behind each row: 56 documents." in html
    assert 'class="raw"' not in html


def test_a_list_and_its_number_have_headings_of_their_own_in_each_language():
    table = pd.DataFrame({"outlets": ["A, B"], "n_outlets": [2], "n_speakers": [1]})
    assert Cells(render_table(table)).cells[1:4] == ["outlets", "outlets (number)", "speakers"]
    with in_language("de"):
        assert Cells(render_table(table)).cells[1:4] == ["Medien", "Medien (Anzahl)", "Sprecher"]


def test_words_of_ours_in_tables_of_texts_are_told_and_those_of_others_are_not():
    table = pd.DataFrame(
        {"outlet": ["(overlap)", "translation"], "relation": ["translation", "copy"], "n_originals": [1, 2]}
    )
    table["translation"] = ["copy", ""]
    with in_language("de"):
        cells = Cells(render_table(table)).cells
    assert cells[1:5] == ["Medium", "Beziehung", "Originale", "Übersetzung"]
    assert cells[5:] == ["(gemeinsame Tage)", "Übersetzung", "1", "copy", "translation", "Kopie", "2", ""]


def test_a_bound_without_end_is_a_sign():
    row = {"ratio": 0.5, "ratio_low": 0.0, "ratio_high": np.inf}
    with in_language("de"):
        assert "0,50 (0,00 bis ∞)" in Cells(render_table(pd.DataFrame([row]))).cells
