"""Arrays that do not fit together are refused, and decisions and documents read."""

from __future__ import annotations

import numpy as np
import pytest

from framing.errors import InputError
from framing.validation.inputs import number_documents, read_decisions, require_alike


def test_decisions_as_words_and_as_booleans():
    present, absent = read_decisions(np.array([["present", "absent"], ["abstain", "present"]], dtype=object))
    assert present.tolist() == [[True, False], [False, True]]
    assert absent.tolist() == [[False, True], [False, False]]
    present, absent = read_decisions(np.array([True, False]))
    assert (present.tolist(), absent.tolist()) == ([True, False], [False, True])
    with pytest.raises(InputError, match="the strings present, absent and abstain; got maybe"):
        read_decisions(np.array(["present", "maybe"]))
    with pytest.raises(InputError, match="present, absent and abstain; got 0, 1"):
        read_decisions(np.array([0, 1]))


def test_documents_without_a_name_are_one_document():
    codes, n_documents = number_documents(["x", None, "y", None], n=4)
    assert codes.tolist() == [0, 1, 2, 1]
    assert n_documents == 3


def test_errors_say_what_is_wrong():
    gold = np.zeros((2, 2), dtype=bool)
    with pytest.raises(InputError, match=r"documents: expected one for each of the 2 passages, got 1"):
        number_documents(["x"], n=2)
    with pytest.raises(InputError, match=r"gold \(2, 2\) and scores \(2, 3\) must be alike, with 2 frames"):
        require_alike(["a", "b"], gold=gold, scores=np.zeros((2, 3)))
    with pytest.raises(InputError, match=r"gold \(2, 2\) and scores \(2, 2\) must be alike, with 3 frames"):
        require_alike(["a", "b", "c"], gold=gold, scores=np.zeros((2, 2)))
    with pytest.raises(InputError, match="scores: expected a number for every passage and frame, got 1 NaN"):
        require_alike(["a", "b"], gold=gold, scores=np.array([[0, np.nan], [0, 0]]))


def test_no_passages_are_refused():
    with pytest.raises(InputError, match="There are no labelled passages to evaluate on"):
        require_alike(["a"], gold=np.zeros((0, 1), dtype=bool))
    require_alike(["a"], gold=np.zeros((1, 1), dtype=bool), scores=np.array([[0.5]]))
