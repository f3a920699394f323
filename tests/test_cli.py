"""The command line as its users meet it: files in, files out, one paragraph and a code when it fails."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.classify import FrameClassifier
from framing.tables import CLASSIFIED
from framing.tune import TuningPlan
from tests.conftest import Ended
from tests.tiny import PASSAGES, SPORT, TRADE, WAR, WordEncoder, codebook_file, static_model, transformer_model

HEAVY = ("torch", "sentence_transformers", "transformers", "pandas", "sklearn", "scipy")
CHESS = [
    "The grandmaster won a bishop on move twenty.",
    "The chess champion defended her title.",
    "A knight won it.",
]


@pytest.fixture
def tiny(tmp_path) -> Path:
    return codebook_file(tmp_path)


@pytest.fixture
def fitted(monkeypatch, crisis_classifier) -> None:
    """Commands that fit great-power-crisis get the classifier that the session has fitted already."""
    for command in ("classify", "evaluate"):
        monkeypatch.setattr(f"framing.cli.{command}.fitted", lambda *_, **__: crisis_classifier)


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
def nothing_runs(monkeypatch) -> None:
    """Neither the corpus is classified nor a kernel started."""

    def refuse(*_args, **_options):
        raise AssertionError("something was run")

    monkeypatch.setattr("framing.analysis.open_analysis", refuse)
    monkeypatch.setattr("papermill.execute_notebook", refuse)


def refused(ended: Ended, expected: str, *, code: int = 2) -> None:
    """One paragraph on standard error, nothing on standard output, no traceback."""
    assert ended.code == code, ended.err
    assert ended.out == ""
    assert ended.err.startswith("framing: ")
    assert ended.err.count("\n") == 1
    assert ended.err.endswith("\n")
    assert "Traceback" not in ended.err
    assert re.search(expected, ended.err), ended.err


def write(path: Path, table: pd.DataFrame) -> Path:
    if path.suffix == ".csv":
        table.to_csv(path, index=False)
    elif path.suffix == ".jsonl":
        table.to_json(path, orient="records", lines=True)
    else:
        table.to_parquet(path, index=False)
    return path


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, keep_default_na=False)
    return pd.read_json(path, lines=True) if path.suffix == ".jsonl" else pd.read_parquet(path)


@pytest.fixture
def rows(tmp_path) -> Path:
    return write(tmp_path / "rows.csv", pd.DataFrame({"text": PASSAGES}))


# start


MAIN = "import sys; sys.argv = {!r}; from framing.cli import main; main()"


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import framing, framing.cli", HEAVY),
        (MAIN.format(["framing", "--help"]), HEAVY),
        (MAIN.format(["framing", "classify", "--help"]), HEAVY),
        (MAIN.format(["framing", "classify", "x", "--codebook", "y", "--output", "z.txt"]), HEAVY[:3]),
    ],
    ids=["import", "help", "help-of-a-command", "wrong-output"],
)
def test_start_loads_no_heavy_library(code, heavy):
    watch = "import atexit, sys; "
    watch += f"atexit.register(lambda: print('LOADED', [name for name in {heavy!r} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", f"{watch}\n{code}"], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "LOADED []", done.stderr


def test_help_names_every_command(framing):
    ended = framing("--help")
    assert ended.code == 0
    for command in ("report", "classify", "evaluate", "codebook", "corpus", "encoder"):
        assert re.search(rf"\b{command}\b", ended.out)


def test_version(framing):
    import framing as package

    assert framing("--version") == Ended(0, f"framing {package.__version__}\n", "")


def test_unknown_command_and_missing_option_are_the_users(framing):
    ended = framing("classfy")
    assert ended.code == 2
    assert "No such command 'classfy'" in ended.err
    ended = framing("classify", "rows.csv")
    assert ended.code == 2
    assert "Missing option '--codebook'" in ended.err


# classify


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_classify_reads_and_writes_each_format(framing, tmp_path, tiny, ending):
    source = write(
        tmp_path / f"in{ending}",
        pd.DataFrame({"id": [1, 2, 3], "body": PASSAGES, "outlet": ["A", "B", "B"], "published": ["2025-07-01"] * 3}),
    )
    output = tmp_path / f"out{ending}"
    ended = framing("classify", source, "--codebook", tiny, "--output", output, "--text-column", "body")
    assert ended.code == 0, ended.err
    assert ended.out == f"{output}\n"
    assert "3 rows classified, 0 rows refused" in ended.err
    table = read(output)
    assert tuple(table.columns[: len(CLASSIFIED)]) == CLASSIFIED
    assert table["text"].to_list() == [text for text in PASSAGES for _ in range(3)]
    assert table["frame"].to_list() == ["war", "trade", "sport"] * 3
    assert table["outlet"].to_list() == ["A"] * 3 + ["B"] * 6
    assert pd.to_datetime(table["published"]).dt.strftime("%Y-%m-%d").unique().tolist() == ["2025-07-01"]
    present = table[table["decision"] == "present"]
    assert present["frame"].to_list() == ["war", "trade", "sport"]
    assert set(table["decision"]) == {"present", "absent"}
    assert table.groupby("passage_id")["score"].sum().to_list() == pytest.approx([1.0] * 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([source.name, tiny.name, output.name])


def test_one_row_is_one_passage_with_a_row_for_each_frame(framing, fitted, tmp_path, root, crisis_classifier):
    texts = [PASSAGES[0], f"{PASSAGES[1]}\n\n{PASSAGES[2]} {PASSAGES[0]}", PASSAGES[0]]
    source = write(tmp_path / "rows.jsonl", pd.DataFrame({"text": texts}))
    output = tmp_path / "out.parquet"
    seeds = root / "seeds" / "great-power-crisis.yaml"
    ended = framing("classify", source, "--codebook", seeds, "--output", output)
    assert ended.code == 0, ended.err
    table = read(output)
    assert len(table) == 3 * 14
    assert tuple(table.columns[: len(CLASSIFIED)]) == CLASSIFIED
    assert table["passage_id"].nunique() == 3, "two rows with the same text are two passages"
    assert (
        table.groupby("passage_id", sort=False)["frame"].agg(list).map(tuple) == tuple(crisis_classifier.classes_)
    ).all()
    assert ((table["score"] >= 0.5) == (table["decision"] == "present")).all()
    assert table["text"].drop_duplicates().to_list() == texts[:2]
    expected = crisis_classifier.predict_proba(texts).ravel()
    assert table["score"].to_list() == pytest.approx(expected.tolist())


def test_ids_of_the_file_are_kept(framing, tmp_path, tiny):
    given = pd.DataFrame({"passage_id": ["p1", "p2", ""], "document_id": ["d", "d", "e"], "text": PASSAGES})
    source = write(tmp_path / "rows.csv", given)
    framing("classify", source, "--codebook", tiny, "--output", tmp_path / "out.csv")
    table = read(tmp_path / "out.csv").drop_duplicates("passage_id")
    assert table["passage_id"].to_list()[:2] == ["p1", "p2"]
    assert len(table["passage_id"].to_list()[2]) == 16
    assert table["document_id"].to_list() == ["d", "d", "e"]


def test_split_makes_passages_of_a_row(framing, tmp_path, tiny):
    source = write(tmp_path / "rows.csv", pd.DataFrame({"text": [" ".join(PASSAGES * 2), PASSAGES[0]]}))
    output = tmp_path / "out.parquet"
    ended = framing("classify", source, "--codebook", tiny, "--output", output, "--split", "--words", "10")
    assert ended.code == 0, ended.err
    table = read(output)
    assert table["document_id"].nunique() == 2
    passages = table.drop_duplicates("passage_id")
    assert passages.groupby("document_id", sort=False)["passage_id"].count().to_list() == [6, 1]
    assert passages["text"].to_list()[:6] == PASSAGES * 2
    assert "7 passages classified, 0 rows refused" in ended.err


def test_refused_rows_are_counted_and_named(framing, tmp_path, tiny):
    (tmp_path / "rows.jsonl").write_text(
        json.dumps({"text": PASSAGES[0]}) + "\n{broken\n" + json.dumps({"text": " "}) + "\n", encoding="utf-8"
    )
    ended = framing("classify", tmp_path / "rows.jsonl", "--codebook", tiny, "--output", tmp_path / "out.csv")
    assert ended.code == 0
    assert "refused: rows.jsonl, line 2: not valid JSON" in ended.err
    assert "refused: rows.jsonl, line 3: no text" in ended.err
    assert "1 rows classified, 2 rows refused" in ended.err
    assert len(read(tmp_path / "out.csv")) == 3


def test_labels_are_learned_from(framing, tmp_path, tiny):
    source = write(tmp_path / "rows.csv", pd.DataFrame({"text": ["The grandmaster opened with the queen's pawn."]}))
    taught = write(
        tmp_path / "labels.csv", pd.DataFrame({"text": [*CHESS, ""], "frames": ["War", "war", "WAR", "war"]})
    )
    output = tmp_path / "out.csv"
    command = ["classify", source, "--codebook", tiny, "--output", output]
    assert framing(*command).code == 0
    assert read(output).set_index("decision").loc["present", "frame"] == "sport"
    ended = framing(*command, "--labels", taught)
    assert ended.code == 0, ended.err
    assert read(output).set_index("decision").loc["present", "frame"] == "war"
    assert "labels.csv: 3 rows to learn from, 1 rows refused" in ended.err
    assert "refused: labels.csv, line 5: no text" in ended.err


def test_unknown_frames_in_labels_are_listed(framing, tmp_path, tiny, rows):
    labels = write(tmp_path / "labels.csv", pd.DataFrame({"text": CHESS, "frames": ["war", "chess", "peace"]}))
    ended = framing("classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv", "--labels", labels)
    refused(
        ended,
        r"labels\.csv, column frames: .* no frame\(s\) 'chess', 'peace'\. Its frames: war, trade, sport\.",
    )
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("name", ["out.txt", "out", "out.csv.gz", "out.xlsx"])
def test_unknown_output_ending_is_refused_before_anything_is_read(framing, tmp_path, name):
    ended = framing("classify", "no-such-file.csv", "--codebook", "no.yaml", "--output", tmp_path / name)
    refused(ended, rf"--output .*{re.escape(name)}: expected a name ending in \.csv, \.jsonl or \.parquet")
    assert list(tmp_path.iterdir()) == []


def test_output_in_a_missing_folder_is_refused(framing, rows, tiny, tmp_path):
    ended = framing("classify", rows, "--codebook", tiny, "--output", tmp_path / "none" / "out.csv")
    refused(ended, r"there is no folder .*none\.")


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_missing_column_lists_those_present(framing, tmp_path, tiny, ending):
    source = write(tmp_path / f"rows{ending}", pd.DataFrame({"headline": PASSAGES, "body": PASSAGES}))
    before = sorted(tmp_path.iterdir())
    ended = framing("classify", source, "--codebook", tiny, "--output", tmp_path / "out.csv")
    refused(ended, rf"rows\{ending} lacks the column\(s\) text\. It has: (headline, body|body, headline)\.")
    assert sorted(tmp_path.iterdir()) == before


def test_missing_input_and_unknown_ending_are_refused(framing, tmp_path, tiny):
    output = tmp_path / "out.csv"
    refused(
        framing("classify", tmp_path / "none.csv", "--codebook", tiny, "--output", output),
        r"no file or folder .*none\.csv",
    )
    (tmp_path / "rows.docx").write_bytes(b"x")
    refused(
        framing("classify", tmp_path / "rows.docx", "--codebook", tiny, "--output", output),
        r"expected a file ending in \.csv",
    )


def test_earlier_output_survives_a_failure(framing, tmp_path, tiny):
    output = tmp_path / "out.csv"
    output.write_text("mine")
    source = write(tmp_path / "rows.csv", pd.DataFrame({"body": PASSAGES}))
    refused(framing("classify", source, "--codebook", tiny, "--output", output), "lacks the column")
    assert output.read_text() == "mine"


def test_unknown_encoder_is_refused(framing, tmp_path, tiny, rows):
    ended = framing("classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv", "--encoder", "bert")
    refused(ended, "There is no encoder 'bert'")


def test_another_process_writes_the_same_bytes(framing, tmp_path, tiny, rows):
    assert framing("classify", rows, "--codebook", tiny, "--output", tmp_path / "here.csv").code == 0
    command = [
        sys.executable,
        "-m",
        "framing",
        "classify",
        rows,
        "--codebook",
        tiny,
        "--output",
        tmp_path / "there.csv",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{tmp_path / 'there.csv'}\n"
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


# evaluate


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


def strict_json(text: str) -> dict:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_evaluate_json_on_the_gold_of_deep_strike(framing, fitted, root):
    source = root / "corpora" / "deep-strike" / "gold.csv"
    seeds = root / "seeds" / "great-power-crisis.yaml"
    ended = framing("evaluate", source, "--codebook", seeds, "--label-column", "frames", "--json")
    assert ended.code == 0, ended.err
    found = strict_json(ended.out)
    assert found["n_passages"] == len(pd.read_csv(source))
    assert found["n_refused"] == 0
    assert found["threshold"] == 0.5
    assert "zero-shot" in found["method"]
    measures = pd.DataFrame(found["measures"]).set_index(["frame", "measure"])
    for key in [("(macro)", "f1"), ("(micro)", "precision"), ("(micro)", "recall"), ("(micro)", "f1")]:
        row = measures.loc[key]
        assert 0 < row["low"] < row["estimate"] < row["high"] < 1, key
    assert measures.loc[("(macro)", "f1"), "estimate"] > 0.4
    frames = pd.DataFrame(found["measures"])["frame"].unique()
    assert len([name for name in frames if not name.startswith("(")]) == 14
    assert (measures["n_documents"] == pd.read_csv(source)["document_id"].nunique()).all()


def test_evaluate_learns_from_labels_first(framing, tmp_path, tiny, gold):
    labels = write(
        tmp_path / "labels.csv",
        pd.DataFrame({"text": ["A pawn won the game.", *PASSAGES], "frames": ["sport", "war", "trade", "sport"]}),
    )
    ended = framing("evaluate", gold, "--codebook", tiny, "--label-column", "gold", "--labels", labels, "--json")
    assert ended.code == 0, ended.err
    found = strict_json(ended.out)
    assert found["method"] == "head, trained on the labels given"  # four labels are too few for tuning
    assert found["strength"] == "head"
    assert found["threshold"] is None
    assert "4 rows to learn from, 0 rows refused" in ended.err


def test_evaluate_lists_unknown_labels_and_missing_columns(framing, tmp_path, tiny):
    source = write(tmp_path / "gold.csv", pd.DataFrame({"text": PASSAGES, "gold": ["war", "chess", "war"]}))
    refused(framing("evaluate", source, "--codebook", tiny, "--label-column", "gold"), r"no frame\(s\) 'chess'")
    refused(
        framing("evaluate", source, "--codebook", tiny, "--label-column", "label"),
        r"gold\.csv lacks the column\(s\) label\. It has: text, gold\.",
    )


# learning from labels, promises, kept classifiers


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
def quick(monkeypatch) -> None:
    """Tuning in a few steps."""
    few = TuningPlan(objective="classification", min_steps=3, max_steps=4)
    monkeypatch.setattr("framing.classify.TuningPlan", lambda: few)


@pytest.fixture
def by_words(monkeypatch) -> None:
    """The encoder of the command is one of words: the labels can be learned."""
    monkeypatch.setattr("framing.encode.open_encoder", lambda *_, **__: WordEncoder())


@pytest.mark.parametrize("strength", ["head", "fine-tuned", "auto"])
def test_strength_is_passed_on(framing, quick, tmp_path, tiny, rows, coded, bert, strength):
    output = tmp_path / "out.csv"
    command = ["classify", rows, "--codebook", tiny, "--output", output, "--labels", coded, "--encoder", bert]
    ended = framing(*command, "--strength", strength, "--save", tmp_path / "kept")
    assert ended.code == 0, ended.err
    facts = json.loads((tmp_path / "kept" / "classifier.json").read_text())["facts"]
    assert facts["strength"] == {"auto": "fine-tuned"}.get(strength, strength)  # thirty labels, three frames
    assert len(read(output)) == 9
    told = ended.err.splitlines()
    why = {
        "auto": "strength fine-tuned: 30 labelled passages for 3 frames are 10.0 a frame; it is taken from 8 on",
    }
    assert why.get(strength, f"strength {strength}, as asked for") in told
    steps = "fine-tuning: 30 labelled passages, 3 frames, 4 members, 16 steps"
    assert (steps in told) == (strength != "head")
    if strength != "head":  # standard error is no terminal here
        lines = [line for line in told[told.index(steps) + 1 :] if line.startswith("fine-tuning: ")]
        assert lines[0].startswith("fine-tuning: 6 % of 16 steps, ")
        assert lines[-1] == "fine-tuning: 100 % of 16 steps, done"


@pytest.mark.parametrize("command", ["classify", "evaluate"])
def test_what_cannot_be_learned_is_refused_before_anything_is_read(framing, command):
    more = ["--output", "out.csv"] if command == "classify" else ["--label-column", "x"]
    ended = framing(command, "no-such.csv", "--codebook", "no-such.yaml", *more, "--strength", "fine-tuned")
    refused(ended, r"--strength fine-tuned learns from labels: give --labels FILE")
    assert ("--cross-fit" in ended.err) == (command == "evaluate")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--strength", "strong"], r"--strength strong: choose auto, zero-shot, head, fine-tuned\."),
        (["--strength", "head"], r"--strength head learns from labels: give --labels FILE\."),
        (["--precision", "0.9"], r"--precision can only be promised on labels: give --labels FILE\."),
        (["--precision", "0.9", "--recall", "0.9"], r"--precision and --recall can only be promised on labels"),
        (["--precision", "85"], r"--precision 85: expected a share between 0 and 1 \(exclusive\), for instance 0\.85"),
        (["--recall", "0"], r"--recall 0: expected a share between 0 and 1"),
        (
            ["--labels", "l.csv", "--strength", "zero-shot"],
            r"--strength zero-shot does not learn .* leave out --labels",
        ),
        (["--nli-model", "some/where", "--precision", "0.9"], r"--nli-model: NLI scoring has no strength and promises"),
        (["--nli-model", "some/where", "--strength", "head"], r"--nli-model: NLI scoring has no strength"),
        (["--nli-model", "some/where"], r"The NLI model 'some/where' is no folder here"),
        (["--nli-model", "x", "--save", "kept"], r"--save: an NLI scorer has nothing to keep"),
        (["--classifier", "kept", "--nli-model", "x"], r"--classifier: a kept classifier is used as it is; leave out"),
        (["--classifier", "kept", "--recall", "0.5"], r"--classifier: a kept classifier is used as it is; leave out"),
        (["--classifier", "kept", "--strength", "head"], r"--classifier: a kept classifier is used as it is"),
        (["--classifier", "kept"], r"kept holds no classifier: there is no classifier\.json\. Save one with --save"),
    ],
)
def test_options_that_do_not_go_together_are_refused(framing, tmp_path, tiny, rows, monkeypatch, options, expected):
    monkeypatch.chdir(tmp_path)
    ended = framing("classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv", *options)
    refused(ended, expected)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("option", [["--nli-model", "x"], ["--classifier", "kept"]])
def test_labels_for_what_does_not_learn_are_refused(framing, tmp_path, tiny, rows, coded, option):
    command = ["classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv", "--labels", coded]
    refused(framing(*command, *option), r"leave out --labels")


def test_tuning_an_encoder_without_layers_says_what_to_choose(framing, tmp_path, tiny, rows, coded):
    static = static_model(tmp_path / "static")
    command = ["classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv", "--labels", coded]
    refused_in = framing(*command, "--encoder", static, "--strength", "fine-tuned")
    assert refused_in.code == 2
    assert "choose strength head, or another encoder" in refused_in.err.splitlines()[-1]


def test_promises_are_told_and_cost_abstentions(framing, by_words, tmp_path, tiny, rows, coded):
    output = tmp_path / "out.csv"
    command = ["classify", rows, "--codebook", tiny, "--output", output, "--labels", coded]
    ended = framing(*command, "--precision", "0.3", "--recall", "0.95")
    assert ended.code == 0, ended.err
    told = ended.err[ended.err.index("precision of at least") :].splitlines()
    assert told[0] == "precision of at least 0.3: promised for 3 of 3 frames (confidence 0.95)"
    assert told[1] == (
        "recall of at least 0.95: promised for 0 of 3 frames; not for 3 for want of labels, which abstain instead "
        "(confidence 0.95)"
    )
    assert re.match(r"frame +measure +promised +score +kept +n  labels that would roughly do", told[2])
    assert re.match(r"war +precision +yes +[01]\.\d{3} +\d+% +\d+ *$", told[3])
    # ten of thirty carry it; 59 carriers show .95 at 95 %, so 59 × 30 / 10 labels would do, said as 180
    assert re.match(r"war +recall +no +– +0% +10  180$", told[4])
    assert re.search(r"^\d+\.\d% of the decisions are abstentions$", ended.err, re.M)
    assert "abstain" in set(read(output)["decision"])


def test_a_kept_classifier_classifies_alike(framing, tmp_path, tiny, rows, coded, bert):
    command = ["classify", rows, "--codebook", tiny, "--output"]
    learned = framing(*command, tmp_path / "one.csv", "--labels", coded, "--encoder", bert, "--strength", "head",
                      "--save", tmp_path / "kept")  # fmt: skip
    assert learned.code == 0, learned.err
    assert f"classifier kept in {tmp_path / 'kept'}" in learned.err
    again = framing(*command, tmp_path / "two.csv", "--classifier", tmp_path / "kept")
    assert again.code == 0, again.err
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    other = codebook_file(tmp_path, multi_label=True)
    refused(framing(*["classify", rows, "--codebook", other, "--output"], tmp_path / "x.csv", "--classifier",
                    tmp_path / "kept"), r"the classifier was fitted with another codebook")  # fmt: skip


def test_a_folder_that_cannot_hold_a_classifier_is_refused_before_anything_is_learned(framing, tmp_path, tiny, rows):
    ended = framing("classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv", "--save", tmp_path,
                    "--labels", tmp_path / "none.csv")  # fmt: skip
    refused(ended, r"is not empty and holds no classifier; choose another folder")


def test_classify_by_nli(framing, tmp_path, tiny, rows, coded, monkeypatch):
    opened = []

    def scorer(book, name, *, store):
        opened.append((book.codebook, name, store.path.name))
        return FrameClassifier(book, WordEncoder())

    monkeypatch.setattr("framing.nli.NliScorer", scorer)
    ended = framing("classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv", "--nli-model", "model")
    assert ended.code == 0, ended.err
    assert opened == [("tiny", "model", "embeddings.sqlite")]
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--nli-model", "model")
    assert ended.code == 0, ended.err
    assert "zero-shot by natural language inference: exploratory" in ended.out.splitlines()[0]


def evaluated(framing, tiny, coded, *options) -> dict:
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--json", *options)
    assert ended.code == 0, ended.err
    return strict_json(ended.out)


def test_cross_fitting_learns_from_what_is_evaluated_and_stays_honest(framing, by_words, tmp_path, tiny, coded):
    """Labels drawn at random cannot be found again, though the classifier learned from them."""
    found = evaluated(framing, tiny, coded, "--cross-fit")
    assert found["method"] == "head, cross-fitted on these labels"
    assert found["n_passages"] == 30
    accuracy = pd.DataFrame(found["measures"]).set_index(["frame", "measure"]).loc[("(micro)", "f1"), "estimate"]
    assert accuracy > 0.9
    drawn = pd.read_csv(coded)
    drawn["frames"] = np.random.default_rng(2).permutation(drawn["frames"].to_numpy())
    random = write(tmp_path / "random.csv", drawn)
    found = evaluated(framing, tiny, random, "--cross-fit")
    accuracy = pd.DataFrame(found["measures"]).set_index(["frame", "measure"]).loc[("(micro)", "f1"), "estimate"]
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


def test_evaluating_on_what_was_learned_from_is_warned_of(framing, by_words, tmp_path, tiny, coded):
    half = write(tmp_path / "half.csv", pd.read_csv(coded).head(12))
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--labels", half)
    assert ended.code == 0, ended.err
    assert (
        f"warning: 12 of 30 passages are also in {half}; agreement on what was learned from says nothing" in ended.err
    )
    fresh = write(tmp_path / "fresh.csv", pd.DataFrame({"text": CHESS, "frames": "sport"}))
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--labels", fresh)
    assert "warning" not in ended.err


def test_agreement_by_outlet(framing, by_words, tiny, coded):
    found = evaluated(framing, tiny, coded, "--by", "outlet")
    groups = pd.DataFrame(found["by_group"])
    assert set(groups["group"]) == {"A", "B"}
    assert (groups.groupby("group")["n_passages"].max() == 15).all()
    differences = pd.DataFrame(found["error_differences"])
    assert set(zip(differences["group_a"], differences["group_b"], strict=True)) == {("A", "B")}
    assert len(differences) == 6  # three frames, two measures
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--by", "outlet")
    assert "Agreement by outlet" in ended.out
    assert "Differences in errors by outlet, clearest first" in ended.out
    assert re.search(r"^A +\(macro\) +f1 +\d", ended.out, re.M)


def test_agreement_by_a_column_of_the_file(framing, by_words, tmp_path, tiny, coded):
    table = pd.read_csv(coded).assign(desk="foreign")
    source = write(tmp_path / "desks.csv", table)
    found = evaluated(framing, tiny, source, "--by", "desk")
    assert {row["group"] for row in found["by_group"]} == {"foreign"}
    assert "error_differences" not in found, "one group has nothing to be compared with"


@pytest.mark.parametrize("column", ["desk", "outlet", "published", "perspective"])
def test_a_column_to_evaluate_by_must_be_there(framing, tmp_path, tiny, coded, column):
    source = write(tmp_path / "plain.csv", pd.read_csv(coded)[["text", "frames"]])
    ended = framing("evaluate", source, "--codebook", tiny, "--label-column", "frames", "--by", column)
    refused(ended, rf"plain\.csv lacks the column\(s\) {column}\. It has: text, frames")


def test_reliability_of_coders(framing, by_words, tiny, coded):
    found = evaluated(framing, tiny, coded, "--coders", "coder_1, coder_2")
    alpha = pd.DataFrame(found["reliability"])
    assert {"frame", "measure", "estimate"} <= set(alpha.columns)
    pairs = pd.DataFrame(found["coder_confusions"])
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
    monkeypatch.setattr("framing.encode.open_encoder", lambda *_, **__: pytest.fail("an encoder was opened"))
    table = pd.read_csv(coded).assign(coder_2="chess")
    source = write(tmp_path / "chess.csv", table)
    refused(framing("evaluate", source, *command, "coder_1,coder_2"), r"column coder_2, row 1: .*no frame\(s\) 'chess'")


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
    shown = ended.out.split("Differences in errors by desk, clearest first\n")[1].splitlines()
    assert len(shown) == 1 + 12 + 1
    ended = framing(
        "evaluate", source, "--codebook", tiny, "--label-column", "frames", "--by", "desk", "--errors", "40"
    )
    assert "36 rows" not in ended.out


def test_a_difference_that_nobody_knows_is_neither_there_nor_not(framing, by_words, tmp_path, tiny, coded):
    table = pd.read_csv(coded)
    table["outlet"] = ["A"] * 27 + ["B"] * 3  # the last document alone
    source = write(tmp_path / "few.csv", table)
    found = evaluated(framing, tiny, source, "--by", "outlet")
    assert {row["differs"] for row in found["error_differences"]} == {None}
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
    shown = framing(*command, "--errors", "2").out
    assert "Gold frame against decided frame" in shown
    worst = shown.split("Worst errors\n")[1].strip().splitlines()
    assert len(worst) == 1 + 2  # a head line and two errors
    found = evaluated(framing, tiny, source, "--errors", "2")
    assert len(found["worst_errors"]) == 2
    assert "worst_errors" not in evaluated(framing, tiny, source)
    assert framing(*command, "--errors", "-1").code == 2


def test_promises_are_evaluated_too(framing, by_words, tiny, coded):
    found = evaluated(framing, tiny, coded, "--cross-fit", "--precision", "0.3")
    assert [row["measure"] for row in found["guarantees"]] == ["precision"] * 3
    assert all(row["held"] for row in found["guarantees"])
    ended = framing(
        "evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--cross-fit", "--precision", "0.9"
    )
    assert "What was promised" in ended.out
    told = ended.out.split("What was promised\n")[1].splitlines()
    assert told[0].startswith("precision of at least 0.9: promised for 0 of 3 frames; not for 3 for want of labels")
    assert len(told) == 1 + 1 + 3 + 2  # summary, head, frames, what the columns mean
    found = evaluated(framing, tiny, coded, "--cross-fit", "--precision", "0.9")
    assert [row["threshold"] for row in found["guarantees"]] == [None] * 3


# codebook, corpus, encoder


def test_codebook_check_says_what_it_finds(framing, tiny):
    ended = framing("codebook", "check", tiny)
    assert ended.code == 0, ended.err
    assert f"{tiny}: war: only 3 seeds; 8 or more are steadier" in ended.out
    assert re.search(r"tiny 1\.0\.0: 3 frames, 9 seeds, \d+ remarks; hash [0-9a-f]{16}", ended.out)


def test_codebook_check_shows_the_changes_against_an_earlier_version(framing, tiny, tmp_path):
    earlier = tmp_path / "earlier.yaml"
    earlier.write_text(tiny.read_text().replace("The team lost on penalties.", "The team lost at home."))
    ended = framing("codebook", "check", tiny, "--against", earlier)
    assert re.search(r"sport +seeds +removed +The team lost at home\.", ended.out)
    assert "No change of content." in framing("codebook", "check", tiny, "--against", tiny).out


BROKEN = "codebook: broken\nversion: 1.0.0\ndescription: d\nframes:\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BROKEN + "  - id: war\n    name: 'War\n", r"broken\.yaml, line [67]: "),
        (BROKEN + "  - id: war\n    id: peace\n", r"broken\.yaml, line 6: "),
        (BROKEN + "  - &a {id: war}\n  - *a\n", r"broken\.yaml, line 5: anchors and aliases"),
        (BROKEN + "  - {id: war, name: War, definition: d, seeds: [a], sedes: []}\n", r"frames\[1\]\.sedes"),
    ],
)  # fmt: skip
def test_broken_codebook_names_file_and_line(framing, tmp_path, text, expected):
    (tmp_path / "broken.yaml").write_text(text)
    refused(framing("codebook", "check", tmp_path / "broken.yaml"), expected)


def test_corpus_check_counts_every_row(framing, root):
    ended = framing("corpus", "check", root / "corpora" / "deep-strike")
    assert ended.code == 0, ended.err
    read_, kept, out = map(int, re.search(r"(\d+) rows in = (\d+) kept \+ (\d+) refused", ended.out).groups())
    lines = (root / "corpora" / "deep-strike" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert (read_, kept, out) == (len(lines), len(lines), 0)
    assert "Dnipro Lantern" in ended.out


def test_corpus_check_names_the_refused_rows(framing, tmp_path):
    (tmp_path / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [rows.jsonl]\nformat: jsonl\n"
        "columns: {text: text, outlet: outlet, published: day}\n"
    )
    lines = [
        {"text": PASSAGES[0], "outlet": "A", "day": "2025-07-01"},
        {"text": PASSAGES[1], "outlet": "A", "day": "July"},
        {"text": "", "outlet": "A", "day": "2025-07-01"},
        {"text": PASSAGES[2], "outlet": "B", "day": "2025-07-02"},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, lines)) + "\n{half", encoding="utf-8")
    ended = framing("corpus", "check", tmp_path)
    assert ended.code == 0, ended.err
    assert "5 rows in = 2 kept + 3 refused" in ended.out
    for line in (2, 3, 5):
        assert f"rows.jsonl, line {line}: " in ended.out


def test_corpus_check_reads_the_labels_too(framing, root, tmp_path):
    ended = framing("corpus", "check", root / "corpora" / "deep-strike")
    n = len(pd.read_csv(root / "corpora" / "deep-strike" / "gold.csv"))
    assert f"labels in great-power-crisis: gold.csv: {n} rows in = {n} labelled passages + 0 refused" in ended.out
    assert re.search(r"^ *escalation_risk +\d+$", ended.out, re.MULTILINE)
    (tmp_path / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [rows.jsonl]\nformat: jsonl\n"
        "columns: {text: text, outlet: outlet}\ngold: {file: coded.csv, codebook: plover, coders: [coder_1]}\n"
    )
    (tmp_path / "rows.jsonl").write_text(json.dumps({"text": PASSAGES[0], "outlet": "A"}), encoding="utf-8")
    (tmp_path / "coded.csv").write_text("text,frames,coder_1\nTanks crossed.,chess,chess\n,assault,assault\n")
    ended = framing("corpus", "check", tmp_path)
    assert ended.code == 2
    assert "1 rows in = 1 kept + 0 refused" in ended.out, "what can be read is shown all the same"
    assert "coded.csv, line 3: no text" in ended.out
    assert "gold: coders names only coder_1" in ended.out
    assert re.match(r"framing: gold: .*coded\.csv, column frames.*no frame\(s\) 'chess'", ended.err)


def test_corpus_check_of_no_corpus(framing, tmp_path):
    refused(framing("corpus", "check", tmp_path / "none"), r"There is no corpus folder .*none")
    refused(framing("corpus", "check", tmp_path), r"There is no file .*corpus\.yaml")


def test_encoder_install(framing):
    refused(framing("encoder", "install", "bert"), "Only mpnet needs installing")
    ended = framing("encoder", "install", "minilm")
    assert (Path(ended.out.strip()) / "model.safetensors").is_file()


# report


def test_unknown_report_lists_the_reports(framing, project, nothing_runs):
    (project / "reports" / "other.yaml").write_text("report: other\n")
    refused(framing("report", "nosuch"), r"There is no report 'nosuch' in reports/\. There are: other, sample\.")


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [
        ("colour=red", r"--set colour=red: unknown setting colour \(known: corpus, codebook, .*random_seed"),
        ("n_bootstrap", r"--set n_bootstrap: expected key=value"),
        ("n_bootstrap=many", r"expected a number for n_bootstrap, got 'many'"),
        ("n_bootstrap=10", r"n_bootstrap: Input should be greater than or equal to 200, got 10"),
        ("level=95", r"level: .*less than 1"),
        ("period=year", r"period: Input should be 'day', 'week' or 'month', got 'year'"),
        ("corpus=../../etc", r"corpus: "),
        ("encoder=", r"encoder: "),
    ],
)
def test_report_with_a_bad_setting_runs_nothing(framing, project, nothing_runs, assignment, expected):
    refused(framing("report", "sample", "--set", assignment), expected)
    assert [path.name for path in (project / "reports").iterdir()] == ["sample.yaml"]


def test_report_file_with_a_bad_parameter_runs_nothing(framing, project, nothing_runs):
    plan = project / "reports" / "sample.yaml"
    plan.write_text(plan.read_text().replace("period: week", "periode: week"))
    refused(framing("report", "sample"), r"Settings: unknown setting periode \(known: corpus, codebook")
    plan.write_text(plan.read_text().replace("periode: week", "period: year"))
    refused(framing("report", "sample"), r"period: Input should be 'day', 'week' or 'month'")


def test_report_that_another_run_makes_is_locked(framing, project, nothing_runs):
    from framing.reports.publish import lock_report

    with lock_report(project / "reports" / "sample"):
        refused(framing("report", "sample"), "Another run is making the report sample; wait for it", code=75)


# failures


@pytest.fixture
def fails(monkeypatch):
    """Makes `framing corpus check` fail with an error of ours or of Python."""
    import framing.corpus

    def with_error(error: BaseException) -> None:
        def read(*_, **__):
            raise error

        monkeypatch.setattr(framing.corpus, "read_corpus", read)

    return with_error


def test_fault_of_ours_says_so(framing, fails):
    fails(RuntimeError("a cable\n   was loose"))
    refused(
        framing("corpus", "check", "."),
        r"our fault: RuntimeError: a cable was loose \(run again with --debug",
        code=1,
    )


def test_debug_shows_the_traceback_and_keeps_the_code(framing, fails):
    from framing.errors import InputError, LockedError

    for error, code in [(InputError("no file"), 2), (LockedError("busy"), 75), (RuntimeError("loose"), 1)]:
        fails(error)
        ended = framing("--debug", "corpus", "check", ".")
        assert ended.code == code
        assert "Traceback (most recent call last)" in ended.err
        assert "raise error" in ended.err
        assert ended.err.splitlines()[-1].startswith("framing: ")
        assert framing("corpus", "check", ".", "--debug").code == code


def test_interrupt_ends_with_130(framing, fails):
    fails(KeyboardInterrupt())
    ended = framing("corpus", "check", ".")
    assert ended.code == 130
    assert "Traceback" not in ended.err


def test_script_ends_with_the_code_and_one_paragraph(tmp_path):
    script = Path(sys.executable).with_name("framing")
    if not script.is_file():
        pytest.skip("the package is not installed as a script here")
    environment = {**os.environ, "FRAMING_PROJECT": str(tmp_path)}
    done = subprocess.run([script, "report", "nosuch"], capture_output=True, text=True, check=False, env=environment)
    refused(
        Ended(done.returncode, done.stdout, done.stderr),
        r"There is no report 'nosuch' in reports/\. There are: none\.",
    )


def test_closed_pipe_is_no_fault(root):
    command = [sys.executable, "-m", "framing", "corpus", "check", "corpora/deep-strike"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root) as process:
        process.stdout.close()  # as `| head` does
        assert process.stderr.read() == ""
    assert process.returncode == 1


def test_a_kept_classifier_brings_its_encoder(tmp_path):
    from framing.cli.classify import classify
    from framing.errors import InputError

    with pytest.raises(InputError, match=r"--classifier: it brings the encoder .* leave out --encoder"):
        classify(
            tmp_path / "a.csv", tmp_path / "b.yaml", tmp_path / "o.csv", classifier=tmp_path / "kept", encoder="mpnet"
        )


def test_labels_without_any_frame_are_refused(tmp_path):
    from framing.cli.options import fitted
    from framing.errors import InputError
    from tests.tiny import codebook

    (tmp_path / "labels.csv").write_text("text,frames\nTanks crossed the river.,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"labels\.csv: no row carries a frame in the column frames"):
        fitted(codebook(multi_label=True), encoder="minilm", labels=tmp_path / "labels.csv", text_column="text")


def test_a_command_that_is_told_to_end_says_so_and_puts_away_what_it_holds(tmp_path):
    """As a timer ends a run: the staging folder is gone, the exit code is the signal's."""
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nimport framing.cli\ndoor = sys.modules['framing.cli.app']\n"
        "from framing.reports.publish import stage\n"
        "def work(**_):\n"
        "    with stage(Path(sys.argv[1]) / 'report'):\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        signal.pause()\n"
        "door.app = work\ndoor.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 143
    assert done.stderr == "framing: ended by SIGTERM; what was there before is untouched\n"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_to_be_full(framing, monkeypatch):
    import errno

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("framing.reports.run.make_report", full)
    ended = framing("report", "sample")
    assert ended.code == 1
    assert ended.err == "framing: the disk is full; what was there before is untouched. Make room and run again.\n"
