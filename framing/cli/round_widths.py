"""The widths that `framing sample --next` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import typer

from framing.cli.round_options import RoundOptions

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["show_widths"]

_LISTED = 12  # rows that are shown


def show_widths(widths: pd.DataFrame, options: RoundOptions, *, n_labels: int) -> None:
    """Print the width of the widest intervals, and the labels that are left.

    Parameters
    ----------
    widths : DataFrame
        Rows of interest, as `framing.analysis.label_rounds.measure_widths` returns them.
    options : RoundOptions
        The width wanted, and the contrast.
    n_labels : int
        Labelled passages.
    """
    what = "difference" if options.pair else "share"
    typer.echo(f"Width of the intervals of corrected {what}s after {n_labels:,} labels, the widest first")
    wanted = options.width is not None
    head = f"{'frame':<28}{'outlet':<28}{what:>10}{'interval':>19}{'width':>8}{'labels':>8}"
    typer.echo(head + (f"{'left':>8}" if wanted else ""))
    order = widths["width"].fillna(np.inf).sort_values(ascending=False, kind="stable").index
    for row in widths.loc[order].head(_LISTED).to_dict("records"):
        first = f"{row['frame']:<28}{row['group']:<28}"
        if np.isnan(row["width"]):
            typer.echo(f"{first}{row['method']}")
            continue
        interval = f"{row['low']:.1%} to {row['high']:.1%}"
        line = f"{first}{row['estimate']:>10.1%}{interval:>19}{row['width']:>8.3f}{row['n_gold']:>8,.0f}"
        typer.echo(line + (f"{_format_left(row['n_left']):>8}" if wanted else ""))
    if len(widths) > _LISTED:
        typer.echo(f"… and {len(widths) - _LISTED} narrower ones")
    if not wanted:
        return
    narrow = int((widths["width"] <= options.width).sum())
    never = np.isinf(widths["n_left"])
    per_group = widths[~never].groupby("group", sort=False)["n_left"].max()
    typer.echo(
        f"{narrow} of {len(widths)} intervals are {options.width:g} wide or narrower; labels left until all are, by "
        f"the classifier of now: about {per_group.sum():,.0f}" + f", but for {never.sum()}" * bool(never.any())
    )
    if never.any():
        typer.echo("never: the choice of documents alone makes the interval wider; add documents, or --target corpus")


def _format_left(n_left: float) -> str:
    if np.isnan(n_left):
        return "unknown"
    return "never" if np.isinf(n_left) else f"{n_left:,.0f}"
