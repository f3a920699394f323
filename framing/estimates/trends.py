"""Shares over time, group by group: independent units in their periods, and whether groups move apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.periods import add_period, find_period
from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import TooLittleDataError
from framing.estimates.clusters import WEIGHT, find_unit, name_unit
from framing.estimates.groups import join_groups
from framing.estimates.outcomes import add_outcomes, describe_classifier_error
from framing.tables import ESTIMATE, SLOPES, groups_in_words
from framing.texts import phrase, retell
from framing.uncertainty.joint import adjust_p_values, critical_values, largest_statistics, single_p_values
from framing.uncertainty.options import check_interval_options
from framing.uncertainty.resample import TINY

__all__ = ["Series", "build_series", "compare_trends"]

METHOD = "difference of linear slopes; joint max-t over all pairs and frames, {unit}s as independent units; {error}"
_NO_INTERVAL = "; no interval: fewer than {least} independent units"
_STILL = "; no interval: no unit of either group leaves its line, as where no passage has the frame"
_LEAST_PERIODS = 3
_COUNTS = ESTIMATE[3:6]  # n_passages, n_documents, n_gold
_LARGEST_LEVERAGE = 0.9
_ORIGIN = pd.Timestamp("2000-01-03")  # a Monday, from which days are counted

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """Independent units (clusters, or documents) of one group over time; a row a unit and period, D of them.

    Attributes
    ----------
    name : str
        The group.
    periods : list of Timestamp
        First days of the periods in which it has documents.
    period_of, unit_of : array of int
        Period of each row, as its place in `periods`, and its unit, shape (D,). A document that is a unit counts as
        another one in each of its periods.
    n, sums : array
        Weight of the passages (their number where they have none) and sums of outcomes, shape (D, K).
    passages : array
        Passages, shape (D, K).
    documents, gold : array of int
        Documents, and labelled passages that outcomes are corrected with, of each row, shape (D,).
    """

    name: str
    periods: list[pd.Timestamp]
    period_of: NDArray[np.int64]
    unit_of: NDArray[np.int64]
    n: Array
    sums: Array
    passages: Array
    documents: NDArray[np.int64]
    gold: NDArray[np.int64]

    @property
    def n_passages(self) -> int:
        """Passages of the frame that has most."""
        return int(self.passages.sum(axis=0).max())

    @property
    def n_documents(self) -> int:
        """Documents; one that has passages in two periods counts in each."""
        return int(self.documents.sum())

    @property
    def n_units(self) -> int:
        """Independent units."""
        return int(self.unit_of.max()) + 1

    @property
    def n_gold(self) -> int:
        """Labelled passages."""
        return int(self.gold.sum())


@dataclass(frozen=True)
class _Trend:
    """Slope of each frame's share a period, shape (K,), and the contribution `psi` of each unit to it, (units, K)."""

    series: Series
    slope: Array
    psi: Array


def compare_trends(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] = "outlet",
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
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    period : {"day", "week", "month"}, default "week"
        Step of time.
    level : float, default 0.95
        Chance that all intervals hold, and that no difference is falsely called one.
    n_bootstrap : int, default 2000
        Number of draws.
    min_documents : int, default 5
        Groups with fewer dated documents are left out.
    random_seed : int, optional
        Start of the draws.
    corrected : bool, default True
        Whether to correct shares with labelled passages, where the table has them.

    Returns
    -------
    DataFrame
        Columns `framing.tables.SLOPES`, clearest first. `slope_a, slope_b` and their difference `estimate` are in
        shares a period; `low, high` and `differs` hold jointly for all rows. Groups that have `min_documents`
        documents, but fewer independent units, have no intervals (NaN) and no part in the joint test; nor have rows in
        which no unit of either group leaves its line, as where no passage has the frame. `method` says why.

    Raises
    ------
    InputError
        Where a column is missing, or fewer than two groups have `min_documents` dated documents in at least three
        periods.
        Also unless `level` lies between 0 and 1 and `n_bootstrap` is at least 1.

    Notes
    -----
    Slopes are least squares of the outcome of passages on the number of the period, each over the periods that the
    group has. Errors are linearised over independent units (the column `cluster`, else documents), each corrected for
    its leverage; the joint test (max-t of `framing.uncertainty.joint`) takes the largest of normal draws with the
    estimated correlations, stretched to Student's t with as many degrees of freedom as the smaller group has units,
    less two. No row is surer than it would be by itself. A straight line is a summary and says nothing of the path.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    table, group = join_groups(classified, by, ("frame", "document_id", "published"))
    frames = list(pd.unique(table["frame"]))
    trends = {}
    for series in build_series(table, by=group, period=period, corrected=corrected):
        if series.n_documents >= min_documents and len(series.periods) >= _LEAST_PERIODS:
            trends[series.name] = _fit_line(series, period)
    if len(trends) < 2:
        raise TooLittleDataError(
            phrase(
                "Trends need two {groups} with {min_documents} dated documents in three {periods} each; "
                "there are {n_trends}. Choose a shorter period, lower min_documents, or add documents.",
                groups=retell(groups_in_words(group)),
                min_documents=min_documents,
                periods=retell(f"{period}s"),
                n_trends=len(trends),
            )
        )
    generator = np.random.default_rng(random_seed)
    draws = {
        name: generator.standard_normal((n_bootstrap, len(trend.psi))) @ trend.psi for name, trend in trends.items()
    }
    variances = {name: (trend.psi**2).sum(axis=0) for name, trend in trends.items()}
    pairs = list(combinations(trends, 2))
    first, second = ([trends[pair[side]] for pair in pairs] for side in (0, 1))
    slope_a, slope_b = (np.array([trend.slope for trend in side]) for side in (first, second))
    error = np.maximum([np.sqrt(variances[a] + variances[b]) for a, b in pairs], TINY)
    n_units = np.array([min(a.series.n_units, b.series.n_units) for a, b in zip(first, second, strict=True)])
    least = max(min_documents, _LEAST_PERIODS)  # without clusters, three periods have at least three units
    tested = n_units >= least
    degrees = np.where(tested, n_units - 2.0, np.nan)[:, None]
    null_statistics = ((draws[a] - draws[b]) / error[pair] for pair, (a, b) in enumerate(pairs) if tested[pair])
    largest = largest_statistics(null_statistics, n_draws=n_bootstrap, degrees=degrees[tested])
    # two slopes whose units all lie on their lines vary by rounding alone, which is no evidence, not even of no change
    judged = tested[:, None] & (error > TINY)
    statistic = np.where(judged, np.abs(slope_a - slope_b) / error, np.nan)
    p_adjusted = adjust_p_values(statistic, largest, single=single_p_values(statistic, degrees))
    reach = np.where(judged, critical_values(largest, level=level, degrees=degrees) * error, np.nan)
    k = len(frames)
    counts = {
        name: [getattr(a.series, name) + getattr(b.series, name) for a, b in zip(first, second, strict=True)]
        for name in _COUNTS
    }
    method = METHOD.format(unit=name_unit(table), error=describe_classifier_error(table, corrected))
    reason = np.where(judged, "", np.where(tested[:, None], _STILL, _NO_INTERVAL.format(least=least)))
    slopes = pd.DataFrame(
        {
            "frame": frames * len(pairs),
            "group_a": np.repeat([a for a, _ in pairs], k),
            "group_b": np.repeat([b for _, b in pairs], k),
            "estimate": (slope_a - slope_b).ravel(),
            "low": (slope_a - slope_b - reach).ravel(),
            "high": (slope_a - slope_b + reach).ravel(),
            "p_adjusted": p_adjusted.ravel(),
            "differs": (p_adjusted < 1 - level).ravel(),
            **{name: np.repeat(values, k) for name, values in counts.items()},
            "method": [method + why for why in reason.ravel()],
            "slope_a": slope_a.ravel(),
            "slope_b": slope_b.ravel(),
        }
    )
    order = np.argsort(-statistic.ravel(), kind="stable")
    return slopes.iloc[order][list(SLOPES)].reset_index(drop=True)


def build_series(
    classified: pd.DataFrame, *, by: str | Sequence[str] | None, period: str, corrected: bool
) -> Iterator[Series]:
    """Independent units in their periods, group by group.

    Parameters
    ----------
    classified : DataFrame
        Classified passages with the date `published`; undated ones are left out.
    by : str, sequence of str or None
        Columns that make the groups; None: all passages are one.
    period : {"day", "week", "month"}
        Step of time.
    corrected : bool
        Whether to correct outcomes with labelled passages, where the table has them.

    Yields
    ------
    Series
        One a group, in the order of their names.

    Raises
    ------
    InputError
        Where no passage has a date, or a column is missing.
    """
    table, group = join_groups(classified, by, ("frame", "document_id", "published"))
    dated = add_period(table, period)
    if dated.empty:
        raise TooLittleDataError(
            phrase("No passage has a date: name the date column in corpus.yaml, or leave 04_time out of the report.")
        )
    frames = list(pd.unique(table["frame"]))
    outcomes, is_corrected = add_outcomes(dated, by=group, corrected=corrected)
    unit = find_unit(outcomes)
    keys = ["period", unit]

    def spread_frames(values: pd.Series) -> pd.DataFrame:
        """A row a unit and period, a column a frame."""
        return values.unstack("frame", fill_value=0).reindex(columns=frames, fill_value=0)

    for name, part in outcomes.groupby(group):
        rows = part.groupby([*keys, "frame"])
        summed = rows[["n", "outcome"]].sum()
        n, sums = spread_frames(summed["n"]), spread_frames(summed["outcome"])
        passages = spread_frames(rows.size()) if WEIGHT in part.columns else n
        periods = list(n.index.get_level_values("period").unique().sort_values())
        unit_of: NDArray[np.int64] = np.arange(len(n), dtype=np.int64)
        documents, gold = np.ones(len(n), dtype=np.int64), np.zeros(len(n), dtype=np.int64)
        if unit != "document_id":
            unit_of = pd.factorize(n.index.get_level_values(unit))[0].astype(np.int64)
            counts = part.groupby(keys)["document_id"].nunique()
            documents = np.asarray(counts.reindex(n.index), dtype=np.int64)
        if is_corrected:
            labelled = part[part["gold_weight"] > 0].groupby(keys)["passage_id"].nunique()
            gold = np.asarray(labelled.reindex(n.index, fill_value=0), dtype=np.int64)
        yield Series(
            name=str(name),
            periods=periods,
            period_of=np.asarray(pd.Index(periods).get_indexer(n.index.get_level_values("period")), dtype=np.int64),
            unit_of=unit_of,
            n=n.to_numpy(float),
            sums=sums.to_numpy(float),
            passages=passages.to_numpy(float),
            documents=documents,
            gold=gold,
        )


def _fit_line(series: Series, period: str) -> _Trend:
    """Least squares of a group's outcomes on time, in periods.

    With n_d passages (or their weight) of row d at time t_d, mean time t and squares `S = sum n_d (t_d - t)**2`, the
    slope is `sum (t_d - t) y_d / S` over sums of outcomes y_d. For unit u, with the residuals r_d of its rows and the
    leverage `h_u = sum_{d in u} n_d ((t_d - t)**2 / S + 1 / n)`, `psi_u = sum_{d in u} (t_d - t) r_d / (1 - h_u) / S`:
    without the unit its residuals would be larger, as in the jackknife.
    """
    days = np.array([(first_day - _ORIGIN).days for first_day in series.periods])
    time = (days / find_period(period).days)[series.period_of][:, None]
    n_total = np.maximum(series.n.sum(axis=0), TINY)
    centred = time - (series.n * time).sum(axis=0) / n_total
    squares = np.maximum((series.n * centred**2).sum(axis=0), TINY)
    mean = series.sums.sum(axis=0) / n_total
    slope = (centred * series.sums).sum(axis=0) / squares
    residuals = series.sums - series.n * (mean + centred * slope)
    score, leverage = np.zeros((2, series.n_units, series.n.shape[1]))
    np.add.at(score, series.unit_of, centred * residuals)
    np.add.at(leverage, series.unit_of, series.n * (centred**2 / squares + 1 / n_total))
    return _Trend(series, slope, psi=score / (1 - np.minimum(leverage, _LARGEST_LEVERAGE)) / squares)
