"""Cells of human labels as booleans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.errors import InputError
from framing.tables import require_columns

__all__ = ["codings_of", "gold_of"]

Floats = NDArray[np.float64]


def gold_of(passages: pd.DataFrame, column: str, codebook: Codebook, *, source: str) -> NDArray[np.bool_]:
    """Human labels as booleans, shape `(n, K)`; raises `InputError` that lists unknown labels.

    With one frame a passage, a row must have exactly one.
    """
    require_columns(passages, [column], what=source)
    split = [[label for label in str(cell).split(";") if label.strip()] for cell in passages[column]]
    flat = [label for labels in split for label in labels]
    known = dict(zip(flat, codebook.resolve(flat, source=f"{source}, column {column}"), strict=True))
    place = {frame: number for number, frame in enumerate(codebook.frame_ids)}
    gold = np.zeros((len(passages), len(place)), dtype=bool)
    for row, labels in enumerate(split):
        for label in labels:
            gold[row, place[known[label]]] = True
    if not codebook.multi_label and (gold.sum(axis=1) != 1).any():
        first = int(np.flatnonzero(gold.sum(axis=1) != 1)[0])
        raise InputError(
            f"{source}: {codebook.codebook} has exactly one frame a passage, but row {first + 1} has "
            f"{int(gold[first].sum())} in the column {column}."
        )
    return gold


_NOT_CODED = "not coded"


def codings_of(passages: pd.DataFrame, columns: Sequence[str], codebook: Codebook, *, source: str) -> Floats:
    """What each coder found: 1 or 0, shape `(n_coders, n, K)`; NaN for a passage that a coder did not code.

    Parameters
    ----------
    passages : one row a passage.
    columns : a column for each coder. A cell holds frame ids or names, `;`-separated, or `not coded`. An
        empty cell means that the coder found no frame; where the codebook has exactly one frame a passage,
        that the coder did not code it.
    source : what messages call the table.

    Raises
    ------
    InputError
        With fewer than two columns, one named twice, columns or frames that do not exist, or several
        frames where the codebook has one.
    """
    if len(set(columns)) < 2 or len(set(columns)) < len(columns):
        raise InputError(
            f"{source}: agreement needs the columns of at least two coders, each named once; "
            f"got {', '.join(columns) or 'none'}."
        )
    require_columns(passages, columns, what=source)
    place = {frame: number for number, frame in enumerate(codebook.frame_ids)}
    codings = np.zeros((len(columns), len(passages), len(place)))
    for coder, column in enumerate(columns):
        for row, cell in enumerate(passages[column]):
            text = "" if pd.isna(cell) else str(cell).strip()
            labels = [label for label in text.split(";") if label.strip()]
            if text.lower() == _NOT_CODED or not (labels or codebook.multi_label):
                codings[coder, row] = np.nan
                continue
            found = set(codebook.resolve(labels, source=f"{source}, column {column}, row {row + 1}"))
            if len(found) > 1 and not codebook.multi_label:
                raise InputError(
                    f"{source}: {codebook.codebook} has exactly one frame a passage, but row {row + 1} has "
                    f"{len(found)} in the column {column}."
                )
            codings[coder, row, [place[frame] for frame in found]] = 1.0
    return codings
