"""Text that goes through a spreadsheet runs nothing and comes back as it was."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import InputError
from framing.files.spreadsheets import (
    harmless,
    harmless_id,
    harmless_table,
    restored,
    restored_id,
    write_csv,
    write_csv_output,
)


@pytest.mark.parametrize("text", ["=1+1", "+41 44", "-5-1", "-a", "@SUM(A1)", "\t=1", "  =1", "＝1", "－1"])
def test_what_would_be_run_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"
    assert restored(f"'{text}") == text


@pytest.mark.parametrize(
    "value", ["a=1", "", "1-2", "'quoted'", "-5", "+0.25", "-1,5", "-2e-05", "-3%", "'-5", 5, None]
)
def test_all_else_stays(value):
    assert harmless(value) is value


@pytest.mark.parametrize("value", ["1234567890123456", "12345e6789012345", "007", "-5"])
def test_an_id_is_not_turned_into_a_number(value):
    assert harmless_id(value) == f"'{value}"
    assert restored_id(harmless_id(value)) == value


def test_an_ordinary_id_stays():
    assert harmless_id("00b226ac2cf797c4") == "00b226ac2cf797c4"


@given(st.text() | st.text("'=1-,e% a"))
def test_every_text_comes_back(text):
    assert restored(harmless(text)) == text
    assert restored_id(harmless_id(text)) == text


def test_a_table_is_made_harmless_with_its_headings_and_numbers_stay():
    table = pd.DataFrame({"=head": ["=cmd()", "b"], "n": [-1, 2]})
    safe = harmless_table(table)
    assert safe.columns.to_list() == ["'=head", "n"]
    assert safe["'=head"].to_list() == ["'=cmd()", "b"]
    assert safe["n"].to_list() == [-1, 2]
    assert table.columns.to_list() == ["=head", "n"]


@pytest.mark.parametrize("mark", [False, True])
def test_csv_is_quoted_utf8_with_a_mark_where_asked(tmp_path, mark):
    path = tmp_path / "new" / "table.csv"
    write_csv(pd.DataFrame({"text": ["é\r=1+1", "a,b"], "n": [1, 2]}), path, mark=mark)
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") is mark
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [["text", "n"], ["é\r=1+1", "1"], ["a,b", "2"]]


def test_a_file_that_the_user_named_and_that_cannot_be_written_is_an_input_error(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for path in (tmp_path / "file" / "table.csv", tmp_path):
        with pytest.raises(InputError, match=r"cannot be written: "):
            write_csv_output(pd.DataFrame({"a": [1]}), path)
