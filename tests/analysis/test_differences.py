"""The differences of a report: which are headlines, and how they follow from shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.analysis.differences import (
    KEYS,
    combine_errors,
    find_target,
    list_differences,
    pick_headlines,
    subtract_shares,
)
from framing.estimates.compare import compare_groups
from framing.settings import Settings
from tests.estimation import classified_table
from tests.labelled import labelled_table, sampled_population

SHARES = np.array([[0.5, 0.1], [0.25, 0.1], [0.125, 0.4], [np.nan, np.nan]])
GROUPS, COMPARED = ["A", "B", "C", "D"], ["A", "B", "C"]


def row(group_a: str, group_b: str, p: float, differs: bool) -> dict[str, object]:
    return {"frame": "f", "group_a": group_a, "group_b": group_b, "p_adjusted": p, "differs": differs}


def test_clear_differences_come_first_and_those_against_the_rest_before_pairs():
    rows = [
        row("A", "B", 0.01, True),
        row("A", "C", 0.3, False),
        row("B", "C", 0.2, False),
        row("A", "rest", 0.03, True),
        row("B", "rest", 0.5, False),
    ]
    table = pd.DataFrame(rows)
    found = pick_headlines(table, top=10)
    assert found[["group_a", "group_b"]].to_numpy().tolist() == [["A", "rest"], ["A", "B"], ["B", "rest"]]
    assert list(found.index) == [0, 1, 2]
    many = pd.DataFrame([row(name, "rest", 0.01, True) for name in "ABCDE"])
    assert len(pick_headlines(many, top=4)) == 4
    assert len(pick_headlines(many.assign(differs=False), top=4)) == 3


def test_differences_of_pairs_and_of_a_group_and_the_mean_of_the_others():
    assert subtract_shares(SHARES, GROUPS, COMPARED, "B", "C").tolist() == pytest.approx([0.125, -0.3])
    # (0.25 + 0.125) / 2 and (0.1 + 0.4) / 2
    assert subtract_shares(SHARES, GROUPS, COMPARED, "A", "rest").tolist() == pytest.approx([0.3125, -0.15])
    errors = np.array([[0.3], [0.4], [1.2], [np.nan]])
    assert combine_errors(errors, GROUPS, COMPARED, "A", "B") == pytest.approx([0.5])
    # the others count half each: sqrt(0.3^2 + 0.2^2 + 0.6^2)
    assert combine_errors(errors, GROUPS, COMPARED, "A", "rest") == pytest.approx([0.7])


def test_the_differences_are_those_that_the_report_states():
    """With labels they are corrected, else of decisions; the target is the settings' where labels allow it."""
    settings = Settings(corpus="small", codebook="tiny", n_bootstrap=200, target="corpus", min_documents=2)
    labelled = labelled_table({"A": sampled_population(3), "B": sampled_population(4)})
    options = {"by": "outlet", "min_documents": 2, **settings.draws}
    for table, target in ((labelled, "corpus"), (classified_table({"A": [[1, 0]] * 4, "B": [[1, 1]] * 4}), "process")):
        assert find_target(table, settings) == target
        found = list_differences(table, settings)
        pairs = found[found["group_b"] != "rest"].reset_index(drop=True)
        expected = compare_groups(table, target=target, **options)
        pd.testing.assert_frame_equal(pairs[[*KEYS, "estimate", "low"]], expected[[*KEYS, "estimate", "low"]])
        assert (pairs["n_gold"] > 0).all() == (target == "corpus")
