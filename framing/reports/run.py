"""Make a report: check everything, classify once, run the notebooks, read them as one page, publish."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.errors import InputError, RunError
from framing.project import changed_environment, corpus_folder, named_file, project_root
from framing.reports.index import write_index
from framing.reports.passage_links import keep_groups
from framing.reports.plan import VALIDITY, ReportPlan, read_plan
from framing.reports.publish import lock_report, stage, swap_in
from framing.reports.side_by_side import STORIES, VOICES, write_side_by_side
from framing.reports.since import FILE, Since, compare_runs, keep_ids
from framing.settings import Settings

if TYPE_CHECKING:
    from framing.analysis.analysis import Analysis

__all__ = ["PlannedRun", "build_report", "make_report", "plan_run", "run_notebook"]

# A kernel that is told to end is interrupted first; where that finds it at work it would log an error on the
# user's terminal. Errors in cells do not come that way.
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=50"]
_CELL_SECONDS = 1800


def make_report(
    name: str, *, overrides: dict[str, Any] | None = None, say: Callable[[str], None] = lambda _: None
) -> Path:
    """Path of the `index.html` of the report made from reports/<name>.yaml.

    Everything is checked before a kernel starts. Until the last step the earlier report stays as it was.
    Raises `InputError`, `LockedError` or `RunError`.
    """
    plan = read_plan(name)
    run = plan_run(plan, plan.settings(overrides or {}))
    for path in run.notebooks:
        check_parameters(path, run.settings)
    target = project_root() / "reports" / name
    with lock_report(target), stage(target, keep=plan.keep) as work:
        build_report(run, work, say=say, target=target)
        swap_in(work, target, keep=plan.keep)
    write_index()
    return target / "index.html"


@dataclass(frozen=True)
class PlannedRun:
    """One making of a report, and what it needs, looked up once.

    Attributes
    ----------
    plan : ReportPlan
        The report's file.
    settings : Settings
        As the user gave them; run.json records these.
    resolved : Settings
        The same with absolute paths: notebooks run in another folder than the command.
    notebooks : list of Path
        In order. The one on validity is last where there are human labels and the report left it out.
    """

    plan: ReportPlan
    settings: Settings
    resolved: Settings
    notebooks: list[Path]

    @property
    def names(self) -> list[str]:
        """Names of the notebooks."""
        return [path.stem for path in self.notebooks]


def plan_run(plan: ReportPlan, settings: Settings) -> PlannedRun:
    """The run of a report with these settings.

    Raises
    ------
    InputError
        Where the corpus, the codebook, a notebook or the file of human labels is not there.
    """
    from framing.codebook import read_codebook
    from framing.coding.gold import gold_file
    from framing.corpus import read_config

    folder = corpus_folder(settings.corpus)
    codebook = read_codebook(named_file("seeds", settings.codebook, ".yaml", kind="codebook"))
    labels = gold_file(settings, read_config(folder), folder, codebook)
    absolute: dict[str, str] = {}
    if settings.data_path:
        absolute["data_path"] = str(Path(settings.data_path).resolve())
    if settings.gold and labels is not None:
        absolute["gold"] = str(labels[0])
    notebooks = plan.notebook_paths()
    if labels is not None and VALIDITY not in [path.stem for path in notebooks]:
        notebooks.append(named_file("notebooks", VALIDITY, ".ipynb", kind="notebook"))
    return PlannedRun(plan, settings, settings.model_copy(update=absolute), notebooks)


def build_report(run: PlannedRun, work: Path, *, say: Callable[[str], None], target: Path | None = None) -> None:
    """Fill the folder `work` with everything that the report is: page, run.json, tables, charts.

    Parameters
    ----------
    run : PlannedRun
        Settings and notebooks.
    work : Path
        An empty folder.
    say : callable
        Called with a line on each step.
    target : Path or None, default None
        The report that it will replace, for what changed since.
    """
    from framing.analysis.analysis import handed_over, open_analysis
    from framing.reports.html import render_report

    say(f"Reading and classifying the corpus {run.settings.corpus} …")
    analysis = open_analysis(run.resolved, progress=True, say=say)
    if STORIES in run.names:
        keep_groups(analysis, work)
    executed = []
    for path in run.notebooks:
        say(f"Running {path.stem} …")
        executed.append(run_notebook(path, run.resolved, work, variables=handed_over(analysis)))
    if STORIES in run.names:
        say("Laying the outlets side by side …")
        voices = VOICES in run.names
        notes = _notes(analysis, voices=voices)
        write_side_by_side(analysis, work, title=run.plan.title, voices=voices, notes=notes)
    facts = _facts(run, analysis, work)
    since = compare_runs(target, work, analysis, facts) if target is not None else Since()
    (work / FILE).write_text(json.dumps(since.facts, indent=1, ensure_ascii=False), encoding="utf-8")
    keep_ids(analysis, work)
    (work / "run.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")
    page = render_report(run.plan, analysis, executed, facts, since=since)
    (work / "index.html").write_text(page, encoding="utf-8")
    shutil.rmtree(work / "notebooks", ignore_errors=True)


def check_parameters(path: Path, settings: Settings) -> set[str]:
    """Names that the notebook's cell tagged `parameters` sets; raises `InputError` unless all are settings.

    papermill would warn of an unknown parameter and go on with defaults; here nothing runs.
    """
    import ast

    import nbformat

    notebook = nbformat.read(path, as_version=4)
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise InputError(f"{path.name}: expected one cell tagged 'parameters', found {len(tagged)}.")
    try:
        lines = ast.parse(tagged[0].source).body
    except SyntaxError as error:
        raise InputError(f"{path.name}: the parameters cell is not Python (line {error.lineno}).") from None
    targets = [target for line in lines if isinstance(line, ast.Assign) for target in line.targets]
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    known = list(type(settings).model_fields)
    unknown = sorted(names - set(known))
    if unknown or len(names) != len(lines):
        raise InputError(
            f"{path.name}: the parameters cell may only set settings, one a line; not "
            f"{', '.join(unknown) or 'other code'}. Known: {', '.join(known)}."
        )
    return names


def run_notebook(path: Path, settings: Settings, work: Path, *, variables: Mapping[str, str] | None = None) -> Any:
    """The executed notebook.

    Parameters
    ----------
    path : Path
        The notebook. All settings are injected below its parameters cell, which names those that matter to its
        question; `Settings.from_parameters(globals())` finds them all.
    settings : Settings
        Of the run, with absolute paths.
    work : Path
        The report's folder, where tables and charts go.
    variables : mapping of str to str or None, default None
        Environment variables of the kernel beside those that every run has.

    Raises
    ------
    InputError
        For a parameters cell that sets something else than settings.
    RunError
        Where a cell fails, the kernel dies, or time runs out.
    """
    import papermill
    from papermill.exceptions import PapermillException
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    from framing.reports.show import OUTPUT_VARIABLE

    check_parameters(path, settings)
    # not handed to execute_notebook, which warns of each that the parameters cell does not name
    notebook = parameterize_notebook(
        load_notebook_node(str(path)), settings.model_dump(), kernel_name="python3", language="python"
    )
    output = work / "notebooks" / path.name
    output.parent.mkdir(exist_ok=True)
    environment = {OUTPUT_VARIABLE: str(work), "FRAMING_PROJECT": str(project_root()), **(variables or {})}
    if data := os.environ.get("FRAMING_DATA"):
        environment["FRAMING_DATA"] = str(Path(data).resolve())
    try:
        with changed_environment(**environment):
            executed = papermill.execute_notebook(
                notebook,
                str(output),
                kernel_name="python3",
                language="python",
                progress_bar=False,
                log_output=False,
                execution_timeout=_CELL_SECONDS,
                extra_arguments=KERNEL_ARGUMENTS,
                cwd=str(project_root()),
            )
    except PapermillException as error:
        reason = getattr(error, "evalue", str(error)) or getattr(error, "ename", "no reason given")
        raise RunError(f"The notebook {path.stem} failed: {reason} The earlier report stays.") from error
    except OSError:
        raise
    except Exception as error:  # a dead kernel or a time-out has its own class in each version of nbclient
        raise RunError(f"The notebook {path.stem} could not be run: {error} The earlier report stays.") from error
    _require_complete(executed, path)
    return executed


def _require_complete(notebook: Any, path: Path) -> None:
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        if cell.execution_count is None and cell.source.strip():
            raise RunError(f"The notebook {path.stem} stopped before cell {number}. The earlier report stays.")
        if any(output.output_type == "error" for output in cell.outputs):
            raise RunError(f"Cell {number} of the notebook {path.stem} raised an error. The earlier report stays.")


def _facts(run: PlannedRun, analysis: Analysis, work: Path) -> dict[str, Any]:
    """Content of run.json."""
    plan, settings = run.plan, run.settings
    shown = settings.model_dump()
    shown["data_path"] = "given" if settings.data_path else ""
    shown["gold"] = Path(settings.gold).name  # folders are this machine's
    made_by = analysis.facts.model_dump()
    files = analysis.files[["file", "sha256", "n_rows", "n_kept", "n_refused"]]
    return {
        "report": plan.report,
        "title": plan.title,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": shown,
        "notebooks": run.names,
        "agreement": _agreement(work),
        **{key: made_by[key] for key in ("hashes", "encoder", "method", "threshold", "counts", "versions")},
        "labels": {**made_by["labels"], "correction": analysis.not_corrected or "shares are corrected"},
        "files": files.to_dict("records"),
        "tables": sorted(path.name for path in (work / "tables").glob("*")),
        "charts": sorted(path.name for path in (work / "charts").glob("*")),
    }


def _notes(analysis: Analysis, *, voices: bool) -> list[str]:
    """What a reader of the side-by-side page must know of its marks."""
    notes = [f"Frames are those that the classifier marks ({analysis.facts.method}); some marks are wrong."]
    if voices:
        notes.append("Speakers are found by rules on English sentences; with none found it is the outlet's voice.")
    notes.append("Stories and aligned passages are found by likeness: candidates to be read, not findings.")
    return notes


def _agreement(work: Path) -> dict[str, Any] | None:
    """Macro-F1 against the coders, from the tables of the part on validity; None without them or where undefined."""
    import pandas as pd

    path = work / "tables" / "agreement_overall.parquet"
    if not path.is_file():
        return None
    table = pd.read_parquet(path)
    rows = table[(table["frame"] == "(macro)") & (table["measure"] == "f1")].to_dict("records")
    if not rows or pd.isna(rows[0]["estimate"]):
        return None
    return {str(key): None if pd.isna(value) else value for key, value in rows[0].items()}
