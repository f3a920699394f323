"""Cells of human labels as booleans, and back: the one place that knows how a cell is written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.errors import InputError
from framing.tables import require_columns

__all__ = ["NONE", "NOT_CODED", "find_none_word", "format_cells", "parse_codings", "parse_labels", "split_cell"]

Floats = NDArray[np.float64]

NONE = "none"  # what a coder writes where no frame is present: an empty cell is a passage not coded yet
NOT_CODED = "not coded"  # cell of a coder who did not code the passage
_SEPARATOR = ";"


def split_cell(cell: str) -> list[str]:
    """Labels of a cell, as they are written.

    Parameters
    ----------
    cell : str
        Labels separated by `;`.

    Returns
    -------
    list of str
        Labels without the spaces around them; what is empty is no label.

    Examples
    --------
    >>> split_cell("war; The Trade;;")
    ['war', 'The Trade']
    """
    return [label for part in cell.split(_SEPARATOR) if (label := part.strip())]


def find_none_word(codebook: Codebook) -> str:
    """Word that coders write where no frame is present.

    Parameters
    ----------
    codebook : Codebook
        Whose frames are coded.

    Returns
    -------
    str
        `none`; empty where the codebook has exactly one frame a passage, or a frame of that name.
    """
    labels = {label.lower() for frame in codebook.frames for label in (frame.id, frame.name)}
    return NONE if codebook.multi_label and NONE not in labels else ""


def parse_labels(passages: pd.DataFrame, column: str, codebook: Codebook, *, source: str) -> NDArray[np.bool_]:
    """Human labels of passages as booleans.

    Parameters
    ----------
    passages : DataFrame
        One row a passage, n rows.
    column : str
        Column of the labels: frame ids or names, separated by `;`; an empty cell means that there is no frame.
    codebook : Codebook
        Whose K frames the labels name.
    source : str
        What messages call the table.

    Returns
    -------
    ndarray of bool
        Shape (n, K), in the order of the codebook's frames.

    Raises
    ------
    InputError
        For a missing column, for labels that the codebook lacks (all are listed), and, where the codebook has exactly
        one frame a passage, for a row that has another number.
    """
    require_columns(passages, [column], what=source)
    cells = [split_cell(str(cell)) for cell in passages[column]]
    written = [label for labels in cells for label in labels]
    try:
        resolved = codebook.resolve(written, source=f"{source}, column {column}")
    except InputError as error:
        known = {label.lower() for frame in codebook.frames for label in (frame.id, frame.name)}
        row = next(row for row, labels in enumerate(cells) if not known.issuperset(map(str.lower, labels)))
        line = f", line {passages['file_line'].iloc[row]} of the file" if "file_line" in passages.columns else ""
        raise InputError(f"{error.message} The first is in row {row + 1}{line}.") from None
    frame_ids = dict(zip(written, resolved, strict=True))
    places = {frame: place for place, frame in enumerate(codebook.frame_ids)}
    gold = np.zeros((len(passages), len(places)), dtype=bool)
    for row, labels in enumerate(cells):
        gold[row, [places[frame_ids[label]] for label in labels]] = True
    n_frames = gold.sum(axis=1)
    if not codebook.multi_label and (n_frames != 1).any():
        row = int(np.flatnonzero(n_frames != 1)[0])
        raise _not_one_frame(codebook, source=source, row=row, n_frames=int(n_frames[row]), column=column)
    return gold


def parse_codings(passages: pd.DataFrame, columns: Sequence[str], codebook: Codebook, *, source: str) -> Floats:
    """Labels that each coder gave to each passage.

    Parameters
    ----------
    passages : DataFrame
        One row a passage, n rows.
    columns : sequence of str
        A column for each of C coders. A cell holds frame ids or names separated by `;`, or `not coded`. An empty cell
        means that the coder gave no frame; where the codebook has exactly one frame a passage, that the coder did not
        code it.
    codebook : Codebook
        Whose K frames the labels name.
    source : str
        What messages call the table.

    Returns
    -------
    ndarray of float
        Shape (C, n, K), 1 or 0; NaN for a passage that a coder did not code.

    Raises
    ------
    InputError
        For fewer than two columns, a column named twice, columns or frames that do not exist, or several frames where
        the codebook has one.
    """
    if len(set(columns)) < 2 or len(set(columns)) < len(columns):
        raise InputError(
            f"{source}: agreement needs the columns of at least two coders, each named once; "
            f"got {', '.join(columns) or 'none'}."
        )
    require_columns(passages, columns, what=source)
    places = {frame: place for place, frame in enumerate(codebook.frame_ids)}
    codings = np.zeros((len(columns), len(passages), len(places)))
    for coder, column in enumerate(columns):
        for row, cell in enumerate(passages[column]):
            text = "" if pd.isna(cell) else str(cell).strip()
            labels = split_cell(text)
            if text.lower() == NOT_CODED or not (labels or codebook.multi_label):
                codings[coder, row] = np.nan
                continue
            frames = set(codebook.resolve(labels, source=f"{source}, column {column}, row {row + 1}"))
            if len(frames) > 1 and not codebook.multi_label:
                raise _not_one_frame(codebook, source=source, row=row, n_frames=len(frames), column=column)
            codings[coder, row, [places[frame] for frame in frames]] = 1.0
    return codings


def format_cells(codings: Floats, codebook: Codebook, *, no_frame: str = "") -> list[str]:
    """Cells that `parse_codings` reads back.

    Parameters
    ----------
    codings : ndarray of float
        Labels of one coder, shape (n, K), 1 or 0; NaN for a passage that is not coded.
    codebook : Codebook
        Whose K frames the labels name.
    no_frame : str, default ""
        Cell of a passage without a frame.

    Returns
    -------
    list of str
        Frame ids separated by `;`, `no_frame`, or `not coded`, one cell a passage.
    """
    frame_ids = np.array(codebook.frame_ids, dtype=object)
    return [NOT_CODED if np.isnan(row[0]) else _SEPARATOR.join(frame_ids[row == 1]) or no_frame for row in codings]


def _not_one_frame(codebook: Codebook, *, source: str, row: int, n_frames: int, column: str) -> InputError:
    return InputError(
        f"{source}: {codebook.codebook} has exactly one frame a passage, but row {row + 1} has {n_frames} in the "
        f"column {column}."
    )
