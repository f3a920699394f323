"""Scores and decisions as tables: one row a passage and frame."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from framing.analysis.classified import classify_passages, long_table, wide_table
from framing.classify.classifier import FrameClassifier
from framing.errors import InputError
from framing.tables import CLASSIFIED
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook

FRAMES = ["war", "trade", "sport"]


def test_long_table_by_hand():
    passages = pd.DataFrame({name: ["x", "y"] for name in CLASSIFIED if name not in ("frame", "score", "decision")})
    passages["passage_id"] = ["p1", "p2"]
    passages["n_words"] = [4, 7]
    passages.index = [5, 3]
    scores = pd.DataFrame({"passage_id": ["p1", "p2"], "sport": [0.3, 0.6], "war": [0.1, 0.4], "trade": [0.2, 0.5]})
    decisions = scores.astype(str).assign(war=["absent", "abstain"], trade="present", sport=["absent", "present"])
    table = long_table(passages, scores, decisions, codebook())
    assert tuple(table.columns) == (*CLASSIFIED, "n_words")
    assert table["passage_id"].to_list() == ["p1"] * 3 + ["p2"] * 3
    assert table["frame"].to_list() == FRAMES * 2  # in the codebook's order, whatever that of the columns
    assert table["score"].to_list() == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert table["decision"].to_list() == ["absent", "present", "absent", "abstain", "present", "present"]
    assert table["n_words"].to_list() == [4] * 3 + [7] * 3


def test_classified_passages_carry_abstentions():
    texts, topics = [*WAR, *TRADE, *SPORT] * 4, np.repeat(np.tile(np.arange(3), 4), 3)
    labels = np.eye(3, dtype=bool)[topics]
    labels[::7] = np.roll(labels[::7], 1, axis=1)  # some are wrong
    classifier = FrameClassifier(codebook(), WordEncoder(), strength="head", precision={"war": 0.99})
    classifier.fit([f"{text} Page {row}." for row, text in enumerate(texts)], labels)
    passages = pd.DataFrame({name: [""] * 3 for name in CLASSIFIED if name not in ("frame", "score", "decision")})
    passages["passage_id"], passages["text"] = ["a", "b", "c"], PASSAGES
    table = classify_passages(passages, codebook(), classifier)
    assert table["score"].to_list() == classifier.predict_proba(PASSAGES).ravel().tolist()
    assert table["decision"].to_list() == classifier.decide(PASSAGES).ravel().tolist()
    assert "abstain" in set(table["decision"])


def _two_passages() -> pd.DataFrame:
    return pd.DataFrame(
        {"passage_id": ["a", "b"], "document_id": ["d", "d"], "outlet": ["A", "A"], "text": [WAR[0], TRADE[0]]}
    )


def test_passages_without_perspective_and_date_are_classified():
    classifier = FrameClassifier(codebook(), WordEncoder()).fit()
    table = classify_passages(_two_passages(), codebook(), classifier)
    assert len(table) == 6
    assert set(table["perspective"]) == {""}
    assert table["published"].isna().all()
    assert table["published"].dtype.kind == "M"


def test_passages_that_lack_an_id_are_refused_with_the_names_of_the_columns():
    classifier = FrameClassifier(codebook(), WordEncoder()).fit()
    with pytest.raises(
        InputError, match=r"passages lacks the column\(s\) passage_id, outlet\. It has: document_id, text"
    ):
        classify_passages(_two_passages()[["document_id", "text"]], codebook(), classifier)


class Fixed:
    """Scores three frames by their place."""

    def predict_proba(self, texts, *, progress=""):
        return np.tile([0.1, 0.6, 0.3], (len(texts), 1))

    def decide_scores(self, scores):
        return np.where(scores >= 0.5, "present", "absent")


def test_a_frame_may_have_the_name_of_a_column():
    book = SimpleNamespace(frame_ids=["passage_id", "text", "score"], codebook="odd")
    passages = pd.DataFrame({"passage_id": ["p"], "document_id": ["d"], "outlet": ["A"], "text": ["War."], "desk": "X"})
    table = classify_passages(passages, book, Fixed())
    assert table[["passage_id", "text", "frame", "score", "decision", "desk"]].to_numpy().tolist() == [
        ["p", "War.", "passage_id", 0.1, "absent", "X"],
        ["p", "War.", "text", 0.6, "present", "X"],
        ["p", "War.", "score", 0.3, "absent", "X"],
    ]
    with pytest.raises(InputError, match="odd has a frame with the id passage_id"):
        wide_table(np.zeros((1, 3)), passages["passage_id"], book)
