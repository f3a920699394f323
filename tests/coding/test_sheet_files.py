"""Sheets as spreadsheets save them: other separators, encodings, places and headings."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from framing.coding.coded import read_sheets
from framing.coding.filled_sheets import read_sheet
from framing.errors import InputError
from tests.coding.coded_sheets import MANY, cells, ids, many
from tests.drawn import fill, rows_of

TEXTS = {"p1": "“Ми не згодні”, сказав Łukasz – …", "p2": "Plain."}  # no one-byte encoding has all of these
WESTERN = {"p1": "“Nous ne l’acceptons pas”, dit-elle – à Genève…", "p2": "Plain."}
RUSSIAN = {"p1": "«Мы против», — сказал он.", "p2": "Plain."}
POLISH = {"p1": "Żółć i gęś – „tak” powiedział Łukasz.", "p2": "Plain."}


def save(path, texts, *, separator=",", encoding="utf-8", head="", frames="war", newline="\r\n"):
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator=newline)
    writer.writerow(["coder", "passage_id", "text", "frames", "notes"])
    writer.writerows(["anna", name, text, frames, ""] for name, text in texts.items())
    path.write_bytes((head + stream.getvalue()).encode(encoding))
    return path


def read(path, texts):
    sheet = read_sheet(path, MANY, texts=texts)
    return list(sheet.rows), list(sheet.remarks)


SEMICOLONS = "a.csv: the fields are separated by semicolons"


@pytest.mark.parametrize(
    ("name", "options", "remarks"),
    [
        ("a.csv", {}, []),
        ("a.csv", {"encoding": "utf-8-sig"}, []),
        ("a.csv", {"separator": ";"}, [SEMICOLONS]),
        ("a.csv", {"separator": "\t"}, ["a.csv: the fields are separated by tabs"]),
        ("a.csv", {"separator": ";", "head": "sep=;\r\n"}, [f"a.csv: line 1 says that {SEMICOLONS[7:]}"]),
        ("a.tsv", {"separator": "\t", "newline": "\r"}, []),
        ("a.tsv", {"separator": ","}, ["a.tsv: the fields are separated by commas"]),
        ("a.txt", {"separator": "\t", "encoding": "utf-16"}, ["a.txt: read as utf-16"]),
        ("a.csv", {"separator": ";", "encoding": "utf-16-le"}, ["a.csv: read as utf-16-le", SEMICOLONS]),
    ],
)  # fmt: skip
def test_separators_and_marks(tmp_path, name, options, remarks):
    rows, said = read(save(tmp_path / name, TEXTS, **options), TEXTS)
    assert {row.passage_id: row.text for row in rows} == TEXTS
    assert [row.labels for row in rows] == [("war",), ("war",)]
    n_before = len(options.get("head", "").splitlines())
    assert [row.line for row in rows] == [2 + n_before, 3 + n_before]
    assert said == remarks


@pytest.mark.parametrize(
    ("texts", "encoding", "taken"),
    [
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "mac-roman", "mac-roman"),
        (RUSSIAN, "cp1251", "cp1251"),
        ({"p1": "Мы против, сказал он.", "p2": "Plain."}, "koi8-r", "koi8-r"),
        (POLISH, "cp1250", "cp1250"),
    ],
)
def test_the_encoding_is_the_one_in_which_the_texts_are_those_drawn(tmp_path, texts, encoding, taken):
    rows, said = read(save(tmp_path / "a.csv", texts, separator=";", encoding=encoding), texts)
    assert [row.text for row in rows] == list(texts.values())
    assert said == [f"a.csv: read as {taken}", SEMICOLONS]


def test_an_encoding_that_cannot_be_told_has_a_remedy(tmp_path):
    path = save(tmp_path / "a.csv", WESTERN, encoding="cp1252")
    for texts in ({}, {"p1": "Another text – quite.", "p2": "Plain."}):
        with pytest.raises(InputError, match=r"line 2: byte 0x93 is not UTF-8, .* Save the sheet as \.xlsx, or"):
            read(path, texts)


@pytest.mark.slow
@given(
    texts=st.lists(st.text(st.characters(codec="cp1252", exclude_categories=["C"]), min_size=1), min_size=1, max_size=4)
)
def test_texts_of_windows_1252_come_back(tmp_path_factory, texts):
    drawn = {f"p{number}": f"Text {number}: “{text}”" for number, text in enumerate(texts)}
    path = save(tmp_path_factory.mktemp("sheet") / "a.csv", drawn, encoding="cp1252")
    rows, said = read(path, drawn)
    assert [row.text for row in rows] == list(drawn.values())
    assert said == ["a.csv: read as cp1252"]


def test_headings_may_be_written_otherwise(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Coder,PASSAGE_ID,Text ,FRAMES,Notes\nanna,p2,Plain.,War,text\n", encoding="utf-8")
    (row,), _ = read(path, TEXTS)
    assert (row.coder, row.passage_id, row.text, row.labels) == ("anna", "p2", "Plain.", ("War",))


def test_choices_of_label_studio_in_csv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "annotation_id,annotator,coder,frames,id,passage_id,text\n"
        '1,4,anna,"{""choices"": [""war"", ""sport""]}",1,p1,One.\n2,4,anna,none,2,p2,Plain.\n',
        encoding="utf-8",
    )
    rows, _ = read(path, TEXTS)
    assert [(row.coder, row.annotator, row.labels) for row in rows] == [
        ("anna", "4", ("war", "sport")),
        ("anna", "4", ("none",)),
    ]


def workbook(path, **sheets):
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


RULES = [["id", "name"], ["war", "War"]]
FILLED = [["passage_id", "text", "war", "trade", "sport", "none"], ["p2", "Plain.", "x", None, None, None]]


@pytest.mark.parametrize(
    ("sheets", "remarks"),
    [
        ({"codebook": RULES, "coding": FILLED}, []),
        ({"Coding": FILLED, "codebook": RULES}, []),
        ({"Tabelle1": FILLED}, []),
        ({"codebook": RULES, "anna": FILLED}, []),
        (
            {"coding_(2)": FILLED, "coding": FILLED},
            ["a.xlsx: the sheet coding is read, and not coding (2), which has the columns too"],
        ),
    ],
)
def test_the_filled_sheet_is_found_wherever_it_stands(tmp_path, sheets, remarks):
    (row,), said = read(workbook(tmp_path / "a.xlsx", **sheets), TEXTS)
    assert (row.passage_id, row.labels) == ("p2", ("war",))
    assert said == remarks


def test_a_workbook_without_a_filled_sheet_names_its_sheets(tmp_path):
    path = workbook(tmp_path / "a.xlsx", codebook=RULES, rules=RULES)
    with pytest.raises(
        InputError, match=r"none of its sheets has the column\(s\) passage_id, text\. codebook has: id, name"
    ):
        read(path, TEXTS)
    path = workbook(tmp_path / "b.xlsx", one=FILLED, two=FILLED)
    with pytest.raises(
        InputError, match=r"the sheets one, two all have the columns passage_id, text\. Call the filled one coding"
    ):
        read(path, TEXTS)
    path = workbook(tmp_path / "c.xlsx", coding=[row[:4] for row in FILLED], codebook=RULES)
    with pytest.raises(InputError, match=r"missing: sport\. It has: passage_id, text, war, trade"):
        read(path, TEXTS)


def test_a_frame_of_the_name_of_a_column_is_not_that_column(tmp_path):
    from tests.tiny import SPORT, WAR, codebook, frame

    book = codebook(frame("war", WAR), {**frame("sport", SPORT), "name": "Notes"}, multi_label=True)
    path = tmp_path / "a.csv"
    path.write_text("passage_id,text,war,sport,notes\np2,Plain.,x,,unsure\n", encoding="utf-8")
    (row,) = read_sheet(path, book, texts=TEXTS).rows
    assert row.labels == ("war",)


def test_a_sheet_that_excel_saved_in_europe_comes_back_whole(tmp_path):
    design = many(tmp_path, size=24)
    rows = rows_of(fill(design, "anna", lambda _: "war", to=tmp_path))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "anna.csv"
    path.write_bytes(stream.getvalue().encode("cp1252"))
    coded = read_sheets([path], design=design, codebook=MANY)
    assert cells(coded.codings[0]) == ["war"] * len(ids(design))
    assert coded.remarks == ("anna.csv: read as cp1252", "anna.csv: the fields are separated by semicolons")
    assert coded.refused.empty


def test_sheets_moved_in_the_workbook_that_was_sent(tmp_path):
    design = many(tmp_path)
    book = load_workbook(design / "for_coders" / "ben.xlsx")
    book.move_sheet("codebook", -1)
    for row in range(2, 10):
        book["coding"].cell(row, 5, "✔️")
    book.save(tmp_path / "ben.xlsx")
    coded = read_sheets([tmp_path / "ben.xlsx"], design=design, codebook=MANY)
    assert cells(coded.codings[1]) == ["war"] * 8
