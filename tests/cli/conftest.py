"""Shared by the tests of commands: a tiny codebook, rows, coded rows, an encoder of words, a drawn sample."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.outcomes import write
from tests.drawn import write_rows
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook_file, transformer_model

TEXTS = ["Missiles hit the port.", "Exports of steel fell.", "The striker scored twice.", "Nothing much happened."]


@pytest.fixture
def tiny(tmp_path) -> Path:
    return codebook_file(tmp_path)


@pytest.fixture
def rows(tmp_path) -> Path:
    return write(tmp_path / "rows.csv", pd.DataFrame({"text": PASSAGES}))


def words_of(topic: list[str], number: int) -> str:
    words = " ".join(topic).replace(".", "").split()
    return " ".join(words[(number * 5 + step * 3) % len(words)] for step in range(9))


@pytest.fixture
def coded(tmp_path) -> Path:
    """Thirty coded passages of ten documents in two outlets; the second coder slips in every fifth."""
    rows = []
    for number in range(30):
        topics = ["war", "trade", "sport"]
        topic = topics[number % 3]
        slip = topics[(number + 1) % 3] if number % 5 == 0 else topic
        text = words_of([WAR, TRADE, SPORT][number % 3], number)
        rows.append((f"d{number // 3}", "AB"[number % 2], f"{text} {number}", topic, topic, slip))
    names = ["document_id", "outlet", "text", "frames", "coder_1", "coder_2"]
    return write(tmp_path / "coded.csv", pd.DataFrame(rows, columns=names))


@pytest.fixture(scope="module")
def bert(tmp_path_factory) -> Path:
    return transformer_model(tmp_path_factory.mktemp("bert") / "bert", extra=" ".join(map(str, range(30))))


@pytest.fixture
def by_words(monkeypatch) -> None:
    """The encoder of the command is one of words: the labels can be learned."""
    monkeypatch.setattr("framing.cli.classifiers.open_encoder", lambda *_, **__: WordEncoder())


@pytest.fixture
def fitted(monkeypatch, crisis_classifier) -> None:
    """Commands that fit great-power-crisis get the classifier that the session has fitted already."""
    for command in ("classify", "evaluate"):
        monkeypatch.setattr(f"framing.cli.{command}.open_classifier", lambda *_, **__: crisis_classifier)


@pytest.fixture
def project(tmp_path, root, monkeypatch) -> Path:
    """A project of its own with the repository's content, so that no report of the repository is touched."""
    folder = tmp_path / "project"
    (folder / "reports").mkdir(parents=True)
    for name in ("corpora", "seeds", "notebooks"):
        (folder / name).symlink_to(root / name)
    (folder / "reports" / "sample.yaml").write_bytes((root / "reports" / "sample.yaml").read_bytes())
    monkeypatch.setenv("FRAMING_PROJECT", str(folder))
    return folder


@pytest.fixture
def corpus(tmp_path) -> Path:
    """Forty documents of two outlets over twenty days, a passage each."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    rows = [
        {"text": f"{TEXTS[k % 4]} It was day {k}.", "paper": "AB"[k % 2], "date": f"2025-07-{1 + k // 2:02}"}
        for k in range(40)
    ]
    write_rows(folder / "articles.csv", rows)
    (folder / "corpus.yaml").write_text(
        "corpus: papers\ntitle: Papers\nformat: csv\nfiles: [articles.csv]\n"
        "columns: {text: text, outlet: paper, published: date}\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def design(framing, corpus, tiny, tmp_path) -> Path:
    """Twelve passages drawn for two coders."""
    ended = framing(
        "sample", corpus, "--codebook", tiny, "--size", 12, "--no-scores", "--output", tmp_path / "draw",
        "--coders", "anna,ben",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    return tmp_path / "draw"
