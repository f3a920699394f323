"""`framing codebook test` with a language model: told once for all tests, a row a test, the passages that failed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.llm.endpoint import VARIABLES
from tests.cli.outcomes import refused, strict_json
from tests.llm.server import Call, serving
from tests.tiny import SPORT, codebook_file


@pytest.fixture(autouse=True)
def _surroundings_of_models(monkeypatch, tmp_path):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def tiny(tmp_path) -> Path:
    return codebook_file(tmp_path, multi_label=True)


@pytest.fixture
def server(monkeypatch):
    with serving() as running:
        monkeypatch.setenv("FRAMING_LLM_URL", running.url)
        yield running


def run(framing, tiny, *more):
    return framing("codebook", "test", tiny, "--scorer", "llm:words", "--per-frame", 3, *more)


def test_a_model_that_codes_by_words_fails_where_names_change(framing, tiny, server, tmp_path):
    output = tmp_path / "failed.csv"
    ended = run(framing, tiny, "--yes", "--json", "--output", output)
    assert ended.code == 0, ended.err
    result = strict_json(ended.out)
    tests = {row["test"]: row for row in result["tests"]}
    # the server knows words of two of three seeds of war and sport, and names ids that a prompt may not have
    assert tests["order of frames"]["estimate"] == 1
    assert tests["asked twice"]["n"] == 9
    assert tests["counter-seeds"]["method"].startswith("not applicable")
    assert tests["generic names"]["estimate"] < 0.5
    assert "wrong answer: unknown: 'war'; expected label_1, label_2, label_3" in json.dumps(result["failures"])
    failed = pd.read_csv(output)
    assert len(failed) == len(result["failures"])
    assert SPORT[2] in set(failed.loc[failed["test"] == "seeds and examples", "text"])  # "lost on penalties"
    assert ended.err.count("questions to words, about") == 1


def test_the_tests_are_printed_with_intervals(framing, tiny, server):
    ended = run(framing, tiny, "--yes")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("tiny 1.0.0, scorer llm:words: exploratory, no label was used")
    assert "asked twice               1.00 (0.70 to 1.00), 9 of 9 passed" in ended.out
    assert "Passages that did not pass" in ended.out


def test_nothing_is_sent_without_a_yes(framing, tiny, server):
    refused_run = run(framing, tiny)
    assert refused_run.code == 2
    assert "Nothing was sent: add --yes" in refused_run.err
    assert server.calls == []


def test_frames_asked_one_by_one_have_no_order(framing, tiny, server):
    ended = run(framing, tiny, "--yes", "--llm-mode", "one", "--json")
    tests = {row["test"]: row for row in strict_json(ended.out)["tests"]}
    assert "each frame is asked for by itself" in tests["order of frames"]["method"]


def test_options_of_other_scorers_are_refused(framing, tiny):
    refused(run(framing, tiny, "--nli-model", "x"), "learns from no labels")


def test_an_answer_that_comes_once_is_not_asked_again(framing, tiny, server):
    run(framing, tiny, "--yes")
    n_calls = len(server.calls)
    server.behave = Call.send
    run(framing, tiny, "--yes")
    assert len(server.calls) == n_calls
