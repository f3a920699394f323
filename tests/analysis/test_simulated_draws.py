"""Simulated corpora and labels: chances, likeness, strata and weights are what they should be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.analysis.simulated_draws import Population
from framing.estimates.clusters import CLUSTER
from framing.tables import CLASSIFIED, GOLD
from framing.uncertainty.likeness import intraclass_correlation


def corpus(n: int = 240, *, per_document: int = 6, outlets: str = "AB") -> pd.DataFrame:
    document = np.arange(n) // per_document
    return pd.DataFrame(
        {
            "passage_id": [f"p{k:05}" for k in range(n)],
            "document_id": [f"d{k:05}" for k in document],
            "outlet": [outlets[k % len(outlets)] for k in document],
            "published": pd.Timestamp("2025-07-07"),
        }
    )


def population(passages: pd.DataFrame, *, likeness: float = 0.0, has_scores: bool = True) -> Population:
    chances = np.random.default_rng(1).beta(1, 2, (len(passages), 2))
    return Population(passages, chances, ["war", "trade"], "outlet", has_scores, likeness, 3)


def test_a_draw_is_a_classified_table_with_labels():
    drawn = population(corpus()).draw(30, unit="passage", generator=np.random.default_rng(2))
    assert {*CLASSIFIED, *GOLD} <= set(drawn.table.columns)
    assert drawn.n_labels.tolist() == [30, 30]
    assert len(drawn.table) == 2 * 240
    labelled = drawn.table[(drawn.table["gold_weight"] > 0) & (drawn.table["frame"] == "war")]
    # weights of an outlet add up to its passages: it has 120, drawn from several strata
    assert labelled.groupby("outlet")["gold_weight"].sum().to_list() == pytest.approx([120, 120])
    assert labelled["gold_stratum"].nunique() > 2
    assert labelled["gold"].isin([0, 1]).all()
    assert drawn.table.loc[drawn.table["gold_weight"] == 0, "gold"].isna().all()


def test_whole_documents_are_labelled_together():
    drawn = population(corpus()).draw(5, unit="document", generator=np.random.default_rng(2))
    labels = drawn.table.groupby("document_id")["gold_weight"].agg(["min", "max"])
    assert (labels["min"] == labels["max"]).all()
    assert (labels["max"] > 0).sum() == 10
    assert drawn.n_labels.tolist() == [30, 30]


def test_no_more_is_labelled_than_there_is():
    drawn = population(corpus(24)).draw(100, unit="passage", generator=np.random.default_rng(2))
    assert drawn.n_labels.tolist() == [12, 12]


@pytest.mark.parametrize("likeness", [0.0, 0.5])
def test_frames_come_by_their_chances_and_documents_are_alike(likeness):
    whole = Population(corpus(2400, outlets="A"), np.full((2400, 1), 0.3), ["war"], "outlet", True, likeness, 1)
    drawn = whole.draw(2400, unit="passage", generator=np.random.default_rng(5))
    gold = drawn.table["gold"].to_numpy(float)
    assert gold.mean() == pytest.approx(0.3, abs=0.06)
    alike = intraclass_correlation(gold, drawn.table["document_id"].to_numpy())
    # with a normal correlation of 1/2 at .3, two labels correlate by about .32
    assert alike == pytest.approx(0.32 if likeness else 0.0, abs=0.06)


def test_shares_are_moved_to_what_is_wanted():
    before = population(corpus())
    after = before.shift({(0, 1): 0.6})
    assert after.shares[0, 1] == pytest.approx(0.6)
    assert after.shares[[0, 1, 1], [0, 0, 1]] == pytest.approx(before.shares[[0, 1, 1], [0, 0, 1]])
    # on the scale of log-odds, so that the order of passages stays
    rows = before.group_of == 0
    assert (np.argsort(after.chances[rows, 1]) == np.argsort(before.chances[rows, 1])).all()


def test_clusters_are_drawn_whole():
    passages = corpus().assign(**{CLUSTER: [f"s{k // 24}" for k in range(240)]})
    drawn = population(passages).draw(20, unit="passage", generator=np.random.default_rng(3))
    passages_per_cluster = drawn.table[drawn.table["frame"] == "war"].groupby(CLUSTER).size()
    assert set(passages_per_cluster) == {12}, "a cluster of both outlets is one of each"
    assert len(passages_per_cluster) == 20


def test_without_scores_nothing_is_corrected():
    drawn = population(corpus(), has_scores=False).draw(30, unit="passage", generator=np.random.default_rng(2))
    assert (drawn.table["proxy"] == 0).all()
    assert drawn.table["gold_stratum"].nunique() >= 2
