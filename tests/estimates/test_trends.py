"""Change points and slopes: planted ones found, none made up, and what is said where nothing can be found."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.changes import find_changes
from framing.estimates.trends import build_series, compare_trends
from tests.labelled import sampled_table


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
    single = find_changes(table)
    beside = find_changes(pd.concat([table, other]))
    beside = beside[beside["frame"] == "f"]
    for name in ("change", "before", "after", "n_passages"):
        assert beside[name].to_list() == single[name].to_list()


def _passages(outlets: dict[str, list[tuple[int, int, int]]], frame: str = "f") -> pd.DataFrame:
    """Outlets to documents: its week, its passages, and how many of them carry the frame."""
    rows = [
        (f"{outlet}{number}-{place}", f"{outlet}{number}", outlet, place < present,
         pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week))
        for outlet, documents in outlets.items()
        for number, (week, size, present) in enumerate(documents)
        for place in range(size)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "present", "published"])
    return table.assign(frame=frame, decision=np.where(table["present"], "present", "absent"))


def _fit(documents: list[tuple[int, int, int]]) -> tuple[float, float]:
    """Slope and variance, document by document; no leverage above nine tenths."""
    total = sum(n for _, n, _ in documents)
    mean_time = sum(n * t for t, n, _ in documents) / total
    squares = sum(n * (t - mean_time) ** 2 for t, n, _ in documents)
    slope = sum((t - mean_time) * y for t, _, y in documents) / squares
    mean = sum(y for _, _, y in documents) / total
    variance = 0.0
    for t, n, y in documents:
        residual = y - n * (mean + slope * (t - mean_time))
        leverage = min(n * ((t - mean_time) ** 2 / squares + 1 / total), 0.9)
        variance += ((t - mean_time) * residual / (1 - leverage) / squares) ** 2
    return slope, variance


# the last document of A has most of its passages and a leverage of more than nine tenths
LINES = {
    "A": [(0, 2, 1), (0, 1, 0), (1, 3, 1), (2, 2, 2), (2, 1, 0), (6, 30, 21)],
    "B": [(0, 2, 1), (1, 1, 1), (1, 4, 1), (2, 3, 1), (5, 4, 0), (6, 3, 1), (6, 2, 0), (7, 5, 2)],
}


@pytest.mark.parametrize("turned", [False, True])
def test_slopes_and_their_errors_by_plain_loops(turned):
    outlets = dict(zip("BA", LINES.values(), strict=True)) if turned else LINES
    a, b = _fit(outlets["A"]), _fit(outlets["B"])
    for level in (0.95, 0.8):
        row = compare_trends(_passages(outlets), level=level, n_bootstrap=500).iloc[0]
        assert (row["slope_a"], row["slope_b"]) == pytest.approx((a[0], b[0]))
        assert row["estimate"] == pytest.approx(a[0] - b[0])
        # one comparison: hardly wider than Student's t with the six documents of the smaller outlet less two
        reach = student.ppf((1 + level) / 2, 4) * np.sqrt(a[1] + b[1])
        assert row["high"] - row["estimate"] == pytest.approx(row["estimate"] - row["low"])
        assert reach * (1 - 1e-9) <= row["high"] - row["estimate"] <= 1.15 * reach
        assert (row["n_passages"], row["n_documents"], row["n_gold"]) == (63, 14, 0)


def test_three_documents_in_three_periods_have_a_slope():
    few = {"A": [(0, 2, 1), (1, 2, 2), (2, 2, 0)], "B": [(0, 3, 1), (1, 2, 1), (2, 4, 1)]}
    row = compare_trends(_passages(few), min_documents=3, n_bootstrap=300).iloc[0]
    reach = student.ppf(0.975, 1) * np.sqrt(_fit(few["A"])[1] + _fit(few["B"])[1])
    assert row["high"] - row["estimate"] >= reach * (1 - 1e-9)
    with pytest.raises(InputError, match="Trends need two outlets with 4 dated documents"):
        compare_trends(_passages(few), min_documents=4)
    two_periods = {name: [(week % 2, n, y) for week, n, y in LINES["B"]] for name in "AB"}
    with pytest.raises(InputError, match="there are 0"):
        compare_trends(_passages(two_periods))


def test_slopes_of_several_frames_stand_clearest_first():
    # g: nothing changes in either outlet, and no document leaves its line. h was never decided.
    flat = {name: [(week, 2, 1) for week in range(6)] for name in "AB"}
    steep = {
        "A": [(week, 6, present) for week, present in enumerate((0, 1, 3, 3, 5, 5))],
        "B": [(week, 6, present) for week, present in enumerate((5, 5, 3, 3, 1, 0))],
    }
    f, g = _passages(steep), _passages(flat, "g")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = compare_trends(pd.concat([g, f, f.assign(frame="h", decision="abstain")]), n_bootstrap=199)
    assert result["frame"].to_list() == ["f", "g", "h"]
    assert result["estimate"].to_list()[1:] == [0, 0]
    assert result[["low", "high", "p_adjusted"]].iloc[1:].isna().all(axis=None)
    reason = "no interval: no unit of either group leaves its line, as where no passage has the frame"
    assert result["method"].str.endswith(reason).to_list() == [False, True, True]
    assert result["differs"].to_list() == [True, False, False]
    assert result["p_adjusted"].iloc[0] == pytest.approx(1 / 200, abs=0.005)
    assert result.index.to_list() == [0, 1, 2]
    # documents without a row of a frame have no passages of it
    assert set(result["n_passages"]) == {72}


def test_a_p_value_of_one_less_the_level_is_no_difference():
    # three draws, none as far: p is 1 / 4
    generator = np.random.default_rng(0)
    rising = {"A": [(week, 40, min(40, 4 * week + int(generator.integers(0, 3)))) for week in range(10)]}
    falling = {"B": [(week, 40, max(0, 38 - 4 * week + int(generator.integers(0, 3)))) for week in range(10)]}
    row = compare_trends(_passages(rising | falling), n_bootstrap=3, level=0.75).iloc[0]
    assert (row["p_adjusted"], row["differs"]) == (0.25, False)


def test_series_by_hand():
    table = _passages({"A": [(0, 2, 1), (2, 3, 3)], "B": [(1, 1, 0)]})
    table.loc[1, "published"] = pd.Timestamp("2024-01-15")  # a document with passages in two weeks counts in each
    other = table.iloc[:1].assign(frame="g")
    first, second = build_series(pd.concat([table, other]), by="outlet", period="week", corrected=True)
    assert (first.name, second.name) == ("A", "B")
    assert first.periods == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-15")]
    assert first.period_of.tolist() == [0, 1, 1]
    assert first.n.tolist() == [[1, 1], [1, 0], [3, 0]]
    assert first.sums.tolist() == [[1, 1], [0, 0], [3, 0]]
    assert (first.n_passages, first.n_documents, first.n_gold) == (5, 3, 0)
    assert (second.n.tolist(), second.sums.tolist()) == ([[1, 0]], [[0, 0]])
    labels = np.tile([1.0, 0.0], 12)
    labelled = sampled_table(labels, np.zeros(24), np.repeat([2.0, 0.0], 12), documents=np.arange(24) // 2)
    (series,) = build_series(labelled, by=None, period="week", corrected=True)
    assert series.gold.tolist() == [0] * 6 + [2] * 6 if series.gold[0] == 0 else [2] * 6 + [0] * 6
    assert series.n_gold == 12
    (raw,) = build_series(labelled, by=None, period="week", corrected=False)
    assert raw.n_gold == 0


def test_a_table_that_was_written_to_csv_and_read_back_gives_the_same():
    generator = np.random.default_rng(4)
    table = pd.concat([_weeks(generator, [0.2] * 4 + [0.8] * 4), _weeks(generator, [0.5] * 8, outlet="B")])
    read = pd.read_csv(io.StringIO(table.to_csv(index=False)))
    pd.testing.assert_frame_equal(
        compare_trends(read, n_bootstrap=50), compare_trends(table, n_bootstrap=50), check_dtype=False
    )
    pd.testing.assert_frame_equal(
        find_changes(read, n_permutations=50), find_changes(table, n_permutations=50), check_dtype=False
    )


def _stories(weeks: int, *, outlet: str, shares: list[float], per_story: int = 5) -> pd.DataFrame:
    """One story a week in documents of one passage; the share of each is given."""
    rows = [
        (f"{outlet}{week}-{number}", outlet, pd.Timestamp("2024-01-01") + pd.Timedelta(days=7 * week),
         "present" if number < round(shares[week] * per_story) else "absent", f"{outlet}{week}")
        for week in range(weeks)
        for number in range(per_story)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["document_id", "outlet", "published", "decision", "cluster"])
    return table.assign(passage_id=table["document_id"], frame="f")


def test_slopes_over_clusters_by_hand():
    # A: six weeks, two to a story, so that stories have two periods; B: six weeks and stories
    a = _stories(6, outlet="A", shares=[0.2, 0.6, 0.4, 1.0, 0.6, 0.8])
    a["cluster"] = ["A" + str(int(name[1]) // 2) for name in a["cluster"]]
    b = _stories(6, outlet="B", shares=[0.6, 0.2, 0.6, 0.4, 0.8, 0.2])
    row = compare_trends(pd.concat([a, b]), min_documents=3, n_bootstrap=50).iloc[0]
    variance = 0.0
    for part in (a, b):
        time = (part["published"] - part["published"].min()).dt.days.to_numpy() / 7 - 2.5
        y = (part["decision"] == "present").to_numpy(float)
        squares = (time**2).sum()
        residual = y - y.mean() - time * (time * y).sum() / squares
        for name in part["cluster"].unique():
            inside = (part["cluster"] == name).to_numpy()
            leverage = (time[inside] ** 2 / squares + 1 / 30).sum()
            variance += ((time * residual)[inside].sum() / (1 - leverage) / squares) ** 2
    half = student.ppf(0.975, 1) * np.sqrt(variance)  # three stories of A, less two
    assert row["high"] - row["estimate"] == pytest.approx(half)
    assert (row["n_documents"], row["n_passages"]) == (60, 60)
    assert "clusters as independent units" in row["method"]


def test_slopes_of_documents_that_repeat_their_story_are_no_evidence():
    rising, falling = [0.2, 0.8, 0.2, 0.8, 0.4, 1.0], [0.8, 0.2, 0.8, 0.2, 0.6, 0.0]
    table = pd.concat(
        [_stories(6, outlet=name, shares=shares, per_story=30) for name, shares in (("A", rising), ("B", falling))]
    )
    assert compare_trends(table.drop(columns="cluster"), n_bootstrap=500)["differs"].all()
    assert not compare_trends(table, n_bootstrap=500)["differs"].any()


def test_groups_of_few_clusters_have_a_slope_and_no_interval():
    shares = [0.2, 0.4, 0.4, 0.8, 0.6, 0.8]
    table = pd.concat([_stories(6, outlet=name, shares=shares) for name in "ABC"])
    few = (table["outlet"] == "C") & table["cluster"].isin(["C4", "C5"])
    table.loc[few, "cluster"] = "C3"  # four stories
    result = compare_trends(table, n_bootstrap=200).set_index(["group_a", "group_b"])
    assert result["low"].notna().to_dict() == {("A", "B"): True, ("A", "C"): False, ("B", "C"): False}
    assert result["p_adjusted"].isna().to_list() == [False, True, True]
    assert not result["differs"].any()
    assert result["method"].iloc[1].endswith("no interval: fewer than 5 independent units")
    assert "no interval" not in result["method"].iloc[0]


def test_weights_move_slopes_and_leave_counts():
    # in each week a passage with the frame and one without it; weights turn the share from 1/4 to 3/4
    table = _stories(5, outlet="A", shares=[0.5] * 5, per_story=2)
    share = np.repeat([0.25, 0.375, 0.5, 0.625, 0.75], 2)
    weight = 2 * np.where(table["decision"] == "present", share, 1 - share)
    table = pd.concat([table.assign(weight=weight), _stories(5, outlet="B", shares=[0.5] * 5, per_story=2)])
    row = compare_trends(table.assign(weight=table["weight"].fillna(1.0)), n_bootstrap=50).iloc[0]
    assert (row["slope_a"], row["slope_b"]) == pytest.approx((0.125, 0))
    assert (row["n_passages"], row["n_documents"]) == (20, 20)
