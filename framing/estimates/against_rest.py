"""Each group against the rest: which group stands out, and in which frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.estimates.comparison import open_comparison
from framing.estimates.correction import Target
from framing.estimates.joint_differences import REST, end_at_zero, judge_differences
from framing.tables import AGAINST_REST
from framing.uncertainty.options import check_interval_options

__all__ = ["compare_with_rest"]

METHOD = (
    "one of {n} comparisons of one group with the rest; score test with pooled design effects, joint min-p over all of "
    "them; {basis}"
)


def compare_with_rest(
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
    """Share of each frame in each group less the mean share of all other groups.

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
        Columns `framing.tables.AGAINST_REST`, clearest first. `share` is that of the group, `rest` the mean share of
        the others, each group counting once, and `estimate` the one less the other. The other columns are those of
        `framing.compare_groups`, for this family: all groups and frames.

    Raises
    ------
    InputError
        Where a column is missing, or fewer than two groups have `min_documents` documents (and, where shares are
        corrected, ten labels).
        Also unless `level` lies between 0 and 1 and `n_bootstrap` is at least 1.

    Notes
    -----
    The score test of `framing.estimates.joint_differences.measure_jointly`: its variance is that without a difference.
    With the variance of the two shares as they are, which is too small where a group happens to have few passages with
    the frame, a quarter to a half of all corpora without any difference would show one.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap, within=within)
    comparison = open_comparison(classified, by=by, min_documents=min_documents, corrected=corrected, target=target)
    evidence, n_groups = comparison.evidence, len(comparison.names)
    places = np.arange(n_groups)
    tested = judge_differences(
        comparison,
        places,
        np.full(n_groups, REST),
        level=level,
        n_bootstrap=n_bootstrap,
        random_seed=random_seed,
        within=within,
    )
    differs = tested.p_adjusted < 1 - level
    low, high = end_at_zero(tested, differs)
    k = len(evidence.frames)
    shares = np.clip(evidence.shares, 0, 1)
    differences = pd.DataFrame(
        {
            "frame": np.tile(np.array(evidence.frames, dtype=object), n_groups),
            "group": np.repeat(comparison.names, k),
            "estimate": tested.estimate.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "p_adjusted": tested.p_adjusted.ravel(),
            "differs": differs.ravel(),
            "share": shares.ravel(),
            "rest": ((shares.sum(axis=0) - shares) / (n_groups - 1)).ravel(),
            **{
                name: np.full(n_groups * k, getattr(evidence, name).sum())
                for name in ("n_passages", "n_documents", "n_gold")
            },
            "method": METHOD.format(n=f"{n_groups * k:,}", basis=comparison.describe()),
            "q_value": false_discovery_control(tested.p_value.ravel()),
            "p_value": tested.p_value.ravel(),
            "detectable": tested.detectable.ravel(),
            "equivalent": tested.equivalent.ravel(),
        }
    )
    order = np.lexsort((tested.p_value.ravel(), tested.p_adjusted.ravel()))
    return differences.iloc[order][list(AGAINST_REST)].reset_index(drop=True)
