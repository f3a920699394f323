"""What labels are wanted for: the width of intervals, or the power to tell two groups apart, of simulated draws."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from framing.analysis.label_search import Needed, find_for_power, find_for_width
from framing.analysis.simulated_draws import Population
from framing.errors import TooLittleDataError
from framing.estimates.compare import compare_groups
from framing.estimates.prevalence import estimate_prevalence

__all__ = ["Goal", "make_difference_goal", "make_width_goal"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Goal:
    """What is wanted: how a simulated table is measured, and what is found from many draws.

    Attributes
    ----------
    name : str
        `width` or `difference`.
    population : Population
        What is drawn from.
    measure : callable
        From a classified table to an outcome of each row, shape (rows,), NaN where there is none.
    rows : list of dict
        Keys of the rows: `frame, group_a, group_b, share_a, share_b`.
    groups : list of int
        Place of the group whose number of labels counts, by row.
    find : callable
        From sizes and outcomes of draws, and the bounds of the size, to the number that is needed.
    """

    name: str
    population: Population
    measure: Callable[[pd.DataFrame], Floats]
    rows: list[dict[str, object]]
    groups: list[int]
    find: Callable[[Floats, Floats, int, int], Needed]


def make_width_goal(population: Population, estimate: dict[str, Any], wanted: float) -> Goal:
    """Make the goal of a wanted width: a row a group and frame.

    Parameters
    ----------
    population : Population
        What is drawn from.
    estimate : dict
        Arguments of `estimate_prevalence`.
    wanted : float
        Mean width.

    Returns
    -------
    Goal
        Measured by `estimate_prevalence`.
    """
    frames, groups = population.frames, population.groups
    keys = pd.MultiIndex.from_product([groups, frames])

    def measure(table: pd.DataFrame) -> Floats:
        shares = estimate_prevalence(table, **estimate)
        index = pd.MultiIndex.from_arrays([shares[population.by].astype(str), shares["frame"]])
        widths: Floats = pd.Series((shares["high"] - shares["low"]).to_numpy(), index).reindex(keys).to_numpy(float)
        return np.where(widths > 0, widths, np.nan)

    rows: list[dict[str, object]] = [
        {"frame": frame, "group_a": name, "group_b": "", "share_a": float(share), "share_b": math.nan}
        for name, shares in zip(groups, population.shares, strict=True)
        for frame, share in zip(frames, shares, strict=True)
    ]
    return Goal(
        "width",
        population,
        measure,
        rows,
        [group for group in range(len(groups)) for _ in frames],
        lambda sizes, outcomes, lowest, highest: find_for_width(
            sizes, outcomes, wanted=wanted, lowest=lowest, highest=highest
        ),
    )


def make_difference_goal(
    population: Population, estimate: dict[str, Any], wanted: float, *, critical: float, power: float
) -> Goal:
    """Make the goal of a wanted difference: a row a frame.

    Parameters
    ----------
    population : Population
        What is drawn from.
    estimate : dict
        Arguments of `compare_groups`.
    wanted : float
        Difference of the shares of two groups.
    critical : float
        Normal value beyond which a difference is found.
    power : float
        Chance with which it is to be found.

    Returns
    -------
    Goal
        Measured by the p-value of `compare_groups` for the two groups whose labels vary most, moved apart by what is
        wanted.
    """
    rows: list[dict[str, object]] = []
    targets: dict[tuple[int, int], float] = {}
    groups, pairs = population.groups, []
    for k, frame in enumerate(population.frames):
        shares = population.shares[:, k]
        a, b = sorted(int(place) for place in np.argsort(-shares * (1 - shares), kind="stable")[:2])
        low = float(np.clip((shares[a] + shares[b] - wanted) / 2, min(shares[a], shares[b]), max(1 - wanted, 0)))
        high = min(low + wanted, 1.0)
        targets[a, k], targets[b, k] = (low, high) if shares[a] <= shares[b] else (high, low)
        pairs.append((a, b))
        rows.append(
            {
                "frame": frame,
                "group_a": groups[a],
                "group_b": groups[b],
                "share_a": targets[a, k],
                "share_b": targets[b, k],
            }
        )

    def measure(table: pd.DataFrame) -> Floats:
        try:
            contrasts = compare_groups(table, min_documents=2, **estimate)
        except TooLittleDataError:
            return np.full(len(rows), np.nan)
        contrasts = contrasts.set_index(["frame", "group_a", "group_b"])
        z = np.sign(contrasts["estimate"]) * norm.isf(np.clip(contrasts["p_value"], 1e-12, 1) / 2)
        values = []
        for row in rows:
            sign = 1 if float(str(row["share_a"])) > float(str(row["share_b"])) else -1
            key = (row["frame"], row["group_a"], row["group_b"])
            values.append(sign * float(z[key]) if key in z.index else np.nan)
        return np.array(values)

    return Goal(
        "difference",
        population.shift(targets),
        measure,
        rows,
        [a for a, _ in pairs],
        lambda sizes, outcomes, lowest, highest: find_for_power(
            sizes, outcomes, critical=critical, power=power, lowest=lowest, highest=highest
        ),
    )
