"""Contrasts of groups under two classifications of the same passages, and how far each moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from framing.defaults import LEVEL, MIN_DOCUMENTS, N_BOOTSTRAP, RANDOM_SEED
from framing.errors import InputError
from framing.estimates.clusters import find_unit, name_unit
from framing.estimates.compare import compare_groups
from framing.estimates.groups import join_groups
from framing.tables import CONTRAST_MOVES, require_columns
from framing.uncertainty.joint import adjust_p_values, largest_statistics, normal_values, single_p_values
from framing.uncertainty.options import check_interval_options
from framing.uncertainty.resample import STILL, ratio_or_zero, resampled_totals

__all__ = ["CLEAR", "NEWLY_CLEAR", "NOT_CLEAR", "NO_LONGER_CLEAR", "TURNED", "compare_contrasts"]

CLEAR, NOT_CLEAR = "clear under both", "clear under neither"
NEWLY_CLEAR, NO_LONGER_CLEAR = "newly clear", "no longer clear"
TURNED = "clear under both, with another sign"
METHOD = (
    "one of {n} moves of a contrast; {unit} bootstrap within groups; both classifications of a {unit} drawn together; "
    "joint min-p over all of them; classifier error not included"
)
UNMOVED = "no interval: no decision on the frame changes in either group"
_NEEDED = ("passage_id", "document_id", "frame", "decision")
_KEYS = ["frame", "group_a", "group_b"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Shift:
    """How far the shares of a group move: estimates, draws around them and variances of K frames."""

    estimate: Array  # (K,)
    draws: Array  # (B, K), around zero
    variance: Array  # (K,) of the draws
    squares: Array  # (K,) of the units' residuals
    n: float  # passages
    n_units: int
    is_changed: NDArray[np.bool_]  # (K,)


def compare_contrasts(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    by: str | Sequence[str] = "outlet",
    level: float = LEVEL,
    n_bootstrap: int = N_BOOTSTRAP,
    min_documents: int = MIN_DOCUMENTS,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Compare groups under two classifications of the same passages: both contrasts, and how far each moves.

    Parameters
    ----------
    before, after : DataFrame
        Classified passages: a row a passage and frame, the same passages in both, none of which is undecided. Frames of
        one of them alone are left out. With the column `cluster`, clusters are the independent units, else documents.
    by : str or sequence of str, default "outlet"
        Columns that make the groups.
    level : float, default 0.95
        Chance that all intervals of a family hold.
    n_bootstrap : int, default 2000
        Number of draws.
    min_documents : int, default 5
        Groups with fewer are left out.
    random_seed : int, optional
        Start of the draws.

    Returns
    -------
    DataFrame
        Columns `framing.tables.CONTRAST_MOVES`, a row a frame and pair of groups: moves that are clear of noise first,
        then those with another verdict, each by `p_adjusted`. `before` and `after` are the contrasts (share in
        `group_a` minus that in `group_b`, -1 to 1) with their joint intervals, as `framing.compare_groups` gives each;
        `estimate` is `after` minus `before` with a joint interval, missing where no decision on the frame changes in
        either group; `differs` says that the contrast moves, clear of noise jointly; `verdict` whether the contrast is
        clear of noise under both, one or neither.

    Raises
    ------
    InputError
        Where a column is missing, the passages or their groups are not the same, a passage is undecided, the tables
        have no frame in common, or fewer than two groups have `min_documents` documents.

    Notes
    -----
    Shares are of the classifier's decisions; its errors are in no interval, and labels correct nothing: they were given
    by the rules of one of the two classifications.

    With `x_i` in -1, 0, 1 the change of the decision on passage i, the share of group g moves by
    `m_g = sum_i x_i / n_g`, and its contrast with group h by `m_g - m_h`. Both contrasts rest on the same documents, so
    each document is drawn with both of its classifications (a paired bootstrap), groups being independent. The variance
    of `m_g` is that of the draws, or, where it is larger, the one that all groups together give,
    `sum_u e_u**2 / N D / (D - G) / n_g` with `e_u` the sum of `x_i - m_g` over unit u, N passages and D units in G
    groups: a group in which nothing happens to change is not known to be beyond change. Degrees of freedom are those of
    Welch (1947). Rows are tested jointly by a single-step min-p (Westfall & Young 1993;
    `framing.uncertainty.joint`); rows without any change are no part of it. Each of the two families of contrasts is
    tested by itself, as a reader of either version alone would.
    """
    check_interval_options(level=level, n_bootstrap=n_bootstrap)
    before, after = _match(before, after)
    old, new = (
        compare_groups(
            table,
            by=by,
            level=level,
            n_bootstrap=n_bootstrap,
            min_documents=min_documents,
            random_seed=random_seed,
            corrected=False,
        )
        for table in (before, after)
    )
    columns = [*_KEYS, "estimate", "low", "high", "differs"]
    rows = old[columns].merge(new[columns], on=_KEYS, suffixes=("_before", "_after"), validate="one_to_one")
    counts = old[[*_KEYS, "n_passages", "n_documents"]]
    frames = list(pd.unique(before["frame"]))
    groups = sorted({*rows["group_a"], *rows["group_b"]})
    shifts = _measure_shifts(before, after, by, groups, frames, n_bootstrap=n_bootstrap, random_seed=random_seed)
    first = np.array([groups.index(name) for name in rows["group_a"]])
    second = np.array([groups.index(name) for name in rows["group_b"]])
    frame = np.array([frames.index(name) for name in rows["frame"]])
    moves = _judge_moves(shifts, first, second, frame, level=level)
    n_tested = int(moves["p_adjusted"].notna().sum())
    method = METHOD.format(n=f"{n_tested:,}", unit=name_unit(before))
    table = pd.concat([rows, moves], axis=1).merge(counts, on=_KEYS, how="left").assign(n_gold=0)
    names = {f"estimate_{side}": side for side in ("before", "after")}
    names |= {f"{bound}_{side}": f"{side}_{bound}" for side in ("before", "after") for bound in ("low", "high")}
    table = table.rename(columns=names)
    table["verdict"] = _judge_verdicts(table)
    table["method"] = np.where(table["p_adjusted"].isna(), UNMOVED, method)
    is_changed = table["verdict"].isin([NEWLY_CLEAR, NO_LONGER_CLEAR, TURNED])
    size = table["estimate"].abs()
    order = np.lexsort((-size, table["p_adjusted"].fillna(np.inf), ~is_changed, ~table["differs"].astype(bool)))
    return table.iloc[order][list(CONTRAST_MOVES)].reset_index(drop=True)


def _match(before: pd.DataFrame, after: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both tables with the frames and the order of rows that they have in common."""
    for name, table in (("before", before), ("after", after)):
        require_columns(table, _NEEDED, what=f"the classified passages {name}")
        if (table["decision"] == "abstain").any():
            raise InputError(f"compare_contrasts: {name} has undecided passages; decide them first (decide_again).")
    common = [frame for frame in pd.unique(before["frame"]) if frame in set(after["frame"])]
    if not common:
        raise InputError("compare_contrasts: the two tables have no frame in common.")
    before, after = (table[table["frame"].isin(common)] for table in (before, after))
    keys = ["passage_id", "frame"]
    places = pd.MultiIndex.from_frame(after[keys])
    rows = places.get_indexer(pd.MultiIndex.from_frame(before[keys])) if places.is_unique else np.array([-1])
    if len(before) != len(after) or (rows < 0).any():
        raise InputError("compare_contrasts: expected the same passages in both tables, each once for a frame.")
    return before.reset_index(drop=True), after.iloc[rows].reset_index(drop=True)


def _measure_shifts(
    before: pd.DataFrame,
    after: pd.DataFrame,
    by: str | Sequence[str],
    groups: list[str],
    frames: list[str],
    *,
    n_bootstrap: int,
    random_seed: int,
) -> list[_Shift]:
    """How far the shares of each group move, and draws of whole units."""
    table, column = join_groups(before, by, ("frame", "document_id"))
    change = (after["decision"] == "present").astype(float) - (before["decision"] == "present").astype(float)
    wide = table.assign(_change=change).pivot_table(
        index=[column, find_unit(table), "passage_id"], columns="frame", values="_change", observed=True
    )[frames]
    shifts = []
    for place, name in enumerate(groups):
        part = wide.xs(name, level=0)
        by_unit = part.groupby(level=0)
        counts = np.column_stack([by_unit.sum().to_numpy(float), by_unit.size().to_numpy(float)])
        n = counts[:, -1].sum()
        estimate = counts[:, :-1].sum(axis=0) / n
        generator = np.random.default_rng([random_seed, place])
        totals = resampled_totals(counts, n_draws=n_bootstrap, generator=generator)
        draws = ratio_or_zero(totals[:, :-1], totals[:, -1:]) - estimate
        squares = ((counts[:, :-1] - estimate * counts[:, -1:]) ** 2).sum(axis=0)
        is_changed = (part.to_numpy() != 0).any(axis=0)
        shifts.append(_Shift(estimate, draws, draws.var(axis=0, ddof=0), squares, n, len(counts), is_changed))
    return shifts


def _judge_moves(
    shifts: list[_Shift],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    frame: NDArray[np.int64],
    *,
    level: float,
) -> pd.DataFrame:
    """Estimate, joint bounds and joint p-value of each row; missing bounds where nothing changes."""
    n_units = sum(shift.n_units for shift in shifts)
    degrees_pooled = max(n_units - len(shifts), 1)
    pooled = sum(shift.squares for shift in shifts) / sum(shift.n for shift in shifts) * n_units / degrees_pooled
    own = np.stack([shift.variance for shift in shifts])
    shared = np.stack([pooled / shift.n for shift in shifts])
    variance = np.maximum(own, shared)
    degrees = np.where(own > shared, np.array([[max(shift.n_units - 1, 1)] for shift in shifts]), degrees_pooled)
    estimates = np.stack([shift.estimate for shift in shifts])
    is_changed = np.stack([shift.is_changed for shift in shifts])
    estimate = estimates[first, frame] - estimates[second, frame]
    total = variance[first, frame] + variance[second, frame]
    error = np.sqrt(total)
    is_tested = (is_changed[first, frame] | is_changed[second, frame]) & (error > STILL)
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = (variance[side, frame] ** 2 / degrees[side, frame] for side in (first, second))
        df = total**2 / sum(parts)
        single = single_p_values(estimate / error, df)
    moves = pd.DataFrame({"estimate": estimate, "low": np.nan, "high": np.nan, "p_adjusted": np.nan, "differs": False})
    rows = np.flatnonzero(is_tested)
    if not len(rows):
        return moves
    a, b, k = first[rows], second[rows], frame[rows]
    spread = np.sqrt(own[a, k] + own[b, k])
    n_draws = len(shifts[0].draws)
    statistics = (
        (shifts[g].draws[:, [j]] - shifts[h].draws[:, [j]]) / scale
        for g, h, j, scale in zip(a, b, k, spread, strict=True)
        if scale > STILL
    )
    largest = largest_statistics(statistics, n_draws=n_draws)
    p_adjusted = adjust_p_values(normal_values(single[rows]), largest, single=single[rows])
    quantile = float(np.quantile(largest, level, method="higher"))
    reach = student.isf(min(2 * norm.sf(quantile), 1 - level) / 2, df[rows]) * error[rows]
    moves.loc[rows, "low"] = np.maximum(estimate[rows] - reach, -2.0)
    moves.loc[rows, "high"] = np.minimum(estimate[rows] + reach, 2.0)
    moves.loc[rows, "p_adjusted"] = p_adjusted
    moves.loc[rows, "differs"] = p_adjusted < 1 - level
    return moves


def _judge_verdicts(table: pd.DataFrame) -> list[str]:
    """Whether each contrast is clear of noise under both, one or neither."""
    verdicts = []
    for row in table.to_dict("records"):
        was_clear, is_clear = bool(row["differs_before"]), bool(row["differs_after"])
        if was_clear and is_clear:
            verdicts.append(CLEAR if (row["before"] > 0) == (row["after"] > 0) else TURNED)
        elif was_clear or is_clear:
            verdicts.append(NEWLY_CLEAR if is_clear else NO_LONGER_CLEAR)
        else:
            verdicts.append(NOT_CLEAR)
    return verdicts
