"""Shares of clustered documents: by hand, at the edges, and their coverage in a simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.corpus.periods import add_period
from framing.errors import InputError
from framing.estimates.prevalence import BOOTSTRAP, EXACT, draw_shares, estimate_prevalence
from framing.uncertainty.intervals import exact_bounds, percentiles
from tests.estimation import classified_table, clustered_table


def test_share_is_of_passages_and_counts_are_right():
    # A: 2 of 3, 0 of 1, 2 of 2 passages: 4 of 6 in 3 documents (the mean of the documents would be 5/9).
    # B: 1 of 2 in 1 document.
    table = classified_table({"B": [[1, 0]], "A": [[1, 1, 0], [0], [1, 1]]})
    result = estimate_prevalence(table, n_bootstrap=300)
    assert result["outlet"].to_list() == ["A", "B"]
    assert result["estimate"].to_list() == pytest.approx([4 / 6, 1 / 2])
    assert result["n_passages"].to_list() == [6, 2]
    assert result["n_documents"].to_list() == [3, 1]
    assert result["n_gold"].to_list() == [0, 0]
    assert list(result.columns) == [
        "outlet", "frame", "estimate", "low", "high", "n_passages", "n_documents", "n_gold", "method",
    ]  # fmt: skip


def test_abstentions_leave_numerator_and_denominator():
    # Of 1, 0, abstain, abstain and 1: 2 of 3.
    result = estimate_prevalence(classified_table({"A": [[1, 0, -1], [-1, 1]]}), n_bootstrap=50)
    assert result["estimate"].item() == pytest.approx(2 / 3)
    assert result["n_passages"].item() == 3


def test_a_single_document_has_no_interval_and_says_so():
    row = estimate_prevalence(classified_table({"A": [[1, 0, 0, 0]]}), n_bootstrap=50).iloc[0]
    assert row["estimate"] == 0.25
    assert np.isnan(row["low"])
    assert np.isnan(row["high"])
    assert row["method"] == "no interval: a single document"


def test_a_frame_in_no_document_and_in_every_one():
    # Of 8 documents, 16 passages: nothing varies, each document counts once. 1 - 0.025^(1/8) = 0.3694.
    table = classified_table({"none": [[0, 0]] * 8, "whole": [[1, 1]] * 8})
    none, whole = estimate_prevalence(table, n_bootstrap=50).itertuples()
    assert (none.estimate, none.low, none.method) == (0.0, 0.0, EXACT)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 8))
    assert (whole.estimate, whole.high, whole.method) == (1.0, 1.0, EXACT)
    assert whole.low == pytest.approx(0.025 ** (1 / 8))


def test_the_same_share_in_every_document_is_not_taken_for_certainty():
    # One passage in three in documents of 3 and of 6: all draws are 1/3 but for rounding. A percentile
    # interval would have no width; each of the 9 documents counts once instead.
    table = classified_table({"A": [[1, 0, 0] * (1 + number % 2) for number in range(9)]})
    row = estimate_prevalence(table, n_bootstrap=300).iloc[0]
    assert row["method"] == EXACT
    assert (row["low"], row["high"]) == pytest.approx(exact_bounds(1 / 3, 9, level=0.95))


def test_a_rare_frame_gets_the_exact_interval_at_the_effective_size():
    # 2 of 10 documents of one passage. The bootstrap variance is .2 × .8 / 9 (n - 1 drawn of n), so the
    # effective size is 9. Its relative error is that of a variance of B draws, sqrt(2 / B) = 1 %: 5 allowed.
    table = classified_table({"A": [[1]] * 2 + [[0]] * 8})
    row = estimate_prevalence(table, n_bootstrap=20_000).iloc[0]
    assert row["method"] == EXACT
    fewer, more = (exact_bounds(0.2, 9 * factor, level=0.95) for factor in (0.95, 1.05))
    assert fewer[0] < row["low"] < more[0]
    assert more[1] < row["high"] < fewer[1]


def test_copies_of_a_passage_in_its_document_add_no_certainty():
    # The effective size is that of the documents, whether each holds one passage or four alike.
    once = {"A": [[1]] * 3 + [[0]] * 9}
    often = {"A": [[1] * 4] * 3 + [[0] * 4] * 9}
    first, second = (estimate_prevalence(classified_table(t), n_bootstrap=500).iloc[0] for t in (once, often))
    assert (first["low"], first["high"]) == pytest.approx((second["low"], second["high"]))


def test_a_common_frame_gets_the_percentile_bootstrap():
    # 20 documents of one passage, 10 with the frame: sd sqrt(.25 / 19) = .1147, so about .5 ± .225. Draws
    # lie on a lattice of 1/19; a percentile may be one step off.
    row = estimate_prevalence(classified_table({"A": [[1]] * 10 + [[0]] * 10}), n_bootstrap=4000).iloc[0]
    assert row["method"] == BOOTSTRAP
    assert row["low"] == pytest.approx(0.275, abs=1 / 19)
    assert row["high"] == pytest.approx(0.725, abs=1 / 19)


def test_a_higher_level_gives_a_wider_interval():
    table = clustered_table(np.random.default_rng(1), n_documents=40, share=0.3)
    narrow, wide = (estimate_prevalence(table, level=level, n_bootstrap=500).iloc[0] for level in (0.8, 0.99))
    assert wide["low"] < narrow["low"] < narrow["estimate"] < narrow["high"] < wide["high"]


def test_frames_keep_their_order_and_several_keys_their_columns():
    table = pd.concat(
        [
            classified_table({"A": [[1], [0]], "B": [[1], [1]]}, frame=frame, published=day)
            for frame in ("zeta", "alpha")
            for day in ("2024-01-03", "2024-01-10")
        ]
    )
    table["document_id"] += table["published"].astype(str)
    result = estimate_prevalence(add_period(table, "week"), by=["outlet", "period"], n_bootstrap=50)
    assert list(result.columns[:3]) == ["outlet", "period", "frame"]
    assert result["frame"].to_list() == ["zeta", "alpha"] * 4
    assert result["outlet"].to_list() == ["A"] * 4 + ["B"] * 4
    assert result["period"].unique().tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-08")]
    assert result["estimate"].to_list() == [0.5] * 4 + [1.0] * 4
    assert (result["n_documents"] == 2).all()


def test_draws_depend_on_the_seed_and_not_on_the_other_groups():
    generator = np.random.default_rng(4)
    table = clustered_table(generator, n_documents=12, share=0.4, outlets=["A", "B"])
    changed = table.copy()
    changed.loc[changed["outlet"] == "B", "decision"] = "present"
    first, again, other = (
        draw_shares(each, by=["outlet"], n_bootstrap=60, random_seed=7) for each in (table, table, changed)
    )
    assert (first.draws == again.draws).all()
    assert (first.draws[:, 0] == other.draws[:, 0]).all()
    assert (first.draws != draw_shares(table, by=["outlet"], n_bootstrap=60, random_seed=8).draws).any()


@pytest.mark.slow
def test_intervals_cover_the_true_share_of_clustered_documents():
    # 150 corpora of 40 documents. If the interval covered with chance 0.95, the share covered would have
    # standard deviation sqrt(.95 × .05 / 150) = .0178; three of them are allowed below. An interval that
    # takes passages for independent is too narrow, and must be seen to fail the same test.
    share, n = 0.3, 150
    generator = np.random.default_rng(5)
    covered = naive = 0
    for number in range(n):
        table = clustered_table(generator, n_documents=40, share=share)
        row = estimate_prevalence(table, n_bootstrap=100, random_seed=number).iloc[0]
        covered += row["low"] <= share <= row["high"]
        half = 1.96 * np.sqrt(row["estimate"] * (1 - row["estimate"]) / row["n_passages"])
        naive += abs(row["estimate"] - share) <= half
    lowest = 0.95 - 3 * np.sqrt(0.95 * 0.05 / n)
    assert covered / n >= lowest
    assert naive / n < lowest


def test_periods_start_on_the_monday_the_first_and_the_day():
    # 2024-02-29 is a Thursday; its week began on Monday the 26th. An undated row belongs to no period.
    moments = [pd.Timestamp("2024-02-29"), pd.Timestamp("2024-03-03 23:59"), pd.NaT]
    table = pd.DataFrame({"published": moments})
    result = {period: add_period(table, period)["period"].to_list() for period in ("day", "week", "month")}
    assert result["day"] == [pd.Timestamp("2024-02-29"), pd.Timestamp("2024-03-03")]
    assert result["week"] == [pd.Timestamp("2024-02-26")] * 2
    assert result["month"] == [pd.Timestamp("2024-02-01"), pd.Timestamp("2024-03-01")]
    assert "period" not in table.columns


def test_errors_say_what_is_wrong():
    table = classified_table({"A": [[1], [0]]})
    with pytest.raises(InputError, match="period: expected one of day, week, month, got 'year'"):
        add_period(table, "year")
    with pytest.raises(InputError, match=r"lacks the column\(s\) score"):
        estimate_prevalence(table.drop(columns="score"))
    with pytest.raises(InputError, match=r"lacks the column\(s\) country"):
        estimate_prevalence(table, by=["country"])
    with pytest.raises(InputError, match="no classified passages"):
        estimate_prevalence(table.iloc[:0])


def test_options_reach_the_draws_and_the_bounds():
    table = clustered_table(np.random.default_rng(2), n_documents=30, share=0.5, outlets=["A", "B"])
    result = estimate_prevalence(table, n_bootstrap=90, random_seed=6, level=0.8)
    drawn = draw_shares(table, by=["outlet"], n_bootstrap=90, random_seed=6)
    assert drawn.draws.shape == (90, 2, 1)
    lows, highs = percentiles(drawn.draws, level=0.8)
    assert set(result["method"]) == {BOOTSTRAP}
    assert result["low"].to_list() == lows.ravel().tolist()
    assert result["high"].to_list() == highs.ravel().tolist()


def test_two_documents_have_an_interval():
    row = estimate_prevalence(classified_table({"A": [[1], [0]]}), n_bootstrap=50, level=0.8).iloc[0]
    assert row["method"] == EXACT
    assert row["low"] < 0.5 < row["high"]
    none = estimate_prevalence(classified_table({"A": [[0]] * 6}), n_bootstrap=50, level=0.8).iloc[0]
    assert none["high"] == pytest.approx(1 - 0.1 ** (1 / 6))


def test_shares_do_not_depend_on_how_many_groups_are_in_memory(monkeypatch):
    table = classified_table({"A": [[1, 0], [0, 0], [1, 1]], "B": [[0, 1], [1, 0]], "C": [[1, 1, 0], [0]]})
    whole = estimate_prevalence(table, n_bootstrap=200)
    monkeypatch.setattr("framing.estimates.raw_shares._PART_CELLS", 1)
    pd.testing.assert_frame_equal(estimate_prevalence(table, n_bootstrap=200), whole, check_exact=True)


def test_documents_without_a_value_are_in_no_group():
    table = classified_table({"A": [[1, 0], [0, 0]], "B": [[1, 1], [1, 0]]})
    table["section"] = table["document_id"].map(
        dict(zip(table["document_id"].unique(), ["x", None, "x", "y"], strict=True))
    )
    result = estimate_prevalence(table, by="section", n_bootstrap=50)
    assert result["section"].to_list() == ["x", "y"]
    assert result["estimate"].to_list() == pytest.approx([3 / 4, 1 / 2])
    assert result["n_documents"].to_list() == [2, 1]


def test_a_group_of_a_single_cluster_has_no_interval_and_method_says_so():
    table = classified_table({"A": [[1], [0], [1]], "B": [[1], [0], [1]]}).assign(cluster=["x"] * 3 + ["x", "y", "z"])
    one, three = estimate_prevalence(table, n_bootstrap=200).to_dict("records")
    assert np.isnan(one["low"])
    assert np.isnan(one["high"])
    assert (one["estimate"], one["n_documents"], one["method"]) == (
        pytest.approx(2 / 3),
        3,
        "no interval: a single cluster",
    )
    assert (three["low"], three["high"]) == pytest.approx((0, 1), abs=0.1)
    number = np.arange(120)
    many = classified_table({"A": [[1], [0]] * 60}).assign(cluster=(number // 2 + number % 2).astype(str))
    row = estimate_prevalence(many, n_bootstrap=200).iloc[0]
    assert row["method"] == "cluster bootstrap; classifier error not included"
