"""`framing report`, `framing pdf`: make a report, print it."""

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

__all__ = ["pdf", "report"]


@dataclass(frozen=True, kw_only=True)
class MadeReportOptions(ReportOptions):
    """A report to make, and whether to make it though nothing has changed."""

    again: Annotated[
        bool, typer.Option("--again", help="Make it, and run every notebook, though nothing has changed.")
    ] = False


def report(report: MadeReportOptions, executor: ExecutorOption = "") -> None:
    """Make the report of reports/NAME.yaml; the last line printed is the path of its index.html."""
    place = open_executor(executor, say=say)
    place.check()
    with changed_environment(**{EXECUTOR: place.name}):  # kernels score where the report does
        typer.echo(str(make_report(report.name, overrides=report.overrides, again=report.again, say=say)))


def pdf(
    name: Annotated[str, typer.Argument(metavar="REPORT", help="A finished report")],
    output: Annotated[
        Path | None, typer.Option("--output", help="File to write; by default reports/REPORT.pdf")
    ] = None,
) -> None:
    """Print a report as PDF with the Chromium of this machine (extra: pdf); the path is the last line."""
    typer.echo(str(print_report(name, output)))
