"""Independent units and weights: who is in a cluster, and what clusters change in each estimator, and what not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from framing.errors import InputError
from framing.estimates.arrivals import compare_arrivals
from framing.estimates.by_voice import estimate_prevalence_by_voice
from framing.estimates.changes import find_changes
from framing.estimates.clusters import add_clusters, add_weights, describe_clusters, find_unit, name_unit, read_weights
from framing.estimates.compare import compare_groups
from framing.estimates.cooccurrence import measure_cooccurrence
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.trends import compare_trends
from framing.estimates.words import find_distinctive_words
from tests.estimation import classified_table, clustered_table

DOCUMENTS = pd.DataFrame(
    {
        "document_id": ["a", "b", "c", "d", "e"],
        "passage_id": ["a", "b", "c", "d", "e"],
        "outlet": ["X", "X", "X", "Y", "X"],
        # Monday, Sunday of the same week, the Monday after, Monday, none
        "published": pd.to_datetime(["2024-01-01", "2024-01-07", "2024-01-08", "2024-01-01", None]),
    }
)


def test_clusters_are_events_then_weeks_of_an_outlet_then_documents():
    first, second = "X / week of 2024-01-01", "X / week of 2024-01-08"
    weeks = add_clusters(DOCUMENTS)
    assert weeks["cluster"].to_list() == [first, first, second, "Y / week of 2024-01-01", "e"]
    assert describe_clusters(weeks) == (
        "Independent units: 4 weeks of an outlet (or documents without a date), which hold 5 documents."
    )
    events = add_clusters(DOCUMENTS.assign(event=["fire", "", None, "fire", "fire"]))
    assert events["cluster"].to_list() == ["event: fire", first, second, "event: fire", "event: fire"]
    assert describe_clusters(events) == (
        "Independent units: 1 events and 2 weeks of an outlet (or documents without a date), which hold 5 documents."
    )


def test_a_document_is_its_own_unit_where_that_is_asked_for():
    assert add_clusters(DOCUMENTS, "document") is DOCUMENTS
    assert (find_unit(DOCUMENTS), name_unit(DOCUMENTS)) == ("document_id", "document")
    assert (find_unit(add_clusters(DOCUMENTS)), name_unit(add_clusters(DOCUMENTS))) == ("cluster", "cluster")
    assert describe_clusters(DOCUMENTS) == "Independent units: 5 documents."
    with pytest.raises(InputError, match="cluster: expected one of story, document, got 'week'"):
        add_clusters(DOCUMENTS, "week")
    with pytest.raises(InputError, match="lacks the column"):
        add_clusters(DOCUMENTS.drop(columns="outlet"))


def test_weights_count_documents_or_outlets_alike():
    # X: documents of 3 and 1 passages, Y: of 2 passages
    table = classified_table({"X": [[1, 1, 1], [0]], "Y": [[1, 0]]})
    assert add_weights(table) is table
    assert read_weights(table).tolist() == [1] * 6
    # each document adds up to 6 / 3 passages
    assert read_weights(add_weights(table, "documents")) == pytest.approx([2 / 3] * 3 + [2] + [1] * 2)
    # each outlet to 6 / 2, whether outlets are the groups or lie within one
    by_outlets = [3 / 4] * 4 + [3 / 2] * 2
    assert read_weights(add_weights(table, "outlets", by=None)) == pytest.approx(by_outlets)
    assert read_weights(add_weights(table, "outlets")) == pytest.approx(by_outlets)
    with pytest.raises(InputError, match="weights: expected one of"):
        add_weights(table, "words")


def _dated(*, n_documents: int = 40) -> pd.DataFrame:
    """Two outlets and two frames over twelve weeks, nothing differs; words are of the documents."""
    table = clustered_table(
        np.random.default_rng(8), n_documents=n_documents, share=0.4, outlets=("A", "B"), frames=("f", "g")
    )
    number = table["document_id"].to_numpy()
    return table.assign(
        passage_id=table["passage_id"].astype(str),
        document_id=np.char.add("d", np.char.zfill(number.astype(str), 4)).astype(object),
        published=pd.Timestamp("2024-01-01") + pd.to_timedelta(7 * (number % 12), unit="D"),
        text=[f"storm{place % 5} rain{place % 3} wind{place % 2}" for place in number],
        week=number % 12,
    )


TOOLS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "shares": lambda table: estimate_prevalence(table, n_bootstrap=200),
    "contrasts": lambda table: compare_groups(table, n_bootstrap=200),
    "changes": lambda table: find_changes(table, by="outlet", n_permutations=99),
    "slopes": lambda table: compare_trends(table, n_bootstrap=200),
    "arrivals": lambda table: compare_arrivals(
        table, set(table.loc[table["week"] < 8, "document_id"]), n_bootstrap=200
    ),
    "co-occurrence": lambda table: measure_cooccurrence(table, n_bootstrap=200),
    "words": find_distinctive_words,
}


@pytest.mark.parametrize("tool", list(TOOLS))
def test_clusters_of_one_document_change_no_number(tool):
    table = _dated()
    once, twice = (
        TOOLS[tool](part).drop(columns="method") for part in (table, table.assign(cluster=table["document_id"]))
    )
    assert len(once)
    pd.testing.assert_frame_equal(once, twice)


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool != "changes"])
def test_documents_that_repeat_their_story_make_nothing_surer(tool):
    # each document is copied four times, under other names: four times the documents, the same stories
    table = _dated(n_documents=30)
    copies = [
        table.assign(passage_id=table["passage_id"] + f"-{copy}", document_id=table["document_id"] + f"-{copy}")
        for copy in range(4)
    ]
    copied = pd.concat(copies, ignore_index=True).assign(cluster=lambda rows: rows["document_id"].str[:-2])
    once, of_stories, of_documents = (
        TOOLS[tool](part).set_index([name for name in ("outlet", "group", "group_a", "group_b", "frame", "frame_a",
                                                       "frame_b", "word") if name in TOOLS[tool](part).columns])
        for part in (table, copied, copied.drop(columns="cluster"))
    )  # fmt: skip
    width, stories, documents = ((part["high"] - part["low"]).dropna() for part in (once, of_stories, of_documents))
    common = width.index.intersection(stories.index).intersection(documents.index)
    assert len(common)
    if tool == "words":  # the prior counts for less beside four times the words
        assert (stories[common] > 1.5 * documents[common]).all()
    else:
        assert stories[common].to_numpy() == pytest.approx(width[common].to_numpy(), rel=1e-9)
        assert (documents[common] < 0.7 * width[common]).all()
    assert (of_stories.loc[common, "n_documents"] == of_documents.loc[common, "n_documents"]).all()


def test_a_difference_of_two_stories_is_none():
    # twenty documents of A with the frame and twenty of B without it: clear, unless they are of two stories each
    table = classified_table({"A": [[1]] * 16 + [[0]] * 4, "B": [[1]] * 4 + [[0]] * 16})
    clustered = table.assign(cluster=table["outlet"] + table["decision"])
    assert compare_groups(table, n_bootstrap=500)["differs"].all()
    row = compare_groups(clustered, n_bootstrap=500).iloc[0]
    assert not row["differs"]
    assert row["n_documents"] == 40


def test_voices_keep_their_clusters():
    table = classified_table({"A": [[1]] * 6 + [[0]] * 6}).assign(cluster=[f"c{number // 2}" for number in range(12)])
    voices = pd.DataFrame({"passage_id": table["passage_id"], "voice": "own", "speaker": "", "speaker_group": ""})
    of_clusters, of_documents = (
        estimate_prevalence_by_voice(part, voices, n_bootstrap=300).iloc[0]
        for part in (table, table.drop(columns="cluster"))
    )
    assert of_clusters["n_documents"] == of_documents["n_documents"] == 12
    assert of_clusters["high"] - of_clusters["low"] > 1.2 * (of_documents["high"] - of_documents["low"])
