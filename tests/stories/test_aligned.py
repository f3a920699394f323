"""Aligned passages, omissions and contrasts by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
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


@settings(max_examples=40, deadline=None)
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
