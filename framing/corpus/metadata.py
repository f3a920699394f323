"""Columns of the files beyond ours, which tables carry by their own names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from unicodedata import normalize

from framing import tables
from framing.errors import InputError

__all__ = [
    "TRANSLATION",
    "carried_name",
    "carry_columns",
    "choose_corpus_metadata",
    "choose_metadata",
    "find_told",
    "tell_columns",
]

TRANSLATION = tables.TRANSLATED[0]  # what `columns:` may name beside the text; documents carry it
_LACKED_BY_PASSAGES = ("title", "url")  # columns of ours that passages lack

_WITH_GROUPS = (  # tables that a column of groups may stand in
    tables.DOCUMENTS, tables.PASSAGES, tables.CLASSIFIED, tables.GOLD, tables.VOICES, tables.SHARES, tables.RAW,
    tables.CONTRASTS, tables.CHANGES, tables.SLOPES, tables.COMPONENTS, tables.WORDS, tables.PAIRS, tables.RANKS,
    tables.ARRIVALS, tables.DRIFT, tables.SPEAKERS, tables.COVERAGE,
)  # fmt: skip
_LATER = ("group", "period", "file_line", "translation_of", *tables.TRANSLATED)  # columns that other steps make
_OURS = frozenset((*(column for table in _WITH_GROUPS for column in table), *_LATER))


def carried_name(name: str) -> str:
    """Name under which a column of a file is carried: its own, or `file_` before it where we have such a column.

    Parameters
    ----------
    name : str
        Name of the column in the file.

    Returns
    -------
    str
        Name in the tables.

    Examples
    --------
    >>> carried_name("section"), carried_name("language")
    ('section', 'file_language')
    """
    return f"file_{name}" if name in _OURS else name


def carry_columns(
    values: Mapping[str, str], taken: Collection[str], united: Mapping[str, Sequence[str]] | None = None
) -> dict[str, str]:
    """Take the values of a row that no column of ours has taken.

    Parameters
    ----------
    values : mapping of str to str
        Values of the row by the name of their column.
    taken : collection of str
        Columns that ours were made of.
    united : mapping of str to sequence of str or None, default None
        Names under which columns are united: the first of them that has a value.

    Returns
    -------
    dict of str to str
        Values by the name in the tables.
    """
    united = united or {}
    carried = {}
    for name, columns in united.items():
        present = [values[column].strip() for column in columns if column in values]
        if present:
            carried[name] = normalize("NFC", next(filter(None, present), ""))
    apart = {column for columns in united.values() for column in columns}
    for name, value in values.items():
        if name and name not in taken and name not in apart:
            place = carried_name(name)
            while place != name and place in values:  # the file has a column of that name too
                place = f"file_{place}"
            carried[place] = normalize("NFC", value.strip())
    return carried


def find_told(has: Callable[[str], bool]) -> list[str]:
    """Find those of our columns that passages lack and documents fill.

    Parameters
    ----------
    has : callable
        Says of a column whether a document fills it.

    Returns
    -------
    list of str
        Their names.
    """
    return [name for name in _LACKED_BY_PASSAGES if has(name)]


def tell_columns(present: Sequence[str], metadata: str | Sequence[str]) -> list[str]:
    """Choose which of the columns `_LACKED_BY_PASSAGES` passages of a file have.

    Parameters
    ----------
    present : sequence of str
        Those that have a value in some row.
    metadata : {"all", "none"} or sequence of str
        Columns that are asked for.

    Returns
    -------
    list of str
        Those of `present` that are asked for.
    """
    wanted = present if metadata == "all" else () if isinstance(metadata, str) else metadata
    return [name for name in present if name in wanted]


def choose_metadata(carried: Sequence[str], metadata: str | Sequence[str]) -> list[str]:
    """Choose the columns of a file that are carried.

    Parameters
    ----------
    carried : sequence of str
        Columns beyond ours that the rows have, by their names in the tables.
    metadata : {"all", "none"} or sequence of str
        Columns that are asked for.

    Returns
    -------
    list of str
        Those of `carried` that are asked for.
    """
    if isinstance(metadata, str):
        return list(carried) if metadata == "all" else []
    wanted = {place for name in metadata for place in (name, carried_name(name))}
    return [name for name in carried if name in wanted]


def choose_corpus_metadata(source: Path, carried: Sequence[str], metadata: str | Sequence[str]) -> list[str]:
    """Choose those of the columns that a corpus carries which its passages have.

    Parameters
    ----------
    source : Path
        Folder of the corpus, for the message.
    carried : sequence of str
        Columns that the corpus carries.
    metadata : {"all", "none"} or sequence of str
        Columns that are asked for.

    Returns
    -------
    list of str
        Those that are asked for.

    Raises
    ------
    InputError
        If the corpus does not carry one.
    """
    wanted = list(carried) if metadata == "all" else []
    if not isinstance(metadata, str):
        wanted = [name if name in carried else carried_name(name) for name in metadata]
        absent = [name for name, place in zip(metadata, wanted, strict=True) if place not in carried]
        if absent:
            raise InputError(
                f"{source}: the corpus carries no column(s) {', '.join(absent)}. It carries: "
                f"{', '.join(carried) or 'none'}.",
                argument="metadata",
            )
    return wanted
