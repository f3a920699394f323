"""Bounds of shares under errors of coders, by hand and where the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.tables import CODER_ERRORS
from framing.uncertainty.intervals import wilson_bounds
from framing.validation.coder_errors import ASSUMED, bound_coder_errors


def shares(estimate: float, low: float, high: float, *, frame: str = "war", group: str = "all") -> pd.DataFrame:
    return pd.DataFrame([{"group": group, "frame": frame, "estimate": estimate, "low": low, "high": high}])


def codings(both: int, first: int, second: int, neither: int) -> np.ndarray:
    """Two coders of one frame: passages that both, one or neither gave it to."""
    counts = [both, first, second, neither]
    return np.stack([np.repeat([1.0, 1, 0, 0], counts), np.repeat([1.0, 0, 1, 0], counts)])[:, :, None]


def bound(table: pd.DataFrame, coded: np.ndarray | None, **options: object) -> pd.DataFrame:
    documents = [] if coded is None else [f"d{k}" for k in range(coded.shape[1])]
    return bound_coder_errors(table, coded, frames=["war"], documents=documents, **{"n_draws": 500, **options})


def test_two_coders_bound_the_share_by_hand():
    """Both 20 %, one 10 %, neither 70 %: q = .25. se = 1: sp = .7 / .75, p = .196; sp = 1: se = .2 / .25, p = .3125."""
    coded = codings(8000, 2000, 2000, 28_000)
    row = bound(shares(0.25, 0.25, 0.25), coded).iloc[0]
    assert (row["sensitivity"], row["specificity"]) == (pytest.approx(0.8), pytest.approx(0.7 / 0.75))
    assert row["bound_low"] == pytest.approx(1 - 0.75**2 / 0.7, abs=0.006)
    assert row["bound_high"] == pytest.approx(0.25**2 / 0.2, abs=0.006)
    assert row["n_double"] == 40_000
    # a group with the share .1 by the same coders: (.1 + .9333 - 1) / .9333 = .0357, and .1 / .8 = .125
    other = bound(shares(0.1, 0.1, 0.1, group="B"), coded).iloc[0]
    assert (other["bound_low"], other["bound_high"]) == (
        pytest.approx(0.0357, abs=0.006),
        pytest.approx(0.125, abs=0.004),
    )
    assert other["group"] == "B"


def test_columns_and_the_interval_of_labels_stay():
    table = bound(shares(0.25, 0.2, 0.31), codings(20, 5, 5, 70))
    assert tuple(table.columns) == CODER_ERRORS
    row = table.iloc[0]
    assert (row["estimate"], row["low"], row["high"]) == (0.25, 0.2, 0.31)
    assert row["bound_low"] < 0.196 < 0.3125 < row["bound_high"]


def test_coders_who_never_disagree_are_not_taken_for_perfect():
    row = bound(shares(0.2, 0.2, 0.2), codings(20, 0, 0, 80)).iloc[0]
    assert row["sensitivity"] == row["specificity"] == 1.0
    assert 0.15 < row["bound_low"] < 0.2 < row["bound_high"] < 0.25


def test_documents_make_pairs_count_for_less():
    coded = codings(40, 10, 10, 140)
    wide = bound_coder_errors(
        shares(0.25, 0.25, 0.25), coded, frames=["war"], documents=[f"d{k // 10}" for k in range(200)], n_draws=500
    ).iloc[0]
    narrow = bound(shares(0.25, 0.25, 0.25), coded).iloc[0]
    assert wide["bound_high"] - wide["bound_low"] > 1.2 * (narrow["bound_high"] - narrow["bound_low"])


def test_a_coder_who_gives_more_widens_the_bounds():
    equal = bound(shares(0.25, 0.25, 0.25), codings(400, 100, 100, 1400)).iloc[0]
    unequal = bound(shares(0.25, 0.25, 0.25), codings(400, 200, 0, 1400)).iloc[0]
    # coders' shares are .3 and .2: the variance between them is .1**2 / 2 less 200 / 2000**2 / 2
    assert unequal["bound_high"] - equal["bound_high"] > 0.05


@pytest.mark.parametrize(
    ("coded", "reason"),
    [
        (None, "no passage was coded by two coders"),
        (codings(5, 1, 1, 20), "27 passages of 27 documents were coded by two; 30 of 5 needed"),
        (codings(0, 3, 3, 60), "no passage was given the frame by two coders"),
        (codings(9, 21, 21, 49), "coders agree no more than by chance"),
    ],
)
def test_where_nothing_is_known_errors_are_assumed(coded, reason):
    table = bound(shares(0.2, 0.1, 0.3), coded)
    assert list(zip(table["sensitivity"], table["specificity"], strict=True)) == list(ASSUMED)
    assert (table["method"] == f"assumed, not measured: {reason}").all()
    # (.1 - .03) / .77 and (.3 - .03) / .77
    assert table["bound_low"].iloc[2] == pytest.approx(0.07 / 0.77)
    assert table["bound_high"].iloc[2] == pytest.approx(0.27 / 0.77)


def test_assumed_bounds_stay_within_0_and_1():
    row = bound(shares(0.01, 0.0, 0.02), None, assumed=[(0.9, 0.9)]).iloc[0]
    assert (row["bound_low"], row["bound_high"]) == (0.0, 0.0)


def test_shares_of_other_frames_and_shapes_are_refused():
    with pytest.raises(InputError, match="the frame 'peace' is none of war"):
        bound(shares(0.2, 0.1, 0.3, frame="peace"), None)
    with pytest.raises(InputError, match=r"codings: expected the shape \(2, 0, 1\), got \(2, 27, 1\)"):
        bound_coder_errors(shares(0.2, 0.1, 0.3), codings(5, 1, 1, 20), frames=["war"])


@pytest.mark.parametrize(("share", "n"), [(0.03, 200), (0.25, 200), (0.25, 60)])
def test_bounds_hold_the_true_share(share, n):
    """Two coders with sensitivity .80 and specificity .97; labels are those of the first."""
    n_held, n_naive = 0, 0
    for seed in range(100):
        generator = np.random.default_rng([seed, n])
        truth = generator.random(n) < share
        coded = (generator.random((2, n)) < np.where(truth, 0.8, 0.03)).astype(float)
        hits = int(coded[0].sum())
        low, high = wilson_bounds(np.array([hits]), np.array([n]), level=0.95)
        table = bound(shares(hits / n, low[0], high[0]), coded[:, :, None], n_draws=200, assumed=[(0.8, 0.97)])
        n_held += bool((table["bound_low"] <= share).all() and (table["bound_high"] >= share).all())
        n_naive += bool(low[0] <= share <= high[0])
    assert n_held >= 92
    assert n_naive < 95 or n < 100, "the errors of coders matter here"
