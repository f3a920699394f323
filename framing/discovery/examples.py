"""Passages that stand for a group: central ones that differ, and near ones that a frame explains already."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.discovery.grouping import Grouping

__all__ = ["N_COUNTER_SEEDS", "N_SEEDS", "choose_examples"]

N_SEEDS, N_COUNTER_SEEDS = 12, 6  # more than the check of a codebook asks for


def choose_examples(
    vectors: NDArray[np.floating], grouping: Grouping, explained: NDArray[np.floating] | None = None
) -> pd.DataFrame:
    """Choose the seeds and counter-seeds of each group.

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
        Those that were grouped, of unit length.
    grouping : Grouping
        Their groups.
    explained : ndarray, shape (m, d), optional
        Those of texts that a frame of the codebook explains, of unit length; None: there are none.

    Returns
    -------
    DataFrame
        `group, row, role, place`: the group, the row of the text, `seed` (of `vectors`) or `counter_seed` (of
        `explained`), and its place from 0.

    Notes
    -----
    Seeds are texts of the core that stand for it together: each adds most to the sum over the core of the cosine
    with the nearest chosen text (facility location, Lin & Bilmes 2011, ACL), so that a near copy of a chosen one adds
    little. The first is the one nearest to all others. Counter-seeds are explained texts that have the centre of the
    group as their nearest one, the most alike first. Texts as near to it as those of the core are left out, since they
    may carry the same; so are all texts of groups: those of a neighbouring group are often of the same topic. A group
    may have no counter-seeds.
    """
    units: NDArray[np.float64] = np.asarray(vectors, dtype=np.float64)
    others = np.empty((0, units.shape[1])) if explained is None else np.asarray(explained)
    alike = others @ grouping.centres.T.astype(others.dtype)
    nearest = alike.argmax(axis=1)
    rows: list[tuple[int, int, str, int]] = []
    for group, centre in enumerate(grouping.centres):
        core = np.flatnonzero(grouping.core == group)
        chosen = _choose_diverse(units[core])
        rows += [(group, int(core[place]), "seed", number) for number, place in enumerate(chosen)]
        outside = np.flatnonzero((nearest == group) & (alike[:, group] < (units[core] @ centre).min()))
        near = outside[np.argsort(-alike[outside, group], kind="stable")[:N_COUNTER_SEEDS]]
        rows += [(group, int(row), "counter_seed", number) for number, row in enumerate(near)]
    return pd.DataFrame(rows, columns=["group", "row", "role", "place"])


def _choose_diverse(vectors: NDArray[np.float64]) -> list[int]:
    """Rows of the chosen texts, in the order of their choice.

    >>> _choose_diverse(np.array([[1.0, 0.0], [0.999, 0.045], [0.8, 0.6]]))
    [1, 2, 0]
    """
    alike = vectors @ vectors.T
    reached = np.full(len(vectors), -1.0)
    chosen: list[int] = []
    while len(chosen) < min(N_SEEDS, len(vectors)):
        gain = np.maximum(alike, reached).sum(axis=1)
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
        reached = np.maximum(reached, alike[chosen[-1]])
    return chosen
