"""Vectors come back as they went in, from one file and from parts, after a second writer, a kill and a restart."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest

from framing.encoders.store import VectorStore
from framing.encoders.vectors.shelf import today
from framing.errors import FramingError
from framing.files.damage import CacheWarning

pytestmark = pytest.mark.parametrize("kind", ["sqlite", "parts"])


@pytest.fixture
def store(tmp_path: Path, kind: str) -> VectorStore:
    return VectorStore(tmp_path / "e.sqlite", kind=kind)


def _vectors(n: int, *, start: int = 0) -> np.ndarray:
    return (np.arange(n * 4, dtype=np.float32).reshape(n, 4) + start) / 7


def _start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-c", textwrap.dedent(code), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_round_trip(tmp_path, kind):
    store = VectorStore(tmp_path / "deep" / "er" / "e.sqlite", kind=kind)
    texts = ["one", "", "naïve 🐍", "\ud800 lone", "o" * 100_000, "x\x1fy\x00z"]
    store.put("m\ud800", texts, _vectors(len(texts)))
    found = VectorStore(store.path, kind=kind).get("m\ud800", [*texts, "unknown"])
    assert set(found) == set(texts)
    for text, vector in zip(texts, _vectors(len(texts)), strict=True):
        assert found[text].dtype == np.float32
        assert (found[text] == vector).all()
    assert len(store) == len(texts)


def test_rows_of_many_texts(store):
    texts = [f"text {number}" for number in range(2000)]
    store.put("m", texts, _vectors(2000))
    wanted = ["unknown", *texts[::-3], "text 7", "text 7"]
    rows, vectors = store.get_rows("m", wanted)
    assert sorted(rows) == list(range(1, len(wanted)))
    expected = dict(zip(texts, _vectors(2000), strict=True))
    assert (vectors == np.array([expected[wanted[row]] for row in rows])).all()
    assert vectors.dtype == np.float32


def test_bits_stay_as_they_are(store):
    odd = np.array([[0.0, -0.0, 1e-45, np.inf]], dtype=np.float32)
    store.put("m", ["t"], odd)
    assert store.get("m", ["t"])["t"].tobytes() == odd.tobytes()


def test_models_do_not_share_vectors(store):
    store.put("m", ["t"], _vectors(1))
    assert store.get("other", ["t"]) == {}
    store.put("other", ["t"], np.ones((1, 7)))
    assert (store.get("m", ["t"])["t"] == _vectors(1)[0]).all()
    assert store.get("other", ["t"])["t"].shape == (7,)


def test_the_first_vector_of_a_text_stays(store):
    store.put("m", ["t", "u", "t"], _vectors(3))
    store.put("m", ["t", "v"], _vectors(2, start=99))
    assert (store.get("m", ["t"])["t"] == _vectors(3)[0]).all()
    assert len(store) == 3


def test_nothing_is_made_by_looking(tmp_path, kind):
    store = VectorStore(tmp_path / "none" / "e.sqlite", kind=kind)
    assert store.get("m", ["t"]) == {}
    assert store.get_rows("m", ["t"])[1].shape == (0, 0)
    assert len(store) == store.shelf.size() == 0
    assert not store.path.parent.exists()


def test_texts_and_vectors_must_match(store):
    with pytest.raises(ValueError, match="2 texts, but 3 vectors"):
        store.put("m", ["a", "b"], _vectors(3))


def test_vectors_of_several_lengths_under_one_name_are_no_damage(store, recwarn):
    store.put("m", ["a"], np.ones((1, 3)))
    store.put("m", ["b"], np.ones((1, 5)))
    with pytest.raises(FramingError, match="one length for all texts of a model"):
        store.get("m", ["a", "b"])
    assert store.get("m", ["b"])["b"].shape == (5,)
    assert not recwarn


def test_many_threads_at_once_lose_nothing_and_the_first_stays(store, kind):
    n_writers, n_rounds = 6, 10
    barrier = Barrier(n_writers)

    def write(writer: int) -> None:
        own = VectorStore(store.path, kind=kind)
        barrier.wait()
        for number in range(n_rounds):
            own.put("m", [f"{writer}-{number}", f"shared {number}"], np.full((2, 4), writer, np.float32))

    with ThreadPoolExecutor(n_writers) as pool:
        list(pool.map(write, range(n_writers)))
    assert len(store) == n_writers * n_rounds + n_rounds
    own = store.get("m", [f"{writer}-{number}" for writer in range(n_writers) for number in range(n_rounds)])
    assert len(own) == n_writers * n_rounds
    assert all((vector == int(text.split("-")[0])).all() for text, vector in own.items())
    for vector in store.get("m", [f"shared {number}" for number in range(n_rounds)]).values():
        assert len(set(vector)) == 1  # one writer's vector, never a mixture


@pytest.mark.slow
def test_two_processes_at_once_lose_nothing(store, kind):
    code = """
        import sys
        import numpy as np
        from framing.encoders.store import VectorStore
        store, name = VectorStore(sys.argv[1], kind=sys.argv[3]), sys.argv[2]
        print("ready")
        sys.stdin.readline()
        for number in range(15):
            store.put("m", [f"{name} {number}", f"shared {number}"], np.ones((2, 4), np.float32))
    """
    writers = [_start(code, str(store.path), name, kind) for name in ("left", "right")]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=120)
        assert writer.returncode == 0
    assert len(store) == 45
    assert store.shelf.check().problems == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
def test_killed_writers_lose_nothing_that_was_stored(store, kind):
    code = """
        import itertools
        import sys
        import numpy as np
        from framing.encoders.store import VectorStore
        store, name = VectorStore(sys.argv[1], kind=sys.argv[3]), sys.argv[2]
        for batch in itertools.count():
            texts = [f"{name} {batch}-{number}" for number in range(200)] + [f"shared {batch}"]
            store.put("m", texts, np.full((201, 384), batch, np.float32))
            print(batch)
    """
    writers = [_start(code, str(store.path), name, kind) for name in ("left", "right")]
    stored = [[int(writer.stdout.readline()) for _ in range(3)] for writer in writers]
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
    for name, writer, batches in zip(("left", "right"), writers, stored, strict=True):
        rest, _ = writer.communicate(timeout=60)
        assert writer.returncode == -signal.SIGKILL
        batches += [int(line) for line in rest.splitlines() if line]
        for batch in batches:
            found = store.get("m", [f"{name} {batch}-{number}" for number in range(200)])
            assert len(found) == 200
            assert all((vector == batch).all() for vector in found.values())
    assert store.shelf.check().problems == []
    store.put("m", ["after"], np.ones((1, 384), np.float32))
    assert len(store) == len(VectorStore(store.path, kind=kind)) > 1200


def test_a_full_disk_costs_what_would_be_stored_and_a_warning(store):
    resource = pytest.importorskip("resource")
    store.put("m", ["before"], np.ones((1, 384), np.float32))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))  # as where no byte more can be written
    try:
        with pytest.warns(CacheWarning, match=r"cannot be used: .*The work goes on without it"):
            store.put("m", [f"text {number}" for number in range(500)], np.ones((500, 384), np.float32))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert set(store.get("m", ["before", "text 0"])) == {"before"}
    store.put("m", ["text 0"], np.ones((1, 384), np.float32))
    assert len(store) == 2
    assert store.shelf.check().problems == []


def test_a_folder_that_cannot_be_written_ends_no_run(tmp_path, kind):
    (tmp_path / "file").write_text("in the way")
    store = VectorStore(tmp_path / "file" / "e.sqlite", kind=kind)
    with pytest.warns(CacheWarning, match=r"cannot be used: .*set FRAMING_CACHE to "):
        store.put("m", ["a"], _vectors(1))
    assert store.get("m", ["a"]) == {}


@pytest.mark.parametrize("random_seed", range(10))
def test_whatever_is_damaged_no_wrong_vector_comes_back(store, kind, random_seed):
    choose = random.Random(random_seed)
    texts, vectors = [f"text {number}" for number in range(900)], _vectors(900)
    for start in range(0, 900, 300):
        store.put("m", texts[start : start + 300], vectors[start : start + 300])
    path = choose.choice(
        sorted(path for path in store.path.parent.rglob("*.*") if path.suffix in (".sqlite", ".parquet"))
    )
    content = bytearray(path.read_bytes())
    place = choose.randrange(len(content))
    match random_seed % 5:
        case 0:
            for _ in range(300):
                content[choose.randrange(len(content))] = choose.randrange(256)
        case 1:
            content[place : place + 8192] = choose.randbytes(8192)
        case 2:
            content[place : place + 8192] = bytes(8192)
        case 3:
            del content[place:]
        case 4:
            content[place:place] = b"more"
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CacheWarning)
        for _ in range(2):
            rows, found = VectorStore(store.path, kind=kind).get_rows("m", texts)
            assert len(rows) == 0 or (found == vectors[rows]).all()
            store.put("m", texts, vectors)
        store.shelf.salvage()
        store.put("m", texts, vectors)
    assert len(store.get_rows("m", texts)[0]) == 900
    assert store.shelf.check().problems == []


def test_over_the_limit_the_vectors_used_longest_ago_go(store, monkeypatch):
    monkeypatch.setenv("FRAMING_STORE_LIMIT", "4 MB")
    now = today()
    texts = {name: [f"{name} {number}" for number in range(1000)] for name in ("old", "read", "new")}
    for day, name in ((now - 2, "old"), (now - 1, "read"), (now, "new")):
        _pass_days(store, day, monkeypatch)
        store.put("m", texts[name], np.full((1000, 384), day, np.float32))
        assert len(store.get("m", texts["read"][:1])) == (name != "old")  # its batch is as good as new
    assert store.shelf.size() > 4_000_000  # a process looks at the limit rarely
    fresh = VectorStore(store.path, kind=store.shelf.kind)
    fresh.put("m", ["one more"], np.ones((1, 384), np.float32))
    left = {name: len(store.get("m", of_name)) for name, of_name in texts.items()}
    assert left == {"old": 0, "read": 1000, "new": 1000}
    assert fresh.shelf.size() < 4_000_000
    assert sum(item.stat().st_size for item in store.path.parent.rglob("*") if item.is_file()) < 4_000_000
    assert store.shelf.check().problems == []


def _pass_days(store: VectorStore, day: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it this day; parts, whose day of use is the time of the file, get older by a day each."""
    for module in ("sqlite_shelf", "parts_shelf", "shelf"):
        monkeypatch.setattr(f"framing.encoders.vectors.{module}.today", lambda: day)
    for part in store.path.parent.rglob("*.parquet"):
        seconds = part.stat().st_mtime - 86400
        os.utime(part, (seconds, seconds))


def test_nothing_that_was_used_today_goes(store, monkeypatch):
    monkeypatch.setenv("FRAMING_STORE_LIMIT", "10 KB")
    texts = [f"text {number}" for number in range(100)]
    store.put("m", texts, np.ones((100, 384), np.float32))
    VectorStore(store.path, kind=store.shelf.kind).put("m", ["more"], np.ones((1, 384), np.float32))
    assert len(store.get("m", [*texts, "more"])) == 101
