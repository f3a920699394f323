"""Groups side by side: all pairwise differences of frame shares, jointly valid, and ranks with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.correction import LEAST_GOLD, Target
from framing.estimates.prevalence import draw_shares
from framing.estimates.shares import CorrectedShares, RawShares
from framing.tables import CLASSIFIED, CONTRASTS, RANKS, require_columns
from framing.uncertainty.intervals import score_bounds
from framing.uncertainty.joint import adjust_p_values, critical_values, largest_statistics, single_p_values
from framing.uncertainty.resample import STILL

__all__ = ["compare_groups", "rank_groups"]

Array = NDArray[np.float64]

METHOD = "difference; joint max-t over all pairs and frames, document bootstrap; classifier error not included"
CORRECTED = (
    "difference, corrected with labelled passages; joint max-t over all pairs and frames; classifier error included"
)
_FARTHEST, _HALVINGS = 60.0, 40  # standard errors within which a statistic is looked for
RANK_METHOD = "1 is the largest share; joint interval from all pairwise differences"


def compare_groups(
    classified: pd.DataFrame,
    *,
    by: str = "outlet",
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
    by : str
        Column whose values are compared.
    level : float
        Chance that all intervals hold, and that no difference is falsely called one.
    n_bootstrap : int
        Number of draws.
    min_documents : int
        Groups with fewer are left out.
    random_seed : int
        Start of the draws.
    corrected : bool
        Whether to correct shares with labelled passages, where the table carries them.
    target : {"process", "corpus"}
        Of what corrected shares speak, as in `correction.draw_corrected_shares`.

    Returns
    -------
    DataFrame
        Columns `framing.tables.CONTRASTS`, strongest first. `estimate` is the share in `group_a` minus
        that in `group_b` (-1 to 1); `low, high` hold jointly for all rows at `level`; `p_adjusted` is
        the chance, if no two groups differed, of any difference as clear as this; `differs` is
        `p_adjusted < 1 - level`. `ratio` is the share in `group_a` over that in `group_b`, with joint bounds, missing
        where a share is zero. `q_value`: calling all rows up to this one different, the expected share of false ones
        (Benjamini & Hochberg 1995; p-values of pairs are positively dependent): more power, a weaker promise.

    Raises
    ------
    InputError
        When fewer than two groups have `min_documents` documents, and, where shares are corrected, ten labels.

    Notes
    -----
    Single-step max-t of Westfall & Young (1993) on a bootstrap of documents within each group (formulae in
    `framing.uncertainty.joint`); it controls the chance of any false difference, not only their share. The draws are
    stretched from the normal towards Student's t with as many degrees of freedom as the smaller group has documents,
    less one; without it, a dozen documents a group made twice the false differences asked for. Where a frame has the
    same share in all of a group's documents, nothing varies, and the standard error comes from the exact bounds. No
    row is surer than it would be by itself, at Student's t.

    Where the table carries labelled passages (`framing.tables.GOLD`) shares are corrected for the classifier's errors,
    group by group, so that errors which differ between groups do no harm; see
    `correction.draw_corrected_shares` for the estimator, its assumptions and `target`. Bounds are then made
    of the score bounds of both shares (Newcombe 1998), which hold for rare frames where a symmetric interval does not.
    """
    require_columns(classified, (*CLASSIFIED, by), what="classified passages")
    drawn = draw_shares(
        classified, by=[by], n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=corrected, target=target
    )
    pairs = _pairs(drawn, by=by, min_documents=min_documents)
    first, second = pairs.T
    errors = drawn.standard_errors(level=level)
    test = _test(drawn, errors, first, second, level=level)
    k = len(drawn.frames)
    names = drawn.groups[by].to_numpy(object)
    counts = {"n_passages": drawn.n_passages, "n_documents": drawn.n_documents, "n_gold": drawn.n_gold}
    table = pd.DataFrame(
        {
            "frame": np.tile(np.array(drawn.frames, dtype=object), len(pairs)),
            "group_a": np.repeat(names[first], k),
            "group_b": np.repeat(names[second], k),
            # corrected shares can lie outside 0 to 1
            "estimate": np.clip(drawn.shares[first] - drawn.shares[second], -1, 1).ravel(),
            "low": np.clip(test.low, -1, 1).ravel(),
            "high": np.clip(test.high, -1, 1).ravel(),
            "p_adjusted": test.p_adjusted.ravel(),
            "differs": (test.p_adjusted < 1 - level).ravel(),
            **{name: np.repeat(n[first] + n[second], k) for name, n in counts.items()},
            "method": CORRECTED if isinstance(drawn, CorrectedShares) else METHOD,
            **_ratios(drawn, errors, first, second, test.critical),
            "q_value": false_discovery_control(test.p_single.ravel()),
            "_statistic": test.statistic.ravel(),
        }
    )
    order = table.sort_values("_statistic", ascending=False, kind="stable").index
    return table.loc[order, list(CONTRASTS)].reset_index(drop=True)


@dataclass(frozen=True)
class _JointTest:
    """All differences tested jointly; arrays of shape (pairs, K), `critical` of shape (pairs, 1)."""

    statistic: Array
    p_single: Array
    p_adjusted: Array
    critical: Array
    low: Array
    high: Array


def _pairs(drawn: RawShares | CorrectedShares, *, by: str, min_documents: int) -> NDArray[np.int64]:
    """Places of all pairs of groups that are large enough, shape (pairs, 2)."""
    large = [
        group
        for group, n in enumerate(drawn.n_documents)
        if n >= min_documents and not np.isnan(drawn.shares[group]).any()
    ]
    if len(large) < 2:
        raise InputError(_too_small(drawn, by, min_documents))
    return np.array(list(combinations(large, 2)), dtype=np.int64)


def _test(
    drawn: RawShares | CorrectedShares,
    errors: Array,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    *,
    level: float,
) -> _JointTest:
    """Statistics of all differences, their joint p-values and their joint bounds."""
    difference = drawn.shares[first] - drawn.shares[second]
    error = np.hypot(errors[first], errors[second])
    degrees = np.minimum(drawn.degrees[first], drawn.degrees[second])
    moves = (
        (drawn.draws[:, a] - drawn.draws[:, b] - difference[pair]) / error[pair]
        for pair, (a, b) in enumerate(zip(first, second, strict=True))
    )
    largest = largest_statistics(moves, n_draws=len(drawn.draws), degrees=degrees)
    critical = critical_values(largest, level=level, degrees=degrees[:, None])
    if isinstance(drawn, CorrectedShares):
        statistic = _score_statistic(drawn, first, second)
        low, high = _score_difference(drawn, first, second, np.broadcast_to(critical, difference.shape))
    else:
        statistic = np.abs(difference) / error
        low, high = difference - critical * error, difference + critical * error
    p_single = single_p_values(statistic, degrees[:, None])
    p_adjusted = adjust_p_values(statistic, largest, single=p_single)
    return _JointTest(statistic, p_single, p_adjusted, critical, low, high)


def rank_groups(contrasts: pd.DataFrame, shares: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Rank of each group on each frame, with the ranks that noise leaves open.

    Parameters
    ----------
    contrasts : DataFrame
        Of `compare_groups`.
    shares : DataFrame
        Of `estimate_prevalence` by the same groups, for the estimates.
    by : str
        Column of the groups in `shares`.

    Returns
    -------
    DataFrame
        Columns `framing.tables.RANKS`. `rank` orders the estimates, 1 the largest; `low` and `high` are the first and
        last place that are left when every difference of `contrasts` that is clear of noise is respected. They hold
        jointly for all groups and frames at the level of the contrasts (Mogstad, Romano, Shaikh & Wilhelm 2024).
    """
    require_columns(contrasts, ("frame", "group_a", "group_b", "estimate", "differs"), what="contrasts")
    estimates = shares.set_index(["frame", by])["estimate"]
    rows = []
    for frame, part in contrasts.groupby("frame", sort=False):
        groups = sorted({*part["group_a"], *part["group_b"]})
        clear = part[part["differs"].astype(bool)]
        above = pd.concat([clear["group_b"][clear["estimate"] > 0], clear["group_a"][clear["estimate"] < 0]])
        below = pd.concat([clear["group_a"][clear["estimate"] > 0], clear["group_b"][clear["estimate"] < 0]])
        n_above, n_below = above.value_counts(), below.value_counts()
        places = pd.Series({group: estimates[(frame, group)] for group in groups}).rank(ascending=False, method="min")
        for group in groups:
            low, high = 1 + int(n_above.get(group, 0)), len(groups) - int(n_below.get(group, 0))
            rows.append(
                (frame, group, int(places[group]), low, high, estimates[(frame, group)], len(groups), RANK_METHOD)
            )
    return pd.DataFrame(rows, columns=list(RANKS)).sort_values(["frame", "rank"], ignore_index=True)


def _score_difference(
    drawn: CorrectedShares, first: NDArray[np.int64], second: NDArray[np.int64], quantile: Array
) -> tuple[Array, Array]:
    """Bounds of differences from the score bounds of both shares (Newcombe 1998, method 10), at given quantiles."""
    sides = []
    for rows in (first, second):
        share = np.clip(drawn.shares[rows], 0, 1)
        n_gold = np.maximum(drawn.n_gold[rows], 1)[:, None]
        low, high = score_bounds(drawn.shares[rows], drawn.errors[rows], n_gold=n_gold, quantile=quantile)
        sides.append((share - low, high - share))
    difference = drawn.shares[first] - drawn.shares[second]
    (a_down, a_up), (b_down, b_up) = sides
    return np.asarray(difference - np.hypot(a_down, b_up)), np.asarray(difference + np.hypot(a_up, b_down))


def _score_statistic(drawn: CorrectedShares, first: NDArray[np.int64], second: NDArray[np.int64]) -> Array:
    """The quantile at which each difference's interval just reaches zero, by bisection."""
    bottom = np.zeros((len(first), drawn.shares.shape[1]))
    top = np.full(bottom.shape, _FARTHEST)
    for _ in range(_HALVINGS):
        middle = (bottom + top) / 2
        low, high = _score_difference(drawn, first, second, middle)
        reaches = (low <= 0) & (high >= 0)
        bottom, top = np.where(reaches, bottom, middle), np.where(reaches, middle, top)
    statistic: Array = (bottom + top) / 2
    return statistic


def _ratios(
    drawn: RawShares | CorrectedShares,
    errors: Array,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    critical: Array,
) -> dict[str, Array]:
    """Ratios of shares, with bounds by the delta method on the logarithm."""
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = (drawn.shares[first] > STILL) & (drawn.shares[second] > STILL)
        log_ratio = np.where(positive, np.log(drawn.shares[first] / drawn.shares[second]), np.nan)
        relative = errors / drawn.shares
        reach = critical * np.hypot(relative[first], relative[second])
    logarithms = {"ratio": log_ratio, "ratio_low": log_ratio - reach, "ratio_high": log_ratio + reach}
    with np.errstate(over="ignore"):
        return {name: np.exp(value).ravel() for name, value in logarithms.items()}


def _too_small(drawn: RawShares | CorrectedShares, by: str, min_documents: int) -> str:
    labels = f" and {LEAST_GOLD} labelled passages" if isinstance(drawn, CorrectedShares) else ""
    sizes = ", ".join(
        f"{name}: {n}" + (f" ({gold} labelled)" if labels else "")
        for name, n, gold in zip(drawn.groups[by], drawn.n_documents, drawn.n_gold, strict=True)
    )
    return f"A comparison needs at least two {by}s with {min_documents} documents{labels} each; there are {sizes}."
