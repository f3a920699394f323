"""Files that coders filled, as rows: the encoding and the sheet of a workbook are found out by what was drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from framing.codebook import Codebook
from framing.codebook.cells import CellError, fold_label, parse_cell
from framing.coding.same_text import is_same_text
from framing.corpus.code_pages import doubt_encoding
from framing.corpus.containers import open_streams
from framing.corpus.encodings import find_encoding, is_utf_8
from framing.corpus.formats import Refused, Row, read_rows
from framing.corpus.records import MissingColumnsError, Note, UnreadSheet
from framing.errors import InputError
from framing.files.spreadsheets import restored, restored_id
from framing.tables import SHEET

__all__ = ["SheetRows", "find_columns", "read_sheet_rows"]

_NEEDED = ("passage_id", "text")
_CODING = "coding"  # name of the sheet to fill
_KINDS = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".txt": "tsv", ".xlsx": "xlsx"}
_PACKED = (".gz", ".zip")
# those that spreadsheets have saved in, the commoner ones first
_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "mac-roman", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874",
    "gb18030", "cp932", "cp949", "big5", "mac-cyrillic", "mac-latin2", "mac-greek", "iso8859-2", "iso8859-5", "koi8-r",
    "koi8-u", "cp866", "cp850", "cp852", "cp437",
)  # fmt: skip
_REMEDY = "Save the sheet as .xlsx, or as CSV in UTF-8 (Excel: Save As, CSV UTF-8; LibreOffice: Unicode, UTF-8)"


class SheetRows(NamedTuple):
    """Rows of a filled sheet.

    Attributes
    ----------
    rows : list of Row or Refused
        In the order of the file.
    remarks : list of str
        How the file was read, where that is not as sheets are written.
    """

    rows: list[Row | Refused]
    remarks: list[str]


def read_sheet_rows(path: Path, texts: Mapping[str, str], codebook: Codebook) -> SheetRows:
    """Read a sheet that is a table.

    Parameters
    ----------
    path : Path
        Delimited text or a workbook.
    texts : mapping of str to str
        Texts of the passages by their ids: text that is not Unicode is read in the encoding in which it has them.
    codebook : Codebook
        Whose frames the cells name.

    Returns
    -------
    SheetRows
        Of a workbook, the rows of the sheet `coding`, else of the only one that has the columns.

    Raises
    ------
    InputError
        If the file is no table, cannot be decoded or lacks a column, or several sheets have the columns.
    """
    ending = next((suffix for suffix in reversed(path.suffixes) if suffix.lower() not in _PACKED), "").lower()
    if ending not in _KINDS:
        raise InputError(
            f"{path}: expected a filled sheet, .xlsx, .csv, .tsv, .txt, or a Label Studio export .json. Save it as "
            ".xlsx, for instance."
        )
    kind, encoding, doubt = _KINDS[ending], "utf-8", ""
    remarks = []
    if kind != "xlsx":
        encoding, doubt = _find_encoding(path, kind, texts, codebook)
        remarks += [f"{path.name}: read as {encoding}"] * (not is_utf_8(encoding))
    notes: list[Note] = []
    try:
        read = list(read_rows(path, kind=kind, needed=_NEEDED, encoding=encoding, notes=notes))
    except MissingColumnsError as error:
        if kind == "xlsx":
            raise
        first = next(read_rows(path, kind=kind, needed=[], encoding=encoding), None)
        header = ", ".join(first.values) if isinstance(first, Row) else "nothing that can be read"
        raise InputError(
            f"{path.name} lacks the column(s) {', '.join(error.missing)} of a sheet for coders. It has: {header}."
        ) from None
    rows = [row for row in read if not isinstance(row, UnreadSheet)]  # a workbook holds the codebook, too
    remarks += [f"{note.file}: {note.text}" for note in notes if note.text != doubt]
    titles = list(dict.fromkeys(row.values["sheet"] for row in rows if isinstance(row, Row) and "sheet" in row.values))
    if kind == "xlsx" and len(titles) > 1:
        named = [title for title in titles if fold_label(title) == _CODING]
        if not named:
            raise InputError(
                f"{path}: the sheets {', '.join(titles)} all have the columns {', '.join(_NEEDED)}. Call the filled "
                f"one {_CODING}, or delete the others."
            )
        others = ", ".join(title for title in titles if title != named[0])
        remarks.append(f"{path.name}: the sheet {named[0]} is read, and not {others}, which has the columns too")
        rows = [row for row in rows if row.file == f"{path.name}/{named[0]}"]
    return SheetRows(rows, remarks)


def find_columns(header: Sequence[str]) -> dict[str, str]:
    """Columns of `framing.tables.SHEET` and `annotator` among those of a file.

    Parameters
    ----------
    header : sequence of str
        Columns as written.

    Returns
    -------
    dict of str to str
        The columns as written, by their own name; letter case and spaces do not matter.
    """
    columns: dict[str, str] = {}
    for heading in header:
        known = re.sub(r"[\s_-]+", "_", fold_label(heading))
        if known in (*SHEET, "annotator") and (known not in columns or heading == known):
            columns[known] = heading
    return columns


def _find_encoding(path: Path, kind: str, texts: Mapping[str, str], codebook: Codebook) -> tuple[str, str]:
    """Unicode where the bytes are, else the encoding in which most texts are those that were drawn.

    The second is the doubt that the letters alone would leave; the texts leave none.
    """
    told = "utf-8"
    for name, stream in open_streams(path):
        content = stream.read()
        told = find_encoding(content, "utf-8", name)
        try:
            content.decode(told)
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            place = f"{name}, line {line}: byte 0x{content[error.start]:02x}"
            encoding = _guess_encoding(path, kind, texts, codebook, place)
            return encoding, doubt_encoding(content, encoding)
    return told, ""


def _guess_encoding(path: Path, kind: str, texts: Mapping[str, str], codebook: Codebook, place: str) -> str:
    best, n_best = "", (0, 0)
    for encoding in _ENCODINGS:
        try:
            rows = list(read_rows(path, kind=kind, needed=_NEEDED, encoding=encoding))
        except InputError:  # the bytes do not fit, or there is no such header
            continue
        matches = _count_matches([row for row in rows if isinstance(row, Row)], texts, codebook)
        if matches > n_best:
            best, n_best = encoding, matches
        if n_best == (len(rows), len(rows)):
            break
    if not best:
        raise InputError(
            f"{place} is not UTF-8, and in no encoding of spreadsheets are the texts those that were drawn. {_REMEDY}."
        )
    return best


def _count_matches(rows: Sequence[Row], texts: Mapping[str, str], codebook: Codebook) -> tuple[int, int]:
    """Rows whose text is the one drawn, and rows whose labels can be read; none where no text tells encodings apart."""
    n_texts = n_telling = n_told = n_labels = 0
    for row in rows:
        text, drawn = restored(row.values["text"]), texts.get(restored_id(row.values["passage_id"].strip()), "")
        same = bool(drawn) and is_same_text(drawn, text)
        n_texts += same
        n_telling += not text.isascii()
        n_told += same and not text.isascii()
        cell = row.values.get(find_columns(list(row.values)).get("frames", ""), "")
        try:
            parse_cell(cell, codebook)
        except CellError:
            continue
        n_labels += 1
    return (n_texts, n_labels) if n_texts and (n_told or not n_telling) else (0, 0)
