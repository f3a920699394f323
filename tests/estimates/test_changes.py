"""Breaks of a series: planted ones, none, and the price of many series."""

from __future__ import annotations

import warnings
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.changes import find_changes


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
    result = find_changes(table, marks=marks)
    assert len(result) == 1
    row = result.iloc[0]
    start = pd.Timestamp("2024-02-12")
    assert row["change"] == start
    present = table["decision"] == "present"
    assert row["before"] == pytest.approx(present[table["published"] < start].mean())
    assert row["after"] == pytest.approx(present[table["published"] >= start].mean())
    assert row["low"] < row["after"] - row["before"] < row["high"]
    assert row["differs"]
    assert row["p_adjusted"] == pytest.approx(1 / 2000)  # one series: as few as the permutations allow
    assert (row["group"], row["near"], row["n_documents"]) == ("all", "near", 132)


@pytest.mark.slow
def test_nothing_is_found_where_nothing_changes():
    clear = [
        find_changes(_weeks(np.random.default_rng(seed), [0.3] * 10, documents=8), n_permutations=199)["differs"].any()
        for seed in range(60)
    ]
    assert np.sum(clear) <= 8  # 3 expected at 5 %; nine or more in 1 of 200 such tests


def test_two_steps_are_tested_each_against_its_neighbours():
    table = _weeks(np.random.default_rng(2), [0.15] * 5 + [0.6] * 5 + [0.2] * 5)
    result = find_changes(table).sort_values("change")
    assert result["change"].to_list() == [pd.Timestamp("2024-02-05"), pd.Timestamp("2024-03-11")]
    assert result["differs"].all()
    assert result["after"].iloc[0] == pytest.approx(result["before"].iloc[1])


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
    result = find_changes(table).sort_values("change")
    assert result["change"].to_list() == [pd.Timestamp("2024-02-05"), pd.Timestamp("2024-03-11")]
    week = (table["published"] - pd.Timestamp("2024-01-01")).dt.days // 7
    expected = [int((labelled & week.between(first, first + 9)).sum()) for first in (0, 5)]
    assert result["n_gold"].to_list() == expected
    assert max(expected) < labelled.sum()
    assert find_changes(table, corrected=False)["n_gold"].to_list() == [0, 0]


def test_series_of_each_group_pay_for_their_number():
    tables = [_weeks(np.random.default_rng(n), [0.2] * 6 + [0.7] * 6, outlet=name) for n, name in enumerate("AB")]
    result = find_changes(pd.concat(tables), by="outlet")
    assert set(result["group"]) == {"A", "B"}
    assert result["p_adjusted"].min() == pytest.approx(2 / 2000)


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


@pytest.mark.slow
def test_a_break_is_no_clearer_than_its_series_as_a_whole():
    # 4 of 20 documents a week but 9 in two weeks of eighteen: between its neighbours each break has p below .01, but
    # one series of equal weeks in forty has some two weeks or more that stand out as much
    counts = [4] * 8 + [9] * 2 + [4] * 8
    table = _counted(counts, 20)
    runs = [find_changes(table, random_seed=seed) for seed in range(16)]
    for result in runs:
        assert result["change"].to_list() == [pd.Timestamp("2024-02-26"), pd.Timestamp("2024-03-11")]
    generator = np.random.default_rng(0)
    documents = np.arange(18 * 20) < sum(counts)
    shuffled = generator.permuted(np.tile(documents, (4000, 1)), axis=1).reshape(4000, 18, 20).sum(axis=2)
    expected = (_best_stretch(shuffled, 20) >= _best_stretch(np.array([counts]), 20) - 1e-9).mean()
    assert 0.015 < expected < 0.04
    # drawing stops at ten as extreme: each p is off by a third and, on average, a ninth too large
    assert np.mean([result["p_adjusted"].mean() for result in runs]) == pytest.approx(expected * 10 / 9, rel=0.35)


def test_short_series_and_series_without_variation_have_no_breaks():
    assert find_changes(_weeks(np.random.default_rng(0), [0.1] * 2 + [0.9] * 3)).empty
    assert find_changes(_weeks(np.random.default_rng(0), [0.5] * 8).assign(decision="absent")).empty
    with pytest.raises(InputError, match="No passage has a date"):
        find_changes(_weeks(np.random.default_rng(0), [0.5] * 8).assign(published=pd.NaT))


def test_the_sides_of_a_break_by_hand():
    # Documents as (week, passages, passages with the frame): twice as many after the break, of other sizes.
    before = [(0, 3, 1), (1, 4, 0), (1, 2, 1), (2, 5, 1), (2, 1, 0), (3, 4, 1)]
    after = [(4, 2, 2), (4, 5, 4), (5, 3, 3), (5, 4, 3), (6, 2, 2), (6, 5, 5), (7, 1, 0), (7, 6, 5), (7, 3, 2)]
    rows = [
        (f"{number}-{place}", f"{number}", pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week), place < present)
        for number, (week, size, present) in enumerate([*before, *after])
        for place in range(size)
    ]
    table = pd.DataFrame(rows, columns=["passage_id", "document_id", "published", "present"])
    table = table.assign(frame="f", decision=np.where(table["present"], "present", "absent"))
    for level in (0.95, 0.8):
        row = find_changes(table, level=level).iloc[0]
        shares, variance = [], 0.0
        for side in (before, after):
            n, y = sum(size for _, size, _ in side), sum(present for _, _, present in side)
            shares.append(y / n)
            squares = sum((present - y / n * size) ** 2 for _, size, present in side)
            variance += squares / n**2 * len(side) / (len(side) - 1)
        reach = student.ppf((1 + level) / 2, 5) * np.sqrt(variance)
        assert (row["before"], row["after"]) == pytest.approx(shares)
        assert row["estimate"] == pytest.approx(shares[1] - shares[0])
        assert (row["low"], row["high"]) == pytest.approx((row["estimate"] - reach, row["estimate"] + reach))
        assert row["change"] == pd.Timestamp("2024-01-29")
        assert (row["n_passages"], row["n_documents"], row["n_gold"], row["near"]) == (50, 15, 0, "")


def test_sides_without_spread_have_no_interval():
    row = find_changes(_counted([0, 0, 0, 1, 1, 1], 1)).iloc[0]
    assert (row["before"], row["after"], row["estimate"]) == (0, 1, 1)
    assert np.isnan(row["low"])
    assert np.isnan(row["high"])


def test_a_side_may_be_two_documents_in_two_periods_and_no_less():
    row = find_changes(_counted([0] * 20 + [1, 1], 1)).iloc[0]
    assert row["change"] == pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=20)
    # one period of another share is no side of a break by itself, neither at the end nor between
    row = find_changes(_counted([2] * 8 + [12], 20)).iloc[0]
    assert row["change"] == pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=7)
    weeks = find_changes(_counted([2] * 6 + [19] + [2] * 6, 20))["change"].sort_values()
    assert weeks.diff().min() >= pd.Timedelta(weeks=2)


@pytest.mark.parametrize(("n_after", "is_found"), [(13, False), (14, True)])
def test_a_candidate_gains_more_than_twice_the_logarithm_of_the_periods(n_after, is_found):
    # Ten weeks of 25 documents, 10 with the frame and then n_after: the gain 250 / 4 (difference)² over p (1 - p) is
    # 3.6 for 13 and 6.4 for 14; the penalty is 2 log 10 = 4.6.
    assert len(find_changes(_counted([10] * 5 + [n_after] * 5, 25), n_permutations=60)) == is_found


def test_six_periods_are_enough_and_few_permutations_are_raised_to_sixty_a_series():
    table = _counted([1, 2, 1, 18, 19, 18], 20)
    assert find_changes(table, n_permutations=19)["p_adjusted"].to_list() == pytest.approx([1 / 61])
    two = pd.concat([table, table.assign(frame="g", decision="absent")])
    assert find_changes(two, n_permutations=19)["p_adjusted"].to_list() == pytest.approx([2 / 121])
    # exactly one less the level is not clear
    row = find_changes(table, n_permutations=63, level=63 / 64).iloc[0]
    assert (row["p_adjusted"], row["differs"]) == (1 / 64, False)


def test_periods_and_series_without_decisions_of_a_frame_are_passed_over():
    counted = _counted([2, 2, 2, 0, 0, 9, 9, 9], 10)
    silent = counted["published"].between("2024-01-22", "2024-01-29")
    f = counted.assign(decision=counted["decision"].where(~silent, "abstain"))
    table = pd.concat([f, counted.assign(frame="g", decision="absent"), counted.assign(frame="h", decision="abstain")])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = find_changes(table)
    assert result["frame"].to_list() == ["f"]
    assert (result["before"].item(), result["after"].item()) == pytest.approx((0.2, 0.9))
    assert result["n_passages"].item() == 60


def _largest_gain(documents: list[tuple[int, float, float]], n_periods: int, *, stretches: bool) -> float:
    """Largest `n_1 n_2 / n (share_1 - share_2)**2` of any split, or of any stretch against the rest, in plain loops."""
    best = 0.0
    starts = range(n_periods) if stretches else [0]
    for first in starts:
        for last in range(first + 2, n_periods + 1):
            if n_periods - (last - first) < 2:
                continue
            inside = [(n, y) for period, n, y in documents if first <= period < last]
            outside = [(n, y) for period, n, y in documents if not first <= period < last]
            (n_in, y_in), (n_out, y_out) = (
                [sum(part[column] for part in side) for column in (0, 1)] for side in (inside, outside)
            )
            best = max(best, n_in * n_out / (n_in + n_out) * (y_in / n_in - y_out / n_out) ** 2)
    return best


def _draw_p_value(documents, n_periods, generator, *, n_permutations, stretches) -> float:
    observed = _largest_gain(documents, n_periods, stretches=stretches)
    periods, values = [period for period, _, _ in documents], np.array([pair for _, *pair in documents])
    n_extreme = 0
    for number in range(1, n_permutations + 1):
        shuffled = [(period, *pair) for period, pair in zip(periods, generator.permutation(values), strict=True)]
        n_extreme += _largest_gain(shuffled, n_periods, stretches=stretches) >= observed - 1e-12
        if n_extreme == 10:
            return 10 / number
    return (1 + n_extreme) / (1 + n_permutations)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_p_values_are_those_of_plain_loops_over_splits_and_stretches(seed):
    generator = np.random.default_rng(seed)
    documents = []
    for week in range(8):
        for _ in range(3):
            size = int(generator.integers(1, 4))
            documents.append((week, size, int(generator.binomial(size, 0.2 if week < 5 else 0.7))))
    rows = [
        (f"{number:02}-{place}", f"{number:02}", pd.Timestamp("2024-01-01") + pd.Timedelta(weeks=week), place < present)
        for number, (week, size, present) in enumerate(documents)
        for place in range(size)
    ]
    table = pd.DataFrame(rows, columns=["passage_id", "document_id", "published", "present"])
    table = table.assign(frame="f", decision=np.where(table["present"], "present", "absent"))
    result = find_changes(table, n_permutations=150, random_seed=seed).sort_values("change")
    draws = np.random.default_rng([seed, 0, 0])
    p_series = _draw_p_value(documents, 8, draws, n_permutations=150, stretches=True)
    breaks = [(day - pd.Timestamp("2024-01-01")).days // 7 for day in result["change"]]
    edges = [0, *breaks, 8]
    expected = []
    for start, end in zip(edges, edges[2:], strict=False):
        inside = [(week - start, n, y) for week, n, y in documents if start <= week < end]
        p_break = _draw_p_value(inside, end - start, draws, n_permutations=150, stretches=False)
        expected.append(max(p_break, p_series))
    assert len(breaks) > 0
    assert result["p_adjusted"].to_list() == pytest.approx(expected)


def test_marks_are_near_from_the_period_before_until_the_one_after():
    table = _counted([1, 2, 1, 18, 19, 18], 20)  # the break is at 22 January
    days = {"early": "2024-01-14 23:59", "before": "2024-01-15", "at": "2024-01-22", "late": "2024-01-28 23:59",
            "after": "2024-01-29"}  # fmt: skip
    marks = pd.DataFrame({"date": pd.to_datetime(list(days.values()), format="mixed"), "label": list(days)})
    assert find_changes(table, marks=marks, n_permutations=60)["near"].to_list() == ["before; at; late"]
    assert find_changes(table, marks=marks.iloc[:0], n_permutations=60)["near"].to_list() == [""]


def test_corrected_shares_are_shown_within_their_range_and_their_difference_is_not_cut():
    # All labels lie in the later weeks and all carry the frame; scores say nothing. Each of 12 labelled passages stands
    # for two, the other 12 for none: a share of 2 after the break.
    table = _counted([0, 0, 0, 4, 4, 4], 4)
    is_labelled = table["published"] >= pd.Timestamp("2024-01-22")
    table = table.assign(
        proxy=0.0, gold=np.where(is_labelled, 1.0, np.nan), gold_proxy=np.where(is_labelled, 0.0, np.nan),
        gold_weight=np.where(is_labelled, 2.0, 0.0), gold_stratum="s", gold_cluster=table["document_id"],
    )  # fmt: skip
    row = find_changes(table, n_permutations=60).iloc[0]
    assert (row["before"], row["after"], row["estimate"], row["n_gold"]) == (0, 1, 2, 12)
    raw = find_changes(table, n_permutations=60, corrected=False).iloc[0]
    assert (raw["estimate"], raw["n_gold"]) == (1, 0)


def _told(counts: list[list[int]], *, per_story: int = 6) -> pd.DataFrame:
    """Weeks to stories: how many of the documents of each story, of one passage each, have the frame."""
    rows = [
        (f"{week}-{story}-{number}", f"{week}-{story}", pd.Timestamp("2024-01-01") + pd.Timedelta(days=7 * week),
         "present" if number < count else "absent")
        for week, stories in enumerate(counts)
        for story, count in enumerate(stories)
        for number in range(per_story)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["document_id", "cluster", "published", "decision"])
    return table.assign(passage_id=table["document_id"], outlet="A", frame="f")


def test_a_step_that_two_stories_make_is_no_change():
    # the frame is in all documents of a story or in none; three of the last stories have it
    table = _told([[0], [0], [0], [6], [0], [0], [6], [6]], per_story=20)
    documents, stories = find_changes(table.drop(columns="cluster")), find_changes(table)
    assert documents["differs"].any()
    assert not stories["differs"].any()


def test_the_interval_of_a_step_is_of_stories_by_hand():
    # two stories a week, six documents each, six of 12 weeks before the step
    before, after = [[0, 2], [1, 1], [0, 0], [2, 1], [1, 0], [0, 1]], [[5, 4], [6, 3], [4, 4], [6, 5], [3, 5], [6, 6]]
    table = _told(before + after)
    row = find_changes(table).iloc[0]
    variance = 0.0
    for counts in (before, after):
        y = np.ravel(counts)
        variance += ((y - y.mean()) ** 2).sum() / (6 * 12) ** 2 * 12 / 11
    reach = student.ppf(0.975, 11) * np.sqrt(variance)
    assert row["estimate"] == pytest.approx(np.sum(after) / 72 - np.sum(before) / 72)
    assert row["high"] - row["estimate"] == pytest.approx(reach)
    assert (row["n_documents"], row["n_passages"], bool(row["differs"])) == (144, 144, True)
    assert "permutation of clusters" in row["method"]


def test_a_story_on_both_sides_of_a_step_is_one_unit_by_hand():
    before, after = [[0, 2], [1, 1], [0, 0]], [[5, 4], [6, 3], [4, 4]]
    table = _told(before + after)
    table.loc[table["cluster"].isin(["2-1", "3-1"]), "cluster"] = "both"
    row = find_changes(table).iloc[0]
    parts = [(np.ravel(counts) - np.mean(counts)) / 36 * np.sqrt(6 / 5) for counts in (before, after)]
    psi = np.r_[-parts[0][:5], parts[1][[0, 2, 3, 4, 5]], parts[1][1] - parts[0][5]]  # 2-1 is the last, 3-1 the second
    reach = student.ppf(0.975, 5) * np.sqrt((psi**2).sum())
    assert row["high"] - row["estimate"] == pytest.approx(reach)


def test_p_values_of_weeks_as_clusters_are_those_of_all_orders():
    # six weeks, one cluster each: 0 0 0 6 6 6 of 6. Of 20 orders two are as far apart at the middle, and as stretches
    # of three weeks six: the first, the last or inner three of one kind (and the other three the rest).
    table = _told([[0], [0], [0], [6], [6], [6]])
    row = find_changes(table, n_permutations=9999).iloc[0]
    assert row["p_adjusted"] == pytest.approx(_share_of_orders([0, 0, 0, 6, 6, 6]), abs=0.15)
    assert not row["differs"]
    assert find_changes(table.drop(columns="cluster"))["differs"].all()


def _share_of_orders(counts: list[int]) -> float:
    """Share of the orders of weeks whose best stretch is as good as that of the data."""
    orders = np.array(sorted(set(permutations(counts))))
    best = _best_stretch(orders, 6)
    return float((best >= _best_stretch(np.array([counts]), 6) - 1e-9).mean())


def test_a_change_beside_a_single_story_has_no_interval():
    table = _told([[0, 1], [1, 0], [0, 0], [1, 0], [0, 1], [6], [6]])
    table.loc[table["cluster"].isin(["5-0", "6-0"]), "cluster"] = "last"
    result = find_changes(table)
    assert len(result) == 1
    assert result[["low", "high"]].isna().all(axis=None)
    assert result["method"].str.endswith("no interval: fewer than two independent units before or after").all()
    assert not result["differs"].any()
