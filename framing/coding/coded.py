"""Codings of filled sheets: each row is checked against the draw, then counted or refused with its reason."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.coding.design import Design, read_design
from framing.coding.filled_sheets import FilledRow, read_sheet
from framing.coding.labels import NONE, find_none_word, split_cell
from framing.corpus.formats import Refused
from framing.tables import QUARANTINE

__all__ = ["Coded", "read_sheets"]

Floats = NDArray[np.float64]

_EXCERPT = 200  # characters of a refused row's text that are shown
_QUOTED = 40  # characters of a wrong value that a message quotes


@dataclass(frozen=True)
class Coded:
    """Codings of the drawn passages.

    Attributes
    ----------
    design : Design
        The draw; its `passages`, n rows, are in the order of what follows.
    codebook : Codebook
        Whose K frames were coded.
    coders : tuple of str
        C names, as in the design.
    codings : ndarray of float
        Shape (C, n, K), 1 or 0; NaN for a passage that a coder did not code.
    adjudicated : ndarray of float
        Shape (n, K), 1 or 0 where a label was adjudicated, else NaN.
    refused : DataFrame
        Refused rows: `file, line, reason, excerpt`.
    files : DataFrame
        `file, n_rows, n_kept, n_refused`; `n_rows` is the sum of the other two.
    missing : DataFrame
        `coder, passage_id` of what a coder was given and did not code.
    """

    design: Design
    codebook: Codebook
    coders: tuple[str, ...]
    codings: Floats
    adjudicated: Floats
    refused: pd.DataFrame
    files: pd.DataFrame
    missing: pd.DataFrame


def read_sheets(
    sheets: Iterable[str | Path], *, design: str | Path, codebook: Codebook, adjudicated: str | Path | None = None
) -> Coded:
    """Read sheets that coders filled, checked against the draw.

    Parameters
    ----------
    sheets : iterable of str or Path
        CSV, TSV, XLSX, or Label Studio exports (JSON, JSON-MIN). A row's coder is named in its column `coder`, else by
        the name of the file.
    design : str or Path
        Folder that `framing sample` wrote.
    codebook : Codebook
        The codebook that the sample was drawn for.
    adjudicated : str or Path, optional
        A sheet of settled labels.

    Returns
    -------
    Coded
        The codings, and the refused rows. A row is refused if its coder, passage or a frame is unknown, its text is not
        the one drawn, nothing is coded, a codebook with one frame a passage has another number, `none` stands beside
        frames, or the coder coded the passage twice (both rows if differently).

    Raises
    ------
    InputError
        For what is wrong with a whole file.
    """
    draw = read_design(Path(design), codebook)
    coders = draw.facts.coders
    reader = _SheetReader(draw, codebook)
    codings = np.full((len(coders), len(draw.passages), len(codebook.frames)), np.nan)
    for (coder, row), labels in reader.read([Path(sheet) for sheet in sheets], coders).items():
        codings[coders.index(coder), row] = labels
    by_hand = np.full(codings.shape[1:], np.nan)
    if adjudicated is not None:
        for (_, row), labels in reader.read([Path(adjudicated)], ()).items():
            by_hand[row] = labels
    refused = sorted(reader.refused, key=lambda item: (item.file, item.line))
    return Coded(
        design=draw,
        codebook=codebook,
        coders=coders,
        codings=codings,
        adjudicated=by_hand,
        refused=pd.DataFrame([asdict(row) for row in refused], columns=list(QUARANTINE)),
        files=pd.DataFrame(reader.files, columns=["file", "n_rows", "n_kept", "n_refused"]),
        missing=_list_missing(draw.passages, coders, codings),
    )


def _list_missing(passages: pd.DataFrame, coders: Sequence[str], codings: Floats) -> pd.DataFrame:
    """`coder, passage_id` of what each coder was given and did not code."""
    given = [split_cell(cell) for cell in passages["coders"]]
    ids = passages["passage_id"].to_list()
    missing = [
        {"coder": coder, "passage_id": ids[row]}
        for coder, coding in zip(coders, codings, strict=True)
        for row in np.flatnonzero(np.isnan(coding[:, 0]))
        if coder in given[row]
    ]
    return pd.DataFrame(missing, columns=["coder", "passage_id"])


class _RowError(Exception):
    """A row that is refused; the message is the reason."""


class _Coding(NamedTuple):
    """Labels of one row, shape (K,), and the number of the sheet that it is from."""

    sheet: int
    row: FilledRow
    labels: Floats


class _SheetReader:
    """Reads sheets against a draw; collects the refused rows and the counts of each file."""

    def __init__(self, design: Design, codebook: Codebook) -> None:
        self.refused: list[Refused] = []
        self.files: list[dict[str, str | int]] = []
        self._codebook, self._none_word = codebook, find_none_word(codebook)
        self._rows = {passage_id: row for row, passage_id in enumerate(design.passages["passage_id"])}
        self._texts = [_normalise(text) for text in design.passages["text"]]
        self._places = {frame: place for place, frame in enumerate(codebook.frame_ids)}
        self._frame_ids = {label.lower(): frame.id for frame in codebook.frames for label in (frame.id, frame.name)}

    def read(self, sheets: Sequence[Path], coders: Sequence[str]) -> dict[tuple[str, int], Floats]:
        """Labels, shape (K,), of each coder and passage; without coders every row counts as of one."""
        n_refused = [0] * len(sheets)
        codings: dict[tuple[str, int], list[_Coding]] = {}
        for number, path in enumerate(sheets):
            for row in read_sheet(path, self._codebook):
                if isinstance(row, FilledRow):
                    try:
                        key, labels = self._find_key(row, coders), self._parse_labels(row)
                    except _RowError as error:
                        self._refuse(row, str(error))
                    else:
                        codings.setdefault(key, []).append(_Coding(number, row, labels))
                        continue
                else:
                    self.refused.append(row)
                n_refused[number] += 1
        n_kept = [0] * len(sheets)
        labels_by_key = {}
        for key, entries in codings.items():
            alike = all((entry.labels == entries[0].labels).all() for entry in entries)
            for entry in self._refuse_repeated(entries, alike=alike):
                n_refused[entry.sheet] += 1
            if alike:
                n_kept[entries[0].sheet] += 1
                labels_by_key[key] = entries[0].labels
        for path, kept_rows, refused_rows in zip(sheets, n_kept, n_refused, strict=True):
            n_rows = kept_rows + refused_rows
            self.files.append({"file": path.name, "n_rows": n_rows, "n_kept": kept_rows, "n_refused": refused_rows})
        return labels_by_key

    def _refuse(self, row: FilledRow, reason: str) -> None:
        self.refused.append(Refused(row.file, row.line, reason, row.text[:_EXCERPT]))

    def _refuse_repeated(self, entries: Sequence[_Coding], *, alike: bool) -> Sequence[_Coding]:
        """Refuse all rows of one coder and passage but the first, or all if they differ; returns those refused."""
        repeated = entries[1 if alike else 0 :]
        what = "coded a second time, alike; the first counts" if alike else "coded twice, differently"
        for entry in repeated:
            others = [f"{other.row.file}, line {other.row.line}" for other in entries if other is not entry]
            self._refuse(entry.row, f"{what}: {entry.row.passage_id!r}, see {'; '.join(others)}")
        return repeated

    def _find_key(self, filled: FilledRow, coders: Sequence[str]) -> tuple[str, int]:
        """Coder, as the design writes the name, and row of the passage."""
        coder = next((name for name in coders if name.lower() == filled.coder.lower()), "")
        if coders and not coder:
            raise _RowError(f"unknown coder {filled.coder[:_QUOTED]!r}; the draw names {', '.join(coders)}")
        row = self._rows.get(filled.passage_id)
        if row is None:
            raise _RowError(f"unknown passage_id {filled.passage_id[:_QUOTED]!r}: it is not in this draw")
        if _normalise(filled.text) != self._texts[row]:
            raise _RowError(f"the text of {filled.passage_id} is not the one drawn; it was changed")
        return coder, row

    def _parse_labels(self, filled: FilledRow) -> Floats:
        """Labels of a row, shape (K,), 1 or 0."""
        labels = [label.lower() for label in filled.labels]
        no_frame = bool(self._none_word) and NONE in labels
        frames = [label for label in labels if not (no_frame and label == NONE)]
        unknown = [
            written
            for written, label in zip(filled.labels, labels, strict=True)
            if label in frames and label not in self._frame_ids
        ]
        if unknown:
            expected = ", ".join([*self._codebook.frame_ids, *[NONE] * bool(self._none_word)])
            raise _RowError(f"unknown frame {', '.join(map(repr, unknown))}; expected {expected}")
        if not labels:
            raise _RowError("not coded: no frame is given" + f", and not {NONE}" * bool(self._none_word))
        if no_frame and frames:
            raise _RowError(f"{NONE} stands beside frames: {', '.join(frames)}")
        frame_ids = {self._frame_ids[label] for label in frames}
        if not self._codebook.multi_label and len(frame_ids) != 1:
            raise _RowError(f"{len(frame_ids)} frames; {self._codebook.codebook} has exactly one a passage")
        coding = np.zeros(len(self._places))
        coding[[self._places[frame] for frame in frame_ids]] = 1.0
        return coding


def _normalise(text: str) -> str:
    """Characters of a text without their spacing and composition, which spreadsheets change."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\ufffe", "").replace("\uffff", "").split())
