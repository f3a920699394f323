"""Clusters in a decomposition: against leaving each unit out of the table, and what a single cluster a story tells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.estimates.decompose import decompose_differences
from tests.estimation import clustered_table


def _table(seed: int, *, n_stories: int, n_clusters: int, outlets: str = "AB") -> pd.DataFrame:
    """Forty documents an outlet about some of `n_stories`, in clusters of one outlet within a story."""
    table = clustered_table(
        np.random.default_rng(seed), n_documents=40, share=0.4, outlets=tuple(outlets), frames=("f", "g")
    )
    number = table["document_id"].to_numpy()
    story = (number * 7 + number // 40) % n_stories
    return table.assign(
        document_id=number.astype(str), passage_id=table["passage_id"].astype(str), event=story.astype(str),
        cluster=table["outlet"] + story.astype(str) + "/" + (number % n_clusters).astype(str),
    )  # fmt: skip


def _estimate(table: pd.DataFrame) -> pd.Series:
    parts = decompose_differences(table, min_documents=2, n_bootstrap=2)
    return parts.set_index(["group_a", "group_b", "frame", "component"])["estimate"].sort_index()


def _leave_out(table: pd.DataFrame, units: pd.Series) -> pd.Series:
    """Standard errors by the jackknife, from tables that lack a unit."""
    names = units.unique()
    whole = _estimate(table)
    gaps = pd.DataFrame([_estimate(table[units != name]) - whole for name in names])
    return np.sqrt((gaps**2).sum() * (len(names) - 1) / len(names))


@pytest.mark.slow
@pytest.mark.parametrize("n_clusters", [2, 3])
def test_errors_are_of_the_jackknife_of_clusters(n_clusters):
    # five stories in two or three clusters of each outlet, and one that A tells alone
    table = _table(3, n_stories=5, n_clusters=n_clusters)
    table.loc[(table["outlet"] == "A") & (table["event"] == "4"), "event"] = "of A"
    table = table[table["event"] != "4"]
    result = decompose_differences(table, min_documents=2, n_bootstrap=50)
    expected = _leave_out(table, table["cluster"])
    degrees = {"agenda": 4 * n_clusters - 1, "framing": 4 * n_clusters - 1}  # B has four stories
    for row in result.itertuples():
        error = expected[row.group_a, row.group_b, row.frame, row.component]
        assert row.high - row.estimate == pytest.approx(student.ppf(0.975, degrees[row.component]) * error)
        assert row.estimate - row.low == pytest.approx(student.ppf(0.975, degrees[row.component]) * error)


def test_a_story_in_a_single_cluster_is_left_out_as_a_whole():
    # all that an outlet has on a story is one cluster: units are the six stories, of both outlets together
    table = _table(4, n_stories=6, n_clusters=1)
    result = decompose_differences(table, n_bootstrap=50)
    expected = _leave_out(table, table["event"])
    for row in result.itertuples():
        error = expected[row.group_a, row.group_b, row.frame, row.component]
        assert row.high - row.estimate == pytest.approx(student.ppf(0.975, 5) * error)
    assert set(result["n_documents"]) == {80}
    # by clusters that are the events themselves it is the same
    of_events = decompose_differences(table.assign(cluster="event: " + table["event"]), n_bootstrap=50)
    drawn = ["p_adjusted", "differs"]  # by other draws
    pd.testing.assert_frame_equal(result.drop(columns=drawn), of_events.drop(columns=drawn))


def test_clusters_over_several_stories_join_them():
    # stories 0 and 1 in one cluster of A, 1 and 2 in one of B: three stories are one unit
    table = _table(5, n_stories=8, n_clusters=1)
    joined = {("A", "0"): "x", ("A", "1"): "x", ("B", "1"): "y", ("B", "2"): "y"}
    keys = zip(table["outlet"], table["event"], strict=True)
    table["cluster"] = [joined.get(key, cluster) for key, cluster in zip(keys, table["cluster"], strict=True)]
    units = table["event"].replace({"0": "one", "1": "one", "2": "one"})
    expected = _leave_out(table, units)
    for row in decompose_differences(table, n_bootstrap=50).itertuples():
        error = expected[row.group_a, row.group_b, row.frame, row.component]
        assert row.high - row.estimate == pytest.approx(student.ppf(0.975, 5) * error)


def test_parts_that_rest_on_few_units_have_no_interval():
    # six stories, of which both tell three: framing rests on three units, the agenda on six of A and three of B
    table = _table(6, n_stories=6, n_clusters=1, outlets="ABC")
    table = table[(table["outlet"] != "B") | table["event"].isin(["0", "1", "2"])]
    result = decompose_differences(table, n_bootstrap=200)
    with_b = (result["group_a"] == "B") | (result["group_b"] == "B")
    assert result.loc[with_b, ["low", "high", "p_adjusted"]].isna().all(axis=None)
    assert not result.loc[with_b, "differs"].any()
    assert result.loc[with_b, "method"].str.endswith("no interval: fewer than 5 independent units").all()
    others = result[~with_b]
    assert others[["low", "high", "p_adjusted"]].notna().all(axis=None)
    assert not others["method"].str.contains("no interval").any()
    assert with_b.to_list() == sorted(with_b)  # what is not known comes last
    assert "jackknife of clusters" in result["method"].iloc[0]


def test_pairs_that_share_an_outlet_are_drawn_together():
    # B and C are the same: their differences from A are the same in every draw, so that the largest of both is that of
    # either, and the joint p-value that of the pair alone (the test has no third difference)
    table = _table(7, n_stories=8, n_clusters=1)
    copy = table[table["outlet"] == "B"].assign(outlet="C")
    copy[["passage_id", "document_id"]] += "c"
    alone = decompose_differences(table, n_bootstrap=4000).set_index(["frame", "component"])
    both = decompose_differences(pd.concat([table, copy]), n_bootstrap=4000)
    of_c = both[(both["group_a"] == "A") & (both["group_b"] == "C")].set_index(["frame", "component"])
    assert of_c["p_adjusted"].to_numpy() == pytest.approx(alone.loc[of_c.index, "p_adjusted"].to_numpy(), abs=0.04)
