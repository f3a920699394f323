"""Groups that are large enough to compare: their shares, their pooled design effects, and draws of their errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import TooLittleDataError
from framing.estimates.clusters import name_unit
from framing.estimates.correction import LEAST_GOLD, Target
from framing.estimates.evidence import Evidence, measure_shares
from framing.estimates.groups import join_groups
from framing.estimates.pooling import PooledDesign, pool_design_effects
from framing.tables import groups_in_words
from framing.uncertainty.joint import draw_correlated

__all__ = ["Comparison", "open_comparison"]

Array = NDArray[np.float64]

_LISTED = 5  # groups that a message names


@dataclass(frozen=True)
class Comparison:
    """Groups that are large enough to compare.

    Attributes
    ----------
    evidence : Evidence
        Shares of the G groups.
    pooled : PooledDesign
        Design effects of the frames.
    names : array of object
        Names of the groups, shape (G,).
    by : str
        Column of the groups.
    left_out : dict of str to str
        Group that is too small, and why.
    unit : str
        Word for an independent unit.
    """

    evidence: Evidence
    pooled: PooledDesign
    names: NDArray[np.object_]
    by: str
    left_out: dict[str, str]
    unit: str

    def describe(self) -> str:
        """Say which units are independent, and whether the classifier's errors are included, for `method`.

        Returns
        -------
        str
            Words that end a sentence.
        """
        error = "classifier error included" if self.evidence.is_corrected else "classifier error not included"
        corrected = "corrected with labelled passages, " if self.evidence.is_corrected else ""
        return f"{corrected}{self.unit}s as independent units, {error}"

    def draw_shares(self, n_draws: int, random_seed: int) -> Array:
        """Draw errors of shares in units of `sqrt(c_k p (1 - p))`, normal and with the correlations of frames.

        Parameters
        ----------
        n_draws : int
            Number of draws, B.
        random_seed : int
            Start of the draws, which depend on it and the group's place only.

        Returns
        -------
        array
            Shape (G, K, B).
        """
        draws = [
            draw_correlated(psi, n_draws, np.random.default_rng([random_seed, group])).T
            for group, psi in enumerate(self.evidence.contributions)
        ]
        return np.ascontiguousarray(np.stack(draws)) / np.sqrt(self.pooled.sizes)[:, None, None]


def open_comparison(
    classified: pd.DataFrame, *, by: str | Sequence[str], min_documents: int, corrected: bool, target: Target
) -> Comparison:
    """Read the shares of groups and pool their design effects.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str or sequence of str
        Columns that make the groups.
    min_documents : int
        Groups with fewer are left out, and so are those with too few labels where shares are corrected.
    corrected : bool
        Whether to correct shares with labelled passages, where the table has them.
    target : {"process", "corpus"}
        What corrected shares are about.

    Returns
    -------
    Comparison
        At least two groups.

    Raises
    ------
    TooLittleDataError
        With fewer than two groups.
    """
    table, group = join_groups(classified, by, ("frame", "document_id"))
    evidence = measure_shares(table, by=group, corrected=corrected, target=target)
    has_share = ~np.isnan(evidence.shares).any(axis=1)
    is_large = evidence.n_documents >= min_documents
    if (is_large & has_share).sum() < 2:
        raise TooLittleDataError(_describe_shortage(evidence, group, min_documents))
    names = evidence.groups[group].to_numpy(object)
    left_out = {}
    for place in np.flatnonzero(~(is_large & has_share)):
        few_documents = f"{evidence.n_documents[place]} documents, {min_documents} are needed"
        few_labels = f"{evidence.n_gold[place]} labelled passages, too few to correct its share"
        left_out[str(names[place])] = few_labels if is_large[place] else few_documents
    rows = np.flatnonzero(is_large & has_share)
    kept = evidence.take(rows)
    return Comparison(kept, pool_design_effects(kept), names[rows], group, left_out, name_unit(table))


def _describe_shortage(evidence: Evidence, by: str, min_documents: int) -> str:
    """The message where fewer than two groups are large enough."""
    labels = f" and {LEAST_GOLD} labelled passages" if evidence.is_corrected else ""
    n_groups = len(evidence.groups)
    largest = np.argsort(-evidence.n_documents, kind="stable")[:_LISTED]
    sizes = ", ".join(
        f"{evidence.groups[by][place]}: {evidence.n_documents[place]}"
        + (f" ({evidence.n_gold[place]} labelled)" if labels else "")
        for place in largest
    )
    some = sizes if n_groups <= _LISTED else f"{n_groups:,}, the largest {sizes}"
    return (
        f"A comparison needs at least two {groups_in_words(by)} with {min_documents} documents{labels} each; there are "
        f"{some}. Lower min_documents, compare by another column (compare_by), add documents, or leave 03_outlets out "
        "of the report."
    )
