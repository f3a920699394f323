"""`framing run` and `framing schedule`: reports that are made by a schedule."""

from __future__ import annotations

from typing import Annotated

import typer

from framing.cli.options import say
from framing.errors import InputError
from framing.operations.due import format_outcomes, run_due
from framing.operations.timer import install as install_timer
from framing.operations.timer import plan_timer
from framing.operations.timer import uninstall as uninstall_timer
from framing.reports.index import write_index

__all__ = ["install", "run", "uninstall"]

KindOption = Annotated[str, typer.Option("--kind", help="systemd or cron; by default systemd if this machine runs it")]


def run(
    due: Annotated[
        bool, typer.Option("--due", help="Make each report of reports/*.yaml whose schedule is due")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The outcome of each report, as JSON on standard output")
    ] = False,
) -> None:
    """Make the reports that are due, each once; exit code 1 or 2 if a report failed, 75 if one was locked."""
    if not due:
        raise InputError("framing run makes what is due: framing run --due. For one report now: framing report NAME.")
    outcomes = run_due(say=say)
    write_index()
    if as_json:
        typer.echo(format_outcomes(outcomes))
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


def install(
    show: Annotated[bool, typer.Option("--print", help="Only show what would be installed")] = False,
    kind: KindOption = "",
    every_minutes: Annotated[int, typer.Option("--every", help="Minutes between two looks for what is due")] = 15,
    memory: Annotated[str, typer.Option("--memory", help="systemd ends a run that takes more")] = "8G",
    hours: Annotated[int, typer.Option("--hours", help="systemd ends a run that takes longer", min=1, max=48)] = 6,
) -> None:
    """Install a systemd user timer, or a line in your crontab, and list what was done."""
    timer = plan_timer(kind=kind, every_minutes=every_minutes, memory=memory, hours=hours)
    for line in [timer.text] if show else install_timer(timer):
        typer.echo(line)


def uninstall(kind: KindOption = "") -> None:
    """Remove what install wrote for this project."""
    for line in uninstall_timer(plan_timer(kind=kind)) or ["nothing was installed for this project"]:
        typer.echo(line)
