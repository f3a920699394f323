"""What a file is: by the ending of its name, and by its first bytes where those say otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from framing.errors import InputError

__all__ = ["describe_content", "find_format", "is_hidden", "leave_out", "match_any_case", "strip_ending"]

ENDINGS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".txt": "txt",
    ".html": "html",
    ".htm": "html",
}
_PACKED = (".gz", ".zip")
_AS_WORKBOOK = "save it as .xlsx or .csv"
_AS_TEXT = (
    "save it as .txt (UTF-8); exports of Nexis, Factiva and others are read under `format: nexis` and so on, see the "
    "documentation"
)
_AS_TABLE = "export it as .csv or .parquet"
_REMEDIES = {  # endings of files that are not read
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".ods", ".numbers"), _AS_WORKBOOK),
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf", ".pdf", ".epub"), _AS_TEXT),
    **dict.fromkeys((".dta", ".sav", ".rds", ".rdata", ".feather", ".sqlite", ".db", ".xml"), _AS_TABLE),
    **dict.fromkeys((".rar", ".7z", ".tar", ".tgz", ".bz2", ".xz"), "pack it as .zip or .gz"),
}
_HIDDEN = re.compile(r"\._.*|~\$.*|\.~lock\..*#|\.ds_store|thumbs\.db|desktop\.ini", re.IGNORECASE)
_HEAD_BYTES = 64 * 1024
_RENAME = "let its name end in "  # a remedy, followed by an ending
_SIGNATURES = (  # first bytes, what they are, what to do
    (b"%PDF", "a PDF document", _AS_TEXT),
    (b"{\\rtf", "an RTF document", _AS_TEXT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or protected Office file (.xls, .doc)", _AS_WORKBOOK),
    (b"PAR1", "a Parquet file", "set `format: parquet`"),
    (b"\x1f\x8b", "a file packed with gzip", "let its name end in .gz"),
    (b"BZh", "a file packed with bzip2", "pack it with gzip or zip"),
    (b"\xfd7zXZ", "a file packed with xz", "pack it with gzip or zip"),
    (b"7z\xbc\xaf", "a 7z archive", "pack it with gzip or zip"),
    (b"Rar!", "a RAR archive", "pack it with gzip or zip"),
    (b"SQLite format 3", "an SQLite database", _AS_TABLE),
    (b"\x89PNG", "a picture", "take it out"),
    (b"\xff\xd8\xff", "a picture", "take it out"),
)
_IN_ARCHIVE = (  # names within a .zip archive, what it is, what to do
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)", _AS_WORKBOOK),
    (b"opendocument.text", "an OpenDocument text (.odt)", _AS_TEXT),
    (b"word/", "a Word document (.docx)", _AS_TEXT),
    (b"xl/", "an XLSX workbook", "set `format: xlsx`"),
)
_TABLES = ("csv", "tsv", "jsonl", "json", "parquet", "xlsx", "telegram")


def find_format(path: Path) -> str:
    """Format of a file by the ending of its name.

    Parameters
    ----------
    path : Path
        The file; `.gz` and `.zip` at the end are ignored.

    Returns
    -------
    str
        One of `framing.corpus.formats.FORMATS`.

    Raises
    ------
    InputError
        Lists the endings of the formats.

    Examples
    --------
    >>> find_format(Path("articles.jsonl.gz"))
    'jsonl'
    """
    endings = [ending.lower() for ending in path.suffixes if ending.lower() not in _PACKED]
    if not endings or endings[-1] not in ENDINGS:
        remedy = f" It ends in {endings[-1]}: {_REMEDIES[endings[-1]]}." if endings and endings[-1] in _REMEDIES else ""
        raise InputError(f"{path}: expected a file ending in {', '.join(ENDINGS)} (also .gz or .zip of these).{remedy}")
    return ENDINGS[endings[-1]]


def strip_ending(name: str) -> str:
    """Name of a file without the ending that tells its format.

    Parameters
    ----------
    name : str
        Name of the file.

    Returns
    -------
    str
        The name without `.gz` or `.zip`, then without a known ending; other dots stay.

    Examples
    --------
    >>> strip_ending("U.S. talks.TXT.gz"), strip_ending("2025.07.04 summit")
    ('U.S. talks', '2025.07.04 summit')
    """
    for endings in (_PACKED, tuple(ENDINGS)):
        ending = next((ending for ending in endings if name.lower().endswith(ending)), "")
        name = name[: len(name) - len(ending)] or name
    return name


def is_hidden(name: str) -> bool:
    """Check for a file that a system or an open program leaves beside others.

    Parameters
    ----------
    name : str
        Name of the file, with the folders within an archive.

    Returns
    -------
    bool
        True for `._x`, `~$x.xlsx`, `.DS_Store`, `Thumbs.db`, and what lies in `__MACOSX`.

    Examples
    --------
    >>> is_hidden("a/._one.txt"), is_hidden("~$coding.xlsx"), is_hidden(".articles.csv")
    (True, True, False)
    """
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or bool(_HIDDEN.fullmatch(path.name))


def leave_out(names: Sequence[str], kind: str) -> dict[str, str]:
    """Members of an archive that are not of its format, where others are.

    Parameters
    ----------
    names : sequence of str
        Names of the members.
    kind : str
        Format of the archive.

    Returns
    -------
    dict of str to str
        Name of each that is left out: the reason.

    Examples
    --------
    >>> leave_out(["a.csv", "readme.txt", "part"], "csv")
    {'readme.txt': 'the file is not read: it ends in .txt, and others of the archive are csv'}
    """
    endings = {name: PurePosixPath(name).suffix.lower() for name in names if not is_hidden(name)}
    if kind not in {ENDINGS.get(ending) for ending in endings.values()}:
        return {}
    return {
        name: f"the file is not read: it ends in {ending}, and others of the archive are {kind}"
        for name, ending in endings.items()
        if (ending in ENDINGS and ENDINGS[ending] != kind) or ending in _REMEDIES
    }


def describe_content(stream: IO[bytes], kind: str, name: str = "") -> str:
    """What a file is that is not of its format, by its first bytes, and what to do.

    Parameters
    ----------
    stream : binary file
        Content; it is at its beginning afterwards.
    kind : str
        Format that it should have.
    name : str, default ""
        Its name.

    Returns
    -------
    str
        Such as `a PDF document: save it as .txt`; empty where the first bytes do not speak against the format.
    """
    start = stream.read(_HEAD_BYTES)
    stream.seek(0)
    what, remedy = _find_content(start)
    fits = (kind == "xlsx" and "XLSX" in what) or (kind == "parquet" and "Parquet" in what)
    if remedy.startswith(_RENAME) and name.lower().endswith(remedy.removeprefix(_RENAME)):
        return f"{what} within another: unpack the outer one, and name this one under files"
    if what and not fits:
        return f"{what}: {remedy}"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower()
    if kind in (*_TABLES, "txt") and text.startswith((b"<!doctype html", b"<html")):
        return "a web page: set `format: html`, or save it in the format that its name says"
    if kind in _TABLES and text.startswith(b"<?xml"):
        return f"an XML file: {_AS_TABLE}"
    return ""


def _find_content(start: bytes) -> tuple[str, str]:
    if start.startswith(b"PK\x03\x04"):
        known = ((what, remedy) for mark, what, remedy in _IN_ARCHIVE if mark in start)
        return next(known, ("a .zip archive", "let its name end in .zip"))
    return next(((what, remedy) for mark, what, remedy in _SIGNATURES if start.startswith(mark)), ("", ""))


def match_any_case(pattern: str) -> str:
    """Pattern of files whose endings may be written in capitals.

    Parameters
    ----------
    pattern : str
        Pattern such as `*.csv`.

    Returns
    -------
    str
        Pattern that also finds `.CSV` and `.Csv`.

    Examples
    --------
    >>> match_any_case("2025/*.csv")
    '2025/*.[cC][sS][vV]'
    """
    match = re.search(r"(?:\.[A-Za-z]\w{0,8}){1,2}$", pattern)
    if match is None or "[" in pattern:
        return pattern
    ending = "".join(
        f"[{letter.lower()}{letter.upper()}]" if letter.isalpha() and letter.isascii() else letter
        for letter in match[0]
    )
    return pattern[: match.start()] + ending
