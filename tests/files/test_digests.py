"""Digests of files: read once, and never those of an earlier content."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from framing.files.digests import stored_sha256, stored_sha256s


@pytest.fixture
def old_file(tmp_path, monkeypatch):
    """A file that changed long ago, as far as the clock of this process knows."""
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    now = time.time_ns()
    monkeypatch.setattr("framing.files.digests.time.time_ns", lambda: now + 10**12)
    path = tmp_path / "file"
    path.write_bytes(b"one")
    return path


def forbid_reading(monkeypatch):
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("a file was read"))


def test_a_file_that_did_not_change_is_read_once(old_file, monkeypatch):
    first = stored_sha256(old_file)
    assert first == hashlib.sha256(b"one").hexdigest()
    forbid_reading(monkeypatch)
    assert stored_sha256s([old_file]) == {old_file: first}


def test_another_content_with_the_same_size_and_time_is_noticed(old_file):
    status = old_file.stat()
    stored_sha256(old_file)
    old_file.write_bytes(b"two")
    os.utime(old_file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert stored_sha256(old_file) == hashlib.sha256(b"two").hexdigest()


def test_a_file_that_changed_a_moment_ago_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setenv("FRAMING_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "file"
    path.write_bytes(b"one")
    stored_sha256(path)
    forbid_reading(monkeypatch)
    with pytest.raises(pytest.fail.Exception, match="a file was read"):
        stored_sha256(path)
