"""reports/index.html: every report, when it was made, how its last scheduled run ended, and its earlier runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from framing.files.whole import write_whole
from framing.project import project_root
from framing.reports.publish import find_runs_folder, read_record
from framing.reports.templates import render_template
from framing.reports.unchanged import find_checked
from framing.texts import in_language, list_languages, phrase
from framing.texts.language import ENGLISH

__all__ = ["list_reports", "write_index"]


def write_index() -> Path:
    """Write reports/index.html, the list of the reports that are in reports/ now.

    Returns
    -------
    Path
        The file. Readers see the earlier list or the whole new one.
    """
    folder = project_root() / "reports"
    with in_language(_find_language(folder)):
        write_whole(folder / "index.html", [render_template("index.html", reports=list_reports(folder))])
    return folder / "index.html"


def list_reports(folder: Path) -> list[dict[str, Any]]:
    """Read the facts of each report in a folder.

    Parameters
    ----------
    folder : Path
        The folder reports/ of a project.

    Returns
    -------
    list of dict
        By name: `name, title, made, counts, method`, `trouble` (why its last scheduled run brought nothing new; empty
        if it did), and `earlier` (names of the folders of earlier runs, newest first).
    """
    reports = []
    for path in sorted(folder.glob("*/run.json")):
        if path.parent.name.startswith(".") or not (path.parent / "index.html").is_file():
            continue
        name = path.parent.name
        facts, state = read_record(path), read_record(folder / f".{name}.due.json")
        earlier = sorted(find_runs_folder(path.parent).glob("*/index.html"), reverse=True)
        reports.append(
            {
                "name": name,
                "title": facts.get("title", name),
                "made": facts.get("made", ""),
                "counts": facts.get("counts", {}),
                "method": facts.get("method", ""),
                "trouble": _describe_trouble(state, find_checked(path.parent)),
                "earlier": [page.parent.name for page in earlier],
            }
        )
    return reports


def _find_language(folder: Path) -> str:
    """Language of all reports; English where they have several."""
    records = [read_record(path) for path in folder.glob("*/run.json") if not path.parent.name.startswith(".")]
    languages = {str(record.get("settings", {}).get("language", ENGLISH)) for record in records}
    return languages.pop() if len(languages) == 1 and languages <= set(list_languages()) else ENGLISH


def _describe_trouble(state: dict[str, Any], finished: str) -> str:
    """Why the last scheduled run brought nothing new; empty if it did, or if the report was finished after it."""
    if state.get("file"):
        return phrase("Its file cannot be read, so that no run is made: {reason}", reason=state["file"])
    if not state.get("message") or state.get("done") == state.get("slot"):
        return ""
    try:
        if datetime.fromisoformat(finished) > datetime.fromisoformat(str(state.get("at"))):
            return ""
    except (ValueError, TypeError):
        pass
    return phrase("The run due {slot} failed: {reason}", slot=state.get("slot", ""), reason=state["message"])
