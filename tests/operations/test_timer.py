"""The timer that is installed: what it says, and that it leaves the user's other lines alone."""

from __future__ import annotations

import shlex
import subprocess

import pytest

from framing.errors import InputError
from framing.operations.timer import install, plan_timer, uninstall


@pytest.fixture
def awkward(tmp_path, monkeypatch):
    """A project in a folder that neither cron nor systemd takes as it is, and a crontab program of our own."""
    root = tmp_path / "a project, 100 % ours"
    for name in ("corpora", "seeds", "reports"):
        (root / name).mkdir(parents=True)
    monkeypatch.setenv("FRAMING_PROJECT", str(root))
    monkeypatch.delenv("FRAMING_DATA", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    programs = tmp_path / "programs"
    programs.mkdir()
    table = tmp_path / "table"
    (programs / "crontab").write_text(
        f'#!/bin/sh\nif [ "$1" = -l ]; then cat {table} 2>/dev/null || exit 1; else cat > {table}; fi\n'
    )
    (programs / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n')
    for path in programs.iterdir():
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return tmp_path, root


def test_a_cron_line_is_put_in_once_and_taken_out_alone(awkward):
    folder, _ = awkward
    (folder / "table").write_text("5 4 * * * mine # my own\n")
    timer = plan_timer(kind="cron", every_minutes=30)
    install(timer)
    install(plan_timer(kind="cron", every_minutes=15))
    lines = (folder / "table").read_text().splitlines()
    assert lines[0] == "5 4 * * * mine # my own"
    assert len(lines) == 2
    assert lines[1].startswith("*/15 * * * * cd ")
    assert uninstall(timer) == ["removed from your crontab"]
    assert (folder / "table").read_text() == "5 4 * * * mine # my own\n"
    assert uninstall(timer) == []


def test_what_cron_would_run_calls_the_program_in_the_project(awkward):
    _, root = awkward
    line = plan_timer(kind="cron").line
    command = line.split(" ", 5)[5].replace("\\%", "%")  # as cron reads it
    # the shell's own reading of it, with the program's name printed instead of called
    shown = command.replace(" && FRAMING", " && env FRAMING").replace(" -m framing run --due >> ", " -c 'print()' >> ")
    subprocess.run(["/bin/sh", "-c", shown], check=True, timeout=60)
    assert (root / "reports" / ".logs" / "due.log").read_text() == "\n"
    assert shlex.split(command.split(" >> ")[0])[-2:] == ["run", "--due"]


def test_a_systemd_timer_is_persistent_limited_and_quoted(awkward):
    folder, root = awkward
    timer = plan_timer(kind="systemd", memory="4G", hours=3)
    done = install(timer)
    service, clock = (path.read_text() for path in timer.files)
    assert "Persistent=true" in clock
    assert "OnCalendar=*:0/15" in clock
    assert "MemoryMax=4G" in service
    assert "TimeoutStartSec=3h" in service
    assert f'Environment="FRAMING_PROJECT={str(root).replace("%", "%%")}"' in service
    assert (folder / "calls").read_text().splitlines() == [
        "--user daemon-reload",
        f"--user enable --now {timer.name}.timer",
    ]
    assert done[0] == f"written: {next(iter(timer.files))}"
    assert len(uninstall(timer)) == 2
    assert not any(path.exists() for path in timer.files)
    assert uninstall(timer) == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"kind": "at"}, "expected systemd or cron, got 'at'"), ({"every_minutes": 7}, "minutes that divide an hour")],
)
def test_what_cannot_be_scheduled_is_refused(awkward, wrong, message):
    with pytest.raises(InputError, match=message):
        plan_timer(**wrong)
