"""The format of a file, and the same rows in every format."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus.formats import find_format
from framing.corpus.records import Refused, Row
from framing.errors import InputError
from tests.corpus.files import EXPECTED, kept, rows, sample, workbook, write


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


@given(st.binary(max_size=300), st.sampled_from(["csv", "tsv", "jsonl", "txt", "html", "xlsx", "parquet"]))
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
