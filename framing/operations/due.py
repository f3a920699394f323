"""`framing run --due`: make each report whose slot has come, once, and remember it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from framing.errors import FramingError, LockedError
from framing.files.whole import hold_lock, write_whole
from framing.operations.alerts import send_alert, watched
from framing.operations.worker import run_worker
from framing.project import project_root
from framing.reports.clock import last_slot, next_slot, zone_of
from framing.reports.plan import ReportPlan, read_plan
from framing.reports.publish import read_record

__all__ = ["Outcome", "outcome_facts", "run_due", "scheduled_plans"]

_ATTEMPTS = 3  # of one slot; then the next slot is waited for
_AHEAD = timedelta(minutes=5)  # a remembered slot further in the future than this was written by a wrong clock


@dataclass(frozen=True)
class Outcome:
    """What came of one report: `made`, `failed`, `locked`, `waiting` or `given up`, for which slot, and why."""

    report: str
    result: str
    slot: str
    next_slot: str
    message: str = ""
    exit_code: int = 0
    crossed: tuple[str, ...] = ()


def scheduled_plans() -> tuple[list[ReportPlan], list[Outcome]]:
    """Reports with a schedule in their file, by name; and those whose file cannot be read, as failed outcomes."""
    plans, broken = [], []
    for path in sorted((project_root() / "reports").glob("*.yaml")):
        try:
            plan = read_plan(path.stem)
        except FramingError as error:
            broken.append(Outcome(path.stem, "failed", "", "", str(error), error.exit_code))
            _remember(path.stem, {**_remembered(path.stem), "file": str(error)})
            continue
        if _remembered(path.stem).get("file"):
            _remember(path.stem, {key: value for key, value in _remembered(path.stem).items() if key != "file"})
        if plan.schedule:
            plans.append(plan)
    return plans, broken


def run_due(
    *,
    now: datetime | None = None,
    say: Callable[[str], None] = lambda _: None,
    make: Callable[[ReportPlan], None] | None = None,
) -> list[Outcome]:
    """Make every report that is due, and say what came of each report with a schedule.

    A report is due where its latest slot is later than the slot that it was last made for; several missed slots are one
    run. A slot that failed is tried again by later calls, three times in all. `now` has a time zone; `make` makes one
    report (by default in a process of its own, with the report's deadline) and raises a `FramingError` where that
    fails.
    """
    moment = now or datetime.now(UTC)
    plans, outcomes = scheduled_plans()
    for plan in plans:
        outcomes.append(_one(plan, moment, say, make or run_worker))
    return outcomes


def _one(plan: ReportPlan, now: datetime, say: Callable[[str], None], make: Callable[[ReportPlan], None]) -> Outcome:
    local = now.astimezone(zone_of(plan.timezone))
    slot, coming = last_slot(plan.schedule, local), next_slot(plan.schedule, local).isoformat()
    if slot is None:
        return Outcome(plan.report, "waiting", "", coming)
    name = slot.isoformat()
    try:
        with _own(plan.report):
            kept = _remembered(plan.report)
            done = _when(kept.get("done", ""), local)
            if done is None and not kept:
                done = _when(_made(plan.report), local)
            if done is not None and done >= slot.astimezone(UTC):
                return Outcome(plan.report, "waiting", done.astimezone(local.tzinfo).isoformat(), coming)
            tried = int(kept.get("attempts", 0)) if kept.get("slot") == name else 0
            if tried >= _ATTEMPTS:
                why = f"failed {tried} times: {kept.get('message', '')}"
                return Outcome(plan.report, "given up", name, coming, why, 1)
            say(f"{plan.report}: due since {name} …")
            kept.update(slot=name, attempts=tried + 1, at=now.isoformat(timespec="seconds"))
            _remember(plan.report, {**kept, "message": "the run was cut off"})  # stands where nobody comes back
            try:
                make(plan)
            except LockedError as error:
                _remember(plan.report, {**kept, "attempts": tried, "message": str(error)})
                return Outcome(plan.report, "locked", name, coming, str(error), error.exit_code)
            except FramingError as error:
                _remember(plan.report, {**kept, "message": str(error)})
                failed = Outcome(plan.report, "failed", name, coming, str(error), error.exit_code)
                if plan.alerts.failure and tried == 0:  # once a slot
                    send_alert(plan.alerts, f"{plan.title}: the run failed", asdict(failed), say=say)
                return failed
            folder = project_root() / "reports" / plan.report
            states, crossed = watched(plan.alerts, folder, kept.get("watched", {}))
            _remember(plan.report, {"done": name, "at": kept["at"], "watched": states})
            made = Outcome(plan.report, "made", name, coming, crossed=tuple(crossed))
            if crossed:
                send_alert(plan.alerts, f"{plan.title}: a watched difference crossed its limit", asdict(made), say=say)
            return made
    except LockedError as error:
        return Outcome(plan.report, "locked", name, coming, str(error), error.exit_code)


def outcome_facts(outcomes: list[Outcome]) -> str:
    """JSON of the outcomes, for other programs."""
    return json.dumps([asdict(item) for item in outcomes], indent=1, ensure_ascii=False)


def _own(report: str) -> AbstractContextManager[None]:
    """Hold what is remembered of a report; raises `LockedError` where another call makes it now."""
    path = project_root() / "reports" / f".{report}.due.lock"
    return hold_lock(path, busy=f"Another call is making the report {report} now.")


def _state(report: str) -> Path:
    return project_root() / "reports" / f".{report}.due.json"


def _remembered(report: str) -> dict[str, Any]:
    return read_record(_state(report))


def _remember(report: str, facts: dict[str, Any]) -> None:
    write_whole(_state(report), [json.dumps(facts)])


def _made(report: str) -> str:
    """When the report that stands there was made by hand; empty where there is none."""
    return str(read_record(project_root() / "reports" / report / "run.json").get("made", ""))


def _when(text: str, now: datetime) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    # times of one zone compare by the face of the clock, which shows an hour twice in autumn
    if found.tzinfo is None or found.astimezone(UTC) > now.astimezone(UTC) + _AHEAD:
        return None
    return found.astimezone(UTC)
