"""Strata of a corpus and how many of each are drawn: outlets, spans of weeks, bands of scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.coding.allocation import MIN_DRAWN, Allocation, apportion
from framing.coding.units import assign_bands
from framing.corpus.periods import first_days
from framing.errors import InputError
from framing.tables import STRATA

__all__ = ["find_strata"]

Places = NDArray[np.int64]

_PER_STRATUM = 4  # drawn on average, so that an allocation has something to choose
_POOL = "(smallest outlets together)"


def find_strata(
    units: pd.DataFrame,
    *,
    size: int,
    allocation: Allocation = "equal",
    n_bands: int = 3,
    by_period: bool = True,
) -> tuple[pd.DataFrame, Places]:
    """Strata of units, and how many to draw of each.

    Parameters
    ----------
    units : DataFrame
        n rows, as from `list_units`.
    size : int
        Number of units to draw, 2 to n.
    allocation : {"equal", "proportional", "neyman"}, default "equal"
        `equal`: the same number for each outlet, and within it after Neyman (1934), in proportion to the
        number of units times the standard deviation that scores let expect. `neyman`: so among outlets too.
        `proportional`: in proportion to the number of units throughout.
    n_bands : int, default 3
        Bands of `measure` within each span of weeks.
    by_period : bool, default True
        Whether an outlet is divided into spans of weeks.

    Returns
    -------
    tuple of DataFrame and ndarray of int
        Strata, columns `STRATA`, and the row of each unit's stratum there, shape (n,).

    Raises
    ------
    InputError
        For a size below two or above the number of units, no bands, or an unknown allocation.

    Notes
    -----
    An outlet's strata are its spans of consecutive weeks times `n_bands` bands of `measure` within each span, of equal
    size. Weeks are joined, then bands, until four units are drawn of a stratum on average. Each stratum gives at least
    two units (one where it holds no more), so that each unit's chance `n_drawn / n_units` is positive and variances can
    be estimated; if `size` is too small for that, the smallest outlets are joined to one stratum.
    """
    _check_options(len(units), size=size, allocation=allocation, n_bands=n_bands)
    outlets = _pool_small_outlets(units["outlet"], size)
    names = sorted(set(outlets))
    rows_by_outlet = [np.flatnonzero(outlets == name) for name in names]
    codes = np.zeros(len(units), dtype=np.int64)
    strata: list[dict[str, object]] = []
    sizes = [len(rows) for rows in rows_by_outlet]
    weights = _weigh_outlets(units, rows_by_outlet, allocation)
    for name, rows, n_drawn in zip(names, rows_by_outlet, apportion(sizes, weights, size), strict=True):
        of_outlet = units.iloc[rows]
        for stratum in _divide_outlet(of_outlet, int(n_drawn), n_bands=n_bands, by_period=by_period, by=allocation):
            codes[rows[stratum.places]] = len(strata)
            strata.append(
                {
                    "stratum": name + stratum.label,
                    "outlet": name,
                    "first": stratum.first,
                    "last": stratum.last,
                    "band": stratum.band,
                    "n_units": len(stratum.places),
                    "n_passages": int(of_outlet["n_passages"].to_numpy()[stratum.places].sum()),
                    "n_drawn": stratum.n_drawn,
                    "inclusion_probability": stratum.n_drawn / len(stratum.places),
                }
            )
    return pd.DataFrame(strata, columns=list(STRATA)), codes


def _check_options(n_units: int, *, size: int, allocation: str, n_bands: int) -> None:
    if allocation not in get_args(Allocation):
        raise InputError(
            f"expected one of {', '.join(get_args(Allocation))}, got {allocation!r}.", argument="allocation"
        )
    if not MIN_DRAWN <= size <= n_units:
        raise InputError(f"expected 2 to {n_units}, as many as there are to draw from; got {size}.", argument="size")
    if n_bands < 1:
        raise InputError(f"n_bands: expected 1 or more bands of scores, got {n_bands}.")


def _pool_small_outlets(outlets: pd.Series, size: int) -> NDArray[np.object_]:
    """Outlets, the smallest joined to one until two units of each are no more than `size`."""
    counts = sorted(outlets.value_counts().items(), key=lambda item: (item[1], str(item[0])))
    n_needed = sum(min(MIN_DRAWN, n) for _, n in counts)
    pooled: set[object] = set()
    for name, n in counts:
        if n_needed <= size:
            break
        n_needed += (MIN_DRAWN if not pooled else 0) - min(MIN_DRAWN, n)
        pooled.add(name)
    return np.array([_POOL if name in pooled else name for name in outlets], dtype=object)


def _weigh_outlets(units: pd.DataFrame, rows_by_outlet: Sequence[Places], allocation: Allocation) -> list[float]:
    """Weight of each outlet, by which the total is shared out."""
    if allocation == "equal":
        return [1.0] * len(rows_by_outlet)
    if allocation == "proportional":
        return [float(len(rows)) for rows in rows_by_outlet]
    return [len(rows) * _expect_deviation(units, rows) for rows in rows_by_outlet]


class _Stratum(NamedTuple):
    """A stratum of an outlet: first and last week (NaT: none), band of scores, places of its units in the outlet."""

    label: str
    first: object
    last: object
    band: int
    places: Places
    n_drawn: int = 0


def _divide_outlet(
    units: pd.DataFrame, n_drawn: int, *, n_bands: int, by_period: bool, by: Allocation
) -> list[_Stratum]:
    """Strata of an outlet that gives `n_drawn` units, with the number that each gives."""
    if units["measure"].nunique() <= 1:
        n_bands = 1
    n_bands = min(n_bands, max(1, n_drawn // _PER_STRATUM), max(1, len(units) // MIN_DRAWN))
    n_spans = max(1, n_drawn // (_PER_STRATUM * n_bands)) if by_period else 1
    measure = units["measure"].to_numpy(float)
    weeks = first_days(units["published"], "week")
    strata = []
    for span in _divide_weeks(weeks, n_spans, min_units=MIN_DRAWN * n_bands):
        dated = weeks.iloc[span].dropna()
        first, last = (dated.min(), dated.max()) if by_period else (pd.NaT, pd.NaT)
        label = ""
        if by_period:
            parts = [f"weeks of {first:%Y-%m-%d} to {last:%Y-%m-%d}"] if len(dated) else []
            label = " | " + " and ".join([*parts, *["undated"] * (len(dated) < len(span))])
        bands = assign_bands(measure[span], n_bands)
        for band in range(n_bands):
            suffix = f" | scores {band + 1} of {n_bands}" if n_bands > 1 else ""
            strata.append(_Stratum(label + suffix, first, last, band + 1, span[bands == band]))
    sizes = [len(stratum.places) for stratum in strata]
    deviations = [1.0 if by == "proportional" else _expect_deviation(units, stratum.places) for stratum in strata]
    weights = [n * deviation for n, deviation in zip(sizes, deviations, strict=True)]
    numbers = apportion(sizes, weights, n_drawn)
    return [stratum._replace(n_drawn=int(n)) for stratum, n in zip(strata, numbers, strict=True)]


def _divide_weeks(weeks: pd.Series, n_spans: int, *, min_units: int) -> list[Places]:
    """Places of at most `n_spans` runs of weeks, each of `min_units` units or more; undated units come last."""
    codes, _ = pd.factorize(weeks, sort=True, use_na_sentinel=False)
    order = np.argsort(codes, kind="stable")
    span_size = max(min_units, -(-len(weeks) // n_spans))
    spans: list[Places] = []
    start = 0
    ends = np.flatnonzero(np.diff(codes[order], append=-1)) + 1  # behind the last unit of each week
    for end in ends:
        if end - start >= span_size:
            spans.append(order[start:end])
            start = int(end)
    rest = order[start:]
    if len(rest):
        spans = [*spans[:-1], np.concatenate([*spans[-1:], rest])]
    return [np.sort(span) for span in spans]  # by unit_id, which decides the band where measures are equal


def _expect_deviation(units: pd.DataFrame, places: Places) -> float:
    """Standard deviation of labels that scores let expect among some of the units."""
    return float(np.sqrt(units["variance"].to_numpy(float)[places].mean()))
