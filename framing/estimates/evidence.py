"""What a table says of the shares of groups, corrected or raw: estimates, variances and sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.estimates.corrected_groups import LEAST_AGREEING
from framing.estimates.correction import Correction, Target, correct_shares, has_gold
from framing.estimates.totals import Totals, count_passages
from framing.uncertainty.differences import shrink_shares
from framing.uncertainty.resample import TINY, ratio_or_zero

__all__ = ["Evidence", "collect_corrected", "collect_raw", "measure_shares"]

Array = NDArray[np.float64]

_LEAST_FPC = 1e-9  # where every passage is labelled, nothing is left to sample


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Shares of G groups and K frames, with their variances.

    Attributes
    ----------
    groups : DataFrame
        One row a group, the key columns.
    frames : list of str
        Frame ids, length K.
    shares : array
        Shape (G, K); NaN for groups with too few labels.
    spreads, label_spreads : array
        Variance of each share by its group alone, and of that by the labels alone (infinite without labels), (G, K).
    sizes : array
        Effective number of passages (labelled ones, where shares are corrected) of each group, shape (G,).
    degrees : array
        Degrees of freedom of the spreads of each group, shape (G,).
    contributions : list of array
        Contributions of the independent units of each group to its shares, shape (units, K).
    n_passages, n_documents, n_gold : array of int
        Counts of each group, shape (G,).
    is_corrected : bool
        Whether labels correct the shares.
    """

    groups: pd.DataFrame
    frames: list[str]
    shares: Array
    spreads: Array
    label_spreads: Array
    sizes: Array
    degrees: Array
    contributions: list[Array]
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]
    n_gold: NDArray[np.int64]
    is_corrected: bool

    def take(self, rows: NDArray[np.int64]) -> Evidence:
        """Some of the groups.

        Parameters
        ----------
        rows : array of int
            Their places.

        Returns
        -------
        Evidence
            These groups, in the order of `rows`.
        """
        return Evidence(
            groups=self.groups.iloc[rows].reset_index(drop=True),
            frames=self.frames,
            shares=self.shares[rows],
            spreads=self.spreads[rows],
            label_spreads=self.label_spreads[rows],
            sizes=self.sizes[rows],
            degrees=self.degrees[rows],
            contributions=[self.contributions[row] for row in rows],
            n_passages=self.n_passages[rows],
            n_documents=self.n_documents[rows],
            n_gold=self.n_gold[rows],
            is_corrected=self.is_corrected,
        )


def measure_shares(
    classified: pd.DataFrame, *, by: str | Sequence[str] | None, corrected: bool = True, target: Target = "process"
) -> Evidence:
    """Shares of each group and frame with their variances: corrected with labels where the table has them, else raw.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.
    corrected : bool, default True
        Whether to correct shares with labelled passages (columns `framing.tables.GOLD`), where the table has them.
    target : {"process", "corpus"}, default "process"
        What corrected shares are about, as in `framing.estimates.correction.draw_corrected_shares`.

    Returns
    -------
    Evidence
        Groups in the order of their keys.

    Raises
    ------
    InputError
        Where a column is missing, or shares of these passages only (`corpus`) are asked for without labels: they have
        no sampling error.
    """
    if corrected and has_gold(classified):
        return collect_corrected(correct_shares(classified, by=by, target=target))
    if target != "process":
        raise InputError(f"target {target!r}: there is no error but sampling to speak of without labelled passages.")
    return collect_raw(count_passages(classified, by))


def collect_corrected(correction: Correction) -> Evidence:
    """The evidence of corrected shares.

    Parameters
    ----------
    correction : Correction
        Corrected shares of all groups.

    Returns
    -------
    Evidence
        Sizes are effective numbers of labelled passages, over the finite population correction.
    """
    n_groups, n_frames = len(correction.groups), len(correction.frames)
    shares, spreads, label_spreads = (np.full((n_groups, n_frames), np.nan) for _ in range(3))
    sizes, degrees = np.ones(n_groups), np.ones(n_groups)
    contributions = [np.zeros((1, n_frames))] * n_groups
    for number, group in enumerate(correction.estimates):
        if group is not None:
            shares[number], spreads[number], label_spreads[number] = group.theta, group.spread, group.spread_labels
            sizes[number] = group.n_kish / max(group.fpc, _LEAST_FPC)
            degrees[number], contributions[number] = group.degrees, group.psi
    return Evidence(
        groups=correction.groups,
        frames=correction.frames,
        shares=shares,
        spreads=spreads,
        label_spreads=label_spreads,
        sizes=sizes,
        degrees=degrees,
        contributions=contributions,
        n_passages=correction.n_passages,
        n_documents=correction.n_documents,
        n_gold=correction.n_gold,
        is_corrected=True,
    )


def collect_raw(totals: Totals) -> Evidence:
    """Collect the evidence of the classifier's decisions.

    Parameters
    ----------
    totals : Totals
        Sums `n` and `y` of independent units, as `framing.estimates.totals.count_passages` makes them.

    Returns
    -------
    Evidence
        Linearised over units.

    Notes
    -----
    Unit d contributes `psi_d = sqrt(D / (D - 1)) (y_d - p n_d) / N`. The variance is `sum psi**2 + 1 / n**2`: one more
    passage decided otherwise. Of fewer than 20 units, that all have the same share is no sign of a small error: there
    it is at least the binomial one. Degrees of freedom are the effective number of units (Kish 1965) less one.
    """
    n_groups, n_frames = len(totals.groups), len(totals.frames)
    shares, spreads = np.zeros((n_groups, n_frames)), np.zeros((n_groups, n_frames))
    sizes, degrees, contributions = np.ones(n_groups), np.ones(n_groups), []
    order = np.argsort(totals.group_of, kind="stable")
    ends = np.searchsorted(totals.group_of[order], np.arange(n_groups + 1))
    for group, rows in enumerate(np.split(order, ends[1:-1])):
        n, y = totals.sums["n"][rows], totals.sums["y"][rows]
        m, total = len(rows), n.sum(axis=0)
        shares[group] = ratio_or_zero(y.sum(axis=0), total)
        psi = ratio_or_zero((y - shares[group] * n) * np.sqrt(m / max(m - 1, 1)), total)
        sizes[group] = totals.n_passages[group]
        spreads[group] = (psi**2).sum(axis=0) + 1 / sizes[group] ** 2
        weights = n.max(axis=1)
        n_units = float(ratio_or_zero(weights.sum() ** 2, (weights**2).sum()))
        degrees[group] = max(n_units - 1, 1.0)
        if n_units < LEAST_AGREEING - TINY:
            p = shrink_shares(shares[group], sizes[group])
            spreads[group] = np.maximum(spreads[group], p * (1 - p) / sizes[group])
        contributions.append(psi)
    return Evidence(
        groups=totals.groups,
        frames=totals.frames,
        shares=shares,
        spreads=spreads,
        label_spreads=np.full_like(spreads, np.inf),
        sizes=sizes,
        degrees=degrees,
        contributions=contributions,
        n_passages=totals.n_passages,
        n_documents=totals.n_documents,
        n_gold=np.zeros(n_groups, np.int64),
        is_corrected=False,
    )
