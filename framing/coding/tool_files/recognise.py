"""Which tool a file of codings is of, told by its content; and its rows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from framing.codebook import Codebook
from framing.coding.filled_rows import FilledSheet
from framing.coding.sheet_files import find_columns
from framing.coding.tool_files.active_tigger import find_label_columns, read_active_tigger
from framing.coding.tool_files.archives import is_archive, list_names, read_bytes
from framing.coding.tool_files.doccano import is_doccano_record, read_doccano
from framing.coding.tool_files.inception_reading import read_inception
from framing.coding.tool_files.label_studio import is_task, read_tasks
from framing.coding.tool_files.refi_qda_reading import read_refi_qda
from framing.corpus.formats import Row, read_rows
from framing.errors import InputError

__all__ = ["Tool", "find_tool", "is_active_tigger", "read_tool_file"]

Tool = Literal["label-studio", "doccano", "inception", "refi-qda", "active-tigger"]
_START_BYTES = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PROJECT = re.compile(rb"<(?:\w+:)?Project\b[^>]*urn:QDA-XML", re.DOTALL)
_CAS_KEYS = (b'"%TYPES"', b'"%FEATURE_STRUCTURES"', b'"%VIEWS"')


def find_tool(path: Path) -> Tool | None:
    """Tell the tool that wrote a file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str or None
        The tool; None for a sheet or a file of the coding screen.

    Raises
    ------
    InputError
        If it cannot be read, or is JSON of which nothing is known.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(_START_BYTES).removeprefix(_BYTE_ORDER_MARK).lstrip()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    if is_archive(start):
        return _find_packed_tool(path)
    if start.startswith(b"PAR1"):
        return "active-tigger"
    if start.startswith(b"<"):
        if _PROJECT.search(start):
            return "refi-qda"
        return "inception" if b"http://www.omg.org/XMI" in start else None
    if start[:1] in (b"{", b"["):
        return _find_json_tool(path, start)
    return None


def read_tool_file(
    path: Path, tool: Tool, codebook: Codebook, *, texts: Mapping[str, str] | None = None
) -> FilledSheet:
    """Read a file of a tool.

    Parameters
    ----------
    path : Path
        The file.
    tool : str
        What `find_tool` told.
    codebook : Codebook
        Whose frames were coded.
    texts : mapping of str to str, optional
        Texts of the drawn passages by their ids.

    Returns
    -------
    FilledSheet
        Its rows.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    if tool == "label-studio":
        return read_tasks(path, codebook)
    if tool == "doccano":
        return read_doccano(path, texts=texts)
    if tool == "inception":
        return read_inception(path, codebook, texts=texts)
    if tool == "refi-qda":
        return read_refi_qda(path, codebook, texts=texts)
    return read_active_tigger(path, codebook, kind=_find_kind(path), texts=texts)


def is_active_tigger(path: Path, codebook: Codebook) -> bool:
    """Tell a table of ActiveTigger: it has texts, and frames in a column of any name.

    Parameters
    ----------
    path : Path
        A table that is no sheet for coders.
    codebook : Codebook
        Whose frames were coded.

    Returns
    -------
    bool
        Whether `read_active_tigger` can read it.
    """
    try:
        rows = [row for row in read_rows(path, kind=_find_kind(path), needed=["text"]) if isinstance(row, Row)]
    except InputError:
        return False
    header = list(dict.fromkeys(name for row in rows for name in row.values))
    # a sheet of ours has the column frames, or marks in columns of frames, and no names
    return "frames" not in find_columns(header) and bool(
        find_label_columns(header, (row.values for row in rows), codebook)
    )


def _find_kind(path: Path) -> str:
    return {".parquet": "parquet", ".xlsx": "xlsx", ".tsv": "tsv"}.get(path.suffix.lower(), "csv")


def _find_packed_tool(path: Path) -> Tool | None:
    """Tool of an archive, by the names in it; a workbook, or a packed sheet, is of none."""
    names = [name.lower() for name in list_names(read_bytes(path), path.name)]
    if any(name.endswith(".qde") for name in names):
        return "refi-qda"
    if any(name.endswith((".xmi", "typesystem.xml")) or "exportedproject" in name for name in names):
        return "inception"
    if any(name.startswith("xl/") for name in names):
        return None
    if any(name.endswith(".jsonl") for name in names):
        return "doccano"
    if any(name.endswith(".zip") for name in names):
        return "inception"  # documents of annotators, each packed
    return None


def _find_json_tool(path: Path, start: bytes) -> Tool:
    """Tool of a JSON file, by its first object."""
    if start.startswith(b"{") and any(key in start for key in _CAS_KEYS):
        return "inception"
    first = _read_first(path, start)
    if first is None and start.startswith(b"{") and path.suffix.lower() == ".json":
        raise InputError(f"{path} is not valid JSON.")
    if isinstance(first, dict) and start.startswith(b"{") and "text" not in first and "data" not in first:
        raise InputError(
            f"{path}: expected a list of tasks, as Label Studio exports them (JSON or JSON-MIN), or JSON lines of "
            "doccano."
        )
    if is_task(first):
        return "label-studio"
    return "doccano" if is_doccano_record(first) or start.startswith(b"{") else "label-studio"


def _read_first(path: Path, start: bytes) -> object:
    """First object of a list, or of lines; None where there is none."""
    decoder = json.JSONDecoder()
    text = start.decode("utf-8", "ignore")
    for content in (text, ""):
        content = content or read_bytes(path).decode("utf-8-sig", "replace").lstrip()
        place = re.compile(r"\[?\s*").match(content)
        try:
            return decoder.raw_decode(content, place.end() if place else 0)[0]
        except (ValueError, RecursionError):
            continue  # longer than the beginning, or no JSON
    return None
