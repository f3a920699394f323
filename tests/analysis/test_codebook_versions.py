"""Two versions of a codebook on the same passages, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.analysis.codebook_versions import CodebookVersion, compare_versions
from framing.errors import InputError
from framing.tables import TURNED_PASSAGES, VERSION_AGREEMENT, VERSION_SHARES
from tests.tiny import SPORT, TRADE, WAR, codebook, frame

ABOUT = {"perspective": "", "published": pd.NaT}
# twelve documents of one passage, A and B in turn; the score of the frame war, and of trade
BEFORE = [0.9, 0.8, 0.7, 0.6, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2]
AFTER = [0.9, 0.8, 0.3, 0.6, 0.9, 0.2, 0.1, 0.2, 0.1, 0.2, 0.1, 0.2]
QUIET = [0.0] * 12


def classify(scores: dict[str, list[float]], threshold: float = 0.5) -> pd.DataFrame:
    rows = [
        (f"p{place}", f"d{place}", "AB"[place % 2], f"Text {place}.", name, score)
        for name, values in scores.items()
        for place, score in enumerate(values)
    ]
    table = pd.DataFrame(rows, columns=["passage_id", "document_id", "outlet", "text", "frame", "score"])
    return table.assign(decision=np.where(table["score"] >= threshold, "present", "absent"), **ABOUT)


def version(book, scores: dict[str, list[float]], threshold: float = 0.5) -> CodebookVersion:
    return CodebookVersion(book, classify(scores, threshold), threshold)


OLD = codebook(frame("war", WAR), frame("trade", TRADE), multi_label=True)
NEW = codebook(frame("war", WAR[:2]), frame("sport", SPORT), multi_label=True)


@pytest.fixture(scope="module")
def changed():
    """War has changed seeds, trade is gone, sport is new."""
    return compare_versions(version(OLD, {"war": BEFORE, "trade": QUIET}), version(NEW, {"war": AFTER, "sport": AFTER}))


def row_of(comparison, name: str) -> dict:
    (row,) = comparison.agreement[comparison.agreement["frame"] == name].to_dict("records")
    return {key: None if value is pd.NA else value for key, value in row.items()}


def test_a_frame_with_changed_seeds_by_hand(changed):
    """4 of 12 passages before and after, 3 of them the same: p_o = 10/12, p_e = (4/12)**2 + (8/12)**2."""
    row = row_of(changed, "war")
    assert list(changed.agreement.columns) == list(VERSION_AGREEMENT)
    counts = ("n_before", "n_after", "n_both", "n_newly", "n_no_longer", "n_passages", "n_documents", "n_rules")
    assert [row[name] for name in counts] == [4, 4, 3, 1, 1, 12, 12, 1]
    expected = 16 / 144 + 64 / 144
    assert row["estimate"] == pytest.approx((10 / 12 - expected) / (1 - expected)) == pytest.approx(0.625)
    assert row["low"] < 0.625 < row["high"]
    assert (row["status"], row["method"]) == ("in both", "percentile bootstrap over documents")


def test_passages_of_a_document_are_drawn_together():
    """Each passage twelve times in its document: the interval stays that of twelve documents."""
    tables = [pd.concat([classify({"war": scores})] * 12) for scores in (BEFORE, AFTER)]
    for table in tables:
        table["passage_id"] = [f"{name}-{number}" for number, name in enumerate(table["passage_id"])]
    book = codebook(frame("war", WAR), multi_label=True)
    many = compare_versions(*(CodebookVersion(book, table, 0.5) for table in tables))
    once = compare_versions(version(book, {"war": BEFORE}), version(book, {"war": AFTER}))
    for name in ("estimate", "low", "high"):
        assert many.agreement[name].item() == pytest.approx(once.agreement[name].item(), abs=1e-9)


def test_frames_of_one_version_alone(changed):
    gone, new = row_of(changed, "trade"), row_of(changed, "sport")
    assert (gone["status"], gone["n_before"], gone["n_after"]) == ("removed", 0, None)
    assert (new["status"], new["n_before"], new["n_after"]) == ("added", None, 4)
    for row in (gone, new):
        assert np.isnan(row["estimate"])
        assert row["method"] == "no interval: in one version alone"
    assert changed.n_decisions == 12
    assert set(changed.contrasts["frame"]) == {"war"}


def test_added_and_removed_frames_come_first_and_then_the_largest_change():
    """Sport has four passages and trade one; two decisions change on war, none on peace."""
    quiet, one = QUIET, [0.9, *QUIET[1:]]
    old = codebook(frame("peace", SPORT), frame("war", WAR), frame("trade", TRADE), multi_label=True)
    new = codebook(frame("peace", TRADE), frame("war", WAR), frame("sport", SPORT), multi_label=True)
    found = compare_versions(
        version(old, {"peace": quiet, "war": BEFORE, "trade": one}),
        version(new, {"peace": quiet, "war": AFTER, "sport": AFTER}),
    )
    assert found.agreement["frame"].tolist() == ["sport", "trade", "war", "peace"]
    assert list(dict.fromkeys(found.shares["frame"])) == ["sport", "trade", "war", "peace"]
    assert (found.lone["sport"].n_passages, found.lone["trade"].n_passages) == (4, 1)


def test_shares_by_group_with_both_versions(changed):
    assert list(changed.shares.columns) == list(VERSION_SHARES)
    shares = changed.shares.set_index(["frame", "group"])[["before", "after"]]
    assert shares.loc[("war", "A")].tolist() == pytest.approx([2 / 6, 2 / 6])
    assert shares.loc[("war", "B")].tolist() == pytest.approx([2 / 6, 2 / 6])
    assert np.isnan(shares.loc[("sport", "A"), "before"])
    assert shares.loc[("sport", "A"), "after"] == pytest.approx(2 / 6)


def test_passages_that_turn_come_by_their_change_against_the_thresholds():
    """p2 falls from .7 to .3, p4 rises from .1 to .9; the threshold falls by .15, which adds to both changes."""
    old = version(OLD, {"war": BEFORE, "trade": QUIET})
    new = version(NEW, {"war": AFTER, "sport": QUIET}, 0.35)
    turned = compare_versions(old, new).passages
    assert list(turned.columns) == list(TURNED_PASSAGES)
    assert turned[["passage_id", "change"]].to_numpy().tolist() == [
        ["p4", "newly present"],
        ["p2", "no longer present"],
    ]
    assert turned["margin_change"].tolist() == pytest.approx([0.95, -0.25])
    assert turned["document_id"].tolist() == ["d4", "d2"]


def test_where_the_highest_score_decides_margins_are_to_the_next_frame():
    one = codebook(frame("war", WAR), frame("trade", TRADE))
    sides = []
    for scores in ({"war": BEFORE, "trade": [0.5] * 12}, {"war": AFTER, "trade": [0.5] * 12}):
        table = classify(scores)
        top = table.groupby("passage_id")["score"].transform("max")
        table["decision"] = np.where(table["score"] == top, "present", "absent")
        sides.append(CodebookVersion(one, table, float("nan")))
    turned = compare_versions(*sides).passages.set_index(["passage_id", "frame"])
    assert turned.loc[("p4", "war"), ["margin_before", "margin_after"]].tolist() == pytest.approx([-0.4, 0.4])
    assert turned.loc[("p4", "trade"), ["margin_before", "margin_after"]].tolist() == pytest.approx([0.4, -0.4])


def test_the_same_codebook_twice_changes_nothing():
    side = version(OLD, {"war": BEFORE, "trade": QUIET})
    same = compare_versions(side, version(OLD, {"war": BEFORE, "trade": QUIET}))
    assert same.is_unchanged
    assert same.passages.empty
    assert same.rules.empty
    assert row_of(same, "war")["estimate"] == 1.0
    assert row_of(same, "war")["method"] == "no interval: no decision differs"
    assert np.isnan(row_of(same, "trade")["estimate"])
    assert row_of(same, "trade")["method"] == "undefined: all decisions on both are the same one"
    assert same.contrasts["p_adjusted"].isna().all()


def test_a_renamed_frame_is_compared_with_itself():
    new = codebook(frame("armed_conflict", WAR), frame("trade", TRADE), multi_label=True)
    after = version(new, {"armed_conflict": AFTER, "trade": QUIET})
    found = compare_versions(version(OLD, {"war": BEFORE, "trade": QUIET}), after, renamed={"war": "armed_conflict"})
    row = row_of(found, "armed_conflict")
    assert (row["status"], row["n_both"]) == ("renamed", 3)
    assert row["estimate"] == pytest.approx(0.625)
    assert "war -> armed_conflict" in found.rules["text"].tolist()
    assert not found.is_unchanged


def test_groups_that_are_too_small_are_named():
    few = {"war": BEFORE[:4], "trade": QUIET[:4]}
    found = compare_versions(version(OLD, few), version(OLD, few))
    assert found.contrasts.empty
    assert found.too_little == "a contrast needs two groups (outlet) of 5 documents or more"
    assert found.left_out == {"A": 2, "B": 2}


def test_versions_of_other_passages_are_refused():
    after = version(OLD, {"war": AFTER, "trade": QUIET})
    after.classified["passage_id"] = "other " + after.classified["passage_id"]
    with pytest.raises(InputError, match="no passage in common"):
        compare_versions(version(OLD, {"war": BEFORE, "trade": QUIET}), after)


def test_versions_without_a_common_frame_have_no_contrast_for_that_reason():
    frames = {"war": BEFORE, "trade": QUIET}
    other = {"peace": "war", "sport": "trade"}
    new = OLD.with_values(
        frames=tuple(
            frame.model_copy(update={"id": name, "name": name.title()})
            for name, frame in zip(other, OLD.frames, strict=True)
        )
    )
    found = compare_versions(version(OLD, frames), version(new, {name: frames[old] for name, old in other.items()}))
    assert found.contrasts.empty
    assert found.too_little.startswith("the versions have no frame in common")
    assert found.left_out == {}
