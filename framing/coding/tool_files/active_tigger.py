"""Tables of ActiveTigger: its exports (CSV, Parquet, XLSX), and tables for import with a scheme for each coder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from framing.codebook import Codebook
from framing.codebook.cells import fold_label
from framing.coding.filled_rows import FilledRow, FilledSheet
from framing.coding.tool_files.coded_texts import CodedText, is_label, list_labels
from framing.corpus.formats import Refused, Row, read_rows
from framing.errors import InputError
from framing.files.spreadsheets import restored, restored_id

__all__ = ["find_label_columns", "make_active_tigger", "read_active_tigger"]

_SEPARATOR = "|"  # between the labels of an element
_IDS = ("passage_id", "id", "index", "at_id", "element_id", "id_external")
_NO_LABELS = frozenset(
    (*_IDS, "", "text", "user", "timestamp", "time", "comment", "limit", "dataset", "coder", "place", "notes", "sheet")
)
_NOT_CODED = ("", "nan", "none yet", "null", "<na>")


def make_active_tigger(codings: Iterable[CodedText], codebook: Codebook) -> pd.DataFrame:
    """A table for import into ActiveTigger.

    Parameters
    ----------
    codings : iterable of CodedText
        Passages of one coder or several.
    codebook : Codebook
        Whose frames were coded.

    Returns
    -------
    DataFrame
        One row a passage: `id, text`, and for each coder a column of that name with ids of frames, separated by `|`, or
        `none`; empty where the coder has not coded it. Take `id` as the column of ids, and the coders' as labels.
        ActiveTigger has no spans.
    """
    items = list(codings)
    coders = list(dict.fromkeys(item.coder for item in items))
    rows: dict[str, dict[str, str]] = {}
    for item in items:
        row = rows.setdefault(item.passage_id, {"id": item.passage_id, "text": item.text, **dict.fromkeys(coders, "")})
        row[item.coder] = _SEPARATOR.join(list_labels(item, codebook) or [])
    return pd.DataFrame(list(rows.values()), columns=["id", "text", *coders])


def find_label_columns(header: Sequence[str], rows: Iterable[Mapping[str, str]], codebook: Codebook) -> list[str]:
    """Columns of a table that hold frames, told by what stands in them.

    Parameters
    ----------
    header : sequence of str
        Columns.
    rows : iterable of mapping
        Cells by column.
    codebook : Codebook
        Whose frames are looked for.

    Returns
    -------
    list of str
        Those of which most cells that are not empty have labels of the codebook.
    """
    columns = [name for name in header if fold_label(name) not in _NO_LABELS]
    filled, known = Counter[str](), Counter[str]()
    for row in rows:
        for name in columns:
            labels = _split(row.get(name, ""))
            filled[name] += bool(labels)
            known[name] += bool(labels) and all(is_label(label, codebook) for label in labels)
    return [name for name in columns if known[name] * 2 > filled[name]]


def read_active_tigger(
    path: Path, codebook: Codebook, *, kind: str, texts: Mapping[str, str] | None = None
) -> FilledSheet:
    """Read an export.

    Parameters
    ----------
    path : Path
        The table: `text`, a column of labels for each scheme, and mostly `user` and `comment`.
    codebook : Codebook
        Whose frames the labels are.
    kind : {"csv", "parquet", "xlsx"}
        Format of the file.
    texts : mapping of str to str, optional
        Texts of the drawn passages by their ids; the column that has most of these ids is that of the ids.

    Returns
    -------
    FilledSheet
        One row for each row and column of labels. The coder is the user, where there is one column; else the column,
        and the user is the annotator.

    Raises
    ------
    InputError
        If the file cannot be read, or no column has labels of the codebook.
    """
    read = list(read_rows(path, kind=kind, needed=["text"]))
    table = [row for row in read if isinstance(row, Row)]
    header = list(dict.fromkeys(name for row in table for name in row.values))
    schemes = find_label_columns(header, (row.values for row in table), codebook)
    if not schemes:
        raise InputError(f"{path}: no column has frames of {codebook.codebook}. It has: {', '.join(header)}.")
    id_column = _find_id_column(table, header, texts or {})
    columns = {fold_label(name): name for name in header}
    rows: list[FilledRow | Refused] = []
    for row in read:
        if isinstance(row, Refused):
            rows.append(row)
            continue
        user = row.values.get(columns.get("user", ""), "").strip()
        named = row.values.get(columns.get("coder", ""), "").strip()
        for scheme in schemes:
            labels = _split(row.values.get(scheme, ""))
            if not labels and len(schemes) > 1:
                continue  # this coder was not given the passage
            coder = named or (scheme if len(schemes) > 1 else user or path.name.split(".")[0])
            passage_id = restored_id(row.values.get(id_column, "").strip())
            rows.append(
                FilledRow(
                    file=row.file,
                    line=row.line,
                    coder=coder,
                    passage_id=passage_id if not texts or passage_id in texts else "",
                    text=restored(row.values["text"]),
                    labels=tuple(labels),
                    notes=_read_text(row.values.get(columns.get("comment", ""), "")),
                )
            )
    remarks = [f"{path.name}: frames are read from the column(s) {', '.join(schemes)}"]
    return FilledSheet(rows, remarks)


def _find_id_column(rows: Sequence[Row], header: Sequence[str], texts: Mapping[str, str]) -> str:
    """Column of the ids; empty where none has them."""
    if texts:
        counts = {name: sum(restored_id(row.values.get(name, "").strip()) in texts for row in rows) for name in header}
        best = max(counts, key=lambda name: counts[name], default="")
        return best if counts.get(best) else ""
    folded = {fold_label(name): name for name in header}
    return next((folded[name] for name in _IDS if name in folded), "")


def _split(cell: str) -> list[str]:
    """Labels of a cell."""
    if fold_label(cell) in _NOT_CODED:
        return []
    return [label for part in restored(cell).split(_SEPARATOR) if (label := part.strip())]


def _read_text(cell: str) -> str:
    return "" if fold_label(cell) in _NOT_CODED else restored(cell.strip())
