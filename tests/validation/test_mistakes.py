"""Confused frames and single errors, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.validation.mistakes import confused_frames, confusion_table, worst_errors
from tests.validation.labels import DECIDED, DOCUMENTS, FRAMES, GOLD, SCORES


@pytest.fixture
def passages():
    return pd.DataFrame(
        {
            "passage_id": list("12345"),
            "document_id": DOCUMENTS,
            "outlet": ["north", "north", "south", "south", "west"],
            "published": pd.Timestamp("2024-05-01"),
            "text": [f"text {number}" for number in range(1, 6)],
        }
    )


def test_worst_errors_by_hand(passages):
    # Errors: passage 3 missed a (.05) and b (.4), passage 4 missed b (.1) and was given a (.97).
    scores = np.array([[0.9, 0, 0], [0.9, 0, 0], [0.05, 0.4, 0], [0.97, 0.1, 0], [0, 0, 0]])
    table = worst_errors(passages, GOLD, DECIDED, scores, frames=FRAMES)
    columns = ["frame", "error", "score", "outlet", "text", "passage_id", "gold", "decided"]
    assert table[columns].to_numpy().tolist() == [
        ["a", "false alarm", 0.97, "south", "text 4", "4", "b", "a"],
        ["a", "missed", 0.05, "south", "text 3", "3", "a;b", ""],
        ["b", "missed", 0.1, "south", "text 4", "4", "b", "a"],
        ["b", "missed", 0.4, "south", "text 3", "3", "a;b", ""],
    ]
    assert worst_errors(passages, GOLD, DECIDED, scores, frames=FRAMES, top=1)["passage_id"].to_list() == ["4"]
    words = np.where(DECIDED, "present", "absent").astype(object)
    words[2] = "abstain"
    assert worst_errors(passages, GOLD, words, scores, frames=FRAMES)["passage_id"].to_list() == ["4", "4"]


def test_no_errors_are_an_empty_table(passages):
    table = worst_errors(passages, GOLD, GOLD, SCORES, frames=FRAMES)
    assert table.empty
    assert table.columns.to_list() == [
        "frame", "error", "score", "outlet", "published", "text", "passage_id", "document_id", "gold", "decided",
    ]  # fmt: skip


def test_worst_errors_say_what_is_wrong(passages):
    with pytest.raises(InputError, match=r"passages lacks the column\(s\) outlet"):
        worst_errors(passages.drop(columns="outlet"), GOLD, DECIDED, SCORES, frames=FRAMES)
    with pytest.raises(InputError, match="passages: expected one for each of the 5 passages, got 3"):
        worst_errors(passages.iloc[:3], GOLD, DECIDED, SCORES, frames=FRAMES)


def test_confusion_by_hand():
    # Gold a twice decided a, once nothing; gold b once nothing, once a; one with neither.
    table = confusion_table(GOLD, DECIDED, frames=FRAMES)
    assert table.columns.to_list() == ["a", "b", "c", "(none)"]
    assert table.index.to_list() == ["a", "b", "c", "(none)"]
    assert table.to_numpy().tolist() == [[2, 0, 0, 1], [1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 1]]


def test_confused_frames_are_the_table_without_zeros():
    # Of three passages with gold a two were given a and one nothing; of two with b one a, one nothing.
    table = confused_frames(GOLD, DECIDED, frames=FRAMES)
    assert table[["gold", "decided", "n"]].to_numpy().tolist() == [
        ["a", "a", 2], ["a", "(none)", 1], ["b", "a", 1], ["b", "(none)", 1], ["(none)", "(none)", 1],
    ]  # fmt: skip
    assert table["share_of_gold"].to_list() == pytest.approx([2 / 3, 1 / 3, 1 / 2, 1 / 2, 1])


def test_twenty_errors_unless_others_are_asked_for():
    columns = ["outlet", "published", "text", "passage_id", "document_id"]
    passages = pd.DataFrame({name: [f"{name} {number}" for number in range(25)] for name in columns})
    gold = np.zeros((25, 1), dtype=bool)
    assert len(worst_errors(passages, gold, ~gold, np.ones((25, 1)), frames=["a"])) == 20


def test_arrays_that_are_not_alike_are_refused(passages):
    with pytest.raises(InputError, match=r"^gold \(5, 3\), decided \(5, 2\) and scores \(5, 3\) must be alike"):
        worst_errors(passages, GOLD, DECIDED[:, :2], SCORES, frames=FRAMES)
    with pytest.raises(InputError, match=r"^gold \(5, 3\) and decided \(5, 2\) must be alike"):
        confused_frames(GOLD, DECIDED[:, :2], frames=FRAMES)


def test_shares_of_passages_without_a_frame():
    # Two have none: one was given a, one b.
    gold = np.array([[0, 0], [0, 0], [1, 0]], dtype=bool)
    decided = np.array([[1, 0], [0, 1], [1, 0]], dtype=bool)
    table = confused_frames(gold, decided, frames=["a", "b"])
    assert table.to_numpy().tolist() == [["a", "a", 1, 1.0], ["(none)", "a", 1, 0.5], ["(none)", "b", 1, 0.5]]
    assert confusion_table(gold, decided, frames=["a", "b"]).index.name == "gold"
