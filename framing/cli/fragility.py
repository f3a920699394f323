"""`framing fragility`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from framing.analysis.fragility import measure_fragility
from framing.analysis.sources import list_inputs
from framing.cli.options import say
from framing.cli.report_options import ReportOptions
from framing.files.whole import check_not_read, check_output, write_table
from framing.reports.plan import read_plan

__all__ = ["fragility"]


def fragility(
    report: ReportOptions,
    output: Annotated[
        Path | None, typer.Option("--output", help="Also write every variation's differences: .csv, .jsonl or .parquet")
    ] = None,
) -> None:
    """Find which differences that a report states survive other encoders, thresholds, passage sizes and seeds."""
    if output is not None:
        check_output(output)
    settings = read_plan(report.name).settings(report.overrides)
    if output is not None:
        check_not_read(output, list_inputs(settings))
    result = measure_fragility(settings, say=say)
    if not result.headlines["n_gold"].any():
        typer.echo("These are shares of passages that the classifier marks; its errors are not included.")
    if not result.headlines["differs"].any():
        typer.echo("No difference is clear of noise; the clearest are shown.")
    for sentences in result.headlines["in_words"]:
        typer.echo(sentences)
    for row in result.left_out.to_dict("records"):
        typer.echo(f"not varied: {row['kind']} ({row['reason']})")
    if output is not None:
        write_table(result.variations, output)
        typer.echo(str(output))
