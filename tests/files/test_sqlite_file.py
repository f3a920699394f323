"""A file is set aside once, with its journal, and while nobody uses it; other errors are told apart from damage."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest

from framing.errors import FramingError
from framing.files import sqlite_file
from framing.files.damage import CacheWarning, DamageError, is_damage, is_set_aside
from framing.files.sqlite_file import open_sqlite, set_aside, use_file, use_wal


class _Busy:
    """A connection on whose file another writer is switching to WAL, `times` times over."""

    def __init__(self, times: int) -> None:
        self.times = times

    def execute(self, _statement: str) -> None:
        self.times -= 1
        if self.times >= 0:
            raise sqlite3.OperationalError("database is locked")


def make(path: Path) -> Path:
    with open_sqlite(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    return path


def test_the_first_writers_of_a_file_wait_for_each_other(monkeypatch):
    waits = []
    monkeypatch.setattr("framing.files.sqlite_file.time.sleep", waits.append)
    use_wal(_Busy(3))
    assert len(waits) == 3
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        use_wal(_Busy(10_000))


def test_what_is_not_committed_is_undone(tmp_path):
    path = make(tmp_path / "a.sqlite")
    with suppress(ZeroDivisionError), open_sqlite(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t VALUES (1)")
        raise ZeroDivisionError
    with open_sqlite(path) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_wal_on_a_local_disk_and_a_journal_on_the_network(tmp_path, monkeypatch):
    for on_network, mode in ((False, "wal"), (True, "delete")):
        monkeypatch.setattr(sqlite_file, "_shares_no_memory", lambda _folder, answer=on_network: answer)
        with open_sqlite(tmp_path / f"{mode}.sqlite") as connection:
            connection.execute("CREATE TABLE t (x)")
            (found,) = connection.execute("PRAGMA journal_mode").fetchone()
        assert (found == "wal") is not on_network


def test_the_journal_of_a_damaged_file_goes_with_it(tmp_path):
    path = tmp_path / "a.sqlite"
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).write_text(f"damaged{ending}")
    assert set_aside(path) == tmp_path / "a.sqlite.damaged-1"
    assert sorted(item.name for item in tmp_path.iterdir() if not item.name.startswith(".")) == [
        "a.sqlite.damaged-1", "a.sqlite.damaged-1-shm", "a.sqlite.damaged-1-wal",
    ]  # fmt: skip
    path.write_text("damaged again")
    assert set_aside(path) == tmp_path / "a.sqlite.damaged-2"
    assert set_aside(path) is None
    assert [item.name for item in sorted(tmp_path.iterdir()) if is_set_aside(item)] == [
        "a.sqlite.damaged-1", "a.sqlite.damaged-2",
    ]  # fmt: skip


def test_of_two_processes_that_meet_damage_one_sets_the_file_aside(tmp_path):
    path = make(tmp_path / "a.sqlite")
    calls = []

    def act() -> str:
        calls.append("act")
        if len(calls) == 1:
            set_aside(path)  # the other process, which was faster
            make(path)
            raise DamageError("wrong")
        return "done"

    def salvage(_place: Path) -> int:
        raise AssertionError

    assert use_file(path, "store", act, salvage=salvage, otherwise="") == "done"
    assert [item.name for item in tmp_path.iterdir() if is_set_aside(item)] == ["a.sqlite.damaged-1"]


def test_nobody_uses_a_file_while_it_is_set_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite_file, "_TIMEOUT", 0)
    path = make(tmp_path / "a.sqlite")
    with open_sqlite(path), pytest.raises(TimeoutError, match="in use by others"):
        set_aside(path)
    assert set_aside(path) is not None


def test_a_disk_that_damages_each_file_ends_no_run(tmp_path):
    path = make(tmp_path / "a.sqlite")

    def act() -> str:
        path.touch()
        raise DamageError("wrong again")

    with pytest.warns(CacheWarning, match="damaged again and again"):
        assert use_file(path, "store", act, salvage=lambda _place: 0, otherwise="without") == "without"


def test_a_fault_of_the_program_is_no_damage(tmp_path):
    path = make(tmp_path / "a.sqlite")

    def act() -> None:
        with open_sqlite(path) as connection:
            connection.execute("SELECT x FROM nowhere")

    with pytest.raises(FramingError, match=r"The store .*a\.sqlite cannot be used: no such table.*delete the file"):
        use_file(path, "store", act, salvage=lambda _place: 0, otherwise=None)


def test_a_bad_sector_is_damage_and_a_full_disk_is_not():
    errors = {}
    for code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, 266, 522, sqlite3.SQLITE_FULL, 778):
        errors[code] = sqlite3.OperationalError("as SQLite says")
        errors[code].sqlite_errorcode = code
    assert [is_damage(error) for error in errors.values()] == [True, True, True, True, False, False]
    assert is_damage(UnicodeDecodeError("utf-8", b"\xd1", 0, 1, "a damaged name in SQLite's message"))
