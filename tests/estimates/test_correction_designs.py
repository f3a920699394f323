"""Corrected shares under each way of drawing labels, against the formulas of survey sampling written out here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.compare import compare_groups
from framing.estimates.correction import LEAST_GOLD, draw_corrected_shares
from framing.estimates.prevalence import draw_shares, estimate_prevalence
from framing.uncertainty.intervals import score_bounds
from tests.labelled import drawn_weights, every_other, population, sampled_table


def errors_of(table: pd.DataFrame, **options) -> tuple[float, float]:
    result = draw_corrected_shares(table, by=["outlet"], n_bootstrap=20, **options)
    assert result.errors is not None
    return result.shares.item(), result.errors.item() ** 2


def share_at(slope: float, labels, proxies, weights) -> float:
    """The estimator as the docstring has it."""
    is_labelled = weights > 0
    return slope * proxies.mean() + np.average((labels - slope * proxies)[is_labelled], weights=weights[is_labelled])


# the share and the factor


def test_the_factor_leans_on_all_groups_where_a_group_has_few_labels():
    # A: 24 passages, 12 labelled, B: 80 of which 40. The slope of each counts as often as it has labels, that of both
    # together for twenty more.
    (y_a, f_a), (y_b, f_b) = population(1, 24, noise=0.7), population(2, 80)
    labelled = {"A": (y_a[::2], f_a[::2], 12), "B": (y_b[::2], f_b[::2], 40)}
    slopes = {name: np.polyfit(f, y, 1)[0] for name, (y, f, _) in labelled.items()}
    centred = [(f - f.mean(), y - y.mean()) for y, f, _ in labelled.values()]
    pooled = np.polyfit(np.concatenate([f for f, _ in centred]), np.concatenate([y for _, y in centred]), 1)[0]
    factors = {name: (n * slopes[name] + 20 * pooled) / (n + 20) for name, (_, _, n) in labelled.items()}
    assert abs(slopes["A"] - slopes["B"]) > 0.1
    table = sampled_table(
        np.r_[y_a, y_b], np.r_[f_a, f_b], every_other(104), outlets=["A"] * 24 + ["B"] * 80
    )  # fmt: skip
    result = estimate_prevalence(table, n_bootstrap=20).set_index("outlet")["estimate"]
    assert result["A"] == pytest.approx(share_at(factors["A"], y_a, f_a, every_other(24)), abs=1e-12)
    assert result["B"] == pytest.approx(share_at(factors["B"], y_b, f_b, every_other(80)), abs=1e-12)


def test_scores_that_run_against_the_labels_are_not_used():
    # A factor below zero, or beyond twice the slope, is where the variance exceeds that of labels alone.
    labels, scores = population(3, 60)
    weights = every_other(60)
    share, _ = errors_of(sampled_table(labels, 1 - scores, weights))
    assert share == pytest.approx(labels[::2].mean(), abs=1e-12)
    # A has no relation of scores and labels of its own, so that of B must not be lent to it.
    generator = np.random.default_rng(0)
    lost = np.where(labels == 1, 0.2, 0.8) + 0.1 * generator.random(60)
    table = sampled_table(
        np.r_[labels, labels], np.r_[lost, scores], np.tile(weights, 2), outlets=["A"] * 60 + ["B"] * 60
    )
    result = estimate_prevalence(table, n_bootstrap=20).set_index("outlet")["estimate"]
    assert result["A"] == pytest.approx(labels[::2].mean(), abs=1e-12)


# variances, in the words of a textbook


def test_a_simple_random_sample_of_these_passages():
    # (1 - f) s² / n of the residuals, with n - 2 degrees for the slope, and one more passage wholly misread.
    labels, scores = population(4, 24, share=0.6, noise=0.2)
    weights = every_other(24)
    slope = np.polyfit(scores[::2], labels[::2], 1)[0]
    residual = (labels - slope * scores)[::2]
    share, variance = errors_of(sampled_table(labels, scores, weights), target="corpus")
    assert share == pytest.approx(share_at(slope, labels, scores, weights), abs=1e-12)
    textbook = (1 - 12 / 24) * residual.var(ddof=1) / 12
    expected = textbook * 12 / 10 + (1 - 12 / 24) / 12**2
    single = (1 - 12 / 24) * labels[::2].var(ddof=1) / 12
    assert expected < single, "else the variance of labels alone would be shown"
    assert variance == pytest.approx(expected, rel=1e-10)


def test_labels_alone_have_the_variance_of_a_proportion():
    labels, _ = population(4, 24)
    share, variance = errors_of(sampled_table(labels, np.zeros(24), every_other(24)), target="corpus")
    assert share == pytest.approx(labels[::2].mean())
    assert variance == pytest.approx((1 - 12 / 24) * labels[::2].var(ddof=1) / 12, rel=1e-10)


def test_strata_drawn_at_different_rates():
    # 20 passages of which 10, and 60 of which 15, drawn within one outlet: sum of (N_h / N)² (1 - f_h) s_h² / n_h.
    labels, scores = population(5, 80, noise=0.6)
    strata = np.array(["small"] * 20 + ["large"] * 60)
    weights = drawn_weights(np.random.default_rng(1), {"small": 10, "large": 15}, strata)
    is_labelled = weights > 0
    slope = np.polyfit(scores[is_labelled], labels[is_labelled], 1, w=np.sqrt(weights[is_labelled]))[0]
    share, variance = errors_of(sampled_table(labels, scores, weights, strata=strata), target="corpus")
    assert share == pytest.approx(share_at(slope, labels, scores, weights), abs=1e-12)
    residual = labels - slope * scores
    textbook = sum(
        (n_all / 80) ** 2 * (1 - n / n_all) * residual[is_labelled & (strata == name)].var(ddof=1) / n
        for name, n_all, n in (("small", 20, 10), ("large", 60, 15))
    )
    n_kish = weights.sum() ** 2 / (weights**2).sum()
    assert variance == pytest.approx(textbook * 25 / 23 + (1 - 25 / 80) / n_kish**2, rel=1e-10)


def test_documents_that_were_drawn_whole_are_the_sample():
    # 30 documents of 1 to 3 passages, 12 of them coded to the end. The ratio estimator of cluster sampling: squares of
    # the documents' sums of residuals, the mean residual taken out of each passage.
    generator = np.random.default_rng(6)
    sizes = generator.integers(1, 4, 30)
    documents = np.repeat(np.arange(30), sizes)
    labels, scores = population(7, len(documents), noise=0.4)
    taken = generator.choice(30, 12, replace=False)
    weights = np.where(np.isin(documents, taken), 30 / 12, 0.0)
    is_labelled = weights > 0
    slope = np.polyfit(scores[is_labelled], labels[is_labelled], 1)[0]
    table = sampled_table(labels, scores, weights, documents=documents.astype(str), whole=True)
    _, variance = errors_of(table, target="corpus")
    residual = labels - slope * scores
    residual = residual - residual[is_labelled].mean()
    sums = np.array([residual[documents == document].sum() for document in taken])
    m = is_labelled.sum()
    textbook = (1 - 12 / 30) * (sums**2).sum() / 11 * 12 / m**2
    assert variance == pytest.approx(textbook * 12 / 10 + (1 - m / len(labels)) / m**2, rel=1e-10)


def test_a_sample_of_documents_has_the_linearised_variance():
    # The part of each document in the error is how the share moves as the document weighs a little more, by numbers
    # here, not by a formula; squares of the parts, D / (D - 1).
    generator = np.random.default_rng(8)
    documents = np.repeat(np.arange(25), generator.integers(1, 6, 25))
    labels, scores = population(9, len(documents), noise=0.6)
    strata = np.where(documents < 10, "x", "y")
    weights = drawn_weights(generator, {"x": 12, "y": 20}, strata)
    is_labelled = weights > 0
    slope = np.polyfit(scores[is_labelled], labels[is_labelled], 1, w=np.sqrt(weights[is_labelled]))[0]

    def share(heavier: int, by: float) -> float:
        mass = np.where(documents == heavier, 1 + by, 1.0)
        error = np.average((labels - slope * scores)[is_labelled], weights=(mass * weights)[is_labelled])
        return slope * np.average(scores, weights=mass) + error

    parts = np.array([(share(number, 1e-4) - share(number, -1e-4)) / 2e-4 for number in range(25)])
    table = sampled_table(labels, scores, weights, documents=documents.astype(str), strata=strata)
    _, variance = errors_of(table)
    n_units = len(np.unique(documents[is_labelled]))
    n_kish = weights.sum() ** 2 / (weights**2).sum()
    expected = (parts**2).sum() * 25 / 24 * n_units / (n_units - 2) + 1 / n_kish**2
    assert variance == pytest.approx(expected, rel=1e-5)


def test_stories_and_weights_of_passages_enter_the_share_and_its_variance():
    # 40 documents in 12 stories; each passage counts one over the length of its document. How the share moves as a
    # story weighs a little more is its contribution, by numbers here; squares, times 12 / 11 and m / (m - 2).
    generator = np.random.default_rng(21)
    documents = np.repeat(np.arange(40), generator.integers(1, 6, 40))
    labels, scores = population(22, len(documents), noise=0.6)
    counts = 1 / np.bincount(documents)[documents]
    counts = counts / counts.mean()
    stories = documents % 12
    weights = drawn_weights(generator, {"A": 50}, ["A"] * len(documents))
    is_labelled = weights > 0
    together = (weights * counts)[is_labelled]
    slope = np.polyfit(scores[is_labelled], labels[is_labelled], 1, w=np.sqrt(together))[0]

    def share(heavier: int, by: float) -> float:
        mass = np.where(stories == heavier, 1 + by, 1.0) * counts
        error = np.average((labels - slope * scores)[is_labelled], weights=(mass * weights)[is_labelled])
        return slope * np.average(scores, weights=mass) + error

    table = sampled_table(labels, scores, weights, documents=documents.astype(str))
    table = table.assign(cluster=[f"story {name}" for name in stories], weight=counts)
    drawn = draw_corrected_shares(table, by=["outlet"], n_bootstrap=20)
    assert drawn.shares.item() == pytest.approx(share(0, 0.0))
    parts = np.array([(share(number, 1e-4) - share(number, -1e-4)) / 2e-4 for number in range(12)])
    n_kish = together.sum() ** 2 / (together**2).sum()
    m = len(np.unique(stories[is_labelled]))
    expected = (parts**2).sum() * 12 / 11 * m / (m - 2) + 1 / n_kish**2
    assert drawn.errors.item() ** 2 == pytest.approx(expected, rel=1e-5)
    held = np.array([together[stories[is_labelled] == story].sum() for story in range(12)])
    assert drawn.degrees.item() == pytest.approx(held.sum() ** 2 / (held**2).sum() - 2)
    assert (drawn.n_documents.item(), drawn.n_passages.item(), drawn.n_gold.item()) == (40, len(documents), 50)


def test_a_unit_alone_in_its_stratum_is_compared_with_the_others_like_it():
    # x, y and z have one labelled passage each, w twelve. The three are taken for one stratum.
    labels, _ = population(10, 60)
    labels[:3] = [1.0, 0.0, 1.0]
    strata = np.array(["x", "y", "z"] + ["w"] * 57)
    weights = np.r_[np.full(3, 1.5), every_other(57)]
    _, variance = errors_of(sampled_table(labels, np.zeros(60), weights, strata=strata), target="corpus")
    relative = weights / weights.sum()
    is_labelled = weights > 0
    share = (relative * labels).sum()
    contributions = relative * (labels - share)

    def part(rows: np.ndarray, weight: float) -> float:
        return (1 - 1 / weight) * contributions[rows].var(ddof=1) * len(rows)

    expected = part(np.arange(3), 1.5) + part(np.flatnonzero(is_labelled[3:]) + 3, 2.0)
    assert variance == pytest.approx(expected, rel=1e-10)


# scores that say everything, and scores that say nothing


@pytest.mark.parametrize("target", ["process", "corpus"])
def test_perfect_scores_give_the_share_of_all_labels_and_an_interval(target):
    labels, _ = population(11, 120)
    row = estimate_prevalence(sampled_table(labels, labels, every_other(120)), target=target, n_bootstrap=20).iloc[0]
    assert row["estimate"] == pytest.approx(labels.mean(), abs=1e-12)
    assert row["low"] < row["estimate"] - 0.01
    assert row["high"] > row["estimate"] + 0.01


def test_perfect_scores_of_every_frame_still_count_as_many_comparisons():
    # No document moves such shares, but one more labelled passage could. Twelve comparisons at once need a critical
    # value above that of a single one.
    labels = (np.random.default_rng(12).random((120, 4)) < 0.4).astype(float)
    table = sampled_table(labels, labels, np.tile([2.0, 0.0], 60), outlets=np.repeat(["A", "B", "C"], 40))
    drawn = draw_shares(table, by=["outlet"], target="corpus", n_bootstrap=4000)
    # of 4000 normal draws the standard deviation has a relative error of 1 / sqrt(8000) = .011: four are allowed
    assert (drawn.draws.std(axis=0) / drawn.errors) == pytest.approx(np.ones((3, 4)), abs=0.045)
    correlations = np.corrcoef(drawn.draws.reshape(4000, -1).T)
    assert np.abs(correlations[np.triu_indices(12, 1)]).max() < 5 / np.sqrt(4000)
    one, many = (
        compare_groups(part, target="corpus", n_bootstrap=2000)
        for part in (table[table["frame"].eq("f0") & table["outlet"].ne("C")], table)
    )
    same = many[(many["frame"] == "f0") & (many["group_a"] == "A") & (many["group_b"] == "B")].iloc[0]
    assert same["high"] - same["low"] > 1.2 * (one["high"] - one["low"]).item()


@pytest.mark.parametrize("target", ["process", "corpus"])
@pytest.mark.parametrize("kind", ["constant", "noise", "opposite", "weak"])
def test_useless_scores_cost_next_to_nothing(kind, target):
    # Scores of no use must not widen an interval: 2 % over that of the labels alone are allowed, in each of four
    # samples of 50 of 250 passages.
    for seed in range(4):
        generator = np.random.default_rng(seed)
        labels, scores = population(seed, 250)
        weights = drawn_weights(generator, {"A": 50}, ["A"] * 250)
        proxies = {
            "constant": np.full(250, 0.7), "noise": generator.random(250), "opposite": 1 - scores,
            "weak": 0.05 * labels + generator.random(250),
        }[kind]  # fmt: skip
        width, single = (
            (row["high"] - row["low"]).item()
            for row in (
                estimate_prevalence(sampled_table(labels, part, weights), target=target, n_bootstrap=10)
                for part in (proxies, np.zeros(250))
            )
        )
        assert width <= 1.02 * single


def test_good_scores_make_the_interval_sharp():
    labels, scores = population(14, 400, noise=0.4)
    weights = drawn_weights(np.random.default_rng(3), {"A": 80}, ["A"] * 400)
    sharp, single = (
        (row["high"] - row["low"]).item()
        for row in (
            estimate_prevalence(sampled_table(labels, part, weights), target="corpus", n_bootstrap=10)
            for part in (scores, np.zeros(400))
        )
    )
    assert sharp < 0.6 * single


def test_labels_that_are_all_alike_leave_the_share_open():
    # None of 20 labelled passages carries the frame: the bound is that of half a passage in twenty.
    table = sampled_table(np.zeros(200), np.zeros(200), np.where(np.arange(200) < 20, 10.0, 0.0))
    row = estimate_prevalence(table, n_bootstrap=20).iloc[0]
    error = np.sqrt(0.025 * 0.975 / 20)
    _, high = score_bounds(np.zeros(1), np.array([error]), n_gold=20, quantile=float(student.ppf(0.975, 18)))
    assert (row["estimate"], row["low"]) == (0.0, 0.0)
    assert row["high"] == pytest.approx(high.item())
    assert 0.1 < row["high"] < 0.3


# intervals


def test_a_share_outside_its_range_is_shown_at_the_bound():
    # Scores of the unlabelled passages are much lower than those of the labelled: the estimate falls below zero.
    labels = np.r_[np.tile([0.0, 0.0, 0.0, 1.0], 5), np.zeros(60)]
    scores = np.r_[0.5 + 0.4 * labels[:20], np.zeros(60)]
    table = sampled_table(labels, scores, np.where(np.arange(80) < 20, 4.0, 0.0))
    assert errors_of(table)[0] < -0.5
    row = estimate_prevalence(table, n_bootstrap=20).iloc[0]
    assert (row["estimate"], row["low"]) == (0.0, 0.0)
    assert row["high"] > 0


def test_too_few_labels_and_labels_of_two_documents_are_not_enough():
    labels, scores = population(15, 60)
    two = np.repeat(["one", "other"], 30)
    result = {
        name: estimate_prevalence(sampled_table(labels, scores, weights, documents=documents), n_bootstrap=20).iloc[0]
        for name, weights, documents in (
            ("few", np.where(np.arange(60) < LEAST_GOLD - 1, 60 / 9, 0.0), None),
            ("enough", np.where(np.arange(60) < LEAST_GOLD, 6.0, 0.0), None),
            ("two documents", every_other(60), two),
        )
    }
    assert np.isnan(result["few"][["estimate", "low", "high"]].astype(float)).all()
    assert result["few"]["method"] == "not corrected: 9 labelled passages here; 10 of 5 documents are needed"
    assert result["two documents"]["method"] == "not corrected: 30 labelled passages here; 10 of 5 documents are needed"
    assert result["enough"][["estimate", "low", "high"]].notna().all()
    assert result["two documents"]["raw"] == pytest.approx((scores >= 0.5).mean())


def test_a_target_that_needs_labels_is_refused_without_them():
    labels, scores = population(16, 40)
    table = sampled_table(labels, scores, every_other(40))
    for call in (estimate_prevalence, compare_groups):
        with pytest.raises(InputError, match="target 'corpus': there is no error but sampling to speak of"):
            call(table, target="corpus", corrected=False, n_bootstrap=20)


def test_draws_depend_on_the_seed_and_not_on_the_other_groups():
    (y_a, f_a), (y_b, f_b) = population(17, 60), population(18, 60)
    outlets = ["A"] * 60 + ["B"] * 60
    tables = [
        sampled_table(np.r_[y_a, y_b], np.r_[f_a, scores], every_other(120), outlets=outlets)
        for scores in (f_b, np.zeros(60))
    ]
    # the factor of A leans on B, so only what is drawn is the same, not where it is centred
    first, other = (draw_shares(table, by=["outlet"], n_bootstrap=50, random_seed=3) for table in tables)
    again = draw_shares(tables[0], by=["outlet"], n_bootstrap=50, random_seed=3)
    seeded = draw_shares(tables[0], by=["outlet"], n_bootstrap=50, random_seed=4)
    assert (first.draws == again.draws).all()
    assert (first.draws != seeded.draws).any()
    shifted = [(part.draws[:, 0, 0] - part.shares[0, 0]) / part.errors[0, 0] for part in (first, other)]
    assert np.corrcoef(*shifted)[0, 1] > 0.9


@pytest.mark.slow
def test_intervals_cover_where_documents_are_a_sample_and_errors_differ_by_outlet():
    # 100 corpora of 60 documents of 1 to 5 alike passages an outlet; the classifier of B sees the frame in a quarter of
    # the passages without it, that of C misses four in ten. If intervals covered with chance .95, the share covered of
    # 100 would have standard deviation sqrt(.95 × .05 / 100) = .0218: .89 is 2.75 below.
    generator = np.random.default_rng(19)
    truth, false_alarms, missed = np.array([[0.3, 0.2, 0.4], [0.05, 0.25, 0.05], [0.1, 0.05, 0.4]])
    covered, raw, errors = [], [], []
    for number in range(100):
        sizes = generator.integers(1, 6, 180)
        owner = np.repeat(np.arange(180), sizes)
        outlet = owner // 60
        mean = np.repeat(truth, 60)
        labels = (generator.random(len(owner)) < generator.beta(3 * mean, 3 * (1 - mean))[owner]).astype(float)
        seen = generator.random(len(owner)) < np.where(labels == 1, 1 - missed[outlet], false_alarms[outlet])
        scores = 0.5 * seen + 0.5 * generator.random(len(owner))
        outlets = np.array(list("ABC"), dtype=object)[outlet]
        weights = drawn_weights(generator, dict.fromkeys("ABC", 60), outlets)
        table = sampled_table(labels, scores, weights, outlets=outlets, documents=owner.astype(str))
        result = estimate_prevalence(table, n_bootstrap=60, random_seed=number)
        assert result["outlet"].to_list() == ["A", "B", "C"]
        covered.append(((result["low"] <= truth) & (truth <= result["high"])).to_numpy())
        raw.append(((result["raw_low"] <= truth) & (truth <= result["raw_high"])).to_numpy())
        errors.append((result["estimate"] - truth).to_numpy())
    assert (np.mean(covered, axis=0) >= 0.89).all()
    assert (np.mean(raw, axis=0)[1:] < 0.6).all()
    assert (np.abs(np.mean(errors, axis=0)) < 4 * np.std(errors, axis=0) / np.sqrt(100)).all()


@given(seed=st.integers(0, 10_000), n_gold=st.integers(10, 40), k=st.integers(1, 3))
def test_rows_in_any_order_give_the_same_shares(seed, n_gold, k):
    generator = np.random.default_rng(seed)
    labels = (generator.random((60, k)) < 0.4).astype(float)
    scores = 0.5 * labels + 0.5 * generator.random((60, k))
    weights = drawn_weights(generator, {"A": n_gold}, ["A"] * 60)
    table = sampled_table(labels, scores, weights)
    first, other = (
        draw_corrected_shares(part, by=["outlet"], n_bootstrap=2)
        for part in (table, table.iloc[generator.permutation(len(table))])
    )
    place = [other.frames.index(frame) for frame in first.frames]
    assert first.shares == pytest.approx(other.shares[:, place])
    assert first.errors == pytest.approx(other.errors[:, place])
    assert (first.errors > 0).all()
