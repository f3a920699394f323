"""The labels of corpus.yaml, checked before anything is made of them: all that is wrong at once."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from framing.coding.gold_check import GoldCheck, check_gold
from framing.corpus import read_config
from tests.tiny import PASSAGES, codebook_file

TABLE = pd.DataFrame(
    {
        "text": [*PASSAGES, " "],
        "frames": ["War", "trade", "trade", "war"],
        "coder_1": ["war", "trade", "sport", "war"],
        "coder_2": ["war", "trade", "trade", "war"],
    }
)
COMPLETE = "file: coded.csv, codebook: tiny, coders: [coder_1, coder_2], sampling: All of them."


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("corpora/small", "seeds"):
        (tmp_path / name).mkdir(parents=True)
    codebook_file(tmp_path / "seeds")
    lines = [json.dumps({"text": text, "outlet": "A"}) for text in PASSAGES]
    (tmp_path / "corpora" / "small" / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setenv("FRAMING_PROJECT", str(tmp_path))
    return tmp_path


def write_corpus(project: Path, rule: str, table: pd.DataFrame = TABLE) -> Path:
    folder = project / "corpora" / "small"
    table.to_csv(folder / "coded.csv", index=False)
    gold = f"\ngold: {{{rule}}}\n" if rule else ""
    (folder / "corpus.yaml").write_text(
        "corpus: small\ntitle: Small\nfiles: [rows.jsonl]\nformat: jsonl\ncolumns: {text: text, outlet: outlet}\n"
        + gold,
        encoding="utf-8",
    )
    return folder


def check_labels(project: Path, rule: str, table: pd.DataFrame = TABLE) -> GoldCheck:
    folder = write_corpus(project, rule, table)
    check = check_gold(read_config(folder), folder)
    assert check is not None
    return check


def test_no_labels_are_nothing_to_check(project):
    folder = write_corpus(project, "")
    assert check_gold(read_config(folder), folder) is None


def test_rows_kept_refused_and_counted_per_frame(project):
    check = check_labels(project, COMPLETE)
    assert (check.problems, check.remarks) == ((), ())
    assert check.n_kept == 3
    assert check.refused[["line", "reason"]].values.tolist() == [[5, "no text"]]
    assert check.counts.values.tolist() == [["war", 1], ["trade", 2], ["sport", 0]]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("file: gone.csv, codebook: tiny", r"gold: There is no file of human labels .*corpora/small/gone\.csv"),
        (
            "file: coded.csv, codebook: tinny",
            r"gold: codebook: There is no codebook 'tinny' in .*There are: tiny",
        ),
        (
            "file: coded.csv, codebook: tiny, labels: codes",
            r"coded\.csv lacks the column\(s\) codes\. It has: text",
        ),
        ("file: coded.csv, codebook: tiny, text: body", r"coded\.csv lacks the column\(s\) body\."),
        ("file: coded.csv, codebook: tiny, coders: [coder_1, coder_9]", r"lacks the column\(s\) coder_9\."),
    ],
)
def test_what_stops_the_labels_is_a_problem(project, rule, problem):
    import re

    (check,) = check_labels(project, rule).problems
    assert re.search(problem, check), check


def test_unknown_labels_of_all_columns_are_told_at_once(project):
    table = TABLE.assign(frames=["war", "chess", "trade", "war"], coder_2=["war", "go", "trade", "war"])
    labels, coders = check_labels(project, COMPLETE, table).problems
    assert "coded.csv, column frames" in labels
    assert "no frame(s) 'chess'" in labels
    assert coders.startswith("gold: coders: ")
    assert "no frame(s) 'go'" in coders


def test_what_is_missing_is_remarked(project):
    check = check_labels(project, "file: coded.csv, coders: [coder_1]")
    assert check.problems == ()
    assert check.n_kept == 3
    assert check.counts.empty
    without, one_coder, sampling = check.remarks
    assert without.startswith("gold: no codebook is named, so the labels were not checked")
    assert one_coder.startswith("gold: coders names only coder_1; reliability needs at least two")
    assert sampling.startswith("gold: sampling is not stated")
