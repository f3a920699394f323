"""One report in a process of its own, with a deadline: a run that hangs or takes too much memory ends there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from framing.errors import FramingError, InputError, LockedError, RunError
from framing.operations.alerts import SECRETS
from framing.project import project_root
from framing.reports.plan import ReportPlan

__all__ = ["find_log_folder", "run_worker"]

_GRACE_SECONDS = 20  # between asking a run to end and killing it
_MAX_LOGS = 20  # of one report
_KINDS: dict[int, type[FramingError]] = {2: InputError, 75: LockedError}


def find_log_folder() -> Path:
    """Return the folder of the logs of scheduled runs.

    Returns
    -------
    Path
        A folder in reports/. It may not exist.
    """
    return project_root() / "reports" / ".logs"


def run_worker(plan: ReportPlan) -> None:
    """Make a report in a process of its own, as `framing report` does.

    Parameters
    ----------
    plan : ReportPlan
        The report; `deadline_minutes` limits its run.

    Raises
    ------
    InputError, LockedError, RunError
        If the run fails: the error of its exit code, with the last line of its log.

    Notes
    -----
    The process leads a session of its own, so that the deadline, or the end of this process by SIGTERM, ends all that
    it started. Kernels end by themselves when the process that started them is gone.
    """
    folder = find_log_folder()
    folder.mkdir(exist_ok=True)
    log = folder / f"{plan.report}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "framing", "report", plan.report],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=_make_environment(),
            cwd=project_root(),
        )
        handler = signal.signal(signal.SIGTERM, _raise_exit)
        try:
            code = process.wait(timeout=60 * plan.deadline_minutes)
        except subprocess.TimeoutExpired:
            _end_session(process)
            raise RunError(
                f"The report {plan.report} took longer than {plan.deadline_minutes} minutes and was ended "
                f"(deadline_minutes in its file); the earlier report stays. See {log.name} in reports/.logs."
            ) from None
        except BaseException:
            _end_session(process)
            raise
        finally:
            signal.signal(signal.SIGTERM, handler)
            _remove_old_logs(folder, plan.report)
    if code:
        raise _KINDS.get(code, RunError)(_describe_failure(code, log))


def _make_environment() -> dict[str, str]:
    """The environment of this process without the secrets of alerts, which notebooks must not see."""
    environment = {key: value for key, value in os.environ.items() if key not in SECRETS}
    return {**environment, "FRAMING_PROJECT": str(project_root())}


def _raise_exit(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _end_session(process: subprocess.Popen[bytes]) -> None:
    """Ask all processes of the session to end, then kill those that are still there."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(timeout=_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            continue


def _describe_failure(code: int, log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    last = lines[-1].removeprefix("framing: ") if lines else "nothing"
    if code < 0:
        name = signal.Signals(-code).name
        cause = " (out of memory?)" if name == "SIGKILL" else ""
        return f"The run was ended by {name}{cause}; the earlier report stays. The last line of its log: {last}"
    return last


def _remove_old_logs(folder: Path, report: str) -> None:
    """Remove all but the latest logs of a report; their names sort by time."""
    for path in sorted(folder.glob(f"{report}-[0-9]*Z.log"))[:-_MAX_LOGS]:
        path.unlink(missing_ok=True)
