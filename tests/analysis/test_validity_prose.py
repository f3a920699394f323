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
    said = explain_validity(**case, n_coders=2)
    whole = " ".join(said.values())
    assert ("no labels" in whole) == (not case["learned"])
    assert ("has not learned from the labels" in whole) == (not case["learned"])
    assert ("chances in a corpus" in whole) == case["learned"]
    assert ("several frames" in whole) == case["multi_label"]
    assert ("by inference" in whole) == (case["inference"] and not case["learned"])
    assert ("counts as present" in whole) == (case["learned"] and case["multi_label"])
    assert ("stays undecided" in whole) == (case["learned"] and case["promises"])
    assert all(said.values())


@pytest.mark.parametrize("case", EVERY)
@pytest.mark.parametrize("corrected", [False, True])
def test_what_labels_do_to_shares_is_said(case, corrected):
    said = explain_validity(**case, n_coders=2, corrected=corrected)["labels"]
    assert ("are corrected with them" in said) == corrected
    assert ("are not corrected with them" in said) == (not corrected)


@pytest.mark.parametrize(
    ("n", "expected"),
    [(0, "No columns of single coders are named"), (1, "Only one column of a single coder is named"), (2, "Alpha")],
)
def test_why_there_is_no_reliability(n, expected):
    said = explain_validity(learned=False, inference=False, multi_label=True, promises=False, n_coders=n)["coders"]
    assert expected in said
    assert ("needs at least two" in said) == (n < 2)
