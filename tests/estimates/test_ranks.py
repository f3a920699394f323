"""Ranks of groups, and the places that noise leaves open."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import InputError
from framing.estimates.compare import compare_groups
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.ranks import METHOD as RANK_METHOD
from framing.estimates.ranks import rank_groups
from framing.tables import RANKS
from tests.estimation import classified_table
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


def test_ranks_by_hand():
    # a over c and d, and b over d, are clear; a and b, b and c, c and d are not.
    pairs = {"ab": (0.1, False), "ac": (0.3, True), "ad": (0.4, True), "bc": (0.2, False), "bd": (0.3, True),
             "cd": (0.1, False)}  # fmt: skip
    contrasts = pd.DataFrame(
        [("f", *pair, *result) for pair, result in pairs.items()],
        columns=["frame", "group_a", "group_b", "estimate", "differs"],
    )
    # in g the names stand the other way round, and nothing is clear
    turned = contrasts.assign(frame="g", estimate=-contrasts["estimate"], differs=False)
    shares = pd.DataFrame(
        [("f", name, share) for name, share in zip("abcd", (0.6, 0.5, 0.3, 0.2), strict=True)]
        + [("g", name, share) for name, share in zip("abcd", (0.2, 0.3, 0.3, 0.6), strict=True)],
        columns=["frame", "outlet", "estimate"],
    ).assign(n_passages=range(8), n_documents=range(10, 18), n_gold=range(20, 28))
    result = rank_groups(pd.concat([contrasts, turned]), shares)
    assert tuple(result.columns) == RANKS
    ranks = result.set_index(["frame", "group"])[["rank", "low", "high"]]
    assert ranks.loc["f"].to_numpy().tolist() == [[1, 1, 2], [2, 1, 3], [3, 2, 4], [4, 3, 4]]
    assert ranks.loc["g"].sort_index().to_numpy().tolist() == [
        [4, 1, 4],
        [2, 1, 4],
        [2, 1, 4],
        [1, 1, 4],
    ]  # b, c: a tie
    assert set(result["n_groups"]) == {4}
    assert set(result["method"]) == {RANK_METHOD}
    assert result["estimate"].to_list()[:4] == [0.6, 0.5, 0.3, 0.2]
    counts = result.set_index(["frame", "group"])[["n_passages", "n_documents", "n_gold"]]
    assert counts.loc[("f", "c")].to_list() == [2, 12, 22]
    assert counts.loc[("g", "a")].to_list() == [4, 14, 24]


@pytest.mark.slow
@given(
    estimates=st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.3, 0.8]), min_size=2, max_size=6),
    clear=st.lists(st.booleans(), min_size=15, max_size=15),
)
def test_a_rank_lies_within_what_is_left_open(estimates, clear):
    names = [f"g{number}" for number in range(len(estimates))]
    rows = [
        ("f", names[a], names[b], estimates[a] - estimates[b])
        for a in range(len(names))
        for b in range(a + 1, len(names))
    ]
    contrasts = pd.DataFrame(rows, columns=["frame", "group_a", "group_b", "estimate"])
    contrasts["differs"] = np.array(clear[: len(rows)]) & (contrasts["estimate"] != 0)
    shares = pd.DataFrame({"frame": "f", "outlet": names, "estimate": estimates})
    shares = shares.assign(n_passages=1, n_documents=1, n_gold=0)
    result = rank_groups(contrasts, shares)
    assert (result["low"] <= result["rank"]).all()
    assert (result["rank"] <= result["high"]).all()
    if not contrasts["differs"].any():
        assert result[["low", "high"]].to_numpy().tolist() == [[1, len(names)]] * len(names)
    if contrasts["differs"].all():
        assert result["rank"].to_list() == result["low"].to_list() == result["high"].to_list()


def test_ranks_of_an_analysis_respect_its_clear_differences(four):
    contrasts, shares = compare_groups(four, n_bootstrap=500), estimate_prevalence(four, n_bootstrap=20)
    result = rank_groups(contrasts, shares).set_index(["frame", "group"])
    assert len(result) == 12
    for row in contrasts[contrasts["differs"]].itertuples():
        upper, lower = (row.group_a, row.group_b) if row.estimate > 0 else (row.group_b, row.group_a)
        assert result.loc[(row.frame, upper), "rank"] < result.loc[(row.frame, lower), "rank"]
        assert result.loc[(row.frame, lower), "low"] > 1
        assert result.loc[(row.frame, upper), "high"] < 4
    assert contrasts["differs"].any()
    with pytest.raises(InputError, match=r"contrasts lacks the column\(s\) differs"):
        rank_groups(contrasts.drop(columns="differs"), shares)


def test_ranks_keep_open_what_noise_leaves_open():
    contrasts = pd.DataFrame(
        {
            "frame": "f",
            "group_a": ["A", "A", "B"],
            "group_b": ["B", "C", "C"],
            "estimate": [0.05, 0.4, 0.35],
            "differs": [False, True, True],
        }
    )
    shares = pd.DataFrame({"frame": "f", "outlet": ["A", "B", "C"], "estimate": [0.6, 0.55, 0.2]})
    shares = shares.assign(n_passages=[9, 8, 7], n_documents=[6, 5, 4], n_gold=[3, 2, 1])
    result = rank_groups(contrasts, shares).set_index("group")
    assert result["rank"].to_dict() == {"A": 1, "B": 2, "C": 3}
    assert result["low"].to_dict() == {"A": 1, "B": 1, "C": 3}
    assert result["high"].to_dict() == {"A": 2, "B": 2, "C": 3}
    assert result.loc["B", ["n_passages", "n_documents", "n_gold"]].to_list() == [8, 5, 2]


def test_ranks_respect_every_clear_difference():
    # C above A and B, A and B not told apart: the third place is C's alone and the other two are open
    present = {"A": 20, "B": 22, "C": 80}
    table = classified_table({name: [[1]] * n + [[0]] * (100 - n) for name, n in present.items()})
    ranks = rank_groups(
        compare_groups(table, n_bootstrap=500), estimate_prevalence(table, by=["outlet"], n_bootstrap=500)
    ).set_index("group")
    assert ranks[["rank", "low", "high"]].to_dict("index") == {
        "A": {"rank": 3, "low": 2, "high": 3},
        "B": {"rank": 2, "low": 2, "high": 3},
        "C": {"rank": 1, "low": 1, "high": 1},
    }


def test_a_clear_difference_of_nothing_leaves_both_places_open():
    contrasts = pd.DataFrame({"frame": "f", "group_a": ["A"], "group_b": ["B"], "estimate": [0.0], "differs": [True]})
    shares = pd.DataFrame(
        {"frame": "f", "outlet": ["A", "B"], "estimate": 0.5, "n_passages": 1, "n_documents": 1, "n_gold": 0}
    )
    result = rank_groups(contrasts, shares)
    assert result[["group", "rank", "low", "high"]].to_numpy().tolist() == [["A", 1, 1, 2], ["B", 1, 1, 2]]
    assert result.index.to_list() == [0, 1]


def test_a_forgotten_column_of_groups_is_named():
    table = classified_table({"A": [[1, 0]] * 6, "B": [[0, 0]] * 6})
    both = pd.concat(
        [table.assign(language="en"), table.assign(language="de", document_id=table["document_id"] + "-de")]
    )
    keys = ["outlet", "language"]
    shares = estimate_prevalence(both, by=keys, n_bootstrap=20)
    contrasts = compare_groups(both, by=keys, n_bootstrap=20)
    assert len(rank_groups(contrasts, shares, by=keys)) == 4
    with pytest.raises(InputError, match=r"several rows for the outlet 'A' and the frame 'f'.*`by`"):
        rank_groups(contrasts, shares)
    with pytest.raises(InputError, match=r"shares by outlet have no row for the group 'A / de'.*`by`"):
        rank_groups(contrasts, estimate_prevalence(both, n_bootstrap=20))
