"""Average-link clustering of a sparse graph, with pairs that must stand together and pairs that must not."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["average_link", "find_components"]


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
    """
    clusters = _Clusters(find_components(n, together), left, right, similarity, apart)
    candidates = [(-clusters.mean(a, b), a, b) for a, b in clusters.edges(threshold)]
    heapq.heapify(candidates)
    merges: list[tuple[int, int]] = []
    while candidates:
        negative, a, b = heapq.heappop(candidates)
        # a candidate is stale once either cluster has grown or been merged: its mean has changed
        if b not in clusters.sums.get(a, {}) or -negative != clusters.mean(a, b):
            continue
        if b in clusters.apart.get(a, ()):
            continue
        clusters.merge(a, b)
        merges.append((a, b))
        for other in clusters.sums[a]:
            mean = clusters.mean(a, other)
            if mean >= threshold:
                heapq.heappush(candidates, (-mean, min(a, other), max(a, other)))
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

    def edges(self, threshold: float) -> list[tuple[int, int]]:
        """Pairs of clusters, the smaller first, whose mean similarity is at least `threshold`."""
        return [
            (a, b)
            for a, sums in self.sums.items()
            for b, total in sums.items()
            if a < b and total >= threshold * self.sizes[a] * self.sizes[b]
        ]

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
