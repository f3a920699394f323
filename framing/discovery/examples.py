"""Passages that stand for a group: central ones that differ, and near ones of other groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.discovery.grouping import Grouping

__all__ = ["N_COUNTER_SEEDS", "N_SEEDS", "choose_examples"]

N_SEEDS, N_COUNTER_SEEDS = 12, 6  # more than the check of a codebook asks for
_DIVERSITY = 0.5  # weight of not being like a passage that is chosen already


def choose_examples(vectors: NDArray[np.floating], grouping: Grouping) -> pd.DataFrame:
    """Choose the seeds and counter-seeds of each group.

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
        Those that were grouped, of unit length.
    grouping : Grouping
        Their groups.

    Returns
    -------
    DataFrame
        `group, row, role, place`: the group, the row of the text, `seed` or `counter_seed`, and its place from 0.

    Notes
    -----
    Seeds are texts of the core by maximal marginal relevance (Carbonell & Goldstein 1998): each maximises
    `cos(text, centre) / 2 - max cos(text, chosen) / 2`; the first is the most central one. Counter-seeds are the texts
    of the cores of other groups that lie nearest to the centre.
    """
    units: NDArray[np.float64] = np.asarray(vectors, dtype=np.float64)
    rows: list[tuple[int, int, str, int]] = []
    for group, centre in enumerate(grouping.centres):
        core = np.flatnonzero(grouping.core == group)
        chosen = _choose_diverse(units[core], centre)
        rows += [(group, int(core[place]), "seed", number) for number, place in enumerate(chosen)]
        others = np.flatnonzero((grouping.core >= 0) & (grouping.core != group))
        near = others[np.argsort(-(units[others] @ centre), kind="stable")[:N_COUNTER_SEEDS]]
        rows += [(group, int(row), "counter_seed", number) for number, row in enumerate(near)]
    return pd.DataFrame(rows, columns=["group", "row", "role", "place"])


def _choose_diverse(vectors: NDArray[np.float64], centre: NDArray[np.float64]) -> list[int]:
    """Rows of the chosen texts, in the order of their choice.

    >>> _choose_diverse(np.array([[1.0, 0.0], [0.999, 0.045], [0.8, 0.6]]), np.array([1.0, 0.0]))
    [0, 2, 1]
    """
    central = vectors @ centre
    alike = vectors @ vectors.T
    chosen = [int(central.argmax())]
    while len(chosen) < min(N_SEEDS, len(vectors)):
        gain = (1 - _DIVERSITY) * central - _DIVERSITY * alike[:, chosen].max(axis=1)
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
    return chosen
