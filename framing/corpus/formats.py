"""Formats of files: which format a file has, and its rows in that format."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import IO, Literal, get_args

from framing.corpus.binary_tables import read_parquet
from framing.corpus.code_pages import doubt_encoding
from framing.corpus.containers import list_members, open_streams, reread_lines
from framing.corpus.encodings import find_encoding, has_controls, is_utf_8
from framing.corpus.file_kinds import describe_content, find_format, is_hidden, leave_out
from framing.corpus.json_files import read_json, read_json_lines, read_telegram
from framing.corpus.parlamint import read_parlamint
from framing.corpus.press import PRESS_FORMATS, is_docx, read_press
from framing.corpus.records import Note, Refused, Row, Rows
from framing.corpus.single_texts import read_page, read_plain_text
from framing.corpus.text_tables import read_delimited
from framing.corpus.workbooks import read_workbook
from framing.errors import InputError

__all__ = [
    "FORMATS",
    "MARKED_UP",
    "NAMED_FIELDS",
    "SINGLE",
    "Format",
    "Note",
    "Refused",
    "Row",
    "find_format",
    "read_rows",
]

Format = Literal[
    "csv",
    "tsv",
    "jsonl",
    "parquet",
    "xlsx",
    "txt",
    "html",
    "nexis",
    "factiva",
    "proquest",
    "europresse",
    "json",
    "telegram",
    "parlamint",
]
FORMATS: tuple[str, ...] = get_args(Format)
_SEEKABLE = ("parquet", "xlsx")  # formats whose readers jump within the file
# formats whose fields have our names: corpus.yaml needs no columns
NAMED_FIELDS = (*PRESS_FORMATS, "telegram", "parlamint")
SINGLE = ("txt", "html")  # formats of which a file is one row
_TEXTS = ("csv", "tsv", "jsonl", "json", "txt")  # formats that declare no encoding
_START_BYTES = 4096
_CHUNK_BYTES = 1 << 20
_HIGH_CONTROL = re.compile(rb"[\x80-\x9f]")
_HIDDEN = "left by a system or an open program, not read"
_NOT_READABLE = {
    "parquet": "not a readable Parquet file: it is ",
    "xlsx": "not a readable XLSX workbook: it is ",
}
MARKED_UP = ("csv", "tsv", "jsonl", "json", "parquet", "xlsx")  # formats whose cells may hold markup of HTML


def read_rows(
    path: Path,
    *,
    kind: str,
    needed: Sequence[str],
    encoding: str = "utf-8",
    quoting: str = "minimal",
    separator: str = "",
    header: Sequence[str] = (),
    sheets: Sequence[str] = (),
    records: str = "",
    notes: list[Note] | None = None,
) -> Rows:
    """Rows of one file, or of all files in a .zip archive.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        Its format, one of `FORMATS`.
    needed : sequence of str
        Columns that it must have.
    encoding : str, default "utf-8"
        Character encoding, of formats that are text.
    quoting : {"minimal", "none"}, default "minimal"
        csv, tsv: whether quotation marks enclose fields or are plain text.
    separator : str, default ""
        csv: character between fields; by default told from the header line.
    header : sequence of str, default ()
        csv, tsv: names of the columns, for files that have no header line.
    sheets : sequence of str, default ()
        xlsx: names of the sheets to read; by default all that have the columns.
    records : str, default ""
        json: key under which the array of objects stands; by default the file is the array.
    notes : list of Note, optional
        Remarks on how the file is read, such as the separator that was taken, are appended.

    Yields
    ------
    Row or Refused
        In the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read, or lacks a column; names the columns that it has.
    """
    if kind == "parlamint":
        yield from read_parlamint(path, needed, encoding)
        return
    notes = [] if notes is None else notes
    if is_hidden(path.name) and kind not in PRESS_FORMATS:
        notes.append(Note(path.name, _HIDDEN))
        return
    is_archive = kind not in PRESS_FORMATS or not is_docx(path)  # a .docx may have been called .zip
    members = list_members(path) if is_archive else []
    left_out = leave_out(members, kind)
    if hidden := [member for member in members if is_hidden(member)]:
        notes.append(Note(path.name, f"{len(hidden)} file(s) such as {hidden[0]}: {_HIDDEN}"))
    for name, stream in open_streams(path, seekable=kind in _SEEKABLE, unpack=is_archive):
        member = name.partition("/")[2]
        if member in left_out:
            yield Refused(name, 1, left_out[member])
            continue
        if kind not in PRESS_FORMATS and (problem := describe_content(stream, kind, name)):
            if kind not in SINGLE and len(members) - len(hidden) < 2:
                raise InputError(f"{name} is {_NOT_READABLE.get(kind, '')}{problem}.")
            yield Refused(name, 1, f"the file is {problem}")
            continue
        if kind in _TEXTS and not is_utf_8(encoding):
            start = stream.read(_START_BYTES)
            stream.seek(0)
            told = find_encoding(start, encoding, name)
            if has_controls(told) and _find_high_controls(stream):
                notes.append(Note(name, f"read as {encoding}, with bytes 0x80 to 0x9f as in cp1252 (“ ” ’ – …)"))
            if doubt := doubt_encoding(start, encoding):
                notes.append(Note(name, doubt))
        if kind == "parquet":
            yield from read_parquet(stream, name, needed)
        elif kind == "xlsx":
            yield from read_workbook(stream, name, needed, sheets=sheets, notes=notes)
        elif kind in PRESS_FORMATS:
            yield from read_press(stream, name, kind, needed, encoding)
        elif kind == "json":
            yield from read_json(stream, name, needed, encoding, records, notes=notes)
        elif kind == "telegram":
            yield from read_telegram(stream, name, needed, encoding)
        elif kind == "html":
            yield from read_page(stream, name, path, needed, encoding)
        elif kind == "txt":
            yield from read_plain_text(stream, name, path, needed, encoding)
        elif kind == "jsonl":
            yield from read_json_lines(stream, name, needed, encoding, records, notes=notes)
        else:
            usual = "," if kind == "csv" else "\t"
            reopen = partial(reread_lines, stream, name=name, encoding=encoding)
            yield from read_delimited(
                reopen, name, needed, separator=separator, usual=usual, quoting=quoting, header=header, notes=notes
            )


def _find_high_controls(stream: IO[bytes]) -> bool:
    """Whether a stream has bytes from 0x80 to 0x9f; it is at its beginning afterwards."""
    chunks = iter(partial(stream.read, _CHUNK_BYTES), b"")
    is_found = any(_HIGH_CONTROL.search(chunk) for chunk in chunks)
    stream.seek(0)
    return is_found
