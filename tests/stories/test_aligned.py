"""Aligned passages, omissions and contrasts by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.errors import InputError
from framing.stories.aligned import align_passages, encode_passages, find_contrast_pairs, find_omissions
from framing.tables import ALIGNED, CONTRAST_PAIRS, OMISSIONS
from tests.tiny import WordEncoder


def _case(*rows: tuple[str, str, str, float]) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    """Rows of passage, outlet, story, and the angle of its vector in degrees."""
    passages = pd.DataFrame([row[:3] for row in rows], columns=["passage_id", "outlet", "story"])
    passages["document_id"] = passages["outlet"] + passages["story"]
    passages["text"] = "Text of " + passages["passage_id"]
    angles = np.deg2rad([row[3] for row in rows])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    stories = passages[["document_id", "story"]].drop_duplicates().rename(columns={"story": "story_id"})
    return passages.drop(columns="story"), vectors, stories[stories["story_id"] != ""]


CASE = _case(
    ("a1", "A", "s", 0), ("a2", "A", "s", 60), ("b1", "B", "s", 10), ("b2", "B", "s", 20), ("c1", "C", "s", 200),
    ("a3", "A", "t", 0), ("b3", "B", "", 0),
)  # fmt: skip


def _cosine(degrees: float) -> object:
    return pytest.approx(np.cos(np.deg2rad(degrees)), abs=1e-5)


def test_counterparts_are_each_other_s_nearest_within_the_story():
    found = align_passages(*CASE, floor=0.5)
    assert found.columns.to_list() == list(ALIGNED)
    # a1-b1 (10 degrees); a2's nearest is b2 (40 degrees), whose nearest is a1; c is far; story t has one outlet
    pairs = list(zip(found["passage_id"], found["other_id"], strict=True))
    assert pairs == [("a1", "b1"), ("b1", "a1")]
    assert found["similarity"].iloc[0] == _cosine(10)
    assert found["story_id"].unique().tolist() == ["s"]
    assert found.iloc[0][["outlet", "other_outlet", "text", "other_text"]].to_list() == [
        "A", "B", "Text of a1", "Text of b1",
    ]  # fmt: skip


def test_the_nearest_that_stands_beside_another_can_be_asked_for():
    found = align_passages(*CASE, floor=0.5, mutual=False)
    pairs = dict(zip(zip(found["passage_id"], found["other_id"], strict=True), found["similarity"], strict=True))
    assert set(pairs) == {("a1", "b1"), ("b1", "a1"), ("a2", "b2"), ("b2", "a1")}
    assert pairs["a2", "b2"] == _cosine(40)
    assert pairs["b2", "a1"] == _cosine(20)


def test_below_the_floor_nothing_is_aligned():
    found = align_passages(*CASE, floor=0.99)
    assert found.empty
    assert found.columns.to_list() == list(ALIGNED)


def test_omissions_name_the_outlet_that_has_no_counterpart():
    found = find_omissions(*CASE, floor=0.75)
    assert found.columns.to_list() == list(OMISSIONS)
    rows = {(row.passage_id, row.missing_in): row for row in found.itertuples()}
    # a2 has b2 at 40 degrees (0.77), so only C lacks it; b2 has a1 (20) and a2 (40)
    expected = {("a1", "C"), ("a2", "C"), ("b1", "C"), ("b2", "C"), ("c1", "A"), ("c1", "B")}
    assert set(rows) == expected
    assert rows["a1", "C"].similarity == _cosine(200)
    assert rows["a1", "C"].n_covering == 1
    assert rows["c1", "A"].n_covering == 0
    assert rows["c1", "A"].similarity == _cosine(140)
    assert {row.n_outlets for row in rows.values()} == {3}
    # what others have comes first, least like first
    assert found["n_covering"].to_list() == [1, 1, 1, 1, 0, 0]
    assert found["passage_id"].iloc[0] == "b2"
    assert found["text"].iloc[0] == "Text of b2"


def test_contrasts_by_hand():
    passages, vectors, stories = _case(
        ("a1", "A", "s", 0), ("b1", "B", "s", 60), ("a2", "A", "t", 0), ("b2", "B", "t", 0), ("a3", "A", "u", 0),
        ("b3", "B", "u", 0),
    )  # fmt: skip
    aligned = align_passages(passages, vectors, stories, floor=0.4)
    scores = pd.DataFrame(
        [("a1", 1, 0), ("b1", 0, 1), ("a2", 0.6, 0.4), ("b2", 0.3, 0.7), ("a3", 0.9, 0.1), ("b3", 0.8, 0.2)],
        columns=["passage_id", "war", "trade"],
    )
    found = find_contrast_pairs(aligned, scores)
    assert found.columns.to_list() == list(CONTRAST_PAIRS)
    # s: cosine 0.5, distance 1; t: cosine 1, distance sqrt(2 * 0.3 ** 2) / sqrt(2) = 0.3; u: the same frame
    assert found["passage_id"].to_list() == ["a1", "a2"]
    assert found["contrast"].to_list() == [pytest.approx(0.5, abs=1e-5), pytest.approx(0.3)]
    assert found["distance"].to_list() == [pytest.approx(1), pytest.approx(0.3)]
    assert found.iloc[0][["frame", "other_frame", "outlet", "other_outlet"]].to_list() == ["war", "trade", "A", "B"]
    assert found["other_text"].iloc[0] == "Text of b1"
    assert find_contrast_pairs(aligned.head(0), scores).columns.to_list() == list(CONTRAST_PAIRS)


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("st"), st.integers(0, 359)), max_size=12))
def test_alignment_is_mutual_and_every_passage_is_aligned_or_missing(drawn):
    case = _case(*[(f"p{number}", *row) for number, row in enumerate(drawn)])
    if not drawn:
        case = tuple(part[:0] for part in CASE)
    aligned, missing = align_passages(*case, floor=0.6), find_omissions(*case, floor=0.6)
    pairs = set(zip(aligned["passage_id"], aligned["other_id"], strict=True))
    assert pairs == {(b, a) for a, b in pairs}
    assert not aligned.duplicated(["passage_id", "other_outlet"]).any()
    assert (aligned["outlet"] != aligned["other_outlet"]).all()
    met = set(zip(aligned["passage_id"], aligned["other_outlet"], strict=True))
    assert not met & set(zip(missing["passage_id"], missing["missing_in"], strict=True))
    assert (missing["similarity"] < 0.6).all()


def test_passages_are_encoded_in_their_order():
    passages = pd.DataFrame({"text": ["ferry pier", "snow road"]})
    encoder = WordEncoder()
    assert np.array_equal(encode_passages(passages, encoder), encoder.encode(["ferry pier", "snow road"]))


def test_what_does_not_fit_is_refused():
    passages, vectors, stories = CASE
    with pytest.raises(InputError, match="7 passages, but 6 vectors"):
        align_passages(passages, vectors[1:], stories)
    with pytest.raises(InputError, match="floor 2: expected a cosine"):
        find_omissions(passages, vectors, stories, floor=2)
    with pytest.raises(InputError, match=r"stories lacks the column\(s\) story_id"):
        align_passages(passages, vectors, stories.drop(columns="story_id"))
    aligned = align_passages(*CASE, floor=0.5)
    with pytest.raises(InputError, match="no row for the passage b1"):
        find_contrast_pairs(aligned, pd.DataFrame({"passage_id": ["a1"], "war": [0.5]}))
    with pytest.raises(InputError, match="no column of a frame"):
        find_contrast_pairs(aligned, pd.DataFrame({"passage_id": ["a1", "b1"]}))


def test_without_a_floor_six_tenths_are_counterparts_and_half_is_not():
    # The cosine of 53 degrees is .602, of 56 .559 and of 46 .695; at least .57 is asked for.
    for degrees, n in ((46, 2), (53, 2), (56, 0)):
        case = _case(("a", "A", "s", 0), ("b", "B", "s", degrees))
        assert len(align_passages(*case)) == n
        assert len(find_omissions(*case)) == 2 - n


def test_cosines_have_six_decimals():
    # The cosine of ten degrees is .98480775.
    assert round(float(align_passages(*CASE, floor=0.5)["similarity"].iloc[0]), 7) == 0.984808


@pytest.mark.parametrize("mutual", [True, False])
def test_the_floor_itself_is_enough(mutual):
    # All vectors are the same: one pair is mutual, of which the others are neighbours one way.
    for rows in (
        [("a1", "A", "s", 0), ("a2", "A", "s", 0), ("b1", "B", "s", 0)],
        [("a1", "A", "s", 0), ("b1", "B", "s", 0), ("b2", "B", "s", 0)],
    ):
        case = _case(*rows)
        found = align_passages(*case, floor=1, mutual=mutual)
        assert len(found) == (2 if mutual else 3)
        assert (found["similarity"] == 1).all()
        assert find_omissions(*case, floor=1).empty


def test_alignments_are_in_the_order_of_passages_and_other_outlets():
    case = _case(
        ("z", "A", "s", 0), ("c", "C", "s", 0), ("b", "B", "s", 0), ("y", "A", "r", 0), ("x", "B", "r", 0),
    )  # fmt: skip
    found = align_passages(*case, floor=0.9)
    assert list(zip(found["passage_id"], found["other_id"], strict=True)) == [
        ("y", "x"), ("x", "y"), ("z", "b"), ("z", "c"), ("c", "z"), ("c", "b"), ("b", "z"), ("b", "c"),
    ]  # fmt: skip
    assert found.index.to_list() == list(range(8))


def test_equal_omissions_are_in_the_order_of_passages_and_outlets():
    # b1 and c1 cover each other and neither covers A, at right angles.
    case = _case(("a1", "A", "s", 0), ("a2", "A", "s", 0), ("b1", "B", "s", 90), ("c1", "C", "s", 90))
    found = find_omissions(*case, floor=0.5)
    assert list(zip(found["passage_id"], found["missing_in"], strict=True)) == [
        ("b1", "A"), ("c1", "A"), ("a1", "B"), ("a1", "C"), ("a2", "B"), ("a2", "C"),
    ]  # fmt: skip
    assert found["n_covering"].to_list() == [1, 1, 0, 0, 0, 0]
    assert found.index.to_list() == list(range(6))


def test_an_outlet_that_ran_a_translation_has_left_nothing_out():
    case = _case(("a1", "A", "s", 0), ("b1", "B", "s", 90), ("c1", "C", "s", 90))
    columns = ["document_id", "group", "relation"]
    translated = pd.DataFrame([("As", "As", ""), ("Bs", "As", "translation")], columns=columns)
    found = find_omissions(*case, floor=0.5, duplicates=translated)
    assert list(zip(found["passage_id"], found["missing_in"], found["n_covering"], strict=True)) == [
        ("a1", "C", 1), ("c1", "A", 1),
    ]  # fmt: skip
    copied = translated.assign(relation=["", "copy"])
    pd.testing.assert_frame_equal(
        find_omissions(*case, floor=0.5, duplicates=copied), find_omissions(*case, floor=0.5)
    )  # a copy may be cut


def test_equal_contrasts_are_in_the_order_of_their_ids():
    case = _case(
        ("a9", "A", "s", 0), ("b9", "B", "s", 60), ("a1", "A", "t", 0), ("c2", "C", "t", -60), ("b3", "B", "t", 60),
    )  # fmt: skip
    scores = pd.DataFrame({"passage_id": ["a9", "a1", "b9", "b3", "c2"], "war": [1, 1, 0, 0, 0]})
    scores["trade"] = 1 - scores["war"]
    aligned = align_passages(*case, floor=0.4)
    aligned["similarity"] = 0.5
    found = find_contrast_pairs(aligned, scores)
    assert list(zip(found["passage_id"], found["other_id"], strict=True)) == [("a1", "b3"), ("a1", "c2"), ("a9", "b9")]
    assert found.index.to_list() == [0, 1, 2]


def test_tables_that_lack_columns_are_refused():
    passages, vectors, stories = CASE
    aligned = align_passages(*CASE, floor=0.5)
    with pytest.raises(InputError, match=r"passages lacks the column\(s\) text"):
        encode_passages(passages.drop(columns="text"), WordEncoder())
    with pytest.raises(InputError, match=r"passages lacks the column\(s\) text"):
        find_omissions(passages.drop(columns="text"), vectors, stories)
    with pytest.raises(InputError, match=r"aligned passages lacks the column\(s\) other_text"):
        find_contrast_pairs(aligned.drop(columns="other_text"), pd.DataFrame({"passage_id": ["a1"], "war": [0.5]}))
    with pytest.raises(InputError, match=r"scores lacks the column\(s\) passage_id"):
        find_contrast_pairs(aligned, pd.DataFrame({"war": [0.5]}))
    with pytest.raises(InputError, match=r"floor -1\.5: expected a cosine"):
        align_passages(passages, vectors, stories, floor=-1.5)
    assert len(find_omissions(passages, vectors, stories, floor=-1)) == 0
