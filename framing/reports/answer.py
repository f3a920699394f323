"""What a report's page says first: findings, one figure, and how far to trust them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.analysis.analysis import Analysis
from framing.analysis.findings import Finding, find_findings, find_told_frame
from framing.reports.answer_figure import draw_frame
from framing.reports.cells import format_interval
from framing.reports.passage_links import link_row, read_groups
from framing.reports.poor_marks import find_poor_frames
from framing.reports.show import keep_chart
from framing.texts import phrase, phrase_n

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["FIGURE", "Answer", "describe_trust", "make_answer"]

FIGURE = "findings"  # name of the figure among the charts
_TABLES = (
    "hypotheses", "frame_tests", "against_rest", "contrasts", "changes", "shares", "agreement_overall",
    "coder_reliability",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What the page says first.

    Attributes
    ----------
    findings : list of Finding
        Sentences with the tables and passages that they rest on.
    trust : list of str
        What is known of how far to trust them.
    poor : dict of str to str
        Names of frames that the classifier marks poorly, by id.
    figure : NotebookNode or None
        One figure, as an output of a notebook.
    """

    findings: list[Finding] = field(default_factory=list)
    trust: list[str] = field(default_factory=list)
    poor: dict[str, str] = field(default_factory=dict)
    figure: NotebookNode | None = None

    @property
    def is_confirmatory(self) -> bool:
        """Whether a sentence tests a hypothesis that was named beforehand, with labels."""
        return any(finding.kind == "confirmatory" for finding in self.findings)


def make_answer(analysis: Analysis, work: Path) -> Answer:
    """Make the answer of a report from the tables that its notebooks wrote.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the report.
    work : Path
        Folder of the report in the making; the figure is written among its charts.

    Returns
    -------
    Answer
        Sentences and a figure.
    """
    tables = {name: table for name in _TABLES if (table := _read_table(work, name)) is not None}
    linkable, names, settings = read_groups(work), analysis.codebook.names, analysis.settings
    findings = find_findings(
        tables,
        names=names,
        by=settings.compare_by,
        level=settings.level,
        unit=analysis.codebook.unit,
        link=lambda row: link_row(row, linkable) if linkable else "",
    )
    poor = {frame: names[frame] for frame in find_poor_frames(work) if frame in names}
    figure = _draw_frame(tables, find_told_frame(tables), analysis, work)
    return Answer(findings, describe_trust(tables, poor=list(poor.values())), poor, figure)


def describe_trust(tables: dict[str, pd.DataFrame], *, poor: list[str]) -> list[str]:
    """Say how far classifier and coders agree, coders among themselves, and which frames are marked poorly.

    Parameters
    ----------
    tables : dict of str to DataFrame
        `agreement_overall` and `coder_reliability`, where the report has them.
    poor : list of str
        Names of frames that the classifier marks poorly.

    Returns
    -------
    list of str
        A clause each; none without labels.
    """
    clauses = []
    if row := _find_row(tables.get("agreement_overall"), "(macro)", "f1"):
        clauses.append(
            phrase("the classifier agrees with the coders at macro-F1 {measure}", measure=_write_measure(row))
        )
    if row := _find_row(tables.get("coder_reliability"), "(mean)", "alpha"):
        clauses.append(
            phrase("the coders with each other at Krippendorff’s alpha {measure}", measure=_write_measure(row))
        )
    if poor:
        clauses.append(
            phrase_n(
                "it marks {n} frame so poorly that uncorrected numbers of it are grey here ({frames})",
                "it marks {n} frames so poorly that uncorrected numbers of them are grey here ({frames})",
                len(poor),
                frames=", ".join(poor),
            )
        )
    return clauses


def _draw_frame(tables: dict[str, pd.DataFrame], frame: str, analysis: Analysis, work: Path) -> NotebookNode | None:
    """Shares of one frame with their intervals, group by group; None if the report has no such table."""
    from nbformat.v4 import new_output

    by, names = analysis.settings.compare_by, analysis.codebook.names
    shares = tables.get("shares")
    if shares is None or not frame or frame not in names or not {by, "frame"} <= set(shares.columns):
        return None
    rows = shares[shares["frame"] == frame]
    chart = draw_frame(rows, names[frame], by=by, groups=analysis.groups, level=analysis.settings.level)
    data, metadata = keep_chart(chart, FIGURE, work)
    return new_output("display_data", data=data, metadata=metadata)


def _read_table(work: Path, name: str) -> pd.DataFrame | None:
    path = work / "tables" / f"{name}.parquet"
    return pd.read_parquet(path) if path.is_file() else None


def _find_row(table: pd.DataFrame | None, frame: str, measure: str) -> dict[Any, Any]:
    """Row of a measure over all frames; empty if there is none, or it is not defined."""
    if table is None:
        return {}
    rows = table[(table["frame"] == frame) & (table["measure"] == measure)].dropna(subset=["estimate"])
    return rows.iloc[0].to_dict() if len(rows) else {}


def _write_measure(row: dict[Any, Any]) -> str:
    return format_interval(row["estimate"], row["low"], row["high"], ".2f")
