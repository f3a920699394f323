"""Labels from one form to another: gold files and exports of tools as coded passages, and these as files of a tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from framing.codebook import Codebook
from framing.codebook.cells import NOT_CODED, CellError, find_none_word, parse_cell, resolve_labels, write_cell
from framing.coding.decision_sheet import format_spans
from framing.coding.decisions import Span
from framing.coding.filled_rows import FilledRow
from framing.coding.filled_sheets import read_sheet
from framing.coding.gold_spans import read_spans, spans_path
from framing.coding.label_files import read_header
from framing.coding.spans import check_spans, sort_spans
from framing.coding.tool_files.coded_texts import CodedText
from framing.coding.tool_files.recognise import find_tool
from framing.corpus.formats import Refused, find_format, read_rows
from framing.errors import InputError
from framing.files.spreadsheets import harmless_id, restored, restored_id
from framing.tables import SHEET

__all__ = ["GOLD", "CodedFile", "Whose", "make_sheet", "read_coded_file"]

Whose = Literal["coders", "gold"]
GOLD = "gold"  # who stands in the place of the coder for settled labels
_PREFIX = "coder_"
_EXCERPT = 200


@dataclass(frozen=True)
class CodedFile:
    """Coded passages of a file.

    Attributes
    ----------
    codings : list of CodedText
        One for each passage and coder who coded it.
    n_rows : int
        Rows of the file: those kept and those refused.
    refused : list of Refused
        The other rows, with the reason.
    refused_spans : list of Refused
        Marked words that do not count, with the reason.
    remarks : list of str
        How the file was read, where that is not as usual.
    """

    codings: list[CodedText] = field(default_factory=list)
    n_rows: int = 0
    refused: list[Refused] = field(default_factory=list)
    refused_spans: list[Refused] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def read_coded_file(path: Path, codebook: Codebook, *, whose: Whose = "gold") -> CodedFile:
    """Read the labels of a gold file, a filled sheet, or an export of a tool.

    Parameters
    ----------
    path : Path
        The file. What kind it is is told by its content.
    codebook : Codebook
        Whose frames were coded.
    whose : {"gold", "coders"}, default "gold"
        Of a gold file: the settled labels, as of a coder `gold`; or those of each coder. Marked words are of coders;
        with settled labels go those that mark a settled frame.

    Returns
    -------
    CodedFile
        Its coded passages. Rows that nobody has coded are refused.

    Raises
    ------
    InputError
        If it cannot be read, or has no text that a label is of.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    if find_tool(path) is None and path.suffix.lower() not in (".xlsx", ".sqlite"):
        header = read_header(path)
        if {"passage_id", "text", "frames"} <= set(header) and "coder" not in header:
            return _read_gold(path, header, codebook, whose)
    sheet = read_sheet(path, codebook)
    read = CodedFile(n_rows=len(sheet.rows), remarks=list(sheet.remarks))
    for number, row in enumerate(sheet.rows, start=1):
        if isinstance(row, Refused):
            read.refused.append(row)
        else:
            _add(read, row, row.passage_id or f"{path.stem}-{number}", codebook)
    return read


def make_sheet(codings: Sequence[CodedText], codebook: Codebook) -> pd.DataFrame:
    """A filled sheet of coded passages, which `framing gold` reads.

    Parameters
    ----------
    codings : sequence of CodedText
        Passages of one coder or several.
    codebook : Codebook
        Whose frames were coded.

    Returns
    -------
    DataFrame
        `coder, place, passage_id, text, frames, notes, spans`, the last as JSON.
    """
    rows = []
    for number, item in enumerate(codings, start=1):
        cell = NOT_CODED if item.frames is None else write_cell(item.frames, codebook)
        place, spans = item.place or str(number), format_spans(item.spans, item.text)
        rows.append((item.coder, place, harmless_id(item.passage_id), item.text, cell, item.notes, spans))
    return pd.DataFrame(rows, columns=[*SHEET, "spans"])


def _add(read: CodedFile, row: FilledRow, passage_id: str, codebook: Codebook) -> None:
    """Add a row to what was read, or refuse it."""
    try:
        if not row.labels:
            raise CellError("not coded: no frame is given")
        frames = tuple(resolve_labels(row.labels, codebook))
    except CellError as error:
        read.refused.append(Refused(row.file, row.line, error.message, row.text[:_EXCERPT]))
        return
    spans, refused = check_spans(row.spans, came=row.text, drawn=row.text, frames=frames, codebook=codebook)
    read.refused_spans.extend(Refused(row.file, row.line, reason, words) for reason, words in refused)
    read.codings.append(CodedText(passage_id, row.text, row.coder, frames, tuple(spans), row.notes))


def _read_gold(path: Path, header: Sequence[str], codebook: Codebook, whose: Whose) -> CodedFile:
    """Codings of a gold file, with the marked words beside it."""
    columns = {_name_coder(name): name for name in header if name.startswith(_PREFIX)}
    if whose == "gold":
        columns = {GOLD: "frames"}
    elif not columns:
        raise InputError(f"{path} has no columns of coders ({_PREFIX}…); take the settled labels.", argument="labels")
    spans = _read_spans(path)
    read = CodedFile()
    n_rows = 0
    for row in read_rows(path, kind=find_format(path), needed=["passage_id", "text", "frames"]):
        if isinstance(row, Refused):
            n_rows += 1
            read.refused.append(row)
            continue
        passage_id, text = restored_id(row.values["passage_id"]), restored(row.values["text"])
        for coder, column in columns.items():
            cell = row.values.get(column, "")
            try:
                frames = parse_cell(cell, codebook)
            except CellError as error:
                n_rows += 1
                read.refused.append(Refused(row.file, row.line, f"column {column}: {error.message}", text[:_EXCERPT]))
                continue
            if frames is None and whose == "coders":
                continue  # not given to this coder
            n_rows += 1
            if frames is None:
                remedy = f"; write {find_none_word(codebook)} where there is no frame" * bool(find_none_word(codebook))
                read.refused.append(Refused(row.file, row.line, f"not coded{remedy}", text[:_EXCERPT]))
                continue
            marked = _find_marked(spans.get(passage_id, ()), coder, column, frames)
            wrong = [span for span in marked if not 0 <= span.start < span.end <= len(text)]
            reason = "marked words: the place is outside the text"
            read.refused_spans.extend(Refused(spans_path(path).name, row.line, reason, str(span)) for span in wrong)
            kept = tuple(span for span in marked if span not in wrong)
            read.codings.append(CodedText(passage_id, text, coder, tuple(frames), kept))
    return CodedFile(read.codings, n_rows, read.refused, read.refused_spans)


def _name_coder(column: str) -> str:
    """Coder of a column: `anna` of `coder_anna`, and `coder_1` of `coder_1`, which is the name itself."""
    name = column.removeprefix(_PREFIX)
    return column if name.isdigit() else name


def _read_spans(path: Path) -> dict[str, list[tuple[str, Span]]]:
    """Coder and span by passage, of the file of marked words; none where there is none."""
    beside = spans_path(path)
    by_passage: dict[str, list[tuple[str, Span]]] = {}
    if beside.is_file():
        for row in read_spans(beside).to_dict("records"):
            span = Span(row["frame"], row["start"], row["end"])
            by_passage.setdefault(row["passage_id"], []).append((row["coder"], span))
    return by_passage


def _find_marked(spans: Sequence[tuple[str, Span]], coder: str, column: str, frames: Sequence[str]) -> list[Span]:
    """Spans of a coder; of settled labels those of any coder that mark a settled frame, each once."""
    own = [span for who, span in spans if column == "frames" or who in (coder, column)]
    return sort_spans({span for span in own if span.frame in frames})
