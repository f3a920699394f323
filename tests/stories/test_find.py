"""Stories: documents of one event together, in any order of rows, and the events of the sample."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.corpus import read_corpus
from framing.errors import InputError
from framing.stories.duplicates import find_duplicates
from framing.stories.find import find_stories, mark_stories, resolve_encoder
from framing.stories.pins import StoryPins
from framing.tables import STORIES
from tests.conftest import ROOT
from tests.storied import EVENTS, document, documents
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


@pytest.mark.parametrize(("n_words", "days", "n_stories"), [(20, 6, 1), (19, 6, 2), (19, 3, 1), (19, 4, 2)])
def test_headlines_need_more_likeness_than_texts(n_words, days, n_stories):
    # The same words d days apart: exp(-.6) = .549 is over one half, .7 exp(-.6) = .384 and .7 exp(-.4) = .469 are not,
    # .7 exp(-.3) = .519 is.
    first = {**document("ferry", "Bay Post"), "title": "", "text": " ".join(f"W{number}" for number in range(n_words))}
    later = {**first, "document_id": "later", "published": first["published"] + pd.Timedelta(days=days)}
    found = find_stories(pd.DataFrame([first, later]), ENCODER, threshold=0.5)
    assert found["story_id"].nunique() == n_stories


@pytest.mark.parametrize(
    ("n_headlines", "support"), [(0, "text"), (3, "text"), (4, "headline only"), (6, "headline only")]
)
def test_a_story_rests_on_text_where_half_of_its_documents_have_one(n_headlines, support):
    table = documents()  # six documents an event, of 26 words
    ferry = table.index[table["event"] == "ferry"][:n_headlines]
    table.loc[ferry, "text"] = table.loc[ferry, "title"] = "Ferry Eastmole pier harbour Aldous piles berths"
    found = find_stories(table, ENCODER).set_index("document_id")
    assert found["story_id"].nunique() == len(EVENTS)
    is_ferry = found.index.str.startswith("ferry")
    assert found.loc[is_ferry, "support"].tolist() == [support] * 6
    assert set(found.loc[~is_ferry, "support"]) == {"text"}


def test_the_order_of_rows_does_not_matter():
    table = documents()
    mixed = table.sample(frac=1, random_state=2)
    first = find_stories(table, ENCODER).sort_values("document_id", ignore_index=True)
    second = find_stories(mixed, ENCODER).sort_values("document_id", ignore_index=True)
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.slow
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


def test_passages_are_marked_with_their_story():
    stories = pd.DataFrame({"document_id": ["a"], "story_id": ["s"]})
    passages = pd.DataFrame({"passage_id": ["1", "2"], "document_id": ["a", "b"], "story_id": ["", ""]})
    assert mark_stories(passages, stories)["story_id"].to_list() == ["s", ""]


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


class _Reader(WordEncoder):
    """Remembers the texts that it encoded."""

    def encode(self, texts, *, progress=""):
        self.texts = list(texts)
        return super().encode(texts, progress=progress)


@pytest.mark.parametrize(("options", "n_words"), [({}, 80), ({"lead_words": 7}, 7)])
def test_the_lead_that_is_encoded_has_eighty_words_or_those_asked_for(options, n_words):
    reader, words = _Reader(), [f"w{number}" for number in range(100)]
    table = pd.DataFrame([{**document("ferry", "Bay Post"), "title": "Pier", "text": " ".join(words)}])
    find_stories(table, reader, **options)
    assert reader.texts == ["Pier\n" + " ".join(words[:n_words])]


@pytest.mark.parametrize(("days", "n_stories"), [(29, 1), (31, 2)])
def test_without_options_thirty_days_and_a_twentieth_are_the_limits(days, n_stories):
    # exp(-29 / 10) = .0550 is above .05; after 31 days nothing is compared.
    first = document("ferry", "Bay Post")
    later = {**first, "document_id": "later", "published": first["published"] + pd.Timedelta(days=days)}
    assert find_stories(pd.DataFrame([first, later]), ENCODER)["story_id"].nunique() == n_stories


def _copies(*pairs: tuple[str, str]) -> pd.DataFrame:
    rows = [(name, original, original, 1.0) for name, original in pairs]
    return pd.DataFrame(rows, columns=["document_id", "group", "duplicate_of", "similarity"])


@pytest.mark.parametrize(("day", "together"), [("2024-03-11", True), ("2024-03-12", False), (None, True)])
def test_copies_within_ten_days_or_without_a_date_are_of_their_original_s_story(day, together):
    original = document("ferry", "Bay Post")
    copy = {**document("snow", "Bay Post"), "title": "Music", "text": "zither recital", "published": pd.Timestamp(day)}
    table = pd.DataFrame([original, copy])
    duplicates = _copies(("ferry-b0", ""), ("snow-b0", "ferry-b0"), ("gone", "ferry-b0"), ("snow-b0", "gone"))
    assert find_stories(table, ENCODER)["story_id"].nunique() == 2
    found = find_stories(table, ENCODER, duplicates=duplicates)["story_id"].nunique()
    assert found == (1 if together else 2)


def test_a_pin_that_copies_do_not_contradict_leaves_them():
    pins = StoryPins(apart=(("ferry-b0", "strike-b0"),))
    duplicates = _copies(("ferry-b0", ""), ("snow-h0", "ferry-b0"))
    found = find_stories(documents(), ENCODER, duplicates=duplicates, pins=pins).set_index("document_id")["story_id"]
    assert found["snow-h0"] == found["ferry-b0"] != found["strike-b0"]


def test_an_encoder_is_taken_as_it_is_and_one_of_a_name_is_opened():
    assert resolve_encoder(ENCODER) is ENCODER
    assert resolve_encoder("minilm").name == "minilm"


def test_stories_come_with_a_fresh_index():
    table = documents().set_index(pd.Index([5] * len(documents())))
    assert find_stories(table, ENCODER).index.to_list() == list(range(len(table)))


def test_tables_that_lack_columns_are_refused():
    table = documents()
    with pytest.raises(InputError, match=r"duplicates lacks the column\(s\) duplicate_of"):
        find_stories(table, ENCODER, duplicates=pd.DataFrame({"document_id": ["a"], "group": "a", "similarity": 1.0}))
    with pytest.raises(InputError, match=r"passages lacks the column\(s\) document_id"):
        mark_stories(pd.DataFrame({"passage_id": ["a"]}), pd.DataFrame({"document_id": ["a"], "story_id": ["s"]}))
    with pytest.raises(InputError, match=r"stories lacks the column\(s\) story_id"):
        mark_stories(table, pd.DataFrame({"document_id": ["a"]}))
