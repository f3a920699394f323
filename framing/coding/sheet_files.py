"""Files that coders filled, as rows: the encoding, the separator and the sheet that a program chose are found out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from framing.codebook import Codebook
from framing.codebook.cells import CellError, fold_label, parse_cell
from framing.coding.same_text import is_same_text
from framing.corpus.containers import limit_lines, open_streams
from framing.corpus.formats import Refused, Row, read_rows
from framing.corpus.text_tables import read_delimited
from framing.errors import InputError
from framing.files.spreadsheets import restored, restored_id
from framing.tables import SHEET

__all__ = ["NEEDED", "SheetTable", "fold_heading", "open_text_table", "open_workbook_table"]

NEEDED = ("passage_id", "text")
_CODING = "coding"  # name of the sheet to fill
_KNOWN = (*SHEET, "annotator")
_SEPARATORS = (",", ";", "\t", "|")
_NAMES = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "vertical bar"}
_SEP_LINE = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# those that spreadsheets have saved in, the commoner ones first
_ENCODINGS = (
    "cp1252", "cp1250", "cp1251", "mac-roman", "utf-16-le", "utf-16-be", "cp1253", "cp1254", "cp1255", "cp1256",
    "cp1257", "cp1258", "cp874", "gb18030", "cp932", "cp949", "big5", "mac-cyrillic", "mac-latin2", "mac-greek",
    "iso8859-2", "iso8859-5", "koi8-r", "koi8-u", "cp866", "cp850", "cp852", "cp437",
)  # fmt: skip
_REMEDY = "Save the sheet as .xlsx, or as CSV in UTF-8 (Excel: Save As, CSV UTF-8; LibreOffice: Unicode, UTF-8)"


@dataclass(frozen=True)
class SheetTable:
    """Rows of a filled sheet.

    Attributes
    ----------
    name : str
        Name of the file.
    header : tuple of str
        Its columns, as written.
    columns : dict of str to str
        Columns of `framing.tables.SHEET` and `annotator`, as written, by their own name.
    rows : iterator of Row or Refused
        In the order of the file.
    remark : str
        How the file was read, where that is not as sheets are written; else empty.
    """

    name: str
    header: tuple[str, ...]
    columns: dict[str, str]
    rows: Iterator[Row | Refused]
    remark: str


def fold_heading(heading: str) -> str:
    """Heading of a column as the name of a column: `Passage ID` is `passage_id`.

    Parameters
    ----------
    heading : str
        As written.

    Returns
    -------
    str
        In small letters, with underscores.
    """
    return re.sub(r"[\s_-]+", "_", fold_label(heading))


def open_text_table(path: Path, texts: Mapping[str, str], codebook: Codebook) -> SheetTable:
    """Open a sheet that is delimited text.

    Parameters
    ----------
    path : Path
        The file.
    texts : mapping of str to str
        Texts of the passages by their ids: the encoding in which the file has them is the one that it was saved in.
    codebook : Codebook
        Whose frames the cells name.

    Returns
    -------
    SheetTable
        The separator is the one that parts the header into the columns of a sheet.

    Raises
    ------
    InputError
        If the file cannot be decoded, has no header, or lacks a column.
    """
    (name, content), *others = [(name, stream.read()) for name, stream in open_streams(path)] or [(path.name, b"")]
    if others:
        raise InputError(f"{path} holds {1 + len(others)} files; give each sheet by itself.")
    encoding = _find_encoding(content, name, texts, codebook)
    lines, skipped, separator = _find_separator(content.decode(encoding))
    header = _split_line(lines, separator)
    columns = _find_columns(name, header)
    usual = "\t" if path.suffix.lower() in (".tsv", ".tab", ".txt") else ","
    facts = [f"as {encoding}"] * (not encoding.startswith("utf-8"))
    facts += [f"with a {_NAMES.get(separator, separator)} between columns"] * (separator != usual)
    rows = read_delimited(
        limit_lines(io.StringIO(lines, newline="")), name, [columns[key] for key in NEEDED], delimiter=separator
    )
    return SheetTable(
        name=name,
        header=tuple(header),
        columns=columns,
        rows=(replace(row, line=row.line + skipped) for row in rows),
        remark=f"{name}: read {', '.join(facts)}" if facts else "",
    )


def open_workbook_table(path: Path, codebook: Codebook) -> SheetTable:
    """Open the filled sheet of a workbook: the one called `coding`, else the one that has its columns.

    Parameters
    ----------
    path : Path
        The file.
    codebook : Codebook
        Whose frames may be columns.

    Returns
    -------
    SheetTable
        Its rows.

    Raises
    ------
    InputError
        If it is no workbook, or no sheet or several have the columns.
    """
    headers = _read_headers(path)
    fitting = [title for title, header in headers.items() if _has_columns(header, codebook)]
    usual = list(headers) if len(headers) == 1 else [title for title in headers if fold_label(title) == _CODING]
    candidates = [title for title in usual if {fold_heading(name) for name in headers[title]} >= set(NEEDED)] or fitting
    if len(candidates) != 1:
        sheets = [f"{title} ({', '.join(filter(None, header)) or 'empty'})" for title, header in headers.items()]
        what = f"{len(fitting)} sheets have" if fitting else "no sheet has"
        raise InputError(
            f"{path}: {what} the columns of a sheet for coders ({', '.join(NEEDED)}, and frames or one for each "
            f"frame). Call the filled one {_CODING}. Its sheets: {'; '.join(sheets)}."
        )
    chosen = candidates[0]
    columns = _find_columns(path.name, headers[chosen])
    others = [title for title in fitting if title != chosen]
    remark = f"{path.name}: the sheet {chosen} was read" if chosen not in usual or others else ""
    if others:
        remark += f", and not {', '.join(others)}, which could be filled too"
    rows = read_rows(path, kind="xlsx", needed=[columns[key] for key in NEEDED], sheets=(chosen,))
    return SheetTable(path.name, headers[chosen], columns, rows, remark)


def _find_columns(name: str, header: Sequence[str]) -> dict[str, str]:
    """The known columns of a header, as written, by their own name."""
    columns: dict[str, str] = {}
    for heading in header:
        known = fold_heading(heading)
        if known not in _KNOWN:
            continue
        if known in columns:
            raise InputError(f"{name}: the column {known} stands twice in the header; rename or delete one.")
        columns[known] = heading
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise InputError(
            f"{name} lacks the column(s) {', '.join(missing)}. It has: "
            f"{', '.join(heading or '(unnamed)' for heading in header) or 'nothing'}."
        )
    return columns


def _has_columns(header: Sequence[str], codebook: Codebook) -> bool:
    """Whether a header is that of a sheet for coders."""
    known = {fold_heading(heading) for heading in header}
    frames = {codebook.frame_of_label.get(fold_label(heading)) for heading in header}
    return known.issuperset(NEEDED) and ("frames" in known or frames.issuperset(codebook.frame_ids))


def _read_headers(path: Path) -> dict[str, tuple[str, ...]]:
    """First row of each sheet of a workbook by its title."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        headers = {}
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            cells = next(sheet.iter_rows(max_row=1, values_only=True), ())
            headers[sheet.title] = tuple("" if cell is None else str(cell).strip() for cell in cells)
        book.close()
    except Exception as error:  # openpyxl passes on whatever its zip and XML parsers raise
        raise InputError(f"{path} is not a readable XLSX workbook: {error}") from None
    return headers


def _find_separator(text: str) -> tuple[str, int, str]:
    """Text from the header on, the number of lines before it, and the character between its columns."""
    skipped, stated = 0, ""
    while text:
        line, rest = _cut_line(text)
        match = _SEP_LINE.match(line)
        if match and not skipped:
            stated = match[1]
        elif line.strip():
            break
        skipped, text = skipped + 1, rest
    candidates = [stated] if stated else list(_SEPARATORS)
    fitting = [sign for sign in candidates if set(NEEDED) <= {fold_heading(cell) for cell in _split_line(text, sign)}]
    return text, skipped, max(fitting or candidates, key=lambda sign: len(_split_line(text, sign)))


def _cut_line(text: str) -> tuple[str, str]:
    """First line of a text, and the rest."""
    match = re.search(r"\r\n|\n|\r", text)
    return (text[: match.start()], text[match.end() :]) if match else (text, "")


def _split_line(text: str, separator: str) -> list[str]:
    """Fields of the first line of a text."""
    try:
        fields = next(csv.reader([_cut_line(text)[0]], delimiter=separator), [])
    except csv.Error:
        fields = []
    return [field.strip() for field in fields]


def _find_encoding(content: bytes, name: str, texts: Mapping[str, str], codebook: Codebook) -> str:
    """Encoding by the mark at the beginning, else UTF-8, else the one in which most texts are those that were drawn."""
    for mark, encoding in _MARKS:
        if content.startswith(mark) and _decodes(content, encoding):
            return encoding
    if _decodes(content, "utf-8") and b"\0" not in content:
        return "utf-8"
    best, n_best, complete = "", (0, 0), False
    for encoding in _ENCODINGS:
        if not complete and _decodes(content, encoding):
            matches, complete = _count_matches(content.decode(encoding), texts, codebook)
            if matches > n_best:
                best, n_best = encoding, matches
    if not best:
        byte = next((number for number, value in enumerate(content) if value > 127), 0)
        line = content.count(b"\n", 0, byte) + 1
        raise InputError(
            f"{name}, line {line}: byte 0x{content[byte]:02x} is not UTF-8, and in no encoding of spreadsheets are the "
            f"texts those that were drawn. {_REMEDY}."
        )
    return best


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeError:
        return False
    return True


def _count_matches(content: str, texts: Mapping[str, str], codebook: Codebook) -> tuple[tuple[int, int], bool]:
    """Rows whose text is the one drawn, rows whose labels can be read; and whether all rows are both."""
    lines, _, separator = _find_separator(content)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=separator)
    n_rows = n_texts = n_telling = n_told = n_labels = 0
    try:
        places = {fold_heading(heading): place for place, heading in enumerate(next(reader, []))}
        if not places.keys() >= set(NEEDED):
            return (0, 0), False
        for fields in reader:
            if len(fields) < len(places):
                continue
            n_rows += 1
            drawn = texts.get(restored_id(fields[places["passage_id"]].strip()), "")
            text = restored(fields[places["text"]])
            same = bool(drawn) and is_same_text(drawn, text)
            n_texts += same
            n_telling += not text.isascii()  # only such texts tell encodings apart
            n_told += same and not text.isascii()
            n_labels += "frames" not in places or _is_readable(fields[places["frames"]], codebook)
    except csv.Error:
        return (0, 0), False
    return ((n_texts, n_labels) if n_texts and (n_told or not n_telling) else (0, 0)), n_texts == n_labels == n_rows


def _is_readable(cell: str, codebook: Codebook) -> bool:
    try:
        parse_cell(cell, codebook)
    except CellError:
        return False
    return True
