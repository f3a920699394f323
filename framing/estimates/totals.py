"""Passages of independent units counted: what shares and their resampling are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import TooLittleDataError
from framing.estimates.clusters import find_unit, read_weights
from framing.estimates.groups import check_groups
from framing.texts import phrase

__all__ = ["Totals", "count_passages", "sum_documents"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Totals:
    """Sums over the passages of each of D independent units (clusters, or documents), group by group.

    Attributes
    ----------
    groups : DataFrame
        One row a group, the key columns.
    frames : list of str
        Frame ids, length K.
    group_of : array of int
        Group of each unit, shape (D,).
    units : array of object
        Id of each unit, shape (D,).
    sums : dict of str to array
        Name of a column to sums of shape (D, K).
    n_passages, n_documents : array of int
        Passages (of the frame that has most) and documents of each group, shape (G,).
    """

    groups: pd.DataFrame
    frames: list[str]
    group_of: NDArray[np.int64]
    units: NDArray[np.object_]
    sums: dict[str, Array]
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]


def sum_documents(table: pd.DataFrame, columns: Sequence[str], *, by: Sequence[str], frames: list[str]) -> Totals:
    """Sums of columns per independent unit and frame.

    Parameters
    ----------
    table : DataFrame
        A row a passage and frame. Units are its clusters, or its documents where it has no column `cluster`.
    columns : sequence of str
        The columns to add up.
    by : sequence of str
        Columns that make the groups; a unit that has passages in two groups counts in each.
    frames : list of str
        Ids of the frames, in the order of the columns of each sum.

    Returns
    -------
    Totals
        Groups in the order of their keys; zeros where a unit has no row of a frame.
    """
    unit = find_unit(table)
    keys = [*by, unit]
    summed = table.groupby([*keys, "frame"], dropna=False)[list(columns)].sum()
    wide = {
        name: summed[name].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0) for name in columns
    }
    index = wide[columns[0]].index
    assert isinstance(index, pd.MultiIndex)
    groups = index.droplevel(unit).unique().sort_values()
    key_table = groups.to_frame(index=False)
    key_table.columns = pd.Index(list(by))
    group_of = np.asarray(groups.get_indexer(index.droplevel(unit)), dtype=np.int64)
    n_documents = np.asarray(np.bincount(group_of, minlength=len(groups)), dtype=np.int64)
    if unit != "document_id":
        of_documents = table[[*by, "document_id"]].drop_duplicates().groupby(list(by), dropna=False).size()
        n_documents = np.asarray(of_documents.reindex(groups), dtype=np.int64)
    n_passages = table.groupby([*by, "frame"], dropna=False).size().unstack("frame", fill_value=0).max(axis=1)
    return Totals(
        groups=key_table,
        frames=frames,
        group_of=group_of,
        units=index.get_level_values(unit).to_numpy(object),
        sums={name: part.to_numpy(float) for name, part in wide.items()},
        n_passages=n_passages.reindex(groups).to_numpy(np.int64),
        n_documents=n_documents,
    )


def count_passages(classified: pd.DataFrame, by: str | Sequence[str] | None) -> Totals:
    """Weight of the passages that were decided (n) and that carry each frame (y), unit by unit.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.

    Returns
    -------
    Totals
        Sums `n` and `y`: numbers of passages where the table has no column `weight`.

    Raises
    ------
    TooLittleDataError
        Where there are no passages.
    """
    table, keys = check_groups(classified, by, ("frame", "document_id", "decision"))
    if table.empty:
        raise TooLittleDataError(
            phrase(
                "There are no classified passages to take shares of. For shares over time: no document has "
                "a date; name its column in corpus.yaml, or leave 04_time out of the report."
            )
        )
    frames = list(pd.unique(table["frame"]))
    decided = table[table["decision"] != "abstain"]
    if decided.empty:
        raise TooLittleDataError(
            phrase(
                "The classifier abstained on all passages of {n_documents:,} documents: there is no share to "
                "take. Ask for less (wanted_precision, wanted_recall), or label more.",
                n_documents=table["document_id"].nunique(),
            )
        )
    weight = read_weights(decided)
    present = np.where(decided["decision"] == "present", weight, 0.0)
    columns = dict.fromkeys([*keys, "document_id", find_unit(decided), "frame"])
    counted = decided[list(columns)].assign(n=weight, y=present)
    return sum_documents(counted, ["n", "y"], by=keys, frames=frames)
