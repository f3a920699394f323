"""`framing regress`: a readable table, files, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from framing.corpus.rows import read_passages
from framing.tables import COEFFICIENTS, EFFECTS
from tests.analysis.project import enter_project, write_project
from tests.cli.outcomes import read, refused
from tests.tiny import SPORT, TRADE, WAR

FRAMES = ["war", "trade", "sport"]


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """120 documents of a passage in two outlets over ten weeks; 80 of them are labelled, those of B more often war."""
    generator = np.random.default_rng(0)
    rows, topics = [], {}
    for number in range(120):
        outlet = "AB"[number % 2]
        topic = int(generator.choice(3, p=[0.2, 0.4, 0.4] if outlet == "A" else [0.6, 0.2, 0.2]))
        text = f"{[WAR, TRADE, SPORT][topic][number % 3]} Page {number}."
        topics[f"d{number}"] = FRAMES[topic]
        day = (pd.Timestamp("2025-01-06") + pd.Timedelta(days=number % 70)).strftime("%Y-%m-%d")
        rows.append({"document_id": f"d{number}", "text": text, "outlet": outlet, "published": day})
    corpus = write_project(tmp_path, rows, rules="metadata: all\ngold: {file: coded.csv}\n")
    for number, row in enumerate(rows):  # a column of the file that corpus.yaml does not name
        row["section"] = ["World", "Home", ""][number % 3] if number < 30 else "World"
    (corpus / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    enter_project(tmp_path, monkeypatch)
    passages, _ = read_passages(corpus)
    coded = passages.sample(80, random_state=1, ignore_index=True)[["passage_id", "document_id", "outlet", "text"]]
    coded["frames"] = coded["document_id"].map(topics)
    coded.assign(inclusion_probability=repr(80 / 120)).to_csv(corpus / "coded.csv", index=False)
    return tmp_path


def test_a_corpus_is_regressed_and_the_table_is_readable(framing, small, tmp_path):
    output, effects = tmp_path / "out.csv", tmp_path / "effects.csv"
    options = ["--codebook", "tiny", "--formula", "outlet + time", "--frame", "war", "--output", output]
    ended = framing("regress", "small", *options, "--effects", effects)
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert lines[0].startswith("share of each frame ~ outlet + time; corrected with labelled passages")
    assert re.fullmatch(r"120 passages of 120 documents, 80 labelled\. Intervals take as independent .*", lines[1])
    assert re.search(r"^war\n  Intercept +\+\d+\.\d \([-+]\d+\.\d to \+\d+\.\d\) ", ended.out, re.M)
    found = re.search(r"^  outlet\[T\.B\] +(\S+) \((\S+) to (\S+)\) +0\.\d{4} +0\.\d{4}$", ended.out, re.M)
    table = read(output)
    assert tuple(table.columns) == COEFFICIENTS
    row = table.set_index("term").loc["outlet[T.B]"]
    assert [float(text) for text in found.groups()] == pytest.approx(
        [100 * row[name] for name in ("estimate", "low", "high")], abs=0.051
    )
    assert row["estimate"] > 0.2
    assert "p_adjusted covers the coefficients (or the effects) of outlet, time on 1 frame together." in ended.out
    assert lines[-2:] == [str(output), str(effects)]
    assert tuple(read(effects).columns) == EFFECTS


def test_a_report_gives_its_settings_and_a_logit_shows_effects(framing, small, tmp_path):
    (small / "notebooks").mkdir()
    (small / "notebooks" / "01.ipynb").write_text("{}")
    (small / "reports").mkdir()
    (small / "reports" / "mine.yaml").write_text(
        "report: mine\ntitle: Mine\ncorpus: small\ncodebook: tiny\nnotebooks: ['01']\n"
        "parameters: {formula: outlet + section, cluster: document, n_bootstrap: 300}\n"
    )
    output = tmp_path / "out.jsonl"
    ended = framing("regress", "mine", "--model", "logit", "--interest", "outlet", "--exploratory", "--output", output)
    assert ended.code == 0, ended.err
    assert "share of each frame ~ outlet + section; exploratory: the classifier's decisions; logit" in ended.out
    assert "Not corrected: asked for. What follows is exploratory." in ended.out
    assert "10 passages are left out, as they lack a value: section 10." in ended.out
    assert "in log-odds" in ended.out
    assert re.search(r"^  outlet: B against A +\+\d", ended.out, re.M)
    assert "Intervals take as independent units: 120 documents" in ended.out
    table = pd.read_json(output, lines=True)
    assert table.loc[table["term"].str.startswith("section"), "p_adjusted"].isna().all()
    assert (table["n_left_out"] == 10).all()


def test_what_is_wrong_is_said(framing, small, tmp_path):
    output = ["--output", tmp_path / "out.csv"]
    refused(framing("regress", "nosuch", *output), "There is no report and no corpus 'nosuch'.*Corpora: small")
    refused(framing("regress", "small", *output), "small is a corpus: name a codebook in seeds/ with --codebook")
    corpus = ["regress", "small", "--codebook", "tiny", *output]
    refused(framing(*corpus, "--frame", "peace"), "--frame peace: the codebook has war, trade, sport")
    refused(
        framing(*corpus, "--formula", "outlet + sector"),
        r"--formula: there is no column sector to regress on\. There are: .*section.*time",
    )
    made = tmp_path / "made"
    attack = f"""C(time, "`", __import__("os").system("touch {made}"), "`")"""
    (small / "reports").mkdir()
    (small / "notebooks").mkdir()
    (small / "notebooks" / "01.ipynb").write_text("{}")
    report = {"report": "mine", "title": "Mine", "corpus": "small", "codebook": "tiny", "notebooks": ["01"]}
    (small / "reports" / "mine.yaml").write_text(json.dumps({**report, "parameters": {"formula": attack}}))
    for arguments in ((*corpus, "--formula", attack), ("regress", "mine", *output)):
        refused(framing(*arguments), "formula: .*cannot be read from|formula: .*stands where|formula: .*a term may be")
    assert not made.exists()
    refused(framing(*corpus, "--model", "probit"), "--model: expected one of linear, logit, got 'probit'")
    refused(framing(*corpus, "--interest", "section"), "--interest: section is not in the formula")
    refused(framing("regress", "small", "--codebook", "tiny", "--output", tmp_path / "out.xls"), r"\.csv, \.jsonl")
    elsewhere = tmp_path / "tiny.yaml"
    elsewhere.write_text("codebook: tiny\n")
    refused(framing("regress", "small", "--codebook", elsewhere, *output), "expected a codebook of the project")


def test_files_of_the_analysis_are_not_replaced(framing, small, tmp_path):
    labels = tmp_path / "corpora" / "small" / "coded.csv"
    before = labels.read_bytes()
    command = ["regress", "small", "--codebook", "tiny", "--output"]
    refused(framing(*command, labels), r"--output: .*coded\.csv is one of the files to read")
    refused(framing(*command, tmp_path / "o.csv", "--effects", labels), r"--effects: .*coded\.csv is one of the files")
    refused(framing(*command, labels.with_name("rows.jsonl")), r"rows\.jsonl is one of the files to read")
    assert labels.read_bytes() == before
