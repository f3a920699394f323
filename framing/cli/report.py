"""`framing report`, `framing verify`, `framing pdf`: make a report, make it again and compare, print it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import ExecutorOption, say
from framing.cli.report_options import ReportOptions
from framing.executors.executor import EXECUTOR, open_executor
from framing.project import changed_environment
from framing.reports.printed import print_report
from framing.reports.run import make_report
from framing.reports.verify import verify_report

__all__ = ["pdf", "report", "verify"]


@dataclass(frozen=True, kw_only=True)
class FinishedReportOptions(ReportOptions):
    """A finished report, and settings that its record leaves out."""

    name: Annotated[str, typer.Argument(metavar="REPORT", help="A finished report: reports/NAME/run.json")]
    set_: Annotated[list[str] | None, typer.Option("--set", help="key=value that run.json leaves out: gold")] = None


def report(report: ReportOptions, executor: ExecutorOption = "") -> None:
    """Make the report of reports/NAME.yaml; the last line printed is the path of its index.html."""
    place = open_executor(executor, say=say)
    place.check()
    with changed_environment(**{EXECUTOR: place.name}):  # kernels score where the report does
        typer.echo(str(make_report(report.name, overrides=report.overrides, say=say)))


def verify(report: FinishedReportOptions) -> None:
    """Make a report again, aside, and list the tables that differ in any digit; exit code 1 if there are any."""
    verified = verify_report(report.name, overrides=report.overrides, say=say)
    for row in verified.inputs.to_dict("records"):
        typer.echo(f"changed since: {row['input']}: {row['then'] or 'not there'} then, {row['now'] or 'not there'} now")
    for row in verified.tables[verified.tables["result"] != "equal"].to_dict("records"):
        note = f": {row['note']}" if row["note"] else ""
        typer.echo(f"{row['table']}: {row['result']}{note}")
    n_equal = int((verified.tables["result"] == "equal").sum())
    page = "the page is the same but for its date" if verified.same_page else "the page differs"
    typer.echo(f"{n_equal} of {len(verified.tables)} tables equal to the last digit; {page}")
    if not verified.all_equal:
        raise typer.Exit(1)


def pdf(
    name: Annotated[str, typer.Argument(metavar="REPORT", help="A finished report")],
    output: Annotated[
        Path | None, typer.Option("--output", help="File to write; by default reports/REPORT.pdf")
    ] = None,
) -> None:
    """Print a report as PDF with the Chromium of this machine (extra: pdf); the path is the last line."""
    typer.echo(str(print_report(name, output)))
