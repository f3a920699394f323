"""Promised precision and recall: exact thresholds by hand, and that promises are broken no more often than allowed."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from framing.classify.abstention import (
    count_labels_for_precision,
    count_least_labels,
    find_precision_threshold,
    find_recall_threshold,
    measure_precision_effect,
    measure_recall_effect,
)

N_DRAWS = 400


def tail(hits: int, n: int, share: Fraction) -> Fraction:
    """Chance of at least so many hits, exactly."""
    return sum(
        (math.comb(n, j) * share**j * (1 - share) ** (n - j) for j in range(hits, n + 1)), start=Fraction(0)
    )  # fmt: skip


def falling(n: int) -> np.ndarray:
    return np.linspace(0.9, 0.1, n)


def allowed(risk: float) -> int:
    """Most broken promises in the draws that a chance of `risk` each explains (one in a thousand goes beyond)."""
    return int(binom.ppf(0.999, N_DRAWS, risk))


# precision, by hand


def test_42_hits_without_an_error_show_precision_of_nine_tenths():
    # each of four starts has a risk of .05 / 4 = .0125: .9**41 = .01330 is too much, .9**42 = .01197 is not
    assert np.isnan(find_precision_threshold(np.ones(41, bool), falling(41), required=0.9, confidence=0.95))
    assert find_precision_threshold(np.ones(42, bool), falling(42), required=0.9, confidence=0.95) == falling(42)[-1]


def test_one_error_takes_five_more_passages_at_two_thirds():
    # confidence .8: risk .05 a start, so 8 passages at least: (2/3)**8 = .0390, (2/3)**7 = .0585
    share, scores, options = Fraction(2, 3), falling(13), {"required": 2 / 3, "confidence": 0.8}
    assert share**7 > Fraction(1, 20) > share**8
    # at least n - 1 hits among n: chance (1 + n/2) (2/3)**n, below .05 from n = 13 on
    assert tail(11, 12, share) == 7 * share**12 > Fraction(1, 20) > tail(12, 13, share)
    assert find_precision_threshold(np.arange(13) != 12, scores, **options) == scores[12]
    assert find_precision_threshold(np.arange(12) != 11, scores[:12], **options) == scores[10]
    # an early error: the starts at 8, 9, 10 and 11 of 13 fail at once; of 16 they are 8, 10, 12 and 14
    assert np.isnan(find_precision_threshold(np.arange(13) != 1, scores, **options))
    assert find_precision_threshold(np.arange(16) != 1, falling(16), **options) == falling(16)[-1]


def test_the_search_stops_at_the_first_failure():
    # 8 hits, then errors: 8 of 8 and, with one error, 8 of 9 (chance .1431) fails
    gold = np.r_[np.ones(8, bool), np.zeros(8, bool)]
    scores = falling(16)
    assert tail(8, 9, Fraction(2, 3)) > Fraction(1, 20)
    assert find_precision_threshold(gold, scores, required=2 / 3, confidence=0.8) == scores[7]


def test_equal_scores_are_taken_or_left_together():
    scores = np.r_[np.full(7, 0.9), np.full(4, 0.5), 0.2]
    gold = np.r_[np.ones(7, bool), [True, True, False, False], True]
    # thresholds lie at 7, 11 and 12 passages; 7 are too few, 9 of 11 and 10 of 12 are not enough
    assert np.isnan(find_precision_threshold(gold, scores, required=2 / 3, confidence=0.8))
    assert find_precision_threshold(np.ones(12, bool), scores, required=2 / 3, confidence=0.8) == 0.2


def test_the_order_of_passages_does_not_count():
    generator = np.random.default_rng(3)
    scores = generator.random(120).round(2)  # with ties
    gold = generator.random(120) < 0.5 + scores / 2
    mixed = generator.permutation(120)
    one = find_precision_threshold(gold, scores, required=0.7, confidence=0.9)
    assert one == find_precision_threshold(gold[mixed], scores[mixed], required=0.7, confidence=0.9)
    assert 0 <= one < 1


def test_no_passages_show_nothing():
    none = np.zeros(0)
    assert np.isnan(find_precision_threshold(none.astype(bool), none, required=0.9, confidence=0.95))
    assert np.isnan(find_recall_threshold(none.astype(bool), none, required=0.9, confidence=0.95))


passages = st.lists(st.tuples(st.booleans() | st.just(True), st.integers(0, 12)), max_size=40)


@given(passages, st.sampled_from([Fraction(1, 2), Fraction(3, 5), Fraction(3, 4)]), st.sampled_from([0.6, 0.8, 0.9]))
def test_thresholds_equal_those_of_exact_arithmetic(rows, share, confidence):
    gold = np.array([hit for hit, _ in rows], dtype=bool)
    scores = np.array([score / 10 for _, score in rows])
    risk = (1 - confidence) / 4
    n_least = next(n for n in range(1, 100) if float(share) ** n <= risk)
    n = len(rows)
    starts = {n_least + (max(n, n_least) - n_least) * part // 4 for part in range(4)}
    best = math.nan
    for start in starts:
        for cut in sorted(set(scores), reverse=True):
            above = scores >= cut
            if above.sum() < start:
                continue
            if float(tail(int(gold[above].sum()), int(above.sum()), share)) > risk:
                break
            best = min(cut, best) if not math.isnan(best) else cut
    found = find_precision_threshold(gold, scores, required=float(share), confidence=confidence)
    assert found == pytest.approx(best, nan_ok=True)


def test_thresholds_agree_with_mapie():
    """One start, as MAPIE's fixed sequence has it.

    MAPIE tests the same thresholds by a bound of Hoeffding and Bentkus: at most e times the exact chance, and
    never less. So what it finds valid we find, and ours is valid to it but for that factor.
    """
    from mapie.risk_control import BinaryClassificationController

    found = []
    for seed in range(20):
        generator = np.random.default_rng(seed)
        scores = generator.random(200)
        gold = generator.random(200) < 0.5 + 0.45 * scores
        cut = find_precision_threshold(gold, scores, required=0.75, confidence=0.95, n_starts=1)
        n_least = 11  # .75**11 = .042 < .05 < .75**10
        controller = BinaryClassificationController(
            lambda rows: np.column_stack([1 - rows[:, 0], rows[:, 0]]),
            risk="precision",
            target_level=0.75,
            confidence_level=0.95,
            list_predict_params=np.sort(scores)[::-1][n_least - 1 :],
            fwer_method="fixed_sequence",
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of thresholds that all or none are valid
            controller.calibrate(scores[:, None], gold.astype(int))
        valid = np.ravel(controller.valid_predict_params)
        if len(valid):
            assert cut <= valid.min()
        if not np.isnan(cut):
            p_values = np.ravel(controller.p_values)[np.sort(scores)[::-1][n_least - 1 :] >= cut]
            assert p_values.max() <= np.e * 0.05
        found.append((cut, len(valid)))
    cuts, n_valid = np.array(found).T
    assert 5 <= np.isnan(cuts).sum() <= 15, "some draws show a threshold and some do not"
    assert (n_valid > 0).sum() >= 5


# recall, by hand


@pytest.mark.parametrize(("n", "rank"), [(58, 0), (59, 1), (92, 1), (93, 2), (123, 2), (124, 3)])
def test_tolerance_limits_of_wilks(n, rank):
    """95 % confidence that 95 % lie above the first, second and third of 59, 93 and 124 (Wilks 1941)."""
    gold = np.r_[np.ones(n, bool), np.zeros(5, bool)]
    scores = np.r_[falling(n), np.full(5, 0.01)]  # passages without the frame do not count
    found = find_recall_threshold(gold, scores, required=0.95, confidence=0.95)
    assert np.isnan(found) if rank == 0 else found == np.sort(falling(n))[rank - 1]


def test_recall_threshold_of_five_by_hand():
    # asked .5, confidence .8: P(Bin(5, .5) >= 1) = 31/32, >= 2: 26/32 = .8125, >= 3: 16/32
    scores = np.array([0.9, 0.2, 0.7, 0.3, 0.5])
    assert find_recall_threshold(np.ones(5, bool), scores, required=0.5, confidence=0.8) == 0.3


# promises are kept


def draws(share_of, n: int):
    for seed in range(N_DRAWS):
        generator = np.random.default_rng([20250704, seed])
        scores = generator.random(n)
        yield generator.random(n) < share_of(scores), scores


POPULATIONS = {
    # share of carriers at a score, and precision above a threshold, scores being uniform
    "just too low everywhere": (lambda s: np.full(s.shape, 0.799), lambda t: 0.799),
    "rising with the score": (lambda s: s, lambda t: (1 + t) / 2),
    "good above and bad below": (
        lambda s: np.where(s >= 0.5, 0.95, 0.5),
        lambda t: 0.95 if t >= 0.5 else (0.475 + (0.5 - t) * 0.5) / (1 - t),
    ),
    "a dip in the middle": (
        lambda s: np.where(s >= 0.7, 0.95, np.where(s >= 0.4, 0.5, 1.0)),
        lambda t: (0.95 * (1 - max(t, 0.7)) + 0.5 * max(0.7 - max(t, 0.4), 0) + max(0.4 - t, 0)) / (1 - t),
    ),
}


@pytest.mark.parametrize("name", POPULATIONS)
def test_promised_precision_is_broken_no_more_often_than_allowed(name):
    share_of, precision_above = POPULATIONS[name]
    cuts = [
        find_precision_threshold(gold, scores, required=0.8, confidence=0.95) for gold, scores in draws(share_of, 300)
    ]
    made = [cut for cut in cuts if not np.isnan(cut)]
    broken = sum(precision_above(cut) < 0.8 for cut in made)
    assert broken <= allowed(0.05)
    if name == "just too low everywhere":
        assert broken == len(made)
    else:
        assert len(made) > N_DRAWS / 4, "a promise that is never made is of no use"


def test_promised_recall_is_broken_no_more_often_than_allowed():
    """Scores of carriers are uniform, so the share missed below a threshold is the threshold."""
    cuts = [
        find_recall_threshold(scores >= 0, scores, required=0.9, confidence=0.9) for _, scores in draws(lambda s: s, 60)
    ]
    assert not np.isnan(cuts).any()
    broken = int((np.array(cuts) > 0.1).sum())
    chance = binom.cdf(2, 60, 0.1)  # P(Bin(60, .1) >= 3) = .947, >= 4: .863: the third smallest it is
    assert 1 - binom.cdf(3, 60, 0.1) < 0.9 <= 1 - chance
    assert abs(broken - N_DRAWS * chance) <= 3.3 * np.sqrt(N_DRAWS * chance * (1 - chance))


# documents of several passages


def test_each_passage_of_its_own_document_is_the_exact_test():
    generator = np.random.default_rng(5)
    scores = generator.random(150).round(2)
    gold = generator.random(150) < 0.6 + 0.4 * scores
    for find, required in ((find_precision_threshold, 0.75), (find_recall_threshold, 0.8)):
        alone = find(gold, scores, required=required, confidence=0.9)
        assert find(gold, scores, required=required, confidence=0.9, documents=np.arange(150)) == alone
        assert 0 <= alone < 1


def test_precision_effect_by_hand():
    """Three documents of two: hits 11, 10, 11 about .5 have the products 1/4, -1/4, 1/4: rho 1/3, effect 1 + 1/3."""
    gold = np.array([1, 1, 1, 0, 1, 1], dtype=bool)
    documents = np.array([0, 0, 1, 1, 2, 2])
    assert measure_precision_effect(gold, falling(6), required=0.5, documents=documents) == pytest.approx(4 / 3)
    # hits 10, 10, 10 are less alike than chance, which makes nothing surer
    mixed = np.array([1, 0] * 3, dtype=bool)
    assert measure_precision_effect(mixed, falling(6), required=0.5, documents=documents) == 1.0
    assert measure_precision_effect(gold, falling(6), required=0.5, documents=None) == 1.0


def test_recall_effect_is_that_of_the_carriers_scores():
    """Carriers of a document have the same score, so four tell what one does; the fifth document carries nothing."""
    scores = np.repeat([0.1, 0.3, 0.5, 0.7, 0.9], 4)
    gold = scores < 0.9
    documents = np.repeat(np.arange(5), 4)
    assert measure_recall_effect(gold, scores, documents) == pytest.approx(4)
    assert measure_recall_effect(gold, scores, np.arange(20)) == 1.0
    # 16 carriers are worth 4, of which the smallest leaves a third or less below with 1 - (2/3)**4 = .80
    assert find_recall_threshold(gold, scores, required=2 / 3, confidence=0.8, documents=documents) == 0.1
    assert np.isnan(find_recall_threshold(gold, scores, required=2 / 3, confidence=0.81, documents=documents))


def test_promises_hold_where_passages_of_a_document_are_alike():
    """Thirty documents of twenty; scores and labels share a part of each document, so errors come together."""
    n_broken, n_naive = np.zeros(2), np.zeros(2)
    documents = np.repeat(np.arange(30), 20)
    for seed in range(N_DRAWS):
        generator = np.random.default_rng([3, seed])
        share = generator.beta(0.25, 0.75, 30)[documents]  # intraclass correlation 1/2
        gold = generator.random(600) < share
        noise = np.sqrt(0.5) * (generator.standard_normal(30)[documents] + generator.standard_normal(600))
        scores = 2.3 * gold + noise
        given = scores > 1.6
        for options, broken in (({"documents": documents}, n_broken), ({"documents": None}, n_naive)):
            among = {"documents": documents[given]} if options["documents"] is not None else {}
            cut = find_precision_threshold(gold[given], scores[given], required=0.85, confidence=0.95, **among)
            hits, errors = 0.25 * norm.sf(cut - 2.3), 0.75 * norm.sf(cut)
            broken[0] += hits < 0.85 * (hits + errors) if not np.isnan(cut) else 0
            cut = find_recall_threshold(gold, scores, required=0.85, confidence=0.95, **options)
            broken[1] += norm.cdf(cut - 2.3) > 0.15 if not np.isnan(cut) else 0
    assert (n_broken <= allowed(0.05)).all()
    assert (n_naive > allowed(0.05)).all(), "the documents matter here"


# labels that would do


def test_labels_that_would_do_by_hand():
    # All of 5 given are right, of 50 labelled. Guess (5 + .5) / 6 = .9167, asked .8 at a risk of .05 / 4.
    gold, scores = np.ones(5, bool), falling(5)
    share, risk = 5.5 / 6, 0.05 / 4
    above = (norm.isf(risk) * np.sqrt(0.8 * 0.2) + norm.ppf(0.8) * np.sqrt(share * (1 - share))) / (share - 0.8)
    expected = int(np.ceil(above**2 * 50 / 5))
    assert count_labels_for_precision(gold, scores, n_labelled=50, required=0.8, confidence=0.95) == expected
    # twice as rare among the labels: twice as many
    twice = count_labels_for_precision(gold, scores, n_labelled=100, required=0.8, confidence=0.95)
    assert twice == pytest.approx(2 * expected, abs=1)


@pytest.mark.parametrize("gold", [np.zeros(30, bool), np.zeros(0, bool), np.arange(30) % 2 == 0])
def test_labels_that_would_do_are_unknown_where_no_score_is_good_enough(gold):
    found = count_labels_for_precision(gold, falling(len(gold)), n_labelled=300, required=0.9, confidence=0.95)
    assert found is None


def test_as_many_labels_as_are_said_to_do_mostly_do():
    """A tenth of the passages are given the frame, nine tenths of them rightly; .8 is asked for."""
    n_promised = 0
    for seed in range(N_DRAWS):
        generator = np.random.default_rng([7, seed])
        options = {"required": 0.8, "confidence": 0.95}
        gold, scores = generator.random(25) < 0.9, generator.random(25)
        enough = count_labels_for_precision(gold, scores, n_labelled=250, **options)
        if enough is not None:
            n = enough // 10
            gold, scores = generator.random(n) < 0.9, generator.random(n)
            n_promised += not np.isnan(find_precision_threshold(gold, scores, **options))
    assert n_promised > N_DRAWS / 2


def test_only_more_labels_than_were_tried_are_called_enough():
    """Thirty of thirty right, .8 asked for: at the last score 29.7 would do, which have been tried; 29 take 31.05."""
    found = []
    for n in (29, 30):
        guess, risk = (n + 0.5) / (n + 1), 0.05 / 4
        spread = norm.isf(risk) * np.sqrt(0.8 * 0.2) + norm.ppf(0.8) * np.sqrt(guess * (1 - guess))
        found.append(math.ceil((spread / (guess - 0.8)) ** 2 * 30 / n))
    assert found == [32, 30]
    options = {"n_labelled": 30, "required": 0.8, "confidence": 0.95}
    assert count_labels_for_precision(np.ones(30, bool), falling(30), **options) == 32
    assert count_labels_for_precision(np.ones(30, bool), np.full(30, 0.5), **options) is None


@pytest.mark.parametrize(("measure", "least"), [("recall", 29), ("precision", 42)])
def test_least_labels_by_hand(measure, least):
    # .9 ** 28 = .0523, .9 ** 29 = .0471; .9 ** 41 = .0133, .9 ** 42 = .0120 against .05 / 4
    assert count_least_labels(measure, required=0.9, confidence=0.95) == least
