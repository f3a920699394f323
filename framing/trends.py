"""Shares over time, group by group: documents in their periods, and whether groups move apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.correction import add_outcomes, error_of
from framing.errors import InputError
from framing.prevalence import add_period
from framing.resample import student_values
from framing.tables import SLOPES, require_columns

__all__ = ["Series", "compare_trends", "series_of"]

METHOD = "difference of linear slopes; joint max-t over all pairs and frames, documents as clusters; {error}"

_COUNTS = ("n_passages", "n_documents", "n_gold")

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """Documents of one group: period of each (as its place), passages and sums of outcomes (D, K)."""

    name: str
    periods: list[pd.Timestamp]
    place: NDArray[np.int64]
    n: Array
    sums: Array
    n_gold: int


def compare_trends(
    classified: pd.DataFrame,
    *,
    by: str = "outlet",
    period: str = "week",
    level: float = 0.95,
    n_bootstrap: int = 2000,
    min_documents: int = 5,
    random_seed: int = 0,
    corrected: bool = True,
) -> pd.DataFrame:
    """Whether groups move apart: pairwise differences of the linear slope of each frame's share over time.

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
    corrected for its leverage; the joint test takes the largest of normal draws with
    the estimated correlations, stretched to Student's t. A straight line is a summary and says nothing of the path.
    """
    error = error_of(classified, corrected)
    frames = list(pd.unique(classified["frame"]))
    found = {}
    for series in series_of(classified, by=by, period=period, corrected=corrected):
        if len(series.n) >= min_documents and len(series.periods) >= 3:
            found[series.name] = (series, *_slope(series, period))
    if len(found) < 2:
        raise InputError(
            f"Trends need two {by}s with {min_documents} dated documents in three {period}s each; "
            f"there are {len(found)}."
        )
    generator = np.random.default_rng(random_seed)
    draws = {
        name: generator.standard_normal((n_bootstrap, len(moves))) @ moves for name, (_, _, moves) in found.items()
    }
    pairs = list(combinations(found, 2))
    largest, rows, statistics = np.zeros(n_bootstrap), [], []
    for a, b in pairs:
        (first, slope_a, moves_a), (second, slope_b, moves_b) = found[a], found[b]
        spread = np.sqrt((moves_a**2).sum(axis=0) + (moves_b**2).sum(axis=0))
        spread = np.maximum(spread, 1e-12)
        degrees = max(min(len(first.n), len(second.n)) - 2, 1)
        moved = np.abs(draws[a] - draws[b]) / spread
        largest = np.maximum(largest, student_values(moved, degrees=degrees).max(axis=1))
        statistics.append(np.where(spread > 1e-12, np.abs(slope_a - slope_b) / spread, 0.0))
        n_documents = len(first.n) + len(second.n)
        n_passages = int(first.n.sum(axis=0).max() + second.n.sum(axis=0).max())
        rows += [
            (frame, a, b, slope_a[k] - slope_b[k], spread[k], slope_a[k], slope_b[k], n_passages, n_documents,
             first.n_gold + second.n_gold) for k, frame in enumerate(frames)
        ]  # fmt: skip
    names = [
        "frame",
        "group_a",
        "group_b",
        "estimate",
        "_error",
        "slope_a",
        "slope_b",
        "n_passages",
        "n_documents",
        "n_gold",
    ]
    table = pd.DataFrame(rows, columns=names)
    statistic = np.concatenate(statistics)
    critical = float(np.quantile(largest, level, method="higher"))
    exceed = n_bootstrap - np.searchsorted(np.sort(largest), statistic)
    table["p_adjusted"] = (1 + exceed) / (1 + n_bootstrap)
    table["differs"] = table["p_adjusted"] < 1 - level
    table["low"], table["high"] = (table["estimate"] + side * critical * table["_error"] for side in (-1, 1))
    table["method"] = METHOD.format(error=error)
    order = np.argsort(-statistic, kind="stable")
    return table.iloc[order][list(SLOPES)].reset_index(drop=True)


def series_of(classified: pd.DataFrame, *, by: str, period: str, corrected: bool) -> Iterator[Series]:
    require_columns(
        classified, (*([by] if by else []), "frame", "document_id", "published"), what="classified passages"
    )
    dated = add_period(classified, period)
    if dated.empty:
        raise InputError("No passage has a date: name the date column in corpus.yaml, or leave trends out.")
    group = by or "_all"
    dated = dated if by else dated.assign(_all="all")
    frames = list(pd.unique(classified["frame"]))
    table, _ = add_outcomes(dated, by=[group], corrected=corrected)
    for name, part in table.groupby(group, sort=True):
        summed = part.assign(n=1.0).groupby(["period", "document_id", "frame"], sort=True)[["n", "outcome"]].sum()
        n = summed["n"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0)
        sums = summed["outcome"].unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0)
        periods = list(n.index.get_level_values("period").unique().sort_values())
        place = pd.Index(periods).get_indexer(n.index.get_level_values("period"))
        n_gold = 0
        if "gold_weight" in part.columns and corrected:
            n_gold = int((part.drop_duplicates("passage_id")["gold_weight"] > 0).sum())
        size = n.to_numpy(float)
        yield Series(str(name), periods, np.asarray(place, dtype=np.int64), size, sums.to_numpy(float), n_gold)


def _slope(series: Series, period: str) -> tuple[Array, Array]:
    """Slope of each frame's share a period, shape (K,), and each document's linearised part in it, shape (D, K)."""
    step = {"day": 1.0, "week": 7.0, "month": 30.4375}[period]
    days = np.array([(moment - pd.Timestamp("2000-01-03")).days for moment in series.periods]) / step
    time = days[series.place][:, None]
    total = np.maximum(series.n.sum(axis=0), 1e-12)
    centred = time - (series.n * time).sum(axis=0) / total
    squares = np.maximum((series.n * centred**2).sum(axis=0), 1e-12)
    mean = series.sums.sum(axis=0) / total
    slope = (centred * series.sums).sum(axis=0) / squares
    residuals = series.sums - series.n * (mean + centred * slope)
    # a document pulls the line towards itself: without it the residual is larger (as the jackknife has it)
    leverage = np.minimum(series.n * (centred**2 / squares + 1 / total), 0.9)
    return slope, centred * residuals / (1 - leverage) / squares
