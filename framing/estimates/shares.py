"""Frame shares of groups and their draws, on which intervals, comparisons and trends rest.

Documents, not passages, are the sampled units: passages of one article share its author and subject.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.groups import check_groups
from framing.uncertainty.intervals import exact_bounds, exact_error
from framing.uncertainty.resample import STILL, ratio_or_zero, resampled_totals

__all__ = ["CorrectedShares", "RawShares", "ShareDraws", "Totals", "draw_raw_shares", "sum_documents"]

_LEAST_VARIED = 5  # documents with (or without) the frame below which the percentile bootstrap is not trusted

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ShareDraws(ABC):
    """Shares of G groups and K frames, and B draws of them from their sampling distribution.

    Attributes
    ----------
    groups : DataFrame
        One row a group, the key columns.
    frames : list of str
        Frame ids, length K.
    shares : array
        Shape (G, K).
    draws : array
        Shape (B, G, K).
    n_passages, n_documents : array of int
        Passages and documents of each group, shape (G,).
    n_gold : array of int
        Labelled passages that the shares are corrected with, shape (G,); zeros where they are not.
    degrees : array
        Degrees of freedom of each group, shape (G,).
    """

    groups: pd.DataFrame
    frames: list[str]
    shares: Array
    draws: Array
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]
    n_gold: NDArray[np.int64]
    degrees: Array

    @abstractmethod
    def standard_errors(self, *, level: float) -> Array:
        """Standard error of each share, shape (G, K), never zero.

        Parameters
        ----------
        level : float
            Confidence level of the exact bounds that stand in where no draw varies.

        Returns
        -------
        array
            Shape (G, K).
        """

    @abstractmethod
    def least_errors(self, *, level: float) -> Array:
        """Lower bound of the standard error of each share, whatever the spread of a bootstrap of its documents.

        Parameters
        ----------
        level : float
            Confidence level of the exact bounds that the error is taken from.

        Returns
        -------
        array
            Shape (G, K).
        """


@dataclass(frozen=True, kw_only=True)
class RawShares(ShareDraws):
    """Shares of the classifier's decisions; their draws are a bootstrap of documents.

    Attributes
    ----------
    n_with : array of int
        Documents in which the frame occurs, shape (G, K).
    n_all : array of int
        Documents in which every passage has it, shape (G, K).
    """

    n_with: NDArray[np.int64]
    n_all: NDArray[np.int64]

    def is_sparse(self, group: int, frame: int) -> bool:
        """Whether too few documents vary for the percentile bootstrap, or none does."""
        if self.draws[:, group, frame].std() < STILL:
            return True
        n_without = self.n_documents[group] - self.n_all[group, frame]
        return bool(min(self.n_with[group, frame], n_without) < _LEAST_VARIED)

    def effective_size(self, group: int, frame: int) -> float:
        """Effective sample size of a share, `p (1 - p) / variance`, at least one (Kish 1965).

        Where no draw varies it is the number of documents.
        """
        share = float(self.shares[group, frame])
        variance = float(self.draws[:, group, frame].var())
        if variance < STILL**2 or not 0 < share < 1:
            return max(float(self.n_documents[group]), 1.0)
        return max(min(share * (1 - share) / variance, float(self.n_passages[group])), 1.0)

    def exact_bounds(self, group: int, frame: int, *, level: float) -> tuple[float, float]:
        """Exact bounds of a share at its effective sample size (Korn & Graubard 1998)."""
        return exact_bounds(float(self.shares[group, frame]), self.effective_size(group, frame), level=level)

    def standard_errors(self, *, level: float) -> Array:
        """The spread of the draws, shape (G, K); where no draw varies, the error by the exact bounds."""
        errors: Array = self.draws.std(axis=0)
        for group, frame in zip(*np.nonzero(errors < STILL), strict=True):
            errors[group, frame] = exact_error(self.shares[group, frame], self.n_documents[group], level=level)
        return errors

    def least_errors(self, *, level: float) -> Array:
        """The error by the exact bounds where documents are too sparse for the bootstrap, else zero, shape (G, K)."""
        errors = np.zeros(self.shares.shape)
        for group, frame in np.ndindex(errors.shape):
            if self.is_sparse(group, frame):
                share, n = float(self.shares[group, frame]), self.effective_size(group, frame)
                errors[group, frame] = exact_error(share, n, level=level)
        return errors


@dataclass(frozen=True, kw_only=True)
class CorrectedShares(ShareDraws):
    """Shares corrected with labelled passages; their draws are normal, with the correlations of documents.

    Attributes
    ----------
    errors : array
        Standard errors, shape (G, K); NaN, like the share, in groups with too few labels to correct.
    """

    errors: Array

    def standard_errors(self, *, level: float) -> Array:
        """The errors of the estimator, whatever the level, shape (G, K)."""
        return self.errors

    def least_errors(self, *, level: float) -> Array:
        """The errors of the estimator, whatever the level, shape (G, K)."""
        return self.errors


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


def draw_raw_shares(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] | None,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> RawShares:
    """Shares of the classifier's decisions, with bootstrap draws of documents.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.
    n_bootstrap : int, default 2000
        Number of draws.
    random_seed : int, optional
        Start of the draws, which depend on it and the group's place only.

    Returns
    -------
    RawShares
        Passages on which the classifier abstained count neither as present nor as absent. Groups are resampled
        independently of each other.

    Raises
    ------
    InputError
        Where a column is missing, or there are no passages.
    """
    table, keys = check_groups(classified, by, ("frame", "document_id", "decision"))
    if table.empty:
        raise InputError(
            "There are no classified passages to take shares of. For shares over time: no document has a date; "
            "name its column in corpus.yaml, or leave 04_time out of the report."
        )
    frames = list(pd.unique(table["frame"]))
    decided = table[table["decision"] != "abstain"]
    is_present = (decided["decision"] == "present").to_numpy()
    counted = decided[[*keys, "document_id", "frame"]].assign(n=1.0, y=is_present.astype(float))
    totals = sum_documents(counted, ["n", "y"], by=keys, frames=frames)
    n_groups, k = len(totals.groups), len(frames)
    shares, draws = np.zeros((n_groups, k)), np.zeros((n_bootstrap, n_groups, k))
    n_passages, n_documents = np.zeros(n_groups, np.int64), np.zeros(n_groups, np.int64)
    n_with, n_all = np.zeros((n_groups, k), np.int64), np.zeros((n_groups, k), np.int64)
    for group in range(n_groups):
        rows = totals.group_of == group
        n, y = totals.sums["n"][rows], totals.sums["y"][rows]
        generator = np.random.default_rng([random_seed, group])
        resampled = resampled_totals(np.hstack([n, y]), n_draws=n_bootstrap, generator=generator)
        shares[group] = ratio_or_zero(y.sum(axis=0), n.sum(axis=0))
        draws[:, group] = ratio_or_zero(resampled[:, k:], resampled[:, :k])
        n_passages[group], n_documents[group] = int(n.sum(axis=0).max()), int(rows.sum())
        n_with[group] = (y > 0).sum(axis=0)
        n_all[group] = ((y == n) & (n > 0)).sum(axis=0)
    return RawShares(
        groups=totals.groups,
        frames=frames,
        shares=shares,
        draws=draws,
        n_passages=n_passages,
        n_documents=n_documents,
        n_gold=np.zeros(n_groups, np.int64),
        degrees=np.maximum(n_documents - 1, 1).astype(float),
        n_with=n_with,
        n_all=n_all,
    )
