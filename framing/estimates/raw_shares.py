"""Shares of the classifier's decisions, and a bootstrap of the independent units that they are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from framing.defaults import N_BOOTSTRAP, RANDOM_SEED
from framing.estimates.shares import RawShares
from framing.estimates.totals import Totals, count_passages
from framing.uncertainty.resample import ratio_or_zero, resampled_totals

__all__ = ["draw_raw_shares", "draw_raw_shares_in_parts"]

_PART_CELLS = 8_000_000  # draws of shares that are in memory at a time, where not all groups are needed together


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
