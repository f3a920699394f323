"""Filled sheets come back: every row kept or refused, labels settled, the gold file made."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from framing.coding.coded import read_sheets
from framing.coding.design import read_design
from framing.coding.filled_sheets import read_sheet
from framing.coding.gold import read_gold
from framing.coding.settle import coder_column, make_gold_table, settle_labels, unsettled_table
from framing.errors import InputError
from framing.files.spreadsheets import write_csv
from framing.settings import Settings
from tests.coding.test_gold import config
from tests.drawn import corpus, fill, rows_of, write_draw, write_rows
from tests.tiny import codebook

MANY, ONE = codebook(multi_label=True), codebook()


@pytest.fixture(params=[True, False], ids=["several", "single"])
def book(request):
    return MANY if request.param else ONE


@pytest.fixture
def design(tmp_path, book):
    write_draw(tmp_path / "draw", book)
    return tmp_path / "draw"


def many(tmp_path, **options):
    write_draw(tmp_path / "draw", MANY, **options)
    return tmp_path / "draw"


def ids(design, book=MANY):
    return read_design(design, book).passages["passage_id"].to_list()


def cells(codings, book=MANY):
    """Codings as text, for comparison: one string a passage."""
    return ["-" if np.isnan(row[0]) else ";".join(np.array(book.frame_ids)[row == 1]) for row in np.atleast_2d(codings)]


# the three ways back


def test_a_csv_sheet_comes_back(design, book, tmp_path):
    sheets = [fill(design, "anna", lambda _: "war", to=tmp_path), fill(design, "ben", lambda _: "Trade", to=tmp_path)]
    coded = read_sheets(sheets, design=design, codebook=book)
    assert coded.coders == ("anna", "ben")
    assert cells(coded.codings[0], book) == ["war"] * 8
    assert cells(coded.codings[1], book) == ["trade"] * 8
    assert coded.refused.empty
    assert coded.missing.empty
    assert coded.files.to_dict("records") == [
        {"file": f"{name}.csv", "n_rows": 8, "n_kept": 8, "n_refused": 0} for name in ("anna", "ben")
    ]
    assert np.isnan(coded.adjudicated).all()


def test_a_workbook_comes_back(design, book, tmp_path):
    path = design / "for_coders" / "ben.xlsx"
    workbook = load_workbook(path)
    sheet = workbook["coding"]
    for number, row in enumerate(range(2, 10)):
        if book.multi_label:
            sheet.cell(row, 5 + number % 4, "x" if number % 2 else "X ")  # war, trade, sport, none
        else:
            sheet.cell(row, 5, book.frame_ids[number % 3])
    workbook.save(tmp_path / "filled.xlsx")
    coded = read_sheets([tmp_path / "filled.xlsx"], design=design, codebook=book)
    assert coded.refused.empty
    order = [row[2] for row in sheet.iter_rows(min_row=2, values_only=True)]
    place = {passage: number for number, passage in enumerate(order)}
    labels = ["war", "trade", "sport", ""] if book.multi_label else ["war", "trade", "sport"]
    expected = [labels[place[passage] % len(labels)] for passage in ids(design, book)]
    assert cells(coded.codings[1], book) == expected
    assert set(coded.missing["coder"]) == {"anna"}


def export(design, coder, code, *, small=False):
    tasks = json.loads((design / "for_coders" / f"{coder}.json").read_text(encoding="utf-8"))
    tasks_done = []
    for number, task in enumerate(tasks):
        choices = code(task["data"]["passage_id"])
        if small:
            one = choices[0] if len(choices) == 1 else {"choices": choices}
            tasks_done.append({"id": number, "annotator": 1, **task["data"], **({"frames": one} if choices else {})})
            continue
        value = {"from_name": "frames", "to_name": "text", "type": "choices", "value": {"choices": choices}}
        note = {"from_name": "notes", "to_name": "text", "type": "textarea", "value": {"text": ["war"]}}
        annotation = {"id": 7, "completed_by": 3, "was_cancelled": False, "result": [value, note] if choices else []}
        tasks_done.append({"id": number, **task, "annotations": [annotation], "predictions": []})
    return tasks_done


@pytest.mark.parametrize("small", [False, True], ids=["JSON", "JSON-MIN"])
def test_a_label_studio_export_comes_back(design, book, tmp_path, small):
    path = tmp_path / "project-1.json"
    path.write_text(json.dumps(export(design, "anna", lambda _: ["sport"], small=small)), encoding="utf-8")
    coded = read_sheets([path], design=design, codebook=book)
    assert coded.refused.empty
    assert cells(coded.codings[0], book) == ["sport"] * 8


def test_several_choices_and_none_come_back_from_label_studio(tmp_path):
    design = many(tmp_path)
    chosen = {passage: (["none"], ["war", "sport"])[k % 2] for k, passage in enumerate(ids(design))}
    for small in (False, True):
        path = tmp_path / "out.json"
        path.write_text(json.dumps(export(design, "ben", chosen.get, small=small)), encoding="utf-8")
        coded = read_sheets([path], design=design, codebook=MANY)
        assert cells(coded.codings[1]) == ["", "war;sport"] * 4


def test_skipped_and_empty_tasks_are_not_coded(tmp_path):
    design = many(tmp_path)
    tasks = export(design, "anna", lambda _: ["war"])
    tasks[0]["annotations"][0]["was_cancelled"] = True
    tasks[1]["annotations"] = []
    tasks[2]["annotations"][0]["result"] = []
    tasks[3]["annotations"][0]["result"] = "?"
    path = tmp_path / "out.json"
    path.write_text(json.dumps([*tasks, "no task", {"data": {"text": "a"}}]), encoding="utf-8")
    coded = read_sheets([path], design=design, codebook=MANY)
    assert coded.files.to_dict("records") == [{"file": "out.json", "n_rows": 10, "n_kept": 4, "n_refused": 6}]
    assert coded.refused["line"].to_list() == [1, 2, 3, 4, 9, 10]
    assert coded.refused["reason"].to_list()[:4] == ["not coded: no frame is given, and not none"] * 4
    assert coded.refused["reason"].to_list()[4:] == ["not a task of framing sample: it has no passage_id"] * 2
    assert len(coded.missing[coded.missing["coder"] == "anna"]) == 4


def test_two_annotations_of_a_task_that_differ_are_refused(tmp_path):
    design = many(tmp_path)
    tasks = export(design, "anna", lambda _: ["war"])
    second = json.loads(json.dumps(tasks[0]["annotations"][0]))
    second["result"][0]["value"]["choices"] = ["trade"]
    tasks[0]["annotations"].append(second)
    path = tmp_path / "out.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    coded = read_sheets([path], design=design, codebook=MANY)
    assert coded.files["n_rows"].to_list() == [9]
    assert coded.refused["line"].to_list() == [1, 1]
    assert coded.refused["reason"].str.startswith("coded twice, differently").all()


def test_the_annotator_is_the_coder_where_the_task_names_none(tmp_path):
    design = many(tmp_path)
    tasks = export(design, "anna", lambda _: ["war"])
    for task in tasks:
        del task["data"]["coder"]
        task["annotations"][0]["completed_by"] = {"id": 4, "email": "ben"}
    path = tmp_path / "out.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    assert cells(read_sheets([path], design=design, codebook=MANY).codings[1]) == ["war"] * 8


# rows that are refused


BAD = [
    ("frames", "chess", r"unknown frame 'chess'; expected war, trade, sport"),
    ("frames", "", r"not coded: no frame is given"),
    ("frames", " ; ", r"not coded: no frame is given"),
    ("passage_id", "p9999", r"unknown passage_id 'p9999': it is not in this draw"),
    ("passage_id", "", r"unknown passage_id ''"),
    ("text", "Something else.", r"the text of .* is not the one drawn; it was changed"),
    ("coder", "eve", r"unknown coder 'eve'; the draw names anna, ben"),
]


@pytest.mark.parametrize(("column", "value", "expected"), BAD)
def test_a_row_that_is_wrong_is_refused_with_file_and_line(design, book, tmp_path, column, value, expected):
    path = fill(design, "anna", lambda _: "war", to=tmp_path)
    rows = rows_of(path)
    rows[2][column] = value
    coded = read_sheets([write_rows(path, rows)], design=design, codebook=book)
    assert coded.files.to_dict("records") == [{"file": "anna.csv", "n_rows": 8, "n_kept": 7, "n_refused": 1}]
    (row,) = coded.refused.itertuples()
    lines = path.read_text(encoding="utf-8").split("\n")
    assert (row.file, row.line) == ("anna.csv", 4 + sum("Two" in line for line in lines[:3]))
    assert pd.Series([row.reason]).str.contains(expected).all()
    assert len(coded.missing[coded.missing["coder"] == "anna"]) == 1


def test_a_codebook_with_one_frame_takes_exactly_one(tmp_path):
    write_draw(tmp_path / "draw", ONE)
    path = fill(tmp_path / "draw", "anna", lambda _: "war", to=tmp_path)
    rows = rows_of(path)
    rows[0]["frames"], rows[1]["frames"], rows[2]["frames"] = "war;sport", "war; WAR", "none"
    coded = read_sheets([write_rows(path, rows)], design=tmp_path / "draw", codebook=ONE)
    assert coded.files["n_kept"].to_list() == [6]
    assert coded.refused["reason"].to_list() == [
        "2 frames; tiny has exactly one a passage", "unknown frame 'none'; expected war, trade, sport",
    ]  # fmt: skip


def test_none_beside_frames_contradicts_itself(tmp_path):
    design = many(tmp_path)
    path = fill(design, "anna", lambda _: "none", to=tmp_path)
    rows = rows_of(path)
    rows[0]["frames"], rows[1]["frames"] = "None", "none;war"
    coded = read_sheets([write_rows(path, rows)], design=design, codebook=MANY)
    assert coded.refused["reason"].to_list() == ["none stands beside frames: war"]
    assert cells(coded.codings[0]).count("") == 7


def test_a_passage_coded_twice_alike_counts_once_and_differently_not_at_all(tmp_path):
    design = many(tmp_path)
    path = fill(design, "anna", lambda _: "war", to=tmp_path)
    rows = rows_of(path)
    again = write_rows(tmp_path / "later.csv", [rows[0], {**rows[1], "frames": "trade"}])
    coded = read_sheets([path, again], design=design, codebook=MANY)
    assert coded.files[["n_rows", "n_kept", "n_refused"]].to_numpy().tolist() == [[8, 7, 1], [2, 0, 2]]
    reasons = coded.refused.set_index(["file", "line"])["reason"]
    assert reasons["later.csv", 2].startswith("coded a second time, alike; the first counts")
    assert reasons["later.csv", 3].startswith("coded twice, differently")
    assert "see anna.csv, line 3" in reasons["later.csv", 3]
    assert "see later.csv, line 3" in reasons.filter(like="anna.csv", axis=0).iloc[0]
    assert cells(coded.codings[0]).count("-") == 1


def test_sheets_of_one_name_in_two_folders_are_counted_apart(tmp_path):
    design = many(tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    rows = rows_of(fill(design, "anna", lambda _: "war", to=tmp_path))
    sheets = [write_rows(tmp_path / "one" / "a.csv", rows[:3]), write_rows(tmp_path / "two" / "a.csv", rows[3:])]
    coded = read_sheets(sheets, design=design, codebook=MANY)
    assert coded.files["n_kept"].to_list() == [3, 5]


def test_the_file_names_the_coder_where_no_column_does(tmp_path):
    design = many(tmp_path)
    rows = [
        {k: v for k, v in row.items() if k != "coder"}
        for row in rows_of(fill(design, "anna", lambda _: "war", to=tmp_path))
    ]
    path = write_rows(tmp_path / "Ben.csv", rows)
    assert cells(read_sheets([path], design=design, codebook=MANY).codings[1]) == ["war"] * 8


def test_spaces_and_line_ends_may_change_on_the_way(tmp_path):
    design = many(tmp_path, size=24)
    path = fill(design, "anna", lambda _: "war", to=tmp_path)
    rows = rows_of(path)
    for row in rows:
        row["text"] = row["text"].replace("\n", "\r\n ").replace("u\u0308", "ü") + " "
    assert read_sheets([write_rows(path, rows)], design=design, codebook=MANY).refused.empty


def test_an_x_is_an_x(tmp_path):
    design = many(tmp_path)
    rows = rows_of(fill(design, "anna", lambda _: "", to=tmp_path))
    ticks = ["x", "X", "1", "true", "yes", "maybe", "0", "false"]
    boxes = [
        {**{k: v for k, v in row.items() if k != "frames"}, "War": tick, "trade": "x", "sport": "", "none": ""}
        for row, tick in zip(rows, ticks, strict=True)
    ]
    coded = read_sheets([write_rows(tmp_path / "anna.csv", boxes)], design=design, codebook=MANY)
    assert coded.refused["reason"].to_list() == ["the column War has 'maybe'; expected x or nothing"]
    assert sorted(cells(coded.codings[0])) == ["-", "trade", "trade", *["war;trade"] * 5]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", "passage_id,text\np1,b\n", r"neither a column frames nor one for each frame; missing: war, tr"),
        ("a.csv", "passage_id,text,war,sport\np1,b,x,\n", r"missing: trade\. It has: passage_id, text, war, sport"),
        ("a.csv", "text,frames\nb,war\n", r"lacks the column\(s\) passage_id"),
        ("a.csv", "passage_id;text;frames\np;b;war\n", r"separated by another character"),
        ("a.json", "{", r"a\.json is not valid JSON"),
        ("a.json", "{}", r"a\.json: expected a list of tasks"),
        ("a.parquet", "", r"expected a filled sheet, \.csv, \.tsv, \.xlsx or a Label Studio export"),
        ("a.doc", "", r"expected a file ending in"),
        ("", "", r"There is no file .*gone\.csv"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_sheet_is_refused_whole(tmp_path, name, content, expected):
    path = tmp_path / (name or "gone.csv")
    if name:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=expected):
        list(read_sheet(path, MANY))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["data", "passage_id", "text", "annotations", "result", "value", "choices", "from_name"]),
        inner | st.just("frames"), max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(tasks=st.lists(JUNK, max_size=4))
def test_no_export_is_lost_or_crashes(tmp_path_factory, tasks):
    path = tmp_path_factory.mktemp("junk") / "a.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    rows = list(read_sheet(path, MANY))
    assert {row.line for row in rows} == set(range(1, len(tasks) + 1))


# settling


def coded_by(tmp_path, coders, codes, book=MANY, **options):
    """Sheets of eight passages: `codes` has labels of each coder, in the order of the draw; `-`: not coded."""
    write_draw(tmp_path / "draw", book, coders=tuple(coders), **options)
    order = ids(tmp_path / "draw", book)
    sheets = []
    for coder, labels in zip(coders, codes, strict=True):
        labels_by_passage = dict(zip(order, labels, strict=True))
        labels_by_passage = {passage: "" if label == "-" else label for passage, label in labels_by_passage.items()}
        sheets.append(fill(tmp_path / "draw", coder, labels_by_passage.__getitem__, to=tmp_path))
    return sheets


def test_more_than_half_of_the_coders_settle_a_frame(tmp_path):
    codes = [
        ["war", "war;trade", "war", "war", "none", "-", "-", "war"],
        ["war", "war", "trade", "war", "none", "war", "-", "-"],
        ["war", "trade", "sport", "-", "war", "trade", "-", "-"],
    ]
    sheets = coded_by(tmp_path, ["a", "b", "c"], codes)
    coded = read_sheets(sheets, design=tmp_path / "draw", codebook=MANY)
    settled = settle_labels(coded)
    assert settled.how.tolist() == [
        "agreed", "majority", "majority", "agreed", "majority", "tie", "not coded", "one coder",
    ]  # fmt: skip
    assert cells(settled.labels.astype(float)) == ["war", "war;trade", "", "war", "", "", "", "war"]
    assert settled.done.tolist() == [True] * 5 + [False, False, True]


def test_one_frame_needs_more_than_half(tmp_path):
    codes = [
        ["war", "war", "war", "war", "war", "war", "war", "war"],
        ["war", "war", "trade", "trade", "-", "war", "war", "war"],
        ["war", "trade", "sport", "-", "-", "war", "war", "war"],
    ]
    coded = read_sheets(coded_by(tmp_path, ["a", "b", "c"], codes, ONE), design=tmp_path / "draw", codebook=ONE)
    settled = settle_labels(coded)
    assert settled.how.tolist()[:5] == ["agreed", "majority", "tie", "tie", "one coder"]
    assert cells(settled.labels.astype(float), ONE)[:5] == ["war", "war", "", "", "war"]
    first = settle_labels(coded, ties="first")
    assert first.how.tolist()[:5] == ["agreed", "majority", "first", "first", "one coder"]
    assert cells(first.labels.astype(float), ONE)[:5] == ["war"] * 5
    with pytest.raises(InputError, match=r"ties: tiny has exactly one frame a passage, so both cannot count"):
        settle_labels(coded, ties="either")
    with pytest.raises(InputError, match=r"ties: expected one of ask, exclude, either, first, got 'coin'"):
        settle_labels(coded, ties="coin")


def test_ties_as_they_were_asked_for(tmp_path):
    codes = [
        ["war", "war", "none", "-", "war;trade", "war", "none", "none"],
        ["war", "trade", "war", "sport", "trade", "war", "none", "none"],
    ]
    coded = read_sheets(coded_by(tmp_path, ["a", "b"], codes), design=tmp_path / "draw", codebook=MANY)
    expected = {
        "ask": (["war", "", "", "sport", ""], ["agreed", "tie", "tie", "one coder", "tie"]),
        "exclude": (["war", "", "", "sport", ""], ["agreed", "tie", "tie", "one coder", "tie"]),
        "either": (
            ["war", "war;trade", "war", "sport", "war;trade"], ["agreed", "either", "either", "one coder", "either"],
        ),
        "first": (["war", "war", "", "sport", "war;trade"], ["agreed", "first", "first", "one coder", "first"]),
    }  # fmt: skip
    for ties, (labels, how) in expected.items():
        settled = settle_labels(coded, ties=ties)
        assert cells(settled.labels.astype(float))[:5] == labels, ties
        assert settled.how.tolist()[:5] == how, ties


def test_the_list_to_adjudicate_goes_round(tmp_path):
    codes = [["war", "war", "-", "war", "war", "war", "war", "war"], ["war", "none", "-", *["war"] * 5]]
    sheets = coded_by(tmp_path, ["anna", "ben"], codes)
    coded = read_sheets(sheets, design=tmp_path / "draw", codebook=MANY)
    unsettled = unsettled_table(coded, settle_labels(coded))
    order = ids(tmp_path / "draw")
    assert unsettled["passage_id"].to_list() == order[1:3]
    assert unsettled[["coder_anna", "coder_ben"]].to_numpy().tolist() == [["war", "none"], ["not coded", "not coded"]]
    assert unsettled["reason"].to_list() == ["tie", "not coded"]
    path = tmp_path / "to_adjudicate.csv"
    write_csv(unsettled.assign(frames=["trade", "none"]), path, mark=True)
    again = read_sheets(sheets, design=tmp_path / "draw", codebook=MANY, adjudicated=path)
    settled = settle_labels(again)
    assert settled.done.all()
    assert settled.how.tolist()[:4] == ["agreed", "adjudicated", "adjudicated", "agreed"]
    assert cells(settled.labels.astype(float))[:4] == ["war", "trade", "", "war"]
    # raw codings stay what they were
    np.testing.assert_array_equal(again.codings, coded.codings)
    assert again.files["file"].to_list() == ["anna.csv", "ben.csv", "to_adjudicate.csv"]


def test_a_settled_label_goes_before_what_coders_agree_on(tmp_path):
    sheets = coded_by(tmp_path, ["anna", "ben"], [["war"] * 8] * 2)
    design = tmp_path / "draw"
    rows = rows_of(sheets[0])
    path = write_rows(tmp_path / "settled.csv", [{**rows[0], "frames": "sport"}, {**rows[1], "frames": ""}])
    coded = read_sheets(sheets, design=design, codebook=MANY, adjudicated=path)
    settled = settle_labels(coded)
    place = ids(design).index(rows[0]["passage_id"].removeprefix("'"))
    assert settled.how[place] == "adjudicated"
    assert cells(settled.labels[place].astype(float)) == ["sport"]
    assert (settled.how == "agreed").sum() == 7
    assert coded.files["n_refused"].to_list() == [0, 0, 1]


# the gold file


def test_the_gold_file_is_what_read_gold_reads(tmp_path):
    codes = [["war;sport", "none", "war", "-", *["trade"] * 4], ["war", "none", "trade", "sport", *["trade"] * 4]]
    sheets = coded_by(tmp_path, ["anna", "ben"], codes)
    coded = read_sheets(sheets, design=tmp_path / "draw", codebook=MANY)
    table = make_gold_table(coded, settle_labels(coded))
    assert table.columns.to_list() == [
        "passage_id", "document_id", "outlet", "published", "text", "frames", "coder_anna", "coder_ben",
        "inclusion_probability", "stratum", "unit",
    ]  # fmt: skip
    assert table["frames"].to_list() == ["", "sport", *["trade"] * 4]  # the first and the third are tied
    assert table["coder_anna"].to_list() == ["", "not coded", *["trade"] * 4]
    path = tmp_path / "gold.csv"
    write_csv(table, path)
    for settings_, rule in (
        (Settings(corpus="small", codebook="tiny", gold=str(path)), {}),
        (Settings(corpus="small", codebook="tiny"), {"file": "gold.csv", "coders": ["coder_anna", "coder_ben"]}),
    ):
        gold = read_gold(settings_, config(**rule), tmp_path, MANY)
        settled_ids = [passage for k, passage in enumerate(ids(tmp_path / "draw")) if k not in (0, 2)]
        assert gold.passages["passage_id"].to_list() == settled_ids
        assert gold.passages["text"].to_list() == corpus().set_index("passage_id").loc[settled_ids, "text"].to_list()
        np.testing.assert_array_equal(gold.labels, settle_labels(coded).labels[settle_labels(coded).done])
        np.testing.assert_array_equal(gold.codings, coded.codings[:, settle_labels(coded).done])
        chances = coded.design.passages.set_index("passage_id").loc[settled_ids, "inclusion_probability"]
        assert gold.probabilities.tolist() == chances.to_list()
        assert gold.strata.tolist() == table["stratum"].to_list()
        assert gold.unit == "passage"


def test_whole_documents_are_marked_as_such(tmp_path):
    design = many(tmp_path, size=4, unit="document", coders=("anna",))
    coded = read_sheets([fill(design, "anna", lambda _: "war", to=tmp_path)], design=design, codebook=MANY)
    table = make_gold_table(coded, settle_labels(coded))
    assert set(table["unit"]) == {"document"}
    assert len(table) == 8
    path = tmp_path / "gold.csv"
    write_csv(table, path)
    gold = read_gold(Settings(corpus="small", codebook="tiny"), config(file="gold.csv"), tmp_path, MANY)
    assert gold.unit == "document"
    first = ~gold.passages["document_id"].duplicated()
    assert (1 / gold.probabilities[first]).sum() == pytest.approx(12)


def test_a_coder_may_bear_the_prefix_already():
    assert coder_column("coder_1") == "coder_1"
    assert coder_column("eve") == "coder_eve"
