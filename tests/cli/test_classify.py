"""`framing classify`: rows in, classified table out, learning from labels, kept classifiers."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pandas as pd
import pytest

from framing.classify.classifier import FrameClassifier
from framing.classify.tuned.plan import TuningPlan
from framing.tables import CLASSIFIED
from tests.cli.outcomes import CHESS, read, refused, write
from tests.tiny import PASSAGES, WordEncoder, codebook_file, static_model


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
    refused(ended, rf"--output: .*{re.escape(name)}: expected a name ending in \.csv, \.jsonl or \.parquet")
    assert list(tmp_path.iterdir()) == []


def test_output_in_a_missing_folder_is_refused(framing, rows, tiny, tmp_path):
    ended = framing("classify", rows, "--codebook", tiny, "--output", tmp_path / "none" / "out.csv")
    refused(ended, r"there is no folder .*none\.")


@pytest.mark.parametrize("name", ["rows.csv", "folder/../rows.csv", "link.csv", "labels.csv", "papers/a.csv"])
def test_a_file_that_is_read_is_not_replaced(framing, tmp_path, tiny, name):
    rows = write(tmp_path / "rows.csv", pd.DataFrame({"text": PASSAGES}))
    labels = write(tmp_path / "labels.csv", pd.DataFrame({"text": CHESS, "frames": ["war"] * 3}))
    papers = tmp_path / "papers"
    for folder in (papers, tmp_path / "folder"):
        folder.mkdir()
    write(papers / "a.csv", pd.DataFrame({"text": PASSAGES, "paper": ["A"] * 3}))
    (papers / "corpus.yaml").write_text(
        "corpus: papers\ntitle: Papers\nformat: csv\nfiles: ['*.csv']\ncolumns: {text: text, outlet: paper}\n"
    )
    (tmp_path / "link.csv").symlink_to(rows)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.csv")}
    source = papers if name.startswith("papers") else rows
    ended = framing("classify", source, "--codebook", tiny, "--labels", labels, "--output", tmp_path / name)
    refused(ended, rf"--output: .*{re.escape(name)} is one of the files to read, which it would replace; name another")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.csv")} == before
    assert (tmp_path / "link.csv").is_symlink()


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


@pytest.mark.slow
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


@pytest.fixture
def quick(monkeypatch) -> None:
    """Tuning in a few steps."""
    plan = TuningPlan(objective="classification", min_steps=3, max_steps=4)
    monkeypatch.setattr("framing.classify.classifier.TuningPlan", lambda: plan)
    monkeypatch.setattr("framing.steps._PATIENCE", 0.0)  # progress of what takes less than two seconds is shown, too


@pytest.mark.parametrize("strength", ["head", "fine-tuned", "auto"])
def test_strength_is_passed_on(framing, quick, tmp_path, tiny, rows, coded, bert, strength):
    output = tmp_path / "out.csv"
    command = ["classify", rows, "--codebook", tiny, "--output", output, "--labels", coded, "--encoder", bert]
    ended = framing(*command, "--strength", strength, "--save", tmp_path / "kept")
    assert ended.code == 0, ended.err
    facts = json.loads((tmp_path / "kept" / "classifier.json").read_text())["facts"]
    expected = {"auto": "fine-tuned"}.get(strength, strength)  # thirty labels, three frames
    assert facts["classifier"]["strength"] == expected
    assert len(read(output)) == 9
    messages = ended.err.splitlines()
    why = {
        "auto": "strength fine-tuned: 30 labelled passages for 3 frames are 10.0 a frame; it is taken from 8 on",
    }
    assert why.get(strength, f"strength {strength}, as asked for") in messages
    steps = "fine-tuning: 30 labelled passages, 3 frames, 4 members, 16 steps"
    assert (steps in messages) == (strength != "head")
    if strength != "head":  # standard error is no terminal here
        lines = [line for line in messages[messages.index(steps) + 1 :] if line.startswith("fine-tuning: ")]
        assert re.fullmatch(r"fine-tuning: 6 % of 16 steps, [\d.,]+ steps/s, .+ left", lines[0]), lines
        assert re.fullmatch(r"fine-tuning: 100 % of 16 steps, [\d.,]+ steps/s, done", lines[-1]), lines


def test_a_search_is_passed_on(framing, monkeypatch, tmp_path, tiny, rows, coded, bert):
    def plan(search: bool) -> TuningPlan:
        return TuningPlan(objective="classification", trained_layers=2, min_steps=3, max_steps=4, search=search)

    monkeypatch.setattr("framing.cli.learning_options.TuningPlan", plan)
    command = ["classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv", "--labels", coded]
    tuned = ["--encoder", bert, "--strength", "fine-tuned", "--search-tuning", "--save", tmp_path / "kept"]
    ended = framing(*command, *tuned)
    assert ended.code == 0, ended.err
    kept = json.loads((tmp_path / "kept" / "classifier.json").read_text())
    chosen = re.search(r"best of 5 plans on the first fold: (.+) learn\b", ended.err)
    assert kept["facts"]["classifier"]["parameters"]["tuning"]["search"] is True
    rates = {each.learning_rate for each in plan(search=True).list_rivals(30, 3)}
    assert rates == {1e-4, 2e-4, 5e-5}
    assert any(f"learning rate {rate:g}, " in chosen[1] for rate in rates)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--search-tuning"], r"--search-tuning .* strength auto may not tune it: add --strength fine-tuned\."),
        (["--search-tuning", "--strength", "head"], r"strength head does not tune it: add --strength fine-tuned\."),
        (["--strength", "strong"], r"--strength strong: choose auto, zero-shot, head, fine-tuned\."),
        (
            ["--strength", "head"],
            r"strength head learns from labels: give --labels FILE, or a codebook with 8 examples",
        ),
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
        (["--nli-model", "some/where", "--search-tuning"], r"--nli-model: .* leave out --strength, --search-tuning"),
        (["--nli-model", "some/where"], r"The NLI model 'some/where' is no folder here"),
        (["--nli-model", "x", "--save", "kept"], r"--save: an NLI scorer has nothing to save"),
        (
            ["--classifier", "kept", "--nli-model", "x"],
            r"--classifier: a saved classifier is used unchanged; leave out",
        ),
        (["--classifier", "kept", "--recall", "0.5"], r"--classifier: a saved classifier is used unchanged; leave out"),
        (["--classifier", "kept", "--strength", "head"], r"--classifier: a saved classifier is used unchanged"),
        (["--classifier", "kept"], r"kept holds no classifier: there is no classifier\.json\. Save one there first"),
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
    messages = ended.err[ended.err.index("precision of at least") :].splitlines()
    assert messages[0] == "precision of at least 0.3: promised for 3 of 3 frames (confidence 0.95)"
    assert messages[1] == (
        "recall of at least 0.95: promised for 0 of 3 frames; not for 3 for want of labels, which abstain instead "
        "(confidence 0.95)"
    )
    assert re.match(r"frame +measure +promised +score +kept +n  labels that would roughly do", messages[2])
    assert re.match(r"war +precision +yes +[01]\.\d{3} +\d+% +\d+ *$", messages[3])
    # ten of thirty carry it; 59 carriers show .95 at 95 %, so 59 × 30 / 10 labels would do, said as 180
    assert re.match(r"war +recall +no +– +0% +10  180$", messages[4])
    assert re.search(r"^\d+\.\d% of the decisions are abstentions$", ended.err, re.M)
    assert "abstain" in set(read(output)["decision"])


def test_a_kept_classifier_classifies_alike(framing, tmp_path, tiny, rows, coded, bert):
    command = ["classify", rows, "--codebook", tiny, "--output"]
    learned = framing(*command, tmp_path / "one.csv", "--labels", coded, "--encoder", bert, "--strength", "head",
                      "--save", tmp_path / "kept")  # fmt: skip
    assert learned.code == 0, learned.err
    assert f"classifier saved in {tmp_path / 'kept'}" in learned.err
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
    calls = []

    def scorer(book, name, *, store):
        calls.append((book.codebook, name, store.path.name))
        return FrameClassifier(book, WordEncoder())

    monkeypatch.setattr("framing.cli.classifiers.NliScorer", scorer)
    ended = framing("classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv", "--nli-model", "model")
    assert ended.code == 0, ended.err
    assert calls == [("tiny", "model", "embeddings.sqlite")]
    ended = framing("evaluate", coded, "--codebook", tiny, "--label-column", "frames", "--nli-model", "model")
    assert ended.code == 0, ended.err
    assert "zero-shot by natural language inference: exploratory" in ended.out.splitlines()[0]


def test_a_kept_classifier_brings_its_encoder(framing, tmp_path, tiny, rows):
    output, folder = tmp_path / "out.csv", tmp_path / "kept"
    command = ["classify", rows, "--codebook", tiny, "--output", output, "--classifier", folder]
    refused(
        framing(*command, "--encoder", "mpnet"),
        r"--classifier: a saved classifier has its encoder; leave out --encoder",
    )


def test_labels_without_any_frame_are_refused(framing, tmp_path, rows):
    several_frames = codebook_file(tmp_path, multi_label=True)
    labels = tmp_path / "labels.csv"
    labels.write_text("text,frames\nTanks crossed the river.,none\n", encoding="utf-8")
    command = ["classify", rows, "--codebook", several_frames, "--output", tmp_path / "out.csv", "--labels", labels]
    refused(framing(*command), r"labels\.csv: no row carries a frame in the column frames")


# what rows have besides


MINISTERS = "The ministers met in the capital to speak about the treaty."


def test_further_columns_of_a_file_are_carried(framing, tmp_path, tiny):
    given = pd.DataFrame(
        {"text": PASSAGES, "section": ["World", "=1+1", "-3"], "frame": ["a", "b", "c"], "title": ["On it", "", ""]}
    )
    source = write(tmp_path / "rows.csv", given)
    command = ["classify", source, "--codebook", tiny, "--output", tmp_path / "out.csv"]
    assert framing(*command).code == 0
    table = read(tmp_path / "out.csv").drop_duplicates("passage_id")
    assert table["section"].to_list() == ["World", "'=1+1", "-3"], "a formula is text, a number a number"
    assert table["file_frame"].to_list() == ["a", "b", "c"]
    assert table["title"].to_list() == ["On it", "", ""]
    assert not {"group", "file_line", "line", "file"} & set(table.columns)
    assert framing(*command, "--metadata", "section").code == 0
    assert [name for name in read(tmp_path / "out.csv") if name in given.columns] == ["text", "frame", "section"]
    assert framing(*command, "--metadata", "none").code == 0
    assert [name for name in read(tmp_path / "out.csv") if name in given.columns] == ["text", "frame"]
    refused(framing(*command, "--metadata", "desk"), r"lacks the column\(s\) desk")


def test_dates_are_left_empty_unless_their_form_is_given(framing, tmp_path, tiny):
    given = pd.DataFrame({"text": PASSAGES, "published": ["04.07.2025", "2025", "13.07.2025"]})
    source = write(tmp_path / "rows.csv", given)
    command = ["classify", source, "--codebook", tiny, "--output", tmp_path / "out.csv"]
    ended = framing(*command)
    assert ended.code == 0
    assert "warning: 3 rows were kept without their date, which could not be read:\n" in ended.err
    assert "  rows.csv, line 2: the date '04.07.2025' is not of the form ISO 8601: give --date-format '%d.%m.%Y'" in (
        ended.err
    )
    assert set(read(tmp_path / "out.csv")["published"]) == {""}
    ended = framing(*command, "--date-format", "%d.%m.%Y")
    assert "warning: 1 rows were kept without their date" in ended.err
    assert list(read(tmp_path / "out.csv")["published"].unique()) == ["2025-07-04", "", "2025-07-13"]
    refused(framing(*command, "--date-format", "DD.MM.YYYY"), r"--date-format: 'DD\.MM\.YYYY' names no year")


def test_the_encoder_that_auto_takes_is_said(framing, tmp_path, tiny, rows, by_words, monkeypatch):
    monkeypatch.setattr("framing.classify.auto_encoder.installed_encoders", lambda: ["minilm", "mpnet"])
    command = ["classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv"]
    line = "encoder mpnet: the best installed for English; about 25 words take less than a minute on"
    assert line in framing(*command).err
    assert line in framing(*command, "--encoder", "auto").err
    assert "encoder mpnet: " not in framing(*command, "--encoder", "minilm").err


def stop():
    raise KeyboardInterrupt


def open_words(name, **_):
    encoder = WordEncoder()
    encoder.name = name
    return encoder


def test_a_run_that_was_stopped_goes_on_with_its_encoder(framing, tmp_path, tiny, rows, monkeypatch):
    monkeypatch.setattr("framing.cli.classifiers.open_encoder", open_words)
    command = ["classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv"]
    with monkeypatch.context() as patch:
        patch.setattr("framing.analysis.classify_parts.Workplace.classify", lambda *_, **__: stop())
        assert framing(*command).code == 130
    monkeypatch.setattr("framing.classify.auto_encoder.installed_encoders", lambda: ["minilm", "mpnet"])
    ended = framing(*command)
    assert ended.code == 0, ended.err
    assert "encoder minilm: the one of the run that was stopped\n" in ended.err
    assert "scored with minilm" in ended.err
    assert "encoder mpnet: the best installed" in framing(*command).err, "the output was there: this is another run"


def test_other_work_than_that_of_the_run_that_was_stopped_has_its_own_encoder(
    framing, tmp_path, tiny, rows, coded, by_words, monkeypatch
):
    command = ["classify", rows, "--codebook", tiny, "--output", tmp_path / "out.csv"]
    with monkeypatch.context() as patch:
        patch.setattr("framing.analysis.classify_parts.Workplace.classify", lambda *_, **__: stop())
        assert framing(*command).code == 130
    monkeypatch.setattr("framing.classify.auto_encoder.installed_encoders", lambda: ["minilm", "mpnet"])
    assert "encoder mpnet+minilm: " in framing(*command, "--labels", coded, "--strength", "head").err


def test_rows_in_other_languages_and_dates_in_question_are_said(framing, tmp_path, tiny, by_words, monkeypatch):
    monkeypatch.setattr(WordEncoder, "name", "minilm")
    given = pd.DataFrame(
        {
            "text": [MINISTERS, "Министры встретились в столице, чтобы поговорить о договоре о мире."],
            "published": ["2025-07-04", "1970-01-01"],
        }
    )
    source = write(tmp_path / "rows.csv", given)
    ended = framing("classify", source, "--codebook", tiny, "--output", tmp_path / "out.csv")
    assert ended.code == 0
    assert (
        "warning: rows in other languages than English, the only one that the encoder minilm reads: 1 of 2 (ru 1)."
        in (ended.err)
    )
    assert (
        "warning: dates in question (1 January 1970, which many databases write for no date): 1 (rows.csv, line 3"
        in (ended.err)
    )
    table = pd.read_csv(tmp_path / "out.csv")
    assert table.drop_duplicates("passage_id")["language"].to_list() == ["en", "ru"]


@pytest.mark.slow
def test_a_row_that_is_longer_than_the_window_is_scored_to_its_end_and_said(framing, tmp_path, root):
    dull = "The ferry leaves the island at nine and takes an hour in calm water. " * 32
    attack = "The strike on the depot killed forty people and the generals threatened an attack on the capital. " * 8
    source = write(tmp_path / "rows.csv", pd.DataFrame({"text": [dull + attack, dull, attack]}))
    seeds = root / "seeds" / "generic-news.yaml"
    ended = framing("classify", source, "--codebook", seeds, "--output", tmp_path / "out.csv")
    assert ended.code == 0
    assert "warning: 2 of 3 rows are longer than what the model reads at once" in ended.err
    table = read(tmp_path / "out.csv")
    both, start, end = table.loc[table["frame"] == "conflict", "score"]
    assert abs(both - end) < 0.15
    assert start < both - 0.3
