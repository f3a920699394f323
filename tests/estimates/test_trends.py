"""Change points and slopes: planted ones found, none made up, and what is said where nothing can be found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.changes import find_changes
from framing.estimates.trends import compare_trends


def _weeks(
    generator: np.random.Generator, shares: list[float], *, outlet: str = "A", documents: int = 12
) -> pd.DataFrame:
    """Documents of 1 to 5 alike passages a week; the share of each week is given."""
    rows = []
    for week, share in enumerate(shares):
        day = pd.Timestamp("2024-01-01") + pd.Timedelta(days=7 * week)
        for number in range(documents):
            leaning = generator.beta(4 * share, 4 * (1 - share))
            for place in range(int(generator.integers(1, 6))):
                name = f"{outlet}{week}-{number}"
                present = "present" if generator.random() < leaning else "absent"
                rows.append((f"{name}-{place}", name, outlet, day, "f", present))
    columns = ["passage_id", "document_id", "outlet", "published", "frame", "decision"]
    return pd.DataFrame(rows, columns=columns)


def test_a_planted_step_is_found_at_its_week_and_its_sides_are_the_shares():
    table = _weeks(np.random.default_rng(1), [0.2] * 6 + [0.6] * 5)
    marks = pd.DataFrame({"date": [pd.Timestamp("2024-02-12"), pd.Timestamp("2024-04-20")], "label": ["near", "far"]})
    found = find_changes(table, marks=marks)
    assert len(found) == 1
    row = found.iloc[0]
    start = pd.Timestamp("2024-02-12")
    assert row["change"] == start
    present = table["decision"] == "present"
    assert row["before"] == pytest.approx(present[table["published"] < start].mean())
    assert row["after"] == pytest.approx(present[table["published"] >= start].mean())
    assert row["low"] < row["after"] - row["before"] < row["high"]
    assert row["differs"]
    assert row["p_adjusted"] == pytest.approx(1 / 2000)  # one series: as few as the permutations allow
    assert (row["group"], row["near"], row["n_documents"]) == ("all", "near", 132)


def test_nothing_is_found_where_nothing_changes():
    clear = [
        find_changes(_weeks(np.random.default_rng(seed), [0.3] * 10, documents=8), n_permutations=199)["differs"].any()
        for seed in range(60)
    ]
    assert np.sum(clear) <= 8  # 3 expected at 5 %; nine or more in 1 of 200 such tests


def test_two_steps_are_tested_each_against_its_neighbours():
    table = _weeks(np.random.default_rng(2), [0.15] * 5 + [0.6] * 5 + [0.2] * 5)
    found = find_changes(table).sort_values("change")
    assert found["change"].to_list() == [pd.Timestamp("2024-02-05"), pd.Timestamp("2024-03-11")]
    assert found["differs"].all()
    assert found["after"].iloc[0] == pytest.approx(found["before"].iloc[1])


def test_labelled_passages_are_those_of_the_periods_compared():
    # Labels follow the decisions; every third document is labelled. Two steps: each row compares ten of fifteen weeks,
    # and counts the labelled passages of these.
    table = _weeks(np.random.default_rng(2), [0.15] * 5 + [0.6] * 5 + [0.2] * 5)
    truth = (table["decision"] == "present").astype(float)
    labelled = (table["document_id"].str.split("-").str[1].astype(int) % 3 == 0).to_numpy()
    table = table.assign(
        proxy=truth, gold=truth.where(labelled), gold_proxy=truth.where(labelled),
        gold_weight=np.where(labelled, 3.0, 0.0), gold_stratum="s", gold_cluster=table["document_id"],
    )  # fmt: skip
    found = find_changes(table).sort_values("change")
    assert found["change"].to_list() == [pd.Timestamp("2024-02-05"), pd.Timestamp("2024-03-11")]
    week = (table["published"] - pd.Timestamp("2024-01-01")).dt.days // 7
    expected = [int((labelled & week.between(first, first + 9)).sum()) for first in (0, 5)]
    assert found["n_gold"].to_list() == expected
    assert max(expected) < labelled.sum()
    assert find_changes(table, corrected=False)["n_gold"].to_list() == [0, 0]


def test_series_of_each_group_pay_for_their_number():
    tables = [_weeks(np.random.default_rng(n), [0.2] * 6 + [0.7] * 6, outlet=name) for n, name in enumerate("AB")]
    found = find_changes(pd.concat(tables), by="outlet")
    assert set(found["group"]) == {"A", "B"}
    assert found["p_adjusted"].min() == pytest.approx(2 / 2000)


def _counted(counts: list[int], per_week: int) -> pd.DataFrame:
    """So many of the documents of each week, of one passage each, have the frame."""
    rows = [
        (f"{week}-{number}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=7 * week), number < count)
        for week, count in enumerate(counts)
        for number in range(per_week)
    ]
    table = pd.DataFrame(rows, columns=["document_id", "published", "present"])
    return table.assign(
        passage_id=table["document_id"], outlet="A", frame="f",
        decision=table["present"].map({True: "present", False: "absent"}),
    )  # fmt: skip


def _best_stretch(counts: np.ndarray, per_week: int) -> np.ndarray:
    """Largest between-squares of any two weeks or more against all others; `counts` has shape (draws, weeks)."""
    n_weeks = counts.shape[1]
    best = np.zeros(len(counts))
    for first in range(n_weeks):
        for last in range(first + 2, n_weeks + 1):
            size = last - first
            if size > n_weeks - 2:
                continue
            inside = counts[:, first:last].sum(axis=1)
            gap = inside / (size * per_week) - (counts.sum(axis=1) - inside) / ((n_weeks - size) * per_week)
            best = np.maximum(best, per_week * size * (n_weeks - size) / n_weeks * gap**2)
    return best


def test_a_break_is_no_clearer_than_its_series_as_a_whole():
    # 4 of 20 documents a week but 9 in two weeks of eighteen: between its neighbours each break has p below .01, but
    # one series of equal weeks in forty has some two weeks or more that stand out as much
    counts = [4] * 8 + [9] * 2 + [4] * 8
    table = _counted(counts, 20)
    runs = [find_changes(table, random_seed=seed) for seed in range(16)]
    for found in runs:
        assert found["change"].to_list() == [pd.Timestamp("2024-02-26"), pd.Timestamp("2024-03-11")]
    generator = np.random.default_rng(0)
    documents = np.arange(18 * 20) < sum(counts)
    shuffled = generator.permuted(np.tile(documents, (4000, 1)), axis=1).reshape(4000, 18, 20).sum(axis=2)
    expected = (_best_stretch(shuffled, 20) >= _best_stretch(np.array([counts]), 20) - 1e-9).mean()
    assert 0.015 < expected < 0.04
    # drawing stops at ten as extreme: each p is off by a third and, on average, a ninth too large
    assert np.mean([found["p_adjusted"].mean() for found in runs]) == pytest.approx(expected * 10 / 9, rel=0.35)


def test_short_series_and_series_without_variation_have_no_breaks():
    assert find_changes(_weeks(np.random.default_rng(0), [0.1] * 2 + [0.9] * 3)).empty
    assert find_changes(_weeks(np.random.default_rng(0), [0.5] * 8).assign(decision="absent")).empty
    with pytest.raises(InputError, match="No passage has a date"):
        find_changes(_weeks(np.random.default_rng(0), [0.5] * 8).assign(published=pd.NaT))


def test_a_single_pair_is_no_surer_jointly_than_by_students_t():
    # Five documents of one passage in each outlet, a week apart: A 0 0 1 1 1, B 1 0 0 1 0. With one comparison the
    # joint interval is that of Student's t at 5 - 2 degrees, for which draws stretched by the first order fall short.
    days = pd.date_range("2024-01-01", periods=5, freq="7D")
    table = pd.DataFrame(
        {
            "passage_id": [f"p{number}" for number in range(10)], "document_id": [f"d{number}" for number in range(10)],
            "outlet": ["A"] * 5 + ["B"] * 5, "published": [*days, *days], "frame": "f",
            "decision": np.where(np.array([0, 0, 1, 1, 1, 1, 0, 0, 1, 0], dtype=bool), "present", "absent"),
        }
    )  # fmt: skip
    row = compare_trends(table).iloc[0]
    # Slopes, sum of (week - 2) y over 10: A (1 + 2) / 10, B (-2 + 1) / 10. Leverages (week - 2)² / 10 + 1/5:
    # .6 .3 .2 .3 .6.
    # Residuals of A, y - .6 - .3 (week - 2): 0 -.3 .4 .1 -.2; of B, y - .4 + .1 (week - 2): .4 -.5 -.4 .7 -.2.
    # Variances, sums of ((week - 2) residual / (1 - leverage) / 10)²: A: 0 + .3² + 0 + .1² at 1/(.7 × 10)², and
    # (2 × .2 / 4)²; B: (2 × .4 / 4)² + (.5² + .7²) / 49 + (2 × .2 / 4)².
    variance = (0.09 + 0.01) / 49 + 0.01 + 0.04 + (0.25 + 0.49) / 49 + 0.01
    assert row["estimate"] == pytest.approx(0.4)
    half = student.ppf(0.975, 3) * np.sqrt(variance)
    assert (row["low"], row["high"]) == pytest.approx((0.4 - half, 0.4 + half))
    assert row["p_adjusted"] == pytest.approx(2 * student.sf(0.4 / np.sqrt(variance), 3), abs=0.05)
    assert row["p_adjusted"] >= 2 * student.sf(0.4 / np.sqrt(variance), 3)


def test_slopes_are_least_squares_with_documents_as_clusters():
    sm = pytest.importorskip("statsmodels.api")
    a = _weeks(np.random.default_rng(5), [0.1, 0.2, 0.3, 0.4, 0.5], outlet="A")
    b = _weeks(np.random.default_rng(6), [0.3] * 5, outlet="B")
    row = compare_trends(pd.concat([a, b])).iloc[0]
    fits = []
    for part in (a, b):
        week = ((part["published"] - pd.Timestamp("2024-01-01")).dt.days / 7).to_numpy()
        groups = pd.factorize(part["document_id"])[0]
        model = sm.OLS((part["decision"] == "present").astype(float).to_numpy(), sm.add_constant(week))
        fits.append(model.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}))
    assert (row["slope_a"], row["slope_b"]) == pytest.approx((fits[0].params[1], fits[1].params[1]))
    assert row["estimate"] == pytest.approx(fits[0].params[1] - fits[1].params[1])
    spread = np.sqrt(sum(fit.bse[1] ** 2 * 60 / 58 for fit in fits))  # 60 documents, less two
    assert (row["high"] - row["low"]) / 2 / spread == pytest.approx(2.0, abs=0.15)  # one comparison: t of 58
    assert row["differs"] == (row["low"] > 0)
    assert row["differs"]


def test_trends_need_two_groups():
    with pytest.raises(InputError, match="Trends need two outlets with 5 dated documents in three weeks each"):
        compare_trends(_weeks(np.random.default_rng(0), [0.5] * 4))


def test_abstentions_of_one_frame_leave_its_own_denominator_only():
    table = _weeks(np.random.default_rng(1), [0.2] * 6 + [0.6] * 5)
    other = table.assign(frame="g")
    generator = np.random.default_rng(0)
    table = table.assign(decision=table["decision"].where(generator.random(len(table)) < 0.5, "abstain"))
    alone = find_changes(table)
    beside = find_changes(pd.concat([table, other]))
    beside = beside[beside["frame"] == "f"]
    for name in ("change", "before", "after", "n_passages"):
        assert beside[name].to_list() == alone[name].to_list()
