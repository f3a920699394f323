"""Whether a published report is what a run would make now: nothing that it depends on changed, and it is intact."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from framing.files.digests import stored_sha256s
from framing.files.whole import write_whole
from framing.reports.publish import read_record

__all__ = ["MANIFEST_FILE", "find_checked", "find_unchanged", "record_check", "write_manifest"]

MANIFEST_FILE = "manifest.json"  # in the folder of a report: its key, and size and sha256 of each other file


def write_manifest(work: Path, key: str, *, until: date | None = None) -> None:
    """Record the files of a report in the making, the last of what is written.

    Parameters
    ----------
    work : Path
        Folder of the report in the making.
    key : str
        `Inputs.key` of the run.
    until : date or None, default None
        First day on which the same inputs make another report; None if there is none.
    """
    paths = [path for path in sorted(work.rglob("*")) if path.is_file() and path != work / MANIFEST_FILE]
    digests = stored_sha256s(paths)
    content = {
        "key": key,
        "until": until.isoformat() if until is not None else "",
        "files": {path.relative_to(work).as_posix(): [path.stat().st_size, digest] for path, digest in digests.items()},
    }
    (work / MANIFEST_FILE).write_text(json.dumps(content, indent=1), encoding="utf-8")


def find_unchanged(target: Path, key: str, *, today: date | None = None) -> str:
    """Find out whether a published report is what a run would make now.

    Parameters
    ----------
    target : Path
        Folder of the report.
    key : str
        `Inputs.key` of the run.
    today : date or None, default None
        The day, by default the present one in universal time.

    Returns
    -------
    str
        When the report was made, ISO 8601; empty if there is none, its inputs differ, or a file of it is missing or
        another.
    """
    manifest = read_record(target / MANIFEST_FILE)
    if not key or manifest.get("key") != key or not _is_still(manifest, today or datetime.now(UTC).date()):
        return ""
    files = manifest.get("files")
    if not isinstance(files, dict) or not {"index.html", "run.json"} <= set(files):
        return ""
    try:
        paths = {target / name: entry for name, entry in files.items()}
        if any(path.stat().st_size != entry[0] for path, entry in paths.items()):
            return ""
        digests = stored_sha256s(paths)
        if any(digests[path] != entry[1] for path, entry in paths.items()):
            return ""
    except (OSError, TypeError, IndexError, KeyError):
        return ""
    return str(read_record(target / "run.json").get("made", ""))


def _is_still(manifest: dict[str, Any], today: date) -> bool:
    """Whether the day has not come on which the same inputs make another report."""
    until = manifest.get("until")
    try:
        return not until or today < date.fromisoformat(str(until))
    except ValueError:
        return False


def record_check(target: Path) -> None:
    """Record that a report was found unchanged now.

    Parameters
    ----------
    target : Path
        Folder of the report.
    """
    made = str(read_record(target / "run.json").get("made", ""))
    content = {"made": made, "checked": datetime.now(UTC).isoformat(timespec="seconds")}
    write_whole(_find_check_file(target), [json.dumps(content)])


def find_checked(target: Path) -> str:
    """Find when a report was last known to be what a run would make.

    Parameters
    ----------
    target : Path
        Folder of the report.

    Returns
    -------
    str
        When it was made, or later found unchanged, ISO 8601; empty without a report.
    """
    made = str(read_record(target / "run.json").get("made", ""))
    record = read_record(_find_check_file(target))
    return str(record.get("checked", made)) if made and record.get("made") == made else made


def _find_check_file(target: Path) -> Path:
    return target.parent / f".{target.name}.checked.json"
