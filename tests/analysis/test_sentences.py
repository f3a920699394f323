"""Rows in words: what differs, by how much, the interval, and never more than the numbers support."""

from __future__ import annotations

import pandas as pd
import pytest

from framing import sentence
from framing.analysis.wording import name_frame, write_number
from framing.errors import InputError

NAMES = {"blame": "Blame", "arms_supply": "Arms supply"}
PAIR = {
    "frame": "blame", "group_a": "The Post", "group_b": "The Echo", "estimate": 0.2227, "low": 0.031, "high": 0.41,
    "p_adjusted": 0.0123, "differs": True, "n_passages": 90, "n_documents": 30, "n_gold": 96, "method": "m",
}  # fmt: skip
REST = {**PAIR, "group": "The Post", "share": 0.25, "rest": 0.0273}
REST = {key: value for key, value in REST.items() if key not in ("group_a", "group_b")}


def test_a_share_names_its_groups_and_what_corrects_it():
    row = {"outlet": "The Post", "frame": "blame", "estimate": 0.25, "low": 0.2, "high": 0.314, "n_gold": 0}
    assert sentence(row, names=NAMES, level=0.9) == (
        "In The Post, Blame stands in 25.0% of passages (90% interval 20.0% to 31.4%; in what the classifier marks, "
        "its errors not included: exploratory)."
    )
    assert "corrected with 1,234 labelled passages" in sentence({**row, "n_gold": 1234})
    assert "no interval" in sentence({**row, "low": float("nan"), "high": float("nan")})
    assert sentence(pd.Series(row)) == sentence(row)


def test_shares_of_documents_are_of_documents():
    row = {"outlet": "The Post", "frame": "blame", "estimate": 0.25, "low": 0.2, "high": 0.314, "n_gold": 12}
    assert sentence(row, names=NAMES, unit="document") == (
        "In The Post, Blame stands in 25.0% of documents (interval 20.0% to 31.4%; corrected with 12 labelled "
        "documents)."
    )
    assert "22.3 points more of its documents than The Echo" in sentence(PAIR, names=NAMES, unit="document")
    assert "25.0% of the documents of The Post" in sentence(REST, names=NAMES, unit="document")


def test_a_difference_reads_with_the_larger_share_first():
    assert sentence(PAIR, names=NAMES, level=0.95) == (
        "The Post has Blame in 22.3 points more of its passages than The Echo (joint 95% interval +3.1 to +41.0): "
        "clear of noise (adjusted p = 0.012)."
    )
    turned = {**PAIR, "estimate": -0.2227, "low": -0.41, "high": -0.031}
    assert sentence(turned, names=NAMES).startswith(
        "The Echo has Blame in 22.3 points more of its passages than The Post (joint interval +3.1 to +41.0)"
    )


def test_without_labels_nothing_is_clear_of_noise():
    for row in (PAIR, REST):
        text = sentence({**row, "n_gold": 0}, names=NAMES)
        assert "clear of noise" not in text
        assert text.endswith(
            "a difference (adjusted p = 0.012) in what the classifier marks, its errors not included: exploratory."
        )


def test_what_was_not_seen_says_what_could_have_been():
    unseen = {**PAIR, "differs": False, "low": -0.1, "p_adjusted": 0.4, "detectable": 0.3, "equivalent": False}
    assert sentence(unseen).endswith(
        "not clear of noise (adjusted p = 0.40); a difference under about 30.0 points had less than "
        "four chances in five of being seen."
    )
    assert "equivalent within the margin" in sentence({**unseen, "equivalent": True})
    unknown = {**PAIR, "differs": pd.NA, "low": float("nan"), "high": float("nan")}
    assert sentence(unknown).endswith("(no interval): whether they differ is not known.")


def test_one_group_against_the_others():
    assert sentence(REST, names=NAMES).startswith(
        "Blame stands in 25.0% of the passages of The Post and in 2.7% of those of the others on average, 22.3 points"
    )
    fewer = sentence({**REST, "estimate": -0.1, "low": -0.2, "high": -0.01, "share": 0.1, "rest": 0.2})
    assert "10.0 points fewer (joint interval −20.0 to −1.0)" in fewer


@pytest.mark.parametrize(
    ("supported", "differs", "beginning"),
    [
        (True, True, "As the hypothesis says, The Post has more of Blame than the others: +22.3 points"),
        (False, False, "Hypothesis, not shown: The Post has more"),
    ],
)
def test_a_hypothesis_says_what_was_expected_and_found(supported, differs, beginning):
    row = {
        **PAIR, "hypothesis": "h1", "group_b": "rest", "expect": "more", "supported": supported, "differs": differs,
        "detectable": 0.25,
    }  # fmt: skip
    text = sentence(row, names=NAMES)
    assert text.startswith(beginning)
    assert ("25.0 points had less" in text) == (not differs)
    contrary = sentence({**row, "supported": False, "estimate": -0.2, "low": -0.3, "high": 1.0}, names=NAMES)
    assert "the estimate is on the other side, −20.0 points" in contrary
    assert "had less" not in contrary
    assert "exploratory" in sentence({**row, "n_gold": 0})
    assert "joint interval from +3.1 up" in sentence({**row, "high": 1.0})
    assert "joint interval up to −3.1" in sentence({**row, "low": -1.0, "high": -0.031})
    untested = {**row, "estimate": float("nan"), "method": "not tested: The Post has 3 documents"}
    assert sentence(untested).endswith(
        "not tested: The Post has more of Blame than the others (The Post has 3 documents)."
    )
    differ = sentence({**row, "expect": "differ"}, names=NAMES)
    assert "The Post and the others differ in Blame" in differ


def test_a_test_of_a_frame():
    row = {
        "frame": "blame", "f_value": 5.234, "df_between": 5, "df_within": 40.2, "p_adjusted": 0.0004, "differs": True,
        "n_groups": 6, "n_gold": 9,
    }  # fmt: skip
    assert sentence(row, names=NAMES) == (
        "On Blame the 6 groups differ (F = 5.23 on 5 and 40 degrees of freedom, adjusted p < 0.001)."
    )
    assert "are not shown to differ" in sentence({**row, "differs": False})
    assert "exploratory" in sentence({**row, "n_gold": 0})


def test_a_change_a_slope_and_a_term():
    change = {
        **PAIR, "group": "all", "change": pd.Timestamp("2025-07-14"), "before": 0.0, "after": 0.198, "estimate": 0.198,
        "near": "A deadline",
    }  # fmt: skip
    text = sentence(change, names=NAMES)
    assert text.startswith(
        "From 14 July 2025 on, Blame stands in 19.8% of passages, before in 0.0%: +19.8 points (interval"
    )
    assert text.endswith("Near it: A deadline; an event that is near need not be the cause.")
    slope = sentence(
        {**PAIR, "estimate": -0.016, "low": -0.05, "high": 0.02, "slope_a": -0.02, "slope_b": 0.0, "differs": False}
    )
    assert slope.startswith("Per period, the share of Blame rises by 1.6 points less in The Post than in The Echo")


def test_a_regression():
    row = {"frame": "blame", "estimate": 0.1, "low": 0.02, "high": 0.2, "p_adjusted": 0.03, "n_gold": 48}
    assert sentence({**row, "term": "outlet: The Post"}, names=NAMES) == (
        "With the other terms held equal, the coefficient of outlet: The Post on Blame is +0.100 (interval +0.020 to "
        "+0.200): clear of noise (adjusted p = 0.030)."
    )
    effect = {**row, "variable": "outlet", "level": "The Post", "reference": "The Echo", "estimate": -0.1}
    assert sentence(effect, names=NAMES).startswith(
        "With the rest held equal, Blame stands in 10.0 points fewer of the passages where outlet is The Post than"
    )
    assert "not clear of noise" in sentence({**effect, "p_adjusted": 0.3}), "tested with the others"
    assert "not clear of noise" in sentence(effect, level=0.99)
    for empty in ("", None, float("nan")):  # a column of numbers
        assert sentence({**effect, "variable": "size", "level": empty, "reference": empty}, names=NAMES) == (
            "With the rest held equal, one more unit of size goes with 10.0 points fewer of the passages having Blame "
            "(interval +2.0 to +20.0): clear of noise (adjusted p = 0.030)."
        )


def test_other_rows_are_refused_by_their_columns():
    with pytest.raises(InputError, match="got the columns word, z"):
        sentence({"word": "a", "z": 1.0})


def test_names_and_numbers():
    assert name_frame("arms_supply", {}) == "Arms supply"
    assert [write_number(value, "+.1f") for value in (-1.25, 0.04, -0.04, 2.0, float("-inf"))] == [
        "−1.2", "0.0", "0.0", "+2.0", "−∞",
    ]  # fmt: skip


@pytest.mark.parametrize("column", ["component", "rank", "word", "frame_a", "measure"])
def test_rows_of_other_tables_have_no_sentence(column):
    row = {"outlet": "A", "frame": "blame", "estimate": 0.2, "low": 0.1, "high": 0.3, column: "x"}
    with pytest.raises(InputError, match="expected a row of shares"):
        sentence(row)


def test_a_row_without_labels_or_estimate_is_never_clear_of_noise():
    row = {
        "frame": "blame", "group_a": "A", "group_b": "B", "estimate": 0.2, "low": 0.1, "high": 0.3, "p_adjusted": 0.01,
        "differs": "True", "n_gold": float("nan"),
    }  # fmt: skip
    assert "clear of noise" not in sentence(row)
    assert "clear of noise" not in sentence({**row, "n_gold": 40, "differs": "False"}).replace("not clear of noise", "")
    assert (
        sentence({**row, "estimate": float("nan"), "method": "too few units"}) == "Blame: no estimate (too few units)."
    )
