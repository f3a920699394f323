"""A notebook of a report: its parameters cell, and settings that reach it."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.analysis.analysis import handed_over, open_analysis
from framing.errors import InputError, RunError
from framing.reports.html import render_outputs
from framing.reports.notebooks import KERNEL_ARGUMENTS, check_parameters, run_notebook
from framing.reports.plan import read_plan
from framing.settings import Settings
from tests.reports.report_files import write_notebook

CELL = """import framing

settings = framing.Settings.from_parameters(globals())
analysis = framing.open_analysis(settings)
framing.show(analysis.passages, "passages")
framing.show(analysis.files.assign(key=analysis.key, draws=settings.n_bootstrap, seed=settings.random_seed), "facts")"""


@pytest.fixture
def settings(in_project):
    return read_plan("hostile").settings({"random_seed": 7})


@pytest.mark.kernel
def test_settings_that_the_parameters_cell_does_not_name_reach_the_notebook(settings, tmp_path, caplog):
    """And the kernel loads the analysis that it was handed."""
    analysis = open_analysis(settings)
    path = write_notebook(tmp_path / "test.ipynb", "corpus = 'a'  # folder\ncodebook = 'b'  # file", CELL)
    run_notebook(path, settings, tmp_path, variables=handed_over(analysis))
    facts = pd.read_parquet(tmp_path / "tables" / "facts.parquet").iloc[0]
    assert (facts["key"], facts["draws"], facts["seed"]) == (analysis.key, 300, 7)
    assert caplog.text == ""


@pytest.mark.kernel
def test_the_notebook_of_regressions_runs_with_a_formula_of_its_own(settings, root, tmp_path):
    settings = Settings(**{**settings.model_dump(), "formula": "outlet", "cluster": "document"})
    variables = handed_over(open_analysis(settings))
    run_notebook(root / "notebooks" / "10_regression.ipynb", settings, tmp_path, variables=variables)
    rows = pd.read_parquet(tmp_path / "tables" / "regression.parquet")
    n_outlets = rows["term"].nunique()
    assert rows["term"].str.startswith("outlet[T.").sum() == (n_outlets - 1) * rows["frame"].nunique()
    assert rows["method"].str.startswith("exploratory").all(), "the corpus has no labels"
    assert {path.name for path in (tmp_path / "charts").glob("*.svg")} == {"coefficients.svg", "coefficients_logit.svg"}


@pytest.mark.kernel
def test_a_notebook_that_makes_no_settings_of_its_parameters_says_so(settings, tmp_path):
    path = write_notebook(
        tmp_path / "test.ipynb", "corpus = 'a'\ncodebook = 'b'", "import framing\nframing.Settings.from_parameters({})"
    )
    with pytest.raises(InputError, match="the parameters cell does not set corpus and codebook"):
        run_notebook(path, settings, tmp_path)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("colour = 1", "may only set settings, one a line; not colour"),
        ("import os", "not other code"),
        ("corpus = (", "not Python"),
    ],
)
def test_parameters_cell_sets_settings_only(tmp_path, source, message):
    path = write_notebook(tmp_path / "test.ipynb", source)
    with pytest.raises(InputError, match=message):
        check_parameters(path, Settings(corpus="a", codebook="b"))


def test_notebook_needs_one_parameters_cell(tmp_path):
    path = write_notebook(tmp_path / "test.ipynb", "1", tagged=False)
    with pytest.raises(InputError, match="expected one cell tagged 'parameters', found 0"):
        check_parameters(path, Settings(corpus="a", codebook="b"))


INTERRUPTED = """
import signal
get_ipython().kernel.comm_manager.register_target("end", lambda *_: signal.raise_signal(signal.SIGINT))
"""


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("arguments", "logged"),
    [(["--IPKernelApp.log_level=40"], "[IPKernelApp] ERROR | KeyboardInterrupt"), (KERNEL_ARGUMENTS, "")],
)
def test_a_kernel_that_is_interrupted_at_work_logs_nothing(tmp_path, arguments, logged):
    """As when it is told to end: the interrupt comes while it handles a message. With the level before, it logged."""
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    with (tmp_path / "stderr").open("wb") as stream:
        manager.start_kernel(extra_arguments=arguments, stderr=stream)
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=120)
            client.execute(INTERRUPTED, reply=True, timeout=120)
            content = {"comm_id": "1", "target_name": "end", "data": {}}
            client.shell_channel.send(client.session.msg("comm_open", content))
            client.execute("", reply=True, timeout=120)  # handled after the message before it
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    log = (tmp_path / "stderr").read_text(encoding="utf-8")
    assert (logged in log) if logged else (log == "")


def test_sample_plan_is_valid(root, monkeypatch):
    monkeypatch.setenv("FRAMING_PROJECT", str(root))
    for path in sorted((root / "reports").glob("*.yaml")):
        plan = read_plan(path.stem)
        settings = plan.settings({})
        for notebook in plan.notebook_paths():
            check_parameters(notebook, settings)


PARAMETERS = "corpus = 'a'  # folder\ncodebook = 'b'  # file"


@pytest.mark.kernel
def test_a_cell_with_too_little_data_says_so_and_the_rest_is_made(settings, tmp_path):
    raising = "from framing.errors import TooLittleDataError\nraise TooLittleDataError('Two are needed; add one.')"
    path = write_notebook(
        tmp_path / "test.ipynb", PARAMETERS, f"{raising}\ncontrasts = 1", "ranks = contrasts + 1", "ranks", "40 + 2"
    )
    cells = run_notebook(path, settings, tmp_path).cells
    notes = [render_outputs(cell.outputs) for cell in cells if cell.cell_type == "code"][2:]
    assert notes[0][0]["text"] == "Too little data for this part. Two are needed; add one."
    assert [note[0]["reason"] for note in notes[:3]] == ["too little data", "left out", "left out"]
    assert notes[1][0]["text"] == "Left out, as it rests on a part above for which there is too little data."
    assert notes[2][0]["text"] == "Left out, as it rests on a part above for which there is too little data."
    assert notes[3] == [{"kind": "text", "text": "42"}]


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("contrast", RunError),
        ("import framing\nraise framing.InputError('Name another column.')", InputError),
    ],
)
def test_a_misspelled_name_and_wrong_input_fail_the_run(settings, tmp_path, source, error):
    path = write_notebook(tmp_path / "test.ipynb", PARAMETERS, source)
    with pytest.raises(error, match="The earlier report stays") as caught:
        run_notebook(path, settings, tmp_path)
    assert type(caught.value) is error
