"""Columns of a gold file that say how its passages were drawn."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.files.spreadsheets import restored

__all__ = ["PROBABILITY", "STRATUM", "UNIT", "parse_probabilities", "parse_speakers", "parse_strata", "parse_unit"]

PROBABILITY, STRATUM, UNIT = "inclusion_probability", "stratum", "unit"  # read where no other column is named


def parse_probabilities(passages: pd.DataFrame, column: str, source: str) -> NDArray[np.float64]:
    """Chance with which each passage was drawn.

    Parameters
    ----------
    passages : DataFrame
        Labelled passages, n rows, with `file_line`.
    column : str
        Column to read.
    source : str
        What messages call the file.

    Returns
    -------
    ndarray of float
        Shape (n,), above 0 and at most 1.

    Raises
    ------
    InputError
        For a cell that is no such number, with file and line.
    """
    probabilities = np.empty(len(passages))
    for row, (cell, line) in enumerate(zip(passages[column], passages["file_line"], strict=True)):
        try:
            probabilities[row] = float(cell)
        except ValueError:
            probabilities[row] = math.nan
        if not 0 < probabilities[row] <= 1:  # also where it is no number
            raise InputError(
                f"{source}, line {line}: {column} is {str(cell)!r}; expected the chance with which the passage was "
                "drawn, above 0 and at most 1, for instance 0.25."
            )
    return probabilities


def parse_strata(passages: pd.DataFrame, column: str, source: str) -> NDArray[np.object_]:
    """Stratum from which each passage was drawn.

    Parameters
    ----------
    passages : DataFrame
        Labelled passages, n rows, with `file_line`.
    column : str
        Column to read.
    source : str
        What messages call the file.

    Returns
    -------
    ndarray of str
        Names, shape (n,).

    Raises
    ------
    InputError
        For an empty cell, with file and line.
    """
    strata = np.array([str(cell).strip() for cell in passages[column]], dtype=object)
    if (strata == "").any():
        line = passages["file_line"][int(np.flatnonzero(strata == "")[0])]
        raise InputError(f"{source}, line {line}: {column} is empty; expected the name of the stratum drawn from.")
    return strata


def parse_speakers(passages: pd.DataFrame, column: str) -> NDArray[np.object_]:
    """Speaker of each passage, as coders named them.

    Parameters
    ----------
    passages : DataFrame
        Labelled passages, n rows.
    column : str
        Column to read.

    Returns
    -------
    ndarray of str
        Names, shape (n,); empty where a passage is in the outlet's own voice.

    Examples
    --------
    >>> parse_speakers(pd.DataFrame({"who": ["Ana Duarte ", " ", ""]}), "who").tolist()
    ['Ana Duarte', '', '']
    """
    return np.array([restored(str(cell)).strip() for cell in passages[column]], dtype=object)


def parse_unit(passages: pd.DataFrame, column: str, source: str) -> str:
    """What was drawn, passages or whole documents.

    Parameters
    ----------
    passages : DataFrame
        Labelled passages, n rows, with `file_line`.
    column : str
        Column to read.
    source : str
        What messages call the file.

    Returns
    -------
    str
        `passage` or `document`.

    Raises
    ------
    InputError
        For a cell that is neither, or that differs from the first, with file and line.
    """
    cells = [str(cell).strip() for cell in passages[column]]
    for cell, line in zip(cells, passages["file_line"], strict=True):
        if cell not in ("passage", "document") or cell != cells[0]:
            raise InputError(
                f"{source}, line {line}: {column} is {cell!r}; expected passage or document, the same in every row."
            )
    return cells[0]
