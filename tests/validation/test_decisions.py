"""Agreement with human labels, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, brier_score_loss, precision_recall_fscore_support

from framing.errors import InputError
from framing.tables import ESTIMATE
from framing.validation.decisions import evaluate_decisions, evaluate_groups
from framing.validation.intervals import CALIBRATION, EXACT, METHOD
from framing.validation.ranking import calibration_error
from tests.validation.labels import DECIDED, DOCUMENTS, FRAMES, GOLD, SCORES, random_labels


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
    once, four_times = (
        evaluate_decisions(
            *(np.repeat(part, copies, axis=0) for part in (GOLD, DECIDED, SCORES)),
            frames=FRAMES, documents=np.repeat(DOCUMENTS, copies).tolist(), n_bootstrap=200,
        )
        for copies in (1, 4)
    )  # fmt: skip
    assert once.iloc[:-1][["estimate", "low", "high"]].to_numpy() == pytest.approx(
        four_times.iloc[:-1][["estimate", "low", "high"]].to_numpy(), nan_ok=True
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
    estimates = table.set_index(["frame", "measure"])["estimate"]
    for k, frame in enumerate("abcd"):
        assert estimates[frame, "average_precision"] == pytest.approx(average_precision_score(gold[:, k], scores[:, k]))
        assert estimates[frame, "brier"] == pytest.approx(brier_score_loss(gold[:, k], scores[:, k]))
        assert estimates[frame, "calibration_error"] == pytest.approx(calibration_error(gold[:, k], scores[:, k]))
    assert estimates["(macro)", "average_precision"] == pytest.approx(average_precision_score(gold, scores))
    for average in ("macro", "micro"):
        expected = precision_recall_fscore_support(gold, decided, average=average)[:3]
        assert estimates[f"({average})"].loc[["precision", "recall", "f1"]].to_list() == pytest.approx(expected)


@pytest.mark.slow
def test_intervals_are_those_of_a_bootstrap_of_documents_written_out():
    gold, scores, documents = random_labels(120, 1)
    table = evaluate_decisions(gold, scores > 0.5, scores, frames=["a"], documents=documents, n_bootstrap=2000)
    estimates = table.set_index(["frame", "measure"]).loc["a"]
    generator = np.random.default_rng(9)
    members = [np.flatnonzero(np.array(documents) == name) for name in sorted(set(documents))]
    draws = [np.concatenate([members[i] for i in generator.integers(0, 40, 39)]) for _ in range(3000)]
    for measure, function in (("average_precision", average_precision_score), ("brier", brier_score_loss)):
        values = [function(gold[rows, 0], scores[rows, 0]) for rows in draws]
        # A percentile near the tail has a standard error of about .05 standard deviations with 3000 draws, .06 with
        # 2000: five of both are allowed.
        assert estimates.loc[measure, ["low", "high"]].to_list() == pytest.approx(
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
    estimates = table.set_index(["frame", "measure"])
    expected = {
        ("a", "precision"): 1 / 2, ("a", "recall"): 1, ("a", "f1"): 2 / 3, ("a", "coverage"): 3 / 4,
        ("b", "coverage"): 3 / 4, ("(all)", "coverage"): 6 / 8, ("(micro)", "f1"): 2 / 3, ("(macro)", "f1"): 2 / 3,
    }  # fmt: skip
    assert estimates["estimate"].loc[list(expected)].to_dict() == pytest.approx(expected)
    assert (
        estimates.loc[("b", "recall"), "method"]
        == "undefined: the classifier abstained wherever a coder used the frame"
    )
    assert estimates.loc[("b", "f1"), "method"] == "undefined: the classifier abstained wherever a coder used the frame"
    assert estimates.loc[("b", "precision"), "method"] == "undefined: the classifier never used the frame"
    # Scores do not abstain: both are ranked first where gold.
    assert estimates.loc[("b", "average_precision"), "estimate"] == 1


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


def test_a_passage_is_right_only_where_every_frame_is():
    # Of three passages the second has b in place of a: c alone is right.
    gold = np.eye(3, dtype=bool)
    decided = np.eye(3, dtype=bool)[[0, 0, 2]]
    table = evaluate_decisions(gold, decided, gold * 0.8, frames=list("abc"), documents="xyz", n_bootstrap=50)
    assert table.set_index(["frame", "measure"]).loc[("(all)", "accuracy"), "estimate"] == pytest.approx(2 / 3)


def test_there_is_no_accuracy_where_a_passage_has_two_frames():
    gold = np.array([[1, 0], [1, 1], [0, 1]], dtype=bool)
    table = evaluate_decisions(gold, gold, gold * 0.8, frames=["a", "b"], documents="xyz", n_bootstrap=50)
    assert "accuracy" not in set(table["measure"])


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
    by_itself = evaluate_decisions(
        gold[rows], (scores > 0.5)[rows], scores[rows], frames=["a", "b"],
        documents=np.array(documents)[rows].tolist(), n_bootstrap=10,
    ).set_index(["frame", "measure"])["estimate"]  # fmt: skip
    south = table[table["group"] == "south"].set_index(["frame", "measure"])
    assert south["estimate"].to_dict() == pytest.approx(by_itself[south.index].to_dict())
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


def test_intervals_of_groups_have_the_level_asked_for():
    gold, scores, documents = random_labels(120, 1)
    groups = np.where(np.arange(120) < 60, "north", "south").tolist()
    wide, narrow = (
        evaluate_groups(
            gold, scores > 0.5, scores, groups=groups, frames=["a"], documents=documents, n_bootstrap=200, level=level
        )
        for level in (0.95, 0.5)
    )
    assert (wide["low"] <= narrow["low"]).all()
    assert (wide["high"] > narrow["high"]).all()
    assert wide.index.to_list() == [*range(12)]


def test_groups_errors_say_what_is_wrong():
    options = {"frames": FRAMES, "documents": DOCUMENTS}
    with pytest.raises(InputError, match="groups: expected one for each of the 5 passages, got 2"):
        evaluate_groups(GOLD, DECIDED, SCORES, groups=["x", "y"], **options)
    with pytest.raises(InputError, match=r"^gold \(5, 3\), decided \(5, 2\) and scores \(5, 3\) must be alike"):
        evaluate_groups(GOLD, DECIDED[:, :2], SCORES, groups=DOCUMENTS, **options)
    with pytest.raises(InputError, match="documents: expected one for each of the 5 passages, got 1"):
        evaluate_groups(GOLD, DECIDED, SCORES, groups=DOCUMENTS, frames=FRAMES, documents=["x"])
    with pytest.raises(InputError, match="no labelled passages"):
        evaluate_groups(GOLD[:0], DECIDED[:0], SCORES[:0], groups=[], frames=FRAMES, documents=[])


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
