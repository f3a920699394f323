"""Folds for cross-fitting: texts of one document, and equal texts, are never on both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError

__all__ = ["assign_folds", "join_groups"]


def join_groups(texts: Sequence[str], groups: Sequence[object] | None) -> NDArray[np.int64]:
    """Number of the group of each text, shape (n,): texts of one group or with the same words are together.

    A text whose group is missing (None, NaN) is alone. Raises `InputError` unless there is one group a text.

    >>> join_groups(["a", "b", "A ", "c"], ["x", "y", "z", "y"]).tolist()
    [0, 1, 0, 1]
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(texts)
    by_text = pd.factorize(pd.Series([" ".join(text.lower().split()) for text in texts]))[0]
    named = list(range(n)) if groups is None else list(groups)
    if len(named) != n:
        raise InputError(f"groups: {n} texts, but {len(named)} groups; expected one a text.")
    by_group = pd.factorize(pd.Series(named, dtype=object))[0]
    by_group = np.where(by_group < 0, by_group.max(initial=-1) + 1 + np.arange(n), by_group)
    nodes = n + by_text, n + by_text.max(initial=0) + 1 + by_group
    size = int(max(nodes[0].max(initial=0), nodes[1].max(initial=0))) + 1
    edges = coo_matrix((np.ones(2 * n), (np.tile(np.arange(n), 2), np.concatenate(nodes))), shape=(size, size))
    return np.asarray(pd.factorize(connected_components(edges, directed=False)[1][:n])[0], dtype=np.int64)


def assign_folds(
    targets: NDArray[np.bool_], groups: NDArray[np.int64], *, n_folds: int, random_seed: int
) -> NDArray[np.int64]:
    """Fold of each text, shape (n,), groups whole, each frame spread as evenly over folds as its groups allow.

    Groups are taken rarest frame first, in random order, and each goes to the fold that has least of what it
    carries (iterative stratification, Sechidis et al. 2011, for whole groups).
    """
    generator = np.random.default_rng(random_seed)
    n_groups = int(groups.max(initial=-1)) + 1
    carried = np.zeros((n_groups, targets.shape[1] + 1))
    np.add.at(carried, groups, np.column_stack([targets, np.ones(len(targets))]))
    total = np.maximum(carried.sum(axis=0), 1.0)
    rarest = np.where(carried[:, :-1] > 0, total[:-1], np.inf).min(axis=1)
    order = np.lexsort((generator.random(n_groups), -carried[:, -1], rarest))
    filled = np.zeros((n_folds, targets.shape[1] + 1))
    found = np.empty(n_groups, dtype=np.int64)
    for group in order:
        need = (filled / total) @ (carried[group] / total)
        ties = np.flatnonzero(need <= need.min() + 1e-12)
        least = ties[np.flatnonzero(filled[ties, -1] == filled[ties, -1].min())]
        found[group] = generator.choice(least)
        filled[found[group]] += carried[group]
    return found[groups]
