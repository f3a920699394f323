"""`framing corpus export`."""

from __future__ import annotations

import pandas as pd
import pytest
from openpyxl import load_workbook

from tests.cli.outcomes import read, refused


@pytest.fixture
def small(tmp_path):
    """Two rows that are read, one without a text; a column beyond ours."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "rows.csv").write_text(
        "body,paper,day,section\n"
        '"=SUM(A1) is what she wrote. And then it was over.",A,2025-07-01,World\n'
        ",A,2025-07-01,World\n"
        "The bridge was closed.,B,,Local\n",
        encoding="utf-8",
    )
    (folder / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [rows.csv]\nformat: csv\n"
        "columns: {text: body, outlet: paper, published: day}\n"
    )
    return folder


def test_documents_have_all_columns(framing, small, tmp_path):
    ended = framing("corpus", "export", small, "--output", tmp_path / "out.jsonl")
    assert ended.code == 0, ended.err
    assert ended.out == f"{tmp_path / 'out.jsonl'}\n"
    assert "refused: rows.csv, line 3: no text" in ended.err
    assert "3 rows in = 2 kept + 1 refused" in ended.err
    table = read(tmp_path / "out.jsonl")
    assert table["text"].to_list() == ["=SUM(A1) is what she wrote. And then it was over.", "The bridge was closed."]
    assert table["section"].to_list() == ["World", "Local"]
    assert table["outlet"].to_list() == ["A", "B"]
    assert table["line"].to_list() == [2, 4]


def test_passages_have_the_columns_of_their_document(framing, small, tmp_path):
    path = tmp_path / "out.csv"
    ended = framing("corpus", "export", small, "--output", path, "--passages", "--quarantine", tmp_path / "no.tsv")
    assert ended.code == 0, ended.err
    table = read(path)
    assert table["text"].to_list() == ["'=SUM(A1) is what she wrote. And then it was over.", "The bridge was closed."]
    assert table["section"].to_list() == ["World", "Local"]
    assert table["n_words"].to_list() == [10, 4]
    assert {"passage_id", "start", "end", "title", "language", "file", "line"} <= set(table)
    assert not {"story_id", "speaker", "duplicate_of"} & set(table), "nothing has filled them"
    refusals = pd.read_csv(tmp_path / "no.tsv", sep="\t")
    assert refusals[["file", "line", "reason"]].to_numpy().tolist() == [["rows.csv", 3, "no text"]]
    assert f"{tmp_path / 'no.tsv'}: 1 refused rows" in ended.err


def test_a_workbook_holds_dates(framing, small, tmp_path):
    assert framing("corpus", "export", small, "--output", tmp_path / "out.xlsx").code == 0
    header, first, second = load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True)
    assert str(first[header.index("published")]) == "2025-07-01 00:00:00"
    assert second[header.index("published")] is None


def test_a_file_of_the_corpus_is_not_overwritten(framing, small, tmp_path):
    before = (small / "rows.csv").read_bytes()
    refused(
        framing("corpus", "export", small, "--output", small / "rows.csv"), r"rows\.csv is one of the files to read"
    )
    refused(
        framing("corpus", "export", small, "--output", tmp_path / "o.csv", "--quarantine", small / "rows.csv"),
        r"rows\.csv is one of the files to read",
    )
    refused(
        framing("corpus", "export", small, "--output", tmp_path / "o.csv", "--quarantine", tmp_path / "o.csv"),
        r"--output and --quarantine name one file",
    )
    refused(framing("corpus", "export", small, "--output", tmp_path / "o.doc"), r"--output: .*expected a name ending")
    assert (small / "rows.csv").read_bytes() == before
    assert not (tmp_path / "o.csv").exists()
