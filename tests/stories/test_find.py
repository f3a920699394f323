"""Stories: events told apart, ids that last, labels, pins as constraints, and what the sample's events say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.corpus import read_corpus
from framing.errors import InputError
from framing.stories.coverage import count_coverage, summarise_stories
from framing.stories.duplicates import find_duplicates
from framing.stories.find import find_stories, lead_of, mark_stories
from framing.stories.ids import label_stories, name_stories
from framing.stories.pins import StoryPins, read_corpus_pins, read_pins
from framing.tables import COVERAGE, STORIES
from tests.conftest import ROOT
from tests.storied import EVENTS, OUTLETS, document, documents
from tests.tiny import WordEncoder

ENCODER = WordEncoder()


def _together(found: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(part) for _, part in found.groupby("story_id")["document_id"]}


def test_documents_of_one_event_are_one_story():
    table = documents()
    found = find_stories(table, ENCODER)
    assert found.columns.to_list() == list(STORIES)
    assert found["document_id"].to_list() == table["document_id"].to_list()
    assert _together(found) == {frozenset(part) for _, part in table.groupby("event")["document_id"]}


def test_what_nobody_else_covers_is_a_story_of_its_own():
    alone = document("flood", "Bay Post") | {
        "text": "zither recital quartet encore",
        "title": "Music",
        "document_id": "m",
    }
    found = find_stories(pd.concat([documents(), pd.DataFrame([alone])]), ENCODER)
    assert frozenset({"m"}) in _together(found)


def test_the_same_words_weeks_later_are_another_story():
    later = documents(events=("ferry",)).assign(published=lambda table: table["published"] + pd.Timedelta(days=60))
    later["document_id"] += "-later"
    found = find_stories(pd.concat([documents(), later]), ENCODER)
    assert found["story_id"].nunique() == len(EVENTS) + 1


@pytest.mark.parametrize(
    ("days", "decay", "threshold", "n_stories"),
    [(6, 10, 0.5, 1), (7, 10, 0.5, 2), (13, 20, 0.5, 1), (14, 20, 0.5, 2), (30, 10, 0.04, 1), (31, 10, 0.04, 2)],
)
def test_likeness_fades_with_the_days_between(days, decay, threshold, n_stories):
    # Two documents with the same words have likeness 1, after d days exp(-d / decay): exp(-.6) = .549 and
    # exp(-.7) = .497 stand on two sides of one half. Beyond three decays nothing is compared: exp(-3) = .050.
    first = document("ferry", "Bay Post")
    later = {**first, "document_id": "later", "published": first["published"] + pd.Timedelta(days=days)}
    found = find_stories(pd.DataFrame([first, later]), ENCODER, decay=decay, threshold=threshold)
    assert found["story_id"].nunique() == n_stories


def test_the_order_of_rows_does_not_matter():
    table = documents()
    mixed = table.sample(frac=1, random_state=2)
    first = find_stories(table, ENCODER).sort_values("document_id", ignore_index=True)
    second = find_stories(mixed, ENCODER).sort_values("document_id", ignore_index=True)
    pd.testing.assert_frame_equal(first, second)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_ids_stay_when_documents_arrive_later_in_any_order(data):
    every = documents(numbers=3)
    late = data.draw(st.lists(st.sampled_from(every["document_id"].to_list()), unique=True, max_size=18))
    early = every[~every["document_id"].isin(late)]
    before = find_stories(early, ENCODER) if len(early) else pd.DataFrame(columns=list(STORIES))
    order = data.draw(st.permutations(range(len(every))))
    after = find_stories(every.iloc[order], ENCODER, previous=before).set_index("document_id")["story_id"]
    old = after.reindex(early["document_id"])
    for story, inside in before.groupby("story_id")["document_id"]:
        now = set(old[list(inside)])
        others = set(old.drop(list(inside)))
        # not split, and not come together with another old story
        if len(now) == 1 and not now & others:
            assert now == {story}


def _named(clusters: dict[str, int], previous: dict[str, str] | None = None) -> dict[str, str]:
    table = pd.DataFrame({"document_id": list(clusters), "outlet": "A"})
    table["published"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(
        table["document_id"].map(ord) - ord("a"), unit="D"
    )
    before = None
    if previous is not None:
        before = pd.DataFrame(previous.items(), columns=["document_id", "story_id"])
    return dict(zip(clusters, name_stories(table, np.array(list(clusters.values())), previous=before), strict=True))


def test_an_id_is_of_the_earliest_document_and_of_its_day():
    names = _named({"b": 7, "a": 7, "c": 3})
    assert names["a"] == names["b"] == _named({"a": 1})["a"]
    assert names["a"].startswith("2024-01-01-")
    assert names["c"].startswith("2024-01-03-")


def test_where_stories_come_together_the_oldest_id_survives():
    assert set(_named({"a": 1, "b": 1, "c": 1}, {"b": "young", "c": "young", "a": "old"}).values()) == {"old"}


def test_where_a_story_splits_the_larger_part_keeps_the_id():
    names = _named({"a": 1, "b": 2, "c": 2}, {"a": "whole", "b": "whole", "c": "whole"})
    assert names["b"] == names["c"] == "whole"
    assert names["a"] not in ("whole", "")
    # of equal parts, that with the earliest document
    assert _named({"a": 1, "b": 2}, {"a": "whole", "b": "whole"})["a"] == "whole"


def test_the_smaller_part_never_gets_an_id_that_was_used():
    first = _named({"a": 1, "b": 1, "c": 1, "d": 1})
    names = _named({"a": 1, "b": 2, "c": 2, "d": 2}, first)
    assert names["b"] == first["a"]
    assert names["a"] != first["a"]


def test_documents_that_left_do_not_count():
    assert _named({"c": 1}, {"a": "old", "b": "old", "c": "other"})["c"] == "other"


def test_a_previous_table_must_name_a_document_once():
    table = documents()
    twice = pd.DataFrame({"document_id": ["x", "x"], "story_id": ["s", "t"]})
    with pytest.raises(InputError, match="name the document x twice"):
        find_stories(table, ENCODER, previous=twice)
    with pytest.raises(InputError, match=r"previous stories lacks the column\(s\) story_id"):
        find_stories(table, ENCODER, previous=twice.drop(columns="story_id"))


def test_the_label_is_the_shortest_title_among_the_most_central():
    table = pd.DataFrame(
        {
            "document_id": list("abcdef"),
            "published": pd.to_datetime(["2024-05-07"] * 6),
            "title": ["Long central title", "Short", "Far", "Far too", "x", ""],
            "text": "text",
        }
    )
    # a and b lie at the mean of five; c, d, e do not
    vectors = np.array([[1, 0], [1, 0], [0.6, 0.8], [0.6, -0.8], [0, 1], [1, 0]])
    labels = label_stories(table, ["s"] * 5 + ["t"], vectors)
    assert labels == {"s": "Short (7 May 2024)", "t": "text (7 May 2024)"}


def test_a_label_is_never_empty():
    table = documents().assign(title="")
    table.loc[0, "title"] = None
    table["published"] = pd.NaT
    found = find_stories(table, ENCODER)
    assert (found["story_label"].str.strip() != "").all()
    assert found["story_label"].str.endswith("…").all()


def test_pins_together_and_apart_hold_and_move_their_neighbours():
    table = documents()
    pins = StoryPins(together=(("ferry-b0", "snow-b0"),), apart=(("strike-b0", "strike-b1"),))
    found = find_stories(table, ENCODER, pins=pins).set_index("document_id")["story_id"]
    assert found["ferry-b0"] == found["snow-b0"]
    assert found["strike-b0"] != found["strike-b1"]
    # each other document of the strike is with one of the two, not alone
    rest = found[[name for name in found.index if name.startswith("strike")]]
    assert rest.nunique() == 2


def test_pins_survive_a_rerun_with_new_documents():
    pins = StoryPins(apart=(("strike-b0", "strike-b1"),))
    before = find_stories(documents(), ENCODER, pins=pins)
    after = find_stories(documents(numbers=3), ENCODER, pins=pins, previous=before).set_index("document_id")["story_id"]
    assert after["strike-b0"] != after["strike-b1"]
    kept = before.set_index("document_id")["story_id"]
    assert (after[kept.index] == kept).all()


def test_copies_follow_their_original_but_not_against_a_pin():
    table = documents()
    copy = {**table.iloc[0], "document_id": "copy", "outlet": "Marsh Times", "published": pd.Timestamp("2024-03-04")}
    duplicates = pd.DataFrame(
        {
            "document_id": ["ferry-b0", "snow-h0"],
            "group": "ferry-b0",
            "duplicate_of": ["", "ferry-b0"],
            "similarity": 1.0,
        }
    )
    every = pd.concat([table, pd.DataFrame([copy])])
    found = find_stories(every, ENCODER, duplicates=duplicates).set_index("document_id")["story_id"]
    assert found["snow-h0"] == found["ferry-b0"]
    pins = StoryPins(apart=(("snow-h0", "ferry-b0"),))
    found = find_stories(every, ENCODER, duplicates=duplicates, pins=pins).set_index("document_id")["story_id"]
    assert found["snow-h0"] != found["ferry-b0"]
    assert find_duplicates(every)["document_id"].str.contains("copy").any()


def _pins(folder: Path, text: str) -> Path:
    path = folder / "stories.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_pins_are_read_with_their_labels(tmp_path):
    story = find_stories(documents(), ENCODER)["story_id"].iloc[0]
    path = _pins(
        tmp_path,
        f'together:\n  - [ferry-b0, snow-b0]\napart: [[strike-b0, strike-b1]]\nlabels:\n  {story}: "The pier"\n',
    )
    pins = read_pins(path)
    assert pins.together == (("ferry-b0", "snow-b0"),)
    assert pins.apart == (("strike-b0", "strike-b1"),)
    found = find_stories(documents(), ENCODER, pins=path)
    assert found.loc[found["story_id"] == story, "story_label"].unique().tolist() == ["The pier"]


def test_pins_beside_a_corpus(tmp_path):
    (tmp_path / "corpus.yaml").write_text("corpus: x\n", encoding="utf-8")
    assert read_corpus_pins(tmp_path) is None
    _pins(tmp_path, "together: [[a, b]]\n")
    found = read_corpus_pins(tmp_path)
    assert found is not None
    assert found.together == (("a", "b"),)
    assert read_corpus_pins("deep-strike") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("together: [[ferry-b0, snow-b0]]\nmerge: []\n", r"stories.yaml, line 2: unknown key merge \(known: together"),
        ("together: [ferry-b0]\n", "line 1: together is a list of lists of document ids"),
        ("together:\n  - [ferry-b0]\n", "line 2: together needs at least two documents"),
        ("apart:\n  - [ferry-b0, snow-b0, flood-b0]\n", "line 2: apart holds pairs of two documents, not 3"),
        ("together: [[ferry-b0, ferry-b0]]\n", "line 1: ferry-b0 stands twice in one list"),
        ("together: [[ferry-b0, [a, b]]]\n", "line 1: expected a document id, got a list"),
        ("labels: [a]\n", "line 1: labels is a mapping of story_id to text"),
        ("labels:\n  s: ''\n", "line 2: the label of s is empty"),
        ("apart:\n  - [ferry-b0, nowhere]\n", "line 2: there is no document nowhere"),
        ("labels:\n  nowhere: Pier\n", "line 2: there is no story nowhere"),
        (
            "together:\n  - [ferry-b0, snow-b0]\n  - [snow-b0, flood-b0]\napart:\n  - [flood-b0, ferry-b0]\n",
            "line 5: flood-b0 and ferry-b0 are pinned both together and apart",
        ),
        ("together: &x [[a, b]]\napart: *x\n", "anchors and aliases"),
        ("- a\n", "expected a mapping"),
    ],
)
def test_wrong_pins_are_refused_with_file_and_line(tmp_path, text, problem):
    with pytest.raises(InputError, match=problem):
        find_stories(documents(), ENCODER, pins=_pins(tmp_path, text))


def test_what_cannot_be_clustered_is_refused():
    table = documents()
    with pytest.raises(InputError, match="threshold 0: expected a number above 0"):
        find_stories(table, ENCODER, threshold=0)
    with pytest.raises(InputError, match="decay -1: expected a number above 0"):
        find_stories(table, ENCODER, decay=-1)
    with pytest.raises(InputError, match="document ferry-b0 stands in several rows"):
        find_stories(pd.concat([table, table]), ENCODER)
    with pytest.raises(InputError, match=r"documents lacks the column\(s\) title"):
        find_stories(table.drop(columns="title"), ENCODER)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_documents(n):
    found = find_stories(documents().head(n), ENCODER)
    assert found.columns.to_list() == list(STORIES)
    assert len(found) == n


def test_documents_without_words_have_stories_of_their_own():
    table = documents().head(3).assign(title="", text="…")
    table["text"] = ["…", "?", "!"]
    assert find_stories(table, ENCODER)["story_id"].nunique() == 3


def test_the_lead_leaves_out_a_title_that_the_text_repeats():
    assert lead_of("Pier closed", "Pier closed: all of it", words=3) == "Pier closed\nall of it"
    assert lead_of("", "one two three four", words=3) == "one two three"
    assert lead_of(None, "one") == "one"


def test_passages_are_marked_with_their_story():
    stories = pd.DataFrame({"document_id": ["a"], "story_id": ["s"]})
    passages = pd.DataFrame({"passage_id": ["1", "2"], "document_id": ["a", "b"], "story_id": ["", ""]})
    assert mark_stories(passages, stories)["story_id"].to_list() == ["s", ""]


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


@pytest.mark.slow
def test_stories_of_the_sample_agree_with_its_events(encoder):
    table = read_corpus(ROOT / "corpora" / "deep-strike").documents
    found = find_stories(table, encoder, duplicates=find_duplicates(table))
    counts = pd.crosstab(found["story_id"], table["event"]).to_numpy()
    n = counts.sum()
    precision = (counts**2 / counts.sum(axis=1, keepdims=True)).sum() / n
    recall = (counts**2 / counts.sum(axis=0, keepdims=True)).sum() / n
    assert counts.max(axis=1).sum() / n >= 0.9
    assert 2 * precision * recall / (precision + recall) >= 0.75
