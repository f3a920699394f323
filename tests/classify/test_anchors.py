"""What a codebook alone teaches: its anchors by hand, and the scale that held-out seeds give the scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from framing.classify.anchors import (
    Anchors,
    calibrate_anchors,
    describe_anchors,
    make_anchors,
    read_background,
)
from framing.classify.examples import gather_anchors
from framing.codebook import Codebook
from tests.tiny import codebook, frame

WITH_RULES = (
    frame("war", ["w1", "w2"], include=["Any battle."], counter_seeds=["not war"]),
    frame("trade", ["t1"]),
)


# anchors


def test_anchors_of_a_codebook_with_one_frame_a_passage():
    """Nothing teaches "none" there: counter-seeds and plain prose are left out."""
    found = make_anchors(codebook(*WITH_RULES))
    assert found.texts == ["w1", "w2", "Passages about war.", "Any battle.", "t1", "Passages about trade."]
    assert found.targets.tolist() == [[True, False]] * 4 + [[False, True]] * 2
    assert found.counted.tolist() == [True, True, False, False, True, False]  # seeds, not definitions and rules


def test_anchors_of_a_codebook_with_several_frames_a_passage():
    found = make_anchors(codebook(*WITH_RULES, multi_label=True))
    prose = list(read_background())
    assert found.texts[:7] == [
        "w1",
        "w2",
        "Passages about war.",
        "Any battle.",
        "not war",
        "t1",
        "Passages about trade.",
    ]
    assert found.texts[7:] == prose
    assert found.targets[:7].tolist() == [[True, False]] * 4 + [[False, False]] + [[False, True]] * 2
    assert not found.targets[7:].any()
    assert found.counted[:7].tolist() == [True, True, False, False, True, True, False]
    assert found.counted[7:].all()


EXAMPLES = ({"text": "both", "frames": ["war", "trade"]}, {"text": "neither", "frames": []})


def test_examples_stand_last_and_say_all_of_their_frames():
    found = make_anchors(codebook(*WITH_RULES, multi_label=True, examples=EXAMPLES))
    assert found.texts[-2:] == ["both", "neither"]
    assert found.targets[-2:].tolist() == [[True, True], [False, False]]
    assert found.counted[-2:].all()
    assert found.complete.sum() == 2
    assert found.complete[-2:].all()
    assert found.seed_rows.tolist() == [0, 1, 5]  # an example is no seed


def test_background_is_plain_prose_without_repeats():
    prose = read_background()
    assert len(prose) == len(set(prose)) > 100
    assert all(text.strip() for text in prose)


def test_anchors_are_described_by_hand():
    targets = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], dtype=bool)
    scores = np.array([[0.9, 0.6], [0.2, 0.7], [0.3, 0.8], [0.1, 0.4]])
    found = describe_anchors(scores, scores >= 0.5, targets, np.array(["war", "trade"]))
    expected = pd.DataFrame(
        {
            "frame": ["war", "trade"],
            "n_seeds": [2, 1],
            "precision": [1.0, 1 / 3],  # war: one given, rightly; trade: three given, one rightly
            "recall": [0.5, 1.0],
            "f1": [2 / 3, 0.5],
            "average_precision": [(1 + 2 / 3) / 2, 1.0],  # war: first and third in rank
            "confused_with": ["trade", "(none)"],
        }
    )
    pd.testing.assert_frame_equal(found, expected)


# scale


def counted(targets: np.ndarray, *more: bool) -> Anchors:
    n = len(targets)
    is_passage = np.array([True] * (n - len(more)) + list(more))
    return Anchors(["x"] * n, targets, is_passage, np.zeros(n, dtype=bool), targets)


def several(n: int = 200):
    generator = np.random.default_rng(0)
    raw = generator.normal(size=(n, 2))
    return raw, generator.random((n, 2)) < expit(3 * raw - [1.0, 2.0])


def test_anchors_of_a_single_frame_are_those_that_carry_it():
    labels = np.array([[True], [True], [True], [False], [False]])
    present = np.array([[True], [True], [False], [True], [False]])
    scores = np.array([[0.9], [0.8], [0.4], [0.6], [0.1]])
    (row,) = describe_anchors(scores, present, labels, np.array(["war"])).to_dict("records")
    assert (row["n_seeds"], row["confused_with"]) == (3, "(none)")
    assert row["precision"] == row["recall"] == row["f1"] == pytest.approx(2 / 3)
    assert row["average_precision"] == pytest.approx((1 + 1 + 3 / 4) / 3)


def test_each_frame_is_scaled_by_platt_and_all_are_shifted_alike():
    raw, targets = several()
    blend = calibrate_anchors(raw, counted(targets), multi_label=True)
    fits = [LogisticRegression(C=1e3).fit(raw[:, [column]], targets[:, column]) for column in range(2)]
    np.testing.assert_allclose(blend.slopes_[0], [float(fit.coef_[0, 0]) for fit in fits])
    moved = blend.shifts_ - [float(fit.intercept_[0]) for fit in fits]
    assert moved[0] == pytest.approx(moved[1])


def macro_f1(decided: np.ndarray, targets: np.ndarray) -> float:
    each = [
        2 * (given & wanted).sum() / (given.sum() + wanted.sum())
        for given, wanted in zip(decided.T, targets.T, strict=True)
    ]
    return float(np.mean(each))


def test_a_half_is_the_cut_with_the_best_macro_f1():
    raw, targets = several()
    blend = calibrate_anchors(raw, counted(targets), multi_label=True)
    probabilities = blend.predict_proba(raw[None])
    at_half = macro_f1(probabilities >= 0.5, targets)
    others = [macro_f1(probabilities >= cut, targets) for cut in np.linspace(0.05, 0.95, 181)]
    assert at_half >= max(others) - 0.003  # the middle of the cuts within .002 of the best of its grid


def test_a_score_that_ranks_backwards_keeps_a_slope_above_zero():
    raw, targets = several()
    backwards = np.column_stack([-raw[:, 0], raw[:, 1]])
    blend = calibrate_anchors(backwards, counted(targets), multi_label=True)
    assert blend.slopes_[0, 0] == 1e-3
    assert np.isfinite(blend.predict_proba(backwards[None])).all()


@pytest.mark.parametrize("multi_label", [True, False])
def test_definitions_do_not_count_for_the_scale(multi_label):
    raw, targets = several(40)
    targets = targets if multi_label else np.column_stack([raw[:, 0] > raw[:, 1], raw[:, 0] <= raw[:, 1]])
    wrong = ~targets[:3]
    alone = calibrate_anchors(raw, counted(targets), multi_label=multi_label)
    beside = calibrate_anchors(
        np.vstack([raw, 9 * raw[:3]]),
        counted(np.vstack([targets, wrong]), False, False, False),
        multi_label=multi_label,
    )
    np.testing.assert_array_equal(alone.slopes_, beside.slopes_)
    np.testing.assert_array_equal(alone.shifts_, beside.shifts_)


def test_one_frame_a_passage_has_one_factor_by_hand():
    """Gaps of one, three right and one wrong: the chance of the higher is 3/4, so the factor is ln 3."""
    raw = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    targets = np.array([[1, 0], [1, 0], [0, 1], [1, 0]], dtype=bool)
    blend = calibrate_anchors(raw, counted(targets), multi_label=False)
    np.testing.assert_allclose(blend.slopes_, np.log(3), atol=1e-4)
    np.testing.assert_array_equal(blend.shifts_, 0.0)
    np.testing.assert_allclose(blend.predict_proba(raw[None])[0], [0.75, 0.25], atol=1e-4)


def test_factor_of_seeds_that_are_all_found_stays_bounded():
    raw = np.eye(3)
    blend = calibrate_anchors(raw, counted(np.eye(3, dtype=bool)), multi_label=False)
    assert np.exp(3) < blend.slopes_[0, 0] < np.exp(4)
    probabilities = blend.predict_proba(raw[None])
    assert (probabilities.argmax(axis=1) == [0, 1, 2]).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0)


def best_cut(logits: np.ndarray, targets: np.ndarray) -> float:
    """Middle of the cuts from -4 to 3, a twentieth apart, whose macro-F1 is within .002 of the best."""
    cuts = np.arange(-80, 61) / 20
    found = np.array([macro_f1(logits >= cut, targets) for cut in cuts])
    return float(np.median(cuts[found >= found.max() - 0.002]))


@pytest.mark.parametrize("n", [40, 90, 200])
def test_the_common_shift_is_the_cut_with_the_best_macro_f1(n):
    raw, targets = several(n)
    blend = calibrate_anchors(raw, counted(targets), multi_label=True)
    fits = [LogisticRegression(C=1e3).fit(raw[:, [column]], targets[:, column]) for column in range(2)]
    shifts = np.array([float(fit.intercept_[0]) for fit in fits])
    cut = best_cut(raw * blend.slopes_[0] + shifts, targets)
    np.testing.assert_allclose(blend.shifts_, shifts - cut, atol=1e-9)


def test_frames_that_are_told_apart_are_cut_in_the_middle_of_the_cuts():
    """All cuts from -4 to 3 are right: the middle is -1/2, which becomes the shift."""
    targets = np.eye(2, dtype=bool)[np.arange(20) % 2]
    raw = np.where(targets, 1.0, -1.0)
    blend = calibrate_anchors(raw, counted(targets), multi_label=True)
    assert blend.slopes_.min() > 4
    np.testing.assert_allclose(blend.shifts_, 0.5, atol=1e-3)


def test_factor_of_seeds_that_are_all_missed_stays_above_nothing():
    raw = 1.0 - np.eye(3)
    blend = calibrate_anchors(raw, counted(np.eye(3, dtype=bool)), multi_label=False)
    np.testing.assert_allclose(blend.slopes_, np.exp(-3), rtol=1e-3)


def test_a_seed_is_confused_with_the_frame_that_it_is_given_most_often():
    """Two of three seeds of war are given to sport, one to trade; the one of trade to war alone; sport to itself."""
    targets = np.eye(3, dtype=bool)[[0, 0, 0, 1, 2]]
    given = np.array([[1, 1, 0], [1, 0, 1], [1, 0, 1], [1, 0, 0], [0, 0, 1]], dtype=bool)
    found = describe_anchors(given.astype(float), given, targets, np.array(["war", "trade", "sport"]))
    assert found["confused_with"].to_list() == ["sport", "war", "(none)"]
    assert found["precision"].to_list() == pytest.approx([3 / 4, 0.0, 1 / 3])
    assert found["recall"].to_list() == [1.0, 0.0, 1.0]


def test_examples_alone_give_the_scale_where_each_frame_has_eight():
    """Seeds that say something else change nothing then; with seven examples of a frame they count."""
    raw, targets = several()
    seeds_raw, seeds = -raw[:50], targets[:50]  # seeds that score backwards
    both, carries = np.vstack([seeds_raw, raw]), np.vstack([seeds, targets])

    def calibrate(complete: np.ndarray) -> np.ndarray:
        n = len(complete)
        anchors = Anchors(["x"] * n, carries[-n:], np.ones(n, dtype=bool), complete, carries[-n:])
        return calibrate_anchors(both[-n:], anchors, multi_label=True).predict_proba(raw[None])

    is_example = np.arange(len(both)) >= 50
    np.testing.assert_array_equal(calibrate(is_example), calibrate(is_example[50:]))
    few = is_example.copy()
    few[np.flatnonzero(carries[:, 0] & is_example)[7:]] = False
    assert np.abs(calibrate(few) - calibrate(is_example)).max() > 0.01


def test_a_seed_says_nothing_of_other_frames():
    """Seeds and rules know their own frame, counter-seeds the one they look like, examples and background all."""
    frames = [
        {"id": name, "name": name, "definition": f"About {name}.", "include": [f"Rule of {name}."],
         "seeds": [f"{name} seed."], "counter_seeds": [f"Not {name}."]}
        for name in ("war", "trade")
    ]  # fmt: skip
    book = Codebook.model_validate(
        {"codebook": "two", "version": "1.0.0", "language": "en", "multi_label": True, "description": "Two frames.",
         "frames": frames, "examples": [{"text": "War halts trade.", "frames": ["war", "trade"]}]}
    )  # fmt: skip
    anchors = make_anchors(book)
    known = {text: row.tolist() for text, row in zip(anchors.texts, anchors.known, strict=True)}
    assert known["war seed."] == known["Rule of war."] == known["Not war."] == [True, False]
    assert known["trade seed."] == known["About trade."] == [False, True]
    assert known["War halts trade."] == known[read_background()[0]] == [True, True]
    rest, examples = anchors.split()
    assert examples.texts == ["War halts trade."]
    assert examples.known.tolist() == examples.targets.tolist() == [[True, True]]
    assert len(rest.texts) == len(anchors.texts) - 1
    one = make_anchors(book.model_copy(update={"multi_label": False}))
    assert one.known.all()  # one frame a passage: no other


def test_examples_in_languages_that_the_encoder_does_not_read_are_left_out():
    examples = [
        {"text": "beides", "language": "de", "frames": ["war", "trade"]},
        {"text": "both", "language": "en", "frames": ["war", "trade"]},
        {"text": "neither", "frames": []},
    ]
    book = codebook(*WITH_RULES, multi_label=True, examples=examples)
    assert np.array(make_anchors(book).texts)[make_anchors(book).complete].tolist() == ["beides", "both", "neither"]
    read = make_anchors(book, languages={"en", "fr"})
    assert np.array(read.texts)[read.complete].tolist() == ["both", "neither"]
    lines: list[str] = []
    anchors, labelled = gather_anchors(book, learns=True, encoder="minilm", random_seed=0, say=lines.append)
    assert not anchors.complete.any()
    assert labelled.texts == ["both", "neither"]
    assert lines == ["1 of 3 examples of the codebook left out: minilm does not read their languages"]


def test_what_a_draft_leaves_to_a_person_teaches_nothing():
    drafted = frame("bees", ["b1"], include=["FILL IN: a rule", "Any hive."])
    drafted["definition"] = "FILL IN: what the frame claims."
    assert make_anchors(codebook(drafted, frame("trade", ["t1"]))).texts == [
        "b1",
        "Any hive.",
        "t1",
        "Passages about trade.",
    ]
