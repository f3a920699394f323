"""Labelled passages as a sample: reasons not to use them, weights and columns, analyses corrected with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.analysis.analysis import long_table, open_analysis
from framing.analysis.labelled import labelled_sample, too_few_to_compare, why_not_corrected, with_gold
from framing.classify.classifier import FrameClassifier
from framing.codebook import read_codebook
from framing.coding.gold import Gold, read_gold
from framing.corpus import read_config, read_corpus, split_passages
from framing.corpus.config import GoldRule
from framing.corpus.rows import read_passages
from framing.estimates.compare import compare_groups
from framing.estimates.correction import draw_corrected_shares, has_gold
from framing.estimates.decompose import decompose_differences
from framing.estimates.prevalence import estimate_prevalence
from framing.settings import Settings
from framing.tables import GOLD
from tests.analysis.project import enter_project, write_project
from tests.tiny import SPORT, TRADE, WAR, WordEncoder, codebook

FRAMES = ["war", "trade", "sport"]


def gold_of_rows(ids: list[str], *, probabilities: list[float] | None = None, **more) -> Gold:
    """Passages of documents named after the first letter of their ids."""
    passages = pd.DataFrame({"passage_id": ids, "document_id": [name[0] for name in ids], "outlet": "O", "text": "t"})
    labels = np.eye(3, dtype=bool)[np.arange(len(ids)) % 3]
    chances = None if probabilities is None else np.array(probabilities)
    return Gold(passages, labels, None, (), pd.DataFrame(), "coded.csv", "", "", chances, **more)


PASSAGES = pd.DataFrame({"passage_id": ["a1", "a2", "b1", "b2", "c1"]})


@pytest.mark.parametrize(
    ("gold", "reason"),
    [
        (None, "no labelled passages"),
        (gold_of_rows(["a1"]), "the labels have no inclusion probabilities (draw passages with framing sample)"),
        (
            gold_of_rows(["a1", "x1", "b2", "x2"], probabilities=[0.5] * 4),
            "2 of 4 labelled passages are not among the passages of this corpus "
            "(were they drawn with another passage_words or unit, or has the corpus changed?)",
        ),
        (gold_of_rows(["a1", "b1", "a1"], probabilities=[0.5] * 3), "1 passages are labelled twice"),
        (gold_of_rows(["c1", "a1"], probabilities=[0.5, 1.0]), ""),
    ],
)
def test_why_labels_do_not_correct(gold, reason):
    assert why_not_corrected(gold, PASSAGES) == reason


def test_weights_are_one_over_the_chance_and_passages_were_drawn_alone():
    proxies = np.arange(9.0).reshape(3, 3)
    gold = gold_of_rows(["b2", "a1", "c1"], probabilities=[0.5, 0.25, 1.0])
    result = labelled_sample(gold, proxies, codebook())
    assert list(result.columns) == [
        "passage_id", "weight", "stratum", "cluster", "gold_war", "gold_trade", "gold_sport", "proxy_war",
        "proxy_trade", "proxy_sport",
    ]  # fmt: skip
    assert result["weight"].to_list() == [2.0, 4.0, 1.0]
    assert result["stratum"].to_list() == ["O"] * 3, "outlets, where no strata are given"
    assert result["cluster"].to_list() == ["b2", "a1", "c1"]
    assert result[["gold_war", "gold_trade", "gold_sport"]].to_numpy().tolist() == np.eye(3).tolist()
    assert result[["proxy_war", "proxy_trade", "proxy_sport"]].to_numpy().tolist() == proxies.tolist()


def test_documents_that_were_drawn_whole_are_one_unit():
    strata = np.array([2025, 2025, 2024], dtype=object)
    gold = gold_of_rows(["a1", "a2", "b1"], probabilities=[0.1] * 3, strata=strata, unit="document")
    result = labelled_sample(gold, np.zeros((3, 3)), codebook())
    assert result["cluster"].to_list() == ["a", "a", "b"]
    assert result["stratum"].to_list() == ["2025", "2025", "2024"]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_labels_reach_their_passage_and_frame_in_any_order(order):
    ids, labels, score = ["b2", "a1", "c1"], np.eye(3), np.arange(9.0).reshape(3, 3)
    gold = gold_of_rows([ids[row] for row in order], probabilities=[0.5, 0.25, 0.2])
    gold = replace(gold, labels=labels[order].astype(bool), probabilities=np.array([0.5, 0.25, 0.2])[order])
    labelled = labelled_sample(gold, score[order], codebook())
    classified = pd.DataFrame(
        {"passage_id": np.repeat(PASSAGES["passage_id"].to_numpy(), 3), "frame": FRAMES * 5, "text": "t"}
    )
    proxies = pd.DataFrame(10 + np.arange(15.0).reshape(5, 3), columns=FRAMES).assign(passage_id=PASSAGES["passage_id"])
    before = classified.copy()
    result = with_gold(classified, proxies[["passage_id", "sport", "war", "trade"]], labelled, codebook())
    pd.testing.assert_frame_equal(classified, before)
    assert set(GOLD) <= set(result.columns)
    assert has_gold(result)
    assert result["proxy"].to_list() == [*range(10, 25)]
    rows = result.set_index(["passage_id", "frame"])
    for number, name in enumerate(ids):
        for column, frame in enumerate(FRAMES):
            row = rows.loc[(name, frame)]
            assert (row["gold"], row["gold_proxy"]) == (labels[number, column], score[number, column])
            assert row["gold_weight"] == 1 / [0.5, 0.25, 0.2][number]
            assert (row["gold_stratum"], row["gold_cluster"]) == ("O", name)
    others = result[~result["passage_id"].isin(ids)]
    assert (others["gold_weight"] == 0).all()
    assert others[["gold", "gold_proxy"]].isna().all(axis=None)
    assert set(others["gold_stratum"]) | set(others["gold_cluster"]) == {""}
    assert not has_gold(others)


# analyses


def topics(n: int = 72) -> pd.DataFrame:
    """Two outlets, a document a passage; B writes more of war, and every fifth passage is about something else."""
    generator = np.random.default_rng(3)
    rows = []
    for number in range(n):
        outlet = "AB"[number % 2]
        topic = generator.choice(3, p=[0.3, 0.3, 0.4] if outlet == "A" else [0.6, 0.2, 0.2])
        text = [WAR, TRADE, SPORT][(topic + (number % 5 == 0)) % 3][number % 3]
        rows.append((f"d{number}", outlet, f"{text} Page {number}.", FRAMES[topic]))
    return pd.DataFrame(rows, columns=["document_id", "outlet", "text", "topic"])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """A corpus of 72 passages; the first 40 of them are labelled, whose chance was 40 of 72."""
    table = topics()
    rows = table.assign(published="2025-07-01").drop(columns="topic").to_dict("records")
    corpus = write_project(tmp_path, rows, rules="gold: {file: coded.csv}\n")
    enter_project(tmp_path, monkeypatch)
    passages, _ = read_passages(corpus)
    assert len(passages) == 72
    passages["topic"] = passages["document_id"].map(table.set_index("document_id")["topic"])
    coded_rows = passages.sample(40, random_state=1, ignore_index=True)
    columns = ["passage_id", "document_id", "outlet", "text", "topic"]
    coded = coded_rows[columns].rename(columns={"topic": "frames"}).assign(inclusion_probability=repr(40 / 72))
    coded.to_csv(corpus / "coded.csv", index=False)
    return coded_rows


def test_zero_shot_analysis_is_corrected_with_its_own_scores(project):
    analysis = open_analysis(Settings(corpus="small", codebook="tiny"))
    assert analysis.facts.labels.correction == "shares and contrasts are corrected with them"
    assert analysis.proxies[FRAMES].equals(analysis.scores[FRAMES])
    table = analysis.classified
    coded_rows = table[table["gold_weight"] > 0]
    assert set(coded_rows["passage_id"]) == set(project["passage_id"])
    assert (coded_rows["gold_proxy"] == coded_rows["score"]).all(), "nothing was learned from labels"
    assert coded_rows["gold_weight"].to_numpy() == pytest.approx(72 / 40)
    coded = coded_rows[coded_rows["gold"] == 1].set_index("passage_id")["frame"]
    assert coded.to_dict() == project.set_index("passage_id")["topic"].to_dict()
    result = estimate_prevalence(table, by=["perspective"], n_bootstrap=20).set_index("frame")
    for frame in FRAMES:
        score, weight = table.loc[table["frame"] == frame, "score"], coded_rows.loc[coded_rows["frame"] == frame]
        slope = max(np.polyfit(weight["gold_proxy"], weight["gold"], 1)[0], 0.0)
        expected = slope * score.mean() + (weight["gold"] - slope * weight["gold_proxy"]).mean()
        assert result.loc[frame, "estimate"] == pytest.approx(expected, abs=1e-9)
        assert result.loc[frame, "n_gold"] == 40


def test_learned_analysis_is_corrected_with_scores_of_classifiers_that_did_not_see_the_label(project):
    analysis = open_analysis(Settings(corpus="small", codebook="tiny", learn_from_gold=True, strength="head"))
    labels = np.array([[topic == name for name in FRAMES] for topic in project["topic"]])
    fitted = FrameClassifier(codebook(), WordEncoder(), strength="head", random_seed=analysis.settings.random_seed)
    fitted.fit(project["text"].to_list(), labels, groups=project["group"].to_list())
    texts = analysis.passages["text"].to_list()
    by_fold = fitted.predict_folds(texts)
    share = np.bincount(fitted.folds_) / 40
    assert np.abs(analysis.proxies[FRAMES].to_numpy() - np.tensordot(share, by_fold, axes=1)).max() < 1e-9
    table = analysis.classified.set_index(["passage_id", "frame"])
    for row, passage in enumerate(project["passage_id"]):
        place = analysis.passages["passage_id"].to_list().index(passage)
        for column, frame in enumerate(FRAMES):
            out_of_fold = by_fold[fitted.folds_[row], place, column]
            assert table.loc[(passage, frame), "gold_proxy"] == pytest.approx(out_of_fold, abs=1e-9)
    assert (analysis.proxies[FRAMES].to_numpy() != analysis.scores[FRAMES].to_numpy()).any()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda coded: coded.drop(columns="inclusion_probability"), "the labels have no inclusion probabilities"),
        (
            lambda coded: coded.replace({"passage_id": {coded["passage_id"][0]: "gone"}}),
            "1 of 40 labelled passages are not among the passages",
        ),
    ],
)
def test_labels_that_do_not_serve_leave_shares_as_they_are_and_the_reason_is_kept(project, tmp_path, change, reason):
    path = tmp_path / "corpora" / "small" / "coded.csv"
    change(pd.read_csv(path, dtype=str)).to_csv(path, index=False)
    analysis = open_analysis(Settings(corpus="small", codebook="tiny"))
    assert analysis.facts.labels.correction.startswith(reason)
    assert analysis.labelled.empty
    assert not set(GOLD) & set(analysis.classified.columns)
    assert len(analysis.gold_scores) == 40, "they are still there to be evaluated on"
    assert "raw" not in estimate_prevalence(analysis.classified, n_bootstrap=20).columns


@pytest.mark.slow
def test_the_sample_corpus_is_corrected_with_its_documents(root):
    # Eight of each outlet's articles were drawn whole and coded to the end. Scores are drawn here, each a little
    # higher where coders see the frame; encoding is not what is looked at.
    folder = root / "corpora" / "deep-strike"
    crisis = read_codebook(root / "seeds" / "great-power-crisis.yaml")
    choice = Settings(corpus="deep-strike", codebook="great-power-crisis")
    rule = GoldRule(file="whole_articles.csv", coders=("coder_1", "coder_2"))
    gold = read_gold(choice, read_config(folder).model_copy(update={"gold": rule}), folder, crisis)
    corpus = read_corpus(folder)
    passages = split_passages(corpus.documents, max_words=choice.passage_words)
    n_of = corpus.documents.groupby("outlet").size()
    chances = 8 / gold.passages["outlet"].map(n_of).to_numpy(float)
    gold = replace(gold, probabilities=chances, unit="document", strata=None)
    assert why_not_corrected(gold, passages) == ""
    frames, n = crisis.frame_ids, len(passages)
    labels = pd.DataFrame(gold.labels, index=gold.passages["passage_id"], columns=frames)
    scores = np.random.default_rng(1).random((n, len(frames))) * 0.6
    scores += 0.3 * labels.reindex(passages["passage_id"]).fillna(False).to_numpy(float)
    wide = pd.DataFrame(scores, columns=frames).assign(passage_id=passages["passage_id"].to_list())
    decided = pd.DataFrame(np.where(scores >= 0.5, "present", "absent"), columns=frames)
    table = long_table(passages, wide, decided, crisis)
    rows = pd.Index(passages["passage_id"]).get_indexer(pd.Index(gold.passages["passage_id"]))
    table = with_gold(table, wide, labelled_sample(gold, scores[rows], crisis), crisis)
    table["event"] = table["document_id"].map(corpus.documents.set_index("document_id")["event"])
    coded_rows = table[table["gold_weight"] > 0]
    assert (coded_rows["gold_proxy"] == coded_rows["proxy"]).all()
    assert coded_rows.groupby("outlet")["gold_cluster"].nunique().to_dict() == dict.fromkeys(n_of.index, 8)
    assert (coded_rows["gold_cluster"] == coded_rows["document_id"]).all()
    expected = labels.stack().rename_axis(["passage_id", "frame"])
    assert (coded_rows.set_index(["passage_id", "frame"])["gold"] == expected).all()
    for target in ("process", "corpus"):
        result = estimate_prevalence(table, target=target, n_bootstrap=20)
        assert result["estimate"].between(result["low"], result["high"]).all()
        assert (result["low"] < result["high"]).all()
        assert result.groupby("outlet")["n_gold"].first().sum() == len(gold.passages)
        drawn = draw_corrected_shares(table, by=["outlet"], target=target, n_bootstrap=5)
        assert drawn.degrees.tolist() == [6.0] * 6, "documents, not passages, are what was drawn"
    pairs = compare_groups(table, n_bootstrap=100).set_index(["frame", "group_a", "group_b"])["estimate"]
    parts = decompose_differences(table, n_bootstrap=30)
    gap = pairs - parts.groupby(["frame", "group_a", "group_b"])["estimate"].sum()
    assert len(gap) == 15 * len(frames)
    assert gap.abs().max() < 1e-9


def test_labels_of_one_outlet_alone_compare_nothing():
    passages = pd.DataFrame({"passage_id": [f"p{n}" for n in range(60)], "outlet": ["A"] * 30 + ["B"] * 30})
    passages["document_id"] = [f"d{n // 2}" for n in range(60)]
    ids = passages["passage_id"]
    both = pd.DataFrame({"passage_id": [*ids[:10], *ids[30:40]]})
    assert too_few_to_compare(both, passages, by="outlet") == ""
    nine = pd.DataFrame({"passage_id": [*ids[:10], *ids[30:39]]})
    reason = "fewer than two outlets have 10 labelled passages of 5 documents"
    assert too_few_to_compare(nine, passages, by="outlet") == reason
    of_two = passages.assign(document_id=["x", "y"] * 30)
    assert too_few_to_compare(both, of_two, by="outlet") == reason
    assert too_few_to_compare(nine, passages.assign(outlet="A"), by="outlet") == ""
