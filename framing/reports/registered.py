"""The commitment to hypotheses: their hash, and the day on which a run of the report first had them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from framing.reports.publish import find_runs_folder, read_record
from framing.settings import Settings

__all__ = ["NO_HYPOTHESES", "complete_registration", "hash_hypotheses", "is_before_labels", "register_hypotheses"]

NO_HYPOTHESES = {"hash": "", "registered": "", "n": 0, "gold": "", "labelled": False, "labels_seen": False}


def hash_hypotheses(settings: Settings) -> str:
    """Hash the hypotheses of settings.

    Parameters
    ----------
    settings : Settings
        Settings of a run.

    Returns
    -------
    str
        SHA-256 of their canonical JSON (sorted keys, no spaces); empty without hypotheses.
    """
    listed = settings.model_dump(mode="json")["hypotheses"]
    if not listed:
        return ""
    text = json.dumps(listed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def register_hypotheses(settings: Settings, target: Path | None) -> dict[str, Any]:
    """Record the hypotheses of a run, before it reads any label.

    Parameters
    ----------
    settings : Settings
        Settings of the run.
    target : Path or None
        Folder of the report that the run replaces, beside the folder of its earlier runs.

    Returns
    -------
    dict of str to object
        `hash`, `registered` (the UTC day of the first run that had the same hypotheses, of those that are kept; else
        today), `n` (number of hypotheses), `gold`, the hash of the labels of that first run: None if this run is the
        first, whose labels are not read yet; `labelled`, whether a run before that first one had labels; and
        `labels_seen`, whether any earlier run of the report had labels.
    """
    runs = _read_runs(target)
    seen = any(_had_labels(run) for run in runs)
    name = hash_hypotheses(settings)
    if not name:
        return {**NO_HYPOTHESES, "labels_seen": seen}
    facts = {"hash": name, "n": len(settings.hypotheses), "labels_seen": seen}
    for place, run in enumerate(runs):
        found = _read_part(run, "hypotheses")
        day, labelled = found.get("registered"), found.get("labelled")
        if found.get("hash") == name and day and isinstance(day, str):
            if not isinstance(labelled, bool):
                labelled = any(_had_labels(earlier) for earlier in runs[:place])
            return {**facts, "registered": day, "gold": found.get("gold"), "labelled": labelled}
    return {**facts, "registered": datetime.now(UTC).date().isoformat(), "gold": None, "labelled": seen}


def complete_registration(registered: dict[str, Any], gold: str) -> dict[str, Any]:
    """Add to the record of hypotheses what is known once labels are read.

    Parameters
    ----------
    registered : dict of str to object
        What `register_hypotheses` returned.
    gold : str
        Hash of the labels of this run; empty without labels.

    Returns
    -------
    dict of str to object
        The record for run.json: with `before_labels`, and with the labels of this run where it is the first.
    """
    return {
        **registered,
        "gold": gold if registered["gold"] is None else registered["gold"],
        "labels_seen": registered["labels_seen"] or bool(gold),
        "before_labels": is_before_labels(registered, gold),
    }


def is_before_labels(registered: dict[str, Any], gold: str) -> bool:
    """Whether hypotheses stood before the labels that now test them.

    Parameters
    ----------
    registered : dict of str to object
        What `register_hypotheses` returned.
    gold : str
        Hash of the labels of this run; empty without labels.

    Returns
    -------
    bool
        True if there are labels now, the first run with these hypotheses had none, and no run before it had any. Other
        labels than now are not enough: who has seen some of the labels may know what the others will say. What people
        did outside of this program, and runs that were not kept before hypotheses were recorded, cannot be known.
    """
    return bool(registered["hash"] and gold) and registered["gold"] == "" and not registered["labelled"]


def _had_labels(run: dict[str, Any]) -> bool:
    """Whether a run, or one before it, had labels."""
    found = _read_part(run, "hypotheses")
    return bool(_read_part(run, "hashes").get("gold") or found.get("gold") or found.get("labels_seen"))


def _read_part(run: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of run.json; empty if it is not there or damaged."""
    part = run.get(name)
    return part if isinstance(part, dict) else {}


def _read_runs(target: Path | None) -> list[dict[str, Any]]:
    """The run.json of earlier runs, as far as they are kept, and of the report, in order of time."""
    if target is None:
        return []
    folder = find_runs_folder(target)
    return [read_record(path) for path in (*sorted(folder.glob("*/run.json")), target / "run.json")]
