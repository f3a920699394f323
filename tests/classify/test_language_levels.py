"""Scores have a level of their own in languages with labels enough."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.classify.blending import fit_blends_by_fold
from framing.classify.language_levels import LanguageLevels


def labelled(n: int, every: int) -> np.ndarray:
    return (np.arange(n) % every == 0)[:, None]


def test_the_level_brings_the_mean_score_to_the_share_of_labels():
    # 200 German texts, half with the frame, all scored 0.2: without a penalty the level is logit(.5) - logit(.2) =
    # 1.386; with b^2 the slope 200 (p - .5) + 2 b = 0 at p = expit(b - 1.386) gives b = 1.333, p = .4867
    scores = np.full((400, 1), 0.2)
    labels = np.vstack([labelled(200, 2), labelled(200, 5)])
    found = LanguageLevels.fit(scores, labels, ["de"] * 200 + ["en"] * 200)
    assert found.levels["de"] == pytest.approx(1.333, abs=0.01)
    assert found.levels["en"] == pytest.approx(0.0, abs=1e-3)
    moved = found.move(np.array([[0.2], [0.2], [0.2]]), ["de", "en", "fr"])
    np.testing.assert_allclose(moved.ravel(), [0.4867, 0.2, 0.2], atol=0.003)


@pytest.mark.parametrize(("n", "every", "is_own"), [(50, 3, True), (49, 3, False), (50, 4, False)])
def test_a_language_with_too_few_labels_has_the_level_of_all(n, every, is_own):
    labels = np.vstack([labelled(n, every), np.zeros((5, 1), dtype=bool)])
    found = LanguageLevels.fit(np.full((n + 5, 1), 0.2), labels, ["de"] * n + ["en"] * 5)
    assert ("de" in found.levels) == is_own
    assert found.counts == {"de": (n, int(labelled(n, every).sum())), "en": (5, 0)}
    assert f"de {n} ({'threshold ' if is_own else 'too few'}" in found.explain(0.4)


@pytest.mark.parametrize("others", [[], ["und"] * 9, ["fr"] * 4, ["fr"] * 4 + ["en"] * 4])
def test_labels_in_one_language_give_no_levels(others):
    """Beside it texts of which nobody knows the language, or so few of another that they may be detected wrongly."""
    n = 80 + len(others)
    found = LanguageLevels.fit(np.full((n, 1), 0.2), labelled(n, 2), ["de"] * 80 + others)
    assert found.levels == {}
    assert found.explain(0.4) == ""
    assert found.counts["de"] == (80, 40)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(["de", "en", "fr", "und"]), st.integers(1, 70)))
def test_every_level_that_is_fitted_is_said(sizes):
    languages = [language for language, size in sizes.items() for _ in range(size)]
    n = len(languages)
    found = LanguageLevels.fit(np.full((n, 1), 0.3), labelled(n, 2), languages)
    said = found.explain(0.4)
    assert all(f"{language} {sizes[language]} (threshold " in said for language in found.levels)
    assert len(found.counts) > 1 or not found.levels


def test_a_level_of_one_language_in_an_earlier_save_is_said():
    assert LanguageLevels({"de": 0.0}, {"de": (60, 30)}).explain(0.4) == "labels by language: de 60 (threshold 0.4)"


def test_texts_whose_language_is_not_known_have_the_level_of_all():
    found = LanguageLevels.fit(np.full((60, 1), 0.2), labelled(60, 2), ["und"] * 60)
    assert (found.levels, found.counts) == ({}, {})


def test_without_levels_scores_stay_and_no_language_is_detected(monkeypatch):
    monkeypatch.setattr("framing.classify.language_levels.detect_languages", lambda texts: pytest.fail("detected"))
    scores = np.array([[0.3]])
    assert LanguageLevels().move_texts(scores, ["Ein Satz."]) is scores


def test_levels_are_described_as_thresholds():
    found = LanguageLevels({"de": float(np.log(4))}, {"de": (60, 30), "fr": (9, 2)})
    # expit(logit(.5) - log 4) = 1 / (1 + 4)
    assert found.describe(0.5).round(3).to_dict("split")["data"] == [
        ["de", 60, 30, 0.2, True],
        ["fr", 9, 2, 0.5, False],
    ]


def test_levels_are_the_same_after_a_round_trip():
    found = LanguageLevels({"de": 0.5}, {"de": (60, 30)})
    assert LanguageLevels.from_state(found.get_state()) == found
    assert LanguageLevels.from_state(LanguageLevels().get_state()) == LanguageLevels()


def test_a_text_is_moved_by_the_level_that_other_folds_show():
    """Two folds: German labels of the first all carry the frame, those of the second none."""
    n = 120
    raw = np.random.default_rng(0).normal(size=(1, 2 * n, 1))
    languages = ["de"] * n + ["en"] * n
    folds = np.arange(2 * n) % 2
    labels = np.zeros((2 * n, 1), dtype=bool)
    labels[:n] = (folds[:n] == 0)[:, None]
    labels[n:] = np.random.default_rng(1).random((n, 1)) < 0.5
    fitted = fit_blends_by_fold(raw, labels, folds, languages, multi_label=True)
    german = np.arange(2 * n) < n
    # with the fold itself they would be high where the labels are: the other fold says the opposite
    assert fitted.cross_fitted[german & (folds == 1)].mean() > 0.6
    assert "de" not in fitted.fold_levels[0].levels  # fold 1 alone: no German text carries the frame, so none is fitted
    assert fitted.fold_levels[1].levels["de"] > 1
    plain = fit_blends_by_fold(raw, labels, folds, None, multi_label=True)
    assert plain.levels.counts == {}
