"""Files that are one row: plain text and saved pages."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from framing.corpus.records import Refused, Row
from framing.errors import InputError
from tests.corpus.files import PAGE, kept, refused, rows, write


def test_a_text_file_is_one_row_with_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "beacon"
    folder.mkdir()
    path = write(folder / "2025-07-05.long.txt", "\ufeffOne.\r\n\r\nTwo.")
    assert kept(path, ("text", "folder")) == [
        Row(
            path.name,
            1,
            {"text": "One.\r\n\r\nTwo.", "file": path.name, "stem": "2025-07-05.long", "folder": "beacon"},
        )
    ]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("U.S. talks.txt", "U.S. talks"),
        ("2025.07.04 summit.TXT", "2025.07.04 summit"),
        ("v1.2.txt.gz", "v1.2"),
        ("notes.md.txt", "notes.md"),
        ("a.txt.txt", "a.txt"),
        ("St. James.htm", "St. James"),
        ("archive.zip", "one. two"),
    ],
)
def test_the_stem_is_the_name_without_its_ending(tmp_path: Path, name: str, stem: str) -> None:
    path = tmp_path / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("one. two.txt", "One.")
    else:
        write(path, gzip.compress(b"One.") if name.endswith(".gz") else PAGE if name.endswith(".htm") else "One.")
    kind = "html" if name.endswith(".htm") else "txt"
    assert kept(path, ("text",), kind=kind)[0].values["stem"] == stem


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
        rows(write(tmp_path / name, PAGE if name == "a.html" else "One."), ("text", "author"))
