"""Rows of every file format that is read, each with its line, and the rows refused with the reason."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from framing.corpus.containers import MAX_LINE_CHARACTERS, OVERLONG, open_streams, text_lines
from framing.errors import InputError

__all__ = ["FORMATS", "Refused", "Row", "find_format", "read_rows"]

FORMATS = ("csv", "tsv", "jsonl", "parquet", "xlsx", "txt", "html")
_SUFFIXES = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet",
    ".xlsx": "xlsx", ".txt": "txt", ".html": "html", ".htm": "html",
}  # fmt: skip
_LOCATION = ("file", "stem", "folder")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text: `values` by their column name."""

    file: str
    line: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that could not be read, and why."""

    file: str
    line: int
    reason: str
    excerpt: str = ""


Rows = Iterator[Row | Refused]


def find_format(path: Path) -> str:
    """Format by the file's ending, `.gz` and `.zip` looked through; raises `InputError`."""
    suffixes = [item.lower() for item in path.suffixes if item.lower() not in (".gz", ".zip")]
    found = _SUFFIXES.get(suffixes[-1]) if suffixes else None
    if found is None:
        raise InputError(f"{path}: expected a file ending in {', '.join(_SUFFIXES)} (also .gz or .zip of these).")
    return found


def read_rows(
    path: Path, *, kind: str, needed: Sequence[str], encoding: str = "utf-8", quoting: str = "minimal"
) -> Rows:
    """Rows of one file. `needed` columns must be there, else `InputError` lists those present."""
    if kind in ("parquet", "xlsx"):
        read: Callable[..., Rows] = _parquet if kind == "parquet" else _xlsx
        for name, stream in open_streams(path, seekable=True):
            yield from read(stream, name, needed)
        return
    for name, stream in open_streams(path):
        if kind == "html":
            yield from _html(stream, name, path, needed, encoding)
        elif kind == "txt":
            yield from _txt(stream, name, path, needed, encoding)
        else:
            lines = text_lines(stream, name=name, encoding=encoding)
            if kind == "jsonl":
                yield from _jsonl(lines, name, needed)
            else:
                yield from _delimited(lines, name, needed, "," if kind == "csv" else "\t", quoting)


def _next_record(reader: Iterator[list[str]]) -> list[str]:
    """The next record. The limit on a field is the whole process's, so that it is set for this record alone."""
    before = csv.field_size_limit(MAX_LINE_CHARACTERS)
    try:
        return next(reader)
    finally:
        csv.field_size_limit(before)


def _delimited(lines: Iterator[str], name: str, needed: Sequence[str], comma: str, quoting: str) -> Rows:
    record: list[str] = []

    def noted() -> Iterator[str]:
        for line in lines:
            record.append(line)
            yield line

    if quoting == "none":
        reader = csv.reader(noted(), delimiter=comma, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(noted(), delimiter=comma)
    try:
        header = _next_record(reader)
    except StopIteration:
        raise InputError(f"{name} is empty; expected a header line with the columns {', '.join(needed)}.") from None
    except csv.Error as error:
        raise InputError(f"{name}, line 1: the header cannot be read ({error}).") from None
    header = [item.strip() for item in header]
    _require(name, header, needed)
    while True:
        first = reader.line_num + 1
        record.clear()
        try:
            fields = _next_record(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refused(name, first, f"cannot be read as a row: {error}{_span(first, reader.line_num)}")
            continue
        if not fields:
            continue
        if reader.line_num > first and (fault := _misquoted(record, comma)):
            # the lenient reader would join these rows into one unseen
            yield Refused(name, first, f"{fault}{_span(first, reader.line_num)}", comma.join(fields)[:200])
            continue
        if any(OVERLONG in field for field in fields):
            yield Refused(name, first, f"a line longer than {MAX_LINE_CHARACTERS} characters")
        elif len(fields) != len(header):
            reason = f"{len(fields)} fields, expected {len(header)}{_span(first, reader.line_num)}"
            yield Refused(name, first, reason, comma.join(fields)[:200])
        else:
            yield Row(name, first, dict(zip(header, fields, strict=True)))


def _span(first: int, last: int) -> str:
    return f"; lines {first} to {last}, a quote left open?" if last > first else ""


def _misquoted(record: list[str], comma: str) -> str:
    try:
        list(csv.reader(record, delimiter=comma, strict=True))
    except csv.Error as error:
        return f"cannot be read as a row: {error}"
    return ""


def _jsonl(lines: Iterator[str], name: str, needed: Sequence[str]) -> Rows:
    seen: set[str] = set()
    good = 0
    for number, line in enumerate(lines, start=1):
        if line.startswith(OVERLONG):
            yield Refused(name, number, f"a line longer than {MAX_LINE_CHARACTERS} characters")
            continue
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Refused(name, number, f"not valid JSON: {error}", line[:200])
            continue
        if not isinstance(record, dict):
            yield Refused(name, number, "not a JSON object", line[:200])
            continue
        seen.update(record)
        good += 1
        nested = [key for key in needed if isinstance(record.get(key), dict | list)]
        if nested:
            yield Refused(name, number, f"{', '.join(nested)} is not a plain value", line[:200])
            continue
        yield Row(name, number, {key: _plain(record.get(key)) for key in dict.fromkeys([*record, *needed])})
    if good:
        _require(name, sorted(seen), needed)


def _parquet(stream: IO[bytes], name: str, needed: Sequence[str]) -> Rows:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(stream)
        present = table.schema_arrow.names
        _require(name, present, needed)
        number = 0
        for batch in table.iter_batches(batch_size=2048):
            for record in batch.to_pylist():
                number += 1
                yield Row(name, number, {key: _plain(value) for key, value in record.items()})
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{name} is not a readable Parquet file: {reason}") from None


def _xlsx(stream: IO[bytes], name: str, needed: Sequence[str]) -> Rows:
    rows = _cells(stream, name)
    header = [_plain(cell).strip() for cell in next(rows, ())]
    while header and not header[-1]:
        header.pop()
    _require(name, header, needed)
    for number, cells in enumerate(rows, start=2):
        if all(cell is None for cell in cells):
            continue
        extra = [cell for cell in cells[len(header) :] if cell is not None]
        if extra:
            yield Refused(name, number, f"{len(extra)} cell(s) beyond the {len(header)} headed columns")
            continue
        padded = [*cells, *[None] * (len(header) - len(cells))][: len(header)]
        values = {key: _plain(cell) for key, cell in zip(header, padded, strict=True) if key}
        yield Row(name, number, values)


def _cells(stream: IO[bytes], name: str) -> Iterator[tuple[object, ...]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(stream, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a wrong size in the file would hide rows
        yield from sheet.iter_rows(values_only=True)
        book.close()
    except Exception as error:  # openpyxl lets whatever its zip and XML parsers raise come through
        raise InputError(f"{name} is not a readable XLSX workbook: {error}") from None


def _txt(stream: IO[bytes], name: str, path: Path, needed: Sequence[str], encoding: str) -> Rows:
    _require(name, ("text", *_LOCATION), needed)
    text = "".join(text_lines(stream, name=name, encoding=encoding))
    if OVERLONG in text:
        yield Refused(name, 1, f"a line longer than {MAX_LINE_CHARACTERS} characters")
        return
    yield Row(name, 1, {"text": text, **_location(name, path)})


def _html(stream: IO[bytes], name: str, path: Path, needed: Sequence[str], encoding: str) -> Rows:
    from trafilatura import bare_extraction

    _require(name, ("text", "title", "published", "url", "site", *_LOCATION), needed)
    raw = stream.read(MAX_LINE_CHARACTERS + 1)
    if len(raw) > MAX_LINE_CHARACTERS:
        yield Refused(name, 1, f"a page of more than {MAX_LINE_CHARACTERS} bytes")
        return
    try:
        page: Any = raw.decode(encoding) if encoding.lower() not in ("utf-8", "utf8") else raw
        found = bare_extraction(page, with_metadata=True, include_comments=False, include_tables=False)
    except (ValueError, LookupError) as error:
        yield Refused(name, 1, f"not readable as HTML: {error}")
        return
    if found is None or not found.text:
        yield Refused(name, 1, "no main text found in the page")
        return
    values = {
        "text": found.text,
        "title": found.title or "",
        "published": found.date or "",
        "url": found.url or "",
        "site": found.sitename or found.hostname or "",
    }
    yield Row(name, 1, {**values, **_location(name, path)})


def _location(name: str, path: Path) -> dict[str, str]:
    inner = Path(name)
    folder = inner.parent.name if path.suffix.lower() == ".zip" and len(inner.parts) > 2 else path.parent.name
    return {"file": name, "stem": inner.name.split(".")[0], "folder": folder}


def _require(name: str, present: Sequence[str], needed: Sequence[str]) -> None:
    missing = [item for item in needed if item not in present]
    if missing:
        hint = ""
        if len(present) == 1 and any(mark in present[0] for mark in ";\t|"):
            hint = " Its columns seem to be separated by another character: save it with commas, or as .tsv with tabs."
        raise InputError(
            f"{name} lacks the column(s) {', '.join(missing)}. It has: "
            f"{', '.join(item or '(unnamed)' for item in present)}.{hint}"
        )
    twice = sorted({item for item in needed if present.count(item) > 1})
    if twice:
        raise InputError(f"{name}: the column(s) {', '.join(twice)} stand twice in the header; rename one.")


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value)
