"""New documents beside earlier ones: differences of their shares, and drift of their scores."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from scipy.stats import ks_2samp

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.estimates.compare import compare_groups
from framing.estimates.groups import join_groups
from framing.tables import ARRIVALS, CLASSIFIED, DRIFT, require_columns
from framing.uncertainty.joint import bonferroni
from framing.uncertainty.options import check_interval_options

__all__ = ["compare_arrivals", "measure_drift"]

_NEW, _BEFORE = "new", "before"
_DRIFT_METHOD = (
    "largest distance between the distributions of documents' mean scores (Kolmogorov-Smirnov), Bonferroni over "
    "frames; no interval: a distance has no sign"
)


def compare_arrivals(
    classified: pd.DataFrame,
    earlier: Collection[str],
    *,
    by: str | Sequence[str] | None = "outlet",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Share of each frame among new documents less that among `earlier` ones, per group.

    Parameters
    ----------
    classified : DataFrame
        Classified passages of all documents.
    earlier : collection of str
        Ids of the documents that an earlier run had.
    by : str, sequence of str or None, default "outlet"
        Columns that make the groups; None: all passages are one.
    level : float, default 0.95
        Chance that all intervals hold, and that no difference is falsely called one.
    n_bootstrap : int, default 2000
        Number of draws.
    min_documents : int, default 5
        Groups with fewer new or fewer earlier documents are left out.
    random_seed : int, optional
        Start of the draws.

    Returns
    -------
    DataFrame
        Columns `ARRIVALS`, clearest first: `estimate` (-1 to 1) with joint bounds over all groups and frames;
        `p_adjusted`, `differs`. Empty where no group has `min_documents` new and earlier documents.

    Raises
    ------
    InputError
        Where a column is missing.
        Also unless `level` lies between 0 and 1 and `n_bootstrap` is at least 1.

    Notes
    -----
    Per group the joint test of `framing.compare_groups` over frames, at `1 - (1 - level) / groups` (Bonferroni), on the
    classifier's decisions: new documents have no labels. That a share is another among new documents says that the
    material changed, not why.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    table, group_column = join_groups(classified, by, CLASSIFIED)
    is_earlier = table["document_id"].isin(set(earlier)).to_numpy()
    aged = table.assign(_age=np.where(is_earlier, _BEFORE, _NEW))  # in the order of names: before comes first
    counts = aged.groupby([group_column, "_age"])["document_id"].nunique().unstack(fill_value=0)
    counts = counts.reindex(columns=[_BEFORE, _NEW], fill_value=0)
    groups = list(counts.index[(counts >= min_documents).all(axis=1)])
    parts = []
    for name in groups:
        before_less_new = compare_groups(
            aged[aged[group_column] == name],
            by="_age",
            level=1 - (1 - level) / len(groups),
            n_bootstrap=n_bootstrap,
            min_documents=min_documents,
            random_seed=random_seed,
            corrected=False,
        )
        signs = {
            "estimate": -before_less_new["estimate"],
            "low": -before_less_new["high"],
            "high": -before_less_new["low"],
        }
        parts.append(before_less_new.assign(group=str(name), **signs))
    if not parts:
        return pd.DataFrame(columns=list(ARRIVALS))
    contrasts = pd.concat(parts, ignore_index=True)
    contrasts["p_adjusted"] = bonferroni(contrasts["p_adjusted"].to_numpy(float), len(groups))
    contrasts["differs"] = contrasts["p_adjusted"] < 1 - level
    contrasts["method"] += f"; Bonferroni over {len(groups)} groups"
    order = contrasts.sort_values(["p_adjusted", "group", "frame"], kind="stable").index
    return contrasts.loc[order, list(ARRIVALS)].reset_index(drop=True)


def measure_drift(
    classified: pd.DataFrame, earlier: Collection[str], *, level: float = LEVEL, min_documents: int = 20
) -> pd.DataFrame:
    """How far the distribution of each frame's scores among new documents is from that among `earlier` ones.

    Parameters
    ----------
    classified : DataFrame
        Classified passages of all documents.
    earlier : collection of str
        Ids of the documents that an earlier run had.
    level : float, default 0.95
        Chance that no distance is falsely called one.
    min_documents : int, default 20
        Least number of new, and of earlier, documents.

    Returns
    -------
    DataFrame
        Columns `DRIFT`, clearest first; `estimate` is the Kolmogorov-Smirnov distance (0 to 1) of the distributions of
        documents' mean scores. Empty with fewer than `min_documents` new or earlier documents.

    Raises
    ------
    InputError
        Where a column is missing, or `level` is not between 0 and 1.

    Notes
    -----
    Two-sample Kolmogorov-Smirnov test of each frame, Bonferroni over frames. Assumed: documents are independent.
    """
    check_interval_options(level=level)
    require_columns(classified, ("passage_id", "document_id", "frame", "score"), what="classified passages")
    means = classified.groupby(["document_id", "frame"])["score"].mean().unstack()
    is_earlier = means.index.isin(set(earlier))
    if min(int(is_earlier.sum()), int((~is_earlier).sum())) < min_documents:
        return pd.DataFrame(columns=list(DRIFT))
    frames = list(pd.unique(classified["frame"]))
    n_passages = classified["passage_id"].nunique()
    rows = []
    for frame in frames:
        test = ks_2samp(means.loc[~is_earlier, frame], means.loc[is_earlier, frame])
        p_adjusted = float(bonferroni(test.pvalue, len(frames)))
        rows.append(
            {
                "frame": frame,
                "estimate": float(test.statistic),
                "low": np.nan,
                "high": np.nan,
                "p_adjusted": p_adjusted,
                "differs": p_adjusted < 1 - level,
                "n_passages": n_passages,
                "n_documents": len(means),
                "n_gold": 0,
                "method": _DRIFT_METHOD,
            }
        )
    drift = pd.DataFrame(rows, columns=list(DRIFT))
    return drift.sort_values(["p_adjusted", "frame"], kind="stable", ignore_index=True)
