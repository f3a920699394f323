"""Codings of filled sheets: each row is checked against the draw, then counted or refused with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.codebook.cells import CellError, find_none_word, fold_label, resolve_labels, split_cell
from framing.coding.annotators import find_coder, find_other_annotators
from framing.coding.decision_sheet import format_spans
from framing.coding.decisions import Span
from framing.coding.design import Design
from framing.coding.filled_rows import FilledRow
from framing.coding.filled_sheets import read_sheet
from framing.coding.rounds import read_rounds
from framing.coding.same_text import describe_difference, is_same_text, list_letters
from framing.coding.spans import check_spans
from framing.corpus.formats import Refused
from framing.defaults import LLM_PREFIX
from framing.errors import InputError
from framing.tables import QUARANTINE, SPANS

__all__ = ["Coded", "read_sheets"]

Floats = NDArray[np.float64]

_NOTES = ("coder", "passage_id", "frames", "notes", "unsure", "spans", "seconds")
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
    unusable : tuple of str
        Files with rows of which none could be read, each with its first refused row.
    remarks : tuple of str
        How files were read that are not as sheets are written.
    notes : DataFrame
        What coders said beside the labels that count: `coder, passage_id, frames, notes, unsure, spans, seconds`, one
        row for each coding with a remark, a doubt, a span or a time. `unsure` is `x` or empty; `spans` is JSON with
        frame, start, end and words; `seconds` is NaN where the time is not known.
    models : tuple of str
        Names of language models that coded, each with `llm:` before it; they settle nothing.
    model_codings : ndarray of float
        Their codings, shape (M, n, K), as `codings`.
    spans : DataFrame
        Words that coders marked in passages whose labels count: `passage_id, coder, frame, start, end, text`, with
        places in the drawn text.
    refused_spans : DataFrame
        Marked words that do not count: `file, line, reason, excerpt`.
    """

    design: Design
    codebook: Codebook
    coders: tuple[str, ...]
    codings: Floats
    adjudicated: Floats
    refused: pd.DataFrame
    files: pd.DataFrame
    missing: pd.DataFrame
    unusable: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    notes: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(_NOTES)))
    models: tuple[str, ...] = ()
    model_codings: Floats = field(default_factory=lambda: np.zeros((0, 0, 0)))
    spans: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SPANS)))
    refused_spans: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(QUARANTINE)))


def read_sheets(
    sheets: Iterable[str | Path],
    *,
    design: str | Path | Design,
    codebook: Codebook,
    adjudicated: str | Path | Sequence[str | Path] | None = None,
) -> Coded:
    """Read sheets that coders filled, checked against the draw.

    Parameters
    ----------
    sheets : iterable of str or Path
        CSV, TSV, XLSX, files of `framing code` (.sqlite), or exports of other tools, told by their content: Label
        Studio (JSON, JSON-MIN, CSV), doccano, INCEpTION, ActiveTigger, and REFI-QDA projects of MAXQDA, ATLAS.ti or
        NVivo. A row's coder is named in its column `coder`, else by its annotator, else by the name of the file. A
        passage without its id is found by its text. Encoding and separator of a table are found out.
    design : str, Path or Design
        Folder that `framing sample` wrote; with its later rounds, whose sheets count like those of the first. Or a draw
        as it was read, for one round alone.
    codebook : Codebook
        The codebook that the sample was drawn for.
    adjudicated : str, Path or sequence of these, optional
        A sheet of settled labels, or the `settled.sqlite` of `framing code --settle`; of several rounds several.

    Returns
    -------
    Coded
        The codings, and the refused rows. A row is refused if its coder, passage or a frame is unknown, its text is not
        the one drawn (kinds of quotes, dashes, dots and spaces do not count), nothing is coded, a codebook with one
        frame a passage has another number, `none` stands beside frames, another user annotated the coder's task, or
        the coder coded the passage twice (both rows if differently).

    Raises
    ------
    InputError
        For what is wrong with a whole file.
    """
    draw = design if isinstance(design, Design) else read_rounds(Path(design), codebook)
    coders = draw.facts.coders
    reader = _SheetReader(draw, codebook)
    labels_by_key = reader.read([Path(sheet) for sheet in sheets], coders)
    models = tuple(sorted({coder for coder, _ in labels_by_key if coder not in coders}))
    everyone = (*coders, *models)
    all_codings = np.full((len(everyone), len(draw.passages), len(codebook.frames)), np.nan)
    for (coder, row), labels in labels_by_key.items():
        all_codings[everyone.index(coder), row] = labels
    codings, model_codings = all_codings[: len(coders)], all_codings[len(coders) :]
    by_hand = np.full(codings.shape[1:], np.nan)
    settled = [Path(adjudicated)] if isinstance(adjudicated, str | Path) else [Path(path) for path in adjudicated or ()]
    for (_, row), labels in reader.read(settled, ()).items() if settled else ():
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
        unusable=tuple(reader.unusable),
        remarks=tuple(reader.remarks),
        notes=pd.DataFrame(reader.notes, columns=list(_NOTES)),
        models=models,
        model_codings=model_codings,
        spans=_sort_spans(pd.DataFrame(reader.spans, columns=list(SPANS))),
        refused_spans=pd.DataFrame([asdict(row) for row in reader.refused_spans], columns=list(QUARANTINE)),
    )


def _sort_spans(spans: pd.DataFrame) -> pd.DataFrame:
    """Spans in an order that does not depend on that of the files."""
    return spans.sort_values(["passage_id", "coder", "start", "end", "frame"], kind="stable", ignore_index=True)


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
        self.unusable: list[str] = []
        self.remarks: list[str] = []
        self.notes: list[dict[str, object]] = []
        self.spans: list[dict[str, object]] = []
        self.refused_spans: list[Refused] = []
        self._draws = {"", design.facts.drawn_sha256, *design.earlier}
        self._codebook, self._coders = codebook, design.facts.coders
        self._rows = {passage_id: row for row, passage_id in enumerate(design.passages["passage_id"])}
        self._texts = dict(zip(design.passages["passage_id"], design.passages["text"], strict=True))
        self._by_text: dict[str, list[str]] = {}
        for passage_id, text in self._texts.items():
            self._by_text.setdefault(list_letters(text), []).append(passage_id)
        self._places = {frame: place for place, frame in enumerate(codebook.frame_ids)}

    def read(self, sheets: Sequence[Path], coders: Sequence[str]) -> dict[tuple[str, int], Floats]:
        """Labels, shape (K,), of each coder and passage; without coders every row counts as of one."""
        n_refused = [0] * len(sheets)
        codings: dict[tuple[str, int], list[_Coding]] = {}
        for number, path in enumerate(sheets):
            sheet = read_sheet(path, self._codebook, texts=self._texts)
            if sheet.draw not in self._draws:
                raise InputError(
                    f"{path} has decisions on another draw than the design; give the design that it is of."
                )
            self.remarks += sheet.remarks
            rows = [self._find_passage(row) if isinstance(row, FilledRow) else row for row in sheet.rows]
            others = find_other_annotators([row for row in rows if isinstance(row, FilledRow)], self._coders)
            for row in rows:
                if isinstance(row, FilledRow):
                    try:
                        if reason := others.get((row.coder, row.annotator)):
                            raise _RowError(reason)
                        key, labels = self._find_key(row, coders), self._parse_labels(row)
                    except (_RowError, CellError) as error:
                        self._refuse(row, str(error))
                    else:
                        codings.setdefault(key, []).append(_Coding(number, row, labels))
                        continue
                else:
                    self.refused.append(row)
                n_refused[number] += 1
            if rows and n_refused[number] == len(rows):
                first = min(self.refused[-len(rows) :], key=lambda row: row.line)
                self.unusable.append(f"{path.name} (line {first.line}: {first.reason})")
        n_kept = [0] * len(sheets)
        labels_by_key = {}
        for key, entries in codings.items():
            alike = all((entry.labels == entries[0].labels).all() for entry in entries)
            for entry in self._refuse_repeated(entries, alike=alike):
                n_refused[entry.sheet] += 1
            if alike:
                n_kept[entries[0].sheet] += 1
                labels_by_key[key] = entries[0].labels
                self._note(key[0] or entries[0].row.coder, entries[0])
        for path, kept_rows, refused_rows in zip(sheets, n_kept, n_refused, strict=True):
            n_rows = kept_rows + refused_rows
            self.files.append({"file": path.name, "n_rows": n_rows, "n_kept": kept_rows, "n_refused": refused_rows})
        return labels_by_key

    def _note(self, coder: str, coding: _Coding) -> None:
        """Keep what a coder said beside the label."""
        row = coding.row
        spans = format_spans(self._check_spans(coder, coding), self._texts[row.passage_id])
        if row.notes or row.unsure or spans or row.seconds is not None:
            values = (
                coder, row.passage_id, ";".join(row.labels), row.notes, "x" * row.unsure, spans, row.seconds,
            )  # fmt: skip
            self.notes.append(dict(zip(_NOTES, values, strict=True)))

    def _check_spans(self, coder: str, coding: _Coding) -> list[Span]:
        """Keep the words that a coder marked, or refuse them with the reason."""
        row, drawn = coding.row, self._texts[coding.row.passage_id]
        frames = [frame for frame, place in self._places.items() if coding.labels[place]]
        kept, refused = check_spans(row.spans, came=row.text, drawn=drawn, frames=frames, codebook=self._codebook)
        for span in kept:
            values = (row.passage_id, coder, span.frame, span.start, span.end, drawn[span.start : span.end])
            self.spans.append(dict(zip(SPANS, values, strict=True)))
        self.refused_spans += [Refused(row.file, row.line, reason, words[:_EXCERPT]) for reason, words in refused]
        return kept

    def _find_passage(self, row: FilledRow) -> FilledRow:
        """A row that has lost the id of its passage with the id of the only one that has its text."""
        found = () if row.passage_id else self._by_text.get(list_letters(row.text), ())
        return replace(row, passage_id=found[0]) if len(found) == 1 else row

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
        coder = find_coder(filled.coder, coders)
        if fold_label(filled.coder).startswith(LLM_PREFIX):
            if not coders:
                raise _RowError("a language model settles nothing; adjudicated labels are those of people")
            coder = filled.coder.strip()
        if coders and not coder:
            raise _RowError(f"unknown coder {filled.coder[:_QUOTED]!r}; the draw names {', '.join(coders)}")
        row = self._rows.get(filled.passage_id)
        if row is None and not filled.passage_id:
            raise _RowError("no passage_id, and the text is not that of one drawn passage alone")
        if row is None:
            raise _RowError(f"unknown passage_id {filled.passage_id[:_QUOTED]!r}: it is not in this draw")
        drawn = self._texts[filled.passage_id]
        if not is_same_text(drawn, filled.text):
            difference = describe_difference(drawn, filled.text)
            raise _RowError(f"the text of {filled.passage_id} is not the one drawn: {difference}")
        return coder, row

    def _parse_labels(self, filled: FilledRow) -> Floats:
        """Labels of a row, shape (K,), 1 or 0."""
        if not filled.labels:
            none_word = find_none_word(self._codebook)
            raise _RowError("not coded: no frame is given" + f", and not {none_word}" * bool(none_word))
        coding = np.zeros(len(self._places))
        coding[[self._places[frame] for frame in resolve_labels(filled.labels, self._codebook)]] = 1.0
        return coding
