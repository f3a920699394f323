"""The commitment to hypotheses: their hash, and the day on which a run of the report first had them."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from framing.reports.publish import find_runs_folder, read_record
from framing.settings import Settings

__all__ = ["NO_HYPOTHESES", "hash_hypotheses", "is_before_labels", "register_hypotheses"]

NO_HYPOTHESES = {"hash": "", "registered": "", "n": 0, "gold": ""}


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
        today), `n` (number of hypotheses), and `gold`, the hash of the labels of that first run: None if this
        run is the first, whose labels are not read yet.
    """
    name = hash_hypotheses(settings)
    if not name:
        return dict(NO_HYPOTHESES)
    earlier = [record for record in _read_runs(target) if record.get("hypotheses", {}).get("hash") == name]
    first = min((record["hypotheses"] for record in earlier), key=lambda found: str(found["registered"]), default=None)
    today = datetime.now(UTC).date().isoformat()
    return {
        "hash": name,
        "registered": first["registered"] if first else today,
        "n": len(settings.hypotheses),
        "gold": first.get("gold") if first else None,
    }


def is_before_labels(registered: dict[str, Any], gold: str) -> bool:
    """Whether hypotheses stood before the labels that now test them.

    Parameters
    ----------
    registered : dict of str to object
        What `register_hypotheses` returned.
    gold : str
        Hash of the labels of this run.

    Returns
    -------
    bool
        True if the first run with these hypotheses had no labels, or others than now. What people did outside of this
        program cannot be known.
    """
    return bool(registered["hash"]) and registered["gold"] is not None and registered["gold"] != gold


def _read_runs(target: Path | None) -> list[dict[str, Any]]:
    """The run.json of the report and of its earlier runs, as far as they are kept."""
    if target is None:
        return []
    folder = find_runs_folder(target)
    return [read_record(path) for path in (target / "run.json", *sorted(folder.glob("*/run.json")))]
