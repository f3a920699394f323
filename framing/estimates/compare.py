"""Groups side by side: all pairwise differences of frame shares, jointly valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, norm

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.estimates.comparison import Comparison, open_comparison
from framing.estimates.correction import Target
from framing.estimates.joint_differences import end_at_zero, judge_differences
from framing.estimates.omnibus import MOST_GROUPS, close_pairs
from framing.tables import CONTRASTS
from framing.uncertainty.options import check_interval_options
from framing.uncertainty.resample import STILL

__all__ = ["compare_groups"]

_LEAST_P = 1e-15  # p-values below have no other normal value

Array = NDArray[np.float64]
Places = NDArray[np.int64]

METHOD = "one of {n} differences of two groups; score test with pooled design effects, {jointly}; {basis}"
_CLOSED = "closed over sets of groups (Ryan-Einot-Gabriel-Welsch), Bonferroni over {k} frames"
_SINGLE_STEP = "joint min-p over all of them"


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
    within: float = 0.1,
) -> pd.DataFrame:
    """All pairwise differences between groups in the share of each frame.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame. With the column `cluster`, clusters are the independent units,
        else documents; with the column `weight`, passages count by it.
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
    within : float, default 0.1
        Margin within which two shares count as equivalent.

    Returns
    -------
    DataFrame
        Columns `framing.tables.CONTRASTS`, clearest first. `estimate` is the share in `group_a` minus that in `group_b`
        (-1 to 1); `low, high` hold jointly for all rows at `level`, and leave zero out exactly where `differs`;
        `differs` is `p_adjusted < 1 - level`, which holds in any row without a true difference with a chance of at most
        `1 - level`. `p_value` is that of the row alone; `q_value` the expected share of false rows
        among all rows up to this one (Benjamini & Hochberg 1995, from `p_value`; those of pairs are positively
        dependent): more power, a weaker promise. `detectable` is the least difference that this design would have found
        with a chance of .8 by the joint interval; `equivalent` says that the two shares are within `within` of each
        other, jointly at `level`. A row with neither `differs` nor `equivalent` says nothing. `ratio` is the share in
        `group_a` over that in `group_b`, with test-based joint bounds (Miettinen 1976), missing where a share is zero.
        Groups of several columns have their values joined by a slash.

    Raises
    ------
    InputError
        Where a column is missing, or fewer than two groups have `min_documents` documents (and, where shares are
        corrected, ten labels).
        Also unless `level` lies between 0 and 1 and `n_bootstrap` is at least 1.

    See Also
    --------
    framing.compare_frames : One test a frame: ask this first.
    framing.compare_with_rest : Each group against all others: fewer questions, so more is found.
    framing.compare_hypotheses : The differences that were named before labels were read.

    Notes
    -----
    The test of a row is the score test of two shares with a design effect that is pooled over groups (Rao & Scott
    1984; `framing.estimates.pooling`, `framing.estimates.joint_differences.measure_jointly`), at Student's t. With 3 to
    12 groups the joint p-value is of a closed test (`framing.estimates.omnibus.close_pairs`); else of a single-step
    min-p. Both keep the chance of any false difference in any row, whichever groups are truly alike. Intervals are
    those that the single-step test leaves; where the closed test names a difference that this interval does not, the
    interval ends at zero, which is left out.

    Where the table has labelled passages (`framing.tables.GOLD`) shares are corrected for the classifier's errors,
    group by group, so that errors which differ between groups do no harm; see
    `framing.estimates.correction.draw_corrected_shares` for the estimator, its assumptions and `target`. Groups are
    taken for independent samples.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap, within=within)
    comparison = open_comparison(classified, by=by, min_documents=min_documents, corrected=corrected, target=target)
    evidence, names = comparison.evidence, comparison.names
    first, second = np.array(list(combinations(range(len(names)), 2)), dtype=np.int64).T
    tested = judge_differences(
        comparison, first, second, level=level, n_bootstrap=n_bootstrap, random_seed=random_seed, within=within
    )
    is_closed = 3 <= len(names) <= MOST_GROUPS
    if is_closed:
        tested = replace(tested, p_adjusted=close_pairs(evidence, comparison.pooled, first, second))
    differs = tested.p_adjusted < 1 - level
    low, high = end_at_zero(tested, differs)
    k = len(evidence.frames)
    counts = {name: getattr(evidence, name) for name in ("n_passages", "n_documents", "n_gold")}
    jointly = _CLOSED.format(k=k) if is_closed else _SINGLE_STEP
    contrasts = pd.DataFrame(
        {
            "frame": np.tile(np.array(evidence.frames, dtype=object), len(first)),
            "group_a": np.repeat(names[first], k),
            "group_b": np.repeat(names[second], k),
            "estimate": tested.estimate.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "p_adjusted": tested.p_adjusted.ravel(),
            "differs": differs.ravel(),
            **{name: np.repeat(n[first] + n[second], k) for name, n in counts.items()},
            "method": METHOD.format(n=f"{len(first) * k:,}", jointly=jointly, basis=comparison.describe()),
            **_compute_ratios(comparison, first, second, tested.p_adjusted, level=level),
            "p_value": tested.p_value.ravel(),
            "detectable": tested.detectable.ravel(),
            "equivalent": tested.equivalent.ravel(),
            "q_value": false_discovery_control(tested.p_value.ravel()),
        }
    )
    order = np.lexsort((tested.p_value.ravel(), tested.p_adjusted.ravel()))
    return contrasts.iloc[order][list(CONTRASTS)].reset_index(drop=True)


def _compute_ratios(
    comparison: Comparison, first: Places, second: Places, p_adjusted: Array, *, level: float
) -> dict[str, Array]:
    """Ratios of shares, with test-based bounds (Miettinen 1976): `log(a / b) (1 ± z(level) / z(p_adjusted))`.

    They leave out 1 where, and only where, the difference is clear of noise.
    """
    shares = comparison.evidence.shares
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = (shares[first] > STILL) & (shares[second] > STILL)
        log_ratio = np.where(positive, np.log(shares[first] / shares[second]), np.nan)
        reach = np.abs(log_ratio) * norm.isf((1 - level) / 2) / norm.isf(np.maximum(p_adjusted, _LEAST_P) / 2)
    logarithms = {"ratio": log_ratio, "ratio_low": log_ratio - reach, "ratio_high": log_ratio + reach}
    with np.errstate(over="ignore"):
        return {name: np.exp(value).ravel() for name, value in logarithms.items()}
