"""`framing run`, `framing schedule`, `framing verify`: reports that are made without anyone watching."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import PathOption, tell
from framing.errors import InputError

__all__ = ["pdf", "run", "schedule_app", "verify"]

schedule_app = typer.Typer(no_args_is_help=True, help="A timer of yours that calls: framing run --due")
KindOption = Annotated[str, typer.Option("--kind", help="systemd or cron; by default what this machine has")]


def run(
    due: Annotated[
        bool, typer.Option("--due", help="Make each report of reports/*.yaml whose schedule is due")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="What came of each report, as JSON on standard output")
    ] = False,
) -> None:
    """Make what is due, once, however often it is called; exit code 1 or 2 where a report failed, 75 where locked."""
    from framing.reports.due import outcome_facts, run_due
    from framing.reports.index import write_index

    if not due:
        raise InputError("framing run makes what is due: framing run --due. For one report now: framing report NAME.")
    outcomes = run_due(say=tell)
    write_index()
    if as_json:
        typer.echo(outcome_facts(outcomes))
    else:
        for item in outcomes:
            reason = f": {item.message}" if item.message else ""
            coming = f"; next at {item.next_slot}" if item.next_slot else ""
            typer.echo(f"{item.report}: {item.result}{reason}{coming}")
            for line in item.crossed:
                typer.echo(f"    {line}")
        if not outcomes:
            typer.echo("no report in reports/ has a schedule: add for instance schedule: '0 6 * * 1' to its file")
    codes = [item.exit_code for item in outcomes if item.exit_code]
    if codes:
        raise typer.Exit(min(codes))


@schedule_app.command("install")
def schedule_install(
    show: Annotated[bool, typer.Option("--print", help="Only show what would be installed")] = False,
    kind: KindOption = "",
    every: Annotated[int, typer.Option("--every", help="Minutes between two looks for what is due")] = 15,
    memory: Annotated[str, typer.Option("--memory", help="systemd ends a run that takes more")] = "8G",
    hours: Annotated[int, typer.Option("--hours", help="systemd ends a run that takes longer", min=1, max=48)] = 6,
) -> None:
    """Install a systemd user timer, or a line in your crontab, and say what was done."""
    from framing.reports.schedule import install, plan_timer

    timer = plan_timer(kind=kind, every_minutes=every, memory=memory, hours=hours)
    for line in [timer.text] if show else install(timer):
        typer.echo(line)


@schedule_app.command("uninstall")
def schedule_uninstall(kind: KindOption = "") -> None:
    """Remove what install wrote for this project."""
    from framing.reports.schedule import plan_timer, uninstall

    for line in uninstall(plan_timer(kind=kind)) or ["nothing was installed for this project"]:
        typer.echo(line)


def verify(
    name: Annotated[str, typer.Argument(metavar="REPORT", help="A report that was made: reports/NAME/run.json")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="key=value that run.json leaves out: gold")] = None,
    path: PathOption = "",
) -> None:
    """Make a report again, aside, and say which of its tables are equal to the last digit; exit code 1 where not."""
    from framing.reports.verify import verify_report
    from framing.settings import parse_assignments

    overrides = parse_assignments(set_ or [])
    if path:
        overrides["data_path"] = path
    found = verify_report(name, overrides=overrides, say=tell)
    for row in found.inputs.to_dict("records"):
        typer.echo(f"changed since: {row['input']}: {row['then'] or 'not there'} then, {row['now'] or 'not there'} now")
    for row in found.tables[found.tables["result"] != "equal"].to_dict("records"):
        note = f": {row['note']}" if row["note"] else ""
        typer.echo(f"{row['table']}: {row['result']}{note}")
    n_equal = int((found.tables["result"] == "equal").sum())
    page = "the page is the same but for its date" if found.same_page else "the page differs"
    typer.echo(f"{n_equal} of {len(found.tables)} tables equal to the last digit; {page}")
    if not found.holds:
        raise typer.Exit(1)


def pdf(
    name: Annotated[str, typer.Argument(metavar="REPORT", help="A report that was made")],
    output: Annotated[
        Path | None, typer.Option("--output", help="File to write; by default reports/REPORT.pdf")
    ] = None,
) -> None:
    """Print a report as PDF with the Chromium of this machine (extra: pdf); the path is the last line."""
    from framing.reports.printed import print_report

    typer.echo(str(print_report(name, output)))
