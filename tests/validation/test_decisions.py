"""Agreement with human labels, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, precision_recall_fscore_support

from framing.errors import InputError
from framing.tables import ESTIMATE
from framing.validation.decisions import (
    CALIBRATION,
    METHOD,
    calibration_error,
    confused_frames,
    confusion_table,
    evaluate_decisions,
    evaluate_groups,
    reliability_bins,
    risk_coverage,
    worst_errors,
)
from framing.validation.intervals import EXACT

# Frame a: 2 hits, 1 false alarm, 1 miss.   precision 2/3, recall 2/3, F1 4/6.
# Frame b: 0 hits, 0 false alarms, 2 misses. precision 0/0, recall 0, F1 0.
# Frame c: never used by anyone.             all 0/0.
# Macro F1: mean of 2/3 and 0, 1/3. Micro: 2 hits, 1 false alarm, 3 misses: 2/3, 2/5, 4/8.
FRAMES = ["a", "b", "c"]
GOLD = np.array([[1, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 0]], dtype=bool)
DECIDED = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 0], [1, 0, 0], [0, 0, 0]], dtype=bool)
SCORES = np.where(DECIDED, 0.9, 0.1)
DOCUMENTS = ["x", "x", "y", "y", "z"]


def random_labels(n: int, k: int) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Labels that follow their scores, three passages a document."""
    generator = np.random.default_rng(11)
    scores = generator.random((n, k))
    return generator.random((n, k)) < scores, scores, [str(number // 3) for number in range(n)]


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


def test_what_was_never_found_is_nothing_but_not_for_sure(measured):
    recall = measured.loc[("b", "recall")]
    # One document has the frame: none of one.
    assert (recall["estimate"], recall["low"], recall["method"]) == (0, 0, EXACT)
    assert recall["high"] == pytest.approx(0.975)
    f1 = measured.loc[("b", "f1")]
    assert f1["estimate"] == 0
    assert f1[["low", "high"]].isna().all()


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
    # Five documents: two of three have so few draws that their percentiles seldom depend on the seed.
    first, again, other = (
        evaluate_decisions(GOLD, DECIDED, SCORES, frames=FRAMES, documents="vwxyz", n_bootstrap=50, random_seed=seed)
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


# scores, abstentions, accuracy


@pytest.mark.parametrize(
    ("frame", "measure", "expected"),
    [
        # Cut at .9: precision 2/3, recall 2/3; cut at .1: 3 of 5 with the last third.
        ("a", "average_precision", 2 / 3 * 2 / 3 + 1 / 3 * 3 / 5),
        ("(macro)", "average_precision", 47 / 90),  # mean of 29/45 and 2/5; nobody coded c
        ("(macro)", "precision", 2 / 3),  # of a only: b and c were never given
        ("(macro)", "recall", 1 / 3),  # of a and b, 2/3 and 0
        # Squared errors are .01 where right and .81 where wrong: two wrong in a and b, none in c.
        ("a", "brier", (3 * 0.01 + 2 * 0.81) / 5),
        ("b", "brier", (3 * 0.01 + 2 * 0.81) / 5),
        ("(all)", "brier", (11 * 0.01 + 4 * 0.81) / 15),
    ],
)
def test_measures_of_scores_by_hand(measured, frame, measure, expected):
    row = measured.loc[(frame, measure)]
    assert row["estimate"] == pytest.approx(expected)
    assert row["low"] <= row["estimate"] + 1e-12
    assert row["estimate"] <= row["high"] + 1e-12
    assert row["method"] == METHOD


def test_average_precision_of_a_frame_that_one_document_has_gets_no_interval(measured):
    # All of b's scores are alike: 2 of 5. Both are in document y: a draw that has them at all has too many.
    row = measured.loc[("b", "average_precision")]
    assert row["estimate"] == pytest.approx(2 / 5)
    assert row[["low", "high"]].isna().all()
    assert row["method"] == "no interval: a single document has the frame"


def test_calibration_error_of_a_frame_by_hand(measured):
    # a: two of .1 with one gold, three of .9 with two: .8 + .7. b: five of .1 with two. c: five of .1, none.
    for frame, expected in (("a", 1.5 / 5), ("b", 1.5 / 5)):
        row = measured.loc[(frame, "calibration_error")]
        assert row["estimate"] == pytest.approx(expected)
        assert row["low"] == pytest.approx(max(0, 2 * row["estimate"] - row["high"]))
        assert row["method"] == CALIBRATION
    assert measured.loc[("c", "calibration_error"), "estimate"] == pytest.approx(0.5 / 5)


def test_average_precision_without_gold_is_undefined_and_says_why(measured):
    row = measured.loc[("c", "average_precision")]
    assert row[["estimate", "low", "high"]].isna().all()
    assert row["method"] == "undefined: no coder used the frame"


def test_no_row_for_what_does_not_occur(measured):
    assert not {"coverage", "accuracy"} & set(measured.index.get_level_values("measure"))


def test_every_measure_is_that_of_scikit_learn():
    gold, scores, documents = random_labels(300, 4)
    decided = scores > 0.5
    table = evaluate_decisions(gold, decided, scores, frames=list("abcd"), documents=documents, n_bootstrap=50)
    found = table.set_index(["frame", "measure"])["estimate"]
    for k, frame in enumerate("abcd"):
        assert found[frame, "average_precision"] == pytest.approx(average_precision_score(gold[:, k], scores[:, k]))
        assert found[frame, "brier"] == pytest.approx(brier_score_loss(gold[:, k], scores[:, k]))
        assert found[frame, "calibration_error"] == pytest.approx(calibration_error(gold[:, k], scores[:, k]))
    assert found["(macro)", "average_precision"] == pytest.approx(average_precision_score(gold, scores))
    for average in ("macro", "micro"):
        expected = precision_recall_fscore_support(gold, decided, average=average)[:3]
        assert found[f"({average})"].loc[["precision", "recall", "f1"]].to_list() == pytest.approx(expected)


def test_intervals_are_those_of_a_bootstrap_of_documents_written_out():
    gold, scores, documents = random_labels(120, 1)
    table = evaluate_decisions(gold, scores > 0.5, scores, frames=["a"], documents=documents, n_bootstrap=2000)
    found = table.set_index(["frame", "measure"]).loc["a"]
    generator = np.random.default_rng(9)
    members = [np.flatnonzero(np.array(documents) == name) for name in sorted(set(documents))]
    drawn = [np.concatenate([members[i] for i in generator.integers(0, 40, 39)]) for _ in range(3000)]
    for measure, function in (("average_precision", average_precision_score), ("brier", brier_score_loss)):
        values = [function(gold[rows, 0], scores[rows, 0]) for rows in drawn]
        # A percentile near the tail has a standard error of about .05 standard deviations with 3000 draws, .06 with
        # 2000: five of both are allowed.
        assert found.loc[measure, ["low", "high"]].to_list() == pytest.approx(
            np.percentile(values, [2.5, 97.5]), abs=0.4 * np.std(values)
        )


def test_abstentions_count_neither_for_nor_against():
    # a: one hit, one abstention on gold, one false alarm, one rightly absent: precision 1/2, recall 1, F1 2/3;
    # decided 3 of 4. b: abstained on its only gold, else absent.
    gold = np.array([[1, 0], [1, 0], [0, 0], [0, 1]], dtype=bool)
    decided = np.array(
        [["present", "absent"], ["abstain", "absent"], ["present", "absent"], ["absent", "abstain"]], dtype=object
    )
    scores = np.array([[0.9, 0.2], [0.5, 0.2], [0.8, 0.1], [0.3, 0.5]])
    table = evaluate_decisions(gold, decided, scores, frames=["a", "b"], documents="wxyz", n_bootstrap=50)
    found = table.set_index(["frame", "measure"])
    expected = {
        ("a", "precision"): 1 / 2, ("a", "recall"): 1, ("a", "f1"): 2 / 3, ("a", "coverage"): 3 / 4,
        ("b", "coverage"): 3 / 4, ("(all)", "coverage"): 6 / 8, ("(micro)", "f1"): 2 / 3, ("(macro)", "f1"): 2 / 3,
    }  # fmt: skip
    assert found["estimate"].loc[list(expected)].to_dict() == pytest.approx(expected)
    assert found.loc[("b", "recall"), "method"] == "undefined: the classifier abstained wherever a coder used the frame"
    assert found.loc[("b", "f1"), "method"] == "undefined: the classifier abstained wherever a coder used the frame"
    assert found.loc[("b", "precision"), "method"] == "undefined: the classifier never used the frame"
    # Scores do not abstain: both are ranked first where gold.
    assert found.loc[("b", "average_precision"), "estimate"] == 1


def test_words_without_an_abstention_are_as_good_as_booleans():
    words = np.where(DECIDED, "present", "absent")
    first, second = (
        evaluate_decisions(GOLD, decided, SCORES, frames=FRAMES, documents=DOCUMENTS, n_bootstrap=20)
        for decided in (DECIDED, words)
    )
    assert first.equals(second)


def test_accuracy_where_each_passage_has_one_frame():
    # Right, wrong, right; the fourth is not decided on b. Two of three.
    gold = np.array([[1, 0], [0, 1], [0, 1], [1, 0]], dtype=bool)
    decided = np.where(np.array([[1, 0], [1, 0], [0, 1], [1, 0]], dtype=bool), "present", "absent").astype(object)
    decided[3, 1] = "abstain"
    table = evaluate_decisions(gold, decided, gold * 0.8 + 0.1, frames=["a", "b"], documents="wxyz", n_bootstrap=50)
    assert table.set_index(["frame", "measure"]).loc[("(all)", "accuracy"), "estimate"] == pytest.approx(2 / 3)
    decided[:, 1] = "abstain"
    table = evaluate_decisions(gold, decided, gold * 0.8 + 0.1, frames=["a", "b"], documents="wxyz", n_bootstrap=50)
    row = table.set_index(["frame", "measure"]).loc[("(all)", "accuracy")]
    assert row["method"] == "undefined: no passage was decided on every frame"


def test_where_nobody_used_anything_the_means_say_why():
    nothing = np.zeros((4, 2), dtype=bool)
    table = evaluate_decisions(nothing, nothing, nothing + 0.1, frames=["a", "b"], documents="wxyz", n_bootstrap=20)
    methods = table.set_index(["frame", "measure"])["method"]
    assert methods["(micro)", "recall"] == "undefined: no coder used any frame"
    assert methods["(macro)", "f1"] == "undefined: neither coders nor classifier used any frame"


# groups


def test_groups_are_evaluated_each_by_itself():
    gold, scores, documents = random_labels(120, 2)
    groups = ["north" if int(name) < 25 else "south" if int(name) < 37 else "west" for name in documents]
    table = evaluate_groups(
        gold, scores > 0.5, scores, groups=groups, frames=["a", "b"], documents=documents, n_bootstrap=100
    )
    assert table.columns.to_list() == ["group", "frame", "measure", *ESTIMATE]
    rows = np.array(groups) == "south"
    alone = evaluate_decisions(
        gold[rows], (scores > 0.5)[rows], scores[rows], frames=["a", "b"],
        documents=np.array(documents)[rows].tolist(), n_bootstrap=10,
    ).set_index(["frame", "measure"])["estimate"]  # fmt: skip
    south = table[table["group"] == "south"].set_index(["frame", "measure"])
    assert south["estimate"].to_dict() == pytest.approx(alone[south.index].to_dict())
    assert south.index.to_list() == [
        *((frame, measure) for frame in ("a", "b") for measure in ("precision", "recall", "f1")),
        ("(macro)", "f1"), ("(micro)", "f1"), ("(all)", "calibration_error"),
    ]  # fmt: skip
    assert south["low"].notna().all()
    assert (south["n_documents"] == 12).all()
    # Three documents remain for the west.
    west = table[table["group"] == "west"]
    assert west["estimate"].notna().all()
    assert west[["low", "high"]].isna().all(axis=None)
    assert (west["method"] == "no interval: fewer than 5 gold documents").all()


def test_groups_errors_say_what_is_wrong():
    options = {"frames": FRAMES, "documents": DOCUMENTS}
    with pytest.raises(InputError, match="groups: expected one for each of the 5 passages, got 2"):
        evaluate_groups(GOLD, DECIDED, SCORES, groups=["x", "y"], **options)
    with pytest.raises(InputError, match="documents: expected one for each of the 5 passages, got 1"):
        evaluate_groups(GOLD, DECIDED, SCORES, groups=DOCUMENTS, frames=FRAMES, documents=["x"])
    with pytest.raises(InputError, match="no labelled passages"):
        evaluate_groups(GOLD[:0], DECIDED[:0], SCORES[:0], groups=[], frames=FRAMES, documents=[])


# curves


def test_reliability_bins_by_hand():
    # a: .1, .3 (one gold), .6, .8 (both gold), in two bins. b: all .5, so one bin, half gold.
    gold = np.array([[0, 1], [1, 0], [1, 1], [1, 0]], dtype=bool)
    scores = np.array([[0.1, 0.5], [0.3, 0.5], [0.6, 0.5], [0.8, 0.5]])
    table = reliability_bins(gold, scores, frames=["a", "b"], n_bins=2)
    assert table.columns.to_list() == ["frame", "bin", "mean_score", "share", "low", "high", "n"]
    # (all): eight scores in bins of four; .1, .3 and the four of .5, which begin in the lower bin; then .6, .8.
    assert table[["frame", "bin", "n"]].to_numpy().tolist() == [
        ["a", 1, 2], ["a", 2, 2], ["b", 1, 4], ["(all)", 1, 6], ["(all)", 2, 2],
    ]  # fmt: skip
    assert table["mean_score"].to_list() == pytest.approx([0.2, 0.7, 0.5, 2.4 / 6, 0.7])
    assert table["share"].to_list() == pytest.approx([1 / 2, 1, 1 / 2, 3 / 6, 1])
    # Wilson, all of two: low is n / (n + z²), with z² = 3.8415; half of four: 1/2 ± z / (2 √(4 + z²)).
    assert table["low"].to_list()[1] == pytest.approx(2 / 5.8415, abs=1e-4)
    assert table["high"].to_list()[1] == pytest.approx(1)
    assert table.loc[2, ["low", "high"]].to_list() == pytest.approx([0.5 - 0.35, 0.5 + 0.35], abs=1e-3)


def test_the_reliability_curve_adds_up_to_the_calibration_error():
    gold, scores, _ = random_labels(200, 3)
    table = reliability_bins(gold, scores, frames=list("abc"), n_bins=15)
    gaps = ((table["mean_score"] - table["share"]).abs() * table["n"]).groupby(table["frame"]).sum()
    assert gaps["(all)"] / 600 == pytest.approx(calibration_error(gold.ravel(), scores.ravel()))
    assert gaps["b"] / 200 == pytest.approx(calibration_error(gold[:, 1], scores[:, 1]))


def test_risk_coverage_of_thresholds_by_hand():
    # Threshold .5. a: distances .4, .3, .2, .1; wrong: the third. b is never wrong.
    gold = np.array([[1, 0], [0, 0], [0, 0], [0, 0]], dtype=bool)
    scores = np.array([[0.9, 0.0], [0.2, 0.0], [0.7, 0.0], [0.4, 0.0]])
    table = risk_coverage(gold, scores, 0.5, frames=["a", "b"], documents="wxyz", n_bootstrap=100)
    assert table.columns.to_list() == ["frame", "coverage", "risk", "low", "high", "n", "method"]
    first = table[table["frame"] == "a"].set_index("coverage")
    assert first["risk"].loc[[0.25, 0.5, 0.75, 1.0]].to_list() == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert first["n"].loc[[0.05, 0.5, 1.0]].to_list() == [1, 2, 4]
    never = table[table["frame"] == "b"].set_index("coverage")
    assert (never["method"] == EXACT).all()
    assert first["method"].loc[1.0] == METHOD
    assert (never[["risk", "low"]] == 0).all(axis=None)
    # No draw has an error. Clopper-Pearson of none among one, two and four documents: 1 - .025 ** (1/n).
    assert never["high"].loc[[0.25, 0.5, 1.0]].to_list() == pytest.approx([0.975, 1 - 0.025**0.5, 1 - 0.025**0.25])
    # All eight: four of distance .5 first, then a's; the only error is the seventh.
    pooled = table[table["frame"] == "(all)"].set_index("coverage")
    assert pooled["risk"].loc[[0.75, 0.85, 1.0]].to_list() == pytest.approx([0, 1 / 7, 1 / 8])
    assert (first["low"] <= first["risk"]).all()
    assert (first["risk"] <= first["high"]).all()
    # A threshold for each frame: a from .8 on is never wrong.
    own = risk_coverage(gold, scores, np.array([0.8, 0.5]), frames=["a", "b"], documents="wxyz", n_bootstrap=10)
    assert (own["risk"] == 0).all()


def test_risk_coverage_of_the_highest_score_by_hand():
    # Highest .9 right, .8 wrong, .6 right, .5 right.
    scores = np.array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.5, 0.3]])
    gold = np.array([[1, 0], [0, 1], [0, 1], [1, 0]], dtype=bool)
    table = risk_coverage(gold, scores, "highest", frames=["a", "b"], documents=["x"] * 4)
    assert (table["frame"] == "(all)").all()
    assert table["coverage"].to_list() == pytest.approx(np.arange(1, 21) / 20)
    assert table["risk"].iloc[[4, 9, 14, 19]].to_list() == pytest.approx([0, 1 / 2, 1 / 3, 1 / 4])
    assert set(table["method"]) == {"no interval: a single document"}
    assert table[["low", "high"]].isna().all(axis=None)


# draws that are all alike


def test_a_share_that_never_varies_has_the_exact_interval_of_its_documents():
    # a: always right, given in four of six documents and coded in the same. b: coded in two, never given.
    gold = np.array([[1, 0], [1, 0], [1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool)
    decided = np.array([[1, 0], [1, 0], [1, 0], [1, 0], [0, 0], [0, 0]], dtype=bool)
    table = evaluate_decisions(
        gold, decided, np.where(decided, 0.9, 0.1), frames=["a", "b"], documents="uvwxyz", n_bootstrap=200
    ).set_index(["frame", "measure"])
    for measure in ("precision", "recall"):
        row = table.loc[("a", measure)]
        assert (row["estimate"], row["high"], row["method"]) == (1, 1, EXACT)
        assert row["low"] == pytest.approx(0.025 ** (1 / 4)), "four of four"
    row = table.loc[("b", "recall")]
    assert (row["estimate"], row["low"], row["method"]) == (0, 0, EXACT)
    assert row["high"] == pytest.approx(1 - 0.025 ** (1 / 2)), "none of two"
    row = table.loc[("(micro)", "precision")]
    assert (row["low"], row["high"]) == pytest.approx((0.025 ** (1 / 4), 1))
    # no share of passages: nothing exact to fall back on
    for frame, measure in [("a", "f1"), ("b", "f1"), ("(macro)", "precision")]:
        row = table.loc[(frame, measure)]
        assert row[["low", "high"]].isna().all()
        assert row["method"].startswith("no interval: all draws are alike")
    known = table.dropna(subset=["low"])
    assert (known["high"] - known["low"] > 0).all()


def test_accuracy_and_coverage_that_never_vary_are_exact_too():
    gold = np.eye(2, dtype=bool)[[0, 1, 0, 1, 0, 1]]
    decided = np.where(gold, "present", "absent")
    decided[:, 1] = "abstain"
    table = evaluate_decisions(
        gold, decided, np.where(gold, 0.9, 0.1), frames=["a", "b"], documents="uvwxyz", n_bootstrap=200
    ).set_index(["frame", "measure"])
    assert np.isnan(table.loc[("(all)", "accuracy"), "estimate"]), "no passage was decided on both frames"
    for frame, share, low, high in [("a", 1.0, 0.025 ** (1 / 6), 1.0), ("b", 0.0, 0.0, 1 - 0.025 ** (1 / 6))]:
        row = table.loc[(frame, "coverage")]
        assert (row["estimate"], row["method"]) == (share, EXACT)
        assert (row["low"], row["high"]) == pytest.approx((low, high))
    every = evaluate_decisions(
        gold, gold, np.where(gold, 0.9, 0.1), frames=["a", "b"], documents="uuwwyy", n_bootstrap=200
    ).set_index(["frame", "measure"])
    row = every.loc[("(all)", "accuracy")]
    assert (row["low"], row["high"]) == pytest.approx((0.025 ** (1 / 3), 1)), "three documents"


# single errors


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


def test_confused_frames_are_the_table_without_zeros():
    # Of three passages with gold a two were given a and one nothing; of two with b one a, one nothing.
    table = confused_frames(GOLD, DECIDED, frames=FRAMES)
    assert table[["gold", "decided", "n"]].to_numpy().tolist() == [
        ["a", "a", 2], ["a", "(none)", 1], ["b", "a", 1], ["b", "(none)", 1], ["(none)", "(none)", 1],
    ]  # fmt: skip
    assert table["share_of_gold"].to_list() == pytest.approx([2 / 3, 1 / 3, 1 / 2, 1 / 2, 1])
