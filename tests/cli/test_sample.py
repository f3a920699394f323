"""`framing sample`: a draw, its sheets, and how many labels a precision needs."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from framing.analysis.plan_labels import plan_labels
from framing.codebook import read_codebook
from framing.coding.gold import read_labels
from framing.corpus import read_corpus, split_passages, whole_passages
from framing.corpus.config import GoldRule
from framing.tables import LABELS_NEEDED
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


@pytest.mark.slow
def test_wanted_precision_says_how_many(framing, by_words, corpus, tiny, monkeypatch):
    monkeypatch.setattr("framing.cli.sample_options.plan_labels", partial(plan_labels, n_simulations=16))
    ended = framing("sample", corpus, "--codebook", tiny, "--wanted-width", 0.5, "--wanted-difference", 0.6)
    assert ended.code == 0, ended.err
    assert "Labelled passages that an outlet needs for an interval 0.5 wide for each outlet" in ended.out
    assert "for a difference of 0.6 between two outlets (power 80%)" in ended.out
    assert "Zero-shot scores are no probabilities" in ended.out
    assert "nothing was drawn" in ended.err
    lines = [line.split() for line in ended.out.splitlines() if line.startswith(("war", "trade", "sport"))]
    assert [line[:2] for line in lines] == [
        [frame, unit] for _ in range(2) for unit in ("passages", "documents") for frame in ("war", "trade", "sport")
    ]
    for line in lines:
        alone, with_classifier, of_documents = (int(number) for number in line[3:6])
        assert of_documents <= with_classifier <= 20
        assert 5 <= alone <= 20
    assert "for all of these in 2 outlets, single passages: " in ended.out
    assert "for all of these in 2 outlets, passages of whole documents: " in ended.out


def test_a_plan_without_scores_assumes_a_share(framing, corpus, tiny, monkeypatch):
    asked = {}

    def plan(passages, **options):
        asked.update(options, columns=set(passages.columns))
        rows = [
            ("width", "war", outlet, "", unit, 0.5, float("nan"), n, n, n // 2, 0.31, n / 2, 20, "by hand")
            for unit, n in (("passage", 14), ("document", 18))
            for outlet in "AB"
        ]
        return pd.DataFrame(rows, columns=list(LABELS_NEEDED))

    monkeypatch.setattr("framing.cli.sample_options.plan_labels", plan)
    ended = framing("sample", corpus, "--codebook", tiny, "--wanted-width", 0.3, "--no-scores")
    assert ended.code == 0, ended.err
    assert asked["scores"] is None
    assert (asked["wanted_width"], asked["power"], asked["n_comparisons"]) == (0.3, 0.8, 1)
    lines = [line.split() for line in ended.out.splitlines() if line.startswith("war")]
    assert lines == [
        ["war", "passages", "50.0%", "14", "14", "7", "0.31"],
        ["war", "documents", "50.0%", "18", "18", "9", "0.31"],
    ]
    assert "for all of these in 2 outlets, single passages: 28 labels alone, 28 with the classifier" in ended.out
    assert "(by hand)" in ended.out
    assert "Zero-shot" not in ended.out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], r"Nothing to do: give --size and --output to draw, or --wanted-width"),
        (["--size", 5], r"--size and --output go together"),
        (["--wanted-width", 0.1, "--no-scores", "--frame", "war"], r"--no-scores: nothing is classified; leave"),
        (["--wanted-width", 0.1, "--frame", "chess"], r"--frame: the codebook tiny has no frame\(s\) 'chess'"),
        (["--wanted-width", 0.1, "--coders", "a b"], r"--coders: expected names of letters"),
        (["--wanted-width", 0.1, "--formats", "pdf"], r"--formats: expected some of csv, .*, refi-qda, .*, got pdf"),
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


@pytest.fixture
def articles(corpus) -> Path:
    """The corpus with texts of several passages."""
    table = pd.read_csv(corpus / "articles.csv")
    table["text"] = [f"{text}\n" + "Nobody in the port said a word of it. " * 20 for text in table["text"]]
    table.to_csv(corpus / "articles.csv", index=False)
    return corpus


def test_documents_are_drawn_coded_and_read_back_as_a_whole(framing, articles, tiny, tmp_path):
    folder, output = tmp_path / "draw", tmp_path / "gold.csv"
    ended = framing("sample", articles, "--codebook", tiny, "--coded", "document", "--size", 12, "--no-scores",
                    "--output", folder, "--formats", "csv")  # fmt: skip
    assert ended.code == 0, ended.err
    assert "40 documents; 0 rows refused" in ended.err
    assert "12 documents, each coded as a whole, of 40, drawn at random without replacement" in ended.err
    [guide] = (path for path in tmp_path.rglob("codebook.md"))
    assert "A document without any mark counts as not coded yet." in guide.read_text()
    assert "  A: 6 of 20 documents\n  B: 6 of 20 documents\n" in ended.err
    facts = json.loads((folder / "design.json").read_text(encoding="utf-8"))
    assert (facts["coded"], facts["unit"], facts["n_passages"]) == ("document", "document", 40)
    documents = read_corpus(articles).documents
    sheet = pd.read_csv(folder / "for_coders" / "coder_1.csv", dtype=str)
    assert set(sheet["text"]) <= set(documents["text"]), "coders read all of a document"
    assert sheet["place"].to_list() == [str(n) for n in range(1, 13)]
    sheet.assign(frames="war").to_csv(folder / "for_coders" / "coder_1.csv", index=False)
    ended = framing("gold", folder / "for_coders" / "coder_1.csv", "--design", folder, "--codebook", tiny,
                    "--output", output)  # fmt: skip
    assert ended.code == 0, ended.err
    assert "  unit: document\n  coded: document\n" in ended.err
    gold = read_labels(output, GoldRule(file="gold.csv"), read_codebook(tiny).with_unit("document"), given=False)
    assert (len(gold.passages), gold.unit) == (12, "document")
    assert set(gold.passages["passage_id"]) <= set(whole_passages(documents)["passage_id"])


def test_what_does_not_go_with_whole_documents_is_refused(framing, articles, tiny, tmp_path):
    command = ["sample", articles, "--codebook", tiny, "--size", 12, "--no-scores", "--output", tmp_path / "draw"]
    refused(framing(*command, "--coded", "article"), r"--coded article: choose passage or document\.")
    refused(framing(*command, "--coded", "document", "--words", 60), "--words: documents are coded as a whole")
    ended = framing(*command, "--coded", "document", "--unit", "week")
    assert (ended.code, "--unit: expected one of passage, document, got 'week'" in ended.err) == (2, True)
    assert not (tmp_path / "draw").exists()
