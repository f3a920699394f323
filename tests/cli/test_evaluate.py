"""`framing evaluate`: agreement, by group, of coders, cross-fitted, promised."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.cli.outcomes import CHESS, evaluated, refused, strict_json, write
from tests.tiny import PASSAGES, WAR, codebook, frame


@pytest.fixture
def gold(tmp_path) -> Path:
    table = pd.DataFrame({"text": [*PASSAGES, *CHESS], "gold": ["War", "trade", "SPORT", "sport", "sport", "sport"]})
    return write(tmp_path / "gold.csv", table)


def test_evaluate_prints_a_line_for_each_measure(framing, tiny, gold):
    ended = framing("evaluate", gold, "--codebook", tiny, "--label-column", "gold")
    assert ended.code == 0, ended.err
    assert ended.out.startswith(
        "6 labelled passages of 6 documents, 0 rows refused; zero-shot from the seeds: exploratory; encoder minilm\n"
    )
    # nothing is wrong, so no draw varies: a share has its exact interval, a mean of F1 none, and both say why
    assert re.search(r"^war +precision +1\.000 +0\.\d{3} to 1\.000 +\d +exact", ended.out, re.MULTILINE)
    assert re.search(r"^\(macro\) +f1 +1\.000 +– +6 +no interval: all draws are alike", ended.out, re.M)
    # six of six: .025 ** (1/6) = .541
    assert re.search(r"^\(all\) +accuracy +1\.000 +0\.541 to 1\.000 +6 +exact", ended.out, re.MULTILINE)
    assert "n: labelled passages with the frame, by the coders; in rows (macro), (micro) and (all) all" in ended.out
    assert re.search(r"^\(micro\) +f1 ", ended.out, re.MULTILINE)
    assert re.search(r"^\(all\) +calibration_error ", ended.out, re.MULTILINE)


def test_evaluate_json_on_the_gold_of_deep_strike(framing, fitted, root, tmp_path):
    source = write(tmp_path / "gold.csv", pd.read_csv(root / "corpora" / "deep-strike" / "gold.csv").head(60))
    seeds = root / "seeds" / "great-power-crisis.yaml"
    ended = framing("evaluate", source, "--codebook", seeds, "--label-column", "frames", "--json")
    assert ended.code == 0, ended.err
    result = strict_json(ended.out)
    assert result["n_passages"] == len(pd.read_csv(source))
    assert result["n_refused"] == 0
    assert result["threshold"] == 0.5
    assert sum(result["languages"].values()) == result["n_passages"]
    assert result["remarks"] == []
    assert "zero-shot" in result["method"]
    measures = pd.DataFrame(result["measures"]).set_index(["frame", "measure"])
    for key in [("(macro)", "f1"), ("(micro)", "precision"), ("(micro)", "recall"), ("(micro)", "f1")]:
        row = measures.loc[key]
        assert 0 < row["low"] < row["estimate"] < row["high"] < 1, key
    assert measures.loc[("(macro)", "f1"), "estimate"] > 0.4
    frames = pd.DataFrame(result["measures"])["frame"].unique()
    assert len([name for name in frames if not name.startswith("(")]) == 14
    assert (measures["n_documents"] == pd.read_csv(source)["document_id"].nunique()).all()


def test_evaluate_learns_from_labels_first(framing, tmp_path, tiny, gold):
    labels = write(
        tmp_path / "labels.csv",
        pd.DataFrame({"text": ["A pawn won the game.", *PASSAGES], "frames": ["sport", "war", "trade", "sport"]}),
    )
    ended = framing("evaluate", gold, "--codebook", tiny, "--label-column", "gold", "--labels", labels, "--json")
    assert ended.code == 0, ended.err
    result = strict_json(ended.out)
    assert result["method"] == "head, trained on the labels given"  # four labels are too few for tuning
    assert result["strength"] == "head"
    assert result["threshold"] is None
    assert "4 rows to learn from, 0 rows refused" in ended.err


def test_evaluate_lists_unknown_labels_and_missing_columns(framing, tmp_path, tiny):
    source = write(tmp_path / "gold.csv", pd.DataFrame({"text": PASSAGES, "gold": ["war", "chess", "war"]}))
    refused(framing("evaluate", source, "--codebook", tiny, "--label-column", "gold"), r"no frame\(s\) 'chess'")
    refused(
        framing("evaluate", source, "--codebook", tiny, "--label-column", "label"),
        r"gold\.csv lacks the column\(s\) label\. It has: text, gold\.",
    )


@pytest.mark.parametrize("command", ["classify", "evaluate"])
def test_what_cannot_be_learned_is_refused_before_anything_is_read(framing, command, tiny):
    more = ["--output", "out.csv"] if command == "classify" else ["--label-column", "x"]
    ended = framing(command, "no-such.csv", "--codebook", tiny, *more, "--strength", "fine-tuned")
    refused(ended, r"strength fine-tuned learns from labels: give --labels FILE.*, or a codebook with 8 examples")
    assert ("--cross-fit" in ended.err) == (command == "evaluate")


def test_cross_fitting_learns_from_what_is_evaluated_and_stays_honest(framing, by_words, tmp_path, tiny, coded):
    """Labels drawn at random cannot be found again, though the classifier learned from them."""
    result = evaluated(framing, tiny, coded, "--cross-fit")
    assert result["method"] == "head, cross-fitted on these labels"
    assert result["n_passages"] == 30
    accuracy = pd.DataFrame(result["measures"]).set_index(["frame", "measure"]).loc[("(micro)", "f1"), "estimate"]
    assert accuracy > 0.9
    shuffled = pd.read_csv(coded)
    shuffled["frames"] = np.random.default_rng(2).permutation(shuffled["frames"].to_numpy())
    random = write(tmp_path / "random.csv", shuffled)
    result = evaluated(framing, tiny, random, "--cross-fit")
    accuracy = pd.DataFrame(result["measures"]).set_index(["frame", "measure"]).loc[("(micro)", "f1"), "estimate"]
    assert accuracy < 1 / 3 + 3 * np.sqrt(2 / 9 / 30)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--labels", "coded.csv"], r"--cross-fit learns from INPUT itself; leave out --labels and --nli-model"),
        (["--nli-model", "x"], r"--cross-fit learns from INPUT itself; leave out --labels and --nli-model"),
        (["--strength", "zero-shot"], r"--cross-fit: strength zero-shot does not learn; choose auto, head or fine"),
    ],
)
def test_cross_fitting_needs_its_own_labels(framing, tiny, coded, options, expected):
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--cross-fit", *options)
    refused(ended, expected)


def test_rows_that_nobody_coded_are_left_out_and_counted(framing, by_words, tmp_path, tiny, coded):
    table = pd.read_csv(coded)
    table.loc[:6, "frames"] = ""
    half = write(tmp_path / "half.csv", table)
    command = ["evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--labels", half]
    ended = framing(*command)
    assert ended.code == 0, ended.err
    assert "23 rows to learn from, 7 rows refused, 7 of them not coded" in ended.err
    assert "refused: half.csv, line 2: not coded: the column frames is empty" in ended.err
    assert "refused: … and 2 more rows" in ended.err
    ended = framing("evaluate", half, "--codebook", tiny, "--label-column", "frames")
    assert ended.out.startswith("23 labelled passages of 8 documents, 7 rows refused, 7 of them not coded; ")


def test_a_codebook_with_one_frame_is_evaluated_on_its_presence(framing, by_words, tmp_path, coded):
    book = tmp_path / "one.yaml"
    book.write_text(codebook(frame("war", WAR), multi_label=True).model_dump_json(), encoding="utf-8")
    table = pd.read_csv(coded)
    table["frames"] = table["frames"].where(table["frames"] == "war", "none")
    half = write(tmp_path / "war.csv", table)
    result = evaluated(framing, book, half, "--cross-fit")
    measures = pd.DataFrame(result["measures"]).set_index(["frame", "measure"])
    assert measures.loc[("war", "f1"), "n_passages"] == 10
    assert measures.loc[("war", "f1"), "estimate"] > 0.9


def test_evaluating_on_what_was_learned_from_is_warned_of(framing, by_words, tmp_path, tiny, coded):
    half = write(tmp_path / "half.csv", pd.read_csv(coded).head(12))
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--labels", half)
    assert ended.code == 0, ended.err
    assert f"warning: 12 of 30 passages are also in {half}; agreement on training passages says nothing" in ended.err
    fresh = write(tmp_path / "fresh.csv", pd.DataFrame({"text": CHESS, "frames": "sport"}))
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--labels", fresh)
    assert "warning" not in ended.err


def test_agreement_by_outlet(framing, by_words, tiny, coded):
    result = evaluated(framing, tiny, coded, "--by", "outlet")
    groups = pd.DataFrame(result["by_group"])
    assert set(groups["group"]) == {"A", "B"}
    assert (groups.groupby("group")["n_passages"].max() == 15).all()
    differences = pd.DataFrame(result["error_differences"])
    assert set(zip(differences["group_a"], differences["group_b"], strict=True)) == {("A", "B")}
    assert len(differences) == 6  # three frames, two measures
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--by", "outlet")
    assert "Agreement by outlet" in ended.out
    assert "Differences in errors by outlet, clearest first" in ended.out
    assert re.search(r"^A +\(macro\) +f1 +\d", ended.out, re.M)


def test_agreement_by_a_column_of_the_file(framing, by_words, tmp_path, tiny, coded):
    table = pd.read_csv(coded).assign(desk="foreign")
    source = write(tmp_path / "desks.csv", table)
    result = evaluated(framing, tiny, source, "--by", "desk")
    assert {row["group"] for row in result["by_group"]} == {"foreign"}
    assert "error_differences" not in result, "one group has nothing to be compared with"


@pytest.mark.parametrize("column", ["desk", "outlet", "published", "perspective"])
def test_a_column_to_evaluate_by_must_be_there(framing, tmp_path, tiny, coded, column):
    source = write(tmp_path / "plain.csv", pd.read_csv(coded)[["text", "frames"]])
    ended = framing("evaluate", source, "--codebook", tiny, "--label-column", "frames", "--by", column)
    refused(ended, rf"plain\.csv lacks the column\(s\) {column}\. It has: text, frames")


def test_reliability_of_coders(framing, by_words, tiny, coded):
    result = evaluated(framing, tiny, coded, "--coders", "coder_1, coder_2")
    alpha = pd.DataFrame(result["reliability"])
    assert {"frame", "measure", "estimate"} <= set(alpha.columns)
    pairs = pd.DataFrame(result["coder_confusions"])
    assert len(pairs) > 0
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--coders", "coder_1,coder_2")
    assert "Agreement among coders" in ended.out
    assert "Frames that coders confuse" in ended.out
    assert "reliability" not in evaluated(framing, tiny, coded)


@pytest.mark.parametrize(
    ("coders", "expected"),
    [
        ("coder_1", r"--coders coder_1: agreement needs the columns of at least two coders, each named once"),
        ("coder_1,coder_1", r"agreement needs the columns of at least two coders, each named once"),
        ("coder_1,coder_9", r"coded\.csv lacks the column\(s\) coder_9\. It has: "),
    ],
)
def test_coders_that_are_none_are_refused(framing, by_words, tiny, coded, coders, expected):
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--coders", coders)
    refused(ended, expected)


def test_coders_are_checked_before_anything_is_read_or_encoded(framing, monkeypatch, tmp_path, tiny, coded):
    command = ["--codebook", tiny, "--label-column", "frames", "--coders"]
    refused(framing("evaluate", "no-such.csv", *command, "coder_1"), r"--coders coder_1: agreement needs")
    monkeypatch.setattr("framing.cli.classifiers.open_encoder", lambda *_, **__: pytest.fail("an encoder was opened"))
    table = pd.read_csv(coded).assign(coder_2="chess")
    source = write(tmp_path / "chess.csv", table)
    ended = framing("evaluate", source, *command, "coder_1,coder_2")
    refused(ended, r"column coder_2: .*no frame\(s\) 'chess'.* in row 1")


def test_a_table_cut_short_says_so(framing, by_words, tmp_path, tiny, coded):
    generator = np.random.default_rng(5)
    table = pd.read_csv(coded)
    table["desk"] = [f"desk {number % 4}" for number in range(30)]
    table["frames"] = generator.permutation(table["frames"].to_numpy())
    source = write(tmp_path / "desks.csv", table)
    command = ["evaluate", source, "--codebook", tiny, "--label-column", "frames", "--by", "desk"]
    ended = framing(*command)
    # six pairs of desks, three frames, two measures
    assert "12 of 36 rows; --json has all" in ended.out
    text = ended.out.split("Differences in errors by desk, clearest first\n")[1].splitlines()
    assert len(text) == 1 + 12 + 1
    ended = framing(
        "evaluate", source, "--codebook", tiny, "--label-column", "frames", "--by", "desk", "--errors", "40"
    )
    assert "36 rows" not in ended.out


def test_a_difference_that_nobody_knows_is_neither_there_nor_not(framing, by_words, tmp_path, tiny, coded):
    table = pd.read_csv(coded)
    table["outlet"] = ["A"] * 27 + ["B"] * 3  # the last document alone
    source = write(tmp_path / "few.csv", table)
    result = evaluated(framing, tiny, source, "--by", "outlet")
    assert {row["differs"] for row in result["error_differences"]} == {None}
    ended = framing("evaluate", source, "--codebook", tiny, "--label-column", "frames", "--by", "outlet")
    lines = ended.out.split("clearest first\n")[1].splitlines()[1:]
    assert len(lines) == 6
    for line in lines:
        assert re.search(r"^\S+ +– +\d+  .*A less B; no interval: B has fewer than 5 gold documents", line), line


def test_worst_errors_are_shown_where_asked_for(framing, by_words, tmp_path, tiny):
    table = pd.DataFrame({"text": [*PASSAGES, *CHESS], "frames": ["trade", "trade", "sport", "war", "war", "war"]})
    source = write(tmp_path / "wrong.csv", table)
    command = ["evaluate", source, "--codebook", tiny, "--label-column", "frames"]
    plain = framing(*command).out
    assert "Worst errors" not in plain
    assert "Gold frame against decided frame" not in plain
    text = framing(*command, "--errors", "2").out
    assert "Gold frame against decided frame" in text
    worst = text.split("Worst errors\n")[1].strip().splitlines()
    assert len(worst) == 1 + 2  # a head line and two errors
    result = evaluated(framing, tiny, source, "--errors", "2")
    assert len(result["worst_errors"]) == 2
    assert "worst_errors" not in evaluated(framing, tiny, source)
    assert framing(*command, "--errors", "-1").code == 2


def test_promises_are_evaluated_too(framing, by_words, tiny, coded):
    result = evaluated(framing, tiny, coded, "--cross-fit", "--precision", "0.3")
    assert [row["measure"] for row in result["guarantees"]] == ["precision"] * 3
    assert all(row["held"] for row in result["guarantees"])
    ended = framing(
        "evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--cross-fit", "--precision", "0.9"
    )
    assert "\nPromises\n" in ended.out
    lines = ended.out.split("\nPromises\n")[1].splitlines()
    assert lines[0].startswith("precision of at least 0.9: promised for 0 of 3 frames; not for 3 for want of labels")
    assert len(lines) == 1 + 1 + 3 + 2  # summary, head, frames, what the columns mean
    result = evaluated(framing, tiny, coded, "--cross-fit", "--precision", "0.9")
    assert [row["threshold"] for row in result["guarantees"]] == [None] * 3


def test_a_text_that_is_coded_differently_in_two_rows_is_said(framing, by_words, tmp_path, tiny):
    path = tmp_path / "twice.csv"
    path.write_text(f"text,gold\n{WAR[0]},war\n{WAR[0]},trade\n{WAR[1]},war\n{WAR[1]},war\n")
    ended = framing("evaluate", path, "--codebook", tiny, "--label-column", "gold")
    assert ended.code == 0, ended.err
    assert "1 texts stand in several rows with different labels; each row counts" in ended.err


GERMAN = "Die Soldaten haben am Dienstag die Grenze überschritten und den Hafen Nummer {} angegriffen."
ENGLISH = "The soldiers crossed the border on Tuesday and attacked the port with the number {}."


def test_evaluate_shows_each_language_where_there_are_several(framing, tiny, tmp_path):
    texts = [(ENGLISH, GERMAN)[number % 2].format(number) for number in range(20)]
    both = write(tmp_path / "both.csv", pd.DataFrame({"text": texts, "frames": "war"}))
    found = pd.DataFrame(evaluated(framing, tiny, both)["by_language"])
    assert set(found["group"]) == {"de", "en"}
    micro = found[(found["frame"] == "(micro)") & (found["measure"] == "f1")].set_index("group")
    assert micro.loc["en", "estimate"] == 1.0
    assert micro["n_passages"].tolist() == [10, 10]
    printed = framing("evaluate", both, "--codebook", tiny, "--label-column", "frames").out
    assert "\nAgreement by detected language\n" in printed
    assert "Contrasts between texts in different languages rest on scores that mean the same in each." in printed
    one = write(tmp_path / "one.csv", pd.DataFrame({"text": texts[::2], "frames": "war"}))
    assert "by_language" not in evaluated(framing, tiny, one)


def test_evaluate_says_why_it_does_not_show_each_language(framing, tiny, tmp_path):
    texts = [ENGLISH.format(number) for number in range(12)] + [GERMAN.format(number) for number in range(9)]
    few = write(tmp_path / "few.csv", pd.DataFrame({"text": texts, "frames": "war"}))
    ended = framing("evaluate", few, "--codebook", tiny, "--label-column", "frames")
    line = (
        "labels are in 2 languages (en 12, de 9); agreement in each is shown from two languages of 10 labelled texts on"
    )
    assert line in ended.err
    assert "Agreement by detected language" not in ended.out
