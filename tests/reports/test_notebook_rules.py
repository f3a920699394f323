"""Rules of the notebooks: small, parameterised, without outputs, loops, paths or typed numbers."""

from __future__ import annotations

import ast
import re

import nbformat
import pytest

from framing.settings import Settings
from tests.conftest import ROOT

NAMES = [
    "01_corpora", "02_frames", "03_outlets", "04_time", "05_validity", "06_fragility", "07_words", "08_stories",
    "09_voices", "10_regression",
]  # fmt: skip
FROM_PARAMETERS = "settings = framing.Settings.from_parameters(globals())"


@pytest.fixture(params=NAMES)
def notebook(request):
    return nbformat.read(ROOT / "notebooks" / f"{request.param}.ipynb", as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def parameters_of(notebook):
    tagged = [cell for cell in code_cells(notebook) if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    return tagged[0]


def trees(notebook):
    """Every code cell but the parameters, parsed."""
    parameters = parameters_of(notebook)
    return [ast.parse(cell.source) for cell in code_cells(notebook) if cell is not parameters]


def nodes(notebook):
    return [node for tree in trees(notebook) for node in ast.walk(tree)]


def test_these_are_the_notebooks():
    assert sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")) == NAMES


def test_outputs_are_stripped(notebook):
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(notebook))


def test_size(notebook):
    cells = code_cells(notebook)
    assert len(cells) <= 12
    assert sum(len(cell.source.splitlines()) for cell in cells) <= 45


def test_no_definitions_or_loops(notebook):
    banned = (
        ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.For, ast.While, ast.ListComp, ast.SetComp,
        ast.DictComp, ast.GeneratorExp, ast.If, ast.Try, ast.With,
    )  # fmt: skip
    assert [type(node).__name__ for node in nodes(notebook) if isinstance(node, banned)] == []


def test_nothing_but_the_package_is_imported(notebook):
    imports = [ast.unparse(node) for node in nodes(notebook) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert imports == ["import framing"]


def test_no_path_is_written_down(notebook):
    texts = [node.value for node in nodes(notebook) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if re.search(r"[/\\\\]|\.(?:csv|parquet|yaml|json)\b", text)] == []


def test_numbers_are_settings_or_say_how_many_rows_are_shown(notebook):
    every = nodes(notebook)
    keywords = [keyword for node in every if isinstance(node, ast.Call) for keyword in node.keywords]
    rows = [keyword.value for keyword in keywords if keyword.arg == "rows"]
    numbers = [node for node in every if isinstance(node, ast.Constant) and isinstance(node.value, int | float)]
    assert [node.value for node in numbers if node not in rows] == []


def test_parameters_are_the_defaults_of_a_few_settings(notebook):
    """One literal a line, each with a comment: what a report does not set is what the program takes by itself."""
    cell = parameters_of(notebook)
    for line in cell.source.splitlines():
        assert re.match(r"^[a-z_]+ = .+  # \S", line), line
    given = {}
    for node in ast.parse(cell.source).body:
        assert isinstance(node, ast.Assign)
        given[node.targets[0].id] = ast.literal_eval(node.value)
    assert 3 <= len(given) <= 8
    assert given["corpus"] == "deep-strike"
    assert given["codebook"] == "great-power-crisis"
    defaults = Settings(corpus="deep-strike", codebook="great-power-crisis").model_dump()
    assert given == {name: defaults[name] for name in given}


def test_no_setting_is_named_twice(notebook):
    """The settings are made of the parameters in one line, right below them."""
    cells = code_cells(notebook)
    assert cells[0] is parameters_of(notebook)
    assert cells[1].source.splitlines()[:3] == ["import framing", "", FROM_PARAMETERS]
    assert sum("Settings" in cell.source for cell in cells) == 1
    parameters = {target.id for node in ast.parse(cells[0].source).body for target in node.targets}
    read = {node.id for node in nodes(notebook) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assigned = {node.id for node in nodes(notebook) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    assert read & parameters <= assigned, "a parameter is used through the settings, which were checked"


def test_prose_holds_no_figures_and_says_what_it_supports(notebook):
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not re.search(r"\d", prose)
    assert "What this can support:" in prose
    assert "What it cannot:" in prose
