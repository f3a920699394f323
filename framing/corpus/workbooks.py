"""Rows of XLSX workbooks: all sheets that have the columns, with what a table of text does not have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple

from framing.corpus.header import (
    DEPTH,
    clean_name,
    find_header,
    make_values,
    match_columns,
    name_columns,
    raise_missing,
)
from framing.corpus.records import (
    EXCERPT,
    MissingColumnsError,
    Note,
    Refused,
    Row,
    Rows,
    UnreadSheet,
    check_columns,
    to_text,
)
from framing.errors import InputError

__all__ = ["read_workbook"]

_SHEET = "sheet"  # column with the name of the sheet, where the sheet has none of that name
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ERRORS = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"))


class _Sheet(NamedTuple):
    """A sheet with its first rows; `place` is that of the header among them, None where it lacks a column."""

    title: str
    cells: Any
    numbers: list[int]
    head: list[list[str]]
    place: int | None
    is_hidden: bool


@dataclass
class _Marks:
    """What a sheet says of its cells beside their values."""

    hidden: set[int] = field(default_factory=set)
    without_value: dict[int, set[int]] = field(default_factory=dict)
    merged: dict[tuple[int, int], int] = field(default_factory=dict)
    last_filled: int = 1  # below it there may be a million formatted rows without a value


def read_workbook(
    stream: IO[bytes], name: str, needed: Sequence[str], *, sheets: Sequence[str] = (), notes: list[Note]
) -> Rows:
    """Rows of the sheets of an XLSX workbook, each below its header.

    Parameters
    ----------
    stream : binary file
        The file, which can seek.
    name : str
        Name of the file.
    needed : sequence of str
        Columns that a sheet must have; `sheet` is the name of the sheet, unless it has such a column.
    sheets : sequence of str, default ()
        Names of the sheets to read; by default all that have the columns.
    notes : list of Note
        Remarks on hidden rows, merged cells and the place of the header are appended.

    Yields
    ------
    Row or Refused
        In the order of the sheets, by the number of the row; a sheet with content that is not read is refused.

    Raises
    ------
    InputError
        If it is no workbook, no sheet has the columns, or one that is named does not.
    """
    try:
        yield from _read_sheets(stream, name, needed, sheets, notes)
    except InputError:
        raise
    except Exception as error:  # openpyxl passes on whatever its zip and XML parsers raise
        raise InputError(f"{name} is not a readable XLSX workbook: {error}") from None


def _read_sheets(stream: IO[bytes], name: str, needed: Sequence[str], sheets: Sequence[str], notes: list[Note]) -> Rows:
    from openpyxl import load_workbook

    book = load_workbook(stream, read_only=True, data_only=True)
    found = [_open_sheet(cells, needed) for cells in book.worksheets]
    filled = [sheet for sheet in found if sheet.head]
    several = len(filled) > 1
    if sheets:
        chosen = [_find_sheet(found, title, name) for title in sheets]
    elif needed:
        chosen = [sheet for sheet in filled if sheet.place is not None]
    else:
        chosen = filled[:1]
    for sheet in chosen if sheets else () if chosen else filled[:1]:
        if sheet.place is None and not (several and not sheets):
            raise_missing(_name_place(name, sheet, several), sheet.head, sheet.numbers, needed)
    if not chosen:
        check_columns(name, [], needed) if not filled else _raise_none_fits(name, filled, needed)
    with_sheet = len(chosen) > 1 or _SHEET in needed
    for sheet in chosen:
        place = _name_place(name, sheet, several)
        if sheet.is_hidden:
            notes.append(Note(place, "the sheet is hidden; it is read"))
        yield from _read_rows(sheet, place, needed, with_sheet, notes)
    for sheet in filled:
        if sheet not in chosen and needed:
            place = _name_place(name, sheet, several)
            if sheets:  # the user has chosen; another source may read it
                notes.append(Note(place, "the sheet is not read here: it is not among sheets:"))
            else:
                reason = f"the sheet is not read: {_say_missing(sheet, needed)}"
                yield UnreadSheet(place, sheet.numbers[0], reason)
    book.close()


def _name_place(name: str, sheet: _Sheet, several: bool) -> str:
    return f"{name}/{sheet.title}" if several else name


def _find_sheet(found: Sequence[_Sheet], title: str, name: str) -> _Sheet:
    fitting = [sheet for sheet in found if sheet.title == title] or [
        sheet for sheet in found if clean_name(sheet.title).casefold() == clean_name(title).casefold()
    ]
    if len(fitting) != 1:
        titles = ", ".join(sheet.title for sheet in found)
        raise InputError(f"{name} has no sheet {title!r}. It has: {titles}. Mend `sheets:` in corpus.yaml.")
    return fitting[0]


def _say_missing(sheet: _Sheet, needed: Sequence[str]) -> str:
    header = match_columns(sheet.head[0], needed)
    missing = [column for column in needed if column not in header and column != _SHEET]
    return f"it lacks the column(s) {', '.join(missing)}"


def _raise_none_fits(name: str, filled: Sequence[_Sheet], needed: Sequence[str]) -> None:
    """Raise an error on a workbook without a sheet that has the columns."""
    has = "; ".join(
        f"{sheet.title} has: {', '.join(cell for cell in match_columns(sheet.head[0], needed) if cell)}"
        for sheet in filled
    )
    missing = [column for column in needed if all(column not in match_columns(s.head[0], needed) for s in filled)]
    raise MissingColumnsError(
        f"{name}: none of its sheets has the column(s) {', '.join(needed)}. {has}.", missing=missing or needed
    )


def _open_sheet(cells: Any, needed: Sequence[str]) -> _Sheet:
    cells.reset_dimensions()  # a wrong size in the file would hide rows
    numbers: list[int] = []
    head: list[list[str]] = []
    for number, values in enumerate(cells.iter_rows(values_only=True), start=1):
        row = _trim([_read_cell(value) for value in values])
        if row:
            numbers.append(number)
            head.append(row)
        if len(head) == DEPTH:
            break
    place = find_header(head, needed) if head else None
    if head and place is None and _SHEET in needed:
        place = find_header(head, [column for column in needed if column != _SHEET])
    return _Sheet(str(cells.title), cells, numbers, head, place, cells.sheet_state != "visible")


def _trim(row: list[str]) -> list[str]:
    while row and not row[-1].strip():
        row.pop()
    return row


def _read_rows(sheet: _Sheet, place: str, needed: Sequence[str], with_sheet: bool, notes: list[Note]) -> Rows:
    """Rows of a sheet below its header; remarks on the sheet are appended to the notes at its end."""
    header = match_columns(sheet.head[sheet.place or 0], needed)
    check_columns(place, header, [column for column in needed if column != _SHEET or column in header])
    first = sheet.numbers[sheet.place or 0]
    if sheet.place:
        notes.append(Note(place, f"the header stands in row {first}; {first - 1} row(s) before it are not read"))
    marks = _scan_sheet(sheet.cells)
    counts: Counter[str] = Counter()
    merged: dict[int, tuple[int, str]] = {}
    columns: list[str] = []
    for number, values in enumerate(sheet.cells.iter_rows(values_only=True, max_row=marks.last_filled), start=1):
        cells = [_read_cell(value) for value in values]
        blank = not any(cell.strip() for cell in cells)
        _fill_merged(cells, number, marks, merged, counts, is_blank=blank or number <= first)
        missing = marks.without_value.get(number, set())
        if number <= first or (blank and not missing):
            continue
        counts["hidden"] += number in marks.hidden
        named = [*header, *[""] * (len(cells) - len(header))]
        cells += [""] * (len(named) - len(cells))
        columns = columns if len(columns) == len(named) else name_columns(named)
        excerpt = " | ".join(filter(None, cells))[:EXCERPT]
        if problem := _find_problem(cells, columns, missing, needed, counts):
            yield Refused(place, number, problem, excerpt)
        elif len(header) > 1 and _trim(list(cells)) == sheet.head[sheet.place or 0]:
            yield Refused(place, number, "the header once more", excerpt)
        else:
            row = make_values(columns, named, cells)
            yield Row(place, number, {_SHEET: sheet.title} | row if with_sheet else row)
    notes.extend(Note(place, text) for text in _describe(counts))


def _describe(counts: Counter[str]) -> Iterator[str]:
    words = {
        "hidden": "hidden row(s) are read",
        "merged": "cell(s) of merged ranges take the value of the first",
        "errors": "cell(s) with an error such as #REF! are read as empty",
        "formulas": "formula(s) without a stored value are read as empty",
    }
    for key, text in words.items():
        if counts[key]:
            yield f"{counts[key]} {text}"


def _find_problem(
    cells: list[str], columns: Sequence[str], missing: set[int], needed: Sequence[str], counts: Counter[str]
) -> str:
    """Why a row cannot be read; cells with an error that are not needed are emptied and counted."""
    for place, column in enumerate(columns):
        if place + 1 in missing:
            if column in needed:
                return f"{column} is a formula without a stored value: open the file in a spreadsheet and save it"
            counts["formulas"] += 1
        if cells[place] in _ERRORS:
            if column in needed:
                return f"{column} is an error of the spreadsheet ({cells[place]})"
            counts["errors"] += 1
            cells[place] = ""
    return ""


def _fill_merged(
    cells: list[str],
    number: int,
    marks: _Marks,
    merged: dict[int, tuple[int, str]],
    counts: Counter[str],
    *,
    is_blank: bool,
) -> None:
    """Give cells of a merged range below its first row the value of that row; `merged` has the ranges that are open."""
    if not marks.merged:
        return
    for column, (last, value) in list(merged.items()):
        if number > last:
            del merged[column]
        elif not is_blank and column <= len(cells) and not cells[column - 1].strip():
            cells[column - 1] = value
            counts["merged"] += 1
    for column, cell in enumerate(cells, start=1):
        if (number, column) in marks.merged and cell.strip():
            merged[column] = marks.merged[number, column], cell


def _read_cell(value: object) -> str:
    """Text of a cell: whole numbers without a decimal point, escaped characters as what they stand for."""
    text = to_text(value)
    if "_x" not in text:
        return text
    decoded = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # halves of a character are joined


def _scan_sheet(cells: Any) -> _Marks:
    """Read what openpyxl leaves out where it streams: hidden rows, merged ranges, formulas without a value."""
    from lxml import etree
    from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

    marks = _Marks()
    with cells._get_source() as source:
        parser = etree.iterparse(source, tag=("{*}row", "{*}mergeCell"), resolve_entities=False, no_network=True)
        number = 0
        for _, node in parser:
            if etree.QName(node).localname == "mergeCell":
                left, top, _, bottom = range_boundaries(node.get("ref", ""))
                if bottom > top:
                    marks.merged[top, left] = bottom
                continue
            number = int(node.get("r", number + 1))
            if len(node) and next(node.iterfind("{*}c/*"), None) is not None:
                marks.last_filled = max(marks.last_filled, number)
            if node.get("hidden") in ("1", "true"):
                marks.hidden.add(number)
            for formula in node.iterfind("{*}c/{*}f"):
                cell = formula.getparent()
                value = cell.find("{*}v")
                is_empty = value is None or (not value.text and cell.get("t") != "str")
                if is_empty and cell.get("r"):
                    row, column = coordinate_to_tuple(cell.get("r"))
                    marks.without_value.setdefault(row, set()).add(column)
            node.clear()
            while node.getprevious() is not None:
                del node.getparent()[0]
    return marks
