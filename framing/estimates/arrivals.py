"""New documents beside earlier ones: differences of their shares, and drift of their scores."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import ks_2samp

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.estimates.clusters import CLUSTER, find_unit
from framing.estimates.compare import compare_groups
from framing.estimates.groups import join_groups
from framing.tables import ARRIVALS, CLASSIFIED, DRIFT, require_columns
from framing.uncertainty.joint import bonferroni
from framing.uncertainty.options import check_interval_options
from framing.uncertainty.resample import TINY

__all__ = ["compare_arrivals", "measure_drift"]

_NEW, _BEFORE = "new", "before"
_DRIFT_METHOD = (
    "largest distance between the distributions of documents' mean scores (Kolmogorov-Smirnov{permuted}), Bonferroni "
    "over frames; no interval: a distance has no sign"
)
_PERMUTED = "; clusters permuted"
_TOO_FEW = "; no test: fewer than two clusters are mainly of new documents, or of earlier ones"
_N_PERMUTATIONS = 1999  # at least
_N_PER_FRAME = 60  # permutations for each frame, so that a p-value multiplied by their number can be small
_N_EXTREME = 10  # permutations as extreme as the data after which no more are drawn (Besag & Clifford 1991)
_BATCH = 50  # permutations made at once

Flags = NDArray[np.bool_]


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
    classified: pd.DataFrame,
    earlier: Collection[str],
    *,
    level: float = LEVEL,
    min_documents: int = 20,
    random_seed: int = RANDOM_SEED,
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
    random_seed : int, optional
        Start of the permutations of clusters.

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
    Two-sample Kolmogorov-Smirnov test of each frame, Bonferroni over frames. Assumed: documents are independent. Where
    the table has the column `cluster`, clusters are: the distance is compared with those of permutations of clusters,
    each taken as new where most of its documents are (at least 1,999; drawing stops early where ten were as extreme).
    """
    check_interval_options(level=level)
    unit = find_unit(classified)
    columns = ("passage_id", "document_id", unit, "frame", "score")
    require_columns(classified, columns, what="classified passages")
    means = classified.groupby(["document_id", "frame"])["score"].mean().unstack()
    is_new = ~np.asarray(means.index.isin(set(earlier)))
    if min(int(is_new.sum()), int((~is_new).sum())) < min_documents:
        return pd.DataFrame(columns=list(DRIFT))
    frames = list(pd.unique(classified["frame"]))
    n_permutations = max(_N_PERMUTATIONS, _N_PER_FRAME * len(frames))
    n_passages = classified["passage_id"].nunique()
    method = _DRIFT_METHOD.format(permuted=_PERMUTED if unit == CLUSTER else "")
    cluster_of = (
        classified.drop_duplicates("document_id").set_index("document_id")[CLUSTER] if unit == CLUSTER else None
    )
    rows = []
    for number, frame in enumerate(frames):
        scores = means[frame].to_numpy(float)
        test = ks_2samp(scores[is_new], scores[~is_new])
        p_value = float(test.pvalue)
        if cluster_of is not None:
            generator = np.random.default_rng([random_seed, number])
            p_value = _permute_clusters(
                scores, is_new, cluster_of.reindex(means.index), n_permutations=n_permutations, generator=generator
            )
        p_adjusted = float(bonferroni(p_value, len(frames)))
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
                "method": method + (_TOO_FEW if np.isnan(p_adjusted) else ""),
            }
        )
    drift = pd.DataFrame(rows, columns=list(DRIFT))
    return drift.sort_values(["p_adjusted", "frame"], kind="stable", ignore_index=True)


def _permute_clusters(
    scores: NDArray[np.float64],
    is_new: Flags,
    cluster_of: pd.Series,
    *,
    n_permutations: int,
    generator: np.random.Generator,
) -> float:
    """Chance of a distance as large as that of the data, were clusters new or earlier by chance; NaN with too few."""
    cluster = pd.factorize(cluster_of)[0]
    of_clusters = np.bincount(cluster, is_new) > np.bincount(cluster) / 2
    if min(of_clusters.sum(), (~of_clusters).sum()) < 2:
        return np.nan
    order = np.argsort(scores, kind="stable")
    is_last = np.r_[np.diff(scores[order]) > 0, True]  # of the documents that have the same score
    in_order = cluster[order]

    def measure_distances(labels: Flags) -> NDArray[np.float64]:
        """Distance in each row of labels of clusters."""
        new = labels[:, in_order]
        counts = new.cumsum(axis=1)
        n_new = counts[:, -1:]
        earlier = np.arange(1, len(order) + 1) - counts
        gaps = np.abs(counts / n_new - earlier / (len(order) - n_new))
        return np.asarray(gaps[:, is_last].max(axis=1))

    observed = measure_distances(of_clusters[None, :])[0]
    n_extreme = 0
    for start in range(0, n_permutations, _BATCH):
        size = min(_BATCH, n_permutations - start)
        labels = generator.permuted(np.tile(of_clusters, (size, 1)), axis=1)
        extreme = measure_distances(labels) >= observed - TINY
        if n_extreme + extreme.sum() >= _N_EXTREME:
            n_drawn = start + 1 + int(np.searchsorted(extreme.cumsum(), _N_EXTREME - n_extreme))
            return _N_EXTREME / n_drawn
        n_extreme += int(extreme.sum())
    return (1 + n_extreme) / (1 + n_permutations)
