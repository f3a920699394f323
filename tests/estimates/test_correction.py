"""Shares corrected with labels: by hand, beside other libraries, and their coverage where errors differ by outlet."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.compare import compare_groups
from framing.estimates.correction import draw_corrected_shares, has_enough_labels, has_gold
from framing.estimates.prevalence import CORRECTED, draw_shares, estimate_prevalence
from framing.tables import GOLD
from framing.uncertainty.intervals import score_bounds
from tests.labelled import labelled_table, sampled_population, sampled_table


def test_share_and_errors_are_those_of_the_formulas():
    labels, scores, chosen = sampled_population(n=60, drawn=30)
    table = labelled_table({"A": (labels, scores, chosen)})
    slope = np.polyfit(scores[chosen], labels[chosen], 1)[0]  # one group: its slope is the pooled one, and kept
    share = slope * scores.mean() + (labels[chosen] - slope * scores[chosen]).mean()
    residuals = labels[chosen] - slope * scores[chosen]
    residuals = residuals - residuals.mean()
    n, m = 60, 30
    # these passages only: (1 - f) of the variance of a simple random sample with n - 2 degrees, and one misread passage
    corpus = draw_corrected_shares(table, by=["outlet"], target="corpus", n_bootstrap=50)
    expected = (1 - m / n) * (residuals**2).sum() / (m - 1) / m * m / (m - 2) + (1 - m / n) / m**2
    assert corpus.shares.item() == pytest.approx(share)
    assert corpus.errors.item() ** 2 == pytest.approx(expected)
    assert corpus.degrees.item() == m - 2
    # the outlet's process: documents are the sample, each one passage here
    contributions = slope * (scores - scores.mean()) / n
    contributions[chosen] += residuals / m
    process = draw_corrected_shares(table, by=["outlet"], n_bootstrap=50)
    assert process.errors.item() ** 2 == pytest.approx((contributions**2).sum() * n / (n - 1) * m / (m - 2) + 1 / m**2)
    row = estimate_prevalence(table, n_bootstrap=50, target="corpus").iloc[0]
    low, high = score_bounds(corpus.shares[0], corpus.errors[0], n_gold=m, quantile=float(student.ppf(0.975, m - 2)))
    assert (row["estimate"], row["low"], row["high"]) == pytest.approx((share, low.item(), high.item()))
    assert (row["n_gold"], row["method"]) == (30, CORRECTED["corpus"].format(design=""))
    assert row["raw"] == pytest.approx((scores >= 0.5).mean())


def test_strata_take_the_differences_between_them_out_of_the_variance():
    labels, _, chosen = sampled_population(seed=5)
    strata = np.array(["x"] * 12 + ["y"] * 12)
    chosen[:] = False
    chosen[[0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17]] = True
    table = labelled_table({"A": (labels, np.zeros(24), chosen)}, strata=strata)
    result = draw_corrected_shares(table, by=["outlet"], target="corpus", n_bootstrap=50).errors.item() ** 2
    both = sum(
        0.25 * (1 - 6 / 12) * labels[chosen & (strata == name)].var(ddof=1) / 6 for name in ("x", "y")
    )  # weights of the strata: one half each
    share = labels[chosen].mean()
    simple = share * (1 - share) / 12 * 0.5
    assert result == pytest.approx(share * (1 - share) / 12 * 0.5 * both / simple)


def test_errors_of_labels_alone_are_those_of_clustered_least_squares():
    sm = pytest.importorskip("statsmodels.api")
    generator = np.random.default_rng(2)
    documents = np.repeat(np.arange(12), 3).astype(str)
    labels = (generator.random(36) < np.repeat(generator.random(12), 3)).astype(float)
    chosen = np.ones(36, dtype=bool)
    table = labelled_table({"A": (labels, np.zeros(36), chosen)}, documents=documents)
    result = draw_corrected_shares(table, by=["outlet"], n_bootstrap=50)
    fit = sm.OLS(labels, np.ones(36)).fit(
        cov_type="cluster", cov_kwds={"groups": documents.astype(int), "use_correction": True}
    )
    assert result.shares.item() == pytest.approx(fit.params[0])
    assert result.errors.item() == pytest.approx(fit.bse[0])


def test_the_estimate_is_that_of_prediction_powered_inference_at_the_same_factor():
    ppi = pytest.importorskip("ppi_py")
    labels, scores, chosen = sampled_population(seed=8, n=60, drawn=30)
    table = labelled_table({"A": (labels, scores, chosen)})
    slope = np.polyfit(scores[chosen], labels[chosen], 1)[0]
    expected = ppi.ppi_mean_pointestimate(labels[chosen], scores[chosen], scores, lam=slope)
    result = draw_corrected_shares(table, by=["outlet"], n_bootstrap=50)
    assert result.shares.item() == pytest.approx(float(np.asarray(expected).item()))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("target", ["process", "corpus"])
def test_useless_scores_never_make_the_interval_wider(seed: int, target: str):
    generator = np.random.default_rng(seed)
    groups = {}
    for name in "AB":
        labels, _, chosen = sampled_population(seed=seed + ord(name), n=200, drawn=60)
        groups[name] = (labels, generator.random(200), chosen)
    width, single = (
        (result["high"] - result["low"]).to_numpy()
        for result in (
            estimate_prevalence(labelled_table(part), target=target, n_bootstrap=50)
            for part in (groups, {name: (y, np.zeros(200), s) for name, (y, _, s) in groups.items()})
        )
    )
    assert (width / single).max() < 1.02


def test_perfect_scores_are_not_taken_for_certainty():
    labels, _, chosen = sampled_population(n=200, drawn=40)
    result = estimate_prevalence(labelled_table({"A": (labels, labels, chosen)}), target="corpus", n_bootstrap=50).iloc[
        0
    ]
    assert result["estimate"] == pytest.approx(labels.mean())
    assert result["high"] - result["low"] > 2 * 1.96 / 40 * np.sqrt(1 - 40 / 200) * 0.9  # the one misread passage


@pytest.mark.slow
def test_intervals_cover_where_errors_differ_by_outlet_and_raw_ones_do_not():
    generator = np.random.default_rng(11)
    population = {}
    for name, share, shift in (("A", 0.2, 0.0), ("B", 0.35, 0.35)):  # B's passages are seen too often
        labels = (generator.random(600) < share).astype(float)
        scores = np.clip(0.45 * labels + 0.4 * generator.random(600) + shift, 0, 1)
        population[name] = (labels, scores)
    truth = np.array([labels.mean() for labels, _ in population.values()])
    inside, raw, errors, joint = [], [], [], []
    for _ in range(60):
        groups = {}
        for name, (labels, scores) in population.items():
            chosen = np.zeros(600, dtype=bool)
            chosen[generator.choice(600, 80, replace=False)] = True
            groups[name] = (labels, scores, chosen)
        table = labelled_table(groups)
        result = estimate_prevalence(table, target="corpus", n_bootstrap=100)
        inside.append(((result["low"] <= truth) & (truth <= result["high"])).to_numpy())
        raw.append(((result["raw_low"] <= truth) & (truth <= result["raw_high"])).to_numpy())
        errors.append(result["estimate"].to_numpy() - truth)
        pair = compare_groups(table, target="corpus", n_bootstrap=200).iloc[0]
        joint.append(pair["low"] <= truth[0] - truth[1] <= pair["high"])
    # 120 intervals at 95 %: three binomial standard errors are 6.0 points, of 60 they are 8.4
    assert np.mean(inside) >= 0.89
    assert np.mean(joint) >= 0.866
    assert np.mean(raw, axis=0)[1] == 0.0
    errors = np.array(errors)
    assert (np.abs(errors.mean(axis=0)) < 4 * errors.std(axis=0) / np.sqrt(60)).all()


def test_a_group_with_few_labels_is_not_corrected_and_says_so():
    few, enough = sampled_population(n=30, drawn=9), sampled_population(n=30, drawn=12)
    table = labelled_table({"A": few, "B": enough, "C": sampled_population(seed=9, n=30, drawn=15)})
    result = estimate_prevalence(table, n_bootstrap=50).set_index("outlet")
    assert np.isnan(result.loc["A", ["estimate", "low", "high"]].astype(float)).all()
    assert result.loc["A", "method"] == "not corrected: 9 labelled passages here; 10 of 5 documents are needed"
    assert result.loc["A", "raw"] == pytest.approx((few[1] >= 0.5).mean())
    pairs = compare_groups(table, n_bootstrap=200)
    assert set(pairs["group_a"]) | set(pairs["group_b"]) == {"B", "C"}
    assert pairs["method"].str.contains("corrected with labelled passages").all()
    assert pairs["n_gold"].to_list() == [27]
    with pytest.raises(InputError, match=r"needs at least two outlets with 5 documents and 10 labelled passages each; "
                       r"there are A: 30 \(9 labelled\), B: 30 \(12 labelled\)"):  # fmt: skip
        compare_groups(labelled_table({"A": few, "B": enough}), n_bootstrap=200)


def test_a_handful_of_documents_that_agree_by_luck_leave_an_interval():
    # six documents of two passages, one of which carries the frame: the spread between documents is exactly zero
    labels = np.tile([1.0, 0.0], 6)
    table = labelled_table({"A": (labels, np.full(12, 0.2), np.ones(12, dtype=bool))}, documents=np.repeat(range(6), 2))
    result = draw_corrected_shares(table, by=["outlet"], n_bootstrap=50)
    # the labels alone, as single passages: 1/4 over 12; or what documents give, no spread, and one misread passage
    assert result.errors.item() ** 2 == pytest.approx(min(0.25 / 12, 1 / 12**2))
    row = estimate_prevalence(table, n_bootstrap=50).iloc[0]
    assert row["estimate"] == pytest.approx(0.5)
    assert row["high"] - row["low"] > 0.2


def test_enough_labels_is_nine_groups_in_ten():
    full = {f"full {n}": sampled_population(seed=n, n=20, drawn=10) for n in range(9)}
    assert has_enough_labels(labelled_table({**full, "few": sampled_population(n=20, drawn=9)}), by=["outlet"])
    two = {"few": sampled_population(n=20, drawn=9), "fewer": sampled_population(n=20, drawn=3)}
    assert not has_enough_labels(labelled_table({**full, **two}), by=["outlet"])
    four = labelled_table({"A": sampled_population(n=20, drawn=20)}, documents=np.repeat(range(4), 5))
    assert not has_enough_labels(four, by=["outlet"])


def test_differs_is_that_the_interval_leaves_zero_out():
    generator = np.random.default_rng(4)
    groups = {}
    for number, share in enumerate((0.1, 0.2, 0.5, 0.6)):
        labels = (generator.random(150) < share).astype(float)
        chosen = np.zeros(150, dtype=bool)
        chosen[:60] = True
        groups["ABCD"[number]] = (labels, np.clip(0.6 * labels + 0.4 * generator.random(150), 0, 1), chosen)
    pairs = compare_groups(labelled_table(groups), n_bootstrap=4000)
    clear = (pairs["low"] > 0) | (pairs["high"] < 0)
    sure = (pairs["p_adjusted"] - 0.05).abs() > 0.015  # Monte-Carlo noise of the critical value
    assert sure.sum() >= 4
    assert (clear == pairs["differs"])[sure].all()
    assert clear.any()
    assert not clear.all()
    shares = draw_shares(labelled_table(groups), by=["outlet"], n_bootstrap=50).shares.ravel()
    first = pairs[(pairs["group_a"] == "A") & (pairs["group_b"] == "C")].iloc[0]
    assert first["ratio"] == pytest.approx(shares[0] / shares[2])
    assert first["ratio_low"] < first["ratio"] < first["ratio_high"]
    assert (pairs["q_value"] <= 1).all()


def test_targets_and_columns_are_checked():
    table = labelled_table({"A": sampled_population()})
    assert has_gold(table)
    with pytest.raises(InputError, match="target: expected one of process, corpus, got 'world'"):
        draw_corrected_shares(table, by=["outlet"], target="world")
    with pytest.raises(InputError, match="no error but sampling"):
        draw_shares(table, by=["outlet"], corrected=False, target="corpus")
    with pytest.raises(InputError, match="expected gold and gold_proxy for each of 1 frames"):
        draw_corrected_shares(table.assign(gold=np.nan), by=["outlet"])


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_labels_that_are_all_alike_count_half_a_passage_of_the_other(label):
    # twelve documents of one passage, all labelled alike: p (1 - p) / 12 at half a passage from the end of the range
    table = labelled_table({"A": (np.full(12, label), np.zeros(12), np.ones(12, dtype=bool))})
    drawn = draw_corrected_shares(table, by=["outlet"], n_bootstrap=4000)
    assert drawn.shares.item() == label
    assert drawn.errors.item() ** 2 == pytest.approx(0.5 / 12 * (1 - 0.5 / 12) / 12)
    # nothing varies in the documents; the draws have the spread of the error all the same
    assert drawn.draws.std() == pytest.approx(drawn.errors.item(), rel=0.06)
    assert drawn.draws.mean() == pytest.approx(label, abs=4 * drawn.errors.item() / np.sqrt(4000))


@pytest.mark.parametrize("m", [19, 20])
def test_labels_of_twenty_documents_may_agree(m):
    # m documents of two passages, one of which has the frame, but for one with both and one with none
    labels = np.r_[np.tile([1.0, 0.0], m - 2), [1.0, 1.0, 0.0, 0.0]]
    table = labelled_table(
        {"A": (labels, np.zeros(2 * m), np.ones(2 * m, dtype=bool))}, documents=np.repeat(range(m), 2)
    )
    drawn = draw_corrected_shares(table, by=["outlet"], n_bootstrap=50)
    n = 2 * m
    between = 2 * (1 / n) ** 2 * m / (m - 1)  # of documents: two are one passage away from the mean
    with_misread = between * m / (m - 2) + 1 / n**2
    expected = between if m == 20 else min(with_misread, 0.25 / n)
    assert drawn.errors.item() ** 2 == pytest.approx(expected)
    assert drawn.degrees.item() == m - 2


def test_no_label_is_no_gold():
    table = labelled_table({"A": sampled_population()})
    assert has_gold(table[["passage_id", "frame", *GOLD]])
    assert has_gold(table[list(GOLD)])
    assert not has_gold(table.assign(gold_weight=0.0))
    assert not has_gold(table.drop(columns="gold_stratum"))
    assert not has_enough_labels(table.assign(gold_weight=0.0), by="outlet")


def test_ten_labels_of_five_documents_are_enough_labels():
    five = labelled_table({"A": sampled_population(n=10, drawn=10)}, documents=np.repeat(range(5), 2))
    assert has_enough_labels(five, by=["outlet"])
    # the documents of labelled passages count, not all
    labels, scores, _ = sampled_population(n=24)
    of_four = labelled_table({"A": (labels, scores, np.arange(24) < 12)}, documents=np.repeat(range(8), 3))
    assert not has_enough_labels(of_four, by=["outlet"])


def test_raw_shares_beside_corrected_ones_are_those_of_decisions():
    table = labelled_table({name: sampled_population(seed=seed, n=40, drawn=20) for seed, name in enumerate("BA")})
    options = {"n_bootstrap": 70, "random_seed": 5, "level": 0.8}
    beside, raw = estimate_prevalence(table, **options), estimate_prevalence(table, corrected=False, **options)
    assert beside["outlet"].to_list() == raw["outlet"].to_list() == ["A", "B"]
    for column in ("estimate", "low", "high"):
        assert beside[{"estimate": "raw"}.get(column, f"raw_{column}")].to_list() == raw[column].to_list()
    drawn = draw_corrected_shares(table, by=["outlet"], n_bootstrap=70)
    assert beside["estimate"].to_list() == pytest.approx(drawn.shares[:, 0])


def test_draws_have_the_errors_and_correlations_of_the_estimator():
    # two frames that are in the same passages, and scores of both that say nothing: draws move together
    generator = np.random.default_rng(0)
    labels = (generator.random(60) < 0.4).astype(float)
    table = sampled_table(np.column_stack([labels, labels]), np.zeros((60, 2)), np.ones(60))
    drawn = draw_corrected_shares(table, by=None, n_bootstrap=3000, random_seed=4)
    assert drawn.draws[:, 0].std(axis=0) == pytest.approx(drawn.errors[0], rel=0.06)
    assert np.corrcoef(drawn.draws[:, 0].T)[0, 1] == pytest.approx(1)
    other = draw_corrected_shares(table, by=None, n_bootstrap=3000, random_seed=5)
    assert (other.draws != drawn.draws).any()
    assert (drawn.n_passages.item(), drawn.n_documents.item(), drawn.n_gold.item()) == (60, 60, 60)
