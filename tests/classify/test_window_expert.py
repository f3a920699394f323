"""Whole articles: what seeds say of their windows, pooled without labels, weighed by heads with them."""

from __future__ import annotations

import numpy as np
import pytest

from framing.classify.anchors import make_anchors
from framing.classify.classifier import FrameClassifier
from framing.classify.classifier_state import restore_classifier, take_state
from framing.classify.frozen.expert import FrozenExpert
from framing.classify.frozen.text_features import are_long
from framing.classify.frozen.window_expert import WindowExpert
from framing.classify.windows import cut_windows, pool_windows
from tests.tiny import SPORT, TRADE, WAR, WordEncoder, codebook

BOOK = codebook(multi_label=True)
ANCHORS = make_anchors(BOOK)


def article(*parts: list[str], times: int = 8) -> str:
    """A text of several paragraphs, each of the sentences of one part."""
    return "\n\n".join(" ".join(part * times) for part in parts)


ARTICLES = [article(*parts, times=9 + number) for number, parts in enumerate(
    [(WAR, WAR), (WAR, TRADE), (TRADE, TRADE), (SPORT, SPORT), (SPORT, WAR), (TRADE, SPORT), (WAR, SPORT), (TRADE, WAR)]
)]  # fmt: skip
LABELS = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 0]], dtype=bool)[
    :, : len(BOOK.frame_ids)
]
FOLDS = np.array([0, 1, 2, 3, 0, 1, 2, 3])


def fitted() -> WindowExpert:
    return WindowExpert(WordEncoder(), language="en", multi_label=True).fit(ANCHORS, ARTICLES, LABELS, FOLDS)


# pooling


def test_pooled_odds_by_hand():
    """Five windows: the sum of the odds times 4/5; two: their sum; one: its own score; none: what is given."""
    rows = np.array([0, 0, 0, 0, 0, 1, 1, 2])
    scores = np.array([[0.5], [0.5], [0.2], [0.2], [0.0], [0.2], [0.2], [0.3]])
    pooled = pool_windows(scores, rows, np.full((4, 1), 0.125))
    odds = (1 + 1 + 0.25 + 0.25) * 4 / 5
    expected = [odds / (1 + odds), 0.5 / 1.5, 0.3, 0.125]
    np.testing.assert_allclose(pooled[:, 0], expected, atol=1e-5)


def test_certain_windows_have_finite_odds():
    assert 0.99 < pool_windows(np.ones((8, 1)), np.zeros(8, dtype=int), np.zeros((1, 1)))[0, 0] < 1


def test_without_labels_an_article_has_the_pooled_score_of_its_windows():
    classifier = FrameClassifier(BOOK, WordEncoder()).fit()
    texts = [WAR[0], ARTICLES[1], ARTICLES[3]]
    scores = classifier.predict_proba(texts)
    np.testing.assert_allclose(scores[0], classifier.predict_proba([WAR[0]])[0])
    for row in (1, 2):
        windows, owners, _ = cut_windows([texts[row]], language="en")
        assert len(windows) > 1
        by_hand = pool_windows(classifier.predict_proba(windows), owners, np.zeros((1, 3)))
        np.testing.assert_allclose(scores[row], by_hand[0], atol=1e-7)
    again = restore_classifier(take_state(classifier), BOOK, WordEncoder())
    np.testing.assert_array_equal(again.predict_proba(texts), scores)


def test_articles_with_one_frame_each_are_not_pooled():
    """Odds of frames that shut each other out cannot be added: the scores of a text sum to one."""
    classifier = FrameClassifier(codebook(), WordEncoder()).fit()
    np.testing.assert_allclose(classifier.predict_proba(ARTICLES).sum(axis=1), 1.0)


def test_articles_without_spaces_are_pooled_too():
    text = "导弹袭击港口，士兵前进。" * 60
    classifier = FrameClassifier(BOOK, WordEncoder()).fit()
    windows, owners, _ = cut_windows([text], language="en")
    assert len(windows) > 1
    by_hand = pool_windows(classifier.predict_proba(windows), owners, np.zeros((1, 3)))
    np.testing.assert_allclose(classifier.predict_proba([text]), by_hand, atol=1e-6)
    assert are_long([text])


# labels of whole articles


@pytest.mark.parametrize(("n_long", "expected"), [(0, False), (2, False), (3, True)])
def test_articles_are_told_from_passages_by_half_of_the_texts(n_long, expected):
    assert are_long([" ".join(["word"] * 181)] * n_long + [" ".join(["word"] * 180)] * (4 - n_long)) is expected


def test_features_are_the_mean_over_windows_and_over_the_best_three():
    expert = fitted()
    text = article(WAR, TRADE, SPORT, SPORT, times=9)
    windows, _, _ = cut_windows([text], language="en")
    assert len(windows) > 3
    scores = expert.seeds.score(windows, whole=True)
    expected = np.r_[scores.mean(axis=0), np.sort(scores, axis=0)[-3:].mean(axis=0)]
    raw = expert.score([text])[0]
    slopes, shifts = expert.get_state().arrays["head.slopes"], expert.get_state().arrays["head.shifts"]
    np.testing.assert_allclose(raw, slopes @ expected + shifts, atol=1e-5)


def summarise(expert: WindowExpert, text: str) -> np.ndarray:
    scores = expert.seeds.score(cut_windows([text], language="en")[0], whole=True)
    return np.r_[scores.mean(axis=0), np.sort(scores, axis=0)[-3:].mean(axis=0)]


def test_an_article_is_scored_by_a_head_without_its_fold():
    expert = fitted()
    changed = LABELS.copy()
    changed[0] = ~changed[0]
    other = WindowExpert(WordEncoder(), language="en", multi_label=True).fit(ANCHORS, ARTICLES, changed, FOLDS)
    np.testing.assert_array_equal(other.left_out_[FOLDS == 0], expert.left_out_[FOLDS == 0])
    assert not np.array_equal(other.left_out_[FOLDS != 0], expert.left_out_[FOLDS != 0])
    folds = expert.score_folds(ARTICLES)
    np.testing.assert_allclose(folds[FOLDS, range(8)], expert.left_out_, atol=1e-5)


def test_the_mean_vector_alone_scores_what_was_learned_from_articles():
    frozen = FrozenExpert(WordEncoder(), language="en", multi_label=True)
    frozen.fit(ANCHORS, ARTICLES, LABELS, np.arange(8), FOLDS)
    assert frozen.whole_
    features, windows, _, _ = frozen.features(ARTICLES)
    assert len(features.vectors) == 8
    assert len(windows.vectors) == 0


def test_a_classifier_of_articles_is_saved_with_its_windows():
    classifier = FrameClassifier(BOOK, WordEncoder(), strength="head").fit(ARTICLES, LABELS)
    assert classifier.ensemble_.windows is not None
    assert classifier.predict_folds(ARTICLES[:2]).shape == (4, 2, 3)
    again = restore_classifier(take_state(classifier), BOOK, WordEncoder())
    np.testing.assert_array_equal(again.predict_proba(ARTICLES), classifier.predict_proba(ARTICLES))
    empty = classifier.predict_proba(["", " "])
    assert np.isfinite(empty).all()


def test_passages_have_no_expert_on_windows():
    classifier = FrameClassifier(BOOK, WordEncoder(), strength="head").fit([WAR[0], TRADE[0], SPORT[0]], np.eye(3) > 0)
    assert classifier.ensemble_.windows is None
