"""One codebook for several languages: a text and its translation get the same scores."""

from __future__ import annotations

import numpy as np
import pytest

from framing.classify.classifier import FrameClassifier
from framing.classify.classifier_state import restore_classifier, take_state
from framing.classify.frozen.feature_reader import FeatureReader
from framing.classify.language_levels import LanguageLevels
from framing.classify.saved import load_classifier, save_classifier
from framing.errors import InputError
from tests.multilingual import TwoLanguages, translate
from tests.tiny import codebook, frame

WAR = ["Missiles attacked the port", "Soldiers attacked", "Drones and missiles attacked soldiers"]
TRADE = ["Exports of steel fell", "Tariffs on wine", "Trade in steel and wine exports"]
NEW = ["Soldiers and drones attacked the port", "Tariffs hit exports of wine"]


@pytest.fixture
def encoder(tmp_path):
    return TwoLanguages(tmp_path / "two")


def book():
    return codebook(frame("war", WAR), frame("trade", TRADE), multi_label=True)


def test_a_text_and_its_translation_have_the_same_scores(encoder):
    translated = [translate(text) for text in NEW]
    assert translated[1] == "zölle hit exporte of wein"
    fitted = FrameClassifier(book(), encoder).fit()
    np.testing.assert_allclose(fitted.predict_proba(NEW), fitted.predict_proba(translated), atol=0.06)
    kept = FrameClassifier(book(), encoder, language_shift="keep").fit()
    assert np.abs(kept.predict_proba(NEW) - kept.predict_proba(translated)).max() > 0.2


def test_words_are_not_counted_across_languages(encoder):
    assert FeatureReader(encoder, language="en").neutral
    expert = FrameClassifier(book(), encoder).fit().ensemble_.frozen
    assert expert.features(NEW)[0].words.shape == (2, 0)
    kept = FrameClassifier(book(), encoder, language_shift="keep").fit().ensemble_.frozen
    assert kept.features(NEW)[0].words.shape[1] > 10


def test_sentences_are_those_of_the_language_that_is_detected(encoder):
    reader = FeatureReader(encoder, language="en")
    texts = ["Der Minister sagte am Dienstag, die Gespräche würden fortgesetzt.", "The talks will continue on Tuesday."]
    assert reader.list_languages(texts) == ["de", "en"]
    assert reader.list_languages(["42"]) == ["en"]
    assert FeatureReader(encoder, language="en", language_shift="keep").list_languages(texts) == ["en", "en"]


@pytest.mark.parametrize("shift", ["remove", "keep"])
def test_a_saved_classifier_scores_as_before(encoder, shift):
    fitted = FrameClassifier(book(), encoder, language_shift=shift).fit()
    again = restore_classifier(take_state(fitted), fitted.codebook, encoder)
    assert again.language_shift == shift
    np.testing.assert_array_equal(again.predict_proba(NEW), fitted.predict_proba(NEW))


def test_a_classifier_in_a_folder_is_refused_an_encoder_of_other_languages(tmp_path):
    """The weights are the same, and the directions that are taken out of the vectors would not be."""
    fitted = FrameClassifier(book(), TwoLanguages(tmp_path / "two")).fit()
    folder = save_classifier(fitted, tmp_path / "saved")
    french = TwoLanguages(tmp_path / "two", card="language: [en, de, fr]")
    with pytest.raises(InputError, match=r"of de en; .*two is now one of de en fr\. Name the same .*README\.md"):
        load_classifier(folder, book(), encoder=french)
    more = TwoLanguages(tmp_path / "two", card="language: [de, en, eo]")  # Esperanto changes nothing
    np.testing.assert_array_equal(
        load_classifier(folder, book(), encoder=more).predict_proba(NEW), fitted.predict_proba(NEW)
    )


def test_a_classifier_that_kept_the_shift_does_not_mind_the_card(tmp_path):
    fitted = FrameClassifier(book(), TwoLanguages(tmp_path / "two"), language_shift="keep").fit()
    folder = save_classifier(fitted, tmp_path / "saved")
    french = TwoLanguages(tmp_path / "two", card="language: [en, de, fr]")
    again = load_classifier(folder, book(), encoder=french)
    np.testing.assert_array_equal(again.predict_proba(NEW), fitted.predict_proba(NEW))


def test_what_an_earlier_version_saved_keeps_its_scores(encoder):
    fitted = FrameClassifier(book(), encoder, language_shift="keep").fit()
    state = take_state(fitted)
    del state.values["parameters"]["language_shift"], state.values["frozen"]["neutral"]
    again = restore_classifier(state, fitted.codebook, encoder)
    np.testing.assert_array_equal(again.predict_proba(NEW), fitted.predict_proba(NEW))


def test_another_option_is_refused(encoder):
    with pytest.raises(InputError, match="language_shift: expected remove or keep, got 'drop'"):
        FrameClassifier(book(), encoder, language_shift="drop").fit()


SENTENCES = {
    "en": ("The council said on Tuesday that", "and that the talks with the neighbours would go on."),
    "de": ("Der Rat sagte am Dienstag, dass", "und dass die Gespräche mit den Nachbarn weitergehen würden."),
}


def test_languages_with_labels_have_levels_of_their_own(encoder):
    rng = np.random.default_rng(0)
    texts, labels = [], []
    for number in range(240):
        language = ("en", "de")[number % 2]
        start, end = SENTENCES[language]
        is_war = rng.random() < 0.5
        words = (WAR if is_war else TRADE)[number % 3] + f" {number}"
        texts.append(f"{start} {translate(words) if language == 'de' else words} {end}")
        carries = is_war if language == "en" else is_war and rng.random() < 0.3  # German coders say it less often
        labels.append([carries, not is_war])
    fitted = FrameClassifier(book(), encoder, strength="head").fit(texts, np.array(labels))
    levels = fitted.ensemble_.levels
    assert levels.counts["de"][0] == levels.counts["en"][0] == 120
    assert set(levels.levels) == {"de", "en"}
    scores = fitted.predict_proba(texts[:6])
    fitted.ensemble_.levels = LanguageLevels()
    np.testing.assert_allclose(levels.move(fitted.predict_proba(texts[:6]), ["en", "de"] * 3), scores)
    assert np.abs(fitted.predict_proba(texts[:6]) - scores).max() > 1e-3
    fitted.ensemble_.levels = levels
    again = restore_classifier(take_state(fitted), fitted.codebook, encoder)
    np.testing.assert_array_equal(again.predict_proba(texts[:6]), fitted.predict_proba(texts[:6]))
    assert fitted.predict_folds(texts[:4]).shape == (len(np.unique(fitted.folds_)), 4, 2)
