"""The side-by-side page of a report, and what links from the report's tables into it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from framing.reports.passage_links import _GROUPS
from framing.side_by_side.page import PAGE, PageParts, render_side_by_side

if TYPE_CHECKING:
    import pandas as pd

    from framing.analysis.analysis import Analysis

__all__ = ["STORIES", "VOICES", "write_side_by_side"]

STORIES, VOICES = "08_stories", "09_voices"  # notebooks of which a report must have the first for the page


def write_side_by_side(analysis: Analysis, work: Path, *, title: str, voices: bool, notes: list[str]) -> None:
    """Write the page into the report's folder.

    Parameters
    ----------
    analysis : Analysis
        Of the report. Stories, aligned passages and voices are those that its notebooks show.
    work : Path
        The report's folder, with its tables.
    title : str
        Of the report.
    voices : bool
        Whether the page says who speaks.
    notes : list of str
        What a reader must know.
    """
    from framing.analysis.stories import open_stories
    from framing.charts.style import palette
    from framing.stories.duplicates import mark_duplicates

    stories = open_stories(analysis)
    marked: pd.DataFrame | None = None
    segments: pd.DataFrame | None = None
    if voices:
        from framing.analysis.voices import open_voices

        speakers = open_voices(analysis)
        marked, segments = speakers.passages, speakers.segments
    outlets = sorted(analysis.documents["outlet"].unique())
    names = list(analysis.codebook.names.values())
    page = render_side_by_side(
        PageParts(
            title=title,
            constructed=analysis.config.constructed,
            frames=[(frame, name, palette(names)[name][0]) for frame, name in analysis.codebook.names.items()],
            outlets=[(outlet, palette(outlets)[outlet][0]) for outlet in outlets],
            documents=analysis.documents,
            passages=mark_duplicates(analysis.passages),
            decisions=analysis.decisions,
            scores=analysis.scores,
            stories=stories.documents,
            voices=marked,
            segments=segments,
            aligned=stories.aligned,
            notes=notes,
            files=[f"tables/{path.name}" for path in sorted((work / "tables").glob("*.csv"))],
        )
    )
    (work / PAGE).write_text(page, encoding="utf-8")
    (work / _GROUPS).unlink(missing_ok=True)
