"""Whose the articles of a file are, where no column says so: it is asked, or given outright for single files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from framing.corpus.file_kinds import strip_ending
from framing.corpus.proposal.answers import Given, Question, SourceProposal
from framing.corpus.proposal.column_look import ColumnLook
from framing.corpus.proposal.file_look import FileLook, merge_columns
from framing.errors import InputError

__all__ = ["ONE_ROW", "are_names", "ask_outlet", "check_outlets", "find_outlet", "shorten"]

ONE_ROW = ("txt", "html")  # formats whose files are one document each
_SHOWN = 3  # names in a sentence


def check_outlets(files: Sequence[Path], given: Given) -> None:
    """Refuse an outlet that is given for a file that is not there.

    Parameters
    ----------
    files : sequence of Path
        The files that can be read.
    given : Given
        What is said outright.

    Raises
    ------
    InputError
        Names the files.
    """
    for file in given.outlets:
        if not any(_is_meant(path, file) for path in files):
            names = ", ".join(dict.fromkeys(path.name for path in files))
            raise InputError(f"no file is called {file}. The files are: {names}.", argument="outlet")


def find_outlet(path: Path, given: Given) -> str:
    """Find the outlet that is given for a file.

    Parameters
    ----------
    path : Path
        The file.
    given : Given
        What is said outright.

    Returns
    -------
    str
        The outlet; empty where none is given.
    """
    return next((outlet for file, outlet in given.outlets.items() if _is_meant(path, file)), "")


def _is_meant(path: Path, file: str) -> bool:
    return file in (path.name, strip_ending(path.name), str(path)) or PurePath(path).match(file)


def ask_outlet(looks: Sequence[FileLook], source: SourceProposal) -> Question:
    """Ask whose the articles are.

    Parameters
    ----------
    looks : sequence of FileLook
        Files that are alike.
    source : SourceProposal
        How they are read.

    Returns
    -------
    Question
        Its choices are the columns, sheets or folders that may say so.
    """
    columns = merge_columns(looks)
    if source.options["kind"] in ONE_ROW:
        folders = sorted(columns["folder"].distinct) if "folder" in columns else []
        several = f"; the folders are {shorten(folders)}" if len(folders) > 1 else ""
        return Question(
            "outlet", f"neither names of files nor a column tell the outlet{several}", ("folder",) * bool(several)
        )
    likely = _list_likely(columns, source)
    hints = (
        [f"values repeat in {', '.join(f'{name} ({shorten(columns[name].examples)})' for name in likely)}"]
        if likely
        else []
    )
    sheets = list(dict.fromkeys(title for look in looks for title in look.sheets))
    if len(sheets) > 1:
        likely = ["sheet", *likely]
        hints.append(f"the sheets are {shorten(sheets)}")
    return Question("outlet", "; ".join(["no column names the outlet", *hints]), tuple(likely))


def _list_likely(columns: Mapping[str, ColumnLook], source: SourceProposal) -> list[str]:
    """Columns of short values that repeat."""
    taken = [rule.get("column") if isinstance(rule, dict) else rule for rule in source.columns.values()]
    return [
        name
        for name, look in columns.items()
        if name not in taken
        and not look.n_long
        and not look.dates.formats
        and 0 < 2 * len(look.distinct) <= look.n_filled
    ]


def are_names(stems: Sequence[str]) -> bool:
    """Check whether names of folders can be those of outlets.

    Parameters
    ----------
    stems : sequence of str
        The names.

    Returns
    -------
    bool
        True where they are several, and differ by more than numbers.

    Examples
    --------
    >>> are_names(["north", "south"]), are_names(["part 1", "part 2"]), are_names(["2024", "2025"])
    (True, False, False)
    """
    letters = {re.sub(r"[\W\d_]+", "", stem).casefold() for stem in stems}
    return len(letters) == len(stems) > 1 and "" not in letters


def shorten(names: Sequence[str]) -> str:
    """Write the first names of a list.

    Parameters
    ----------
    names : sequence of str
        The names.

    Returns
    -------
    str
        With commas, and the number of the others.

    Examples
    --------
    >>> shorten(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"
