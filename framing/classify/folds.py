"""Folds for cross-fitting: texts of one document, and equal texts, are never on both sides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.errors import InputError
from framing.uncertainty.resample import TINY

__all__ = ["assign_folds", "join_groups"]


def join_groups(texts: Sequence[str], groups: Sequence[object] | None) -> NDArray[np.int64]:
    """Number the groups of texts; texts of one group and texts with the same words are together.

    Parameters
    ----------
    texts : sequence of str
        Length n.
    groups : sequence, optional
        The group of each text; one whose group is missing (None, NaN) is a group of its own.

    Returns
    -------
    ndarray of int, shape (n,)
        Numbers from 0, in order of appearance.

    Raises
    ------
    InputError
        Unless there is one group a text.

    Examples
    --------
    >>> join_groups(["a", "b", "A ", "c"], ["x", "y", "z", "y"]).tolist()
    [0, 1, 0, 1]
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(texts)
    by_text = pd.factorize(pd.Series([" ".join(text.lower().split()) for text in texts]))[0]
    names = list(range(n)) if groups is None else list(groups)
    if len(names) != n:
        raise InputError(f"groups: {n} texts, but {len(names)} groups; expected one a text.")
    by_group = pd.factorize(pd.Series(names, dtype=object))[0]
    by_group = np.where(by_group < 0, by_group.max(initial=-1) + 1 + np.arange(n), by_group)
    nodes = n + by_text, n + by_text.max(initial=0) + 1 + by_group
    size = int(max(nodes[0].max(initial=0), nodes[1].max(initial=0))) + 1
    edges = coo_matrix((np.ones(2 * n), (np.tile(np.arange(n), 2), np.concatenate(nodes))), shape=(size, size))
    return np.asarray(pd.factorize(connected_components(edges, directed=False)[1][:n])[0], dtype=np.int64)


def assign_folds(
    labels: NDArray[np.bool_], groups: NDArray[np.int64], *, n_folds: int, random_seed: int
) -> NDArray[np.int64]:
    """Assign each text to a fold, groups whole, each frame spread as evenly over folds as its groups allow.

    Parameters
    ----------
    labels : ndarray of bool, shape (n, K)
        Which frames each text carries.
    groups : ndarray of int, shape (n,)
        Number of the group of each text, from 0.
    n_folds : int
        Number of folds.
    random_seed : int
        Of the order of groups, and of the choice between folds that are alike.

    Returns
    -------
    ndarray of int, shape (n,)
        Fold of each text, from 0.

    Notes
    -----
    Groups are taken rarest frame first, in random order, and each goes to the fold that has least of what it
    carries (iterative stratification, Sechidis et al. 2011, for whole groups).
    """
    generator = np.random.default_rng(random_seed)
    n_groups = int(groups.max(initial=-1)) + 1
    size = np.zeros((n_groups, labels.shape[1] + 1))  # texts of each frame, then all texts
    np.add.at(size, groups, np.column_stack([labels, np.ones(len(labels))]))
    total = np.maximum(size.sum(axis=0), 1.0)
    rarest = np.where(size[:, :-1] > 0, total[:-1], np.inf).min(axis=1)
    order = np.lexsort((generator.random(n_groups), -size[:, -1], rarest))
    filled = np.zeros((n_folds, labels.shape[1] + 1))
    fold_of = np.empty(n_groups, dtype=np.int64)
    for group in order:
        overlap = (filled / total) @ (size[group] / total)
        ties = np.flatnonzero(overlap <= overlap.min() + TINY)
        smallest = ties[np.flatnonzero(filled[ties, -1] == filled[ties, -1].min())]
        fold_of[group] = generator.choice(smallest)
        filled[fold_of[group]] += size[group]
    return fold_of[groups]
