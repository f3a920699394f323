"""What is promised for each frame: bounds by hand, and what is missing where nothing is promised."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from framing.classify.guarantees import (
    GUARANTEES,
    find_shortfall,
    read_guarantees,
    set_guarantees,
)
from tests.classify.test_abstention import falling, tail


def test_guarantees_of_each_frame_by_hand():
    """Three frames: precision holds for the first, is required in vain for the second, is not required the third."""
    n = 20
    scores = np.column_stack([falling(n), falling(n), falling(n)])
    labels = np.zeros((n, 3), dtype=bool)
    labels[:12, 0] = True  # given to the first 16: 12 hits, then 4 errors
    labels[:5, 1] = True
    labels[:, 2] = True
    chosen = np.zeros((n, 3), dtype=bool)
    chosen[:16, 0] = chosen[:5, 1] = chosen[:10, 2] = True
    present_from, absent_below, table = set_guarantees(
        labels, scores, chosen, frames=["a", "b", "c"],
        precision={"a": 2 / 3, "b": 2 / 3}, recall={"b": 0.5, "c": 0.5}, confidence=0.8,
    )  # fmt: skip
    # a: 12 of 13 (chance .0385) still holds, 12 of 14 and on does not
    share = Fraction(2, 3)
    assert tail(12, 13, share) < Fraction(1, 20) < tail(12, 14, share)
    assert present_from.tolist() == [scores[12, 0], np.inf, -np.inf]
    # b: five carriers, the second smallest (see above); c: twenty, P(Bin(20, .5) >= 8) = .868, >= 9: .748
    assert absent_below.tolist() == [np.inf, scores[3, 1], np.sort(scores[:, 2])[7]]
    assert tuple(table.columns) == GUARANTEES
    rows = table.set_index(["frame", "measure"])
    assert rows.index.to_list() == [("a", "precision"), ("b", "precision"), ("b", "recall"), ("c", "recall")]
    assert rows["held"].to_list() == [True, False, True, True]
    assert rows["n_gold"].to_list() == [16, 5, 5, 20]
    assert rows["asked"].to_list() == pytest.approx([2 / 3, 2 / 3, 0.5, 0.5])
    assert (rows["confidence"] == 0.8).all()
    # a: 13 of 16 given stay; b: none of 5 given, and the 15 not given are all below; c: of 10 not given the 7 lowest
    assert rows["share_kept"].to_list() == pytest.approx([13 / 16, 0.0, 1.0, 0.7])
    assert rows["note"].to_list() == [
        "", "too few labels: 5 passages given the frame, at least 8 are needed even without an error", "", "",
    ]  # fmt: skip
    assert np.isnan(rows["threshold"].iloc[1])
    assert rows["n_enough"].isna().to_list() == [True, False, True, True], "only where it was not promised"


def test_enough_labels_with_too_many_errors_say_so():
    labels, scores = np.zeros((30, 1), bool), falling(30)[:, None]
    labels[::2] = True
    present_from, _, table = set_guarantees(
        labels, scores, np.ones((30, 1), bool), frames=["a"], precision={"a": 0.9}, recall={}, confidence=0.6
    )
    assert present_from.tolist() == [np.inf]
    assert table["note"].to_list() == ["not reached at any score with 30 passages given the frame"]
    assert table["shortfall"].to_list() == ["scores"]
    assert table["share_kept"].to_list() == [0.0]


def test_a_frame_that_nobody_carries_or_gets_is_not_promised():
    none = np.zeros((40, 1), bool)
    present_from, absent_below, table = set_guarantees(
        none, falling(40)[:, None], none, frames=["a"], precision={"a": 0.9}, recall={"a": 0.9}, confidence=0.95
    )
    assert (present_from.tolist(), absent_below.tolist()) == ([np.inf], [-np.inf])
    assert table["shortfall"].to_list() == ["labels", "labels"]
    assert table["note"].to_list() == [
        "too few labels: 0 passages given the frame, at least 42 are needed even without an error",
        "too few labels: 0 passages that carry it, at least 29 are needed even without an error",
    ]  # .9**29 = .0471
    assert table["share_kept"].to_list() == [0.0, 0.0]


def test_recall_needs_carriers():
    # 8 carriers among 100; .9 at 95 % needs 29 (.9**29 = .047): 29 × 100 / 8 = 362.5.
    labels = np.zeros((100, 1), bool)
    labels[:8] = True
    _, _, table = set_guarantees(
        labels, falling(100)[:, None], labels, frames=["a"], precision={}, recall={"a": 0.9}, confidence=0.95
    )
    assert table["n_enough"].to_list() == [370], "rounded up to two figures"


def test_no_requirement_sets_no_bound():
    present_from, absent_below, table = set_guarantees(
        np.ones((3, 2), bool), np.ones((3, 2)), np.ones((3, 2), bool),
        frames=["a", "b"], precision={}, recall={}, confidence=0.95,
    )  # fmt: skip
    assert present_from.tolist() == [-np.inf, -np.inf]
    assert absent_below.tolist() == [np.inf, np.inf]
    pd.testing.assert_frame_equal(table, pd.DataFrame(columns=list(GUARANTEES)))


@pytest.mark.parametrize(
    ("measure", "n_gold", "held", "expected"),
    [
        ("recall", 28, False, "labels"),
        ("recall", 29, False, "scores"),
        ("precision", 41, False, "labels"),
        ("precision", 42, False, "scores"),
        ("recall", 28, True, ""),
        ("precision", 99, True, ""),
    ],
)
def test_what_is_missing_by_hand(measure, n_gold, held, expected):
    found = find_shortfall(measure, required=0.9, confidence=0.95, n_gold=n_gold, held=held)
    assert found == expected


@pytest.mark.parametrize(
    ("required", "confidence", "n", "expected"),
    [(0.9, 0.95, 3, 87), (0.9, 0.95, 4, 120), (0.9, 0.95, 43, 1300), (0.9, 0.95, 345, 11_000), (0.5, 0.6, 4, 8)],
)
def test_labels_that_would_do_are_rounded_up_to_two_figures(required, confidence, n, expected):
    """One carrier among n; 29 are needed (of .5 at .6: two), so 29 n: 87, 116, 1247, 10 005, and 8."""
    labels = np.arange(n)[:, None] == 0
    _, _, table = set_guarantees(
        labels, falling(n)[:, None], labels, frames=["a"], precision={}, recall={"a": required}, confidence=confidence
    )
    assert table["n_enough"].to_list() == [expected]
    assert table["threshold"].isna().all()
    assert table["shortfall"].to_list() == ["labels"]


def test_where_all_are_given_no_passage_stays_denied():
    labels = np.ones((40, 1), bool)
    _, _, table = set_guarantees(
        labels, falling(40)[:, None], labels, frames=["a"], precision={}, recall={"a": 0.5}, confidence=0.9
    )
    assert (table["share_kept"].to_list(), table["held"].to_list()) == ([0.0], [True])


def test_a_table_of_rows_has_its_columns_in_order():
    row = dict.fromkeys(reversed(GUARANTEES), 1.0) | {"n_enough": None, "more": 3, "threshold": None}
    table = read_guarantees([row])
    assert tuple(table.columns) == GUARANTEES
    assert (table["threshold"].dtype, str(table["n_enough"].dtype)) == (float, "Int64")


def test_passages_of_one_document_count_for_less():
    """48 hits in 24 documents of two: without an error the correlation counts as .1 / .9, so 48 / 1.1111 = 43.2."""
    labels, scores = np.ones((48, 1), bool), falling(48)[:, None]
    options = {"frames": ["a"], "precision": {"a": 0.9}, "recall": {"a": 0.9}, "confidence": 0.95}
    alone, _, _ = set_guarantees(labels[:46], scores[:46], labels[:46], **options)
    assert np.isfinite(alone).all()
    documents = np.arange(48) // 2
    enough, _, _ = set_guarantees(labels, scores, labels, documents=documents, **options)
    assert enough.tolist() == [scores[-1, 0]]
    none, _, table = set_guarantees(labels[:46], scores[:46], labels[:46], documents=documents[:46], **options)
    assert none.tolist() == [np.inf]
    assert table["note"].iloc[0] == (
        "too few labels: 46 passages given the frame, worth 41 of different documents, at least 42 are needed even "
        "without an error"
    )
    assert table["shortfall"].iloc[0] == "labels"
