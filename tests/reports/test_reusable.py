"""What makes a notebook one that can be used again, and which settings it names."""

from __future__ import annotations

import nbformat
import pytest

from framing.reports.notebooks import read_notebook
from framing.reports.reusable import find_settings_named, is_reusable
from tests.reports.report_files import write_notebook

HEAD = "corpus = 'a'\ncodebook = 'b'\nlevel = 0.9"
SETTINGS = "import framing\nsettings = framing.Settings.from_parameters(globals())"


def notebook(tmp_path, *sources):
    return read_notebook(write_notebook(tmp_path / "test.ipynb", HEAD, SETTINGS, *sources))


def test_every_notebook_of_the_project_can_be_used_again(root):
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    assert len(paths) >= 10
    assert [path.name for path in paths if not is_reusable(nbformat.read(path, as_version=4))] == []


@pytest.mark.parametrize(
    "source",
    [
        "import datetime",
        "from pathlib import Path",
        "open('notes.txt').read()",
        "values = globals()",
        "framing.read_codebook('other.yaml')",
        "analysis.passages.to_csv('copy.csv')",
        "framing.SentenceEncoder('a/folder')",
        "framing.LlmScorer(codebook, 'a-model')",
        "framing.show.__globals__",
        "getattr(framing, 'read_corpus')",
        "framing.pins_of('corpus')",
        "framing.project.Path('notes.txt').open().read()",
        "framing.settings.os.environ.get('TZ')",
        "framing.charts.drawing.Path('notes.txt')",
        "framing.charts.import_jsonschema()",
        "package = framing\npackage.project.os.popen('date').read()",
        "drawn = framing.charts\ndrawn.drawing.Path('notes.txt')",
        "import framing as package\npackage.project.os.popen('date').read()",
        "def tell(package):\n    return package.project.os.getcwd()\ntell(framing)",
        "from framing.errors import annotations",
        "%timeit 1",
        "!date",
    ],
)
def test_a_notebook_that_can_reach_files_the_clock_or_chance_cannot(tmp_path, source):
    assert not is_reusable(notebook(tmp_path, source))


@pytest.mark.parametrize(
    "source",
    [
        "framing.show(framing.charts.palette(['a']))",
        "import framing as package\npackage.charts.share_heatmap(package.estimate_prevalence(settings))",
        "framing.find_top_passages",
        "from framing.errors import InputError",
    ],
)
def test_a_notebook_that_calls_the_package_by_its_names_can(tmp_path, source):
    assert is_reusable(notebook(tmp_path, source))


def test_settings_that_cells_name_as_variables_are_found(tmp_path):
    cells = notebook(tmp_path, "analysis = framing.open_analysis(settings)\nperiod = 3\nlevel + n_bootstrap")
    assert is_reusable(cells)
    assert find_settings_named(cells) == {"level", "n_bootstrap"}
