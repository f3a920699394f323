"""How many labels are needed, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from framing.coding.sample_size import plan_labels
from framing.errors import InputError
from framing.tables import LABELS_NEEDED

Z, Z80 = 1.959964, 0.841621


def corpus(n: int = 1000, *, per_document: int = 1, outlets: str = "AB") -> pd.DataFrame:
    document = np.arange(n) // per_document
    return pd.DataFrame(
        {
            "passage_id": [f"p{k:05}" for k in range(n)],
            "document_id": [f"d{k:05}" for k in document],
            "outlet": [outlets[k % len(outlets)] for k in document],
            "published": pd.Timestamp("2025-07-07"),
        }
    )


def row(table: pd.DataFrame, **where: str) -> pd.Series:
    needed = table
    for name, value in where.items():
        needed = needed[needed[name] == value]
    assert len(needed) == 1
    return needed.iloc[0]


def test_a_width_without_scores_is_the_textbook_number():
    table = plan_labels(corpus(200_000), frames=["war"], wanted_width=0.1)
    # (1.96 / 0.05)^2 / 4 = 384.1, corrected for 100,000: 384.1 / (1 + 384.1 / 100000) = 382.7
    needed = row(table, group_a="A")
    assert needed["n_labels"] == needed["n_labels_gold_only"] == 383
    assert (needed["design_effect"], needed["share_a"], needed["n_passages"]) == (1.0, 0.5, 100_000)
    assert needed["method"].startswith("share assumed, no scores")
    assert table.columns.to_list() == list(LABELS_NEEDED)


def test_a_small_corpus_needs_fewer():
    # 384.1 / (1 + 384.1 / 500) = 217.3
    assert row(plan_labels(corpus(1000), frames=["war"], wanted_width=0.1), group_a="A")["n_labels"] == 218
    # and never more than there are, nor fewer than ten
    assert row(plan_labels(corpus(1000), frames=["war"], wanted_width=0.001), group_a="A")["n_labels"] == 500
    assert row(plan_labels(corpus(1000), frames=["war"], wanted_width=0.9), group_a="A")["n_labels"] == 10
    assert row(plan_labels(corpus(12), frames=["war"], wanted_width=0.9), group_a="A")["n_labels"] == 6


def test_the_width_that_was_wanted_is_what_the_number_gives():
    table = plan_labels(corpus(1000), frames=["war"], wanted_width=0.12, expected_share=0.3)
    n = row(table, group_a="A")["n_labels"]
    width = 2 * Z * math.sqrt(0.21 / n * (1 - n / 500))
    fewer = 2 * Z * math.sqrt(0.21 / (n - 1) * (1 - (n - 1) / 500))
    assert width <= 0.12 < fewer


def test_scores_that_separate_save_labels_and_scores_that_do_not_save_none():
    passages = corpus(1000)
    sharp = np.where(np.arange(1000) // 2 % 2, 0.9, 0.1)[:, None]
    needed = row(plan_labels(passages, frames=["war"], scores=sharp, wanted_width=0.1, n_bands=1), group_a="A")
    # labels alone: .25; beside the scores .09: 384.1 and 138.3 before the correction for 500 passages
    assert (needed["share_a"], needed["n_labels_gold_only"], needed["n_labels"]) == (pytest.approx(0.5), 218, 109)
    assert needed["n_with_frame"] == pytest.approx(54.5)
    flat = np.full((1000, 1), 0.5)
    needed = row(plan_labels(passages, frames=["war"], scores=flat, wanted_width=0.1), group_a="A")
    assert needed["n_labels"] == needed["n_labels_gold_only"] == 218
    assert needed["method"].startswith("shares and gain from scores, taken as chances")


def test_the_design_effect_is_that_of_bands_of_scores():
    passages = corpus(400, outlets="A")
    half = np.where(np.arange(400) < 200, 0.1, 0.5)[:, None]
    needed = plan_labels(passages, frames=["war"], scores=half, wanted_width=0.1, n_bands=2).iloc[0]
    # bands of 200 with deviations .3 and .5: they share labels as 3 to 5; a band's variance is .09 and .25
    residual = 0.25 * 0.09 / 0.375 + 0.25 * 0.25 / 0.625
    assert needed["design_effect"] == pytest.approx(residual / ((0.09 + 0.25) / 2))
    # labels alone vary by .3 * .7 without strata and as the scores say within them
    assert needed["design_effect_gold_only"] == pytest.approx(residual / 0.21)
    n0 = residual * (Z / 0.05) ** 2
    assert needed["n_labels"] == math.ceil(n0 / (1 + n0 / 400))


def test_whole_documents_need_more_where_their_passages_are_alike():
    passages = corpus(800, per_document=4, outlets="A")
    alike = np.repeat(np.where(np.arange(200) % 2, 0.8, 0.2), 4)[:, None]
    needed = plan_labels(passages, frames=["war"], scores=alike, wanted_width=0.2, unit="document").iloc[0]
    assert needed["design_effect"] == pytest.approx(4)  # rho is 1: four passages tell what one does
    mixed = np.tile([0.2, 0.8], 400)[:, None]
    needed = plan_labels(passages, frames=["war"], scores=mixed, wanted_width=0.2, unit="document").iloc[0]
    assert needed["design_effect"] == 1.0  # passages of a document are less alike than others; not counted on
    needed = plan_labels(passages, frames=["war"], wanted_width=0.2, unit="document").iloc[0]
    assert needed["design_effect"] == 4.0  # nothing tells, so the worst is taken


def test_likeness_is_the_intraclass_correlation():
    values = np.array([[0.2], [0.4], [0.6], [0.8], [0.3], [0.5]])
    passages = corpus(6, per_document=2, outlets="A")
    needed = plan_labels(passages, frames=["war"], scores=values, wanted_width=0.5, unit="document").iloc[0]
    # means .3, .7, .4 about .4667: between = 2 * (.0278 + .0544 + .0044) / 2 = .08667; inside = 6 * .01 / 3 = .02
    rho = (0.0866667 - 0.02) / (0.0866667 + 0.02)
    assert needed["design_effect"] == pytest.approx(1 + rho, abs=1e-6)


@pytest.mark.slow
def test_a_difference_between_two_groups_is_the_textbook_number():
    table = plan_labels(corpus(2_000_000), frames=["war"], wanted_difference=0.1)
    # (1.96 + 0.8416)^2 * (.25 + .25) / .01 = 392.4; no correction for a million passages
    needed = row(table, goal="difference")
    assert (needed["group_a"], needed["group_b"], needed["n_labels"]) == ("A", "B", 393)
    assert "power 80%; 1 comparison" in needed["method"]
    assert not needed["method"].endswith("comparisons")


@pytest.mark.slow
def test_more_comparisons_need_more_labels():
    needed = plan_labels(corpus(2_000_000), frames=["war"], wanted_difference=0.1, n_comparisons=10).iloc[0]
    # 2.80703 is the normal quantile of 1 - .05 / 2 / 10
    assert needed["n_labels"] == math.ceil((2.80703 + Z80) ** 2 * 0.5 / 0.01)
    assert needed["method"].endswith("10 comparisons")


def test_a_small_group_is_coded_whole_and_the_other_makes_up_for_it():
    passages = corpus(4000, outlets="A" * 39 + "B")
    needed = plan_labels(passages, frames=["war"], wanted_difference=0.12).iloc[0]
    # B has 100 passages: all are coded and its share is known; A's needs .25 / n = (.12 / 2.8016)^2, about 136
    n0 = 0.25 * ((Z + Z80) / 0.12) ** 2
    assert needed["n_labels"] == math.ceil(n0 / (1 + n0 / 3900)) > 100


def test_a_difference_is_corrected_for_both_corpora():
    passages = corpus(4000, outlets="AAAB")
    needed = plan_labels(passages, frames=["war"], wanted_difference=0.12).iloc[0]
    # .5 / ((.12 / 2.8016)² + .25 / 3000 + .25 / 1000) = 230.6
    assert needed["n_labels"] == 231
    assert needed["n_with_frame"] == pytest.approx(115.5)
    assert needed["n_passages"] == 4000


def test_a_difference_is_never_planned_with_more_than_there_are_nor_fewer_than_ten():
    wide = plan_labels(corpus(1000), frames=["war"], wanted_difference=0.9)
    assert wide["n_labels"].to_list() == [10]
    assert plan_labels(corpus(12), frames=["war"], wanted_difference=0.9)["n_labels"].to_list() == [6]
    assert plan_labels(corpus(1000), frames=["war"], wanted_difference=0.001)["n_labels"].to_list() == [500]


def test_bands_of_scores_that_differ_within_them():
    # Bands .1, .3 and .5, .9. Labels are expected to vary by .15 and .17 on average: one label's variance is
    # (√.15 + √.17)² / 4 beside the scores. Shares .2 and .7 vary by .16 and .21 by themselves.
    scores = np.array([[0.1], [0.9], [0.3], [0.5]])
    needed = plan_labels(corpus(4, outlets="A"), frames=["war"], scores=scores, wanted_width=0.5).iloc[0]
    first, second = math.sqrt(0.15), math.sqrt(0.17)
    assert needed["design_effect"] == pytest.approx((first + second) ** 2 / 4 / 0.16)
    alone = (first + second) / 4 * (0.16 / first + 0.21 / second)
    assert needed["design_effect_gold_only"] == pytest.approx(alone / (0.45 * 0.55))


def test_a_band_has_two_passages_at_least():
    # three passages have no room for two bands, and one has room for one
    for scores in ([0.1, 0.1, 0.5], [0.3]):
        values = np.array(scores)[:, None]
        needed = plan_labels(corpus(len(values), outlets="A"), frames=["war"], scores=values, wanted_width=0.5).iloc[0]
        assert needed["design_effect"] == pytest.approx(1)


def test_there_are_three_bands_unless_others_are_asked_for():
    scores = np.random.default_rng(2).uniform(size=(120, 1))
    effects = {
        n_bands: plan_labels(corpus(120, outlets="A"), frames=["war"], scores=scores, wanted_width=0.2, **options)[
            "design_effect_gold_only"
        ].item()
        for n_bands, options in {None: {}, **{n: {"n_bands": n} for n in (2, 3, 4)}}.items()
    }
    assert effects[None] == effects[3]
    assert len(set(effects.values())) == 3


def test_a_frame_that_no_score_lets_expect_has_no_gain_of_the_design():
    scores = np.column_stack([np.linspace(0.1, 0.9, 20), np.zeros(20)])
    for unit in ("passage", "document"):
        table = plan_labels(
            corpus(20, per_document=2, outlets="A"), frames=["war", "none"], scores=scores, wanted_width=0.5, unit=unit
        ).set_index("frame")
        effects = ["design_effect", "design_effect_gold_only"]
        assert table.loc["none", effects].to_list() == [1, 1]
        assert table.loc["none", ["n_labels", "n_with_frame"]].to_list() == [10, 0]
        assert (table.loc["war", effects] != 1).all()


def test_likeness_in_documents_of_different_length():
    # Documents .5 | .2, .4 | .6, .7, .8 about 3.2/6. Squares between: .00111 + .10889 + .08333 = .19333, over 2; inside
    # .02 + .02 = .04, over 3. Mean length of a passage's document 14/6; for the correlation (6 - 14/6) / 2.
    values = np.array([[0.5], [0.2], [0.4], [0.6], [0.7], [0.8]])
    passages = corpus(6, outlets="A").assign(document_id=list("abbccc"))
    needed = plan_labels(passages, frames=["war"], scores=values, wanted_width=0.5, unit="document").iloc[0]
    between, inside = 0.1933333 / 2, 0.04 / 3
    rho = (between - inside) / (between + ((6 - 14 / 6) / 2 - 1) * inside)
    assert needed["design_effect"] == pytest.approx(1 + (14 / 6 - 1) * rho, abs=1e-6)
    needed = plan_labels(passages, frames=["war"], wanted_width=0.5, unit="document").iloc[0]
    assert needed["design_effect"] == pytest.approx(14 / 6)


def test_likeness_needs_two_documents():
    options = {"frames": ["war"], "wanted_width": 0.5, "unit": "document"}
    mixed = np.array([[0.2], [0.8], [0.2], [0.8]])
    one, two = (
        plan_labels(corpus(4, per_document=length, outlets="A"), scores=mixed, **options).iloc[0]["design_effect"]
        for length in (4, 2)
    )
    assert (one, two) == (4, 1)  # of a single document nothing tells; two with the same mean are not alike inside
    each = plan_labels(corpus(4, outlets="A"), scores=mixed, **options).iloc[0]["design_effect"]
    assert each == 1


def test_a_difference_names_the_larger_design_effect():
    # A's passages are alike within their documents, B's are not
    passages = corpus(16, per_document=2, outlets="AB")
    in_a = (passages["outlet"] == "A").to_numpy()
    scores = np.where(in_a, np.arange(16) // 4 % 2, np.arange(16) % 2)[:, None] * 0.6 + 0.2
    table = plan_labels(
        passages, frames=["war"], scores=scores, wanted_width=0.5, wanted_difference=0.5, unit="document"
    )
    assert row(table, group_a="A", goal="width")["design_effect"] == 2
    assert row(table, group_a="B", goal="width")["design_effect"] == 1
    assert row(table, goal="difference")["design_effect"] == 2


def test_groups_come_in_the_order_of_their_names():
    table = plan_labels(corpus(40, outlets="BA"), frames=["war"], wanted_width=0.5)
    assert table["group_a"].to_list() == ["A", "B"]
    numbered = corpus(40).assign(group=[9, 10] * 20)
    assert plan_labels(numbered, frames=["war"], wanted_width=0.5, by="group")["group_a"].to_list() == ["10", "9"]


def test_each_frame_and_group_and_pair_has_a_row():
    passages = corpus(90, outlets="ABC")
    scores = np.random.default_rng(0).uniform(size=(90, 2))
    table = plan_labels(
        passages, frames=["war", "trade"], scores=scores, wanted_width=0.3, wanted_difference=0.4, power=0.9
    )
    assert table.groupby("goal").size().to_dict() == {"difference": 6, "width": 6}
    assert (table["n_labels"] <= table["n_labels_gold_only"]).all()
    mean = scores[(passages["outlet"] == "B").to_numpy(), 1].mean()
    assert row(table, goal="width", frame="trade", group_a="B")["share_a"] == pytest.approx(mean)


def test_another_column_may_hold_the_groups():
    passages = corpus(100).assign(perspective=["East"] * 30 + ["West"] * 70)
    table = plan_labels(passages, frames=["war"], wanted_width=0.2, by="perspective")
    assert table["n_passages"].to_list() == [30, 70]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, r"Nothing is wanted: give wanted_width, wanted_difference or both"),
        ({"wanted_width": 0}, r"wanted_width: expected a number between 0 and 1, got 0"),
        ({"wanted_difference": 1.5}, r"wanted_difference: expected a number between 0 and 1, got 1\.5"),
        ({"wanted_width": 0.1, "level": 95}, r"level: expected a number between 0 and 1, got 95"),
        ({"wanted_width": 0.1, "power": 1}, r"power: expected a number between 0 and 1, got 1"),
        ({"wanted_width": 0.1, "expected_share": 0}, r"expected_share: expected a number between 0 and 1, got 0"),
        ({"wanted_width": 0.1, "n_comparisons": 0}, r"n_comparisons: expected 1 or more, got 0"),
        ({"wanted_width": 0.1, "scores": np.zeros((5, 1))}, r"scores: expected the shape \(10, 1\), got \(5, 1\)"),
        ({"wanted_width": 0.1, "scores": np.full((10, 1), 2.0)}, r"scores: expected numbers from 0 to 1"),
        ({"wanted_width": 0.1, "by": "country"}, r"passages to draw from lacks the column\(s\) country"),
        ({"wanted_width": 0.1, "unit": "word"}, r"unit: expected one of passage, document"),
    ],
)
def test_what_makes_no_sense_is_refused(options, expected):
    with pytest.raises(InputError, match=expected):
        plan_labels(corpus(10), frames=["war"], **options)


@pytest.mark.parametrize("with_scores", [False, True], ids=["labels alone", "with classifier"])
def test_a_sample_of_the_planned_size_has_the_width_wanted(with_scores):
    from framing.coding.sampling import plan_sample

    passages = corpus(900, outlets="A")
    generator = np.random.default_rng(5)
    scores = generator.beta(0.6, 1.4, size=(900, 1))
    needed = plan_labels(passages, frames=["war"], scores=scores, wanted_width=0.12).iloc[0]
    size = int(needed["n_labels" if with_scores else "n_labels_gold_only"])
    assert needed["n_labels"] < needed["n_labels_gold_only"]
    plan = plan_sample(passages, size=size, scores=scores)
    chance = plan.strata["inclusion_probability"].to_numpy()[plan.code]
    guess = scores[:, 0] if with_scores else np.zeros(900)  # units are sorted like the passages
    errors = []
    for seed in range(2000):
        y = generator.uniform(size=900) < scores[:, 0]  # the scores are chances
        rows = plan.draw(seed)
        estimate = guess.mean() + ((y - guess)[rows] / chance[rows]).sum() / 900
        errors.append(estimate - y.mean())
    # the variance of 2,000 errors has a standard error of sqrt(2 / 2000), 3.2 %, of it; the size is rounded up
    width = 2 * Z * np.sqrt(np.mean(np.square(errors)))
    assert width == pytest.approx(0.12, rel=4 * np.sqrt(2 / 2000) / 2 + 0.02)
