"""`framing sample --active` and `--next`: three rounds, their labels, and what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.codebook import read_codebook
from framing.coding.chances import share_rounds
from framing.coding.gold import read_labels
from framing.corpus.config import GoldRule
from tests.cli.conftest import TEXTS
from tests.cli.outcomes import refused
from tests.drawn import fill, rows_of, write_rows
from tests.tiny import codebook_file

WORDS = {"war": "Missiles", "trade": "Exports", "sport": "striker"}


@pytest.fixture
def tiny(tmp_path) -> Path:
    return codebook_file(tmp_path, multi_label=True)


@pytest.fixture
def corpus(corpus) -> Path:
    """The corpus of the other tests, with ninety documents."""
    rows = [
        {"text": f"{TEXTS[k % 4]} It was day {k}.", "paper": "AB"[k % 2], "date": f"2025-07-{1 + k % 30:02}"}
        for k in range(90)
    ]
    write_rows(corpus / "articles.csv", rows)
    return corpus


@pytest.fixture
def first(framing, by_words, corpus, tiny, tmp_path) -> Path:
    """A first round of 24."""
    folder = tmp_path / "draw"
    ended = framing("sample", corpus, "--codebook", tiny, "--active", "--size", 24, "--output", folder,
                    "--coders", "anna", "--formats", "csv")  # fmt: skip
    assert ended.code == 0, ended.err
    assert "24 passages of 90 in 90 documents, drawn without replacement in one active round" in ended.err
    return folder


def code(folder: Path) -> None:
    """Code a round as a reader would, into its folder coded."""
    texts = {row["passage_id"]: row["text"] for row in rows_of(folder / "for_coders" / "anna.csv")}
    (folder / "coded").mkdir()
    fill(
        folder,
        "anna",
        lambda passage: next((frame for frame, word in WORDS.items() if word in texts[passage]), "none"),
        to=folder / "coded",
    )


def draw_next(framing, first, tiny, corpus, *more):
    return framing("sample", first, "--next", "--codebook", tiny, "--corpus", corpus, "--formats", "csv", *more)


@pytest.mark.slow
def test_three_rounds_go_from_a_corpus_to_gold(framing, first, corpus, tiny, tmp_path):
    code(first)
    ended = draw_next(framing, first, tiny, corpus, "--size", 8, "--width", 0.3)
    assert ended.code == 0, ended.err
    assert "24 rows in = 24 kept + 0 refused" in ended.err
    assert "Width of the intervals of corrected shares after 24 labels" in ended.out
    assert "of 6 intervals are 0.3 wide or narrower" in ended.out
    assert ended.out.endswith(f"{first / 'round_2'}\n")
    facts = json.loads((first / "round_2" / "design.json").read_text(encoding="utf-8"))
    before = json.loads((first / "design.json").read_text(encoding="utf-8"))
    assert (facts["round"], facts["after"], facts["allocation"]) == (2, before["drawn_sha256"], "active")
    assert facts["scores"] == "learned from the labels of 24 passages (head)"
    ended = draw_next(framing, first, tiny, corpus, "--size", 8)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.endswith(
        "framing: Nothing of round 2 is coded yet; the next one learns from it, so code it first.\n"
    )
    code(first / "round_2")
    ended = draw_next(framing, first, tiny, corpus, "--size", 5, "--frame", "War", "--contrast", "A,B")
    assert ended.code == 0, ended.err
    assert "corrected differences after 32 labels" in ended.out
    code(first / "round_3")
    folders = [first, first / "round_2", first / "round_3"]
    drawn = [pd.read_csv(folder / "drawn.csv", dtype={"passage_id": str}) for folder in folders]
    ids = [passage for table in drawn for passage in table["passage_id"]]
    assert len(set(ids)) == len(ids) == 37
    assert [table["inclusion_probability"].sum() < len(table) for table in drawn] == [True] * 3
    gold = tmp_path / "gold.csv"
    ended = framing("gold", *[folder / "coded" / "anna.csv" for folder in folders], "--design", first,
                    "--codebook", tiny, "--output", gold)  # fmt: skip
    assert ended.code == 0, ended.err
    assert "drawn without replacement in 3 rounds of 24, 8 and 5" in ended.err
    labels = read_labels(gold, GoldRule(file="gold.csv"), read_codebook(tiny), given=True)
    table = pd.read_csv(gold)
    c = share_rounds([24, 8, 5])
    expected = [c[t - 1] / chance + c[t:].sum() for t, chance in zip(table["round"], table["chance_in_round"])]  # noqa: B905
    assert (1 / labels.probabilities).tolist() == pytest.approx(expected)
    # ninety passages, which the weights of 37 add up to on average
    assert (1 / labels.probabilities).sum() == pytest.approx(90, abs=25)


@pytest.mark.slow
def test_a_second_call_draws_the_same(framing, first, corpus, tiny):
    code(first)
    assert draw_next(framing, first, tiny, corpus, "--size", 8).code == 0
    drawn = (first / "round_2" / "drawn.csv").read_bytes()
    (first / "round_2").rename(first / "aside")
    assert draw_next(framing, first, tiny, corpus, "--size", 8).code == 0
    assert (first / "round_2" / "drawn.csv").read_bytes() == drawn


@pytest.mark.slow
def test_without_a_size_widths_are_said_and_nothing_is_drawn(framing, first, corpus, tiny):
    code(first)
    ended = draw_next(framing, first, tiny, corpus, "--width", 0.3)
    assert ended.code == 0, ended.err
    assert "nothing was drawn; add --size" in ended.err
    assert not (first / "round_2").exists()


def test_another_corpus_is_refused(framing, first, corpus, tiny):
    code(first)
    path = corpus / "articles.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("day 3.", "day 33."), encoding="utf-8")
    ended = draw_next(framing, first, tiny, corpus, "--size", 8)
    refused(ended, "The corpus papers is not as it was when the first round was drawn")


def test_sheets_are_needed(framing, first, corpus, tiny):
    (first / "coded").mkdir()
    (first / "coded" / "llm-words.llm.json").write_text("{}", encoding="utf-8")  # what a model was asked is no sheet
    refused(draw_next(framing, first, tiny, corpus, "--size", 8), "There is no coded sheet in")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--active", "--next"], r"--active draws a first round and --next a later one"),
        (["--active", "--floor", 0], r"--floor: expected a share above 0"),
        (["--active", "--size", 5, "--output", "new", "--width", 0.1], r"--width: of use with --next alone"),
        (["--ties", "first", "--target", "corpus"], r"--ties, --target: of use with --next alone"),
        (["--contrast", "A,B"], r"--contrast: of use with --next alone"),
        (["--floor", 0.2], r"--floor: of use with --active and --next alone"),
        (["--next", "--words", 40], r"--words: settled by the first round"),
        (["--next", "--show-outlets"], r"--show-outlets: settled by the first round"),
        (["--active"], r"Nothing to do: give --size and --output"),
        (["--active", "--wanted-width", 0.1], r"--active needs --size and --output"),
        (["--next", "--output", "new"], r"--output: settled by the first round"),
        (["--next", "--unit", "document"], r"--unit: settled by the first round"),
        (["--next", "--width", 2], r"--width: expected a number between 0 and 1, got 2"),
        (["--next", "--contrast", "A"], r"--contrast: expected two outlets"),
        (["--next", "--ties", "coin"], r"--ties: expected one of ask"),
        (["--next"], r"holds no design.json"),
    ],
)
def test_options_that_do_not_go_together_are_refused(framing, corpus, tiny, options, expected):
    refused(framing("sample", corpus, "--codebook", tiny, *options), expected)
