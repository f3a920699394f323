"""`framing corpus check`."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

from tests.cli.outcomes import refused
from tests.tiny import PASSAGES


@pytest.mark.slow
def test_corpus_check_counts_every_row(framing, root):
    ended = framing("corpus", "check", root / "corpora" / "deep-strike")
    assert ended.code == 0, ended.err
    n_read, n_kept, n_refused = map(int, re.search(r"(\d+) rows in = (\d+) kept \+ (\d+) refused", ended.out).groups())
    lines = (root / "corpora" / "deep-strike" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert (n_read, n_kept, n_refused) == (len(lines), len(lines), 0)
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


@pytest.mark.slow
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


def test_corpus_check_names_the_option_for_data_that_are_elsewhere(framing, tmp_path):
    """The function calls it `data_path`, the command line `--path`."""
    (tmp_path / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [a.csv]\nformat: csv\ncolumns: {text: text, outlet: outlet}\n"
    )
    refused(
        framing("corpus", "check", tmp_path, "--path", tmp_path / "nowhere"),
        r"framing: --path: corpus small: no file matches a\.csv in .*nowhere.*Give the folder of the data",
    )


def test_corpus_check_says_how_files_were_read_and_which_outlets_are_alike(framing, tmp_path):
    (tmp_path / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [a.csv]\nformat: csv\ncolumns: {text: text, outlet: outlet}\n"
        "perspectives: {The Post: x, Beacon: y}\n"
    )
    (tmp_path / "a.csv").write_text("text;outlet\none;The Post\ntwo;thepost\nthree;Blatt\n")
    ended = framing("corpus", "check", tmp_path)
    assert "a.csv: the fields are separated by semicolons" in ended.out
    assert "outlets that may be one, written in several ways: The Post, thepost" in ended.out
    assert "perspectives name outlets that do not occur: Beacon\n" in ended.out


def test_corpus_check_says_which_languages_are_not_known_to_what(framing, tmp_path):
    (tmp_path / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [rows.jsonl]\nformat: jsonl\ncolumns: {text: text, outlet: outlet}\n"
    )
    swahili = "Mawaziri walikutana jana katika mji mkuu na kukubaliana kufungua tena mpaka."
    lines = [{"text": text, "outlet": "A"} for text in (*PASSAGES[:2], swahili)]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    ended = framing("corpus", "check", tmp_path)
    assert ended.code == 0, ended.err
    for line in (
        "languages: en 2, sw 1",
        "languages of A: en 2, sw 1",
        "the encoder minilm does not read the language of: 1 of 3 (sw 1)",
        "without a list of abbreviations: 1 of 3 (sw 1)",
        "documents in other languages: 1 of 3 (sw 1). Their voices are not known.",
    ):
        assert line in ended.out
    assert "the encoder multilingual does not read" not in ended.out
