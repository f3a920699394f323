"""A timer of this user that looks for reports that are due, through systemd or cron."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from framing.errors import InputError, RunError
from framing.project import project_root

__all__ = ["Timer", "install", "plan_timer", "uninstall"]

_COMMAND_SECONDS = 60  # that systemctl or crontab may take
_PASSED_ON = ("FRAMING_CACHE", "FRAMING_DATA")  # variables of this process that scheduled runs get too


@dataclass(frozen=True)
class Timer:
    """A timer, not yet installed.

    Attributes
    ----------
    kind : str
        `systemd` or `cron`.
    name : str
        Name of the timer, unique to the project.
    files : dict of Path to str
        For systemd, content of each unit file.
    line : str
        For cron, the line of the crontab.
    """

    kind: str
    name: str
    files: dict[Path, str] = field(default_factory=dict)
    line: str = ""

    @property
    def text(self) -> str:
        """All that would be installed, for a reader."""
        if self.kind == "cron":
            return self.line
        return "\n".join(f"# {path}\n{content}" for path, content in self.files.items())


def plan_timer(*, kind: str = "", every_minutes: int = 15, memory: str = "8G", hours: int = 6) -> Timer:
    """Return the timer of this project, not yet installed.

    Parameters
    ----------
    kind : str, default ""
        `systemd` or `cron`; by default systemd if this user has a running one, else cron.
    every_minutes : int, default 15
        Minutes between two looks for what is due. A machine that was off catches up once.
    memory : str, default "8G"
        Memory above which systemd ends a look and the runs that it started.
    hours : int, default 6
        Hours after which systemd ends them.

    Returns
    -------
    Timer
        Calls `framing run --due` in the folder of the project.

    Raises
    ------
    InputError
        If the kind is unknown, the minutes do not divide an hour, or the project's path has a line break.
    """
    root = project_root()
    kind = kind or ("systemd" if _has_systemd() else "cron")
    if kind not in ("systemd", "cron"):
        raise InputError(f"expected systemd or cron, got {kind!r}.", argument="kind")
    if not 1 <= every_minutes <= 60 or 60 % every_minutes:
        raise InputError(
            f"expected minutes that divide an hour (1, 5, 15, 30, 60), got {every_minutes}.", argument="every_minutes"
        )
    if any(mark in str(root) + sys.executable for mark in "\n\r"):
        raise InputError("the project's path has a line break; move it to a plain one.")
    name = f"framing-{sha256(str(root).encode()).hexdigest()[:8]}"
    if kind == "cron":
        return Timer(kind, name, line=_make_line(root, name, every_minutes))
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    service = _make_service(root, memory=memory, hours=hours)
    return Timer(
        kind, name, files={folder / f"{name}.service": service, folder / f"{name}.timer": _make_clock(every_minutes)}
    )


def install(timer: Timer) -> list[str]:
    """Install a timer; it replaces the one that was installed for the project before.

    Parameters
    ----------
    timer : Timer
        The timer.

    Returns
    -------
    list of str
        A line for each thing that was done.

    Raises
    ------
    InputError
        If systemctl or crontab is not installed.
    RunError
        If one of them fails.
    """
    if timer.kind == "cron":
        _write_crontab([*_read_other_lines(timer.name), timer.line])
        return [f"added to your crontab: {timer.line}"]
    lines = []
    for path, content in timer.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        lines.append(f"written: {path}")
    _run(["systemctl", "--user", "daemon-reload"])
    _run(["systemctl", "--user", "enable", "--now", f"{timer.name}.timer"])
    lines.append(f"started: {timer.name}.timer (see: systemctl --user list-timers)")
    lines.append("it runs while you are logged in; for a machine that nobody logs in to: loginctl enable-linger")
    return lines


def uninstall(timer: Timer) -> list[str]:
    """Remove a timer.

    Parameters
    ----------
    timer : Timer
        The timer; its kind and name say what to remove.

    Returns
    -------
    list of str
        A line for each thing that was removed; empty if nothing was installed.

    Raises
    ------
    InputError
        If systemctl or crontab is not installed.
    RunError
        If one of them fails.
    """
    if timer.kind == "cron":
        others = _read_other_lines(timer.name)
        if len(others) == len(_read_crontab()):
            return []
        _write_crontab(others)
        return ["removed from your crontab"]
    if not any(path.exists() for path in timer.files):
        return []
    _run(["systemctl", "--user", "disable", "--now", f"{timer.name}.timer"])
    for path in timer.files:
        path.unlink(missing_ok=True)
    _run(["systemctl", "--user", "daemon-reload"])
    return [f"removed: {path}" for path in timer.files]


def _has_systemd() -> bool:
    return shutil.which("systemctl") is not None and Path(f"/run/user/{os.getuid()}/systemd").is_dir()


def _make_command() -> list[str]:
    return [sys.executable, "-m", "framing", "run", "--due"]


def _make_environment(root: Path) -> dict[str, str]:
    folders = {key: os.environ[key] for key in _PASSED_ON if os.environ.get(key)}
    return {"FRAMING_PROJECT": str(root), **{key: str(Path(value).resolve()) for key, value in folders.items()}}


def _make_line(root: Path, name: str, every_minutes: int) -> str:
    """Line of a crontab; the comment at its end marks it as the line of this project."""
    times = "0 * * * *" if every_minutes == 60 else f"*/{every_minutes} * * * *"
    variables = " ".join(f"{key}={shlex.quote(value)}" for key, value in _make_environment(root).items())
    log = shlex.quote(str(root / "reports" / ".logs" / "due.log"))
    command = f"{variables} {shlex.join(_make_command())} >> {log}"
    line = f"{times} cd {shlex.quote(str(root))} && mkdir -p reports/.logs && {command}"
    # cron reads a bare % as a line break
    return f"{line.replace('%', chr(92) + '%')} 2>&1 # {name}"


def _make_service(root: Path, *, memory: str, hours: int) -> str:
    """Unit file of the systemd service that makes what is due."""
    variables = "\n".join(f"Environment={_quote(f'{key}={value}')}" for key, value in _make_environment(root).items())
    return (
        f"[Unit]\nDescription=framing: reports that are due in {_escape(str(root))}\n\n[Service]\nType=oneshot\n"
        f"WorkingDirectory={_escape(str(root))}\n{variables}\nExecStart={' '.join(map(_quote, _make_command()))}\n"
        f"SuccessExitStatus=75\nTimeoutStartSec={hours}h\nMemoryMax={memory}\nNice=10\nKillMode=control-group\n"
    )


def _make_clock(every_minutes: int) -> str:
    """Unit file of the systemd timer that starts the service."""
    hourly = every_minutes == 60
    interval = "every hour" if hourly else f"every {every_minutes} minutes"
    calendar = "hourly" if hourly else f"*:0/{every_minutes}"
    return (
        f"[Unit]\nDescription=framing: look for reports that are due, {interval}\n\n[Timer]\nOnCalendar={calendar}\n"
        "Persistent=true\nRandomizedDelaySec=30\n\n[Install]\nWantedBy=timers.target\n"
    )


def _escape(text: str) -> str:
    """Text for a unit file, in which systemd replaces what follows a %."""
    return text.replace("%", "%%")


def _quote(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_escape(inner)}"'


def _run(command: list[str], text: str | None = None) -> None:
    """Run a command with `text` on its standard input; raises if it fails."""
    try:
        ended = subprocess.run(
            command, input=text, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False
        )
    except FileNotFoundError:
        raise _make_missing_error(command[0]) from None
    if ended.returncode:
        raise RunError(f"{shlex.join(command)} failed: {(ended.stderr or ended.stdout).strip()}")


def _make_missing_error(program: str) -> InputError:
    return InputError(
        f"{program} is not installed on this machine; print the timer and set it up with another scheduler."
    )


def _read_crontab() -> list[str]:
    if shutil.which("crontab") is None:
        raise _make_missing_error("crontab")
    ended = subprocess.run(["crontab", "-l"], capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)
    return ended.stdout.splitlines() if ended.returncode == 0 else []  # without a crontab it fails


def _read_other_lines(name: str) -> list[str]:
    """Lines of the crontab that are not those of this timer."""
    return [line for line in _read_crontab() if not line.rstrip().endswith(f"# {name}")]


def _write_crontab(lines: list[str]) -> None:
    _run(["crontab", "-"], "".join(f"{line}\n" for line in lines))
