"""Strata of a corpus and how many of each are drawn: outlets, spans of weeks, bands of scores."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.corpus.periods import first_days
from framing.errors import InputError
from framing.tables import STRATA, require_columns

__all__ = ["Allocation", "Unit", "apportion", "bands_of", "find_strata", "units_of", "unsureness"]

Unit = Literal["passage", "document"]
Allocation = Literal["equal", "proportional", "neyman"]
Floats = NDArray[np.float64]

_LEAST = 2  # of a stratum, from which its variance can be estimated
_PER_STRATUM = 4  # drawn on average, so that an allocation has something to choose
_CLIP = 0.05  # a score never counts as surer than this: an overconfident classifier would else starve a stratum
_POOL = "(small outlets)"


def units_of(passages: pd.DataFrame, *, unit: Unit = "passage", scores: Floats | None = None) -> pd.DataFrame:
    """What can be drawn, one row each, sorted by id: `unit_id, outlet, published, n_passages, measure, variance`.

    Parameters
    ----------
    passages : with passage_id, document_id, outlet and published.
    scores : shape (n, K), 0 to 1; with one column `measure` is the score itself, else the mean over frames of
        `score (1 - score)`, how unsure the classifier is. Of a document it is the mean of its passages.

    `variance` is the sum over its passages of the mean of `score (1 - score)`, scores held within 0.05 and 0.95: what
    the labels of the unit would vary by if scores were chances. Both are constant without scores.
    """
    require_columns(passages, ("passage_id", "document_id", "outlet", "published"), what="passages to draw from")
    if unit not in get_args(Unit):
        raise InputError(f"expected one of {', '.join(get_args(Unit))}, got {unit!r}.", argument="unit")
    if passages.empty:
        raise InputError("There are no passages to draw from.")
    twice = passages["passage_id"][passages["passage_id"].duplicated()]
    if len(twice):
        raise InputError(f"passages: the passage_id {twice.iloc[0]!r} occurs twice; each must be of its own.")
    measure, variance = unsureness(len(passages), scores)
    table = pd.DataFrame(
        {
            "unit_id": passages["passage_id" if unit == "passage" else "document_id"].astype(str).to_numpy(object),
            "passage_id": passages["passage_id"].astype(str).to_numpy(object),
            "outlet": passages["outlet"].astype(str).to_numpy(object),
            "published": pd.to_datetime(passages["published"]).to_numpy(),
            "measure": measure,
            "variance": variance,
        }
    ).sort_values(["unit_id", "passage_id"], ignore_index=True)  # sums of floats depend on their order
    grouped = table.groupby("unit_id", sort=True)
    if unit == "document" and (grouped["outlet"].nunique() > 1).any():
        name = (grouped["outlet"].nunique() > 1).idxmax()
        raise InputError(f"passages: the document {name!r} stands under several outlets; it cannot be drawn as one.")
    found = grouped.agg(
        outlet=("outlet", "first"), published=("published", "first"), n_passages=("passage_id", "size"),
        measure=("measure", "mean"), variance=("variance", "sum"),
    )  # fmt: skip
    return found.reset_index()


def unsureness(n: int, scores: Floats | None) -> tuple[Floats, Floats]:
    """`measure` and `variance` of each of n passages, as `units_of` describes them, shape (n,)."""
    if scores is None:
        return np.zeros(n), np.full(n, 0.25)
    values = np.asarray(scores, dtype=float)
    if values.ndim != 2 or len(values) != n or not values.shape[1]:
        raise InputError(f"scores: expected the shape ({n}, number of frames), got {values.shape}.")
    if not ((values >= 0) & (values <= 1)).all():
        raise InputError("scores: expected numbers from 0 to 1; there are others.")
    held = np.clip(values, _CLIP, 1 - _CLIP)
    measure = values[:, 0] if values.shape[1] == 1 else (values * (1 - values)).mean(axis=1)
    return measure, (held * (1 - held)).mean(axis=1)


def find_strata(
    units: pd.DataFrame,
    *,
    size: int,
    allocation: Allocation = "equal",
    n_bands: int = 3,
    by_period: bool = True,
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Strata with the number to draw of each, columns `STRATA`, and the stratum of each unit, shape (n,).

    An outlet's strata are its spans of consecutive weeks times `n_bands` bands of `measure` within each span, of equal
    size. Weeks are joined, then bands, until four units are drawn of a stratum on average. Each stratum gives at least
    two units (one where it holds no more), so that each unit's chance `n_drawn / n_units` is positive and variances can
    be estimated; if `size` is too small for that, the smallest outlets are joined to one stratum.

    Parameters
    ----------
    allocation : `equal`: the same number for each outlet, and within it after Neyman (1934), in proportion to the
        number of units times the standard deviation that scores let expect. `neyman`: so among outlets too.
        `proportional`: in proportion to the number of units throughout.

    Raises
    ------
    InputError
        For a size below two or above the number of units, or an unknown allocation.
    """
    if allocation not in get_args(Allocation):
        raise InputError(
            f"expected one of {', '.join(get_args(Allocation))}, got {allocation!r}.", argument="allocation"
        )
    if not _LEAST <= size <= len(units):
        raise InputError(f"expected 2 to {len(units)}, as many as there are to draw from; got {size}.", argument="size")
    if n_bands < 1:
        raise InputError(f"n_bands: expected 1 or more bands of scores, got {n_bands}.")
    outlets = _pooled(units["outlet"], size)
    names = sorted(set(outlets))
    rows_of = [np.flatnonzero(outlets == name) for name in names]
    variance = units["variance"].to_numpy(float)
    sizes = [len(rows) for rows in rows_of]
    spread = [float(np.sqrt(variance[rows].mean())) for rows in rows_of]
    weights = {
        "equal": [1.0] * len(names),
        "proportional": [float(n) for n in sizes],
        "neyman": [n * s for n, s in zip(sizes, spread, strict=True)],
    }[allocation]
    code = np.zeros(len(units), dtype=np.int64)
    strata: list[dict[str, object]] = []
    for name, rows, share in zip(names, rows_of, apportion(sizes, weights, size), strict=True):
        own = units.iloc[rows]
        cells = _cells(own, int(share), n_bands=n_bands if own["measure"].nunique() > 1 else 1, by_period=by_period)
        n_units = [len(cell) for *_, cell in cells]
        deviation = [1.0 if allocation == "proportional" else _deviation(own, cell) for *_, cell in cells]
        n_drawn = apportion(n_units, [n * s for n, s in zip(n_units, deviation, strict=True)], int(share))
        for (label, ends, band, cell), drawn in zip(cells, n_drawn, strict=True):
            code[rows[cell]] = len(strata)
            strata.append(
                {
                    "stratum": name + label,
                    "outlet": name,
                    "first": ends[0],
                    "last": ends[1],
                    "band": band,
                    "n_units": len(cell),
                    "n_passages": int(own["n_passages"].to_numpy()[cell].sum()),
                    "n_drawn": int(drawn),
                    "inclusion_probability": int(drawn) / len(cell),
                }
            )
    return pd.DataFrame(strata, columns=list(STRATA)), code


def apportion(sizes: Sequence[int], weights: Sequence[float], total: int) -> NDArray[np.int64]:
    """How many of `total` each part gives: in proportion to `weights`, two at least, its size at most.

    Rounded so that `sum(weights**2 / n)` is least (Wright 2012): the optimum of Neyman (1934) in whole numbers.
    Raises `InputError` where two of each are more than `total`.

    >>> apportion([100, 100, 3], [10.0, 30.0, 0.1], 42).tolist()
    [10, 30, 2]
    """
    found = np.array([min(_LEAST, size) for size in sizes], dtype=np.int64)
    if found.sum() > total:
        raise InputError(f"{total} cannot give {_LEAST} units to each of {len(sizes)} strata; draw {found.sum()}.")
    queue = [(-weights[h] / np.sqrt(n * (n + 1)), h) for h, n in enumerate(found) if n < sizes[h]]
    heapq.heapify(queue)
    for _ in range(total - int(found.sum())):
        _, h = heapq.heappop(queue)
        found[h] += 1
        if found[h] < sizes[h]:
            heapq.heappush(queue, (-weights[h] / np.sqrt(found[h] * (found[h] + 1)), h))
    return found


def bands_of(measure: Floats, n_bands: int) -> NDArray[np.int64]:
    """Band of each value, 0 to `n_bands - 1`, of equal size; of equal values the first come first.

    >>> bands_of(np.array([0.9, 0.1, 0.5, 0.2]), 2).tolist()
    [1, 0, 1, 0]
    """
    rank = np.empty(len(measure), dtype=np.int64)
    rank[np.argsort(measure, kind="stable")] = np.arange(len(measure))
    found: NDArray[np.int64] = rank * n_bands // max(len(measure), 1)
    return found


def _pooled(outlets: pd.Series, size: int) -> NDArray[np.object_]:
    """Outlets, the smallest joined to one until two units of each are no more than `size`."""
    counts = sorted(outlets.value_counts().items(), key=lambda item: (item[1], str(item[0])))
    needed = sum(min(_LEAST, n) for _, n in counts)
    joined: set[object] = set()
    for name, n in counts:
        if needed <= size:
            break
        needed += (_LEAST if not joined else 0) - min(_LEAST, n)
        joined.add(name)
    return np.array([_POOL if name in joined else name for name in outlets], dtype=object)


def _cells(
    own: pd.DataFrame, share: int, *, n_bands: int, by_period: bool
) -> list[tuple[str, tuple[Any, Any], int, NDArray[np.int64]]]:
    """Strata of an outlet that gives `share` units: label, first and last week, band, places within `own`."""
    bands = min(n_bands, max(1, share // _PER_STRATUM), max(1, len(own) // _LEAST))
    n_spans = max(1, share // (_PER_STRATUM * bands)) if by_period else 1
    weeks = first_days(own["published"], "week")
    found = []
    for span in _spans(weeks, n_spans, least=_LEAST * bands):
        dated = weeks.iloc[span].dropna()
        ends = (dated.min(), dated.max()) if by_period else (pd.NaT, pd.NaT)
        label = ""
        if by_period:
            parts = [f"weeks of {ends[0]:%Y-%m-%d} to {ends[1]:%Y-%m-%d}"] if len(dated) else []
            label = " | " + " and ".join([*parts, *["undated"] * (len(dated) < len(span))])
        band = bands_of(own["measure"].to_numpy(float)[span], bands)
        for number in range(bands):
            mark = f" | scores {number + 1} of {bands}" if bands > 1 else ""
            found.append((label + mark, ends, number + 1, span[band == number]))
    return found


def _spans(weeks: pd.Series, n_spans: int, *, least: int) -> list[NDArray[np.int64]]:
    """Places of at most `n_spans` runs of weeks, each of `least` units or more; undated units come last."""
    code, _ = pd.factorize(weeks, sort=True, use_na_sentinel=False)
    order = np.argsort(code, kind="stable")
    wanted = max(least, -(-len(weeks) // n_spans))
    spans: list[NDArray[np.int64]] = []
    start = 0
    ends = np.flatnonzero(np.diff(code[order], append=-1)) + 1  # behind the last unit of each week
    for end in ends:
        if end - start >= wanted:
            spans.append(order[start:end])
            start = int(end)
    rest = order[start:]
    if not len(rest):
        return [np.sort(span) for span in spans]
    if spans:
        spans[-1] = np.concatenate([spans[-1], rest])
    else:
        spans.append(rest)
    return [np.sort(span) for span in spans]  # by unit_id, in which equal measures are told apart


def _deviation(own: pd.DataFrame, cell: NDArray[np.int64]) -> float:
    return float(np.sqrt(own["variance"].to_numpy(float)[cell].mean()))
