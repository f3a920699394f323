"""What the cache folder holds is listed with its age; a SQLite file that may be in use stays, empty."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

import pytest

from framing.files.caches import list_caches, note_use, remove_entries
from framing.files.sqlite_file import open_sqlite

KEY = "0123456789abcdef01234567"


def make_old(path: Path, days: int) -> None:
    then = time.time() - days * 86400
    for item in [*path.rglob("*"), path]:
        os.utime(item, (then, then))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    for name in (f"analyses/{KEY}", f"fragility/{KEY}", "onnx/minilm", "models/all-mpnet-base-v2"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "content").write_bytes(b"x" * 10)
    with open_sqlite(tmp_path / "voices.sqlite") as connection:
        connection.execute("CREATE TABLE speech (x)")
        connection.execute("INSERT INTO speech VALUES (1)")
    (tmp_path / "embeddings.sqlite").write_bytes(b"")
    (tmp_path / "embeddings.sqlite.damaged-1").write_bytes(b"x" * 20)
    (tmp_path / "embeddings.sqlite.damaged-1-wal").write_bytes(b"x" * 5)
    return tmp_path


def test_entries_with_their_size_and_whether_they_go_by_age(cache):
    make_old(cache / "analyses" / KEY, 40)
    entries = {entry.kind: entry for entry in list_caches(cache, leave={"embeddings.sqlite"})}
    assert set(entries) == {"analyses", "fragility", "onnx", "models", "voices.sqlite", "embeddings.sqlite.damaged-1"}
    assert entries["analyses"].n_bytes == 10
    assert 39.9 < (time.time() - entries["analyses"].used) / 86400 < 40.1
    assert entries["embeddings.sqlite.damaged-1"].n_bytes == 25
    assert [kind for kind, entry in entries.items() if entry.goes_by_age] == [
        "analyses", "embeddings.sqlite.damaged-1", "fragility",
    ]  # fmt: skip
    assert [kind for kind, entry in entries.items() if entry.is_installed] == ["models"]
    assert list_caches(cache / "none") == []


def test_what_goes_is_gone_and_a_database_is_empty(cache):
    remove_entries([entry for entry in list_caches(cache) if not entry.is_installed])
    left = sorted(str(item.relative_to(cache)) for item in cache.rglob("*") if item.is_file() and item.name[0] != ".")
    assert left == ["embeddings.sqlite", "models/all-mpnet-base-v2/content", "voices.sqlite"]
    with sqlite3.connect(cache / "voices.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM speech").fetchone() == (0,)
    connection.close()
    assert not [item for item in cache.rglob("*") if ".going-" in item.name]


def test_what_went_meanwhile_is_no_error(cache):
    entries = [entry for entry in list_caches(cache) if entry.kind == "analyses"]
    remove_entries(entries)
    remove_entries(entries)


def test_a_use_is_noted_once_a_day(cache):
    home = cache / "analyses" / KEY
    make_old(home, 3)
    note_use(home)
    noted = home.stat().st_mtime
    assert time.time() - noted < 3600
    note_use(home)
    assert home.stat().st_mtime == noted
    note_use(cache / "nowhere")
