"""Every joint test counts all of its comparisons: the second one moves the critical value as theory says it must.

Two textbook laws are the expectation. Of `m` independent comparisons the chance that the largest is as far out as one
with p-value p is 1 - (1 - p)^m (Sidak 1967). Of all pairs of three groups that are alike, the largest difference over
its standard error is the studentised range over the root of two (Tukey 1953).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, studentized_range, t

from framing.estimates.arrivals import compare_arrivals, measure_drift
from framing.estimates.compare import compare_groups
from framing.estimates.cooccurrence import measure_cooccurrence
from framing.estimates.decompose import decompose_differences
from framing.estimates.trends import compare_trends
from framing.validation.errors_by_group import compare_errors


def sidak(p: float, m: int) -> float:
    return 1 - (1 - p) ** m


def sidak_quantile(m: int, degrees: float) -> float:
    return float(t.ppf((1 + 0.95 ** (1 / m)) / 2, degrees))


def tukey_quantile(n_groups: int, degrees: float) -> float:
    return float(studentized_range.ppf(0.95, n_groups, degrees) / np.sqrt(2))


def crossed_frames(outlets: dict[str, list[tuple[int, ...]]]) -> pd.DataFrame:
    """One passage a document; per outlet a list of documents, each the presence of every frame."""
    rows = [
        (f"{outlet}{number}", outlet, "fghij"[which], "present" if value else "absent")
        for outlet, documents in outlets.items()
        for number, document in enumerate(documents)
        for which, value in enumerate(document)
    ]
    table = pd.DataFrame(rows, columns=["document_id", "outlet", "frame", "decision"])
    return table.assign(
        passage_id=table["document_id"], perspective="", published=pd.NaT, text="text", score=0.5, event="x"
    )


def independent(n: int, k: int, share: float, seed: int) -> list[tuple[int, ...]]:
    """Documents whose `k` frames are present in exactly `share` of them, in an order of its own for each frame."""
    generator = np.random.default_rng(seed)
    column = np.arange(n) < round(share * n)
    return [tuple(row) for row in np.column_stack([generator.permutation(column) for _ in range(k)]).astype(int)]


def binomial_error(share: float, n: int) -> float:
    return float(np.sqrt(share * (1 - share) / (n - 1)))


@pytest.mark.parametrize("k", [1, 2, 5])
def test_contrasts_of_more_frames_are_as_wide_as_independent_comparisons_ask(k):
    # two outlets of 200 documents, share 1/2 of each frame: standard error sqrt(2 × .25 / 199)
    table = crossed_frames({name: independent(200, k, 0.5, seed) for seed, name in enumerate("AB")})
    result = compare_groups(table, n_bootstrap=6000)
    half = (result["high"] - result["low"]) / 2 / (np.sqrt(2) * binomial_error(0.5, 200))
    # frames are independent in the population, in 200 documents their correlations are .07 or so
    assert half.to_numpy() == pytest.approx(sidak_quantile(k, 199), rel=0.035)


def test_contrasts_of_three_groups_are_as_wide_as_the_studentised_range():
    table = crossed_frames({name: independent(200, 1, 0.5, 0) for name in "ABC"})
    result = compare_groups(table, n_bootstrap=6000)
    half = (result["high"] - result["low"]) / 2 / (np.sqrt(2) * binomial_error(0.5, 200))
    assert half.to_numpy() == pytest.approx(tukey_quantile(3, 199), rel=0.035)


def test_a_contrast_that_is_clear_alone_is_not_beside_others():
    # shares .5 and .62 of 200 documents: z = 2.4 and p = .015 alone; of five independent comparisons .07
    frames = {name: independent(200, 5, 0.5, seed) for seed, name in enumerate("AB")}
    frames["B"] = [(int(number < 124), *rest[1:]) for number, rest in enumerate(frames["B"])]
    table = crossed_frames(frames)
    single = compare_groups(table[table["frame"] == "f"], n_bootstrap=4000).iloc[0]
    beside = compare_groups(table, n_bootstrap=4000).iloc[0]
    z = 0.12 / np.hypot(binomial_error(0.5, 200), binomial_error(0.62, 200))
    assert single["p_adjusted"] == pytest.approx(2 * norm.sf(z), abs=0.007)
    assert beside["p_adjusted"] == pytest.approx(sidak(2 * norm.sf(z), 5), abs=0.02)
    assert (beside["frame"], bool(single["differs"]), bool(beside["differs"])) == ("f", True, False)


def weekly(outlets: dict[str, int], *, frames: int = 1, per_week: int = 60, weeks: int = 5) -> pd.DataFrame:
    """Documents of one passage, independent fair frames, drawn from the seed of each outlet."""
    parts = []
    for outlet, seed in outlets.items():
        generator = np.random.default_rng(seed)
        n = per_week * weeks
        day = pd.Timestamp("2024-01-01") + pd.to_timedelta(7 * (np.arange(n) % weeks), unit="D")
        for which in range(frames):
            names = [f"{outlet}{number}" for number in range(n)]
            present = generator.random(n) < 0.5
            parts.append(
                pd.DataFrame(
                    {"passage_id": names, "document_id": names, "outlet": outlet, "published": day,
                     "frame": "fghij"[which], "decision": np.where(present, "present", "absent")}
                )
            )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def slope_errors(table: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Jackknife standard error of the weekly slope of each outlet and frame: each document left out in turn."""
    errors = {}
    for key, part in table.groupby(["outlet", "frame"]):
        week = ((part["published"] - pd.Timestamp("2024-01-01")).dt.days / 7).to_numpy()
        y = (part["decision"] == "present").to_numpy(float)
        documents = pd.factorize(part["document_id"])[0]
        whole = np.polyfit(week, y, 1)[0]
        shifted = [np.polyfit(week[documents != d], y[documents != d], 1)[0] - whole for d in np.unique(documents)]
        errors[key] = float(np.sqrt(np.square(shifted).sum()))
    return errors


def trend_quantiles(table: pd.DataFrame) -> np.ndarray:
    """Half the width of each interval of `compare_trends` over its jackknife error."""
    errors = slope_errors(table)
    result = compare_trends(table, n_bootstrap=8000)
    error = [np.hypot(errors[a, f], errors[b, f]) for a, b, f in result[["group_a", "group_b", "frame"]].to_numpy()]
    return ((result["high"] - result["low"]) / 2 / np.array(error)).to_numpy()


def test_slopes_of_three_groups_are_as_wide_as_the_studentised_range():
    assert trend_quantiles(weekly({"A": 1, "B": 1, "C": 1})) == pytest.approx(tukey_quantile(3, 298), rel=0.03)


def test_slopes_of_more_frames_are_as_wide_as_independent_comparisons_ask():
    assert trend_quantiles(weekly({"A": 1, "B": 2}, frames=4)) == pytest.approx(sidak_quantile(4, 298), rel=0.03)


def test_the_error_of_a_slope_is_that_of_the_jackknife_with_few_documents_too():
    # nine documents a group: without the correction for leverage the error is a fifth too small
    table = weekly({"A": 3, "B": 5}, per_week=3, weeks=3)
    assert trend_quantiles(table) == pytest.approx(t.ppf(0.975, 7), rel=0.06)


@pytest.mark.parametrize(("period", "days"), [("day", 1), ("week", 7), ("month", 365.25 / 12)])
def test_slopes_are_in_shares_a_period(period, days):
    # a share that rises by a twelfth from each period to the next, and one that stays
    starts = {"day": pd.date_range("2024-01-01", periods=12, freq="D"),
              "week": pd.date_range("2024-01-01", periods=12, freq="7D"),
              "month": pd.date_range("2024-01-01", periods=12, freq="MS")}[period]  # fmt: skip
    rows = [
        (f"{outlet}{place}-{number}", outlet, start, "present" if number < present else "absent")
        for place, start in enumerate(starts)
        for outlet, present in (("A", place), ("B", 6))
        for number in range(12)
    ]
    table = pd.DataFrame(rows, columns=["passage_id", "outlet", "published", "decision"])
    table = table.assign(document_id=table["passage_id"], frame="f")
    row = compare_trends(table, period=period, n_bootstrap=200).iloc[0]
    time = (starts - starts[0]).days / days
    assert row["slope_a"] == pytest.approx(np.polyfit(time, np.arange(12) / 12, 1)[0], rel=1e-9)
    assert row["slope_a"] == pytest.approx(1 / 12, rel=0.01)
    assert row["slope_b"] == pytest.approx(0, abs=1e-12)


# 2 × 2 of f and g in 100 documents: both, f alone, g alone, neither
ASSOCIATED = [(1, 1)] * 31 + [(1, 0)] * 19 + [(0, 1)] * 19 + [(0, 0)] * 31


@pytest.mark.slow
def test_pairs_of_more_groups_count_as_independent_comparisons():
    single = measure_cooccurrence(crossed_frames({"A": ASSOCIATED}), n_bootstrap=4000).iloc[0]
    fair = [(1, 1), (1, 0), (0, 1), (0, 0)] * 25
    others = dict.fromkeys("BCDE", fair)
    beside = (
        measure_cooccurrence(crossed_frames({"A": ASSOCIATED, **others}), n_bootstrap=4000).set_index("outlet").loc["A"]
    )
    assert 0.01 < single["p_adjusted"] < 0.05
    assert beside["p_adjusted"] == pytest.approx(sidak(single["p_adjusted"], 5), abs=0.02)
    assert (bool(single["differs"]), bool(beside["differs"])) == (True, False)


def test_pairs_of_more_frames_count_as_independent_comparisons():
    # f and g as above; three frames, made of every combination in each cell, have to do with none
    wide = [(f, g, *rest) for (f, g), rest in zip(
        ASSOCIATED, [(h, i, j) for h in (0, 1) for i in (0, 1) for j in (0, 1)] * 13, strict=False)]  # fmt: skip
    table = crossed_frames({"A": wide})
    single = measure_cooccurrence(table[table["frame"].isin(["f", "g"])], n_bootstrap=4000).iloc[0]
    beside = measure_cooccurrence(table, n_bootstrap=4000).iloc[0]
    assert (beside["frame_a"], beside["frame_b"]) == ("f", "g")
    assert beside["p_adjusted"] == pytest.approx(sidak(single["p_adjusted"], 10), abs=0.03)
    assert (bool(single["differs"]), bool(beside["differs"])) == (True, False)


def test_parts_of_more_frames_count_as_independent_comparisons():
    # one story that both tell: all of the difference is framing, agenda is zero and never moves
    frames = {name: independent(200, 5, 0.5, seed) for seed, name in enumerate("AB")}
    frames["B"] = [(int(number < 124), *rest[1:]) for number, rest in enumerate(frames["B"])]
    table = crossed_frames(frames)
    single = decompose_differences(table[table["frame"] == "f"], n_bootstrap=2000).set_index("component").loc["framing"]
    beside = decompose_differences(table, n_bootstrap=2000).set_index(["frame", "component"]).loc[("f", "framing")]
    z = 0.12 / np.hypot(binomial_error(0.5, 200), binomial_error(0.62, 200))
    assert single["p_adjusted"] == pytest.approx(2 * t.sf(z, 199), abs=0.012)
    assert beside["p_adjusted"] == pytest.approx(sidak(2 * t.sf(z, 199), 5), abs=0.03)
    assert (bool(single["differs"]), bool(beside["differs"])) == (True, False)


def test_parts_of_three_groups_count_all_pairs():
    # A and C are copies; B differs from both. The last pair alone would leave p of the first near its own.
    with_b = {"A": 100, "B": 124, "C": 100}
    table = crossed_frames({name: [(int(k < n),) for k in range(200)] for name, n in with_b.items()})
    result = decompose_differences(table, n_bootstrap=2000).set_index(["group_a", "group_b", "component"])
    z = 0.12 / np.hypot(binomial_error(0.5, 200), binomial_error(0.62, 200))
    expected = float(studentized_range.sf(z * np.sqrt(2), 3, 199))
    for pair in (("A", "B"), ("B", "C")):
        assert result.loc[(*pair, "framing"), "p_adjusted"] == pytest.approx(expected, abs=0.02)


def test_errors_of_three_groups_are_as_wide_as_the_studentised_range():
    # each passage has the frame, so that recall is the only rate: 100 of 200 in each group
    n = 200
    result = compare_errors(
        np.ones((3 * n, 1), dtype=bool), np.tile(np.arange(n) < n // 2, 3)[:, None], groups=np.repeat(list("ABC"), n),
        frames=["f"], documents=[str(number) for number in range(3 * n)], n_bootstrap=6000,
    )  # fmt: skip
    recall = result[result["measure"] == "recall"]
    half = (recall["high"] - recall["low"]) / 2 / (np.sqrt(2) * binomial_error(0.5, n))
    assert half.to_numpy() == pytest.approx(tukey_quantile(3, n - 1), rel=0.035)


def test_errors_of_more_frames_are_as_wide_as_independent_comparisons_ask():
    n, k = 200, 4
    decided = np.array(independent(n, k, 0.5, 0) + independent(n, k, 0.5, 1), dtype=bool)
    result = compare_errors(
        np.ones((2 * n, k), dtype=bool), decided, groups=np.repeat(list("AB"), n), frames=list("fghi"),
        documents=[str(number) for number in range(2 * n)], n_bootstrap=6000,
    )  # fmt: skip
    recall = result[result["measure"] == "recall"]
    half = (recall["high"] - recall["low"]) / 2 / (np.sqrt(2) * binomial_error(0.5, n))
    assert half.to_numpy() == pytest.approx(sidak_quantile(k, n - 1), rel=0.035)


def arrivals(outlets: dict[str, tuple[int, int]], n: int = 200) -> tuple[pd.DataFrame, list[str]]:
    """Documents with the frame among `n` earlier and `n` new ones of each outlet, and the ids of the earlier ones."""
    documents = {name: [(int(k < old),) for k in range(n)] + [(int(k < new),) for k in range(n)]
                 for name, (old, new) in outlets.items()}  # fmt: skip
    return crossed_frames(documents), [f"{name}{k}" for name in outlets for k in range(n)]


def test_arrivals_of_another_group_double_the_p_value():
    # shares .5 and .605 of 200 documents: z = 2.12, p = .034 alone
    single = compare_arrivals(*arrivals({"A": (100, 121)}), n_bootstrap=2000).iloc[0]
    result = compare_arrivals(*arrivals({"A": (100, 121), "B": (100, 100)}), n_bootstrap=2000)
    beside = result.set_index("group").loc["A"]
    assert beside["p_adjusted"] == pytest.approx(2 * single["p_adjusted"])
    assert (bool(single["differs"]), bool(beside["differs"])) == (True, False)
    # and the interval is that of half the error
    wider = (beside["high"] - beside["low"]) / (single["high"] - single["low"])
    assert wider == pytest.approx(norm.ppf(1 - 0.05 / 4) / norm.ppf(1 - 0.05 / 2), rel=0.04)
    assert beside["low"] < 0 < single["low"]
    assert result["p_adjusted"].max() == 1


def test_drift_of_another_frame_doubles_the_p_value():
    generator = np.random.default_rng(0)
    table, earlier = arrivals({"A": (100, 123)})
    scores = generator.random(len(table)) + 0.14 * ~table["document_id"].isin(earlier)
    table = table.assign(score=scores)
    both = pd.concat([table, table.assign(frame="g", score=0.5)])
    single = measure_drift(table, earlier).set_index("frame").loc["f"]
    beside = measure_drift(both, earlier).set_index("frame")
    assert beside.loc["f", "p_adjusted"] == pytest.approx(2 * single["p_adjusted"])
    assert beside.loc["g", "p_adjusted"] == 1
