"""Make a report: check everything, classify once, run the notebooks, read them as one page, publish."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from math import comb
from pathlib import Path
from typing import Any

import pandas as pd

from framing.analysis.analysis import Analysis, handed_over, open_analysis
from framing.analysis.sources import find_sources
from framing.codebook import Codebook, read_codebook
from framing.errors import InputError
from framing.estimates.clusters import describe_clusters
from framing.estimates.hypotheses import check_hypotheses
from framing.project import corpus_folder, named_file, project_root
from framing.reports.answer import make_answer
from framing.reports.html import render_report
from framing.reports.index import write_index
from framing.reports.notebooks import check_parameters, run_notebook
from framing.reports.passage_links import GROUPS_FILE, write_groups
from framing.reports.passage_table import write_passage_table
from framing.reports.plan import VALIDITY, ReportPlan, read_plan
from framing.reports.publish import lock_report, stage, swap_in
from framing.reports.registered import complete_registration, register_hypotheses
from framing.reports.side_by_side import STORIES_NOTEBOOK, VOICES_NOTEBOOK, write_side_by_side
from framing.reports.since import SINCE_FILE, Since, compare_runs, write_document_ids
from framing.selection import is_blank
from framing.settings import Settings
from framing.steps import Say

__all__ = ["PlannedRun", "build_report", "make_report", "plan_run"]

_COMPARING = ("03_outlets", "04_time", "06_fragility")  # notebooks that compare all pairs of groups
_MOST_COMPARISONS = 250_000  # pairs times frames
_LEAVE_OUT = "Without the hypotheses the report is made with --set hypotheses=[]."


def make_report(name: str, *, overrides: dict[str, Any] | None = None, say: Say = lambda _: None) -> Path:
    """Make the report of reports/<name>.yaml.

    Parameters
    ----------
    name : str
        Name of the report.
    overrides : dict of str to Any or None, default None
        Settings that win over those of the file.
    say : callable
        Called with a line at each step.

    Returns
    -------
    Path
        The `index.html` of the report.

    Raises
    ------
    InputError
        If a file, name or setting is wrong; everything is checked before a kernel starts.
    LockedError
        If another run makes this report.
    RunError
        If a notebook fails.

    Notes
    -----
    The earlier report stays as it is until the last step.
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
    """A run of a report, and the files that it needs, looked up once.

    Attributes
    ----------
    plan : ReportPlan
        The report's file.
    settings : Settings
        Settings as the user gave them; run.json records these.
    resolved : Settings
        The same with absolute paths, since notebooks run in another folder than the command.
    notebooks : list of Path
        Notebooks in order. If there are human labels and the report leaves the notebook on validity out, it is added
        as the last.
    codebook : Codebook
        Codebook of the settings.
    """

    plan: ReportPlan
    settings: Settings
    resolved: Settings
    notebooks: list[Path]
    codebook: Codebook

    @property
    def names(self) -> list[str]:
        """Names of the notebooks."""
        return [path.stem for path in self.notebooks]

    def check_documents(self, documents: pd.DataFrame) -> None:
        """Refuse what the documents do not allow: hypotheses about groups that they lack, and too many comparisons.

        Parameters
        ----------
        documents : DataFrame
            Documents of the corpus.

        Raises
        ------
        InputError
            If a hypothesis is about a group that does not exist, or comparisons are too many.
        """
        by = self.settings.compare_by
        groups = documents.loc[~is_blank(documents[by]), by].astype(str).unique()
        check_hypotheses(self.settings.hypotheses, groups=groups, by=by, advice=_LEAVE_OUT)
        self.check_comparisons(documents)

    def check_comparisons(self, documents: pd.DataFrame) -> None:
        """Refuse a report whose comparisons would take hours and make tables that nobody can open.

        Parameters
        ----------
        documents : DataFrame
            Documents of the corpus.

        Raises
        ------
        InputError
            If a notebook compares all pairs of groups, and they are too many.
        """
        by, least = self.settings.compare_by, self.settings.min_documents
        sizes = documents.loc[~is_blank(documents[by]), by].value_counts()
        n_frames = len(self.codebook.frame_ids)
        n_groups = int((sizes >= least).sum())
        n_comparisons = comb(n_groups, 2) * n_frames
        comparing = [name for name in self.names if name in _COMPARING]
        if not comparing or n_comparisons <= _MOST_COMPARISONS:
            return
        most = next(n for n in range(n_groups, 1, -1) if comb(n, 2) * n_frames <= _MOST_COMPARISONS)
        raise InputError(
            f"{n_groups:,} groups ({by}) have {least} documents or more. On {n_frames} frames their pairs make "
            f"{n_comparisons:,} comparisons, and a report takes {_MOST_COMPARISONS:,} at most ({most} groups). Set "
            f"min_documents to {int(sizes.iloc[most]) + 1}, which leaves the largest groups; choose documents with "
            f"where:; compare by a column of fewer values (compare_by); or leave {' and '.join(comparing)} out."
        )


def plan_run(plan: ReportPlan, settings: Settings) -> PlannedRun:
    """Look up what a run of a report needs.

    Parameters
    ----------
    plan : ReportPlan
        The report's file.
    settings : Settings
        Settings of the run.

    Returns
    -------
    PlannedRun
        The run.

    Raises
    ------
    InputError
        If the corpus, the codebook, a notebook or the file of human labels is missing or wrong, or a hypothesis is about
        a frame that the codebook lacks.
    """
    for name in settings.corpus_names:
        corpus_folder(name)
    codebook = read_codebook(named_file("seeds", settings.codebook, ".yaml", kind="codebook"))
    check_hypotheses(settings.hypotheses, frames=codebook.frame_ids, advice=_LEAVE_OUT)
    labels = [source.labels for source in find_sources(settings, codebook) if source.labels is not None]
    absolute: dict[str, str] = {}
    if settings.data_path:
        absolute["data_path"] = str(Path(settings.data_path).resolve())
    if settings.gold and labels:
        absolute["gold"] = str(labels[0][0])
    notebooks = plan.notebook_paths()
    if labels and VALIDITY not in [path.stem for path in notebooks]:
        notebooks.append(named_file("notebooks", VALIDITY, ".ipynb", kind="notebook"))
    return PlannedRun(plan, settings, settings.model_copy(update=absolute), notebooks, codebook)


def build_report(
    run: PlannedRun, work: Path, *, say: Say, target: Path | None = None, record: Path | None = None
) -> None:
    """Fill a folder with a report: page, run.json, tables, charts.

    Parameters
    ----------
    run : PlannedRun
        Settings and notebooks.
    work : Path
        An empty folder.
    say : callable
        Called with a line at each step.
    target : Path or None, default None
        The report that the new one replaces, for the section on what changed since.
    record : Path or None, default None
        The report whose runs say when the hypotheses were first there; None: `target`.
    """
    registered = register_hypotheses(run.settings, record or target)  # before any label is read
    say(f"Reading and classifying the corpus {' and '.join(run.settings.corpus_names)} …")
    analysis = open_analysis(run.resolved, progress=True, say=say, check=run.check_documents)
    write_groups(analysis, work, linked=STORIES_NOTEBOOK in run.names)
    executed = []
    for path in run.notebooks:
        say(f"Running {path.stem} …")
        executed.append(run_notebook(path, run.resolved, work, variables=handed_over(analysis)))
    if STORIES_NOTEBOOK in run.names:
        say("Laying the outlets side by side …")
        voices = VOICES_NOTEBOOK in run.names
        notes = _list_notes(analysis, voices=voices)
        write_side_by_side(analysis, work, title=run.plan.title, voices=voices, notes=notes)
    write_passage_table(analysis, work, stories=STORIES_NOTEBOOK in run.names, voices=VOICES_NOTEBOOK in run.names)
    answer = make_answer(analysis, work)
    (work / GROUPS_FILE).unlink(missing_ok=True)
    facts = _collect_facts(run, analysis, work, registered)
    since = compare_runs(target, work, analysis, facts) if target is not None else Since()
    _write_json(since.facts, work / SINCE_FILE)
    write_document_ids(analysis, work)
    _write_json(facts, work / "run.json")
    page = render_report(run.plan, analysis, executed, facts, answer=answer, since=since)
    (work / "index.html").write_text(page, encoding="utf-8")
    shutil.rmtree(work / "notebooks", ignore_errors=True)


def _write_json(facts: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")


def _collect_facts(run: PlannedRun, analysis: Analysis, work: Path, registered: dict[str, Any]) -> dict[str, Any]:
    """Content of run.json."""
    settings = run.settings.model_dump(mode="json")
    settings["data_path"] = "given" if run.settings.data_path else ""
    settings["gold"] = Path(run.settings.gold).name  # folders are this machine's
    facts = analysis.facts.model_dump()
    files = analysis.files[["file", "sha256", "n_rows", "n_kept", "n_refused", "n_left_out"]]
    return {
        "report": run.plan.report,
        "title": run.plan.title,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": settings,
        "hypotheses": complete_registration(registered, facts["hashes"]["gold"]),
        "notebooks": run.names,
        "agreement": _read_agreement(work),
        "units": describe_clusters(analysis.classified),
        **{key: facts[key] for key in ("hashes", "encoder", "method", "threshold", "counts", "remarks", "versions")},
        "labels": {**facts["labels"], "correction": analysis.not_corrected or "shares are corrected"},
        "files": files.to_dict("records"),
        "tables": sorted(path.name for path in (work / "tables").glob("*")),
        "charts": sorted(path.name for path in (work / "charts").glob("*")),
    }


def _list_notes(analysis: Analysis, *, voices: bool) -> list[str]:
    """Caveats of the side-by-side page: its frames, speakers and stories come from a program."""
    notes = [f"Frames are those that the classifier marks ({analysis.facts.method}); some marks are wrong."]
    if voices:
        notes.append("Speakers are found by rules on English sentences; with none found it is the outlet's voice.")
    notes.append("Stories and aligned passages are found by likeness: candidates to be read, not findings.")
    return notes


def _read_agreement(work: Path) -> dict[str, Any] | None:
    """Macro-F1 against the coders, from the tables of the part on validity; None without them, or if undefined."""
    path = work / "tables" / "agreement_overall.parquet"
    if not path.is_file():
        return None
    table = pd.read_parquet(path)
    rows = table[(table["frame"] == "(macro)") & (table["measure"] == "f1")].to_dict("records")
    if not rows or pd.isna(rows[0]["estimate"]):
        return None
    return {str(key): None if pd.isna(value) else value for key, value in rows[0].items()}
