"""Scores in chunks: those of the texts in one piece, in their order."""

from __future__ import annotations

import numpy as np

from framing.analysis.score_texts import score_texts
from framing.classify.classifier import FrameClassifier
from framing.executors.executor import LocalExecutor
from tests.tiny import PASSAGES, WordEncoder, codebook


class Backwards(LocalExecutor):
    def map_parts(self, function, parts):
        return reversed(list(super().map_parts(function, parts)))


def test_chunks_have_the_scores_of_one_piece(monkeypatch):
    monkeypatch.setattr("framing.analysis.score_texts.CHUNK_TEXTS", 3)
    classifier = FrameClassifier(codebook(), WordEncoder()).fit()
    texts = [f"{PASSAGES[number % 3]} Day {number}." for number in range(11)]
    said: list[str] = []
    monkeypatch.setattr(classifier, "find_long", lambda part: np.array(["Day 4." in text for text in part]))
    for executor in (LocalExecutor(), Backwards()):
        scores, n_long = score_texts(classifier, texts, executor, title="classifying", say=said.append)
        np.testing.assert_allclose(scores, classifier.predict_proba(texts), atol=1e-12)
        assert n_long == 1
    scores, n_long = score_texts(classifier, [], LocalExecutor())
    assert (scores.shape, n_long) == ((0, 3), 0)
