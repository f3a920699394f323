"""Rows of every format: nothing guessed, nothing lost, every refusal with its line."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus.formats import Refused, Row, find_format, read_rows
from framing.errors import InputError

MODEST = settings(deadline=None, max_examples=50)
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Bridge reopens | The Beacon</title>
<meta property="og:site_name" content="The Beacon">
<meta property="article:published_time" content="2025-07-05">
<link rel="canonical" href="https://beacon.example/bridge"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Bridge reopens</h1>
<p>The bridge over the river reopened on Saturday after eleven months of repairs, the mayor said.</p>
<p>Lorries will have to wait until the autumn, when the second carriageway is to be finished, she added.</p>
</article><footer>All rights reserved. Imprint and privacy.</footer></body></html>"""


def rows(path: Path, needed: tuple[str, ...] = ("text", "outlet"), **options: str) -> list[Row | Refused]:
    return list(read_rows(path, kind=options.pop("kind", "") or find_format(path), needed=needed, **options))


def kept(path: Path, needed: tuple[str, ...] = ("text", "outlet"), **options: str) -> list[Row]:
    found = rows(path, needed, **options)
    assert not [item for item in found if isinstance(item, Refused)]
    return [item for item in found if isinstance(item, Row)]


def refused(path: Path, needed: tuple[str, ...] = ("text", "outlet"), **options: str) -> list[tuple[int, str]]:
    return [(item.line, item.reason) for item in rows(path, needed, **options) if isinstance(item, Refused)]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def workbook(path: Path, table: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in table:
        sheet.append(line)
    book.save(path)
    return path


# which format


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", "csv"),
        ("a.CSV", "csv"),
        ("a.tsv.gz", "tsv"),
        ("a.tab", "tsv"),
        ("a.ndjson", "jsonl"),
        ("a.jsonl.zip", "jsonl"),
        ("05.07.2025.parquet", "parquet"),
        ("a.csv.xlsx", "xlsx"),
        ("a.htm", "html"),
        ("a.txt.gz", "txt"),
    ],
)
def test_the_format_is_told_by_the_ending(name: str, form: str) -> None:
    assert find_format(Path(name)) == form


@pytest.mark.parametrize("name", ["a.zip", "a", "a.docx", ".csv", "a.csv.bak", "a.gz"])
def test_an_unknown_ending_lists_the_known_ones(name: str) -> None:
    with pytest.raises(InputError, match=r"expected a file ending in \.csv, .*\.htm \(also \.gz or \.zip of these\)"):
        find_format(Path(name))


# the same rows in every format

TABLE = [["id", "outlet", "text"], ["007", "NA", "Straße, “quoted”\nand more"], ["1e5", "null", "TRUE"]]
EXPECTED = [dict(zip(TABLE[0], line, strict=True)) for line in TABLE[1:]]


def sample(folder: Path, form: str) -> Path:
    path = folder / f"sample.{form}"
    if form in ("csv", "tsv"):
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter="," if form == "csv" else "\t").writerows(TABLE)
    elif form == "jsonl":
        path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in EXPECTED), encoding="utf-8")
    elif form == "parquet":
        pd.DataFrame(EXPECTED).to_parquet(path)
    else:
        workbook(path, [list(line) for line in TABLE])
    return path


@pytest.mark.parametrize("packed", ["", "gz", "zip"])
@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_every_format_gives_the_same_text_packed_or_not(tmp_path: Path, form: str, packed: str) -> None:
    path = sample(tmp_path, form)
    name = path.name
    if packed == "gz":
        path = write(tmp_path / f"{name}.gz", gzip.compress(path.read_bytes()))
        name = path.name
    elif packed == "zip":
        inner = path
        path = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(inner, "inner/part")
        name = f"{path.name}/inner/part"
    found = kept(path)
    assert [item.values for item in found] == EXPECTED
    assert {item.file for item in found} == {name}


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_missing_columns_are_named_with_those_present(tmp_path: Path, form: str) -> None:
    path = sample(tmp_path, form)
    expected = rf"sample\.{form} lacks the column\(s\) Site, body\. It has: id, outlet, text\."
    with pytest.raises(InputError, match=expected):
        rows(path, ("Site", "text", "body"))


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_column_that_stands_twice_is_named(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    if form == "csv":
        write(path, "text,outlet,text\na,b,c\n")
    elif form == "xlsx":
        workbook(path, [["text", "outlet", "text"], ["a", "b", "c"]])
    else:
        pq.write_table(pa.table([["a"], ["b"], ["c"]], names=["text", "outlet", "text"]), path)
    with pytest.raises(InputError, match=rf"a\.{form}: the column\(s\) text stand twice in the header; rename one"):
        rows(path)


def test_several_members_of_a_zip_are_all_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.csv.zip", "w") as archive:
        archive.writestr("two.csv", "text,outlet\nb,B\n")
        archive.writestr("one.csv", "outlet,text\nA,a\n")
    found = kept(tmp_path / "a.csv.zip")
    assert [(item.file, item.line, item.values["text"]) for item in found] == [
        ("a.csv.zip/one.csv", 2, "a"),
        ("a.csv.zip/two.csv", 2, "b"),
    ]


# delimited text


def test_a_row_with_a_field_too_many_is_refused_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,outlet\ngood,A\none, too many,B\n\nfew\nlast,C\n")
    found = rows(path)
    assert [(item.line, item.values["outlet"]) for item in found if isinstance(item, Row)] == [
        (2, "A"),
        (6, "C"),
    ]
    assert refused(path) == [(3, "3 fields, expected 2"), (5, "1 fields, expected 2")]
    assert [item.excerpt for item in found if isinstance(item, Refused)] == ["one, too many,B", "few"]


def test_lines_are_counted_through_quoted_line_breaks(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text,outlet\r\n"one\r\ntwo\r\nthree",A\r\nx,B,C\r\nfour,D\r\n')
    assert [(item.line, item.values["text"]) for item in rows(path) if isinstance(item, Row)] == [
        (2, "one\r\ntwo\r\nthree"),
        (6, "four"),
    ]
    assert refused(path) == [(5, "3 fields, expected 2")]


def test_a_quote_never_closed_does_not_swallow_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'outlet,text\nA,good\nB,"open\nC,lost\nD,lost too\n')
    assert [item.values["text"] for item in rows(path) if isinstance(item, Row)] == ["good"]
    assert refused(path) == [(3, "cannot be read as a row: unexpected end of data; lines 3 to 5, a quote left open?")]


def test_a_quote_closed_rows_later_is_refused_with_its_span(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'outlet,text\nA,"open\nB,lost\nC,"quoted"\nD,good\n')
    assert [item.values["text"] for item in rows(path) if isinstance(item, Row)] == ["good"]
    assert refused(path) == [(2, "cannot be read as a row: ',' expected after '\"'; lines 2 to 4, a quote left open?")]


def test_rows_swallowed_by_two_stray_quotes_are_refused_with_their_span(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text,outlet\n"open,A\nlost,B\nlost",C,D\ngood,E\n')
    assert [item.values["outlet"] for item in rows(path) if isinstance(item, Row)] == ["E"]
    assert refused(path) == [(2, "3 fields, expected 2; lines 2 to 4, a quote left open?")]


def test_a_stray_quote_within_one_line_costs_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text,outlet\nShe said "no" twice,A\n"Tall" order,B\nlast,C\n')
    assert [item.values["text"] for item in kept(path)] == ['She said "no" twice', "Tall order", "last"]


def test_quotes_mean_nothing_where_quoting_is_none(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", 'outlet\ttext\nA\t"open\nB\t5" gun\n')
    assert [item.values["text"] for item in kept(path, quoting="none")] == ['"open', '5" gun']


def test_the_header_is_stripped_and_a_byte_order_mark_dropped(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        path = write(tmp_path / "a.csv", " text , outlet\nGrün,A\n".encode(encoding))
        assert [item.values for item in kept(path)] == [{"text": "Grün", "outlet": "A"}]


def test_a_line_of_nine_megabytes_is_refused_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,outlet\n" + "x" * 9_000_000 + ",A\ngood,B\n")
    assert [(item.line, item.values["outlet"]) for item in rows(path) if isinstance(item, Row)] == [(3, "B")]
    assert refused(path) == [(2, "a line longer than 8388608 characters")]


def test_a_field_beyond_the_limit_is_refused_with_its_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text,outlet\n"' + ("x" * 999_999 + "\n") * 8 + "x" * 999_999 + '",A\ngood,B\n')
    assert [item.values["outlet"] for item in rows(path) if isinstance(item, Row)] == ["B"]
    reason = "cannot be read as a row: field larger than field limit (8388608); lines 2 to 10, a quote left open?"
    assert refused(path) == [(2, reason)]


def test_an_empty_file_asks_for_its_header(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv is empty; expected a header line with the columns text, outlet"):
        rows(write(tmp_path / "a.csv", ""))
    assert rows(write(tmp_path / "b.csv", "text,outlet\n")) == []


def test_latin_1_is_read_where_it_is_declared(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,outlet\nGröße,A\n".encode("latin-1"))
    assert kept(path, encoding="latin-1")[0].values["text"] == "Größe"
    with pytest.raises(InputError, match=r"a\.csv, after line 0: byte 0xf6 is not utf-8\."):
        rows(path)


fields = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=20)


@given(st.lists(st.tuples(fields, fields), max_size=8), st.sampled_from([",", "\t"]))
@MODEST
def test_what_the_csv_module_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str]], comma: str
) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=comma).writerows([("text", "outlet"), *table])
    path = write(tmp_path_factory.getbasetemp() / "written.csv", stream.getvalue())
    found = kept(path, kind="csv" if comma == "," else "tsv")
    assert [(item.values["text"], item.values["outlet"]) for item in found] == table
    assert [item.line for item in found] == sorted({item.line for item in found})


unquoted = st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters='"\r\n'), max_size=15)


@given(st.lists(unquoted | st.sampled_from(["a,b", "a,b,c", ",", ""]), max_size=12))
@MODEST
def test_every_line_is_kept_or_refused_at_its_number(tmp_path_factory: pytest.TempPathFactory, body: list[str]) -> None:
    path = write(tmp_path_factory.getbasetemp() / "junk.csv", "\n".join(["text,outlet", *body]))
    found = rows(path)
    expected = [number for number, line in enumerate(body, start=2) if line]
    assert [item.line for item in found] == expected
    assert [isinstance(item, Row) for item in found] == [line.count(",") == 1 for line in body if line]


# JSON lines


def test_broken_lines_are_refused_with_number_and_reason(tmp_path: Path) -> None:
    good, nested = '{"text": "a", "outlet": "A"}', '{"text": {"de": "c"}, "outlet": "C"}'
    content = f'{good}\n{{"text": "b", \n\n[1, 2]\n"word"\n{nested}\n'
    path = write(tmp_path / "a.jsonl", content)
    assert [item.line for item in rows(path) if isinstance(item, Row)] == [1]
    found = refused(path)
    assert [line for line, _ in found] == [2, 4, 5, 6]
    assert found[0][1].startswith("not valid JSON: ")
    assert [reason for _, reason in found[1:]] == [
        "not a JSON object",
        "not a JSON object",
        "text is not a plain value",
    ]


def test_depth_and_huge_numbers_are_refused(tmp_path: Path) -> None:
    deep = '{"text": ' + "[" * 100_000 + "]" * 100_000 + "}"
    huge = '{"text": ' + "9" * 5000 + "}"
    path = write(tmp_path / "a.jsonl", f'{deep}\n{huge}\n{{"text": "a", "outlet": "A"}}\n')
    found = refused(path)
    assert [line for line, _ in found] == [1, 2]
    assert all(reason.startswith("not valid JSON: ") for _, reason in found)


def test_plain_values_become_text_and_null_becomes_empty(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": 7, "outlet": null}\n{"text": true, "extra": [1]}\n')
    assert [item.values for item in kept(path)] == [
        {"text": "7", "outlet": ""},
        {"text": "True", "outlet": "", "extra": "[1]"},
    ]


def test_a_key_that_no_line_has_is_a_missing_column(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"text": "a"}\n{"body": "b"}\n')
    with pytest.raises(InputError, match=r"a\.jsonl lacks the column\(s\) outlet\. It has: body, text\."):
        rows(path)


def test_a_json_line_of_nine_megabytes_is_refused_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps({"text": "x" * 9_000_000}) + '\n{"text": "a", "outlet": "A"}\n')
    assert refused(path) == [(1, "a line longer than 8388608 characters")]
    assert [item.line for item in rows(path) if isinstance(item, Row)] == [2]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\r\n"), max_size=20)))
@MODEST
def test_every_json_line_is_kept_or_refused(tmp_path_factory: pytest.TempPathFactory, junk: list[str]) -> None:
    first = '{"text": "a", "outlet": "A"}'
    path = write(tmp_path_factory.getbasetemp() / "junk.jsonl", "\n".join([first, *junk]))
    expected = [1, *(number for number, line in enumerate(junk, start=2) if line.strip())]
    assert [item.line for item in rows(path)] == expected


# Parquet and workbooks


def test_parquet_values_become_text(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": ["a", None],
            "n": pa.array([1, 2**60]),
            "when": pa.array([datetime(2025, 7, 5, 12), None]),
            "day": pa.array([date(2025, 7, 5), None]),
            "price": pa.array([Decimal("1.50"), None]),
            "raw": pa.array([b"gr\xc3\xbcn", b"\xff"]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    assert [item.values for item in kept(tmp_path / "a.parquet", ("text",))] == [
        {
            "text": "a",
            "n": "1",
            "when": "2025-07-05T12:00:00",
            "day": "2025-07-05",
            "price": "1.50",
            "raw": "grün",
        },
        {"text": "", "n": str(2**60), "when": "", "day": "", "price": "", "raw": "\ufffd"},
    ]


def test_parquet_rows_are_numbered_across_batches(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [str(number) for number in range(5000)]}), tmp_path / "a.parquet")
    found = kept(tmp_path / "a.parquet", ("text",))
    assert [(item.line, item.values["text"]) for item in found] == [(n + 1, str(n)) for n in range(5000)]


def test_parquet_text_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    bad = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff\xfe"]).buffers())
    pq.write_table(pa.table({"text": bad}), tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"a\.parquet is not a readable Parquet file: .*utf-8"):
        rows(tmp_path / "a.parquet", ("text",))


@pytest.mark.parametrize(
    ("form", "message"),
    [("parquet", "is not a readable Parquet file: "), ("xlsx", "is not a readable XLSX workbook: ")],
)
@pytest.mark.parametrize("content", [b"", b"text,outlet\na,b\n", b"PK\x03\x04 not really", b"PAR1PAR1"])
def test_a_file_of_another_kind_is_named(tmp_path: Path, form: str, message: str, content: bytes) -> None:
    with pytest.raises(InputError, match=rf"a\.{form} {message}"):
        rows(write(tmp_path / f"a.{form}", content))


changes = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4)


@given(changes, st.sampled_from(["parquet", "xlsx"]))
@MODEST
def test_a_damaged_file_is_read_or_named(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], form: str
) -> None:
    path = sample(tmp_path_factory.getbasetemp(), form)
    raw = bytearray(path.read_bytes())
    for place, value in changes:
        raw[place % len(raw)] = value
    path.write_bytes(raw)
    found: object
    try:
        found = rows(path)
    except InputError as error:
        found = error
    assert isinstance(found, list) or f"sample.{form}" in str(found)


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
        (4, "007", "text", ""),
        (6, "True", "2.5", ""),
    ]
    assert refused(path) == [(5, "1 cell(s) beyond the 4 headed columns")]


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


# text and pages


def test_a_text_file_is_one_row_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "beacon"
    folder.mkdir()
    path = write(folder / "2025-07-05.long.txt", "\ufeffOne.\r\n\r\nTwo.")
    assert kept(path, ("text", "folder")) == [
        Row(
            path.name,
            1,
            {"text": "One.\r\n\r\nTwo.", "file": path.name, "stem": "2025-07-05", "folder": "beacon"},
        )
    ]


def test_folders_within_a_zip_count_as_folders(tmp_path: Path) -> None:
    path = tmp_path / "all.txt.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("beacon/one.txt", "One.")
        archive.writestr("two.txt", "Two.")
    assert [(item.values["folder"], item.values["stem"]) for item in kept(path, ("folder",))] == [
        ("beacon", "one"),
        (tmp_path.name, "two"),
    ]


def test_a_text_file_with_an_overlong_line_is_refused_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Good line.\n" + "x" * 9_000_000)
    assert rows(path, ("text",)) == [Refused("a.txt", 1, "a line longer than 8388608 characters")]


def test_a_page_gives_its_main_text_and_what_it_says_of_itself(tmp_path: Path) -> None:
    (found,) = kept(write(tmp_path / "page.html", PAGE), ("text", "site"))
    assert "The bridge over the river reopened on Saturday" in found.values["text"]
    assert "Lorries will have to wait" in found.values["text"]
    assert "rights reserved" not in found.values["text"]
    assert found.values["title"].startswith("Bridge reopens")
    assert found.values["site"] == "The Beacon"
    assert found.values["published"] == "2025-07-05"
    assert found.values["url"] == "https://beacon.example/bridge"
    assert found.values["stem"] == "page"


def test_a_page_in_a_declared_encoding_is_decoded(tmp_path: Path) -> None:
    page = PAGE.replace("the mayor", "Bürgermeisterin Müller")
    path = write(tmp_path / "page.htm", page.encode("latin-1"))
    assert "Bürgermeisterin Müller" in kept(path, ("text",), encoding="latin-1")[0].values["text"]


@pytest.mark.parametrize("content", ["", "<html></html>", "<p></p>", "\x00\x01", "{}"])
def test_a_page_without_text_is_refused(tmp_path: Path, content: str) -> None:
    assert rows(write(tmp_path / "a.html", content), ("text",)) == [
        Refused("a.html", 1, "no main text found in the page")
    ]


def test_a_page_that_is_not_in_its_encoding_or_too_long_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.html", PAGE.replace("mayor", "maÿor").encode("latin-1"))
    assert refused(path, ("text",), encoding="ascii")[0][1].startswith("not readable as HTML: ")
    long = write(tmp_path / "b.html", PAGE.replace("</article>", "<p>" + "word " * 1_700_000 + "</p></article>"))
    assert rows(long, ("text",)) == [Refused("b.html", 1, "a page of more than 8388608 bytes")]


@pytest.mark.parametrize(
    ("name", "present"),
    [
        ("a.txt", "text, file, stem, folder"),
        ("a.html", "text, title, published, url, site, file, stem, folder"),
    ],
)
def test_a_column_that_files_of_text_do_not_have_is_named(tmp_path: Path, name: str, present: str) -> None:
    with pytest.raises(InputError, match=rf"{name} lacks the column\(s\) author\. It has: {present}\."):
        rows(write(tmp_path / name, PAGE), ("text", "author"))


@given(st.binary(max_size=300), st.sampled_from(["csv", "tsv", "jsonl", "txt", "html", "xlsx", "parquet"]))
@settings(deadline=None, max_examples=60)
def test_any_bytes_are_rows_refusals_or_an_input_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, form: str
) -> None:
    path = write(tmp_path_factory.getbasetemp() / f"any.{form}", content)
    found: object
    try:
        found = rows(path, ("text",))
    except InputError as error:
        found = error
    if isinstance(found, list):
        assert all(isinstance(item, Row | Refused) and item.file == path.name for item in found)
    else:
        assert f"any.{form}" in str(found)


def test_a_long_field_is_read_and_the_limit_of_other_programs_stays(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    long = "word " * 40_000  # more than the 131,072 characters that the module allows by itself
    read = rows(write(tmp_path / "a.csv", f"text,outlet\n{long},A\nshort,B\n"))
    assert [len(item.values["text"]) for item in read if isinstance(item, Row)] == [200_000, 5]
    assert csv.field_size_limit() == before
