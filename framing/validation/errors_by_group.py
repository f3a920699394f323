"""Whether the classifier errs differently on different groups: errors that do bias comparisons of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.tables import ESTIMATE
from framing.uncertainty.intervals import exact_error
from framing.uncertainty.joint import critical_values, largest_statistics
from framing.uncertainty.resample import STILL, ratio_or_nan, resampled_totals
from framing.validation.measures import number_documents, read_decisions, require_alike

__all__ = ["MEASURES", "compare_errors"]

Floats = NDArray[np.float64]

MEASURES = ("recall", "false_positive_rate")
METHOD = "difference; joint max-t over all frames, measures and pairs, document bootstrap within groups"


@dataclass(frozen=True)
class _Rates:
    """Recall, then false-positive rate, of each frame in one group; arrays of shape (2K,), `draws` (B, 2K)."""

    point: Floats
    draws: Floats
    errors: Floats
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]
    n_gold: int


def compare_errors(
    gold: NDArray[np.bool_],
    decided: NDArray[np.bool_] | NDArray[np.str_],
    *,
    groups: Sequence[str],
    frames: Sequence[str],
    documents: Sequence[str],
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """All pairwise differences between groups (outlets) in the errors made on each frame.

    Parameters
    ----------
    gold : array of bool
        Labels, shape (n, K).
    decided : array of bool or str
        Decisions, shape (n, K), as in `evaluate_decisions`; abstentions are left out.
    groups : sequence of str
        Group of each passage, length n.
    frames : sequence of str
        Frame ids, length K.
    documents : sequence of str
        Document of each passage, length n; documents are resampled within their group.
    level : float
        Chance that all intervals hold.
    n_bootstrap : int
        Number of draws.
    min_documents : int
        Rates that rest on fewer documents are not compared.
    random_seed : int
        Start of the draws.

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
    Single-step test (Westfall & Young 1993; `framing.uncertainty.joint`, the balanced form) over all rows. The critical
    value is stretched from the normal towards Student's t row by row, with as many degrees of freedom as the rate that
    rests on fewer documents has of them, less one: one stretch for all would let the rarest frame widen every interval.
    Where no draw varies, the standard error comes from the exact bounds. No row is surer than it would be by itself. No
    difference found is no proof of equal errors: read the width of the interval.
    """
    require_alike(frames, gold=gold, decided=decided)
    number_documents(groups, n=len(gold), what="groups")
    number_documents(documents, n=len(gold))
    labels = np.asarray(groups, dtype=str)
    names = [str(name) for name in np.unique(labels)]
    if len(names) < 2:
        raise InputError(f"A comparison of errors needs at least two groups; there is only {names[0]}.")
    rates = _rates_of_groups(
        gold, decided, labels, documents, n_bootstrap=n_bootstrap, level=level, random_seed=random_seed
    )
    pairs = list(combinations(range(len(names)), 2))
    difference = np.array([rates[a].point - rates[b].point for a, b in pairs])
    error = np.array([np.hypot(rates[a].errors, rates[b].errors) for a, b in pairs])
    smaller = np.array([np.minimum(rates[a].n_documents, rates[b].n_documents) for a, b in pairs])
    enough = smaller >= max(min_documents, 2)
    moves = (
        # a draw in which a rate is not defined moves nothing
        np.nan_to_num((rates[a].draws - rates[b].draws - difference[pair])[:, enough[pair]] / error[pair, enough[pair]])
        for pair, (a, b) in enumerate(pairs)
    )
    largest = largest_statistics(moves, n_draws=n_bootstrap)
    degrees = np.maximum(smaller - 1.0, 1.0)
    reach = critical_values(largest, level=level, degrees=degrees, balanced=True) * error
    return _table(rates, names, pairs, difference, reach, enough, frames=frames, min_documents=min_documents)


def _table(
    rates: Sequence[_Rates],
    names: Sequence[str],
    pairs: Sequence[tuple[int, int]],
    difference: Floats,
    reach: Floats,
    enough: NDArray[np.bool_],
    *,
    frames: Sequence[str],
    min_documents: int,
) -> pd.DataFrame:
    """One row a pair, measure and frame, clearest first; rows on too few documents come last, with the reason."""
    rows = []
    for pair, column in np.ndindex(difference.shape):
        a, b = pairs[pair]
        kind, frame = divmod(column, len(frames))
        estimate, half = float(difference[pair, column]), float(reach[pair, column])
        low, high, method, clearness = max(-1.0, estimate - half), min(1.0, estimate + half), METHOD, -1.0
        differs: bool | None = None
        if enough[pair, column]:
            clearness = abs(estimate) / half
            differs = clearness > 1
        else:
            fewer = min((a, b), key=lambda group: int(rates[group].n_documents[column]))
            low, high, method = np.nan, np.nan, _too_few(names[fewer], kind, min_documents)
        n_passages = int(rates[a].n_passages[column] + rates[b].n_passages[column])
        n_documents = int(rates[a].n_documents[column] + rates[b].n_documents[column])
        counts = n_passages, n_documents, rates[a].n_gold + rates[b].n_gold
        keys = frames[frame], MEASURES[kind], names[a], names[b]
        rows.append((*keys, estimate, low, high, *counts, method, differs, clearness))
    columns = ["frame", "measure", "group_a", "group_b", *ESTIMATE, "differs", "_clearness"]
    table = pd.DataFrame(rows, columns=columns).sort_values("_clearness", ascending=False, kind="stable")
    return table.drop(columns="_clearness").astype({"differs": "boolean"}).reset_index(drop=True)


def _rates_of_groups(
    gold: NDArray[np.bool_],
    decided: NDArray[np.bool_] | NDArray[np.str_],
    groups: NDArray[np.str_],
    documents: Sequence[str],
    *,
    n_bootstrap: int,
    level: float,
    random_seed: int,
) -> list[_Rates]:
    """Rates of each group, in the order of their names, with draws of its own documents."""
    present, absent = read_decisions(decided)
    top = np.hstack([gold & present, ~gold & present])
    base = np.hstack([gold & (present | absent), ~gold & (present | absent)])
    owners = np.asarray(documents, dtype=object)
    rates = []
    for number, name in enumerate(np.unique(groups)):
        rows = groups == name
        generator = np.random.default_rng([random_seed, number])
        rates.append(_rates(top[rows], base[rows], owners[rows].tolist(), n_bootstrap, level, generator))
    return rates


def _rates(
    top: NDArray[np.bool_],
    base: NDArray[np.bool_],
    documents: Sequence[str],
    n_bootstrap: int,
    level: float,
    generator: np.random.Generator,
) -> _Rates:
    """Rates of one group, with draws of its documents."""
    m = top.shape[1]
    codes, n_documents = number_documents(documents, n=len(top))
    counts = np.zeros((n_documents, 2 * m))
    np.add.at(counts, codes, np.hstack([top, base]).astype(float))
    drawn = resampled_totals(counts, n_draws=n_bootstrap, generator=generator)
    draws = ratio_or_nan(drawn[:, :m], drawn[:, m:])
    totals = counts.sum(axis=0)
    point = ratio_or_nan(totals[:m], totals[m:])
    resting = (counts[:, m:] > 0).sum(axis=0)
    known = ~np.isnan(draws)
    centred = np.where(known, draws - point, 0.0)
    errors = np.sqrt(ratio_or_nan((centred**2).sum(axis=0), known.sum(axis=0) * 1.0))
    for column in np.flatnonzero(errors < STILL):
        errors[column] = exact_error(float(point[column]), float(resting[column]), level=level)
    return _Rates(point, draws, errors, totals[m:].astype(int), resting, len(top))


def _too_few(group: str, kind: int, min_documents: int) -> str:
    what = "with" if kind == 0 else "without"
    return f"no interval: {group} has fewer than {min_documents} gold documents that have a passage {what} the frame"
