"""Coverage of stories by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.errors import InputError
from framing.stories.coverage import count_coverage, summarise_stories
from framing.stories.find import find_stories
from framing.tables import COVERAGE
from tests.storied import EVENTS, OUTLETS, documents
from tests.tiny import WordEncoder

ENCODER = WordEncoder()


def test_coverage_by_hand():
    found = find_stories(documents(), ENCODER)
    silent = found[~((found["outlet"] == OUTLETS[0]) & found["document_id"].str.startswith("snow"))]
    coverage = count_coverage(silent)
    assert coverage.columns.to_list() == ["outlet", *COVERAGE]
    assert len(coverage) == len(EVENTS) * len(OUTLETS)
    assert coverage["first"].min() == pd.Timestamp("2024-03-01")
    snow = coverage[coverage["story_id"] == silent.loc[silent["document_id"] == "snow-h0", "story_id"].iloc[0]]
    assert snow.set_index("outlet")["n_documents"].to_dict() == {"Bay Post": 0, "Hill Echo": 2, "Marsh Times": 2}
    assert count_coverage(silent, top=1)["story_id"].nunique() == 1
    assert count_coverage(silent, least=3)["story_id"].nunique() == len(EVENTS) - 1
    summary = summarise_stories(silent)
    assert summary["n_outlets"].to_list() == [3, 3, 3, 2]
    assert summary["n_documents"].to_list() == [6, 6, 6, 4]
    assert summary["outlets"].iloc[3] == "Hill Echo, Marsh Times"


# story, group, days of its documents
ROWS = [
    ("s5", "B", ["05-03", "05-01"]), ("s5", "A", ["05-02"]),  # two groups, three documents, from the first of May
    ("s4", "A", ["04-02"]), ("s4", "B", ["04-09"]),  # two groups, two documents, from the second of April
    ("s3", "B", ["04-01"]), ("s3", "A", ["04-05"]),  # the same from the first of April
    ("s2", "A", ["04-02"]), ("s2", "B", ["04-09"]),  # like s4
    ("s1", "A", ["01-01", "01-02", "01-03", "01-04"]),  # one group
]  # fmt: skip


def _stories() -> pd.DataFrame:
    rows = [
        (f"{story}{group}{day}", group, pd.Timestamp(f"2024-{day}"), story, f"Label of {story}")
        for story, group, days in ROWS
        for day in days
    ]
    return pd.DataFrame(rows, columns=["document_id", "newspaper", "published", "story_id", "story_label"]).assign(
        outlet="X"
    )


def test_stories_of_most_groups_then_documents_then_the_earliest_come_first():
    summary = summarise_stories(_stories(), by="newspaper")
    assert summary.columns.to_list() == [
        "story_id", "story_label", "n_documents", "n_newspapers", "first", "last", "newspapers",
    ]  # fmt: skip
    assert summary["story_id"].to_list() == ["s5", "s3", "s2", "s4", "s1"]
    assert summary["n_documents"].to_list() == [3, 2, 2, 2, 4]
    assert summary.index.to_list() == [0, 1, 2, 3, 4]
    first = summary.iloc[0]
    assert (first["story_label"], first["newspapers"]) == ("Label of s5", "A, B")
    assert (first["first"], first["last"]) == (pd.Timestamp("2024-05-01"), pd.Timestamp("2024-05-03"))


def test_the_summary_says_what_a_story_rests_on_where_the_table_does():
    stories = _stories()
    stories["support"] = ["headline only" if story in ("s1", "s4") else "text" for story in stories["story_id"]]
    summary = summarise_stories(stories, by="newspaper")
    assert summary.columns[-1] == "support"
    assert summary["support"].to_list() == ["text", "text", "text", "headline only", "headline only"]  # s5 s3 s2 s4 s1


def test_the_top_stories_are_counted_in_the_order_of_their_days():
    found = count_coverage(_stories(), by="newspaper", top=2)
    assert found.columns.to_list() == ["newspaper", *COVERAGE]
    assert list(zip(found["story_id"], found["newspaper"], found["n_documents"], strict=True)) == [
        ("s3", "A", 1), ("s3", "B", 1), ("s5", "A", 1), ("s5", "B", 2),
    ]  # fmt: skip
    assert found["first"].iloc[3] == pd.Timestamp("2024-05-01")
    assert found["last"].iloc[3] == pd.Timestamp("2024-05-03")


def test_stories_of_two_groups_are_counted_unless_fewer_are_asked_for():
    assert count_coverage(_stories(), by="newspaper")["story_id"].unique().tolist() == ["s3", "s2", "s4", "s5"]
    every = count_coverage(_stories(), by="newspaper", least=1)
    assert every["story_id"].unique().tolist() == ["s1", "s3", "s2", "s4", "s5"]
    silent = every[(every["story_id"] == "s1") & (every["newspaper"] == "B")].iloc[0]
    assert silent["n_documents"] == 0
    assert pd.isna(silent["first"])


def test_a_table_that_lacks_the_group_is_refused():
    for count in (summarise_stories, count_coverage):
        with pytest.raises(InputError, match=r"stories lacks the column\(s\) country"):
            count(_stories(), by="country")
