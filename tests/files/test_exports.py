"""Tables for other programs hold what was there, and nothing in them runs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from framing.errors import InputError
from framing.files.escaping import restored
from framing.files.exports import check_export, write_export

TABLE = pd.DataFrame(
    {
        "document_id": ["a", "b"],
        "published": [pd.Timestamp("2025-07-04 12:30"), pd.NaT],
        "=head": ["=1+1", 'say "no",\nthen\tgo'],
        "n_words": [3, 4],
        "score": [0.5, float("nan")],
    }
)


def read_back(path: Path) -> list[list[object]]:
    if path.suffix == ".xlsx":
        return [list(row) for row in load_workbook(path).active.iter_rows(values_only=True)]
    separator = "," if path.suffix == ".csv" else "\t"
    table = pd.read_csv(path, sep=separator, keep_default_na=False)
    return [list(table.columns), *table.to_numpy().tolist()]


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx"])
def test_a_spreadsheet_runs_nothing(tmp_path, ending):
    path = tmp_path / f"table.{ending}"
    write_export(TABLE, path)
    header, first, second = read_back(path)
    assert header == ["document_id", "published", "'=head", "n_words", "score"]
    assert first[2] == "'=1+1"
    assert second[2] == 'say "no",\nthen\tgo'
    assert str(first[1]) == "2025-07-04 12:30:00"
    assert second[1] in ("", None)
    assert (first[3], second[3]) == (3, 4)


def test_a_formula_in_a_workbook_is_a_string(tmp_path):
    write_export(TABLE, tmp_path / "table.xlsx")
    cell = load_workbook(tmp_path / "table.xlsx").active["C2"]
    assert (cell.data_type, cell.value) == ("s", "'=1+1")


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_other_formats_hold_each_text_as_it_is(tmp_path, ending):
    path = tmp_path / f"table.{ending}"
    write_export(TABLE, path)
    table = pd.read_json(path, lines=True) if ending == "jsonl" else pd.read_parquet(path)
    assert table["=head"].to_list() == TABLE["=head"].to_list()
    assert table["document_id"].to_list() == ["a", "b"]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_every_text_comes_back_from_tsv(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("t") / "t.tsv"
    write_export(pd.DataFrame({"text": texts, "n": range(len(texts))}), path)
    import csv

    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter="\t"))[1:]
    assert [restored(text) for text, _ in rows] == texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * 32_768, r"row 2, text: a cell holds at most 32,767 characters, this text has 32,768\. Write \.csv"),
        ("a\x0bb", r"row 2, text: the text has a control character"),
    ],
)
def test_what_a_workbook_would_cut_is_refused(tmp_path, text, expected):
    path = tmp_path / "table.xlsx"
    path.write_bytes(b"earlier")
    with pytest.raises(InputError, match=expected):
        write_export(pd.DataFrame({"text": [text]}), path)
    assert path.read_bytes() == b"earlier"
    assert list(tmp_path.iterdir()) == [path]


def test_other_endings_are_refused_before_the_work(tmp_path):
    with pytest.raises(InputError, match=r"output: .*table\.ods: expected a name ending in \.csv, \.tsv"):
        check_export(tmp_path / "table.ods")
    with pytest.raises(InputError, match=r"quarantine: .*there is no folder"):
        check_export(tmp_path / "no" / "table.csv", argument="quarantine")
    check_export(tmp_path / "TABLE.XLSX")
