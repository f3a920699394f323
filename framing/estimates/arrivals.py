"""What new documents bring: shares among them against those among the earlier ones, and whether scores drift."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.compare import METHOD, compare_groups
from framing.tables import ARRIVALS, CLASSIFIED, DRIFT, require_columns
from framing.uncertainty.joint import bonferroni

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
    by: str = "outlet",
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
    by : str
        Column of the groups.
    level : float
        Chance that all intervals hold, and that no difference is falsely called one.
    n_bootstrap : int
        Number of draws.
    min_documents : int
        Groups with fewer new or fewer earlier documents are left out.
    random_seed : int
        Start of the draws.

    Returns
    -------
    DataFrame
        Columns `ARRIVALS`, clearest first: `estimate` (-1 to 1) with joint bounds over all groups and frames;
        `p_adjusted`, `differs`. Groups with fewer than `min_documents` new or earlier documents are left out.

    Notes
    -----
    Per group the max-t of `framing.compare_groups` over frames, at `1 - (1 - level) / groups` (Bonferroni), on what the
    classifier marks: new documents have no labels. That a share is another among new documents says that the material
    changed, not why.
    """
    require_columns(classified, (*CLASSIFIED, by), what="classified passages")
    known = set(earlier)
    aged = classified.assign(
        _age=np.where(classified["document_id"].isin(known).to_numpy(), _BEFORE, _NEW)  # sorted: before comes first
    )
    counts = aged.groupby([by, "_age"])["document_id"].nunique().unstack(fill_value=0)
    counts = counts.reindex(columns=[_BEFORE, _NEW], fill_value=0)
    groups = [str(name) for name in counts.index[(counts >= min_documents).all(axis=1)]]
    parts = []
    for name in groups:
        contrasts = compare_groups(
            aged[aged[by] == name], by="_age", level=1 - (1 - level) / len(groups), n_bootstrap=n_bootstrap,
            min_documents=min_documents, random_seed=random_seed, corrected=False,
        )  # fmt: skip
        # the contrasts are before less new
        low, high = -contrasts["high"], -contrasts["low"]
        parts.append(contrasts.assign(group=name, estimate=-contrasts["estimate"], low=low, high=high))
    if not parts:
        return pd.DataFrame(columns=list(ARRIVALS))
    table = pd.concat(parts, ignore_index=True)
    table["p_adjusted"] = bonferroni(table["p_adjusted"].to_numpy(float), len(groups))
    table["differs"] = table["p_adjusted"] < 1 - level
    table["method"] = METHOD + f"; Bonferroni over {len(groups)} groups"
    order = table.sort_values(["p_adjusted", "group", "frame"], kind="stable").index
    return table.loc[order, list(ARRIVALS)].reset_index(drop=True)


def measure_drift(
    classified: pd.DataFrame, earlier: Collection[str], *, level: float = LEVEL, min_documents: int = 20
) -> pd.DataFrame:
    """How far the distribution of each frame's scores among new documents is from that among `earlier` ones.

    Returns a table with columns `DRIFT`; `estimate` is the Kolmogorov-Smirnov distance (0 to 1) of documents' mean
    scores. Empty with fewer than `min_documents` on either side. Assumed: documents are independent. Raises
    `InputError` where `level` is no chance.
    """
    from scipy.stats import ks_2samp

    if not 0 < level < 1:
        raise InputError(f"level: expected a number between 0 and 1, got {level!r}.")
    require_columns(classified, ("document_id", "frame", "score"), what="classified passages")
    means = classified.groupby(["document_id", "frame"], sort=True)["score"].mean().unstack()
    old = means.index.isin(set(earlier))
    if min(int(old.sum()), int((~old).sum())) < min_documents:
        return pd.DataFrame(columns=list(DRIFT))
    frames = list(pd.unique(classified["frame"]))
    n = classified["passage_id"].nunique(), len(means), 0
    rows = []
    for frame in frames:
        result = ks_2samp(means.loc[~old, frame], means.loc[old, frame])
        p = float(bonferroni(result.pvalue, len(frames)))
        rows.append((frame, float(result.statistic), np.nan, np.nan, p, p < 1 - level, *n, _DRIFT_METHOD))
    table = pd.DataFrame(rows, columns=list(DRIFT))
    return table.sort_values(["p_adjusted", "frame"], kind="stable", ignore_index=True)
