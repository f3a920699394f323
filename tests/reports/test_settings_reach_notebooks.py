"""Every setting of a run reaches every notebook, and the page shows what the notebooks showed."""

from __future__ import annotations

import json
import re

import nbformat
import pandas as pd
import pytest

from framing.analysis.analysis import handed_over, open_analysis
from framing.analysis.stories import open_stories
from framing.analysis.voices import open_voices
from framing.errors import RunError
from framing.reports.plan import read_plan
from framing.reports.run import run_notebook

CELL = """import framing

settings = framing.Settings.from_parameters(globals())
analysis = framing.open_analysis(settings)
framing.show(analysis.passages, "passages")
framing.show(analysis.files.assign(key=analysis.key, draws=settings.n_bootstrap, seed=settings.random_seed), "facts")"""


def notebook_of(folder, *sources):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook.cells[0].metadata["tags"] = ["parameters"]
    path = folder / "own.ipynb"
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def settings(in_project):
    return read_plan("hostile").settings({"random_seed": 7})


def test_settings_that_the_parameters_cell_does_not_name_reach_the_notebook(settings, tmp_path, caplog):
    """And the kernel loads the analysis that it was handed."""
    analysis = open_analysis(settings)
    path = notebook_of(tmp_path, "corpus = 'a'  # folder\ncodebook = 'b'  # file", CELL)
    run_notebook(path, settings, tmp_path, variables=handed_over(analysis))
    facts = pd.read_parquet(tmp_path / "tables" / "facts.parquet").iloc[0]
    assert (facts["key"], facts["draws"], facts["seed"]) == (analysis.key, 300, 7)
    assert caplog.text == ""


def test_a_notebook_that_makes_no_settings_of_its_parameters_says_so(settings, tmp_path):
    path = notebook_of(tmp_path, "corpus = 'a'\ncodebook = 'b'", "import framing\nframing.Settings.from_parameters({})")
    with pytest.raises(RunError, match="the parameters cell does not set corpus and codebook"):
        run_notebook(path, settings, tmp_path)


def test_the_page_shows_the_stories_pairs_and_voices_of_the_notebooks(made, in_project):
    analysis = open_analysis(read_plan("hostile").settings({}))
    stories, voices = open_stories(analysis), open_voices(analysis)
    text = (made / "side_by_side.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.DOTALL)[1])
    ids = data["passages"]["id"]
    shown = {frozenset((ids[a], ids[b])) for a, b in zip(data["aligned"]["a"], data["aligned"]["b"], strict=True)}
    pairs = {frozenset(pair) for pair in zip(stories.aligned["passage_id"], stories.aligned["other_id"], strict=True)}
    assert shown == pairs
    assert len(pairs) > 3
    kept = pd.read_parquet(made / "tables" / "contrast_pairs.parquet")
    assert {frozenset(pair) for pair in zip(kept["passage_id"], kept["other_id"], strict=True)} <= shown
    named = pd.read_parquet(made / "tables" / "stories.parquet")["story_id"]
    assert {item["id"] for item in data["stories"]} == set(named) == set(stories.documents["story_id"])
    said = dict(zip(ids, (["own", "quoted", "reported"][code] for code in data["voices"]["voice"]), strict=True))
    assert said == voices.passages.set_index("passage_id")["voice"].to_dict()
