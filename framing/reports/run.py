"""Make a report, or leave it as it is where nothing that it depends on has changed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from framing.analysis.auto_encoder import resolve_encoder
from framing.encoders.sentence import prepare_encoder
from framing.project import project_root
from framing.reports.index import write_index
from framing.reports.inputs import find_inputs
from framing.reports.plan import read_plan
from framing.reports.publish import lock_report, read_record
from framing.reports.unchanged import find_unchanged, record_check
from framing.steps import Say

__all__ = ["make_report"]


def make_report(
    name: str, *, overrides: dict[str, Any] | None = None, again: bool = False, say: Say = lambda _: None
) -> Path:
    """Make the report of reports/<name>.yaml, unless it is there and nothing that it depends on has changed.

    Parameters
    ----------
    name : str
        Name of the report.
    overrides : dict of str to Any or None, default None
        Settings that win over those of the file.
    again : bool, default False
        Whether to make it, all notebooks included, though nothing has changed.
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
    The earlier report stays as it is until the last step. What a report depends on is listed by `Inputs`: contents of
    files, settings, code, libraries and machine. A report that was changed by hand is made again.
    """
    plan = read_plan(name)
    target = project_root() / "reports" / name
    resolved = resolve_encoder(plan.settings(overrides or {}))
    settings = resolved.settings
    if settings.scorer == "seeds":
        prepare_encoder(settings.encoder)  # beside what is read until it is needed
    inputs = find_inputs(plan, settings)
    if not again:
        with lock_report(target):
            made = find_unchanged(target, inputs.key)
            if made:
                record_check(target)
        if made:
            say(f"Nothing has changed since {made[:16].replace('T', ' ')} UTC; the report stays as it is.")
            write_index()
            return target / "index.html"
    if resolved.sentence:
        say(f"{resolved.sentence}{_describe_before(target, settings.encoder)}")
    build = import_module("framing.reports.build")  # imports what an unchanged report does not wait for
    build.publish_report(plan, settings, target, inputs=inputs, again=again, say=say)
    write_index()
    return target / "index.html"


def _describe_before(target: Path, encoder: str) -> str:
    """With which encoder the report that is there was made, if that was another."""
    settings = read_record(target / "run.json").get("settings")
    before = settings.get("encoder") if isinstance(settings, dict) else None
    return f". The report that is there was made with {before}" if before and before != encoder else ""
