"""Rounds drawn from what earlier rounds left."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.coding.active import draw_round
from framing.errors import InputError
from tests.coding.passages import make_passages


def errors_of(passages, high):
    """Large expected errors for every third passage."""
    return np.where(np.arange(len(passages)) % 3 == 0, high, 0.01)[:, None]


def test_a_round_gives_what_was_asked_and_nothing_twice():
    passages = make_passages(120, outlets="AAB")
    first = draw_round(passages, size=12, errors=errors_of(passages, 0.25))
    drawn = first.passages["passage_id"].to_list()
    second = draw_round(passages, size=24, errors=errors_of(passages, 0.25), drawn=drawn, sizes=[12])
    assert (len(drawn), len(second.passages)) == (12, 24)
    assert not set(drawn) & set(second.passages["passage_id"])
    assert second.strata["n_units"].sum() == 120 - 12
    assert second.strata["n_drawn"].sum() == 24
    assert second.strata["stratum"].to_list() == ["round 2 | A", "round 2 | B"]
    assert second.passages["inclusion_probability"].max() <= 24 * 2**0.5 / (12 + 24 * 2**0.5)


def test_what_teaches_more_is_drawn_with_a_larger_chance():
    # one outlet of 90, 30 with .25 and 60 with .01: spreads .5 and .1, of 9 half is .05 each; the rest is shared as
    # .5 / 21 and .1 / 21
    passages = make_passages(90, outlets="A")
    errors = pd.Series(errors_of(passages, 0.25).ravel(), index=passages["passage_id"])
    sample = draw_round(passages, size=9, errors=errors.to_numpy()[:, None], floor=0.5)
    chances = sample.passages.set_index("passage_id")["inclusion_probability"]
    expected = np.where(errors[chances.index] > 0.1, 0.05 + 4.5 * 0.5 / 21, 0.05 + 4.5 * 0.1 / 21)
    assert chances.to_numpy() == pytest.approx(expected)


def test_the_order_of_rows_does_not_matter():
    passages = make_passages(60, outlets="AB")
    errors = np.random.default_rng(1).random((60, 2))
    shuffled = np.random.default_rng(2).permutation(60)
    one = draw_round(passages, size=10, errors=errors).passages
    other = draw_round(passages.iloc[shuffled].reset_index(drop=True), size=10, errors=errors[shuffled]).passages
    assert one["passage_id"].to_list() == other["passage_id"].to_list()
    assert one["inclusion_probability"].to_list() == other["inclusion_probability"].to_list()


def test_documents_are_drawn_whole():
    passages = make_passages(60, outlets="AB", per_document=3)
    sample = draw_round(passages, size=5, errors=np.full((60, 1), 0.2), unit="document")
    assert sample.passages["document_id"].nunique() == 5
    assert len(sample.passages) == 15
    assert (sample.passages.groupby("document_id")["inclusion_probability"].nunique() == 1).all()


def test_an_outlet_that_does_not_count_still_gives_by_the_floor():
    passages = make_passages(80, outlets="AB")
    importance = (passages["outlet"] == "A").to_numpy(float)[:, None]
    sample = draw_round(passages, size=20, errors=np.full((80, 1), 0.2), importance=importance, floor=0.4)
    # the floor of .4 gives 4 to each outlet, the rest is of A
    assert sample.strata.set_index("outlet")["n_drawn"].to_dict() == {"A": 16, "B": 4}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"drawn": ["elsewhere"], "sizes": [1]}, "the passage 'elsewhere' of an earlier round is not in the corpus"),
        ({"size": 31}, "expected 1 to 30, as many as are left; got 31"),
        ({"errors": np.ones((2, 1))}, "errors: expected a row for each of 30 passages, got 2"),
    ],
)
def test_rounds_that_cannot_be_drawn_are_refused(options, expected):
    with pytest.raises(InputError, match=expected):
        draw_round(make_passages(30), **{"size": 5, "errors": np.ones((30, 1)), **options})
