"""Labels, coders and spans that go to a tool's file and come back are the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.coding.tool_files.conversion import make_sheet, read_coded_file
from framing.coding.tool_files.recognise import find_tool
from framing.coding.tool_files.writing import ENDINGS, write_tool_file
from framing.files.spreadsheets import write_csv
from tests.coding.coded_sheets import MANY
from tests.coding.tool_files.texts import coded, table

FILES = [(tool, ending) for tool, endings in ENDINGS.items() for ending in endings]
MARKING = [(tool, ending) for tool, ending in FILES if tool != "active-tigger"]


@pytest.mark.parametrize(("tool", "ending"), MARKING)
@given(codings=coded())
def test_labels_coders_and_spans_come_back(tmp_path_factory, tool, ending, codings):
    path = tmp_path_factory.mktemp("trip") / f"export{ending}"
    write_tool_file(path, codings, MANY, tool)
    assert find_tool(path) == tool
    read = read_coded_file(path, MANY)
    assert table(read.codings) == table(codings)
    assert (read.n_rows, read.refused, read.refused_spans) == (len(codings), [], [])


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@given(codings=coded())
def test_labels_and_coders_come_back_from_active_tigger_without_spans(tmp_path_factory, ending, codings):
    path = tmp_path_factory.mktemp("trip") / f"export{ending}"
    plain = [replace(item, spans=(), text=item.text.replace("\r\n", "\n")) for item in codings]
    write_tool_file(path, plain, MANY, "active-tigger")
    assert table(read_coded_file(path, MANY).codings) == table(plain)


@given(codings=coded(), doubt=st.booleans())
def test_a_sheet_with_spans_comes_back(tmp_path_factory, codings, doubt):
    path = tmp_path_factory.mktemp("trip") / "sheet.csv"
    plain = [replace(item, notes="So?" * doubt) for item in codings]
    write_csv(make_sheet(plain, MANY), path, mark=True)
    read = read_coded_file(path, MANY)
    assert table(read.codings) == table(plain)
    assert [item.notes for item in read.codings] == [item.notes for item in plain]
