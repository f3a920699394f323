"""Groups of texts by their vectors, and how far a group comes back when documents are drawn anew."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from framing.defaults import RANDOM_SEED
from framing.errors import InputError
from framing.uncertainty.resample import TINY

__all__ = [
    "LEAST_CORE", "LEAST_TEXTS", "STABLE", "UNSTABLE", "Grouping", "choose_n_groups", "group_vectors",
    "measure_stability",
]  # fmt: skip

LEAST_TEXTS = 20  # fewer are read sooner than grouped
MOST_GROUPS = 200
LEAST_CORE = 4  # texts of the core; what is smaller is no group
CORE = 0.5  # share of a group that is its core: the nearest to its centre
UNSTABLE, STABLE = 0.6, 0.75  # mean Jaccard below which a group is none, and from which it is one (Hennig 2007)
_STARTS = 10  # of k-means; the best counts
_DRAWS = 30

Array = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Grouping:
    """Groups of n texts, the largest first.

    Attributes
    ----------
    core : ndarray of int, shape (n,)
        Group whose core a text is in; -1 where it is in none: such texts count as ungrouped.
    nearest : ndarray of int, shape (n,)
        Group whose centre is nearest; -1 where that is no group, since its core is too small.
    small : ndarray of int, shape (n,)
        Cluster that is too small to be a group, from 0, the tightest first; -1 for texts of groups, and for those that
        have a cluster to themselves.
    similarity : ndarray, shape (n,)
        Cosine with the centre of the texts around it, core and edge.
    centres : ndarray, shape (G, d)
        Of unit length.
    n_tried : int
        Groups that were made, small ones included.
    """

    core: Labels
    nearest: Labels
    small: Labels
    similarity: Array
    centres: Array
    n_tried: int


def choose_n_groups(n: int) -> int:
    """Choose how many groups are made of texts.

    Parameters
    ----------
    n : int
        Number of texts.

    Returns
    -------
    int
        `2 sqrt(n)`, at most `n / 8` (so that cores have four texts on average) and 200. Chosen on the PLOVER sentences
        (`benchmarks/discovery.py`).

    Examples
    --------
    >>> choose_n_groups(80), choose_n_groups(400), choose_n_groups(1_000_000)
    (10, 40, 200)
    """
    return max(2, min(round(2 * math.sqrt(n)), n // (2 * LEAST_CORE), MOST_GROUPS))


def group_vectors(vectors: NDArray[np.floating], *, n_groups: int = 0, random_seed: int = RANDOM_SEED) -> Grouping:
    """Group texts by k-means on their vectors, and keep the core of each group.

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
        Of unit length.
    n_groups : int, default 0
        Groups to make; 0: `choose_n_groups`.
    random_seed : int, optional
        Of the starts.

    Returns
    -------
    Grouping
        Groups whose core has four texts at least, by the size of the core, then by how near it lies to its centre.

    Raises
    ------
    InputError
        For fewer than twenty texts, a number of groups that these do not allow, or groups that are all too small.

    Notes
    -----
    K-means (Lloyd 1982) from ten k-means++ starts. On unit vectors it maximises the cosines of texts with the mean of
    their group. It puts every text somewhere, so the half of a group that is nearest to its centre is its core, and
    the rest, its edge, counts as ungrouped.
    """
    n = len(vectors)
    if n < LEAST_TEXTS:
        raise InputError(f"Groups need at least {LEAST_TEXTS} texts, and there are {n}: read them one by one.")
    if n_groups and not 2 <= n_groups <= n // LEAST_CORE:
        raise InputError(f"{n_groups} groups: of {n} texts between 2 and {n // LEAST_CORE} can be made.")
    labels = _cluster(vectors, n_groups or choose_n_groups(n), n_starts=_STARTS, random_seed=random_seed)
    grouping = _keep_cores(np.asarray(vectors, dtype=np.float64), labels)
    if not len(grouping.centres):
        raise InputError(
            f"None of the {grouping.n_tried} groups has {LEAST_CORE} texts in its core: make fewer groups, or read the "
            f"{n} texts one by one."
        )
    return grouping


def _cluster(vectors: NDArray[np.floating], k: int, *, n_starts: int, random_seed: int) -> Labels:
    """The cluster of each text; the vectors may have fewer different values than `k`."""
    from sklearn.cluster import KMeans

    k = min(k, len(np.unique(np.asarray(vectors), axis=0)))
    means = KMeans(k, n_init=n_starts, random_state=random_seed).fit(np.asarray(vectors, dtype=np.float64))
    return np.asarray(means.labels_, dtype=np.int64)


def _keep_cores(vectors: Array, labels: Labels) -> Grouping:
    """Centres and cores of clusters, in the order of the groups."""
    k = int(labels.max()) + 1
    sums = np.zeros((k, vectors.shape[1]))
    np.add.at(sums, labels, vectors)
    centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), TINY)
    similarity = np.einsum("nd,nd->n", vectors, centres[labels])
    core = np.zeros(len(labels), dtype=bool)
    for cluster in range(k):
        rows = np.flatnonzero(labels == cluster)
        n_core = int(np.ceil(CORE * len(rows)))
        core[rows[np.argsort(-similarity[rows], kind="stable")[:n_core]]] = True
    sizes = np.bincount(labels[core], minlength=k)
    closeness = np.bincount(labels[core], similarity[core], minlength=k) / np.maximum(sizes, 1)
    order = [int(place) for place in np.lexsort((-closeness, -sizes)) if sizes[place] >= LEAST_CORE]
    number = np.full(k, -1, dtype=np.int64)
    number[order] = np.arange(len(order))
    nearest = number[labels]
    members = np.bincount(labels, minlength=k)
    tightness = np.bincount(labels, similarity, minlength=k) / np.maximum(members, 1)
    tight_first = np.argsort(-tightness, kind="stable")
    small_clusters = [int(place) for place in tight_first if sizes[place] < LEAST_CORE and members[place] >= 2]
    small = np.full(k, -1, dtype=np.int64)
    small[small_clusters] = np.arange(len(small_clusters))
    return Grouping(np.where(core, nearest, -1), nearest, small[labels], similarity, centres[order], k)


def measure_stability(
    vectors: NDArray[np.floating],
    grouping: Grouping,
    documents: NDArray[np.object_],
    *,
    n_draws: int = _DRAWS,
    random_seed: int = RANDOM_SEED,
) -> pd.DataFrame:
    """Measure how far each group comes back when documents are drawn anew.

    Parameters
    ----------
    vectors : ndarray, shape (n, d)
        Those that were grouped.
    grouping : Grouping
        Their groups, G of them.
    documents : ndarray, shape (n,)
        Document of each text: documents are drawn, not texts.
    n_draws : int, default 30
        Number of draws.
    random_seed : int, optional
        Of the draws.

    Returns
    -------
    DataFrame
        One row a group: `stability`, the mean over draws of the largest Jaccard coefficient of the group, core and
        edge, with any group of the draw; `stability_low, stability_high`, the range of the middle 80 % of the draws;
        `verdict`, `stable` from 0.75 on, `unstable` below 0.6, else `doubtful`.

    Notes
    -----
    Cluster-wise stability by the bootstrap (Hennig 2007, Computational Statistics & Data Analysis 52:258): texts that
    are drawn several times count once, and only texts that were drawn are compared. Limits of the verdict are his.
    A stable group may still be no frame, only a topic or a way of writing.
    """
    names, places = np.unique(documents.astype(str), return_inverse=True)
    generator = np.random.default_rng(random_seed)
    n_groups = len(grouping.centres)
    best = np.full((n_draws, n_groups), np.nan)
    for draw in range(n_draws):
        drawn = np.zeros(len(names), dtype=bool)
        drawn[generator.integers(0, len(names), len(names))] = True
        rows = np.flatnonzero(drawn[places])
        before = grouping.nearest[rows]
        k = max(2, round(grouping.n_tried * len(rows) / len(places)))
        again = _cluster(vectors[rows], min(k, len(rows)), n_starts=1, random_seed=random_seed + draw)
        best[draw] = _find_best_jaccard(before, again, n_groups)
    mean = np.nan_to_num(np.nanmean(np.where(np.isnan(best), 0.0, best), axis=0))
    low, high = np.nanquantile(np.where(np.isnan(best), 0.0, best), [0.1, 0.9], axis=0)
    verdict = np.select([mean >= STABLE, mean < UNSTABLE], ["stable", "unstable"], "doubtful")
    return pd.DataFrame({"stability": mean, "stability_low": low, "stability_high": high, "verdict": verdict})


def _find_best_jaccard(before: Labels, again: Labels, n_groups: int) -> Array:
    """Largest Jaccard coefficient of each group with a cluster of a draw; 0 for a group that was not drawn.

    >>> _find_best_jaccard(np.array([0, 0, 0, 1, -1]), np.array([1, 1, 0, 0, 0]), 2).round(3).tolist()
    [0.667, 0.333]
    """
    k = int(again.max()) + 1
    both = np.zeros((n_groups, k))
    known = before >= 0
    np.add.at(both, (before[known], again[known]), 1)
    sizes = both.sum(axis=1, keepdims=True)
    union = sizes + np.bincount(again, minlength=k) - both
    return np.asarray((both / np.maximum(union, 1)).max(axis=1), dtype=np.float64)
