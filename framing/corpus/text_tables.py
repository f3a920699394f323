"""Rows of tables that are text: CSV and TSV."""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from framing.corpus.containers import MAX_LINE_CHARACTERS, OVERLONG
from framing.corpus.header import DEPTH, clean_name, make_values, name_columns
from framing.corpus.layout import Layout, find_layout, name_separator, open_reader, read_record, take_head
from framing.corpus.quoting import find_misquoting, find_plain_marks, read_escaped, read_loose, read_spaced
from framing.corpus.records import EXCERPT, Note, Refused, Row, Rows, check_columns

__all__ = ["read_delimited"]

_REMEDY = "; where quotation marks are plain text, set quoting: none"
_MENDED = {  # remarks on rows that break the rules of quoting, by how they were read
    "escaped": "have quotation marks after a backslash, read as quotation marks",
    "stray": "have a quotation mark within a field in marks that is not doubled, read as one",
    "spaced": "have quotation marks one space behind a separator, read as around the field",
    "unquoted": "begin a field with a quotation mark that encloses nothing, read as they stand",
}
_RETURN = "\ufdd0"  # in the place of a carriage return that ends no line, while a record is read; no character
_MAX_MORE = 40  # lines that marks behind a space may go on
_TOO_LONG = f"a line longer than {MAX_LINE_CHARACTERS} characters"


def read_delimited(
    open_lines: Callable[[], Iterator[str]],
    name: str,
    needed: Sequence[str],
    *,
    separator: str = "",
    usual: str = ",",
    quoting: str = "minimal",
    depth: int = DEPTH,
    header: Sequence[str] = (),
    notes: list[Note],
) -> Rows:
    """Rows of delimited text below a header line.

    Parameters
    ----------
    open_lines : callable
        Gives the lines of the file from its beginning; one that is too long comes as `OVERLONG`.
    name : str
        Name of the file.
    needed : sequence of str
        Columns that the header must have.
    separator : str, default ""
        Character between fields; by default told from the first lines.
    usual : str, default ","
        Separator that such files usually have.
    quoting : {"minimal", "none"}, default "minimal"
        Whether quotation marks enclose fields or are plain text; a file with tabs may show that they are plain text.
    depth : int, default 20
        Records among which the header is looked for.
    header : sequence of str, default ()
        Names of the columns of a file that has no header line.
    notes : list of Note
        Remarks on how the file is read are appended.

    Yields
    ------
    Row or Refused
        In the order of the file. A row that breaks the rules of quoting is kept as it stands where it can be read in
        one way only, and refused where not.

    Raises
    ------
    InputError
        If the header is missing, cannot be read, or lacks a column.
    """
    open_lines = partial(_join_returns, open_lines)
    lines = open_lines()
    head = take_head(lines)
    layout = find_layout(
        head,
        name,
        needed,
        separator=separator,
        usual=usual,
        quoting=quoting,
        depth=depth,
        header=header,
        notes=notes,
    )
    check_columns(name, layout.columns, needed)
    n_before = layout.line - 1
    if layout.separator == "\t" and quoting != "none" and not any('"' in line for line in head[n_before : layout.line]):
        n_above = n_before if header else layout.line
        below = (line.replace(_RETURN, "\r") for line in islice(open_lines(), n_above, None))
        if place := find_plain_marks(below, layout.separator, len(layout.columns)):
            quoting = "none"
            notes.append(Note(name, f"no quoting: quotation marks are plain text, see line {n_above + place}"))
        lines = islice(open_lines(), len(head), None)  # there is one stream, and it has moved
    record_lines: list[str] = []
    source = chain(head[n_before:], lines)
    ahead: deque[str] = deque()

    def record() -> Iterator[str]:
        while (line := ahead.popleft() if ahead else next(source, None)) is not None:
            record_lines.append(line)
            yield line

    reader = open_reader(record(), layout.separator, quoting)
    written = list(header or read_record(reader))
    table = _Table(
        name, layout, list(map(clean_name, written)), name_columns(layout.columns), layout.separator == usual
    )
    counts: Counter[str] = Counter()
    while True:
        first = n_before + reader.line_num + 1
        record_lines.clear()
        try:
            fields = read_record(reader)
            problem = find_misquoting(record_lines, layout.separator) if quoting != "none" else ""
        except StopIteration:
            break
        except csv.Error as error:
            reason = f"cannot be read as a row: {error}{_name_lines(first, n_before + reader.line_num)}"
            yield Refused(name, first, reason)
            continue
        if quoting != "none" and any(field.startswith(' "') for field in fields):
            more: list[str] = []
            spaced, is_open = read_spaced(record_lines, layout.separator, len(layout.columns))
            while is_open and len(more) < _MAX_MORE and (line := ahead.popleft() if ahead else next(source, None)):
                more.append(line)
                spaced, is_open = read_spaced([*record_lines, *more], layout.separator, len(layout.columns))
            if spaced:
                n_before += len(more)
                counts["spaced"] += spaced != [field.lstrip(" ") for field in fields]
                yield table.make_row(spaced, first, n_before + reader.line_num)
                continue
            ahead.extendleft(reversed(more))
        if problem:
            yield from table.mend(record_lines, first, problem, counts)
        elif fields:
            yield table.make_row(fields, first, n_before + reader.line_num)
    notes.extend(Note(name, f"{n} row(s) {_MENDED[kind]}") for kind, n in counts.items())


class _Table(NamedTuple):
    """A table of delimited text, to make rows of its records: its header as it stands, and a name for each column."""

    name: str
    layout: Layout
    header: list[str]
    columns: list[str]
    is_usual: bool

    def make_row(self, fields: list[str], first: int, last: int) -> Row | Refused:
        n_columns = len(self.layout.columns)
        fields = [field.replace(_RETURN, "\r") for field in fields]
        excerpt = self.layout.separator.join(fields)[:EXCERPT]
        while len(fields) > n_columns and not fields[-1].strip():
            fields.pop()  # separators at the end of a row
        if any(OVERLONG in field for field in fields):
            return Refused(self.name, first, _TOO_LONG)
        if len(fields) != n_columns:
            marks = name_separator(self.layout.separator)
            between = "" if self.is_usual else f" between {marks}"
            hint = (
                ""
                if self.is_usual or len(fields) < n_columns
                else f"; {marks} in a text need quotation marks around it"
            )
            reason = f"{len(fields)} fields{between}, expected {n_columns}{_name_lines(first, last)}{hint}"
            return Refused(self.name, first, reason, excerpt)
        if n_columns > 1 and all(map(_is_name, fields, self.header)):
            return Refused(self.name, first, "the header once more", excerpt)
        return Row(self.name, first, make_values(self.columns, self.layout.columns, fields))

    def mend(self, lines: Sequence[str], first: int, problem: str, counts: Counter[str]) -> Rows:
        """Rows of lines that break the rules of quoting: those that can be read in one way only, else one refused."""
        separator, n_columns = self.layout.separator, len(self.layout.columns)
        records, kind = read_escaped(lines, separator, n_columns), "escaped"
        if not records and len(lines) == 1:
            fields, kind = read_loose(lines[0], separator, n_columns)
            records = [(0, fields)] if fields else []
        if records:
            counts[kind] += len(records)
        for place, fields in records:
            yield self.make_row(fields, first + place, first + place)
        if not records:
            last = first + len(lines) - 1
            reason = f"cannot be read as a row: {problem}{_name_lines(first, last)}{_REMEDY}"
            start = "".join(lines)[:EXCERPT].replace(_RETURN, "\r").strip()
            excerpt = "" if any(OVERLONG in line for line in lines) else start
            yield Refused(self.name, first, reason, excerpt)


def _join_returns(open_lines: Callable[[], Iterator[str]]) -> Iterator[str]:
    r"""Lines of a file; where the first one ends with a line feed, a carriage return alone is part of a field."""
    lines = open_lines()
    first = next(lines, "")
    if first:
        yield first
    if not first.endswith("\n"):
        yield from lines
        return
    parts: list[str] = []
    n_characters = 0
    for line in lines:
        n_characters += len(line)
        if line.endswith("\r"):
            parts.append(line[:-1] if n_characters < MAX_LINE_CHARACTERS else OVERLONG)
            continue
        yield _RETURN.join([*parts, line]) if n_characters < MAX_LINE_CHARACTERS else f"{OVERLONG}\n"
        parts.clear()
        n_characters = 0
    if parts:
        yield _RETURN.join(parts) + "\r\n"


def _is_name(field: str, name: str) -> bool:
    return len(field) <= 2 * len(name) + 8 and clean_name(field) == name


def _name_lines(first: int, last: int) -> str:
    """Words for the lines of a record that is longer than one line; empty for one line."""
    return f"; lines {first} to {last}, a quote left open?" if last > first else ""
