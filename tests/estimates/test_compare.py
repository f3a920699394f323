"""Pairwise differences: signs, joint intervals, and no false alarm where groups are equal."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.errors import InputError, TooLittleDataError
from framing.estimates.compare import compare_groups
from framing.estimates.prevalence import draw_shares
from framing.tables import CONTRASTS
from tests.estimation import classified_table, clustered_table


@pytest.fixture(scope="module")
def clustered() -> pd.DataFrame:
    """Three outlets, two frames, 25 documents each; no true difference."""
    return clustered_table(
        np.random.default_rng(2), n_documents=25, share=0.4, outlets=["A", "B", "C"], frames=["f", "g"]
    )


def test_difference_is_the_first_minus_the_second():
    # A: 4 of 10 passages, B: 9 of 10, C: 1 of 10, in 10 documents each.
    with_frame = {"A": 4, "B": 9, "C": 1}
    table = classified_table({name: [[1]] * n + [[0]] * (10 - n) for name, n in with_frame.items()})
    result = compare_groups(table, n_bootstrap=400).set_index(["group_a", "group_b"])
    assert result["estimate"].to_dict() == pytest.approx({("B", "C"): 0.8, ("A", "B"): -0.5, ("A", "C"): 0.3})
    assert (result["low"] < result["estimate"]).all()
    assert (result["high"] > result["estimate"]).all()
    assert result["low"].between(-1, 1).all()
    assert result["high"].between(-1, 1).all()
    assert result["n_passages"].to_list() == [20] * 3
    assert result["n_documents"].to_list() == [20] * 3
    assert result["method"].str.startswith("one of 3 differences of two groups;").all()
    assert result["method"].str.endswith("documents as independent units, classifier error not included").all()


def test_the_columns_are_those_of_the_schema(clustered):
    assert tuple(compare_groups(clustered, n_bootstrap=200).columns) == CONTRASTS


def test_a_clear_difference_is_found_and_its_interval_stays_within_bounds():
    # All of 20 documents against none of 20: no draw is ever as far, so p is 1 / (B + 1).
    row = compare_groups(classified_table({"A": [[1]] * 20, "B": [[0]] * 20}), n_bootstrap=499).iloc[0]
    assert row["estimate"] == 1.0
    assert row["high"] == 1.0
    assert row["low"] > 0
    assert row["p_adjusted"] == pytest.approx(1 / 500)
    assert row["differs"]


def test_names_only_decide_the_sign():
    documents = {"low": [[1]] * 3 + [[0]] * 9, "high": [[1]] * 8 + [[0]] * 4}
    one = compare_groups(classified_table({"a": documents["low"], "b": documents["high"]}), n_bootstrap=300)
    two = compare_groups(classified_table({"a": documents["high"], "b": documents["low"]}), n_bootstrap=300)
    assert one["estimate"].item() == pytest.approx(-5 / 12)
    assert two["estimate"].item() == pytest.approx(5 / 12)


def test_joint_intervals_are_wider_than_pointwise_ones(clustered):
    result = compare_groups(clustered, n_bootstrap=1000, random_seed=3)
    drawn = draw_shares(clustered, by=["outlet"], n_bootstrap=1000, random_seed=3)
    place = {name: number for number, name in enumerate(drawn.groups["outlet"])}
    for row in result.itertuples():
        column = drawn.frames.index(row.frame)
        shifted = drawn.draws[:, place[row.group_a], column] - drawn.draws[:, place[row.group_b], column]
        low, high = np.percentile(shifted, [2.5, 97.5])
        assert row.high - row.low > high - low


@pytest.mark.parametrize("n_bootstrap", [200, 333, 1000])
def test_a_difference_is_named_exactly_where_the_interval_leaves_zero_out(n_bootstrap):
    generator = np.random.default_rng(8)
    parts = [
        clustered_table(generator, n_documents=12, share=share, outlets=[name], frames=["f", "g", "h"])
        for name, share in (("A", 0.2), ("B", 0.5), ("C", 0.8))
    ]
    for name, part in zip("ABC", parts, strict=True):
        part["document_id"] = name + part["document_id"].astype(str)
    result = compare_groups(pd.concat(parts), n_bootstrap=n_bootstrap)
    away = (result["low"] > 0) | (result["high"] < 0)
    assert away.to_list() == result["differs"].to_list()
    assert result["differs"].any()
    assert not result["differs"].all()


def test_the_clearest_difference_comes_first(clustered):
    result = compare_groups(clustered, n_bootstrap=300)
    assert result["p_adjusted"].is_monotonic_increasing
    assert result["p_adjusted"].between(0, 1).all()
    assert list(result.index) == list(range(6))


def test_groups_of_the_same_documents_do_not_differ():
    documents = [[1, 0], [0], [1, 1, 0], [0, 0], [1], [0]] * 2
    result = compare_groups(classified_table(dict.fromkeys("ABC", documents)), n_bootstrap=300)
    assert result["estimate"].to_list() == [0.0] * 3
    assert not result["differs"].any()
    assert (result["p_adjusted"] == 1).all()


@pytest.mark.slow
def test_equal_groups_seldom_differ():
    # 100 corpora of three outlets of 12 documents drawn alike, 12 comparisons each. The chance of any false
    # difference is 0.05; its standard deviation over 100 is sqrt(.05 × .95 / 100) = .0218: two are allowed,
    # fewer than the twelve in a hundred that normal draws, not stretched to Student's t, make here.
    generator = np.random.default_rng(6)
    false = 0
    for number in range(100):
        table = clustered_table(
            generator, n_documents=12, share=0.2, outlets=["A", "B", "C"], frames=["f", "g", "h", "i"]
        )
        false += bool(compare_groups(table, n_bootstrap=300, random_seed=number)["differs"].any())
    assert false / 100 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 100)


def test_where_nothing_varies_one_passage_decided_otherwise_is_the_error():
    # None of 8 against none of 20, a passage a document: no spread but that of one more passage, 1 / n², and of the
    # eight, being fewer than twenty, at least the binomial variance.
    row = compare_groups(classified_table({"A": [[0]] * 8, "B": [[0]] * 20}), n_bootstrap=200).iloc[0]
    p = {8: 0.5 / 9, 20: 0.5 / 21}
    binomial = {n: share * (1 - share) / n for n, share in p.items()}
    spread = {8: max(1 / 8**2, binomial[8]), 20: 1 / 20**2}
    top, bottom = sum(spread[n] - 1 / n**2 for n in spread), sum(binomial.values())
    degrees = sum(spread.values()) ** 2 / sum(spread[n] ** 2 / (n - 1) for n in spread)
    assert row["estimate"] == 0
    assert row["low"] < -0.1
    assert row["high"] > 0.1
    assert row["p_adjusted"] == row["p_value"] == 1
    assert not row["differs"]
    # the bounds are where the score test, with Student's t of these degrees, turns
    design_effect = top / bottom
    middle = (8 * p[8] + 20 * p[20]) / 28
    null_error = np.sqrt(design_effect * middle * (1 - middle) * (1 / 8 + 1 / 20) + 1 / 8**2 + 1 / 20**2)
    assert row["high"] > student.ppf(0.975, degrees) * null_error  # a score bound reaches farther than a symmetric one


def test_the_same_share_in_all_documents_makes_no_sharp_difference():
    # A: 1 of 3 in each of 6 documents of 3 or 6 passages; B: 2 of 5 in each of 6 documents. Neither varies, which in so
    # few documents is no sign of a small error: the variances are those of 27 and 30 single passages.
    table = classified_table(
        {
            "A": [[1, 0, 0] * (1 + number % 2) for number in range(6)],
            "B": [[1, 1, 0, 0, 0] * (1 + number % 2) for number in range(6)],
        }
    )
    row = compare_groups(table, n_bootstrap=300).iloc[0]
    n_a, n_b = 27, 45
    a, b = (n_a / 3 + 0.5) / (n_a + 1), (n_b * 2 / 5 + 0.5) / (n_b + 1)
    binomial = [a * (1 - a) / n_a, b * (1 - b) / n_b]
    misread = [1 / n_a**2, 1 / n_b**2]
    effect = 1 - sum(misread) / sum(binomial)
    middle = (n_a * a + n_b * b) / (n_a + n_b)
    z = (2 / 5 - 1 / 3) / np.sqrt(effect * middle * (1 - middle) * (1 / n_a + 1 / n_b) + sum(misread))
    units = 9**2 / (6 * 2.5)  # three documents with one part, three with two parts: 9² / (3 + 12)
    degrees = sum(binomial) ** 2 / sum(spread**2 / (units - 1) for spread in binomial)
    assert row["estimate"] == pytest.approx(1 / 3 - 2 / 5)
    assert row["p_value"] == pytest.approx(2 * student.sf(z, degrees))
    assert not row["differs"]


def test_small_groups_are_shown_to_be_left_out():
    table = classified_table({"A": [[1]] * 6, "B": [[0]] * 6, "C": [[1]] * 4})
    result = compare_groups(table, n_bootstrap=200)
    assert result[["group_a", "group_b"]].to_numpy().tolist() == [["A", "B"]]
    with pytest.raises(InputError, match="two outlets with 7 documents each; there are A: 6, B: 6, C: 4"):
        compare_groups(table, n_bootstrap=200, min_documents=7)


def test_comparison_by_perspective():
    table = classified_table({"A": [[1]] * 6, "B": [[0]] * 6})
    assert compare_groups(table, by="perspective", n_bootstrap=200)["group_a"].to_list() == ["A"]


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match=r"lacks the column\(s\) decision"):
        compare_groups(classified_table({"A": [[1]]}).drop(columns="decision"))


def test_options_reach_the_draws_and_the_bounds():
    table = clustered_table(np.random.default_rng(4), n_documents=14, share=0.4, outlets=["A", "B"], frames=["f", "g"])
    wide, narrow = (compare_groups(table, n_bootstrap=150, random_seed=9, level=level) for level in (0.95, 0.8))
    assert (narrow["low"] >= wide["low"]).all()
    assert (narrow["high"] < wide["high"]).all()
    other = compare_groups(table, n_bootstrap=150, random_seed=10)
    assert wide["p_value"].to_list() == other["p_value"].to_list()
    assert wide["p_adjusted"].to_list() != other["p_adjusted"].to_list()
    # a margin that holds the joint interval is equivalence, one that does not is not
    reach = max(wide["high"].max(), -wide["low"].min())
    assert compare_groups(table, n_bootstrap=150, within=reach)["equivalent"].all()
    assert not compare_groups(table, n_bootstrap=150, within=0.01)["equivalent"].any()


def test_bounds_end_where_differences_do():
    row = compare_groups(classified_table({"A": [[0]] * 6, "B": [[1]] * 6}), n_bootstrap=100).iloc[0]
    assert (row["estimate"], row["low"]) == (-1, -1)
    row = compare_groups(classified_table({"A": [[1]] * 6, "B": [[0]] * 6}), n_bootstrap=100).iloc[0]
    assert (row["estimate"], row["high"]) == (1, 1)


def test_groups_of_five_documents_are_large_enough():
    table = classified_table({"A": [[1], [0]] * 2 + [[1]], "B": [[0], [1]] * 3})
    assert len(compare_groups(table, n_bootstrap=100)) == 1
    assert len(compare_groups(table, n_bootstrap=100, min_documents=5)) == 1
    with pytest.raises(InputError, match="with 6 documents each"):
        compare_groups(table, n_bootstrap=100, min_documents=6)


def test_a_p_value_of_one_less_the_level_is_no_difference():
    # three draws, none as far: p is 1 / 4
    row = compare_groups(classified_table({"A": [[1]] * 40, "B": [[0]] * 40}), n_bootstrap=3, level=0.75).iloc[0]
    assert (row["p_adjusted"], row["differs"]) == (0.25, False)


def test_shares_of_nothing_raise_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = classified_table({"A": [[0]] * 6, "B": [[1], [0]] * 3, "C": [[0]] * 6})
        assert compare_groups(table, n_bootstrap=100)["ratio"].isna().all()


def test_counts_are_of_both_groups():
    table = classified_table({"A": [[1, 0]] * 5, "B": [[0, 1, 0]] * 7})
    row = compare_groups(table, n_bootstrap=100).iloc[0]
    assert (row["n_passages"], row["n_documents"], row["n_gold"]) == (31, 12, 0)


def test_of_many_small_groups_a_message_names_the_number_and_a_few():
    table = classified_table({f"Paper {number:03}": [[1], [0]] for number in range(200)})
    with pytest.raises(TooLittleDataError) as caught:
        compare_groups(table, n_bootstrap=50)
    message = str(caught.value)
    assert "there are 200, the largest Paper 000: 2, Paper 001: 2" in message
    assert "Lower min_documents, compare by another column" in message
    assert len(message) < 400
