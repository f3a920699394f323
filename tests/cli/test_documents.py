"""Whole documents as units: `framing classify` and `framing evaluate` with `unit: document`, and its windows."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.corpus import split_passages, whole_passages
from tests.cli.outcomes import read, refused, strict_json, write
from tests.drawn import write_rows
from tests.tiny import SPORT, TRADE, WAR, codebook

pytestmark = pytest.mark.usefixtures("by_words")

PARTS = [" ".join(seeds * 4) for seeds in (WAR, TRADE, SPORT)]  # 92, 96 and 76 words
ARTICLE = "\n".join(PARTS)
TEXTS = [ARTICLE, WAR[0], "\n".join([PARTS[2], PARTS[2]])]


@pytest.fixture
def whole(tmp_path) -> Path:
    """A codebook of documents, each with several frames."""
    path = tmp_path / "whole.yaml"
    path.write_text(json.dumps(codebook(multi_label=True, unit="document").model_dump(mode="json")), encoding="utf-8")
    return path


@pytest.fixture
def papers(tmp_path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    write_rows(folder / "a.csv", [{"id": f"d{n}", "text": text, "paper": "A"} for n, text in enumerate(TEXTS)])
    (folder / "corpus.yaml").write_text(
        "corpus: papers\ntitle: Papers\nformat: csv\nfiles: ['*.csv']\n"
        "columns: {document_id: id, text: text, outlet: paper}\n"
    )
    return folder


def test_a_corpus_has_a_row_a_document_and_frame(framing, tmp_path, whole, papers):
    output = tmp_path / "out.parquet"
    ended = framing("classify", papers, "--codebook", whole, "--output", output)
    assert ended.code == 0, ended.err
    assert "3 documents classified, 0 rows refused" in ended.err
    table = read(output)
    assert table["document_id"].to_list() == [f"d{n}" for n in range(3) for _ in range(3)]
    assert table["text"].to_list() == [text for text in TEXTS for _ in range(3)]
    assert set(table["position"]) == {0}


def test_the_option_wins_over_the_codebook(framing, tmp_path, tiny, whole, papers):
    output = tmp_path / "out.csv"
    cases = ((tiny, ["document"], "3 documents"), (whole, ["passage", "--words", "100"], "6 passages"))
    for book, unit, what in cases:
        ended = framing("classify", papers, "--codebook", book, "--output", output, "--unit", *unit)
        assert ended.code == 0, ended.err
        assert f"{what} classified" in ended.err


def test_a_row_of_a_file_is_a_document_and_none_is_there_twice(framing, tmp_path, whole):
    table = pd.DataFrame({"document_id": ["a", "b", "a"], "passage_id": ["x", "y", "z"], "text": TEXTS})
    source, output = write(tmp_path / "rows.csv", table), tmp_path / "out.csv"
    ended = framing("classify", source, "--codebook", whole, "--output", output)
    assert ended.code == 0, ended.err
    assert "refused: rows.csv, line 6: the document_id 'a' occurs a second time" in ended.err
    assert "2 documents classified, 1 rows refused" in ended.err
    found = read(output).drop_duplicates("document_id")
    assert found["file_passage_id"].to_list() == ["x", "y"]
    assert found["passage_id"].to_list() == whole_passages(table.head(2))["passage_id"].to_list()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--split"], "--split: the unit is the document as a whole, so nothing is split; leave it out"),
        (["--words", "50"], "--words: the unit is the document as a whole"),
        (["--unit", "passage", "--windows", "windows.csv"], r"--windows .* the unit is passages; add --unit document"),
        (["--unit", "article"], r"--unit article: choose passage or document\."),
        (["--windows", "windows.xlsx"], r"--windows: .*windows\.xlsx: expected a name ending in"),
        (["--windows", "out.csv"], r"--output and --windows name one file"),
    ],
)
def test_options_that_do_not_go_with_the_unit_are_refused(
    framing, tmp_path, whole, papers, monkeypatch, options, message
):
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    refused(framing("classify", papers, "--codebook", whole, "--output", "out.csv", *options), message)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_windows_show_where_the_frames_of_a_document_are(framing, tmp_path, tiny, papers, ending, monkeypatch):
    monkeypatch.setattr("framing.corpus.streams.PART_DOCUMENTS", 1)
    output, windows = tmp_path / f"out{ending}", tmp_path / f"windows{ending}"
    command = ["classify", papers, "--codebook", tiny, "--unit", "document", "--output", output]
    ended = framing(*command, "--windows", windows)
    assert ended.code == 0, ended.err
    assert f"{windows}: up to three windows for each frame of a document" in ended.err
    table, decided = read(windows), read(output)
    assert list(table.columns) == ["document_id", "start", "end", "text", "frame", "score"]
    present = decided[decided["decision"] == "present"]  # one frame a document
    assert table[["document_id", "frame"]].drop_duplicates().to_numpy().tolist() == (
        present[["document_id", "frame"]].to_numpy().tolist()
    )
    texts = dict(zip([f"d{n}" for n in range(3)], TEXTS, strict=True))
    for row in table.itertuples():
        assert texts[row.document_id][row.start : row.end] == row.text
    assert table.groupby("document_id").size().to_dict() == {"d0": 3, "d1": 1, "d2": 2}
    assert table.groupby("document_id")["score"].agg(lambda scores: scores.is_monotonic_decreasing).all()
    best = table[table["document_id"] == "d0"].iloc[0]
    assert best["text"] == PARTS[["war", "trade", "sport"].index(best["frame"])]
    assert not (tmp_path / f"out{ending}.parts").exists()


def test_without_a_frame_the_file_of_windows_has_its_columns_alone(framing, tmp_path, whole, papers):
    source = write(tmp_path / "rows.csv", pd.DataFrame({"text": ["Rain fell."]}))
    for ending in (".csv", ".parquet"):
        output, windows = tmp_path / f"out{ending}", tmp_path / f"windows{ending}"
        ended = framing("classify", source, "--codebook", whole, "--output", output, "--windows", windows)
        assert ended.code == 0, ended.err
        assert "present" not in set(read(output)["decision"]), "else this tests nothing"
        assert list(read(windows).columns) == ["document_id", "start", "end", "text", "frame", "score"]
        assert read(windows).empty


def test_labels_are_of_documents(framing, tmp_path, tiny, papers):
    labels = write(
        tmp_path / "labels.csv",
        pd.DataFrame({"document_id": ["a", "b", "b"], "text": TEXTS, "frames": ["war", "war", "sport"]}),
    )
    command = ["classify", papers, "--codebook", tiny, "--output", tmp_path / "out.csv", "--labels", labels]
    assert framing(*command).code == 0
    message = r"labels\.csv: the document 'b' has 2 rows, but the unit is the document as a whole: labels need one row"
    refused(framing(*command, "--unit", "document"), message)
    evaluate = ["evaluate", labels, "--codebook", tiny, "--label-column", "frames"]
    refused(framing(*evaluate, "--unit", "document"), message)


def test_evaluate_counts_documents(framing, tmp_path, whole):
    gold = write(tmp_path / "gold.csv", pd.DataFrame({"text": TEXTS, "gold": ["war; trade", "war", "sport"]}))
    ended = framing("evaluate", gold, "--codebook", whole, "--label-column", "gold")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("3 labelled documents, 0 rows refused; zero-shot from the seeds: exploratory;")
    ended = framing("evaluate", gold, "--codebook", whole, "--label-column", "gold", "--json")
    assert strict_json(ended.out)["unit"] == "document"


def test_a_classifier_of_documents_is_not_used_for_passages(framing, tmp_path, tiny, papers):
    folder, output = tmp_path / "kept", tmp_path / "out.csv"
    command = ["classify", papers, "--codebook", tiny, "--output", output]
    assert framing(*command, "--unit", "document", "--save", folder).code == 0
    refused(framing(*command, "--classifier", folder), "fitted with another codebook .* of the same unit")


def test_the_id_of_a_document_is_not_that_of_its_first_passage():
    documents = pd.DataFrame({"document_id": ["a"], "text": [WAR[0]], "language": ["en"]})
    ids = [make(documents)["passage_id"].iloc[0] for make in (split_passages, whole_passages)]
    assert len(set(ids)) == 2
