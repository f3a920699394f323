"""The layout of delimited text: which character separates its fields, and in which line its header stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from framing.corpus.containers import MAX_LINE_CHARACTERS
from framing.corpus.header import DEPTH, find_header, match_columns, raise_missing
from framing.corpus.records import Note
from framing.errors import InputError

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

__all__ = ["SEPARATORS", "Layout", "find_layout", "name_separator", "open_reader", "read_record", "take_head"]

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_DECLARED = re.compile(r"\"?sep=(.)\"?[\s,;|]*", re.IGNORECASE)  # a line that Excel writes and obeys
_HEAD_LINES = 400
_HEAD_CHARACTERS = 1_000_000


class Layout(NamedTuple):
    """How delimited text is laid out.

    Attributes
    ----------
    separator : str
        Character between fields.
    columns : list of str
        Names in the header, those that are needed as they are asked for.
    line : int
        Line in which the header begins; the first row where there is none.
    """

    separator: str
    columns: list[str]
    line: int


def take_head(lines: Iterator[str]) -> list[str]:
    """Take the first lines, enough to tell the layout.

    Parameters
    ----------
    lines : iterator of str
        Lines of a file; those that are returned are taken off it.

    Returns
    -------
    list of str
        At most 400 lines, or a million characters and a line.
    """
    head: list[str] = []
    n_characters = 0
    for line in islice(lines, _HEAD_LINES):
        head.append(line)
        n_characters += len(line)
        if n_characters >= _HEAD_CHARACTERS:
            break
    return head


def open_reader(lines: Iterable[str], separator: str, quoting: str) -> CsvReader:
    """Records of delimited text.

    Parameters
    ----------
    lines : iterable of str
        Lines with their ends.
    separator : str
        Character between fields.
    quoting : {"minimal", "none"}
        Whether quotation marks enclose fields or are plain text.

    Returns
    -------
    csv.reader
        The records, lenient on quotation marks.
    """
    if quoting == "none":
        return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=separator)


def read_record(reader: CsvReader) -> list[str]:
    """Read the next record. The limit on the length of a field is global, so it is raised for this record alone.

    Parameters
    ----------
    reader : csv.reader
        The records.

    Returns
    -------
    list of str
        Fields; none of a blank line.

    Raises
    ------
    StopIteration
        At the end.
    csv.Error
        If the record cannot be read.
    """
    limit = csv.field_size_limit(MAX_LINE_CHARACTERS)
    try:
        return next(reader)
    finally:
        csv.field_size_limit(limit)


def find_layout(
    head: Sequence[str],
    name: str,
    needed: Sequence[str],
    *,
    separator: str = "",
    usual: str = ",",
    quoting: str = "minimal",
    depth: int = DEPTH,
    header: Sequence[str] = (),
    notes: list[Note],
) -> Layout:
    """Tell the separator and the header of delimited text from its first lines.

    Parameters
    ----------
    head : sequence of str
        The first lines.
    name : str
        Name of the file.
    needed : sequence of str
        Columns that the header must have.
    separator : str, default ""
        Character between fields, or `tab`; by default that under which one of the first lines has the columns.
    usual : str, default ","
        Separator that such files usually have.
    quoting : {"minimal", "none"}, default "minimal"
        Whether quotation marks enclose fields.
    depth : int, default 20
        Records among which the header is looked for.
    header : sequence of str, default ()
        Names of the columns of a file that has no header line.
    notes : list of Note
        What was found that is not usual is appended.

    Returns
    -------
    Layout
        Separator, columns and line of the header.

    Raises
    ------
    InputError
        If the file is empty, lacks a column, or several separators fit.
    """
    declared = _DECLARED.fullmatch(head[0].strip("\r\n")) if head else None
    body = head[1:] if declared else head
    if separator:
        separator = _NAMED.get(separator, separator)
        if len(separator) != 1 or separator in '"\r\n':
            raise InputError(f"separator: expected one character, such as ; or tab, got {separator!r}.")
        candidates = [separator]
    elif declared:
        candidates = [declared[1]]
        notes.append(Note(name, f"line 1 says that the fields are separated by {name_separator(declared[1])}"))
    else:
        candidates = [usual, *(other for other in SEPARATORS if other != usual)]
    n_before = len(head) - len(body)
    readings = {candidate: _read_first(body, candidate, quoting, n_before, name, depth) for candidate in candidates}
    first = readings[candidates[0]]
    if not first:
        columns = f" with the columns {', '.join(needed)}" if needed else ""
        raise InputError(f"{name} is empty; expected a header line{columns}, and rows below it.")
    if header:
        return _apply_header(readings, name, needed, header)
    taken = _choose(readings, name, needed)
    place = find_header([fields for _, fields in readings[taken]], needed)
    if place is None:
        _raise_missing(readings, taken, name, needed)
    line, header = readings[taken][place or 0]
    if taken != usual and not declared:
        notes.append(Note(name, f"the fields are separated by {name_separator(taken)}"))
    if place:
        n_lines = line - 1 - n_before
        shown = " ".join("".join(body[:n_lines]).split())[:60]
        notes.append(Note(name, f"the header stands in line {line}; {n_lines} line(s) before it are not read: {shown}"))
    return Layout(taken, match_columns(header, needed), line)


def _apply_header(
    readings: dict[str, list[tuple[int, list[str]]]], name: str, needed: Sequence[str], header: Sequence[str]
) -> Layout:
    """Layout of a file without a header line: the separator under which most rows have as many fields as names."""
    n_fitting = {
        separator: sum(len(fields) == len(header) for _, fields in records) for separator, records in readings.items()
    }
    best = max(n_fitting, key=lambda separator: n_fitting[separator])  # the first of equals
    if n_fitting[best]:
        return Layout(best, match_columns(header, needed), readings[best][0][0])
    widths = sorted({len(fields) for records in readings.values() for _, fields in records[:1]})
    raise InputError(
        f"{name}: header: names {len(header)} columns, but its first row has {' or '.join(map(str, widths))}. "
        "Name each column."
    )


def name_separator(separator: str) -> str:
    """Name of a separator in the plural.

    Parameters
    ----------
    separator : str
        The character.

    Returns
    -------
    str
        Such as `semicolons`.

    Examples
    --------
    >>> name_separator(";"), name_separator("^")
    ('semicolons', "'^'")
    """
    return SEPARATORS.get(separator, repr(separator))


def _read_first(
    lines: Sequence[str], separator: str, quoting: str, n_before: int, name: str, depth: int
) -> list[tuple[int, list[str]]]:
    """The first records with their lines, as far as they can be read."""
    records: list[tuple[int, list[str]]] = []
    reader = open_reader(lines, separator, quoting)
    while len(records) < depth:
        line = n_before + reader.line_num + 1
        try:
            fields = read_record(reader)
        except StopIteration:
            break
        except csv.Error as error:
            if not records:
                raise InputError(f"{name}, line {line}: the header cannot be read ({error}).") from None
            break
        if fields:
            records.append((line, [_take_spaced_marks(field) for field in fields]))
    return records


def _take_spaced_marks(field: str) -> str:
    """A name of a column without the marks around it that stand behind a space."""
    name = field.strip()
    return name[1:-1] if field.startswith(' "') and name.endswith('"') and '"' not in name[1:-1] else field


def _choose(readings: dict[str, list[tuple[int, list[str]]]], name: str, needed: Sequence[str]) -> str:
    """The separator under which a line has the columns; where none are needed, that under which rows are even."""
    usual = next(iter(readings))
    if len(readings) == 1:
        return usual
    tables = {separator: [fields for _, fields in records] for separator, records in readings.items()}
    if not needed:
        fitting = [separator for separator, rows in tables.items() if len(rows[0]) > 1 and _is_even(rows)]
    elif find_header(tables[usual], needed) == 0:
        return usual
    else:
        fitting = [separator for separator, rows in tables.items() if find_header(rows, needed) is not None]
    if usual in fitting or not fitting:
        return usual if fitting else max(tables, key=lambda item: _rank(tables[item], needed))
    if len(fitting) > 1:
        ways = " or ".join(name_separator(separator) for separator in fitting)
        raise InputError(f"{name}: its fields may be separated by {ways}. Set `separator:` to the character.")
    return fitting[0]


def _is_even(rows: Sequence[Sequence[str]]) -> bool:
    return all(len(row) == len(rows[0]) for row in rows)


def _rank(rows: Sequence[Sequence[str]], needed: Sequence[str]) -> tuple[int, int]:
    """How well a separator fits where none fits: needed columns in a row, fields of the first row."""
    most = max((len(set(needed) & set(match_columns(row, needed))) for row in rows), default=0)
    return most, len(rows[0]) if rows else 0


def _raise_missing(
    readings: dict[str, list[tuple[int, list[str]]]], taken: str, name: str, needed: Sequence[str]
) -> None:
    """Raise an error on the missing columns, with the separator that was taken where it is in doubt."""
    usual = next(iter(readings))
    split = [separator for separator, records in readings.items() if records and len(records[0][1]) > 1]
    hint = ""
    if taken != usual or len(split) > 1:
        hint = f" Its fields were taken to be separated by {name_separator(taken)}; set `separator:` if they are not."
    elif not any(len(fields) > 1 for records in readings.values() for _, fields in records):
        first = readings[taken][0][1][0]
        if len(readings) == 1:
            hint = f" No line of it has {name_separator(taken)} between fields; leave `separator:` out."
        elif any(mark in first for mark in SEPARATORS):
            hint = " Its header is one field: its lines may stand in quotation marks as a whole. Take those away."
        elif not first.isidentifier():
            hint = " Its header is one field: set `separator:` if another character separates its fields."
    numbers, rows = zip(*readings[taken], strict=True)
    raise_missing(name, rows, numbers, needed, hint=hint)
