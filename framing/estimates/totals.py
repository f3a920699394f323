"""Passages of documents counted: what shares and their resampling are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import TooLittleDataError
from framing.estimates.groups import check_groups

__all__ = ["Totals", "count_passages", "sum_documents"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Totals:
    """Sums over the passages of each of D documents, group by group.

    Attributes
    ----------
    groups : DataFrame
        One row a group, the key columns.
    frames : list of str
        Frame ids, length K.
    group_of : array of int
        Group of each document, shape (D,).
    documents : array of object
        Id of each document, shape (D,).
    sums : dict of str to array
        Name of a column to sums of shape (D, K).
    """

    groups: pd.DataFrame
    frames: list[str]
    group_of: NDArray[np.int64]
    documents: NDArray[np.object_]
    sums: dict[str, Array]


def sum_documents(table: pd.DataFrame, columns: Sequence[str], *, by: Sequence[str], frames: list[str]) -> Totals:
    """Sums of columns per document and frame.

    Parameters
    ----------
    table : DataFrame
        A row a passage and frame.
    columns : sequence of str
        The columns to add up.
    by : sequence of str
        Columns that make the groups; a document that has passages in two groups counts in each.
    frames : list of str
        Ids of the frames, in the order of the columns of each sum.

    Returns
    -------
    Totals
        Groups in the order of their keys; zeros where a document has no row of a frame.
    """
    keys = [*by, "document_id"]
    summed = table.groupby([*keys, "frame"], dropna=False)[list(columns)].sum()
    wide = {
        name: summed[name].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0) for name in columns
    }
    index = wide[columns[0]].index
    assert isinstance(index, pd.MultiIndex)
    group_of = index.droplevel("document_id")
    groups = group_of.unique().sort_values()
    key_table = groups.to_frame(index=False)
    key_table.columns = pd.Index(list(by))
    return Totals(
        groups=key_table,
        frames=frames,
        group_of=np.asarray(groups.get_indexer(group_of), dtype=np.int64),
        documents=index.get_level_values("document_id").to_numpy(object),
        sums={name: part.to_numpy(float) for name, part in wide.items()},
    )


def count_passages(classified: pd.DataFrame, by: str | Sequence[str] | None) -> Totals:
    """Passages that were decided (n) and that carry each frame (y), document by document.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.

    Returns
    -------
    Totals
        Sums `n` and `y`.

    Raises
    ------
    TooLittleDataError
        Where there are no passages.
    """
    table, keys = check_groups(classified, by, ("frame", "document_id", "decision"))
    if table.empty:
        raise TooLittleDataError(
            "There are no classified passages to take shares of. For shares over time: no document has a date; "
            "name its column in corpus.yaml, or leave 04_time out of the report."
        )
    frames = list(pd.unique(table["frame"]))
    decided = table[table["decision"] != "abstain"]
    is_present = (decided["decision"] == "present").to_numpy()
    counted = decided[[*keys, "document_id", "frame"]].assign(n=1.0, y=is_present.astype(float))
    return sum_documents(counted, ["n", "y"], by=keys, frames=frames)
