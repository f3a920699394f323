"""What a file holds: its format and how it is written, found by reading it with the readers of corpora."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from framing.corpus.code_pages import guess_encoding
from framing.corpus.containers import list_members, open_streams
from framing.corpus.encodings import find_encoding
from framing.corpus.file_kinds import find_format, is_hidden
from framing.corpus.formats import FORMATS, read_rows
from framing.corpus.header import name_columns
from framing.corpus.parlamint import find_metadata
from framing.corpus.proposal.column_look import ColumnLook
from framing.corpus.proposal.first_rows import find_header_columns, has_no_header, list_first_rows, list_sheets
from framing.corpus.records import Note, Refused, Row
from framing.errors import InputError

__all__ = ["FileLook", "look_at_file", "merge_columns"]

# formats that are tried before the one that the ending says, and those of other endings: the first with a row is taken
_BEFORE = {"json": ("telegram",), "txt": ("nexis", "proquest"), "html": ("factiva", "europresse", "nexis")}
_AFTER = {"json": ("jsonl",)}
_OTHER_ENDINGS = {".docx": ("nexis",), ".rtf": ("nexis", "factiva"), ".xml": ("factiva",)}
_DECODED = (
    "csv",
    "tsv",
    "jsonl",
    "json",
    "telegram",
    "txt",
    "nexis",
    "proquest",
)  # formats whose files have an encoding
_PROBE_BYTES = 256 * 1024
_CONTEXT_BYTES = 4000  # around the first byte that is not UTF-8, for the guess
_MAX_RECORDS_DEPTH = 3
_N_WORDS = 3  # shown for an encoding that was guessed


@dataclass
class FileLook:
    """A file as far as its content shows.

    Attributes
    ----------
    path : Path
        The file.
    options : dict of str to object
        Options of `read_rows` for it: `kind`, and others that are not the default.
    columns : dict of str to ColumnLook
        Its columns.
    n_rows, n_refused : int
        Rows that its reader gives, and those that it refuses.
    remarks : list of str
        What was guessed, each with its key: `encoding: a guess`.
    sheets : list of str
        Sheets of a workbook, where it has several that are alike.
    first_refusal : str
        Line and reason of the first row that is refused.
    """

    path: Path
    options: dict[str, Any]
    columns: dict[str, ColumnLook] = field(default_factory=dict)
    n_rows: int = 0
    n_refused: int = 0
    remarks: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    first_refusal: str = ""


def look_at_file(path: Path, given: dict[str, Any] | None = None) -> list[FileLook]:
    """Find out how a file is to be read.

    Parameters
    ----------
    path : Path
        The file.
    given : dict of str to object, optional
        Options of `read_rows` that are known: `kind`, `encoding`, `quoting` and others.

    Returns
    -------
    list of FileLook
        One, by the first format that gives a row; of a workbook one for each set of sheets with the same columns.

    Raises
    ------
    InputError
        If no format does; says why.
    """
    given = given or {}
    reasons: list[str] = []
    for kind in [given["kind"]] if "kind" in given else _list_kinds(path):
        try:
            looks = _look_at_kind(path, kind, {key: value for key, value in given.items() if key != "kind"})
        except InputError as error:
            reasons.append(error.message)
            continue
        if any(look.n_rows for look in looks):
            return [look for look in looks if look.n_rows]
        why = next((look.first_refusal for look in looks if look.first_refusal), "it is empty")
        reasons.append(f"{path.name}: no row can be read in the format {kind}: {why}")
    raise InputError(reasons[-1])


def _list_kinds(path: Path) -> Sequence[str]:
    """Formats that the ending of a file allows; of an archive that says none the ending of its members."""
    if is_hidden(path.name):
        raise InputError("left by a system or an open program")
    ending = path.suffix.lower()
    if ending == ".zip" and len(path.suffixes) == 1:
        members = {Path(name).suffix.lower() for name in list_members(path) if not is_hidden(name)}
        if len(members) != 1:
            raise InputError(f"it holds files of several kinds ({', '.join(sorted(members))}): unpack it")
        ending = members.pop()
        path = path.with_suffix(ending)
    elif ending == ".txt" and find_metadata(path) is not None:
        return ("parlamint",)
    elif ending == ".txt" and find_header_columns(list_first_rows(path, {})[:1]):
        return ("csv",)  # a table that is called so
    if ending in _OTHER_ENDINGS:
        return _OTHER_ENDINGS[ending]
    kind = find_format(path)
    return (*_BEFORE.get(kind, ()), kind, *_AFTER.get(kind, ()))


def _look_at_kind(path: Path, kind: str, given: dict[str, Any]) -> list[FileLook]:
    """What the file holds in a format."""
    if kind not in FORMATS:
        raise InputError(f"expected one of {', '.join(FORMATS)}, got {kind!r}.", argument="kind")
    options = {"kind": kind, **given}
    if kind == "xlsx" and "sheets" not in given:
        return _look_at_sheets(path, options)
    if kind in _DECODED and "encoding" not in given and (encoding := _guess_file_encoding(path)):
        options["encoding"] = encoding
    if kind == "json" and "records" not in given and (records := _find_records(path, options)):
        options["records"] = records
    look = _look_at_table(path, options) if kind in ("csv", "tsv") else _read_file(path, options)
    if "encoding" in options and "encoding" not in given:
        look.remarks.append(f"encoding: a guess: it gives words such as {', '.join(_find_words(look)) or '?'}")
    return [look]


def _look_at_table(path: Path, options: dict[str, Any]) -> FileLook:
    """A table of text: its header, and whether quotation marks enclose fields."""
    needed = () if "header" in options else find_header_columns(list_first_rows(path, options))
    look = _read_file(path, options, needed)
    if "header" not in options and not needed and has_no_header(list(look.columns)):
        options = {**options, "header": tuple(name_columns([""] * len(look.columns)))}
        look = _read_file(path, options)
        look.remarks.append("header: the first line seems to be data, so the columns were given names")
    if "quoting" not in options and look.n_refused:
        plain = _read_file(path, {**options, "quoting": "none"}, needed)
        if plain.n_refused < look.n_refused:
            look = plain
            look.remarks.append("quoting: quotation marks enclose no fields here; read so, fewer rows are refused")
    return look


def _look_at_sheets(path: Path, options: dict[str, Any]) -> list[FileLook]:
    """One look for all sheets with the same columns; they are named where others hold something else."""
    groups: dict[tuple[str, ...], list[FileLook]] = {}
    for title, rows in list_sheets(path).items():
        look = _read_file(path, {**options, "sheets": (title,)}, find_header_columns(rows))
        if look.n_rows or look.n_refused:
            groups.setdefault(tuple(sorted(look.columns)), []).append(look)
    looks = []
    for group in groups.values():
        titles = [title for look in group for title in look.options["sheets"]]
        joined = FileLook(path, options if len(groups) == 1 else {**options, "sheets": tuple(titles)})
        joined.columns = merge_columns(group)
        joined.n_rows, joined.n_refused = sum(look.n_rows for look in group), sum(look.n_refused for look in group)
        joined.first_refusal = next((look.first_refusal for look in group if look.first_refusal), "")
        joined.sheets = titles if len(titles) > 1 else []
        joined.remarks = list(dict.fromkeys(remark for look in group for remark in look.remarks))
        looks.append(joined)
    return looks


def merge_columns(looks: Sequence[FileLook]) -> dict[str, ColumnLook]:
    """Put the columns of several files together.

    Parameters
    ----------
    looks : sequence of FileLook
        The files.

    Returns
    -------
    dict of str to ColumnLook
        By name.
    """
    n_rows = sum(look.n_rows for look in looks)
    merged: dict[str, ColumnLook] = {}
    for look in looks:
        for name, column in look.columns.items():
            merged.setdefault(name, ColumnLook(name)).merge(column)
    for column in merged.values():
        column.n_rows = n_rows
    return merged


def _find_words(look: FileLook) -> list[str]:
    """A few words with letters that other encodings would show otherwise."""
    examples = (text for name, column in look.columns.items() for text in (name, *column.examples))
    words = [word for text in examples for word in re.findall(r"\w+", text) if not word.isascii()]
    return list(dict.fromkeys(words))[:_N_WORDS]


def _read_file(path: Path, options: dict[str, Any], needed: Sequence[str] = ()) -> FileLook:
    look = FileLook(path, options)
    notes: list[Note] = []
    for item in read_rows(path, needed=needed, notes=notes, **options):
        if isinstance(item, Refused):
            look.n_refused += 1
            look.first_refusal = look.first_refusal or f"line {item.line}: {item.reason}"
            continue
        _add_row(look, item)
    for column in look.columns.values():
        column.n_rows = look.n_rows
    look.remarks += [f"{note.file}: {note.text}" for note in notes]
    return look


def _add_row(look: FileLook, row: Row) -> None:
    look.n_rows += 1
    for name, value in row.values.items():
        if name not in look.columns:
            look.columns[name] = ColumnLook(name)
        look.columns[name].add(value)


def _guess_file_encoding(path: Path) -> str:
    """The likely encoding of a file that is not UTF-8; empty for one that is, or that says its encoding itself."""
    for name, stream in open_streams(path):
        start = stream.read(_PROBE_BYTES)
        if find_encoding(start, "utf-8", name) not in ("utf-8", "utf8"):
            continue
        decoder = codecs.getincrementaldecoder("utf-8")()
        chunk, before = start, b""
        while chunk:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                place = max(0, error.start - _CONTEXT_BYTES // 2)
                context = error.object[place : place + _CONTEXT_BYTES]
                return guess_encoding(context) or guess_encoding(before + chunk)
            before, chunk = chunk, stream.read(_PROBE_BYTES)
    return ""


def _find_records(path: Path, options: dict[str, Any]) -> str:
    """Key of the longest array of objects in a JSON file; empty where the file is one, or has none."""
    for _, stream in open_streams(path):
        content = stream.read()
        try:
            parsed = json.loads(content.decode(options["encoding"]) if "encoding" in options else content)
        except (ValueError, LookupError, RecursionError):
            return ""  # its reader says what is wrong
        arrays = dict(_list_arrays(parsed, "", 0))
        return max(arrays, key=lambda key: arrays[key], default="")
    return ""


def _list_arrays(content: Any, prefix: str, depth: int) -> Iterator[tuple[str, int]]:
    """Arrays of objects by the keys that lead to them, and their lengths."""
    if isinstance(content, list):
        if content and all(isinstance(item, dict) for item in content):
            yield prefix, len(content)
    elif isinstance(content, dict) and depth < _MAX_RECORDS_DEPTH:
        for key, value in content.items():
            yield from _list_arrays(value, f"{prefix}.{key}" if prefix else key, depth + 1)
