"""Rules of the notebooks: small, parameterised, without outputs, loops or numbers in the prose."""

from __future__ import annotations

import ast
import re

import nbformat
import pytest

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert [path.stem for path in NOTEBOOKS] == [
        "01_corpora", "02_frames", "03_outlets", "04_time", "05_validity", "06_fragility", "07_words", "08_stories",
        "09_voices",
    ]  # fmt: skip


def test_outputs_are_stripped(notebook):
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(notebook))


def test_size(notebook):
    cells = code_cells(notebook)
    assert len(cells) <= 15
    assert sum(len(cell.source.splitlines()) for cell in cells) <= 80


def test_no_definitions_or_loops(notebook):
    for cell in code_cells(notebook):
        banned = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.AsyncFunctionDef)
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, banned)]


def test_parameters_are_literals_with_comments(notebook):
    tagged = [cell for cell in code_cells(notebook) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    for line in tagged[0].source.splitlines():
        assert re.match(r"^[a-z_]+ = .+  # \S", line), line
    for node in ast.parse(tagged[0].source).body:
        assert isinstance(node, ast.Assign)
        ast.literal_eval(node.value)


def test_prose_holds_no_figures_and_says_what_it_supports(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not re.search(r"\d", prose)
    assert "What this can support:" in prose
    assert "What it cannot:" in prose
