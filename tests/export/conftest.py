"""Two finished reports in a project: one without labels, one with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from framing import charts
from framing.charts.drawing import make_spec
from framing.charts.specs import write_spec
from framing.codebook import read_codebook
from framing.tables import SHARES
from tests.chart_tables import FRAMES, contrast_table, share_table

RAW = "share of passages that the classifier marks; document bootstrap; classifier error not included"
CORRECTED = "corrected with labelled passages; score interval over documents, classifier error included"
HYPOTHESIS = {"frame": "escalation_risk", "groups": ["A & B", "rest"], "expect": "more"}


def write_report(root: Path, name: str, *, labelled: bool, seeds: Path) -> Path:
    """The folder of a report with a table of shares, a table of differences and a chart."""
    folder = root / "reports" / name
    (folder / "tables").mkdir(parents=True)
    (folder / "charts").mkdir()
    shutil.copytree(seeds, root / "seeds", dirs_exist_ok=True)
    rows = [
        (outlet, frame, 0.123, 0.1, 0.2, 90, 30, 40 * labelled, CORRECTED if labelled else RAW)
        for outlet in ("A & B", "C_1")
        for frame in ("escalation_risk", "deterrence")
    ]
    pd.DataFrame(rows, columns=["outlet", *SHARES]).to_parquet(folder / "tables" / "shares.parquet")
    contrasts = contrast_table(["A & B", "C_1"]).assign(frame="deterrence", method="joint max-t over all pairs")
    contrasts.iloc[:1].to_parquet(folder / "tables" / "contrasts.parquet")
    if labelled:
        told = [("coders", "anna, ben"), ("how they were drawn", "at random, 20 of each outlet.")]
        pd.DataFrame(told, columns=["what", "value"]).to_parquet(folder / "tables" / "validity_facts.parquet")
        alphas = [("escalation_risk", "alpha", 0.9), ("deterrence", "alpha", 0.7), ("(mean)", "alpha", 0.8)]
        table = pd.DataFrame(alphas, columns=["frame", "measure", "estimate"]).assign(low=0.5, high=1.0, method="x")
        table.to_parquet(folder / "tables" / "coder_reliability.parquet")
    chart = charts.share_intervals(share_table(["A & B", "C_1"]), FRAMES)
    write_spec(make_spec(chart), folder / "charts" / "share_intervals.vl.json")
    (folder / "charts" / "share_intervals.svg").write_text(charts.to_svg(chart), encoding="utf-8")
    facts = make_facts(labelled, read_codebook(seeds / "great-power-crisis.yaml").hash)
    (folder / "run.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder


def make_facts(labelled: bool, codebook_hash: str) -> dict[str, Any]:
    settings = {
        "corpus": "mine", "codebook": "great-power-crisis", "passage_words": 90, "where": {}, "compare_by": "outlet",
        "level": 0.9, "n_bootstrap": 2000, "min_documents": 5, "random_seed": 7, "scorer": "seeds", "cluster": "story",
        "target": "process", "weights": "passages", "hypotheses": [HYPOTHESIS] if labelled else [],
    }  # fmt: skip
    return {
        "title": "Mine & others", "made": "2026-03-02T06:00:00+00:00", "settings": settings, "threshold": 0.5,
        "hashes": {"corpus": "c0ffee", "codebook": codebook_hash, "encoder": "abc123", "gold": ""},
        "encoder": {"name": "minilm", "dtype": "float32"}, "method": "zero-shot from the codebook's seeds",
        "counts": {"rows_read": 61, "rows_kept": 60, "rows_refused": 1, "rows_left_out": 0, "documents": 60,
                   "passages": 180},
        "versions": {"framing": "0.1.0", "numpy": "2.4.6"},
        "labels": {"passages": 40 * labelled, "learned_from": False,
                   "correction": "shares are corrected" if labelled else "no labels"},
        "agreement": {"estimate": 0.64, "low": 0.6, "high": 0.7} if labelled else None,
    }  # fmt: skip


@pytest.fixture(scope="session")
def finished(tmp_path_factory, root) -> Path:
    """A project with the reports `zero` and `labelled`, made once."""
    folder = tmp_path_factory.mktemp("finished")
    for name, labelled in (("zero", False), ("labelled", True)):
        write_report(folder, name, labelled=labelled, seeds=root / "seeds")
    return folder


@pytest.fixture
def reports(finished, tmp_path, monkeypatch) -> Path:
    """A copy of the two reports, for one test to change."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("FRAMING_PROJECT", str(tmp_path))
    return tmp_path / "reports"
