"""Which frames stand together: how often two frames meet, against how often chance would bring them together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError, TooLittleDataError
from framing.estimates.clusters import CLUSTER, WEIGHT, find_unit, name_unit, read_weights
from framing.estimates.groups import join_groups, split_groups
from framing.tables import PAIRS
from framing.texts import phrase
from framing.uncertainty.joint import (
    adjust_p_values,
    largest_statistics,
    normal_like,
    normal_values,
    single_p_values,
)
from framing.uncertainty.options import check_interval_options
from framing.uncertainty.resample import STILL, resampled_totals

__all__ = ["measure_cooccurrence"]

METHOD = (
    "log2 of observed over expected share of {unit}s; {drawn} bootstrap, each interval alone, differs jointly over "
    "all pairs and groups; classifier error not included"
)
_LEAST_DRAWN = 5  # documents or clusters with the pair, and with each frame: below, the bootstrap is not trusted
_LEAST_COUNT = 0.5  # units that stand for none where a draw has no pair: the logarithm of 0 has no value

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Unit = Literal["passage", "document"]


def measure_cooccurrence(
    classified: pd.DataFrame,
    *,
    by: str | Sequence[str] | None = "outlet",
    unit: Unit = "passage",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """How often each two frames meet in a passage (or document) of each group, against independence.

    Parameters
    ----------
    classified : DataFrame
        Classified passages: a row a passage and frame.
    by : str, sequence of str or None, default "outlet"
        Columns that make the groups within which pairs are counted; None: all passages are one.
    unit : {"passage", "document"}, default "passage"
        In what frames meet. A document has a frame where any of its passages has it. Long documents have more of every
        frame, so pairs in documents meet more often than chance for that alone.
    level : float, default 0.95
        Chance that each interval holds, and that no pair is falsely called other than by chance.
    n_bootstrap : int, default 2000
        Number of draws.
    min_documents : int, default 5
        Groups with fewer have no intervals.
    random_seed : int, optional
        Start of the draws.

    Returns
    -------
    DataFrame
        Columns `by` (or `group`, which is `all`), then `framing.tables.PAIRS`; clearest first, then those without an
        interval. `estimate` is the base-2 logarithm of `observed / expected`: 1 is twice as often as by chance, -1 half
        as often. `observed` is the share of units with both frames, `expected` the product of the shares of each.
        `low, high` hold for each row alone at `level`; `p_adjusted` and `differs` (from independence) hold jointly for
        all rows. `n_passages, n_documents` are those on which both frames were decided. A row without an interval has
        the reason in `method`; its `estimate` is missing where the frames never meet.

    Raises
    ------
    InputError
        Where a column is missing, with fewer than two frames, nothing classified, an unknown unit, or unit `passage`
        where every passage has exactly one frame.

    Notes
    -----
    Documents, or clusters where the table has the column `cluster`, are resampled within each group. Standard errors
    are of the draws, quantiles Student's t with as many degrees of freedom as of these have the pair, less one. Joint
    p-values are single-step min-p (Westfall & Young 1993; `framing.uncertainty.joint`): each row's p-value by itself
    against the smallest of all in normal draws with the correlations of the bootstrap, so that pairs in few documents,
    with their long tails, do not hide the others. No interval where a pair or one of its frames stands in fewer than
    five documents (or clusters). With the column `weight`, shares of passages are shares of their weight. What meets
    depends on the classifier: frames with alike seeds are present in the same passages, so a lift above chance may be
    its error.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    table, group_column = join_groups(classified, by, ("passage_id", "document_id", "frame", "decision"))
    if unit not in get_args(Unit):
        raise InputError(f"unit is passage or document, not {unit!r}.")
    if table.empty:
        raise TooLittleDataError(phrase("There are no classified passages to count pairs of frames in."))
    frames = list(pd.unique(table["frame"]))
    if len(frames) < 2:
        raise TooLittleDataError(phrase("Pairs need at least two frames; there is only {frame}.", frame=frames[0]))
    units, is_present, is_decided = _read_passages(table, group_column, frames)
    if unit == "document":
        units, is_present, is_decided = _join_passages(units, is_present, is_decided, group_column)
    else:
        _check_several_frames(is_present, is_decided)
    pairs = np.array(list(combinations(range(len(frames)), 2)))
    parts, largest, drawn = [], np.zeros(n_bootstrap), name_unit(units)
    for number, group in enumerate(sorted(units[group_column].dropna().unique())):
        rows = (units[group_column] == group).to_numpy()
        generator = np.random.default_rng([random_seed, number])
        part, standardised = _measure_lifts(
            units[rows], is_present[rows], is_decided[rows], pairs, n_bootstrap=n_bootstrap, generator=generator
        )
        part.insert(0, group_column, group)
        part["reason"] = _explain_missing(part, min_documents, drawn)
        has_interval = (part["reason"] == "").to_numpy()
        if has_interval.any():
            null_statistics = normal_like([standardised[:, has_interval]], generator)
            largest = np.maximum(largest, largest_statistics(null_statistics, n_draws=n_bootstrap))
        parts.append(part)
    lifts = pd.concat(parts, ignore_index=True)
    for side in ("frame_a", "frame_b"):
        lifts[side] = np.array(frames, dtype=object)[lifts[side]]
    lifts = _test_jointly(lifts, largest, method=METHOD.format(unit=unit, drawn=drawn), level=level)
    return split_groups(lifts[[group_column, *PAIRS]], table, by)


def _read_passages(table: pd.DataFrame, group: str, frames: list[str]) -> tuple[pd.DataFrame, Flags, Flags]:
    """One row a passage: its keys, whether each frame is present and whether it was decided."""
    keys = [group, "document_id", "passage_id"]
    flags = table[[*keys, "frame"]].assign(
        present=table["decision"] == "present", decided=table["decision"] != "abstain"
    )
    wide = flags.groupby([*keys, "frame"])[["present", "decided"]].any().unstack("frame", fill_value=False)
    is_present, is_decided = (wide[name][frames].to_numpy(bool) for name in ("present", "decided"))
    units = wide.index.to_frame(index=False).assign(n_passages=1)
    carried = [name for name in (CLUSTER, WEIGHT) if name in table.columns]
    if carried:
        of_passages = table.drop_duplicates(keys).set_index(keys)[carried]
        units[carried] = of_passages.loc[wide.index].to_numpy(object)
    return units, is_present, is_decided


def _check_several_frames(is_present: Flags, is_decided: Flags) -> None:
    """Raise `InputError` where every passage has exactly one frame."""
    is_complete = is_decided.all(axis=1)
    if is_complete.any() and (is_present[is_complete].sum(axis=1) == 1).all():
        raise TooLittleDataError(
            phrase(
                "Every passage has exactly one frame, so no two meet in a passage; count pairs with unit='document'."
            )
        )


def _join_passages(
    units: pd.DataFrame, is_present: Flags, is_decided: Flags, group: str
) -> tuple[pd.DataFrame, Flags, Flags]:
    """One row a document: a frame is decided where a passage has it, or where it was decided in all passages."""
    place, documents = pd.factorize(pd.MultiIndex.from_frame(units[[group, "document_id"]]))
    n_passages = np.bincount(place)
    first = np.unique(place, return_index=True)[1]
    any_present = np.zeros((len(documents), is_present.shape[1]), dtype=bool)
    all_decided = np.ones_like(any_present)
    np.logical_or.at(any_present, place, is_present)
    np.logical_and.at(all_decided, place, is_decided)
    joined = (
        units.iloc[first].assign(n_passages=n_passages).drop(columns=WEIGHT, errors="ignore").reset_index(drop=True)
    )
    return joined, any_present, all_decided | any_present


def _measure_lifts(
    units: pd.DataFrame,
    is_present: Flags,
    is_decided: Flags,
    pairs: NDArray[np.int64],
    *,
    n_bootstrap: int,
    generator: np.random.Generator,
) -> tuple[pd.DataFrame, Array]:
    """Lifts of one group, a row a pair of places of frames, and their standardised draws, shape (B, pairs)."""
    a, b = pairs.T
    counts = is_decided[:, a] & is_decided[:, b]
    has_a, has_b = is_present[:, a] & counts, is_present[:, b] & counts
    columns = np.hstack([counts, has_a, has_b, has_a & has_b]) * read_weights(units)[:, None]
    key = find_unit(units)
    drawn_of, names = pd.factorize(units[key])
    per_drawn = np.zeros((len(names), columns.shape[1]))
    np.add.at(per_drawn, drawn_of, columns)
    n, n_a, n_b, n_both = np.split(per_drawn.sum(axis=0), 4)
    draws = _log_lift(*np.split(resampled_totals(per_drawn, n_draws=n_bootstrap, generator=generator), 4, axis=1))
    error = draws.std(axis=0)
    standardised = (draws - draws.mean(axis=0)) / np.where(error > STILL, error, 1.0)
    n_drawn, with_a, with_b, with_both = ((part > 0).sum(axis=0) for part in np.split(per_drawn, 4, axis=1))
    n_passages = (counts * units["n_passages"].to_numpy()[:, None]).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed, expected = n_both / n, (n_a / n) * (n_b / n)
    lifts = pd.DataFrame(
        {
            "frame_a": a,
            "frame_b": b,
            "estimate": np.where(n_both > 0, _log_lift(n, n_a, n_b, n_both), np.nan),
            "error": error,
            "observed": observed,
            "expected": expected,
            "n_passages": n_passages.astype(np.int64),
            "n_documents": n_drawn if key == "document_id" else _count_documents(units, counts),
            "n_drawn": n_drawn,
            "with_a": with_a,
            "with_b": with_b,
            "with_both": with_both,
            "n_gold": 0,
        }
    )
    return lifts, standardised


def _count_documents(units: pd.DataFrame, counts: Flags) -> NDArray[np.int64]:
    """Documents on which each pair of frames was decided."""
    document_of, names = pd.factorize(units["document_id"])
    is_decided = np.zeros((len(names), counts.shape[1]), dtype=bool)
    np.logical_or.at(is_decided, document_of, counts)
    return np.asarray(is_decided.sum(axis=0), dtype=np.int64)


def _log_lift(n: Array, n_a: Array, n_b: Array, n_both: Array) -> Array:
    """`log2(n n_both / (n_a n_b))`, each count at least half a unit."""
    n, n_a, n_b, n_both = (np.maximum(count, _LEAST_COUNT) for count in (n, n_a, n_b, n_both))
    return np.asarray(np.log2(n_both) + np.log2(n) - np.log2(n_a) - np.log2(n_b))


def _explain_missing(lifts: pd.DataFrame, min_documents: int, drawn: str) -> NDArray[np.object_]:
    """Why a row has no interval; empty where it has one. `drawn` is what is resampled, a document or a cluster."""
    reasons = {
        f"the group has fewer than {min_documents} {drawn}s": lifts["n_drawn"] < min_documents,
        f"a frame stands in fewer than {_LEAST_DRAWN} {drawn}s": lifts[["with_a", "with_b"]].min(axis=1) < _LEAST_DRAWN,
        "the frames never meet": lifts["with_both"] == 0,
        f"the pair stands in fewer than {_LEAST_DRAWN} {drawn}s": lifts["with_both"] < _LEAST_DRAWN,
        f"all {drawn}s are alike": lifts["error"] <= STILL,
    }
    applies = [flags.to_numpy() for flags in reasons.values()]
    return np.select(applies, [f"no interval: {reason}" for reason in reasons], default="").astype(object)


def _test_jointly(lifts: pd.DataFrame, largest: Array, *, method: str, level: float) -> pd.DataFrame:
    """Bounds, joint p-values and the order of rows."""
    has_interval = (lifts["reason"] == "").to_numpy()
    estimate, error = lifts["estimate"].to_numpy(float), lifts["error"].to_numpy(float)
    degrees = np.maximum(lifts["with_both"].to_numpy() - 1, 1)
    reach = student.ppf((1 + level) / 2, degrees) * error
    statistic = np.where(has_interval, np.abs(estimate) / np.where(has_interval, error, 1.0), np.nan)
    p_single = np.where(has_interval, single_p_values(statistic, degrees), 1.0)
    z = normal_values(p_single)
    p_adjusted = np.where(has_interval, adjust_p_values(z, largest, single=p_single), np.nan)
    tested = lifts.assign(
        low=np.where(has_interval, estimate - reach, np.nan),
        high=np.where(has_interval, estimate + reach, np.nan),
        p_adjusted=p_adjusted,
        differs=has_interval & (np.nan_to_num(p_adjusted, nan=1.0) < 1 - level),
        method=np.where(has_interval, method, method + "; " + lifts["reason"].astype(str)),
    )
    order = np.argsort(np.where(has_interval, -z, np.inf), kind="stable")
    return tested.iloc[order].reset_index(drop=True)
