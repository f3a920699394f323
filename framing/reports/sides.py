"""The side-by-side page of a report, and what links from the report's tables into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.estimates.by_voice import OTHERS, OUTLET
from framing.side_by_side.page import PAGE, PageParts, passages_link, render_side_by_side
from framing.tables import VOICE_VALUES

if TYPE_CHECKING:
    import pandas as pd

    from framing.analysis.analysis import Analysis

__all__ = ["STORIES", "VOICES", "keep_groups", "link_of", "linked_groups", "write_side_by_side"]

STORIES, VOICES = "08_stories", "09_voices"  # notebooks of which a report must have the first for the page
_GROUPS = ".groups.json"
_GROUP_COLUMNS = ("outlet", "perspective", "group", "group_a", "group_b", "other_outlet")
_NONE = {"", "all", "all outlets", "(all)"}


def keep_groups(analysis: Analysis, work: Path) -> None:
    """Leave beside the report's tables which outlets make up each group, so that they can link to the passages."""
    groups: dict[str, list[str]] = {}
    for column in ("outlet", "perspective"):
        for name, part in analysis.documents.groupby(column)["outlet"]:
            groups.setdefault(str(name), sorted(set(part)))
    (work / _GROUPS).write_text(json.dumps({"groups": groups, "frames": analysis.codebook.frame_ids}), encoding="utf-8")


def linked_groups(output: Path) -> dict[str, Any]:
    """What `keep_groups` left; empty where the report has no side-by-side page."""
    path = output / _GROUPS
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def link_of(record: dict[Any, Any], known: dict[str, Any]) -> str:
    """Address of the passages behind a row of a table; empty where the row is not one of passages with a frame.

    >>> known = {"groups": {"West": ["A", "B"], "A": ["A"]}, "frames": ["blame"]}
    >>> link_of({"frame": "blame", "perspective": "West", "n_passages": 3}, known)
    'side_by_side.html#frame=blame&outlet=A&outlet=B'
    >>> link_of({"frame": "(macro)", "n_passages": 3}, known)
    ''
    """
    frames = [record[name] for name in ("frame", "frame_a", "frame_b") if isinstance(record.get(name), str)]
    if not frames or "n_passages" not in record or "measure" in record or not set(frames) <= set(known["frames"]):
        return ""
    outlets: list[str] = []
    for column in _GROUP_COLUMNS:
        name = record.get(column)
        if isinstance(name, str) and name not in _NONE:
            if name not in known["groups"]:
                return ""
            outlets += [item for item in known["groups"][name] if item not in outlets]
    voice, group = record.get("voice"), record.get("speaker_group") or None
    if group == OUTLET:
        voice, group = "own", None
    if group == OTHERS:  # no name of a side
        return ""
    return passages_link(
        frame=frames,
        every_frame=len(frames) > 1,
        outlet=outlets or None,
        voice=voice if voice in VOICE_VALUES else None,
        group=group,
        query=str(record.get("word", "")),
    )


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
