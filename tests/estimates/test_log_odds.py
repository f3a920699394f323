"""Log-odds of words from sums over documents, by hand."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.stats import t as student

from framing.estimates.log_odds import METHOD, WordSums, contrast_words, sum_documents_with_words


def _sums_of(groups: list[list[tuple[int, int]]]) -> WordSums:
    """Sums of one word over documents, each given by its passages with the word and its counted words."""

    def column(values: list[float]) -> np.ndarray:
        return np.array(values, float)[:, None]

    return WordSums(
        y=column([sum(y for y, _ in part) for part in groups]),
        squares=column([sum(y**2 for y, _ in part) for part in groups]),
        mixed=column([sum(y * n for y, n in part) for part in groups]),
        n=column([sum(n for _, n in part) for part in groups]),
        n_squares=column([sum(n**2 for _, n in part) for part in groups]),
        documents=column([len(part) for part in groups]),
    )


def _expected(group: list[tuple[int, int]], others: list[tuple[int, int]]) -> tuple[float, float]:
    """Estimate and standard error with a prior weight of 2 for the word and 10 for all, document by document."""
    estimate, model, clustered = 0.0, 0.0, 0.0
    for sign, documents in ((1, group), (-1, others)):
        with_word = sum(y for y, _ in documents) + 2
        without = sum(n for _, n in documents) + 10 - with_word
        estimate += sign * log(with_word / without)
        model += 1 / with_word + 1 / without
        parts = [y / with_word - (n - y) / without for y, n in documents]
        mean = sum(parts) / len(parts)
        clustered += len(parts) / (len(parts) - 1) * sum((part - mean) ** 2 for part in parts)
    return estimate, sqrt(max(model, clustered))


EVEN = [(1, 4), (0, 3), (1, 4), (0, 4), (1, 3), (1, 5)]
BUNCHED = [(9, 12), (0, 9), (8, 11), (0, 10), (0, 12)]
OTHERS = [(0, 5), (4, 6), (0, 6), (0, 7), (1, 4), (0, 5), (2, 6)]


def test_a_word_against_all_other_groups_by_hand():
    groups = [EVEN, BUNCHED, OTHERS]
    prior = np.array([2.0])
    result = contrast_words(_sums_of(groups), prior, 10.0, level=0.9)
    smallest = [6, 5, 7]  # documents of the smaller side
    for place, row in enumerate(result.itertuples()):
        rest = [document for other, part in enumerate(groups) if other != place for document in part]
        estimate, error = _expected(groups[place], rest)
        reach = student.ppf(0.95, smallest[place] - 1) * error
        assert row.estimate == pytest.approx(estimate)
        assert (row.low, row.high) == pytest.approx((estimate - reach, estimate + reach))
        assert (row.z, row.order) == pytest.approx((estimate / error, estimate / error))
        assert (row.method, row.n_gold) == (METHOD.format(unit="document"), 0)
    assert result["n_passages"].to_list() == [4, 17, 7]
    # the three p-values, smallest first, times 3 / rank, none above one that follows
    p = np.array([2 * student.sf(abs(z), n - 1) for z, n in zip(result["z"], smallest, strict=True)])
    order = np.argsort(p)
    adjusted = np.minimum.accumulate((p[order] * 3 / np.arange(1, 4))[::-1])[::-1]
    assert result["q_value"].to_numpy()[order] == pytest.approx(adjusted)


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_side_of_few_documents_has_an_order_and_no_interval(n):
    group = BUNCHED[:n]
    result = contrast_words(_sums_of([group, OTHERS]), np.array([2.0]), 10.0, level=0.95)
    assert result[["low", "high", "z", "q_value"]].isna().all(axis=None)
    assert result["method"].str.contains("fewer than 5 documents").all()
    if n > 1:
        estimate, error = _expected(group, OTHERS)
        assert result["order"].to_list() == pytest.approx([estimate / error, -estimate / error])
    assert result["order"].iloc[0] > 0


def test_some_groups_have_intervals_beside_others_without():
    # two groups of five, one of three: the others of each have enough
    result = contrast_words(_sums_of([EVEN[:5], BUNCHED[:3], OTHERS[:5]]), np.array([2.0]), 10.0, level=0.95)
    assert result["low"].notna().to_list() == [True, False, True]
    assert result["q_value"].notna().to_list() == [True, False, True]


def test_sums_over_documents_by_hand():
    # passages of three documents, the second of two passages; four words, of which the second and the last are tested
    counts = csr_matrix(np.array([[1, 1, 0, 1], [0, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1.0]]))
    sums, n_documents = sum_documents_with_words(
        counts, np.array([4, 7, 7, 9]), np.array([1, 0, 0, 1]), n_groups=3, tested=np.array([1, 3])
    )
    # documents: (words 2 and 4, all): (1, 1; 3) of group 1, (2, 1; 5) of group 0, (0, 1; 2) of group 1
    assert sums.y.tolist() == [[2, 1], [1, 2], [0, 0]]
    assert sums.squares.tolist() == [[4, 1], [1, 2], [0, 0]]
    assert sums.mixed.tolist() == [[10, 5], [3, 5], [0, 0]]
    assert sums.n.tolist() == [[5], [5], [0]]
    assert sums.n_squares.tolist() == [[25], [13], [0]]
    assert sums.documents.tolist() == [[1], [2], [0]]
    assert n_documents.tolist() == [[1, 1], [1, 2], [0, 0]]
