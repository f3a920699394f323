"""Change points: periods from which the share of a frame is another than before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from framing.defaults import LEVEL, RANDOM_SEED
from framing.estimates.clusters import name_unit
from framing.estimates.outcomes import describe_classifier_error
from framing.estimates.trends import Series, build_series
from framing.tables import CHANGES
from framing.uncertainty.joint import bonferroni
from framing.uncertainty.options import check_interval_options
from framing.uncertainty.resample import TINY

__all__ = ["find_changes"]

METHOD = (
    "PELT on period shares, each break tested by permutation of {unit}s, and its series as a whole, "
    "Bonferroni over {m} series; "
    "the interval takes the break as given; {error}"
)
_NO_INTERVAL = "; no interval: fewer than two independent units before or after"
LEAST_PERIODS = 6
_LEAST_SIZE = 2  # periods on each side of a break
_N_EXTREME = 10  # permutations as extreme as the data after which no more are drawn (Besag & Clifford 1991)
_N_PERMUTATIONS = 60  # for each series, so that a p-value multiplied by the number of series can be small

Array = NDArray[np.float64]


def find_changes(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = None,
    period: str = "week",
    level: float = LEVEL,
    n_permutations: int = 1999,
    random_seed: int = RANDOM_SEED,
    corrected: bool = True,
    marks: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Periods from which the share of a frame is another than before, each tested.

    Parameters
    ----------
    classified : DataFrame
        Classified passages with the date `published`; undated ones are left out.
    by : str, sequence of str or None
        Columns whose values have a series each; None: all passages are one.
    period : {"day", "week", "month"}, default "week"
        Step of time.
    level : float, default 0.95
        Chance that each interval holds, and that no change is falsely called one.
    n_permutations : int, default 1999
        Permutations a test, at least; more where there are many series.
    random_seed : int, optional
        Start of the draws.
    corrected : bool, default True
        Whether to correct shares with labelled passages, where the table has them.
    marks : DataFrame, optional
        Events: their `date` and `label`.

    Returns
    -------
    DataFrame
        Columns `framing.tables.CHANGES`, clearest first: `group` (or `all`), `frame`, `change` (first day of the
        first period after the break), `before`, `after` (shares between this break and its neighbours), `estimate`
        (after minus before) with `low, high`, `p_adjusted`, `differs`, counts of the passages, documents and labelled
        passages of both sides, and `near` (events of `marks` within one period: near, not because of). Empty where no
        series has a break, or all have fewer than six periods with documents.

    Raises
    ------
    InputError
        Where no passage has a date, a column is missing, or `level` is not between 0 and 1.

    Notes
    -----
    Candidates are the best piecewise constant series by weighted least squares, in units of the variance that clustered
    documents give, with a penalty of 2 log T a break (PELT, Killick, Fearnhead & Eckley 2012; library `ruptures`).
    Candidates are where the data bend most, so each is tested against the largest bend that chance makes: documents
    are shuffled over the periods between its neighbouring breaks, and the largest gain of any split is compared with
    the largest of the data (at least `n_permutations` times; drawing stops early where ten were as extreme). The
    p-value is that of its series as a whole where that is larger: the chance that any stretch of periods differs so
    much from all others (as in circular binary segmentation, Olshen et al. 2004), since the neighbouring breaks were
    searched for too. It is multiplied by the number of series (groups times frames). The test assumes that
    documents are exchangeable over time if nothing changed; a slow drift is found as one or more steps.

    Where the table has the column `cluster`, clusters are shuffled in place of documents, each as a whole, and
    intervals are linearised over them: documents of a story, which come together in time, are no evidence of a change
    by their number. For the test a cluster stands in the period that has most of its passages. Few clusters allow few
    orders, so that their p-values cannot be small.
    """
    check_interval_options(level=level)
    all_series = list(build_series(classified, by=by, period=period, corrected=corrected))
    n_series = sum(series.sums.shape[1] for series in all_series)
    frames = list(pd.unique(classified["frame"]))
    error = describe_classifier_error(classified, corrected)
    method = METHOD.format(unit=name_unit(classified), m=n_series, error=error)
    n_permutations = max(n_permutations, _N_PERMUTATIONS * n_series)
    rows = []
    for number, series in enumerate(all_series):
        if len(series.periods) < LEAST_PERIODS:
            continue
        for column, frame in enumerate(frames):
            generator = np.random.default_rng([random_seed, number, column])
            for change in _test_breaks(series, column, n_permutations, generator, level=level, marks=marks):
                p_adjusted = float(bonferroni(change.pop("p_value"), n_series))
                rows.append(
                    {
                        "group": series.name,
                        "frame": frame,
                        **change,
                        "p_adjusted": p_adjusted,
                        "differs": p_adjusted < 1 - level,
                        "method": method + (_NO_INTERVAL if np.isnan(change["low"]) else ""),
                    }
                )
    changes = pd.DataFrame(rows, columns=list(CHANGES))
    return changes.sort_values(["p_adjusted", "change", "frame"], kind="stable", ignore_index=True)


def _test_breaks(
    series: Series,
    column: int,
    n_permutations: int,
    generator: np.random.Generator,
    *,
    level: float,
    marks: pd.DataFrame | None,
) -> Iterator[dict[str, Any]]:
    """Each break of the series of one frame, with its difference, its counts and its p-value."""
    period_of, n, sums = series.period_of, series.n[:, column], series.sums[:, column]
    breaks = _find_candidates(period_of, n, sums, series.unit_of)
    if not breaks:
        return
    edges = [0, *breaks, len(series.periods)]
    p_series = _permute(*_gather_units(period_of, n, sums, series.unit_of), n_permutations, generator, stretches=True)
    for start, middle, end in zip(edges, breaks, edges[2:], strict=False):
        rows = np.flatnonzero((period_of >= start) & (period_of < end))
        inside = period_of[rows], n[rows], sums[rows], series.unit_of[rows]
        p_break = _permute(*_gather_units(*inside), n_permutations, generator)
        yield {
            "change": series.periods[middle],
            **_estimate_difference(*inside, middle, level),
            "n_passages": int(series.passages[rows, column].sum()),
            "n_documents": int(series.documents[rows].sum()),
            "n_gold": int(series.gold[rows].sum()),
            "near": _list_marks(series.periods[middle], series.periods[middle - 1], marks),
            "p_value": max(p_break, p_series),
        }


def _gather_units(
    period_of: NDArray[np.int64], n: Array, sums: Array, unit_of: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Array, Array]:
    """Period, n and sum of each unit as a whole; its period is the first that has most of its passages."""
    units, place = np.unique(unit_of, return_inverse=True)
    order = np.lexsort((period_of, -n, place))  # the most of each unit first
    first = order[np.unique(place[order], return_index=True)[1]]
    n_of_units, sums_of_units = np.zeros((2, len(units)))
    np.add.at(n_of_units, place, n)
    np.add.at(sums_of_units, place, sums)
    return period_of[first], n_of_units, sums_of_units


def _find_candidates(period_of: NDArray[np.int64], n: Array, sums: Array, unit_of: NDArray[np.int64]) -> list[int]:
    """Places of the first period after each break of the best penalised piecewise constant series."""
    import ruptures
    from ruptures.base import BaseCost

    class WeightedMean(BaseCost):  # type: ignore[misc]
        """Weighted squares about the segment's mean, in units of the variance of independent units."""

        model = "weighted mean"
        min_size = _LEAST_SIZE

        def fit(self, signal: Array) -> WeightedMean:
            self.signal = signal
            weight, share = signal[:, :1], signal[:, 1:]
            moments = [weight, weight * share, weight * share**2]
            zero = np.zeros((1, 1))
            self.cumulated = [np.concatenate([zero, moment.cumsum(axis=0)]) for moment in moments]
            return self

        def error(self, start: int, end: int) -> float:
            weight, first, second = (float(part[end, 0] - part[start, 0]) for part in self.cumulated)
            return second - first**2 / weight if weight > 0 else 0.0

    if n.sum() <= 0:
        return []
    mean = sums.sum() / n.sum()
    scale = (np.bincount(unit_of, sums - mean * n) ** 2).sum() / n.sum()
    if scale < TINY:
        return []
    weight = np.bincount(period_of, n)
    share = np.bincount(period_of, sums) / np.where(weight > 0, weight, 1.0)
    signal = np.column_stack([weight / scale, share])
    penalty = 2 * np.log(len(signal))
    search: Any = ruptures.Pelt(custom_cost=WeightedMean(), min_size=_LEAST_SIZE, jump=1)
    return [int(edge) for edge in search.fit(signal).predict(pen=penalty)[:-1]]


def _permute(
    period_of: NDArray[np.int64],
    n: Array,
    sums: Array,
    n_permutations: int,
    generator: np.random.Generator,
    *,
    stretches: bool = False,
) -> float:
    """Chance of a split as good as the best one, were units shuffled over periods.

    With `stretches`: of a stretch of periods anywhere that differs as much from all the others.
    """
    order = np.argsort(period_of, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(period_of[order]) > 0])
    if len(starts) < 2 * _LEAST_SIZE:
        return 1.0
    values = np.column_stack([n, sums])[order]
    first, last = np.triu_indices(len(starts) + 1, k=_LEAST_SIZE)
    leaves_enough = last - first <= len(starts) - _LEAST_SIZE
    first, last = first[leaves_enough], last[leaves_enough]

    def find_largest_gain(units: Array) -> float:
        """Largest gain in squares of any split: `n_1 n_2 / n (share_1 - share_2)**2`."""
        cumulated = np.add.reduceat(units, starts, axis=0).cumsum(axis=0)
        total = cumulated[-1]
        inner = cumulated[_LEAST_SIZE - 1 : -_LEAST_SIZE]
        if stretches:
            edges = np.vstack([np.zeros((1, 2)), cumulated])
            inner = edges[last] - edges[first]
        outer = total - inner
        sizes = np.maximum(inner[:, 0], TINY), np.maximum(outer[:, 0], TINY)
        gain = inner[:, 0] * outer[:, 0] / total[0] * (inner[:, 1] / sizes[0] - outer[:, 1] / sizes[1]) ** 2
        return float(gain.max())

    observed = find_largest_gain(values)
    n_extreme = 0
    for n_drawn in range(1, n_permutations + 1):
        n_extreme += find_largest_gain(generator.permutation(values)) >= observed - TINY
        if n_extreme == _N_EXTREME:
            return n_extreme / n_drawn
    return (1 + n_extreme) / (1 + n_permutations)


def _estimate_difference(
    period_of: NDArray[np.int64], n: Array, sums: Array, unit_of: NDArray[np.int64], middle: int, level: float
) -> dict[str, float]:
    """Shares before and after, their difference and its bounds, linearised over units.

    With m_s units on side s, p_s its share and n_s its passages, unit u contributes
    `psi_us = sqrt(m_s / (m_s - 1)) (y_us - p_s n_us) / n_s` to it; the variance is `sum_u (psi_u1 - psi_u0)**2`.
    """
    place = np.unique(unit_of, return_inverse=True)[1]
    shares, psi, degrees = [], np.zeros((2, len(n))), np.inf
    for number, side in enumerate((period_of < middle, period_of >= middle)):
        share, m = sums[side].sum() / n[side].sum(), len(np.unique(place[side]))
        residuals = np.bincount(place[side], sums[side] - share * n[side], len(n)) / n[side].sum()
        psi[number] = residuals * np.sqrt(m / (m - 1)) if m > 1 else np.nan
        shares.append(share)
        degrees = min(degrees, m - 1)
    variance = ((psi[1] - psi[0]) ** 2).sum()
    difference = shares[1] - shares[0]
    reach = float(student.ppf((1 + level) / 2, degrees) * np.sqrt(variance))
    if not reach > 0:
        reach = np.nan
    before, after = np.clip(shares, 0.0, 1.0)  # corrected shares can leave 0 to 1; their difference is not cut
    return {
        "before": before,
        "after": after,
        "estimate": difference,
        "low": difference - reach,
        "high": difference + reach,
    }


def _list_marks(start: pd.Timestamp, before: pd.Timestamp, marks: pd.DataFrame | None) -> str:
    """Labels of the events within one period of the break, separated by `; `."""
    if marks is None or not len(marks):
        return ""
    end = start + (start - before)
    labels: list[str] = marks.loc[(marks["date"] >= before) & (marks["date"] < end), "label"].tolist()
    return "; ".join(labels)
