"""Rows of sheets that coders filled: CSV, XLSX and Label Studio exports, each with its file and line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framing.codebook import Codebook
from framing.coding.sheets import NONE
from framing.corpus.formats import Refused, find_format, read_rows
from framing.errors import InputError
from framing.files.spreadsheets import restored, restored_id

__all__ = ["FilledRow", "read_sheet"]

_TICKED = ("x", "1", "1.0", "true", "yes", "✓", "✗", "✔")
_EMPTY = ("", "0", "0.0", "false", "no")
_MAX_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class FilledRow:
    """One row as its coder left it: `labels` as written, none where nothing was."""

    file: str
    line: int
    coder: str
    passage_id: str
    text: str
    labels: tuple[str, ...]


def read_sheet(path: Path, codebook: Codebook) -> Iterator[FilledRow | Refused]:
    """Rows of one sheet, `;`-separated labels or a column for each frame; of Label Studio one row an annotation.

    `line` is the line of the file, the row of the workbook, the number of the task. Raises `InputError` for a file that
    cannot be read or lacks columns.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    if path.suffix.lower() == ".json":
        yield from _label_studio(path)
        return
    kind = find_format(path)
    if kind not in ("csv", "tsv", "xlsx"):
        raise InputError(f"{path}: expected a filled sheet, .csv, .tsv, .xlsx or a Label Studio export .json.")
    boxes: dict[str, str] | None = None
    for item in read_rows(path, kind=kind, needed=["passage_id", "text"]):
        if isinstance(item, Refused):
            yield item
            continue
        if boxes is None:
            boxes = _boxes(path, list(item.values), codebook)
        cells = {name: value.strip() for name, value in item.values.items()}
        problem = ""
        labels: list[str] = []
        if boxes:
            for column, frame in boxes.items():
                if cells[column].lower() in _TICKED:
                    labels.append(frame)
                elif cells[column].lower() not in _EMPTY:
                    problem = f"the column {column} has {cells[column][:40]!r}; expected x or nothing"
        else:
            labels = [label for part in cells["frames"].split(";") if (label := restored(part.strip()))]
        if problem:
            yield Refused(item.file, item.line, problem, cells["text"][:200])
            continue
        yield FilledRow(
            item.file, item.line, cells.get("coder", "") or path.name.split(".")[0],
            restored_id(cells["passage_id"]), restored(item.values["text"]), tuple(labels),
        )  # fmt: skip


def _boxes(path: Path, header: list[str], codebook: Codebook) -> dict[str, str]:
    """Column to the label that an x in it gives; empty where the sheet has a column `frames`."""
    if "frames" in header:
        return {}
    known = {label.lower(): frame.id for frame in codebook.frames for label in (frame.id, frame.name)}
    found = {name: known[name.lower()] for name in header if name.lower() in known}
    missing = [frame for frame in codebook.frame_ids if frame not in found.values()]
    if missing:
        raise InputError(
            f"{path} has neither a column frames nor one for each frame; missing: {', '.join(missing)}. It has: "
            f"{', '.join(header)}."
        )
    if NONE not in known:
        found.update({name: NONE for name in header if name.lower() == NONE})
    return found


def _label_studio(path: Path) -> Iterator[FilledRow | Refused]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path} has more than {_MAX_BYTES:,} bytes; that is no export of coded passages.")
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except InputError:
        raise
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not valid JSON: {error}.") from None
    if not isinstance(tasks, list):
        raise InputError(f"{path}: expected a list of tasks, as Label Studio exports them (JSON or JSON-MIN).")
    for number, task in enumerate(tasks, start=1):
        data = task.get("data", task) if isinstance(task, dict) else None
        if not isinstance(data, dict) or "passage_id" not in data:
            yield Refused(path.name, number, "not a task of framing sample: it has no passage_id", str(task)[:200])
            continue
        for coder, labels in _annotations(task, data):
            yield FilledRow(
                path.name, number, str(data.get("coder") or coder or path.name.split(".")[0]),
                str(data["passage_id"]), str(data.get("text", "")), labels,
            )  # fmt: skip


def _annotations(task: dict[str, Any], data: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Who coded a task and with which labels, one an annotation; one without labels where nobody did."""
    if data is task:  # JSON-MIN
        return [(_who(task.get("annotator")), _chosen(task.get("frames")))]
    found = []
    annotations = task.get("annotations")
    for item in annotations if isinstance(annotations, list) else []:
        if not isinstance(item, dict) or item.get("was_cancelled"):
            continue
        results = item.get("result")
        chosen = [
            label
            for result in (results if isinstance(results, list) else [])
            if isinstance(result, dict) and result.get("from_name") == "frames"
            for label in _chosen(result.get("value"))
        ]
        found.append((_who(item.get("completed_by")), tuple(chosen)))
    return found or [("", ())]


def _chosen(value: Any) -> tuple[str, ...]:
    """Labels of `"a"`, `["a"]` or `{"choices": ["a"]}`."""
    if isinstance(value, dict):
        value = value.get("choices")
    if isinstance(value, str):
        value = [value]
    return tuple(str(item).strip() for item in value if str(item).strip()) if isinstance(value, list) else ()


def _who(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("email") or value.get("id")
    return "" if value is None else str(value)
