"""Exports of doccano: its kinds of projects, versions, and a file for each user."""

from __future__ import annotations

import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.coding.tool_files.doccano import make_doccano_labels, read_doccano
from framing.coding.tool_files.recognise import find_tool
from tests.coding.coded_sheets import MANY, ONE


def lines(*records):
    return "".join(f"{json.dumps(record)}\n" for record in records)


def read(tmp_path, *records, name="anna.jsonl", texts=None):
    path = tmp_path / name
    path.write_text(lines(*records), encoding="utf-8")
    assert find_tool(path) == "doccano"
    return list(read_doccano(path, texts=texts).rows)


def spans(row):
    return [(item["frame"], item["start"], item["end"]) for item in json.loads(row.spans or "[]")]


@pytest.mark.parametrize(
    ("record", "labels", "marked"),
    [
        ({"label": ["war", "trade"]}, ("war", "trade"), []),
        ({"label": "war"}, ("war",), []),
        ({"labels": [[0, 5, "war"], [12, 16, "trade"]]}, ("war", "trade"), [("war", 0, 5), ("trade", 12, 16)]),
        ({"label": [[0, 5, "war"]], "Comments": ["So."]}, ("war",), [("war", 0, 5)]),
        ({"cats": ["war"], "entities": [[0, 5, "war"]]}, ("war",), [("war", 0, 5)]),
        (
            {"entities": [{"id": 1, "label": "war", "start_offset": 0, "end_offset": 5}], "relations": []},
            ("war",),
            [("war", 0, 5)],
        ),
        ({"label": [[0, 5, "none"]]}, ("none",), []),
        ({"label": []}, (), []),
    ],
)
def test_every_kind_of_project_is_read(tmp_path, record, labels, marked):
    (row,) = read(tmp_path, {"id": 1, "text": "Tanks came. Wine rose.", **record})
    assert (row.labels, spans(row)) == (labels, marked)
    assert (row.coder, row.passage_id) == ("anna", "")


def test_the_number_of_doccano_is_no_id_of_a_passage_unless_it_is(tmp_path):
    records = [{"id": 7, "text": "a", "label": []}, {"id": 8, "text": "b", "label": [], "passage_id": "p1"}]
    assert [row.passage_id for row in read(tmp_path, *records)] == ["", "p1"]
    assert [row.passage_id for row in read(tmp_path, *records, texts={"7": "a"})] == ["7", "p1"]


def test_a_project_without_sharing_has_a_file_for_each_user(tmp_path):
    path = tmp_path / "export.zip"
    task = {"id": 1, "text": "Tanks.", "passage_id": "p1", "label": ["war"]}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("anna.jsonl", lines(task))
        archive.writestr("ben@example.org.jsonl", lines({**task, "coder": "anna", "label": ["sport"]}))
        archive.writestr("unknown.jsonl", lines({**task, "coder": "anna", "label": []}))
    assert find_tool(path) == "doccano"
    rows = [(row.file, row.coder, row.annotator, row.labels) for row in read_doccano(path).rows]
    assert rows == [
        ("export.zip/anna.jsonl", "anna", "", ("war",)),
        ("export.zip/ben@example.org.jsonl", "anna", "ben@example.org", ("sport",)),
        ("export.zip/unknown.jsonl", "anna", "", ()),
    ]


def test_labels_that_are_numbers_are_refused_with_the_line(tmp_path):
    numbered = {"id": 1, "text": "Tanks.", "annotations": [{"label": 2, "user": 1}]}
    first, second = read(tmp_path, {"text": "Tanks.", "label": ["war"]}, numbered)
    assert first.labels == ("war",)
    assert (second.file, second.line) == ("anna.jsonl", 2)
    assert second.reason == "the label 2 is a number of doccano and not its text; export with the text of labels"


def test_a_broken_line_is_refused_and_the_others_kept(tmp_path):
    path = tmp_path / "anna.jsonl"
    path.write_text(
        lines({"text": "a", "label": ["war"]}) + '{"text": \n\n[1]\n' + lines({"label": []}), encoding="utf-8"
    )
    rows = read_doccano(path).rows
    assert [row.line for row in rows] == [1, 2, 4, 5]
    assert [getattr(row, "reason", "")[:14] for row in rows] == [
        "",
        "not valid JSON",
        "expected an ob",
        "expected an ob",
    ]


RECORDS = st.dictionaries(
    st.sampled_from(["text", "label", "cats", "entities", "passage_id", "coder", "Comments"]),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=3), max_leaves=8
    ),
)


@given(records=st.lists(RECORDS, max_size=5))
def test_no_line_is_lost(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("junk") / "a.jsonl"
    path.write_text(lines(*records), encoding="utf-8")
    assert [row.line for row in read_doccano(path).rows] == list(range(1, len(records) + 1))


def test_labels_for_import_have_a_key_each_and_none_only_where_it_can_be():
    assert [(label["text"], label["suffix_key"]) for label in make_doccano_labels(MANY)] == [
        ("war", "1"), ("trade", "2"), ("sport", "3"), ("none", "4"),
    ]  # fmt: skip
    assert [label["text"] for label in make_doccano_labels(ONE)] == ["war", "trade", "sport"]


def test_another_encoding_is_refused_with_the_line(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "a"}\n{"text": "\xe9"}\n')
    with pytest.raises(ValueError, match=r"a\.jsonl, line 2: not UTF-8"):
        read_doccano(path)
