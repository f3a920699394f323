"""Rows of tables that are text: CSV, TSV and JSON lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import chain

from framing.corpus.containers import MAX_LINE_CHARACTERS, OVERLONG
from framing.corpus.header import make_values, name_columns
from framing.corpus.layout import find_layout, name_separator, open_reader, read_record, take_head
from framing.corpus.records import EXCERPT, Note, Refused, Row, Rows, check_columns, to_text

__all__ = ["read_delimited", "read_json_lines"]

_TOO_LONG = f"a line longer than {MAX_LINE_CHARACTERS} characters"


def read_delimited(
    lines: Iterator[str],
    name: str,
    needed: Sequence[str],
    *,
    separator: str = "",
    usual: str = ",",
    quoting: str = "minimal",
    notes: list[Note],
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
    separator : str, default ""
        Character between fields; by default told from the first lines.
    usual : str, default ","
        Separator that such files usually have.
    quoting : {"minimal", "none"}, default "minimal"
        Whether quotation marks enclose fields or are plain text.
    notes : list of Note
        Remarks on how the file is read are appended.

    Yields
    ------
    Row or Refused
        In the order of the file.

    Raises
    ------
    InputError
        If the header is missing, cannot be read, or lacks a column.
    """
    head = take_head(lines)
    layout = find_layout(head, name, needed, separator=separator, usual=usual, quoting=quoting, notes=notes)
    check_columns(name, layout.columns, needed)
    n_before = layout.line - 1
    record_lines: list[str] = []

    def record() -> Iterator[str]:
        for line in chain(head[n_before:], lines):
            record_lines.append(line)
            yield line

    reader = open_reader(record(), layout.separator, quoting)
    between = "" if layout.separator == usual else f" between {name_separator(layout.separator)}"
    header = read_record(reader)
    columns = name_columns(layout.columns)
    while True:
        first = n_before + reader.line_num + 1
        record_lines.clear()
        try:
            fields = read_record(reader)
        except StopIteration:
            return
        except csv.Error as error:
            last = n_before + reader.line_num
            yield Refused(name, first, f"cannot be read as a row: {error}{_name_lines(first, last)}")
            continue
        if not fields:
            continue
        lines_read = _name_lines(first, n_before + reader.line_num)
        excerpt = layout.separator.join(fields)[:EXCERPT]
        while len(fields) > len(header) and not fields[-1].strip():
            fields.pop()  # separators at the end of a row
        if lines_read and (problem := _find_misquoting(record_lines, layout.separator)):
            # the lenient reader joins these rows into one without a complaint
            yield Refused(name, first, f"{problem}{lines_read}", excerpt)
        elif any(OVERLONG in field for field in fields):
            yield Refused(name, first, _TOO_LONG)
        elif len(fields) != len(header):
            yield Refused(name, first, f"{len(fields)} fields{between}, expected {len(header)}{lines_read}", excerpt)
        elif fields == header and len(header) > 1:
            yield Refused(name, first, "the header once more", excerpt)
        else:
            yield Row(name, first, make_values(columns, layout.columns, fields))


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
