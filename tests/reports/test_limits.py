"""What must not happen: code from settings, files outside the report, names that lead away, corpora that lose rows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from framing.cli.report_options import parse_assignments
from framing.corpus import read_corpus
from framing.errors import FramingError, InputError
from framing.reports import build
from framing.reports.plan import read_plan
from framing.reports.run import make_report
from framing.reports.show import OUTPUT_VARIABLE, show

HEAD = "report: odd\ntitle: T\ncorpus: hostile\ncodebook: entman\n"
CODE = "__import__('os').system('touch {mark}')"
BAD = [
    {"n_bootstrap": 3}, {"n_bootstrap": "many"}, {"n_bootstrap": 10**12}, {"level": 1.5}, {"level": float("nan")},
    {"passage_words": -1}, {"min_documents": 0}, {"random_seed": -5}, {"period": "fortnight"}, {"compare_by": "text"},
    {"corpus": "../hostile"}, {"corpus": "/etc"}, {"codebook": "great-power-crisis\n"}, {"scorer": "eval"},
    {"strength": CODE}, {"encoder": "../../etc"}, {"nonsense": 1}, {CODE: 1}, {"learn_from_gold": "perhaps"},
    {"wanted_precision": 2.0},
]  # fmt: skip


@pytest.mark.slow
def test_twenty_bad_sets_of_parameters_start_nothing(in_project, monkeypatch, tmp_path):
    assert len(BAD) == 20
    monkeypatch.setattr(build, "run_notebooks", lambda *_, **__: pytest.fail("a kernel was started"))
    mark = tmp_path / "ran"
    for given in BAD:
        overrides = {key.replace("{mark}", str(mark)): value for key, value in given.items()}
        setting = re.findall(r"\w+", next(iter(overrides)))[0]
        with pytest.raises(InputError, match=f"{setting}|safetensors"):
            make_report("hostile", overrides=overrides)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("report: odd\ntitle: !!python/object/apply:os.system ['touch {mark}']\n", "tag"),
        ("report: odd\ntitle: &a [*a]\n", "anchor|alias"),
        ("report: odd\nreport: odd\n", "report"),
        (f"{HEAD}notebooks: [../../etc/passwd]\n", "notebooks"),
        (f"{HEAD}notebooks: [01_corpora]\nrun: 'touch {{mark}}'\n", "run"),
        (
            f"{HEAD}notebooks: [01_corpora]\nparameters: {{\"x = 1\\nopen('{{mark}}', 'w')\": 1}}\n",
            "unknown setting x = 1",
        ),
    ],
)
def test_no_code_comes_from_a_report_file(in_project, tmp_path, content, message):
    mark, path = tmp_path / "ran", in_project / "reports" / "odd.yaml"
    path.write_text(content.replace("{mark}", str(mark)), encoding="utf-8")
    try:
        with pytest.raises(InputError, match=message):
            read_plan("odd").settings({})
    finally:
        path.unlink()
    assert not mark.exists()


NAMES = [
    "../up", "/etc/passwd", "a/b", "..", ".", "", "con:", "a\x00b", "Ä", "a b", "-rf", "%2e%2e", "~root", "a" * 300,
    "a\nb",
]  # fmt: skip


def test_fifteen_hostile_names_write_nothing_outside(in_project, monkeypatch, tmp_path):
    assert len(NAMES) == 15
    output = tmp_path / "deep" / "report"
    output.mkdir(parents=True)
    monkeypatch.setenv(OUTPUT_VARIABLE, str(output))
    chart = alt.Chart(pd.DataFrame({"x": [1]})).mark_point().encode(x="x")
    for name in NAMES:
        for item in (pd.DataFrame({"x": [1]}), chart):
            with pytest.raises(InputError, match="must be lower-case letters"):
                show(item, name)
        with pytest.raises(FramingError, match="no report"):
            read_plan(name)
    assert [path.name for path in tmp_path.rglob("*")] == ["deep", "report"]


def test_assignments_that_are_code_are_values_or_refused():
    assert parse_assignments([f"encoder={CODE}"]) == {"encoder": CODE}, "a name that no encoder has"
    with pytest.raises(InputError, match="unknown setting"):
        parse_assignments([f"{CODE}=1"])


GOOD = '{"outlet": "P", "published": "2026-03-03", "text": "The harbour council met on Tuesday to weigh a ferry line."}'
LINES = {
    "cut": '{"outlet": "P", "text": "abc', "a list": "[1, 2]", "a number": "7", "null": "null", "empty object": "{}",
    "no text": '{"outlet": "P"}', "empty text": '{"outlet": "P", "text": "  "}',
    "null text": '{"outlet": "P", "text": null}',
    "no outlet": '{"text": "Words of a paper."}', "text is a list": '{"outlet": "P", "text": ["a"]}',
    "deep": "[" * 5000 + "]" * 5000, "trailing comma": '{"outlet": "P", "text": "a",}', "two objects": f"{GOOD} {GOOD}",
    "single quotes": "{'outlet': 'P', 'text': 'a'}", "comment": "// not JSON", "NaN": '{"outlet": "P", "text": NaN}',
    "lone surrogate": '{"outlet": "P", "text": "a \\ud800 b"}', "nul": '{"outlet": "P", "text": "a \\u0000 b"}',
    "long": '{"outlet": "P", "text": "' + "x" * 12_000_000 + '"}', "html": "<html></html>", "tab": "\t",
    "repeated key": '{"outlet": "P", "text": "a", "text": "b"}', "number text": '{"outlet": "P", "text": 5}',
    "bad date": '{"outlet": "P", "text": "A day that is none.", "published": "2025-13-45"}', "bom": "\ufeff{",
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_rows_in_are_rows_kept_and_quarantined(tmp_path: Path, name: str):
    assert len(LINES) == 25
    (tmp_path / "a.jsonl").write_text(f"{GOOD}\n{LINES[name]}\n{GOOD.replace('Tuesday', 'Friday')}\n", encoding="utf-8")
    (tmp_path / "corpus.yaml").write_text(
        "corpus: own\ntitle: Own\nfiles: ['a.jsonl']\nformat: jsonl\n"
        "columns: {text: text, outlet: outlet, published: published}\n"
    )
    corpus = read_corpus(tmp_path)
    n_rows = int(corpus.files["n_rows"].sum())
    assert n_rows == len(corpus.documents) + len(corpus.quarantine)
    assert n_rows >= 2 + (name != "tab")
    assert {"Tuesday", "Friday"} <= set(" ".join(corpus.documents["text"]).replace(".", "").split())
    json.dumps(corpus.quarantine.to_dict("records"), default=str)
