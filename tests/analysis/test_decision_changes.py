"""Decisions again under another threshold, and what changes between two tables, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.analysis.analysis import open_analysis
from framing.analysis.decision_changes import compare_decisions, decide_again
from framing.codebook import read_codebook
from framing.errors import InputError
from framing.settings import Settings
from framing.tables import CHANGED_PASSAGES, DECISION_CHANGES
from tests.analysis.project import enter_project, write_project
from tests.tiny import PASSAGES, SPORT, TRADE, WAR

SCORES = {"x": [0.9, 0.62, 0.55, 0.5, 0.1], "y": [0.2, 0.9, 0.58, 0.3, 0.57]}


def table(scores: dict[str, list[float]] = SCORES, threshold: float = 0.5) -> pd.DataFrame:
    rows = [
        (f"p{place}", f"d{place}", "AB"[place % 2], f"Text {place}.", frame, score)
        for frame, values in scores.items()
        for place, score in enumerate(values)
    ]
    found = pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "text", "frame", "score"])
    return found.assign(decision=np.where(found["score"] >= threshold, "present", "absent"))


def present(found: pd.DataFrame, frame: str) -> list[str]:
    return found.loc[(found["frame"] == frame) & (found["decision"] == "present"), "passage_id"].tolist()


# another threshold


def test_a_frame_is_present_from_the_threshold_on():
    before = table()
    found = decide_again(before, threshold=0.58)
    assert present(found, "x") == ["p0", "p1"]
    assert present(found, "y") == ["p1", "p2"]
    assert found.drop(columns="decision").equals(before.drop(columns="decision"))
    assert present(before, "x") == ["p0", "p1", "p2", "p3"], "the table itself stays"


def test_nothing_abstains_under_another_threshold():
    before = table().assign(decision="abstain")
    assert set(decide_again(before, threshold=0.5)["decision"]) == {"present", "absent"}


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_that_is_no_score_is_refused(threshold):
    with pytest.raises(InputError, match="threshold: expected a score from 0 to 1, got"):
        decide_again(table(), threshold=threshold)


def test_one_frame_a_passage_has_no_threshold():
    """Known by scores that add up to one; NaN stands for the highest score, as in `Analysis.threshold`."""
    scores = {"x": [0.6, 0.3, 0.2], "y": [0.3, 0.3, 0.7], "z": [0.1, 0.4, 0.1]}
    with pytest.raises(InputError, match=r"threshold 0.4: the codebook gives each passage exactly one frame"):
        decide_again(table(scores), threshold=0.4)
    found = decide_again(table(scores).assign(decision="abstain"), threshold=float("nan"))
    assert [present(found, frame) for frame in "xyz"] == [["p0"], ["p2"], ["p1"]]


def test_a_column_is_missing():
    with pytest.raises(InputError, match="lacks the column"):
        decide_again(table().drop(columns="score"), threshold=0.5)


@pytest.mark.parametrize("multi_label", [True, False])
def test_an_analysis_is_decided_again(tmp_path, monkeypatch, multi_label):
    rows = [{"text": text, "outlet": "A", "published": "2025-07-01"} for text in [*PASSAGES, *WAR, *TRADE, *SPORT]]
    write_project(tmp_path, rows, multi_label=multi_label)
    enter_project(tmp_path, monkeypatch)
    analysis = open_analysis(Settings(corpus="small", codebook="tiny"))
    assert read_codebook(tmp_path / "seeds" / "tiny.yaml").multi_label == multi_label
    same = decide_again(analysis, threshold=analysis.threshold)
    pd.testing.assert_frame_equal(same, analysis.classified)
    if multi_label:
        assert set(decide_again(analysis, threshold=0.0)["decision"]) == {"present"}
    else:
        with pytest.raises(InputError, match="exactly one frame"):
            decide_again(analysis, threshold=0.5)


def test_a_residual_frame_stays_alone_under_another_threshold(tmp_path, monkeypatch):
    rows = [{"text": text, "outlet": "A", "published": "2025-07-01"} for text in [*PASSAGES, *WAR, *TRADE, *SPORT]]
    write_project(tmp_path, rows, multi_label=True)
    path = tmp_path / "seeds" / "tiny.yaml"
    last = read_codebook(path).frame_ids[-1]
    before, _, after = path.read_text().rpartition('"residual": false')  # that of the last frame
    path.write_text(f'{before}"residual": true{after}')
    enter_project(tmp_path, monkeypatch)
    analysis = open_analysis(Settings(corpus="small", codebook="tiny"))
    pd.testing.assert_frame_equal(decide_again(analysis, threshold=analysis.threshold), analysis.classified)
    all_present = decide_again(analysis, threshold=0.0)
    assert set(all_present.loc[all_present["frame"] == last, "decision"]) == {"absent"}
    assert set(all_present.loc[all_present["frame"] != last, "decision"]) == {"present"}


# what changes


def test_changes_by_hand():
    before = table()
    after = decide_again(before, threshold=0.58)
    after.loc[(after["frame"] == "y") & (after["passage_id"] == "p0"), ["score", "decision"]] = [0.7, "present"]
    changes = compare_decisions(before, after)
    assert list(changes.frames.columns) == list(DECISION_CHANGES)
    x, y = changes.frames.to_dict("records")
    # x: present p0 p1 p2 p3, then p0 p1
    counts = {"n_passages": 5, "n_before": 4, "n_after": 2, "n_newly": 0, "n_no_longer": 2, "share_changed": 0.4}
    assert {name: x[name] for name in counts} == pytest.approx(counts)
    # observed 3/5; expected 4/5 * 2/5 + 1/5 * 3/5 = 11/25
    assert x["kappa"] == pytest.approx((0.6 - 0.44) / (1 - 0.44))
    # y: present p1 p2 p4, then p0 p1 p2
    counts = {"n_before": 3, "n_after": 3, "n_newly": 1, "n_no_longer": 1, "share_changed": 0.4}
    assert {name: y[name] for name in counts} == pytest.approx(counts)
    assert y["kappa"] == pytest.approx((0.6 - 0.52) / (1 - 0.52))
    assert x["status"] == y["status"] == "in both"


def test_examples_are_the_clearest():
    """By how far the score moved; at equal scores those farthest beyond the new threshold."""
    before = table()
    after = decide_again(before, threshold=0.58)
    after.loc[(after["frame"] == "y") & (after["passage_id"] == "p0"), ["score", "decision"]] = [0.7, "present"]
    examples = compare_decisions(before, after).examples
    assert list(examples.columns) == list(CHANGED_PASSAGES)
    found = examples[["frame", "change", "passage_id", "outlet", "text"]].to_numpy().tolist()
    assert found == [
        ["x", "no longer present", "p3", "B", "Text 3."],
        ["x", "no longer present", "p2", "A", "Text 2."],
        ["y", "newly present", "p0", "A", "Text 0."],
        ["y", "no longer present", "p4", "A", "Text 4."],
    ]
    assert examples.loc[2, ["score_before", "score_after"]].tolist() == [0.2, 0.7]
    assert len(compare_decisions(before, after, per_frame=1).examples) == 3
    lower = compare_decisions(after, before, per_frame=1).examples
    assert lower.loc[0, ["change", "passage_id"]].tolist() == ["newly present", "p2"], "the highest score"


def test_two_codebooks_list_frames_that_were_added_or_removed():
    before, after = table(), table({"y": SCORES["y"], "z": [0.9, 0.9, 0.1, 0.1, 0.1]})
    frames = compare_decisions(before, after).frames.set_index("frame")
    assert list(frames.index) == ["x", "y", "z"]
    assert frames["status"].to_dict() == {"x": "removed", "y": "in both", "z": "added"}
    assert frames.loc["x", "n_before"] == 4
    assert frames.loc["z", "n_after"] == 2
    assert frames.loc[["x", "z"], ["n_newly", "n_no_longer", "share_changed", "kappa"]].isna().all(axis=None)
    assert pd.isna(frames.loc["x", "n_after"])
    assert pd.isna(frames.loc["z", "n_before"])
    assert frames.loc["y", ["n_newly", "n_no_longer", "share_changed", "kappa"]].tolist() == [0, 0, 0.0, 1.0]


def test_abstentions_are_decisions_of_their_own():
    before = table({"x": [0.9, 0.9, 0.1, 0.1]})
    after = before.assign(decision=["abstain", "present", "absent", "abstain"])
    row = compare_decisions(before, after).frames.iloc[0]
    assert row[["n_before", "n_after", "n_newly", "n_no_longer"]].tolist() == [2, 1, 0, 1]
    assert row["share_changed"] == 0.5
    # observed 1/2; expected 1/2 * 1/4 (present) + 1/2 * 1/4 (absent)
    assert row["kappa"] == pytest.approx((0.5 - 0.25) / 0.75)


def test_kappa_is_missing_where_nothing_varies():
    before = table({"x": [0.9, 0.9]})
    assert np.isnan(compare_decisions(before, before).frames.loc[0, "kappa"])
    assert compare_decisions(before, before).examples.empty


def test_passages_of_one_table_do_not_count():
    before = table()
    after = before[before["passage_id"] != "p0"]
    row = compare_decisions(before, after).frames.iloc[0]
    assert row[["n_passages", "n_before", "n_after"]].tolist() == [4, 3, 3]


def test_tables_that_cannot_be_compared_are_refused():
    before = table()
    with pytest.raises(InputError, match="no passage in common"):
        compare_decisions(before, before.assign(passage_id="other" + before["passage_id"]))
    with pytest.raises(InputError, match="after has two rows of one passage and frame"):
        compare_decisions(before, pd.concat([before, before]))
    with pytest.raises(InputError, match="the classified passages after lacks the column"):
        compare_decisions(before, before.drop(columns="decision"))
