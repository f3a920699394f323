"""Columns of label cells as arrays, and back; `framing.codebook.cells` knows how a cell is written."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.codebook.cells import NOT_CODED, CellError, fold_label, parse_cell, split_cell, write_cell
from framing.errors import InputError
from framing.tables import require_columns

__all__ = ["format_cells", "parse_codings", "parse_labels"]

Floats = NDArray[np.float64]


def parse_labels(
    passages: pd.DataFrame, column: str, codebook: Codebook, *, source: str, blank_is_none: bool = False
) -> Floats:
    """Human labels of passages as numbers.

    Parameters
    ----------
    passages : DataFrame
        One row a passage, n rows.
    column : str
        Column of label cells: frame ids or names separated by `;`, or `none`. What is empty or `not coded` is not
        coded.
    codebook : Codebook
        Whose K frames the labels name.
    source : str
        What messages call the table.
    blank_is_none : bool, default False
        Whether an empty cell says `none`, as in gold files of version 0.1.

    Returns
    -------
    ndarray of float
        Shape (n, K), 1 or 0, in the order of the codebook's frames; NaN for a passage that is not coded.

    Raises
    ------
    InputError
        For a missing column, for labels that the codebook lacks (all are listed), for `none` beside frames, and,
        where the codebook has exactly one frame a passage, for a row that has several.
    """
    require_columns(passages, [column], what=source)
    places = {frame: place for place, frame in enumerate(codebook.frame_ids)}
    labels = np.zeros((len(passages), len(places)))
    wrong: list[tuple[int, CellError]] = []
    for row, value in enumerate(passages[column]):
        cell = "" if pd.isna(value) else str(value)
        try:
            frames = [] if blank_is_none and not cell.strip() else parse_cell(cell, codebook)
        except CellError as error:
            wrong.append((row, error))
            continue
        if frames is None:
            labels[row] = np.nan
        else:
            labels[row, [places[frame] for frame in frames]] = 1.0
    if wrong:
        raise _describe_wrong(wrong, passages, column, codebook, source=source)
    return labels


def parse_codings(
    passages: pd.DataFrame, columns: Sequence[str], codebook: Codebook, *, source: str, blank_is_none: bool = False
) -> Floats:
    """Labels that each coder gave to each passage.

    Parameters
    ----------
    passages : DataFrame
        One row a passage, n rows.
    columns : sequence of str
        A column of label cells for each of C coders, as `parse_labels` reads them.
    codebook : Codebook
        Whose K frames the labels name.
    source : str
        What messages call the table.
    blank_is_none : bool, default False
        As in `parse_labels`.

    Returns
    -------
    ndarray of float
        Shape (C, n, K), 1 or 0; NaN for a passage that a coder did not code.

    Raises
    ------
    InputError
        For fewer than two columns, a column named twice, and as `parse_labels`.
    """
    if len(set(columns)) < 2 or len(set(columns)) < len(columns):
        raise InputError(
            f"{source}: agreement needs the columns of at least two coders, each named once; "
            f"got {', '.join(columns) or 'none'}."
        )
    require_columns(passages, columns, what=source)
    return np.stack(
        [
            parse_labels(passages, column, codebook, source=source, blank_is_none=blank_is_none)
            for column in columns
        ]
    )  # fmt: skip


def format_cells(codings: Floats, codebook: Codebook) -> list[str]:
    """Cells that `parse_labels` reads back.

    Parameters
    ----------
    codings : ndarray of float
        Labels of one coder, shape (n, K), 1 or 0; NaN for a passage that is not coded.
    codebook : Codebook
        Whose K frames the labels name.

    Returns
    -------
    list of str
        Frame ids separated by `;`, `none`, or `not coded`, one cell a passage.
    """
    frame_ids = np.array(codebook.frame_ids, dtype=object)
    return [NOT_CODED if np.isnan(row[0]) else write_cell(frame_ids[row == 1], codebook) for row in codings]


def _describe_wrong(
    wrong: Sequence[tuple[int, CellError]], passages: pd.DataFrame, column: str, codebook: Codebook, *, source: str
) -> InputError:
    """One error for all cells of a column that cannot be read, with the place of the first."""
    row, error = wrong[0]
    line = f", line {passages['file_line'].iloc[row]} of the file" if "file_line" in passages.columns else ""
    cells = [str(passages[column].iloc[number]) for number, _ in wrong]
    known = {*codebook.frame_of_label, fold_label(write_cell((), codebook))}
    unknown = [label for cell in cells for label in split_cell(cell) if fold_label(label) not in known]
    try:
        codebook.resolve(unknown, source=f"{source}, column {column}")
    except InputError as all_unknown:
        return InputError(f"{all_unknown.message} The first is in row {row + 1}{line}.")
    return InputError(f"{source}, column {column}: {error.message} (row {row + 1}{line}).")
