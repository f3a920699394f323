"""Bounds of shares by what undecided passages may be, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from framing.estimates.abstentions import bound_abstentions
from framing.tables import ABSTENTIONS
from tests.estimation import classified_table

# A: 4 present, 4 absent and 2 undecided of 10; B: decided throughout
TABLE = classified_table({"A": [[1, 0], [1, 0], [1, 0], [1, 0], [-1, -1]], "B": [[1, 0]] * 6})


def test_undecided_passages_are_all_absent_or_all_present():
    bounds = bound_abstentions(TABLE, n_bootstrap=200)
    assert list(bounds.columns) == ["outlet", *ABSTENTIONS]
    assert bounds["outlet"].to_list() == ["A"], "only where a passage is undecided"
    row = bounds.iloc[0]
    assert (row["estimate"], row["if_absent"], row["if_present"]) == pytest.approx((4 / 8, 4 / 10, 6 / 10))
    assert (row["n_abstained"], row["n_passages"], row["n_documents"]) == (2, 10, 5)
    assert row["low_if_absent"] < 0.4 < 0.6 < row["high_if_present"]
    assert row["low_if_absent"] <= row["low"]
    assert row["method"].startswith(
        "marks alone; undecided passages left out, all taken as absent, or all as present; "
    )


def test_all_passages_may_be_one_group():
    row = bound_abstentions(TABLE, by=None, n_bootstrap=200).iloc[0]
    assert row["group"] == "all"
    assert (row["estimate"], row["if_absent"], row["if_present"]) == pytest.approx((10 / 20, 10 / 22, 12 / 22))


def test_where_all_is_decided_there_is_nothing_to_bound():
    decided = TABLE[TABLE["outlet"] == "B"]
    bounds = bound_abstentions(decided)
    assert bounds.empty
    assert list(bounds.columns) == ["outlet", *ABSTENTIONS]


def test_where_nothing_is_decided_the_share_is_anything():
    row = bound_abstentions(classified_table({"A": [[-1, -1]] * 5}), n_bootstrap=200).iloc[0]
    assert (row["if_absent"], row["if_present"], row["low_if_absent"], row["high_if_present"]) == (0, 1, 0, 1)
    assert np.isnan(row["estimate"])
    assert row["n_passages"] == 10
    assert row["method"].endswith("nothing was decided")
