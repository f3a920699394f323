"""Shared by the tests of operations: a project with a scheduled report, and a program in the place of Python."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.fixture
def scheduled(tmp_path, monkeypatch, root) -> Path:
    """A project with one report due on Mondays at six, Berlin time."""
    for name in ("corpora", "seeds", "reports"):
        (tmp_path / name).mkdir()
    (tmp_path / "notebooks").symlink_to(root / "notebooks")
    (tmp_path / "reports" / "weekly.yaml").write_text(
        "report: weekly\ntitle: Weekly\ncorpus: gone\ncodebook: gone\nnotebooks: [01_corpora]\n"
        "schedule: '0 6 * * 1'\ntimezone: Europe/Berlin\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("FRAMING_PROJECT", str(tmp_path))
    return tmp_path


@pytest.fixture
def stub_program(scheduled, monkeypatch):
    """A program in the place of this Python's, for what a report would not do on request."""

    def put(body: str) -> None:
        path = scheduled / "stub"
        path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(path))

    return put
