"""Groups side by side: all pairwise differences of frame shares, jointly valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import TooLittleDataError
from framing.estimates.correction import LEAST_GOLD, Target
from framing.estimates.groups import join_groups
from framing.estimates.prevalence import draw_shares
from framing.estimates.shares import CorrectedShares, RawShares
from framing.tables import CLASSIFIED, CONTRASTS, groups_in_words
from framing.uncertainty.intervals import score_bounds
from framing.uncertainty.joint import adjust_p_values, critical_values, largest_statistics, single_p_values
from framing.uncertainty.options import check_interval_options
from framing.uncertainty.resample import STILL

__all__ = ["compare_groups"]

Array = NDArray[np.float64]

METHOD = "difference; joint max-t over all pairs and frames, document bootstrap; classifier error not included"
CORRECTED = (
    "difference, corrected with labelled passages; joint max-t over all pairs and frames; classifier error included"
)
_LISTED = 5  # groups that a message names
_FARTHEST, _HALVINGS = 60.0, 40  # standard errors within which a statistic is looked for, and steps of the search


def compare_groups(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] = "outlet",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
    target: Target = "process",
) -> pd.DataFrame:
    """All pairwise differences between groups in the share of each frame.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    level : float, default 0.95
        Chance that all intervals hold, and that no difference is falsely called one.
    n_bootstrap : int, default 2000
        Number of draws.
    min_documents : int, default 5
        Groups with fewer are left out.
    random_seed : int, optional
        Start of the draws.
    corrected : bool, default True
        Whether to correct shares with labelled passages, where the table has them.
    target : {"process", "corpus"}, default "process"
        What corrected shares are about, as in `framing.estimates.correction.draw_corrected_shares`.

    Returns
    -------
    DataFrame
        Columns `framing.tables.CONTRASTS`, clearest first. `estimate` is the share in `group_a` minus that in `group_b`
        (-1 to 1); `low, high` hold jointly for all rows at `level`; `p_adjusted` is the chance, if no two groups
        differed, of any difference as clear as this; `differs` is `p_adjusted < 1 - level`. `ratio` is the share in
        `group_a` over that in `group_b`, with joint bounds, missing where a share is zero. `q_value` is the expected
        share of false rows among all rows up to this one (Benjamini & Hochberg 1995; p-values of pairs are positively
        dependent): more power, a weaker promise. Groups of several columns have their values joined by a slash.

    Raises
    ------
    InputError
        Where a column is missing, or fewer than two groups have `min_documents` documents (and, where shares are
        corrected, ten labels).
        Also unless `level` lies between 0 and 1 and `n_bootstrap` is at least 1.

    Notes
    -----
    Single-step max-t of Westfall & Young (1993) on a bootstrap of documents within each group (formulae in
    `framing.uncertainty.joint`); it controls the chance of any false difference, not only their share. The draws are
    stretched from the normal towards Student's t with as many degrees of freedom as the smaller group has documents,
    less one; without it, a dozen documents a group made twice the false differences asked for. Where a frame has the
    same share in all of a group's documents, nothing varies, and the standard error comes from the exact bounds. No
    row is surer than it would be by itself, at Student's t.

    Where the table has labelled passages (`framing.tables.GOLD`) shares are corrected for the classifier's errors,
    group by group, so that errors which differ between groups do no harm; see
    `framing.estimates.correction.draw_corrected_shares` for the estimator, its assumptions and `target`. Bounds are
    then made of the score bounds of both shares (Newcombe 1998), which hold for rare frames where a symmetric interval
    does not.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    table, group = join_groups(classified, by, CLASSIFIED)
    shares = draw_shares(
        table, by=group, n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=corrected, target=target
    )
    first, second = _find_pairs(shares, by=group, min_documents=min_documents).T
    errors = shares.standard_errors(level=level)
    test = _test_jointly(shares, errors, first, second, level=level)
    k = len(shares.frames)
    names = shares.groups[group].to_numpy(object)
    counts = {"n_passages": shares.n_passages, "n_documents": shares.n_documents, "n_gold": shares.n_gold}
    contrasts = pd.DataFrame(
        {
            "frame": np.tile(np.array(shares.frames, dtype=object), len(first)),
            "group_a": np.repeat(names[first], k),
            "group_b": np.repeat(names[second], k),
            # corrected shares can lie outside 0 to 1
            "estimate": np.clip(shares.shares[first] - shares.shares[second], -1, 1).ravel(),
            "low": np.clip(test.low, -1, 1).ravel(),
            "high": np.clip(test.high, -1, 1).ravel(),
            "p_adjusted": test.p_adjusted.ravel(),
            "differs": (test.p_adjusted < 1 - level).ravel(),
            **{name: np.repeat(n[first] + n[second], k) for name, n in counts.items()},
            "method": CORRECTED if isinstance(shares, CorrectedShares) else METHOD,
            **_compute_ratios(shares, errors, first, second, test.critical),
            "p_value": test.p_single.ravel(),
            "detectable": np.nan,
            "equivalent": False,
            "q_value": false_discovery_control(test.p_single.ravel()),
        }
    )
    order = np.argsort(-test.statistic.ravel(), kind="stable")
    return contrasts.iloc[order][list(CONTRASTS)].reset_index(drop=True)


@dataclass(frozen=True)
class _JointTest:
    """All differences tested jointly; arrays of shape (pairs, K), `critical` of shape (pairs, 1)."""

    statistic: Array
    p_single: Array
    p_adjusted: Array
    critical: Array
    low: Array
    high: Array


def _find_pairs(shares: RawShares | CorrectedShares, *, by: str, min_documents: int) -> NDArray[np.int64]:
    """Places of all pairs of groups that are large enough, shape (pairs, 2)."""
    is_large = (shares.n_documents >= min_documents) & ~np.isnan(shares.shares).any(axis=1)
    if is_large.sum() < 2:
        raise TooLittleDataError(_describe_shortage(shares, by, min_documents))
    return np.array(list(combinations(np.flatnonzero(is_large), 2)), dtype=np.int64)


def _test_jointly(
    shares: RawShares | CorrectedShares,
    errors: Array,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    *,
    level: float,
) -> _JointTest:
    """Statistics of all differences, their joint p-values and their joint bounds."""
    difference = shares.shares[first] - shares.shares[second]
    error = np.hypot(errors[first], errors[second])
    degrees = np.minimum(shares.degrees[first], shares.degrees[second])
    null_statistics = (
        (shares.draws[:, a] - shares.draws[:, b] - difference[pair]) / error[pair]
        for pair, (a, b) in enumerate(zip(first, second, strict=True))
    )
    largest = largest_statistics(null_statistics, n_draws=len(shares.draws), degrees=degrees)
    critical = critical_values(largest, level=level, degrees=degrees[:, None])
    if isinstance(shares, CorrectedShares):
        statistic = _find_score_statistic(shares, first, second)
        low, high = _bound_differences(shares, first, second, np.broadcast_to(critical, difference.shape))
    else:
        statistic = np.abs(difference) / error
        low, high = difference - critical * error, difference + critical * error
    p_single = single_p_values(statistic, degrees[:, None])
    return _JointTest(
        statistic=statistic,
        p_single=p_single,
        p_adjusted=adjust_p_values(statistic, largest, single=p_single),
        critical=critical,
        low=low,
        high=high,
    )


def _bound_differences(
    shares: CorrectedShares, first: NDArray[np.int64], second: NDArray[np.int64], quantile: Array
) -> tuple[Array, Array]:
    """Bounds of differences from the score bounds of both shares (Newcombe 1998, method 10), at given quantiles.

    `a - b - hypot(a - a_low, b_high - b)` to `a - b + hypot(a_high - a, b - b_low)`.
    """
    distances = []
    for rows in (first, second):
        share = np.clip(shares.shares[rows], 0, 1)
        n_gold = shares.n_gold[rows][:, None]
        low, high = score_bounds(shares.shares[rows], shares.errors[rows], n_gold=n_gold, quantile=quantile)
        distances.append((share - low, high - share))
    difference = shares.shares[first] - shares.shares[second]
    (a_down, a_up), (b_down, b_up) = distances
    return np.asarray(difference - np.hypot(a_down, b_up)), np.asarray(difference + np.hypot(a_up, b_down))


def _find_score_statistic(shares: CorrectedShares, first: NDArray[np.int64], second: NDArray[np.int64]) -> Array:
    """The quantile at which each difference's interval just reaches zero, by bisection."""
    bottom = np.zeros((len(first), shares.shares.shape[1]))
    top = np.full(bottom.shape, _FARTHEST)
    for _ in range(_HALVINGS):
        middle = (bottom + top) / 2
        low, high = _bound_differences(shares, first, second, middle)
        holds_zero = (low <= 0) & (high >= 0)
        bottom, top = np.where(holds_zero, bottom, middle), np.where(holds_zero, middle, top)
    statistic: Array = (bottom + top) / 2
    return statistic


def _compute_ratios(
    shares: RawShares | CorrectedShares,
    errors: Array,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    critical: Array,
) -> dict[str, Array]:
    """Ratios of shares, with bounds by the delta method: `log(a / b) ± critical hypot(se_a / a, se_b / b)`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = (shares.shares[first] > STILL) & (shares.shares[second] > STILL)
        log_ratio = np.where(positive, np.log(shares.shares[first] / shares.shares[second]), np.nan)
        relative = errors / shares.shares
        reach = critical * np.hypot(relative[first], relative[second])
    logarithms = {"ratio": log_ratio, "ratio_low": log_ratio - reach, "ratio_high": log_ratio + reach}
    with np.errstate(over="ignore"):
        return {name: np.exp(value).ravel() for name, value in logarithms.items()}


def _describe_shortage(shares: RawShares | CorrectedShares, by: str, min_documents: int) -> str:
    """The message where fewer than two groups are large enough."""
    labels = f" and {LEAST_GOLD} labelled passages" if isinstance(shares, CorrectedShares) else ""
    n_groups = len(shares.groups)
    largest = np.argsort(-shares.n_documents, kind="stable")[:_LISTED]
    sizes = ", ".join(
        f"{shares.groups[by][place]}: {shares.n_documents[place]}"
        + (f" ({shares.n_gold[place]} labelled)" if labels else "")
        for place in largest
    )
    some = sizes if n_groups <= _LISTED else f"{n_groups:,}, the largest {sizes}"
    return (
        f"A comparison needs at least two {groups_in_words(by)} with {min_documents} documents{labels} each; there are "
        f"{some}. Lower min_documents, compare by another column (compare_by), add documents, or leave 03_outlets out "
        "of the report."
    )
