"""The header of a table: the row in which it stands, and which of its columns are those that are needed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from framing.corpus.records import MissingColumnsError, check_columns

__all__ = [
    "DEPTH",
    "clean_name",
    "find_alike",
    "find_header",
    "make_values",
    "match_columns",
    "name_columns",
    "raise_missing",
]

DEPTH = 20  # rows among which the header is looked for
_SHOWN = 60  # characters of a row in a message
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def clean_name(name: str) -> str:
    """Name of a column or an outlet as it is compared: Unicode NFC, without invisible characters, single spaces.

    Parameters
    ----------
    name : str
        Name as it is written.

    Returns
    -------
    str
        The name.

    Examples
    --------
    >>> clean_name(" The\\u00a0Post\\u200b ")
    'The Post'
    """
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", name)).split())


def find_alike(names: Iterable[str]) -> list[list[str]]:
    """Names that differ in capitals, spaces, accents' encoding or punctuation only.

    Parameters
    ----------
    names : iterable of str
        Names, such as those of outlets.

    Returns
    -------
    list of list of str
        Groups of two names or more, sorted.

    Examples
    --------
    >>> find_alike(["The Post", "thepost", "Beacon"])
    [['The Post', 'thepost']]
    """
    groups: dict[str, set[str]] = {}
    for name in names:
        form = unicodedata.normalize("NFKC", clean_name(name)).casefold()
        key = "".join(filter(str.isalnum, form))
        if key:
            groups.setdefault(key, set()).add(name)
    return sorted(sorted(group) for group in groups.values() if len(group) > 1)


def match_columns(present: Sequence[str], needed: Sequence[str]) -> list[str]:
    """Names of the columns of a file, with those that are needed as they are asked for.

    Parameters
    ----------
    present : sequence of str
        Header of the file.
    needed : sequence of str
        Columns that are asked for.

    Returns
    -------
    list of str
        A name for each column. A column that differs from a needed one in the form of its letters only (composed or
        not, invisible characters, space, capitals) takes its name where no other column does.

    Examples
    --------
    >>> match_columns(["Text ", "outlet"], ["text", "outlet"])
    ['text', 'outlet']
    """
    columns = [clean_name(name) for name in present]
    forms: tuple[Callable[[str], str], ...] = (clean_name, _fold)
    for form in forms:
        for name in needed:
            if name in columns:
                continue
            places = [place for place, column in enumerate(columns) if form(column) == form(name)]
            if len(places) == 1 and columns[places[0]] not in needed:
                columns[places[0]] = name
    return columns


def _fold(name: str) -> str:
    return clean_name(name).casefold()


def name_columns(columns: Sequence[str]) -> list[str]:
    """Names of columns, each once: `column_3` by the place of one without a name, `note (3)` for one that came before.

    Parameters
    ----------
    columns : sequence of str
        Names; empty ones of columns without a name.

    Returns
    -------
    list of str
        The names.

    Examples
    --------
    >>> name_columns(["text", "", "outlet"])
    ['text', 'column_2', 'outlet']
    """
    names: list[str] = []
    for place, column in enumerate(columns, start=1):
        name = column or f"column_{place}"
        while name in names or (not column and name in columns):
            name = f"{name} ({place})"
        names.append(name)
    return names


def make_values(columns: Sequence[str], named: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Values of a row by their columns; blank cells of columns without a name are left out.

    Parameters
    ----------
    columns : sequence of str
        Columns, all with a name (`name_columns`).
    named : sequence of str
        The same with empty names for those that have none.
    cells : sequence of str
        As many cells.

    Returns
    -------
    dict of str to str
        The values.
    """
    return {column: cell for column, name, cell in zip(columns, named, cells, strict=True) if name or cell.strip()}


def find_header(rows: Sequence[Sequence[str]], needed: Sequence[str]) -> int | None:
    """Place of the header among the first rows of a table.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first rows, without empty ones.
    needed : sequence of str
        Columns that the header must have.

    Returns
    -------
    int or None
        0 where the first row has the columns, or none are needed; else the only row that has them; else None.

    Examples
    --------
    >>> find_header([["Export of 5 July"], ["text", "outlet"], ["a", "A"]], ["text", "outlet"])
    1
    """
    if not needed or _has_columns(match_columns(rows[0], needed) if rows else [], needed):
        return 0
    places = [place for place in range(1, len(rows[:DEPTH])) if _may_be_header(rows, place, needed)]
    return places[0] if len(places) == 1 else None


def _has_columns(columns: Sequence[str], needed: Sequence[str]) -> bool:
    return set(needed) <= set(columns)


def _may_be_header(rows: Sequence[Sequence[str]], place: int, needed: Sequence[str]) -> bool:
    """Whether a row below others is a header: a single word that is needed may stand in any row."""
    if not _has_columns(match_columns(rows[place], needed), needed):
        return False
    n_before = max(_count_filled(row) for row in rows[:place])
    return len(set(needed)) > 1 or _count_filled(rows[place]) > n_before


def _count_filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def raise_missing(
    name: str, rows: Sequence[Sequence[str]], numbers: Sequence[int], needed: Sequence[str], *, hint: str = ""
) -> None:
    """Raise an error that names the columns that are missing, and the row where the header seems to stand.

    Parameters
    ----------
    name : str
        Name of the file.
    rows : sequence of sequence of str
        The first rows, without empty ones.
    numbers : sequence of int
        Line of each row.
    needed : sequence of str
        Columns that the header must have.
    hint : str, default ""
        Sentence added to the message.

    Raises
    ------
    MissingColumnsError
        Names the missing columns and those present.
    """
    first = match_columns(rows[0], needed) if rows else []
    likely = _guess_header(rows, needed)
    try:
        check_columns(name, first, needed)
    except MissingColumnsError as error:
        places = [place for place in range(1, len(rows)) if _may_be_header(rows, place, needed)]
        if len(places) > 1:
            lines = ", ".join(str(numbers[place]) for place in places)
            hint += f" The lines {lines} all have them: delete what stands before the header."
        elif likely:
            shown = ", ".join(cell.strip() for cell in rows[likely] if cell.strip())[:_SHOWN]
            hint += (
                f" The header seems to be in line {numbers[likely]} ({shown}): name its columns as they stand there."
            )
        raise MissingColumnsError(f"{error.message}{hint}", missing=error.missing) from None


def _guess_header(rows: Sequence[Sequence[str]], needed: Sequence[str]) -> int:
    """Place of the row that has most of the needed columns, else of the first that is as wide as any."""
    known = [len(set(needed) & set(match_columns(row, needed))) for row in rows]
    if any(known):
        return known.index(max(known))
    filled = [_count_filled(row) for row in rows]
    return filled.index(max(filled)) if filled else 0
