"""Rows of sheets that coders filled: CSV, XLSX and Label Studio exports, each with its file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framing.codebook import Codebook
from framing.coding.labels import NONE, split_cell
from framing.corpus.formats import Refused, Row, find_format, read_rows
from framing.corpus.records import UnreadSheet
from framing.errors import InputError
from framing.files.spreadsheets import restored, restored_id

__all__ = ["FilledRow", "read_sheet"]

_TICKED = ("x", "1", "1.0", "true", "yes", "✓", "✗", "✔")
_EMPTY = ("", "0", "0.0", "false", "no")
_MAX_BYTES = 500_000_000
_EXCERPT = 200  # characters of a refused row that are shown


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
    """

    file: str
    line: int
    coder: str
    passage_id: str
    text: str
    labels: tuple[str, ...]


def read_sheet(path: Path, codebook: Codebook) -> Iterator[FilledRow | Refused]:
    """Rows of one sheet.

    Parameters
    ----------
    path : Path
        A table with a column `frames` of labels separated by `;`, or with a column for each frame; or an export of
        Label Studio.
    codebook : Codebook
        Whose frames the columns are.

    Yields
    ------
    FilledRow or Refused
        One for each row of a table, in its order; of Label Studio one for each annotation.

    Raises
    ------
    InputError
        For a file that cannot be read or lacks columns.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    if path.suffix.lower() == ".json":
        yield from _read_label_studio(path)
        return
    kind = find_format(path)
    if kind not in ("csv", "tsv", "xlsx"):
        raise InputError(f"{path}: expected a filled sheet, .csv, .tsv, .xlsx or a Label Studio export .json.")
    frame_columns: dict[str, str] | None = None
    for row in read_rows(path, kind=kind, needed=["passage_id", "text"]):
        if isinstance(row, UnreadSheet):  # a workbook may hold the codebook, too
            continue
        if isinstance(row, Refused):
            yield row
            continue
        if frame_columns is None:
            frame_columns = _find_frame_columns(path, list(row.values), codebook)
        yield _read_row(row, frame_columns, path)


def _read_row(row: Row, frame_columns: dict[str, str], path: Path) -> FilledRow | Refused:
    """A row of a table; refused where a cell of a frame is neither ticked nor empty."""
    cells = {name: value.strip() for name, value in row.values.items()}
    if frame_columns:
        for column in frame_columns:
            if cells[column].lower() not in (*_TICKED, *_EMPTY):
                reason = f"the column {column} has {cells[column][:40]!r}; expected x or nothing"
                return Refused(row.file, row.line, reason, cells["text"][:_EXCERPT])
        labels = [frame for column, frame in frame_columns.items() if cells[column].lower() in _TICKED]
    else:
        labels = [label for written in split_cell(cells["frames"]) if (label := restored(written))]
    return FilledRow(
        file=row.file,
        line=row.line,
        coder=cells.get("coder", "") or _name_coder(path),
        passage_id=restored_id(cells["passage_id"]),
        text=restored(row.values["text"]),
        labels=tuple(labels),
    )


def _name_coder(path: Path) -> str:
    """Coder of a file in which no column names one."""
    return path.name.split(".")[0]


def _find_frame_columns(path: Path, header: Sequence[str], codebook: Codebook) -> dict[str, str]:
    """Column to the label that an x in it gives; empty where the sheet has a column `frames`."""
    if "frames" in header:
        return {}
    frame_ids = {label.lower(): frame.id for frame in codebook.frames for label in (frame.id, frame.name)}
    columns = {name: frame_ids[name.lower()] for name in header if name.lower() in frame_ids}
    missing = [frame for frame in codebook.frame_ids if frame not in columns.values()]
    if missing:
        raise InputError(
            f"{path} has neither a column frames nor one for each frame; missing: {', '.join(missing)}. It has: "
            f"{', '.join(header)}."
        )
    if NONE not in frame_ids:
        columns.update({name: NONE for name in header if name.lower() == NONE})
    return columns


def _read_label_studio(path: Path) -> Iterator[FilledRow | Refused]:
    """One row for each annotation of each task."""
    for number, task in enumerate(_read_tasks(path), start=1):
        data = task.get("data", task) if isinstance(task, dict) else None
        if not isinstance(data, dict) or "passage_id" not in data:
            reason = "not a task of framing sample: it has no passage_id"
            yield Refused(path.name, number, reason, str(task)[:_EXCERPT])
            continue
        for annotator, labels in _list_annotations(task, data):
            yield FilledRow(
                file=path.name,
                line=number,
                coder=str(data.get("coder") or annotator or _name_coder(path)),
                passage_id=str(data["passage_id"]),
                text=str(data.get("text", "")),
                labels=labels,
            )


def _read_tasks(path: Path) -> list[Any]:
    """Content of an export, which may be anything within the list."""
    try:
        n_bytes = path.stat().st_size
        tasks = json.loads(path.read_text(encoding="utf-8-sig")) if n_bytes <= _MAX_BYTES else None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not valid JSON: {error}.") from None
    if n_bytes > _MAX_BYTES:
        raise InputError(f"{path} has more than {_MAX_BYTES:,} bytes; that is no export of coded passages.")
    if not isinstance(tasks, list):
        raise InputError(f"{path}: expected a list of tasks, as Label Studio exports them (JSON or JSON-MIN).")
    return tasks


def _list_annotations(task: dict[str, Any], data: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Annotator and labels of each annotation of a task; a task without one counts as one without labels."""
    if data is task:  # JSON-MIN
        return [(_name_annotator(task.get("annotator")), _list_choices(task.get("frames")))]
    annotations = []
    items = task.get("annotations")
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict) or item.get("was_cancelled"):
            continue
        results = item.get("result")
        labels = [
            label
            for result in (results if isinstance(results, list) else [])
            if isinstance(result, dict) and result.get("from_name") == "frames"
            for label in _list_choices(result.get("value"))
        ]
        annotations.append((_name_annotator(item.get("completed_by")), tuple(labels)))
    return annotations or [("", ())]


def _list_choices(value: Any) -> tuple[str, ...]:
    """Labels of `"a"`, `["a"]` or `{"choices": ["a"]}`."""
    if isinstance(value, dict):
        value = value.get("choices")
    if isinstance(value, str):
        value = [value]
    return tuple(str(item).strip() for item in value if str(item).strip()) if isinstance(value, list) else ()


def _name_annotator(value: Any) -> str:
    """Name of who completed an annotation: a text, a number, or a record with email or id."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("id")
    return "" if value is None else str(value)
