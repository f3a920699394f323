"""Make each report whose slot has come, once, and remember it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Literal

from framing.errors import FramingError, LockedError
from framing.files.whole import hold_lock, write_whole
from framing.operations.alerts import check_watches, send_alert
from framing.operations.worker import run_worker
from framing.project import project_root
from framing.reports.clock import find_last_slot, find_next_slot, find_time_zone
from framing.reports.plan import ReportPlan, read_plan
from framing.reports.publish import read_record
from framing.reports.unchanged import find_checked
from framing.steps import Say

__all__ = ["Outcome", "format_outcomes", "read_scheduled_plans", "run_due"]

_MAX_TRIES = 3  # of one slot; then the next slot is awaited
_MAX_AHEAD = timedelta(minutes=5)  # a remembered time further in the future was written by a wrong clock


@dataclass(frozen=True)
class Outcome:
    """How a look for what is due ended for one report.

    Attributes
    ----------
    report : str
        Name of the report.
    result : str
        `made`, `failed`, `locked` (another run makes it), `waiting` (not due) or `given up` (failed too often).
    slot : str
        The slot that was due, or for `waiting` the time of the last run; ISO 8601.
    next_slot : str
        The slot after it.
    message : str
        The reason, if the report was not made.
    exit_code : int
        The exit code of the command line for it.
    crossed : tuple of str
        A sentence for each watched difference that crossed its limit.
    """

    report: str
    result: Literal["made", "failed", "locked", "waiting", "given up"]
    slot: str
    next_slot: str
    message: str = ""
    exit_code: int = 0
    crossed: tuple[str, ...] = ()


def read_scheduled_plans() -> tuple[list[ReportPlan], list[Outcome]]:
    """Read the report files of the project that have a schedule.

    Returns
    -------
    plans : list of ReportPlan
        By name.
    failures : list of Outcome
        A failed outcome for each file that cannot be read.
    """
    plans, failures = [], []
    for path in sorted((project_root() / "reports").glob("*.yaml")):
        state = _read_state(path.stem)
        try:
            plan = read_plan(path.stem)
        except FramingError as error:
            failures.append(Outcome(path.stem, "failed", "", "", str(error), error.exit_code))
            _write_state(path.stem, {**state, "file": str(error)})
            continue
        if state.get("file"):
            _write_state(path.stem, {key: value for key, value in state.items() if key != "file"})
        if plan.schedule:
            plans.append(plan)
    return plans, failures


def run_due(
    *,
    now: datetime | None = None,
    say: Say = lambda _: None,
    make: Callable[[ReportPlan], None] | None = None,
) -> list[Outcome]:
    """Make every report that is due.

    Parameters
    ----------
    now : datetime or None, default None
        The moment, with a time zone; by default that of the call.
    say : callable
        Called with a line for each report that is due.
    make : callable or None, default None
        Makes one report, and raises a `FramingError` if that fails; by default `run_worker`, which makes it in a
        process of its own with the report's deadline.

    Returns
    -------
    list of Outcome
        One for each report file that cannot be read, then one for each report with a schedule.

    Notes
    -----
    A report is due if its latest slot is later than the slot for which it was last made. Several missed slots are one
    run. Later calls try a failed slot again, three times in all.
    """
    moment = now or datetime.now(UTC)
    plans, outcomes = read_scheduled_plans()
    return outcomes + [_run_if_due(plan, moment, say, make or run_worker) for plan in plans]


def format_outcomes(outcomes: list[Outcome]) -> str:
    """Return outcomes as JSON, for other programs.

    Parameters
    ----------
    outcomes : list of Outcome
        What `run_due` returns.

    Returns
    -------
    str
        A JSON array of objects with the attributes of `Outcome`.
    """
    return json.dumps([asdict(item) for item in outcomes], indent=1, ensure_ascii=False)


def _run_if_due(plan: ReportPlan, now: datetime, say: Say, make: Callable[[ReportPlan], None]) -> Outcome:
    local = now.astimezone(find_time_zone(plan.timezone))
    slot = find_last_slot(plan.schedule, local)
    next_slot = find_next_slot(plan.schedule, local).isoformat()
    if slot is None:
        return Outcome(plan.report, "waiting", "", next_slot)
    outcome = partial(Outcome, plan.report, slot=slot.isoformat(), next_slot=next_slot)
    try:
        with _hold_state(plan.report):
            state = _read_state(plan.report)
            done = _find_last_run(plan.report, state, local)
            if done is not None and done >= slot.astimezone(UTC):
                return outcome(result="waiting", slot=done.astimezone(local.tzinfo).isoformat())
            n_tries = int(state.get("attempts", 0)) if state.get("slot") == slot.isoformat() else 0
            if n_tries >= _MAX_TRIES:
                reason = f"failed {n_tries} times: {state.get('message', '')}"
                return outcome(result="given up", message=reason, exit_code=1)
            say(f"{plan.report}: due since {slot.isoformat()} …")
            state.update(slot=slot.isoformat(), at=now.isoformat(timespec="seconds"))
            return _try_run(plan, state, n_tries, outcome=outcome, say=say, make=make)
    except LockedError as error:
        return outcome(result="locked", message=str(error), exit_code=error.exit_code)


def _try_run(
    plan: ReportPlan,
    state: dict[str, Any],
    n_tries: int,
    *,
    outcome: Callable[..., Outcome],
    say: Say,
    make: Callable[[ReportPlan], None],
) -> Outcome:
    """Make the report for the slot in `state`, after `n_tries` failed tries; remember the result and send alerts."""
    state["attempts"] = n_tries + 1
    _write_state(plan.report, {**state, "message": "the run was cut off"})  # replaced unless the run never returns
    try:
        make(plan)
    except LockedError as error:
        _write_state(plan.report, {**state, "attempts": n_tries, "message": str(error)})
        return outcome(result="locked", message=str(error), exit_code=error.exit_code)
    except FramingError as error:
        _write_state(plan.report, {**state, "message": str(error)})
        failed = outcome(result="failed", message=str(error), exit_code=error.exit_code)
        if plan.alerts.failure and n_tries == 0:  # once a slot
            send_alert(plan.alerts, f"{plan.title}: the run failed", asdict(failed), say=say)
        return failed
    folder = project_root() / "reports" / plan.report
    states, crossings = check_watches(plan.alerts, folder, state.get("watched", {}))
    _write_state(plan.report, {"done": state["slot"], "at": state["at"], "watched": states})
    success = outcome(result="made", crossed=tuple(crossings))
    if crossings:
        send_alert(plan.alerts, f"{plan.title}: a watched difference crossed its limit", asdict(success), say=say)
    return success


def _find_last_run(report: str, state: dict[str, Any], now: datetime) -> datetime | None:
    """The slot that was last made; of a report that was not scheduled before, when it was last known to be current."""
    done = _parse_time(state.get("done", ""), now)
    if done is None and not state:
        done = _parse_time(find_checked(project_root() / "reports" / report), now)
    return done


def _hold_state(report: str) -> AbstractContextManager[None]:
    """Hold the lock of the state of a report; entering raises `LockedError` while another call makes the report."""
    path = project_root() / "reports" / f".{report}.due.lock"
    return hold_lock(path, busy=f"Another call is making the report {report} now.")


def _find_state_file(report: str) -> Path:
    return project_root() / "reports" / f".{report}.due.json"


def _read_state(report: str) -> dict[str, Any]:
    """State of the scheduled runs of a report; empty before the first.

    Its keys: `done` (the slot that was last made), `slot`, `attempts` and `message` (of the slot that failed), `at`
    (time of the last try), `watched` (states of the watches), `file` (the error in the report's file).
    """
    return read_record(_find_state_file(report))


def _write_state(report: str, state: dict[str, Any]) -> None:
    write_whole(_find_state_file(report), [json.dumps(state)])


def _parse_time(text: str, now: datetime) -> datetime | None:
    """A remembered time in UTC; None if it is damaged, has no zone or lies too far ahead.

    Times of one zone would compare by the face of the clock, which shows an hour twice in autumn.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or moment.astimezone(UTC) > now.astimezone(UTC) + _MAX_AHEAD:
        return None
    return moment.astimezone(UTC)
