"""Damage of the file is found, the rest of it kept; vectors of earlier versions are read and move to the new table."""

from __future__ import annotations

import hashlib
import sqlite3
import warnings
from pathlib import Path

import numpy as np
import pytest

from framing.encoders.store import VectorStore, _hash
from framing.encoders.vectors.rows import make_keys, pack_vectors
from framing.encoders.vectors.shelf import today
from framing.files.damage import CacheWarning

PAGE = 8192
N = 6000
TEXTS = [f"text {number}" for number in range(N)]
VECTORS = np.random.default_rng(1).standard_normal((N, 64)).astype(np.float32)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    """Content of a file with the vectors, in two batches."""
    store = VectorStore(tmp_path_factory.mktemp("whole") / "e.sqlite", kind="sqlite")
    store.put("model-a", TEXTS, VECTORS, encoder="minilm")
    return store.path.read_bytes()


@pytest.fixture
def store(tmp_path) -> VectorStore:
    return VectorStore(tmp_path / "e.sqlite", kind="sqlite")


def find_right(store: VectorStore) -> int:
    """Number of vectors that are found, all of which must be right."""
    rows, vectors = store.get_rows("model-a", TEXTS)
    assert len(rows) == 0 or (vectors == VECTORS[rows]).all()
    return len(rows)


def is_quiet(store: VectorStore) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return find_right(store) > 0 and store.shelf.check().problems == []


def damage_vector_page(content: bytearray) -> None:
    place = content.rindex(VECTORS[3000].tobytes()) // PAGE * PAGE
    content[place : place + PAGE] = b"\xa5" * PAGE


def change_one_bit(content: bytearray) -> None:
    changed = bytearray(VECTORS[10].tobytes())
    changed[7] ^= 1
    put_everywhere(content, VECTORS[10], changed)


def zero_one_vector(content: bytearray) -> None:
    put_everywhere(content, VECTORS[10], bytes(256))


def exchange_two_vectors(content: bytearray) -> None:
    rows = pack_vectors(make_keys(_hash("model-a", [TEXTS[10], TEXTS[2000]])), VECTORS[[10, 2000]])
    put_everywhere(content, rows[0], b"?" * 260)
    put_everywhere(content, rows[1], rows[0].tobytes())
    put_everywhere(content, np.frombuffer(b"?" * 260, dtype=np.uint8), rows[1].tobytes())


def put_everywhere(content: bytearray, old: np.ndarray, new: bytes) -> None:
    """Also in what is left on pages that were split."""
    assert old.tobytes() in content
    content[:] = content.replace(old.tobytes(), new)


@pytest.mark.parametrize(
    ("damage", "n_lost"),
    [
        (damage_vector_page, (1, 40)),
        (change_one_bit, (1, 1)),
        (zero_one_vector, (1, 1)),
        (exchange_two_vectors, (2, 2)),
    ],
)
def test_what_is_damaged_is_set_aside_and_the_rest_kept(store, whole, damage, n_lost):
    content = bytearray(whole)
    damage(content)
    store.path.write_bytes(content)
    assert store.shelf.check().problems
    with pytest.warns(
        CacheWarning, match=r"is damaged: .*set aside as e\.sqlite\.damaged-1; \d+ values of it could be"
    ):
        n_found = find_right(store)
    assert n_lost[0] <= N - n_found <= n_lost[1]
    assert (store.path.parent / "e.sqlite.damaged-1").is_file()
    store.put("model-a", TEXTS, VECTORS)
    assert is_quiet(store)
    assert find_right(store) == len(store) == N
    assert {batch.encoder for batch in store.shelf.list_batches()} == {"minilm"}


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_of_a_file_that_was_cut_what_is_there_is_kept(store, whole, share):
    store.path.write_bytes(whole[: int(len(whole) * share) // PAGE * PAGE])
    with pytest.warns(CacheWarning, match="set aside"):
        n_found = find_right(store)
    assert n_found < N
    assert share < 0.9 or n_found > 0.5 * N
    store.put("model-a", TEXTS, VECTORS)
    assert is_quiet(store)
    assert find_right(store) == N


@pytest.mark.parametrize("place", [0, PAGE, 2 * PAGE, 3 * PAGE, 4 * PAGE, 5 * PAGE])
def test_damage_of_the_first_pages_ends_no_run(store, whole, place):
    """The header, the tables' roots, the models, the batches, the roots of index and vectors."""
    content = bytearray(whole)
    content[place : place + PAGE] = b"\xa5" * PAGE
    store.path.write_bytes(content)
    with pytest.warns(CacheWarning, match="set aside"):
        store.shelf.salvage()
    find_right(store)
    store.put("model-a", TEXTS, VECTORS)
    assert is_quiet(store)
    assert find_right(store) == N


def test_a_file_that_is_none_is_set_aside_by_a_writer_too(store):
    store.path.write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.warns(CacheWarning, match="file is not a database"):
        store.put("model-a", TEXTS[:5], VECTORS[:5])
    assert find_right(store) == 5
    assert (store.path.parent / "e.sqlite.damaged-1").read_bytes().startswith(b"this is not")


def test_a_store_behind_a_link_is_mended_where_it_lies(store, whole, tmp_path):
    content = bytearray(whole)
    change_one_bit(content)
    (tmp_path / "real").mkdir()
    real = tmp_path / "real" / "e.sqlite"
    real.write_bytes(content)
    store.path.symlink_to(real)
    with pytest.warns(CacheWarning, match="set aside"):
        assert find_right(store) == N - 1
    assert store.path.is_symlink()
    assert (tmp_path / "real" / "e.sqlite.damaged-1").is_file()
    assert len(VectorStore(real, kind="sqlite")) == N - 1


def test_reading_notes_the_day_of_use_once_a_day(store, whole, monkeypatch):
    store.path.write_bytes(whole)
    later = today() + 3
    monkeypatch.setattr("framing.encoders.vectors.sqlite_shelf.today", lambda: later)
    assert [batch.used for batch in store.shelf.list_batches()] == [later - 3] * 2
    store.get("model-a", TEXTS[:1])
    assert sorted(batch.used for batch in store.shelf.list_batches()) == [later - 3, later]
    changed = store.path.stat().st_mtime_ns
    store.get("model-a", TEXTS[1:20])
    assert store.path.stat().st_mtime_ns == changed


def test_a_batch_that_was_used_since_it_was_listed_stays(store, whole, monkeypatch):
    store.path.write_bytes(whole)
    batches = store.shelf.list_batches()
    monkeypatch.setattr("framing.encoders.vectors.sqlite_shelf.today", lambda: today() + 1)
    store.get("model-a", TEXTS[:1])
    store.shelf.remove(batches)
    assert find_right(store) == 4096


def make_earlier(path: Path, n: int) -> None:
    """A file as earlier versions wrote it."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE embeddings (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
    keys = [hashlib.sha256(f"model-a\x1f{text}".encode()).digest() for text in TEXTS[:n]]
    rows = zip(keys, (vector.tobytes() for vector in VECTORS), strict=False)
    connection.executemany("INSERT INTO embeddings VALUES (?, ?)", rows)
    connection.commit()
    connection.close()


def test_vectors_of_an_earlier_version_are_found_and_move(store):
    make_earlier(store.path, 1500)
    assert len(store) == 1500
    assert store.get("model-b", TEXTS[:10]) == {}
    rows, vectors = store.get_rows("model-a", TEXTS[:1000])
    assert (vectors == VECTORS[rows]).all()
    assert len(rows) == 1000
    assert len(store) == 1500
    assert sorted((batch.model, batch.n_vectors) for batch in store.shelf.list_batches()) == [
        ("", 500), ("model-a", 1000),
    ]  # fmt: skip
    store.put("model-a", TEXTS[1000:1600], VECTORS[1000:1600])
    assert find_right(store) == 1600
    assert store.shelf.check().problems == []


def test_of_what_an_earlier_version_stored_a_mix_with_new_vectors_is_found(store):
    make_earlier(store.path, 10)
    store.put("model-a", TEXTS[10:20], VECTORS[10:20])
    assert find_right(store) == 20


def test_what_an_earlier_version_stored_is_evicted_first(store, monkeypatch):
    make_earlier(store.path, 3000)
    monkeypatch.setenv("FRAMING_STORE_LIMIT", "700 KB")
    store.put("model-a", TEXTS[3000:3100], VECTORS[3000:3100])
    assert find_right(store) == 100


def test_a_damaged_file_of_an_earlier_version_is_salvaged(store):
    make_earlier(store.path, 3000)
    content = bytearray(store.path.read_bytes())
    middle = len(content) // 4096 // 2 * 4096
    content[middle : middle + 4096] = b"\xa5" * 4096
    store.path.write_bytes(content)
    with pytest.warns(CacheWarning, match="set aside"):
        n_found = find_right(store)
    assert 2900 < n_found < 3000
