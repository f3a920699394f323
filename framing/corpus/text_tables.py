"""Rows of tables that are text: CSV and TSV."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from framing.corpus.containers import MAX_LINE_CHARACTERS, OVERLONG
from framing.corpus.header import DEPTH, make_values, match_columns, name_columns
from framing.corpus.layout import Layout, find_layout, name_separator, open_reader, read_record, take_head
from framing.corpus.quoting import find_misquoting, find_plain_marks, read_escaped, read_loose
from framing.corpus.records import EXCERPT, Note, Refused, Row, Rows, check_columns

__all__ = ["read_delimited"]

_REMEDY = "; where quotation marks are plain text, set quoting: none"
_MENDED = {  # remarks on rows that break the rules of quoting, by how they were read
    "escaped": "have quotation marks after a backslash, read as quotation marks",
    "stray": "have a quotation mark within a field in marks that is not doubled, read as one",
    "unquoted": "begin a field with a quotation mark that encloses nothing, read as they stand",
}
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
        below = islice(open_lines(), n_above, None)
        if place := find_plain_marks(below, layout.separator, len(layout.columns)):
            quoting = "none"
            notes.append(Note(name, f"no quoting: quotation marks are plain text, see line {n_above + place}"))
        lines = islice(open_lines(), len(head), None)  # there is one stream, and it has moved
    table = _Table(name, layout, "" if layout.separator == usual else f" between {name_separator(layout.separator)}")
    record_lines: list[str] = []

    def record() -> Iterator[str]:
        for line in chain(head[n_before:], lines):
            record_lines.append(line)
            yield line

    reader = open_reader(record(), layout.separator, quoting)
    if not header:
        read_record(reader)
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
        if problem:
            yield from table.mend(record_lines, first, problem, counts)
        elif fields:
            yield table.make_row(fields, first, n_before + reader.line_num)
    notes.extend(Note(name, f"{n} row(s) {_MENDED[kind]}") for kind, n in counts.items())


class _Table(NamedTuple):
    """A table of delimited text, to make rows of its records; `between` names its separator where it is not usual."""

    name: str
    layout: Layout
    between: str

    def make_row(self, fields: list[str], first: int, last: int) -> Row | Refused:
        n_columns = len(self.layout.columns)
        excerpt = self.layout.separator.join(fields)[:EXCERPT]
        while len(fields) > n_columns and not fields[-1].strip():
            fields.pop()  # separators at the end of a row
        if any(OVERLONG in field for field in fields):
            return Refused(self.name, first, _TOO_LONG)
        if len(fields) != n_columns:
            reason = f"{len(fields)} fields{self.between}, expected {n_columns}{_name_lines(first, last)}"
            return Refused(self.name, first, reason, excerpt)
        if n_columns > 1 and match_columns(fields, ()) == match_columns(self.layout.columns, ()):
            return Refused(self.name, first, "the header once more", excerpt)
        return Row(self.name, first, make_values(name_columns(self.layout.columns), self.layout.columns, fields))

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
            excerpt = "" if any(OVERLONG in line for line in lines) else "".join(lines)[:EXCERPT].strip()
            yield Refused(self.name, first, reason, excerpt)


def _name_lines(first: int, last: int) -> str:
    """Words for the lines of a record that is longer than one line; empty for one line."""
    return f"; lines {first} to {last}, a quote left open?" if last > first else ""
