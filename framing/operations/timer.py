"""`framing schedule`: a timer of this user that calls `framing run --due`, through systemd or cron."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from framing.errors import InputError, RunError
from framing.project import project_root

__all__ = ["Timer", "install", "plan_timer", "uninstall"]


@dataclass(frozen=True)
class Timer:
    """What is installed: `kind` (`systemd` or `cron`), files by path, or the line of the crontab."""

    kind: str
    name: str
    files: dict[Path, str]
    line: str

    @property
    def text(self) -> str:
        """All of it, to read before it is installed."""
        if self.kind == "cron":
            return self.line
        return "\n".join(f"# {path}\n{content}" for path, content in self.files.items())


def plan_timer(*, kind: str = "", every_minutes: int = 15, memory: str = "8G", hours: int = 6) -> Timer:
    """The timer of this project, not yet installed.

    `kind` is `systemd` where this user has a running systemd, else `cron`, unless named. Each `every_minutes` it calls
    `framing run --due`, which makes what is due and no more; a machine that was off catches up once (`Persistent`).
    systemd ends it at `memory` and after `hours`.
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
    command = [sys.executable, "-m", "framing", "run", "--due"]
    kept = {key: os.environ[key] for key in ("FRAMING_CACHE", "FRAMING_DATA") if os.environ.get(key)}
    settings = {"FRAMING_PROJECT": str(root), **{key: str(Path(value).resolve()) for key, value in kept.items()}}
    if kind == "cron":
        given = " ".join(f"{key}={shlex.quote(value)}" for key, value in settings.items())
        when = "0 * * * *" if every_minutes == 60 else f"*/{every_minutes} * * * *"
        log = shlex.quote(str(root / "reports" / ".logs" / "due.log"))
        line = f"{when} cd {shlex.quote(str(root))} && mkdir -p reports/.logs && {given} {shlex.join(command)} >> {log}"
        # cron reads a bare % as a line break
        return Timer(kind, name, {}, f"{line.replace('%', chr(92) + '%')} 2>&1 # {name}")
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "systemd" / "user"
    lines = "\n".join(f"Environment={_quoted(f'{key}={value}')}" for key, value in settings.items())
    service = (
        f"[Unit]\nDescription=framing: reports that are due in {_escaped(str(root))}\n\n[Service]\nType=oneshot\n"
        f"WorkingDirectory={_escaped(str(root))}\n{lines}\nExecStart={' '.join(map(_quoted, command))}\n"
        f"SuccessExitStatus=75\nTimeoutStartSec={hours}h\nMemoryMax={memory}\nNice=10\nKillMode=control-group\n"
    )
    timer = (
        f"[Unit]\nDescription=framing: look for reports that are due, every {every_minutes} minutes\n\n[Timer]\n"
        f"OnCalendar=*:0/{every_minutes}\nPersistent=true\nRandomizedDelaySec=30\n\n[Install]\nWantedBy=timers.target\n"
        if every_minutes < 60
        else "[Unit]\nDescription=framing: look for reports that are due, every hour\n\n[Timer]\nOnCalendar=hourly\n"
        "Persistent=true\nRandomizedDelaySec=30\n\n[Install]\nWantedBy=timers.target\n"
    )
    return Timer(kind, name, {home / f"{name}.service": service, home / f"{name}.timer": timer}, "")


def install(timer: Timer) -> list[str]:
    """What was done, a line each. Installing again replaces what this project installed before."""
    if timer.kind == "cron":
        _write_crontab([*_other_lines(timer.name), timer.line])
        return [f"added to your crontab: {timer.line}"]
    done = []
    for path, content in timer.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        done.append(f"written: {path}")
    _run(["systemctl", "--user", "daemon-reload"])
    _run(["systemctl", "--user", "enable", "--now", f"{timer.name}.timer"])
    done.append(f"started: {timer.name}.timer (see: systemctl --user list-timers)")
    done.append("it runs while you are logged in; for a machine that nobody logs in to: loginctl enable-linger")
    return done


def uninstall(timer: Timer) -> list[str]:
    """What was removed, a line each; empty where nothing was installed."""
    if timer.kind == "cron":
        before = _crontab()
        left = _other_lines(timer.name)
        if len(left) == len(before):
            return []
        _write_crontab(left)
        return ["removed from your crontab"]
    done = []
    if any(path.exists() for path in timer.files):
        _run(["systemctl", "--user", "disable", "--now", f"{timer.name}.timer"])
        for path in timer.files:
            path.unlink(missing_ok=True)
            done.append(f"removed: {path}")
        _run(["systemctl", "--user", "daemon-reload"])
    return done


def _has_systemd() -> bool:
    return shutil.which("systemctl") is not None and Path(f"/run/user/{os.getuid()}/systemd").is_dir()


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_escaped(inner)}"'


def _run(command: list[str], given: str | None = None) -> str:
    try:
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, check=False)
    except FileNotFoundError:
        raise InputError(
            f"{command[0]} is not installed on this machine; see framing schedule install --print."
        ) from None
    if done.returncode:
        raise RunError(f"{shlex.join(command)} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def _crontab() -> list[str]:
    if shutil.which("crontab") is None:
        raise InputError("crontab is not installed on this machine; see framing schedule install --print.")
    done = subprocess.run(["crontab", "-l"], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []  # no crontab yet is an error to it


def _other_lines(name: str) -> list[str]:
    return [line for line in _crontab() if not line.rstrip().endswith(f"# {name}")]


def _write_crontab(lines: list[str]) -> None:
    _run(["crontab", "-"], "".join(f"{line}\n" for line in lines))
