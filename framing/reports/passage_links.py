"""Links from rows of tables to the passages behind them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from framing.analysis.analysis import Analysis
from framing.estimates.by_voice import OTHERS, OUTLET
from framing.side_by_side.page import link_passages
from framing.tables import VOICE_VALUES

__all__ = ["keep_groups", "linked_groups", "link_of"]


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
    return link_passages(
        frame=frames,
        every_frame=len(frames) > 1,
        outlet=outlets or None,
        voice=voice if voice in VOICE_VALUES else None,
        group=group,
        query=str(record.get("word", "")),
    )
