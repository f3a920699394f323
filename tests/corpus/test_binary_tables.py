"""Parquet files and workbooks: every cell as text, every row at its number, damaged files named."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import InputError
from tests.corpus.files import kept, read, refused, rows, sample, write


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
        {"text": "", "n": str(2**60), "when": "", "day": "", "price": "", "raw": r"\xff"},
    ]


def test_parquet_values_that_are_missing_or_nested(tmp_path: Path) -> None:
    nan = float("nan")
    table = pa.table(
        {
            "text": ["a", "b", "c"],
            "id": [1.0, nan, 3.0],
            "share": [1.0, 0.5, float("inf")],
            "outlet": pa.array(["A", "B", "A"]).dictionary_encode(),
            "when": pa.array([datetime(2025, 7, 5, 12), None, None], pa.timestamp("us", "Europe/Berlin")),
            "source": [{"name": "The Post"}, {"name": None}, None],
            "tags": [["war", "talks"], [], None],
            "flag": [True, None, False],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    assert [list(item.values.values()) for item in kept(tmp_path / "a.parquet", ("text", "source.name"))] == [
        ["a", "The Post", "1", "1.0", "A", "2025-07-05T14:00:00+02:00", "war; talks", "True"],
        ["b", "", "", "0.5", "B", "", "", ""],
        ["c", "", "3", "", "A", "", "", "False"],
    ]


def test_parquet_lists_as_text_are_paragraphs_and_nested_ones_are_refused(tmp_path: Path) -> None:
    texts = [["The ferry sailed at noon.", "Nobody was on it."], ["One of them left."]]
    pq.write_table(pa.table({"text": texts, "outlet": ["A", "B"]}), tmp_path / "a.parquet")
    assert [item.values["text"] for item in kept(tmp_path / "a.parquet")] == [
        "The ferry sailed at noon.\n\nNobody was on it.",
        "One of them left.",
    ]
    pq.write_table(pa.table({"text": [[{"p": "One."}]], "outlet": ["A"]}), tmp_path / "b.parquet")
    assert refused(tmp_path / "b.parquet") == [(1, "text is not a plain value")]


values = st.none() | st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=12)


@given(st.lists(st.tuples(values, values), max_size=8))
def test_what_pyarrow_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str | None, str | None]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "written.parquet"
    columns = {
        name: pa.array([row[place] for row in table], pa.string()) for place, name in enumerate(("text", "outlet"))
    }
    pq.write_table(pa.table(columns), path)
    assert [(item.values["text"], item.values["outlet"]) for item in kept(path)] == [
        (text or "", outlet or "") for text, outlet in table
    ]


def test_parquet_rows_are_numbered_across_batches(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": [str(number) for number in range(5000)]}), tmp_path / "a.parquet")
    found = kept(tmp_path / "a.parquet", ("text",))
    assert [(item.line, item.values["text"]) for item in found] == [(n + 1, str(n)) for n in range(5000)]


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


def test_parquet_bytes_that_are_not_utf_8_refuse_the_row(tmp_path: Path) -> None:
    text = "Die Fähre fuhr über den Fluss."
    table = pa.table({"text": pa.array([text.encode(), text.encode("cp1252"), b"plain"])})
    pq.write_table(table, tmp_path / "a.parquet")
    assert [item.values["text"] for item in read(tmp_path / "a.parquet", ("text",))] == [text, "plain"]
    assert refused(tmp_path / "a.parquet", ("text",)) == [
        (2, "text is not UTF-8 (it looks like cp1252); store it as text in UTF-8")
    ]


def test_parquet_text_whose_bytes_are_not_utf_8_refuses_the_row(tmp_path: Path) -> None:
    content = pa.array([b"one", "Die Fähre fuhr über den Fluss.".encode("cp1252"), b"three"])
    broken = pa.StringArray.from_buffers(3, content.buffers()[1], content.buffers()[2])
    pq.write_table(pa.table({"text": broken, "n": [1, 2, 3]}), tmp_path / "a.parquet")
    assert [item.values["n"] for item in read(tmp_path / "a.parquet", ("text",))] == ["1", "3"]
    assert refused(tmp_path / "a.parquet", ("text",)) == [
        (2, "a text is not UTF-8 (it looks like cp1252); store it as text in UTF-8")
    ]
