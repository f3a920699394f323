"""Scores without seeds: the deletion formula against heads fitted anew, one scale, and the calibration taken back."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from framing.classify import seed_influence
from framing.classify.anchors import make_anchors
from framing.classify.classifier import FrameClassifier
from framing.classify.frozen.class_balance import balance_classes
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.frozen.kernel_ridge import BIAS, RIDGE, WIDTH, WORD_WEIGHT, KernelRidgeHead
from framing.classify.frozen.text_features import Features
from framing.classify.seed_influence import (
    draw_halves,
    find_calibration,
    list_own_seeds,
    name_seeds,
    score_without_seeds,
)
from framing.errors import FramingError
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook, frame

pytestmark = pytest.mark.usefixtures("short_background")

BOOK = codebook(multi_label=True)
TEXTS = [*PASSAGES, *WAR, *TRADE, *SPORT, " ".join([*WAR, *TRADE, SPORT[0]] * 2)]
ALL = {name: [] for name in BOOK.frame_ids}


def test_seeds_are_named_by_frame_and_number():
    book = codebook(frame("war", WAR[:2]), frame("sport", SPORT[:1]))
    assert name_seeds(book) == ["war, seed 1", "war, seed 2", "sport, seed 1"]
    assert list_own_seeds(book, "war").tolist() == [0, 1]
    assert list_own_seeds(book, "sport").tolist() == [2]


def test_rows_are_those_of_the_seeds():
    anchors = make_anchors(BOOK)
    assert [anchors.texts[row] for row in anchors.seed_rows] == [seed for item in BOOK.frames for seed in item.seeds]


def test_a_half_leaves_out_half_of_each_frames_seeds_and_never_all():
    book = codebook(frame("war", WAR), frame("trade", TRADE[:2]), frame("sport", SPORT[:1]))
    halves = draw_halves(book, n=30, random_seed=4)
    for half in halves:
        assert half.tolist() == sorted(set(half.tolist()))
        assert [np.isin(half, list_own_seeds(book, name)).sum() for name in book.frame_ids] == [1, 1, 0]
    left_out = np.bincount(np.concatenate(halves), minlength=6)
    assert (left_out[:5] > 0).all(), "every seed of a frame with several is left out some time"
    again = draw_halves(book, n=30, random_seed=4)
    assert all((half == other).all() for half, other in zip(halves, again, strict=True))
    others = draw_halves(book, n=30, random_seed=5)
    assert any((half != other).any() for half, other in zip(halves, others, strict=True))


def test_a_head_without_texts_is_the_head_fitted_without_them():
    generator = np.random.default_rng(0)
    vectors = generator.normal(size=(9, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = csr_matrix(generator.random((9, 5)))
    none = Features(vectors[:0], words[:0])
    owners = np.zeros(0, dtype=np.int64)
    head = KernelRidgeHead().prepare(Features(vectors, words), none, owners)
    targets, weights = np.arange(9) % 3 == 0, np.ones(9)
    sets = [np.array([2]), np.array([3, 0, 7])]
    duals = head.solve_without(targets, weights, sets)
    balance = balance_classes(targets, weights)
    noise = RIDGE / (balance * (9 / balance.sum()))
    radial = np.exp(WIDTH * ((vectors @ vectors.T).astype(float) - 1))
    kernel = radial + WORD_WEIGHT * (words @ words.T).toarray() + BIAS
    signs = np.where(targets, 1.0, -1.0)
    scores = head.score_by(duals, Features(vectors, words), none, owners)
    assert scores.shape == (9, 3)
    for place, left_out in enumerate([[], [2], [0, 3, 7]]):
        others = ~np.isin(np.arange(9), left_out)
        dual = np.linalg.solve(kernel[np.ix_(others, others)] + np.diag(noise[others]), signs[others])
        assert scores[:, place] == pytest.approx(kernel[:, others] @ dual)
        assert (duals[left_out, place] == 0).all()


def test_with_all_seeds_scores_are_the_classifiers():
    expert = FrozenExpert(WordEncoder(), language="en", multi_label=True).fit(make_anchors(BOOK))
    raw = score_without_seeds(BOOK, WordEncoder(), TEXTS, ALL)
    assert list(raw) == BOOK.frame_ids
    found = np.column_stack(list(raw.values()))
    np.testing.assert_allclose(found, expert.score(TEXTS), atol=1e-9)


def test_scores_without_seeds_have_the_mean_and_spread_of_those_with_all():
    """They are those of heads without the seeds, on another scale."""
    anchors = make_anchors(BOOK)
    expert = FrozenExpert(WordEncoder(), language="en", multi_label=True).prepare(anchors)
    rows, halves = anchors.seed_rows, draw_halves(BOOK, n=3, random_seed=0)
    name = BOOK.frame_ids[2]
    scores = score_without_seeds(BOOK, WordEncoder(), TEXTS, {name: halves})[name]
    plain = expert.score_by(expert.solve_without(anchors, 2, [rows[half] for half in halves]), TEXTS)
    np.testing.assert_allclose(scores.mean(axis=0), plain[:, 0].mean())
    np.testing.assert_allclose(scores.std(axis=0), plain[:, 0].std())
    for place in range(1, 4):
        assert np.corrcoef(scores[:, place], plain[:, place])[0, 1] == pytest.approx(1)
        assert np.abs(scores[:, place] - scores[:, 0]).max() > 0.01
    assert plain[:, 1:].std(axis=0).max() < plain[:, 0].std(), "with fewer seeds scores lie closer together"


@pytest.mark.parametrize("size", [1, 5])
def test_batches_do_not_change_scores(monkeypatch, size):
    sets = {BOOK.frame_ids[0]: [np.array([0]), np.array([1, 4])]}
    expected = score_without_seeds(BOOK, WordEncoder(), TEXTS, sets)
    monkeypatch.setattr(seed_influence, "_BATCH_PASSAGES", size)
    lines: list[str] = []
    found = score_without_seeds(BOOK, WordEncoder(), TEXTS, sets, say=lines.append)
    np.testing.assert_allclose(found[BOOK.frame_ids[0]], expected[BOOK.frame_ids[0]], atol=1e-5)
    assert lines[0] == f"seeds: {BOOK.frame_ids[0]}, 2 sets"
    assert lines[-1] == f"seeds: {len(TEXTS)} of {len(TEXTS)} passages"


@pytest.mark.parametrize("multi_label", [True, False])
def test_the_calibration_is_taken_back(multi_label):
    book = codebook(multi_label=multi_label)
    classifier = FrameClassifier(book, WordEncoder()).fit()
    scores = classifier.predict_proba(TEXTS)
    raw = np.column_stack(list(score_without_seeds(book, WordEncoder(), TEXTS, ALL).values()))
    blend = find_calibration(raw, scores, multi_label=multi_label)
    np.testing.assert_allclose(blend.slopes_, classifier.ensemble_.blend.slopes_, rtol=1e-5)
    np.testing.assert_allclose(blend.shifts_, classifier.ensemble_.blend.shifts_, rtol=1e-5)
    with pytest.raises(FramingError, match="does not score the passages as the analysis did"):
        find_calibration(raw[::-1], scores, multi_label=multi_label)


def test_a_frame_with_one_score_everywhere_has_a_calibration():
    blend = find_calibration(np.full((4, 1), 0.3), np.full((4, 1), 0.25), multi_label=True)
    assert blend.predict_proba(np.full((1, 4, 1), 0.3)).ravel() == pytest.approx(0.25)
