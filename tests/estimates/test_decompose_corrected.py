"""Agenda and framing with labels: parts add up to the corrected contrast; errors by outlet do not pass for framing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from scipy.stats import t as student

from framing.errors import InputError
from framing.estimates.compare import compare_groups
from framing.estimates.decompose import decompose_differences
from framing.estimates.outcomes import add_outcomes
from framing.tables import COMPONENTS
from framing.uncertainty.intervals import exact_bounds
from tests.labelled import drawn_weights, sampled_table

STORIES = np.array(["s0", "s1", "s2"], dtype=object)


def told_table(
    generator: np.random.Generator,
    outlets: dict[str, tuple[list[float], list[float]]],
    *,
    n_documents: int = 60,
    n_gold: int = 60,
    false_alarms: dict[str, float] | None = None,
) -> pd.DataFrame:
    """Documents of 1 to 4 passages about one of three stories: `outlets` says in what proportion, and each's share."""
    rows = []
    for name, (parts, shares) in outlets.items():
        for number in range(n_documents):
            story = generator.choice(3, p=parts)
            for _ in range(generator.integers(1, 5)):
                rows.append((name, f"{name}{number}", STORIES[story], generator.random() < shares[story]))
    table = pd.DataFrame(rows, columns=["outlet", "document_id", "event", "label"])
    alarm = table["outlet"].map(false_alarms or dict.fromkeys(outlets, 0.05)).to_numpy()
    seen = table["label"].to_numpy() | (generator.random(len(table)) < alarm)
    return sampled_table(
        table["label"],
        0.5 * seen + 0.5 * generator.random(len(table)),
        drawn_weights(generator, dict.fromkeys(outlets, n_gold), table["outlet"]),
        outlets=table["outlet"],
        documents=table["document_id"],
        events=table["event"],
    )


THREE = {
    "A": ([0.6, 0.3, 0.1], [0.5, 0.3, 0.2]),
    "B": ([0.2, 0.3, 0.5], [0.4, 0.3, 0.1]),
    "C": ([0.3, 0.3, 0.4], [0.1, 0.3, 0.6]),
}


@pytest.fixture(scope="module")
def three() -> pd.DataFrame:
    return told_table(np.random.default_rng(0), THREE)


def test_parts_add_up_to_each_corrected_contrast(three):
    parts = decompose_differences(three, n_bootstrap=200)
    assert tuple(parts.columns) == COMPONENTS
    assert sorted(map(tuple, parts[["group_a", "group_b", "component"]].to_numpy())) == [
        (*pair, part) for pair in (("A", "B"), ("A", "C"), ("B", "C")) for part in ("agenda", "framing")
    ]
    pairs = compare_groups(three, n_bootstrap=200).set_index(["group_a", "group_b"])
    for pair, selected in parts.groupby(["group_a", "group_b"]):
        assert selected["estimate"].sum() == pytest.approx(pairs.loc[pair, "estimate"], abs=1e-12)
        assert selected["difference"].to_list() == pytest.approx([pairs.loc[pair, "estimate"]] * 2, abs=1e-12)
        for count in ("n_passages", "n_documents", "n_gold"):
            assert set(selected[count]) == {pairs.loc[pair, count]}
    assert parts["method"].str.contains(r"\bevent; .*; classifier error included$").all()


def test_parts_of_corrected_shares_by_hand(three):
    # From the outcomes, story by story, in plain loops.
    table, _ = add_outcomes(three, by=["outlet"])
    parts = decompose_differences(three, n_bootstrap=200).set_index(["group_a", "group_b", "component"])["estimate"]
    for a, b in (("A", "B"), ("B", "C")):
        agenda = framing = 0.0
        for story in STORIES:
            p, s = {}, {}
            for name in (a, b):
                selected = table[table["outlet"] == name]
                p[name] = (selected["event"] == story).mean()
                s[name] = selected.loc[selected["event"] == story, "outcome"].mean()
            agenda += (p[a] - p[b]) * (s[a] + s[b]) / 2
            framing += (p[a] + p[b]) / 2 * (s[a] - s[b])
        assert parts[(a, b, "agenda")] == pytest.approx(agenda)
        assert parts[(a, b, "framing")] == pytest.approx(framing)


@pytest.mark.parametrize("corrected", [True, False])
def test_the_order_of_outlets_only_turns_the_signs(three, corrected):
    turned = three.assign(outlet=three["outlet"].map({"A": "z", "B": "y", "C": "x"}))
    options = {"n_bootstrap": 3000, "corrected": corrected}
    one = decompose_differences(three, **options).set_index(["group_a", "group_b", "component"])
    other = decompose_differences(turned, **options).set_index(["group_b", "group_a", "component"])
    for a, b in (("A", "B"), ("A", "C"), ("B", "C")):
        names = {"A": "z", "B": "y", "C": "x"}
        for part in ("agenda", "framing"):
            first, second = one.loc[(a, b, part)], other.loc[(names[a], names[b], part)]
            assert second["estimate"] == pytest.approx(-first["estimate"])
            # other draws: a standard deviation of 3000 has a relative error of 1 / sqrt(6000) = .013, of two .018
            width = first["high"] - first["low"]
            assert second["high"] - second["low"] == pytest.approx(width, rel=0.1)
            assert second["common"] == first["common"]


def test_labels_that_are_not_used_are_not_counted(three):
    raw = decompose_differences(three, n_bootstrap=100, corrected=False)
    assert set(raw["n_gold"]) == {0}
    assert raw["method"].str.endswith("classifier error not included").all()


def test_differences_that_hold_jointly_hold_alone():
    table = told_table(np.random.default_rng(1), THREE, n_documents=120, n_gold=200)
    for seed in range(5):
        result = decompose_differences(table, n_bootstrap=300, random_seed=seed)
        away = (result["low"] > 0) | (result["high"] < 0)
        assert (away | ~result["differs"]).all()
        assert result["differs"].any()
        assert not result["differs"].all()


@pytest.mark.slow
def test_intervals_alone_are_students_of_a_bootstrap_of_documents():
    # One passage a document, one story: framing is the difference of two shares, .2 and .5, whose bootstrap variance
    # with n - 1 draws is p (1 - p) / (n - 1). Of 3,000 draws its root has a relative error of 1 / sqrt(6000) = .013:
    # three are allowed. With n in place of n - 1 it would be .015 smaller, by the normal in place of Student's t .042.
    labels = np.r_[np.repeat([1.0, 0.0], [6, 24]), np.repeat([1.0, 0.0], [20, 20])]
    table = sampled_table(labels, labels, np.zeros(70), outlets=["A"] * 30 + ["B"] * 40, events="s")
    for level in (0.95, 0.8):
        row = decompose_differences(table, n_bootstrap=3000, level=level).set_index("component").loc["framing"]
        half = student.ppf((1 + level) / 2, 29) * np.sqrt(0.2 * 0.8 / 29 + 0.5 * 0.5 / 39)
        assert row["estimate"] == pytest.approx(-0.3)
        assert (row["high"] - row["low"]) / 2 == pytest.approx(half, rel=0.039)


@pytest.mark.parametrize(("n", "differs"), [(5, False), (20, True)])
def test_where_no_draw_moves_the_interval_comes_from_exact_bounds(n, differs):
    # All passages of A carry the frame and none of B's; all are on one story. No bootstrap draw differs from another,
    # which is no proof: the error is that of the exact bounds, as in compare_groups.
    labels = np.repeat([1.0, 0.0], n)
    table = sampled_table(labels, labels, np.zeros(2 * n), outlets=["A"] * n + ["B"] * n, events="s")
    result = decompose_differences(table, n_bootstrap=500).set_index("component")
    low, high = exact_bounds(0.0, n, level=0.95)
    error = np.hypot(high - low, high - low) / norm.ppf(0.975)
    half = student.ppf(0.975, n - 1) * error
    assert result.loc["framing", ["estimate", "low", "high"]].to_list() == pytest.approx([1, 1 - half, 1 + half])
    assert result.loc["agenda", ["estimate", "low", "high"]].to_list() == pytest.approx([0, -half, half])
    assert result["differs"].to_dict() == {"framing": differs, "agenda": False}
    assert result.loc["framing", "p_adjusted"] == pytest.approx(max(2 * student.sf(1 / error, n - 1), 1 / 501))


def test_where_nothing_was_labelled_with_the_frame_the_labelled_documents_count():
    # 12 of 200 documents were coded, none with the frame, and scores say nothing: 12 - 2 degrees, as in contrasts.
    weights = np.tile(np.where(np.arange(200) < 12, 200 / 12, 0.0), 2)
    table = sampled_table(np.zeros(400), np.zeros(400), weights, outlets=["A"] * 200 + ["B"] * 200, events="s")
    row = decompose_differences(table, n_bootstrap=100).iloc[0]
    error = np.hypot(*[exact_bounds(0.0, 12, level=0.95)[1]] * 2) / norm.ppf(0.975)
    assert row["high"] == pytest.approx(student.ppf(0.975, 10) * error)
    assert row["n_gold"] == 24


def test_stories_may_be_periods_and_passages_without_one_stand_together(three):
    day = {story: pd.Timestamp("2025-07-07") + pd.Timedelta(weeks=number) for number, story in enumerate(STORIES)}
    as_periods = three.assign(period=three["event"].map(day))
    by_period = decompose_differences(as_periods, agenda_items="period", n_bootstrap=50)
    by_event = decompose_differences(three, n_bootstrap=50)
    assert by_period["estimate"].to_list() == pytest.approx(by_event["estimate"].to_list())
    assert by_period["method"].str.contains(r"\bperiod;").all()
    # blank, missing, and the name that they are given are one agenda_item
    blank = three.assign(event=three["event"].replace("s2", ""))
    missing = three.assign(event=three["event"].where(three["event"] != "s2"))
    for part in (blank, missing):
        result = decompose_differences(part, n_bootstrap=50)
        assert result["estimate"].to_list() == pytest.approx(by_event["estimate"].to_list())
    for nothing in ("", None, np.nan):
        with pytest.raises(InputError, match="No passage has a event; choose another column for agenda_items"):
            decompose_differences(three.assign(event=nothing), n_bootstrap=50)


def test_groups_with_few_labels_or_documents_are_left_out_and_the_reason_is_given(three):
    few = three.copy()
    selected = few.index[(few["outlet"] == "C") & (few["gold_weight"] > 0)]
    few.loc[selected[9:], "gold_weight"] = 0.0
    result = decompose_differences(few, n_bootstrap=50)
    assert set(result["group_a"]) | set(result["group_b"]) == {"A", "B"}
    assert set(decompose_differences(few, n_bootstrap=50, corrected=False)["group_b"]) == {"B", "C"}
    with pytest.raises(
        InputError, match="needs two outlets with 5 documents and 10 labelled passages each; there are 1"
    ):
        decompose_differences(few[few["outlet"] != "B"], n_bootstrap=50)
    with pytest.raises(InputError, match="needs two outlets with 61 documents each; there are 0"):
        decompose_differences(three, n_bootstrap=50, min_documents=61, corrected=False)


@pytest.mark.slow
def test_planted_effects_are_covered_although_errors_differ_by_outlet():
    # 40 corpora; the classifier sees the frame in three of ten passages of B without it, which looks like framing. If
    # intervals covered with chance .95 the share covered of 40 would have standard deviation .034: three are allowed.
    inside = {"agenda": [], "framing": []}
    raw, errors = [], []
    for run in range(40):
        generator = np.random.default_rng(run)
        parts = generator.dirichlet(np.full(3, 4.0), size=2)
        shares = np.tile(generator.uniform(0.2, 0.5, 3), (2, 1))
        shares[1] += generator.uniform(-0.15, 0.15, 3)
        outlets = {name: (list(parts[side]), list(shares[side])) for side, name in enumerate("AB")}
        table = told_table(generator, outlets, n_documents=80, false_alarms={"A": 0.05, "B": 0.3})
        true = {
            "agenda": ((parts[0] - parts[1]) * shares.sum(axis=0) / 2).sum(),
            "framing": (parts.sum(axis=0) / 2 * (shares[0] - shares[1])).sum(),
        }
        for row in decompose_differences(table, n_bootstrap=150, random_seed=run).itertuples():
            inside[row.component].append(row.low <= true[row.component] <= row.high)
            errors.append((row.component == "framing", row.estimate - true[row.component]))
        result = decompose_differences(table, n_bootstrap=150, random_seed=run, corrected=False)
        row = result.set_index("component").loc["framing"]
        raw.append(row["low"] <= true["framing"] <= row["high"])
    lowest = 0.95 - 3 * np.sqrt(0.95 * 0.05 / 40)
    assert min(np.mean(values) for values in inside.values()) >= lowest
    assert np.mean(raw) < 0.4
    for framing in (True, False):
        off = np.array([error for which, error in errors if which == framing])
        assert abs(off.mean()) < 4 * off.std() / np.sqrt(40)
