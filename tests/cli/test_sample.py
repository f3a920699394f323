"""`framing sample`: a draw, its sheets, and how many labels a precision needs."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.corpus import read_corpus, split_passages
from tests.cli.outcomes import refused
from tests.tiny import codebook_file


@pytest.fixture
def tiny(tmp_path) -> Path:
    return codebook_file(tmp_path, multi_label=True)


def test_a_draw_is_made_and_told(framing, corpus, tiny, tmp_path):
    folder = tmp_path / "draw"
    ended = framing("sample", corpus, "--codebook", tiny, "--size", 12, "--no-scores", "--output", folder)
    assert ended.code == 0, ended.err
    assert ended.out == f"{folder}\n"
    assert "40 passages in 40 documents; 0 rows refused" in ended.err
    assert "12 passages of 40 in 40 documents, drawn at random without replacement from 2 strata" in ended.err
    assert "  A: 6 of 20 passages\n  B: 6 of 20 passages\n" in ended.err
    facts = json.loads((folder / "design.json").read_text(encoding="utf-8"))
    assert (facts["passage_words"], facts["random_seed"], facts["scores"]) == (90, 20250704, "")
    assert len(facts["corpus_hash"]) == len(facts["codebook_hash"]) == len(facts["drawn_sha256"]) == 64
    assert sum(stratum["n_drawn"] for stratum in facts["strata"]) == 12
    assert sum(stratum["n_units"] for stratum in facts["strata"]) == 40


def test_ids_are_those_of_an_analysis(design, corpus):
    passages = split_passages(read_corpus(corpus).documents).set_index("passage_id")["text"]
    draws = pd.read_csv(design / "drawn.csv", dtype=str).set_index("passage_id")["text"]
    assert draws.to_dict() == passages[draws.index].to_dict()


def test_a_seed_draws_the_same_again_and_another_others(framing, corpus, tiny, tmp_path):
    draws = {}
    for name, seed in (("one", 1), ("two", 1), ("three", 2)):
        framing("sample", corpus, "--codebook", tiny, "--size", 12, "--no-scores", "--output", tmp_path / name,
                "--random-seed", seed)  # fmt: skip
        draws[name] = (tmp_path / name / "drawn.csv").read_bytes()
    assert draws["one"] == draws["two"] != draws["three"]


def test_scores_make_strata(framing, by_words, corpus, tiny, tmp_path):
    folder = tmp_path / "draw"
    ended = framing("sample", corpus, "--codebook", tiny, "--size", 24, "--frame", "War", "--output", folder)
    assert ended.code == 0, ended.err
    facts = json.loads((folder / "design.json").read_text(encoding="utf-8"))
    assert (facts["scores"], facts["frame"]) == ("zero-shot from the seeds", "war")
    assert [stratum["stratum"].split(" | ")[-1] for stratum in facts["strata"]] == [
        f"scores {band} of 3" for band in (1, 2, 3)
    ] * 2
    assert "3 strata" not in ended.err
    assert "6 strata by outlet, weeks and band of scores" in ended.err


def test_wanted_precision_says_how_many(framing, by_words, corpus, tiny):
    ended = framing("sample", corpus, "--codebook", tiny, "--wanted-width", 0.3, "--wanted-difference", 0.4)
    assert ended.code == 0, ended.err
    assert "Labelled passages that an outlet needs for an interval 0.3 wide for each outlet" in ended.out
    assert "for a difference of 0.4 between two outlets (power 80%)" in ended.out
    assert "Zero-shot scores are no probabilities" in ended.out
    assert "nothing was drawn" in ended.err
    lines = [line.split() for line in ended.out.splitlines() if line.startswith(("war", "trade", "sport"))]
    assert len(lines) == 6
    assert all(int(line[2]) >= int(line[3]) >= 10 for line in lines)


def test_wanted_precision_without_scores(framing, corpus, tiny):
    ended = framing("sample", corpus, "--codebook", tiny, "--wanted-width", 0.3, "--no-scores")
    assert ended.code == 0, ended.err
    # 42.7 for an endless outlet, 42.7 / (1 + 42.7 / 20) = 13.6 for 20 passages
    assert [line.split()[2:4] for line in ended.out.splitlines() if line.startswith("war")] == [["14", "14"]]
    assert "for all of these in 2 outlets: 28 labels alone, 28 with the classifier" in ended.out
    assert "share assumed, no scores" in ended.out
    assert "Zero-shot" not in ended.out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], r"Nothing to do: give --size and --output to draw, or --wanted-width"),
        (["--size", 5], r"--size and --output go together"),
        (["--wanted-width", 0.1, "--no-scores", "--frame", "war"], r"--no-scores: nothing is classified; leave"),
        (["--wanted-width", 0.1, "--frame", "chess"], r"--frame: the codebook tiny has no frame\(s\) 'chess'"),
        (["--wanted-width", 0.1, "--coders", "a b"], r"--coders: expected names of letters"),
        (["--wanted-width", 0.1, "--formats", "pdf"], r"--formats: expected some of csv, xlsx, label-studio, got pdf"),
        (["--wanted-width", 2], r"--wanted-width: expected a number between 0 and 1, got 2"),
        (["--wanted-width", 0.1, "--power", 80], r"--power: expected a number between 0 and 1, got 80"),
        (["--wanted-width", 0.1, "--unit", "word"], r"--unit: expected one of passage, document"),
        (["--size", 50, "--output", "new"], r"--size: expected 2 to 40, as many as there are to draw from; got 50"),
        (["--size", 5, "--output", "new", "--allocation", "best"], r"--allocation: expected one of equal"),
        (["--size", 5, "--output", "corpus"], r"--output: corpus: expected a new folder; this one holds something"),
        (["--size", 5, "--output", "away/new"], r"--output: away/new: there is no folder away"),
        (["--wanted-width", 0.1, "--classifier", "kept", "--labels", "l.csv"], r"a saved classifier is used"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_before_anything_is_classified(
    framing, corpus, tiny, tmp_path, monkeypatch, options, expected
):
    def refuse(*_args, **_options):
        raise AssertionError("something was classified")

    monkeypatch.setattr("framing.classify.classifier.FrameClassifier.fit", refuse)
    monkeypatch.chdir(tmp_path)
    ended = framing("sample", corpus, "--codebook", tiny, *options)
    ended = type(ended)(ended.code, ended.out, "framing: " + ended.err.split("framing: ")[-1])
    refused(ended, expected)
    assert not (tmp_path / "new").exists()


def test_an_unknown_corpus_lists_those_there_are(framing, tiny):
    refused(
        framing("sample", "nowhere", "--codebook", tiny, "--wanted-width", 0.1), r"no corpus 'nowhere'.*deep-strike"
    )
