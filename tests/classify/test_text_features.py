"""Features of texts: n-grams that are restored unchanged, and windows of long texts."""

from __future__ import annotations

import json

import numpy as np
import pytest

from framing.classify.frozen.text_features import TextFeatures, make_windows
from framing.classify.state import State


def test_restored_text_features_are_the_same():
    features = TextFeatures().fit(["tanks roll east", "talks go on", "Żółć z Łodzi"])
    again = TextFeatures().set_state(State(values=json.loads(json.dumps(features.get_state().values))))
    texts = ["tanks roll east", "talks", "unknown", "", "Łodzi"]
    assert (features.transform(texts) != again.transform(texts)).nnz == 0


def test_windows_are_pairs_of_neighbouring_sentences_of_long_texts():
    texts = ["One. Two. Three.", "One two. Three four.", "A. B. C. D."]  # 3, 4 and 4 words
    sentences = [[(0, 4), (5, 9), (10, 16)], [(0, 8), (9, 20)], [(0, 2), (3, 5), (6, 8), (9, 11)]]
    windows, owners = make_windows(texts, sentences, min_words=3)
    assert windows == ["A. B.", "B. C.", "C. D."]  # the first is short, the second has two sentences
    assert owners.tolist() == [2, 2, 2]
    assert make_windows([], [])[1].dtype == np.int64


def test_text_features_know_words_and_parts_of_words():
    features = TextFeatures().fit(["tanks roll east", "talks go on"])
    words = features.transform(["tanks roll east", "tank", "quite unrelated 123"])
    assert words.shape[0] == 3
    among = (words @ words.T).toarray()
    assert among[0, 0] == pytest.approx(2)  # words and characters, each of length one
    assert 0 < among[0, 1] < 1  # "tank" shares characters with "tanks", not the word
    assert among[0, 2] < among[0, 1]


def test_windows_are_made_of_texts_of_more_than_sixty_words():
    texts = [" ".join(["word"] * n) for n in (60, 61)]
    thirds = [[(0, 49), (50, 99), (100, len(text))] for text in texts]
    windows, owners = make_windows(texts, thirds)
    assert owners.tolist() == [1, 1]
    assert windows == [texts[1][:99], texts[1][50:]]


def test_terms_are_words_and_three_to_five_characters_weighed_by_the_log_of_their_number():
    features = TextFeatures().fit(["war war talks"])
    words, parts = features.get_state().values["parts"]
    assert words["terms"] == ["talks", "war"]
    assert {len(term) for term in parts["terms"]} == {3, 4, 5}
    assert " war " in parts["terms"]
    assert "r t" not in parts["terms"]  # not across words
    row = features.transform(["war war talks"]).toarray()[0]
    assert row[1] / row[0] == pytest.approx(1 + np.log(2))
    places = [2 + parts["terms"].index(term) for term in (" war ", "talks")]
    assert row[places[0]] / row[places[1]] == pytest.approx(1 + np.log(2))
