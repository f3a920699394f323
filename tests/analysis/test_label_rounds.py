"""Widths after a round, labels that are left, and what counts in the next one."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pandas as pd
import pytest

from framing.analysis.label_rounds import (
    LabelledRounds,
    forecast_labels,
    measure_widths,
    read_rounds_labels,
    weigh_goals,
)
from framing.coding.coded import read_sheets
from framing.coding.gold import Gold
from framing.coding.settle import settle_labels
from framing.errors import InputError
from tests.coding.coded_sheets import MANY
from tests.drawn import corpus, fill, write_draw

FRAMES = MANY.frame_ids


def make_rounds(n_labels: int = 60, n: int = 240) -> tuple[pd.DataFrame, LabelledRounds, np.ndarray]:
    """Two outlets, each passage a document, every fourth labelled; scores that are right in four of five cases."""
    generator = np.random.default_rng(3)
    labels = generator.random((n, len(FRAMES))) < 0.3
    wrong = generator.random(labels.shape) < 0.2
    scores = np.where(labels ^ wrong, 0.8, 0.1)
    passages = pd.DataFrame(
        {
            "passage_id": [f"p{k:03}" for k in range(n)],
            "document_id": [f"d{k:03}" for k in range(n)],
            "outlet": ["AB"[k % 2] for k in range(n)],
            "perspective": "",
            "published": pd.NaT,
            "text": "t",
        }
    )
    pairs = np.linspace(0, n // 2 - 1, n_labels // 2).round().astype(np.int64)
    rows = np.sort(np.r_[2 * pairs, 2 * pairs + 1])
    gold = Gold(
        passages=passages.iloc[rows].reset_index(drop=True), labels=labels[rows], codings=None, coders=(),
        refused=pd.DataFrame(), name="", sha256="", sampling="", probabilities=np.full(n_labels, n_labels / n),
        strata=np.array(["round 1"] * n_labels, dtype=object),
    )  # fmt: skip
    return passages, LabelledRounds(gold, rows, 1, 0), scores


def widths_of(n_labels: int = 60, **options) -> pd.DataFrame:
    passages, labelled, scores = make_rounds(n_labels)
    return measure_widths(
        passages, labelled, scores=scores, out_of_fold=scores[labelled.rows], codebook=MANY, n_bootstrap=50, **options
    )


@pytest.mark.parametrize(
    ("n", "width", "wanted", "whole", "remaining", "expected"),
    [
        (10_000, 0.2, 0.1, 0.04, 0.0, 30_000),  # half as wide: four times as many
        (10_000, 0.2, 0.1, 0.04, 0.005, 60_000),  # .035 * 10,000 / n' = .01 - .005: 70,000 in all
        (100, 0.2, 0.1, 0.04, 0.01, inf),  # what no label removes is as wide already
        (100, 0.1, 0.1, 0.04, 0.01, 0),
        (100, nan, 0.1, 0.04, 0.01, nan),
    ],
)
def test_labels_that_are_left_by_hand(n, width, wanted, whole, remaining, expected):
    n_left = forecast_labels(n, width, wanted, whole=whole, remaining=remaining)
    assert n_left == pytest.approx(expected, rel=1e-3, nan_ok=True)


def test_few_labels_gain_by_the_quantile_and_the_misread_passage():
    # from 12 on to 22: t(10) 2.2281 to t(20) 2.0860; V .04 to (.04 - 1/144) 12/22 + 1/484 = .020095
    wanted = 0.2 * 2.0860 / 2.2281 * (0.020095 / 0.04) ** 0.5
    assert forecast_labels(12, 0.2, wanted + 1e-5, whole=0.04, remaining=0.0) == 10


def test_widths_are_those_of_corrected_shares():
    table = widths_of()
    assert sorted(zip(table["group"], table["frame"], strict=True)) == sorted((o, f) for o in "AB" for f in FRAMES)
    assert (table["width"] == table["high"] - table["low"]).all()
    assert table["n_gold"].unique().tolist() == [30]
    assert table["n_left"].isna().all()
    assert table["method"].str.contains("corrected").all()


def test_as_many_labels_as_were_left_make_intervals_about_as_narrow_as_wanted():
    wanted = 0.22
    before = widths_of(60, wanted_width=wanted, target="process")
    n_left = before["n_left"].mean()
    assert 5 < n_left < 80
    after = widths_of(60 + 2 * round(n_left), target="process")
    assert after["width"].mean() == pytest.approx(wanted, abs=0.03)


def test_for_the_corpus_no_width_is_out_of_reach():
    assert np.isinf(widths_of(wanted_width=0.02, target="process")["n_left"]).all()
    assert np.isfinite(widths_of(wanted_width=0.02, target="corpus")["n_left"]).all()


def test_a_contrast_has_the_intervals_of_differences():
    table = widths_of(contrast=("A", "B"), wanted_width=0.1)
    assert table["group"].unique().tolist() == ["A - B"]
    assert set(table["frame"]) == set(FRAMES)
    assert table["n_gold"].unique().tolist() == [60]
    assert (table["width"] > widths_of()["width"].max()).all()


def test_shares_that_are_narrow_enough_count_a_tenth():
    widths = pd.DataFrame({"group": list("AABB"), "frame": ["war", "trade"] * 2, "width": [0.1, 0.3, 0.2, np.nan]})
    goals = weigh_goals(widths, frames=["war", "trade"], wanted_width=0.15)
    assert goals["importance"].tolist() == [0.1, 1, 1, 1]
    assert weigh_goals(widths, frames=["war"], wanted_width=None)["importance"].tolist() == [1, 0, 1, 0]


def test_labels_are_found_among_all_passages(tmp_path):
    write_draw(tmp_path / "draw", MANY, coders=("anna",))
    sheet = fill(tmp_path / "draw", "anna", lambda passage: "war" if passage != "p0000" else "", to=tmp_path)
    coded = read_sheets([sheet], design=tmp_path / "draw", codebook=MANY)
    passages = corpus().iloc[::-1].reset_index(drop=True)
    labelled = read_rounds_labels(coded, settle_labels(coded), passages)
    assert passages["passage_id"][labelled.rows].to_list() == labelled.gold.passages["passage_id"].to_list()
    assert len(labelled.rows) + labelled.n_open == 8
    assert labelled.weights.tolist() == pytest.approx((1 / labelled.gold.probabilities).tolist())
    with pytest.raises(InputError, match=r"The drawn passage .* is not in the corpus"):
        read_rounds_labels(coded, settle_labels(coded), passages.iloc[:3])
