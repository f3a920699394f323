"""A report's folder appears whole or not at all; earlier runs are archived."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from framing.errors import RunError
from framing.reports.publish import find_runs_folder, stage, swap_in


def test_killed_swap_is_mended_by_the_next_run(tmp_path):
    """Killed between the two renames: the earlier report lies beside its place and comes back."""
    target = tmp_path / "weekly"
    old = tmp_path / ".weekly.old-1"
    old.mkdir()
    (old / "index.html").write_text("earlier", encoding="utf-8")
    (tmp_path / ".weekly.making-xyz").mkdir()
    with stage(target):
        assert (target / "index.html").read_text(encoding="utf-8") == "earlier"
    assert [path.name for path in tmp_path.iterdir()] == ["weekly"]


def test_incomplete_report_is_not_published(tmp_path):
    target = tmp_path / "weekly"
    with stage(target) as work:
        (work / "index.html").write_text("x", encoding="utf-8")
        with pytest.raises(RunError, match=r"run\.json is missing"):
            swap_in(work, target)
    assert not target.exists()


@pytest.mark.skipif(not hasattr(signal, "SIGTERM") or sys.platform == "win32", reason="POSIX signals")
def test_interrupted_staging_leaves_nothing(tmp_path):
    code = (
        "import sys, signal\nfrom pathlib import Path\nfrom framing.reports.publish import stage\n"
        "with stage(Path(sys.argv[1])) as work:\n    (work / 'index.html').write_text('half')\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n    signal.raise_signal(signal.SIGINT)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "weekly")], capture_output=True, timeout=60)
    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []


def _publish(target: Path, time: str, keep: int) -> None:
    with stage(target, keep=keep) as work:
        (work / "index.html").write_text(time)
        (work / "run.json").write_text(json.dumps({"made": time, "title": f"T {time}"}))
        swap_in(work, target, keep=keep)


def test_earlier_runs_are_kept_as_many_as_asked(tmp_path):
    target = tmp_path / "weekly"
    for day in range(1, 6):
        _publish(target, f"2026-03-0{day}T06:00:00+00:00", keep=2)
    assert (target / "index.html").read_text() == "2026-03-05T06:00:00+00:00"
    assert sorted(path.name for path in find_runs_folder(target).iterdir()) == ["20260303T060000Z", "20260304T060000Z"]
    _publish(target, "2026-03-06T06:00:00+00:00", keep=0)
    assert list(find_runs_folder(target).iterdir()) == []


def test_a_swap_cut_off_between_its_steps_loses_neither_report(tmp_path):
    target = tmp_path / "weekly"
    _publish(target, "2026-03-01T06:00:00+00:00", keep=3)
    target.rename(target.parent / f".weekly.old-{os.getpid()}")  # killed before the new one was in place
    with stage(target, keep=3):
        assert (target / "index.html").read_text() == "2026-03-01T06:00:00+00:00"
