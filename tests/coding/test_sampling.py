"""Draws with known chances: strata, allocation, and what repeated draws show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.coding.sampling import draw_sample, plan_sample
from framing.coding.strata import find_strata
from framing.coding.units import list_units
from framing.errors import InputError
from tests.coding.passages import make_passages, make_scores

N_DRAWS = 2000


# strata


def test_outlets_get_the_same_number_however_large():
    plan = plan_sample(make_passages(120, outlets="AAAAB"), size=24)
    assert plan.strata.groupby("outlet")["n_drawn"].sum().to_dict() == {"A": 12, "B": 12}
    plan = plan_sample(make_passages(120, outlets="AAAAB"), size=24, allocation="proportional")
    n_drawn, n_units = plan.strata.groupby("outlet")[["n_drawn", "n_units"]].sum().to_numpy().T
    assert n_units.tolist() == [96, 24]
    assert n_drawn.tolist() == [19, 5]  # 24 * 0.8 = 19.2


def test_an_outlet_that_holds_fewer_gives_all():
    plan = plan_sample(make_passages(60, outlets="AAAAAAAAAB"), size=30)
    assert plan.strata.groupby("outlet")["n_drawn"].sum().to_dict() == {"A": 24, "B": 6}
    assert plan.strata.loc[plan.strata["outlet"] == "B", "inclusion_probability"].tolist() == [1.0]


def test_strata_are_outlets_spans_of_weeks_and_bands_of_scores():
    passages = make_passages(96, outlets="A", weeks=4)
    plan = plan_sample(passages, size=24, scores=make_scores(passages))
    # 24 drawn, four a stratum on average: three bands in each of two spans of two weeks
    assert plan.strata["stratum"].to_list() == [
        f"A | weeks of {first} to {last} | scores {band} of 3"
        for first, last in (("2025-07-07", "2025-07-14"), ("2025-07-21", "2025-07-28"))
        for band in (1, 2, 3)
    ]
    assert plan.strata["n_units"].to_list() == [16] * 6
    rows = plan.units.assign(code=plan.code)
    ends = rows.groupby("code")["measure"].agg(["min", "max"])
    for first in (0, 3):
        assert ends["max"][first] <= ends["min"][first + 1]
        assert ends["max"][first + 1] <= ends["min"][first + 2]


def test_unsure_strata_give_more():
    passages = make_passages(120, outlets="A")
    unsure = np.where(np.arange(120) % 2, 0.5, 0.02)[:, None]
    plan = plan_sample(passages, size=12, scores=unsure, n_bands=2)
    # deviations sqrt(.05 * .95) = .218 (held at .05) and .5: 12 are shared as 3.6 to 8.4
    assert plan.strata["n_drawn"].to_list() == [4, 8]


def test_small_outlets_are_joined_where_two_of_each_are_too_many():
    passages = make_passages(60, outlets="AAAAAAABCD", per_document=1)
    plan = plan_sample(passages, size=7)
    assert plan.strata["outlet"].to_list() == ["(smallest outlets together)", "A", "D"]
    assert plan.strata["n_units"].sum() == 60
    assert (plan.strata["n_drawn"] >= 2).all()


def test_passages_without_a_date_are_drawn_too():
    passages = make_passages(40, outlets="A")
    passages.loc[:19, "published"] = pd.NaT
    plan = plan_sample(passages, size=16)
    assert plan.strata["n_units"].sum() == 40
    assert plan.strata["stratum"].str.contains("undated").any()
    assert plan_sample(passages.assign(published=pd.NaT), size=16).strata["stratum"].to_list() == ["A | undated"]


@pytest.mark.parametrize("allocation", ["equal", "neyman", "proportional"])
@pytest.mark.parametrize("unit", ["passage", "document"])
@given(data=st.data())
def test_chances_add_up_to_the_size_and_all_are_positive(allocation, unit, data):
    n = data.draw(st.integers(8, 90))
    outlets = data.draw(st.text("ABCDEF", min_size=1, max_size=8))
    passages = make_passages(
        n, outlets=outlets, per_document=data.draw(st.integers(1, 4)), weeks=data.draw(st.integers(1, 9))
    )
    n_units = passages[f"{unit}_id"].nunique()
    size = data.draw(st.integers(2, n_units)) if n_units > 2 else 2
    scores = data.draw(st.sampled_from([None, make_scores(passages)]))
    plan = plan_sample(passages, size=size, scores=scores, unit=unit, allocation=allocation)
    chance = plan.strata["inclusion_probability"].to_numpy()[plan.code]
    assert chance.sum() == pytest.approx(size, rel=1e-12)
    assert ((chance > 0) & (chance <= 1)).all()
    assert (np.bincount(plan.code) == plan.strata["n_units"]).all()
    assert (plan.strata["n_drawn"] >= np.minimum(2, plan.strata["n_units"])).all()
    assert plan.strata["stratum"].is_unique
    rows = plan.draw(1)
    assert len(set(rows.tolist())) == size
    assert (np.bincount(plan.code[rows], minlength=len(plan.strata)) == plan.strata["n_drawn"]).all()


# draws


def test_units_come_as_often_as_their_chance_says():
    passages = make_passages(40)
    plan = plan_sample(passages, size=12, scores=make_scores(passages))
    chance = plan.strata["inclusion_probability"].to_numpy()[plan.code]
    assert len(set(chance)) > 1
    hits = np.zeros(40)
    for seed in range(N_DRAWS):
        hits[plan.draw(seed)] += 1
    # binomial: 40 deviations, of which none is beyond 4.5 standard errors but once in 3,700 such tests
    assert (np.abs(hits - N_DRAWS * chance) <= 4.5 * np.sqrt(N_DRAWS * chance * (1 - chance))).all()
    assert hits.sum() == 12 * N_DRAWS


def test_pairs_of_a_stratum_come_together_as_often_as_they_should():
    plan = plan_sample(make_passages(12, outlets="A", weeks=1), size=4)
    assert len(plan.strata) == 1
    together = np.zeros((12, 12))
    for seed in range(N_DRAWS):
        rows = plan.draw(seed)
        together[np.ix_(rows, rows)] += 1
    chance = 4 * 3 / (12 * 11)
    pairs = together[np.triu_indices(12, 1)]
    # 66 pairs, none beyond 4.5 standard errors but once in 2,200 such tests
    assert (np.abs(pairs - N_DRAWS * chance) <= 4.5 * np.sqrt(N_DRAWS * chance * (1 - chance))).all()


def test_the_weighted_total_is_right_on_average():
    passages = make_passages(40)
    plan = plan_sample(passages, size=12, scores=make_scores(passages))
    chance = plan.strata["inclusion_probability"].to_numpy()[plan.code]
    y = (np.arange(40) % 3 == 0).astype(float)
    totals = np.array([(y[rows] / chance[rows]).sum() for rows in (plan.draw(seed) for seed in range(N_DRAWS))])
    # variance of a stratified total: the sum of N (N - n) / n times the variance within the stratum
    variance = 0.0
    for code, row in enumerate(plan.strata.itertuples()):
        labels = y[plan.code == code]
        variance += row.n_units * (row.n_units - row.n_drawn) / row.n_drawn * labels.var(ddof=1)
    assert abs(totals.mean() - y.sum()) <= 4 * np.sqrt(variance / N_DRAWS)
    # the spread, too: of a variance over 2,000 draws the standard error is about sqrt(2 / 2000) of it
    assert totals.var(ddof=1) == pytest.approx(variance, rel=4 * np.sqrt(2 / N_DRAWS))


@pytest.mark.parametrize("unit", ["passage", "document"])
def test_the_same_seed_draws_the_same_in_whatever_order_rows_come(unit):
    passages = make_passages(40)
    first = draw_sample(passages, size=10, scores=make_scores(passages), unit=unit, random_seed=3)
    mixed = passages.sample(frac=1, random_state=1)
    again = draw_sample(mixed, size=10, scores=make_scores(mixed), unit=unit, random_seed=3)
    pd.testing.assert_frame_equal(first.passages, again.passages)
    pd.testing.assert_frame_equal(first.strata, again.strata)
    other = draw_sample(passages, size=10, scores=make_scores(passages), unit=unit, random_seed=4)
    assert set(other.passages["passage_id"]) != set(first.passages["passage_id"])


def test_the_order_of_coding_tells_nothing_of_the_stratum():
    passages = make_passages(90, outlets="AB", per_document=1)
    sample = draw_sample(passages, size=40, scores=make_scores(passages))
    assert sample.passages["passage_id"].to_list() != sorted(sample.passages["passage_id"])
    assert sample.passages["outlet"].to_list() != sorted(sample.passages["outlet"])


def test_whole_documents_have_the_chance_of_their_document():
    passages = make_passages(60, outlets="AAB", per_document=3)
    sample = draw_sample(passages, size=8, unit="document", scores=make_scores(passages))
    assert sample.strata["stratum"].to_list() == ["A", "B"]
    assert sample.strata["n_units"].to_list() == [14, 6]
    assert sample.strata["n_drawn"].to_list() == [4, 4]
    assert len(sample.passages) == 24
    assert sample.passages.groupby("document_id").size().tolist() == [3] * 8
    assert sample.passages["position"].to_list() == [0, 1, 2] * 8
    expected = sample.passages["outlet"].map({"A": 4 / 14, "B": 4 / 6})
    assert sample.passages["inclusion_probability"].tolist() == expected.tolist()


def test_a_whole_corpus_can_be_drawn():
    sample = draw_sample(make_passages(40), size=40)
    assert set(sample.passages["inclusion_probability"]) == {1.0}
    assert sorted(sample.passages["passage_id"]) == make_passages(40)["passage_id"].to_list()


def test_an_earlier_draw_is_forgotten():
    first = draw_sample(make_passages(40), size=30)
    second = draw_sample(first.passages, size=10)
    assert second.passages.columns.to_list() == [*make_passages(40).columns, "inclusion_probability", "stratum"]
    assert (1 / second.passages["inclusion_probability"]).sum() == pytest.approx(30)


def test_draws_are_those_of_a_generator_for_each_stratum_and_one_for_the_order():
    plan = plan_sample(make_passages(12, outlets="A", weeks=1), size=4)
    drawn = np.random.default_rng([3, 0]).choice(12, size=4, replace=False)
    assert plan.draw(3).tolist() == np.random.default_rng([3, 2**31]).permutation(drawn).tolist()


def test_a_sample_has_the_strata_of_its_plan():
    passages = make_passages(120, outlets="AAAB")
    scores = make_scores(passages)
    strata = {}
    for n_bands in (None, 2, 3, 4):
        options = {"size": 40, "scores": scores} | ({} if n_bands is None else {"n_bands": n_bands})
        strata[n_bands] = draw_sample(passages, **options).strata
        pd.testing.assert_frame_equal(strata[n_bands], plan_sample(passages, **options).strata)
    assert strata[None].equals(strata[3])
    assert not strata[None]["stratum"].equals(strata[2]["stratum"])
    assert not strata[None]["stratum"].equals(strata[4]["stratum"])
    proportional = draw_sample(passages, size=40, allocation="proportional")
    assert proportional.strata.groupby("outlet")["n_drawn"].sum().to_dict() == {"A": 30, "B": 10}


def test_passages_of_a_document_come_in_reading_order_not_in_that_of_their_ids():
    passages = make_passages(60, outlets="A", per_document=3)
    passages["passage_id"] = passages["passage_id"].to_numpy()[::-1]
    sample = draw_sample(passages, size=8, unit="document").passages
    assert sample["position"].to_list() == [0, 1, 2] * 8
    assert sample.index.to_list() == [*range(24)]
    without = draw_sample(passages.drop(columns="position"), size=8, unit="document").passages
    assert without.groupby("document_id", sort=False)["passage_id"].apply(lambda ids: ids.is_monotonic_increasing).all()


@pytest.mark.parametrize(
    ("change", "options", "expected"),
    [
        ({}, {"size": 41}, r"size: expected 2 to 40, as many as there are to draw from; got 41"),
        ({}, {"size": 1}, r"size: expected 2 to 40"),
        ({}, {"size": 10, "allocation": "best"}, r"allocation: expected one of equal, .*, got 'best'"),
        ({}, {"size": 10, "unit": "word"}, r"unit: expected one of passage, document, got 'word'"),
        ({}, {"size": 10, "n_bands": 0}, r"n_bands: expected 1 or more"),
        ({}, {"size": 10, "scores": np.zeros((3, 1))}, r"scores: expected the shape \(40, .*, got \(3, 1\)"),
        ({}, {"size": 10, "scores": np.full((40, 1), np.nan)}, r"scores: expected numbers from 0 to 1"),
        ({"passage_id": "p1"}, {"size": 10}, r"the passage_id 'p1' occurs twice"),
        ({"document_id": "d1"}, {"size": 2, "unit": "document"}, r"the document 'd1' stands under several outlets"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_from_is_refused(change, options, expected):
    with pytest.raises(InputError, match=expected):
        draw_sample(make_passages(40).assign(**change), **options)


def test_nothing_to_draw_from():
    with pytest.raises(InputError, match="There are no passages to draw from"):
        draw_sample(make_passages(40).iloc[:0], size=2)
    with pytest.raises(InputError, match=r"passages to draw from lacks the column\(s\) outlet"):
        find_strata(list_units(make_passages(4).drop(columns="outlet")), size=2)
