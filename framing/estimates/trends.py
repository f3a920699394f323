"""Shares over time, group by group: documents in their periods, and whether groups move apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.periods import add_period, find_period
from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.outcomes import add_outcomes, describe_classifier_error
from framing.tables import SLOPES, require_columns
from framing.uncertainty.joint import adjust_p_values, critical_values, largest_statistics, single_p_values
from framing.uncertainty.resample import TINY

__all__ = ["Series", "compare_trends", "series_of"]

METHOD = "difference of linear slopes; joint max-t over all pairs and frames, documents as clusters; {error}"

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """Documents of one group over time, D of them; one that has passages in two periods counts in each.

    Attributes
    ----------
    name : str
        The group.
    periods : list of Timestamp
        First days of the periods in which it has documents.
    place : array of int
        Period of each document, as its place in `periods`, shape (D,).
    n, sums : array
        Passages and sums of outcomes, shape (D, K).
    gold : array of int
        Labelled passages of each document that its outcomes are corrected with, shape (D,); zeros where none are.
    """

    name: str
    periods: list[pd.Timestamp]
    place: NDArray[np.int64]
    n: Array
    sums: Array
    gold: NDArray[np.int64]

    @property
    def n_passages(self) -> int:
        """Passages of all documents."""
        return int(self.n.sum(axis=0).max())

    @property
    def n_documents(self) -> int:
        """Documents, D."""
        return len(self.n)

    @property
    def n_gold(self) -> int:
        """Labelled passages of all documents."""
        return int(self.gold.sum())


def compare_trends(
    classified: pd.DataFrame,
    *,
    by: str = "outlet",
    period: str = "week",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
) -> pd.DataFrame:
    """Whether groups move apart: pairwise differences of the linear slope of each frame's share over time.

    Parameters
    ----------
    classified : DataFrame
        Classified passages with the date `published`; undated ones are left out.
    by : str
        Column whose values are compared.
    period : {"day", "week", "month"}
        Step of time.
    level : float
        Chance that all intervals hold, and that no difference is falsely called one.
    n_bootstrap : int
        Number of draws.
    min_documents : int
        Groups with fewer dated documents are left out.
    random_seed : int
        Start of the draws.
    corrected : bool
        Whether to correct shares with labelled passages, where the table carries them.

    Returns
    -------
    DataFrame
        Columns `framing.tables.SLOPES`, clearest first. `slope_a, slope_b` and their difference `estimate` are in
        shares a period; `low, high` and `differs` hold jointly for all rows.

    Raises
    ------
    InputError
        When fewer than two groups have `min_documents` dated documents in at least three periods.

    Notes
    -----
    Slopes are least squares of the outcome of passages on the number of the period, each over the periods that the
    group has. Errors are linearised with documents as clusters, each
    corrected for its leverage; the joint test (max-t of `framing.uncertainty.joint`) takes the largest of normal draws
    with the estimated correlations, stretched to Student's t with as many degrees of freedom as the smaller group has
    documents, less two. No row is surer than it would be by itself. A straight line is a summary and says nothing of
    the path.
    """
    frames = list(pd.unique(classified["frame"]))
    slopes = {}
    for series in series_of(classified, by=by, period=period, corrected=corrected):
        if len(series.n) >= min_documents and len(series.periods) >= 3:
            slopes[series.name] = (series, *_slope(series, period))
    if len(slopes) < 2:
        raise InputError(
            f"Trends need two {by}s with {min_documents} dated documents in three {period}s each; "
            f"there are {len(slopes)}."
        )
    generator = np.random.default_rng(random_seed)
    draws = {name: generator.standard_normal((n_bootstrap, len(psi))) @ psi for name, (_, _, psi) in slopes.items()}
    variance = {name: (psi**2).sum(axis=0) for name, (_, _, psi) in slopes.items()}
    pairs = list(combinations(slopes, 2))
    slope_a, slope_b = (np.array([slopes[pair[side]][1] for pair in pairs]) for side in (0, 1))
    series_a, series_b = ([slopes[pair[side]][0] for pair in pairs] for side in (0, 1))
    error = np.maximum([np.sqrt(variance[a] + variance[b]) for a, b in pairs], TINY)
    degrees = np.array(
        [max(min(len(a.n), len(b.n)) - 2, 1) for a, b in zip(series_a, series_b, strict=True)], dtype=float
    )[:, None]
    moves = ((draws[a] - draws[b]) / error[pair] for pair, (a, b) in enumerate(pairs))
    largest = largest_statistics(moves, n_draws=n_bootstrap, degrees=degrees)
    # a slope whose documents all lie on its line varies by rounding alone, which says nothing
    statistic = np.where(error > TINY, np.abs(slope_a - slope_b) / error, 0.0)
    p_adjusted = adjust_p_values(statistic, largest, single=single_p_values(statistic, degrees))
    reach = critical_values(largest, level=level, degrees=degrees) * error
    k = len(frames)
    counts = {
        name: np.repeat([getattr(a, name) + getattr(b, name) for a, b in zip(series_a, series_b, strict=True)], k)
        for name in ("n_passages", "n_documents", "n_gold")
    }
    table = pd.DataFrame(
        {
            "frame": frames * len(pairs),
            "group_a": np.repeat([a for a, _ in pairs], k),
            "group_b": np.repeat([b for _, b in pairs], k),
            "estimate": (slope_a - slope_b).ravel(),
            "low": (slope_a - slope_b - reach).ravel(),
            "high": (slope_a - slope_b + reach).ravel(),
            "p_adjusted": p_adjusted.ravel(),
            "differs": (p_adjusted < 1 - level).ravel(),
            **counts,
            "method": METHOD.format(error=describe_classifier_error(classified, corrected)),
            "slope_a": slope_a.ravel(),
            "slope_b": slope_b.ravel(),
        }
    )
    order = np.argsort(-statistic.ravel(), kind="stable")
    return table.iloc[order][list(SLOPES)].reset_index(drop=True)


def series_of(classified: pd.DataFrame, *, by: str, period: str, corrected: bool) -> Iterator[Series]:
    """Documents in their periods, group by group of the column `by`; with no `by` all as one group.

    Raises `InputError` where no passage has a date, or a column is missing.
    """
    require_columns(
        classified, (*([by] if by else []), "frame", "document_id", "published"), what="classified passages"
    )
    dated = add_period(classified, period)
    if dated.empty:
        raise InputError("No passage has a date: name the date column in corpus.yaml, or leave trends out.")
    group = by or "_all"
    dated = dated if by else dated.assign(_all="all")
    frames = list(pd.unique(classified["frame"]))
    table, is_corrected = add_outcomes(dated, by=[group], corrected=corrected)
    keys = ["period", "document_id"]
    for name, part in table.groupby(group, sort=True):
        summed = part.assign(n=1.0).groupby([*keys, "frame"], sort=True)[["n", "outcome"]].sum()
        n = summed["n"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0)
        sums = summed["outcome"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0)
        periods = list(n.index.get_level_values("period").unique().sort_values())
        place = pd.Index(periods).get_indexer(n.index.get_level_values("period"))
        gold: NDArray[np.int64] = np.zeros(len(n), dtype=np.int64)
        if is_corrected:
            labelled = part[part["gold_weight"] > 0].groupby(keys)["passage_id"].nunique()
            gold = np.asarray(labelled.reindex(n.index, fill_value=0), dtype=np.int64)
        size = n.to_numpy(float)
        yield Series(str(name), periods, np.asarray(place, dtype=np.int64), size, sums.to_numpy(float), gold)


def _slope(series: Series, period: str) -> tuple[Array, Array]:
    """Slope of each frame's share a period, shape (K,), and each document's linearised part in it, shape (D, K)."""
    days = np.array([(moment - pd.Timestamp("2000-01-03")).days for moment in series.periods])
    time = (days / find_period(period).days)[series.place][:, None]
    total = np.maximum(series.n.sum(axis=0), TINY)
    centred = time - (series.n * time).sum(axis=0) / total
    squares = np.maximum((series.n * centred**2).sum(axis=0), TINY)
    mean = series.sums.sum(axis=0) / total
    slope = (centred * series.sums).sum(axis=0) / squares
    residuals = series.sums - series.n * (mean + centred * slope)
    # a document pulls the line towards itself: without it the residual is larger (as the jackknife has it)
    leverage = np.minimum(series.n * (centred**2 / squares + 1 / total), 0.9)
    return slope, centred * residuals / (1 - leverage) / squares
