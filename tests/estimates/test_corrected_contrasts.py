"""Differences of corrected shares: bounds, p-values, q-values and ratios worked out a second time; ranks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.stats import norm
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.compare import CORRECTED, compare_groups
from framing.estimates.correction import draw_corrected_shares
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


def wilson(share: float, error: float, quantile: float) -> tuple[float, float]:
    """Roots of (p - share)² = quantile² p (1 - p) / n at the n that gives the error at the share."""
    n = share * (1 - share) / error**2
    square = quantile**2 / n
    roots = np.roots([1 + square, -(2 * share + square), share**2])
    return float(roots.min()), float(roots.max())


def newcombe(shares: np.ndarray, errors: np.ndarray, quantile: float) -> tuple[float, float]:
    (low_a, high_a), (low_b, high_b) = (wilson(*pair, quantile) for pair in zip(shares, errors, strict=True))
    gap = shares[0] - shares[1]
    return (
        gap - np.sqrt((shares[0] - low_a) ** 2 + (high_b - shares[1]) ** 2),
        gap + np.sqrt((high_a - shares[0]) ** 2 + (shares[1] - low_b) ** 2),
    )


def reach(shares: np.ndarray, errors: np.ndarray) -> float:
    """Quantile at which the interval of the difference touches zero."""
    side = 0 if shares[0] > shares[1] else 1
    return brentq(lambda quantile: newcombe(shares, errors, quantile)[side], 1e-6, 50)


def pairs_of(table: pd.DataFrame, result: pd.DataFrame) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Both shares, errors and the smaller degrees of freedom of each row of `found`."""
    drawn = draw_corrected_shares(table, by=["outlet"], n_bootstrap=2)
    names, rows = drawn.groups["outlet"].to_list(), []
    for row in result.itertuples():
        groups, frame = [names.index(row.group_a), names.index(row.group_b)], drawn.frames.index(row.frame)
        rows.append((drawn.shares[groups, frame], drawn.errors[groups, frame], drawn.degrees[groups].min()))
    return rows


def test_bounds_are_newcombes_at_one_quantile_for_all_rows(four):
    result = compare_groups(four, n_bootstrap=2000)
    assert tuple(result.columns) == CONTRASTS
    assert set(result["method"]) == {CORRECTED}
    quantiles = []
    for row, (shares, errors, _) in zip(result.itertuples(), pairs_of(four, result), strict=True):
        assert row.estimate == pytest.approx(shares[0] - shares[1])
        quantile = brentq(lambda q, of=(shares, errors), low=row.low: newcombe(*of, q)[0] - low, 1e-3, 50)
        assert newcombe(shares, errors, quantile)[1] == pytest.approx(row.high, abs=1e-9)
        quantiles.append(quantile)
    assert quantiles == pytest.approx([quantiles[0]] * 18, abs=1e-6)
    # eighteen differences, of which those of a frame depend on each other: above the normal quantile of one, below
    # Student's with 48 degrees for eighteen that do not (Šidák), with four standard errors of a quantile of 2000 draws
    assert norm.ppf(0.975) < quantiles[0] < student.ppf(1 - (1 - 0.95 ** (1 / 18)) / 2, 48) + 0.2


def test_a_single_difference_is_newcombes_of_statsmodels():
    # All 60 passages of both outlets are coded and scores say nothing: each error is sqrt(p (1 - p) / 59). The interval
    # whose bound is zero has the level that q, here the p-value of the one row, turns into a quantile.
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    labels = np.r_[np.ones(12), np.zeros(48), np.ones(24), np.zeros(36)]
    table = sampled_table(labels, np.zeros(120), np.ones(120), outlets=["A"] * 60 + ["B"] * 60)
    row = compare_groups(table, n_bootstrap=500).iloc[0]
    quantile = student.isf(row["q_value"] / 2, 58)
    bounds = proportion.confint_proportions_2indep(
        0.2 * 59, 59, 0.4 * 59, 59, method="newcomb", compare="diff", alpha=2 * norm.sf(quantile)
    )
    assert bounds[1] == pytest.approx(0, abs=1e-8)
    assert row["estimate"] == pytest.approx(-0.2)
    assert row["n_gold"] == 120


def test_q_values_are_those_of_benjamini_and_hochberg(four):
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    result = compare_groups(four, n_bootstrap=200)
    p_values = [2 * student.sf(reach(shares, errors), degrees) for shares, errors, degrees in pairs_of(four, result)]
    expected = multitest.multipletests(p_values, method="fdr_bh")[1]
    assert result["q_value"].to_numpy() == pytest.approx(expected, rel=1e-6)
    assert result["q_value"].is_monotonic_increasing
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
    pair, errors, _ = pairs_of(table, result.loc[[("A", "B")]].reset_index())[0]
    quantile = brentq(lambda q: newcombe(pair, errors, q)[0] - row["low"], 1e-3, 50)
    assert np.log(row["ratio_high"] / row["ratio"]) == pytest.approx(quantile * np.hypot(*(errors / pair)), rel=1e-6)
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
