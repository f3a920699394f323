"""One report in a process of its own, with a deadline: what runs away, runs out of memory or hangs ends there."""

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

__all__ = ["log_folder", "run_worker"]

_GRACE = 20  # seconds between asking a run to end and ending it
_KEPT_LOGS = 20
_KINDS: dict[int, type[FramingError]] = {2: InputError, 75: LockedError}


def log_folder() -> Path:
    """Where runs made by the schedule leave what they said."""
    return project_root() / "reports" / ".logs"


def run_worker(plan: ReportPlan) -> None:
    """Make the report as `framing report` would; raises the `FramingError` of its exit code, with its last line.

    The run has a session of its own, so that its deadline (`deadline_minutes` of the plan), or the end of this process
    by SIGTERM, ends all of it. Kernels end by themselves when the process that started them is gone.
    """
    folder = log_folder()
    folder.mkdir(exist_ok=True)
    log = folder / f"{plan.report}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
    with log.open("w", encoding="utf-8") as stream:
        child = subprocess.Popen(
            [sys.executable, "-m", "framing", "report", plan.report],
            stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, start_new_session=True,
            env=_environment(), cwd=project_root(),
        )  # fmt: skip
        before = signal.signal(signal.SIGTERM, _raise_exit)
        try:
            code = child.wait(timeout=60 * plan.deadline_minutes)
        except subprocess.TimeoutExpired:
            _end(child)
            raise RunError(
                f"The report {plan.report} took longer than {plan.deadline_minutes} minutes and was ended "
                f"(deadline_minutes in its file); the earlier report stays. See {log.name} in reports/.logs."
            ) from None
        except BaseException:
            _end(child)
            raise
        finally:
            signal.signal(signal.SIGTERM, before)
            _prune(folder, plan.report)
    if code:
        raise _KINDS.get(code, RunError)(_why(code, log))


def _environment() -> dict[str, str]:
    """This process's without what only alerts need: notebooks shall not see it."""
    kept = {key: value for key, value in os.environ.items() if key not in SECRETS}
    return {**kept, "FRAMING_PROJECT": str(project_root())}


def _raise_exit(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _end(child: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, sign)
        except ProcessLookupError:
            return
        try:
            child.wait(timeout=_GRACE)
            if sign is signal.SIGKILL:
                return
        except subprocess.TimeoutExpired:
            continue


def _why(code: int, log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    last = lines[-1].removeprefix("framing: ") if lines else "it said nothing"
    if code < 0:
        killed = signal.Signals(-code).name
        cause = " (out of memory?)" if killed == "SIGKILL" else ""
        return f"The run was ended by {killed}{cause}; the earlier report stays. It last said: {last}"
    return last


def _prune(folder: Path, report: str) -> None:
    """Old logs of one report go; names sort by time."""
    for path in sorted(folder.glob(f"{report}-[0-9]*Z.log"))[:-_KEPT_LOGS]:
        path.unlink(missing_ok=True)
