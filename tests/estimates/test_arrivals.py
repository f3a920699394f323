"""New documents against earlier ones: by hand, and what is no change is none."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ks_2samp

from framing.errors import InputError
from framing.estimates.arrivals import compare_arrivals, measure_drift
from framing.estimates.compare import compare_groups
from framing.tables import ARRIVALS, DRIFT


def _table(shares: dict[str, tuple[float, float]], *, n: int = 60, seed: int = 1) -> tuple[pd.DataFrame, list[str]]:
    """One passage a document and two frames; per outlet the share of the first among earlier and new documents."""
    generator = np.random.default_rng(seed)
    rows, earlier = [], []
    for outlet, both in shares.items():
        for age, share in zip(("old", "new"), both, strict=True):
            for number in range(n):
                document = f"{outlet}-{age}-{number}"
                earlier += [document] if age == "old" else []
                for frame in ("f", "g"):
                    result = generator.random() < (share if frame == "f" else 0.3)
                    rows.append((document, document, outlet, "", pd.NaT, "text", frame, 0.2 + 0.6 * result,
                                 "present" if result else "absent"))  # fmt: skip
    names = ["passage_id", "document_id", "outlet", "perspective", "published", "text", "frame", "score", "decision"]
    return pd.DataFrame(rows, columns=names), earlier


def test_a_share_that_moved_is_found_and_the_estimate_is_new_less_earlier():
    table, earlier = _table({"A": (0.1, 0.7), "B": (0.4, 0.4)})
    result = compare_arrivals(table, earlier, n_bootstrap=400)
    assert list(result.columns) == list(ARRIVALS)
    assert len(result) == 4
    part = table[(table["outlet"] == "A") & (table["frame"] == "f")]
    marked = part["decision"].eq("present")
    new = ~part["document_id"].isin(earlier)
    row = result.iloc[0]
    assert (row["group"], row["frame"], bool(row["differs"])) == ("A", "f", True)
    assert row["estimate"] == pytest.approx(marked[new].mean() - marked[~new].mean())
    assert row["low"] < row["estimate"] < row["high"]
    assert row["low"] > 0
    assert result["differs"].sum() == 1
    assert (result["p_adjusted"] <= 1).all()


def test_groups_with_few_new_documents_are_left_out():
    table, earlier = _table({"A": (0.1, 0.7), "B": (0.4, 0.4)})
    new_of_b = table["document_id"].str.startswith("B-new")
    few = table[~new_of_b | table["document_id"].isin([f"B-new-{n}" for n in range(4)])]
    assert set(compare_arrivals(few, earlier, n_bootstrap=200)["group"]) == {"A"}
    five = table[~new_of_b | table["document_id"].isin([f"B-new-{n}" for n in range(5)])]
    assert set(compare_arrivals(five, earlier, n_bootstrap=200)["group"]) == {"A", "B"}
    assert compare_arrivals(table, table["document_id"], n_bootstrap=200).empty


def test_scores_that_drift_are_found_and_others_are_not():
    table, earlier = _table({"A": (0.1, 0.9)})
    result = measure_drift(table, earlier).set_index("frame")
    scores = {age: table[(table["frame"] == "f") & (table["document_id"].isin(earlier) == age)]["score"]
              for age in (True, False)}  # fmt: skip
    # two values only: the distance is the difference of their shares
    assert result.loc["f", "estimate"] == pytest.approx(abs((scores[True] > 0.5).mean() - (scores[False] > 0.5).mean()))
    assert (bool(result.loc["f", "differs"]), bool(result.loc["g", "differs"])) == (True, False)
    assert list(measure_drift(table, earlier[:5]).columns) == list(DRIFT)
    assert measure_drift(table, earlier[:5]).empty
    few_new = [name for name in table["document_id"].unique() if name not in {f"A-new-{n}" for n in range(5)}]
    assert measure_drift(table, few_new).empty
    with pytest.raises(InputError, match="expected a number between 0 and 1, got 95"):
        measure_drift(table, earlier, level=95)


@pytest.mark.slow
def test_documents_that_only_came_later_are_seldom_called_different():
    result = 0
    for seed in range(40):
        table, earlier = _table({"A": (0.3, 0.3), "B": (0.3, 0.3)}, n=30, seed=seed)
        result += bool(compare_arrivals(table, earlier, n_bootstrap=200)["differs"].any())
    assert result <= 6  # 5 % of 40 are 2; more than 6 comes by chance once in 300


def _documents(passages: dict[str, list[float]]) -> pd.DataFrame:
    """One frame; documents to scores of their passages, present from one half."""
    rows = [
        (f"{document}-{place}", document, "A", "f", score)
        for document, scores in passages.items()
        for place, score in enumerate(scores)
    ]
    table = pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "frame", "score"])
    return table.assign(
        perspective="", published=pd.NaT, text="", decision=np.where(table["score"] >= 0.5, "present", "absent")
    )


def test_drift_is_of_mean_scores_of_documents_by_hand():
    # means of earlier documents .2 .3 .4 .5, of new ones .35 .45 .6 .7: at .3 two of four earlier are reached and no
    # new one, at .5 four and two
    table = _documents({"a": [0.0, 0.4], "b": [0.1, 0.5], "c": [0.4], "d": [0.2, 0.8], "e": [0.35], "f": [0.45],
                        "g": [0.3, 0.9], "h": [0.7]})  # fmt: skip
    row = measure_drift(table, list("abcd"), min_documents=4).iloc[0]
    assert row["estimate"] == pytest.approx(0.5)
    # of the 70 ways to choose four of eight, those that are as far apart
    assert row["p_adjusted"] == pytest.approx(_count_distances(4, 4, 0.5))
    assert (row["n_passages"], row["n_documents"], row["n_gold"], bool(row["differs"])) == (12, 8, 0, False)
    assert np.isnan([row["low"], row["high"]]).all()
    assert measure_drift(table, list("abcd"), min_documents=5).empty
    assert measure_drift(table, list("abc"), min_documents=4).empty
    assert measure_drift(table, list("abcde"), min_documents=4).empty


def _count_distances(n: int, m: int, distance: float) -> float:
    """The share of all orders of n and m documents whose distributions are at least so far apart."""
    ways = list(combinations(range(n + m), n))
    far = 0
    for chosen in ways:
        is_first = np.isin(np.arange(n + m), chosen)
        far += np.abs(is_first.cumsum() / n - (~is_first).cumsum() / m).max() >= distance - 1e-12
    return far / len(ways)


def test_drift_needs_twenty_documents_on_both_sides():
    table = _documents({f"d{number}": [number / 50] for number in range(40)})
    names = [f"d{number}" for number in range(40)]
    assert len(measure_drift(table, names[:20])) == 1
    assert measure_drift(table, names[:19]).empty
    assert measure_drift(table, names[:21]).empty
    # one of four documents apart from the others: p is 2 / 4, which is exactly one less the level and not clear
    apart = measure_drift(table[table["document_id"].isin(names[:4])], names[:1], min_documents=1, level=0.5).iloc[0]
    assert (apart["p_adjusted"], apart["differs"]) == (0.5, False)
    for level in (0, 1):
        with pytest.raises(InputError, match="level"):
            measure_drift(table, names[:20], level=level)
    with pytest.raises(InputError, match=r"lacks the column\(s\) score"):
        measure_drift(table.drop(columns="score"), names)


def test_arrivals_of_a_group_are_its_contrast_at_the_level_of_all_groups():
    table, earlier = _table({"A": (0.2, 0.5), "B": (0.4, 0.4)}, n=20)
    options = {"n_bootstrap": 150, "random_seed": 7}
    result = compare_arrivals(table, earlier, level=0.9, **options).set_index(["group", "frame"])
    for name, part in table.groupby("outlet"):
        aged = part.assign(age=np.where(part["document_id"].isin(earlier), "a", "b"))
        contrasts = compare_groups(aged, by="age", level=0.95, **options).set_index("frame")
        for frame, row in contrasts.iterrows():
            found = result.loc[(name, frame)]
            assert (found["estimate"], found["low"], found["high"]) == pytest.approx(
                (-row["estimate"], -row["high"], -row["low"])
            )
            assert found["p_adjusted"] == pytest.approx(min(2 * row["p_adjusted"], 1))
            assert found["differs"] == (2 * row["p_adjusted"] < 0.1)
            assert (found["n_passages"], found["n_documents"], found["n_gold"]) == (40, 40, 0)


def test_rows_that_are_as_unclear_stand_by_group_and_frame():
    table, earlier = _table({"B": (0.4, 0.4), "A": (0.4, 0.4)}, n=8, seed=3)
    result = compare_arrivals(table.assign(decision="absent"), earlier, n_bootstrap=50)
    assert result[["group", "frame"]].to_numpy().tolist() == [["A", "f"], ["A", "g"], ["B", "f"], ["B", "g"]]
    assert result.index.to_list() == [0, 1, 2, 3]


def test_groups_without_new_documents_are_left_out_whatever_the_least_number():
    table, earlier = _table({"A": (0.1, 0.7), "B": (0.4, 0.4)}, n=6)
    no_new = table[~table["document_id"].str.startswith("B-new")]
    assert set(compare_arrivals(no_new, earlier, n_bootstrap=50, min_documents=1)["group"]) == {"A"}
    assert compare_arrivals(table, table["document_id"], n_bootstrap=50, min_documents=1).empty


def test_arrivals_are_compared_by_decisions_though_there_are_labels():
    table, earlier = _table({"A": (0.2, 0.6)}, n=15)
    labelled = table.assign(
        proxy=0.0, gold=0.0, gold_proxy=0.0, gold_weight=1.0, gold_stratum="s", gold_cluster=table["document_id"]
    )
    pd.testing.assert_frame_equal(
        compare_arrivals(labelled, earlier, n_bootstrap=50), compare_arrivals(table, earlier, n_bootstrap=50)
    )


def test_a_p_value_of_one_less_the_level_is_no_new_share():
    # three draws, none as far: p is 1 / 4
    table, earlier = _table({"A": (0.0, 1.0)}, n=40)
    row = compare_arrivals(table[table["frame"] == "f"], earlier, n_bootstrap=3, level=0.75).iloc[0]
    assert (row["p_adjusted"], row["differs"]) == (0.25, False)


def _told_scores(n_stories: int, per_story: int, *, seed: int = 3) -> tuple[pd.DataFrame, set[str]]:
    """Documents of stories with scores of their own; the last third of the stories is new."""
    generator = np.random.default_rng(seed)
    story = np.repeat(np.arange(n_stories), per_story)
    score = generator.standard_normal(n_stories)[story] + 0.1 * generator.standard_normal(len(story))
    names = pd.Series(np.arange(len(story)).astype(str))
    table = pd.DataFrame(
        {"passage_id": names, "document_id": names, "frame": "f", "score": score, "cluster": story.astype(str)}
    )
    return table, set(names[story < n_stories - n_stories // 3])


def test_drift_of_a_few_stories_is_none():
    table, earlier = _told_scores(12, 40)
    of_documents, of_stories = measure_drift(table.drop(columns="cluster"), earlier), measure_drift(table, earlier)
    assert of_documents["differs"].all()
    assert not of_stories["differs"].any()
    assert of_stories["estimate"].item() == of_documents["estimate"].item()
    assert "clusters permuted" in of_stories["method"].item()


def test_the_p_value_of_drift_is_that_of_all_choices_of_stories():
    table, earlier = _told_scores(9, 8, seed=5)
    scores, story = table["score"].to_numpy(), table["cluster"].astype(int).to_numpy()
    distances = [
        ks_2samp(scores[np.isin(story, new)], scores[~np.isin(story, new)]).statistic
        for new in combinations(range(9), 3)
    ]
    expected = np.mean(np.array(distances) >= distances[-1] - 1e-9)
    found = [measure_drift(table, earlier, random_seed=seed)["p_adjusted"].item() for seed in range(30)]
    assert np.mean(found) == pytest.approx(expected, rel=0.25)  # ten of about 10 / p draws each, 30 times


def test_drift_of_a_single_new_cluster_is_not_tested():
    table, earlier = _told_scores(9, 30)
    table.loc[~table["document_id"].isin(earlier), "cluster"] = "one"
    result = measure_drift(table, earlier)
    assert result["p_adjusted"].isna().all()
    assert not result["differs"].any()
    assert result["method"].item().endswith("fewer than two clusters are mainly of new documents, or of earlier ones")


def test_clear_drift_is_found_with_clusters_too():
    table, earlier = _told_scores(30, 3)
    moved = table.assign(score=table["score"] + 5 * ~table["document_id"].isin(earlier))
    row = measure_drift(moved, earlier).iloc[0]
    assert row["differs"]
    assert row["p_adjusted"] == pytest.approx(1 / 2000)
