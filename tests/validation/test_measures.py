"""Measures under weights: by hand, and against scikit-learn and plain repetition of passages."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from framing.errors import InputError
from framing.validation.measures import (
    calibration_error,
    equal_mass_bins,
    judge,
    measures_of,
    number_documents,
    rank_scores,
    ranked_measures,
    read_decisions,
    require_alike,
    selective_risk,
)

# From the highest: .9 with the frame, .8 without, .8 with, .1 without; each passage its own document.
GOLD = np.array([True, False, True, False])
SCORES = np.array([0.9, 0.8, 0.8, 0.1])


@pytest.fixture(scope="module")
def tied():
    """120 passages of 30 documents with many equal scores, and 40 weightings, most with zeros."""
    generator = np.random.default_rng(4)
    scores = generator.integers(0, 12, 120) / 12
    gold = generator.random(120) < scores
    codes = generator.permutation(np.repeat(np.arange(30), 4))
    weights = generator.poisson(1.0, (40, 30)).astype(float)
    return gold, scores, codes, weights


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        # Cut at .9: precision 1, recall 1/2. Cut at .8: 2 of 3, recall 1. 1/2 × 1 + 1/2 × 2/3.
        ([1, 1, 1, 1], 5 / 6),
        # The first left out: cut at .8 has 1 of 2 with recall 1.
        ([0, 1, 1, 1], 1 / 2),
        # The first three times: 3/4 × 1, then 4 of 5 with the last quarter of recall.
        ([3, 1, 1, 1], 3 / 4 + 1 / 4 * 4 / 5),
        ([0, 1, 0, 1], np.nan),
    ],
)
def test_average_precision_by_hand(weights, expected):
    found, _ = ranked_measures(rank_scores(GOLD, SCORES, np.arange(4)), np.array([weights], dtype=float))
    assert found == pytest.approx([expected], nan_ok=True)


def test_average_precision_is_that_of_scikit_learn(tied):
    gold, scores, codes, weights = tied
    found, _ = ranked_measures(rank_scores(gold, scores, codes), weights)
    assert found == pytest.approx([average_precision_score(gold, scores, sample_weight=w[codes]) for w in weights])
    smooth = scores + np.random.default_rng(1).random(120)
    found, _ = ranked_measures(rank_scores(gold, smooth, codes), weights)
    assert found == pytest.approx([average_precision_score(gold, smooth, sample_weight=w[codes]) for w in weights])


@pytest.mark.parametrize("n_bins", [3, 15])
def test_calibration_error_under_weights_is_that_of_repeated_passages(tied, n_bins):
    gold, scores, codes, weights = tied
    for values in (scores, np.random.default_rng(2).random(120)):
        _, found = ranked_measures(rank_scores(gold, values, codes), weights, n_bins=n_bins)
        rows = [np.repeat(np.arange(120), weight[codes].astype(int)) for weight in weights]
        assert found == pytest.approx([calibration_error(gold[row], values[row], n_bins=n_bins) for row in rows])


def test_calibration_error_of_fewer_passages_than_bins():
    # One bin a score: .1, .2, .2, .1 over 4, save that the two of .8 share one: |1.6 - 1| = .6. (.1 + .6 + .1) / 4.
    _, found = ranked_measures(rank_scores(GOLD, SCORES, np.arange(4)), np.ones((1, 4)))
    assert found == pytest.approx([0.2])
    assert calibration_error(GOLD, SCORES) == pytest.approx(0.2)


def test_measures_under_weights_are_those_of_repeated_documents():
    generator = np.random.default_rng(6)
    scores = generator.random((60, 3))
    gold = generator.random((60, 3)) < scores
    decided = np.where(scores > 0.6, "present", np.where(scores < 0.5, "absent", "abstain"))
    documents = np.repeat(np.arange(20), 3)
    judged = judge(gold, decided, scores, frames=["a", "b", "c"], documents=documents)
    weights = generator.poisson(1.0, (5, 20)).astype(float)
    found = measures_of(judged, weights)
    for number, weight in enumerate(weights):
        rows = np.repeat(np.arange(60), weight[documents].astype(int))
        again = judge(gold[rows], decided[rows], scores[rows], frames=["a", "b", "c"], documents=documents[rows])
        expected = measures_of(again, np.ones((1, again.n_documents)))
        assert {key: values[number] for key, values in found.items()} == pytest.approx(
            {key: values[0] for key, values in expected.items()}, nan_ok=True
        )


def test_risk_by_hand():
    # By confidence: right, wrong, wrong, right, right. Of five, coverage 1/20 to 4/20 is one passage,
    # 5/20 to 8/20 two, then three, four, five: risks 0, 1/2, 2/3, 2/4, 2/5.
    wrong = np.array([False, True, True, False, False])
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    risk, covered = selective_risk(wrong, confidence, np.arange(5), np.ones((1, 5)))
    assert covered[0].tolist() == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4
    assert risk[0, ::4] == pytest.approx([0, 1 / 2, 2 / 3, 2 / 4, 2 / 5])
    # The second twice, the last two not: right, wrong, wrong, wrong of four. At 1/20 one, at 1/2 two.
    risk, covered = selective_risk(wrong, confidence, np.arange(5), np.array([[1.0, 2, 1, 0, 0]]))
    assert risk[0, [0, 9, 19]] == pytest.approx([0, 1 / 2, 3 / 4])
    assert covered[0, [0, 9, 19]].tolist() == [1, 2, 4]


def test_equal_confidence_gives_the_expected_risk_in_any_order():
    # Four alike, one wrong: whichever is kept, a quarter is to be expected.
    for wrong in ([1, 0, 0, 0], [0, 0, 0, 1]):
        risk, _ = selective_risk(np.array(wrong, dtype=bool), np.full(4, 0.5), np.arange(4), np.ones((1, 4)))
        assert risk == pytest.approx(np.full((1, 20), 0.25))


def test_risk_under_weights_is_that_of_repeated_decisions():
    generator = np.random.default_rng(8)
    wrong, confidence = generator.random(50) < 0.3, generator.integers(0, 20, 50) / 20
    weights = generator.poisson(1.0, (6, 50)).astype(float)
    risk, covered = selective_risk(wrong, confidence, np.arange(50), weights)
    for number, weight in enumerate(weights):
        rows = np.repeat(np.arange(50), weight.astype(int))
        again = selective_risk(wrong[rows], confidence[rows], np.arange(len(rows)), np.ones((1, len(rows))))
        assert risk[number] == pytest.approx(again[0][0])
        assert (covered[number] == again[1][0]).all()


def test_equal_scores_share_a_bin():
    # Six scores in three bins of two; the two of .5 would be parted, so both go to the lower bin.
    assert equal_mass_bins(np.array([0.1, 0.5, 0.5, 0.6, 0.7, 0.8]), n_bins=3).tolist() == [0, 0, 0, 1, 2, 2]


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
