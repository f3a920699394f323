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
        ["Trade", "", "war; sport;"],
        pd.Series(["trade", "", "sport;war"], index=[7, 8, 9]),
        np.array(["trade", "", "sport;war"]),
        [[0, 1, 0], [0, 0, 0], [1, 0, 1]],
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


def test_two_names_where_the_codebook_has_one_frame_a_passage_are_refused():
    with pytest.raises(InputError, match=r"labels of text 1 .* name 2"):
        check_labels(["war", "war;trade"], 2, codebook())
