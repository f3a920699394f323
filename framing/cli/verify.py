"""`framing verify`: make a report again and compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from framing.cli.options import say
from framing.cli.report_options import ReportOptions
from framing.reports.verify import verify_report

__all__ = ["verify"]


@dataclass(frozen=True, kw_only=True)
class FinishedReportOptions(ReportOptions):
    """A finished report, and settings that its record leaves out."""

    name: Annotated[str, typer.Argument(metavar="REPORT", help="A finished report: reports/NAME/run.json")]
    set_: Annotated[list[str] | None, typer.Option("--set", help="key=value that run.json leaves out: gold")] = None


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
