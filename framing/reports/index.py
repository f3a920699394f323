"""reports/index.html: every report, when it was made, what became of its last scheduled run, and its earlier runs."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from framing.files.whole import write_whole
from framing.project import project_root
from framing.reports.publish import read_record, runs_folder

__all__ = ["list_reports", "write_index"]


def write_index() -> Path:
    """Path of reports/index.html, written whole from what lies in reports/ now."""
    from jinja2 import Environment, StrictUndefined

    home, folder = files("framing.reports"), project_root() / "reports"
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = template.from_string((home / "index.html").read_text(encoding="utf-8")).render(
        reports=list_reports(folder), style=(home / "report.css").read_text(encoding="utf-8")
    )
    write_whole(folder / "index.html", [page])
    return folder / "index.html"


def list_reports(folder: Path) -> list[dict[str, Any]]:
    """Facts of each report in `folder`: name, title, made, counts, method, trouble of its schedule, earlier runs."""
    found = []
    for path in sorted(folder.glob("*/run.json")):
        if path.parent.name.startswith(".") or not (path.parent / "index.html").is_file():
            continue
        name = path.parent.name
        facts, state = read_record(path), read_record(folder / f".{name}.due.json")
        earlier = sorted(runs_folder(path.parent).glob("*/index.html"), reverse=True)
        found.append(
            {
                "name": name,
                "title": facts.get("title", name),
                "made": facts.get("made", ""),
                "counts": facts.get("counts", {}),
                "method": facts.get("method", ""),
                "trouble": _trouble(state, str(facts.get("made", ""))),
                "earlier": [page.parent.name for page in earlier],
            }
        )
    return found


def _trouble(state: dict[str, Any], made: str) -> str:
    """Why the latest scheduled run brought nothing new; empty where it did, or the report was made since."""
    if state.get("file"):
        return f"Its file cannot be read, so that no run is made: {state['file']}"
    if not state.get("message") or state.get("done") == state.get("slot"):
        return ""
    try:
        if datetime.fromisoformat(made) > datetime.fromisoformat(str(state.get("at"))):
            return ""
    except (ValueError, TypeError):
        pass
    return f"The run due {state.get('slot', '')} failed: {state['message']}"
