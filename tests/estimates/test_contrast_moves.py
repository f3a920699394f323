"""Contrasts under two classifications of the same passages: hand-computed moves, and what is promised of false ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError, TooLittleDataError
from framing.estimates.contrast_moves import CLEAR, NEWLY_CLEAR, NOT_CLEAR, UNMOVED, compare_contrasts
from framing.tables import CONTRAST_MOVES


def classify(marks: dict[str, list[list[int]]], frame: str = "x") -> pd.DataFrame:
    """A table of one frame: for each outlet its documents, for each document which passages have the frame."""
    rows = [
        (f"{outlet}{d}-{p}", f"{outlet}{d}", outlet, "Text.", frame, float(mark), "present" if mark else "absent")
        for outlet, documents in marks.items()
        for d, passages in enumerate(documents)
        for p, mark in enumerate(passages)
    ]
    columns = ["passage_id", "document_id", "outlet", "text", "frame", "score", "decision"]
    return pd.DataFrame(rows, columns=columns).assign(perspective="", published=pd.NaT)


# 20 documents of two passages an outlet; A has the frame in 20 of 40 before and in 38 after, B in 20 of 40 both times
HALF = [[1, 0]] * 20
MOST = [[1, 1]] * 18 + [[1, 0]] * 2


def test_a_moved_contrast_by_hand():
    moves = compare_contrasts(classify({"A": HALF, "B": HALF}), classify({"A": MOST, "B": HALF}))
    assert list(moves.columns) == list(CONTRAST_MOVES)
    (row,) = moves.to_dict("records")
    assert (row["before"], row["after"], row["estimate"]) == (0.0, pytest.approx(18 / 40), pytest.approx(18 / 40))
    assert row["low"] < 18 / 40 < row["high"]
    assert row["low"] > 0
    assert row["differs"]
    assert row["verdict"] == NEWLY_CLEAR
    assert (row["n_passages"], row["n_documents"], row["n_gold"]) == (80, 40, 0)


def test_the_standard_error_of_a_move_by_hand():
    """One of 20 documents of A changes; its variance by hand is that of the pooled units, which is the larger here.

    A moves by 1/40 with residuals 1 - 2/40 once and -2/40 nineteen times; squares add to .95. Over 80 passages and
    40 units in 2 groups: .95 / 80 * 40 / 38 / 40 for each group; A's own is .95 / 40**2 * 20 / 19, the larger one.
    """
    after = classify({"A": [[1, 1], *HALF[1:]], "B": HALF})
    (row,) = compare_contrasts(classify({"A": HALF, "B": HALF}), after, n_bootstrap=20_000).to_dict("records")
    own, pooled = 0.95 / 1600 * 20 / 19, 0.95 / 80 * 40 / 38 / 40
    assert own > pooled
    error = np.sqrt(own + pooled)
    degrees = (own + pooled) ** 2 / (own**2 / 19 + pooled**2 / 38)
    from scipy.stats import t

    by_itself = t.ppf(0.975, degrees) * error
    reach = row["high"] - row["estimate"]
    assert (
        0.97 * by_itself < reach < 1.35 * by_itself
    )  # at least that of the row by itself; draws of one event are skewed
    assert not row["differs"]
    assert row["verdict"] == NOT_CLEAR


def test_both_groups_that_move_alike_keep_their_contrast():
    before, after = classify({"A": HALF, "B": [[0, 0]] * 20}), classify({"A": MOST, "B": [[1, 0]] * 18 + [[0, 0]] * 2})
    (row,) = compare_contrasts(before, after).to_dict("records")
    assert (row["before"], row["after"]) == (pytest.approx(0.5), pytest.approx(0.5))
    assert row["estimate"] == pytest.approx(0.0)
    assert not row["differs"]
    assert row["verdict"] == CLEAR


def test_without_any_change_there_is_no_interval():
    before = classify({"A": MOST, "B": HALF})
    (row,) = compare_contrasts(before, before.copy()).to_dict("records")
    assert row["estimate"] == 0.0
    assert np.isnan(row["low"])
    assert np.isnan(row["p_adjusted"])
    assert row["method"] == UNMOVED
    assert row["verdict"] == CLEAR
    assert not row["differs"]


def test_the_order_of_rows_does_not_matter_and_frames_of_one_table_are_left_out():
    before, after = classify({"A": HALF, "B": HALF}), classify({"A": MOST, "B": HALF})
    alone = pd.concat([after, classify({"A": MOST, "B": HALF}, "new")]).sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(compare_contrasts(before, alone), compare_contrasts(before, after))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.iloc[1:], "expected the same passages in both"),
        (lambda table: pd.concat([table, table.head(1)]), "expected the same passages in both"),
        (lambda table: table.assign(frame="y"), "no frame in common"),
        (lambda table: table.assign(decision="abstain"), "after has undecided passages"),
        (lambda table: table.drop(columns="decision"), r"lacks the column\(s\) decision"),
    ],
)
def test_tables_that_do_not_match_are_refused(change, message):
    before = classify({"A": HALF, "B": HALF})
    with pytest.raises(InputError, match=message):
        compare_contrasts(before, change(before))


def test_too_few_documents_are_said():
    before = classify({"A": HALF, "B": HALF[:2]})
    with pytest.raises(TooLittleDataError, match="needs at least two outlets with 5 documents"):
        compare_contrasts(before, before)


def test_false_moves_are_as_rare_as_promised():
    """Three outlets of 12 documents, changes as frequent in each: at most 5 % of families may name a move."""
    generator = np.random.default_rng(5)
    n_false, n_families = 0, 60
    for _ in range(n_families):
        marks = {outlet: generator.integers(0, 2, (12, 4)) for outlet in "ABC"}
        turned = {
            outlet: np.where(generator.random((12, 4)) < generator.beta(1, 4, (12, 1)), 1 - mark, mark)
            for outlet, mark in marks.items()
        }
        tables = [classify({outlet: side[outlet].tolist() for outlet in "ABC"}) for side in (marks, turned)]
        n_false += bool(compare_contrasts(*tables, n_bootstrap=200)["differs"].any())
    assert n_false <= 6  # of 60 with 3 expected, at most this in 97 of 100 repetitions


def test_contrasts_with_another_verdict_come_before_larger_moves():
    """Between A and B nothing moves by much, but the verdict changes; C moves more, in noise."""
    before = classify(
        {"A": [[1, 1]] * 12 + [[0, 0]] * 8, "B": [[1, 1]] * 3 + [[0, 0]] * 17, "C": [[1, 1], [0, 0]] * 10}
    )
    after = classify(
        {"A": [[1, 1]] * 10 + [[0, 0]] * 10, "B": [[1, 1]] * 3 + [[0, 0]] * 17, "C": [[0, 0], [1, 1]] * 10}
    )
    moves = compare_contrasts(before, after)
    changed = moves["verdict"].isin(["newly clear", "no longer clear"]) & ~moves["differs"]
    assert changed.any()
    assert changed.tolist() == sorted(changed, reverse=True)
