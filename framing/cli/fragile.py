"""`framing fragility`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from framing.cli.options import PathOption, naming

__all__ = ["fragility"]


def fragility(
    name: Annotated[str, typer.Argument(help="Report: a file reports/NAME.yaml, whose settings are varied")],
    set_: Annotated[list[str] | None, typer.Option("--set", help="key=value, over the file; may be repeated")] = None,
    path: PathOption = "",
    output: Annotated[
        Path | None, typer.Option("--output", help="Also write every variation's contrasts: .csv, .jsonl or .parquet")
    ] = None,
) -> None:
    """In how many variations of encoder, threshold, passage size and seeds each clear difference survives."""
    from framing.classified_files import check_output, write_table
    from framing.fragility import measure_fragility
    from framing.reports.plan import read_plan
    from framing.settings import parse_assignments

    if output is not None:
        with naming("--output"):
            check_output(output)
    overrides = parse_assignments(set_ or [])
    if path:
        overrides["data_path"] = path
    found = measure_fragility(read_plan(name).settings(overrides), say=lambda text: typer.echo(text, err=True))
    typer.echo(
        "What is varied is what the classifier marks; labels are not used, so figures differ from corrected ones."
    )
    if not found.headlines["differs"].any():
        typer.echo("No difference is clear of noise; the largest are shown.")
    for row in found.headlines.to_dict("records"):
        clear = "differs" if row["differs"] else "not clear of noise"
        typer.echo(f"{row['frame']}: {row['group_a']} against {row['group_b']}: {_points(row, 'estimate')} points "
                   f"({_points(row, 'low')} to {_points(row, 'high')}), {clear}")  # fmt: skip
        typer.echo(
            f"    same sign in {row['n_same_sign']} of {row['n_variations']} variations, sign and clearness in "
            f"{row['n_survived']}: encoders {row['encoders']}, thresholds {row['thresholds']}, passage sizes "
            f"{row['passage_sizes']}, seeds left out {row['seeds_left_out']}; from {_points(row, 'smallest')} to "
            f"{_points(row, 'largest')} points, least under {row['worst']}"
        )
    for row in found.left_out.to_dict("records"):
        typer.echo(f"not varied: {row['kind']} ({row['reason']})")
    if output is not None:
        write_table(found.variations, output)
        typer.echo(str(output))


def _points(row: dict[Any, Any], name: str) -> str:
    return f"{100 * row[name]:+.1f}"
