"""Average-link clustering of a sparse graph, with pairs that must stand together and pairs that must not."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["average_link", "joined"]


def joined(n: int, together: Iterable[tuple[int, int]]) -> NDArray[np.int64]:
    """The smallest member of the connected component of each of `n` items.

    >>> joined(5, [(1, 3), (3, 4)])
    array([0, 1, 2, 1, 1])
    """
    home = list(range(n))

    def find(item: int) -> int:
        while home[item] != item:
            home[item] = home[home[item]]
            item = home[item]
        return item

    for a, b in together:
        first, second = sorted((find(a), find(b)))
        home[second] = first
    return np.array([find(item) for item in range(n)], dtype=np.int64)


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
    """The cluster of each of `n` items, named by its smallest member.

    The two clusters with the highest mean similarity of their members' pairs are merged, again and again, while that
    mean is at least `threshold`. Pairs that are no edge (`left, right, similarity`, each pair once) count as 0.
    `together` pairs start in one cluster; clusters with an `apart` pair between them never merge, and neither do two
    that are joined only through others. Ties go to the smallest members, so the result is the same for the same items
    in the same order.
    """
    start = joined(n, together)
    size: dict[int, int] = {}
    for item in start.tolist():
        size[item] = size.get(item, 0) + 1
    sums: dict[int, dict[int, float]] = {item: {} for item in size}
    for a, b, value in zip(start[left].tolist(), start[right].tolist(), similarity.tolist(), strict=True):
        if a != b:
            sums[a][b] = sums[a].get(b, 0.0) + value
            sums[b][a] = sums[b].get(a, 0.0) + value
    enemies: dict[int, set[int]] = {}
    for first, second in apart:
        a, b = int(start[first]), int(start[second])
        enemies.setdefault(a, set()).add(b)
        enemies.setdefault(b, set()).add(a)
    heap = [
        (-value / (size[a] * size[b]), a, b)
        for a, near in sums.items()
        for b, value in near.items()
        if a < b and value >= threshold * size[a] * size[b]
    ]
    heapq.heapify(heap)
    home = {item: item for item in size}
    while heap:
        negative, a, b = heapq.heappop(heap)
        # an entry is stale once either cluster has grown or gone: its mean is then another
        if b not in sums.get(a, {}) or -negative != sums[a][b] / (size[a] * size[b]):
            continue
        if b in enemies.get(a, ()):
            continue
        home[b] = a
        size[a] += size.pop(b)
        gone = sums.pop(b)
        mine = sums[a]
        del mine[b]
        for other, value in gone.items():
            if other == a:
                continue
            theirs = sums[other]
            del theirs[b]
            total = mine.get(other, 0.0) + value
            mine[other] = theirs[a] = total
        for other in enemies.pop(b, ()):
            enemies[other].discard(b)
            enemies[other].add(a)
            enemies.setdefault(a, set()).add(other)
        for other, value in mine.items():
            mean = value / (size[a] * size[other])
            if mean >= threshold:
                heapq.heappush(heap, (-mean, min(a, other), max(a, other)))
    return np.array([_root(home, item) for item in start.tolist()], dtype=np.int64)


def _root(home: dict[int, int], item: int) -> int:
    while home[item] != item:
        item = home[item]
    return item
