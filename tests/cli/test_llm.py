"""`--scorer llm:NAME` of `framing classify` and `framing evaluate`: asked once, told first, in no file a key."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pandas as pd
import pytest

from framing.llm.endpoint import VARIABLES
from tests.cli.outcomes import evaluated, read, refused, strict_json, write
from tests.llm.server import KEY, Call, serving
from tests.tiny import codebook_file

TEXTS = ["Missiles hit the port.", "Exports of steel fell.", "She won.", "Soldiers left; exports fell.", "She won."]


@pytest.fixture(autouse=True)
def _surroundings_of_models(monkeypatch, tmp_path):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FRAMING_LLM_KEY", KEY)


@pytest.fixture
def tiny(tmp_path) -> Path:
    return codebook_file(tmp_path, multi_label=True)


@pytest.fixture
def rows(tmp_path) -> Path:
    return write(tmp_path / "rows.csv", pd.DataFrame({"text": TEXTS}))


@pytest.fixture
def server(monkeypatch):
    with serving() as running:
        monkeypatch.setenv("FRAMING_LLM_URL", running.url)
        yield running


def refuse(passage: str):
    def behave(call: Call) -> None:
        if call.passage == passage:
            call.send(call.completion(None, message={"refusal": "not this one"}))
        else:
            call.send()

    return behave


def classify(framing, rows, tiny, *more, scorer="llm:words"):
    return framing(
        "classify", rows, "--codebook", tiny, "--output", rows.with_name("out.csv"), "--scorer", scorer, *more
    )


def list_bytes(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_passages_are_classified_and_a_rerun_asks_nothing(framing, rows, tiny, server, tmp_path):
    ended = classify(framing, rows, tiny, "--yes", "--price-in", 1, "--price-out", 2)
    assert ended.code == 0, ended.err
    table = read(tmp_path / "out.csv")
    present = table[table["decision"] == "present"]
    assert list(zip(present["text"], present["frame"], strict=True)) == [
        (TEXTS[0], "war"), (TEXTS[1], "trade"), (TEXTS[2], "sport"), (TEXTS[3], "war"), (TEXTS[3], "trade"),
        (TEXTS[4], "sport"),
    ]  # fmt: skip
    assert len(server.calls) == 4  # the fifth text is the third
    assert "4 questions to words, about" in ended.err
    assert "zero-shot (exploratory)" in ended.err
    assert "cost below 0.01 (0.10 a thousand rows)" in ended.err  # 400 tokens in, 40 out: 0.00048 for five rows
    record = json.loads((tmp_path / "out.llm.json").read_text())
    assert record["versions"] == [{"model": "words-1", "fingerprint": "", "answers": 4}]
    assert "Frame war: War" in record["prompts"][0]["system"]
    again = classify(framing, rows, tiny)  # nothing is sent, so nobody is asked
    assert again.code == 0, again.err
    assert len(server.calls) == 4
    assert "0 questions asked, 4 answered before" in again.err
    assert KEY.encode() not in list_bytes(tmp_path)
    assert KEY not in ended.out + ended.err + again.err
    assert server.url.encode() not in list_bytes(tmp_path)


def test_rows_without_a_score_are_counted_and_stand_in_a_file(framing, rows, tiny, server, tmp_path):
    server.behave = refuse("She won.")
    ended = classify(framing, rows, tiny, "--yes")
    assert ended.code == 0, ended.err
    assert "3 rows classified, 0 rows refused, 2 without a score" in ended.err
    unscored = read(tmp_path / "out.unscored.csv")
    assert unscored["reason"].to_list() == ["refused: not this one"] * 2
    assert unscored["excerpt"].to_list() == ["She won."] * 2
    kept = set(read(tmp_path / "out.csv")["passage_id"])
    assert len(kept) == 3
    assert not kept & set(unscored["passage_id"])


def test_no_row_with_a_score_is_an_error(framing, rows, tiny, server, tmp_path):
    server.behave = lambda call: call.send(call.completion("I am a poem."))
    refused_lines = classify(framing, rows, tiny, "--yes")
    assert refused_lines.code == 2
    assert "None of 5 passages has a score: wrong answer: no JSON object: 'I am a poem.'" in refused_lines.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "Nothing was sent: add --yes"),
        (["--yes", "--max-cost", "0.000001", "--price-in", "1", "--price-out", "1"], "more than the limit of 1e-06"),
        (["--yes", "--max-cost", "1"], "A limit of cost needs the prices"),
        (["--yes", "--llm-mode", "two"], "--llm-mode two: choose all or one"),
        (["--yes", "--labels", "x.csv"], "learns from no labels"),
        (["--yes", "--save", "x"], "there is no classifier to save"),
        (["--yes", "--executor", "dask://127.0.0.1:1"], "leave out the cluster"),
    ],
)
def test_nothing_is_sent_that_was_not_approved(options, message, framing, rows, tiny, server):
    ended = classify(framing, rows, tiny, *options)
    assert ended.code in (1, 2)
    assert message in ended.err
    assert server.calls == []


@pytest.mark.parametrize(
    ("scorer", "options", "message"),
    [
        ("llm:", [], "name the model behind the colon"),
        ("gpt", [], "choose seeds, nli or llm:NAME"),
        ("seeds", ["--yes"], "are for --scorer llm:NAME"),
        ("nli", [], "go together"),
    ],
)
def test_options_that_do_not_go_together_are_refused(scorer, options, message, framing, rows, tiny):
    refused(classify(framing, rows, tiny, *options, scorer=scorer), message)


def test_a_missing_address_is_named(framing, rows, tiny):
    refused(classify(framing, rows, tiny, "--yes"), "FRAMING_LLM_URL is not set")


def test_patterns_are_replaced_before_texts_are_sent(framing, rows, tiny, server, tmp_path):
    patterns = tmp_path / "patterns.txt"
    patterns.write_text("# names of places\n(?i)port => harbour\n\\bsteel\\b\n", encoding="utf-8")
    ended = classify(framing, rows, tiny, "--yes", "--redact", patterns)
    assert ended.code == 0, ended.err
    assert {"Missiles hit the harbour.", "Exharbours of [redacted] fell."} <= set(server.passages)
    assert "4 places in the texts were replaced" in ended.err  # a port, and three in exports and of steel
    assert read(tmp_path / "out.csv")["text"].iloc[0] == TEXTS[0]


def test_a_wrong_pattern_is_named_by_its_line(framing, rows, tiny, server, tmp_path):
    patterns = tmp_path / "patterns.txt"
    patterns.write_text("steel\n(\n", encoding="utf-8")
    ended = classify(framing, rows, tiny, "--yes", "--redact", patterns)
    assert "patterns.txt, line 2: no regular expression" in ended.err
    assert server.calls == []


def test_evaluate_compares_answers_with_people(framing, tiny, server, tmp_path):
    server.behave = refuse("She won.")
    labels = ["war", "trade", "sport", "trade", "sport"]
    coded = write(tmp_path / "coded.csv", pd.DataFrame({"text": TEXTS, "frames": labels, "document_id": list("abcde")}))
    result = evaluated(framing, tiny, coded, "--scorer", "llm:words", "--yes")
    assert result["method"].endswith("exploratory")
    assert result["n_passages"] == 3
    measures = {(row["frame"], row["measure"]): row["estimate"] for row in result["measures"]}
    assert measures["war", "precision"] == 0.5
    assert measures["trade", "recall"] == 1.0
    assert strict_json(json.dumps(result))["encoder"] == "llm:words"


_ASK = """
import json, sys
from framing.classify.llm import LlmScorer
from framing.codebook import read_codebook
scorer = LlmScorer(read_codebook(sys.argv[1]), "words").fit()
scores = scorer.predict_proba(json.loads(sys.argv[2]))
print(len(scores), int(scores.sum()), scorer.model_.n_known)
"""


def test_a_run_that_is_killed_asks_the_rest_only(tiny, tmp_path):
    texts = [f"Missiles at number {number}." for number in range(60)]
    enough, answered = threading.Event(), []

    def behave(call: Call) -> None:
        if len(answered) >= 25:
            enough.set()
            threading.Event().wait(20)  # until the client is killed
        else:
            call.send()
            answered.append(call.passage)

    with serving(behave) as server:
        environment = {**os.environ, "FRAMING_LLM_URL": server.url, "FRAMING_LLM_CONCURRENCY": "1"}
        command = [sys.executable, "-c", _ASK, str(tiny), json.dumps(texts)]
        run = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        assert enough.wait(60)
        run.send_signal(signal.SIGKILL)
        run.wait()
        first = server.passages
        server.behave = Call.send
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        rest = server.passages - first
    assert len(first) == 26  # one was under way
    assert rest == dict.fromkeys(texts[25:], 1)
    assert done.stdout.split() == ["60", "60", "25"]
    assert KEY.encode() not in list_bytes(tmp_path)
