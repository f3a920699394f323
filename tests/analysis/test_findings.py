"""The answer of a report: at most five sentences, confirmatory first, and never more than the tables support."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.findings import find_findings, find_told_frame
from framing.tables import AGAINST_REST, CHANGES, CONTRASTS, FRAME_TESTS, HYPOTHESES

NAMES = {"blame": "Blame", "relief": "Relief", "cost": "Cost"}
NOTHING = float("nan")


def _rows(columns, *rows, **shared):
    """A table of a row for each dict; what neither names is empty."""
    given = {"n_passages": 90, "n_documents": 30, "n_gold": 96, "method": "m", **shared}
    return pd.DataFrame([{**dict.fromkeys(columns), **given, **row} for row in rows])[list(columns)]


def _test(frame, p_value, *, n_gold=96):
    return _rows(
        FRAME_TESTS,
        {"frame": frame, "estimate": 0.1, "f_value": 3.0, "df_between": 2, "df_within": 20, "p_adjusted": p_value,
         "differs": p_value < 0.05, "n_groups": 3},
        n_gold=n_gold,
    )  # fmt: skip


def _rest(frame, group, estimate, p_value, *, n_gold=96, detectable=0.2):
    row = {
        "frame": frame, "group": group, "estimate": estimate, "low": estimate - 0.1, "high": estimate + 0.1,
        "p_adjusted": p_value, "differs": p_value < 0.05, "share": 0.2, "rest": 0.2 - estimate,
        "detectable": detectable,
    }  # fmt: skip
    return _rows(AGAINST_REST, row, n_gold=n_gold)


def _pair(estimate, p_value, *, n_gold=96, frame="blame"):
    row = {
        "frame": frame, "group_a": "A", "group_b": "B", "estimate": estimate, "low": estimate - 0.1,
        "high": estimate + 0.1, "p_adjusted": p_value, "differs": p_value < 0.05,
    }  # fmt: skip
    return _rows(CONTRASTS, row, n_gold=n_gold)


def _expected(hypothesis, *, supported, n_gold=96):
    row = {
        "hypothesis": hypothesis, "frame": "cost", "group_a": "A", "group_b": "rest", "expect": "more", "estimate": 0.2,
        "low": 0.1, "high": 0.3, "p_adjusted": 0.01 if supported else 0.4, "differs": supported,
        "supported": supported,
    }  # fmt: skip
    return _rows(HYPOTHESES, row, n_gold=n_gold)


def _change(frame, p_value, estimate=0.2):
    row = {
        "group": "all", "frame": frame, "change": pd.Timestamp("2025-07-14"), "before": 0.0, "after": estimate,
        "estimate": estimate, "low": 0.1, "high": 0.3, "p_adjusted": p_value, "differs": p_value < 0.05,
        "near": "A summit",
    }  # fmt: skip
    return _rows(CHANGES, row, n_gold=0)


def test_the_order_and_at_most_five():
    tables = {
        "hypotheses": pd.concat([_expected(f"h{n}", supported=n == 1) for n in (3, 2, 1)]),
        "frame_tests": pd.concat([_test("blame", 0.001), _test("relief", 0.3)]),
        "against_rest": pd.concat([_rest("blame", "A", 0.2, 0.01), _rest("blame", "B", -0.1, 0.4)]),
        "contrasts": pd.concat([_pair(0.3, 0.02), _pair(0.1, 0.5)]),
        "changes": pd.concat([_change("relief", 0.2), _change("cost", 0.007)]),
        "shares": pd.DataFrame(),
    }
    found = find_findings(tables, names=NAMES, link=lambda row: f"#{row.get('frame')}")
    assert [(item.table, item.kind) for item in found] == [
        ("hypotheses", "confirmatory"), ("hypotheses", "confirmatory"), ("hypotheses", "confirmatory"),
        ("frame_tests", "exploratory"), ("changes", "exploratory"),
    ]  # fmt: skip
    assert found[0].text == "Of 3 hypotheses in the settings, 1 is supported."
    assert found[1].key["hypothesis"] == "h1"
    assert found[3].text.startswith(
        "The outlets differ on 1 of 2 frames: Blame (p = 0.001) (one test a frame, adjusted"
    )
    assert found[4].text.startswith("From 14 July 2025 on, Cost stands")
    assert "A summit" not in found[4].text
    assert found[4].link == "#cost"


def test_without_hypotheses_everything_is_exploratory():
    tables = {
        "frame_tests": _test("blame", 0.2),
        "against_rest": pd.concat(_rest("cost", name, 0.1 * n, 0.01 * n) for n, name in enumerate("ABCD", start=1)),
        "contrasts": pd.concat([_pair(0.3, 0.02), _pair(0.1, 0.5)]),
    }
    found = find_findings(tables, names=NAMES, by="perspective")
    assert {item.kind for item in found} == {"exploratory"}
    assert found[0].text == (
        "On no frame are the perspectives shown to differ (one test a frame, adjusted for 1 frame; smallest adjusted p "
        "= 0.20)."
    )
    assert [item.key.get("group") for item in found[1:3]] == ["A", "B"], "the clearest first"
    assert found[3].text == "2 more of 4 such comparisons are as clear."
    assert "contrasts" not in {item.table for item in found}, "four sentences, and one place left for time"


def test_where_nothing_differs_it_says_what_could_have_been_seen():
    tables = {
        "against_rest": pd.concat([_rest("blame", "A", 0.05, 0.9), _rest("cost", "B", -0.12, 0.4, detectable=0.3)])
    }
    (found,) = find_findings(tables, names=NAMES)
    assert found.text == (
        "In 2 comparisons, tested together, no group stands out from the others clearly. Nearest to it: B, Cost, −12.0 "
        "points (joint interval −22.0 to −2.0). That is no proof that they are alike: half of these comparisons had "
        "less than four chances in five of showing a difference under 25 points."
    )
    assert found.key == {"frame": "cost", "group": "B"}


def test_without_labels_no_sentence_calls_a_difference_clear():
    tables = {
        "hypotheses": _expected("h1", supported=True, n_gold=0),
        "frame_tests": _test("blame", 0.001, n_gold=0),
        "against_rest": _rest("blame", "A", 0.2, 0.01, n_gold=0),
        "contrasts": _pair(0.3, 0.02, n_gold=0),
    }
    found = find_findings(tables, names=NAMES)
    assert [item.table for item in found] == ["hypotheses", "frame_tests", "against_rest", "contrasts"]
    for item in found:
        assert item.kind == "exploratory"
        assert "clear of noise" not in item.text
        assert "in what the classifier marks" in item.text


def test_pairs_answer_where_there_is_nothing_better():
    found = find_findings(
        {"contrasts": pd.concat([_pair(0.1, 0.5), _pair(0.3, 0.02), _pair(-0.4, 0.001)])}, names=NAMES
    )
    assert [item.key for item in found] == [{"frame": "blame", "group_a": "A", "group_b": "B"}] * 2
    assert found[0].text.startswith("B has Blame in 40.0 points more")


def test_one_group_has_its_most_frequent_frames():
    shares = pd.DataFrame(
        {"outlet": "A", "frame": ["blame", "cost", "relief"], "estimate": [0.1, 0.3, 0.2], "low": 0.0, "high": 0.5,
         "n_gold": 0}
    )  # fmt: skip
    found = find_findings({"shares": shares}, names=NAMES)
    assert [item.text.split(" stands")[0] for item in found] == ["In A, Cost", "In A, Relief"]
    assert find_findings({}, names=NAMES) == []


@pytest.mark.parametrize(
    ("tables", "frame"),
    [
        ({}, ""),
        ({"contrasts": pd.concat([_pair(0.1, 0.5), _pair(0.3, 0.02, frame="cost")])}, "cost"),
        ({"contrasts": _pair(0.1, 0.5), "against_rest": _rest("relief", "A", 0.05, 0.9)}, "relief"),
        ({"against_rest": _rest("relief", "A", 0.05, NOTHING)}, "relief"),
    ],
)
def test_the_figure_shows_the_frame_that_differs_most_clearly(tables, frame):
    assert find_told_frame(tables) == frame
