"""The side-by-side page of a report: passages of several outlets, with frames, stories and voices."""

from __future__ import annotations

from pathlib import Path

from framing.analysis.analysis import Analysis
from framing.analysis.stories import mark_repeated, open_stories
from framing.analysis.voices import open_voices
from framing.charts.groups import palette
from framing.reports.passage_links import find_filters
from framing.side_by_side.page import PAGE, PageParts, render_side_by_side

__all__ = ["STORIES_NOTEBOOK", "VOICES_NOTEBOOK", "write_side_by_side"]

STORIES_NOTEBOOK = "08_stories"  # a report with this notebook has the page
VOICES_NOTEBOOK = "09_voices"  # with this one the page also shows who speaks


def write_side_by_side(analysis: Analysis, work: Path, *, title: str, voices: bool, notes: list[str]) -> None:
    """Write the page into the folder of a report.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the report. The page shows the stories, aligned passages and voices that its notebooks show.
    work : Path
        Folder of the report in the making, with its tables.
    title : str
        Title of the report.
    voices : bool
        Whether the page shows who speaks.
    notes : list of str
        Caveats for the reader.
    """
    stories = open_stories(analysis)
    speakers = open_voices(analysis) if voices else None
    outlets = sorted(analysis.documents["outlet"].unique())
    names = list(analysis.codebook.names.values())
    page = render_side_by_side(
        PageParts(
            title=title,
            constructed=analysis.config.constructed,
            frames=[(frame, name, palette(names)[name][0]) for frame, name in analysis.codebook.names.items()],
            outlets=[(outlet, palette(outlets)[outlet][0]) for outlet in outlets],
            documents=analysis.documents,
            passages=mark_repeated(analysis.passages, stories),
            decisions=analysis.decisions,
            scores=analysis.scores,
            stories=stories.documents,
            voices=None if speakers is None else speakers.passages,
            segments=None if speakers is None else speakers.segments,
            aligned=stories.aligned,
            notes=notes,
            columns=find_filters(analysis),
            files=[f"tables/{path.name}" for path in sorted((work / "tables").glob("*.csv"))],
        )
    )
    (work / PAGE).write_text(page, encoding="utf-8")
