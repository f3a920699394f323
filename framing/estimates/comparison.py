"""Groups that are compared, and joint tests of differences between two of them or between one and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from framing.errors import TooLittleDataError
from framing.estimates.clusters import name_unit
from framing.estimates.correction import LEAST_GOLD, Target
from framing.estimates.evidence import Evidence, measure_shares
from framing.estimates.groups import join_groups
from framing.estimates.pooling import PooledDesign, pool_design_effects
from framing.tables import groups_in_words
from framing.uncertainty.differences import ShareDifference
from framing.uncertainty.joint import adjust_p_values, draw_correlated, largest_statistics, normal_values

__all__ = ["REST", "Comparison", "Tested", "end_at_zero", "judge_differences", "open_comparison"]

Array = NDArray[np.float64]
Places = NDArray[np.int64]

REST = -1  # place of the mean of all other groups
_POWER = 0.8  # with which `detectable` would have been found
_LEAST_ABOVE = 1e-6  # end of an interval that reaches to zero and leaves it out
_LISTED = 5  # groups that a message names
_PART_CELLS = 8_000_000  # draws of statistics that are in memory at a time


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
        """What units are independent, and whether the errors of the classifier are included, for `method`."""
        error = "classifier error included" if self.evidence.is_corrected else "classifier error not included"
        corrected = "corrected with labelled passages, " if self.evidence.is_corrected else ""
        return f"{corrected}{self.unit}s as independent units, {error}"

    def draw_shares(self, n_draws: int, random_seed: int) -> Array:
        """Normal draws of errors of shares in units of `sqrt(c_k p (1 - p))`, shape (B, G, K)."""
        draws = [
            draw_correlated(psi, n_draws, np.random.default_rng([random_seed, group]))
            for group, psi in enumerate(self.evidence.contributions)
        ]
        return np.stack(draws, axis=1) / np.sqrt(self.pooled.sizes)[:, None]


@dataclass(frozen=True)
class Tested:
    """Differences and their joint test; all of shape (rows, K).

    Attributes
    ----------
    estimate, low, high : array
        Differences with joint bounds.
    p_value, p_adjusted : array
        p-value of each alone, and of all jointly.
    critical : array
        Joint critical value of the statistic.
    detectable : array
        The least difference that the joint test would find with a chance of .8.
    equivalent : array of bool
        Whether both shares lie within the margin of each other.
    """

    estimate: Array
    low: Array
    high: Array
    p_value: Array
    p_adjusted: Array
    critical: Array
    detectable: Array
    equivalent: NDArray[np.bool_]


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


def judge_differences(
    comparison: Comparison,
    first: Places,
    second: Places,
    *,
    columns: Places | None = None,
    sides: NDArray[np.int64] | None = None,
    level: float,
    n_bootstrap: int,
    random_seed: int,
    within: float,
) -> Tested:
    """Test differences of the share in one group from that in another, or in the rest, jointly for all frames.

    Parameters
    ----------
    comparison : Comparison
        The groups.
    first, second : array of int
        Places of the groups of each row; `REST` for the mean of all groups but the first.
    columns : array of int, optional
        The frame of each row; None: all frames, in columns.
    sides : array of int, optional
        Of each row (with `columns`): 1 where only a larger share in the first group counts, -1 where only a smaller one
        does, 0 where both do. None: both.
    level : float
        Chance that all intervals hold, and that no difference is falsely called one.
    n_bootstrap : int
        Number of draws.
    random_seed : int
        Start of the draws.
    within : float
        Margin of equivalence.

    Returns
    -------
    Tested
        Arrays of shape (rows, K), or (rows, 1) with `columns`.

    Notes
    -----
    With the symbols of `framing.estimates.pooling`, `n_g / b_g` for the sizes, and d the difference,

        z = d / sqrt(c_k p (1 - p) (1 / n_a + 1 / n_b)),    p = (n_a p~_a + n_b p~_b) / (n_a + n_b),

    the score test of Rao & Scott (1984); its p-value is that of Student's t with df_k. The rest of G groups has the
    mean of their shares and `1 / n_b = sum_j 1 / ((G - 1)**2 n_j)`. Jointly: single-step min-p (Westfall & Young 1993;
    `framing.uncertainty.joint`) against the smallest p-value in normal draws with the correlations of the units'
    contributions. Bounds are all differences that the same score test, at the joint critical value, does not refuse
    (Miettinen & Nurminen 1985); on one side only where `sides` says so.

    `detectable` is of a frame as frequent as the mean of all groups; its joint critical value is that of the row.
    `equivalent` holds where the joint interval at `1 - 2 (1 - level)`, two one-sided tests (Schuirmann 1987), lies
    within the margin.
    """
    evidence, pooled = comparison.evidence, comparison.pooled
    chosen = slice(None) if columns is None else (np.arange(len(first)), columns)

    def pick(values: Array) -> Array:
        picked = values[chosen]
        return picked if columns is None else picked[:, None]

    c, df = (pick(np.broadcast_to(part, (len(first), len(part)))) for part in (pooled.design_effects, pooled.degrees))
    base = pick(np.broadcast_to(np.clip(evidence.shares, 0, 1).mean(axis=0), (len(first), evidence.shares.shape[1])))
    n = pooled.sizes
    difference = ShareDifference(
        pick(evidence.shares[first]),
        pick(np.where((second == REST)[:, None], _mean_of_others(evidence.shares)[first], evidence.shares[second])),
        n[first][:, None],
        np.where(second == REST, _size_of_others(n)[first], n[second])[:, None],
        c,
    )
    side = np.zeros(1, np.int64) if sides is None else sides[:, None]
    statistic = difference.statistic()
    two_sided = 2 * student.sf(np.abs(statistic), df)
    p_value = np.where(side == 0, two_sided, student.sf(statistic * side, df))
    draws = comparison.draw_shares(n_bootstrap, random_seed)
    statistics = _standardise(draws, n, first, second, columns, sides)
    largest = largest_statistics(statistics, n_draws=n_bootstrap)

    def find_critical(level: float) -> Array:
        quantile = float(np.quantile(largest, level, method="higher"))
        p = np.minimum(2 * norm.sf(quantile), 1 - level)  # no row is surer than by itself
        return np.asarray(student.isf(np.where(side == 0, p / 2, p), df))

    critical = find_critical(level)
    low, high = difference.bounds(critical)
    inner_low, inner_high = difference.bounds(find_critical(1 - 2 * (1 - level))) if level > 0.5 else (low, high)
    return Tested(
        estimate=np.clip(difference.estimate, -1, 1),
        low=np.where(side < 0, -1.0, low),
        high=np.where(side > 0, 1.0, high),
        p_value=p_value,
        p_adjusted=adjust_p_values(normal_values(p_value), largest, single=p_value),
        critical=critical,
        detectable=difference.find_detectable(critical, df, power=_POWER, base=base),
        equivalent=(inner_low > -within) & (inner_high < within),
    )


def end_at_zero(tested: Tested, differs: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Joint bounds that leave zero out exactly where a row differs.

    Parameters
    ----------
    tested : Tested
        Differences with the bounds of a single-step test.
    differs : array of bool
        Which of them a test with more power names.

    Returns
    -------
    tuple of array
        Low and high. Where the bounds hold zero and the row differs, they end there, and zero is left out; where they
        leave it out and the row does not differ, they are drawn out to zero.
    """
    is_above = tested.estimate > 0
    low = np.where(differs & is_above, np.maximum(tested.low, _LEAST_ABOVE), tested.low)
    high = np.where(differs & ~is_above, np.minimum(tested.high, -_LEAST_ABOVE), tested.high)
    return np.where(differs, low, np.minimum(low, 0.0)), np.where(differs, high, np.maximum(high, 0.0))


def _mean_of_others(shares: Array) -> Array:
    """Mean share of all groups but each, shape (G, K)."""
    return np.asarray((shares.sum(axis=0) - shares) / (len(shares) - 1))


def _size_of_others(n: Array) -> Array:
    """Effective number of passages of the mean of all groups but each, shape (G,)."""
    return np.asarray((len(n) - 1) ** 2 / ((1 / n).sum() - 1 / n))


def _standardise(
    draws: Array,
    n: Array,
    first: Places,
    second: Places,
    columns: Places | None,
    sides: NDArray[np.int64] | None,
) -> Iterator[Array]:
    """Statistics of draws in which no difference is real, some rows at a time, shape (B, rows)."""
    n_draws, _, n_frames = draws.shape
    others = _mean_of_others(draws.transpose(1, 0, 2)).transpose(1, 0, 2) if (second == REST).any() else draws
    size = max(1, _PART_CELLS // (n_draws * n_frames))
    for start in range(0, len(first), size):
        a, b = first[start : start + size], second[start : start + size]
        is_rest = b == REST
        scale = 1 / np.sqrt(1 / n[a] + 1 / np.where(is_rest, _size_of_others(n)[a], n[b]))
        if columns is None:
            part = draws[:, a] - (others[:, a] if is_rest.all() else draws[:, b])
            part *= scale[:, None]
            yield part.reshape(n_draws, -1)
            continue
        k = columns[start : start + size]
        part = (draws[:, a, k] - np.where(is_rest, others[:, a, k], draws[:, b, k])) * scale
        side = np.zeros(len(a), np.int64) if sides is None else sides[start : start + size]
        yield np.where(side == 0, part, normal_values(norm.sf(part * side)))


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
