"""`framing regress`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from framing.analysis.analysis import Analysis, open_analysis
from framing.analysis.sources import list_inputs
from framing.cli.options import OutputOption, PathOption, say, split_names
from framing.cli.report_options import parse_assignments
from framing.errors import InputError
from framing.estimates.clusters import describe_clusters
from framing.estimates.regression import Regression, regress_frames
from framing.files.whole import check_not_read, check_output, write_table
from framing.project import named_file, project_root
from framing.reports.plan import read_plan
from framing.settings import Settings

__all__ = ["regress"]

_WIDEST = 60  # characters of the name of a coefficient


@dataclass(frozen=True, kw_only=True)
class AnalysisOptions:
    """A report or a corpus, and settings that win over those of the report."""

    source: Annotated[
        str, typer.Argument(metavar="CORPUS|REPORT", help="A report of reports/, whose settings hold, or a corpus")
    ]
    codebook: Annotated[str, typer.Option("--codebook", help="Codebook in seeds/; a report has its own")] = ""
    set_: Annotated[list[str] | None, typer.Option("--set", help="Setting as key=value; may be repeated")] = None
    data_path: PathOption = ""

    def read(self) -> Settings:
        """Settings of the report or corpus.

        Returns
        -------
        Settings
            The settings.

        Raises
        ------
        InputError
            If there is neither a report nor a corpus of that name, or no codebook is named for a corpus.
        """
        values: dict[str, Any] = parse_assignments(self.set_ or [])
        if self.data_path:
            values["data_path"] = self.data_path
        if self.codebook:
            values["codebook"] = _name_codebook(self.codebook)
        if (project_root() / "reports" / f"{self.source}.yaml").is_file():
            return read_plan(self.source).settings(values)
        if not (project_root() / "corpora" / self.source / "corpus.yaml").is_file():
            reports = sorted(path.stem for path in (project_root() / "reports").glob("*.yaml"))
            corpora = sorted(path.parent.name for path in (project_root() / "corpora").glob("*/corpus.yaml"))
            raise InputError(
                f"There is no report and no corpus {self.source!r}. Reports: {', '.join(reports) or 'none'}. Corpora: "
                f"{', '.join(corpora) or 'none'}."
            )
        if not self.codebook:
            raise InputError(f"{self.source} is a corpus: name a codebook in seeds/ with --codebook.")
        return Settings(**{"corpus": self.source, **values})


def _name_codebook(given: str) -> str:
    """Name of a codebook in seeds/ that is given by its name or its file."""
    name = Path(given).name.removesuffix(".yaml")
    if given not in (name, f"{name}.yaml"):
        path = named_file("seeds", name, ".yaml", kind="codebook")
        if path.resolve() != Path(given).resolve():
            raise InputError(f"--codebook {given}: expected a codebook of the project, in seeds/.")
    return name


def regress(
    options: AnalysisOptions,
    output: OutputOption,
    formula: Annotated[
        str, typer.Option("--formula", help="Such as outlet + period; empty: the groups compared, and linear time")
    ] = "",
    frame: Annotated[list[str] | None, typer.Option("--frame", help="Frame by its id; may be repeated")] = None,
    model: Annotated[str, typer.Option("--model", help="linear (differences of shares) or logit")] = "linear",
    interest: Annotated[
        str, typer.Option("--interest", help="Columns whose p-values are adjusted jointly, comma-separated; all")
    ] = "",
    exploratory: Annotated[
        bool, typer.Option("--exploratory", help="Regress the classifier's decisions, without labels")
    ] = False,
    effects: Annotated[Path | None, typer.Option("--effects", help="Also write average marginal effects")] = None,
) -> None:
    """Regress frames on outlet, period and other columns, corrected with labels; intervals by story or document."""
    written = {"output": output, **({"effects": effects} if effects is not None else {})}
    for argument, path in written.items():
        check_output(path, argument=argument)
    settings = options.read()
    inputs = list_inputs(settings)
    for argument, path in written.items():
        check_not_read(path, inputs, argument=argument)
    analysis = open_analysis(settings, say=say)
    frames = _choose_frames(analysis, frame or [])
    result = regress_frames(
        analysis.classified,
        formula or settings.formula,
        frames=frames,
        model=model,  # type: ignore[arg-type]  # which refuses others
        interest=split_names(interest),
        by=settings.compare_by,
        period=settings.period,
        corrected=not exploratory,
        **settings.draws,
    )
    _show(result, analysis, level=settings.level)
    write_table(result.coefficients, output)
    typer.echo(str(output))
    if effects is not None:
        write_table(result.effects, effects)
        typer.echo(str(effects))


def _choose_frames(analysis: Analysis, frames: list[str]) -> list[str]:
    """Frames that were asked for; refuses ids that the codebook lacks."""
    known = analysis.codebook.frame_ids
    unknown = [name for name in frames if name not in known]
    if unknown:
        raise InputError(f"--frame {unknown[0]}: the codebook has {', '.join(known)}.")
    return frames


def _show(result: Regression, analysis: Analysis, *, level: float) -> None:
    """Print what was regressed, then the coefficients, and for a logit the effects, frame by frame."""
    rows = result.coefficients
    first = rows.iloc[0]
    typer.echo(f"share of each frame ~ {result.formula}; {str(first['method']).split('; no ')[0]}")
    typer.echo(
        f"{first['n_passages']:,} passages of {first['n_documents']:,} documents, {first['n_gold']:,} labelled. "
        f"Intervals take as {describe_clusters(analysis.classified)}."
    )
    if not first["n_gold"]:
        typer.echo(f"Not corrected: {analysis.not_corrected or 'asked for'}. What follows is exploratory.")
    if result.missing:
        counts = ", ".join(f"{name} {count:,}" for name, count in result.missing.items())
        typer.echo(f"{first['n_left_out']:,} passages are left out, as they lack a value: {counts}.")
    unit = "points" if result.model == "linear" else "log-odds"
    typer.echo(_format_terms(rows.assign(name=rows["term"]), unit, 100 if result.model == "linear" else 1, level))
    if result.model == "logit":
        effects = result.effects
        against = ": " + effects["level"] + " against " + effects["reference"]
        against = against.where(effects["reference"] != "", ", one more")
        typer.echo("\nAverage marginal effects")
        typer.echo(_format_terms(effects.assign(name=effects["variable"] + against), "points", 100, level))
    typer.echo(f"Intervals hold each by itself ({level:.0%}). {result.family}")


def _format_terms(rows: pd.DataFrame, unit: str, scale: int, level: float) -> str:
    """A line for each row under the name of its frame."""
    heads = (f"estimate ({level:.0%} interval) in {unit}", "p", "p adjusted")
    width = min(max(len(str(name)) for name in rows["name"]), _WIDEST)
    lines = [f"  {'':<{width}}  {heads[0]:<38}{heads[1]:>8}{heads[2]:>12}"]
    digits = 1 if scale > 1 else 2
    for frame in pd.unique(rows["frame"]):
        lines.append(frame)
        for row in rows[rows["frame"] == frame].to_dict("records"):
            lines.append(f"  {str(row['name'])[:width]:<{width}}  {_format_numbers(row, scale, digits)}")
    return "\n".join(lines)


def _format_numbers(row: dict[Any, Any], scale: int, digits: int) -> str:
    """Estimate, interval and p-values of a row, and why one is missing."""
    note = f"  {row['method'].rpartition('; ')[2]}" if pd.isna(row["low"]) else ""
    if pd.isna(row["estimate"]):
        note = "  " + str(row["method"])[str(row["method"]).find("no estimate") :]
        return f"{'–':<38}{'–':>8}{'–':>12}{note}"
    estimate = f"{scale * row['estimate']:+.{digits}f}"
    if pd.isna(row["low"]):
        return f"{estimate:<38}{'–':>8}{'–':>12}{note}"
    bounds = f"{estimate} ({scale * row['low']:+.{digits}f} to {scale * row['high']:+.{digits}f})"
    adjusted = "–" if pd.isna(row["p_adjusted"]) else f"{row['p_adjusted']:.4f}"
    return f"{bounds:<38}{row['p_value']:>8.4f}{adjusted:>12}{note}"
