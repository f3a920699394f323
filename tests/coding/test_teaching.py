"""Expected errors of the classifier, from scores and from labels."""

from __future__ import annotations

import numpy as np
import pytest

from framing.coding.teaching import expect_errors, learn_errors, spread_of_units
from framing.errors import InputError


def test_without_labels_scores_are_never_taken_for_sure():
    assert expect_errors(np.array([[0.5, 0.0], [1.0, 0.2]])).tolist() == [
        pytest.approx([0.25, 0.0475]),
        pytest.approx([0.0475, 0.16]),
    ]


def learn(f, y, *, weights=None, **other):
    f, y = np.array(f, dtype=float)[:, None], np.array(y, dtype=float)[:, None]
    return learn_errors(
        np.array([[0.0], [0.5], [1.0]]),
        out_of_fold=f,
        labels=y,
        weights=np.ones(len(f)) if weights is None else np.array(weights, dtype=float),
        **other,
    ).ravel()


def test_errors_where_scores_are_undecided_make_undecided_passages_teach_most():
    sure = [0.0] * 40 + [1.0] * 40
    expected = learn([*sure, *[0.5] * 20], [*[0] * 40, *[1] * 40, *[0, 1] * 10])
    # the squared errors are 0, .25 and 0 = f (1 - f), which the terms hold exactly
    assert expected.tolist() == pytest.approx([1e-4, 0.25, 1e-4], abs=1e-6)


def test_false_alarms_make_high_scores_teach_most():
    # of the 40 with a score of 1 ten do not carry the frame: squared errors 0 and .25 = .25 f
    expected = learn([0.0] * 40 + [1.0] * 40, [*[0] * 40, *[1] * 30, *[0] * 10])
    assert expected.tolist() == pytest.approx([1e-4, 0.125, 0.25], abs=1e-6)


def test_labels_count_by_what_they_stand_for():
    # four labels at a score of 1; the one that is wrong stands for as many passages as the other three
    expected = learn([1.0] * 4, [1, 1, 1, 0], weights=[1, 1, 1, 3])
    assert expected[2] == pytest.approx(0.5)


def test_experts_who_disagree_make_errors_likely():
    f, other = [0.2] * 40, np.array([0.2] * 20 + [0.7] * 20)[:, None]
    expected = learn(f, [*[0] * 20, *[1] * 10, *[0] * 10], other=np.array([[0.0], [0.5], [0.0]]), other_labelled=other)
    assert expected[2] > expected[1]  # 0 against 1 is further apart than agreement at .5


def test_a_frame_with_few_labels_is_drawn_to_all_frames():
    # squared errors .04 and .64, together .34; with twenty labels each is half its own: .19 and .49
    f, labels = np.full((20, 2), 0.2), np.tile([0.0, 1.0], (20, 1))
    expected = learn_errors(np.array([[0.2, 0.2]]), out_of_fold=f, labels=labels, weights=np.ones(20))
    assert expected.ravel().tolist() == pytest.approx([0.19, 0.49])


def test_passages_of_a_document_teach_less_than_as_many_alone():
    # .9 (.16 + .16) + .1 (.4 + .4)**2 = .352, and .16 alone
    spread = spread_of_units(np.array([[0.16], [0.16], [0.16]]), np.array([0, 0, 1]))
    assert spread.tolist() == pytest.approx([np.sqrt(0.352), 0.4])


def test_frames_count_by_their_importance():
    errors, importance = np.array([[0.16, 0.09]]), np.array([[0.0, 4.0]])
    assert spread_of_units(errors, np.array([0]), importance).tolist() == pytest.approx([0.6])


def test_shapes_and_scores_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match=r"scores: expected scores from 0 to 1 .* got \(1, 1\)"):
        expect_errors(np.array([[1.2]]))
    with pytest.raises(InputError, match="expected labels and out_of_fold of one shape"):
        learn_errors(np.ones((3, 1)), out_of_fold=np.ones((2, 1)), labels=np.ones((1, 1)), weights=np.ones(2))
