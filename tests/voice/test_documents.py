"""What is not parsed holds no speech: speakers are those of a reading that parses all of a speaking document."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from framing.corpus import read_corpus
from framing.voice.attribution import Span, attribute, read_block
from framing.voice.block import DocumentBlocks
from framing.voice.documents import read_documents
from framing.voice.parsed import parses
from framing.voice.parsed.parses import BlockParser, may_speak
from framing.voice.parsed.speech import Speech
from framing.voice.sides import read_sides

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("FRAMING_TEST_DATA", ROOT.parent / "shared" / "data"))
SUBJECTS = ("He", "The ministry", "Ada Lund, a nurse,", "Officials in Oslo", "It", "The harbour", "A view", "They both")
MIDDLES = (
    "said the canal was open", "viewed the harbour at noon", "regarded it as a lie", "holds the door", "stated",
    "was seen as a threat by diplomats", "hit back at critics", "is convinced that it will rain", "called it a raid",
    "slept well", "has no comment, according to the ministry", "warned of a wider war", "opened the door, he believes",
    "announced plans", "reported to the captain", "expects that, she fears", "found the report",
)  # fmt: skip
ENDS = (".", ". “Never,” she added.", ", the nurse said.", " – Lund.", ". His view that it is over did not help.", "!")


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))


def read_unfiltered(sources: list[str]) -> list[list[Span]]:
    """Spans where every block of a document that may speak is parsed."""
    sides = read_sides(None)
    documents = [DocumentBlocks(source) for source in sources]
    speaking = [text for each in documents if any(map(may_speak, each.texts)) for text in each.texts]
    speeches = BlockParser(sides).read_all(speaking)
    return [
        attribute(
            each,
            [read_block(block, low, speeches.get(block.text, Speech((), ())), sides) for low, block in each.read()],
            sides,
        )
        for each in documents
    ]


def check(sources: list[str]) -> int:
    """Number of spans, which are the same with and without the filter."""
    spans = list(read_documents(sources, read_sides(None)))
    assert spans == read_unfiltered(sources)
    return sum(map(len, spans))


def test_generated_documents_have_the_same_speakers():
    choose = random.Random(5)
    sources = [
        "\n\n".join(
            " ".join(
                f"{choose.choice(SUBJECTS)} {choose.choice(MIDDLES)}{choose.choice(ENDS)}"
                for _ in range(choose.randint(1, 2))
            )
            for _ in range(choose.randint(1, 5))
        )
        for _ in range(40)
    ]
    assert check(sources) > 40


def test_the_sample_has_the_same_speakers():
    documents = read_corpus(ROOT / "corpora" / "deep-strike").documents
    assert check(documents["text"].drop_duplicates().to_list()[:8]) > 8


@pytest.mark.slow
@pytest.mark.skipif(not (DATA / "ruwa").is_dir(), reason="the corpus ruwa is not beside the repository")
def test_a_real_corpus_has_the_same_speakers():
    documents = read_corpus(ROOT / "corpora" / "ruwa", data_path=str(DATA / "ruwa")).documents
    assert check(documents["text"].drop_duplicates().sample(400, random_state=1).to_list()) > 150


def test_nothing_is_parsed_where_nobody_can_speak(monkeypatch):
    parsed: list[str] = []
    monkeypatch.setattr(parses, "parse_texts", lambda texts: parsed.extend(texts) or [])
    assert list(read_documents(["The door is green.\nIt rains.", "Snow fell."], read_sides(None))) == [[], []]
    assert parsed == []


def test_blocks_behind_the_last_statement_are_not_parsed(monkeypatch):
    parsed: list[str] = []
    parse_texts = parses.parse_texts
    monkeypatch.setattr(parses, "parse_texts", lambda texts: parsed.extend(texts) or parse_texts(texts))
    source = "Ada Lund came late.\nShe said that the canal was open.\nThe door is green."
    (spans,) = read_documents([source], read_sides(None))
    assert [span.speaker for span in spans] == ["Ada Lund"]
    assert sorted(parsed) == ["Ada Lund came late.", "She said that the canal was open."]


def test_a_block_without_speech_is_parsed_once(monkeypatch):
    source = "The captain viewed the harbour at noon."  # a verb that judges, and no judgement
    assert list(read_documents([source], read_sides(None))) == [[]]
    monkeypatch.setattr(parses, "parse_texts", lambda texts: pytest.fail(f"{texts} parsed again"))
    assert list(read_documents([source], read_sides(None))) == [[]]


def test_names_of_a_block_without_speech_are_read_when_they_are_asked_for():
    first = "Captain Ada Lund viewed the harbour at noon."
    assert list(read_documents([first], read_sides(None))) == [[]]
    (spans,) = read_documents([f"{first}\nLund said that the canal was open."], read_sides(None))
    assert [span.speaker for span in spans] == ["Ada Lund"]


def test_many_documents_are_read_as_one_by_one(monkeypatch):
    sources = [f"Envoy {name} said that the canal was open." for name in ("Ada Lund", "Ben Okafor", "Eva Brandt")]
    alone = [spans for source in sources for spans in read_documents([source], read_sides(None))]
    monkeypatch.setattr("framing.voice.documents._CHUNK_DOCUMENTS", 1)
    assert list(read_documents(sources, read_sides(None))) == alone
