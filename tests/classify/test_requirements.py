"""What is required of a classifier, read as one value a frame."""

from __future__ import annotations

import pytest

from framing.classify.requirements import check_requirement, check_requirements
from framing.errors import InputError


def test_a_requirement_is_one_value_a_frame():
    assert check_requirement(None, ["a", "b"], measure="precision") == {}
    assert check_requirement(0.8, ["a", "b"], measure="precision") == {"a": 0.8, "b": 0.8}
    assert check_requirement({"b": 0.9}, ["a", "b"], measure="precision") == {"b": 0.9}


@pytest.mark.parametrize(
    ("requirement", "message"),
    [
        ({"c": 0.9, "a": 0.5}, r"recall: no frame\(s\) c\. Frames: a, b\."),
        (0.0, r"recall of a: expected a share between 0 and 1 \(exclusive\), got 0\.0"),
        (1, r"recall of a: expected a share between 0 and 1 \(exclusive\), got 1\.$"),
        ({"b": 90}, r"recall of b: expected a share .* got 90"),
        ({"b": float("nan")}, r"recall of b: .* got nan"),
        ({"b": "0.9"}, r"recall of b: .* got '0\.9'"),
        ("high", r"recall of a: expected a share .* got 'high'"),
    ],
)
def test_requirements_that_cannot_be_met_are_named(requirement, message):
    with pytest.raises(InputError, match=message):
        check_requirement(requirement, ["a", "b"], measure="recall")


@pytest.mark.parametrize("confidence", [0.51, 0.55, 0.99])
def test_requirements_are_read_with_their_confidence(confidence):
    found = check_requirements(0.8, {"b": 0.7}, confidence, frames=["a", "b"])
    assert (found.precision, found.recall, found.confidence) == ({"a": 0.8, "b": 0.8}, {"b": 0.7}, confidence)
    assert check_requirements(None, None, confidence, frames=["a"]).recall == {}


@pytest.mark.parametrize("confidence", [0.5, 1, 1.2, 0.0])
def test_confidence_is_more_than_a_half(confidence):
    with pytest.raises(InputError, match=r"confidence: expected a share between 0\.5 and 1"):
        check_requirements(None, None, confidence, frames=["a"])
