"""`framing labels convert`, and the marked words of `framing gold`."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from framing.coding.gold_spans import read_spans
from tests.cli.outcomes import refused
from tests.drawn import rows_of, write_rows
from tests.tiny import codebook_file


@pytest.fixture
def tiny(tmp_path):
    return codebook_file(tmp_path, multi_label=True)


@pytest.fixture
def tasks(design):
    """Tasks of both coders, coded: anna gives war and marks a word, ben gives war and trade and marks one wrongly."""
    listed = []
    for coder, frames in (("anna", ["war"]), ("ben", ["war", "trade"])):
        for task in json.loads((design / "for_coders" / f"{coder}.json").read_text(encoding="utf-8")):
            text = task["data"]["text"]
            words = {"start": 0, "end": 4, "text": text[:4] if coder == "anna" else "Nope", "labels": ["war"]}
            results = [
                {"from_name": "frames", "type": "choices", "value": {"choices": frames}},
                {"from_name": "spans", "type": "labels", "value": words},
            ]
            listed.append({**task, "annotations": [{"result": results}]})
    return listed


@pytest.fixture
def gold(framing, design, tiny, tmp_path, tasks):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    output = tmp_path / "gold.csv"
    ended = framing("gold", path, "--design", design, "--codebook", tiny, "--output", output, "--ties", "either")
    assert ended.code == 0, ended.err
    return output, ended


def test_gold_writes_marked_words_beside_it(gold):
    output, ended = gold
    n = len(pd.read_csv(output))
    assert f"marked words: {2 * n} spans in = {n} kept + {n} refused\n" in ended.err
    assert "refused: export.json, line 13: marked words: 'Nope' is not at 0 to 4, where " in ended.err
    spans = read_spans(output.with_name("gold_spans.csv"))
    assert list(spans.columns) == ["passage_id", "coder", "frame", "start", "end", "text"]
    assert (set(spans["coder"]), set(spans["frame"]), len(spans)) == ({"anna"}, {"war"}, n)
    assert (spans["text"].str.len() == 4).all()
    assert len(pd.read_csv(output.with_suffix(".refused.csv"))) == n


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("labelstudio", "a.json"),
        ("doccano", "a.jsonl"),
        ("inception", "a.zip"),
        ("refi-qda", "a.qdpx"),
        ("csv", "a.csv"),
    ],
)
def test_gold_goes_to_a_tool_and_comes_back(framing, gold, design, tiny, tmp_path, to, name):
    output, _ = gold
    packed = tmp_path / "out" / name
    packed.parent.mkdir()
    ended = framing("labels", "convert", output, packed, "--to", to, "--codebook", tiny, "--labels", "coders")
    assert ended.code == 0, ended.err
    n = len(pd.read_csv(output))
    assert ended.out == f"{packed}\n"
    assert (
        f"gold.csv: {2 * n} rows in = {2 * n} kept + 0 refused\ncoders: anna, ben; marked words: {n} kept" in ended.err
    )
    again = tmp_path / "out" / "gold.csv"
    ended = framing("gold", packed, "--design", design, "--codebook", tiny, "--output", again, "--ties", "either")
    assert ended.code == 0, ended.err
    pd.testing.assert_frame_equal(pd.read_csv(again), pd.read_csv(output))
    before, after = (read_spans(path.with_name("gold_spans.csv")) for path in (output, again))
    pd.testing.assert_frame_equal(after, before)


def test_who_settles_sees_the_words_that_each_coder_marked(framing, design, tiny, tmp_path, tasks):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    framing("gold", path, "--design", design, "--codebook", tiny, "--output", tmp_path / "gold.csv")
    rows = rows_of(tmp_path / "to_adjudicate.csv")
    assert len(rows) == 12
    assert all(row["marked_anna"] == f"war: {row['text'][:4]}" and row["marked_ben"] == "" for row in rows)
    for row in rows:
        row["frames"] = "war"
    write_rows(tmp_path / "filled.csv", rows)
    arguments = ["--adjudicated", tmp_path / "filled.csv", "--output", tmp_path / "gold.csv"]
    ended = framing("gold", path, "--design", design, "--codebook", tiny, *arguments)
    assert "12 passages drawn = 12 settled + 0 open: adjudicated 12" in ended.err


def test_settled_labels_go_by_default_with_the_words_that_mark_them(framing, gold, tiny, tmp_path):
    output, _ = gold
    packed = tmp_path / "out.jsonl"
    ended = framing("labels", "convert", output, packed, "--to", "doccano", "--codebook", tiny)
    assert ended.code == 0, ended.err
    records = [json.loads(line) for line in packed.read_text(encoding="utf-8").splitlines()]
    assert {(record["coder"], tuple(record["cats"]), str(record["entities"])) for record in records} == {
        ("gold", ("war", "trade"), "[[0, 4, 'war']]")
    }


def test_active_tigger_has_no_marked_words_and_the_command_says_so(framing, gold, tiny, tmp_path):
    output, _ = gold
    packed = tmp_path / "out.csv"
    ended = framing(
        "labels", "convert", output, packed, "--to", "active-tigger", "--codebook", tiny, "--labels", "coders"
    )
    assert ended.code == 0, ended.err
    assert f"WARNING: ActiveTigger has no marked words; 12 spans are not in {packed}" in ended.err
    assert {(row["anna"], row["ben"]) for row in rows_of(packed)} == {("war", "war|trade")}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["out.json", "--to", "nvivo"], r"--to: expected one of csv, label-studio, .*, got nvivo"),
        (["out.txt", "--to", "doccano"], r"out\.txt: files of doccano end in \.jsonl or \.zip; name it so"),
        (["away/out.json", "--to", "label-studio"], r"there is no folder away"),
        (["gold.csv", "--to", "csv"], r"gold\.csv is one of the files to read, which it would replace"),
        (["gold_spans.csv", "--to", "csv"], r"gold_spans\.csv is one of the files to read"),
        (["out.json", "--to", "label-studio", "--labels", "mine"], r"--labels: expected one of coders, gold, got mine"),
    ],
)
def test_arguments_that_are_wrong(framing, gold, tiny, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    refused(framing("labels", "convert", "gold.csv", *arguments, "--codebook", tiny), expected)
