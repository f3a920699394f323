"""Average-link clustering of a sparse graph, with pairs that must stand together and pairs that must not."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["average_link", "find_components"]

_Pair: TypeAlias = tuple[float, int, int]  # a negative mean similarity, the smaller and the larger cluster


def find_components(n: int, edges: Iterable[tuple[int, int]]) -> NDArray[np.int64]:
    """Find the connected component of each of `n` items.

    Parameters
    ----------
    n : int
        Number of items, which are the numbers from 0 to `n - 1`.
    edges : iterable of (int, int)
        Pairs of items that are connected.

    Returns
    -------
    ndarray of shape (n,)
        The smallest member of the component of each item.

    Examples
    --------
    >>> find_components(5, [(1, 3), (3, 4)])
    array([0, 1, 2, 1, 1])
    """
    ends = np.array(list(edges), dtype=np.int64).reshape(-1, 2)
    if not len(ends):
        return np.arange(n, dtype=np.int64)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n))
    _, components = connected_components(graph)  # weak: directions do not count
    _, smallest, of_item = np.unique(components, return_index=True, return_inverse=True)
    return smallest[of_item].astype(np.int64)


def average_link(
    n: int,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    similarity: NDArray[np.float64],
    *,
    threshold: float,
    together: Iterable[tuple[int, int]] = (),
    apart: Iterable[tuple[int, int]] = (),
) -> NDArray[np.int64]:
    """Merge items into clusters by average link, under constraints.

    Parameters
    ----------
    n : int
        Number of items, which are the numbers from 0 to `n - 1`.
    left : ndarray of shape (n_edges,)
        First item of each edge; each pair of items has at most one edge.
    right : ndarray of shape (n_edges,)
        Second item of each edge.
    similarity : ndarray of shape (n_edges,)
        Similarity of the two items of each edge; pairs without an edge have similarity 0.
    threshold : float
        Least mean similarity at which two clusters are merged.
    together : iterable of (int, int), default ()
        Pairs that start in one cluster.
    apart : iterable of (int, int), default ()
        Pairs that never stand in one cluster, not even through other items.

    Returns
    -------
    ndarray of shape (n,)
        The smallest member of the cluster of each item.

    Notes
    -----
    The similarity of clusters A and B is the mean over their pairs of items, `sum(s[a, b]) / (|A| * |B|)`
    (Sokal & Michener 1958). The two most similar clusters are merged first; of equal similarities, those with the
    smallest members, so the result is the same for the same items in the same order.

    Each cluster keeps its best pair alone. A merge makes no other cluster's best pair better, since the mean with the
    merged cluster lies between the two means before it: a pair that is no longer current is looked for anew when its
    turn comes (the generic algorithm of Müllner 2011, sec. 3.1).
    """
    clusters = _Clusters(find_components(n, together), left, right, similarity, apart)
    best = {a: pair for a in clusters.sums if (pair := clusters.find_best(a, threshold)) is not None}
    waiting = [(pair, a) for a, pair in best.items()]
    heapq.heapify(waiting)
    merges: list[tuple[int, int]] = []
    while waiting:
        pair, owner = heapq.heappop(waiting)
        if best.get(owner) is not pair:  # the cluster has grown or been merged since
            continue
        if clusters.is_current(pair):
            _, a, b = pair
            clusters.merge(a, b)
            merges.append((a, b))
            best.pop(b, None)
            owner = a
        found = clusters.find_best(owner, threshold)
        if found is None:
            best.pop(owner, None)
        else:
            best[owner] = found
            heapq.heappush(waiting, (found, owner))
    return find_components(n, [*enumerate(clusters.start.tolist()), *merges])


class _Clusters:
    """Clusters by their smallest member: sizes, sums of similarities between them, and which never merge."""

    def __init__(
        self,
        start: NDArray[np.int64],
        left: NDArray[np.int64],
        right: NDArray[np.int64],
        similarity: NDArray[np.float64],
        apart: Iterable[tuple[int, int]],
    ) -> None:
        self.start = start
        self.sizes = dict(Counter(start.tolist()))
        self.sums: dict[int, dict[int, float]] = {cluster: {} for cluster in self.sizes}
        for a, b, value in zip(start[left].tolist(), start[right].tolist(), similarity.tolist(), strict=True):
            if a != b:
                self.sums[a][b] = self.sums[b][a] = self.sums[a].get(b, 0.0) + value
        self.apart: dict[int, set[int]] = {}
        for first, second in apart:
            a, b = int(start[first]), int(start[second])
            self.apart.setdefault(a, set()).add(b)
            self.apart.setdefault(b, set()).add(a)

    def mean(self, a: int, b: int) -> float:
        """Mean similarity of two clusters."""
        return self.sums[a][b] / (self.sizes[a] * self.sizes[b])

    def find_best(self, a: int, threshold: float) -> _Pair | None:
        """The pair of a cluster that is merged first, with a mean of at least `threshold`; None where there is none."""
        size, sizes, apart = self.sizes[a], self.sizes, self.apart.get(a, ())
        pairs = (
            (-total / (size * sizes[other]), a if a < other else other, other if a < other else a)
            for other, total in self.sums[a].items()
            if other not in apart
        )
        best = min(pairs, default=None)
        return best if best is not None and -best[0] >= threshold else None

    def is_current(self, pair: _Pair) -> bool:
        """Whether both clusters are as they were when the pair was found, and may stand together."""
        negative, a, b = pair
        return b in self.sums.get(a, {}) and b not in self.apart.get(a, ()) and -negative == self.mean(a, b)

    def merge(self, a: int, b: int) -> None:
        """Add the members of cluster `b` to cluster `a`."""
        self.sizes[a] += self.sizes.pop(b)
        sums = self.sums[a]
        del sums[b]
        for other, total in self.sums.pop(b).items():
            if other != a:
                del self.sums[other][b]
                sums[other] = self.sums[other][a] = sums.get(other, 0.0) + total
        for other in self.apart.pop(b, ()):
            self.apart[other].discard(b)
            self.apart[other].add(a)
            self.apart.setdefault(a, set()).add(other)
