"""Groups side by side: all pairwise differences of frame shares, jointly valid, and ranks with intervals."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, norm
from scipy.stats import t as student

from framing.correction import LEAST_GOLD, Target, score_bounds
from framing.errors import InputError
from framing.prevalence import draw_shares
from framing.resample import exact_bounds, student_values
from framing.shares import STILL, ShareDraws
from framing.tables import CLASSIFIED, CONTRASTS, RANKS, require_columns

__all__ = ["compare_groups", "rank_groups"]

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
    level: float = 0.95,
    n_bootstrap: int = 2000,
    min_documents: int = 5,
    random_seed: int = 0,
    corrected: bool = True,
    target: Target = "process",
) -> pd.DataFrame:
    """All pairwise differences between groups in the share of each frame.

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
    Single-step max-t of Westfall & Young (1993) on a bootstrap of documents within each group; it
    controls the chance of any false difference, not only their share. The draws are stretched from the
    normal towards Student's t with as many degrees of freedom as the smaller group has documents, less
    one; without it, a dozen documents a group made twice the false differences asked for. Where a frame
    has the same share in all of a group's documents, nothing varies, and the standard error comes from
    the exact bound.

    Where the table carries labelled passages (`framing.tables.GOLD`) shares are corrected for the classifier's errors,
    group by group, so that errors which differ between groups do no harm; see
    `framing.correction.draw_corrected_shares` for the estimator, its assumptions and `target`. Bounds are then made
    of the score bounds of both shares (Newcombe 1998), which hold for rare frames where a symmetric interval does not.
    """
    require_columns(classified, (*CLASSIFIED, by), what="classified passages")
    drawn = draw_shares(
        classified, by=[by], n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=corrected, target=target
    )
    large = [
        number
        for number, n in enumerate(drawn.n_documents)
        if n >= min_documents and not np.isnan(drawn.shares[number]).any()
    ]
    if len(large) < 2:
        raise InputError(_too_small(drawn, by, min_documents))
    errors = _standard_errors(drawn, level=level) if drawn.errors is None else drawn.errors
    pairs = list(combinations(large, 2))
    first, second = np.array(pairs).T
    difference = drawn.shares[first] - drawn.shares[second]
    error = np.hypot(errors[first], errors[second])
    degrees = np.minimum(drawn.degrees[first], drawn.degrees[second])
    largest = np.zeros(len(drawn.draws))
    for place, (a, b) in enumerate(pairs):
        moved = np.abs(drawn.draws[:, a] - drawn.draws[:, b] - difference[place]) / error[place]
        largest = np.maximum(largest, student_values(moved, degrees=degrees[place]).max(axis=1))
    # where no draw moves at all, one comparison still has the normal quantile
    critical = max(float(np.quantile(largest, level, method="higher")), float(norm.ppf((1 + level) / 2)))
    if drawn.errors is None:
        statistic = np.abs(difference) / error
        low, high = difference - critical * error, difference + critical * error
    else:
        statistic = _score_statistic(drawn, first, second)
        low, high = _score_difference(drawn, first, second, np.full(difference.shape, critical))
    exceed = (largest[:, None, None] >= statistic[None]).sum(axis=0)
    p_adjusted = np.maximum((1 + exceed) / (1 + len(largest)), 2 * norm.sf(statistic))
    alone = 2 * student.sf(statistic, degrees[:, None])
    k = len(drawn.frames)
    names = drawn.groups[by].to_list()
    n_of = {"n_passages": drawn.n_passages, "n_documents": drawn.n_documents, "n_gold": drawn.n_gold}
    table = pd.DataFrame(
        {
            "frame": np.tile(np.array(drawn.frames, dtype=object), len(pairs)),
            "group_a": [names[a] for a, _ in pairs for _ in range(k)],
            "group_b": [names[b] for _, b in pairs for _ in range(k)],
            # corrected shares can lie outside 0 to 1
            "estimate": np.clip(difference, -1, 1).ravel(),
            "low": np.clip(low, -1, 1).ravel(),
            "high": np.clip(high, -1, 1).ravel(),
            "p_adjusted": p_adjusted.ravel(),
            "differs": (p_adjusted < 1 - level).ravel(),
            **{name: np.repeat(n[first] + n[second], k) for name, n in n_of.items()},
            "method": METHOD if drawn.errors is None else CORRECTED,
            **_ratios(drawn, errors, first, second, critical),
            "q_value": false_discovery_control(alone.ravel()),
            "_statistic": statistic.ravel(),
        }
    )
    order = table.sort_values("_statistic", ascending=False, kind="stable").index
    return table.loc[order, list(CONTRASTS)].reset_index(drop=True)


def rank_groups(contrasts: pd.DataFrame, shares: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """Rank of each group on each frame, with the ranks that noise leaves open.

    Returns
    -------
    DataFrame
        Columns `framing.tables.RANKS`. `rank` orders the estimates, 1 the largest; `low` and `high` are the first and
        last place that are left when every difference of `contrasts` that is clear of noise is respected. They hold
        jointly for all groups and frames at the level of the contrasts (Mogstad, Romano, Shaikh & Wilhelm 2024).

    Parameters
    ----------
    contrasts : of `compare_groups`. `shares` : of `estimate_prevalence` by the same groups, for the estimates.
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
    drawn: ShareDraws, first: NDArray[np.int64], second: NDArray[np.int64], quantile: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds of differences from the score bounds of both shares (Newcombe 1998, method 10), at given quantiles."""
    assert drawn.errors is not None
    sides = []
    for rows in (first, second):
        share = np.clip(drawn.shares[rows], 0, 1)
        n_gold = np.maximum(drawn.n_gold[rows], 1)[:, None]
        low, high = score_bounds(drawn.shares[rows], drawn.errors[rows], n_gold=n_gold, quantile=quantile)
        sides.append((share - low, high - share))
    difference = drawn.shares[first] - drawn.shares[second]
    (a_down, a_up), (b_down, b_up) = sides
    return np.asarray(difference - np.hypot(a_down, b_up)), np.asarray(difference + np.hypot(a_up, b_down))


def _score_statistic(drawn: ShareDraws, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    """The quantile at which each difference's interval just reaches zero, by bisection."""
    bottom = np.zeros((len(first), drawn.shares.shape[1]))
    top = np.full(bottom.shape, _FARTHEST)
    for _ in range(_HALVINGS):
        middle = (bottom + top) / 2
        low, high = _score_difference(drawn, first, second, middle)
        reaches = (low <= 0) & (high >= 0)
        bottom, top = np.where(reaches, bottom, middle), np.where(reaches, middle, top)
    found: NDArray[np.float64] = (bottom + top) / 2
    return found


def _ratios(
    drawn: ShareDraws,
    errors: NDArray[np.float64],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    critical: float,
) -> dict[str, NDArray[np.float64]]:
    """Ratios of shares, with bounds by the delta method on the logarithm."""
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = (drawn.shares[first] > STILL) & (drawn.shares[second] > STILL)
        log_ratio = np.where(positive, np.log(drawn.shares[first] / drawn.shares[second]), np.nan)
        relative = errors / drawn.shares
        reach = critical * np.hypot(relative[first], relative[second])
    found = {"ratio": log_ratio, "ratio_low": log_ratio - reach, "ratio_high": log_ratio + reach}
    with np.errstate(over="ignore"):
        return {name: np.exp(value).ravel() for name, value in found.items()}


def _too_small(drawn: ShareDraws, by: str, min_documents: int) -> str:
    labels = "" if drawn.errors is None else f" and {LEAST_GOLD} labelled passages"
    sizes = ", ".join(
        f"{name}: {n}" + (f" ({gold} labelled)" if labels else "")
        for name, n, gold in zip(drawn.groups[by], drawn.n_documents, drawn.n_gold, strict=True)
    )
    return f"A comparison needs at least two {by}s with {min_documents} documents{labels} each; there are {sizes}."


def _standard_errors(drawn: ShareDraws, *, level: float) -> NDArray[np.float64]:
    """Standard error of each share, shape (G, K), never zero."""
    errors: NDArray[np.float64] = drawn.draws.std(axis=0)
    z = norm.ppf((1 + level) / 2)
    for group, frame in zip(*np.nonzero(errors < STILL), strict=True):
        low, high = exact_bounds(drawn.shares[group, frame], drawn.n_documents[group], level=level)
        errors[group, frame] = (high - low) / z
    return errors
