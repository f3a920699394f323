"""What a classifier learns from: strengths and the reasons given for them by hand, labels as booleans, the hash."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from framing.classify.supervision import (
    LabelledTexts,
    check_labels,
    check_strength,
    choose_strength,
    explain_strength,
    make_labelled_texts,
)
from framing.errors import InputError
from tests.tiny import codebook


@pytest.mark.parametrize(
    ("strength", "n_labelled", "n_groups", "tunable", "expected"),
    [
        ("auto", 0, 1, True, "zero-shot"),
        ("auto", 1, 1, True, "head"),
        ("auto", 23, 9, True, "head"),
        ("auto", 24, 9, True, "fine-tuned"),  # eight for each of three frames
        ("auto", 24, 2, True, "fine-tuned"),
        ("auto", 24, 1, True, "head"),
        ("auto", 24, 9, False, "head"),
        ("fine-tuned", 3, 2, False, "fine-tuned"),
        ("head", 99, 1, True, "head"),
        ("zero-shot", 99, 9, True, "zero-shot"),
    ],
)
def test_strength_by_hand(strength, n_labelled, n_groups, tunable, expected):
    sizes = {"n_labelled": n_labelled, "n_frames": 3, "n_groups": n_groups}
    assert choose_strength(strength, **sizes, tunable=tunable) == expected


def test_tuning_of_one_group_is_refused():
    with pytest.raises(InputError, match="at least two documents, but all are of one group"):
        choose_strength("fine-tuned", n_labelled=99, n_frames=3, n_groups=1, tunable=True)


@pytest.mark.parametrize(
    ("strength", "used", "n_labelled", "n_groups", "expected"),
    [
        ("head", "head", 7, 2, "strength head, as asked for"),
        ("auto", "fine-tuned", 1230, 9, "strength fine-tuned: 1,230 labelled passages for 3 frames are 410.0 a frame; "
         "it is taken from 8 on"),
        ("auto", "head", 23, 1, "strength head: 23 labelled passages for 3 frames are 7.7 a frame; "
         "fine-tuning is taken from 8 on"),
        ("auto", "head", 24, 1, "strength head: all labelled passages are of one document, and fine-tuning needs two"),
        ("auto", "head", 24, 2, "strength head: the encoder words has no layers that can be tuned"),
    ],
)  # fmt: skip
def test_the_reason_of_a_strength_by_hand(strength, used, n_labelled, n_groups, expected):
    found = explain_strength(strength, used, n_labelled=n_labelled, n_frames=3, n_groups=n_groups, encoder="words")
    assert found == expected


@pytest.mark.parametrize(
    ("strength", "labelled", "guaranteed", "refused"),
    [
        ("auto", False, False, ""),
        ("zero-shot", False, False, ""),
        ("zero-shot", True, False, ""),
        ("auto", True, True, ""),
        ("head", True, True, ""),
        ("fine-tuned", True, False, ""),
        ("head", False, False, ""),
        ("fine-tuned", False, False, ""),
        ("auto", False, True, "only be promised on labels"),
        ("zero-shot", True, True, "only be promised on labels"),
        ("heads", True, False, "There is no strength 'heads'"),
    ],
)
def test_strengths_and_promises_that_need_labels(strength, labelled, guaranteed, refused):
    if refused:
        with pytest.raises(InputError, match=refused):
            check_strength(strength, labelled=labelled, guaranteed=guaranteed)
    else:
        check_strength(strength, labelled=labelled, guaranteed=guaranteed)


def test_labels_become_booleans_in_the_order_of_the_codebook():
    table = pd.DataFrame({"sport": [0, 1], "war": [1, 0], "trade": [0, 0]})
    found = check_labels(table, 2, codebook())
    assert found.dtype == bool
    assert found.tolist() == [[True, False, False], [False, False, True]]
    several = np.array([[1, 1, 0], [0, 0, 0]])
    assert check_labels(several, 2, codebook(multi_label=True)).tolist() == [[True, True, False], [False] * 3]
    with pytest.raises(InputError, match=r"score: tiny has exactly one .* of text 0 \(counted from 0\) name 2"):
        check_labels(several, 2, codebook(), method="score")
    with pytest.raises(InputError, match=r"score: 0 texts, but labels of shape \(0, 3\).* of shape \(n, 3\)"):
        check_labels(np.zeros((0, 3)), 0, codebook(), method="score")


def test_labelled_texts_have_groups_folds_and_a_hash():
    texts, labels = ["a", "b", "c", "A ", "d", "e"], np.eye(2, dtype=bool)[[0, 1, 0, 0, 1, 1]]
    found = make_labelled_texts(texts, labels, None, random_seed=0)
    assert found.groups.tolist() == [0, 1, 2, 0, 3, 4]  # "a" and "A " are equal
    assert found.n_groups == 5
    assert sorted(set(found.folds.tolist())) == [0, 1, 2, 3]
    content = np.packbits(labels).tobytes() + b"a\x1fb\x1fc\x1fA \x1fd\x1fe\x1f"
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    few = make_labelled_texts(texts[:3], labels[:3], ["x", "x", "y"], random_seed=0)
    assert (few.n_groups, sorted(set(few.folds.tolist()))) == (2, [0, 1])
    none = np.zeros(0, dtype=np.int64)
    assert LabelledTexts([], labels[:0], none, none).n_groups == 1
