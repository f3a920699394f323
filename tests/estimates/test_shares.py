"""Shares as two records: of decisions, with a bootstrap of documents; corrected, with errors of an estimator."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from framing.estimates.clusters import add_weights
from framing.estimates.prevalence import draw_shares
from framing.estimates.raw_shares import draw_raw_shares
from framing.estimates.shares import CorrectedShares, RawShares
from framing.estimates.totals import sum_documents
from framing.uncertainty.intervals import exact_bounds, exact_error
from tests.estimation import classified_table
from tests.labelled import sampled_table


def test_without_labels_shares_are_of_decisions():
    # A: 12 documents, 6 with the frame: the bootstrap is trusted. B: 12 without it, C: 3 of 12 with it: it is not.
    documents = {"A": [[1]] * 6 + [[0]] * 6, "B": [[0]] * 12, "C": [[1]] * 3 + [[0]] * 9}
    drawn = draw_shares(classified_table(documents), by=["outlet"], n_bootstrap=20_000)
    assert isinstance(drawn, RawShares)
    assert drawn.shares.ravel().tolist() == [0.5, 0, 0.25]
    assert [drawn.is_sparse(group, 0) for group in range(3)] == [False, True, True]
    # Draws of 11 of 12 documents have the variance p (1 - p) / 11; where none varies the exact bounds give the error.
    expected = [np.sqrt(0.25 / 11), exact_error(0.0, 12, level=0.95), np.sqrt(0.1875 / 11)]
    assert drawn.standard_errors(level=0.95).ravel() == pytest.approx(expected, rel=0.03)
    least = drawn.least_errors(level=0.95).ravel()
    assert least[0] == 0
    assert least[1] == pytest.approx(exact_error(0.0, 12, level=0.95))
    # 3 of 12 are worth p (1 - p) / variance = 11 observations
    assert least[2] == pytest.approx(exact_error(0.25, 11, level=0.95), rel=0.03)


def test_documents_of_several_passages_are_worth_no_more_than_their_passages():
    # Each of six documents has the frame in half of its passages, or in two of four: nothing varies.
    drawn = draw_shares(classified_table({"A": [[1, 0]] * 3 + [[1, 1, 0, 0]] * 3}), by=["outlet"], n_bootstrap=200)
    assert isinstance(drawn, RawShares)
    assert drawn.effective_size(0, 0) == 6
    assert drawn.standard_errors(level=0.9).item() == pytest.approx(exact_error(0.5, 6, level=0.9))


def test_with_labels_errors_are_those_of_the_estimator_at_any_level():
    labels = np.r_[np.ones(8), np.zeros(12)]
    drawn = draw_shares(sampled_table(labels, np.zeros(20), np.ones(20)), by=["outlet"], n_bootstrap=50)
    assert isinstance(drawn, CorrectedShares)
    # scores say nothing and all passages, each a document, are labelled: p (1 - p) / 19
    assert drawn.errors.item() == pytest.approx(np.sqrt(0.4 * 0.6 / 19))
    for level in (0.8, 0.99):
        assert drawn.standard_errors(level=level).item() == drawn.errors.item()
        assert drawn.least_errors(level=level).item() == drawn.errors.item()


def test_documents_without_a_decision_on_a_frame_neither_have_nor_lack_it():
    # f: three documents, all of both passages, one of one passage without it, and one on which it abstained
    both = [classified_table({"A": [[1, 1], [0], [-1]]}), classified_table({"A": [[1, 0], [1], [1, 1]]}, frame="g")]
    drawn = draw_shares(pd.concat(both), by=["outlet"], n_bootstrap=60)
    assert isinstance(drawn, RawShares)
    assert drawn.frames == ["f", "g"]
    assert drawn.n_with.tolist() == [[1, 3]]
    assert drawn.n_all.tolist() == [[1, 2]]
    assert drawn.shares.ravel() == pytest.approx([2 / 3, 4 / 5])
    # passages are counted by the frame that was decided on most of them
    assert (drawn.n_passages.tolist(), drawn.n_documents.tolist(), drawn.n_gold.tolist()) == ([5], [3], [0])
    assert drawn.degrees.tolist() == [2]
    assert drawn.draws.shape == (60, 1, 2)


def test_a_frame_that_was_never_decided_has_no_share():
    both = [classified_table({"A": [[-1], [-1], [-1]]}), classified_table({"A": [[1], [0], [1]]}, frame="g")]
    drawn = draw_shares(pd.concat(both), by=["outlet"], n_bootstrap=60)
    assert isinstance(drawn, RawShares)
    assert drawn.shares.tolist() == [[0, pytest.approx(2 / 3)]]
    assert drawn.n_with.tolist() == [[0, 2]]
    assert drawn.n_all.tolist() == [[0, 2]]


@pytest.mark.parametrize(
    ("n_with", "n_without", "is_sparse"), [(5, 9, False), (4, 9, True), (9, 5, False), (9, 4, True)]
)
def test_five_documents_with_a_frame_and_five_without_are_enough(n_with, n_without, is_sparse):
    drawn = draw_shares(classified_table({"A": [[1]] * n_with + [[0]] * n_without}), by=["outlet"], n_bootstrap=300)
    assert isinstance(drawn, RawShares)
    assert drawn.is_sparse(0, 0) == is_sparse


def test_the_effective_size_lies_between_one_and_the_passages():
    # B: two documents of three passages that agree are worth one. A: 3 of 6 and 4 of 7, 13 passages; draws of one
    # document at a time vary by ((4/7 - 3/6) / 2)², far less than 13 independent passages do. C: one document.
    documents = {"A": [[1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 0, 0, 0]], "B": [[1, 1, 1], [0, 0, 0]], "C": [[1, 0]]}
    drawn = draw_shares(classified_table(documents), by=["outlet"], n_bootstrap=2000)
    assert isinstance(drawn, RawShares)
    assert drawn.effective_size(0, 0) == 13
    assert drawn.effective_size(1, 0) == pytest.approx(1, rel=0.05)
    assert drawn.effective_size(2, 0) == 1
    assert drawn.degrees.tolist() == [1, 1, 1]
    assert drawn.exact_bounds(0, 0, level=0.8) == exact_bounds(7 / 13, 13, level=0.8)
    assert drawn.least_errors(level=0.8)[0, 0] == exact_error(7 / 13, 13, level=0.8)
    assert drawn.exact_bounds(2, 0, level=0.8) == exact_bounds(0.5, 1, level=0.8)


def test_sums_of_documents_by_hand():
    # d stands in two groups and counts in each; the last has no name; documents without a row of a frame have zeros
    table = pd.DataFrame(
        [
            ("B", "d", "g", 2.0),
            ("A", "e", "f", 1.0),
            ("A", "d", "f", 4.0),
            ("A", "d", "f", 8.0),
            (None, "h", "g", 16.0),
        ],
        columns=["outlet", "document_id", "frame", "x"],
    )
    totals = sum_documents(table, ["x"], by=["outlet"], frames=["g", "f", "never"])
    assert totals.groups["outlet"].to_list()[:2] == ["A", "B"]
    assert totals.groups["outlet"].isna().to_list() == [False, False, True]
    rows = sorted(zip(totals.group_of.tolist(), totals.units.tolist(), totals.sums["x"].tolist(), strict=True))
    assert rows == [(0, "d", [0, 12, 0]), (0, "e", [0, 1, 0]), (1, "d", [2, 0, 0]), (2, "h", [16, 0, 0])]


def test_clusters_are_drawn_in_place_of_documents_and_documents_are_still_counted():
    # twelve documents of a passage each, two alike to a cluster: six units, three of them with the frame
    table = classified_table({"A": [[1]] * 6 + [[0]] * 6})
    clustered = table.assign(cluster=[f"c{number // 2}" for number in range(12)])
    drawn, of_documents = (draw_raw_shares(part, by=["outlet"], n_bootstrap=20_000) for part in (clustered, table))
    assert (drawn.shares.item(), drawn.n_passages.item(), drawn.n_documents.item()) == (0.5, 12, 12)
    assert (drawn.n_units.item(), drawn.degrees.item()) == (6, 5)
    assert (of_documents.n_units.item(), of_documents.degrees.item()) == (12, 11)
    # p (1 - p) / (units - 1)
    assert drawn.draws.var() == pytest.approx(0.25 / 5, rel=0.03)
    assert of_documents.draws.var() == pytest.approx(0.25 / 11, rel=0.03)
    # three units with the frame are too few for percentiles: exact bounds of 5 observations, not of 11
    assert (drawn.n_with.tolist(), drawn.is_sparse(0, 0), of_documents.is_sparse(0, 0)) == ([[3]], True, False)
    assert drawn.effective_size(0, 0) == pytest.approx(5, rel=0.03)
    size = drawn.effective_size(0, 0) * (norm.ppf(0.975) / student.ppf(0.975, 5)) ** 2
    assert drawn.exact_bounds(0, 0, level=0.95) == pytest.approx(exact_bounds(0.5, size, level=0.95))


def test_the_variance_of_clusters_of_different_size_by_hand():
    # shares and sizes of eight clusters, four times: sum over clusters of (y - p n)², over n² (m / (m - 1))
    n, y = np.tile([1, 2, 3, 4, 5, 3, 2, 4], 4), np.tile([0, 1, 3, 1, 2, 0, 2, 1], 4)
    documents = [[int(place < present)] for size, present in zip(n, y, strict=True) for place in range(size)]
    table = classified_table({"A": documents}).assign(cluster=np.repeat(np.arange(32), n).astype(str))
    p = 10 / 24
    variance = ((y - p * n) ** 2).sum() / n.sum() ** 2 * 32 / 31
    drawn = draw_raw_shares(table, by=["outlet"], n_bootstrap=20_000)
    assert drawn.shares.item() == pytest.approx(p)
    assert drawn.draws.var() == pytest.approx(variance, rel=0.05)
    assert (drawn.n_documents.item(), drawn.n_units.item()) == (96, 32)


def test_a_group_of_a_single_cluster_is_worth_one_observation():
    drawn = draw_raw_shares(classified_table({"A": [[1], [0], [0], [1]]}).assign(cluster="c"), by=None, n_bootstrap=50)
    assert (drawn.n_documents.item(), drawn.n_units.item(), drawn.degrees.item()) == (4, 1, 1)
    assert drawn.exact_bounds(0, 0, level=0.95) == exact_bounds(0.5, 1, level=0.95)
    assert drawn.standard_errors(level=0.95).item() == exact_error(0.5, 1, level=0.95)


def test_a_cluster_counts_in_each_of_its_groups():
    table = classified_table({"A": [[1], [0], [1]], "B": [[1], [1]]}).assign(cluster=["x", "x", "y", "x", "y"])
    drawn = draw_raw_shares(table, by=["outlet"], n_bootstrap=50)
    assert drawn.n_units.tolist() == [2, 2]
    assert drawn.n_documents.tolist() == [3, 2]


def test_weights_of_documents_make_shares_of_documents():
    # one long document with the frame, three short ones without: 6 of 9 passages, 1 of 4 documents
    table = add_weights(classified_table({"A": [[1] * 6, [0], [0], [0]]}), "documents")
    drawn = draw_raw_shares(table, by=["outlet"], n_bootstrap=20_000)
    assert drawn.shares.item() == pytest.approx(1 / 4)
    assert (drawn.n_passages.item(), drawn.n_with.item(), drawn.n_all.item()) == (9, 1, 1)
    assert drawn.draws.var() == pytest.approx(0.25 * 0.75 / 3, rel=0.05)
    assert draw_raw_shares(table.drop(columns="weight"), by=["outlet"], n_bootstrap=5).shares.item() == 6 / 9


@pytest.mark.parametrize(("n_clusters", "is_sparse"), [(49, True), (50, False)])
def test_percentiles_of_few_clusters_are_not_trusted(n_clusters, is_sparse):
    documents = [[number % 2] for number in range(n_clusters) for _ in range(2)]
    table = classified_table({"A": documents}).assign(cluster=np.repeat(np.arange(n_clusters), 2).astype(str))
    drawn = draw_raw_shares(table, by=["outlet"], n_bootstrap=300)
    assert drawn.is_sparse(0, 0) == is_sparse
    assert drawn.least_errors(level=0.95).item() == 0  # its standard error is trusted
    assert not draw_raw_shares(table.drop(columns="cluster"), by=["outlet"], n_bootstrap=300).is_sparse(0, 0)
