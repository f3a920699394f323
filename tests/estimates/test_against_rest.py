"""Each group against the rest, one test a frame, and hypotheses named beforehand: on one corpus, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from framing.errors import InputError, TooLittleDataError
from framing.estimates.against_rest import compare_with_rest
from framing.estimates.compare import compare_groups
from framing.estimates.frame_tests import compare_frames
from framing.estimates.hypotheses import compare_hypotheses
from framing.settings import Hypothesis
from framing.tables import AGAINST_REST, FRAME_TESTS, HYPOTHESES
from tests.labelled import sampled_table

HITS = {"A": (20, 9), "B": (6, 8), "C": (5, 10)}  # of 50 passages, each a document, all coded: frames f0 and f1


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    labels = np.zeros((150, 2))
    for number, hits in enumerate(HITS.values()):
        for column, n in enumerate(hits):
            labels[50 * number : 50 * number + n, column] = 1
    return sampled_table(labels, np.zeros((150, 2)), np.ones(150), outlets=np.repeat(list("ABC"), 50))


def pool_by_hand() -> tuple[list[float], list[float], list[float]]:
    """Design effects and degrees of both frames, and sizes of the outlets."""
    spread = [[h / 50 * (1 - h / 50) / 49 * 50 / 49 + 1 / 50**2 for h in hits] for hits in HITS.values()]
    binomial = [[(h + 0.5) / 51 * (1 - (h + 0.5) / 51) / 50 for h in hits] for hits in HITS.values()]
    effects, degrees = [], []
    for k in range(2):
        total = sum(row[k] for row in spread)
        effects.append((total - 3 / 50**2) / sum(row[k] for row in binomial))
        degrees.append(total**2 / sum(row[k] ** 2 / 48 for row in spread))
    sizes = [50.0] * 3  # no outlet varies more than the others by more than chance
    return effects, degrees, sizes


def test_a_group_against_the_rest_by_hand(table):
    result = compare_with_rest(table, n_bootstrap=4000)
    assert tuple(result.columns) == AGAINST_REST
    assert len(result) == 6
    effects, degrees, sizes = pool_by_hand()
    for g, (outlet, hits) in enumerate(HITS.items()):
        for k in range(2):
            row = result[(result["group"] == outlet) & (result["frame"] == f"f{k}")].iloc[0]
            others = [j for j in range(3) if j != g]
            share, rest = hits[k] / 50, sum(list(HITS.values())[j][k] / 50 for j in others) / 2
            n_rest = 1 / sum(1 / (4 * sizes[j]) for j in others)
            shrunk = (sizes[g] * share + 0.5) / (sizes[g] + 1), (n_rest * rest + 0.5) / (n_rest + 1)
            middle = (sizes[g] * shrunk[0] + n_rest * shrunk[1]) / (sizes[g] + n_rest)
            misread = 1.5 * (1 / 50**2 + 2 * (1 / 50**2) / 2**2)  # of the outlet, and of the mean of two others
            z = (share - rest) / np.sqrt(effects[k] * middle * (1 - middle) * (1 / sizes[g] + 1 / n_rest) + misread)
            assert (row["share"], row["rest"], row["estimate"]) == pytest.approx((share, rest, share - rest))
            assert row["p_value"] == pytest.approx(2 * student.sf(abs(z), degrees[k]))
            # at most that of six questions, at least that of one
            assert row["p_value"] <= row["p_adjusted"] <= min(1, 6 * row["p_value"] + 0.01)
            assert (row["low"] > 0 or row["high"] < 0) == row["differs"]
            assert row["low"] <= row["estimate"] <= row["high"]
    assert result.iloc[0][["group", "frame", "differs"]].to_list() == ["A", "f0", True]
    assert result["p_adjusted"].is_monotonic_increasing
    assert result["method"].str.startswith("one of 6 comparisons of one group with the rest; ").all()
    assert set(result["n_gold"]) == {150}


def test_one_test_a_frame_is_holms(table):
    result = compare_frames(table)
    assert tuple(result.columns) == FRAME_TESTS
    assert result["frame"].to_list() == ["f0", "f1"]
    assert result["estimate"].to_list() == pytest.approx([0.4 - 0.1, 0.2 - 0.16])
    first, second = result["p_value"]
    assert result["p_adjusted"].to_list() == pytest.approx([2 * first, max(2 * first, second)])
    assert result["differs"].to_list() == [True, False]
    assert (result["df_between"] == 2).all()
    assert result[["low", "high"]].isna().all(axis=None)
    assert result["method"].str.contains("one of 2 tests of a frame").all()
    assert result["method"].str.contains("no interval").all()


def test_no_pair_is_surer_than_its_frame(table):
    frames = compare_frames(table).set_index("frame")["p_value"]
    pairs = compare_groups(table, n_bootstrap=200)
    assert (pairs["p_adjusted"] >= np.minimum(2 * pairs["frame"].map(frames), 1) - 1e-12).all()


NAMED = [
    {"frame": "f0", "groups": ["A", "rest"], "expect": "more"},
    {"frame": "f1", "groups": ["A", "B"], "expect": "less"},
    {"frame": "f0", "groups": ["A", "C"]},
]


def test_hypotheses_are_tested_among_themselves_and_on_the_side_expected(table):
    result = compare_hypotheses(table, NAMED, n_bootstrap=4000)
    assert tuple(result.columns) == HYPOTHESES
    assert result["expect"].to_list() == ["more", "less", "differ"]
    assert result["group_b"].to_list() == ["rest", "B", "C"]
    rest = compare_with_rest(table, n_bootstrap=200).set_index(["group", "frame"])["p_value"]
    pairs = compare_groups(table, n_bootstrap=200).set_index(["group_a", "group_b", "frame"])["p_value"]
    assert result["p_value"].to_list() == pytest.approx(
        [rest["A", "f0"] / 2, 1 - pairs["A", "B", "f1"] / 2, pairs["A", "C", "f0"]]  # f1: 9 against 8, not fewer
    )
    assert (result["p_adjusted"] >= result["p_value"]).all()
    assert (result["p_adjusted"] <= 3 * result["p_value"] + 0.01).all()
    assert result["supported"].to_list() == [True, False, True]
    assert result["high"].iloc[0] == 1
    assert result["low"].iloc[1] == -1
    assert ((result["low"] > 0) | (result["high"] < 0)).to_list() == result["differs"].to_list()
    assert result["hypothesis"].iloc[0] == "more f0 in A than in the rest"
    assert result["n_gold"].to_list() == [150, 100, 100]
    assert ["one-sided" in text for text in result["method"]] == [True, True, False]
    assert result["method"].str.startswith("one of 3 hypotheses named beforehand").all()


def test_one_hypothesis_alone_has_its_own_p_value(table):
    row = compare_hypotheses(table, NAMED[2:], n_bootstrap=5000).iloc[0]
    # the share of 5,000 normal draws that are as far, but never below the exact one
    assert row["p_adjusted"] == pytest.approx(row["p_value"], abs=0.01)


def test_hypotheses_of_settings_and_other_objects_are_read(table):
    first = compare_hypotheses(table, NAMED, n_bootstrap=200)
    settings = [Hypothesis.model_validate(each) for each in NAMED]
    objects = [SimpleNamespace(**each) for each in NAMED]
    for hypotheses in (settings, objects):
        pd.testing.assert_frame_equal(compare_hypotheses(table, hypotheses, n_bootstrap=200), first)
    assert list(compare_hypotheses(table, []).columns) == list(HYPOTHESES)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"frame": "g", "groups": ["A", "B"]}, r"hypothesis 2: there is no frame 'g'. There are: f0, f1\."),
        ({"frame": "f0", "groups": ["A", "Z"]}, r"there is no outlet 'Z'. There are: A, B, C; or rest for all"),
        ({"frame": "f0", "groups": ["A"]}, r"hypothesis 2: expected two groups, .* got \['A'\]"),
        ({"frame": "f0", "groups": ["rest", "A"]}, "of which the second may be rest"),
        ({"frame": "f0", "groups": ["A", "A"]}, "expected two groups"),
        ({"frame": "f0", "groups": ["A", "B"], "expect": "rise"}, "expect is one of more, less, differ, got 'rise'"),
        ({"frame": "f0", "group": "A"}, "expected the keys frame, groups and expect, got frame, group"),
    ],
)
def test_a_hypothesis_that_cannot_be_tested_is_refused_with_the_choices(table, wrong, message):
    with pytest.raises(InputError, match=message):
        compare_hypotheses(table, [NAMED[0], wrong], n_bootstrap=50)


def test_a_hypothesis_about_a_small_group_stays_with_its_reason(table):
    few = sampled_table(np.zeros((4, 2)), np.zeros((4, 2)), np.ones(4), outlets="D", documents=list("wxyz"))
    both = pd.concat([table, few.assign(passage_id="d" + few["passage_id"])])
    hypotheses = [{"frame": "f0", "groups": ["A", "D"]}, NAMED[2]]
    result = compare_hypotheses(both, hypotheses, n_bootstrap=200)
    assert result["method"].iloc[0] == "not tested: D has 4 documents, 5 are needed"
    assert np.isnan(result["p_value"].iloc[0])
    assert not result["supported"].iloc[0]
    assert result["method"].iloc[1].startswith("one of 1 hypotheses")


@pytest.mark.parametrize("function", [compare_frames, compare_with_rest])
def test_two_groups_are_needed(table, function):
    with pytest.raises(TooLittleDataError, match="at least two outlets with 5 documents"):
        function(table[table["outlet"] == "A"])


def test_clusters_are_the_units_of_all_tests(table):
    # ten passages a cluster, and labels in runs: the same passages are less evidence
    together = table.assign(cluster=table["passage_id"].str[1:].astype(int) // 10)
    for function, options in ((compare_frames, {}), (compare_with_rest, {"n_bootstrap": 200}),
                              (compare_groups, {"n_bootstrap": 200})):  # fmt: skip
        alone, clustered = (function(part, **options).set_index("frame")["p_value"] for part in (table, together))
        assert np.min(clustered["f0"]) > np.min(alone["f0"])
        assert function(together, **options)["method"].str.contains("clusters as independent units").all()


def test_stories_that_are_alike_are_no_evidence_by_their_number():
    # Raw decisions: 40 documents in 4 stories, each story wholly with or without the frame.
    rows = []
    for outlet, with_frame in (("A", 3), ("B", 1)):
        for story in range(4):
            for document in range(10):
                decision = "present" if story < with_frame else "absent"
                rows.append((f"{outlet}{story}-{document}", outlet, f"{outlet} {story}", decision))
    table = pd.DataFrame(rows, columns=["document_id", "outlet", "cluster", "decision"])
    table = table.assign(passage_id=table["document_id"], frame="f", perspective="", published=pd.NaT, text="", score=0)
    assert compare_groups(table.drop(columns="cluster"), n_bootstrap=500)["differs"].item()
    assert not compare_groups(table, n_bootstrap=500)["differs"].item()
    assert not compare_frames(table)["differs"].item()
    assert not compare_with_rest(table, n_bootstrap=500)["differs"].any()
