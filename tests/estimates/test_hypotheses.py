"""Hypotheses that are no hypotheses are refused with what was expected."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.hypotheses import check_hypotheses, compare_hypotheses
from tests.labelled import sampled_table

GOOD = {"frame": "f0", "groups": ["A", "B"]}


def _table(names) -> pd.DataFrame:
    labels = np.zeros((40, 2))
    labels[:15, 0] = labels[20:25, 0] = 1
    return sampled_table(labels, np.zeros((40, 2)), np.ones(40), outlets=np.repeat(names, 20))


@pytest.mark.parametrize("wrong", [None, "abc", 5, GOOD, pd.DataFrame([GOOD]), {1, 2}])
def test_what_is_no_list_is_refused_with_its_type(wrong):
    message = rf"hypotheses: expected a list of hypotheses, each with frame, .* got {type(wrong).__name__}\."
    with pytest.raises(InputError, match=message):
        compare_hypotheses(_table(["A", "B"]), wrong)


@pytest.mark.parametrize("wrong", [1, "abc", None, [GOOD]])
def test_what_is_no_hypothesis_is_refused(wrong):
    with pytest.raises(InputError, match="hypothesis 2: expected the keys frame, groups and expect, got "):
        compare_hypotheses(_table(["A", "B"]), [GOOD, wrong])


@pytest.mark.parametrize("groups", [None, 5, {"A": 1, "B": 2}, {"A", "B"}, "AB", ["A"], ["A", "A"], [1, "1"], [1, 1]])
def test_groups_are_a_list_of_two_different_names(groups):
    with pytest.raises(InputError, match=r"hypothesis 1: expected two groups, .* two different names, got "):
        compare_hypotheses(_table(["A", "B"]), [{"frame": "f0", "groups": groups}])


@pytest.mark.parametrize("expect", [["more"], None, "rise"])
def test_expect_is_one_of_three_words(expect):
    with pytest.raises(InputError, match="hypothesis 1: expect is one of more, less, differ, got "):
        compare_hypotheses(_table(["A", "B"]), [{**GOOD, "expect": expect}])


def test_groups_that_are_numbers_are_tested_as_their_names():
    one, two = (compare_hypotheses(_table([1, 2]), [{"frame": "f0", "groups": pair}]) for pair in ([1, 2], ["1", "2"]))
    pd.testing.assert_frame_equal(one, two)
    assert one["estimate"].to_list() == pytest.approx([15 / 20 - 5 / 20])


def test_a_group_that_is_named_rest_must_be_renamed():
    table = _table(["A", "rest"])
    with pytest.raises(InputError, match=r"hypothesis 1: rest means all groups .* the outlet 'rest'\. Rename that"):
        compare_hypotheses(table, [{"frame": "f0", "groups": ["A", "rest"]}])


def test_frames_and_groups_are_checked_where_they_are_known():
    check_hypotheses([GOOD])
    check_hypotheses([GOOD], frames=["f0"], groups=["A", "B"])
    with pytest.raises(InputError, match=r"no frame 'f0'\. There are: f1\. Leave it\.$"):
        check_hypotheses([GOOD], frames=["f1"], advice="Leave it.")
    with pytest.raises(InputError, match=r"no side 'B'\. There are: A, C; or rest for all but the first\. Leave it\.$"):
        check_hypotheses([GOOD], groups=["C", "A"], by="side", advice="Leave it.")
