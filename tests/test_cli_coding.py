"""`framing sample` and `framing gold` as their users meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.drawn import fill, rows_of, write_rows
from tests.test_cli import refused
from tests.tiny import WordEncoder, codebook_file

TEXTS = ["Missiles hit the port.", "Exports of steel fell.", "The striker scored twice.", "Nothing much happened."]


@pytest.fixture
def corpus(tmp_path) -> Path:
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
def tiny(tmp_path) -> Path:
    return codebook_file(tmp_path, multi_label=True)


@pytest.fixture
def by_words(monkeypatch) -> None:
    monkeypatch.setattr("framing.encode.open_encoder", lambda *_args, **_options: WordEncoder())


@pytest.fixture
def design(framing, corpus, tiny, tmp_path) -> Path:
    ended = framing(
        "sample", corpus, "--codebook", tiny, "--size", 12, "--no-scores", "--output", tmp_path / "draw",
        "--coders", "anna,ben",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    return tmp_path / "draw"


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
    from framing.corpus import read_corpus, split_passages

    passages = split_passages(read_corpus(corpus).documents).set_index("passage_id")["text"]
    drawn = pd.read_csv(design / "drawn.csv", dtype=str).set_index("passage_id")["text"]
    assert drawn.to_dict() == passages[drawn.index].to_dict()


def test_a_seed_draws_the_same_again_and_another_others(framing, corpus, tiny, tmp_path):
    drawn = {}
    for name, seed in (("one", 1), ("two", 1), ("three", 2)):
        framing("sample", corpus, "--codebook", tiny, "--size", 12, "--no-scores", "--output", tmp_path / name,
                "--random-seed", seed)  # fmt: skip
        drawn[name] = (tmp_path / name / "drawn.csv").read_bytes()
    assert drawn["one"] == drawn["two"] != drawn["three"]


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
    assert "Zero-shot scores are no chances" in ended.out
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
        (["--wanted-width", 0.1, "--coders", "a b"], r"coders: expected names of letters"),
        (["--wanted-width", 0.1, "--formats", "pdf"], r"formats: expected some of csv, xlsx, label-studio, got pdf"),
        (["--wanted-width", 2], r"wanted_width: expected a number between 0 and 1, got 2"),
        (["--wanted-width", 0.1, "--power", 80], r"power: expected a number between 0 and 1, got 80"),
        (["--wanted-width", 0.1, "--unit", "word"], r"unit: expected one of passage, document"),
        (["--size", 50, "--output", "new"], r"size: expected 2 to 40, as many as there are to draw from; got 50"),
        (["--size", 5, "--output", "new", "--allocation", "best"], r"allocation: expected one of equal"),
        (["--size", 5, "--output", "corpus"], r"--output corpus: expected a new folder; this one holds something"),
        (["--size", 5, "--output", "away/new"], r"--output away/new: there is no folder away"),
        (["--wanted-width", 0.1, "--classifier", "kept", "--labels", "l.csv"], r"--classifier: it is used as it was"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_before_anything_is_classified(
    framing, corpus, tiny, tmp_path, monkeypatch, options, expected
):
    def refuse(*_args, **_options):
        raise AssertionError("something was classified")

    monkeypatch.setattr("framing.classify.FrameClassifier.fit", refuse)
    monkeypatch.chdir(tmp_path)
    ended = framing("sample", corpus, "--codebook", tiny, *options)
    ended = type(ended)(ended.code, ended.out, "framing: " + ended.err.split("framing: ")[-1])
    refused(ended, expected)
    assert not (tmp_path / "new").exists()


def test_an_unknown_corpus_lists_those_there_are(framing, tiny):
    refused(
        framing("sample", "nowhere", "--codebook", tiny, "--wanted-width", 0.1), r"no corpus 'nowhere'.*deep-strike"
    )


# framing gold


def sheets_of(design, tmp_path, *, ben=lambda _: "war"):
    return [fill(design, "anna", lambda _: "war", to=tmp_path), fill(design, "ben", ben, to=tmp_path)]


def test_sheets_make_a_gold_file(framing, design, tiny, tmp_path):
    output = tmp_path / "gold.csv"
    ended = framing("gold", *sheets_of(design, tmp_path), "--design", design, "--codebook", tiny, "--output", output)
    assert ended.code == 0, ended.err
    assert ended.out.endswith(f"{output}\n")
    assert "anna.csv: 12 rows in = 12 kept + 0 refused" in ended.err
    assert "12 passages drawn = 12 settled + 0 open: agreed 12" in ended.err
    assert "WARNING" not in ended.err
    table = pd.read_csv(output)
    assert len(table) == 12
    assert (1 / table["inclusion_probability"]).sum() == pytest.approx(40)
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == [
        "anna.csv",
        "ben.csv",
        "gold.csv",
        "gold.reliability.csv",
    ]
    assert {"alpha", "percent_agreement"} <= set(pd.read_csv(tmp_path / "gold.reliability.csv")["measure"])
    assert "Agreement among coders before anything was settled" in ended.out


def test_the_lines_for_corpus_yaml_are_valid(framing, design, corpus, tiny, tmp_path):
    ended = framing(
        "gold", *sheets_of(design, tmp_path), "--design", design, "--codebook", tiny, "--output", corpus / "gold.csv"
    )
    shown = ended.err.split("for corpus.yaml:\n")[1]
    path = corpus / "corpus.yaml"
    path.write_text(path.read_text(encoding="utf-8") + shown, encoding="utf-8")
    from framing.codebook import read_codebook
    from framing.corpus import read_config
    from framing.gold import read_gold
    from framing.settings import Settings

    gold = read_gold(Settings(corpus="papers", codebook="tiny"), read_config(corpus), corpus, read_codebook(tiny))
    assert gold.coders == ("coder_anna", "coder_ben")
    assert len(gold.probabilities) == 12
    assert "random_seed 20250704" in gold.sampling


def test_refused_rows_are_shown_and_kept_in_a_file(framing, design, tiny, tmp_path):
    first, second = sheets_of(design, tmp_path)
    rows = rows_of(first)
    rows[3]["frames"] = "chess"
    write_rows(first, rows)
    ended = framing("gold", first, second, "--design", design, "--codebook", tiny, "--output", tmp_path / "gold.csv")
    assert ended.code == 0, ended.err
    assert "anna.csv: 12 rows in = 11 kept + 1 refused" in ended.err
    assert "refused: anna.csv, line 5: unknown frame 'chess'; expected war, trade, sport, none" in ended.err
    assert "anna has not coded 1 of the passages given to anna" in ended.err
    assert pd.read_csv(tmp_path / "gold.refused.csv")["line"].to_list() == [5]


def test_open_passages_are_listed_and_warned_of_until_they_are_settled(framing, design, tiny, tmp_path):
    odd = rows_of(design / "for_coders" / "ben.csv")[0]["passage_id"].removeprefix("'")
    sheets = sheets_of(design, tmp_path, ben=lambda passage: "trade" if passage == odd else "war")
    arguments = ["gold", *sheets, "--design", design, "--codebook", tiny, "--output", tmp_path / "gold.csv"]
    ended = framing(*arguments)
    assert ended.code == 0, ended.err
    assert "12 passages drawn = 11 settled + 1 open: " in ended.err
    assert "WARNING: 1 drawn passages are not in" in ended.err
    assert "or choose --ties either or first" in ended.err
    assert len(pd.read_csv(tmp_path / "gold.csv")) == 11
    list_ = tmp_path / "to_adjudicate.csv"
    rows = rows_of(list_)
    assert [(row["coder_anna"], row["coder_ben"], row["reason"]) for row in rows] == [("war", "trade", "tie")]
    # run again: a list that may have been filled is not overwritten
    rows[0]["frames"] = "sport"
    write_rows(list_, rows)
    assert framing(*arguments).code == 0
    assert rows_of(list_)[0]["frames"] == "sport"
    assert rows_of(tmp_path / "to_adjudicate_2.csv")[0]["frames"] == ""
    ended = framing(*arguments, "--adjudicated", list_)
    assert "12 passages drawn = 12 settled + 0 open: " in ended.err
    assert "WARNING" not in ended.err
    table = pd.read_csv(tmp_path / "gold.csv").set_index("passage_id")
    assert table.loc[odd, ["frames", "coder_anna", "coder_ben"]].to_list() == ["sport", "war", "trade"]
    ended = framing(*arguments, "--ties", "exclude")
    assert "WARNING: 1 drawn" in ended.err
    ended = framing(*arguments, "--ties", "either")
    assert "either 1" in ended.err
    assert pd.read_csv(tmp_path / "gold.csv").set_index("passage_id").loc[odd, "frames"] == "war;trade"


def test_with_nothing_settled_there_is_a_list_and_no_gold_file(framing, design, tiny, tmp_path):
    sheets = sheets_of(design, tmp_path, ben=lambda _: "trade")
    ended = framing("gold", *sheets, "--design", design, "--codebook", tiny, "--output", tmp_path / "gold.csv")
    assert ended.code == 2
    assert "framing: No passage is settled, so there is no gold file. Fill " in ended.err
    assert not (tmp_path / "gold.csv").exists()
    assert len(rows_of(tmp_path / "to_adjudicate.csv")) == 12


def test_one_coder_needs_no_reliability(framing, corpus, tiny, tmp_path):
    framing(
        "sample", corpus, "--codebook", tiny, "--size", 4, "--no-scores", "--output", tmp_path / "d", "--coders", "eve"
    )
    sheet = fill(tmp_path / "d", "eve", lambda _: "none", to=tmp_path)
    ended = framing("gold", sheet, "--design", tmp_path / "d", "--codebook", tiny, "--output", tmp_path / "gold.csv")
    assert ended.code == 0, ended.err
    assert "one coder: nothing can be said about reliability" in ended.err
    assert not (tmp_path / "gold.reliability.csv").exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--output", "gold.xlsx"], r"--output gold\.xlsx: expected a name ending in \.csv"),
        (["--output", "away/gold.csv"], r"there is no folder away"),
        (["--output", "anna.csv"], r"--output anna\.csv is one of the files to read; name another"),
        (["--output", "gold.csv", "--ties", "coin"], r"ties: expected one of ask, exclude, either, first, got 'coin'"),
        (["--output", "gold.csv", "--adjudicated", "gone.csv"], r"There is no file gone\.csv"),
    ],
)
def test_options_of_gold_that_are_wrong(framing, design, tiny, tmp_path, monkeypatch, options, expected):
    sheets_of(design, tmp_path)
    monkeypatch.chdir(tmp_path)
    refused(framing("gold", "anna.csv", "ben.csv", "--design", "draw", "--codebook", tiny, *options), expected)
    assert not (tmp_path / "gold.csv").exists()
