"""Whether the classifier errs differently on different groups: such errors bias comparisons of the groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import TooLittleDataError
from framing.tables import ESTIMATE
from framing.texts import phrase
from framing.uncertainty.intervals import exact_error
from framing.uncertainty.joint import critical_values, largest_statistics
from framing.uncertainty.resample import STILL, ratio_or_nan, resampled_totals
from framing.validation.inputs import Decisions, Flags, Floats, number_documents, read_decisions, require_alike

__all__ = ["MEASURES", "compare_errors"]

MEASURES = ("recall", "false_positive_rate")
METHOD = "difference; joint max-t over all frames, measures and pairs, {unit} bootstrap within groups"


@dataclass(frozen=True)
class _Rates:
    """Recall, then false-positive rate, of each frame in one group; arrays of shape (2K,), `draws` (B, 2K).

    `n_passages`, `n_documents` and `n_units` (clusters, or documents) are what each rate rests on.
    """

    group: str
    estimates: Floats
    draws: Floats
    errors: Floats
    n_passages: NDArray[np.int64]
    n_documents: NDArray[np.int64]
    n_units: NDArray[np.int64]
    n_gold: int


def compare_errors(
    gold: Flags,
    decided: Decisions,
    *,
    groups: Sequence[str],
    frames: Sequence[str],
    documents: Sequence[str],
    clusters: Sequence[str] | None = None,
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
    clusters : sequence of str, optional
        Cluster (story) of each passage, length n; clusters are then resampled in place of documents.
    level : float
        Chance that all intervals hold.
    n_bootstrap : int
        Number of draws.
    min_documents : int
        Rates that rest on fewer documents, or clusters, are not compared.
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
    rests on fewer documents (or clusters) has of them, less one: one stretch for all would let the rarest frame widen
    every interval. Where no draw varies, the standard error comes from the exact bounds. No row is surer than it would
    be by itself. No difference found is no proof of equal errors: read the width of the interval.
    """
    require_alike(frames, gold=gold, decided=decided)
    number_documents(groups, n=len(gold), what="groups")
    number_documents(documents, n=len(gold))
    number_documents(documents if clusters is None else clusters, n=len(gold), what="clusters")
    group_names = np.asarray(groups, dtype=str)
    if len(np.unique(group_names)) < 2:
        raise TooLittleDataError(
            phrase("A comparison of errors needs at least two groups; there is only {group}.", group=group_names[0])
        )
    rates = _measure_groups(
        gold,
        decided,
        group_names,
        documents,
        documents if clusters is None else clusters,
        n_bootstrap=n_bootstrap,
        level=level,
        random_seed=random_seed,
    )
    pairs = list(combinations(rates, 2))
    differences = np.array([a.estimates - b.estimates for a, b in pairs])
    errors = np.array([np.hypot(a.errors, b.errors) for a, b in pairs])
    n_units = np.array([np.minimum(a.n_units, b.n_units) for a, b in pairs])
    least = max(min_documents, 2)
    comparable = n_units >= least
    statistics = (
        # zero in a draw in which a rate is not defined
        np.nan_to_num((a.draws - b.draws - differences[pair])[:, rows] / errors[pair, rows])
        for pair, ((a, b), rows) in enumerate(zip(pairs, comparable, strict=True))
    )
    largest = largest_statistics(statistics, n_draws=n_bootstrap)
    degrees = np.maximum(n_units - 1.0, 1.0)
    half_widths = critical_values(largest, level=level, degrees=degrees, balanced=True) * errors
    rows = [
        _compare_rates(
            a,
            b,
            column,
            frames=frames,
            half_width=float(half_widths[pair, column]),
            least=None if comparable[pair, column] else least,
            unit="document" if clusters is None else "cluster",
        )
        for pair, (a, b) in enumerate(pairs)
        for column in range(len(a.estimates))
    ]
    columns = ["frame", "measure", "group_a", "group_b", *ESTIMATE, "differs", "_clearness"]
    table = pd.DataFrame(rows, columns=columns).sort_values("_clearness", ascending=False, kind="stable")
    return table.drop(columns="_clearness").astype({"differs": "boolean"}).reset_index(drop=True)


def _compare_rates(
    a: _Rates, b: _Rates, column: int, *, frames: Sequence[str], half_width: float, least: int | None, unit: str
) -> dict[str, object]:
    """Row of one frame and measure; `least` is given where one of the rates rests on fewer units.

    `_clearness`, by which rows are sorted, is the estimate over the half width, and NaN where nothing is known.
    """
    number, frame = divmod(column, len(frames))
    estimate = float(a.estimates[column] - b.estimates[column])
    row: dict[str, object] = {
        "frame": frames[frame],
        "measure": MEASURES[number],
        "group_a": a.group,
        "group_b": b.group,
        "estimate": estimate,
        "n_passages": int(a.n_passages[column] + b.n_passages[column]),
        "n_documents": int(a.n_documents[column] + b.n_documents[column]),
        "n_gold": a.n_gold + b.n_gold,
    }
    if least is not None:
        fewer = min((a, b), key=lambda rates: int(rates.n_units[column]))
        which = "with" if MEASURES[number] == "recall" else "without"
        reason = f"no interval: {fewer.group} has fewer than {least} gold {unit}s that have a passage {which} the frame"
        return row | {"low": np.nan, "high": np.nan, "method": reason, "differs": None, "_clearness": np.nan}
    clearness = abs(estimate) / half_width
    low, high = max(-1.0, estimate - half_width), min(1.0, estimate + half_width)
    return row | {
        "low": low,
        "high": high,
        "method": METHOD.format(unit=unit),
        "differs": clearness > 1,
        "_clearness": clearness,
    }


def _measure_groups(
    gold: Flags,
    decided: Decisions,
    groups: NDArray[np.str_],
    documents: Sequence[str],
    units: Sequence[str],
    *,
    n_bootstrap: int,
    level: float,
    random_seed: int,
) -> list[_Rates]:
    """Rates of each group, in the order of their names, with draws of its own units."""
    present, absent = read_decisions(decided)
    positives = np.hstack([gold & present, ~gold & present])
    cases = np.hstack([gold & (present | absent), ~gold & (present | absent)])
    document_names, unit_names = (np.asarray(names, dtype=object) for names in (documents, units))
    rates = []
    for number, group in enumerate(np.unique(groups)):
        rows = groups == group
        passages = np.hstack([positives[rows], cases[rows]]).astype(float)
        counts, of_documents = (_sum_passages(passages, names[rows].tolist()) for names in (unit_names, document_names))
        n_documents = (of_documents[:, positives.shape[1] :] > 0).sum(axis=0)
        generator = np.random.default_rng([random_seed, number])
        draws = resampled_totals(counts, n_draws=n_bootstrap, generator=generator)
        rates.append(_estimate_rates(str(group), counts, draws, n_documents, level=level, n_gold=len(passages)))
    return rates


def _sum_passages(passages: Floats, names: list[str]) -> Floats:
    """Sums over the passages of each name."""
    codes, n_names = number_documents(names, n=len(passages))
    sums = np.zeros((n_names, passages.shape[1]))
    np.add.at(sums, codes, passages)
    return sums


def _estimate_rates(
    group: str, counts: Floats, draws: Floats, n_documents: NDArray[np.int64], *, level: float, n_gold: int
) -> _Rates:
    """Rates of one group from its counts, positives then cases, (units, 4K), and their totals in draws, (B, 4K)."""
    n_rates = counts.shape[1] // 2
    totals = counts.sum(axis=0)
    estimates = ratio_or_nan(totals[:n_rates], totals[n_rates:])
    drawn_rates = ratio_or_nan(draws[:, :n_rates], draws[:, n_rates:])
    n_units = (counts[:, n_rates:] > 0).sum(axis=0)
    known = ~np.isnan(drawn_rates)
    deviations = np.where(known, drawn_rates - estimates, 0.0)
    errors = np.sqrt(ratio_or_nan((deviations**2).sum(axis=0), known.sum(axis=0)))
    for column in np.flatnonzero(errors < STILL):
        errors[column] = exact_error(float(estimates[column]), float(n_units[column]), level=level)
    return _Rates(
        group=group,
        estimates=estimates,
        draws=drawn_rates,
        errors=errors,
        n_passages=totals[n_rates:].astype(int),
        n_documents=n_documents,
        n_units=n_units,
        n_gold=n_gold,
    )
