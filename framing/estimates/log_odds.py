"""Log-odds of words with a prior, and their variance where words of a document are not independent.

Weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008), linearised over documents (or
clusters of them).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control
from scipy.stats import t as student

from framing.estimates.vocabulary import sum_rows

__all__ = ["METHOD", "WordSums", "contrast_words", "sum_documents_with_words"]

METHOD = (
    "weighted log-odds of the group against the other groups, prior from the whole corpus; "
    "the larger of the model's and the {unit}-clustered variance; classifier error not included"
)
_NO_INTERVAL = "; no interval: fewer than {least} {unit}s of the group, or of the others, have the frame"
_LEAST_UNITS = 5  # with the frame, on either side: below, a clustered variance is not trusted

Array = NDArray[np.float64]


@dataclass(frozen=True)
class WordSums:
    """Sums over the documents (or clusters) d of each group: y_d passages with the word, n_d counted words.

    Attributes
    ----------
    y, squares, mixed : array
        Sums of y_d, of `y_d**2` and of `y_d n_d`, a row a group, a column a word.
    n, n_squares, documents : array
        Sums of n_d, of `n_d**2`, and the number of documents, a row a group, one column.
    """

    y: Array
    squares: Array
    mixed: Array
    n: Array
    n_squares: Array
    documents: Array

    def sum_others(self) -> WordSums:
        """For each group, the sums of all other groups.

        Returns
        -------
        WordSums
            With the same rows and columns.

        Examples
        --------
        >>> y = np.array([[1.0], [2.0], [4.0]])
        >>> WordSums(y, y, y, y, y, y).sum_others().y.tolist()
        [[6.0], [5.0], [3.0]]
        """
        return WordSums(**{name: part.sum(axis=0, keepdims=True) - part for name, part in vars(self).items()})


@dataclass(frozen=True)
class _LogOdds:
    """Log-odds of each word, their variance by the model, and their linearised variance over documents."""

    log_odds: Array
    model_variance: Array
    clustered_variance: Array


def sum_documents_with_words(
    counts: Any,
    document_of: NDArray[np.int64],
    group_of: NDArray[np.int64],
    *,
    n_groups: int,
    tested: NDArray[np.int64],
) -> tuple[WordSums, NDArray[np.int64]]:
    """Sums over the documents of each group, and the documents with each word.

    Parameters
    ----------
    counts : sparse matrix
        Whether each passage has each word, by `vocabulary.count_words`.
    document_of, group_of : array of int
        Document (or cluster of documents) and group of each passage.
    n_groups : int
        Number of groups.
    tested : array of int
        Columns of the words that are tested.

    Returns
    -------
    WordSums
        Of the tested words.
    array of int
        Documents of each group that have each tested word, shape (groups, tested words).
    """
    documents, first, place = np.unique(document_of, return_index=True, return_inverse=True)
    per_document = sum_rows(counts, place, len(documents)).tocsr()
    total = np.asarray(per_document.sum(axis=1)).ravel()
    group = group_of[first]
    part = per_document[:, tested]
    squared, weighted, has_word = part.copy(), part.multiply(total[:, None]).tocsr(), part.copy()
    squared.data = squared.data**2
    has_word.data = np.ones_like(has_word.data)
    y, squares, mixed, n_documents = (
        np.asarray(sum_rows(values, group, n_groups).todense(), float) for values in (part, squared, weighted, has_word)
    )
    n, n_squares, sizes = (
        np.bincount(group, weights=values, minlength=n_groups)[:, None].astype(float)
        for values in (total, total**2, np.ones(len(group)))
    )
    return WordSums(y, squares, mixed, n, n_squares, sizes), n_documents.astype(np.int64)


def contrast_words(
    sums: WordSums, prior: Array, prior_total: float, *, level: float, unit: str = "document"
) -> pd.DataFrame:
    """Log-odds of each word in a group against all other groups together.

    Parameters
    ----------
    sums : WordSums
        Sums over the documents of each group.
    prior : array
        Prior weight of each word.
    prior_total : float
        Prior weight of all words of the corpus, tested or not.
    level : float
        Confidence level of intervals.
    unit : str, default "document"
        What the sums are over, `document` or `cluster`, for the column `method`.

    Returns
    -------
    DataFrame
        A row a group (outer) and word (inner): `estimate, low, high, z, q_value, n_passages, n_gold, method`, and
        `order`, which is z also where there is no interval.

    Notes
    -----
    The variance of the difference is `max(model, clustered)`, each the sum of both sides; quantiles are Student's t
    with as many degrees of freedom as the smaller side has documents, less one.
    """
    others = sums.sum_others()
    group, rest = (_compute_log_odds(side, prior, prior_total) for side in (sums, others))
    estimate = group.log_odds - rest.log_odds
    error = np.sqrt(
        np.maximum(group.model_variance + rest.model_variance, group.clustered_variance + rest.clustered_variance)
    )
    documents = np.minimum(sums.documents, others.documents)
    has_interval = np.broadcast_to(documents >= _LEAST_UNITS, estimate.shape)
    degrees = np.maximum(documents - 1, 1)
    z = estimate / error
    p_value = 2 * student.sf(np.abs(z), degrees)
    reach = student.ppf((1 + level) / 2, degrees) * error
    q_value = np.full(estimate.shape, np.nan)
    if has_interval.any():
        q_value[has_interval] = false_discovery_control(p_value[has_interval])
    method = METHOD.format(unit=unit)
    methods = np.where(has_interval, method, method + _NO_INTERVAL.format(least=_LEAST_UNITS, unit=unit))
    columns = {
        "estimate": estimate,
        "low": np.where(has_interval, estimate - reach, np.nan),
        "high": np.where(has_interval, estimate + reach, np.nan),
        "z": np.where(has_interval, z, np.nan),
        "q_value": q_value,
        "n_passages": sums.y.astype(np.int64),
        "n_gold": np.zeros(estimate.shape, np.int64),
        "method": methods,
        "order": z,
    }
    return pd.DataFrame({name: values.ravel() for name, values in columns.items()})


def _compute_log_odds(sums: WordSums, prior: Array, prior_total: float) -> _LogOdds:
    """Log-odds of each word under the prior.

    With a the prior weight of a word and A that of all, `y + a` passages have the word and `n + A - y - a` counted
    words are others: the log-odds are the logarithm of their ratio, the model's variance `1 / (y + a) + 1 / (n + A - y
    - a)`, and a document with y_d of its n_d counted words contributes `y_d / (y + a) - (n_d - y_d) / (n + A - y - a)`.
    """
    with_word = sums.y + prior
    without = sums.n + prior_total - with_word
    slope, base = 1 / with_word + 1 / without, 1 / without
    squared = slope**2 * sums.squares - 2 * slope * base * sums.mixed + base**2 * sums.n_squares
    mean = slope * sums.y - base * sums.n
    documents = np.maximum(sums.documents, 2)
    clustered = np.maximum(squared - mean**2 / documents, 0) * documents / (documents - 1)
    return _LogOdds(
        log_odds=np.log(with_word) - np.log(without),
        model_variance=1 / with_word + 1 / without,
        clustered_variance=clustered,
    )
