"""Agreement with human labels, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from framing.errors import InputError
from framing.evaluate import METHOD, calibration_error, confusion_table, evaluate_decisions

# Frame a: 2 hits, 1 false alarm, 1 miss.   precision 2/3, recall 2/3, F1 4/6.
# Frame b: 0 hits, 0 false alarms, 2 misses. precision 0/0, recall 0, F1 0.
# Frame c: never used by anyone.             all 0/0.
# Macro F1: mean of 2/3 and 0, 1/3. Micro: 2 hits, 1 false alarm, 3 misses: 2/3, 2/5, 4/8.
FRAMES = ["a", "b", "c"]
GOLD = np.array([[1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=bool)
DECIDED = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 0], [1, 0, 0], [0, 0, 0]], dtype=bool)
SCORES = np.where(DECIDED, 0.9, 0.1)
DOCUMENTS = ["x", "x", "y", "y", "z"]


@pytest.fixture(scope="module")
def measured():
    table = evaluate_decisions(GOLD, DECIDED, SCORES, frames=FRAMES, documents=DOCUMENTS, n_bootstrap=300)
    return table.set_index(["frame", "measure"])


@pytest.mark.parametrize(
    ("frame", "measure", "expected"),
    [
        ("a", "precision", 2 / 3),
        ("a", "recall", 2 / 3),
        ("a", "f1", 2 / 3),
        ("b", "recall", 0),
        ("b", "f1", 0),
        ("(macro)", "f1", 1 / 3),
        ("(micro)", "precision", 2 / 3),
        ("(micro)", "recall", 2 / 5),
        ("(micro)", "f1", 1 / 2),
    ],
)
def test_measures_by_hand(measured, frame, measure, expected):
    row = measured.loc[(frame, measure)]
    assert row["estimate"] == pytest.approx(expected)
    assert row["low"] <= row["estimate"] <= row["high"]
    assert row["method"] == METHOD


@pytest.mark.parametrize(
    ("frame", "measure", "reason"),
    [
        ("b", "precision", "the classifier never used the frame"),
        ("c", "precision", "the classifier never used the frame"),
        ("c", "recall", "no coder used the frame"),
        ("c", "f1", "neither coders nor classifier used the frame"),
    ],
)
def test_what_nobody_used_is_undefined_and_says_why(measured, frame, measure, reason):
    row = measured.loc[(frame, measure)]
    assert row[["estimate", "low", "high"]].isna().all()
    assert row["method"] == f"undefined: {reason}"


def test_counts(measured):
    # Passages with the gold frame for a frame, all passages for a mean; three documents.
    assert measured["n_passages"].groupby("frame").first().to_dict() == {
        "a": 3, "b": 2, "c": 0, "(macro)": 5, "(micro)": 5, "(all)": 5,
    }  # fmt: skip
    assert (measured["n_documents"] == 3).all()
    assert (measured["n_gold"] == 5).all()


def test_calibration_row_by_hand(measured):
    # 15 scores in 15 bins, but equal scores share one: 12 of 0.1 with 3 gold, 3 of 0.9 with 2 gold.
    # |12 × 0.1 - 3| + |3 × 0.9 - 2| = 1.8 + 0.7 = 2.5, over 15.
    row = measured.loc[("(all)", "calibration_error")]
    assert row["estimate"] == pytest.approx(2.5 / 15)
    assert 0 <= row["low"] <= row["estimate"] <= row["high"] <= 1


def test_calibration_error_by_hand():
    # Two bins: scores .1 and .3 (mean .2) with half gold, .6 and .8 (mean .7) all gold: .3 and .3.
    gold, scores = np.array([False, True, True, True]), np.array([0.1, 0.3, 0.6, 0.8])
    assert calibration_error(gold, scores, n_bins=2) == pytest.approx(0.3)
    # One bin: mean .45 against 3/4.
    assert calibration_error(gold, scores, n_bins=1) == pytest.approx(0.3)
    # Four bins: .1, .7, .4, .2.
    assert calibration_error(gold, scores) == pytest.approx((0.1 + 0.7 + 0.4 + 0.2) / 4)


def test_calibration_error_of_equal_scores_does_not_depend_on_the_order():
    scores = np.full(40, 0.5)
    for gold in (np.arange(40) < 20, np.arange(40) % 2 == 0):
        assert calibration_error(gold, scores) == 0


def test_calibration_bins_have_equal_mass():
    # Ten scores in five bins of two: each bin's gap is its own, whatever the scores' distances.
    scores = np.array([0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.98, 1.0])
    gold = np.array([0, 0, 0, 0, 0, 0, 0, 0, 1, 1], dtype=bool)
    gaps = [0.01, 0.05, 0.09, 0.13, 2 - 1.98]
    assert calibration_error(gold, scores, n_bins=5) == pytest.approx(sum(gaps) / 10)


def test_a_calibrated_classifier_may_have_no_calibration_error():
    # Scores that are true chances: draws of documents add noise of their own, so a percentile interval
    # would always leave zero, the true error, out. Its lower end must come below the estimate.
    generator = np.random.default_rng(3)
    scores = generator.random((100, 2))
    gold = generator.random((100, 2)) < scores
    documents = [str(number // 2) for number in range(100)]
    table = evaluate_decisions(gold, scores > 0.5, scores, frames=["a", "b"], documents=documents, n_bootstrap=200)
    row = table.iloc[-1]
    assert row["low"] < 0.02 < row["estimate"] < row["high"]
    assert "lower end reflected" in row["method"]


def test_passages_of_one_document_are_drawn_together():
    # Four copies of each passage in its document leave every measure and interval as they are.
    few, many = (
        evaluate_decisions(
            *(np.repeat(part, copies, axis=0) for part in (GOLD, DECIDED, SCORES)),
            frames=FRAMES, documents=np.repeat(DOCUMENTS, copies).tolist(), n_bootstrap=200,
        )
        for copies in (1, 4)
    )  # fmt: skip
    assert few.iloc[:-1][["estimate", "low", "high"]].to_numpy() == pytest.approx(
        many.iloc[:-1][["estimate", "low", "high"]].to_numpy(), nan_ok=True
    )


def test_intervals_repeat_with_the_seed():
    first, again, other = (
        evaluate_decisions(GOLD, DECIDED, SCORES, frames=FRAMES, documents=DOCUMENTS, n_bootstrap=50, random_seed=seed)
        for seed in (1, 1, 2)
    )
    assert first.equals(again)
    assert not first.equals(other)


def test_one_document_has_no_interval():
    table = evaluate_decisions(GOLD, DECIDED, SCORES, frames=FRAMES, documents=["x"] * 5, n_bootstrap=20)
    defined = table[table["estimate"].notna()]
    assert defined["low"].isna().all()
    assert defined["high"].isna().all()
    assert (defined["method"] == "no interval: a single document").all()


def test_errors_say_what_is_wrong():
    with pytest.raises(InputError, match=r"gold \(5, 3\), decided \(5, 2\) and scores \(5, 3\) must"):
        evaluate_decisions(GOLD, DECIDED[:, :2], SCORES, frames=FRAMES, documents=DOCUMENTS)
    with pytest.raises(InputError, match="must be alike"):
        evaluate_decisions(GOLD, DECIDED, SCORES, frames=["a", "b"], documents=DOCUMENTS)
    with pytest.raises(InputError, match="no labelled passages"):
        evaluate_decisions(GOLD[:0], DECIDED[:0], SCORES[:0], frames=FRAMES, documents=[])


def test_confusion_by_hand():
    # Gold a twice decided a, once nothing; gold b once nothing, once a; one with neither.
    table = confusion_table(GOLD, DECIDED, frames=FRAMES)
    assert table.columns.to_list() == ["a", "b", "c", "(none)"]
    assert table.index.to_list() == ["a", "b", "c", "(none)"]
    assert table.to_numpy().tolist() == [[2, 0, 0, 1], [1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 1]]
