"""Rows of sheets that coders filled: CSV, XLSX and Label Studio exports, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from framing.codebook import Codebook
from framing.codebook.cells import NOT_CODED, find_none_word, fold_label, split_cell
from framing.coding.label_studio import list_annotations, read_tasks
from framing.coding.sheet_files import SheetTable, fold_heading, open_text_table, open_workbook_table
from framing.coding.ticks import is_ticked
from framing.corpus.formats import Refused, Row
from framing.errors import InputError
from framing.files.spreadsheets import restored, restored_id
from framing.tables import SHEET

__all__ = ["FilledRow", "FilledSheet", "read_sheet"]

_TEXT_ENDINGS = (".csv", ".tsv", ".tab", ".txt")
_PACKED = (".gz", ".zip")
_EXCERPT = 200  # characters of a refused row that are shown
_SHOWN = 40  # characters of a cell that are shown


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row as its coder left it.

    Attributes
    ----------
    file : str
        Name of the file.
    line : int
        Line of the file, row of the workbook, or number of the task.
    coder : str
        Name of the coder, as written.
    passage_id : str
        Passage that was coded.
    text : str
        Its text, as it came back.
    labels : tuple of str
        Labels as written; none where there were none.
    annotator : str
        User of Label Studio who coded it, where the row says both this and the coder; else empty.
    """

    file: str
    line: int
    coder: str
    passage_id: str
    text: str
    labels: tuple[str, ...]
    annotator: str = ""


@dataclass(frozen=True)
class FilledSheet:
    """A filled sheet.

    Attributes
    ----------
    rows : iterator of FilledRow or Refused
        One for each row of a table, in its order; of Label Studio one for each annotation.
    remark : str
        How the file was read, where that is not as sheets are written; else empty.
    """

    rows: Iterator[FilledRow | Refused]
    remark: str = ""


def read_sheet(path: Path, codebook: Codebook, *, texts: Mapping[str, str] | None = None) -> FilledSheet:
    """Open one sheet.

    Parameters
    ----------
    path : Path
        A table with a column `frames` of labels separated by `;`, or with a column for each frame; or an export of
        Label Studio.
    codebook : Codebook
        Whose frames the columns are.
    texts : mapping of str to str, optional
        Texts of the passages by their ids, which tell the encoding of a table that is not UTF-8.

    Returns
    -------
    FilledSheet
        Its rows.

    Raises
    ------
    InputError
        For a file that cannot be read or lacks columns.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    ending = next((suffix for suffix in reversed(path.suffixes) if suffix.lower() not in _PACKED), "").lower()
    if ending == ".json":
        return FilledSheet(_read_tasks(path))
    if ending == ".xlsx":
        table = open_workbook_table(path, codebook)
    elif ending in _TEXT_ENDINGS:
        table = open_text_table(path, texts or {}, codebook)
    else:
        raise InputError(
            f"{path}: expected a filled sheet, .xlsx, .csv, .tsv, .txt, or a Label Studio export .json. Save it as "
            ".xlsx, for instance."
        )
    return FilledSheet(_read_table(table, _find_frame_columns(path, table, codebook), path), table.remark)


def _read_table(table: SheetTable, frame_columns: dict[str, str], path: Path) -> Iterator[FilledRow | Refused]:
    for row in table.rows:
        yield row if isinstance(row, Refused) else _read_row(row, table.columns, frame_columns, path)


def _read_row(
    row: Row, columns: dict[str, str], frame_columns: dict[str, str], path: Path
) -> FilledRow | Refused:  # fmt: skip
    """A row of a table; refused where the box of a frame is neither ticked nor empty."""
    cells = {key: row.values[heading].strip() for key, heading in columns.items()}
    if frame_columns:
        ticks = {heading: is_ticked(row.values[heading]) for heading in frame_columns}
        unclear = [
            f"the column {heading} has {row.values[heading].strip()[:_SHOWN]!r}"
            for heading in ticks
            if ticks[heading] is None
        ]
        if unclear:
            reason = f"{', '.join(unclear)}; expected x or nothing"
            return Refused(row.file, row.line, reason, cells["text"][:_EXCERPT])
        labels = [frame for heading, frame in frame_columns.items() if ticks[heading]]
    elif fold_label(cells["frames"]) == NOT_CODED:
        labels = []
    else:
        labels = [label for written in split_cell(cells["frames"]) if (label := restored(written))]
    return FilledRow(
        file=row.file,
        line=row.line,
        coder=cells.get("coder", "") or cells.get("annotator", "") or _name_coder(path),
        passage_id=restored_id(cells["passage_id"]),
        text=restored(row.values[columns["text"]]),
        labels=tuple(labels),
        annotator=cells.get("annotator", "") if cells.get("coder") else "",
    )


def _name_coder(path: Path) -> str:
    """Coder of a file in which no column names one."""
    return path.name.split(".")[0]


def _find_frame_columns(path: Path, table: SheetTable, codebook: Codebook) -> dict[str, str]:
    """Column to the label that an x in it gives; empty where the sheet has a column `frames`."""
    if "frames" in table.columns:
        return {}
    frame_of_heading = dict(codebook.frame_of_label)
    if none_word := find_none_word(codebook):
        frame_of_heading[none_word] = none_word
    columns: dict[str, str] = {}
    for heading in table.header:
        frame = frame_of_heading.get(fold_label(heading))
        if frame is None or fold_heading(heading) in SHEET:
            continue
        if frame in columns.values():
            raise InputError(f"{path}: several columns are for {frame}; delete all but one, or rename them.")
        columns[heading] = frame
    missing = [frame for frame in codebook.frame_ids if frame not in columns.values()]
    if missing:
        raise InputError(
            f"{path} has neither a column frames nor one for each frame; missing: {', '.join(missing)}. It has: "
            f"{', '.join(table.header)}."
        )
    return columns


def _read_tasks(path: Path) -> Iterator[FilledRow | Refused]:
    """One row for each annotation of each task."""
    for number, task in enumerate(read_tasks(path), start=1):
        data = task.get("data", task) if isinstance(task, dict) else None
        if not isinstance(data, dict) or "passage_id" not in data:
            reason = "not a task of framing sample: it has no passage_id"
            yield Refused(path.name, number, reason, str(task)[:_EXCERPT])
            continue
        for annotation in list_annotations(task):
            yield FilledRow(
                file=path.name,
                line=number,
                coder=str(data.get("coder") or annotation.annotator or _name_coder(path)),
                passage_id=str(data["passage_id"]),
                text=str(data.get("text", "")),
                labels=annotation.labels,
                annotator=annotation.annotator if data.get("coder") else "",
            )
