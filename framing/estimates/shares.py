"""Frame shares of groups and their draws, on which intervals, comparisons and trends rest.

Documents, not passages, are the sampled units: passages of one article share its author and subject. Where the table
has clusters (`framing.estimates.clusters`), these are, and n below is their number.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import N_BOOTSTRAP, RANDOM_SEED
from framing.estimates.totals import Totals, count_passages
from framing.uncertainty.intervals import exact_bounds, exact_error
from framing.uncertainty.resample import STILL, ratio_or_zero, resampled_totals

__all__ = [
    "CorrectedShares",
    "RawShares",
    "ShareDraws",
    "draw_raw_shares",
    "draw_raw_shares_in_parts",
]

_LEAST_VARIED = 5  # units with (or without) the frame below which the percentile bootstrap is not trusted

_PART_CELLS = 8_000_000  # draws of shares that are in memory at a time, where not all groups are needed together

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
        """Standard error of each share.

        Parameters
        ----------
        level : float
            Confidence level of the exact bounds that stand in where no draw varies.

        Returns
        -------
        array
            Shape (G, K), never zero.
        """

    @abstractmethod
    def least_errors(self, *, level: float) -> Array:
        """Lower bound of the standard error of each share, whatever the spread of a bootstrap of its units.

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
    """Shares of the classifier's decisions; their draws are a bootstrap of independent units.

    Attributes
    ----------
    n_units : array of int
        Independent units of each group, shape (G,).
    n_with : array of int
        Units in which the frame occurs, shape (G, K).
    n_all : array of int
        Units in which every passage has it, shape (G, K).
    """

    n_units: NDArray[np.int64]
    n_with: NDArray[np.int64]
    n_all: NDArray[np.int64]

    def is_sparse(self, group: int, frame: int) -> bool:
        """Whether the percentile bootstrap of a share is not trusted.

        Parameters
        ----------
        group, frame : int
            Places of the group and of the frame.

        Returns
        -------
        bool
            True where no draw varies, or fewer than 5 units have the frame, or lack it in some passage.
        """
        if self.draws[:, group, frame].std() < STILL:
            return True
        n_without = self.n_units[group] - self.n_all[group, frame]
        return bool(min(self.n_with[group, frame], n_without) < _LEAST_VARIED)

    def effective_size(self, group: int, frame: int) -> float:
        """Effective sample size of a share (Kish 1965).

        Parameters
        ----------
        group, frame : int
            Places of the group and of the frame.

        Returns
        -------
        float
            `p (1 - p) / v` with p the share and v the variance of its draws, but at least 1 and at most the number of
            passages; where no draw varies, the number of units.
        """
        share = float(self.shares[group, frame])
        variance = float(self.draws[:, group, frame].var())
        if variance < STILL**2 or not 0 < share < 1:
            return max(float(self.n_units[group]), 1.0)
        return max(min(share * (1 - share) / variance, float(self.n_passages[group])), 1.0)

    def exact_bounds(self, group: int, frame: int, *, level: float) -> tuple[float, float]:
        """Exact bounds of a share at its effective sample size (Korn & Graubard 1998).

        Parameters
        ----------
        group, frame : int
            Places of the group and of the frame.
        level : float
            Confidence level.

        Returns
        -------
        tuple of float
            Lower and upper bound.
        """
        return exact_bounds(float(self.shares[group, frame]), self.effective_size(group, frame), level=level)

    def standard_errors(self, *, level: float) -> Array:
        """Standard error of each share: the spread of its draws.

        Parameters
        ----------
        level : float
            Confidence level of the exact bounds that stand in where no draw varies.

        Returns
        -------
        array
            Shape (G, K), never zero.
        """
        errors: Array = self.draws.std(axis=0)
        for group, frame in zip(*np.nonzero(errors < STILL), strict=True):
            errors[group, frame] = exact_error(self.shares[group, frame], self.n_units[group], level=level)
        return errors

    def least_errors(self, *, level: float) -> Array:
        """Lower bound of the standard error of each share, by the exact bounds where `is_sparse`.

        Parameters
        ----------
        level : float
            Confidence level of the exact bounds.

        Returns
        -------
        array
            Shape (G, K); zero where the bootstrap is trusted.
        """
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
        """Standard error of each share, by the estimator.

        Parameters
        ----------
        level : float
            Confidence level; the errors do not depend on it.

        Returns
        -------
        array
            `errors`.
        """
        return self.errors

    def least_errors(self, *, level: float) -> Array:
        """Lower bound of the standard error of each share: the error by the estimator.

        Parameters
        ----------
        level : float
            Confidence level; the errors do not depend on it.

        Returns
        -------
        array
            `errors`.
        """
        return self.errors


def draw_raw_shares(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] | None,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
) -> RawShares:
    """Shares of the classifier's decisions, with bootstrap draws of independent units.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame. With the column `cluster`, clusters are drawn in place of
        documents; with the column `weight`, a share is the weight of the passages with the frame over that of all.
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
    totals = count_passages(classified, by)
    return _draw_groups(totals, range(len(totals.groups)), n_bootstrap=n_bootstrap, random_seed=random_seed)


def draw_raw_shares_in_parts(
    classified: pd.DataFrame, *, by: str | Sequence[str] | None, n_bootstrap: int, random_seed: int
) -> Iterator[RawShares]:
    """The shares of `draw_raw_shares`, so many groups at a time that their draws fit the memory.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws.

    Yields
    ------
    RawShares
        Groups in order, equal to those of `draw_raw_shares`.
    """
    totals = count_passages(classified, by)
    n_groups = len(totals.groups)
    size = max(1, _PART_CELLS // (n_bootstrap * len(totals.frames)))
    for start in range(0, n_groups, size):
        groups = range(start, min(start + size, n_groups))
        yield _draw_groups(totals, groups, n_bootstrap=n_bootstrap, random_seed=random_seed)


def _draw_groups(totals: Totals, groups: range, *, n_bootstrap: int, random_seed: int) -> RawShares:
    """Shares and draws of some of the groups."""
    n_groups, k = len(groups), len(totals.frames)
    shares, draws = np.zeros((n_groups, k)), np.zeros((n_bootstrap, n_groups, k))
    n_units = np.zeros(n_groups, np.int64)
    n_with, n_all = np.zeros((n_groups, k), np.int64), np.zeros((n_groups, k), np.int64)
    order = np.argsort(totals.group_of, kind="stable")
    ends = np.searchsorted(totals.group_of[order], np.arange(groups.start, groups.stop + 1))
    for place, group in enumerate(groups):
        rows = order[ends[place] : ends[place + 1]]
        n, y = totals.sums["n"][rows], totals.sums["y"][rows]
        generator = np.random.default_rng([random_seed, group])
        resampled = resampled_totals(np.hstack([n, y]), n_draws=n_bootstrap, generator=generator)
        shares[place] = ratio_or_zero(y.sum(axis=0), n.sum(axis=0))
        draws[:, place] = ratio_or_zero(resampled[:, k:], resampled[:, :k])
        n_units[place] = len(rows)
        n_with[place] = (y > 0).sum(axis=0)
        n_all[place] = ((y == n) & (n > 0)).sum(axis=0)
    return RawShares(
        groups=totals.groups.iloc[groups.start : groups.stop].reset_index(drop=True),
        frames=totals.frames,
        shares=shares,
        draws=draws,
        n_passages=totals.n_passages[groups.start : groups.stop],
        n_documents=totals.n_documents[groups.start : groups.stop],
        n_units=n_units,
        n_gold=np.zeros(n_groups, np.int64),
        degrees=np.maximum(n_units - 1, 1).astype(float),
        n_with=n_with,
        n_all=n_all,
    )
