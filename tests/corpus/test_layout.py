"""The layout of delimited text: separator and header are told from the file, said, and never guessed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.records import Note
from framing.errors import InputError
from tests.corpus.files import kept, read, refused, rows, write


@pytest.mark.parametrize(
    ("separator", "said"), [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars"), (",", "")]
)
@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_the_separator_is_told_from_the_header_and_said(tmp_path: Path, separator: str, said: str, form: str) -> None:
    text = separator.join(("text", "outlet")) + "\n" + separator.join(('"One, two; three|"', "A")) + "\n"
    notes: list[Note] = []
    found = kept(write(tmp_path / f"a.{form}", text), notes=notes)
    assert [item.values for item in found] == [{"text": "One, two; three|", "outlet": "A"}]
    usual = "," if form == "csv" else "\t"
    expected = said or "commas"
    assert [note.text for note in notes] == ([] if separator == usual else [f"the fields are separated by {expected}"])


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "sep=;;"])
def test_a_line_that_declares_the_separator_is_obeyed(tmp_path: Path, line: str) -> None:
    notes: list[Note] = []
    path = write(tmp_path / "a.csv", f"\ufeff{line}\r\ntext;outlet\r\na, b;A\r\n")
    assert [(item.line, item.values["text"]) for item in kept(path, notes=notes)] == [(3, "a, b")]
    assert notes == [Note("a.csv", "line 1 says that the fields are separated by semicolons")]


@pytest.mark.parametrize(("given", "separator"), [("^", "^"), ("tab", "\t"), (";", ";")])
def test_a_separator_that_is_given_is_taken(tmp_path: Path, given: str, separator: str) -> None:
    path = write(tmp_path / "a.csv", f"text{separator}outlet\na,b{separator}A\n")
    assert kept(path, separator=given)[0].values == {"text": "a,b", "outlet": "A"}


def test_a_separator_that_is_no_character_or_does_not_occur_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text;outlet\na;A\n")
    with pytest.raises(InputError, match=r"separator: expected one character, such as ; or tab, got '\|\|'"):
        rows(path, separator="||")
    with pytest.raises(InputError, match=r"lacks the column\(s\) text, outlet.*No line of it has vertical bars"):
        rows(path, separator="|")


def test_where_no_separator_gives_the_columns_the_one_that_was_tried_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text;outlet,x\na;A,1\n")
    with pytest.raises(InputError, match=r"lacks the column\(s\) outlet\. It has: text, outlet,x\. .*set `separator:`"):
        rows(path)


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("text^outlet\na^A\n", "set `separator:` if another character separates its fields"),
        ('"text,outlet"\n"a,A"\n', "its lines may stand in quotation marks as a whole"),
    ],
)
def test_a_header_that_is_one_field_comes_with_what_to_do(tmp_path: Path, content: str, hint: str) -> None:
    with pytest.raises(InputError, match=rf"lacks the column\(s\) text, outlet\. .*{hint}"):
        rows(write(tmp_path / "a.csv", content))


def test_a_row_split_by_a_separator_in_its_text_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text;outlet\none; two;A\nb;B\n")
    assert refused(path) == [
        (2, "3 fields between semicolons, expected 2; semicolons in a text need quotation marks around it")
    ]


def test_two_separators_that_fit_are_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Export of July\na;text;outlet\na|text|outlet\n")
    with pytest.raises(InputError, match=r"may be separated by semicolons or vertical bars\. Set `separator:`"):
        rows(path)


def test_lines_before_the_header_are_said(tmp_path: Path) -> None:
    notes: list[Note] = []
    path = write(tmp_path / "a.csv", "Exported from NewsDB\nQuery: ferry, bridge\n\ntext,outlet\na,A\nb\n")
    assert [(item.line, item.values["text"]) for item in read(path, notes=notes)] == [(5, "a")]
    assert notes == [
        Note(
            "a.csv",
            "the header stands in line 4; 3 line(s) before it are not read: Exported from NewsDB Query: ferry, bridge",
        )
    ]
    assert refused(path) == [(6, "1 fields, expected 2")]


def test_a_header_with_other_names_is_pointed_at(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Exported from NewsDB\n\nbody,paper\na,A\n")
    with pytest.raises(InputError, match=r"It has: Exported from NewsDB\. The header seems to be in line 3 \(body"):
        rows(path)


def test_a_word_in_a_row_is_no_header(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "headline,paper\nText,A\nb,B\n")
    with pytest.raises(InputError, match=r"lacks the column\(s\) text\. It has: headline, paper\."):
        rows(path, ("text",))


@pytest.mark.parametrize(
    "header", ["Text,OUTLET", "\u200btext,outlet\u00a0", "text ,  outlet", "\ufefftext,outlet", "text\u00ad,outlet"]
)
def test_names_that_differ_in_form_only_are_the_needed_ones(tmp_path: Path, header: str) -> None:
    assert kept(write(tmp_path / "a.csv", f"{header}\na,A\n"))[0].values == {"text": "a", "outlet": "A"}


@pytest.mark.parametrize(
    ("header", "needed"), [("re\u0301sume\u0301", "r\u00e9sum\u00e9"), ("r\u00e9sum\u00e9", "re\u0301sume\u0301")]
)
def test_composed_and_decomposed_names_meet(tmp_path: Path, header: str, needed: str) -> None:
    assert kept(write(tmp_path / "a.csv", f"{header},outlet\na,A\n"), (needed, "outlet"))[0].values[needed] == "a"


def test_capitals_that_tell_two_columns_apart_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Text,TEXT,outlet\na,b,A\n")
    assert kept(path, ("Text", "outlet"))[0].values == {"Text": "a", "TEXT": "b", "outlet": "A"}
    with pytest.raises(InputError, match=r"lacks the column\(s\) text\. It has: Text, TEXT, outlet"):
        rows(path)


def test_cells_beside_the_header_are_carried_and_blank_ones_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,outlet,\na,A,see below\nb,B,\nc,C,, \n")
    assert [item.values for item in kept(path)] == [
        {"text": "a", "outlet": "A", "column_3": "see below"},
        {"text": "b", "outlet": "B"},
        {"text": "c", "outlet": "C"},
    ]


def test_a_column_twice_loses_no_cell(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,outlet,note,note\na,A,x,y\n")
    assert kept(path)[0].values == {"text": "a", "outlet": "A", "note": "x", "note (4)": "y"}


def test_the_header_of_a_file_put_together_is_refused(tmp_path: Path) -> None:
    part = "text,outlet\na,A\n".encode("utf-8-sig")
    path = write(tmp_path / "a.csv", part + part)
    assert [item.line for item in read(path)] == [2, 4]
    assert refused(path) == [(3, "the header once more")]


fields = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=12)


@given(st.lists(st.tuples(fields, fields, fields), max_size=6), st.sampled_from(",;\t|"), st.booleans())
def test_what_is_written_with_any_separator_comes_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, ...]], separator: str, quote_all: bool
) -> None:
    stream = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=separator, quoting=quoting).writerows([("text", "outlet", "n"), *table])
    path = write(tmp_path_factory.getbasetemp() / "written.csv", stream.getvalue())
    assert [tuple(item.values.values()) for item in kept(path)] == table
