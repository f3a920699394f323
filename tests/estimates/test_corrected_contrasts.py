"""Differences of corrected shares: bounds, p-values, q-values and ratios worked out a second time; ranks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.compare import compare_groups
from framing.estimates.prevalence import estimate_prevalence
from framing.tables import CONTRASTS
from tests.labelled import drawn_weights, sampled_table


def corpus_of(shares: dict[str, list[float]], *, seed: int = 0, n: int = 150, n_gold: int = 50) -> pd.DataFrame:
    """Outlets of `n` passages with the given shares of each frame, `n_gold` labelled in each."""
    generator = np.random.default_rng(seed)
    outlets = np.repeat(np.array(list(shares), dtype=object), n)
    chance = np.repeat(np.array(list(shares.values())), n, axis=0)
    labels = (generator.random(chance.shape) < chance).astype(float)
    scores = 0.5 * labels + 0.5 * generator.random(chance.shape)
    weights = drawn_weights(generator, dict.fromkeys(shares, n_gold), outlets)
    return sampled_table(labels, scores, weights, outlets=outlets)


FOUR = {"A": [0.1, 0.5, 0.2], "B": [0.25, 0.5, 0.2], "C": [0.5, 0.55, 0.25], "D": [0.6, 0.3, 0.2]}


@pytest.fixture(scope="module")
def four() -> pd.DataFrame:
    return corpus_of(FOUR)


def test_the_columns_are_those_of_the_schema(four):
    result = compare_groups(four, n_bootstrap=200)
    assert tuple(result.columns) == CONTRASTS
    assert result["method"].str.startswith("one of 18 differences of two groups; ").all()
    assert result["method"].str.endswith("classifier error included").all()


def test_a_single_difference_is_the_score_test_with_a_design_effect():
    # All 60 passages of both outlets are coded, each a document, and scores say nothing. By hand, outlet by outlet.
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    labels = np.r_[np.ones(12), np.zeros(48), np.ones(24), np.zeros(36)]
    table = sampled_table(labels, np.zeros(120), np.ones(120), outlets=["A"] * 60 + ["B"] * 60)
    row = compare_groups(table, n_bootstrap=500).iloc[0]
    spread, binomial = [], []
    for hits in (12, 24):
        share, shrunk = hits / 60, (hits + 0.5) / 61
        spread.append(share * (1 - share) / 59 * 60 / 59 + 1 / 60**2)
        binomial.append(shrunk * (1 - shrunk) / 60)
    effect = (sum(spread) - 2 / 60**2) / sum(binomial)
    degrees = sum(spread) ** 2 / sum(each**2 / 58 for each in spread)
    chance = np.sqrt(2 / 58)
    factors = [max(1, v / (effect * u + 1 / 60**2) - chance) for v, u in zip(spread, binomial, strict=True)]
    n_a, n_b = (60 / factor for factor in factors)
    a, b = (n_a * 0.2 + 0.5) / (n_a + 1), (n_b * 0.4 + 0.5) / (n_b + 1)
    middle = (n_a * a + n_b * b) / (n_a + n_b)
    z = 0.2 / np.sqrt(effect * middle * (1 - middle) * (1 / n_a + 1 / n_b) + 2 / 60**2)
    assert row["estimate"] == pytest.approx(-0.2)
    assert row["p_value"] == pytest.approx(2 * student.sf(z, degrees))
    assert row["q_value"] == pytest.approx(row["p_value"])
    assert row["p_adjusted"] == pytest.approx(row["p_value"], abs=0.02)
    assert row["n_gold"] == 120
    # bounds: Miettinen & Nurminen's, of shares that are shrunk as above, which moves them by two hundredths at most
    m_a, m_b = (1 / (effect / n + 1 / 60**2 / (p * (1 - p))) for n, p in ((n_a, a), (n_b, b)))
    low, high = proportion.confint_proportions_2indep(
        0.2 * m_a, m_a, 0.4 * m_b, m_b, method="score", compare="diff", correction=False,
        alpha=2 * norm.sf(student.ppf(0.975, degrees)),
    )  # fmt: skip
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=0.02)


def test_q_values_are_those_of_benjamini_and_hochberg(four):
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    result = compare_groups(four, n_bootstrap=200)
    expected = multitest.multipletests(result["p_value"], method="fdr_bh")[1]
    assert result["q_value"].to_numpy() == pytest.approx(expected, rel=1e-6)
    assert (result["q_value"] < 0.05).sum() >= result["differs"].sum()


@pytest.mark.parametrize("n_bootstrap", [200, 333, 1000])
def test_a_difference_is_named_exactly_where_the_interval_leaves_zero_out(n_bootstrap):
    named = 0
    for seed in range(4):
        result = compare_groups(corpus_of(FOUR, seed=seed), n_bootstrap=n_bootstrap, random_seed=seed)
        away = (result["low"] > 0) | (result["high"] < 0)
        assert away.to_list() == result["differs"].to_list()
        named += result["differs"].sum()
    assert 0 < named < 4 * 18


def test_ratios_are_of_the_shares_and_missing_where_one_is_nothing():
    # The delta method on the logarithm, at the critical value: the same distance up and down in proportion.
    table = corpus_of({"A": [0.2], "B": [0.5], "C": [0.4]}, n=100, n_gold=40)
    none = table["outlet"] == "C"
    table.loc[none, ["proxy", "score"]] = 0.0
    table.loc[none & (table["gold_weight"] > 0), ["gold", "gold_proxy"]] = 0.0
    result = compare_groups(table, n_bootstrap=1000).set_index(["group_a", "group_b"])
    shares = estimate_prevalence(table, n_bootstrap=20).set_index("outlet")["estimate"]
    row = result.loc[("A", "B")]
    assert row["ratio"] == pytest.approx(shares["A"] / shares["B"])
    assert row["ratio"] / row["ratio_low"] == pytest.approx(row["ratio_high"] / row["ratio"])
    assert row["ratio_low"] < row["ratio"]
    assert shares["C"] == 0
    assert result.loc[[("A", "C"), ("B", "C")], ["ratio", "ratio_low", "ratio_high"]].isna().all(axis=None)
    assert result.loc[[("A", "C"), ("B", "C")], ["estimate", "low", "high"]].notna().all(axis=None)


def test_shares_beyond_their_range_make_no_difference_beyond_its_own():
    # As the unlabelled passages of A are scored far below the labelled ones and those of B far above, the shares are
    # estimated below 0 and above 1.
    labels = np.tile([0.0, 0.0, 0.0, 1.0], 5)
    scores = 0.5 + 0.4 * labels
    table = sampled_table(
        np.r_[labels, np.zeros(60), 1 - labels, np.zeros(60)],
        np.r_[scores, np.zeros(60), 1 - scores, np.ones(60)],
        np.tile(np.where(np.arange(80) < 20, 4.0, 0.0), 2),
        outlets=["A"] * 80 + ["B"] * 80,
    )  # fmt: skip
    row = compare_groups(table, n_bootstrap=200).iloc[0]
    assert row["estimate"] == -1.0
    assert row["low"] == -1.0 <= row["high"] <= 1.0
    assert np.isnan(row["ratio"])
    turned = table.assign(outlet=table["outlet"].map({"A": "B", "B": "A"}))
    row = compare_groups(turned, n_bootstrap=200).iloc[0]
    assert (row["estimate"], row["high"]) == (1.0, 1.0)


@pytest.mark.slow
def test_errors_that_differ_by_outlet_make_no_difference():
    # Both outlets carry the frame in three passages of ten. The classifier sees it in half of B's other passages: the
    # difference of decisions is clear and wrong, the corrected one is not there. In one of twenty such samples it would
    # be named; of forty, two are expected, and six are 3 standard deviations above.
    raw, corrected = 0, 0
    for seed in range(40):
        generator = np.random.default_rng(seed)
        labels = (generator.random(400) < 0.3).astype(float)
        outlets = np.repeat(["A", "B"], 200)
        seen = (labels == 1) | ((outlets == "B") & (generator.random(400) < 0.5))
        scores = 0.5 * seen + 0.5 * generator.random(400)
        weights = drawn_weights(generator, {"A": 60, "B": 60}, outlets)
        table = sampled_table(labels, scores, weights, outlets=outlets)
        raw += compare_groups(table, n_bootstrap=200, random_seed=seed, corrected=False)["differs"].item()
        corrected += compare_groups(table, n_bootstrap=200, random_seed=seed)["differs"].item()
    assert raw == 40
    assert corrected <= 6


def test_groups_with_too_few_labels_are_left_out_and_named():
    table = corpus_of({name: [0.3] for name in "ABC"}, n=40, n_gold=12)
    drop = table.index[(table["outlet"] == "A") & (table["gold_weight"] > 0)][:3]
    table.loc[drop, "gold_weight"] = 0.0
    result = compare_groups(table, n_bootstrap=200)
    assert result[["group_a", "group_b", "n_gold"]].to_numpy().tolist() == [["B", "C", 24]]
    with pytest.raises(
        InputError,
        match=r"two outlets with 5 documents and 10 labelled passages each; there are A: 40 \(9 labelled\), B: 40 \(12",
    ):
        compare_groups(table[table["outlet"] != "C"], n_bootstrap=200)
    with pytest.raises(InputError, match=r"with 41 documents and 10 labelled.*B: 40 \(12 labelled\), C: 40 \(12"):
        compare_groups(table, n_bootstrap=200, min_documents=41)
