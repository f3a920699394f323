"""Differences of errors between groups: signs, widths, and what is too little to compare."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.tables import ESTIMATE
from framing.validation.errors_by_group import METHOD, compare_errors


def labels(parts: dict[str, tuple[int, int, int, int]]) -> dict[str, object]:
    """One frame; for each group: hits, misses, false alarms, rightly absent; a document each."""
    gold, decided, groups = [], [], []
    for name, (hits, misses, alarms, absent) in parts.items():
        gold += [1] * (hits + misses) + [0] * (alarms + absent)
        decided += [1] * hits + [0] * misses + [1] * alarms + [0] * absent
        groups += [name] * (hits + misses + alarms + absent)
    return {
        "gold": np.array(gold, dtype=bool)[:, None],
        "decided": np.array(decided, dtype=bool)[:, None],
        "groups": groups,
        "frames": ["f"],
        "documents": [str(number) for number in range(len(gold))],
    }


def test_rates_by_hand():
    # North: recall 18/20, false alarms 4/40. South: 6/20 and 2/40.
    inputs = labels({"north": (18, 2, 4, 36), "south": (6, 14, 2, 38)})
    table = compare_errors(**inputs, n_bootstrap=400)
    assert table.columns.to_list() == ["frame", "measure", "group_a", "group_b", *ESTIMATE, "differs"]
    # The clearer comes first.
    assert table["measure"].to_list() == ["recall", "false_positive_rate"]
    assert table["estimate"].to_list() == pytest.approx([0.6, 0.05])
    assert table["differs"].to_list() == [True, False]
    assert table["n_passages"].to_list() == [40, 80]
    assert table["n_documents"].to_list() == [40, 80]
    assert table["n_gold"].to_list() == [120, 120]
    assert (table["method"] == METHOD.format(unit="document")).all()
    away = (table["low"] > 0) | (table["high"] < 0)
    assert away.to_list() == table["differs"].to_list()
    assert table[["low", "high"]].stack().between(-1, 1).all()


def test_a_single_comparison_has_the_width_of_a_t_interval():
    # Every passage has the frame, one a document, so there is one rate a group: 12/20 and 6/20. Draws of 19
    # of 20 have the variance p(1 - p)/19: .24/19 and .21/19. With 19 degrees of freedom, t is 2.093.
    table = compare_errors(**labels({"a": (12, 8, 0, 0), "b": (6, 14, 0, 0)}), n_bootstrap=8000).set_index("measure")
    row = table.loc["recall"]
    # A quantile of 8000 draws of multiples of 1/19 is not exact: a tenth is allowed.
    assert (row["high"] - row["low"]) / 2 == pytest.approx(2.093 * np.sqrt(0.45 / 19), rel=0.1)
    assert row["estimate"] == pytest.approx(0.3)
    assert not row["differs"]
    other = table.loc["false_positive_rate"]
    assert other[["estimate", "low", "high"]].isna().all()
    assert other["n_passages"] == 0
    assert "fewer than 5 gold documents that have a passage without the frame" in other["method"]


def test_too_few_documents_have_no_interval_and_the_method_names_the_group():
    # South has four documents with the frame, enough without it.
    table = compare_errors(**labels({"north": (10, 10, 1, 19), "south": (4, 0, 1, 19)}), n_bootstrap=200)
    row = table.set_index("measure").loc["recall"]
    assert row["estimate"] == pytest.approx(-0.5)
    assert row[["low", "high"]].isna().all()
    assert row["differs"] is pd.NA, "unknown is neither yes nor no"
    assert row["method"] == "no interval: south has fewer than 5 gold documents that have a passage with the frame"
    assert table.set_index("measure").loc["false_positive_rate", "method"] == METHOD.format(unit="document")
    assert table["measure"].to_list()[-1] == "recall"


def test_all_right_against_all_wrong_differs_though_no_draw_varies():
    table = compare_errors(**labels({"a": (20, 0, 0, 20), "b": (0, 20, 0, 20)}), n_bootstrap=200)
    recall, alarms = table.iloc[0], table.iloc[1]
    assert (recall["estimate"], recall["high"]) == (1, 1)
    assert 0 < recall["low"] < 1
    assert recall["differs"]
    assert alarms["estimate"] == 0
    assert alarms["low"] == pytest.approx(-alarms["high"])
    assert alarms["low"] < 0


def test_more_comparisons_give_wider_intervals():
    generator = np.random.default_rng(3)
    n = 240
    gold = generator.random((n, 8)) < 0.5
    decided = gold ^ (generator.random((n, 8)) < 0.2)
    groups = np.repeat(["a", "b", "c"], 80)
    documents = [str(number // 2) for number in range(n)]
    widths = []
    for k in (1, 3, 8):
        table = compare_errors(
            gold[:, :k], decided[:, :k], groups=groups, frames=list("pqrstuvw")[:k], documents=documents,
            n_bootstrap=500,
        ).set_index(["frame", "measure", "group_a", "group_b"])  # fmt: skip
        assert len(table) == k * 2 * 3
        row = table.loc[("p", "recall", "a", "b")]
        widths.append(row["high"] - row["low"])
    assert all(narrow < wide for narrow, wide in pairwise(widths))


def test_abstentions_are_left_out_of_both_rates():
    inputs = labels({"a": (6, 2, 1, 9), "b": (5, 5, 0, 10)})
    words = np.where(inputs["decided"], "present", "absent").astype(object)
    words[6:8] = "abstain"  # both misses of a
    table = compare_errors(**{**inputs, "decided": words}, n_bootstrap=100).set_index("measure")
    assert table.loc["recall", "estimate"] == pytest.approx(6 / 6 - 5 / 10)
    assert table.loc["recall", "n_passages"] == 16


def test_the_same_name_in_two_groups_is_two_documents():
    inputs = labels({"a": (6, 4, 2, 8), "b": (6, 4, 2, 8)})
    inputs["documents"] = [str(number) for number in range(20)] * 2
    table = compare_errors(**inputs, n_bootstrap=100)
    assert table["n_documents"].to_list() == [20, 20]
    assert (table["estimate"] == 0).all()
    assert not table["differs"].any()


def test_each_pair_is_judged_by_its_own_groups():
    # a and b are alike. Against either c, a recall of 2/20, differs; d has too few documents with the frame.
    parts = {"a": (18, 2, 2, 18), "b": (18, 2, 2, 18), "c": (2, 18, 2, 18), "d": (2, 1, 2, 18)}
    table = compare_errors(**labels(parts), n_bootstrap=400).set_index(["measure", "group_a", "group_b"]).sort_index()
    recall = table.loc["recall"]
    assert recall.loc[("a", "c"), "differs"]
    assert recall.loc[("b", "c"), "differs"]
    assert not recall.loc[("a", "b"), "differs"]
    assert recall.loc[("a", "c"), "estimate"] == pytest.approx(0.8)
    for other in "abc":
        assert recall.loc[(other, "d"), "differs"] is pd.NA
        assert recall.loc[(other, "d"), "method"].startswith("no interval: d has fewer than 5 gold documents")
    assert not table.loc["false_positive_rate", "differs"].any()


def test_errors_say_what_is_wrong():
    inputs = labels({"a": (6, 4, 2, 8)})
    with pytest.raises(InputError, match="at least two groups; there is only a"):
        compare_errors(**inputs)
    with pytest.raises(InputError, match="groups: expected one for each of the 20 passages, got 1"):
        compare_errors(**{**inputs, "groups": ["a"]})
    with pytest.raises(InputError, match="documents: expected one for each of the 20 passages, got 1"):
        compare_errors(**{**inputs, "documents": ["a"]})
    with pytest.raises(InputError, match="must be alike"):
        compare_errors(**{**inputs, "frames": ["f", "g"]})


def test_intervals_hold_jointly():
    # Recall 120/150 and 60/150, false alarms 45/150 and 24/150: two rates that do not depend on each other hold
    # together at .95 where each does at the root of it: z = 2.236, with 149 degrees z + (z³ + z) / 596 = 2.259.
    # Draws of 149 of 150 have the variance p(1 - p)/149.
    table = compare_errors(**labels({"a": (120, 30, 45, 105), "b": (60, 90, 24, 126)}), n_bootstrap=8000)
    half = ((table["high"] - table["low"]) / 2).set_axis(table["measure"])
    assert half["recall"] == pytest.approx(2.259 * np.sqrt((0.16 + 0.24) / 149), rel=0.05)
    assert half["false_positive_rate"] == pytest.approx(2.259 * np.sqrt((0.21 + 0.1344) / 149), rel=0.05)
    # The second is 1.3 of its half width: zero is outside.
    assert table["differs"].to_list() == [True, True]
    assert table["estimate"].to_list() == pytest.approx([0.4, 0.14])
    assert table.index.to_list() == [0, 1]


def test_without_spread_the_width_is_that_of_the_exact_bounds():
    # None or all of 20 in both groups: the exact interval reaches 1 - .025 ** (1/20), which over 1.96 is the error of
    # each rate; t with 19 degrees is 2.0930.
    half = 2.0930 * np.sqrt(2) * (1 - 0.025 ** (1 / 20)) / 1.95996
    right, wrong = (20, 0, 0, 20), (0, 20, 0, 20)
    recall, alarms = compare_errors(**labels({"a": right, "b": wrong}), n_bootstrap=50).itertuples(index=False)
    assert (recall.low, recall.high) == pytest.approx((1 - half, 1), rel=1e-4)
    assert (alarms.low, alarms.high) == pytest.approx((-half, half), rel=1e-4)
    recall, _ = compare_errors(**labels({"a": wrong, "b": right}), n_bootstrap=50).itertuples(index=False)
    assert recall.low == -1
    assert recall.high == pytest.approx(half - 1, rel=1e-4)


def test_two_documents_can_be_compared_if_asked_for_but_not_one():
    # None of two at .3: (1 - √.35) / .38532; t with one degree is tan(.15 π).
    half = np.tan(0.15 * np.pi) * np.sqrt(2) * (1 - np.sqrt(0.35)) / 0.38532
    two = {"a": (2, 0, 0, 2), "b": (2, 0, 0, 2)}
    for least in (1, 2):
        table = compare_errors(**labels(two), n_bootstrap=50, min_documents=least, level=0.3).set_index("measure")
        assert table.loc["false_positive_rate", ["low", "high"]].to_list() == pytest.approx([-half, half], rel=1e-4)
    one = {"a": (1, 0, 0, 2), "b": (2, 0, 0, 2)}
    table = compare_errors(**labels(one), n_bootstrap=50, min_documents=1, level=0.3).set_index("measure")
    assert table.loc["recall", ["low", "high"]].isna().all()
    assert table.loc["recall", "method"].startswith("no interval: a has fewer than 2 gold documents")


def test_five_documents_are_enough():
    table = compare_errors(**labels({"a": (5, 0, 0, 5), "b": (4, 1, 0, 5)}), n_bootstrap=50)
    assert (table["method"] == METHOD.format(unit="document")).all()
    assert table[["low", "high"]].notna().all(axis=None)


def test_arrays_that_are_not_alike_are_refused():
    inputs = labels({"a": (6, 4, 2, 8), "b": (6, 4, 2, 8)})
    with pytest.raises(InputError, match=r"^gold \(40, 1\) and decided \(39, 1\) must be alike, with 1 frames"):
        compare_errors(**{**inputs, "decided": inputs["decided"][1:]})


def test_clusters_are_resampled_and_documents_counted():
    # recall 16/20 and 4/20: clear of twenty documents each, not of four stories, of which none is of five
    inputs = labels({"north": (16, 4, 0, 0), "south": (4, 16, 0, 0)})
    stories = [f"{number // 4}" for number in range(40)]  # five of each group, all hits or all misses but in one
    of_documents = compare_errors(**inputs, n_bootstrap=500).set_index("measure").loc["recall"]
    row = compare_errors(**inputs, clusters=stories, n_bootstrap=500).set_index("measure").loc["recall"]
    assert of_documents["differs"]
    assert not row["differs"]
    assert (row["estimate"], row["n_documents"]) == (pytest.approx(0.6), 40)
    assert row["method"] == METHOD.format(unit="cluster")
    few = compare_errors(**inputs, clusters=[str(number // 5) for number in range(40)], n_bootstrap=50)
    reason = few.set_index("measure").loc["recall", "method"]
    assert reason == "no interval: north has fewer than 5 gold clusters that have a passage with the frame"
    alike = compare_errors(**inputs, clusters=inputs["documents"], n_bootstrap=500).set_index("measure").loc["recall"]
    assert (alike["low"], alike["high"]) == (of_documents["low"], of_documents["high"])
