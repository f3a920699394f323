"""Which mistakes a classifier makes: frames that it takes for each other, and the errors of which it was surest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from framing.tables import require_columns
from framing.validation.inputs import Decisions, Flags, Floats, number_documents, read_decisions, require_alike

__all__ = ["confused_frames", "confusion_table", "worst_errors"]

_NO_FRAME = "(none)"
_CARRIED = ("outlet", "published", "text", "passage_id", "document_id")


def worst_errors(
    passages: pd.DataFrame, gold: Flags, decided: Decisions, scores: Floats, *, frames: Sequence[str], top: int = 20
) -> pd.DataFrame:
    """The errors of which the classifier was surest.

    Parameters
    ----------
    passages : DataFrame
        Labelled passages, n rows, with outlet, published, text, passage_id and document_id.
    gold : array of bool
        Labels, shape (n, K).
    decided : array of bool or str
        Decisions, shape (n, K), as in `evaluate_decisions`. An abstention is no error.
    scores : array of float
        Scores, shape (n, K), 0 to 1. A false alarm is as sure as its score, a miss as one less its score.
    frames : sequence of str
        Frame ids, length K.
    top : int, default 20
        Number of errors.

    Returns
    -------
    DataFrame
        `frame, error, score, outlet, published, text, passage_id, document_id, gold, decided`, surest first. `error`
        is `missed` or `false alarm`; `gold` and `decided` are the passage's frames, separated by `;`.

    Raises
    ------
    InputError
        When columns are missing or the arrays are not alike.
    """
    require_columns(passages, _CARRIED, what="passages")
    require_alike(frames, gold=gold, decided=decided, scores=scores)
    number_documents(passages["document_id"].to_list(), n=len(gold), what="passages")
    present, absent = read_decisions(decided)
    false_alarms, misses = present & ~gold, absent & gold
    sureness = np.where(false_alarms, scores, 1 - scores)
    row, column = np.nonzero(false_alarms | misses)
    order = np.argsort(-sureness[row, column], kind="stable")[:top]
    row, column = row[order], column[order]
    names = np.asarray(frames, dtype=object)
    table = passages[list(_CARRIED)].iloc[row].reset_index(drop=True)
    table.insert(0, "frame", names[column])
    table.insert(1, "error", np.where(false_alarms[row, column], "false alarm", "missed"))
    table.insert(2, "score", scores[row, column])
    table["gold"] = [";".join(names[gold[number]]) for number in row]
    table["decided"] = [";".join(names[present[number]]) for number in row]
    return table


def confusion_table(gold: Flags, decided: Flags, *, frames: Sequence[str]) -> pd.DataFrame:
    """Passages by gold frame and decided frame.

    Parameters
    ----------
    gold : array of bool
        Labels, shape (n, K).
    decided : array of bool
        Decisions, shape (n, K).
    frames : sequence of str
        Frame ids, length K.

    Returns
    -------
    DataFrame
        Gold frames in the rows, decided ones in the columns, `(none)` where there was no frame. With several labels a
        passage counts once in each pair of a gold and a decided frame.

    Examples
    --------
    >>> gold, decided = np.array([[True, False], [True, False]]), np.array([[True, False], [False, False]])
    >>> confusion_table(gold, decided, frames=["war", "trade"]).loc["war"].to_dict()
    {'war': 1, 'trade': 0, '(none)': 1}
    """
    names = [*frames, _NO_FRAME]
    rows, columns = (np.column_stack([flags, ~flags.any(axis=1)]).astype(int) for flags in (gold, decided))
    return pd.DataFrame(rows.T @ columns, index=pd.Index(names, name="gold"), columns=names)


def confused_frames(gold: Flags, decided: Decisions, *, frames: Sequence[str]) -> pd.DataFrame:
    """Decided frames of each gold frame: `confusion_table` in long form without zeros.

    Parameters
    ----------
    gold : array of bool
        Labels, shape (n, K).
    decided : array of bool or str
        Decisions, shape (n, K), as in `evaluate_decisions`. An abstention counts as no decision for the frame.
    frames : sequence of str
        Frame ids, length K.

    Returns
    -------
    DataFrame
        `gold, decided, n, share_of_gold`, in the order of the frames, most frequent decision first. `share_of_gold` is
        of the passages with the gold frame.

    Raises
    ------
    InputError
        When the arrays are not alike.
    """
    require_alike(frames, gold=gold, decided=decided)
    present, _ = read_decisions(decided)
    counts = confusion_table(gold, present, frames=frames)
    n_gold = [*gold.sum(axis=0), (~gold.any(axis=1)).sum()]
    rows = []
    for (name, row), total in zip(counts.iterrows(), n_gold, strict=True):
        for other in np.argsort(-row.to_numpy(), kind="stable"):
            n = int(row.iloc[other])
            if n:
                rows.append({"gold": name, "decided": counts.columns[other], "n": n, "share_of_gold": n / total})
    return pd.DataFrame(rows, columns=["gold", "decided", "n", "share_of_gold"])
