"""Build a report: check everything, classify once, run the notebooks, read them as one page, publish."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from framing.analysis.analysis import Analysis, handed_over, open_analysis
from framing.corpus.date_doubts import find_next_doubt
from framing.estimates.clusters import describe_clusters
from framing.reports.answer import make_answer
from framing.reports.execution import find_executed, measure_analysis, run_notebooks
from framing.reports.html import render_report
from framing.reports.inputs import Inputs, find_inputs
from framing.reports.kernels import open_kernels
from framing.reports.notebook_cache import NotebookCache
from framing.reports.notebooks import check_parameters
from framing.reports.passage_links import GROUPS_FILE, write_groups
from framing.reports.passage_table import write_passage_table
from framing.reports.plan import ReportPlan
from framing.reports.planned import PlannedRun, plan_run
from framing.reports.publish import lock_report, stage, swap_in
from framing.reports.registered import complete_registration, register_hypotheses
from framing.reports.side_by_side import STORIES_NOTEBOOK, VOICES_NOTEBOOK, write_side_by_side
from framing.reports.since import SINCE_FILE, Since, compare_runs, write_document_ids
from framing.reports.unchanged import write_manifest
from framing.settings import Settings
from framing.steps import Say
from framing.texts import in_language, phrase, retell

__all__ = ["build_report", "publish_report"]


def publish_report(
    plan: ReportPlan, settings: Settings, target: Path, *, inputs: Inputs, again: bool = False, say: Say
) -> None:
    """Make a report aside and put it in its place.

    Parameters
    ----------
    plan : ReportPlan
        The report's file.
    settings : Settings
        Settings of the run.
    target : Path
        Folder of the report.
    inputs : Inputs
        What the run depends on, found before anything else was read.
    again : bool, default False
        Whether to run all notebooks, though nothing that they depend on has changed.
    say : callable
        Called with a line at each step.

    Raises
    ------
    InputError
        If a file, name or setting is wrong.
    LockedError
        If another run makes this report.
    RunError
        If a notebook fails; the earlier report stays.
    """
    run = plan_run(plan, settings)
    for path in run.notebooks:
        check_parameters(path, run.settings)
    for remark in run.remarks:
        say(remark)
    with lock_report(target), stage(target, keep=plan.keep) as work:
        until = build_report(run, work, say=say, target=target, inputs=inputs, again=again)
        # what changed while the report was made may be in it, so that its key would be wrong
        same = find_inputs(plan, settings).key == inputs.key
        write_manifest(work, inputs.key if same else "", until=until)
        swap_in(work, target, keep=plan.keep)


def build_report(
    run: PlannedRun,
    work: Path,
    *,
    say: Say,
    target: Path | None = None,
    record: Path | None = None,
    inputs: Inputs | None = None,
    again: bool = False,
) -> date | None:
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
    inputs : Inputs or None, default None
        What the run depends on; None: nothing that an earlier run made of its notebooks is used again, or stored.
    again : bool, default False
        Whether to execute all notebooks, though nothing that they depend on has changed.

    Returns
    -------
    date or None
        First day on which the same inputs make another report; None if there is none.
    """
    with in_language(run.settings.language):
        return _fill_report(run, work, say, target, record, inputs, again=again)


def _fill_report(
    run: PlannedRun,
    work: Path,
    say: Say,
    target: Path | None,
    record: Path | None,
    inputs: Inputs | None,
    *,
    again: bool,
) -> date | None:
    """Fill the folder in the language of this process."""
    registered = register_hypotheses(run.settings, record or target)  # before any label is read
    linked = STORIES_NOTEBOOK in run.names
    cache = NotebookCache(inputs, linked) if inputs is not None else None
    notebooks = find_executed(run.notebooks, work, cache, again=again)
    with open_kernels(prepare=bool(notebooks.missing)) as kernels:
        say(f"Reading and classifying the corpus {' and '.join(run.settings.corpus_names)} …")
        analysis = open_analysis(run.resolved, progress=True, say=say, check=run.check_documents)
        until = find_next_doubt(analysis.documents["published"])
        write_groups(analysis, work, linked=linked)
        executed = run_notebooks(
            notebooks,
            run.resolved,
            kernels,
            variables=handed_over(analysis),
            until=until,
            n_bytes=measure_analysis(analysis.key),
            say=say,
        )
    if cache is not None:
        if find_inputs(run.plan, run.settings) != inputs:
            cache.forget()
        cache.prune()
    if STORIES_NOTEBOOK in run.names:
        say("Laying the outlets side by side …")
        voices = VOICES_NOTEBOOK in run.names
        notes = _list_notes(analysis, voices=voices)
        write_side_by_side(analysis, work, title=run.plan.title, voices=voices, notes=notes)
    write_passage_table(analysis, work, stories=STORIES_NOTEBOOK in run.names, voices=VOICES_NOTEBOOK in run.names)
    answer = make_answer(analysis, work)
    (work / GROUPS_FILE).unlink(missing_ok=True)
    facts = _collect_facts(run, analysis, work, registered)
    facts.update(key=inputs.key if inputs is not None else "", reused=notebooks.reused)
    since = compare_runs(target, work, analysis, facts) if target is not None else Since()
    _write_json(since.facts, work / SINCE_FILE)
    write_document_ids(analysis, work)
    _write_json(facts, work / "run.json")
    page = render_report(run.plan, analysis, executed, facts, answer=answer, since=since)
    (work / "index.html").write_text(page, encoding="utf-8")
    return until


def _write_json(facts: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(facts, indent=1, ensure_ascii=False), encoding="utf-8")


def _collect_facts(run: PlannedRun, analysis: Analysis, work: Path, registered: dict[str, Any]) -> dict[str, Any]:
    """Content of run.json."""
    settings = run.settings.model_dump(mode="json")
    settings["data_path"] = "given" if run.settings.data_path else ""
    for name in ("gold", "llm_redaction"):
        settings[name] = Path(settings[name]).name  # folders are this machine's
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
        **{key: facts[key] for key in ("hashes", "encoder", "method", "threshold", "unit", "counts", "versions")},
        **({"language_model": facts["language_model"]} if facts["language_model"] else {}),
        "remarks": [*facts["remarks"], *run.remarks],
        "languages": {
            "codebook": facts["codebook_languages"],
            "by_outlet": analysis.languages.to_dict("records"),
        },
        "labels": {**facts["labels"], "correction": analysis.not_corrected or "shares are corrected"},
        "files": files.to_dict("records"),
        "tables": sorted(path.name for path in (work / "tables").glob("*")),
        "charts": sorted(path.name for path in (work / "charts").glob("*")),
    }


def _list_notes(analysis: Analysis, *, voices: bool) -> list[str]:
    """Caveats of the side-by-side page: its frames, speakers and stories come from a program."""
    notes = [
        phrase(
            "Frames are those that the classifier marks ({method}); some marks are wrong.",
            method=retell(analysis.facts.method),
        )
    ]
    if voices:
        notes.append(
            phrase(
                "Speakers are found by rules, one set a language; with none found it is the outlet's voice. "
                "In a language without rules the voice is not known."
            )
        )
    notes.append(phrase("Stories and aligned passages are found by likeness: candidates to be read, not findings."))
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
