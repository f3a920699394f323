"""`framing gold`: filled sheets in, gold file and reliability out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from framing.codebook import read_codebook
from framing.coding.gold import read_gold
from framing.corpus import read_config
from framing.settings import Settings
from tests.cli.outcomes import refused, strict_json
from tests.drawn import fill, rows_of, write_rows
from tests.tiny import codebook_file


@pytest.fixture
def tiny(tmp_path) -> Path:
    return codebook_file(tmp_path, multi_label=True)


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
    assert "Agreement among coders before labels were settled" in ended.out


def test_the_lines_for_corpus_yaml_are_valid(framing, design, corpus, tiny, tmp_path):
    ended = framing(
        "gold", *sheets_of(design, tmp_path), "--design", design, "--codebook", tiny, "--output", corpus / "gold.csv"
    )
    lines = ended.err.split("for corpus.yaml:\n")[1]
    path = corpus / "corpus.yaml"
    path.write_text(path.read_text(encoding="utf-8") + lines, encoding="utf-8")
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


def test_of_many_refused_rows_the_others_are_counted(framing, design, tiny, tmp_path):
    first, second = sheets_of(design, tmp_path)
    rows = rows_of(first)
    write_rows(first, rows + [{**row, "passage_id": "p"} for row in [*rows, *rows[:11]]])
    ended = framing("gold", first, second, "--design", design, "--codebook", tiny, "--output", tmp_path / "gold.csv")
    assert ended.code == 0, ended.err
    assert "anna.csv: 35 rows in = 12 kept + 23 refused" in ended.err
    assert ended.err.count("refused: anna.csv, line ") == 20
    assert f"refused: … and 3 more rows; all are in {tmp_path / 'gold.refused.csv'}\n" in ended.err
    assert len(pd.read_csv(tmp_path / "gold.refused.csv")) == 23


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


def test_a_sheet_of_which_no_row_can_be_used_stops_everything(framing, design, tiny, tmp_path):
    first, second = sheets_of(design, tmp_path)
    write_rows(first, [{**row, "text": "Something else."} for row in rows_of(first)])
    ended = framing("gold", first, second, "--design", design, "--codebook", tiny, "--output", tmp_path / "gold.csv")
    assert ended.code == 2
    assert "anna.csv: 12 rows in = 0 kept + 12 refused" in ended.err
    assert "framing: No row can be used of anna.csv (line 2: the text of " in ended.err
    assert not (tmp_path / "gold.csv").exists()
    assert len(pd.read_csv(tmp_path / "gold.refused.csv")) == 12


def test_a_sheet_that_is_given_twice_is_no_reason_to_stop(framing, design, tiny, tmp_path):
    first, second = sheets_of(design, tmp_path)
    again = write_rows(tmp_path / "again.csv", rows_of(first))
    sheets = [first, again, second]
    ended = framing("gold", *sheets, "--design", design, "--codebook", tiny, "--output", tmp_path / "gold.csv")
    assert ended.code == 0, ended.err
    assert "again.csv: 12 rows in = 0 kept + 12 refused" in ended.err


def test_how_a_sheet_was_read_is_said(framing, design, tiny, tmp_path):
    first, second = sheets_of(design, tmp_path)
    first.write_text(first.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    ended = framing("gold", first, second, "--design", design, "--codebook", tiny, "--output", tmp_path / "gold.csv")
    assert ended.code == 0, ended.err
    assert "anna.csv: the fields are separated by semicolons\n" in ended.err


def test_no_frame_is_written_as_none_and_evaluated_as_such(framing, by_words, design, tiny, tmp_path):
    def code(passage):
        return "none" if passage < "8" else "war"

    sheets = [fill(design, coder, code, to=tmp_path) for coder in ("anna", "ben")]
    framing("gold", *sheets, "--design", design, "--codebook", tiny, "--output", tmp_path / "gold.csv")
    table = pd.read_csv(tmp_path / "gold.csv")
    assert set(table["frames"]) == set(table["coder_anna"]) == {"war", "none"}
    ended = framing(
        "evaluate", tmp_path / "gold.csv", "--codebook", tiny, "--label-column", "frames",
        "--coders", "coder_anna,coder_ben",
        "--json",
    )  # fmt: skip
    result = strict_json(ended.out)
    assert (result["n_passages"], result["n_refused"], result["n_not_coded"]) == (12, 0, 0)


def test_one_coder_needs_no_reliability(framing, corpus, tiny, tmp_path):
    framing(
        "sample", corpus, "--codebook", tiny, "--size", 4, "--no-scores", "--output", tmp_path / "d", "--coders", "eve"
    )
    sheet = fill(tmp_path / "d", "eve", lambda _: "none", to=tmp_path)
    ended = framing("gold", sheet, "--design", tmp_path / "d", "--codebook", tiny, "--output", tmp_path / "gold.csv")
    assert ended.code == 0, ended.err
    assert "one coder: reliability cannot be estimated" in ended.err
    assert not (tmp_path / "gold.reliability.csv").exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--output", "gold.xlsx"], r"--output gold\.xlsx: expected a name ending in \.csv"),
        (["--output", "away/gold.csv"], r"there is no folder away"),
        (
            ["--output", "anna.csv"],
            r"--output: anna\.csv is one of the files to read, which it would replace; name another",
        ),
        (
            ["--output", "gold.csv", "--ties", "coin"],
            r"--ties: expected one of ask, exclude, either, first, got 'coin'",
        ),
        (["--output", "gold.csv", "--adjudicated", "gone.csv"], r"There is no file gone\.csv"),
    ],
)
def test_options_of_gold_that_are_wrong(framing, design, tiny, tmp_path, monkeypatch, options, expected):
    sheets_of(design, tmp_path)
    monkeypatch.chdir(tmp_path)
    refused(framing("gold", "anna.csv", "ben.csv", "--design", "draw", "--codebook", tiny, *options), expected)
    assert not (tmp_path / "gold.csv").exists()
