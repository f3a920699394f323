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
from framing.estimates.correction import LEAST_DOCUMENTS, LEAST_GOLD, Target, draw_corrected_shares, has_gold
from framing.estimates.shares import CorrectedShares, RawShares, draw_raw_shares
from framing.tables import CLASSIFIED, ESTIMATE, RAW, require_columns
from framing.uncertainty.intervals import percentiles, score_bounds

__all__ = ["draw_shares", "estimate_prevalence"]

BOOTSTRAP = "document bootstrap; classifier error not included"
EXACT = "exact (Korn-Graubard); classifier error not included"
CORRECTED = {
    "process": "corrected with labelled passages; score interval over documents, classifier error included",
    "corpus": "corrected with labelled passages; score interval for these passages only, classifier error included",
}


def draw_shares(
    classified: pd.DataFrame,
    *,
    by: Sequence[str],
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
    target: Target = "process",
) -> RawShares | CorrectedShares:
    """Shares and draws of each group of `by` and each frame.

    Corrected with labels where the table carries them (`framing.tables.GOLD`) and `corrected` is true, else of the
    classifier's decisions. Draws depend on `random_seed` and the group's place only.
    """
    if corrected and has_gold(classified):
        return draw_corrected_shares(classified, by=by, target=target, n_bootstrap=n_bootstrap, random_seed=random_seed)
    if target != "process":
        raise InputError(f"target {target!r}: there is no error but sampling to speak of without labelled passages.")
    return draw_raw_shares(classified, by=by, n_bootstrap=n_bootstrap, random_seed=random_seed)


def estimate_prevalence(
    classified: pd.DataFrame,
    *,
    by: Sequence[str] = ("outlet",),
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
    target: Target = "process",
) -> pd.DataFrame:
    """Share of passages that carry each frame, per group, with an interval.

    Returns
    -------
    DataFrame
        Keys `by` and `frame`, then `estimate, low, high` (shares, 0 to 1), `n_passages, n_documents,
        n_gold, method`. A group of one document has no interval (NaN), and `method` says so. Where shares are
        corrected the share of the classifier's decisions stands beside them as `raw, raw_low, raw_high`.

    Parameters
    ----------
    classified : with labelled passages (columns `framing.tables.GOLD`; `Analysis.classified` has them where the
        corpus has labels drawn with known chances) shares are corrected for the classifier's errors, unless
        `corrected` is false. A group with fewer than ten labelled passages has no corrected share (NaN).
    target : whether the interval is about what the outlet publishes (`process`), or about these passages (`corpus`);
        see `framing.estimates.correction.draw_corrected_shares`, which also says what is assumed.

    Notes
    -----
    Without labels the interval is the percentile bootstrap over documents. Where a frame occurs in, or is missing from,
    fewer than five documents, or has the same share in all of them, it is the exact interval at the
    effective sample size (Korn & Graubard 1998). It holds for the sampling of documents, not for errors
    of the classifier. With labels it is the score interval at the effective sample size, with Student's t for the
    normal quantile at the number of labelled documents less two.
    """
    require_columns(classified, CLASSIFIED, what="classified passages")
    drawn = draw_shares(
        classified, by=by, n_bootstrap=n_bootstrap, random_seed=random_seed, corrected=corrected, target=target
    )
    if isinstance(drawn, RawShares):
        return _raw_prevalence(drawn, by=by, level=level)
    raw = draw_raw_shares(classified, by=by, n_bootstrap=n_bootstrap, random_seed=random_seed)
    table = _corrected_prevalence(drawn, by=by, level=level, method=CORRECTED[target])
    beside = _raw_prevalence(raw, by=by, level=level).rename(columns=dict(zip(ESTIMATE[:3], RAW, strict=True)))
    return table.merge(beside[[*by, "frame", *RAW]], on=[*by, "frame"], how="left")


def _raw_prevalence(drawn: RawShares, *, by: Sequence[str], level: float) -> pd.DataFrame:
    bounds = percentiles(drawn.draws, level=level)
    rows = []
    keys = list(drawn.groups.itertuples(index=False, name=None))
    for group, frame in np.ndindex(drawn.shares.shape):
        low, high, method = float(bounds[0][group, frame]), float(bounds[1][group, frame]), BOOTSTRAP
        if drawn.n_documents[group] < 2:
            low, high, method = np.nan, np.nan, "no interval: a single document"
        elif drawn.is_sparse(group, frame):
            low, high = drawn.exact(group, frame, level=level)
            method = EXACT
        share, n = drawn.shares[group, frame], (drawn.n_passages[group], drawn.n_documents[group], 0)
        rows.append((*keys[group], drawn.frames[frame], share, low, high, *n, method))
    return pd.DataFrame(rows, columns=[*by, "frame", *ESTIMATE])


def _corrected_prevalence(drawn: CorrectedShares, *, by: Sequence[str], level: float, method: str) -> pd.DataFrame:
    rows = []
    for group, key in enumerate(drawn.groups.itertuples(index=False, name=None)):
        n = (drawn.n_passages[group], drawn.n_documents[group], int(drawn.n_gold[group]))
        share, how = drawn.shares[group], method
        if np.isnan(share).any():
            how = (
                f"not corrected: {n[2]} labelled passages here; {LEAST_GOLD} of {LEAST_DOCUMENTS} documents are needed"
            )
            low = high = share
        else:
            quantile = float(student.ppf((1 + level) / 2, drawn.degrees[group]))
            low, high = score_bounds(share, drawn.errors[group], n_gold=n[2], quantile=quantile)
        for column, frame in enumerate(drawn.frames):
            rows.append((*key, frame, float(np.clip(share[column], 0, 1)), low[column], high[column], *n, how))
    return pd.DataFrame(rows, columns=[*by, "frame", *ESTIMATE])
