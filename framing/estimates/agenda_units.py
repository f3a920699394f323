"""What each cluster of documents contributes to agenda and framing: the jackknife of a decomposition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from framing.estimates.agenda_draws import Group
from framing.uncertainty.resample import TINY, ratio_or_zero

__all__ = ["Contributions", "jackknife_components"]

Array = NDArray[np.float64]
Places = NDArray[np.int64]

_LEAST_INSIDE = 2  # clusters of either group in an item, from which its shares vary in themselves


@dataclass(frozen=True)
class Contributions:
    """What each of m units contributes to the agenda and the framing of a pair of groups.

    Attributes
    ----------
    psi : array
        Contributions, whose squares add up to the variance, shape (m, 2, K).
    nodes : array of int
        What stands for each unit, the same in all pairs: an item (0 to Z - 1), or a cluster (from Z on), shape (m,).
    n_units : array of int
        Units that the agenda, and that the framing rests on, shape (2,).
    """

    psi: Array
    nodes: Places
    n_units: Places


def jackknife_components(a: Group, b: Group, *, place_of: dict[object, int]) -> Contributions:
    """Contributions of independent units to agenda and framing of two groups.

    Parameters
    ----------
    a, b : Group
        The groups; they have the same items.
    place_of : dict of str to int
        Place of each cluster among the clusters of all groups.

    Returns
    -------
    Contributions
        Of each unit.

    Notes
    -----
    With theta the two components and theta_(u) those without unit u, of m units,

        psi_u = sqrt((m - 1) / m) (theta_(u) - theta).

    A cluster is a unit of both groups where both have it. An item that both cover, one of them in a single cluster, is
    a unit as a whole: nothing else shows how much shares vary within an item, and only items that differ from each
    other tell a difference in framing from chance. Clusters that reach over such items join them.
    """
    n_items, k = a.n.shape
    groups = (a, b)
    n_clusters = np.stack([np.bincount(group.item_of, minlength=n_items) for group in groups])
    least = n_clusters.min(axis=0)
    is_common = least > 0
    is_whole = is_common & (least < _LEAST_INSIDE)
    items = np.concatenate([group.item_of for group in groups])
    clusters = np.concatenate(
        [np.array([place_of[name] for name in group.units], dtype=np.int64)[group.unit_of] for group in groups]
    )
    unit_of, nodes = _join_clusters(items, n_items + clusters, is_whole)
    # one row a unit and item, with what either group has of it: columns are n and sums of a, then of b
    keys, place = np.unique(np.stack([unit_of, items]), axis=1, return_inverse=True)
    unit, item = keys
    rows = np.zeros((len(unit), 2, 2, k))
    side = np.repeat([0, 1], [len(group.item_of) for group in groups])
    np.add.at(rows, (place.ravel(), side), np.concatenate([group.counts for group in groups]).reshape(-1, 2, k))
    totals = np.stack([np.stack([group.n, group.sums], axis=1) for group in groups], axis=1)  # (Z, 2, 2, K)
    without = totals[item] - rows
    weighted = _weigh_gaps(totals)
    changes = _weigh_gaps(without) - weighted[item]
    shape = (len(nodes), 2, k)
    gaps, n, sums = (np.zeros(shape) for _ in range(3))
    for target, values in ((gaps, changes), (n, -rows[:, :, 0]), (sums, -rows[:, :, 1])):
        np.add.at(target, unit, values)
    whole = (weighted.sum(axis=0), totals[:, :, 0].sum(axis=0), totals[:, :, 1].sum(axis=0))
    parts = _compute_parts(*(total + part for total, part in zip(whole, (gaps, n, sums), strict=True)))
    m = len(nodes)
    psi = np.sqrt((m - 1) / m) * (parts - _compute_parts(*whole))
    n_of_groups = [len(np.unique(unit[(rows[:, number, 0] > 0).any(axis=1)])) for number in range(2)]
    n_agenda = min(n_of_groups)
    n_framing = min(n_agenda, len(np.unique(unit[is_common[item]])))
    return Contributions(psi, nodes, np.array([n_agenda, n_framing], dtype=np.int64))


def _join_clusters(items: Places, clusters: Places, is_whole: NDArray[np.bool_]) -> tuple[Places, Places]:
    """Unit of each row, and the node of each unit: clusters, joined where they share an item that is a whole."""
    names, node = np.unique(np.concatenate([items, clusters]), return_inverse=True)
    item, cluster = np.split(node, 2)
    joined = is_whole[items]
    graph = coo_matrix((np.ones(joined.sum()), (item[joined], cluster[joined])), shape=(len(names), len(names)))
    component = connected_components(graph, directed=False)[1]
    # of nodes with a row of their own: an item that is no whole is a node without clusters
    used, unit_of = np.unique(component[cluster], return_inverse=True)
    first = np.full(component.max() + 1, len(names))
    np.minimum.at(first, component, np.arange(len(names)))
    return unit_of.astype(np.int64), names[first[used]].astype(np.int64)


def _weigh_gaps(totals: Array) -> Array:
    """The difference of shares in each item that both groups have, times the n of either group: shape (rows, 2, K)."""
    n, sums = totals[:, :, 0], totals[:, :, 1]
    n = np.where(n > TINY, n, 0.0)
    shares = ratio_or_zero(sums, n)
    gap = np.where((n > 0).all(axis=1), shares[:, 0] - shares[:, 1], 0.0)
    return np.asarray(n * gap[:, None])


def _compute_parts(gaps: Array, n: Array, sums: Array) -> Array:
    """Agenda and framing, shape (..., 2, K), from weighted gaps, n and sums of both groups, shapes (..., 2, K)."""
    n = np.where(n > TINY, n, 0.0)
    shares = ratio_or_zero(sums, n)
    framing = ratio_or_zero(gaps, n).mean(axis=-2)
    agenda = shares[..., 0, :] - shares[..., 1, :] - framing
    return np.stack([agenda, framing], axis=-2)
