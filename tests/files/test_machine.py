"""The cores that a process may use, and its processor."""

from __future__ import annotations

import os

import pytest

from framing.files import machine


@pytest.fixture
def eight_cores(monkeypatch, tmp_path):
    """A process that may use eight cores, in control groups that say nothing yet."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(machine, "_CONTROL_GROUPS", tmp_path)
    monkeypatch.setattr(machine, "_GROUP", tmp_path / "own")
    (tmp_path / "own").write_text("0::/jobs/7\n")
    return tmp_path


def test_all_cores_that_the_process_is_bound_to(eight_cores):
    assert machine.count_cores() == 8


@pytest.mark.parametrize(("variable", "cores"), [("3", 3), ("4,2", 4), ("64", 8), ("0", 8), ("many", 8), ("", 8)])
def test_a_number_of_threads_that_is_asked_for_is_the_most(eight_cores, monkeypatch, variable, cores):
    monkeypatch.setenv("OMP_NUM_THREADS", variable)
    assert machine.count_cores() == cores


@pytest.mark.parametrize(
    ("place", "content", "cores"),
    [
        ("cpu.max", "250000 100000", 3),
        ("cpu.max", "max 100000", 8),
        ("jobs/cpu.max", "50000 100000", 1),
        ("jobs/7/cpu.max", "400000 100000", 4),
        ("jobs/8/cpu.max", "100000 100000", 8),
        ("cpu.max", "damaged", 8),
    ],
)
def test_the_share_of_the_groups_above_counts(eight_cores, place, content, cores):
    (eight_cores / place).parent.mkdir(parents=True, exist_ok=True)
    (eight_cores / place).write_text(content)
    assert machine.count_cores() == cores


@pytest.mark.parametrize(("quota", "cores"), [("200000", 2), ("-1", 8)])
def test_control_groups_of_the_first_version(eight_cores, quota, cores):
    (eight_cores / "own").write_text("3:cpu,cpuacct:/jobs\n")
    (eight_cores / "cpu" / "jobs").mkdir(parents=True)
    (eight_cores / "cpu" / "jobs" / "cpu.cfs_quota_us").write_text(quota)
    (eight_cores / "cpu" / "jobs" / "cpu.cfs_period_us").write_text("100000")
    assert machine.count_cores() == cores


def test_the_processor_is_described_by_what_numbers_depend_on(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "_PROCESSOR", tmp_path / "cpuinfo")
    (tmp_path / "cpuinfo").write_text(
        "model name\t: Fast 9\ncpu MHz : 2000\nflags : avx2 avx512f\n\nmodel name : Slow 1\n"
    )
    described = machine.describe_processor()
    assert described.endswith("Fast 9 avx2 avx512f")
    (tmp_path / "cpuinfo").write_text("model name\t: Fast 9\ncpu MHz : 3100\nflags : avx2 avx512f\n\n")
    assert machine.describe_processor() == described
