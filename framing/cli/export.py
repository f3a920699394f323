"""`framing export`: tables, figures and methods of a finished report, for a paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.cli.options import say
from framing.export.export import export_report

__all__ = ["export"]


def export(
    name: Annotated[str, typer.Argument(metavar="REPORT", help="A finished report")],
    to: Annotated[str, typer.Option("--to", help="docx, latex, csv or methods")],
    output: Annotated[
        Path | None, typer.Option("--output", help="Folder to write to; by default reports/REPORT.export")
    ] = None,
) -> None:
    """Write tables, figures and methods of a finished report for a paper; the folder is the last line printed."""
    typer.echo(str(export_report(name, to, output, say=say)))
