"""Frame shares of groups and their draws: what intervals, comparisons and trends are made of.

Documents, not passages, are the sampled units: passages of one article share its author and subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.resample import exact_bounds, ratio, resampled_totals
from framing.tables import require_columns

__all__ = ["STILL", "ShareDraws", "Totals", "document_totals", "draw_raw_shares"]

STILL = 1e-9  # spread of draws below which only rounding varies
_FEW = 5  # documents with (or without) the frame below which the percentile bootstrap is not trusted

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ShareDraws:
    """Shares of G groups and K frames, and draws of what else they could have been.

    Attributes
    ----------
    groups : one row a group, the key columns.
    frames : frame ids, length K.
    shares : shape (G, K). `draws` : shape (B, G, K).
    n_passages, n_documents : shape (G,).
    n_with : documents in which the frame occurs, shape (G, K). `n_all`: in which every passage has it.
    n_gold : labelled passages that the shares are corrected with, shape (G,); zeros where they are not.
    errors : standard errors, shape (G, K), where the shares are corrected, else None: then the draws have them.
        NaN, like the share, in groups with too few labels to correct.
    degrees : degrees of freedom of each group, shape (G,).
    """

    groups: pd.DataFrame
    frames: list[str]
    shares: Array
    draws: Array
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]
    n_with: NDArray[np.int64]
    n_all: NDArray[np.int64]
    n_gold: NDArray[np.int64]
    degrees: Array
    errors: Array | None = None

    def is_sparse(self, group: int, frame: int) -> bool:
        """Whether too few documents vary for the percentile bootstrap, or none does."""
        if self.draws[:, group, frame].std() < STILL:
            return True
        with_frame = self.n_with[group, frame]
        without = self.n_documents[group] - self.n_all[group, frame]
        return bool(min(with_frame, without) < _FEW)

    def exact(self, group: int, frame: int, *, level: float) -> tuple[float, float]:
        """Bounds at the effective sample size that the documents' clustering leaves."""
        share = float(self.shares[group, frame])
        n_documents, n_passages = int(self.n_documents[group]), int(self.n_passages[group])
        n_effective = float(n_documents)  # nothing varies: take each document as one observation
        variance = float(self.draws[:, group, frame].var())
        if variance >= STILL**2 and 0 < share < 1:
            n_effective = min(share * (1 - share) / variance, float(n_passages))
        return exact_bounds(share, max(n_effective, 1.0), level=level)


@dataclass(frozen=True)
class Totals:
    """Sums over the passages of each of D documents, group by group.

    Attributes
    ----------
    groups : one row a group, the key columns. `frames` : length K.
    group_of, documents : group and id of each document, shape (D,). `sums` : name of a column to sums of shape (D, K).
    """

    groups: pd.DataFrame
    frames: list[str]
    group_of: NDArray[np.int64]
    documents: NDArray[np.object_]
    sums: dict[str, Array]


def document_totals(table: pd.DataFrame, columns: Sequence[str], *, by: Sequence[str], frames: list[str]) -> Totals:
    """Sums of `columns` per document and frame; a document that stands in two groups counts in each."""
    keys = [*by, "document_id"]
    summed = table.groupby([*keys, "frame"], observed=True, sort=True, dropna=False)[list(columns)].sum()
    wide = {
        name: summed[name].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0.0) for name in columns
    }
    index = wide[columns[0]].index
    assert isinstance(index, pd.MultiIndex)
    group_of = index.droplevel("document_id")
    groups = group_of.unique().sort_values()
    labels = groups.to_frame(index=False)
    labels.columns = pd.Index(list(by))
    sums = {name: part.to_numpy(float) for name, part in wide.items()}
    documents = index.get_level_values("document_id").to_numpy(object)
    return Totals(labels, frames, np.asarray(groups.get_indexer(group_of), dtype=np.int64), documents, sums)


def draw_raw_shares(
    classified: pd.DataFrame, *, by: Sequence[str], n_bootstrap: int = 2000, random_seed: int = 0
) -> ShareDraws:
    """Shares of what the classifier decided, with bootstrap draws of each group of `by` and each frame.

    Passages on which it abstained are left out of a share's numerator and denominator. Groups are resampled
    independently, with draws that depend on `random_seed` and the group's place only.
    """
    by = list(by)
    require_columns(classified, (*by, "frame", "document_id", "decision"), what="classified passages")
    if classified.empty:
        raise InputError(
            "There are no classified passages to take shares of. For shares over time: no document has a date; "
            "name its column in corpus.yaml, or leave 04_time out of the report."
        )
    frames = list(pd.unique(classified["frame"]))
    decided = classified[classified["decision"] != "abstain"]
    present = (decided["decision"] == "present").to_numpy()
    counted = decided[[*by, "document_id", "frame"]].assign(n=1.0, y=present.astype(float))
    totals = document_totals(counted, ["n", "y"], by=by, frames=frames)
    shape = (len(totals.groups), len(frames))
    shares, draws = np.zeros(shape), np.zeros((n_bootstrap, *shape))
    n_passages, n_documents = np.zeros(shape[0], np.int64), np.zeros(shape[0], np.int64)
    n_with, n_all = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    k = len(frames)
    for number in range(len(totals.groups)):
        rows = totals.group_of == number
        counts = np.hstack([totals.sums["n"][rows], totals.sums["y"][rows]])
        all_of = counts.sum(axis=0)
        generator = np.random.default_rng([random_seed, number])
        drawn = resampled_totals(counts, n_draws=n_bootstrap, generator=generator)
        shares[number] = ratio(all_of[k:], all_of[:k])
        draws[:, number] = ratio(drawn[:, k:], drawn[:, :k])
        n_passages[number], n_documents[number] = int(all_of[:k].max()), int(rows.sum())
        n_with[number] = (counts[:, k:] > 0).sum(axis=0)
        n_all[number] = ((counts[:, k:] == counts[:, :k]) & (counts[:, :k] > 0)).sum(axis=0)
    none = np.zeros(shape[0], np.int64)
    degrees = np.maximum(n_documents - 1, 1).astype(float)
    return ShareDraws(totals.groups, frames, shares, draws, n_passages, n_documents, n_with, n_all, none, degrees)
