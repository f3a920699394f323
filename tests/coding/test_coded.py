"""Filled sheets come back: every row is counted or refused with its reason."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from framing.coding.coded import read_sheets
from framing.files.identity import file_sha256
from tests.coding.coded_sheets import MANY, ONE, cells, ids, many
from tests.drawn import fill, rows_of, write_draw, write_rows


@pytest.fixture(params=[True, False], ids=["several", "single"])
def book(request):
    return MANY if request.param else ONE


@pytest.fixture
def design(tmp_path, book):
    write_draw(tmp_path / "draw", book)
    return tmp_path / "draw"


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
    assert coded.refused["reason"].to_list()[4:] == [
        "not a task of framing sample: it has no passage_id",
        "unknown coder 'out'; the draw names anna, ben",
    ]
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


BAD = [
    ("frames", "chess", r"unknown frame 'chess'; expected war, trade, sport"),
    ("frames", "", r"not coded: no frame is given"),
    ("frames", " ; ", r"not coded: no frame is given"),
    ("passage_id", "p9999", r"unknown passage_id 'p9999': it is not in this draw"),
    (
        "text",
        "Something else.",
        r"from character 1 on 'Passage .*' was drawn and 'Something else\.' came back",
    ),
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


def test_a_passage_that_lost_its_id_is_found_by_its_text(tmp_path):
    design = many(tmp_path)
    path = fill(design, "anna", lambda _: "war", to=tmp_path)
    rows = rows_of(path)
    rows[2]["passage_id"] = rows[3]["passage_id"] = ""
    rows[3]["text"] = "Something else."
    coded = read_sheets([write_rows(path, rows)], design=design, codebook=MANY)
    assert coded.files["n_kept"].to_list() == [7]
    assert coded.refused["reason"].to_list() == ["no passage_id, and the text is not that of one drawn passage alone"]


def test_of_two_passages_with_one_text_none_is_guessed(tmp_path):
    design = many(tmp_path)
    drawn = design / "drawn.csv"
    rows = rows_of(drawn)
    rows[1]["text"] = rows[0]["text"]
    write_rows(drawn, rows)
    facts = json.loads((design / "design.json").read_text(encoding="utf-8"))
    facts["drawn_sha256"] = file_sha256(drawn)
    (design / "design.json").write_text(json.dumps(facts), encoding="utf-8")
    row = {"coder": "anna", "passage_id": "", "text": rows[0]["text"], "frames": "war"}
    coded = read_sheets([write_rows(tmp_path / "anna.csv", [row])], design=design, codebook=MANY)
    assert coded.refused["reason"].to_list() == ["no passage_id, and the text is not that of one drawn passage alone"]


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
