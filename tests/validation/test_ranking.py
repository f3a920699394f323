"""Measures of ranked scores under weights: by hand, and against scikit-learn and plain repetition of passages."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from framing.validation.ranking import assign_bins, calibration_error, measure_ranking, measure_risk, rank_scores

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
    measured, _ = measure_ranking(rank_scores(GOLD, SCORES, np.arange(4)), np.array([weights], dtype=float))
    assert measured == pytest.approx([expected], nan_ok=True)


def test_average_precision_is_that_of_scikit_learn(tied):
    gold, scores, codes, weights = tied
    measured, _ = measure_ranking(rank_scores(gold, scores, codes), weights)
    assert measured == pytest.approx([average_precision_score(gold, scores, sample_weight=w[codes]) for w in weights])
    smooth = scores + np.random.default_rng(1).random(120)
    measured, _ = measure_ranking(rank_scores(gold, smooth, codes), weights)
    assert measured == pytest.approx([average_precision_score(gold, smooth, sample_weight=w[codes]) for w in weights])


@pytest.mark.parametrize("n_bins", [3, 15])
def test_calibration_error_under_weights_is_that_of_repeated_passages(tied, n_bins):
    gold, scores, codes, weights = tied
    for values in (scores, np.random.default_rng(2).random(120)):
        _, measured = measure_ranking(rank_scores(gold, values, codes), weights, n_bins=n_bins)
        rows = [np.repeat(np.arange(120), weight[codes].astype(int)) for weight in weights]
        assert measured == pytest.approx([calibration_error(gold[row], values[row], n_bins=n_bins) for row in rows])


def test_calibration_error_of_fewer_passages_than_bins():
    # One bin a score: .1, .2, .2, .1 over 4, save that the two of .8 share one: |1.6 - 1| = .6. (.1 + .6 + .1) / 4.
    _, measured = measure_ranking(rank_scores(GOLD, SCORES, np.arange(4)), np.ones((1, 4)))
    assert measured == pytest.approx([0.2])
    assert calibration_error(GOLD, SCORES) == pytest.approx(0.2)


def test_calibration_error_by_hand():
    # Two bins: scores .1 and .3 (mean .2) with half gold, .6 and .8 (mean .7) all gold: .3 and .3.
    gold, scores = np.array([False, True, True, True]), np.array([0.1, 0.3, 0.6, 0.8])
    assert calibration_error(gold, scores, n_bins=2) == pytest.approx(0.3)
    # One bin: mean .45 against 3/4.
    assert calibration_error(gold, scores, n_bins=1) == pytest.approx(0.3)
    # Four bins: .1, .7, .4, .2.
    assert calibration_error(gold, scores) == pytest.approx((0.1 + 0.7 + 0.4 + 0.2) / 4)


def test_calibration_error_of_equal_scores_does_not_depend_on_the_order():
    scores = np.full(40, 0.5)
    for gold in (np.arange(40) < 20, np.arange(40) % 2 == 0):
        assert calibration_error(gold, scores) == 0


def test_calibration_bins_have_equal_mass():
    # Ten scores in five bins of two: each bin's gap is its own, whatever the scores' distances.
    scores = np.array([0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.98, 1.0])
    gold = np.array([0, 0, 0, 0, 0, 0, 0, 0, 1, 1], dtype=bool)
    gaps = [0.01, 0.05, 0.09, 0.13, 2 - 1.98]
    assert calibration_error(gold, scores, n_bins=5) == pytest.approx(sum(gaps) / 10)


def test_risk_by_hand():
    # By confidence: right, wrong, wrong, right, right. Of five, coverage 1/20 to 4/20 is one passage,
    # 5/20 to 8/20 two, then three, four, five: risks 0, 1/2, 2/3, 2/4, 2/5.
    wrong = np.array([False, True, True, False, False])
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    risk, covered = measure_risk(wrong, confidence, np.arange(5), np.ones((1, 5)))
    assert covered[0].tolist() == [1] * 4 + [2] * 4 + [3] * 4 + [4] * 4 + [5] * 4
    assert risk[0, ::4] == pytest.approx([0, 1 / 2, 2 / 3, 2 / 4, 2 / 5])
    # The second twice, the last two not: right, wrong, wrong, wrong of four. At 1/20 one, at 1/2 two.
    risk, covered = measure_risk(wrong, confidence, np.arange(5), np.array([[1.0, 2, 1, 0, 0]]))
    assert risk[0, [0, 9, 19]] == pytest.approx([0, 1 / 2, 3 / 4])
    assert covered[0, [0, 9, 19]].tolist() == [1, 2, 4]


def test_equal_confidence_gives_the_expected_risk_in_any_order():
    # Four alike, one wrong: whichever is kept, a quarter is to be expected.
    for wrong in ([1, 0, 0, 0], [0, 0, 0, 1]):
        risk, _ = measure_risk(np.array(wrong, dtype=bool), np.full(4, 0.5), np.arange(4), np.ones((1, 4)))
        assert risk == pytest.approx(np.full((1, 20), 0.25))


def test_risk_under_weights_is_that_of_repeated_decisions():
    generator = np.random.default_rng(8)
    wrong, confidence = generator.random(50) < 0.3, generator.integers(0, 20, 50) / 20
    weights = generator.poisson(1.0, (6, 50)).astype(float)
    risk, covered = measure_risk(wrong, confidence, np.arange(50), weights)
    for number, weight in enumerate(weights):
        rows = np.repeat(np.arange(50), weight.astype(int))
        again = measure_risk(wrong[rows], confidence[rows], np.arange(len(rows)), np.ones((1, len(rows))))
        assert risk[number] == pytest.approx(again[0][0])
        assert (covered[number] == again[1][0]).all()


def test_equal_scores_share_a_bin():
    # Six scores in three bins of two; the two of .5 would be parted, so both go to the lower bin.
    assert assign_bins(np.array([0.1, 0.5, 0.5, 0.6, 0.7, 0.8]), n_bins=3).tolist() == [0, 0, 0, 1, 2, 2]


def test_a_score_of_no_weight_above_all_others_is_in_no_bin():
    # The .9 left out: three scores in two bins of one and a half, where .1 and both .8 begin in the lower one:
    # |.1 + 1.6 - 1| = .7.
    _, measured = measure_ranking(rank_scores(GOLD, SCORES, np.arange(4)), np.array([[0.0, 1, 1, 1]]), n_bins=2)
    assert measured == pytest.approx([0.7 / 3])
