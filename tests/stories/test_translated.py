"""Sentences of a translation that stand for passages, where its paragraphs do not tell."""

from __future__ import annotations

import pandas as pd

from framing.corpus import split_passages
from framing.stories.translated import refine_translations
from tests.stories.bilingual import FIRE, SCHOOL, BilingualEncoder, german


def _documents(translation: str) -> pd.DataFrame:
    text = " ".join(map(german, FIRE[:3])) + "\n\n" + " ".join(map(german, SCHOOL[:2]))
    row = {"document_id": "d", "outlet": "o", "published": pd.Timestamp("2024-05-01"), "language": "de", "text": text}
    return pd.DataFrame([{**row, "translation": translation}])


def test_sentences_are_aligned_where_paragraphs_differ_in_number(monkeypatch):
    monkeypatch.setattr("framing.stories.translated.detect_languages", lambda texts: ["en"] * len(texts))
    documents = _documents(" ".join([*FIRE[:3], *SCHOOL[:2]]))  # one paragraph for two
    passages = split_passages(documents, max_words=8)
    assert set(passages["translation_unit"]) == {"document"}
    refined = refine_translations(passages, documents, BilingualEncoder())
    assert set(refined["translation_unit"]) == {"sentence"}
    assert " ".join(refined["translation"]) == documents["translation"][0]
    assert refined["translation"].to_list()[0].startswith(FIRE[0])


def test_what_stands_for_no_passage_leaves_it_with_the_whole(monkeypatch):
    monkeypatch.setattr("framing.stories.translated.detect_languages", lambda texts: ["en"] * len(texts))
    documents = _documents("Cats sleep. Dogs run. Birds sing.")
    passages = split_passages(documents, max_words=8)
    refined = refine_translations(passages, documents, BilingualEncoder())
    assert set(refined["translation_unit"]) == {"document"}
    pd.testing.assert_frame_equal(refined, passages)


def test_languages_that_the_encoder_does_not_know_stay_as_they_are(monkeypatch):
    monkeypatch.setattr("framing.stories.translated.known_languages", lambda name: frozenset({"en"}))
    documents = _documents(" ".join([*FIRE[:3], *SCHOOL[:2]]))
    passages = split_passages(documents, max_words=8)
    pd.testing.assert_frame_equal(refine_translations(passages, documents, BilingualEncoder()), passages)
