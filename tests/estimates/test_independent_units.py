"""Clusters as independent units: what they change in each estimator, and what not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from framing.estimates.arrivals import compare_arrivals
from framing.estimates.by_voice import estimate_prevalence_by_voice
from framing.estimates.changes import find_changes
from framing.estimates.compare import compare_groups
from framing.estimates.cooccurrence import measure_cooccurrence
from framing.estimates.prevalence import estimate_prevalence
from framing.estimates.trends import compare_trends
from framing.estimates.words import find_distinctive_words
from tests.estimation import classified_table, clustered_table


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


KEYS = ("outlet", "group", "group_a", "group_b", "frame", "frame_a", "frame_b")


@pytest.mark.slow
@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool not in ("changes", "words")])
def test_documents_that_repeat_their_story_make_nothing_surer(tool):
    # each document is copied four times, under other names: four times the documents, the same stories
    table = _dated(n_documents=30)
    copies = [
        table.assign(passage_id=table["passage_id"] + f"-{copy}", document_id=table["document_id"] + f"-{copy}")
        for copy in range(4)
    ]
    copied = pd.concat(copies, ignore_index=True).assign(cluster=lambda rows: rows["document_id"].str[:-2])
    results = [TOOLS[tool](part) for part in (table, copied, copied.drop(columns="cluster"))]
    keys = [name for name in KEYS if name in results[0].columns]
    once, of_stories, of_documents = (result.dropna(subset="low").set_index(keys).sort_index() for result in results)
    width, stories, documents = (part["high"] - part["low"] for part in (once, of_stories, of_documents))
    assert (stories > 0.95 * width).all()  # bounds of few clusters are exact, and some lean on the number of passages
    assert (documents[width.index] < 0.7 * width).all()
    assert (of_stories["n_documents"] == of_documents.loc[of_stories.index, "n_documents"]).all()


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
