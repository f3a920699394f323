"""Executed notebooks with their tables and charts, used again while nothing that they depend on has changed.

What a notebook depends on is known before it runs, except for the settings: its kernel records which it reads. An entry
is found again if its notebook, the contents of all files, the code, the libraries and these settings are the same.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from framing.files.damage import DamageError, find_identity, is_damaged_file, warn
from framing.files.identity import file_sha256, hash_content
from framing.files.json_schemas import import_jsonschema
from framing.files.sealed_json import read_record, write_record
from framing.files.whole import remove_place, whole_folder
from framing.project import cache_folder
from framing.reports.inputs import Inputs
from framing.reports.reusable import find_settings_named, is_reusable

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["NotebookCache"]

_ENTRY, _EXECUTED = "entry.json", "executed.ipynb"
_SHOWN = ("tables", "charts")  # folders of what a notebook shows
_MOST_BYTES = 4 * 10**9  # of all entries; those that were used longest ago go first
_MOST_ENTRIES = 400
_OF_VARIED = "encoders_varied"  # who reads it depends on the models that it names, or on those that are installed


@dataclass(frozen=True)
class NotebookCache:
    """Executed notebooks in the cache folder.

    Attributes
    ----------
    inputs : Inputs
        What the run of the report depends on.
    linked : bool
        Whether the report has the side-by-side page to which tables link.
    """

    inputs: Inputs
    linked: bool
    _added: list[Path] = field(default_factory=list, repr=False)

    def find(self, path: Path, into: Path) -> NotebookNode | None:
        """Find a notebook as it was executed with equal inputs.

        Parameters
        ----------
        path : Path
            The notebook.
        into : Path
            An empty folder, into which its tables and charts are copied.

        Returns
        -------
        NotebookNode or None
            The executed notebook; None if there is none. One that is damaged is removed with a warning.
        """
        base = self._find_base(path)
        if base.is_file():
            _remove_damaged(path, base, "it is no folder")
        for home in sorted(base.glob("[!.]*")):  # hidden ones are of writers at work
            seen = find_identity(home)
            try:
                entry = read_record(home / _ENTRY)
                if self._hash_values(entry["reads"]) != home.name or not _is_valid_on(entry["until"]):
                    continue
                found = _copy_entry(home, entry["files"], into)
            except (DamageError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                for name in _SHOWN:
                    shutil.rmtree(into / name, ignore_errors=True)
                if is_damaged_file(error) and seen is not None and find_identity(home) == seen:
                    _remove_damaged(path, home, error)
                continue
            with suppress(OSError):
                (home / _ENTRY).touch()
            return found
        return None

    def keep(
        self, path: Path, executed: NotebookNode, shown: Path, *, reads: set[str] | None, until: date | None
    ) -> None:
        """Store an executed notebook.

        Parameters
        ----------
        path : Path
            The notebook.
        executed : NotebookNode
            The same with its outputs.
        shown : Path
            Folder with its tables and charts.
        reads : set of str or None
            Settings that its kernel read; None: all.
        until : date or None
            First day on which the same inputs give other outputs; None if there is none.
        """
        import nbformat

        names = set(self.inputs.settings) if reads is None else reads | find_settings_named(executed_source(executed))
        home = self._find_base(path) / self._hash_values(names)
        with suppress(OSError):  # a cache that cannot be written costs the next run its time, nothing else
            home.parent.mkdir(parents=True, exist_ok=True)
            remove_place(home)
            with whole_folder(home) as work:
                (work / _EXECUTED).write_text(nbformat.writes(executed), encoding="utf-8")
                for name in _SHOWN:
                    if (shown / name).is_dir():
                        shutil.copytree(shown / name, work / name)
                files = {
                    item.relative_to(work).as_posix(): file_sha256(item) for item in work.rglob("*") if item.is_file()
                }
                entry = {
                    "notebook": path.name,
                    "reads": sorted(names),
                    "until": until.isoformat() if until is not None else "",
                    "files": files,
                }
                write_record(work / _ENTRY, entry)
            self._added.append(home)

    def forget(self) -> None:
        """Remove what this run stored: something that it depends on changed meanwhile, and may be in it."""
        for home in self._added:
            shutil.rmtree(home, ignore_errors=True)

    def prune(self) -> None:
        """Remove the entries that were used longest ago, beyond what the cache may hold."""
        entries = []
        for path in _find_home().glob(f"*/*/{_ENTRY}"):
            with suppress(OSError):
                size = sum(item.stat().st_size for item in path.parent.rglob("*") if item.is_file())
                entries.append((path.stat().st_mtime, size, path.parent))
        total = 0
        for number, (_, size, home) in enumerate(sorted(entries, reverse=True, key=lambda item: item[0])):
            total += size
            if number >= _MOST_ENTRIES or total > _MOST_BYTES:
                shutil.rmtree(home, ignore_errors=True)
                with suppress(OSError):
                    home.parent.rmdir()  # fails where it holds other entries

    def _find_base(self, path: Path) -> Path:
        """Folder of the entries of a notebook with the same inputs, whatever the settings."""
        contents = {**self.inputs.contents, "varied": ""}
        key = hash_content([path.stem, self.inputs.notebooks[path.stem], contents, self.linked])
        return _find_home() / key[:24]

    def _hash_values(self, names: Iterable[str]) -> str:
        """Hash of the values of settings now."""
        values: dict[str, Any] = {name: self.inputs.settings[name] for name in names}
        if _OF_VARIED in values:
            values[_OF_VARIED] = [values[_OF_VARIED], self.inputs.contents["varied"]]
        return hash_content(values)[:24]


def executed_source(executed: NotebookNode) -> NotebookNode:
    """Return an executed notebook without the cell of injected settings, which names them all.

    Parameters
    ----------
    executed : NotebookNode
        The executed notebook.

    Returns
    -------
    NotebookNode
        A notebook of the cells that its author wrote.
    """
    cells = [cell for cell in executed.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    return type(executed)({**executed, "cells": cells})


def _find_home() -> Path:
    return cache_folder() / "notebooks"


def _is_valid_on(until: str) -> bool:
    return not until or datetime.now(UTC).date() < date.fromisoformat(until)


def _remove_damaged(path: Path, home: Path, error: object) -> None:
    warn(f"The executed notebook {path.stem} in {home} is damaged: {error}. It is removed, and executed again.")
    with suppress(OSError):
        remove_place(home)


def _copy_entry(home: Path, files: dict[str, str], into: Path) -> NotebookNode:
    """Copy the files of an entry and return its notebook; an error if one is missing or another than was stored."""
    import_jsonschema()
    import nbformat

    content = b""
    for name, digest in files.items():
        content = (home / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise DamageError(f"{name} is not what was stored (its sha256 differs)")
        if name != _EXECUTED:
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            (into / name).write_bytes(content)
    executed: NotebookNode = nbformat.reads((home / _EXECUTED).read_text(encoding="utf-8"), as_version=4)
    if _EXECUTED not in files or not is_reusable(executed_source(executed)):
        raise DamageError(f"{_EXECUTED} is none that can be used again")
    return executed
