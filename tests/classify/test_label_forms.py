"""Labels of texts, in each form in which they are taken."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.classify.supervision import check_labels
from framing.errors import InputError
from tests.tiny import codebook

FLAGS = [[False, True, False], [False, False, False], [True, False, True]]  # war, trade, sport


@pytest.mark.parametrize(
    "labels",
    [
        [["trade"], [], ["Sport", "war"]],
        (("trade",), (), ("war", "sport")),
        ["Trade", "none", "war; sport;"],
        pd.Series(["trade", "None", "sport；war"], index=[7, 8, 9]),
        np.array(["trade", "none", "sport;war"]),
        [[0, 1, 0], [0, 0, 0], [1, 0, 1]],
        np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [1.0, 0.0, 1.0]]),
        np.array([[False, True, 0], [0, 0.0, 0], [1, False, 1]], dtype=object),
        pd.DataFrame(FLAGS, columns=["war", "trade", "sport"])[["sport", "war", "trade"]],
    ],
)
def test_labels_may_be_names_or_flags(labels):
    assert check_labels(labels, 3, codebook(multi_label=True)).tolist() == FLAGS


def test_a_name_that_is_no_frame_is_refused_with_the_frames():
    with pytest.raises(InputError, match=r"fit, labels: .* no frame\(s\) 'moral'\. Its frames: war, trade, sport"):
        check_labels([["moral"], [], ["war"]], 3, codebook(multi_label=True))


def test_rows_of_different_lengths_are_refused_with_what_is_expected():
    with pytest.raises(
        InputError, match=r"no single shape; expected .* shape \(2, 3\).*list of its frames by id or name"
    ):
        check_labels([[True, False, True], [True]], 2, codebook(multi_label=True))


def test_names_for_another_number_of_texts_are_refused():
    with pytest.raises(InputError, match=r"3 texts, but labels of shape \(2, 3\)"):
        check_labels([["war"], ["trade"]], 3, codebook(multi_label=True))


@pytest.mark.parametrize("value", [np.nan, None, 2, -1, 0.5, "yes"])
def test_a_flag_that_is_neither_true_nor_false_is_refused(value):
    labels = np.array([[0, 1, 0], [0, 0, value]], dtype=object)
    with pytest.raises(
        InputError, match=rf"the label of text 1 \(counted from 0\) for sport is {value}; expected True"
    ):
        check_labels(labels, 2, codebook(multi_label=True))
    table = pd.DataFrame(labels, columns=["war", "trade", "sport"])
    with pytest.raises(InputError, match=r"for sport is .*Leave out texts that nobody has coded"):
        check_labels(table, 2, codebook(multi_label=True))


def test_nan_in_an_array_of_numbers_is_refused():
    with pytest.raises(InputError, match=r"the label of text 0 .* for war is nan"):
        check_labels(np.array([[np.nan, 1.0, 0.0]]), 1, codebook(multi_label=True))


@pytest.mark.parametrize("empty", ["", " ;", "not coded", None, np.nan])
def test_a_text_that_nobody_coded_is_no_negative(empty):
    labels = pd.Series(["war", empty, "trade"], dtype=object)
    with pytest.raises(
        InputError, match=r"text 1 \(counted from 0\) has no label, .* leave it out, or write none where"
    ):
        check_labels(labels, 3, codebook(multi_label=True))
    with pytest.raises(InputError, match=r"text 1 .* has no label, so nobody has coded it; leave it out\."):
        check_labels(labels, 3, codebook())


def test_none_beside_frames_is_refused():
    with pytest.raises(InputError, match=r"labels of text 0 \(counted from 0\): none stands beside frames: war"):
        check_labels(["none;war"], 1, codebook(multi_label=True))


def test_two_names_where_the_codebook_has_one_frame_a_passage_are_refused():
    with pytest.raises(InputError, match=r"labels of text 1 \(counted from 0\): 2 frames; tiny has exactly one"):
        check_labels(["war", "war;trade"], 2, codebook())
