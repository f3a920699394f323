"""Workbooks: every sheet, row and cell that is there is read, or said."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.formats import read_rows
from framing.corpus.records import Note, Refused, Row
from framing.errors import InputError
from tests.corpus.files import kept, read, refused, rows, workbook

Table = list[list[object]]
HEADER: list[object] = ["outlet", "text"]


def book(path: Path, sheets: dict[str, Table]) -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, table in sheets.items():
        sheet = made.create_sheet(title)
        for line in table:
            sheet.append(line)
    made.save(path)
    return made


def test_workbook_cells_become_text_at_their_row(tmp_path: Path) -> None:
    table: list[list[object]] = [
        ["outlet", "text", None, "published"],
        [7, "number", None, datetime(2025, 7, 5)],
        [],
        ["007", "text", "beside the header", None],
        ["A", "too far", None, None, "beyond"],
        [True, 2.5],
    ]
    path = workbook(tmp_path / "a.xlsx", table)
    found = rows(path)
    assert [(item.line, *item.values.values()) for item in found if isinstance(item, Row)] == [
        (2, "7", "number", "2025-07-05T00:00:00"),
        (4, "007", "text", "beside the header", ""),
        (5, "A", "too far", "", "beyond"),
        (6, "True", "2.5", ""),
    ]
    assert kept(path)[2].values["column_5"] == "beyond"


def test_a_workbook_that_understates_its_size_loses_no_row(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", [["text", "outlet"], *[[f"t{n}", "A"] for n in range(6)]])
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                assert b'ref="A1:B7"' in content
                content = content.replace(b'ref="A1:B7"', b'ref="A1:A3"')
            new.writestr(name, content)
    assert [item.values["text"] for item in kept(path)] == [f"t{n}" for n in range(6)]


def test_an_empty_workbook_lacks_its_columns(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.xlsx lacks the column\(s\) text, outlet"):
        rows(workbook(tmp_path / "a.xlsx", []))


def test_every_sheet_with_the_columns_is_read_and_the_others_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book(
        path,
        {
            "Paper A": [HEADER, ["A", "one"]],
            "Notes": [["what"], ["to do"]],
            "Empty": [],
            "Paper B": [["text", "outlet"], ["two", "B"]],
        },
    )
    assert [(item.file, item.line, item.values) for item in read(path)] == [
        ("a.xlsx/Paper A", 2, {"sheet": "Paper A", "outlet": "A", "text": "one"}),
        ("a.xlsx/Paper B", 2, {"sheet": "Paper B", "text": "two", "outlet": "B"}),
    ]
    assert [(item.file, item.reason) for item in rows(path) if isinstance(item, Refused)] == [
        ("a.xlsx/Notes", "the sheet is not read: it lacks the column(s) text, outlet")
    ]


def test_the_sheet_is_a_column_unless_it_has_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book(path, {"Paper A": [["text"], ["one"]], "B": [["text", "sheet"], ["two", "own"]]})
    assert [item.values["sheet"] for item in kept(path, ("text", "sheet"))] == ["Paper A", "own"]
    assert kept(workbook(tmp_path / "b.xlsx", [["text"], ["one"]]), ("text", "sheet"))[0].values["sheet"] == "Sheet"


def test_named_sheets_are_read_in_their_order_and_must_be_there(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book(path, {name: [HEADER, [name, "one"]] for name in ("A", "B", "C")})
    assert [item.values["outlet"] for item in read(path, sheets=("C", "a"))] == ["C", "A"]
    assert refused(path, sheets=("C", "A")) == []
    notes: list[Note] = []
    list(read_rows(path, kind="xlsx", needed=["outlet", "text"], sheets=("C", "A"), notes=notes))
    assert notes == [Note("a.xlsx/B", "the sheet is not read here: it is not among sheets:")]
    with pytest.raises(InputError, match=r"a\.xlsx has no sheet 'D'\. It has: A, B, C\. Mend `sheets:`"):
        rows(path, sheets=("D",))


def test_a_named_sheet_without_the_columns_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book(path, {"A": [HEADER, ["A", "one"]], "B": [["other"], ["x"]]})
    with pytest.raises(InputError, match=r"a\.xlsx/B lacks the column\(s\) text, outlet\. It has: other\."):
        rows(path, sheets=("B",))
    with pytest.raises(InputError, match=r"none of its sheets has the column\(s\) Site\. A has: outlet, text"):
        rows(path, ("Site",))


def test_hidden_sheets_and_rows_are_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = book(path, {"A": [HEADER, ["A", "one"], ["B", "two"]], "B": [HEADER, ["C", "three"]]})
    made["A"].row_dimensions[3].hidden = True
    made["B"].sheet_state = "hidden"
    made.save(path)
    notes: list[Note] = []
    assert [item.values["text"] for item in kept(path, notes=notes)] == ["one", "two", "three"]
    assert notes == [
        Note("a.xlsx/A", "1 hidden row(s) are read"),
        Note("a.xlsx/B", "the sheet is hidden; it is read"),
    ]


def test_formulas_without_a_value_and_errors_are_named(tmp_path: Path) -> None:
    table: Table = [
        ["outlet", "text", "n"],
        ["A", '="a"&"b"', 1],
        ["#REF!", "two", 2],
        ["C", "three", "#N/A"],
        ["D", "four", "=1+1"],
    ]
    path = workbook(tmp_path / "a.xlsx", table)
    notes: list[Note] = []
    assert [item.values for item in read(path, notes=notes)] == [
        {"outlet": "C", "text": "three", "n": ""},
        {"outlet": "D", "text": "four", "n": ""},
    ]
    assert refused(path) == [
        (2, "text is a formula without a stored value: open the file in a spreadsheet and save it"),
        (3, "outlet is an error of the spreadsheet (#REF!)"),
    ]
    assert [note.text for note in notes] == [
        "1 cell(s) with an error such as #REF! are read as empty",
        "1 formula(s) without a stored value are read as empty",
    ]


def test_escaped_characters_are_decoded_once(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["A_x0026_B", "one_x000D_\ntwo _x005F_x000D_ _xD83D__xDE00_"]])
    assert kept(path)[0].values == {"outlet": "A&B", "text": "one\r\ntwo _x000D_ \U0001f600"}


def test_rows_of_a_title_before_the_header_are_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["Articles of July"], [], HEADER, ["A", "one"]])
    notes: list[Note] = []
    assert [(item.line, item.values["text"]) for item in kept(path, notes=notes)] == [(4, "one")]
    assert notes == [Note("a.xlsx", "the header stands in row 3; 2 row(s) before it are not read")]


def test_cells_of_a_merged_range_take_its_value(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = book(path, {"S": [HEADER, ["A", "one"], [None, "two"], [None, "three"], [None, "four"]]})
    made["S"].merge_cells("A2:A4")
    made.save(path)
    notes: list[Note] = []
    assert [item.values["outlet"] for item in kept(path, notes=notes)] == ["A", "A", "A", ""]
    assert [note.text for note in notes] == ["2 cell(s) of merged ranges take the value of the first"]


def test_blank_cells_beside_the_header_do_no_harm(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADER, ["A", "one", " "], ["B", "two", None, "see below"], [" "]])
    assert [item.values for item in kept(path)] == [
        {"outlet": "A", "text": "one"},
        {"outlet": "B", "text": "two", "column_4": "see below"},
    ]
    assert refused(path) == []


def test_whole_numbers_have_no_decimal_point(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["text", "n"], ["a", 1.0], ["b", 2.5], ["c", 1e300]])
    assert [item.values["n"] for item in kept(path, ("text",))] == ["1", "2.5", "1e+300"]


# characters that a workbook can hold; not an underscore, which begins an escape, and no carriage return
cells = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="_=\ufffe\uffff"),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip() != "" and not text.startswith("#"))


@given(st.lists(st.tuples(cells, cells), max_size=6), st.lists(st.tuples(cells, cells), max_size=6))
def test_what_openpyxl_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "written.xlsx"
    book(path, {"A": [HEADER, *map(list, first)], "B": [HEADER, *map(list, second)]})
    assert [(item.values["outlet"], item.values["text"]) for item in kept(path)] == [*first, *second]
