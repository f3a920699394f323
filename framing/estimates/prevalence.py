"""Frame shares with intervals: of the passages of a group, how many carry a frame.

Where passages were labelled in a sample with known chances, shares are corrected for the classifier's errors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import t as student

from framing.defaults import LEVEL, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.clusters import name_unit
from framing.estimates.correction import (
    LEAST_DOCUMENTS,
    LEAST_GOLD,
    Correction,
    Target,
    correct_shares,
    draw_corrected_shares,
    has_gold,
)
from framing.estimates.evidence import collect_corrected
from framing.estimates.groups import check_groups
from framing.estimates.pooling import pool_design_effects
from framing.estimates.raw_shares import draw_raw_shares, draw_raw_shares_in_parts
from framing.estimates.shares import CorrectedShares, RawShares
from framing.tables import CLASSIFIED, ESTIMATE, RAW
from framing.uncertainty.intervals import percentiles, score_bounds
from framing.uncertainty.options import check_interval_options
from framing.uncertainty.resample import TINY

__all__ = ["draw_shares", "estimate_prevalence"]

BOOTSTRAP = "document bootstrap; classifier error not included"
EXACT = "exact (Korn-Graubard); classifier error not included"
CORRECTED = {
    "process": "corrected with labelled passages; score interval over {unit}s{design}, classifier error included",
    "corpus": "corrected with labelled passages; score interval for these passages only{design}, classifier error "
    "included",
}
_POOLED = " with the design effects of all groups"
_ALONE = ""
_LARGEST_RATIO = 4.0  # of effective numbers of labelled passages, up to which groups lend each other design effects
_SINGLE_UNIT = "no interval: a single {unit}"


def draw_shares(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] | None,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
    target: Target = "process",
) -> RawShares | CorrectedShares:
    """Shares and draws of each group and frame: corrected with labels where the table has them, else raw.

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
    corrected : bool, default True
        Whether to correct shares with labelled passages (columns `framing.tables.GOLD`), where the table has them.
    target : {"process", "corpus"}, default "process"
        What corrected shares are about, as in `framing.estimates.correction.draw_corrected_shares`.

    Returns
    -------
    RawShares or CorrectedShares
        Raw shares are those of the classifier's decisions.

    Raises
    ------
    InputError
        Where a column is missing, or shares of these passages only (`corpus`) are asked for without labels: they have
        no sampling error.
    """
    if corrected and has_gold(classified):
        return draw_corrected_shares(classified, by=by, target=target, n_bootstrap=n_bootstrap, random_seed=random_seed)
    _check_target(target)
    return draw_raw_shares(classified, by=by, n_bootstrap=n_bootstrap, random_seed=random_seed)


def _check_target(target: Target) -> None:
    """Refuse shares of these passages only, which have no sampling error, without labels."""
    if target != "process":
        raise InputError(f"target {target!r}: there is no error but sampling to speak of without labelled passages.")


def estimate_prevalence(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "outlet",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
    target: Target = "process",
) -> pd.DataFrame:
    """Share of passages that carry each frame, per group, with an interval.

    Parameters
    ----------
    classified : DataFrame
        Classified passages, columns `framing.tables.CLASSIFIED`. `Analysis.classified` has the columns
        `framing.tables.GOLD`, too, where the corpus has labels that were drawn with known chances.
    by : str, sequence of str or None, default "outlet"
        Columns that make the groups; None: all passages are one.
    level : float, default 0.95
        Chance that each interval holds.
    n_bootstrap : int, default 2000
        Number of draws.
    random_seed : int, optional
        Start of the draws, which depend on it and the group's place only.
    corrected : bool, default True
        Whether to correct shares for the classifier's errors with labelled passages, where the table has them.
    target : {"process", "corpus"}, default "process"
        Whether the interval is about what the outlet publishes (`process`), or about these passages (`corpus`); see
        `framing.estimates.correction.draw_corrected_shares`, which also states the assumptions.

    Returns
    -------
    DataFrame
        Keys `by` (or `group`, which is `all`) and `frame`, then `estimate, low, high` (shares, 0 to 1), `n_passages,
        n_documents, n_gold, method`. A group of one document (or cluster) has no interval (NaN), and `method` says so.
        A group with fewer than ten labelled passages has no corrected share (NaN). Where shares are corrected, the
        share of the classifier's decisions stands beside them as `raw, raw_low, raw_high`.

    Raises
    ------
    InputError
        Where a column is missing, there are no passages, or `target` is none of the two or needs labels.
        Also unless `level` lies between 0 and 1 and `n_bootstrap` is at least 1.

    Notes
    -----
    Without labels the interval is the percentile bootstrap over documents, or over clusters where the table has the
    column `cluster`. Where a frame occurs in, or is missing from, fewer than five of these, or has the same share in
    all of them, or there are fewer than 50 clusters, it is the exact interval at the effective sample size (Korn &
    Graubard 1998). It holds for the sampling of documents, not for errors of the classifier. With labels it is the
    score interval at the effective sample size, with Student's t for the normal quantile. Where there are several
    groups, none of which has more than four times the (effective) labels of another, the variance is made of design
    effects that are pooled over them (`framing.estimates.pooling`), with their degrees of freedom; where not, each
    group has its own variance, with the effective number of its independent units less two
    (`framing.estimates.correction.draw_corrected_shares`).
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    table, keys = check_groups(classified, by, CLASSIFIED)
    is_corrected = corrected and has_gold(table)
    if not is_corrected:
        _check_target(target)
    parts = draw_raw_shares_in_parts(table, by=keys, n_bootstrap=n_bootstrap, random_seed=random_seed)
    unit = name_unit(table)
    raw = pd.concat([_tabulate_raw(part, keys=keys, level=level, unit=unit) for part in parts], ignore_index=True)
    if not is_corrected:
        return raw
    method = CORRECTED[target].replace("{unit}", unit)
    prevalence = _tabulate_corrected(
        correct_shares(table, by=keys, target=target), keys=keys, level=level, method=method
    )
    beside = raw.rename(columns=dict(zip(ESTIMATE[:3], RAW, strict=True)))
    return prevalence.merge(beside[[*keys, "frame", *RAW]], on=[*keys, "frame"], how="left")


def _tabulate_raw(shares: RawShares, *, keys: list[str], level: float, unit: str) -> pd.DataFrame:
    """A row a group and frame, with percentile, exact or no bounds; units are documents or clusters."""
    bootstrap = BOOTSTRAP.replace("document", unit)
    lows, highs = percentiles(shares.draws, level=level)
    groups = shares.groups.to_dict("records")
    rows = []
    for group, frame in np.ndindex(shares.shares.shape):
        low, high, method = float(lows[group, frame]), float(highs[group, frame]), bootstrap
        if shares.n_units[group] < 2:
            low, high, method = np.nan, np.nan, _SINGLE_UNIT.format(unit=unit)
        elif shares.is_sparse(group, frame):
            low, high = shares.exact_bounds(group, frame, level=level)
            method = EXACT
        rows.append(
            {
                **groups[group],
                "frame": shares.frames[frame],
                "estimate": shares.shares[group, frame],
                "low": low,
                "high": high,
                "n_passages": shares.n_passages[group],
                "n_documents": shares.n_documents[group],
                "n_gold": 0,
                "method": method,
            }
        )
    return pd.DataFrame(rows, columns=[*keys, "frame", *ESTIMATE])


def _tabulate_corrected(correction: Correction, *, keys: list[str], level: float, method: str) -> pd.DataFrame:
    """A row a group and frame, with score bounds; none for groups with too few labels."""
    estimates = [group for group in correction.estimates if group is not None]
    sizes = [group.n_kish / max(group.fpc, TINY) for group in estimates]
    is_pooled = len(sizes) > 1 and max(sizes) <= _LARGEST_RATIO * min(sizes)
    if is_pooled:
        has_share = np.flatnonzero([group is not None for group in correction.estimates])
        pooled = pool_design_effects(collect_corrected(correction).take(has_share))
        variances, degrees = iter(pooled.variances), pooled.degrees
    rows = []
    for number, (key, group) in enumerate(zip(correction.groups.to_dict("records"), correction.estimates, strict=True)):
        n_gold = int(correction.n_gold[number])
        if group is None:
            reason = f"{n_gold} labelled passages here; {LEAST_GOLD} of {LEAST_DOCUMENTS} documents are needed"
            share = low = high = np.full(len(correction.frames), np.nan)
            group_method = f"not corrected: {reason}"
        else:
            share, variance = group.theta, next(variances) if is_pooled else group.variance
            quantile = student.ppf((1 + level) / 2, degrees if is_pooled else group.degrees)
            low, high = score_bounds(share, np.sqrt(variance), n_gold=n_gold, quantile=quantile)
            group_method = method.format(design=_POOLED if is_pooled else _ALONE)
        for column, frame in enumerate(correction.frames):
            rows.append(
                {
                    **key,
                    "frame": frame,
                    "estimate": float(np.clip(share[column], 0, 1)),
                    "low": low[column],
                    "high": high[column],
                    "n_passages": correction.n_passages[number],
                    "n_documents": correction.n_documents[number],
                    "n_gold": n_gold,
                    "method": group_method,
                }
            )
    return pd.DataFrame(rows, columns=[*keys, "frame", *ESTIMATE])
