"""The words of the part on validity: true of this classifier, this codebook and these coders."""

from __future__ import annotations

from itertools import product

import pytest

from framing.analysis.validity_prose import explain_validity

EVERY = [
    dict(zip(("learned", "inference", "multi_label", "promises"), values, strict=True))
    for values in product((False, True), repeat=4)
]


@pytest.mark.parametrize("case", EVERY)
def test_nothing_is_said_that_is_not_so(case):
    prose = explain_validity(**case, n_coders=2)
    text = " ".join(prose.values())
    assert ("no labels" in text) == (not case["learned"])
    assert ("has not learned from the labels" in text) == (not case["learned"])
    assert ("chances in a corpus" in text) == case["learned"]
    assert ("several frames" in text) == case["multi_label"]
    assert ("by inference" in text) == (case["inference"] and not case["learned"])
    assert ("counts as present" in text) == (case["learned"] and case["multi_label"])
    assert ("stays undecided" in text) == (case["learned"] and case["promises"])
    assert all(prose.values())


@pytest.mark.parametrize("case", EVERY)
@pytest.mark.parametrize("corrected", [False, True])
def test_what_labels_do_to_shares_is_said(case, corrected):
    prose = explain_validity(**case, n_coders=2, corrected=corrected)["labels"]
    assert ("are corrected with them" in prose) == corrected
    assert ("are not corrected with them" in prose) == (not corrected)


@pytest.mark.parametrize("corrected", [False, True])
def test_what_rests_on_marks_and_on_coders_is_said(corrected):
    options = {"learned": True, "inference": False, "multi_label": True, "promises": False, "corrected": corrected}
    prose = explain_validity(**options, n_coders=2)
    assert ("do not rest on it" in prose["floor"]) == corrected
    assert ("behind the corrected shares if coders err" in prose["coder_errors"]) == corrected
    assert "No passage was coded by two" in explain_validity(**options, n_coders=1)["coder_errors"]


@pytest.mark.parametrize(
    ("n", "expected"),
    [(0, "No columns of single coders are named"), (1, "Only one column of a single coder is named"), (2, "Alpha")],
)
def test_why_there_is_no_reliability(n, expected):
    prose = explain_validity(learned=False, inference=False, multi_label=True, promises=False, n_coders=n)["coders"]
    assert expected in prose
    assert ("needs at least two" in prose) == (n < 2)
