"""How alike passages of a document are, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from framing.uncertainty.likeness import intraclass_correlation, passages_per_document


def test_intraclass_correlation_by_hand():
    values = np.array([0.2, 0.4, 0.6, 0.8, 0.3, 0.5])
    # means .3, .7, .4 about .4667: between = 2 * (.0278 + .0544 + .0044) / 2 = .08667; within = 6 * .01 / 3 = .02
    expected = (0.0866667 - 0.02) / (0.0866667 + 0.02)
    assert intraclass_correlation(values, np.array(list("aabbcc"))) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "documents", "expected"),
    [
        ([1, 1, 0, 0], "aabb", 1.0),
        ([1, 0, 1, 0], "aabb", 0.0),  # less alike than others
        ([1, 0, 1, 0], "aaaa", 0.0),  # one document
        ([1, 0, 1, 0], "abcd", 0.0),  # a passage each
        ([1, 1, 1, 1], "aabb", 0.0),  # nothing varies
    ],
)
def test_likeness_where_it_is_plain(values, documents, expected):
    assert intraclass_correlation(np.array(values, float), np.array(list(documents))) == expected


def test_passages_of_a_document():
    assert passages_per_document(np.array(list("aaab"))) == 2.5  # three times 3, once 1, over 4
    assert passages_per_document(np.array([])) == 1.0
