"""Analyses scored by a language model: corrected shares, passages without an answer, what may be spent and kept."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from framing import charts
from framing.analysis.analysis import open_analysis
from framing.analysis.fragility import measure_fragility
from framing.errors import InputError
from framing.estimates.prevalence import estimate_prevalence
from framing.llm.endpoint import VARIABLES
from framing.reports.inputs import _read_environment
from tests.llm.server import KEY, Call, serving
from tests.tiny import WordEncoder


@pytest.fixture
def server(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with serving() as running:
        monkeypatch.setenv("FRAMING_LLM_URL", running.url)
        monkeypatch.setenv("FRAMING_LLM_KEY", KEY)
        yield running


@pytest.fixture
def asked(seeded, server, monkeypatch, tmp_path):
    """Settings of the labelled project with the language model as scorer, and a cache of the test."""

    def make(*, labelled: bool = True, **values):
        settings = seeded(labelled=labelled)
        monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
        return settings.model_copy(update={"llm_model": "words", **values})

    return make


def test_answers_are_scores_and_correct_shares(asked, server, tmp_path):
    analysis = open_analysis(asked(scorer="llm"))
    values = analysis.scores[["war", "trade", "sport"]].to_numpy()
    assert set(np.unique(values)) == {0.0, 1.0}
    n_texts = analysis.passages["text"].nunique()
    assert len(server.calls) == n_texts
    assert not analysis.not_corrected
    shares = estimate_prevalence(analysis.classified, n_bootstrap=200)
    assert shares["method"].str.startswith("corrected").all()
    facts = analysis.facts.language_model
    assert (facts.model, facts.asked, facts.failures) == ("words", n_texts, {})
    assert "Frame war: War" in facts.prompts[0].system
    assert analysis.facts.method == "answers of the language model words to the codebook: exploratory"
    assert open_analysis(asked(scorer="llm")).key == analysis.key
    assert len(server.calls) == n_texts
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert KEY.encode() not in kept
    assert server.url.encode() not in kept


def test_passages_without_an_answer_are_abstentions_and_labels_still_correct(asked, server):
    plain = open_analysis(asked(scorer="llm", random_seed=1))
    odd = plain.passages["text"].iloc[1]
    server.behave = lambda call: call.send(call.completion("?") if call.passage == odd else None)
    analysis = open_analysis(asked(scorer="llm", llm_mode="one", random_seed=2))
    frames = ["war", "trade", "sport"]
    assert (analysis.decisions.loc[1, frames] == "abstain").all()
    assert (analysis.decisions.loc[2:, frames] != "abstain").all(axis=None)
    others = analysis.scores[frames].drop(index=1)
    np.testing.assert_allclose(analysis.scores.loc[1, frames].astype(float), others.mean())
    assert analysis.facts.counts.passages_without_score == 1
    assert any("1 of 60 passages have no score" in remark for remark in analysis.facts.remarks)
    assert not analysis.not_corrected
    assert len(analysis.labelled) == len(plain.labelled)


class NoiseEncoder(WordEncoder):
    """Vectors that know nothing of the words."""

    fingerprint = "noise-1"

    def encode(self, texts: Sequence[str], *, progress: str = "") -> np.ndarray:
        drawn = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=64) for text in texts]
        return np.array([vector / np.linalg.norm(vector) for vector in drawn], dtype=np.float32).reshape(-1, 64)


def test_a_model_beside_a_poor_classifier_brings_scores_nearer_to_labels_and_leaves_decisions(
    asked, server, monkeypatch
):
    settings = asked()  # enters the project
    monkeypatch.setattr("framing.analysis.prepare.open_encoder", lambda *_, **__: NoiseEncoder())
    alone = open_analysis(settings)
    assert server.calls == []
    both = open_analysis(settings.model_copy(update={"llm_beside": True}))
    assert both.key != alone.key
    assert both.decisions.equals(alone.decisions)
    assert both.facts.language_model.asked == both.passages["text"].nunique()
    assert not both.proxies.equals(alone.proxies)
    errors = [
        sum(((part[f"gold_{name}"] - part[f"proxy_{name}"]) ** 2).mean() for name in ("war", "trade", "sport"))
        for part in (both.labelled, alone.labelled)
    ]
    assert errors[0] < 0.8 * errors[1], "each labelled passage is scored by weights that its label did not shape"


def test_without_labels_a_model_beside_is_not_asked(asked, server):
    assert open_analysis(asked(labelled=False, llm_beside=True)).facts.language_model is None
    assert server.calls == []


@pytest.mark.parametrize(
    ("prices", "limit", "message"),
    [
        (("1", "1"), 0.0, "more than the limit of 0"),
        (("1000", "1000"), 0.5, "more than the limit of 0.5"),
    ],
)
def test_nothing_is_spent_beyond_the_limit(prices, limit, message, asked, server, monkeypatch):
    for name, price in zip(("IN", "OUT"), prices, strict=True):
        monkeypatch.setenv(f"FRAMING_LLM_PRICE_{name}", price)
    with pytest.raises(InputError, match=message):
        open_analysis(asked(scorer="llm", llm_max_cost=limit))
    assert server.calls == []


def test_another_machine_is_not_asked_without_prices(asked, server, monkeypatch):
    monkeypatch.setenv("FRAMING_LLM_URL", "https://models.example/v1")
    with pytest.raises(InputError, match="needs the prices of a million tokens"):
        open_analysis(asked(scorer="llm", llm_max_cost=5.0))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"scorer": "llm", "llm_model": ""}, "name the model with llm_model"),
        ({"scorer": "llm", "learn_from_gold": True}, "the scorer llm does not learn from labels"),
        ({"scorer": "llm", "wanted_recall": 0.5}, "the scorer llm promises neither"),
        ({"scorer": "llm", "llm_beside": True}, "the scorer is the language model itself"),
    ],
)
def test_settings_that_contradict_are_refused(values, message, asked, server):
    with pytest.raises(InputError, match=message):
        open_analysis(asked(**values))
    assert server.calls == []


def test_patterns_are_replaced_before_texts_are_sent(asked, server, tmp_path):
    patterns = tmp_path / "patterns.txt"
    patterns.write_text("page \\d+ => page N\n", encoding="utf-8")
    analysis = open_analysis(asked(scorer="llm", llm_redaction=str(patterns)))
    assert analysis.facts.language_model.redacted == 60
    assert all("page N" in passage for passage in server.passages)
    assert len(server.calls) < 60, "texts that differ in what is replaced are one question"


def test_variables_of_servers_and_keys_are_no_input_of_a_report(server):
    assert not {name for name in _read_environment() if name.startswith("FRAMING_LLM")}
    assert KEY not in json.dumps(_read_environment())


def test_a_call_without_answers_at_all_is_an_error(asked, server):
    server.behave = lambda call: Call.send(call, call.completion("?"))
    with pytest.raises(InputError, match="answered for none of 60 passages"):
        open_analysis(asked(scorer="llm", random_seed=3))


def test_nothing_of_a_language_model_is_varied_and_the_chart_says_so(asked, server):
    fragility = measure_fragility(asked(scorer="llm"))
    assert fragility.variations.empty
    reasons = dict(fragility.left_out.itertuples(index=False))
    assert reasons["encoder"] == "the scorer llm has none"
    with pytest.raises(InputError, match="No other choice could be varied"):
        charts.fragility_strip(fragility.headlines, fragility.variations, {"war": "War"})
