"""Promised precision and recall: exact thresholds by hand, and that promises are broken no more often than allowed."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from framing.classify import abstention as guarantee
from framing.classify.abstention import (
    asked_per_frame,
    labels_for_precision,
    precision_threshold,
    recall_threshold,
    set_guarantees,
)
from framing.errors import InputError
from framing.tables import GUARANTEES

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
    assert np.isnan(precision_threshold(np.ones(41, bool), falling(41), asked=0.9, confidence=0.95))
    assert precision_threshold(np.ones(42, bool), falling(42), asked=0.9, confidence=0.95) == falling(42)[-1]


def test_one_error_takes_five_more_passages_at_two_thirds():
    # confidence .8: risk .05 a start, so 8 passages at least: (2/3)**8 = .0390, (2/3)**7 = .0585
    share, scores, asked = Fraction(2, 3), falling(13), {"asked": 2 / 3, "confidence": 0.8}
    assert share**7 > Fraction(1, 20) > share**8
    # at least n - 1 hits among n: chance (1 + n/2) (2/3)**n, below .05 from n = 13 on
    assert tail(11, 12, share) == 7 * share**12 > Fraction(1, 20) > tail(12, 13, share)
    assert precision_threshold(np.arange(13) != 12, scores, **asked) == scores[12]
    assert precision_threshold(np.arange(12) != 11, scores[:12], **asked) == scores[10]
    # an early error: the starts at 8, 9, 10 and 11 of 13 fail at once; of 16 they are 8, 10, 12 and 14
    assert np.isnan(precision_threshold(np.arange(13) != 1, scores, **asked))
    assert precision_threshold(np.arange(16) != 1, falling(16), **asked) == falling(16)[-1]


def test_the_search_stops_at_the_first_failure():
    # 8 hits, then errors: 8 of 8 and, with one error, 8 of 9 (chance .1431) fails
    gold = np.r_[np.ones(8, bool), np.zeros(8, bool)]
    scores = falling(16)
    assert tail(8, 9, Fraction(2, 3)) > Fraction(1, 20)
    assert precision_threshold(gold, scores, asked=2 / 3, confidence=0.8) == scores[7]


def test_equal_scores_are_taken_or_left_together():
    scores = np.r_[np.full(7, 0.9), np.full(4, 0.5), 0.2]
    gold = np.r_[np.ones(7, bool), [True, True, False, False], True]
    # thresholds lie at 7, 11 and 12 passages; 7 are too few, 9 of 11 and 10 of 12 are not enough
    assert np.isnan(precision_threshold(gold, scores, asked=2 / 3, confidence=0.8))
    assert precision_threshold(np.ones(12, bool), scores, asked=2 / 3, confidence=0.8) == 0.2


def test_the_order_of_passages_does_not_count():
    generator = np.random.default_rng(3)
    scores = generator.random(120).round(2)  # with ties
    gold = generator.random(120) < 0.5 + scores / 2
    mixed = generator.permutation(120)
    one = precision_threshold(gold, scores, asked=0.7, confidence=0.9)
    assert one == precision_threshold(gold[mixed], scores[mixed], asked=0.7, confidence=0.9)
    assert 0 <= one < 1


def test_no_passages_show_nothing():
    none = np.zeros(0)
    assert np.isnan(precision_threshold(none.astype(bool), none, asked=0.9, confidence=0.95))
    assert np.isnan(recall_threshold(none.astype(bool), none, asked=0.9, confidence=0.95))


passages = st.lists(st.tuples(st.booleans() | st.just(True), st.integers(0, 12)), max_size=40)


@given(passages, st.sampled_from([Fraction(1, 2), Fraction(3, 5), Fraction(3, 4)]), st.sampled_from([0.6, 0.8, 0.9]))
def test_thresholds_equal_those_of_exact_arithmetic(rows, share, confidence):
    gold = np.array([hit for hit, _ in rows], dtype=bool)
    scores = np.array([score / 10 for _, score in rows])
    risk = (1 - confidence) / 4
    fewest = next(n for n in range(1, 100) if float(share) ** n <= risk)
    n = len(rows)
    starts = {fewest + (max(n, fewest) - fewest) * part // 4 for part in range(4)}
    best = math.nan
    for start in starts:
        for cut in sorted(set(scores), reverse=True):
            above = scores >= cut
            if above.sum() < start:
                continue
            if float(tail(int(gold[above].sum()), int(above.sum()), share)) > risk:
                break
            best = min(cut, best) if not math.isnan(best) else cut
    found = precision_threshold(gold, scores, asked=float(share), confidence=confidence)
    assert found == pytest.approx(best, nan_ok=True)


def test_thresholds_agree_with_mapie(monkeypatch):
    """One start, as MAPIE's fixed sequence has it.

    MAPIE tests the same thresholds by a bound of Hoeffding and Bentkus: at most e times the exact chance, and
    never less. So what it finds valid we find, and ours is valid to it but for that factor.
    """
    from mapie.risk_control import BinaryClassificationController

    monkeypatch.setattr(guarantee, "_STARTS", 1)
    found = []
    for seed in range(20):
        generator = np.random.default_rng(seed)
        scores = generator.random(200)
        gold = generator.random(200) < 0.5 + 0.45 * scores
        cut = precision_threshold(gold, scores, asked=0.75, confidence=0.95)
        fewest = 11  # .75**11 = .042 < .05 < .75**10
        controller = BinaryClassificationController(
            lambda rows: np.column_stack([1 - rows[:, 0], rows[:, 0]]),
            risk="precision",
            target_level=0.75,
            confidence_level=0.95,
            list_predict_params=np.sort(scores)[::-1][fewest - 1 :],
            fwer_method="fixed_sequence",
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of thresholds that all or none are valid
            controller.calibrate(scores[:, None], gold.astype(int))
        valid = np.ravel(controller.valid_predict_params)
        if len(valid):
            assert cut <= valid.min()
        if not np.isnan(cut):
            theirs = np.ravel(controller.p_values)[np.sort(scores)[::-1][fewest - 1 :] >= cut]
            assert theirs.max() <= np.e * 0.05
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
    found = recall_threshold(gold, scores, asked=0.95, confidence=0.95)
    assert np.isnan(found) if rank == 0 else found == np.sort(falling(n))[rank - 1]


def test_recall_threshold_of_five_by_hand():
    # asked .5, confidence .8: P(Bin(5, .5) >= 1) = 31/32, >= 2: 26/32 = .8125, >= 3: 16/32
    scores = np.array([0.9, 0.2, 0.7, 0.3, 0.5])
    assert recall_threshold(np.ones(5, bool), scores, asked=0.5, confidence=0.8) == 0.3


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
    cuts = [precision_threshold(gold, scores, asked=0.8, confidence=0.95) for gold, scores in draws(share_of, 300)]
    made = [cut for cut in cuts if not np.isnan(cut)]
    broken = sum(precision_above(cut) < 0.8 for cut in made)
    assert broken <= allowed(0.05)
    if name == "just too low everywhere":
        assert broken == len(made)
    else:
        assert len(made) > N_DRAWS / 4, "a promise that is never made is of no use"


def test_promised_recall_is_broken_no_more_often_than_allowed():
    """Scores of carriers are uniform, so the share missed below a threshold is the threshold."""
    cuts = [recall_threshold(scores >= 0, scores, asked=0.9, confidence=0.9) for _, scores in draws(lambda s: s, 60)]
    assert not np.isnan(cuts).any()
    broken = int((np.array(cuts) > 0.1).sum())
    chance = binom.cdf(2, 60, 0.1)  # P(Bin(60, .1) >= 3) = .947, >= 4: .863: the third smallest it is
    assert 1 - binom.cdf(3, 60, 0.1) < 0.9 <= 1 - chance
    assert abs(broken - N_DRAWS * chance) <= 3.3 * np.sqrt(N_DRAWS * chance * (1 - chance))


# per frame


def test_what_is_asked_for_is_told_per_frame():
    assert asked_per_frame(None, ["a", "b"], what="precision") == {}
    assert asked_per_frame(0.8, ["a", "b"], what="precision") == {"a": 0.8, "b": 0.8}
    assert asked_per_frame({"b": 0.9}, ["a", "b"], what="precision") == {"b": 0.9}


@pytest.mark.parametrize(
    ("asked", "message"),
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
def test_what_cannot_be_asked_for_is_named(asked, message):
    with pytest.raises(InputError, match=message):
        asked_per_frame(asked, ["a", "b"], what="recall")


def test_guarantees_of_each_frame_by_hand():
    """Three frames: precision holds for the first, is asked in vain for the second, is not asked for the third."""
    n = 20
    scores = np.column_stack([falling(n), falling(n), falling(n)])
    gold = np.zeros((n, 3), dtype=bool)
    gold[:12, 0] = True  # given to the first 16: 12 hits, then 4 errors
    gold[:5, 1] = True
    gold[:, 2] = True
    given_ = np.zeros((n, 3), dtype=bool)
    given_[:16, 0] = given_[:5, 1] = given_[:10, 2] = True
    present_from, absent_below, table = set_guarantees(
        gold, scores, given_, frames=["a", "b", "c"],
        precision={"a": 2 / 3, "b": 2 / 3}, recall={"b": 0.5, "c": 0.5}, confidence=0.8,
    )  # fmt: skip
    # a: 12 of 13 (chance .0385) still holds, 12 of 14 and on does not
    share = Fraction(2, 3)
    assert tail(12, 13, share) < Fraction(1, 20) < tail(12, 14, share)
    assert present_from.tolist() == [scores[12, 0], np.inf, -np.inf]
    # b: five carriers, the second smallest (see above); c: twenty, P(Bin(20, .5) >= 8) = .868, >= 9: .748
    assert absent_below.tolist() == [np.inf, scores[3, 1], np.sort(scores[:, 2])[7]]
    assert tuple(table.columns) == GUARANTEES
    rows = table.set_index(["frame", "measure"])
    assert rows.index.to_list() == [("a", "precision"), ("b", "precision"), ("b", "recall"), ("c", "recall")]
    assert rows["held"].to_list() == [True, False, True, True]
    assert rows["n_gold"].to_list() == [16, 5, 5, 20]
    assert rows["asked"].to_list() == pytest.approx([2 / 3, 2 / 3, 0.5, 0.5])
    assert (rows["confidence"] == 0.8).all()
    # a: 13 of 16 given stay; b: none of 5 given, and the 15 not given are all below; c: of 10 not given the 7 lowest
    assert rows["share_kept"].to_list() == pytest.approx([13 / 16, 0.0, 1.0, 0.7])
    assert rows["note"].to_list() == [
        "", "too few labels: 5 passages given the frame, at least 8 are needed even without an error", "", "",
    ]  # fmt: skip
    assert np.isnan(rows["threshold"].iloc[1])
    assert rows["n_enough"].isna().to_list() == [True, False, True, True], "only where it was not promised"


def test_enough_labels_with_too_many_errors_say_so():
    gold, scores = np.zeros((30, 1), bool), falling(30)[:, None]
    gold[::2] = True
    present_from, _, table = set_guarantees(
        gold, scores, np.ones((30, 1), bool), frames=["a"], precision={"a": 0.9}, recall={}, confidence=0.6
    )
    assert present_from.tolist() == [np.inf]
    assert table["note"].to_list() == ["not reached at any score with 30 passages given the frame"]
    assert table["shortfall"].to_list() == ["scores"]
    assert table["share_kept"].to_list() == [0.0]


def test_a_frame_that_nobody_carries_or_gets_is_not_promised():
    none = np.zeros((40, 1), bool)
    present_from, absent_below, table = set_guarantees(
        none, falling(40)[:, None], none, frames=["a"], precision={"a": 0.9}, recall={"a": 0.9}, confidence=0.95
    )
    assert (present_from.tolist(), absent_below.tolist()) == ([np.inf], [-np.inf])
    assert table["shortfall"].to_list() == ["labels", "labels"]
    assert table["note"].to_list() == [
        "too few labels: 0 passages given the frame, at least 42 are needed even without an error",
        "too few labels: 0 passages that carry it, at least 29 are needed even without an error",
    ]  # .9**29 = .0471
    assert table["share_kept"].to_list() == [0.0, 0.0]


def test_labels_that_would_do_by_hand():
    # All of 5 given are right, of 50 labelled. Guess (5 + .5) / 6 = .9167, asked .8 at a risk of .05 / 4.
    gold, scores = np.ones(5, bool), falling(5)
    share, risk = 5.5 / 6, 0.05 / 4
    above = (norm.isf(risk) * np.sqrt(0.8 * 0.2) + norm.ppf(0.8) * np.sqrt(share * (1 - share))) / (share - 0.8)
    expected = int(np.ceil(above**2 * 50 / 5))
    assert labels_for_precision(gold, scores, n_labelled=50, asked=0.8, confidence=0.95) == expected
    # twice as rare among the labels: twice as many
    twice = labels_for_precision(gold, scores, n_labelled=100, asked=0.8, confidence=0.95)
    assert twice == pytest.approx(2 * expected, abs=1)


@pytest.mark.parametrize("gold", [np.zeros(30, bool), np.zeros(0, bool), np.arange(30) % 2 == 0])
def test_labels_that_would_do_are_unknown_where_no_score_is_good_enough(gold):
    found = labels_for_precision(gold, falling(len(gold)), n_labelled=300, asked=0.9, confidence=0.95)
    assert found is None


def test_as_many_labels_as_are_said_to_do_mostly_do():
    """A tenth of the passages are given the frame, nine tenths of them rightly; .8 is asked for."""
    kept = 0
    for seed in range(N_DRAWS):
        generator = np.random.default_rng([7, seed])
        few = generator.random(25) < 0.9
        enough = labels_for_precision(few, generator.random(25), n_labelled=250, asked=0.8, confidence=0.95)
        if enough is not None:
            n = enough // 10
            cut = precision_threshold(generator.random(n) < 0.9, generator.random(n), asked=0.8, confidence=0.95)
            kept += not np.isnan(cut)
    assert kept > N_DRAWS / 2


def test_recall_needs_carriers():
    # 8 carriers among 100; .9 at 95 % needs 29 (.9**29 = .047): 29 × 100 / 8 = 362.5.
    gold = np.zeros((100, 1), bool)
    gold[:8] = True
    _, _, table = set_guarantees(
        gold, falling(100)[:, None], gold, frames=["a"], precision={}, recall={"a": 0.9}, confidence=0.95
    )
    assert table["n_enough"].to_list() == [370], "rounded up to two figures"


def test_nothing_asked_leaves_decisions_alone():
    present_from, absent_below, table = set_guarantees(
        np.ones((3, 2), bool), np.ones((3, 2)), np.ones((3, 2), bool),
        frames=["a", "b"], precision={}, recall={}, confidence=0.95,
    )  # fmt: skip
    assert present_from.tolist() == [-np.inf, -np.inf]
    assert absent_below.tolist() == [np.inf, np.inf]
    pd.testing.assert_frame_equal(table, pd.DataFrame(columns=list(GUARANTEES)))
