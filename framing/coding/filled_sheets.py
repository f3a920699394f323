"""Rows that coders filled: sheets, exports of other tools and files of the screen, each with its file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from framing.codebook import Codebook
from framing.codebook.cells import NOT_CODED, find_none_word, fold_label, split_cell
from framing.coding.decision_file import DecisionFile
from framing.coding.decision_sheet import format_spans
from framing.coding.decisions import is_decision_file
from framing.coding.filled_rows import FilledRow, FilledSheet
from framing.coding.sheet_files import find_columns, read_sheet_rows
from framing.coding.ticks import is_ticked
from framing.coding.tool_files.recognise import find_tool, is_active_tigger, read_tool_file
from framing.corpus.formats import Refused, Row
from framing.errors import InputError
from framing.files.spreadsheets import restored, restored_id

__all__ = ["FilledRow", "FilledSheet", "read_sheet"]

_EXCERPT = 200  # characters of a refused row that are shown
_SHOWN = 40  # characters of a cell that are shown


def read_sheet(path: Path, codebook: Codebook, *, texts: Mapping[str, str] | None = None) -> FilledSheet:
    """Open one sheet.

    Parameters
    ----------
    path : Path
        A table with a column `frames` of labels separated by `;`, or with a column for each frame; an export of another
        tool (`framing.coding.tool_files`), told by its content; or a file of decisions of the screen.
    codebook : Codebook
        Whose frames the columns are.
    texts : mapping of str to str, optional
        Texts of the passages by their ids, which tell the encoding of a table that is not UTF-8, and which of a tool's
        names are ids of passages.

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
    if is_decision_file(path):
        return _read_decisions(path, codebook)
    if tool := find_tool(path):
        return _say_lacks(read_tool_file(path, tool, codebook, texts=texts))
    try:
        rows, remarks = read_sheet_rows(path, texts or {}, codebook)
        header = list(dict.fromkeys(name for row in rows if isinstance(row, Row) for name in row.values))
        columns = find_columns(header)
        frame_columns = _find_frame_columns(path, header, codebook) if header and "frames" not in columns else {}
    except InputError:  # no sheet of ours; a table of another tool has its frames in a column of any name
        if is_active_tigger(path, codebook):
            return _say_lacks(read_tool_file(path, "active-tigger", codebook, texts=texts))
        raise
    return FilledSheet(
        [row if isinstance(row, Refused) else _read_row(row, columns, frame_columns, path) for row in rows], remarks
    )


def _read_row(row: Row, columns: dict[str, str], frame_columns: dict[str, str], path: Path) -> FilledRow | Refused:
    """A row of a table; refused where the box of a frame, or of doubt, is neither ticked nor empty."""
    cells = {key: row.values.get(heading, "").strip() for key, heading in columns.items()}
    has_spans = not frame_columns and "spans" in row.values
    has_doubt = has_spans and "unsure" in row.values
    ticks = {heading: is_ticked(row.values.get(heading, "")) for heading in (*frame_columns, *["unsure"] * has_doubt)}
    unclear = [
        f"the column {heading} has {row.values[heading].strip()[:_SHOWN]!r}"
        for heading in ticks
        if ticks[heading] is None
    ]
    if unclear:
        reason = f"{', '.join(unclear)}; expected x or nothing"
        return Refused(row.file, row.line, reason, cells["text"][:_EXCERPT])
    if frame_columns:
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
        notes=restored(cells.get("notes", "")),
        spans=restored(row.values["spans"].strip()) if has_spans else "",
        unsure=has_doubt and bool(ticks["unsure"]),
        seconds=_read_seconds(row.values.get("seconds", "")) if has_doubt else None,
        lacks=frozenset(
            ["notes"] * ("notes" not in cells) + ["unsure"] * (not has_doubt) + ["spans"] * (not has_spans)
        ),
    )


def _read_seconds(cell: str) -> float | None:
    return float(cell) if re.fullmatch(r"\d{1,9}(\.\d+)?", cell.strip()) else None


def _say_lacks(sheet: FilledSheet) -> FilledSheet:
    """Other tools have no doubt; whether no remark or span means none, or that it was not exported, nobody knows."""
    rows = [
        replace(row, lacks=frozenset(["unsure"] + ["notes"] * (not row.notes) + ["spans"] * (not row.spans)))
        if isinstance(row, FilledRow)
        else row
        for row in sheet.rows
    ]
    return replace(sheet, rows=rows)


def _read_decisions(path: Path, codebook: Codebook) -> FilledSheet:
    """One row for each passage with a decision; its number is that of the decision."""
    none_word = find_none_word(codebook)
    with DecisionFile(path) as file:
        passages = file.passages
        rows = [
            FilledRow(
                file=path.name,
                line=decision.number,
                coder=file.about.coder,
                passage_id=passage_id,
                text=passages[passage_id][1],
                labels=(decision.frames or (none_word,) * bool(none_word)) if decision.state == "coded" else (),
                notes=decision.remark,
                unsure=decision.unsure,
                spans=format_spans(decision.spans, passages[passage_id][1]),
                seconds=round(decision.seconds, 1),
            )
            for passage_id, decision in file.latest().items()
        ]
        return FilledSheet(rows, draw=file.about.draw)


def _name_coder(path: Path) -> str:
    """Coder of a file in which no column names one."""
    return path.name.split(".")[0]


def _find_frame_columns(path: Path, header: Sequence[str], codebook: Codebook) -> dict[str, str]:
    """Column of each frame to the label that an x in it gives."""
    frame_of_heading = dict(codebook.frame_of_label)
    if none_word := find_none_word(codebook):
        frame_of_heading[none_word] = none_word
    columns: dict[str, str] = {}
    for heading in header:
        frame = frame_of_heading.get(fold_label(heading))
        if frame is None or find_columns([heading]):
            continue
        if frame in columns.values():
            raise InputError(f"{path}: several columns are for {frame}; delete all but one, or rename them.")
        columns[heading] = frame
    missing = [frame for frame in codebook.frame_ids if frame not in columns.values()]
    if missing:
        raise InputError(
            f"{path} has neither a column frames nor one for each frame; missing: {', '.join(missing)}. It has: "
            f"{', '.join(header)}."
        )
    return columns
