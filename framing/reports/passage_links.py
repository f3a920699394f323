"""Links from rows of tables to the passages that they count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from framing.analysis.analysis import Analysis
from framing.estimates.by_voice import OTHERS, OUTLET
from framing.side_by_side.page import link_passages
from framing.tables import VOICE_VALUES

__all__ = ["GROUPS_FILE", "link_row", "read_groups", "write_groups"]

GROUPS_FILE = ".groups.json"  # in the folder of a report in the making
_GROUP_COLUMNS = ("outlet", "perspective", "group", "group_a", "group_b", "other_outlet")
_ALL_GROUPS = {"", "all", "all outlets", "(all)"}  # values of group columns in rows of totals


def write_groups(analysis: Analysis, work: Path) -> None:
    """Write which outlets make up each group, so that tables can link to the passages of a group.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the report.
    work : Path
        Folder of the report in the making.
    """
    groups: dict[str, list[str]] = {}
    for column in ("outlet", "perspective"):
        for name, part in analysis.documents.groupby(column)["outlet"]:
            groups.setdefault(str(name), sorted(set(part)))
    content = json.dumps({"groups": groups, "frames": analysis.codebook.frame_ids})
    (work / GROUPS_FILE).write_text(content, encoding="utf-8")


def read_groups(work: Path) -> dict[str, Any]:
    """Read the file of `write_groups`.

    Parameters
    ----------
    work : Path
        Folder of the report in the making.

    Returns
    -------
    dict
        `groups` (outlets by group) and `frames`; empty if the report has no side-by-side page.
    """
    path = work / GROUPS_FILE
    linkable: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return linkable


def link_row(row: dict[Any, Any], linkable: dict[str, Any]) -> str:
    """Return the address of the passages that a row of a table counts.

    Parameters
    ----------
    row : dict
        Values of the row by column.
    linkable : dict
        What `read_groups` returns.

    Returns
    -------
    str
        Address on the side-by-side page; empty if the row does not count passages with a frame.

    Examples
    --------
    >>> linkable = {"groups": {"West": ["A", "B"], "A": ["A"]}, "frames": ["blame"]}
    >>> link_row({"frame": "blame", "perspective": "West", "n_passages": 3}, linkable)
    'side_by_side.html#frame=blame&outlet=A&outlet=B'
    >>> link_row({"frame": "(macro)", "n_passages": 3}, linkable)
    ''
    """
    frames = [row[name] for name in ("frame", "frame_a", "frame_b") if isinstance(row.get(name), str)]
    if not frames or "n_passages" not in row or "measure" in row or not set(frames) <= set(linkable["frames"]):
        return ""
    outlets: list[str] = []
    for column in _GROUP_COLUMNS:
        name = row.get(column)
        if isinstance(name, str) and name not in _ALL_GROUPS:
            if name not in linkable["groups"]:
                return ""
            outlets += [item for item in linkable["groups"][name] if item not in outlets]
    voice, speaker_group = row.get("voice"), row.get("speaker_group") or None
    if speaker_group == OUTLET:
        voice, speaker_group = "own", None
    if speaker_group == OTHERS:  # several groups, of which the page has no filter
        return ""
    return link_passages(
        frame=frames,
        every_frame=len(frames) > 1,
        outlet=outlets or None,
        voice=voice if voice in VOICE_VALUES else None,
        group=speaker_group,
        query=str(row.get("word", "")),
    )
