"""A finished report as its folder holds it: record, tables, charts, and the codebook that it was made with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from framing.codebook import Codebook, read_codebook
from framing.errors import InputError
from framing.project import is_name, project_root
from framing.reports.publish import read_record

__all__ = ["FinishedReport", "open_report"]

_TEXTS = {"text", "other_text", "excerpt"}  # columns of passages: tables with them are for reading, not for a paper


@dataclass(frozen=True)
class FinishedReport:
    """A report that was made.

    Attributes
    ----------
    folder : Path
        Its folder, `reports/NAME`.
    facts : dict of str to Any
        Content of its run.json.
    """

    folder: Path
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of the report."""
        return self.folder.name

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the run."""
        return dict(self.facts["settings"])

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by name, in the order of their names, without tables of passages and empty ones."""
        found = {path.stem: pd.read_parquet(path) for path in sorted((self.folder / "tables").glob("*.parquet"))}
        return {name: table for name, table in found.items() if len(table) and not _TEXTS & set(table.columns)}

    @cached_property
    def specs(self) -> dict[str, dict[str, Any]]:
        """Vega-Lite specifications of the charts by name.

        Raises
        ------
        InputError
            If the report has charts without them: an earlier version of the program made it.
        """
        folder = self.folder / "charts"
        found = {path.name.removesuffix(".vl.json"): path for path in sorted(folder.glob("*.vl.json"))}
        missing = sorted({path.stem for path in folder.glob("*.svg")} - set(found))
        if missing:
            raise InputError(
                f"reports/{self.name}: {len(missing)} charts have no specification (the first: {missing[0]}.vl.json), "
                f"as an earlier version of the program made the report. Make it again: framing report {self.name}."
            )
        return {name: json.loads(path.read_text(encoding="utf-8")) for name, path in found.items()}

    @cached_property
    def codebook(self) -> Codebook | None:
        """The codebook of the run; None if its file is gone or was changed since."""
        path = project_root() / "seeds" / f"{self.settings.get('codebook', '')}.yaml"
        if not path.is_file():
            return None
        codebook = read_codebook(path).with_unit(self.settings.get("unit", ""))
        return codebook if codebook.hash == self.facts.get("hashes", {}).get("codebook") else None

    @property
    def names(self) -> dict[str, str]:
        """Name of each frame by its id; empty without the codebook."""
        return {} if self.codebook is None else dict(self.codebook.names)


def open_report(name: str) -> FinishedReport:
    """Open a finished report.

    Parameters
    ----------
    name : str
        Name of the report.

    Returns
    -------
    FinishedReport
        The report.

    Raises
    ------
    InputError
        If it was not made, or its record is not one that this program wrote.
    """
    home = project_root() / "reports"
    made = sorted(path.parent.name for path in home.glob("*/run.json"))
    if not is_name(name) or name not in made:
        raise InputError(
            f"There is no finished report {name!r} in reports/. Finished: {', '.join(made) or 'none'}. "
            f"Make it first: framing report {name}."
        )
    facts = read_record(home / name / "run.json")
    if not isinstance(facts.get("settings"), dict) or not isinstance(facts.get("counts"), dict):
        raise InputError(f"reports/{name}/run.json: expected the record of a report made by this program.")
    return FinishedReport(home / name, facts)
