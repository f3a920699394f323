"""Rows of tables that are text: CSV, TSV and JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence

from framing.corpus.containers import MAX_LINE_CHARACTERS, OVERLONG
from framing.corpus.records import EXCERPT, Refused, Row, Rows, check_columns, to_text
from framing.errors import InputError

__all__ = ["read_delimited", "read_json_lines"]

_TOO_LONG = f"a line longer than {MAX_LINE_CHARACTERS} characters"


def read_delimited(
    lines: Iterator[str], name: str, needed: Sequence[str], *, delimiter: str, quoting: str = "minimal"
) -> Rows:
    """Rows of delimited text below a header line.

    Parameters
    ----------
    lines : iterator of str
        Lines of the file; one that is too long comes as `OVERLONG`.
    name : str
        Name of the file.
    needed : sequence of str
        Columns that the header must have.
    delimiter : str
        Character between fields.
    quoting : {"minimal", "none"}, default "minimal"
        Whether quotation marks enclose fields or are plain text.

    Yields
    ------
    Row or Refused
        In the order of the file.

    Raises
    ------
    InputError
        If the header is missing, cannot be read, or lacks a column.
    """
    record_lines: list[str] = []

    def record() -> Iterator[str]:
        for line in lines:
            record_lines.append(line)
            yield line

    if quoting == "none":
        reader = csv.reader(record(), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(record(), delimiter=delimiter)
    header = _read_header(reader, name, needed)
    while True:
        first = reader.line_num + 1
        record_lines.clear()
        try:
            fields = _read_record(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refused(name, first, f"cannot be read as a row: {error}{_name_lines(first, reader.line_num)}")
            continue
        if not fields:
            continue
        lines_read = _name_lines(first, reader.line_num)
        excerpt = delimiter.join(fields)[:EXCERPT]
        if lines_read and (problem := _find_misquoting(record_lines, delimiter)):
            # the lenient reader joins these rows into one without a complaint
            yield Refused(name, first, f"{problem}{lines_read}", excerpt)
        elif any(OVERLONG in field for field in fields):
            yield Refused(name, first, _TOO_LONG)
        elif len(fields) != len(header):
            yield Refused(name, first, f"{len(fields)} fields, expected {len(header)}{lines_read}", excerpt)
        else:
            yield Row(name, first, dict(zip(header, fields, strict=True)))


def _read_header(reader: Iterator[list[str]], name: str, needed: Sequence[str]) -> list[str]:
    try:
        header = [field.strip() for field in _read_record(reader)]
    except StopIteration:
        raise InputError(f"{name} is empty; expected a header line with the columns {', '.join(needed)}.") from None
    except csv.Error as error:
        raise InputError(f"{name}, line 1: the header cannot be read ({error}).") from None
    check_columns(name, header, needed)
    return header


def _read_record(reader: Iterator[list[str]]) -> list[str]:
    """Read the next record. The limit on the length of a field is global, so it is raised for this record alone."""
    limit = csv.field_size_limit(MAX_LINE_CHARACTERS)
    try:
        return next(reader)
    finally:
        csv.field_size_limit(limit)


def _name_lines(first: int, last: int) -> str:
    """Words for the lines of a record that is longer than one line; empty for one line."""
    return f"; lines {first} to {last}, a quote left open?" if last > first else ""


def _find_misquoting(record_lines: list[str], delimiter: str) -> str:
    """What a strict reader says against the lines of a record; empty where it accepts them."""
    try:
        list(csv.reader(record_lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return f"cannot be read as a row: {error}"
    return ""


def read_json_lines(lines: Iterator[str], name: str, needed: Sequence[str]) -> Rows:
    """Rows of JSON lines: one object a line.

    Parameters
    ----------
    lines : iterator of str
        Lines of the file; one that is too long comes as `OVERLONG`.
    name : str
        Name of the file.
    needed : sequence of str
        Keys that at least one object must have.

    Yields
    ------
    Row or Refused
        In the order of the file.

    Raises
    ------
    InputError
        If no object has a needed key.
    """
    keys: set[str] = set()
    n_objects = 0
    for number, line in enumerate(lines, start=1):
        if line.startswith(OVERLONG):
            yield Refused(name, number, _TOO_LONG)
            continue
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Refused(name, number, f"not valid JSON: {error}", line[:EXCERPT])
            continue
        if not isinstance(record, dict):
            yield Refused(name, number, "not a JSON object", line[:EXCERPT])
            continue
        keys.update(record)
        n_objects += 1
        nested = [key for key in needed if isinstance(record.get(key), dict | list)]
        if nested:
            yield Refused(name, number, f"{', '.join(nested)} is not a plain value", line[:EXCERPT])
            continue
        yield Row(name, number, {key: to_text(record.get(key)) for key in dict.fromkeys([*record, *needed])})
    if n_objects:
        check_columns(name, sorted(keys), needed)
