"""Exports of Label Studio as versions and users leave them."""

from __future__ import annotations

import json

import pytest

from framing.coding.filled_sheets import read_sheet
from framing.coding.tool_files.coded_texts import Marked
from framing.coding.tool_files.label_studio import list_marked
from framing.errors import InputError
from tests.coding.coded_sheets import MANY

TEXT = "💩 Tanks crossed.\nWine rose."


def choose(*labels, field="frames"):
    return {"from_name": field, "to_name": "text", "type": "choices", "value": {"choices": list(labels)}}


def mark(start, end, words, *labels, field="spans", key="labels"):
    value = {"start": start, "end": end, "text": words, key: list(labels)}
    return {"from_name": field, "to_name": "text", "type": key, "value": value}


def read(tmp_path, *tasks):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return read_sheet(path, MANY)


def task(*annotations, **data):
    return {"data": {"passage_id": "p1", "text": TEXT, "coder": "anna", **data}, "annotations": list(annotations)}


def spans(row):
    return [(item["frame"], item["start"], item["end"]) for item in json.loads(row.spans or "[]")]


def test_drafts_predictions_and_skipped_annotations_are_not_read(tmp_path):
    exported = task({"result": [choose("war")]}, {"result": [choose("sport")], "was_cancelled": True})
    exported |= {"drafts": [{"result": [choose("trade")]}], "predictions": [{"result": [choose("trade")]}]}
    sheet = read(tmp_path, exported)
    assert [row.labels for row in sheet.rows] == [("war",)]
    assert sheet.remarks == ["export.json: predictions in 1 task(s) are not read"]


def test_each_annotation_is_a_row_with_its_annotator_and_remark(tmp_path):
    remark = {"from_name": "notes", "type": "textarea", "value": {"text": ["Why?", " "]}}
    first = {"completed_by": {"id": 4, "email": "anna@example.org"}, "result": [choose("war"), remark]}
    rows = read(tmp_path, task(first, {"completed_by": 7, "result": [choose("none")]})).rows
    assert [(row.annotator, row.labels, row.notes) for row in rows] == [
        ("anna@example.org", ("war",), "Why?"),
        ("7", ("none",), ""),
    ]


def test_fields_of_any_name_are_told_by_the_frames_in_them(tmp_path):
    sheet = read(tmp_path, task({"result": [choose("War", field="topic"), choose("sure", field="certainty")]}))
    assert [row.labels for row in sheet.rows] == [("War",)]
    assert sheet.remarks == ["export.json: frames are read from the field topic"]


def test_several_fields_with_frames_are_no_guess(tmp_path):
    both = {"result": [choose("war", field="first"), choose("sport", field="second")]}
    with pytest.raises(
        InputError, match=r"export\.json: the fields first, second all have frames of tiny\. Call the one"
    ):
        read(tmp_path, task(both))


def test_our_fields_win_over_others_with_frames(tmp_path):
    both = {"result": [choose("war"), choose("sport", field="second")]}
    assert [row.labels for row in read(tmp_path, task(both)).rows] == [("war",)]


def test_labels_of_marked_words_count_where_nothing_was_chosen(tmp_path):
    (row,) = read(tmp_path, task({"result": [mark(2, 7, "Tanks", "war"), mark(17, 21, "Wine", "trade")]})).rows
    assert row.labels == ("war", "trade")
    assert spans(row) == [("war", 2, 7), ("trade", 17, 21)]


@pytest.mark.parametrize("key", ["labels", "hypertextlabels"])
def test_words_of_other_kinds_of_labels_are_read(tmp_path, key):
    (row,) = read(tmp_path, task({"result": [choose("war"), mark(2, 7, "Tanks", "war", key=key)]})).rows
    assert spans(row) == [("war", 2, 7)]


def test_places_of_texts_with_markup_and_places_as_text():
    item = {"start": "/div[1]/text()[1]", "globalOffsets": {"start": 2, "end": 7}, "hypertextlabels": ["war"]}
    assert list_marked([item]) == [Marked("war", 2, 7)]
    assert list_marked([{"start": "2", "end": "7", "labels": ["war"]}]) == [Marked("war", 2, 7)]
    assert list_marked("no JSON") == list_marked(None) == list_marked([{"labels": []}]) == []


def test_json_min_has_labels_and_spans_beside_the_data(tmp_path):
    flat = {
        "annotation_id": 1, "annotator": 3, "coder": "anna", "passage_id": "p1", "text": TEXT, "lead_time": 4.2,
        "frames": {"choices": ["war", "trade"]}, "notes": "So.",
        "spans": [{"start": 2, "end": 7, "text": "Tanks", "labels": ["war"]}],
    }  # fmt: skip
    (row,) = read(
        tmp_path,
        flat,
    ).rows
    assert (row.labels, row.notes, spans(row)) == (("war", "trade"), "So.", [("war", 2, 7)])


def test_csv_has_spans_as_json(tmp_path):
    path = tmp_path / "export.csv"
    cell = '"[{""start"": 0, ""end"": 5, ""text"": ""Tanks"", ""labels"": [""war""]}]"'
    path.write_text(f"passage_id,text,frames,spans,annotator\np1,Tanks.,war,{cell},anna\n", encoding="utf-8")
    (row,) = read_sheet(path, MANY).rows
    assert json.loads(row.spans) == [{"start": 0, "end": 5, "text": "Tanks", "labels": ["war"]}]
