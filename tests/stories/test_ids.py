"""Names of stories by hand: ids that last, labels."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.stories.find import find_stories
from framing.stories.ids import label_stories, name_stories
from tests.storied import documents
from tests.tiny import WordEncoder

ENCODER = WordEncoder()


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


def test_a_split_off_part_whose_first_document_gave_the_id_is_named_by_its_next():
    # a gave its id to the story, which b, c and d keep as the larger part; of {a, e} the id is then that of e's hash
    first = _named({"a": 1, "b": 1, "c": 1, "d": 1, "e": 9})
    names = _named({"a": 1, "e": 1, "b": 2, "c": 2, "d": 2}, {name: first[name] for name in "abcd"})
    assert names["b"] == first["a"]
    assert names["a"] == names["e"]
    assert names["a"].removeprefix("2024-01-01-") == first["e"].removeprefix("2024-01-05-")


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


def _id(name: str, day: str = "2024-01-01") -> str:
    return f"{day}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def test_an_id_is_the_day_and_eight_digits_of_the_hash():
    assert _named({"a": 1, "c": 2}) == {"a": _id("a"), "c": _id("c", "2024-01-03")}


def test_an_id_whose_documents_have_left_is_not_given_again():
    # z bore the id of a: a, with no other document, is named by the first number after it
    assert _named({"a": 1}, {"z": _id("a")}) == {"a": _id("a\x1f1")}
    assert _named({"a": 1}, {"z": _id("a"), "y": _id("a\x1f1")}) == {"a": _id("a\x1f2")}


def test_documents_whose_hashes_agree_have_ids_of_their_own():
    table = pd.DataFrame({"document_id": ["d30533", "d83114"], "outlet": "A", "published": pd.Timestamp("2024-01-01")})
    assert _id("d30533") == _id("d83114")
    assert name_stories(table, np.array([0, 1])) == [_id("d30533"), _id("d83114\x1f1")]


def test_the_id_of_an_undated_story_says_so():
    table = pd.DataFrame({"document_id": ["a"], "outlet": "A", "published": [pd.NaT]})
    assert name_stories(table, np.array([0])) == [_id("a", "undated")]


def test_the_story_with_the_earliest_document_passes_on_its_id_wherever_the_others_are():
    # old has the first and the last document, young those between
    assert set(_named(dict.fromkeys("abcd", 1), {"a": "old", "b": "young", "c": "young", "d": "old"}).values()) == {
        "old"
    }
    # d comes before b in the order of clusters; b is still the earliest of its story, before c
    names = _named({"a": 1, "d": 1, "b": 2, "c": 2}, {"d": "old", "b": "old", "c": "young"})
    assert names["b"] == names["c"] == "old"


def test_the_heir_has_most_documents_then_the_earliest():
    assert _named({"a": 1, "b": 1, "c": 2}, dict.fromkeys("abc", "whole"))["a"] == "whole"
    assert _named({"a": 2, "b": 1}, dict.fromkeys("ab", "whole"))["a"] == "whole"
    equal = _named({"a": 2, "d": 2, "b": 1, "c": 1}, dict.fromkeys("abcd", "whole"))
    assert equal["a"] == "whole"
    assert equal["b"] != "whole"


def test_the_first_document_that_is_named_twice_is_named():
    previous = pd.DataFrame({"document_id": list("xyxy"), "story_id": list("stst")})
    table = pd.DataFrame({"document_id": ["a"], "outlet": "A", "published": pd.Timestamp("2024-01-01")})
    with pytest.raises(InputError, match="name the document x twice"):
        name_stories(table, np.array([0]), previous=previous)


def _label(titles: list[str], vectors: list[list[float]], *, days: list[object] | None = None, text: str = "") -> str:
    table = pd.DataFrame({"document_id": [chr(97 + row) for row in range(len(titles))], "title": titles, "text": text})
    table["published"] = pd.to_datetime(pd.Series(days or ["2024-05-07"] * len(titles)))
    (label,) = label_stories(table, ["s"] * len(titles), np.array(vectors)).values()
    return label


def test_a_third_of_the_documents_is_central():
    # Of seven two: the last two, which lie at the mean. The third, 0.9 of it, has a shorter title.
    titles = ["a", "b", "c", "d", "ef", "Longest title", "Long title"]
    vectors = [[-1, 1], [-1, -1], [-1, 1], [-1, -1], [0.9, 0], [8, 0], [8, 0]]
    assert _label(titles, vectors) == "Long title (7 May 2024)"
    # of two documents one, and of equally central ones that with the first id
    assert _label(["Longer", "Short"], [[1, 0], [1, 0]]) == "Longer (7 May 2024)"


def test_centrality_is_compared_to_six_decimals():
    assert _label(["First", "2"], [[1, 0], [1 + 2e-7, 0]]) == "First (7 May 2024)"
    assert _label(["First", "2"], [[1, 0], [1 + 2e-6, 0]]) == "2 (7 May 2024)"


def test_the_day_of_a_label_is_the_first_that_is_known():
    days = [pd.NaT, "2024-05-09", "2024-05-07"]
    assert _label(["T", "T", "T"], [[1, 0]] * 3, days=days) == "T (7 May 2024)"


def test_twelve_words_stand_for_a_missing_title():
    words = "one two three four five six seven eight nine ten eleven twelve"
    assert _label([""], [[1, 0]], text=words) == f"{words} (7 May 2024)"
    assert _label([""], [[1, 0]], text=f"{words} thirteen") == f"{words} … (7 May 2024)"
    assert _label([""], [[1, 0]]) == "a (7 May 2024)"


def test_odd_years_are_days_like_others():
    names = ["a", "b"]
    table = pd.DataFrame({"document_id": names, "outlet": "A", "title": names, "text": ""})
    table["published"] = pd.to_datetime(pd.Series(["0001-01-01", "9999-12-31"]).astype("datetime64[s]"))
    stories = name_stories(table, np.array([0, 1]))
    assert [story[:10] for story in stories] == ["0001-01-01", "9999-12-31"]
    assert list(label_stories(table, stories, np.eye(2)).values()) == ["a (1 Jan 0001)", "b (31 Dec 9999)"]


def test_labels_are_in_the_wanted_language_else_in_the_most_common_one():
    table = pd.DataFrame(
        {
            "document_id": ["a", "b", "c", "d"], "published": pd.to_datetime(["2024-05-01"] * 4), "text": "text",
            "title": ["水", "The harbour burns", "Der Hafen brennt", "水位"], "language": ["zh", "en", "de", "zh"],
        }
    )  # fmt: skip
    vectors = np.ones((4, 1))
    assert label_stories(table, ["s"] * 4, vectors) == {"s": "The harbour burns (1 May 2024)"}
    assert label_stories(table, ["s"] * 4, vectors, language="de") == {"s": "Der Hafen brennt (1 May 2024)"}
    assert label_stories(table, ["s"] * 4, vectors, language="fr") == {"s": "水 (1 May 2024)"}


def test_the_date_behind_a_title_from_right_to_left_is_read_by_itself():
    table = pd.DataFrame(
        {"document_id": ["a"], "published": pd.to_datetime(["2024-05-01"]), "text": "x", "title": ["שריפה בנמל"]}
    )
    assert label_stories(table, ["s"], np.ones((1, 1))) == {"s": "\u2068שריפה בנמל\u2069 (1 May 2024)"}
