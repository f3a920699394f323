"""Tables of text: nothing guessed, nothing lost, every refusal with its line."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.records import Note, Refused, Row
from framing.corpus.text_tables import read_delimited
from framing.errors import InputError
from tests.corpus.files import kept, read, refused, rows, write

REMEDY = "; where quotation marks are plain text, set quoting: none"


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
    reason = "cannot be read as a row: unexpected end of data; lines 3 to 5, a quote left open?"
    assert refused(path) == [(3, f"{reason}{REMEDY}")]


def test_a_quote_closed_rows_later_is_refused_with_its_span(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'outlet,text\nA,"open\nB,lost\nC,"quoted"\nD,good\n')
    assert [item.values["text"] for item in rows(path) if isinstance(item, Row)] == ["good"]
    reason = "cannot be read as a row: ',' expected after '\"'; lines 2 to 4, a quote left open?"
    assert refused(path) == [(2, f"{reason}{REMEDY}")]


def test_rows_swallowed_by_two_stray_quotes_are_refused_with_their_span(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text,outlet\n"open,A\nlost,B\nlost",C,D\ngood,E\n')
    assert [item.values["outlet"] for item in rows(path) if isinstance(item, Row)] == ["E"]
    assert refused(path) == [(2, "3 fields, expected 2; lines 2 to 4, a quote left open?")]


def test_a_stray_quote_within_one_line_costs_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text,outlet\nShe said "no" twice,A\n"Tall" order,B\n"quoted, text",C\n')
    notes: list[Note] = []
    assert [item.values["text"] for item in kept(path, notes=notes)] == [
        'She said "no" twice',
        '"Tall" order',
        "quoted, text",
    ]
    assert [note.text for note in notes] == [
        "1 row(s) begin a field with a quotation mark that encloses nothing, read as they stand"
    ]


@pytest.mark.parametrize("row", ['"Tall" order,"B"', '"He ""left"" on" Friday,B', '"Tall" order, "B, C"', '"Tall" ,B'])
def test_a_stray_quote_that_can_be_read_in_two_ways_is_refused(tmp_path: Path, row: str) -> None:
    path = write(tmp_path / "a.csv", f"text,outlet\n{row}\ngood,C\n")
    assert [item.values["outlet"] for item in read(path)] == ["C"]
    assert refused(path) == [(2, f"cannot be read as a row: ',' expected after '\"'{REMEDY}")]


def test_a_mark_that_is_not_doubled_within_a_field_in_marks_is_one(tmp_path: Path) -> None:
    content = 'text,outlet\n"""Yes,"" she said."But then ""no"".",A\n"He ""left"" on "Friday.","B"\n'
    path = write(tmp_path / "a.tsv", content.replace(",A", "\tA").replace(',"B"', '\t"B"').replace("t,o", "t\to"))
    notes: list[Note] = []
    assert [list(item.values.values()) for item in kept(path, notes=notes)] == [
        ['"Yes," she said."But then "no".', "A"],
        ['He "left" on "Friday.', "B"],
    ]
    assert [note.text for note in notes] == [
        "2 row(s) have a quotation mark within a field in marks that is not doubled, read as one"
    ]


def test_quotation_marks_after_a_backslash_are_read_as_such(tmp_path: Path) -> None:
    content = r"""text,outlet
"The mayor said \"no, never\" on Friday.",A
"\"Yes\" or \"no\"",B
"It ended with \"no\"",C
C:\temp,D
"two
lines \"here\", and",E
""".replace("\\\\", "\\")
    notes: list[Note] = []
    found = kept(write(tmp_path / "a.csv", content), notes=notes)
    assert [(item.line, item.values["text"]) for item in found] == [
        (2, 'The mayor said "no, never" on Friday.'),
        (3, '"Yes" or "no"'),
        (4, 'It ended with "no"'),
        (5, "C:\\temp"),
        (6, 'two\nlines "here", and'),
    ]
    assert [note.text for note in notes] == ["4 row(s) have quotation marks after a backslash, read as quotation marks"]


UNQUOTED = 'outlet\ttext\nPaper A\tNo marks here.\nPaper B\t"It is over."\n'


def test_a_file_with_tabs_that_was_not_quoted_keeps_its_marks(tmp_path: Path) -> None:
    notes: list[Note] = []
    path = write(
        tmp_path / "a.tsv", UNQUOTED + 'Paper C\t"Over", she said.\nPaper D\t"Peace now was the word\nPaper E\tx\n'
    )
    assert [item.values["text"] for item in kept(path, notes=notes)] == [
        "No marks here.",
        '"It is over."',
        '"Over", she said.',
        '"Peace now was the word',
        "x",
    ]
    assert notes == [Note("a.tsv", "no quoting: quotation marks are plain text, see line 3")]
    packed = write(tmp_path / "b.tsv.gz", gzip.compress(UNQUOTED.encode()))
    assert [item.values["text"] for item in kept(packed)] == ["No marks here.", '"It is over."']


def test_a_long_file_with_tabs_is_read_once(tmp_path: Path) -> None:
    body = "".join(f'Paper A\t"Row, {number}"\t"said ""no"""\n' for number in range(3000))
    found = kept(write(tmp_path / "a.tsv", "outlet\ttext\tx\n" + body))
    assert [(item.line, item.values["text"]) for item in found] == [(n + 2, f"Row, {n}") for n in range(3000)]
    unquoted = kept(write(tmp_path / "b.tsv", UNQUOTED + "Paper A\tplain\n" * 3000))
    assert [item.line for item in unquoted] == list(range(2, 3004))


@pytest.mark.parametrize(
    "row", ['Paper F\t"said ""no"" twice"', 'Paper F\t"a\tb"', 'Paper F\t"a\nb"', 'Paper F\t" a"', 'Paper F\t""']
)
def test_a_file_with_tabs_that_was_quoted_is_read_so(tmp_path: Path, row: str) -> None:
    assert read(write(tmp_path / "a.tsv", f"{UNQUOTED}{row}\n"))[1].values["text"] == "It is over."


def test_a_column_that_is_enclosed_throughout_was_quoted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", 'outlet\ttext\nPaper A\t"One here."\nPaper B\t"Two here."\n')
    assert [item.values["text"] for item in kept(path)] == ["One here.", "Two here."]


def test_a_long_field_in_quotation_marks_is_read(tmp_path: Path) -> None:
    long = "word, " * 40_000
    assert kept(write(tmp_path / "a.csv", f'text,outlet\n"{long}",A\n'))[0].values["text"] == long


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
    with pytest.raises(InputError, match=r"a\.csv is empty; expected a header line, and rows below it\."):
        rows(tmp_path / "a.csv", ())
    assert rows(write(tmp_path / "b.csv", "text,outlet\n")) == []


def test_latin_1_is_read_where_it_is_declared(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,outlet\nGröße,A\n".encode("latin-1"))
    assert kept(path, encoding="latin-1")[0].values["text"] == "Größe"
    with pytest.raises(InputError, match=r"a\.csv, near its beginning: byte 0xf6 is not utf-8\."):
        rows(path)


fields = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=20)


@given(st.lists(st.tuples(fields, fields), max_size=8), st.sampled_from([",", "\t"]))
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
def test_every_line_is_kept_or_refused_at_its_number(tmp_path_factory: pytest.TempPathFactory, body: list[str]) -> None:
    path = write(tmp_path_factory.getbasetemp() / "junk.csv", "\n".join(["text,outlet", *body]))
    found = rows(path)
    expected = [number for number, line in enumerate(body, start=2) if line]
    assert [item.line for item in found] == expected
    assert [isinstance(item, Row) for item in found] == [line.count(",") == 1 for line in body if line]


def test_a_long_field_is_read_and_the_limit_of_other_programs_stays(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    long = "word " * 40_000  # more than the 131,072 characters that the module allows by itself
    read = rows(write(tmp_path / "a.csv", f"text,outlet\n{long},A\nshort,B\n"))
    assert [len(item.values["text"]) for item in read if isinstance(item, Row)] == [200_000, 5]
    assert csv.field_size_limit() == before


def test_a_table_without_a_header_has_the_names_that_are_given() -> None:
    lines = ["a;b,c\n", "d;e\n", "f;g;h\n"]
    found = list(read_delimited(lambda: iter(lines), "t.csv", ["text"], header=["text", "outlet"], notes=[]))
    assert found[:2] == [Row("t.csv", 1, {"text": "a", "outlet": "b,c"}), Row("t.csv", 2, {"text": "d", "outlet": "e"})]
    assert isinstance(found[2], Refused)
    with pytest.raises(InputError, match=r"t\.csv: header: names 4 columns, but its first row has 1 or 2\. Name each"):
        list(read_delimited(lambda: iter(lines), "t.csv", [], header=["a", "b", "c", "d"], notes=[]))


def test_a_carriage_return_alone_is_part_of_its_field(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text,outlet\r\none\rtwo, three,A\r\nfour\rfive,B\r\n"six\rseven",C\r\n')
    assert [(item.line, item.values["text"]) for item in read(path)] == [(3, "four\rfive"), (4, "six\rseven")]
    assert refused(path) == [(2, "3 fields, expected 2")]


def test_carriage_returns_end_lines_where_they_end_the_first(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text,outlet\r"one\ntwo",A\rthree,B\r')
    assert [item.values["text"] for item in kept(path)] == ["one\ntwo", "three"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ('x, "A"', ["x", "A"]),
        ('"x, y", "A"', ["x, y", "A"]),
        ('x, "A, B"', ["x", "A, B"]),
        ('x, "A ""and"" B"', ["x", 'A "and" B']),
        ('x, "A\nB"', ["x", "A\nB"]),
        ('x, "A\n\nB, C"', ["x", "A\n\nB, C"]),
    ],
)
@pytest.mark.parametrize("header", ["text,outlet", '"text", "outlet"'])
def test_marks_one_space_behind_a_separator_enclose_the_field(
    tmp_path: Path, row: str, expected: list[str], header: str
) -> None:
    path = write(tmp_path / "a.csv", f"{header}\n{row}\nlast,B\n")
    notes: list[Note] = []
    first, last = kept(path, notes=notes)
    assert [*first.values.values()] == expected
    assert (last.line, last.values["text"]) == (3 + row.count("\n"), "last")
    assert [note.text for note in notes] == [
        "1 row(s) have quotation marks one space behind a separator, read as around the field"
    ]


def test_marks_behind_a_space_that_enclose_nothing_stay(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'outlet,text\nA, "Tall" order\nB, "Open order\nC,last\n')
    assert [item.values["text"].strip() for item in kept(path)] == ['"Tall" order', '"Open order', "last"]
