"""`framing code --coder llm:NAME` and what `framing gold` makes of it: a coder in the tables, and nothing of gold."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.llm.endpoint import VARIABLES
from tests.cli.outcomes import refused
from tests.drawn import fill, rows_of
from tests.llm.server import KEY, Call, serving
from tests.tiny import codebook_file


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
def server(monkeypatch):
    with serving() as running:
        monkeypatch.setenv("FRAMING_LLM_URL", running.url)
        yield running


def code(framing, design, tiny, *more, coder="llm:words:1b"):
    return framing("code", design, "--coder", coder, "--codebook", tiny, "--yes", *more)


def by_words(text: str) -> str:
    found = [name for name, word in (("war", "Missiles"), ("trade", "Exports"), ("sport", "scored")) if word in text]
    return ";".join(found) or "none"


def by_person(design: Path):
    texts = {row["passage_id"].removeprefix("'"): row["text"] for row in rows_of(design / "drawn.csv")}
    return lambda passage: by_words(texts[passage])


def test_a_model_codes_as_people_do_and_settles_nothing(framing, design, tiny, server, tmp_path):
    ended = code(framing, design, tiny, "--price-in", 1, "--price-out", 1)
    assert ended.code == 0, ended.err
    sheet = Path(ended.out.strip())
    assert sheet == design / "coded" / "llm-words-1b.csv"
    assert "12 passages drawn = 12 coded + 0 without an answer" in ended.err
    assert "0.11 a thousand passages" in ended.err  # 12 questions of 110 tokens: 0.00132 for 12 passages
    assert [row["frames"] for row in rows_of(sheet)] == [by_words(row["text"]) for row in rows_of(sheet)]
    people = [fill(design, name, lambda row: "war", to=tmp_path) for name in ("anna", "ben")]
    output = tmp_path / "gold.csv"
    in_folder = sorted(sheet.parent.iterdir())
    assert [path.name for path in in_folder] == ["llm-words-1b.csv", "llm-words-1b.llm.json"]
    made = framing("gold", *people, *in_folder, "--design", design, "--codebook", tiny, "--output", output)
    assert made.code == 0, made.err
    assert "llm:words:1b has coded 12 of 12 passages; a language model settles nothing" in made.err
    gold = pd.read_csv(output)
    assert set(gold["frames"]) == {"war"}
    assert [name for name in gold.columns if name.startswith("coder")] == ["coder_anna", "coder_ben"]
    pairs = pd.read_csv(tmp_path / "gold.models.csv")
    assert set(zip(pairs["coder_a"], pairs["coder_b"], strict=True)) == {
        (name, "llm:words:1b") for name in ("anna", "ben", "(settled)")
    }
    row = pairs[(pairs["coder_a"] == "anna") & (pairs["frame"] == "war") & (pairs["measure"] == "percent_agreement")]
    n_war = sum("Missiles" in item["text"] for item in rows_of(sheet))
    assert row["estimate"].item() == pytest.approx(n_war / 12)
    assert "Agreement with language models" in made.out


def test_documents_are_asked_about_as_documents(framing, design, tiny, server):
    path = design / "design.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**facts, "coded": "document"}), encoding="utf-8")
    asked = []
    server.behave = lambda call: (asked.append(call.user.partition("\n")[0]), call.send())
    ended = code(framing, design, tiny)
    assert ended.code == 0, ended.err
    assert set(asked) == {"<document>"}
    assert "12 documents drawn = 12 coded" in ended.err


def test_several_models_are_several_coders(framing, design, tiny, server, tmp_path):
    sheets = [Path(code(framing, design, tiny, coder=f"llm:m{number}").out.strip()) for number in (1, 2)]
    output = tmp_path / "gold.csv"
    person = fill(design, "anna", by_person(design), to=tmp_path)
    made = framing("gold", person, *sheets, "--design", design, "--codebook", tiny, "--output", output)
    assert made.code == 0, made.err
    pairs = pd.read_csv(tmp_path / "gold.models.csv")
    between = pairs[(pairs["coder_a"] == "llm:m1") & (pairs["coder_b"] == "llm:m2")]
    assert set(between.loc[between["measure"] == "percent_agreement", "estimate"]) == {1.0}


def test_a_passage_without_an_answer_is_not_coded(framing, design, tiny, server, tmp_path):
    odd = rows_of(design / "drawn.csv")[0]["text"]

    def behave(call: Call) -> None:
        call.send(call.completion("What?") if call.passage == odd else None)

    server.behave = behave
    ended = code(framing, design, tiny)
    assert "12 passages drawn = 11 coded + 1 without an answer" in ended.err
    row = next(row for row in rows_of(Path(ended.out.strip())) if row["text"] == odd)
    assert row["frames"] == "not coded"
    assert row["notes"].startswith("wrong answer: no JSON object: 'What?'")


def test_a_model_adjudicates_nothing(framing, design, tiny, server, tmp_path):
    sheet = Path(code(framing, design, tiny).out.strip())
    person = fill(design, "anna", by_person(design), to=tmp_path)
    made = framing(
        "gold",
        person,
        "--design",
        design,
        "--codebook",
        tiny,
        "--output",
        tmp_path / "gold.csv",
        "--adjudicated",
        sheet,
    )
    assert "a language model settles nothing; adjudicated labels are those of people" in made.err


def test_the_codebook_is_that_of_the_draw_by_name(framing, design, tiny, server, tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_PROJECT", str(tmp_path))
    (tmp_path / "seeds").mkdir()
    codebook_file(tmp_path / "seeds", multi_label=True)
    ended = framing("code", design, "--coder", "llm:words", "--yes")
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("option", [["--export", "anna.csv"], ["--settle"], ["--import", "anna.csv"]])
def test_what_a_model_does_not_do_is_refused_before_it_is_asked(option, framing, design, tiny, server):
    refused(code(framing, design, tiny, *option), "--coder llm:words:1b: the model codes what was drawn; leave out")
    assert server.calls == []


def test_options_of_models_are_not_for_people(framing, design, tiny):
    refused(code(framing, design, tiny, "--max-cost", 1, coder="anna"), "--yes are for --coder llm:NAME")


@pytest.mark.parametrize(("coder", "message"), [("llm:", "name the model")])
def test_other_coders_are_refused(coder, message, framing, design, tiny):
    refused(code(framing, design, tiny, coder=coder), message)


def test_a_folder_without_a_draw_is_named(framing, tmp_path):
    refused(framing("code", tmp_path, "--coder", "llm:x"), "holds no design.json")
