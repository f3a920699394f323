"""`framing verify`: make a report again from its run.json, aside, and say what is equal and what differs."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from framing.errors import InputError
from framing.project import cache_folder, changed_environment, project_root
from framing.reports.plan import ReportPlan, read_plan
from framing.reports.run import build_report, plan_run
from framing.settings import Settings

__all__ = ["Verified", "verify_report"]

_KEPT = ("embeddings.sqlite", "models")  # of the cache: what is costly and checked by its own hash
_SINCE = re.compile(r"<!--since-->.*?<!--/since-->\n?", re.DOTALL)
_MADE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


@dataclass(frozen=True)
class Verified:
    """What a second making of a report gave.

    Attributes
    ----------
    tables : one row a table: `table, result` (`equal`, `differs`, `missing now`, `new now`) and `note`.
    inputs : one row an input that is not what it was: `input, then, now`.
    same_page : whether the page is the same but for when it was made.
    """

    tables: pd.DataFrame
    inputs: pd.DataFrame
    same_page: bool

    @property
    def holds(self) -> bool:
        """Whether every table is equal to the last digit."""
        return bool((self.tables["result"] == "equal").all())


def verify_report(
    name: str, *, overrides: dict[str, Any] | None = None, say: Callable[[str], None] = lambda _: None
) -> Verified:
    """Make the report `name` again with the settings of its run.json and compare every table to the last digit.

    Nothing that stands in reports/ is touched. Everything is computed again but the embeddings, which are kept by the
    content of their texts. `overrides` give what run.json does not tell: `data_path`, `gold`.
    Raises `InputError` where there is no such report, or what it needs is not named.
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
    settings = _settings(recorded, plan, overrides or {})
    with tempfile.TemporaryDirectory(prefix="framing-verify-") as folder, _fresh_cache():
        work = Path(folder)
        build_report(plan_run(plan, settings), work, say=say)
        again = json.loads((work / "run.json").read_text(encoding="utf-8"))
        return Verified(
            tables=_compare_tables(target / "tables", work / "tables"),
            inputs=_compare_inputs(facts, again),
            same_page=_page(target) == _page(work),
        )


def _settings(recorded: dict[str, Any], plan: ReportPlan, overrides: dict[str, Any]) -> Settings:
    """The recorded settings; folders, which run.json leaves out, from the report's file or `overrides`."""
    for key in ("data_path", "gold"):
        own = str(plan.parameters.get(key, ""))
        if recorded.get(key) and (key == "data_path" or Path(own).name == recorded[key]):
            recorded[key] = own
        if recorded.get(key) == "" and key == "data_path":
            recorded[key] = own
    return Settings(**{**recorded, **overrides})


@contextmanager
def _fresh_cache() -> Iterator[None]:
    """A cache without prepared tables, so that they are made again."""
    kept = cache_folder()
    with tempfile.TemporaryDirectory(prefix="framing-cache-") as folder:
        for name in _KEPT:
            if (kept / name).exists():
                (Path(folder) / name).symlink_to((kept / name).resolve())
        with changed_environment(FRAMING_CACHE=folder):
            yield


def _compare_tables(then: Path, now: Path) -> pd.DataFrame:
    rows = []
    for name in sorted({path.stem for folder in (then, now) for path in folder.glob("*.parquet")}):
        old, new = then / f"{name}.parquet", now / f"{name}.parquet"
        if not old.is_file() or not new.is_file():
            rows.append((name, "missing now" if old.is_file() else "new now", ""))
            continue
        note = _difference(pd.read_parquet(old), pd.read_parquet(new))
        rows.append((name, "differs" if note else "equal", note))
    return pd.DataFrame(rows, columns=["table", "result", "note"])


def _difference(old: pd.DataFrame, new: pd.DataFrame) -> str:
    """What differs between two tables; empty where every cell is equal to the last digit.

    >>> _difference(pd.DataFrame({"x": [1.0, 2.0]}), pd.DataFrame({"x": [1.0, 2.5]}))
    '1 of 2 cells, the first in x, row 2: 2.0 then, 2.5 now'
    """
    if list(old.columns) != list(new.columns):
        return f"columns {', '.join(map(str, old.columns))} then, {', '.join(map(str, new.columns))} now"
    if len(old) != len(new):
        return f"{len(old)} rows then, {len(new)} now"
    if old.equals(new):
        return ""
    unequal = ~((old == new) | (old.isna() & new.isna()))
    where = [(int(row), str(column)) for column in old.columns for row in unequal.index[unequal[column]]]
    if not where:
        return "types of columns"
    row, column = where[0]
    then, now = old[column].iloc[row], new[column].iloc[row]
    return f"{len(where)} of {old.size} cells, the first in {column}, row {row + 1}: {then} then, {now} now"


def _compare_inputs(then: dict[str, Any], now: dict[str, Any]) -> pd.DataFrame:
    rows = []
    for part in ("hashes", "versions"):
        old, new = then.get(part, {}), now.get(part, {})
        rows += [(key, str(old.get(key, "")), str(new.get(key, ""))) for key in {**old, **new}
                 if old.get(key) != new.get(key)]  # fmt: skip
    return pd.DataFrame(rows, columns=["input", "then", "now"])


def _page(folder: Path) -> str:
    try:
        page = (folder / "index.html").read_text(encoding="utf-8")
        return _MADE.sub("", _SINCE.sub("", page))  # it compares with a run that is not there any more
    except OSError:
        return ""
