"""Read filled sheets back: every row kept or refused with its reason, labels settled, the gold file made."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.coding.design import Design, read_design
from framing.coding.filled_sheets import FilledRow, read_sheet
from framing.coding.sheets import NONE, none_word
from framing.corpus.formats import Refused
from framing.errors import InputError
from framing.tables import QUARANTINE

__all__ = [
    "Coded",
    "Settled",
    "Ties",
    "coder_column",
    "make_gold_table",
    "read_sheets",
    "settle_labels",
    "unsettled_table",
]

Floats = NDArray[np.float64]
Ties = Literal["ask", "exclude", "either", "first"]
NOT_CODED = "not coded"


@dataclass(frozen=True)
class Coded:
    """What coders found.

    Attributes
    ----------
    design : the draw; its `passages`, n rows, are in the order of what follows.
    coders : C names, as in the design.
    codings : shape (C, n, K), 1 or 0; NaN for a passage that a coder did not code.
    adjudicated : shape (n, K), 1 or 0 where a label was settled by hand, else NaN.
    refused : `file, line, reason, excerpt`. `files` : `file, n_rows, n_kept, n_refused`, rows = kept + refused.
    missing : `coder, passage_id`: given to a coder and not coded.
    """

    design: Design
    codebook: Codebook
    coders: tuple[str, ...]
    codings: Floats
    adjudicated: Floats
    refused: pd.DataFrame
    files: pd.DataFrame
    missing: pd.DataFrame


@dataclass(frozen=True)
class Settled:
    """One label a passage.

    Attributes
    ----------
    labels : shape (n, K); nothing where a passage is not settled.
    how : shape (n,): `adjudicated`, `agreed`, `majority`, `one coder`, `either`, `first`; where not settled `tie`,
        `not coded`.
    """

    labels: NDArray[np.bool_]
    how: NDArray[np.object_]

    @property
    def done(self) -> NDArray[np.bool_]:
        """Which passages have a settled label."""
        found: NDArray[np.bool_] = ~np.isin(self.how.astype(str), ("tie", NOT_CODED))
        return found


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
    found = read_design(Path(design), codebook)
    coders = found.facts.coders
    reader = _Reader(found, codebook)
    codings = np.full((len(coders), len(found.passages), len(codebook.frames)), np.nan)
    for (coder, row), labels in reader.read([Path(sheet) for sheet in sheets], coders).items():
        codings[coders.index(coder), row] = labels
    settled = np.full(codings.shape[1:], np.nan)
    if adjudicated is not None:
        for (_, row), labels in reader.read([Path(adjudicated)], ()).items():
            settled[row] = labels
    given = [set(cell.split(";")) for cell in found.passages["coders"]]
    missing = [
        (coder, found.passages["passage_id"].iloc[row])
        for number, coder in enumerate(coders)
        for row in np.flatnonzero(np.isnan(codings[number, :, 0]))
        if coder in given[row]
    ]
    refused = sorted(reader.refused, key=lambda item: (item.file, item.line))
    return Coded(
        design=found,
        codebook=codebook,
        coders=coders,
        codings=codings,
        adjudicated=settled,
        refused=pd.DataFrame([(r.file, r.line, r.reason, r.excerpt) for r in refused], columns=list(QUARANTINE)),
        files=pd.DataFrame(
            [(name, kept + lost, kept, lost) for name, kept, lost in reader.files],
            columns=["file", "n_rows", "n_kept", "n_refused"],
        ),
        missing=pd.DataFrame(missing, columns=["coder", "passage_id"]),
    )


def settle_labels(coded: Coded, *, ties: Ties = "ask") -> Settled:
    """One label for each passage: the adjudicated one, else what more than half of its coders say.

    With several labels a passage each frame is put to the vote; one tied frame leaves the passage open. `ties` says
    what becomes of it: `ask` or `exclude` leave it unsettled; `first` takes the coder named first in the design;
    `either` counts a tied frame as present, and needs a codebook with several labels a passage.
    """
    if ties not in get_args(Ties):
        raise InputError(f"expected one of {', '.join(get_args(Ties))}, got {ties!r}.", argument="ties")
    if ties == "either" and not coded.codebook.multi_label:
        raise InputError(
            f"{coded.codebook.codebook} has exactly one frame a passage, so both cannot count; "
            "take ask, exclude or first.",
            argument="ties",
        )
    codings = coded.codings
    seen = (~np.isnan(codings[:, :, 0])).sum(axis=0)
    votes = np.nansum(codings, axis=0)
    labels = votes * 2 > seen[:, None]
    tied = votes * 2 == seen[:, None]  # with several labels: as many for as against
    if not coded.codebook.multi_label:
        tied = np.repeat(~labels.any(axis=1)[:, None], labels.shape[1], axis=1)
    tied[seen == 0] = False
    how = np.full(len(seen), "majority", dtype=object)
    how[((votes == 0) | (votes == seen[:, None])).all(axis=1)] = "agreed"
    how[seen == 1] = "one coder"
    open_ = tied.any(axis=1)
    how[open_] = "tie" if ties in ("ask", "exclude") else ties
    if ties == "either":
        labels |= tied
    elif ties == "first":
        earliest = np.argmax(~np.isnan(codings[:, :, 0]), axis=0)
        said = codings[earliest, np.arange(len(seen))] == 1
        labels = np.where(tied, said, labels)
    how[seen == 0] = NOT_CODED
    by_hand = ~np.isnan(coded.adjudicated[:, 0])
    labels[by_hand] = coded.adjudicated[by_hand] == 1
    how[by_hand] = "adjudicated"
    labels[np.isin(how.astype(str), ("tie", NOT_CODED))] = False
    return Settled(labels, how)


def make_gold_table(coded: Coded, settled: Settled) -> pd.DataFrame:
    """The gold file: settled passages only, in the columns that `framing.coding.gold` reads.

    `frames`, one column for each coder, `inclusion_probability`, `stratum`, `unit`. A coder's cell holds ids separated
    by `;`, nothing for no frame, or `not coded`.
    """
    passages, design = coded.design.passages, coded.design
    table = passages[["passage_id", "document_id", "outlet", "published", "text"]].copy()
    table["frames"] = _joined(settled.labels.astype(float), coded.codebook)
    for number, coder in enumerate(coded.coders):
        table[coder_column(coder)] = _joined(coded.codings[number], coded.codebook)
    table["inclusion_probability"] = [repr(float(chance)) for chance in passages["inclusion_probability"]]
    table["stratum"], table["unit"] = passages["stratum"], design.facts.unit
    return table[settled.done].reset_index(drop=True)


def unsettled_table(coded: Coded, settled: Settled) -> pd.DataFrame:
    """A sheet for adjudication: passages without a settled label, raw labels, why, and an empty column `frames`."""
    passages = coded.design.passages
    table = passages[["passage_id", "text"]].copy()
    for number, coder in enumerate(coded.coders):
        table[coder_column(coder)] = _joined(coded.codings[number], coded.codebook, none=none_word(coded.codebook))
    table["reason"], table["frames"], table["notes"] = settled.how, "", ""
    return table[~settled.done].reset_index(drop=True)


def coder_column(coder: str) -> str:
    """Name of a coder's column in the gold file, as `framing.coding.gold` finds them.

    >>> coder_column("anna"), coder_column("coder_1")
    ('coder_anna', 'coder_1')
    """
    return coder if coder.startswith("coder_") else f"coder_{coder}"


def _joined(codings: Floats, codebook: Codebook, *, none: str = "") -> list[str]:
    frames = np.array(codebook.frame_ids, dtype=object)
    return [NOT_CODED if np.isnan(row[0]) else ";".join(frames[row == 1]) or none for row in codings]


class _Reader:
    """Reads sheets against a draw; keeps what was refused, and per file its name and the rows kept and refused."""

    def __init__(self, design: Design, codebook: Codebook) -> None:
        self.refused: list[Refused] = []
        self.files: list[tuple[str, int, int]] = []
        self._codebook, self._none = codebook, none_word(codebook)
        self._row = {passage: row for row, passage in enumerate(design.passages["passage_id"])}
        self._text = [_likeness(text) for text in design.passages["text"]]
        self._place = {frame: number for number, frame in enumerate(codebook.frame_ids)}
        self._known = {label.lower(): f.id for f in codebook.frames for label in (f.id, f.name)}

    def read(self, sheets: Sequence[Path], coders: Sequence[str]) -> dict[tuple[str, int], Floats]:
        """Labels, shape (K,), of each coder and passage; without coders every row counts as of one."""
        lost = [0] * len(sheets)
        found: dict[tuple[str, int], list[tuple[int, FilledRow, Floats]]] = {}
        for number, path in enumerate(sheets):
            for item in read_sheet(path, self._codebook):
                checked = item if isinstance(item, Refused) else self._checked(item, coders)
                if isinstance(checked, Refused):
                    self.refused.append(checked)
                    lost[number] += 1
                elif isinstance(item, FilledRow):
                    key, labels = checked
                    found.setdefault(key, []).append((number, item, labels))
        kept = [0] * len(sheets)
        labels_of = {}
        for key, entries in found.items():
            first = entries[0]
            alike = all((labels == first[2]).all() for _, _, labels in entries)
            for number, item, _ in entries[1 if alike else 0 :]:
                others = [f"{e.file}, line {e.line}" for _, e, _ in entries if e is not item]
                how = "coded a second time, alike; the first counts" if alike else "coded twice, differently"
                reason = f"{how}: {item.passage_id!r}, see {'; '.join(others)}"
                self.refused.append(Refused(item.file, item.line, reason, item.text[:200]))
                lost[number] += 1
            if alike:
                kept[first[0]] += 1
                labels_of[key] = first[2]
        self.files += [(path.name, kept[number], lost[number]) for number, path in enumerate(sheets)]
        return labels_of

    def _checked(self, item: FilledRow, coders: Sequence[str]) -> tuple[tuple[str, int], Floats] | Refused:
        def refused(reason: str) -> Refused:
            return Refused(item.file, item.line, reason, item.text[:200])

        coder = next((name for name in coders if name.lower() == item.coder.lower()), "")
        if coders and not coder:
            return refused(f"unknown coder {item.coder[:40]!r}; the draw names {', '.join(coders)}")
        row = self._row.get(item.passage_id)
        if row is None:
            return refused(f"unknown passage_id {item.passage_id[:40]!r}: it is not in this draw")
        if _likeness(item.text) != self._text[row]:
            return refused(f"the text of {item.passage_id} is not the one drawn; it was changed")
        said = [label.lower() for label in item.labels]
        absent = bool(self._none) and NONE in said
        frames = [label for label in said if not (absent and label == NONE)]
        unknown = [
            label for label, low in zip(item.labels, said, strict=True) if low in frames and low not in self._known
        ]
        if unknown:
            names = ", ".join([*self._codebook.frame_ids, *[NONE] * bool(self._none)])
            return refused(f"unknown frame {', '.join(map(repr, unknown))}; expected {names}")
        if not said:
            return refused("not coded: no frame is given" + f", and not {NONE}" * bool(self._none))
        if absent and frames:
            return refused(f"{NONE} stands beside frames: {', '.join(frames)}")
        ids = {self._known[label] for label in frames}
        if not self._codebook.multi_label and len(ids) != 1:
            return refused(f"{len(ids)} frames; {self._codebook.codebook} has exactly one a passage")
        labels = np.zeros(len(self._place))
        labels[[self._place[frame] for frame in ids]] = 1.0
        return (coder, row), labels


def _likeness(text: str) -> str:
    """What stays of a text on its way through a spreadsheet: characters, not how they are spaced."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\ufffe", "").replace("\uffff", "").split())
