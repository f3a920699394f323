"""Passages behind the figures: those of highest score, those near the threshold, those of a contrast.

Of a document as a whole they show the excerpt that scores highest on the frame, where the classified table has one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from framing.estimates.groups import join_groups
from framing.tables import list_columns, require_columns

__all__ = [
    "find_borderline_passages",
    "find_passages_behind",
    "find_top_passages",
    "keep_one_per_frame",
    "show_excerpts",
]

_PASSAGE = ("published", "score", "text", "passage_id")  # columns of an example passage


def find_top_passages(classified: pd.DataFrame, *, per_outlet: int = 3) -> pd.DataFrame:
    """The passages with the highest scores of each frame and outlet among those where it is present.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    per_outlet : int, default 3
        Passages of each frame and outlet.

    Returns
    -------
    DataFrame
        Columns `frame, outlet, published, score, text, passage_id`, and `translation` where there are translations;
        highest scores first within frame and outlet.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    require_columns(classified, ("frame", "decision", "outlet", *_PASSAGE), what="classified passages")
    classified = show_excerpts(classified)
    present = classified[classified["decision"] == "present"]
    ordered = present.sort_values(["frame", "outlet", "score"], ascending=[True, True, False], kind="stable")
    top = ordered.groupby(["frame", "outlet"], sort=False).head(per_outlet)
    return _leave_out_documents(top)[["frame", "outlet", *_list_columns(top)]].reset_index(drop=True)


def find_borderline_passages(classified: pd.DataFrame, *, threshold: float, per_frame: int = 4) -> pd.DataFrame:
    """The passages of each frame whose scores lie nearest to the threshold, on either side.

    With one label a passage (`threshold` NaN): those whose two highest scores are closest.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`.
    threshold : float
        Score from which a frame is present; NaN for a codebook with one label a passage.
    per_frame : int, default 4
        Passages of each frame.

    Returns
    -------
    DataFrame
        Columns `frame, decision, outlet, published, score, text, passage_id`; frame by frame, nearest to the threshold
        first.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    require_columns(classified, ("frame", "decision", "outlet", *_PASSAGE), what="classified passages")
    classified = show_excerpts(classified)
    if np.isnan(threshold):
        scores = classified.pivot(index="passage_id", columns="frame", values="score")
        highest = np.sort(scores.to_numpy(), axis=1)[:, -2:]
        distance = pd.Series(highest[:, 1] - highest[:, 0], index=scores.index, name="distance")
        rows = classified[classified["decision"] == "present"].merge(distance, on="passage_id")
    else:
        rows = classified.assign(distance=(classified["score"] - threshold).abs())
    ordered = rows.sort_values(["frame", "distance"], kind="stable")
    nearest = ordered.groupby("frame", sort=False).head(per_frame)
    return _leave_out_documents(nearest)[["frame", "decision", "outlet", *_list_columns(nearest)]].reset_index(
        drop=True
    )


def show_excerpts(classified: pd.DataFrame) -> pd.DataFrame:
    """Take the excerpts of documents as their text.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, or documents with the column `excerpt`.

    Returns
    -------
    DataFrame
        The same with the excerpt in the column `text`, where there is one.
    """
    return classified.assign(text=classified["excerpt"]) if "excerpt" in classified.columns else classified


def _list_columns(table: pd.DataFrame) -> list[str]:
    """Columns of an example passage, its translation among them if it has one of its own."""
    return [*_PASSAGE, "translation"] if "translation" in table.columns else list(_PASSAGE)


def _leave_out_documents(table: pd.DataFrame) -> pd.DataFrame:
    """The rows without translations that are of the whole document."""
    if "translation_unit" not in table.columns:
        return table
    return table.assign(translation=table["translation"].where(table["translation_unit"] != "document", ""))


def keep_one_per_frame(top: pd.DataFrame) -> pd.DataFrame:
    """The highest-scored row of each frame of a table of top passages.

    Parameters
    ----------
    top : DataFrame
        Passages with a `frame` and a `score`, as `find_top_passages` returned them.

    Returns
    -------
    DataFrame
        One row a frame.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    require_columns(top, ("frame", "score"), what="top passages")
    ordered = top.sort_values(["frame", "score"], ascending=[True, False], kind="stable")
    return ordered.groupby("frame", sort=False).head(1).reset_index(drop=True)


def find_passages_behind(
    contrasts: pd.DataFrame,
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] = "outlet",
    top: int = 5,
    per_group: int = 1,
) -> pd.DataFrame:
    """Passages of the frame in the groups compared, for the `top` clearest contrasts: highest scores first.

    Parameters
    ----------
    contrasts : DataFrame
        Contrasts, as `compare_groups` returned them; differences from the rest, as `compare_with_rest` did; or
        components, as `decompose_differences` did, of which the two of a difference count as one contrast.
    classified : DataFrame
        Classified passages. With `add_agenda_items` the column `agenda_item` says which event a passage is about.
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    top : int, default 5
        How many contrasts, the clearest first.
    per_group : int, default 1
        Passages of each group.

    Returns
    -------
    DataFrame
        Columns `contrast, frame, by`, `agenda_item` where the table has it, then `published, score, text, passage_id`.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    sides = ["group"] if "group" in contrasts.columns else ["group_a", "group_b"]
    require_columns(contrasts, ("frame", *sides), what="contrasts")
    table, group = join_groups(show_excerpts(classified), by, ("frame", "decision", *_PASSAGE))
    present = table[table["decision"] == "present"]
    parts = []
    compared = contrasts[["frame", *sides]].drop_duplicates().head(top)
    for number, (frame, *groups) in enumerate(compared.itertuples(index=False, name=None), start=1):
        of_pair = present[(present["frame"] == frame) & present[group].isin(groups)]
        ordered = of_pair.sort_values("score", ascending=False, kind="stable")
        parts.append(ordered.groupby(group).head(per_group).assign(contrast=number))
    passages = pd.concat(parts) if parts else table.head(0).assign(contrast=0)
    item = ["agenda_item"] if "agenda_item" in passages.columns else []
    columns = ["contrast", "frame", *list_columns(by), *item, *_list_columns(passages)]
    return _leave_out_documents(passages)[columns].reset_index(drop=True)
