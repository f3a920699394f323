"""Which frames stand together: how often two frames meet, against how often chance would bring them together."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.tables import PAIRS, require_columns
from framing.uncertainty.joint import (
    adjust_p_values,
    largest_statistics,
    normal_like,
    normal_values,
    single_p_values,
)
from framing.uncertainty.resample import STILL, resampled_totals

__all__ = ["measure_cooccurrence"]

METHOD = (
    "log2 of observed over expected share of {unit}s; document bootstrap, each interval alone, differs jointly over "
    "all pairs and groups; classifier error not included"
)
_FEW = 5  # documents below which the bootstrap of a pair is not trusted
_LEAST = 0.5  # units that stand for none at all where a draw has no pair: its logarithm has no value

Array = NDArray[np.float64]


def measure_cooccurrence(
    classified: pd.DataFrame,
    *,
    by: str = "outlet",
    unit: Literal["passage", "document"] = "passage",
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
    by : str
        Column of the groups within which pairs are counted.
    unit : {"passage", "document"}
        In what frames meet. A document has a frame where any of its passages has it. Long documents have more of every
        frame, so pairs in documents meet more often than chance for that alone.
    level : float
        Chance that each interval holds, and that no pair is falsely called other than by chance.
    n_bootstrap : int
        Number of draws.
    min_documents : int
        Groups with fewer have no intervals.
    random_seed : int
        Start of the draws.

    Returns
    -------
    DataFrame
        Columns: the group, then `framing.tables.PAIRS`; clearest first, then those without an interval. `estimate` is
        the base-2 logarithm of `observed / expected`: 1 is twice as often as by chance, -1 half as often. `observed` is
        the share of units with both frames, `expected` the product of the shares of each. `low, high` hold for each
        row alone at `level`; `p_adjusted` and `differs` (from independence) hold jointly for all rows.
        `n_passages, n_documents` : passages and documents on which both frames were decided. A row without an interval
        has the reason in `method`; its `estimate` is missing where the frames never meet.

    Raises
    ------
    InputError
        With fewer than two frames, nothing classified, an unknown unit, or unit `passage` where every passage has
        exactly one frame.

    Notes
    -----
    Documents are resampled within each group. Standard errors are of the draws, quantiles Student's t with as many
    degrees of freedom as documents have the pair, less one. Joint p-values are single-step min-p (Westfall & Young
    1993; `framing.uncertainty.joint`): each row's own p-value against the smallest of all in normal draws with the
    correlations of the bootstrap, so that pairs in few documents, with their long tails, do not hide the others. No
    interval where a pair or one of its frames stands in fewer than five documents. What meets depends on the
    classifier: frames with alike seeds are found in the same passages, so a lift above chance may be its error.
    """
    require_columns(classified, (by, "passage_id", "document_id", "frame", "decision"), what="classified passages")
    if unit not in ("passage", "document"):
        raise InputError(f"unit is passage or document, not {unit!r}.")
    if classified.empty:
        raise InputError("There are no classified passages to count pairs of frames in.")
    frames = list(pd.unique(classified["frame"]))
    if len(frames) < 2:
        raise InputError(f"Pairs need at least two frames; there is only {frames[0]}.")
    units, present, decided = _units(classified, by, frames, unit)
    pairs = np.array(list(combinations(range(len(frames)), 2)))
    parts, normal = [], []
    for number, group in enumerate(sorted(units[by].dropna().unique())):
        rows = (units[by] == group).to_numpy()
        generator = np.random.default_rng([random_seed, number])
        part, moved = _lifts(
            units[rows], present[rows], decided[rows], pairs, n_bootstrap=n_bootstrap, generator=generator
        )
        part.insert(0, by, group)
        reason = _reason(part, min_documents)
        part["reason"] = reason
        trusted = reason == ""
        if trusted.any():
            normal += normal_like([moved[:, trusted]], generator)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    for side in ("a", "b"):
        table[f"frame_{side}"] = np.array(frames, dtype=object)[table[f"frame_{side}"]]
    return _test(table, largest_statistics(normal, n_draws=n_bootstrap), by=by, unit=unit, level=level)


def _units(
    classified: pd.DataFrame, by: str, frames: list[str], unit: str
) -> tuple[pd.DataFrame, NDArray[np.bool_], NDArray[np.bool_]]:
    """One row a passage or document: its keys, whether each frame is present and whether it was decided."""
    keys = [by, "document_id", "passage_id"]
    marks = classified[[*keys, "frame"]].assign(
        present=classified["decision"] == "present", decided=classified["decision"] != "abstain"
    )
    wide = marks.groupby([*keys, "frame"], sort=True)[["present", "decided"]].any().unstack("frame", fill_value=False)
    present, decided = (wide[name][frames].to_numpy(bool) for name in ("present", "decided"))
    index = wide.index.to_frame(index=False)
    whole = decided.all(axis=1)
    if unit == "passage":
        if whole.any() and (present[whole].sum(axis=1) == 1).all():
            raise InputError(
                "Every passage has exactly one frame, so no two meet in a passage; count pairs with unit='document'."
            )
        return index.assign(n_passages=1), present, decided
    index["n_passages"] = 1
    place, documents = pd.factorize(pd.MultiIndex.from_frame(index[[by, "document_id"]]))
    n_passages = np.bincount(place)
    first = np.unique(place, return_index=True)[1]
    any_present = np.zeros((len(documents), len(frames)), dtype=bool)
    all_decided = np.ones_like(any_present)
    np.logical_or.at(any_present, place, present)
    np.logical_and.at(all_decided, place, decided)
    kept = index.iloc[first].assign(n_passages=n_passages).reset_index(drop=True)
    return kept, any_present, all_decided | any_present


def _lifts(
    units: pd.DataFrame,
    present: NDArray[np.bool_],
    decided: NDArray[np.bool_],
    pairs: NDArray[np.int64],
    *,
    n_bootstrap: int,
    generator: np.random.Generator,
) -> tuple[pd.DataFrame, Array]:
    """Lifts of one group, and standardised moves of their draws, shape (B, pairs)."""
    a, b = pairs.T
    count = decided[:, a] & decided[:, b]
    has_a, has_b = present[:, a] & count, present[:, b] & count
    parts = np.hstack([count, has_a, has_b, has_a & has_b]).astype(float)
    which, documents = pd.factorize(units["document_id"])
    of_documents = np.zeros((len(documents), parts.shape[1]))
    np.add.at(of_documents, which, parts)
    n, n_a, n_b, both = np.split(of_documents.sum(axis=0), 4)
    drawn = np.split(resampled_totals(of_documents, n_draws=n_bootstrap, generator=generator), 4, axis=1)
    estimate = _log_lift(n, n_a, n_b, both)
    draws = _log_lift(*drawn)
    error = draws.std(axis=0)
    moved = (draws - draws.mean(axis=0)) / np.where(error > STILL, error, 1.0)
    in_documents = [(part > 0).sum(axis=0) for part in np.split(of_documents, 4, axis=1)]
    passages = (count * units["n_passages"].to_numpy()[:, None]).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        observed, expected = both / n, (n_a / n) * (n_b / n)
    table = pd.DataFrame(
        {
            "frame_a": a,
            "frame_b": b,
            "estimate": np.where(both > 0, estimate, np.nan),
            "error": error,
            "observed": observed,
            "expected": expected,
            "n_passages": passages.astype(np.int64),
            "n_documents": in_documents[0],
            "with_a": in_documents[1],
            "with_b": in_documents[2],
            "with_both": in_documents[3],
            "n_gold": 0,
        }
    )
    return table, moved


def _log_lift(n: Array, n_a: Array, n_b: Array, both: Array) -> Array:
    floor = [np.maximum(part, _LEAST) for part in (n, n_a, n_b, both)]
    return np.asarray(np.log2(floor[3]) + np.log2(floor[0]) - np.log2(floor[1]) - np.log2(floor[2]))


def _reason(part: pd.DataFrame, min_documents: int) -> NDArray[np.object_]:
    """Why a row has no interval; empty where it has one."""
    few_frames = part[["with_a", "with_b"]].min(axis=1) < _FEW
    return np.select(
        [
            (part["n_documents"] < min_documents).to_numpy(),
            few_frames.to_numpy(),
            (part["with_both"] == 0).to_numpy(),
            (part["with_both"] < _FEW).to_numpy(),
            (part["error"] <= STILL).to_numpy(),
        ],
        [
            f"no interval: the group has fewer than {min_documents} documents",
            f"no interval: a frame stands in fewer than {_FEW} documents",
            "no interval: the frames never meet",
            f"no interval: the pair stands in fewer than {_FEW} documents",
            "no interval: all documents are alike",
        ],
        default="",
    ).astype(object)


def _test(table: pd.DataFrame, largest: Array, *, by: str, unit: str, level: float) -> pd.DataFrame:
    """Bounds, joint p-values and the order of rows."""
    trusted = (table["reason"] == "").to_numpy()
    estimate, error = table["estimate"].to_numpy(float), table["error"].to_numpy(float)
    degrees = np.maximum(table["with_both"].to_numpy() - 1, 1)
    reach = student.ppf((1 + level) / 2, degrees) * error
    statistic = np.where(trusted, np.abs(estimate) / np.where(trusted, error, 1.0), np.nan)
    single = np.where(trusted, single_p_values(statistic, degrees), 1.0)
    far = normal_values(single)
    p_adjusted = np.where(trusted, adjust_p_values(far, largest, single=single), np.nan)
    table["low"] = np.where(trusted, estimate - reach, np.nan)
    table["high"] = np.where(trusted, estimate + reach, np.nan)
    table["p_adjusted"] = p_adjusted
    table["differs"] = trusted & (np.nan_to_num(p_adjusted, nan=1.0) < 1 - level)
    method = METHOD.format(unit=unit)
    table["method"] = np.where(trusted, method, method + "; " + table["reason"].astype(str))
    table["order"] = np.where(trusted, -far, np.nan)
    ordered = table.sort_values("order", kind="stable", na_position="last")
    return ordered[[by, *PAIRS]].reset_index(drop=True)
