"""Outcomes of single passages: by hand, and against corrected shares and all samples."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from framing.estimates.correction import draw_corrected_shares
from framing.estimates.outcomes import add_outcomes
from tests.estimation import classified_table
from tests.labelled import drawn_weights, every_other, labelled_table, population, sampled_population, sampled_table


@pytest.mark.parametrize("by", [["outlet"], ["perspective"], ["perspective", "outlet"]])
def test_the_mean_outcome_of_a_group_is_its_corrected_share(by):
    generator = np.random.default_rng(20)
    labels = (generator.random((150, 3)) < [0.1, 0.4, 0.7]).astype(float)
    scores = 0.5 * labels + 0.5 * generator.random((150, 3))
    outlets = np.repeat(["A", "B", "C"], 50)
    weights = drawn_weights(generator, {"A": 12, "B": 20, "C": 30}, outlets)
    table = sampled_table(labels, scores, weights, outlets=outlets, documents=np.arange(150) // 2)
    result, corrected = add_outcomes(table.sample(frac=1, random_state=1), by=by)  # in any order of rows
    assert corrected
    drawn = draw_corrected_shares(table, by=by, n_bootstrap=10)
    means = result.groupby([*by, "frame"])["outcome"].mean().unstack("frame").to_numpy()
    assert np.abs(means - drawn.shares).max() < 1e-12


def test_outcomes_by_hand():
    # Twenty passages, the first ten labelled, so of weight 2. Scores that say nothing count for nothing.
    labels = np.r_[np.tile([1.0, 0.0], 4), np.zeros(12)]
    table, _ = add_outcomes(sampled_table(labels, np.zeros(20), np.repeat([2.0, 0.0], 10)), by=["outlet"])
    assert table["outcome"].to_list() == [2.0, 0.0] * 4 + [0.0] * 12
    # Scores of twice the label: the slope is .5, no error is left, and each passage counts for half its score.
    scores = 2 * labels + np.r_[np.zeros(18), [0.4, 1.0]]
    table, _ = add_outcomes(sampled_table(labels, scores, np.repeat([2.0, 0.0], 10)), by=["outlet"])
    assert table["outcome"].to_list() == pytest.approx([*labels[:18], 0.2, 0.5])


@pytest.mark.parametrize("factor", [0.0, 0.6, 1.0])
def test_totals_of_any_part_are_right_on_average_over_all_samples(monkeypatch, factor):
    # All 78 samples of 11 of 13 passages, at a factor that does not depend on the sample: the mean over samples of the
    # outcomes of a part is what coders say of it, exactly.
    name = "framing.estimates.outcomes.compute_tuning_factor"
    monkeypatch.setattr(name, lambda sample, pooled: np.full_like(pooled, factor))
    labels, scores = population(21, 13)
    parts = [np.arange(13) < 5, np.arange(13) % 2 == 0, labels == 1, np.ones(13, bool), np.arange(13) == 7]
    totals = np.zeros((78, len(parts)))
    for number, left_out in enumerate(combinations(range(13), 2)):
        weights = np.full(13, 13 / 11)
        weights[list(left_out)] = 0.0
        table, _ = add_outcomes(sampled_table(labels, scores, weights), by=["outlet"])
        outcomes = table["outcome"].to_numpy()
        totals[number] = [outcomes[part].sum() for part in parts]
    assert totals.mean(axis=0) == pytest.approx([labels[part].sum() for part in parts], abs=1e-12)


def test_estimating_the_factor_moves_totals_of_parts_little():
    # As above with the factor of each sample. What is left of a bias is far below the standard error of the total.
    labels, scores = population(22, 13, noise=0.7)
    part = np.arange(13) < 6
    totals = []
    for left_out in combinations(range(13), 2):
        weights = np.full(13, 13 / 11)
        weights[list(left_out)] = 0.0
        table, _ = add_outcomes(sampled_table(labels, scores, weights), by=["outlet"])
        totals.append(table["outcome"].to_numpy()[part].sum())
    assert abs(np.mean(totals) - labels[part].sum()) < 0.15 * np.std(totals)


def test_outcomes_without_labels_are_decisions_and_abstentions_are_left_out():
    labels, scores = population(23, 40)
    table = sampled_table(labels, scores, every_other(40))
    table.loc[:4, "decision"] = "abstain"
    for part, corrected in ((table, False), (table.drop(columns=["gold_weight"]), True)):
        result, is_corrected = add_outcomes(part, by=["outlet"], corrected=corrected)
        assert not is_corrected
        assert result["outcome"].to_list() == (scores[5:] >= 0.5).astype(float).tolist()
    remaining, is_corrected = add_outcomes(table, by=["outlet"])
    assert is_corrected
    assert len(remaining) == 40, "what the classifier abstained on is corrected like any other"


def test_groups_with_too_few_labels_have_no_outcomes():
    labels, scores = population(24, 80)
    outlets = np.repeat(["A", "B"], 40)
    weights = drawn_weights(np.random.default_rng(2), {"A": 9, "B": 10}, outlets)
    result, _ = add_outcomes(sampled_table(labels, scores, weights, outlets=outlets), by=["outlet"])
    assert result["outlet"].unique().tolist() == ["B"]
    assert len(result) == 40


def test_outcomes_add_up_to_the_corrected_share_and_are_unbiased_in_any_part():
    labels, scores, chosen = sampled_population()
    table, corrected = add_outcomes(labelled_table({"A": (labels, scores, chosen)}), by=["outlet"])
    drawn = draw_corrected_shares(labelled_table({"A": (labels, scores, chosen)}), by=["outlet"], n_bootstrap=50)
    assert corrected
    assert table["outcome"].mean() == pytest.approx(drawn.shares.item())
    # every sample of 10 of 12 passages: the mean over samples of a part's total is its true total, at a fixed factor
    labels, scores = labels[:12], np.zeros(12)
    part = np.arange(12) < 5
    totals = []
    for left_out in combinations(range(12), 2):
        chosen = np.ones(12, dtype=bool)
        chosen[list(left_out)] = False
        result, _ = add_outcomes(labelled_table({"A": (labels, scores, chosen)}), by=["outlet"])
        totals.append(result["outcome"].to_numpy()[part].sum())
    assert np.mean(totals) == pytest.approx(labels[part].sum())


def test_without_labels_outcomes_are_decisions():
    labels, scores, chosen = sampled_population()
    table, corrected = add_outcomes(labelled_table({"A": (labels, scores, chosen)}), by=["outlet"], corrected=False)
    assert not corrected
    assert table["outcome"].to_list() == (scores >= 0.5).astype(float).tolist()


def test_with_weights_outcomes_are_of_weights_by_hand():
    table = classified_table({"A": [[1, 0], [1, -1]]}).assign(weight=[0.5, 0.5, 2.0, 1.0])
    result, corrected = add_outcomes(table, by=["outlet"])
    assert not corrected
    assert (result["n"].to_list(), result["outcome"].to_list()) == ([0.5, 0.5, 2.0], [0.5, 0.0, 2.0])
    # Ten of twenty passages labelled, scores that say nothing. Weights of 3 and 1 by turns add up to 40, those of the
    # labelled to 20: each of these counts for two of its kind, and the first of each two has the frame.
    labels = np.tile([1.0, 0.0], 10)
    table = sampled_table(labels, np.zeros(20), np.repeat([2.0, 0.0], 10)).assign(weight=np.tile([3.0, 1.0], 10))
    result, _ = add_outcomes(table, by=["outlet"])
    assert result["outcome"].to_list() == [6.0, 0.0] * 5 + [0.0] * 10
    assert result["outcome"].sum() / result["n"].sum() == 30 / 40


def test_with_weights_and_clusters_outcomes_add_up_to_the_corrected_share():
    generator = np.random.default_rng(22)
    labels = (generator.random((120, 2)) < [0.2, 0.5]).astype(float)
    scores = 0.5 * labels + 0.5 * generator.random((120, 2))
    outlets = np.repeat(["A", "B"], 60)
    weights = drawn_weights(generator, {"A": 15, "B": 25}, outlets)
    table = sampled_table(labels, scores, weights, outlets=outlets)
    table = table.assign(
        weight=np.repeat(generator.random(120) + 0.5, 2), cluster=np.repeat(np.arange(120) // 3, 2).astype(str)
    )
    result, _ = add_outcomes(table, by=["outlet"])
    sums = result.groupby(["outlet", "frame"])[["outcome", "n"]].sum()
    drawn = draw_corrected_shares(table, by=["outlet"], n_bootstrap=10)
    assert (sums["outcome"] / sums["n"]).to_numpy() == pytest.approx(drawn.shares.ravel(), abs=1e-12)
