"""Change points: periods from which the share of a frame is another than before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from framing.defaults import LEVEL, RANDOM_SEED
from framing.estimates.outcomes import describe_classifier_error
from framing.estimates.trends import series_of
from framing.tables import CHANGES
from framing.uncertainty.joint import bonferroni
from framing.uncertainty.resample import TINY

__all__ = ["find_changes"]

METHOD = (
    "PELT on period shares, each break tested by permutation of documents, and its series as a whole, "
    "Bonferroni over {m} series; "
    "the interval takes the break as given; {error}"
)
LEAST_PERIODS = 6
_LEAST_SIZE = 2  # periods on each side of a break
_ENOUGH = 10  # permutations as extreme as the data after which no more are drawn (Besag & Clifford 1991)
_FOR_EACH = 60  # permutations a series, so that a p-value multiplied by the number of series can be small

Array = NDArray[np.float64]


def find_changes(
    classified: pd.DataFrame,
    *,
    by: str = "",
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
    by : str
        Column whose values have a series each; empty: all passages are one.
    period : {"day", "week", "month"}
        Step of time.
    level : float
        Chance that each interval holds, and that no change is falsely called one.
    n_permutations : int
        Permutations a test, at least; more where there are many series.
    random_seed : int
        Start of the draws.
    corrected : bool
        Whether to correct shares with labelled passages, where the table carries them.
    marks : DataFrame, optional
        Events: their `date` and `label`.

    Returns
    -------
    DataFrame
        Columns `framing.tables.CHANGES`, clearest first: `group` (or `all`), `frame`, `change` (first day of the
        first period after the break), `before`, `after` (shares between this break and its neighbours), `estimate`
        (after minus before) with `low, high`, `p_adjusted`, `differs`, counts of the passages, documents and labelled
        passages of both sides, and `near` (events of `marks` within one period: near, not because of). Empty where no
        series has a break, or fewer than six periods with documents.

    Notes
    -----
    Candidates are the best piecewise constant series by weighted least squares, in units of the variance that clustered
    documents give, with a penalty of 2 log T a break (PELT, Killick, Fearnhead & Eckley 2012; library `ruptures`).
    Candidates are where the data bend most, so each is tested against the largest bend that chance makes: documents
    are shuffled over the periods between its neighbouring breaks, and the largest gain of any split is compared with
    the largest found (at least `n_permutations` times; drawing stops early where ten were as extreme). The p-value is
    that of its series as a whole where that is larger: the chance that any stretch of periods differs so much from all
    others (as in circular binary segmentation, Olshen et al. 2004), since the neighbouring breaks were searched for
    too. It is multiplied by the number of series (groups times frames). The test assumes that
    documents are exchangeable over time if nothing changed; a slow drift is found as one or more steps.
    """
    error = describe_classifier_error(classified, corrected)
    every = list(series_of(classified, by=by, period=period, corrected=corrected))
    n_series = sum(series.sums.shape[1] for series in every)
    frames = list(pd.unique(classified["frame"]))
    method = METHOD.format(m=n_series, error=error)
    n_permutations = max(n_permutations, _FOR_EACH * n_series)
    rows = []
    for number, series in enumerate(every):
        if len(series.periods) < LEAST_PERIODS:
            continue
        for column, frame in enumerate(frames):
            generator = np.random.default_rng([random_seed, number, column])
            sums = series.sums[:, column]
            n = series.n[:, column]
            breaks = _candidates(series.place, n, sums)
            edges = [0, *breaks, len(series.periods)]
            somewhere = 1.0
            if breaks:
                somewhere = _permuted(series.place, n, sums, n_permutations, generator, stretches=True)
            for left, middle, right in zip(edges, breaks, edges[2:], strict=False):
                inside = (series.place >= left) & (series.place < right)
                p = _permuted(series.place[inside] - left, n[inside], sums[inside], n_permutations, generator)
                after = series.place[inside] >= middle
                difference = _difference(n[inside], sums[inside], after, level)
                start = series.periods[middle]
                p = float(bonferroni(max(p, somewhere), n_series))
                counts = int(n[inside].sum()), int(inside.sum()), int(series.gold[inside].sum())
                near = _near(start, series.periods[middle - 1], marks)
                rows.append((series.name, frame, start, *difference, p, p < 1 - level, *counts, method, near))
    table = pd.DataFrame(rows, columns=list(CHANGES))
    return table.sort_values(["p_adjusted", "change", "frame"], kind="stable", ignore_index=True)


def _candidates(place: NDArray[np.int64], n: Array, sums: Array) -> list[int]:
    """Places of the first period after each break of the best penalised piecewise constant series."""
    import ruptures
    from ruptures.base import BaseCost

    class WeightedMean(BaseCost):  # type: ignore[misc]
        """Weighted squares about the segment's mean, in units of the variance of clustered documents."""

        model = "weighted mean"
        min_size = _LEAST_SIZE

        def fit(self, signal: Array) -> WeightedMean:
            self.signal = signal
            zero = np.zeros((1, 1))
            self.cumulated = [np.concatenate([zero, part.cumsum(axis=0)]) for part in _squares(signal)]
            return self

        def error(self, start: int, end: int) -> float:
            weight, first, second = (float(part[end, 0] - part[start, 0]) for part in self.cumulated)
            return second - first**2 / weight if weight > 0 else 0.0

    if n.sum() <= 0:
        return []
    mean = sums.sum() / n.sum()
    scale = ((sums - mean * n) ** 2).sum() / n.sum()
    if scale < TINY:
        return []
    weight = np.bincount(place, n)
    share = np.bincount(place, sums) / np.where(weight > 0, weight, 1.0)
    signal = np.column_stack([weight / scale, share])
    penalty = 2 * np.log(len(signal))
    search: Any = ruptures.Pelt(custom_cost=WeightedMean(), min_size=_LEAST_SIZE, jump=1)
    return [int(edge) for edge in search.fit(signal).predict(pen=penalty)[:-1]]


def _squares(signal: Array) -> list[Array]:
    weight, share = signal[:, :1], signal[:, 1:]
    return [weight, weight * share, weight * share**2]


def _permuted(
    place: NDArray[np.int64],
    n: Array,
    sums: Array,
    n_permutations: int,
    generator: np.random.Generator,
    *,
    stretches: bool = False,
) -> float:
    """Chance of a split as good as the best one, were documents shuffled over periods.

    `stretches`: of a stretch of periods anywhere that differs as much from all the others.
    """
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(place[order]) > 0])
    values = np.column_stack([n, sums])[order]
    first, last = np.triu_indices(len(starts) + 1, k=_LEAST_SIZE)
    fits = last - first <= len(starts) - _LEAST_SIZE
    first, last = first[fits], last[fits]

    def best(drawn: Array) -> float:
        totals = np.add.reduceat(drawn, starts, axis=0).cumsum(axis=0)
        whole = totals[-1]
        left = totals[_LEAST_SIZE - 1 : -_LEAST_SIZE]
        if stretches:
            edge = np.vstack([np.zeros((1, 2)), totals])
            left = edge[last] - edge[first]
        right = whole - left
        sizes = np.maximum(left[:, 0], TINY), np.maximum(right[:, 0], TINY)
        gain = left[:, 0] * right[:, 0] / whole[0] * (left[:, 1] / sizes[0] - right[:, 1] / sizes[1]) ** 2
        return float(gain.max())

    observed = best(values)
    reached = 0
    for drawn in range(1, n_permutations + 1):
        reached += best(generator.permutation(values)) >= observed - TINY
        if reached == _ENOUGH:
            return reached / drawn
    return (1 + reached) / (1 + n_permutations)


def _difference(
    n: Array, sums: Array, after: NDArray[np.bool_], level: float
) -> tuple[float, float, float, float, float]:
    """Shares before and after, their difference and its bounds, documents as clusters."""
    shares, variance, degrees = [], 0.0, np.inf
    for side in (~after, after):
        share = sums[side].sum() / n[side].sum()
        m = int(side.sum())
        shares.append(share)
        variance += ((sums[side] - share * n[side]) ** 2).sum() / n[side].sum() ** 2 * m / max(m - 1, 1)
        degrees = min(degrees, max(m - 1, 1))
    gap = shares[1] - shares[0]
    half = float(student.ppf((1 + level) / 2, degrees) * np.sqrt(variance))
    before, after_it = np.clip(shares, 0.0, 1.0)  # corrected shares can leave 0 to 1; their difference is left as it is
    if half <= 0:
        return before, after_it, gap, np.nan, np.nan
    return before, after_it, gap, gap - half, gap + half


def _near(start: pd.Timestamp, before: pd.Timestamp, marks: pd.DataFrame | None) -> str:
    if marks is None or not len(marks):
        return ""
    end = start + (start - before)
    labels: Sequence[str] = marks.loc[(marks["date"] >= before) & (marks["date"] < end), "label"].tolist()
    return "; ".join(labels)
