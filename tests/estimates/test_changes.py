"""Breaks of a series: planted ones, none, and the price of many series."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

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
