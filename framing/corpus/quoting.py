"""Quotation marks in delimited text: whether they enclose fields, and rows that break the rules of quoting."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence

from framing.corpus.layout import read_record

__all__ = ["find_misquoting", "find_plain_marks", "read_escaped", "read_loose", "read_spaced"]

_MARK = '"'
_OPEN = "unexpected end of data"  # what the reader says of marks that are not closed


def find_misquoting(lines: Sequence[str], separator: str) -> str:
    """What a strict reader says against the lines of a record.

    Parameters
    ----------
    lines : sequence of str
        Lines of the record.
    separator : str
        Character between fields.

    Returns
    -------
    str
        The problem; empty where there is none.

    Examples
    --------
    >>> find_misquoting(['"Tall" order;A'], ";") == "';' expected after '\\"'"
    True
    """
    if not any(_MARK in line for line in lines):
        return ""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    try:
        while True:
            read_record(reader)
    except StopIteration:
        return ""
    except csv.Error as error:
        return str(error)


def read_escaped(lines: Sequence[str], separator: str, n_columns: int) -> list[tuple[int, list[str]]]:
    r"""Read records whose quotation marks are escaped with a backslash.

    Parameters
    ----------
    lines : sequence of str
        Lines of one record or several.
    separator : str
        Character between fields.
    n_columns : int
        Number of fields that each must have.

    Returns
    -------
    list of tuple
        Line of each record, from 0 on, and its fields; empty where the lines are no such records.

    Examples
    --------
    >>> read_escaped(['"She said \\"no\\".",A'], ",", 2)
    [(0, ['She said "no".', 'A'])]
    """
    if not any('\\"' in line for line in lines):
        return []
    doubled = [line.replace('\\"', '""') for line in lines]
    reader = csv.reader(doubled, delimiter=separator, strict=True)
    records: list[tuple[int, list[str]]] = []
    try:
        while True:
            first = reader.line_num
            fields = read_record(reader)
            if fields:
                records.append((first, fields))
    except StopIteration:
        pass
    except csv.Error:
        return []
    return records if all(len(fields) == n_columns for _, fields in records) else []


def read_spaced(lines: Sequence[str], separator: str, n_columns: int) -> tuple[list[str], bool]:
    """Read a record with quotation marks that stand one space behind a separator.

    Parameters
    ----------
    lines : sequence of str
        Lines of the record, or its first ones.
    separator : str
        Character between fields.
    n_columns : int
        Number of fields that it must have.

    Returns
    -------
    fields : list of str
        Fields; none where the lines are no such record.
    is_open : bool
        Whether marks are open at the end of the lines.

    Examples
    --------
    >>> read_spaced(['"Tall order", "A, B"'], ",", 2)
    (['Tall order', 'A, B'], False)
    """
    reader = csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)
    try:
        fields = read_record(reader)
    except StopIteration:
        return [], False
    except csv.Error as error:
        return [], str(error) == _OPEN
    return (fields if len(fields) == n_columns and reader.line_num == len(lines) else []), False


def read_loose(line: str, separator: str, n_columns: int) -> tuple[list[str], str]:
    """Read a row that breaks the rules of quoting, where it can be read in one way only.

    Parameters
    ----------
    line : str
        A line.
    separator : str
        Character between fields.
    n_columns : int
        Number of fields that it must have.

    Returns
    -------
    fields : list of str
        Fields; none where their number is another, or one of them may be meant in two ways.
    kind : str
        `unquoted` where marks are plain text, `stray` where a field is enclosed by marks and one within is not doubled.

    Examples
    --------
    >>> read_loose('"Tall" order,A', ",", 2)
    (['"Tall" order', 'A'], 'unquoted')
    >>> read_loose('"He ""left"" on "Friday.",A', ",", 2)
    (['He "left" on "Friday.', 'A'], 'stray')
    >>> read_loose('"Tall" order,"A"', ",", 2)
    ([], '')
    """
    fields = line.rstrip("\r\n").split(separator)
    if len(fields) != n_columns:
        return [], ""
    marked = [field.strip() for field in fields if field.strip().startswith(_MARK)]
    is_stray = [_encloses(field) and _MARK * 2 in field[1:-1] and not _is_enclosed(field) for field in marked]
    if any(is_stray) and all(stray or _is_enclosed(field) for stray, field in zip(is_stray, marked, strict=True)):
        return [_take_marks(field) for field in fields], "stray"
    if any(is_stray) or any(_is_enclosed(field) or _MARK * 2 in field for field in marked):
        return [], ""
    return fields, "unquoted"


def _take_marks(field: str) -> str:
    stripped = field.strip()
    return stripped[1:-1].replace(_MARK * 2, _MARK) if stripped.startswith(_MARK) else field


def _encloses(field: str) -> bool:
    return len(field) > 1 and field.startswith(_MARK) and field.endswith(_MARK)


def _is_enclosed(field: str) -> bool:
    """Whether a field keeps the rules of quoting: marks around it, and those within it doubled."""
    return _encloses(field) and _MARK not in field[1:-1].replace(_MARK * 2, "")


def find_plain_marks(lines: Iterable[str], separator: str, n_columns: int) -> int:
    r"""Line that shows that no field of a file is enclosed by quotation marks, although fields begin with them.

    Parameters
    ----------
    lines : iterable of str
        Lines below the header.
    separator : str
        Character between fields.
    n_columns : int
        Number of fields of the header.

    Returns
    -------
    int
        Number of the first such line, from 1 on; 0 where marks enclose fields, or none begins with one.

    Notes
    -----
    A program that quotes encloses all fields of a column, or those that need it: with a separator, a line break, space
    around them, or marks, which it doubles. A file in which no field that begins with a mark needs it, and others of
    its column are not enclosed, was written without quoting; so was one in which a field breaks the rules and none
    shows them.

    Examples
    --------
    >>> find_plain_marks(["A\t“a”\n", 'A\t"It is over," she said.\n'], "\t", 2)
    2
    """
    enclosed: Counter[int] = Counter()  # by column
    bare: Counter[int] = Counter()
    first = n_broken = 0
    is_open = False  # the last field of the line before may go on
    for number, line in enumerate(lines, start=1):
        fields = line.rstrip("\r\n").split(separator)
        if is_open and len(fields) != n_columns:
            return 0
        is_open = fields[-1].startswith(_MARK) and fields[-1].count(_MARK) % 2 == 1
        has_mark = False
        for place, field in enumerate(fields):
            if not field.startswith(_MARK):
                bare[place] += " " in field
                continue
            has_mark = True
            if not _is_enclosed(field):
                if _encloses(field) and _MARK * 2 in field[1:-1]:
                    return 0
                n_broken += 1
            elif _MARK in field[1:-1] or field[1:-1] != field[1:-1].strip() or "\r" in field or field == _MARK * 2:
                return 0
            else:
                enclosed[place] += 1
        if has_mark:
            if len(fields) != n_columns:  # a separator or a line break within marks
                return 0
            first = first or number
    is_plain = n_broken or any(bare[place] for place in enclosed)
    return first if is_plain and n_columns > 1 else 0
