"""`framing codebook compare`."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from tests.cli.conftest import TEXTS
from tests.cli.outcomes import refused
from tests.tiny import SPORT, TRADE, WAR, codebook, frame


def book(folder, name: str, *frames, **more) -> str:
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps(codebook(*frames, **more).model_dump(mode="json")), encoding="utf-8")
    return str(path)


@pytest.fixture
def new(tmp_path):
    """War with other seeds, sport gone, chess new."""
    war = frame("war", ["Nothing much happened.", *WAR[:1]])
    chess = frame("chess", ["The knight took a pawn.", "A bishop was lost.", "Chess was played."])
    return book(tmp_path, "new", war, frame("trade", TRADE), chess)


def test_without_a_corpus_the_texts_are_compared(framing, tiny, new):
    ended = framing("codebook", "compare", tiny, new)
    assert ended.code == 0, ended.err
    assert re.search(r"chess +frame +added +Chess", ended.out)
    assert re.search(r"sport +frame +removed +Sport", ended.out)
    assert re.search(r"war +seeds +added +Nothing much happened\.", ended.out)
    assert framing("codebook", "compare", tiny, tiny).out == "No change of content.\n"


def test_a_corpus_is_compared_and_written(framing, tiny, new, corpus, tmp_path, by_words):
    folder = tmp_path / "out"
    ended = framing("codebook", "compare", tiny, new, "--corpus", corpus, "--encoder", "minilm", "--output", folder)
    assert ended.code == 0, ended.err
    assert (
        "40 rows in = 40 documents compared + 0 refused + 0 left out by where: + 0 without a passage; 40 passages"
        in ended.out
    )
    assert "exploratory, no label was used" in ended.out
    assert re.search(r"Added: Chess \(\d+ passages\)\.\nRemoved: Sport \(\d+ passages\)\.\n", ended.out)
    assert ended.out.endswith(f"{folder / 'index.html'}\n")
    agreement = pd.read_parquet(folder / "tables" / "agreement.parquet").set_index("frame")
    assert agreement["status"].to_dict() == {"war": "in both", "trade": "in both", "sport": "removed", "chess": "added"}
    passages = pd.read_csv(folder / "tables" / "passages.csv")
    turned = agreement.loc[["war", "trade"], ["n_newly", "n_no_longer"]].to_numpy().sum()
    assert len(passages) == turned > 0
    assert passages["margin_change"].abs().is_monotonic_decreasing
    assert passages["text"].str.startswith(tuple(TEXTS)).all()


def test_the_same_codebook_twice_says_that_nothing_changes(framing, tiny, corpus, by_words):
    ended = framing("codebook", "compare", tiny, tiny, "--corpus", corpus, "--encoder", "minilm")
    assert ended.code == 0, ended.err
    assert "Nothing changes: both versions have the same rules and passages" in ended.out


def test_refused_rows_are_counted(framing, tiny, corpus, by_words):
    with (corpus / "articles.csv").open("a", encoding="utf-8") as file:
        file.write('"",A,2025-07-02\n')
    ended = framing("codebook", "compare", tiny, tiny, "--corpus", corpus, "--encoder", "minilm")
    assert "41 rows in = 40 documents compared + 1 refused" in ended.out


def test_a_frame_that_looks_renamed_is_pointed_out(framing, tiny, tmp_path):
    renamed = book(tmp_path, "renamed", frame("armed", WAR), frame("trade", TRADE), frame("sport", SPORT))
    ended = framing("codebook", "compare", tiny, renamed)
    assert "note: war looks like armed; if it was renamed, add --renamed war=armed" in ended.err
    again = framing("codebook", "compare", tiny, renamed, "--renamed", "war=armed")
    assert "note:" not in again.err
    assert re.search(r"armed +id +changed +war -> armed", again.out)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--encoder", "mpnet"], r"--encoder is for texts that both versions classify: give --corpus"),
        (["--output", "x"], r"--output is for texts"),
        (["--strength", "huge", "--corpus", "c"], r"--strength huge: choose auto, zero-shot"),
        (["--renamed", "war"], r"--renamed war: expected OLD_ID=NEW_ID"),
        (["--renamed", "peace=war"], r"tiny 1\.0\.0 has no frame peace; it has war, trade, sport"),
        (["--renamed", "war=peace"], r"tiny 1\.0\.0 has no frame peace"),
        (["--renamed", "war=trade"], r"two frames of tiny 1\.0\.0 would be trade"),
        (["--language", "xx"], r"--language xx: choose de, en"),
    ],
)
def test_options_that_do_not_fit_are_refused(framing, tiny, options, message):
    refused(framing("codebook", "compare", tiny, tiny, *options), message)


def test_units_that_differ_and_folders_with_files_are_refused(framing, tiny, corpus, tmp_path):
    whole = book(tmp_path, "whole", unit="document")
    refused(framing("codebook", "compare", tiny, whole, "--corpus", corpus), "codes passages and .* documents")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    ended = framing("codebook", "compare", tiny, tiny, "--corpus", corpus, "--output", tmp_path / "full")
    refused(ended, "expected a new or empty folder")


def test_a_column_that_no_document_has_is_refused(framing, tiny, corpus):
    ended = framing("codebook", "compare", tiny, tiny, "--corpus", corpus, "--compare-by", "colour")
    refused(ended, "no groups by 'colour'")
