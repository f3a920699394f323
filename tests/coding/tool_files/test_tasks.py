"""Tasks of a draw go to each tool, are coded there, and come back as gold."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from framing.coding.coded import read_sheets
from framing.coding.decisions import Span
from framing.coding.filled_sheets import read_sheet
from framing.coding.tool_files.coded_texts import CodedText
from framing.coding.tool_files.writing import ENDINGS, TOOLS, write_tool_file
from framing.errors import InputError
from tests.coding.coded_sheets import MANY, cells, ids, many

TASKS = {
    "label-studio": "anna.json", "doccano": "anna.jsonl", "inception": "anna.inception.zip", "refi-qda": "anna.qdpx",
    "active-tigger": "anna.activetigger.csv",
}  # fmt: skip


@pytest.fixture
def design(tmp_path):
    return many(tmp_path, formats=TOOLS)


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "active-tigger"])
def test_tasks_carry_the_ids_and_texts_of_the_draw(design, tool):
    coded = read_sheets([design / "for_coders" / TASKS[tool]], design=design, codebook=MANY)
    assert coded.files[["n_rows", "n_kept", "n_refused"]].to_numpy().tolist() == [[8, 0, 8]]
    assert set(coded.refused["reason"]) == {"not coded: no frame is given, and not none"}


def test_a_table_for_active_tigger_that_nobody_coded_has_no_frames_to_read(design):
    with pytest.raises(InputError, match=r"anna\.activetigger\.csv lacks the column\(s\) passage_id of a sheet"):
        read_sheet(design / "for_coders" / TASKS["active-tigger"], MANY)


def test_names_of_files_for_coders(design):
    names = {path.name for path in (design / "for_coders").iterdir()}
    assert names == {
        *TASKS.values(), *(name.replace("anna", "ben") for name in TASKS.values()), "doccano_labels.json",
        "labelling_config.xml", "codebook.md", "screen.json",
    }  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_what_was_coded_in_a_tool_becomes_gold(design, tmp_path, tool):
    rows = json.loads((design / "for_coders" / "screen.json").read_text(encoding="utf-8"))["passages"]
    codings = []
    for coder, frames in (("anna", ("war", "trade")), ("ben", ("war",))):
        for row in rows:
            spans = () if tool == "active-tigger" else (Span("war", 1, 7), Span("war", 3, 9))
            codings.append(CodedText(row["passage_id"], row["text"], coder, frames, spans))
    path = tmp_path / f"export{ENDINGS[tool][0]}"
    write_tool_file(path, codings, MANY, tool)
    coded = read_sheets([path], design=design, codebook=MANY)
    assert [cells(coding) for coding in coded.codings] == [["war;trade"] * 8, ["war"] * 8]
    assert coded.refused.empty
    assert coded.refused_spans.empty
    texts = dict(zip(coded.design.passages["passage_id"], coded.design.passages["text"], strict=True))
    assert len(coded.spans) == (0 if tool == "active-tigger" else 2 * 2 * 8)
    assert all(texts[row.passage_id][row.start : row.end] == row.text for row in coded.spans.itertuples())


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool not in ("active-tigger", "label-studio")])
def test_passages_that_lost_their_ids_and_line_ends_are_found_by_their_texts(design, tmp_path, tool):
    passages = read_sheets([], design=design, codebook=MANY).design.passages
    codings = [
        CodedText(f"row {number}", f"{row.text} \r\n".replace("\n", "\r\n"), "anna", ("war",), (Span("war", 0, 7),))
        for number, row in enumerate(passages.itertuples())
    ]
    path = tmp_path / f"export{ENDINGS[tool][0]}"
    if tool == "doccano":  # which has the id as metadata, and not as the name of a document
        codings = [replace(item, passage_id="") for item in codings]
    write_tool_file(path, codings, MANY, tool)
    coded = read_sheets([path], design=design, codebook=MANY)
    assert cells(coded.codings[0]) == ["war"] * 8
    assert sorted(coded.spans["passage_id"]) == sorted(ids(design))
    assert coded.refused.empty


def test_spans_that_are_wrong_are_refused_and_the_labels_kept(design, tmp_path):
    passages = read_sheets([], design=design, codebook=MANY).design.passages
    tasks = []
    for number, row in enumerate(passages.itertuples()):
        end = 7 if number else 700
        words = {"start": 0, "end": end, "text": row.text[:7], "labels": ["war"]}
        results = [
            {"from_name": "frames", "type": "choices", "value": {"choices": ["war"]}},
            {"from_name": "spans", "type": "labels", "value": words},
        ]
        data = {"passage_id": row.passage_id, "text": row.text, "coder": "anna"}
        tasks.append({"data": data, "annotations": [{"result": results}]})
    path = tmp_path / "anna.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    coded = read_sheets([path], design=design, codebook=MANY)
    assert cells(coded.codings[0]) == ["war"] * 8
    assert len(coded.spans) == 7
    (refused,) = coded.refused_spans.itertuples()
    assert (refused.file, refused.line) == ("anna.json", 1)
    assert refused.reason.startswith("marked words: 0 to 700 is no stretch of the text, which has ")
    assert coded.files["n_kept"].to_list() == [8]
    assert (coded.notes["spans"] != "").sum() == 7
