"""Whether the classifier errs differently on different groups: errors that do bias comparisons of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from framing.errors import InputError
from framing.measures import number_documents, ratio, read_decisions, require_alike
from framing.resample import exact_bounds, resampled_totals, student_values
from framing.tables import ESTIMATE

__all__ = ["MEASURES", "error_differences"]

Floats = NDArray[np.float64]

MEASURES = ("recall", "false_positive_rate")
METHOD = "difference; joint max-t over all frames, measures and pairs, document bootstrap within groups"
_STILL = 1e-9  # spread of draws below which only rounding varies


@dataclass(frozen=True)
class _Rates:
    """Recall, then false-positive rate, of each frame in one group; arrays of shape (2K,), `draws` (B, 2K)."""

    point: Floats
    draws: Floats
    errors: Floats
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]
    n_gold: int


def error_differences(
    gold: NDArray[np.bool_],
    decided: NDArray[np.bool_] | NDArray[np.str_],
    *,
    groups: Sequence[str],
    frames: Sequence[str],
    documents: Sequence[str],
    level: float = 0.95,
    n_bootstrap: int = 2000,
    min_documents: int = 5,
    random_seed: int = 0,
) -> pd.DataFrame:
    """All pairwise differences between groups (outlets) in the errors made on each frame.

    Parameters
    ----------
    gold, decided : shape (n, K), as in `evaluate_decisions`; abstentions are left out.
    groups, documents : length n; documents are resampled within their group.

    Returns
    -------
    DataFrame
        `frame, measure, group_a, group_b`, the estimate columns and `differs`, clearest first. `measure` is
        `recall` (share of the passages with the gold frame that were given it) or `false_positive_rate`
        (share of those without it that were given it); `estimate` is the rate in `group_a` less that in
        `group_b`. `low, high` hold jointly for all rows at `level`, and `differs` says whether they leave
        zero out; it is a nullable boolean. `n_passages, n_documents` count what the two rates rest on, `n_gold` all
        labelled passages. Where a rate rests on fewer than `min_documents` documents nothing is known: no
        interval (NaN), `differs` is NA, and `method` names the group.

    Raises
    ------
    InputError
        When there are fewer than two groups, or arrays are not alike.

    Notes
    -----
    Single-step max-t (Westfall & Young 1993) over all rows. The critical value is stretched from the normal
    towards Student's t row by row, with as many degrees of freedom as the rate that rests on fewer
    documents has of them, less one: one stretch for all would let the rarest frame widen every interval.
    Where no draw varies, the standard error comes from the exact bound. No difference found is no proof of
    equal errors: read the width of the interval.
    """
    require_alike(frames, gold=gold, decided=decided)
    number_documents(groups, n=len(gold), what="groups")
    number_documents(documents, n=len(gold))
    labels = np.asarray(groups, dtype=str)
    names = [str(name) for name in np.unique(labels)]
    if len(names) < 2:
        raise InputError(f"A comparison of errors needs at least two groups; there is only {names[0]}.")
    present, absent = read_decisions(decided)
    top = np.hstack([gold & present, ~gold & present])
    base = np.hstack([gold & (present | absent), ~gold & (present | absent)])
    owners = np.asarray(documents, dtype=object)
    rates = []
    for number, name in enumerate(names):
        rows = labels == name
        generator = np.random.default_rng([random_seed, number])
        rates.append(_rates(top[rows], base[rows], owners[rows].tolist(), n_bootstrap, level, generator))
    pairs = list(combinations(range(len(names)), 2))
    difference = np.array([rates[a].point - rates[b].point for a, b in pairs])
    error = np.array([np.hypot(rates[a].errors, rates[b].errors) for a, b in pairs])
    smaller = np.array([np.minimum(rates[a].n_documents, rates[b].n_documents) for a, b in pairs])
    enough = smaller >= max(min_documents, 2)
    largest = np.zeros(n_bootstrap)
    for place, (a, b) in enumerate(pairs):
        used = np.flatnonzero(enough[place])
        moved = np.abs(rates[a].draws[:, used] - rates[b].draws[:, used] - difference[place, used])
        largest = np.maximum(largest, np.nan_to_num(moved / error[place, used]).max(axis=1, initial=0.0))
    # where no draw moves at all, one comparison still has the normal quantile
    critical = max(float(np.quantile(largest, level, method="higher")), float(norm.ppf((1 + level) / 2)))
    rows_out = []
    for place, (a, b) in enumerate(pairs):
        for column in range(2 * len(frames)):
            kind, frame = divmod(column, len(frames))
            degrees = max(int(smaller[place, column]) - 1, 1)
            reach = float(student_values(np.array(critical), degrees=degrees))
            estimate, half = difference[place, column], reach * error[place, column]
            low, high, method, clear = max(-1.0, estimate - half), min(1.0, estimate + half), METHOD, -1.0
            differs: bool | None = None
            if enough[place, column]:
                clear = abs(estimate) / half
                differs = clear > 1
            else:
                few = min((a, b), key=lambda group: int(rates[group].n_documents[column]))
                low, high, method = np.nan, np.nan, _too_few(names[few], kind, min_documents)
            counts = [int(getattr(rates[a], n)[column] + getattr(rates[b], n)[column]) for n in _COUNTED]
            shown = (estimate, low, high, *counts, rates[a].n_gold + rates[b].n_gold, method)
            rows_out.append((frames[frame], MEASURES[kind], names[a], names[b], *shown, differs, clear))
    columns = ["frame", "measure", "group_a", "group_b", *ESTIMATE, "differs", "_clear"]
    table = pd.DataFrame(rows_out, columns=columns).sort_values("_clear", ascending=False, kind="stable")
    return table.drop(columns="_clear").astype({"differs": "boolean"}).reset_index(drop=True)


_COUNTED = ("n_passages", "n_documents")


def _rates(
    top: NDArray[np.bool_],
    base: NDArray[np.bool_],
    documents: Sequence[str],
    n_bootstrap: int,
    level: float,
    generator: np.random.Generator,
) -> _Rates:
    m = top.shape[1]
    codes, n_documents = number_documents(documents, n=len(top))
    counts = np.zeros((n_documents, 2 * m))
    np.add.at(counts, codes, np.hstack([top, base]).astype(float))
    drawn = resampled_totals(counts, n_draws=n_bootstrap, generator=generator)
    draws = ratio(drawn[:, :m], drawn[:, m:])
    totals = counts.sum(axis=0)
    point = ratio(totals[:m], totals[m:])
    resting = (counts[:, m:] > 0).sum(axis=0)
    known = ~np.isnan(draws)
    centred = np.where(known, draws - point, 0.0)
    errors = np.sqrt(ratio((centred**2).sum(axis=0), known.sum(axis=0) * 1.0))
    z = float(norm.ppf((1 + level) / 2))
    for column in np.flatnonzero(errors < _STILL):
        low, high = exact_bounds(float(point[column]), float(resting[column]), level=level)
        errors[column] = (high - low) / z
    return _Rates(point, draws, errors, totals[m:].astype(int), resting, len(top))


def _too_few(group: str, kind: int, min_documents: int) -> str:
    what = "with" if kind == 0 else "without"
    return f"no interval: {group} has fewer than {min_documents} gold documents that have a passage {what} the frame"
