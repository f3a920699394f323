"""What a file is: endings in any case, files of systems, and files that are not what their name says."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from framing.corpus.documents import read_corpus
from framing.corpus.file_kinds import find_format
from framing.corpus.records import Note
from framing.errors import InputError
from tests.corpus.conftest import CorpusMaker
from tests.corpus.files import PAGE, kept, read, refused, rows, workbook, write

TABLE = "text,outlet\na,A\n"


def pack(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["A.CSV", "b.Csv", "c.csv"])
def test_endings_in_capitals_match_a_pattern(make_corpus: CorpusMaker, name: str) -> None:
    assert read_corpus(make_corpus({name: TABLE}, pattern='"*.csv"')).documents["outlet"].tolist() == ["A"]
    assert read_corpus(make_corpus({name: TABLE}, pattern='"*.CSV"')).documents["outlet"].tolist() == ["A"]


@pytest.mark.parametrize("name", ["._a.csv", "~$a.csv", ".~lock.a.csv#", "Thumbs.db", ".DS_Store"])
def test_files_of_a_system_are_passed_over_and_said(make_corpus: CorpusMaker, name: str) -> None:
    corpus = read_corpus(make_corpus({"a.csv": TABLE, name: b"\x00\x05\x16\x07"}, pattern='"*"'.replace("*", "*[!l]")))
    assert len(corpus.documents) == 1
    assert corpus.notes == (Note(name, "left by a system or an open program, not read"),)


def test_hidden_members_of_an_archive_are_passed_over_and_said(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.csv.zip", {"a.csv": TABLE, "__MACOSX/._a.csv": b"\x00", ".DS_Store": b"\x00"})
    notes: list[Note] = []
    assert len(kept(path, notes=notes)) == 1
    assert notes == [Note("a.csv.zip", "2 file(s) such as .DS_Store: left by a system or an open program, not read")]


def test_members_of_another_format_are_refused_beside_those_of_theirs(tmp_path: Path) -> None:
    path = pack(tmp_path / "a.csv.zip", {"a.csv": TABLE, "readme.txt": "Read me.", "codebook.pdf": b"%PDF-1.4"})
    assert [item.values["outlet"] for item in read(path)] == ["A"]
    assert [reason for _, reason in refused(path)] == [
        "the file is not read: it ends in .pdf, and others of the archive are csv",
        "the file is not read: it ends in .txt, and others of the archive are csv",
    ]


def test_a_member_that_is_not_what_its_name_says_is_refused_beside_others(tmp_path: Path) -> None:
    book = workbook(tmp_path / "b.xlsx", [["text", "outlet"], ["b", "B"]]).read_bytes()
    path = pack(tmp_path / "a.csv.zip", {"a.csv": TABLE, "b.csv": book})
    assert [item.values["outlet"] for item in read(path)] == ["A"]
    assert refused(path) == [(1, "the file is an XLSX workbook: set `format: xlsx`")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7", r"a\.csv is a PDF document: save it as \.txt"),
        (b"{\\rtf1", r"a\.csv is an RTF document: "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"a\.csv is an old or protected Office file .*save it as \.xlsx"),
        (gzip.compress(TABLE.encode(), mtime=0), r"a\.csv is a file packed with gzip: let its name end in \.gz\."),
        (b"PAR1", r"a\.csv is a Parquet file: set `format: parquet`\."),
        (PAGE.encode(), r"a\.csv is a web page: set `format: html`"),
        (b"<?xml version='1.0'?><Workbook/>", r"a\.csv is an XML file: export it as \.csv"),
    ],
)
def test_a_table_that_is_another_kind_of_file_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows(write(tmp_path / "a.csv", content))


@pytest.mark.parametrize(
    ("inner", "message"), [("xl/workbook.xml", "an XLSX workbook"), ("word/document.xml", "a Word doc")]
)
def test_an_archive_by_another_name_is_named(tmp_path: Path, inner: str, message: str) -> None:
    with pytest.raises(InputError, match=rf"a\.csv is {message}"):
        rows(pack(tmp_path / "a.csv", {"[Content_Types].xml": "<x/>", inner: "<x/>"}))
    with pytest.raises(InputError, match=r"a\.csv is a \.zip archive: let its name end in \.zip"):
        rows(pack(tmp_path / "a.csv", {"b.csv": TABLE}))


def test_a_text_that_is_another_kind_of_file_is_one_refused_row(tmp_path: Path) -> None:
    assert refused(write(tmp_path / "a.txt", b"%PDF-1.7"), ("text",))[0][1].startswith("the file is a PDF document: ")
    assert refused(write(tmp_path / "b.html", b"%PDF-1.7"), ("text",))[0][1].startswith("the file is a PDF document: ")
    assert refused(write(tmp_path / "c.txt", PAGE), ("text",))[0][1].startswith("the file is a web page: ")


@pytest.mark.parametrize("name", ["a.xls", "a.ods", "a.docx", "a.pdf", "a.rtf", "a.sav", "a.RAR"])
def test_an_ending_that_is_not_read_comes_with_what_to_do(name: str) -> None:
    with pytest.raises(InputError, match=r"expected a file ending in .*It ends in \.\w+: (save|export|pack) it as"):
        find_format(Path(name))
