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
from framing.estimates.against_rest import compare_with_rest
from framing.estimates.compare import compare_groups
from framing.settings import Settings
from tests.estimation import classified_table
from tests.labelled import labelled_table, sampled_population

SHARES = np.array([[0.5, 0.1], [0.25, 0.1], [0.125, 0.4], [np.nan, np.nan]])
GROUPS, COMPARED = ["A", "B", "C", "D"], ["A", "B", "C"]


def row(family: str, group_a: str, group_b: str, p: float, differs: bool) -> dict[str, object]:
    key = {"family": family, "frame": "f", "group_a": group_a, "group_b": group_b}
    return {**key, "p_adjusted": p, "differs": differs}


def test_clear_differences_come_first_and_those_against_the_rest_before_pairs():
    rows = [
        row("pair", "A", "B", 0.01, True),
        row("pair", "A", "C", 0.3, False),
        row("pair", "B", "C", 0.2, False),
        row("against the rest", "A", "rest", 0.03, True),
        row("against the rest", "B", "rest", 0.5, False),
    ]
    table = pd.DataFrame(rows)
    found = pick_headlines(table, top=10)
    assert found[["group_a", "group_b"]].to_numpy().tolist() == [["A", "rest"], ["A", "B"], ["B", "rest"]]
    assert list(found.index) == [0, 1, 2]
    many = pd.DataFrame([row("against the rest", name, "rest", 0.01, True) for name in "ABCDE"])
    assert len(pick_headlines(many, top=4)) == 4
    assert len(pick_headlines(many.assign(differs=False), top=4)) == 3


def test_hypotheses_come_before_all_as_they_were_named():
    rows = [
        row("hypothesis", "C", "A", 0.7, False),
        row("hypothesis", "B", "rest", 0.2, False),
        row("against the rest", "A", "rest", 0.03, True),
        row("pair", "A", "B", 0.01, True),
    ]
    found = pick_headlines(pd.DataFrame(rows), top=10)
    assert found[["group_a", "group_b"]].to_numpy().tolist() == [["C", "A"], ["B", "rest"], ["A", "rest"], ["A", "B"]]


def test_differences_of_pairs_and_of_a_group_and_the_mean_of_the_others():
    assert subtract_shares(SHARES, GROUPS, COMPARED, "B", "C").tolist() == pytest.approx([0.125, -0.3])
    # (0.25 + 0.125) / 2 and (0.1 + 0.4) / 2
    assert subtract_shares(SHARES, GROUPS, COMPARED, "A", "rest").tolist() == pytest.approx([0.3125, -0.15])
    errors = np.array([[0.3], [0.4], [1.2], [np.nan]])
    assert combine_errors(errors, GROUPS, COMPARED, "A", "B") == pytest.approx([0.5])
    # the others count half each: sqrt(0.3^2 + 0.2^2 + 0.6^2)
    assert combine_errors(errors, GROUPS, COMPARED, "A", "rest") == pytest.approx([0.7])


@pytest.mark.parametrize("labelled", [True, False])
def test_the_differences_are_those_that_the_report_states(labelled):
    """With labels they are corrected, else of decisions; the target is the settings' where labels allow it."""
    settings = Settings(corpus="small", codebook="tiny", n_bootstrap=200, target="corpus", min_documents=2)
    table = classified_table({"A": [[1, 0]] * 6, "B": [[1, 1]] * 6, "C": [[0, 0]] * 6})
    if labelled:
        table = labelled_table({name: sampled_population(seed) for seed, name in enumerate("ABC", start=3)})
    target = find_target(table, settings)
    assert target == ("corpus" if labelled else "process")
    found = list_differences(table, settings)
    options = {"by": "outlet", "min_documents": 2, "target": target, **settings.draws}
    columns = ["estimate", "low", "high", "p_adjusted", "differs", "n_gold"]
    pairs = compare_groups(table, **options).set_index(KEYS)[columns]
    rest = compare_with_rest(table, **options).set_index(["frame", "group"])[columns]
    of_pairs = found[found["family"] == "pair"].set_index(KEYS)[columns]
    of_rest = found[found["family"] == "against the rest"].rename(columns={"group_a": "group"})
    pd.testing.assert_frame_equal(of_pairs, pairs)
    pd.testing.assert_frame_equal(of_rest.set_index(["frame", "group"])[columns], rest)
    assert (found["n_gold"] > 0).all() == labelled
    assert set(of_rest["group_b"]) == {"rest"}


def test_a_hypothesis_is_listed_once():
    hypotheses = [{"frame": "f", "groups": ["A", "rest"], "expect": "more"}, {"frame": "f", "groups": ["C", "B"]}]
    settings = Settings(corpus="small", codebook="tiny", n_bootstrap=200, min_documents=2, hypotheses=hypotheses)
    table = classified_table({"A": [[1, 0]] * 6, "B": [[1, 1]] * 6, "C": [[0, 0]] * 6})
    found = list_differences(table, settings)
    assert not found.duplicated(KEYS).any()
    named = found[found["family"] == "hypothesis"]
    assert named[["group_a", "group_b"]].to_numpy().tolist() == [["A", "rest"], ["C", "B"]]
    assert (found["family"] == "against the rest").sum() == 2


def test_two_groups_have_no_rest_but_each_other():
    settings = Settings(corpus="small", codebook="tiny", n_bootstrap=200, min_documents=2)
    found = list_differences(classified_table({"A": [[1, 0]] * 6, "B": [[1, 1]] * 6}), settings)
    assert found["family"].to_list() == ["pair"]
