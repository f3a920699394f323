"""Spans of an analysis: scored by its classifier, once, and counted as the passages that they are from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.analysis import voice_spans
from framing.analysis.analysis import open_analysis
from framing.analysis.voice_spans import open_voice_spans
from framing.classify.classifier import FrameClassifier
from framing.codebook import read_codebook
from framing.corpus import make_passages, read_corpus
from framing.errors import InputError
from framing.estimates.by_voice import estimate_prevalence_by_voice
from framing.estimates.in_voice import estimate_prevalence_in_voice
from framing.settings import Settings
from framing.tables import CLASSIFIED, GOLD_SPEAKER
from tests.analysis.project import enter_project, write_project
from tests.tiny import WordEncoder

WAR, TRADE = "Missiles hit the port before dawn.", "Exports of steel fell after new tariffs."
MIXED = f"{WAR} “{TRADE}” said Anna Vale."


def write_rows(count: int) -> list[dict[str, str]]:
    texts = (MIXED, WAR, "“Yes,” said Anna Vale of the marathon on Friday.")
    return [
        {"text": texts[number % 3], "outlet": "AB"[number % 2], "published": "2025-07-01"} for number in range(count)
    ]


@pytest.fixture
def project(tmp_path, monkeypatch):
    write_project(tmp_path, write_rows(6))
    enter_project(tmp_path, monkeypatch)
    return tmp_path


@pytest.mark.slow
def test_spans_have_scores_of_their_own_by_the_classifier_of_the_analysis(project, monkeypatch):
    analysis = open_analysis(Settings(corpus="small", codebook="tiny", weights="documents"))
    scored: list[str] = []
    original = voice_spans.score_texts

    def count(scorer, texts, *options, **named):
        scored.extend(texts)
        return original(scorer, texts, *options, **named)

    monkeypatch.setattr(voice_spans, "score_texts", count)
    found = open_voice_spans(analysis)
    classifier = FrameClassifier(read_codebook(project / "seeds" / "tiny.yaml"), WordEncoder()).fit()
    table = found.classified
    assert set(CLASSIFIED) | {"span_id", "cluster", "weight", "event"} <= set(table.columns)
    frames = analysis.codebook.frame_ids
    of_span = table.pivot(index="span_id", columns="frame", values="score")[frames]
    texts = found.spans.set_index("span_id").loc[of_span.index, "text"]
    assert of_span.to_numpy() == pytest.approx(classifier.predict_proba(list(texts)))
    decisions = table.pivot(index="span_id", columns="frame", values="decision").loc[of_span.index, frames]
    assert (decisions.to_numpy() == classifier.decide_scores(of_span.to_numpy())).all()
    assert sorted(scored) == sorted(set(scored)), "a text that occurs twice is scored once"
    assert WAR not in scored, "a passage without speech has its scores already"
    mixed = found.spans[found.spans["text"].str.startswith((WAR, f"“{TRADE}"))].groupby("voice").first()
    present = table[table["decision"] == "present"].set_index("span_id")["frame"]
    assert (present[mixed.loc["own", "span_id"]], present[mixed.loc["quoted", "span_id"]]) == ("war", "trade")
    again = open_voice_spans(analysis)
    pd.testing.assert_frame_equal(again.classified, table)
    assert len(scored) == len(set(scored)), "the second time all is loaded"
    short = found.spans[~found.spans["is_scored"]]
    assert short["text"].tolist() == ["“Yes,”"] * 2
    assert not set(short["span_id"]) & set(table["span_id"])
    shares = estimate_prevalence_by_voice(table, found.spans, unit="span", n_bootstrap=200)
    assert shares.groupby("voice")["n_spans"].first().to_dict() == {"own": 3, "quoted": 1}, "of outlet A"


def test_documents_as_a_whole_have_no_spans(project):
    analysis = open_analysis(Settings(corpus="small", codebook="tiny", unit="document"))
    with pytest.raises(InputError, match="the unit here is the document as a whole"):
        open_voice_spans(analysis)


@pytest.mark.slow
def test_labels_that_name_speakers_correct_frames_within_voices(tmp_path, monkeypatch):
    rules = (
        "gold: {file: coded.csv, probability: inclusion_probability, stratum: stratum, speaker: who, coded: passage}\n"
    )
    home = write_project(tmp_path, write_rows(48), rules=rules)
    enter_project(tmp_path, monkeypatch)
    plain = Settings(corpus="small", codebook="tiny")
    passages = make_passages(read_corpus(home).documents, unit="passage", max_words=plain.passage_words)
    coded = passages[["passage_id", "document_id", "outlet", "text"]].assign(
        frames=np.where(passages["text"] == MIXED, "trade", "war"),
        who=np.where(passages["text"] == MIXED, " Anna Vale", ""),
        inclusion_probability=1.0,
        stratum=passages["outlet"],
    )
    coded.to_csv(home / "coded.csv", index=False)
    analysis = open_analysis(plain)
    assert analysis.gold is not None
    assert analysis.gold.speakers is not None
    assert set(analysis.gold.speakers) == {"", "Anna Vale"}
    assert analysis.classified[GOLD_SPEAKER].isin(["", "Anna Vale"]).all()
    voices = voice_spans.open_voices(analysis).passages
    result = estimate_prevalence_in_voice(analysis.classified, voices, n_bootstrap=200)
    shares = result.set_index(["outlet", "voice", "frame"])["estimate"]
    for outlet in "AB":
        assert shares[outlet, "others", "trade"] == pytest.approx(1 / 3)
        assert shares[outlet, "own", "war"] == pytest.approx(2 / 3)
        assert shares[outlet, "own", "trade"] == pytest.approx(0, abs=1e-9)
    assert result["method"].str.contains("errors of classifier and voices included").all()
