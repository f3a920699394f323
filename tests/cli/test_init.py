"""`framing init`: a project of one's own, also from the built wheel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.outcomes import refused


@pytest.fixture
def nowhere(tmp_path, monkeypatch) -> Path:
    """A current folder without a project, and none that a variable names."""
    monkeypatch.delenv("FRAMING_PROJECT")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_project_is_laid_out_and_found_from_within(framing, nowhere, monkeypatch):
    ended = framing("init", "mine")
    assert (ended.code, ended.out) == (0, "mine\n")
    assert "files laid out; README.md says how to go on" in ended.err
    monkeypatch.chdir(nowhere / "mine" / "seeds")
    refused(framing("report", "nosuch"), r"There is no report 'nosuch' in reports/\. There are: sample\.")
    (nowhere / "mine" / "seeds" / "entman.yaml").write_text("mine")
    (nowhere / "mine" / "seeds" / "gvfc.yaml").unlink()
    ended = framing("init", "--update")
    assert ended.code == 0
    assert ended.err.splitlines() == [
        "changed by you, kept: seeds/entman.yaml",
        "deleted by you: seeds/gvfc.yaml (--restore lays it out again)",
        "up to date",
    ]
    assert "new: seeds/gvfc.yaml" in framing("init", "--update", "--restore").err


def test_an_empty_project_has_no_sample(framing, nowhere):
    assert framing("init", "mine", "--empty").code == 0
    assert list((nowhere / "mine" / "corpora").iterdir()) == []
    assert list((nowhere / "mine" / "reports").iterdir()) == []
    assert (nowhere / "mine" / "seeds" / "plover.yaml").is_file()


def test_what_cannot_be_a_project_is_refused(framing, nowhere):
    (nowhere / "thesis.docx").write_text("years of work")
    refused(framing("init", "."), r"\. is no project and not empty: it holds thesis\.docx\..*nothing was changed")
    refused(framing("init"), r"FOLDER: name a new or empty folder; or update the project that you are in: --update")
    refused(framing("init", "--update"), r"No project here: .*framing init FOLDER")
    refused(framing("init", "other", "--update"), r"other was not laid out by `framing init`")
    assert [path.name for path in nowhere.iterdir()] == ["thesis.docx"]


def test_another_project_in_the_variable_is_named(framing, tmp_path, root):
    ended = framing("init", tmp_path / "mine")
    assert f"FRAMING_PROJECT names another project, which commands use: {root}" in ended.err


@pytest.mark.slow
def test_the_wheel_carries_a_whole_project(root, tmp_path):
    """Built from a copy, installed in a folder of its own, and run where no repository is."""
    source, installed = tmp_path / "source", tmp_path / "installed"
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True)
    if tracked.returncode != 0:
        pytest.skip("not a clone: which files belong to the repository is not known")
    for name in tracked.stdout.splitlines():
        if not name.startswith(("tests/", "docs/", "benchmarks/")) and (root / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((root / name).read_bytes())
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", tmp_path, source], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-compile", "--target", installed, wheel], check=True)

    environment = {key: value for key, value in os.environ.items() if key != "FRAMING_PROJECT"}
    environment |= {"PYTHONPATH": str(installed)}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def run(*arguments: object, cwd: Path) -> str:
        command = [sys.executable, "-m", "framing", *map(str, arguments)]
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    before = {path for path in installed.rglob("*") if "__pycache__" not in path.parts}
    run("init", "project", cwd=elsewhere)
    project = elsewhere / "project"
    record = json.loads((project / ".framing" / "project.json").read_text())
    assert len(record["files"]) == len([path for path in project.rglob("*") if path.is_file()]) - 1
    for name in ("notebooks/01_corpora.ipynb", "corpora/deep-strike/gold.csv", "reports/sample.yaml"):
        assert (project / name).read_bytes() == (root / name).read_bytes()
    assert "201 rows in = 201 kept + 0 refused" in run("corpus", "check", "deep-strike", cwd=project / "seeds")
    (elsewhere / "rows.csv").write_text("text\nMissiles hit the port at dawn.\nThe striker scored twice.\n")
    run("classify", "../../rows.csv", "--codebook", "entman", "--output", "../scores.csv", cwd=project / "reports")
    assert len(pd.read_csv(project / "scores.csv")) == 2 * 4
    assert {path for path in installed.rglob("*") if "__pycache__" not in path.parts} == before
