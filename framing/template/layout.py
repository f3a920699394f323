"""A project is laid out, and brought up to date without losing what its owner did.

`.framing/project.json` holds the hash of each file as it was laid out: a file with another hash was changed by its
owner.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from framing.errors import InputError
from framing.files.whole import write_whole
from framing.project import MARKER
from framing.template.content import read_template

__all__ = ["Layout", "lay_out_project"]

FOLDERS = ("corpora", "seeds", "reports", "notebooks")
_FORMAT = 1
_N_LISTED = 5  # names of a foreign folder in a message


@dataclass(frozen=True)
class Layout:
    """What was done to a folder, by the paths in it.

    Attributes
    ----------
    folder : Path
        The project.
    is_new : bool
        Whether it was not a project before.
    written : list of str
        New files.
    updated : list of str
        Files that their owner had not changed, in their new version.
    kept : list of str
        Files that their owner changed, and of which there is no new version.
    beside : dict of str to str
        Files that their owner changed: name under which the new version lies beside each.
    absent : list of str
        Files that their owner deleted; they stay away.
    """

    folder: Path
    is_new: bool
    written: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)


def lay_out_project(
    folder: Path,
    *,
    sample: bool | None = None,
    restore: bool = False,
    template: Mapping[str, bytes] | None = None,
) -> Layout:
    """Lay out a project in a folder, or bring one up to date.

    Parameters
    ----------
    folder : Path
        A new name, an empty folder (files whose name begins with a dot do not count), or a project.
    sample : bool, optional
        Whether the constructed sample belongs to it; by default as before, in a new project yes.
    restore : bool, default False
        Whether files that were laid out and deleted are laid out again.
    template : mapping of str to bytes, optional
        Content by path in the project; by default that of this installation.

    Returns
    -------
    Layout
        What was done.

    Raises
    ------
    InputError
        If the folder holds something else, or cannot be written.
    """
    marker = folder / MARKER
    record = _read_record(marker)
    if record is None:
        _refuse_foreign(folder)
    with_sample = sample if sample is not None else record is None or bool(record.get("sample", True))
    content = read_template(sample=with_sample) if template is None else template
    known: dict[str, str] = {} if record is None else record["files"]
    layout = Layout(folder, is_new=record is None)
    try:
        for name in (*FOLDERS, MARKER.parent.name):
            (folder / name).mkdir(parents=True, exist_ok=True)
        if record is None:  # before the files: a project that was laid out halfway is laid out further
            _write_record(marker, {}, sample=with_sample)
        hashes = dict(known)
        for name, data in content.items():
            _lay_out_file(folder / name, name, data, hashes, layout, restore=restore)
        _write_record(marker, hashes, sample=with_sample)
    except OSError as error:
        raise InputError(f"{error.filename or folder} cannot be written: {error.strerror or error}.") from None
    return layout


def _lay_out_file(path: Path, name: str, data: bytes, hashes: dict[str, str], layout: Layout, *, restore: bool) -> None:
    """Lay out one file; its hash among `hashes` is of the version that its owner was last given."""
    given, new = hashes.get(name), _hash(data)
    hashes[name] = new
    if not path.exists() and not path.is_symlink():
        if given is not None and not restore:
            layout.absent.append(name)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
        layout.written.append(name)
        return
    present = _hash(path.read_bytes()) if path.is_file() else ""
    if present == new:
        return
    if present == given and not path.is_symlink():
        write_whole(path, data)
        layout.updated.append(name)
    elif given == new:
        layout.kept.append(name)
    else:
        beside = _find_free_name(path, given, new)
        write_whole(beside, data)
        layout.beside[name] = beside.name


def _find_free_name(path: Path, given: str | None, new: str) -> Path:
    """Name beside a file for its new version; an earlier version that was put there and left alone is replaced."""
    number = 1
    while True:
        beside = path.with_name(f"{path.name}.new{'' if number == 1 else f'-{number}'}")
        if not beside.exists() or (beside.is_file() and _hash(beside.read_bytes()) in (given, new)):
            return beside
        number += 1


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; expected a new or empty folder.")
    others = sorted(item.name for item in folder.iterdir() if not item.name.startswith(".")) if folder.exists() else []
    if others:
        more = f" and {len(others) - _N_LISTED} more" if len(others) > _N_LISTED else ""
        raise InputError(
            f"{folder} is no project and not empty: it holds {', '.join(others[:_N_LISTED])}{more}. "
            "Name a new or empty folder; nothing was changed."
        )


def _read_record(marker: Path) -> dict[str, Any] | None:
    """What was laid out before; None where the folder is no project yet."""
    try:
        record: Any = json.loads(marker.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise InputError(f"{marker} cannot be read: {error}. Bring it back from your history.") from None
    files = record.get("files") if isinstance(record, dict) else None
    if not isinstance(files, dict) or record.get("format") != _FORMAT:
        raise InputError(f"{marker} is not of the form that this version writes: install the version that wrote it.")
    return dict(record)


def _write_record(marker: Path, hashes: Mapping[str, str], *, sample: bool) -> None:
    from framing import __version__

    record = {"format": _FORMAT, "framing": __version__, "sample": sample, "files": dict(sorted(hashes.items()))}
    write_whole(marker, (json.dumps(record, indent=1) + "\n").encode())


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
