"""Vectors come back as they went in, after a second writer, a kill and a restart."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from framing.encoders.store import VectorStore
from framing.errors import FramingError
from framing.files.cache import _use_wal


def _vectors(n: int, *, start: int = 0) -> np.ndarray:
    return (np.arange(n * 4, dtype=np.float32).reshape(n, 4) + start) / 7


def _start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-c", textwrap.dedent(code), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_round_trip(tmp_path):
    store = VectorStore(tmp_path / "deep" / "er" / "e.sqlite")
    texts = ["one", "", "naïve 🐍", "\ud800 lone", "o" * 100_000, "x\x1fy\x00z"]
    store.put("m", texts, _vectors(len(texts)))
    found = VectorStore(store.path).get("m", [*texts, "unknown"])
    assert set(found) == set(texts)
    for text, vector in zip(texts, _vectors(len(texts)), strict=True):
        assert found[text].dtype == np.float32
        assert (found[text] == vector).all()
    assert len(store) == len(texts)


def test_models_do_not_share_vectors(tmp_path):
    store = VectorStore(tmp_path / "e.sqlite")
    store.put("m", ["t"], _vectors(1))
    assert store.get("other", ["t"]) == {}
    store.put("other", ["t"], _vectors(1, start=50))
    assert (store.get("m", ["t"])["t"] == _vectors(1)[0]).all()


def test_the_first_vector_of_a_text_stays(tmp_path):
    store = VectorStore(tmp_path / "e.sqlite")
    store.put("m", ["t", "u", "t"], _vectors(3))
    store.put("m", ["t", "v"], _vectors(2, start=99))
    assert (store.get("m", ["t"])["t"] == _vectors(3)[0]).all()
    assert len(store) == 3


def test_nothing_is_made_by_looking(tmp_path):
    store = VectorStore(tmp_path / "none" / "e.sqlite")
    assert store.get("m", ["t"]) == {}
    assert len(store) == 0
    assert not store.path.parent.exists()


def test_more_texts_than_one_query_holds(tmp_path):
    store = VectorStore(tmp_path / "e.sqlite")
    texts = [f"text {number}" for number in range(2000)]
    store.put("m", texts, _vectors(2000))
    found = store.get("m", texts)
    assert (np.array([found[text] for text in texts]) == _vectors(2000)).all()


def test_texts_and_vectors_must_match(tmp_path):
    with pytest.raises(ValueError, match="2 texts, but 3 vectors"):
        VectorStore(tmp_path / "e.sqlite").put("m", ["a", "b"], _vectors(3))


def test_many_threads_at_once_lose_nothing_and_the_first_stays(tmp_path):
    path, n_writers, n_rounds = tmp_path / "e.sqlite", 6, 10
    barrier = Barrier(n_writers)

    def write(writer: int) -> None:
        store = VectorStore(path)
        barrier.wait()
        for number in range(n_rounds):
            store.put("m", [f"{writer}-{number}", f"shared {number}"], np.full((2, 4), writer, np.float32))

    with ThreadPoolExecutor(n_writers) as pool:
        list(pool.map(write, range(n_writers)))
    store = VectorStore(path)
    assert len(store) == n_writers * n_rounds + n_rounds
    own = store.get("m", [f"{writer}-{number}" for writer in range(n_writers) for number in range(n_rounds)])
    assert all((vector == int(text.split("-")[0])).all() for text, vector in own.items())
    for vector in store.get("m", [f"shared {number}" for number in range(n_rounds)]).values():
        assert len(set(vector)) == 1  # one writer's vector, never a mixture


@pytest.mark.slow
def test_two_processes_at_once_lose_nothing(tmp_path):
    path = tmp_path / "e.sqlite"
    code = """
        import sys
        import numpy as np
        from framing.encoders.store import VectorStore
        store, name = VectorStore(sys.argv[1]), sys.argv[2]
        print("ready")
        sys.stdin.readline()
        for number in range(40):
            store.put("m", [f"{name} {number}", f"shared {number}"], np.ones((2, 4), np.float32))
    """
    writers = [_start(code, str(path), name) for name in ("left", "right")]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    assert len(VectorStore(path)) == 120


class _Busy:
    """A connection on whose file another writer is switching to WAL, `times` times over."""

    def __init__(self, times: int) -> None:
        self.times = times

    def execute(self, _statement: str) -> None:
        self.times -= 1
        if self.times >= 0:
            raise sqlite3.OperationalError("database is locked")


def test_the_first_writers_of_a_file_wait_for_each_other(monkeypatch):
    waits = []
    monkeypatch.setattr("framing.files.cache.time.sleep", waits.append)
    _use_wal(_Busy(3))
    assert len(waits) == 3
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        _use_wal(_Busy(10_000))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
def test_a_killed_writer_loses_nothing_that_was_committed(tmp_path):
    path = tmp_path / "e.sqlite"
    code = """
        import itertools
        import sys
        import numpy as np
        from framing.encoders.store import VectorStore
        store = VectorStore(sys.argv[1])
        for batch in itertools.count():
            texts = [f"{batch}-{number}" for number in range(200)]
            store.put("m", texts, np.full((200, 384), batch, np.float32))
            print(batch)
    """
    writer = _start(code, str(path))
    committed = [int(writer.stdout.readline()) for _ in range(4)]
    os.kill(writer.pid, signal.SIGKILL)
    rest, _ = writer.communicate(timeout=60)
    assert writer.returncode == -signal.SIGKILL
    committed += [int(line) for line in rest.splitlines() if line]
    store = VectorStore(path)
    for batch in committed:
        found = store.get("m", [f"{batch}-{number}" for number in range(200)])
        assert len(found) == 200
        assert all((vector == batch).all() for vector in found.values())
    assert len(store) % 200 == 0  # a batch is there as a whole or not at all
    store.put("m", ["after"], np.ones((1, 384), np.float32))
    assert len(store) % 200 == 1


def test_a_failed_put_leaves_nothing_behind(tmp_path):
    store = VectorStore(tmp_path / "e.sqlite")
    store.put("m", ["a"], _vectors(1))
    rows = iter([(b"key", b"vector"), None])  # the second cannot be stored
    with pytest.raises(FramingError, match="cannot be used"), store._open() as connection:
        connection.executemany("INSERT INTO embeddings (key, vector) VALUES (?, ?)", rows)
    assert len(store) == 1


def test_a_file_that_is_no_database_gives_the_remedy(tmp_path):
    path = tmp_path / "e.sqlite"
    path.write_bytes(b"this is not a database, whatever its name says. " * 100)
    store = VectorStore(path)
    remedy = r"e\.sqlite cannot be used: file is not a database.*delete the file, or set FRAMING_CACHE"
    uses = (lambda: store.get("m", ["a"]), lambda: store.put("m", ["a"], _vectors(1)), lambda: len(store))
    for use in uses:
        with pytest.raises(FramingError, match=remedy):
            use()
    assert path.read_bytes().startswith(b"this is not")


def test_damaged_pages_give_the_remedy(tmp_path):
    store = VectorStore(tmp_path / "e.sqlite")
    texts = [f"text {number}" for number in range(500)]
    store.put("m", texts, np.ones((500, 384), np.float32))
    content = store.path.read_bytes()
    assert len(content) > 20_000
    store.path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(FramingError, match=r"cannot be used: .*malformed.*delete the file"):
        store.get("m", texts)


def test_a_folder_that_cannot_be_written_gives_the_remedy(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = VectorStore(Path(tmp_path / "file" / "e.sqlite"))
    with pytest.raises(FramingError, match=r"cannot be used: .*folder on a local disk"):
        store.put("m", ["a"], _vectors(1))
