"""Make a report again from its run.json, aside, and say which tables are equal and which differ."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from framing.errors import InputError
from framing.project import cache_folder, changed_environment, project_root
from framing.reports.build import build_report
from framing.reports.plan import ReportPlan, read_plan
from framing.reports.planned import plan_run
from framing.settings import Settings
from framing.steps import Say

__all__ = ["Verified", "verify_report"]

_REUSED = (
    "embeddings.sqlite",
    "embeddings.parts",
    "models",
    "onnx",
)  # of the cache: costly, and looked up by a hash of its own content
_SINCE = re.compile(r"<!--since-->.*?<!--/since-->\n?", re.DOTALL)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


@dataclass(frozen=True)
class Verified:
    """A report compared with the same report made again.

    Attributes
    ----------
    tables : DataFrame
        A row a table: `table`, `result` (`equal`, `differs`, `missing now`, `new now`) and `note`.
    inputs : DataFrame
        A row an input that differs: `input, then, now`.
    same_page : bool
        Whether the pages differ in nothing but the time at which they were made.
    """

    tables: pd.DataFrame
    inputs: pd.DataFrame
    same_page: bool

    @property
    def all_equal(self) -> bool:
        """Whether every table is equal to the last digit."""
        return bool((self.tables["result"] == "equal").all())


def verify_report(name: str, *, overrides: dict[str, Any] | None = None, say: Say = lambda _: None) -> Verified:
    """Make a report again with the settings of its run.json and compare every table to the last digit.

    Parameters
    ----------
    name : str
        Name of a report in reports/. Nothing in that folder is changed.
    overrides : dict of str to Any or None, default None
        Settings that run.json leaves out: `data_path`, `gold`.
    say : callable
        Called with a line at each step.

    Returns
    -------
    Verified
        The comparison.

    Raises
    ------
    InputError
        If there is no such report, or a file that it needs is missing.

    Notes
    -----
    Everything is computed again except the embeddings, which are looked up by the content of their texts.
    """
    target = project_root() / "reports" / name
    plan = read_plan(name)
    try:
        facts = json.loads((target / "run.json").read_text(encoding="utf-8"))
        recorded = dict(facts["settings"])
        plan = plan.model_copy(update={"notebooks": tuple(facts["notebooks"]), "title": facts.get("title", plan.title)})
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            f"reports/{name}/run.json: expected the record of a report made by this program; make it first: "
            f"framing report {name}."
        ) from None
    settings = _restore_settings(recorded, plan, overrides or {})
    with tempfile.TemporaryDirectory(prefix="framing-verify-") as folder, _fresh_cache():
        work = Path(folder)
        build_report(plan_run(plan, settings), work, say=say, record=target)
        again = json.loads((work / "run.json").read_text(encoding="utf-8"))
        return Verified(
            tables=_compare_tables(target / "tables", work / "tables"),
            inputs=_compare_inputs(facts, again),
            same_page=_read_page(target) == _read_page(work),
        )


def _restore_settings(recorded: dict[str, Any], plan: ReportPlan, overrides: dict[str, Any]) -> Settings:
    """The recorded settings; folders, which run.json leaves out, come from the report's file or `overrides`."""
    for key in ("data_path", "gold"):
        planned = str(plan.parameters.get(key, ""))
        if recorded.get(key) and (key == "data_path" or Path(planned).name == recorded[key]):
            recorded[key] = planned
        if recorded.get(key) == "" and key == "data_path":
            recorded[key] = planned
    return Settings(**{**recorded, **overrides})


@contextmanager
def _fresh_cache() -> Iterator[None]:
    """A cache without prepared tables, so that they are computed again."""
    cache = cache_folder()
    with tempfile.TemporaryDirectory(prefix="framing-cache-") as folder:
        for name in _REUSED:
            if (cache / name).exists():
                (Path(folder) / name).symlink_to((cache / name).resolve())
        with changed_environment(FRAMING_CACHE=folder):
            yield


def _compare_tables(then: Path, now: Path) -> pd.DataFrame:
    rows = []
    for name in sorted({path.stem for folder in (then, now) for path in folder.glob("*.parquet")}):
        old, new = then / f"{name}.parquet", now / f"{name}.parquet"
        if not old.is_file() or not new.is_file():
            rows.append((name, "missing now" if old.is_file() else "new now", ""))
            continue
        note = _describe_difference(pd.read_parquet(old), pd.read_parquet(new))
        rows.append((name, "differs" if note else "equal", note))
    return pd.DataFrame(rows, columns=["table", "result", "note"])


def _describe_difference(old: pd.DataFrame, new: pd.DataFrame) -> str:
    """Difference between two tables in words; empty if every cell is equal to the last digit.

    >>> _describe_difference(pd.DataFrame({"x": [1.0, 2.0]}), pd.DataFrame({"x": [1.0, 2.5]}))
    '1 of 2 cells, the first in x, row 2: 2.0 then, 2.5 now'
    """
    if list(old.columns) != list(new.columns):
        return f"columns {', '.join(map(str, old.columns))} then, {', '.join(map(str, new.columns))} now"
    if len(old) != len(new):
        return f"{len(old)} rows then, {len(new)} now"
    if old.equals(new):
        return ""
    unequal = ~((old == new) | (old.isna() & new.isna()))
    cells = [(int(row), str(column)) for column in old.columns for row in unequal.index[unequal[column]]]
    if not cells:
        return "types of columns"
    row, column = cells[0]
    then, now = old[column].iloc[row], new[column].iloc[row]
    return f"{len(cells)} of {old.size} cells, the first in {column}, row {row + 1}: {then} then, {now} now"


def _compare_inputs(then: dict[str, Any], now: dict[str, Any]) -> pd.DataFrame:
    rows = []
    for part in ("hashes", "versions"):
        old, new = then.get(part, {}), now.get(part, {})
        changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
        rows += [(key, str(old.get(key, "")), str(new.get(key, ""))) for key in changed]
    return pd.DataFrame(rows, columns=["input", "then", "now"])


def _read_page(folder: Path) -> str:
    """The page without times, and without the section on a run before it; empty if there is no page."""
    try:
        page = (folder / "index.html").read_text(encoding="utf-8")
    except OSError:
        return ""
    return _TIME.sub("", _SINCE.sub("", page))
