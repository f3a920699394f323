"""`framing fragility`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from framing.analysis.fragility import measure_fragility
from framing.cli.options import say
from framing.cli.report_options import ReportOptions
from framing.files.whole import check_output, write_table
from framing.reports.plan import read_plan

__all__ = ["fragility"]


def fragility(
    report: ReportOptions,
    output: Annotated[
        Path | None, typer.Option("--output", help="Also write every variation's contrasts: .csv, .jsonl or .parquet")
    ] = None,
) -> None:
    """Count the variations of encoder, threshold, passage size and seeds in which each clear difference survives."""
    if output is not None:
        check_output(output)
    result = measure_fragility(read_plan(report.name).settings(report.overrides), say=say)
    typer.echo(
        "These are shares of passages that the classifier marks; labels are not used, so figures differ from "
        "corrected ones."
    )
    if not result.headlines["differs"].any():
        typer.echo("No difference is clear of noise; the largest are shown.")
    for row in result.headlines.to_dict("records"):
        _show(row)
    for row in result.left_out.to_dict("records"):
        typer.echo(f"not varied: {row['kind']} ({row['reason']})")
    if output is not None:
        write_table(result.variations, output)
        typer.echo(str(output))


def _show(row: dict[Any, Any]) -> None:
    """Print a difference, and how it changes over the variations, in two lines."""
    verdict = "differs" if row["differs"] else "not clear of noise"
    typer.echo(
        f"{row['frame']}: {row['group_a']} against {row['group_b']}: {_format_points(row, 'estimate')} points "
        f"({_format_points(row, 'low')} to {_format_points(row, 'high')}), {verdict}"
    )
    typer.echo(
        f"    same sign in {row['n_same_sign']} of {row['n_variations']} variations, sign and clearness in "
        f"{row['n_survived']}: encoders {row['encoders']}, thresholds {row['thresholds']}, passage sizes "
        f"{row['passage_sizes']}, seeds left out {row['seeds_left_out']}; from {_format_points(row, 'smallest')} to "
        f"{_format_points(row, 'largest')} points, least under {row['worst']}"
    )


def _format_points(row: dict[Any, Any], name: str) -> str:
    return f"{100 * row[name]:+.1f}"
