"""`encoder: auto` in the settings of a report: counted once, and everywhere the name that was chosen."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from framing.analysis import chosen
from framing.analysis.analysis import open_analysis
from framing.analysis.auto_encoder import resolve_encoder
from framing.encoders.costs import Machine
from framing.settings import Settings
from tests.analysis.project import enter_project, write_project
from tests.tiny import PASSAGES, WAR


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    rows = [{"text": text, "outlet": "AB"[row % 2], "published": "2025-07-01"} for row, text in enumerate(PASSAGES)]
    home = write_project(tmp_path, rows, rules="gold: {file: coded.csv}\n")
    coded = pd.DataFrame({"text": WAR, "document_id": ["a", "a", "b"], "frames": ["war", "war", "trade"]})
    coded.to_csv(home / "coded.csv", index=False)
    enter_project(tmp_path, monkeypatch)
    monkeypatch.setattr("framing.classify.auto_encoder.find_machine", lambda: Machine(2, bfloat16=True))
    install(monkeypatch, "minilm")
    return home


def install(monkeypatch, *names):
    monkeypatch.setattr("framing.classify.auto_encoder.installed_encoders", lambda: list(names))


def settings(**values):
    return Settings(corpus="small", codebook="tiny", **values)


@pytest.fixture
def seen(monkeypatch):
    """The work for which encoders were chosen."""
    works = []

    def choose(name, work):
        works.append(work)
        return choose_encoder(name, work)

    from framing.classify.auto_encoder import choose_encoder

    monkeypatch.setattr("framing.analysis.auto_encoder.choose_encoder", choose)
    return works


@pytest.fixture
def n_read(monkeypatch):
    """How often the corpus was read."""
    calls = []
    read = chosen.read_corpora
    monkeypatch.setattr(
        chosen, "read_corpora", lambda *given, **options: calls.append(given) or read(*given, **options)
    )
    return calls


def test_documents_and_labels_are_counted(corpus, seen):
    resolve_encoder(settings())
    resolve_encoder(settings(learn_from_gold=True, strength="head"))
    plain, learning = seen
    assert (plain.n_texts, plain.n_words, plain.language, plain.n_labelled) == (3, 7 + 10 + 8, "en", 0)
    assert (learning.n_labelled, learning.labelled_words, learning.n_groups) == (3, 9 + 9 + 5, 2)
    assert (learning.strength, learning.n_frames) == ("head", 3)


def test_the_choice_follows_the_installation_and_the_labels(corpus, monkeypatch):
    assert resolve_encoder(settings()).settings.encoder == "minilm"
    install(monkeypatch, "minilm", "mpnet")
    resolved = resolve_encoder(settings())
    assert resolved.settings == settings(encoder="mpnet")
    assert resolved.sentence == (
        "encoder mpnet: the best installed for English; about 25 words take less than a minute on 2 cores"
    )
    learning = settings(learn_from_gold=True, strength="head")
    assert resolve_encoder(learning).settings.encoder == "mpnet+minilm"


def test_an_encoder_that_is_named_stays_and_nothing_is_read(corpus, n_read):
    for given in (settings(encoder="minilm"), settings(encoder="some/folder")):
        assert resolve_encoder(given).settings is given
        assert resolve_encoder(given).sentence == ""
    inferring = settings(scorer="nli", nli_model="some/folder")
    assert resolve_encoder(inferring).settings.encoder == "minilm", "no encoder scores"
    assert n_read == []


def test_the_corpus_is_read_once_for_its_counts_and_its_scores(corpus, n_read):
    open_analysis(settings())
    assert len(n_read) == 1
    open_analysis(settings())
    assert len(n_read) == 1, "the counts are in the cache"
    assert chosen._kept == {}, "no documents are held"


def test_counts_are_made_again_where_the_corpus_changed(corpus, seen):
    resolve_encoder(settings())
    with (corpus / "rows.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"text": WAR[0], "outlet": "A", "published": "2025-07-02"}) + "\n")
    resolve_encoder(settings())
    resolve_encoder(settings(where={"outlet": "A"}))
    assert [work.n_words for work in seen] == [25, 34, 7 + 8 + 9]


def test_an_analysis_has_the_name_and_the_key_of_the_encoder_that_was_chosen(corpus):
    said: list[str] = []
    analysis = open_analysis(settings(), say=said.append)
    assert analysis.settings == settings(encoder="minilm")
    assert analysis.key == open_analysis(settings(encoder="minilm")).key
    assert said[0].startswith(
        "encoder minilm: about 25 words take less than a minute on 2 cores; mpnet would find more"
    )
    assert said[0].endswith(": framing encoder install mpnet")
