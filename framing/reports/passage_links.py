"""Links from rows of tables to the passages that they count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from framing.analysis.analysis import Analysis
from framing.estimates.by_voice import NOT_KNOWN, OTHERS, OUTLET
from framing.selection import is_blank
from framing.side_by_side.page import link_passages
from framing.tables import DOCUMENTS, TRANSLATED, VOICE_VALUES

__all__ = ["GROUPS_FILE", "find_filters", "link_row", "read_groups", "write_groups"]

GROUPS_FILE = ".groups.json"  # in the folder of a report in the making
_GROUP_COLUMNS = ("outlet", "perspective", "group", "group_a", "group_b", "other_outlet")
_MOST_VALUES = 60  # of a column that is a filter of the side-by-side page
_ALL_GROUPS = {"", "all", "all outlets", "(all)", "rest"}  # values of group columns in rows of totals


def find_filters(analysis: Analysis) -> list[str]:
    """Find the columns by which the side-by-side page filters documents, beside their outlet.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the report.

    Returns
    -------
    list of str
        Columns of the corpus's files, and the one whose groups are compared unless groups are made of outlets: those
        with 2 to 60 different values.
    """
    documents, by = analysis.documents, analysis.settings.compare_by
    named = [name for name in documents.columns if name not in {*DOCUMENTS, *TRANSLATED} or name == by]
    return [
        str(name)
        for name in named
        if name not in ("outlet", "perspective")
        and 2 <= documents.loc[~is_blank(documents[name]), name].nunique() <= _MOST_VALUES
    ]


def write_groups(analysis: Analysis, work: Path, *, linked: bool = True) -> None:
    """Write the names of frames and the outlets of each group, for tables that name the former and link to passages.

    Parameters
    ----------
    analysis : Analysis
        Analysis of the report.
    work : Path
        Folder of the report in the making.
    linked : bool, default True
        Whether the report has the side-by-side page to which tables link.
    """
    groups: dict[str, list[str]] = {}
    for column in ("outlet", "perspective"):
        for name, part in analysis.documents.groupby(column)["outlet"]:
            groups.setdefault(str(name), sorted(set(part)))
    by = analysis.settings.compare_by
    content = json.dumps(
        {
            "linked": linked,
            "names": analysis.codebook.names,
            "groups": groups,
            "frames": analysis.codebook.frame_ids,
            "by": by if by in find_filters(analysis) else "",
            "values": analysis.groups,
        }
    )
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
        `linked` (whether the report has a side-by-side page), `names` of the frames, `groups` (outlets by group),
        `frames`, and `by` with its `values`, if groups are compared that are not made of outlets; empty without the
        file.
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
    >>> linkable = {"groups": {}, "frames": ["blame"], "by": "section", "values": ["Politics", "Sport"]}
    >>> link_row({"frame": "blame", "group_a": "Politics", "group_b": "Sport", "n_passages": 3}, linkable)
    'side_by_side.html#frame=blame&in.section=Politics&in.section=Sport'
    """
    if not linkable.get("linked", True):
        return ""
    frames = [row[name] for name in ("frame", "frame_a", "frame_b") if isinstance(row.get(name), str)]
    if "n_spans" in row:  # the page marks frames and voices of passages, not of their spans
        return ""
    if not frames or "n_passages" not in row or "measure" in row or not set(frames) <= set(linkable["frames"]):
        return ""
    by = linkable.get("by", "")
    outlets: list[str] = []
    values: list[str] = []
    for column in dict.fromkeys((*_GROUP_COLUMNS, *([by] if by else []))):
        name = row.get(column)
        if not isinstance(name, str) or name in _ALL_GROUPS:
            continue
        if by and column in (by, "group", "group_a", "group_b"):
            if name not in linkable["values"]:
                return ""
            values.append(name)
        elif name in linkable["groups"]:
            outlets += [item for item in linkable["groups"][name] if item not in outlets]
        else:
            return ""
    voice, speaker_group = row.get("voice"), row.get("speaker_group") or None
    if speaker_group == OUTLET:
        voice, speaker_group = "own", None
    if speaker_group == NOT_KNOWN:
        voice, speaker_group = "unknown", None
    if speaker_group == OTHERS:  # several groups, of which the page has no filter
        return ""
    return link_passages(
        frame=frames,
        every_frame=len(frames) > 1,
        outlet=outlets or None,
        voice=voice if voice in VOICE_VALUES else None,
        group=speaker_group,
        columns={by: values} if values else None,
        query=str(row.get("word", "")),
    )
