"""Shares as two records: of decisions, with a bootstrap of documents; corrected, with errors of an estimator."""

from __future__ import annotations

import numpy as np
import pytest

from framing.estimates.prevalence import draw_shares
from framing.estimates.shares import CorrectedShares, RawShares
from framing.uncertainty.intervals import exact_error
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
