"""Words that name groups of texts, by class-based TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["name_groups", "weigh_words"]

_N_WORDS = 6
_CANDIDATES = 10  # words considered for each one that is taken


def weigh_words(counts: NDArray[Any]) -> NDArray[np.float64]:
    """Weigh how well words tell classes of texts apart.

    Parameters
    ----------
    counts : ndarray, shape (G, W)
        Texts of each class that have each word.

    Returns
    -------
    ndarray, shape (G, W)
        Weights; 0 for a word that a class lacks.

    Notes
    -----
    Class-based TF-IDF (Grootendorst 2022, BERTopic, arXiv 2203.05794): `tf(t, c) log(1 + A / f(t))`, with `tf(t, c)`
    the share of word t in the words of class c, `f(t)` its number in all classes, and A the mean number of words of a
    class. Words count once a text, so that one long text does not name a group.

    Examples
    --------
    With A = 4, the word of both classes has `1/4 log(1 + 4/2)`, that of one class `3/4 log(1 + 4/3)`.

    >>> weigh_words(np.array([[3, 1, 0], [0, 1, 3]])).round(3).tolist()
    [[0.635, 0.275, 0.0], [0.0, 0.275, 0.635]]
    """
    counts = np.asarray(counts, dtype=np.float64)
    totals = counts.sum(axis=1, keepdims=True)
    share = counts / np.maximum(totals, 1.0)
    frequency = np.maximum(counts.sum(axis=0), 1.0)
    return np.asarray(share * np.log1p(totals.mean() / frequency), dtype=np.float64)


def name_groups(
    counts: NDArray[Any], words: Sequence[str], *, n_groups: int, n_words: int = _N_WORDS
) -> list[tuple[str, ...]]:
    """Name groups by their words.

    Parameters
    ----------
    counts : ndarray, shape (n_groups + 1, W)
        Texts of each group that have each word; the last row: all other texts.
    words : sequence of str
        The W words.
    n_groups : int
        Number of groups.
    n_words : int, default 6
        Most words of a name.

    Returns
    -------
    list of tuple of str
        For each group its words with the largest weight that stand in two texts of it at least, largest first, and in
        the order of the alphabet where they weigh the same. A word that a pair of words holds, which is listed already,
        is left out, and the other way round.

    Examples
    --------
    >>> counts = np.array([[3, 2, 0], [0, 0, 4], [1, 0, 1]])
    >>> name_groups(counts, ["ferry", "ferry line", "school"], n_groups=2)
    [('ferry line',), ('school',)]
    """
    counts = np.asarray(counts)
    weights = weigh_words(counts)
    names = []
    for group in range(n_groups):
        order = np.lexsort((np.asarray(words, dtype=str), -weights[group]))[: n_words * _CANDIDATES]
        taken: list[str] = []
        for place in order:
            parts = set(words[place].split())
            if counts[group, place] >= 2 and not any(parts & set(word.split()) for word in taken):
                taken.append(words[place])
            if len(taken) == n_words:
                break
        names.append(tuple(taken))
    return names
