"""Groups of one column, of several, and of none: what `by` means is the same for every estimator."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.arrivals import compare_arrivals
from framing.estimates.by_voice import count_voices, estimate_prevalence_by_voice, estimate_speakers
from framing.estimates.changes import find_changes
from framing.estimates.compare import compare_groups
from framing.estimates.cooccurrence import measure_cooccurrence
from framing.estimates.correction import has_enough_labels
from framing.estimates.decompose import decompose_differences
from framing.estimates.groups import check_groups, join_groups, split_groups
from framing.estimates.outcomes import add_outcomes
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.ranks import rank_groups
from framing.estimates.summaries import count_labels, find_widest_frames
from framing.estimates.trends import compare_trends
from framing.estimates.words import find_distinctive_words, find_passages_with_words
from tests.labelled import sampled_table

PAIR = ["outlet", "language"]
JOINT = "outlet / language"
WEEKS = pd.date_range("2024-01-01", periods=8, freq="7D")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Two outlets in two languages, 24 documents of one passage each, over eight weeks; half of the labels known."""
    generator = np.random.default_rng(2)
    n = 96
    labels = (generator.random((n, 2)) < [0.5, 0.3]).astype(float)
    scores = 0.5 * labels + 0.5 * generator.random((n, 2))
    outlets = np.repeat(["A", "B"], n // 2)
    classified = sampled_table(labels, scores, np.tile([2.0, 0.0], n // 2), outlets=outlets, frames=["f", "g"])
    place = np.arange(n) // 2 * 2
    words = np.array(["missile", "treaty", "flood", "ballot"])
    passages = pd.DataFrame(
        {
            "passage_id": [f"p{number}" for number in range(n)],
            "language": np.tile(np.repeat(["de", "en"], n // 4), 2),
            "published": WEEKS[place // 2 % 8],
            "event": [f"e{number % 3}" for number in range(n)],
            "text": [f"{words[number // 24]} {words[number % 4]} report" for number in range(n)],
        }
    )
    return classified.drop(columns=["published", "event", "text"]).merge(passages, on="passage_id")


@pytest.fixture(scope="module")
def joint(table) -> pd.DataFrame:
    return table.assign(**{JOINT: table["outlet"] + " / " + table["language"]})


def test_values_of_several_columns_are_joined_where_all_are_there():
    table = pd.DataFrame({"a": ["x", "x", None], "b": [1, 2, 3]})
    joined, name = join_groups(table, ("a", "b"))
    assert name == "a / b"
    assert joined[name].to_list() == ["x / 1", "x / 2"]
    result = pd.DataFrame({"frame": ["f", "g"], name: ["x / 2", "x / 1"], "estimate": [0.1, 0.2]})
    split = split_groups(result, joined, ("a", "b"))
    assert split.columns.to_list() == ["frame", "a", "b", "estimate"]
    assert split[["a", "b"]].to_numpy().tolist() == [["x", 2], ["x", 1]]


@pytest.mark.parametrize("by", [None, "", ()])
def test_no_column_makes_all_rows_one_group(by):
    table, keys = check_groups(pd.DataFrame({"frame": ["f", "g"]}), by)
    assert keys == ["group"]
    assert table["group"].to_list() == ["all", "all"]


@pytest.mark.parametrize("by", ["outlet", ["outlet"], ("outlet",)])
def test_one_column_is_the_same_by_its_name_and_in_a_list(by, table):
    pd.testing.assert_frame_equal(
        estimate_prevalence(table, by=by, n_bootstrap=20), estimate_prevalence(table, by="outlet", n_bootstrap=20)
    )
    pd.testing.assert_frame_equal(
        compare_groups(table, by=by, n_bootstrap=20), compare_groups(table, by="outlet", n_bootstrap=20)
    )


@pytest.mark.parametrize(
    "estimate",
    [
        lambda table, by: compare_groups(table, by=by, n_bootstrap=200),
        lambda table, by: compare_groups(table, by=by, n_bootstrap=200, corrected=False),
        lambda table, by: decompose_differences(table, by=by, n_bootstrap=200),
        lambda table, by: compare_trends(table, by=by, n_bootstrap=200),
        lambda table, by: find_changes(table, by=by, n_permutations=50, corrected=False),
        lambda table, by: compare_arrivals(table, [f"p{n}" for n in range(0, 96, 2)], by=by, n_bootstrap=200),
        lambda table, by: find_widest_frames(estimate_prevalence(table, by=by, n_bootstrap=20), by=by),
        lambda table, by: has_enough_labels(table, by=by),
        lambda table, by: add_outcomes(table, by=by)[0]["outcome"],
        lambda table, by: rank_groups(
            compare_groups(table, by=by, n_bootstrap=200), estimate_prevalence(table, by=by, n_bootstrap=20), by=by
        ),
    ],
)  # fmt: skip
def test_groups_of_two_columns_are_those_of_one_column_that_joins_them(estimate, table, joint):
    several, one = estimate(table, PAIR), estimate(joint, JOINT)
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(several, one)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(several, one)
    else:
        assert several == one


def test_results_with_keys_have_the_columns_of_the_groups(table, joint):
    tables = {
        "pairs": lambda data, by: measure_cooccurrence(data, by=by, n_bootstrap=100),
        "shares": lambda data, by: estimate_prevalence(data, by=by, n_bootstrap=20),
        "labels": lambda data, by: count_labels(estimate_prevalence(data, by=by, n_bootstrap=20), by=by),
        "words": lambda data, by: find_distinctive_words(data, by=by, min_documents=2),
    }
    for name, make in tables.items():
        several, one = make(table, PAIR), make(joint, JOINT)
        assert len(several) > 0, name
        assert (several["outlet"] + " / " + several["language"]).to_list() == one[JOINT].to_list(), name
        pd.testing.assert_frame_equal(
            several.drop(columns=PAIR), one.drop(columns=[JOINT, "language"], errors="ignore")
        )
    behind = find_passages_with_words(make(table, PAIR), table, by=PAIR)
    assert behind.columns.to_list() == ["frame", *PAIR, "word", "published", "score", "text", "passage_id"]
    assert len(behind) > 0


def test_all_passages_as_one_group(table):
    as_one = table.assign(group="all")
    shares = estimate_prevalence(table, by=None, n_bootstrap=20)
    pd.testing.assert_frame_equal(shares, estimate_prevalence(as_one, by="group", n_bootstrap=20))
    assert shares["group"].to_list() == ["all", "all"]
    raw = estimate_prevalence(table, by=None, n_bootstrap=20, corrected=False)
    present = table.groupby("frame")["decision"].agg(lambda part: (part == "present").mean())
    assert raw["estimate"].to_list() == pytest.approx(present.to_list())
    pairs = measure_cooccurrence(table, by=None, n_bootstrap=50)
    pd.testing.assert_frame_equal(pairs, measure_cooccurrence(as_one, by="group", n_bootstrap=50))
    changes = find_changes(table, by="", n_permutations=20)
    pd.testing.assert_frame_equal(changes, find_changes(table, by=None, n_permutations=20))


def test_voices_by_two_columns_and_by_none(table):
    passages = table.drop_duplicates("passage_id")
    voices = pd.DataFrame(
        {
            "passage_id": passages["passage_id"],
            "voice": np.tile(["own", "quoted"], 48),
            "speaker": np.tile(["", "Ana Duarte"], 48),
            "speaker_group": np.tile(["", "Poland"], 48),
        }
    )
    counts = count_voices(passages, voices, by=PAIR)
    assert counts.columns.to_list() == [*PAIR, "voice", "n_passages", "share", "n_speakers"]
    assert counts["n_passages"].to_list() == [12] * 8
    assert counts["share"].to_list() == [0.5] * 8
    assert count_voices(passages, voices, by=None)[["group", "n_passages"]].to_numpy().tolist() == [["all", 48]] * 2
    one = estimate_prevalence_by_voice(table, voices, by="voice", n_bootstrap=20)
    assert one["voice"].to_list() == ["own", "own", "quoted", "quoted"]
    speakers = estimate_speakers(table, voices, by="outlet", n_bootstrap=20)
    assert speakers.groupby(["outlet", "frame"])["estimate"].sum().to_list() == pytest.approx([1.0] * 4)


@pytest.mark.parametrize(
    "estimate",
    [estimate_prevalence, compare_groups, decompose_differences, compare_trends, find_changes, measure_cooccurrence,
     find_distinctive_words, lambda table, by: compare_arrivals(table, [], by=by)],
)  # fmt: skip
def test_a_missing_group_is_named_beside_the_columns_there(estimate, table):
    with pytest.raises(InputError, match=r"lacks the column\(s\) section\. It has: passage_id, document_id, outlet"):
        estimate(table, by=["outlet", "section"])


def test_groups_that_are_numbers_are_compared_by_arrivals(table):
    numbered = table.assign(year=np.where(table["outlet"] == "A", 2023, 2024))
    earlier = [f"p{n}" for n in range(0, 96, 2)]
    found = compare_arrivals(numbered, earlier, by="year", n_bootstrap=200)
    assert sorted(set(found["group"])) == ["2023", "2024"]
    named = compare_arrivals(table, earlier, by="outlet", n_bootstrap=200)
    assert found["estimate"].to_list() == named["estimate"].to_list()
