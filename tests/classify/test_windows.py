"""Windows of long texts: whole sentences by their place, the scores of each by itself, the best as evidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.classify.classifier import FrameClassifier
from framing.classify.scorer import NotFittedError
from framing.classify.windows import find_evidence
from framing.errors import InputError
from tests.tiny import SPORT, TRADE, WAR, WordEncoder, codebook

PARTS = [" ".join(seeds * 4) for seeds in (WAR, TRADE, SPORT)]  # 92, 96 and 76 words
LONG = "\n".join(PARTS)


@pytest.fixture(scope="module")
def classifier() -> FrameClassifier:
    return FrameClassifier(codebook(), WordEncoder()).fit()


def test_windows_are_whole_sentences_that_tile_the_text(classifier):
    table = classifier.score_windows(["Talks.", LONG])
    assert list(table.columns) == ["row", "start", "end", "text", "frame", "score"]
    assert table["frame"].to_list() == ["war", "trade", "sport"] * 4
    windows = table.drop_duplicates(["row", "start"])
    assert windows["row"].to_list() == [0, 1, 1, 1]
    assert windows["text"].to_list() == ["Talks.", *PARTS], "a window ends with its paragraph from 60 words on"
    assert [LONG[start:end] for start, end in zip(windows["start"], windows["end"], strict=True)][1:] == PARTS


def test_a_window_has_the_score_of_its_text_by_itself(classifier):
    table = classifier.score_windows([LONG])
    alone = classifier.predict_proba(PARTS)
    np.testing.assert_allclose(table["score"].to_numpy().reshape(3, 3), alone, atol=1e-12)
    assert alone.argmax(axis=1).tolist() == [0, 1, 2]


def test_no_window_has_more_words_than_it_may(classifier):
    text = " ".join(WAR * 60)
    sizes = [len(window.split()) for window in classifier.score_windows([text])["text"].unique()]
    assert max(sizes) <= 120
    assert len(text.split()) == 1380
    assert len(classifier.score_windows([text])) >= 3 * 1380 / 120


def test_texts_without_words_have_no_window(classifier):
    assert classifier.score_windows(["", "\n"]).empty
    assert classifier.score_windows([]).empty


def test_one_text_is_refused_and_so_is_a_classifier_that_was_not_fitted(classifier):
    with pytest.raises(InputError, match="score_windows: expected a list of texts"):
        classifier.score_windows("War.")
    with pytest.raises(NotFittedError, match="call fit first"):
        FrameClassifier(codebook(), WordEncoder()).score_windows(["War."])


class Scores:
    """Scores by the number in a text: of the first frame as it is, of the second its negative."""

    codebook = codebook()

    def __init__(self) -> None:
        self.read: list[str] = []

    def predict_proba(self, texts, *, progress=""):
        self.read += texts
        numbers = [int(text.split()[0]) / 10 for text in texts]
        return np.array([[number, -number, 0.0] for number in numbers]).reshape(-1, 3)


def paragraph(number: int) -> str:
    return f"{number} " + " ".join(["word"] * 70) + "."


def test_evidence_is_the_best_windows_of_the_frames_that_are_present(monkeypatch):
    monkeypatch.setattr("framing.classify.windows._CHUNK_TEXTS", 1)
    texts = ["\n".join(map(paragraph, numbers)) for numbers in ([1, 4, 2, 4], [9], [3, 5])]
    decisions = np.array(
        [["present", "abstain", "absent"], ["absent", "absent", "abstain"], ["present", "present", "absent"]]
    )
    scorer = Scores()
    found = find_evidence(scorer, texts, decisions, top=3)
    width = len(paragraph(1)) + 1
    assert found[["row", "start", "frame", "score"]].to_numpy().tolist() == [
        [0, width, "war", 0.4],
        [0, 3 * width, "war", 0.4],
        [0, 2 * width, "war", 0.2],
        [2, width, "war", 0.5],
        [2, 0, "war", 0.3],
        [2, 0, "trade", -0.3],
        [2, width, "trade", -0.5],
    ]
    assert found["text"].to_list() == [paragraph(number) for number in (4, 4, 2, 5, 3, 3, 5)]
    assert not any(text.startswith("9") for text in scorer.read), "a text without a frame is not read"


def test_without_a_frame_there_is_no_evidence():
    found = find_evidence(Scores(), [paragraph(1)], np.array([["absent", "abstain", "absent"]]))
    assert isinstance(found, pd.DataFrame)
    assert found.empty
    assert list(found.columns) == ["row", "start", "end", "text", "frame", "score"]
